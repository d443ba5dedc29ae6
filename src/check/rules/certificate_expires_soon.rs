//! Certificates that end soon.

use super::{Found, Rule};
use crate::{
    cert::{
        Certificate,
        verify::{self, Currency},
    },
    check::Subject,
    report::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "certificate-expires-soon",
    severity: Severity::Warning,
    finds: "a certificate that ends within the days of --expires-in",
    why: "replacing it takes people with rights in two portals",
    remedy: "make a successor while there is time: certkit rotate STORE",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let (now, days) = (subject.options.now, subject.options.expires_in);
    let soon = |leaf: &&Certificate| {
        verify::currency(leaf, now) == Currency::Valid && leaf.not_after().days_since(now) < days
    };
    subject
        .leaves()
        .filter(soon)
        .map(|leaf| Found::new(format!("the certificate ends on {}", leaf.not_after())))
        .collect()
}
