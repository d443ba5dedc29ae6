//! Certificates that have not begun.

use super::{Found, Rule};
use crate::{
    cert::{
        Certificate,
        verify::{self, Currency},
    },
    check::Subject,
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "certificate-not-yet-valid",
    severity: Severity::Error,
    finds: "a certificate that is not valid yet",
    why: "Entra refuses it until then; often a clock is wrong",
    remedy: "wait, or make one that starts now",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let early = |leaf: &&Certificate| verify::currency(leaf, subject.options.now) == Currency::NotYetValid;
    subject
        .leaves()
        .filter(early)
        .map(|leaf| Found::new(format!("the certificate is valid only from {} on", leaf.not_before())))
        .collect()
}
