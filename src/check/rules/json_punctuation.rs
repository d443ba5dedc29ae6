//! Commas, colons and braces.

use super::{Found, Rule};
use crate::{
    check::{Subject, document::Departure},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "json-punctuation",
    severity: Severity::Error,
    finds: "commas, colons and braces that are missing, too many, or of full width",
    why: "a comma before the closing brace, or none between two members, is no JSON",
    remedy: "put one comma between two members, none behind the last, and a brace at the end",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    Found::departures(subject, |departure| match departure {
        Departure::ExtraComma => Some("a comma that nothing follows or goes before".into()),
        Departure::MissingComma => Some("there is no comma before this member".into()),
        Departure::MissingEnd => Some("the closing brace } is missing".into()),
        Departure::FullWidth(mark) => Some(format!("{mark} is the full-width form of a mark of JSON")),
        Departure::Unquoted => Some("the member's name stands without quotation marks".into()),
        _ => None,
    })
}
