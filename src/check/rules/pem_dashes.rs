//! Dashes of word processors.

use super::{Found, Rule};
use crate::{
    check::{Subject, shape::Shape},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "pem-dashes",
    severity: Severity::Error,
    finds: "dashes other than ----- around BEGIN and END",
    why: "word processors make one long dash of two hyphens; no parser takes it",
    remedy: "type five hyphens on each side",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    Found::shapes(
        subject,
        Shape::Dashes,
        Severity::Error,
        "the dashes around BEGIN and END are not five hyphens",
    )
}
