//! Files that others may read.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "file-permissions",
    severity: Severity::Warning,
    finds: "a file with a private key that others may read",
    why: "every user of the machine can sign in as the app",
    remedy: "chmod 600 FILE",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let secret = subject.store.as_ref().is_ok_and(|store| store.key_count() > 0);
    let exposed = secret && subject.options.exposed;
    exposed.then(|| Found::new("others than its owner may read it")).into_iter().collect()
}
