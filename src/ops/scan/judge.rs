//! Which of the rules' findings count in a scan.
//!
//! `check` judges a file that somebody means to give to a connector. A scan meets files of all sorts,
//! so what only a connector would refuse is said of the connector JSON alone, and a trust store is not
//! held to what a client's certificate is.

use std::collections::HashSet;

use super::Options;
use crate::{
    check::Subject,
    finding::{Finding, Severity},
    store::{Content, Format},
};

/// The rules that hold for every credential.
const OF_ALL: [&str; 8] = [
    "unreadable",
    "certificate-expired",
    "certificate-not-yet-valid",
    "certificate-expires-soon",
    "key-mismatch",
    "key-strength",
    "file-permissions",
    "store-encryption",
];

/// Those that hold for every key and for certificates with their key: a root's own signature is nobody's
/// concern.
const WITH_KEY: [&str; 3] = ["certificate-damaged", "certificate-signature", "key-damaged"];

/// What the rules say of a file, warnings and errors.
pub(super) fn findings(subject: &Subject<'_>, file: &str, options: &Options) -> Vec<Finding> {
    let store = subject.store();
    // What could not be read is here because it surely was a credential, whatever is wrong with it.
    let for_connector =
        store.map_or(true, |store| store.format == Format::ConnectorJson) || subject.has_both_members();
    let has_key = store.is_ok_and(|store| store.key_count() > 0);
    let mut placed = HashSet::new();
    let counts = |finding: &Finding| {
        let counts =
            for_connector || OF_ALL.contains(&finding.id) || has_key && WITH_KEY.contains(&finding.id);
        // Where one thing is wrong in many places of a text, the first is enough to find the others.
        let is_first = finding.place.is_none() || placed.insert(finding.id);
        finding.severity > Severity::Info && counts && is_first
    };
    let mut findings: Vec<Finding> = subject.findings().into_iter().filter(counts).collect();
    findings.extend(authorities(subject, file, options));
    findings
}

/// Trusted certificates that have expired: whoever put them there removes them with the next update,
/// and nobody's sign-in fails meanwhile.
fn authorities(subject: &Subject<'_>, file: &str, options: &Options) -> Vec<Finding> {
    let Ok(store) = subject.store() else { return Vec::new() };
    let expired = store.entries.iter().filter_map(|entry| match &entry.content {
        Content::Certificate { certificate, trusted: true } if certificate.not_after() < options.now => {
            let text = format!(
                "the trusted certificate {} expired on {}",
                certificate.subject(),
                certificate.not_after()
            );
            Some(
                Finding::new(Severity::Warning, "trusted-expired", text)
                    .in_file(file)
                    .hint("remove it, or update the trust store that it belongs to"),
            )
        }
        _ => None,
    });
    expired.collect()
}
