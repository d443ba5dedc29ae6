//! Stores that the empty password opens.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity, store::Format};

pub(super) const RULE: Rule = Rule {
    id: "store-without-password",
    severity: Severity::Warning,
    finds: "a store whose private key opens with the empty password, or needs none",
    why: "whoever has the file has the key; and some programs refuse an empty password",
    remedy: "give it a password: certkit passwd FILE",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let Ok(store) = &subject.store else { return Vec::new() };
    let is_store = matches!(store.format, Format::Pkcs12 | Format::Jks | Format::Jceks);
    if !is_store || subject.keys().next().is_none() {
        return Vec::new();
    }
    let is_encrypted = store.protections.iter().any(|protected| protected.part != "integrity");
    let words = match (is_encrypted, subject.has_password) {
        (false, _) => "its private key is not encrypted",
        // Without a password, or with the empty one, the key came out.
        (true, false) => "the empty password opens it",
        (true, true) => return Vec::new(),
    };
    vec![Found::new(words)]
}
