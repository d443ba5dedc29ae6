//! Certificates that end soon.

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
    id: "certificate-expires-soon",
    severity: Severity::Warning,
    finds: "a certificate that ends within the time of --expires-in",
    why: "replacing it takes people with rights in two portals",
    remedy: "make a successor while there is time: certkit rotate STORE",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let soon = |leaf: &&Certificate| {
        verify::currency(leaf, subject.options.now) == Currency::Valid
            && leaf.not_after() < subject.options.soon
    };
    subject
        .leaves()
        .filter(soon)
        .map(|leaf| Found::new(format!("the certificate ends on {}", leaf.not_after())))
        .collect()
}
