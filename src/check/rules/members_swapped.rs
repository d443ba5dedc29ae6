//! A key where the certificate belongs, and the other way round.

use super::{Found, Rule};
use crate::{
    check::{Subject, subject::Pem},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "members-swapped",
    severity: Severity::Error,
    finds: "the key in public_cert or the certificate in private_key",
    why: "a portal that shows public_cert would show the private key",
    remedy: "exchange the two values",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let wrong = |pem: &Pem| {
        let is_key = |label: &String| label.ends_with("PRIVATE KEY");
        let what = match pem.member.as_deref()? {
            "public_cert" if pem.labels.iter().any(is_key) => "a private key stands in public_cert",
            "private_key" if !pem.labels.iter().any(is_key) => "a certificate stands in private_key",
            "private_key" if !pem.labels.iter().all(is_key) => {
                "a certificate stands in private_key, beside the key"
            }
            _ => return None,
        };
        Some(Found::at(subject.place(pem.at), what))
    };
    subject.pem.iter().filter_map(wrong).collect()
}
