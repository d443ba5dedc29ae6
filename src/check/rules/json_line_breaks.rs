//! Line breaks inside strings.

use super::{Found, Rule};
use crate::{
    check::{Subject, document::Departure},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "json-line-breaks",
    severity: Severity::Error,
    finds: "line breaks or control characters inside a string",
    why: "in JSON a line break inside a string is \\n, two characters; the PEM was pasted as it stands in its file",
    remedy: "replace each line break inside the quotation marks by \\n",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    Found::departures(subject, |departure| match departure {
        Departure::RawLineBreak => Some("a line break inside a string; JSON has \\n there".into()),
        Departure::Control(c) => {
            Some(format!("the control character U+{:04X} inside a string", u32::from(c)))
        }
        _ => None,
    })
}
