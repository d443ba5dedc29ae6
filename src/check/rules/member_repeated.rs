//! Members that stand there twice.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "member-repeated",
    severity: Severity::Error,
    finds: "a member that stands there twice",
    why: "which of two members of one name counts differs from program to program",
    remedy: "take one of them out, if you know which is right; else write the file anew: certkit export-json STORE",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let found = |member: &crate::check::document::Member| {
        Found::at(subject.place(member.at), format!("the member {} stands there twice", *member.name))
    };
    subject.repeated().map(found).collect()
}
