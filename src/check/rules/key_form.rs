//! Forms of a private key.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "key-form",
    severity: Severity::Error,
    finds: "a key in PKCS#1, SEC1 or OpenSSL's own form; outside a connector JSON that is worth knowing only",
    why: "the vendor's template has PKCS#8, BEGIN PRIVATE KEY; the vendor documents one form only, and what its portal does with others is not known",
    remedy: "write it anew: certkit export-json FILE",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let is_old = |label: &&String| {
        label.ends_with("PRIVATE KEY")
            && !matches!(label.as_str(), "PRIVATE KEY" | "ENCRYPTED PRIVATE KEY" | "OPENSSH PRIVATE KEY")
    };
    let found = subject.pem.iter().flat_map(|pem| {
        pem.labels.iter().filter(is_old).map(|label| {
            let words = format!("the key stands as \"{label}\", not as PKCS#8");
            match &pem.member {
                Some(_) => Found::at(subject.place(pem.at), words),
                None => Found::new(words).no_worse_than(Severity::Info),
            }
        })
    });
    found.collect()
}
