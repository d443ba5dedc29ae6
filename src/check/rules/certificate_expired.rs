//! Certificates that have ended.

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
    id: "certificate-expired",
    severity: Severity::Error,
    finds: "a certificate that has expired",
    why: "Entra refuses an assertion that an expired certificate signs",
    remedy: "make a successor and upload it: certkit rotate STORE",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let expired = |leaf: &&Certificate| verify::currency(leaf, subject.options.now) == Currency::Expired;
    subject
        .leaves()
        .filter(expired)
        .map(|leaf| Found::new(format!("the certificate expired on {}", leaf.not_after())))
        .collect()
}
