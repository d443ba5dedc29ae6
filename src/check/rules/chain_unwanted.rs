//! Chains where a leaf is wanted.

use super::{Found, Rule};
use crate::{
    check::{
        Subject,
        subject::{MEMBERS, Pem},
    },
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "chain-unwanted",
    severity: Severity::Error,
    finds: "a chain where the certificate alone is wanted",
    why: "the vendor's template has one certificate there; of several, which one is taken is not known",
    remedy: "leave the chain out: certkit export-json FILE",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let chain = |pem: &Pem| {
        let member = pem.member.as_deref().filter(|member| *member == MEMBERS[1])?;
        let count = pem.labels.iter().filter(|label| label.ends_with("CERTIFICATE")).count();
        (count > 1).then(|| Found::at(subject.place(pem.at), format!("{member} holds {count} certificates")))
    };
    subject.pem.iter().filter_map(chain).collect()
}
