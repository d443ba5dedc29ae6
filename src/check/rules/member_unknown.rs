//! Members that the connector JSON does not have.

use super::{Found, Rule};
use crate::{
    check::{Subject, document::MOST, subject::MEMBERS},
    finding::Severity,
    json,
};

pub(super) const RULE: Rule = Rule {
    id: "member-unknown",
    severity: Severity::Error,
    finds: "a connector JSON with a renamed or a further member",
    why: "the vendor documents one form only, and what its portal does with others is not known",
    remedy: "name the members private_key and public_cert, and take all others out",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let Some(document) = subject.document().filter(|_| subject.is_connector()) else { return Vec::new() };
    let unknown = document.members.iter().filter(|member| !MEMBERS.contains(&member.name.as_str()));
    let found = unknown.map(|member| {
        let name = json::shown(&member.name);
        Found::at(subject.place(member.at), format!("the connector knows no member {name}"))
    });
    found.take(MOST).collect()
}
