//! Members that the connector JSON lacks.

use super::{Found, Rule};
use crate::{
    check::{
        Subject,
        document::{Member, Value},
        subject::MEMBERS,
    },
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "member-missing",
    severity: Severity::Error,
    finds: "a connector JSON without private_key or public_cert, or where one of them is no text",
    why: "the vendor's template has these two members, spelt so; the vendor documents one form only, and what its portal does with others is not known",
    remedy: "write it anew from the store: certkit export-json STORE",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let Some(document) = subject.document().filter(|_| subject.is_connector()) else { return Vec::new() };
    let member = |name: &str| document.members.iter().find(|member| member.name.as_str() == name);
    let found = MEMBERS.iter().filter_map(|name| match member(name) {
        None => Some(Found::new(format!("there is no member {name}"))),
        Some(Member { value: Value::Text { .. }, .. }) => None,
        Some(other) => Some(Found::at(subject.place(other.at), format!("the member {name} is no text"))),
    });
    found.collect()
}
