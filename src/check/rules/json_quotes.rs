//! Quotation marks of word processors.

use super::{Found, Rule};
use crate::{
    check::{Subject, document::Departure},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "json-quotes",
    severity: Severity::Error,
    finds: "quotation marks other than \" around names or values",
    why: "JSON knows no other quotation mark; word processors, mail and chats turn the straight one into others",
    remedy: "type straight ones",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    Found::departures(subject, |departure| match departure {
        Departure::Quote(mark) => {
            Some(format!("{mark} (U+{:04X}) stands where JSON needs \"", u32::from(mark)))
        }
        _ => None,
    })
}
