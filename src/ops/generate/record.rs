//! The record of a credential that is made for a connector, beside its files: what has to be watched.

use super::{Emit, Options};
use crate::{
    connector::{
        Answers, Profile,
        kit::{CertificateRecord, FileName, FileRecord, Moment, RECORD, Record, SecretRecord},
        line::Line,
        profile::Credential,
    },
    error::{Error, Result},
    output::plan::{PlannedFile, Purpose},
    report::CertificateSummary,
    secret::SecretBytes,
    time::Instant,
};

/// What a record says besides the files.
pub struct Recorded<'a> {
    /// The connector.
    pub profile: &'a Profile,
    /// What is known of its installation.
    pub answers: Answers,
    /// When the client secret expires.
    pub secret_expires: Option<Instant>,
}

/// The record of what `options` make.
///
/// # Errors
/// [`Error::BadArgument`] for a base of file names that no record can hold.
pub fn record(
    options: &Options,
    recorded: &Recorded<'_>,
    certificate: &CertificateSummary,
    now: Instant,
) -> Result<PlannedFile> {
    let profile = recorded.profile;
    let secret = SecretRecord { expires_on: recorded.secret_expires.map(Moment::second), path: None };
    let record = Record {
        certificate: Some(CertificateRecord::of(&certificate.fingerprints, certificate.not_after)),
        secret: profile.takes(Credential::Secret).then_some(secret),
        files: files(options)?,
        ..Record::of(profile, &recorded.answers, Moment::second(now))
    };
    Ok(PlannedFile {
        path: options.place(RECORD),
        contents: SecretBytes::new(record.write().into_bytes()),
        purpose: Purpose::Record,
        proof: Box::new(|octets| Record::read(octets).map(drop)),
    })
}

/// Where the record goes.
#[must_use]
pub fn record_target(options: &Options) -> std::path::PathBuf {
    options.place(RECORD)
}

/// The files that a record knows; a JKS is none of them.
fn files(options: &Options) -> Result<FileRecord> {
    let named = |emit: Emit| -> Result<Option<FileName>> {
        if !options.emit.contains(&emit) {
            return Ok(None);
        }
        let refuse = |reason: String| Error::argument("--name", options.name.as_str(), reason);
        let line = Line::parse(&options.file_name(emit)).map_err(refuse)?;
        FileName::try_from(line).map(Some).map_err(|reason| refuse(format!("for a record: {reason}")))
    };
    Ok(FileRecord {
        certificate: named(Emit::Cer)?.or(named(Emit::Cert)?),
        key: named(Emit::Key)?,
        connector_json: named(Emit::Json)?,
        pfx: named(Emit::Pfx)?,
        ..FileRecord::default()
    })
}
