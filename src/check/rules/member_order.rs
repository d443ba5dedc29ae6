//! The order of the connector JSON's members.

use super::{Found, Rule};
use crate::{
    check::{Subject, subject::MEMBERS},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "member-order",
    severity: Severity::Error,
    finds: "public_cert before private_key",
    why: "the vendor's template has private_key first; the vendor documents one form only, and what its portal does with others is not known",
    remedy: "put private_key first",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let members = subject.document().map(|document| &document.members[..]).unwrap_or_default();
    let first = |name: &str| members.iter().position(|member| member.name.as_str() == name);
    match MEMBERS.map(first) {
        [Some(key), Some(certificate)] if certificate < key => {
            let text = format!("{} stands behind {}", MEMBERS[0], MEMBERS[1]);
            vec![Found::at(subject.place(members[key].at), text)]
        }
        _ => Vec::new(),
    }
}
