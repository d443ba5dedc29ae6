//! Forms of a private key.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "key-form",
    severity: Severity::Error,
    finds: "a key in PKCS#1 or SEC1; outside a connector JSON that is worth knowing only",
    why: "the vendor's portal asks for PKCS#8, BEGIN PRIVATE KEY",
    remedy: "write it anew: certkit export-json FILE",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let old = |label: &&String| matches!(label.as_str(), "RSA PRIVATE KEY" | "EC PRIVATE KEY");
    let found = subject.pem.iter().flat_map(|pem| {
        pem.labels.iter().filter(old).map(|label| match &pem.member {
            Some(_) => {
                Found::at(subject.place(pem.at), format!("the key stands as \"{label}\", not as PKCS#8"))
            }
            None => Found::new(format!("the key stands as \"{label}\", not as PKCS#8"))
                .no_worse_than(Severity::Info),
        })
    });
    found.collect()
}
