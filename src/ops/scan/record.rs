//! Records of kits (`certkit.toml`): client secrets end too, and nothing else knows when.

use std::path::Path;

use super::{File, Looked, Options};
use crate::{
    connector::kit::{Moment, RECORD, Record},
    finding::{Finding, Severity},
    ops::connector::check::dates::{self, SECRET, SECRET_RENEWAL},
    report::scan::{ClientSecret, Sighting, Thing},
    time::Instant,
};

/// What a scan calls a record.
const FORMAT: &str = "record of a kit";

/// A certificate that a record tells the end of.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The record.
    pub file: String,
    /// SHA-1 of the certificate, 40 upper-case hexadecimal digits.
    pub thumbprint: String,
    /// Its last second.
    pub not_after: Instant,
}

/// Whether a file is called as a record is.
pub(super) fn is_record(name: &str) -> bool {
    Path::new(name).file_name().is_some_and(|name| name == RECORD)
}

/// What a record says of a client secret and of a certificate.
pub(super) fn look(file: &File<'_>, options: &Options) -> Looked {
    let record = match Record::read(file.octets) {
        Ok(record) => record,
        Err(error) => {
            let finding = Finding::new(Severity::Error, error.kind(), error.to_string()).in_file(file.name);
            let finding = Finding { hint: error.hint(), ..finding };
            return Looked { findings: vec![finding], ..Looked::default() };
        }
    };
    let recorded = record.certificate.as_ref().map(|certificate| Recorded {
        file: file.name.to_owned(),
        thumbprint: certificate.thumbprint.as_str().to_owned(),
        not_after: certificate.not_after.end(),
    });
    let Some(secret) = &record.secret else { return Looked { recorded, ..Looked::default() } };
    let expires_on = secret.expires_on.map(Moment::end);
    let thing = Thing::ClientSecret(Box::new(ClientSecret {
        profile: record.profile.as_str().into(),
        app: (*record.app).into(),
        tenant_id: record.tenant_id.map(|id| id.to_string().into()),
        client_id: record.client_id.map(|id| id.to_string().into()),
        expires_on,
    }));
    let sighting = Sighting { file: file.name.into(), format: FORMAT, alias: None, thing };
    let findings = secret_finding(expires_on, options).map(|finding| finding.in_file(file.name));
    Looked {
        sightings: vec![sighting],
        findings: findings.into_iter().collect(),
        recorded,
        ..Looked::default()
    }
}

/// What is to be said of a client secret.
fn secret_finding(expires_on: Option<Instant>, options: &Options) -> Option<Finding> {
    let Some(end) = expires_on else { return Some(dates::secret_end_unknown()) };
    let (severity, text) = dates::ending(SECRET, end, options.now, |_| end < options.soon)?;
    let id = if severity == Severity::Error { "secret-expired" } else { "secret-expires-soon" };
    Some(Finding::new(severity, id, text).hint(SECRET_RENEWAL))
}

/// What is to be said of a certificate that only its record tells of.
pub(super) fn certificate_finding(recorded: &Recorded, options: &Options) -> Option<Finding> {
    let end = recorded.not_after;
    let (severity, text) = dates::ending("recorded certificate", end, options.now, |_| end < options.soon)?;
    let id = if severity == Severity::Error { "certificate-expired" } else { "certificate-expires-soon" };
    let text = format!("{text}, and no file beside the record holds it");
    let hint = "make a new kit, or a successor of the certificate: certkit rotate STORE";
    Some(Finding::new(severity, id, text).in_file(&*recorded.file).hint(hint))
}
