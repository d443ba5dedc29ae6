//! Certificates whose own signature does not hold.

use super::{Found, Rule};
use crate::{
    cert::verify::{self, Seal},
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
    // Verifying a signature costs more than all other rules together: of certificates without a key it is
    // done only if that is asked for.
    let leaves = subject.leaves().filter(|_| subject.options.thorough || subject.keys().next().is_some());
    let found = leaves.filter_map(|leaf| match verify::seal(leaf) {
        Seal::Broken => Some(Found::new("the certificate's signature is not its key's")),
        Seal::Unnamed if subject.is_connector() => Some(
            Found::new("its own key did not sign the certificate, and it names no other: it may be damaged")
                .no_worse_than(Severity::Warning),
        ),
        _ => None,
    });
    found.collect()
}
