//! Line breaks that were escaped twice.

use super::{Found, Rule};
use crate::{
    check::{Subject, shape::Shape},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "pem-escaped",
    severity: Severity::Error,
    finds: "\\n typed as two characters where a line break is meant",
    why: "the value was escaped twice: what arrives is one long line with backslashes in it",
    remedy: "escape line breaks once",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    Found::shapes(subject, Shape::Escaped, Severity::Error, "the line breaks of the PEM are escaped twice")
}
