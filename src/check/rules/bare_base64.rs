//! Files of base64 without its lines.

use super::{Found, Rule};
use crate::{armor, check::Subject, finding::Severity, store::Format};

pub(super) const RULE: Rule = Rule {
    id: "bare-base64",
    severity: Severity::Warning,
    finds: "a file that is base64 without BEGIN and END lines",
    why: "few programs guess what the octets are; OpenSSL does not",
    remedy: "certkit convert FILE --to pem -o OTHER.pem",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let is_pem = subject.store.as_ref().map_or(true, |store| store.format == Format::Pem);
    let Some(text) = subject.text().filter(|_| subject.json.is_none() && !is_pem) else {
        return Vec::new();
    };
    let bare = armor::base64(text.as_bytes()).is_some();
    bare.then(|| Found::new("it is base64 without BEGIN and END lines")).into_iter().collect()
}
