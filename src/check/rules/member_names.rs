//! The names of the connector JSON's members.

use super::{Found, Rule};
use crate::{
    check::{Subject, subject::MEMBERS},
    error::shortened,
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "member-names",
    severity: Severity::Error,
    finds: "members that are missing, renamed or too many",
    why: "the portal looks for private_key and public_cert, spelt so, and for nothing else",
    remedy: "name the members private_key and public_cert",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let Some(document) = subject.document().filter(|_| subject.is_connector()) else { return Vec::new() };
    let there = |name: &str| document.members.iter().any(|member| member.name.as_str() == name);
    let missing = MEMBERS.iter().filter(|name| !there(name));
    let missing = missing.map(|name| Found::new(format!("there is no member {name}")));
    let other = document.members.iter().filter(|member| !MEMBERS.contains(&member.name.as_str()));
    let other = other.map(|member| {
        Found::at(
            subject.place(member.at),
            format!(
                "there is a member \"{}\", which the connector does not know",
                shortened((*member.name).clone())
            ),
        )
    });
    missing.chain(other).collect()
}
