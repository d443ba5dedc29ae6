//! JKS and JCEKS, Java's own key stores before PKCS#12 (file format as observed of keytool 8 to
//! 17).
//!
//! ```text
//! magic FEEDFEED (JKS) or CECECECE (JCEKS), version 1 or 2, count, then per entry:
//!   tag 1: alias, milliseconds, protected key, chain (type and DER each)
//!   tag 2: alias, milliseconds, one trusted certificate
//!   tag 3: alias, milliseconds, a serialised secret key (JCEKS)
//! then SHA-1 over password, "Mighty Aphrodite" and all of the above.
//! ```
//! The two differ in how a private key is protected: a JKS by Sun's SHA-1 stream, a JCEKS by
//! PBEWithMD5AndTripleDES.

mod fields;
mod protector;
mod sealed;

use std::collections::HashSet;

use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{Content, Entry, Format, Integrity, Key, Protected, Protection, Store, Unlock};
use crate::{
    cert::Certificate,
    error::{Error, Result},
    key::{PrivateKey, encrypted},
    limits::{self, WorkBudget},
    pbe::{Encryption, Spelling},
    secret::{Password, SecretBytes},
    time::Instant,
};
use fields::{Input, Output};

const KEY_ENTRY: u32 = 1;
const TRUSTED_ENTRY: u32 = 2;
const SECRET_ENTRY: u32 = 3;

/// Rounds of PBEWithMD5AndTripleDES written: keytool's own default since JDK 8u161. A store of many
/// keys gets fewer for each, so that it opens within the limit of work for one file.
const JCEKS_ITERATIONS: u32 = 200_000;

/// Which of Java's own two formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Keys and trusted certificates.
    Jks,
    /// The same, and secret keys.
    Jceks,
}

impl Kind {
    fn magic(self) -> u32 {
        match self {
            Self::Jks => 0xfeed_feed,
            Self::Jceks => 0xcece_cece,
        }
    }

    fn structure(self) -> &'static str {
        match self {
            Self::Jks => "JKS key store",
            Self::Jceks => "JCEKS key store",
        }
    }

    fn format(self) -> Format {
        match self {
            Self::Jks => Format::Jks,
            Self::Jceks => Format::Jceks,
        }
    }
}

/// Reads a JKS or JCEKS. Without a password the certificates are read and the integrity is not
/// checked.
///
/// # Errors
/// As [`super::read`].
pub(super) fn read(octets: &[u8], kind: Kind, unlock: &Unlock, budget: &mut WorkBudget) -> Result<Store> {
    let mut input = Input { rest: octets, structure: kind.structure() };
    let body_end = octets
        .len()
        .checked_sub(protector::DIGEST_OCTETS)
        .ok_or_else(|| input.damaged("cut off inside its header"))?;
    let (body, digest) = octets.split_at(body_end);
    let mut store = Store::new(kind.format());
    store.protections.push(Protected {
        part: "integrity",
        by: Protection { algorithm: "SHA1 digest with password".into(), kdf: "none".into(), iterations: 1 },
    });
    store.integrity = match &unlock.password {
        None => Integrity::Unchecked,
        Some(password) if bool::from(protector::integrity(password, body).ct_eq(digest)) => {
            Integrity::Verified
        }
        Some(_) => return Err(Error::WrongPassword { certain: false }),
    };
    input.rest = body;
    input.u32()?;
    let version = input.u32()?;
    if !(1..=2).contains(&version) {
        return Err(input.damaged(format!("version {version}; 1 or 2 was expected")));
    }
    let count = input.u32()? as usize;
    if count > limits::ENTRIES {
        return Err(Error::TooMany { what: "entries", limit: limits::ENTRIES });
    }
    let protections = &mut store.protections;
    let mut entries = Entries { version, unlock, budget, protections, certificates: 0 };
    for _ in 0..count {
        store.entries.push(entries.read(&mut input)?);
    }
    if !input.rest.is_empty() {
        return Err(input.damaged(format!("{} octets follow its last entry", input.rest.len())));
    }
    Ok(store)
}

struct Entries<'a> {
    version: u32,
    unlock: &'a Unlock,
    budget: &'a mut WorkBudget,
    protections: &'a mut Vec<Protected>,
    /// How many were read. A chain states its own length.
    certificates: usize,
}

impl Entries<'_> {
    fn read(&mut self, input: &mut Input<'_>) -> Result<Entry> {
        let kind = input.u32()?;
        let alias = Some(input.text()?);
        input.take(8)?; // When it was made, in milliseconds: not part of the model.
        let content = match kind {
            KEY_ENTRY => {
                let key = self.key(input.sized()?)?;
                let links = input.u32()?;
                let chain = (0..links).map(|_| self.certificate(input)).collect::<Result<_>>()?;
                Content::Key { key, chain }
            }
            TRUSTED_ENTRY => Content::Certificate { certificate: self.certificate(input)?, trusted: true },
            SECRET_ENTRY => {
                let before = input.rest.len();
                let algorithm = sealed::skip(input)?;
                let sealed_by = algorithm.map(|name| format!(", sealed with {name}")).unwrap_or_default();
                Content::Opaque { what: format!("secret key{sealed_by}"), octets: before - input.rest.len() }
            }
            other => return Err(input.damaged(format!("an entry of kind {other}; 1 to 3 was expected"))),
        };
        Ok(Entry { alias, content })
    }

    /// A key, opened where a password for it is there. One with a password of its own stays
    /// locked: the rest of the store is no worse for it.
    fn key(&mut self, protected: &[u8]) -> Result<Key> {
        let passwords = self.unlock.key_password.iter().chain(&self.unlock.password);
        if protector::is_used_by(protected) {
            let protection = protector::protection();
            self.protections.push(Protected { part: "private key", by: protection.clone() });
            for password in passwords {
                if let Some(key) = protector::unprotect(protected, password)? {
                    self.budget.spend(key.read_work())?;
                    return Ok(Key::Open(key));
                }
            }
            return Ok(Key::Locked(protection));
        }
        let encrypted = encrypted::EncryptedKey::read(protected)?;
        let protection = encrypted.protection();
        self.protections.push(Protected { part: "private key", by: protection.clone() });
        let spellings: Vec<Spelling> = passwords.flat_map(Spelling::candidates).collect();
        match encrypted.open_with_any(&spellings, self.budget) {
            Ok(key) => Ok(Key::Open(key)),
            Err(Error::WrongPassword { .. }) => Ok(Key::Locked(protection)),
            Err(other) => Err(other),
        }
    }

    fn certificate(&mut self, input: &mut Input<'_>) -> Result<Certificate> {
        if self.version == 2 {
            let kind = input.text()?;
            if kind != "X.509" {
                return Err(input.damaged(format!("a certificate of type \"{kind}\"; X.509 was expected")));
            }
        }
        self.certificates += 1;
        if self.certificates > limits::ENTRIES {
            return Err(Error::TooMany { what: "certificates", limit: limits::ENTRIES });
        }
        Certificate::from_der(input.sized()?)
    }
}

/// Writes keys and trusted certificates, keys under the store's own password, as keytool does.
/// Aliases become lower case, as keytool's are. `now` dates the entries.
///
/// # Errors
/// [`Error::Unwritable`] for an entry that the format cannot hold and for two entries of one
/// name, [`Error::TooMany`] for a text or a key that its length fields cannot state.
pub fn write(
    store: &Store,
    kind: Kind,
    password: &Password,
    now: Instant,
    rng: &mut dyn CryptoRng,
) -> Result<SecretBytes> {
    let keys = store.key_count();
    // A round is two hashes; half of the limit is left.
    let affordable = limits::KDF_ROUNDS / (4 * keys.max(1) as u64);
    let iterations = u32::try_from(affordable).unwrap_or(u32::MAX).min(JCEKS_ITERATIONS);
    let mut output = Output { octets: Zeroizing::new(Vec::with_capacity(16 << 10)) };
    output.u32(kind.magic());
    output.u32(2);
    output.count(store.entries.len())?;
    let milliseconds = now.unix().saturating_mul(1000).to_be_bytes();
    let mut aliases = HashSet::new();
    for (index, entry) in store.entries.iter().enumerate() {
        let alias = store.label(index).to_lowercase();
        if !aliases.insert(alias.clone()) {
            return Err(Error::Unwritable {
                what: format!("a second entry named \"{alias}\""),
                target: kind.structure(),
            });
        }
        let mut begin = |tag| -> Result<()> {
            output.u32(tag);
            output.text(&alias)?;
            output.octets.extend_from_slice(&milliseconds);
            Ok(())
        };
        match &entry.content {
            Content::Key { key: Key::Open(key), chain } => {
                begin(KEY_ENTRY)?;
                output.sized(&protect(key, kind, password, iterations, rng)?)?;
                output.count(chain.len())?;
                chain.iter().try_for_each(|certificate| put_certificate(&mut output, certificate))?;
            }
            Content::Certificate { certificate, .. } => {
                begin(TRUSTED_ENTRY)?;
                put_certificate(&mut output, certificate)?;
            }
            other => {
                let what = format!("{} \"{alias}\"", other.describe());
                return Err(Error::Unwritable { what, target: kind.structure() });
            }
        }
    }
    let digest = protector::integrity(password, &output.octets);
    output.octets.extend_from_slice(&digest);
    Ok(SecretBytes::from(output.octets))
}

fn protect(
    key: &PrivateKey,
    kind: Kind,
    password: &Password,
    iterations: u32,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>> {
    match kind {
        Kind::Jks => protector::protect(key, password, rng),
        Kind::Jceks => {
            let spelling = Spelling::standard(password);
            encrypted::pkcs8_by(key, Encryption::SunTripleDes, &spelling, iterations, rng)
        }
    }
}

fn put_certificate(output: &mut Output, certificate: &Certificate) -> Result<()> {
    output.text("X.509")?;
    output.sized(certificate.der())
}
