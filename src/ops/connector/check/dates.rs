//! What ends, and what the record does not know the end of.

use super::{Kit, Options};
use crate::{
    cert::Certificate,
    connector::{kit::Moment, profile::Credential},
    report::{Finding, Severity},
    time::Instant,
};

pub(super) fn check(kit: &Kit<'_>, read: Option<&Certificate>, options: &Options) -> Vec<Finding> {
    let mut findings = Vec::new();
    // The certificate itself knows best; the record speaks for one that cannot be read.
    let recorded = kit.record.certificate.as_ref();
    let not_after = read.map(Certificate::not_after).or(recorded.map(|recorded| recorded.not_after.end()));
    if let Some(not_after) = not_after {
        let renewal = "make a new kit, upload its .cer beside the old one, give the vendor the new JSON, then remove the old certificate";
        let found = end(kit, options, ("certificate-ends", "certificate"), not_after);
        findings.extend(found.map(|found| found.hint(renewal)));
    }
    if let Some(read) = read.filter(|read| read.not_before() > options.now) {
        let text = format!("the certificate is valid only from {} on", read.not_before());
        findings.push(kit.of_record(Severity::Error, "certificate-not-yet-valid", text));
    }
    if recorded.is_some_and(|recorded| recorded.uploaded_on.is_none()) && kit.profile.needs_certificate() {
        findings.push(
            kit.of_record(
                Severity::Info,
                "upload-unrecorded",
                "it does not say that the certificate was uploaded",
            )
            .hint("upload the .cer, compare the thumbprint, then write the day into uploaded_on"),
        );
    }
    if kit.profile.takes(Credential::Secret) {
        match kit.record.secret.as_ref().and_then(|secret| secret.expires_on.map(Moment::end)) {
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
fn end(kit: &Kit<'_>, options: &Options, (id, what): (&'static str, &str), end: Instant) -> Option<Finding> {
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
