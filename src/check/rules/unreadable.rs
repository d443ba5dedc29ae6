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
    why: "what certkit cannot read, others cannot either",
    remedy: "take it again from where it came",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    match &subject.store {
        Err(error) if !matches!(subject.json, Some(Json::Unreadable(_))) => {
            vec![Found::new(error.to_string())]
        }
        _ => Vec::new(),
    }
}
