//! What a file is, told by its octets, never by its name alone.

use memchr::memmem;

use crate::{
    armor,
    ber::{Element, Reader, tag},
    error::Error,
};

/// What the octets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)] // Each name says it; the words are in `describe`.
pub enum Kind {
    Base64,
    Bcfks,
    Bks,
    Certificate,
    CertificateRequest,
    Crl,
    Dsa,
    Empty,
    EncryptedPkcs8,
    Jceks,
    Jks,
    Json,
    OpenSshKey,
    Pem,
    Pkcs1,
    Pkcs12,
    Pkcs7,
    Pkcs8,
    PublicKey,
    Putty,
    RsaPublicKey,
    Sec1,
    SshPublicKey,
    Text,
    Utf16Text,
    Unknown,
    Zeros,
}

/// The content types of PKCS#7 (RFC 2315 section 14).
const PKCS7_TYPES: &str = "1.2.840.113549.1.7.";

/// Tells what the octets are.
#[must_use]
pub fn kind(octets: &[u8]) -> Kind {
    match binary_kind(octets) {
        Kind::Unknown if armor::is_utf16(octets) => Kind::Utf16Text,
        Kind::Unknown => text_kind(octets),
        binary => binary,
    }
}

/// Tells what the octets are, if they are no text.
pub(super) fn binary_kind(octets: &[u8]) -> Kind {
    match octets {
        [] => Kind::Empty,
        [0xfe, 0xed, 0xfe, 0xed, ..] => Kind::Jks,
        [0xce, 0xce, 0xce, 0xce, ..] => Kind::Jceks,
        [0x30, ..] => der_kind(octets).unwrap_or(Kind::Unknown),
        _ if is_bks(octets) => Kind::Bks,
        _ => Kind::Unknown,
    }
}

/// Whether it is BouncyCastle's BKS: a version of 1 or 2, then the length of a salt of 20 octets.
pub(crate) fn is_bks(octets: &[u8]) -> bool {
    matches!(octets, [0, 0, 0, 1 | 2, 0, 0, 0, 20, ..])
}

/// Tells what a PEM block is. Its octets tell better than its label: labels are typed, copied and
/// wrong more often than DER is. But parameters and the like are built as keys are, so octets count
/// only under the labels of what is read here. `Unknown` under every other label.
pub(super) fn block_kind(label: &str, octets: &[u8]) -> Kind {
    let labelled = match label {
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => Kind::Certificate,
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Kind::CertificateRequest,
        "CMS" | "PKCS7" | "PKCS #7 SIGNED DATA" => Kind::Pkcs7,
        "DSA PRIVATE KEY" => Kind::Dsa,
        "EC PRIVATE KEY" => Kind::Sec1,
        "ENCRYPTED PRIVATE KEY" => Kind::EncryptedPkcs8,
        "PKCS12" => Kind::Pkcs12,
        "PRIVATE KEY" => Kind::Pkcs8,
        "PUBLIC KEY" => Kind::PublicKey,
        "RSA PRIVATE KEY" => Kind::Pkcs1,
        "RSA PUBLIC KEY" => Kind::RsaPublicKey,
        "X509 CRL" => Kind::Crl,
        _ => return Kind::Unknown,
    };
    match binary_kind(octets) {
        // Reading it as what the label says tells what is wrong with it.
        Kind::Unknown | Kind::Empty => labelled,
        told => told,
    }
}

/// Tells what a text in UTF-8 is.
pub(super) fn text_kind(octets: &[u8]) -> Kind {
    match plain_text_kind(octets) {
        Kind::Text if is_base64(octets) => Kind::Base64,
        other => other,
    }
}

/// The same, with base64 as the text that it is.
fn plain_text_kind(octets: &[u8]) -> Kind {
    let text = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
    let first = text.iter().position(|b| !b.is_ascii_whitespace());
    if first.is_some_and(|at| text[at] == b'{' || text[at] == b'[') {
        return Kind::Json;
    }
    let has = |word: &[u8]| memmem::find(text, word).is_some();
    if has(b"-----BEGIN OPENSSH PRIVATE KEY-----") {
        Kind::OpenSshKey
    } else if armor::is_armored(text) {
        Kind::Pem
    } else if text.starts_with(b"PuTTY-User-Key-File-") {
        Kind::Putty
    } else if text.starts_with(b"ssh-") || text.starts_with(b"ecdsa-sha2-") {
        Kind::SshPublicKey
    } else if octets.iter().all(|b| *b == 0) {
        Kind::Zeros
    } else if octets.iter().take(4096).all(|b| !b.is_ascii_control() || b.is_ascii_whitespace()) {
        Kind::Text
    } else {
        Kind::Unknown
    }
}

/// Whether it is base64 without armour, of something that is recognised.
fn is_base64(text: &[u8]) -> bool {
    armor::base64(text).is_some_and(|octets| kind_in_base64(&octets) != Kind::Unknown)
}

/// Tells what base64 encodes: something binary, PEM or JSON (as build variables have it), never
/// base64 once more.
pub(super) fn kind_in_base64(octets: &[u8]) -> Kind {
    let binary = binary_kind(octets);
    if binary != Kind::Unknown {
        return binary;
    }
    match plain_text_kind(octets) {
        text @ (Kind::OpenSshKey | Kind::Pem) => text,
        // A word may happen to encode a bracket.
        Kind::Json if octets.contains(&b'"') && octets.is_ascii() => Kind::Json,
        _ => Kind::Unknown,
    }
}

/// Tells structures apart by the tags of their first elements. `None` where the octets are no
/// such structure at all.
fn der_kind(octets: &[u8]) -> Option<Kind> {
    let mut outer = Reader::new(octets, "file");
    // A file cut off keeps the tags of its beginning: the kind is told from what is there.
    let mut fields = match outer.next() {
        Ok(Some(element)) => element.children().ok()?,
        _ => return cut_off_kind(octets),
    };
    let first = fields.next().ok()??;
    let second = fields.next().ok().flatten();
    let second_names_pkcs7 = second.is_some_and(|element| {
        let oid = element.children().and_then(|mut inside| inside.oid("a content type"));
        oid.is_ok_and(|oid| oid.to_string().starts_with(PKCS7_TYPES))
    });
    let second = second.map(|element| element.tag);
    let starts_with_oid =
        |element: Element<'_>| element.children().is_ok_and(|inside| inside.peek() == Some(tag::OID));
    Some(match (first.tag, second) {
        (tag::INTEGER, Some(tag::SEQUENCE)) if second_names_pkcs7 => Kind::Pkcs12,
        (tag::INTEGER, Some(tag::SEQUENCE)) => Kind::Pkcs8,
        (tag::INTEGER, Some(tag::OCTET_STRING)) => Kind::Sec1,
        (tag::INTEGER, Some(tag::INTEGER)) => {
            let tags: Vec<u8> =
                std::iter::from_fn(|| fields.next().ok().flatten()).map(|e| e.tag).take(10).collect();
            let numbers = 2 + tags.iter().take_while(|tag| **tag == tag::INTEGER).count();
            match (numbers, &tags[numbers - 2..]) {
                (2, []) => Kind::RsaPublicKey,
                (6, []) => Kind::Dsa,
                (9, []) => Kind::Pkcs1,
                // The further primes of a key of more than two.
                (9, [tag::SEQUENCE]) if first.content == [1] => Kind::Pkcs1,
                _ => return None,
            }
        }
        (tag::OID, _) if first.oid().ok()?.to_string().starts_with(PKCS7_TYPES) => Kind::Pkcs7,
        (tag::SEQUENCE, Some(tag::OCTET_STRING | 0x24)) if starts_with_oid(first) => Kind::EncryptedPkcs8,
        (tag::SEQUENCE, Some(tag::BIT_STRING)) => Kind::PublicKey,
        (tag::SEQUENCE, Some(tag::SEQUENCE)) => {
            // A certificate, a request, a revocation list, or BouncyCastle's FIPS store.
            let mut inside = first.children().ok()?;
            let elements: Vec<Element<'_>> =
                std::iter::from_fn(|| inside.next().ok().flatten()).take(5).collect();
            let tags: Vec<u8> = elements.iter().map(|element| element.tag).collect();
            // A request is a version, a name, a public key and attributes, which some leave out.
            let is_request = match tags[..] {
                [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE] => is_public_key(elements[2]),
                [tag::INTEGER, _, _, attributes, ..] => attributes == tag::context(0),
                _ => false,
            };
            let is_time = |tag: &u8| matches!(*tag, tag::UTC_TIME | tag::GENERALIZED_TIME);
            if tags.first() == Some(&tag::OID) || tags.first() == Some(&tag::SEQUENCE) && fields.is_empty() {
                Kind::Bcfks
            } else if tags.iter().any(is_time) {
                Kind::Crl
            } else if is_request {
                Kind::CertificateRequest
            } else {
                Kind::Certificate
            }
        }
        _ => return None,
    })
}

/// Whether it has the two elements of a SubjectPublicKeyInfo.
fn is_public_key(element: Element<'_>) -> bool {
    element.children().is_ok_and(|mut inside| {
        let mut has = |tag| inside.next().is_ok_and(|next| next.is_some_and(|next| next.tag == tag));
        has(tag::SEQUENCE) && has(tag::BIT_STRING)
    })
}

/// The likeliest kind of a structure whose end is missing.
fn cut_off_kind(octets: &[u8]) -> Option<Kind> {
    let header = match octets.get(1)? {
        0x80..=0x84 => 2 + usize::from(octets[1] & 0x7f),
        0..=0x7f => 2,
        _ => return None,
    };
    match octets.get(header..)? {
        [tag::INTEGER, 1, 3, tag::SEQUENCE, ..] => Some(Kind::Pkcs12),
        [tag::INTEGER, 1, 0, tag::SEQUENCE, ..] => Some(Kind::Pkcs8),
        [tag::INTEGER, 1, 0, tag::INTEGER, ..] => Some(Kind::Pkcs1),
        [tag::INTEGER, 1, 1, tag::OCTET_STRING, ..] => Some(Kind::Sec1),
        [tag::SEQUENCE, _, _, _, 0xa0, 3, tag::INTEGER, 1, 2, ..]
        | [tag::SEQUENCE, _, _, 0xa0, 3, tag::INTEGER, 1, 2, ..] => Some(Kind::Certificate),
        _ => None,
    }
}

impl Kind {
    /// What it is, in words, with its article.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Base64 => "base64 without PEM lines",
            Self::Bcfks => "a BouncyCastle FIPS key store (BCFKS)",
            Self::Bks => "a BouncyCastle key store (BKS or UBER)",
            Self::Certificate => "an X.509 certificate",
            Self::CertificateRequest => "a PKCS#10 certificate request",
            Self::Crl => "a certificate revocation list",
            Self::Dsa => "a DSA private key in OpenSSL's own form",
            Self::Empty => "an empty file",
            Self::EncryptedPkcs8 => "an encrypted PKCS#8 private key",
            Self::Jceks => "a JCEKS key store",
            Self::Jks => "a JKS key store",
            Self::Json => "JSON",
            Self::OpenSshKey => "an OpenSSH private key",
            Self::Pem => "PEM",
            Self::Pkcs1 => "a PKCS#1 RSA private key",
            Self::Pkcs12 => "a PKCS#12 store",
            Self::Pkcs7 => "a PKCS#7 certificate bundle (.p7b)",
            Self::Pkcs8 => "a PKCS#8 private key",
            Self::PublicKey => "a public key",
            Self::Putty => "a PuTTY private key",
            Self::RsaPublicKey => "a PKCS#1 RSA public key",
            Self::Sec1 => "a SEC1 EC private key",
            Self::SshPublicKey => "an SSH public key",
            Self::Text => "text without a PEM block",
            Self::Utf16Text => "UTF-16 text",
            Self::Unknown => "nothing that is recognised",
            Self::Zeros => "nothing but zero octets",
        }
    }

    /// The same without its article.
    pub(super) fn name(self) -> &'static str {
        let words = self.describe();
        words.strip_prefix("a ").or_else(|| words.strip_prefix("an ")).unwrap_or(words)
    }

    /// The refusal of a kind that is recognised and not read.
    pub(super) fn refusal(self) -> Error {
        let remedy = match self {
            Self::Bks => Some(
                "convert it with BouncyCastle on the class path: keytool -importkeystore -srckeystore {file} -srcstoretype BKS -providerclass org.bouncycastle.jce.provider.BouncyCastleProvider -destkeystore OUT.pfx -deststoretype PKCS12",
            ),
            Self::Bcfks => Some(
                "convert it with BouncyCastle FIPS on the class path: keytool -importkeystore -srckeystore {file} -srcstoretype BCFKS -providerclass org.bouncycastle.jcajce.provider.BouncyCastleFipsProvider -destkeystore OUT.pfx -deststoretype PKCS12",
            ),
            Self::OpenSshKey => {
                Some("turn a copy of it into PEM: cp -p {file} COPY && ssh-keygen -p -m PKCS8 -f COPY")
            }
            Self::Putty => Some(
                "turn it into PEM: puttygen {file} -O private-openssh -o OUT, then: ssh-keygen -p -m PKCS8 -f OUT",
            ),
            _ => None,
        };
        Error::WrongKind {
            found: self.describe().into(),
            expected: "a key store, certificate, private key or connector JSON",
            remedy: remedy.map(str::to_owned),
        }
    }
}
