//! What ends, and what the record does not know the end of; the words for both, which `scan` has too.

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
                findings.extend(
                    end(kit, options, ("secret-ends", SECRET), expires)
                        .map(|found| found.hint(SECRET_RENEWAL)),
                );
            }
            None => findings.push(secret_end_unknown().in_file(kit.record_path)),
        }
    }
    findings
}

/// What a client secret is called.
pub(in crate::ops) const SECRET: &str = "client secret";

/// How a client secret is renewed.
pub(in crate::ops) const SECRET_RENEWAL: &str =
    "make a new client secret, give it to the vendor, then remove the old one";

/// A client secret of which nobody knows when to renew it.
pub(in crate::ops) fn secret_end_unknown() -> Finding {
    let text = "it does not say when the client secret expires";
    Finding::new(Severity::Warning, "secret-end-unknown", text)
        .hint("write the day that the portal shows into expires_on")
}

/// Whether something has ended or will soon.
fn end(kit: &Kit<'_>, options: &Options, (id, what): (&'static str, &str), end: Instant) -> Option<Finding> {
    let soon = |days| days < options.warn_days;
    ending(what, end, options.now, soon).map(|(severity, text)| kit.of_record(severity, id, text))
}

/// How bad it is that something ends then, and that in words. `soon` tells of how many whole days to its
/// end are too few; less than two always are.
pub(in crate::ops) fn ending(
    what: &str,
    end: Instant,
    now: Instant,
    soon: impl FnOnce(i64) -> bool,
) -> Option<(Severity, String)> {
    Some(match end.days_since(now) {
        _ if end < now => (Severity::Error, format!("the {what} expired on {end}")),
        0 => (Severity::Warning, format!("the {what} expires on {end}, within a day")),
        1 => (Severity::Warning, format!("the {what} expires on {end}, in one day")),
        days if soon(days) => (Severity::Warning, format!("the {what} expires on {end}, in {days} days")),
        _ => return None,
    })
}
