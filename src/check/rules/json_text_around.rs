//! Text around the object.

use super::{Found, Rule};
use crate::{
    check::{Subject, document::Departure},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "json-text-around",
    severity: Severity::Error,
    finds: "text before or behind the object",
    why: "a parser expects the object and nothing else",
    remedy: "delete what is not between the braces",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    Found::departures(subject, |departure| match departure {
        Departure::TextAround => Some("text stands before or behind the object".into()),
        _ => None,
    })
}
