//! The last line's end.

use super::{Found, Rule};
use crate::{
    check::{Subject, shape::Shape},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "pem-final-newline",
    severity: Severity::Error,
    finds: "PEM without its final newline",
    why: "where another PEM is put behind it, the two run together",
    remedy: "end the value with \\n",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    Found::shapes(subject, Shape::Unfinished, Severity::Info, "the PEM has no final newline")
}
