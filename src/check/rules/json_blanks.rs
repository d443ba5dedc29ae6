//! Blanks that are none in JSON.

use super::{Found, Rule};
use crate::{
    check::{Subject, document::Departure},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "json-blanks",
    severity: Severity::Error,
    finds: "blanks that JSON does not know, such as non-breaking spaces",
    why: "a parser takes a blank that is none for a stray character",
    remedy: "replace them by plain blanks",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    Found::departures(subject, |departure| match departure {
        Departure::OddBlank(blank) => {
            Some(format!("a blank that JSON does not know: U+{:04X}", u32::from(blank)))
        }
        _ => None,
    })
}
