//! Forms of a private key.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "key-form",
    severity: Severity::Error,
    finds: "a connector JSON with a key in PKCS#1 or SEC1",
    why: "the vendor's portal asks for PKCS#8, BEGIN PRIVATE KEY",
    remedy: "write it anew: certkit export-json FILE",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let old = |(_, text, at): (&str, &str, usize)| {
        let label = ["RSA PRIVATE KEY", "EC PRIVATE KEY"].into_iter().find(|label| text.contains(label))?;
        Some(Found::at(subject.place(at), format!("the key stands as \"{label}\", not as PKCS#8")))
    };
    subject.texts().filter_map(old).collect()
}
