//! Serial numbers.

use super::{Found, Rule};
use crate::{cert::Certificate, check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "certificate-serial",
    severity: Severity::Warning,
    finds: "a serial number over 20 octets",
    why: "RFC 5280 section 4.1.2.2 allows 20, and some readers no more",
    remedy: "make the certificate anew: certkit gen",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let long = |leaf: &Certificate| {
        let octets = leaf.serial().len();
        (octets > 20).then(|| Found::new(format!("the certificate's serial number has {octets} octets")))
    };
    subject.leaves().filter_map(long).collect()
}
