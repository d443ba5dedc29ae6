//! Keys that are too short.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity, key::Algorithm};

pub(super) const RULE: Rule = Rule {
    id: "key-strength",
    severity: Severity::Error,
    finds: "an RSA key of fewer than 2048 bits",
    why: "NIST SP 800-131A disallows fewer, and Microsoft recommends 2048 or more for app certificates",
    remedy: "make a new one: certkit gen",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    subject
        .algorithms()
        .filter_map(|algorithm| match algorithm {
            Algorithm::Rsa(bits) if *bits < 2048 => Some(Found::new(format!("the RSA key has {bits} bits"))),
            _ => None,
        })
        .collect()
}
