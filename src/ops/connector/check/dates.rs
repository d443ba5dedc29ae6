//! What ends, and what the record does not know the end of.

use super::{Kit, Options};
use crate::{
    cert::Certificate,
    connector::{kit::Moment, profile::Credential},
    report::{Finding, Severity},
};

pub(super) fn check(kit: &Kit<'_>, read: Option<&Certificate>, options: &Options) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(certificate) = &kit.record.certificate {
        // The certificate itself knows best; the record speaks for one that cannot be read.
        let not_after = read.map_or(certificate.not_after, |read| Moment(read.not_after()));
        let renewal = "make a new kit, upload its .cer beside the old one, give the vendor the new JSON, then remove the old certificate";
        findings.extend(
            end(kit, options, ("certificate-ends", "certificate"), not_after)
                .map(|found| found.hint(renewal)),
        );
        if certificate.uploaded_on.is_none() && kit.profile.needs_certificate() {
            findings.push(
                kit.of_record(
                    Severity::Note,
                    "upload-unrecorded",
                    "it does not say that the certificate was uploaded",
                )
                .hint("upload the .cer, compare the thumbprint, then write the day into uploaded_on"),
            );
        }
    }
    if kit.profile.takes(Credential::Secret) {
        match kit.record.secret.as_ref().and_then(|secret| secret.expires_on) {
            Some(expires) => {
                let renewal = "make a new client secret, give it to the vendor, then remove the old one";
                findings.extend(
                    end(kit, options, ("secret-ends", "client secret"), expires)
                        .map(|found| found.hint(renewal)),
                );
            }
            None => findings.push(
                kit.of_record(
                    Severity::Warning,
                    "secret-end-unknown",
                    "it does not say when the client secret expires",
                )
                .hint("write the day that the portal shows into expires_on"),
            ),
        }
    }
    findings
}

/// Whether something has ended or will soon.
fn end(
    kit: &Kit<'_>,
    options: &Options,
    (id, what): (&'static str, &str),
    Moment(end): Moment,
) -> Option<Finding> {
    let (severity, text) = match end.days_since(options.now) {
        _ if end < options.now => (Severity::Error, format!("the {what} expired on {end}")),
        0 => (Severity::Warning, format!("the {what} expires on {end}, within a day")),
        1 => (Severity::Warning, format!("the {what} expires on {end}, in one day")),
        days if days < options.warn_days => {
            (Severity::Warning, format!("the {what} expires on {end}, in {days} days"))
        }
        _ => return None,
    };
    Some(kit.of_record(severity, id, text))
}
