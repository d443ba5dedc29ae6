//! Keys that Entra does not take.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity, key::Algorithm};

pub(super) const RULE: Rule = Rule {
    id: "key-kind",
    severity: Severity::Error,
    finds: "a key that is not RSA",
    why: "Microsoft Entra ID takes RSA keys only for app credentials",
    remedy: "make a new one: certkit gen",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    subject
        .algorithms()
        .filter_map(|algorithm| match algorithm {
            Algorithm::Rsa(_) => None,
            other => Some(Found::new(format!("the key is {other}"))),
        })
        .collect()
}
