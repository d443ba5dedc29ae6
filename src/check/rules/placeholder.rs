//! Placeholders of the vendors' templates.

use super::{Found, Rule};
use crate::{
    check::{Subject, subject::MEMBERS},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "placeholder",
    severity: Severity::Error,
    finds: "a template's placeholder that nobody filled in",
    why: "the portal takes the words of the template for the key",
    remedy: "put the key and the certificate in: certkit export-json STORE",
    fixable: false,
    look,
};

/// What templates have where a value belongs, in lower case.
const WORDS: [&str; 8] = [
    "<private",
    "<public",
    "<certificate",
    "<insert",
    "your private key",
    "your certificate",
    "paste ",
    "...",
];

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let left = |(name, text, at): (&str, &str, usize)| {
        let lower = text.to_lowercase();
        let empty = text.trim().is_empty();
        let word = WORDS.iter().find(|word| lower.contains(**word));
        let known = MEMBERS.contains(&name);
        (known && (empty || word.is_some()))
            .then(|| Found::at(subject.place(at), format!("{name} still holds a placeholder, or nothing")))
    };
    subject.texts().filter_map(left).collect()
}
