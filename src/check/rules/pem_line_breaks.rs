//! Line breaks that were lost.

use super::{Found, Rule};
use crate::{
    check::{Subject, shape::Shape},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "pem-line-breaks",
    severity: Severity::Error,
    finds: "PEM whose line breaks were lost or turned into blanks",
    why: "OpenSSL and most libraries want BEGIN and END on lines of their own",
    remedy: "paste the PEM with its line breaks",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    Found::shapes(subject, Shape::Joined, Severity::Error, "the PEM has lost its line breaks")
}
