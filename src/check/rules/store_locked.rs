//! Stores and keys that were not looked into.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "store-locked",
    severity: Severity::Info,
    finds: "what only a password opens, and none was given",
    why: "what is in it was not judged",
    remedy: "give the password: --password file:PATH, env:VAR or prompt",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let Ok(store) = &subject.store else { return Vec::new() };
    let locked = store.needs_password() && !subject.has_password;
    locked.then(|| Found::new("it was not looked into: no password was given")).into_iter().collect()
}
