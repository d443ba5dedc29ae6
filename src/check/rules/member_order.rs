//! The order of the connector JSON's members.

use super::{Found, Rule};
use crate::{
    check::{Subject, subject::MEMBERS},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "member-order",
    severity: Severity::Error,
    finds: "members in another order, or twice",
    why: "which of two members of one name counts differs from program to program; the vendor's own template has private_key first",
    remedy: "put private_key first and each member once",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let Some(document) = subject.document() else { return Vec::new() };
    let mut seen: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for member in document.members.iter().filter(|member| MEMBERS.contains(&member.name.as_str())) {
        let name = member.name.as_str();
        let before = seen.first().is_some_and(|first| *first == MEMBERS[1]) && name == MEMBERS[0];
        if seen.contains(&name) {
            found.push(Found::at(subject.place(member.at), format!("the member {name} stands there twice")));
        } else if before {
            found.push(Found::at(subject.place(member.at), format!("{name} stands behind {}", MEMBERS[1])));
        }
        seen.push(name);
    }
    found
}
