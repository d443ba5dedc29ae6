//! Reports for a person. Nothing from a file reaches the terminal uncleaned.

use std::fmt::Write;

use super::{
    CertificateSummary, Written,
    inspection::{CertificateFacts, EntryFacts, EntryKind, FileFacts, KeyState},
};
use crate::{
    cert::verify::Currency,
    store::{Integrity, Protected},
};

/// The facts of one file, several lines.
#[must_use]
pub fn inspection(facts: &FileFacts) -> String {
    let mut text = String::new();
    line(&mut text, 0, &format!("{}: {}, {} octets", clean(&facts.file), facts.format, facts.octets));
    for protected in &facts.protections {
        field(&mut text, 1, protected.part, &protection(protected, facts.integrity));
    }
    if facts.locked {
        field(&mut text, 1, "locked", "some of it needs a password: add --password SOURCE");
    }
    for note in &facts.notes {
        field(&mut text, 1, "note", &clean(note));
    }
    for (index, entry) in facts.entries.iter().enumerate() {
        entry_lines(&mut text, index, entry);
    }
    if facts.entries.is_empty() && !facts.locked {
        field(&mut text, 1, "entries", "none");
    }
    text
}

fn protection(protected: &Protected, integrity: Integrity) -> String {
    let by = &protected.by;
    let rounds =
        if by.iterations == 1 { "1 iteration".into() } else { format!("{} iterations", by.iterations) };
    let state = match (protected.part, integrity) {
        ("integrity", Integrity::Verified) => ": verified",
        ("integrity", _) => ": not checked, no password",
        _ => "",
    };
    format!("{}, {}, {rounds}{state}", by.algorithm, by.kdf)
}

fn entry_lines(text: &mut String, index: usize, entry: &EntryFacts) {
    let name = match &entry.alias {
        Some(alias) => format!("entry {} \"{}\"", index + 1, clean(alias)),
        None => format!("entry {}", index + 1),
    };
    let what = match &entry.kind {
        EntryKind::Key { state, .. } => match entry.certificates.len() {
            0 if *state == KeyState::Locked => "private key".into(),
            0 => "private key without a certificate".into(),
            1 => "private key with its certificate".into(),
            n => format!("private key with a chain of {n} certificates"),
        },
        EntryKind::Certificate { trusted: true } => "trusted certificate".into(),
        EntryKind::Certificate { trusted: false } => "certificate".into(),
        EntryKind::PublicKey { .. } => "public key".into(),
        EntryKind::Other { what, octets } => format!("{}, {octets} octets, not interpreted", clean(what)),
    };
    line(text, 1, &format!("{name}: {what}"));
    match &entry.kind {
        EntryKind::Key { algorithm, state, spki_sha256 } => {
            let algorithm = algorithm.as_deref().unwrap_or("encrypted");
            field(text, 2, "key", &format!("{}, {}", clean(algorithm), key_state(state)));
            if entry.certificates.is_empty()
                && let Some(hash) = spki_sha256
            {
                field(text, 2, "SPKI SHA-256", hash);
            }
        }
        EntryKind::PublicKey { algorithm, spki_sha256 } => {
            field(text, 2, "key", &clean(algorithm));
            field(text, 2, "SPKI SHA-256", spki_sha256);
        }
        _ => {}
    }
    if entry.certificates.len() > 1 {
        let order =
            if entry.chain_ordered { "leaf first, each followed by its issuer" } else { "NOT in order" };
        field(text, 2, "chain", order);
    }
    for (position, certificate) in entry.certificates.iter().enumerate() {
        if entry.certificates.len() > 1 {
            line(text, 2, &format!("certificate {}", position + 1));
        }
        certificate_lines(text, certificate);
    }
}

fn key_state(state: &KeyState) -> String {
    match state {
        KeyState::Damaged(detail) => format!("DAMAGED: {}", clean(detail)),
        KeyState::Differs => "DOES NOT FIT the certificate".into(),
        KeyState::Fits => "fits the certificate".into(),
        KeyState::Locked => "not opened without a password".into(),
        KeyState::NoCertificate => "no certificate to compare with".into(),
        KeyState::Unchecked => "not checked".into(),
        KeyState::Unknown => "cannot be compared with the certificate here".into(),
    }
}

fn certificate_lines(text: &mut String, facts: &CertificateFacts) {
    let certificate = &facts.certificate;
    let fingerprints = certificate.fingerprints();
    let issuer =
        if certificate.is_self_issued() { "itself".into() } else { clean(&certificate.issuer().to_string()) };
    let left = match (facts.currency, facts.days_left) {
        (Currency::Expired, days) => format!("EXPIRED {} days ago", -days),
        (Currency::NotYetValid, _) => "NOT YET VALID".into(),
        (Currency::Valid, 1) => "1 day left".into(),
        (Currency::Valid, days) => format!("{days} days left"),
    };
    field(text, 2, "subject", &clean(&certificate.subject().to_string()));
    field(text, 2, "issuer", &issuer);
    field(text, 2, "serial", &crate::cert::hex(certificate.serial()));
    field(text, 2, "valid from", &certificate.not_before().to_string());
    field(text, 2, "valid to", &format!("{} ({left})", certificate.not_after()));
    field(text, 2, "public key", &clean(&certificate.public_key().algorithm().to_string()));
    field(text, 2, "signature", certificate.signature_algorithm());
    for extension in certificate.extensions() {
        let critical = if extension.critical { " (critical)" } else { "" };
        field(text, 2, &extension.name, &format!("{}{critical}", clean(&shortened(&extension.value))));
    }
    field(text, 2, "SHA-1", &format!("{} (thumbprint in the Azure portal)", fingerprints.sha1));
    field(text, 2, "SHA-256", &fingerprints.sha256);
    field(text, 2, "x5t", &fingerprints.x5t);
    field(text, 2, "x5t#S256", &fingerprints.x5t_s256);
    field(text, 2, "SPKI SHA-256", &fingerprints.spki_sha256);
}

/// Long hexadecimal values say no more to a person than their beginning.
fn shortened(value: &str) -> String {
    const LONGEST: usize = 400;
    match value.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}… ({} characters)", &value[..end], value.chars().count()),
        None => value.to_owned(),
    }
}

/// What a command that made files says: the files with their purpose, thumbprints, dates.
#[must_use]
pub fn written(written: &Written) -> String {
    let mut text = String::new();
    let widest = written.files.iter().map(|(path, _)| path.chars().count()).max().unwrap_or(0);
    for (path, purpose) in &written.files {
        line(&mut text, 0, &format!("{:widest$}  {}", clean(path), purpose.describe()));
    }
    if let Some(certificate) = &written.certificate {
        certificate_summary(&mut text, certificate);
    }
    text
}

fn certificate_summary(text: &mut String, certificate: &CertificateSummary) {
    field(text, 0, "subject", &clean(&certificate.subject));
    field(text, 0, "key", &clean(&certificate.key));
    field(text, 0, "valid from", &certificate.not_before.to_string());
    field(text, 0, "valid to", &certificate.not_after.to_string());
    field(text, 0, "SHA-1", &format!("{} (thumbprint in the Azure portal)", certificate.fingerprints.sha1));
    field(text, 0, "SHA-256", &certificate.fingerprints.sha256);
}

pub(super) fn line(text: &mut String, depth: usize, words: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{:indent$}{words}", "", indent = depth * 2);
}

pub(super) fn field(text: &mut String, depth: usize, name: &str, value: &str) {
    const WIDTH: usize = 24;
    line(text, depth, &format!("{name:WIDTH$} {value}"));
}

/// `1 day`, `2 days`.
pub(super) fn counted<N: std::fmt::Display + PartialEq + From<u8>>(number: N, unit: &str) -> String {
    if number == N::from(1) { format!("1 {unit}") } else { format!("{number} {unit}s") }
}

/// Whether a character could move the cursor, change colours or reorder what is read.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Text from a file or a file name with everything made visible that could move the cursor,
/// change colours or reorder what is read.
#[must_use]
pub fn clean(text: &str) -> String {
    if !text.chars().any(is_hidden) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(clean("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(clean("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(clean("größe 🔑"), "größe 🔑");
    }
}
