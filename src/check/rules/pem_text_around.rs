//! Text around the PEM.

use super::{Found, Rule};
use crate::{
    check::{Subject, shape::Shape},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "pem-text-around",
    severity: Severity::Error,
    finds: "Bag Attributes or other text around the PEM",
    why: "openssl pkcs12 writes them, and most parsers pass over them; the vendor documents one form only, and what its portal does with others is not known",
    remedy: "delete what stands before BEGIN and behind END",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    Found::shapes(subject, Shape::Around, Severity::Info, "other text stands around the PEM")
}
