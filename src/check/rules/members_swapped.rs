//! A key where the certificate belongs, and the other way round.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "members-swapped",
    severity: Severity::Error,
    finds: "the key in public_cert or the certificate in private_key",
    why: "the portal would show the private key as if it were public, or refuse both",
    remedy: "exchange the two values",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let wrong = |(name, text, at): (&str, &str, usize)| {
        let what = match name {
            "public_cert" if text.contains("PRIVATE KEY") => "a private key stands in public_cert",
            "private_key" if text.contains("BEGIN CERTIFICATE") && !text.contains("PRIVATE KEY") => {
                "a certificate stands in private_key"
            }
            _ => return None,
        };
        Some(Found::at(subject.place(at), what))
    };
    subject.texts().filter_map(wrong).collect()
}
