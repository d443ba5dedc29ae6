//! Encrypted keys.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "key-encrypted",
    severity: Severity::Error,
    finds: "a connector JSON with an encrypted key",
    why: "whoever reads the file has no password for it",
    remedy: "decrypt it with its password: certkit check FILE --fix --in-place --password file:PATH",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    if !subject.is_connector() {
        return Vec::new();
    }
    let encrypted = |(_, text, at): (&str, &str, usize)| {
        let is = text.contains("ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED");
        is.then(|| Found::at(subject.place(at), "the private key is encrypted"))
    };
    subject.texts().filter_map(encrypted).collect()
}
