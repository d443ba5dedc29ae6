//! Placeholders of the vendors' templates.

use super::{Found, Rule};
use crate::{check::Subject, finding::Severity};

pub(super) const RULE: Rule = Rule {
    id: "placeholder",
    severity: Severity::Error,
    finds: "a template's placeholder that nobody filled in",
    why: "the words of the template stand where the key belongs",
    remedy: "put the key and the certificate in: certkit export-json STORE",
    fixable: false,
    look,
};

fn look(subject: &Subject<'_>) -> Vec<Found> {
    let left = subject.placeholders();
    let words = |(name, at)| Found::at(subject.place(at), format!("{name} holds a placeholder, or nothing"));
    left.map(words).collect()
}

/// Whether a member's text is one. What templates put there are words and dots, angle brackets, or
/// letters that all are one.
pub(in crate::check) fn is_placeholder(text: &str) -> bool {
    const WORDS: usize = 60;
    let lines =
        || text.split(['\n', '\r']).flat_map(|line| line.split("\\n")).filter(|line| !line.contains("--"));
    let mut letters = lines().flat_map(str::chars).filter(|c| c.is_alphanumeric());
    let Some(first) = letters.next() else { return true };
    let one_letter = letters.all(|letter| letter == first);
    // No base64 has these, and no PEM's body is as short as a word.
    let marked = lines().any(|line| line.contains(['<', '>', '[', ']', '…']) || line.contains("..."));
    let worded = text.len() < WORDS && text.contains(' ') && !text.contains("--");
    one_letter || marked || worded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_templates_are_told_from_keys() {
        let pem = |body: &str| format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        for text in [
            "",
            " ",
            "<Private Key>",
            "paste the key here",
            "your private key",
            "...",
            "[key]",
            "MIIE...",
            &pem("XXXX"),
            &pem("XXXXXXXXXX\nXXXXXXXXXX"),
            &pem("XXXXXXXXXX\nXXXXXXXXXX").replace('\n', "\\n"),
            &pem("<base64>"),
            &pem(""),
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in [&pem("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"), "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
