//! Encryption that protects nothing.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity, store::Protected};

pub(super) const RULE: Rule = Rule {
    id: "store-encryption",
    severity: Severity::Warning,
    finds: "a store whose encryption anyone can break",
    why: "RC2 and RC4 with 40 bits, and single DES, are searched through in hours",
    remedy: "encrypt it anew: certkit passwd FILE",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let weak = |protected: &Protected| {
        let name = &protected.by.algorithm;
        let weak = ["RC2-40", "40-bit RC2", "RC2 40", "RC4-40", "40-bit RC4", "DES-CBC"]
            .iter()
            .any(|cipher| name.contains(cipher));
        (weak && !name.contains("3DES") && !name.contains("EDE"))
            .then(|| Found::new(format!("{}: encrypted with {name}", protected.part)))
    };
    subject.store.iter().flat_map(|store| &store.protections).filter_map(weak).collect()
}
