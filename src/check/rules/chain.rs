//! Chains where a leaf is wanted.

use super::{Found, Rule};
use crate::{
    check::{Subject, subject::MEMBERS},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "chain",
    severity: Severity::Error,
    finds: "a chain where the certificate alone is wanted",
    why: "public_cert is the certificate that signs; what else stands there may be taken for it",
    remedy: "write it anew: certkit export-json FILE leaves the chain out",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let chain = |(name, text, at): (&str, &str, usize)| {
        let count = text.matches("BEGIN CERTIFICATE").count();
        (name == MEMBERS[1] && count > 1)
            .then(|| Found::at(subject.place(at), format!("{name} holds {count} certificates")))
    };
    subject.texts().filter_map(chain).collect()
}
