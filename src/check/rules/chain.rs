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
    id: "chain",
    severity: Severity::Error,
    finds: "a chain where the certificate alone is wanted",
    why: "public_cert is the certificate that signs; what else stands there may be taken for it",
    remedy: "write it anew: certkit export-json FILE leaves the chain out",
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
