//! Members that the connector JSON lacks.

use super::{Found, Rule};
use crate::{
    check::{Subject, subject::MEMBERS},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "member-missing",
    severity: Severity::Error,
    finds: "a connector JSON without private_key or without public_cert",
    why: "the portal looks for these two members, spelt so",
    remedy: "write it anew from the store: certkit export-json STORE",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let Some(document) = subject.document().filter(|_| subject.is_connector()) else { return Vec::new() };
    let there = |name: &str| document.members.iter().any(|member| member.name.as_str() == name);
    let missing = MEMBERS.iter().filter(|name| !there(name));
    missing.map(|name| Found::new(format!("there is no member {name}"))).collect()
}
