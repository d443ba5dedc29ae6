//! Members that the connector JSON does not have.

use super::{Found, Rule};
use crate::{
    check::{Subject, subject::MEMBERS},
    error::shortened,
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "member-unknown",
    severity: Severity::Error,
    finds: "a connector JSON with a renamed or a further member",
    why: "the portal knows private_key and public_cert, in lower case and with an underscore, and nothing else",
    remedy: "name the members private_key and public_cert, and take all others out",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let Some(document) = subject.document().filter(|_| subject.is_connector()) else { return Vec::new() };
    let unknown = document.members.iter().filter(|member| !MEMBERS.contains(&member.name.as_str()));
    let found = unknown.map(|member| {
        let name = shortened((*member.name).clone());
        Found::at(subject.place(member.at), format!("the connector knows no member \"{name}\""))
    });
    found.collect()
}
