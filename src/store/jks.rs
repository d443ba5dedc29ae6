//! JKS, Java's own key store before PKCS#12 (file format as observed of keytool 8 to 17).
//!
//! ```text
//! magic FEEDFEED, version 2, count, then per entry:
//!   tag 1: alias, milliseconds, protected key, chain (type and DER each)
//!   tag 2: alias, milliseconds, one trusted certificate
//! then SHA-1 over password, "Mighty Aphrodite" and all of the above.
//! ```
//! Numbers are big-endian; text is Java's modified UTF-8 behind a 16-bit length; passwords are
//! big-endian UTF-16.

use rand_core::CryptoRng;
use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{Content, Entry, Format, Integrity, Key, Protected, Protection, Store, Unlock};
use crate::{
    ber::{Reader, tag},
    cert::Certificate,
    error::{Error, Result},
    key::{PrivateKey, encoding},
    limits,
    secret::{Password, SecretBytes},
    time::Instant,
};

const STRUCTURE: &str = "JKS key store";
const MAGIC: u32 = 0xfeed_feed;
const KEY_ENTRY: u32 = 1;
const TRUSTED_ENTRY: u32 = 2;
const WHITENER: &[u8] = b"Mighty Aphrodite";
const DIGEST_OCTETS: usize = 20;
/// Sun's key protector.
const PROTECTOR: const_oid::ObjectIdentifier =
    const_oid::ObjectIdentifier::new_unwrap("1.3.6.1.4.1.42.2.17.1.1");

/// Reads a JKS. Without a password the certificates are read and the integrity is not checked.
///
/// # Errors
/// As [`super::read`].
pub(super) fn read(octets: &[u8], unlock: &Unlock) -> Result<Store> {
    let body_end = octets
        .len()
        .checked_sub(DIGEST_OCTETS)
        .ok_or_else(|| Error::damaged(STRUCTURE, "cut off inside its header"))?;
    let (body, digest) = octets.split_at(body_end);
    let mut store = Store::new(Format::Jks);
    store.protections.push(Protected {
        part: "integrity",
        by: Protection { algorithm: "SHA1 digest with password".into(), kdf: "none".into(), iterations: 1 },
    });
    store.integrity = match &unlock.password {
        None => Integrity::Unchecked,
        Some(password) if bool::from(integrity(password, body).ct_eq(digest)) => Integrity::Verified,
        Some(_) => return Err(Error::WrongPassword { certain: false }),
    };
    let mut input = Input { rest: body };
    input.u32()?;
    let version = input.u32()?;
    if !(1..=2).contains(&version) {
        return Err(Error::damaged(STRUCTURE, format!("version {version}; 1 or 2 was expected")));
    }
    let count = input.u32()? as usize;
    if count > limits::ENTRIES {
        return Err(Error::TooMany { what: "entries", limit: limits::ENTRIES });
    }
    for _ in 0..count {
        let entry = read_entry(&mut input, version, unlock, &mut store.protections)?;
        store.entries.push(entry);
    }
    if !input.rest.is_empty() {
        return Err(Error::damaged(STRUCTURE, format!("{} octets follow its last entry", input.rest.len())));
    }
    Ok(store)
}

fn read_entry(
    input: &mut Input<'_>,
    version: u32,
    unlock: &Unlock,
    protections: &mut Vec<Protected>,
) -> Result<Entry> {
    let kind = input.u32()?;
    let alias = Some(input.text()?);
    input.take(8)?; // When it was made, in milliseconds: not part of the model.
    match kind {
        KEY_ENTRY => {
            let protected = input.sized()?;
            let protection = Protection {
                algorithm: "Sun JKS key protector".into(),
                kdf: "SHA1 key stream".into(),
                iterations: 1,
            };
            protections.push(Protected { part: "private key", by: protection.clone() });
            let links = input.u32()? as usize;
            let mut chain = Vec::new();
            for _ in 0..links {
                chain.push(read_certificate(input, version)?);
            }
            let mut passwords = unlock.key_password.iter().chain(&unlock.password).peekable();
            let key = if passwords.peek().is_none() {
                Key::Locked(protection)
            } else {
                let opened = passwords.find_map(|password| unprotect(protected, password).transpose());
                match opened {
                    Some(key) => Key::Open(key?),
                    // It has a password of its own; the rest of the store is no worse for it.
                    None => Key::Locked(protection),
                }
            };
            Ok(Entry { alias, content: Content::Key { key, chain } })
        }
        TRUSTED_ENTRY => {
            let certificate = read_certificate(input, version)?;
            Ok(Entry { alias, content: Content::Certificate { certificate, trusted: true } })
        }
        other => Err(Error::damaged(STRUCTURE, format!("an entry of kind {other}; 1 or 2 was expected"))),
    }
}

fn read_certificate(input: &mut Input<'_>, version: u32) -> Result<Certificate> {
    if version == 2 {
        let kind = input.text()?;
        if kind != "X.509" {
            return Err(Error::damaged(
                STRUCTURE,
                format!("a certificate of type \"{kind}\"; X.509 was expected"),
            ));
        }
    }
    Certificate::from_der(input.sized()?)
}

/// Opens a protected key; `None` where the password is not its own.
///
/// The plaintext is XORed with a key stream whose blocks are SHA-1 of the password and the block
/// before, beginning with the salt; SHA-1 of password and plaintext stands behind it.
fn unprotect(protected: &[u8], password: &Password) -> Result<Option<PrivateKey>> {
    let mut fields = Reader::new(protected, STRUCTURE).sequence("an EncryptedPrivateKeyInfo")?;
    let algorithm = fields.sequence("a key protector")?.oid("a key protector")?;
    if algorithm != PROTECTOR {
        return Err(Error::UnsupportedAlgorithm {
            role: "key protector",
            name: None,
            oid: algorithm.to_string(),
        });
    }
    let octets = fields.expect(tag::OCTET_STRING, "a protected key")?.octets()?;
    if octets.len() < 2 * DIGEST_OCTETS {
        return Err(Error::damaged(STRUCTURE, "a protected key that is too short"));
    }
    let (salt, rest) = octets.split_at(DIGEST_OCTETS);
    let (ciphertext, check) = rest.split_at(rest.len() - DIGEST_OCTETS);
    let password = utf16(password);
    let mut plain = Zeroizing::new(ciphertext.to_vec());
    apply_stream(&password, salt, &mut plain);
    let expected = Sha1::new().chain_update(&*password).chain_update(&*plain).finalize();
    if !bool::from(expected.as_slice().ct_eq(check)) {
        return Ok(None);
    }
    encoding::private_from_pkcs8(&plain).map(Some)
}

/// Writes keys and trusted certificates as a JKS, keys under the store's own password, as
/// keytool does. Aliases become lower case, as keytool's are. `now` dates the entries.
///
/// # Errors
/// [`Error::NoKey`] for an entry that a JKS cannot hold, [`Error::TooMany`] for a text or a key
/// that its length fields cannot state.
pub fn write(
    store: &Store,
    password: &Password,
    now: Instant,
    rng: &mut dyn CryptoRng,
) -> Result<SecretBytes> {
    let mut output = Output { octets: Zeroizing::new(Vec::with_capacity(16 << 10)) };
    output.u32(MAGIC);
    output.u32(2);
    output.count(store.entries.len())?;
    let milliseconds = now.unix().saturating_mul(1000).to_be_bytes();
    for (index, entry) in store.entries.iter().enumerate() {
        let alias = store.label(index).to_lowercase();
        match &entry.content {
            Content::Key { key: Key::Open(key), chain } => {
                output.u32(KEY_ENTRY);
                output.text(&alias)?;
                output.octets.extend_from_slice(&milliseconds);
                output.sized(&protect(key, password, rng)?)?;
                output.count(chain.len())?;
                for certificate in chain {
                    output.certificate(certificate)?;
                }
            }
            Content::Certificate { certificate, .. } => {
                output.u32(TRUSTED_ENTRY);
                output.text(&alias)?;
                output.octets.extend_from_slice(&milliseconds);
                output.certificate(certificate)?;
            }
            _ => return Err(Error::NoKey { found: format!("an entry \"{alias}\" that a JKS cannot hold") }),
        }
    }
    let digest = integrity(password, &output.octets);
    output.octets.extend_from_slice(&digest);
    Ok(SecretBytes::from(output.octets))
}

fn protect(key: &PrivateKey, password: &Password, rng: &mut dyn CryptoRng) -> Result<Vec<u8>> {
    use der::{Any, Encode, asn1::OctetString};
    let password = utf16(password);
    let plain = key.pkcs8_der().expose();
    let check = Sha1::new().chain_update(&*password).chain_update(plain).finalize();
    let mut octets = Zeroizing::new(vec![0; DIGEST_OCTETS]);
    rng.fill_bytes(&mut octets);
    octets.reserve_exact(plain.len() + DIGEST_OCTETS);
    octets.extend_from_slice(plain);
    let (salt, body) = octets.split_at_mut(DIGEST_OCTETS);
    apply_stream(&password, salt, body);
    octets.extend_from_slice(&check);
    let internal = |error: der::Error| Error::Internal(format!("encoding a protected key failed: {error}"));
    let info = pkcs12::pbe_params::EncryptedPrivateKeyInfo {
        encryption_algorithm: pkcs8::spki::AlgorithmIdentifierOwned {
            oid: PROTECTOR,
            parameters: Some(Any::null()),
        },
        encrypted_data: OctetString::new(octets.as_slice()).map_err(internal)?,
    };
    info.to_der().map_err(internal)
}

fn apply_stream(password: &[u8], salt: &[u8], octets: &mut [u8]) {
    let mut block = Zeroizing::new([0; DIGEST_OCTETS]);
    block.copy_from_slice(salt);
    for chunk in octets.chunks_mut(DIGEST_OCTETS) {
        *block = Sha1::new().chain_update(password).chain_update(*block).finalize().into();
        chunk.iter_mut().zip(block.iter()).for_each(|(octet, key)| *octet ^= key);
    }
}

fn integrity(password: &Password, body: &[u8]) -> [u8; DIGEST_OCTETS] {
    Sha1::new().chain_update(&*utf16(password)).chain_update(WHITENER).chain_update(body).finalize().into()
}

fn utf16(password: &Password) -> Zeroizing<Vec<u8>> {
    let mut octets = Zeroizing::new(Vec::with_capacity(2 * password.expose().len()));
    octets.extend(password.expose().encode_utf16().flat_map(u16::to_be_bytes));
    octets
}

/// Big-endian fields from the front of a slice.
struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(|| {
            Error::damaged(STRUCTURE, format!("cut off: {length} octets expected, {} left", self.rest.len()))
        })?;
        self.rest = rest;
        Ok(taken)
    }

    fn u32(&mut self) -> Result<u32> {
        Ok(self.take(4)?.iter().fold(0, |n, octet| n << 8 | u32::from(*octet)))
    }

    fn sized(&mut self) -> Result<&'a [u8]> {
        let length = self.u32()? as usize;
        self.take(length)
    }

    /// Java's modified UTF-8: zero as C0 80, characters outside the basic plane as two surrogates
    /// of three octets each.
    fn text(&mut self) -> Result<String> {
        let length = self.take(2)?.iter().fold(0, |n, octet| n << 8 | usize::from(*octet));
        let octets = self.take(length)?;
        let odd = || Error::damaged(STRUCTURE, "an alias that is not modified UTF-8");
        let mut units = Vec::with_capacity(length);
        let mut rest = octets;
        while let Some((&first, tail)) = rest.split_first() {
            let (value, used) = match (first, tail) {
                (0..=0x7f, _) => (u16::from(first), 0),
                (0xc0..=0xdf, [a, ..]) => (u16::from(first & 0x1f) << 6 | u16::from(a & 0x3f), 1),
                (0xe0..=0xef, [a, b, ..]) => {
                    (u16::from(first & 0x0f) << 12 | u16::from(a & 0x3f) << 6 | u16::from(b & 0x3f), 2)
                }
                _ => return Err(odd()),
            };
            units.push(value);
            rest = &tail[used..];
        }
        String::from_utf16(&units).map_err(|_| odd())
    }
}

/// Big-endian fields to the end of a buffer.
struct Output {
    octets: Zeroizing<Vec<u8>>,
}

impl Output {
    fn u32(&mut self, value: u32) {
        self.octets.extend_from_slice(&value.to_be_bytes());
    }

    fn count(&mut self, count: usize) -> Result<()> {
        self.u32(
            u32::try_from(count).map_err(|_| Error::TooMany { what: "entries", limit: limits::ENTRIES })?,
        );
        Ok(())
    }

    fn sized(&mut self, octets: &[u8]) -> Result<()> {
        self.count(octets.len())?;
        self.octets.extend_from_slice(octets);
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<()> {
        let mut encoded = Vec::with_capacity(text.len());
        for unit in text.encode_utf16() {
            // Each push keeps the low octet of a value that the mask has made to fit.
            match unit {
                1..=0x7f => encoded.push(unit as u8),
                0 | 0x80..=0x7ff => encoded.extend([(0xc0 | unit >> 6) as u8, (0x80 | unit & 0x3f) as u8]),
                _ => encoded.extend([
                    (0xe0 | unit >> 12) as u8,
                    (0x80 | unit >> 6 & 0x3f) as u8,
                    (0x80 | unit & 0x3f) as u8,
                ]),
            }
        }
        const LONGEST: usize = u16::MAX as usize;
        let length = u16::try_from(encoded.len())
            .map_err(|_| Error::TooMany { what: "octets in an alias", limit: LONGEST })?;
        self.octets.extend_from_slice(&length.to_be_bytes());
        self.octets.extend_from_slice(&encoded);
        Ok(())
    }

    fn certificate(&mut self, certificate: &Certificate) -> Result<()> {
        self.text("X.509")?;
        self.sized(certificate.der())
    }
}
