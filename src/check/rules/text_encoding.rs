//! How the text is encoded.

use super::{Found, Rule};
use crate::{
    check::{Subject, subject::Encoding},
    finding::Severity,
};

pub(super) const RULE: Rule = Rule {
    id: "text-encoding",
    severity: Severity::Error,
    finds: "a byte order mark, or UTF-16",
    why: "many parsers refuse a JSON or PEM that does not begin with its first character; editors on Windows and PowerShell's > write both",
    remedy: "save it as UTF-8 without a byte order mark",
    fixable: true,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let what = match subject.encoding() {
        Some(Encoding::Utf16) => "the text is UTF-16",
        Some(Encoding::Utf8WithMark) => "the text begins with a byte order mark",
        Some(Encoding::Utf8) | None => return Vec::new(),
    };
    // The encoding matters only for a file that holds something.
    let is_read = subject.json.is_some() || subject.store.is_ok();
    is_read.then(|| Found::new(what)).into_iter().collect()
}
