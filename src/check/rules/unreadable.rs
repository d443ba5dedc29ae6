//! Files that cannot be read.

use super::{Found, Rule};
use crate::{
    check::{Subject, subject::Json},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "unreadable",
    severity: Severity::Error,
    finds: "a file that cannot be read as what it claims to be",
    why: "a file whose structure is broken is refused by whatever reads it",
    remedy: "take it again from where it came; certkit inspect FILE may say more",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    // Where a rule knows the reason, its words are better.
    let explained = matches!(subject.json, Some(Json::Unreadable(_)))
        || subject.placeholders().next().is_some()
        || subject.repeated().next().is_some();
    match &subject.store {
        Err(error) if !explained => vec![Found::new(error.to_string())],
        _ => Vec::new(),
    }
}
