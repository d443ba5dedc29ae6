//! Keys and certificates that do not belong together.

use super::{Found, Rule};
use crate::{
    cert::{Certificate, verify},
    check::Subject,
    error::Error,
    finding::Severity,
    key::PrivateKey,
    limits::WorkBudget,
};

pub(super) const RULE: Rule = Rule {
    id: "key-mismatch",
    severity: Severity::Error,
    finds: "a private key that is not the certificate's",
    why: "every sign-in fails: Entra verifies with the certificate what the key signed",
    remedy: "give the two that were made together; certkit inspect shows the hash of each one's SubjectPublicKeyInfo",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let Ok(store) = &subject.store else { return Vec::new() };
    let keys: Vec<_> = subject.keys().collect();
    let tied = keys.iter().filter_map(|(key, chain)| Some((*key, chain.first()?)));
    // A key without a certificate beside certificates without a key: meant for each other.
    let lone = keys.iter().filter(|(_, chain)| chain.is_empty());
    let lone = lone.filter_map(|(key, _)| Some((*key, subject.leaves().next()?)));
    // So many keys may stand before one that no work is left for it.
    let mut budget = WorkBudget::new(store.work_left);
    let misfit = |(key, leaf): (&PrivateKey, &Certificate)| {
        budget.spend(key.check_work()).ok()?;
        match verify::require_fit(key, leaf) {
            Err(error @ Error::KeyMismatch { .. }) => Some(Found::new(error.to_string())),
            // A key that is damaged is a matter of its own, and what cannot be told is no misfit.
            Ok(()) | Err(_) => None,
        }
    };
    tied.chain(lone).filter_map(misfit).collect()
}
