//! Stores that the empty password opens.

use super::{Found, Rule};
use crate::{
    check::Subject,
    finding::Severity,
    store::{Format, Integrity},
};

pub(super) const RULE: Rule = Rule {
    id: "store-password",
    severity: Severity::Warning,
    finds: "a store with a private key that the empty password opens, or none at all",
    why: "whoever has the file has the key; and some programs refuse an empty password",
    remedy: "certkit passwd STORE",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let Ok(store) = &subject.store else { return Vec::new() };
    let is_store = matches!(store.format, Format::Pkcs12 | Format::Jks | Format::Jceks);
    // Without a password, or with the empty one, a key came out.
    let empty = !subject.has_password && is_store && subject.keys().next().is_some();
    let words = match store.integrity {
        Integrity::Verified => "the empty password opens it",
        Integrity::None | Integrity::Unchecked => "its private key stands there without a password",
    };
    empty.then(|| Found::new(words)).into_iter().collect()
}
