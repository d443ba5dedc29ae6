//! Which files hold credentials, told by their octets: quickly, for nearly all files hold none.

use memchr::memmem;

use crate::{
    armor,
    ber::tag,
    error::Error,
    store::detect::{self, Kind},
};

/// The labels of PEM blocks that are read.
const LABELS: [&[u8]; 12] = [
    b"CERTIFICATE",
    b"X509 CERTIFICATE",
    b"TRUSTED CERTIFICATE",
    b"CMS",
    b"PKCS7",
    b"PKCS12",
    b"PRIVATE KEY",
    b"RSA PRIVATE KEY",
    b"EC PRIVATE KEY",
    b"DSA PRIVATE KEY",
    b"ENCRYPTED PRIVATE KEY",
    b"PKCS #7 SIGNED DATA",
];

/// What base64 of DER, PEM, a JKS and a JCEKS store begins with.
const BASE64_HEADS: [&[u8]; 4] = [b"MI", b"LS0t", b"/u3+7", b"zs7Oz"];

/// How JSON may write the dashes of PEM.
const ESCAPED_DASHES: [&[u8]; 2] = [b"\\u002d", b"\\u002D"];

/// As many octets of base64 in a row are no word.
const BASE64_RUN: usize = 40;

/// DER of `1.2.840.113549.1`, below which RSA Laboratories' identifiers stand.
const PKCS: [u8; 7] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01];

/// Where those of PKCS#5 and of PKCS#12 stand below it: ways to encrypt with a password.
const PBE: [u8; 2] = [5, 12];

/// DER of `1.2.840.10045.2.1`, the identifier of elliptic curve keys.
const EC_KEY: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// Whether a file that begins so may hold a credential: then the rest of it is worth reading.
#[must_use]
pub fn may_begin_so(head: &[u8]) -> bool {
    is_binary_store(head) || armor::is_utf16(head) || memchr::memchr(0, head).is_none()
}

/// Whether a file may hold a credential. What is none is told at the speed of memory, with few
/// exceptions.
pub(super) fn may_hold_credential(octets: &[u8]) -> bool {
    if is_binary_store(octets) {
        return true;
    }
    if armor::is_utf16(octets) {
        return may_be_text_with_credential(&armor::from_utf16(octets));
    }
    may_be_text_with_credential(octets)
}

fn is_binary_store(octets: &[u8]) -> bool {
    match octets {
        [0x30, 0x80..=0x84, ..] => true,
        [0x30, length, ..] => octets.len() == 2 + usize::from(*length),
        [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => true,
        _ => detect::is_bks(octets),
    }
}

fn may_be_text_with_credential(text: &[u8]) -> bool {
    has_mark(text)
        || match first_word(text) {
            [b'{' | b'[', ..] => {
                ESCAPED_DASHES.iter().any(|dash| memmem::find(text, dash).is_some())
                    || BASE64_HEADS.iter().any(|head| has_base64(text, head))
            }
            word => BASE64_HEADS.iter().any(|head| word.starts_with(head)) && is_base64(word),
        }
}

/// Whether `BEGIN` stands behind a dash, of whatever kind.
fn has_mark(text: &[u8]) -> bool {
    memmem::find_iter(text, b"BEGIN").any(|at| at > 0 && (text[at - 1] == b'-' || !text[at - 1].is_ascii()))
}

/// Whether base64 that begins with `head` stands in a text.
fn has_base64(text: &[u8], head: &[u8]) -> bool {
    memmem::find_iter(text, head).any(|at| is_base64(&text[at..]))
}

fn is_base64(text: &[u8]) -> bool {
    let run = text.iter().take(BASE64_RUN).take_while(|octet| {
        octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'-' | b'_' | b'=')
    });
    run.count() == BASE64_RUN
}

/// A text from its first character that is no blank.
fn first_word(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start()
}

/// Whether a file that cannot be read is a credential all the same, and not something that merely
/// looks like one, such as a program with `BEGIN CERTIFICATE` among its words.
pub(super) fn is_surely_one(octets: &[u8], error: &Error) -> bool {
    if matches!(error.cause(), Error::Empty | Error::WrongKind { .. } | Error::NoCertificate { .. }) {
        return false;
    }
    if is_binary_store(octets) {
        return is_surely_binary(octets);
    }
    if armor::is_utf16(octets) {
        return is_surely_text(&armor::from_utf16(octets));
    }
    is_surely_text(octets)
}

fn is_surely_binary(octets: &[u8]) -> bool {
    match octets {
        // Both stores begin with a version; memory that nobody has written is full of the second mark.
        [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, _, ..] | [0xce, 0xce, 0xce, 0xce, 0, 0, 0, _, ..] => true,
        [tag::SEQUENCE, ..] => inside(octets).is_some_and(is_surely_der),
        _ => false,
    }
}

/// What stands in an element, whether or not its end is there.
fn inside(octets: &[u8]) -> Option<&[u8]> {
    let header = match octets.get(1)? {
        length @ 0x80..=0x84 => 2 + usize::from(length & 0x7f),
        0..=0x7f => 2,
        _ => return None,
    };
    octets.get(header..)
}

/// Tells by identifiers and versions, which nothing else has at these places.
fn is_surely_der(octets: &[u8]) -> bool {
    match octets {
        // A PFX: version 3, then the content type that is signed or protected.
        [tag::INTEGER, 1, 3, rest @ ..] => names(rest, &PKCS),
        // PKCS#8: version 0, then the kind of key; or PKCS#1, whose modulus comes next.
        [tag::INTEGER, 1, 0, rest @ ..] => names(rest, &PKCS) || names(rest, &EC_KEY) || is_modulus(rest),
        // What is encrypted names how.
        [tag::SEQUENCE, ..] => {
            is_surely_certificate(octets)
                || PBE.iter().any(|arc| names(octets, &[&PKCS[..], &[*arc]].concat()))
        }
        _ => false,
    }
}

/// Whether a sequence begins with an identifier.
fn names(octets: &[u8], identifier: &[u8]) -> bool {
    let first = octets.first() == Some(&tag::SEQUENCE);
    first && matches!(inside(octets), Some([tag::OID, _, oid @ ..]) if oid.starts_with(identifier))
}

/// A positive number of 1024, 2048, 3072 or 4096 bits.
fn is_modulus(octets: &[u8]) -> bool {
    matches!(octets, [tag::INTEGER, 0x81, 0x81, 0, ..] | [tag::INTEGER, 0x82, 1, 1 | 0x81, 0, ..])
        || matches!(octets, [tag::INTEGER, 0x82, 2, 1, 0, ..])
}

/// Whether what is to be signed begins with the version of an X.509 certificate and a serial number.
fn is_surely_certificate(octets: &[u8]) -> bool {
    matches!(inside(octets), Some([0xa0, 3, tag::INTEGER, 1, 2, tag::INTEGER, ..]))
}

fn is_surely_text(text: &[u8]) -> bool {
    let start = first_word(text);
    if start.starts_with(b"{") {
        let has = |word: &[u8]| memmem::find(text, word).is_some();
        return has(b"private_key") && (has(b"public_cert") || has(b"-----BEGIN"));
    }
    begins_with_block(start) || armor::base64(text).is_some_and(|octets| is_surely_binary(&octets))
}

/// Whether a text is PEM from its first line on, but for what openssl and people write above a block.
fn begins_with_block(text: &[u8]) -> bool {
    const ABOVE: [&[u8]; 7] =
        [b"#", b"Bag Attributes", b"Key Attributes", b"localKeyID", b"friendlyName", b"subject", b"issuer"];
    let mut lines = text.split(|octet| *octet == b'\n' || *octet == b'\r').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty() && !ABOVE.iter().any(|above| line.starts_with(above)));
    let label = first.and_then(|line| line.strip_prefix(b"-----BEGIN "));
    label.is_some_and(|label| {
        LABELS.iter().any(|known| label.strip_prefix(*known).is_some_and(|rest| rest.starts_with(b"-----")))
    })
}

/// Whether a file that cannot be read is a credential that does not hold together.
pub(super) fn is_broken(octets: &[u8], error: &Error) -> bool {
    is_surely_one(octets, error) && !is_for_others(error)
}

/// Whether a credential is whole, and others may read it: certkit does not, or not at that price.
fn is_for_others(error: &Error) -> bool {
    matches!(
        error.cause(),
        Error::KdfMemory { .. }
            | Error::KdfTooCostly { .. }
            | Error::TooLarge { .. }
            | Error::TooMany { .. }
            | Error::UnsupportedAlgorithm { .. }
    )
}

/// Why a credential that others may read was not looked into; `None` where it is no credential.
pub(super) fn unread(octets: &[u8], error: &Error) -> Option<String> {
    if detect::is_bks(octets) {
        return Some(format!("it is {}, which is not read here", Kind::Bks.describe()));
    }
    is_surely_one(octets, error).then(|| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_none_is_passed_over() {
        for text in [
            &b"hello"[..],
            b"{\"license\": \"MIT\"}",
            b"begin; BEGIN TRANSACTION; -- BEGIN",
            b"\x7fELF\x02\x01\x01\0\0\0",
            b"0 means none",
            b"[section]\nkey = 1\n",
            b"MIT License\n\nPermission is hereby granted to all and sundry",
        ] {
            assert!(!may_hold_credential(text), "{:?}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn words_of_programs_are_no_broken_credentials() {
        let damaged = Error::damaged("PEM", "cut off");
        for text in [
            "if line == \"-----BEGIN CERTIFICATE-----\" {",
            "sed '/-----BEGIN CERTIFICATE-----/,$d'",
            "-----BEGIN PGP MESSAGE-----\n",
            "const CERT: &str = \"-----BEGIN CERTIFICATE-----\\nMIIB",
            "{\"pattern\": \"-----BEGIN CERTIFICATE-----\"}",
            "text\n-----BEGIN CERTIFICATE-----\nMIIB",
        ] {
            assert!(!is_surely_one(text.as_bytes(), &damaged), "{text}");
        }
        for text in [
            "-----BEGIN CERTIFICATE-----\nMIIB",
            "\u{feff}\n# contoso\nBag Attributes\n  localKeyID: 1\n-----BEGIN PRIVATE KEY-----\n",
            "{\u{201c}private_key\u{201d}: \u{201c}-----BEGIN PRIVATE KEY-----",
        ] {
            assert!(is_surely_one(text.as_bytes(), &damaged), "{text}");
        }
    }
}
