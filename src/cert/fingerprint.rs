//! The forms in which tools and portals show which certificate they mean.

use base64ct::{Base64UrlUnpadded, Encoding};
use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::Certificate;

/// All thumbprint forms of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprints {
    /// SHA-1 of the DER, 40 upper-case hexadecimal digits: what the Azure portal shows.
    pub sha1: String,
    /// SHA-256 of the DER, 64 upper-case hexadecimal digits.
    pub sha256: String,
    /// SHA-1 of the DER in base64url without padding: the `x5t` of a JWT (RFC 7515 section 4.1.7).
    pub x5t: String,
    /// SHA-256 of the DER in base64url without padding: `x5t#S256` (RFC 7515 section 4.1.8).
    pub x5t_s256: String,
    /// SHA-256 of the SubjectPublicKeyInfo, 64 upper-case hexadecimal digits: the same for every
    /// certificate over one key.
    pub spki_sha256: String,
}

impl Certificate {
    /// SHA-1 of the DER.
    #[must_use]
    pub fn sha1(&self) -> [u8; 20] {
        Sha1::digest(self.der()).into()
    }

    /// SHA-256 of the DER.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(self.der()).into()
    }
}

impl Fingerprints {
    pub(super) fn of(certificate: &Certificate) -> Self {
        let (sha1, sha256) = (certificate.sha1(), certificate.sha256());
        Self {
            sha1: hex(&sha1),
            sha256: hex(&sha256),
            x5t: Base64UrlUnpadded::encode_string(&sha1),
            x5t_s256: Base64UrlUnpadded::encode_string(&sha256),
            spki_sha256: certificate.public_key().spki_sha256(),
        }
    }
}

/// Upper-case hexadecimal digits.
pub(crate) fn hex(octets: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |value: u8| char::from(DIGITS[usize::from(value & 0xf)]);
    // Unknown extensions are shown so, and may hold megabytes: one allocation for all of it.
    let mut text = String::with_capacity(2 * octets.len());
    for octet in octets {
        text.push(digit(octet >> 4));
        text.push(digit(*octet));
    }
    text
}
