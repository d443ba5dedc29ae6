//! The uploaded certificate, with --against or --thumbprint.

use super::{Found, Rule};
use crate::{
    cert::Certificate,
    check::{Subject, Wanted},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "uploaded",
    severity: Severity::Error,
    finds: "a certificate that is not the one that was uploaded",
    why: "Entra knows the uploaded certificate only",
    remedy: "upload this one (certkit export-cer FILE), or take the key of the other",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let Some(wanted) = &subject.options.wanted else { return Vec::new() };
    let is_wanted = |leaf: &Certificate| match wanted {
        Wanted::Certificate(certificate) => leaf == certificate,
        Wanted::Thumbprint(thumbprint) => {
            let found = leaf.fingerprints();
            [found.sha1, found.sha256].contains(thumbprint)
        }
    };
    if subject.leaves().any(is_wanted) {
        return Vec::new();
    }
    let found: Vec<String> = subject.leaves().map(|leaf| leaf.fingerprints().sha1).collect();
    match found.is_empty() {
        true => vec![Found::new("there is no certificate to compare with the uploaded one")],
        false => vec![Found::new(format!("its certificate is another one, SHA-1 {}", found.join(", ")))],
    }
}
