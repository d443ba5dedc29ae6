//! The lines of the PEM.

use super::{Found, Rule};
use crate::{
    check::{Subject, shape::Shape},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "pem-lines",
    severity: Severity::Error,
    finds: "PEM lines of another width, blank or indented",
    why: "RFC 7468 asks for lines of 64 characters, and strict parsers for nothing else",
    remedy: "write the PEM anew",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    Found::shapes(subject, Shape::Lines, Severity::Info, "the PEM's lines are not 64 characters wide")
}
