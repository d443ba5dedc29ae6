//! Keys and certificates that do not belong together.

use super::{Found, Rule};
use crate::{
    cert::{Certificate, verify},
    check::Subject,
    error::Error,
    finding::Severity,
    key::PrivateKey,
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
    let keys: Vec<_> = subject.keys().collect();
    // A key that is damaged, or of an unknown kind, is a matter of its own.
    let misfit = |key: &PrivateKey, leaf: &Certificate| {
        verify::require_fit(key, leaf).err().filter(|error| matches!(error, Error::KeyMismatch { .. }))
    };
    let tied = keys.iter().filter_map(|(key, chain)| misfit(key, chain.first()?));
    // A key without a certificate beside certificates without a key: meant for each other.
    let lone = keys.iter().filter(|(_, chain)| chain.is_empty()).filter_map(|(key, _)| {
        let leaf = subject.leaves().next()?;
        misfit(key, leaf)
    });
    tied.chain(lone).map(|error| Found::new(error.to_string())).collect()
}
