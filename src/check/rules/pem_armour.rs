//! Base64 without its lines.

use super::{Found, Rule};
use crate::{
    armor,
    check::{Subject, subject::MEMBERS},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "pem-armour",
    severity: Severity::Error,
    finds: "a key or certificate in base64 without BEGIN and END",
    why: "without the lines a program has to guess what the octets are",
    remedy: "put the lines around it, or write it anew: certkit export-json FILE",
    fixable: true,
    look,
};

/// Shorter texts hold no key and no certificate.
const SHORTEST: usize = 100;

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let bare = |(name, text, at): (&str, &str, usize)| {
        let bare = MEMBERS.contains(&name) && text.len() > SHORTEST && !text.contains("BEGIN");
        (bare && armor::base64(text.as_bytes()).is_some())
            .then(|| Found::at(subject.place(at), format!("{name} is base64 without BEGIN and END")))
    };
    subject.texts().filter_map(bare).collect()
}
