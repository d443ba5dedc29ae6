//! Text that looks like JSON and cannot be read even leniently.

use super::{Found, Rule};
use crate::{
    check::{Subject, subject::Json},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "json-syntax",
    severity: Severity::Error,
    finds: "JSON whose syntax is broken beyond repair",
    why: "whatever reads JSON refuses the file",
    remedy: "make the file anew from the store: certkit export-json STORE",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    match &subject.json {
        Some(Json::Unreadable(unreadable)) => {
            vec![Found::at(subject.place(unreadable.at), format!("expected {}", unreadable.expected))]
        }
        _ => Vec::new(),
    }
}
