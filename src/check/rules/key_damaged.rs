//! Keys whose parts do not agree.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "key-damaged",
    severity: Severity::Error,
    finds: "a private key whose own parts do not agree",
    why: "some of its octets were changed; some programs refuse it, others sign wrongly",
    remedy: "take the key again from where it came",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let damaged = subject.keys().filter_map(|(key, _)| key.check().err());
    damaged.map(|error| Found::new(error.to_string())).collect()
}
