//! Stores and keys that were not looked into.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "store-locked",
    severity: Severity::Info,
    finds: "what only a password opens that was not given",
    why: "what is in it was not judged",
    remedy: "give the password: --password file:PATH, env:VAR or prompt",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let Ok(store) = &subject.store else { return Vec::new() };
    if !store.needs_password() {
        return Vec::new();
    }
    vec![Found::new(match subject.has_password {
        false => "not all of it was looked into: no password was given",
        true => "a key in it was not looked into: its password is another one (--key-password)",
    })]
}
