//! Escapes that JSON does not know.

use super::{Found, Rule};
use crate::{
    check::{Subject, document::Departure},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "json-escapes",
    severity: Severity::Error,
    finds: "a backslash before a character that has no escape",
    why: "parsers refuse the whole file",
    remedy: "take the backslash away",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    Found::departures(subject, |departure| match departure {
        Departure::BadEscape(c) => Some(format!("\\{} is no escape of JSON", c.escape_default())),
        _ => None,
    })
}
