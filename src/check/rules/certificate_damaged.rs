//! Certificates whose own signature does not hold.

use super::{Found, Rule};
use crate::{
    cert::{Certificate, verify},
    check::Subject,
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "certificate-damaged",
    severity: Severity::Error,
    finds: "a self-signed certificate whose signature is not its key's",
    why: "some of its octets were changed after it was made",
    remedy: "take the certificate again from where it came",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let damaged =
        |leaf: &&Certificate| leaf.is_self_issued() && verify::is_signed_by_itself(leaf) == Some(false);
    // Of those that somebody signs in with: a signature costs more than all other rules together.
    let leaves = subject.keys().filter_map(|(_, chain)| chain.first()).filter(damaged);
    leaves.map(|_| Found::new("the certificate's signature is not its key's")).collect()
}
