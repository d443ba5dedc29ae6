//! Line ends of Windows.

use super::{Found, Rule};
use crate::{
    check::{Subject, shape::Shape},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "pem-crlf",
    severity: Severity::Error,
    finds: "CRLF line ends in PEM",
    why: "some parsers choke on the carriage return; the vendor documents one form only, and what its portal does with others is not known",
    remedy: "save it with LF line ends",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    Found::shapes(subject, Shape::Returns, Severity::Info, "the PEM has CRLF line ends")
}
