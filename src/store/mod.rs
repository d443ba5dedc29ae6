//! The one model of a key store: entries with aliases, whatever format they came from.
//!
//! Every format reads into [`Store`] and is written from it; a format module knows its own octets
//! and this model, and no other format.

mod combine;
pub mod connector_json;
pub mod detect;
pub mod java;
mod json;
mod loose;
pub mod pem;
pub mod pkcs12;
pub mod pkcs7;
mod single;
mod structure;

use std::fmt;

pub use crate::pbe::Protection;
use crate::{
    armor,
    ber::Reader,
    cert::Certificate,
    error::{Error, Result},
    key::{PrivateKey, PublicKey},
    limits::{self, WorkBudget},
    secret::Password,
};
use detect::Kind;

/// The format that a store was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// One X.509 certificate in DER.
    Certificate,
    /// A PKCS#10 certificate request in DER.
    CertificateRequest,
    /// The connector JSON.
    ConnectorJson,
    /// A certificate revocation list in DER.
    Crl,
    /// A DSA private key in OpenSSL's own form, in DER.
    Dsa,
    /// An encrypted PKCS#8 private key in DER.
    EncryptedPkcs8,
    /// A Java key store that holds secret keys too.
    Jceks,
    /// A Java key store of Sun's own kind.
    Jks,
    /// JSON with keys or certificates in some of its members.
    Json,
    /// PEM blocks.
    Pem,
    /// An RSA private key in DER (RFC 8017).
    Pkcs1,
    /// A PKCS#12 store (PFX).
    Pkcs12,
    /// A PKCS#7 certificate bundle in DER.
    Pkcs7,
    /// An unencrypted private key in DER (RFC 5958).
    Pkcs8,
    /// A public key in DER.
    PublicKey,
    /// An RSA public key in DER (RFC 8017).
    RsaPublicKey,
    /// An EC private key in DER (RFC 5915).
    Sec1,
}

impl Format {
    /// Its name, such as `PKCS#12 store (PFX)`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Certificate => "X.509 certificate (DER)",
            Self::CertificateRequest => "PKCS#10 certificate request (DER)",
            Self::ConnectorJson => "connector JSON",
            Self::Crl => "certificate revocation list (DER)",
            Self::Dsa => "DSA private key (DER)",
            Self::EncryptedPkcs8 => "encrypted PKCS#8 private key (DER)",
            Self::Jceks => "JCEKS key store",
            Self::Jks => "JKS key store",
            Self::Json => "JSON with PEM",
            Self::Pem => "PEM",
            Self::Pkcs1 => "PKCS#1 RSA private key (DER)",
            Self::Pkcs12 => "PKCS#12 store (PFX)",
            Self::Pkcs7 => "PKCS#7 certificate bundle (DER)",
            Self::Pkcs8 => "PKCS#8 private key (DER)",
            Self::PublicKey => "SubjectPublicKeyInfo (DER)",
            Self::RsaPublicKey => "PKCS#1 RSA public key (DER)",
            Self::Sec1 => "SEC1 EC private key (DER)",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is known of a store's integrity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integrity {
    /// The format or the file has no password-based integrity check.
    None,
    /// There is one, and without a password it was not checked.
    Unchecked,
    /// It was checked and holds.
    Verified,
}

/// A protection found in a file and what it protects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protected {
    /// What is protected, such as `private key`.
    pub part: &'static str,
    /// How.
    pub by: Protection,
}

/// Keys and certificates under aliases.
#[derive(Clone)]
pub struct Store {
    /// Where it came from.
    pub format: Format,
    /// Whether its integrity was checked.
    pub integrity: Integrity,
    /// Every encryption and MAC found, in the order of the file.
    pub protections: Vec<Protected>,
    /// Its entries, in the order of the file, keys before lone certificates.
    pub entries: Vec<Entry>,
    /// How many encrypted safes could not be looked into without a password. A key that could not
    /// is not counted here: it stands among the entries as [`Key::Locked`].
    pub locked_parts: usize,
    /// What else is worth knowing, in words.
    pub notes: Vec<String>,
    /// What is around it in its file: then the file is more than this store written again.
    pub wrapped: Option<&'static str>,
    /// What reading left of the file's work budget, for judging its keys.
    pub(crate) work_left: u64,
}

/// One entry of a store.
#[derive(Clone)]
pub struct Entry {
    /// Its name, where the format carries names.
    pub alias: Option<String>,
    /// What it is.
    pub content: Content,
}

/// What an entry holds.
#[derive(Clone)]
pub enum Content {
    /// A certificate by itself; `trusted` where the store marks it as a trust anchor.
    Certificate {
        /// The certificate.
        certificate: Certificate,
        /// Whether the store says to trust it.
        trusted: bool,
    },
    /// A private key with its certificate chain, leaf first; the chain may be empty.
    Key {
        /// The key, open or not.
        key: Key,
        /// The chain, leaf first.
        chain: Vec<Certificate>,
    },
    /// Something that is kept and counted, not interpreted.
    Opaque {
        /// What it is, without an article, such as `secret (1.2.3)`.
        what: String,
        /// How large it is.
        octets: usize,
    },
    /// A public key by itself.
    PublicKey(PublicKey),
}

impl Entry {
    /// Its certificates: a key's chain, leaf first, or the one that it is.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        match &self.content {
            Content::Certificate { certificate, .. } => std::slice::from_ref(certificate),
            Content::Key { chain, .. } => chain,
            Content::Opaque { .. } | Content::PublicKey(_) => &[],
        }
    }

    /// Whether it is a private key that could not be opened.
    #[must_use]
    pub fn is_locked_key(&self) -> bool {
        matches!(self.content, Content::Key { key: Key::Locked(_), .. })
    }

    /// Whether it is a private key, open or not.
    #[must_use]
    pub fn is_key(&self) -> bool {
        matches!(self.content, Content::Key { .. })
    }
}

impl Content {
    /// What it is, in words.
    #[must_use]
    pub fn describe(&self) -> &str {
        match self {
            Self::Certificate { .. } => "the certificate",
            Self::Key { key: Key::Locked(_), .. } => "the locked private key",
            Self::Key { .. } => "the private key",
            Self::Opaque { what, .. } => what,
            Self::PublicKey(_) => "the public key",
        }
    }
}

/// A private key, or the fact that one is there.
#[derive(Clone)]
pub enum Key {
    /// It needs a password that was not given.
    Locked(Protection),
    /// Here it is.
    Open(PrivateKey),
}

/// What to open a file with.
#[derive(Clone, Default)]
pub struct Unlock {
    /// The password of the store, or of the one key in the file. With `None`, what can be read
    /// without one is read, and password-less files are opened.
    pub password: Option<Password>,
    /// The password of the keys where it differs from the store's.
    pub key_password: Option<Password>,
    /// The most work of key derivation spent on the file, in the unit of
    /// [`limits::KDF_ROUNDS`], which `None` stands for.
    pub max_work: Option<u64>,
}

impl Unlock {
    /// With the store's password.
    #[must_use]
    pub fn with(password: Password) -> Self {
        Self { password: Some(password), ..Self::default() }
    }

    pub(crate) fn budget(&self) -> WorkBudget {
        WorkBudget::new(self.max_work.unwrap_or(limits::KDF_ROUNDS))
    }
}

/// The longest alias that is said in full where one has to be chosen.
const LABEL_OCTETS: usize = 200;

/// Reads a store, key or certificate of any readable format, told by its octets.
///
/// Without a password everything is read that can be; what is left is counted in
/// [`Store::locked_parts`] or stands as [`Key::Locked`].
///
/// # Errors
/// [`Error::WrongPassword`], [`Error::Damaged`], [`Error::UnsupportedAlgorithm`],
/// [`Error::WrongKind`] (recognised, but nothing that is read here), [`Error::Empty`],
/// [`Error::KdfTooCostly`], [`Error::TooMany`].
pub fn read(octets: &[u8], unlock: &Unlock) -> Result<Store> {
    read_within(octets, unlock, &mut unlock.budget())
}

/// The same, drawing on a work budget that several attempts at one file share.
pub(crate) fn read_within(octets: &[u8], unlock: &Unlock, budget: &mut WorkBudget) -> Result<Store> {
    let kind = detect::kind(octets);
    let mut store = read_as(kind, octets, unlock, budget)?;
    if (kind == Kind::Pkcs12 || single::format(kind).is_some())
        && let Ok(Some(structure)) = Reader::new(octets, "file").next()
        && structure.raw.len() < octets.len()
    {
        let trailing = octets.len() - structure.raw.len();
        store.notes.push(format!("{trailing} octets follow its end; they were ignored"));
        store.wrapped = Some("octets behind its end");
    }
    Ok(store)
}

fn read_as(kind: Kind, octets: &[u8], unlock: &Unlock, budget: &mut WorkBudget) -> Result<Store> {
    let read = match kind {
        Kind::Base64 => {
            let octets = armor::base64(octets).ok_or(Error::Empty)?;
            let mut store = read_as(detect::kind_in_base64(&octets), &octets, unlock, budget)?;
            store.notes.push("it is base64 without BEGIN and END lines".into());
            store.wrapped = Some("base64 around it");
            return Ok(store);
        }
        Kind::Utf16Text => {
            let text = armor::from_utf16(octets);
            let mut store = read_as(detect::text_kind(&text), &text, unlock, budget)?;
            store.notes.push("its text is UTF-16; most programs expect UTF-8".into());
            store.wrapped = Some("a text in UTF-16");
            return Ok(store);
        }
        Kind::Json => json::read(octets, unlock, budget),
        Kind::Jceks => java::read(octets, java::Kind::Jceks, unlock, budget),
        Kind::Jks => java::read(octets, java::Kind::Jks, unlock, budget),
        Kind::Pem => pem::read(octets, unlock, budget),
        Kind::Pkcs12 => pkcs12::read(octets, unlock, budget),
        Kind::Empty => Err(Error::Empty),
        one => single::read(one, octets, unlock, budget),
    };
    let mut store = read?;
    store.work_left = budget.left();
    Ok(store)
}

impl Store {
    /// An empty store of a format that has no integrity check.
    pub(crate) fn new(format: Format) -> Self {
        Self {
            format,
            integrity: Integrity::None,
            protections: Vec::new(),
            entries: Vec::new(),
            locked_parts: 0,
            notes: Vec::new(),
            wrapped: None,
            work_left: limits::KDF_ROUNDS,
        }
    }

    /// Whether anything in it needs a password that was not given, its integrity check included.
    #[must_use]
    pub fn needs_password(&self) -> bool {
        self.locked_parts > 0 || self.integrity == Integrity::Unchecked || self.has_locked_key()
    }

    /// How many private keys it holds, open or not.
    #[must_use]
    pub fn key_count(&self) -> usize {
        self.entries.iter().filter(|entry| entry.is_key()).count()
    }

    /// Whether it has a key that could not be opened without a password.
    #[must_use]
    pub fn has_locked_key(&self) -> bool {
        self.entries.iter().any(Entry::is_locked_key)
    }

    /// How an entry is called: its alias, or its position from 1 where it has none.
    #[must_use]
    pub fn label(&self, index: usize) -> String {
        match self.entries.get(index).and_then(|entry| entry.alias.as_deref()) {
            Some(alias) if !alias.is_empty() => alias.to_owned(),
            _ => format!("#{}", index + 1),
        }
    }

    /// The one entry that `wanted` accepts, or the one of them called `alias`: exactly, else
    /// regardless of case (as keytool compares), else by position (`#2`).
    ///
    /// # Errors
    /// [`Error::AliasAmbiguous`], [`Error::AliasUnknown`]; `none` where nothing qualifies.
    fn choose(
        &self,
        alias: Option<&str>,
        wanted: impl Fn(&Content) -> bool,
        none: impl FnOnce(String) -> Error,
    ) -> Result<usize> {
        let fitting: Vec<usize> =
            (0..self.entries.len()).filter(|&i| wanted(&self.entries[i].content)).collect();
        if fitting.is_empty() {
            return Err(none(self.summary()));
        }
        let Some(alias) = alias else {
            return match fitting[..] {
                [only] => Ok(only),
                _ => Err(Error::AliasAmbiguous {
                    count: fitting.len(),
                    aliases: self.distinct_labels(&fitting),
                }),
            };
        };
        let by = |matches: &dyn Fn(usize) -> bool| {
            fitting.iter().copied().filter(|&i| matches(i)).collect::<Vec<_>>()
        };
        let exact = by(&|i| self.label(i) == alias);
        let folded = by(&|i| self.label(i).to_lowercase() == alias.to_lowercase());
        let position = by(&|i| alias.strip_prefix('#').and_then(|n| n.parse().ok()) == Some(i + 1));
        for matches in [exact, folded, position] {
            match matches[..] {
                [] => {}
                [only] => return Ok(only),
                _ => {
                    let aliases = matches.iter().map(|i| format!("#{}", i + 1)).collect();
                    return Err(Error::AliasAmbiguous { count: matches.len(), aliases });
                }
            }
        }
        Err(Error::AliasUnknown { alias: alias.to_owned(), aliases: self.distinct_labels(&fitting) })
    }

    /// The same store with only the entry called `alias`, found as [`Store::key_entry`] finds it.
    ///
    /// # Errors
    /// [`Error::AliasAmbiguous`], [`Error::AliasUnknown`].
    pub fn only(mut self, alias: &str) -> Result<Self> {
        let found = |found| Error::NoKey { found };
        let index = self.choose(Some(alias), |_| true, found)?;
        self.entries = vec![self.entries.swap_remove(index)];
        Ok(self)
    }

    /// Labels that can be given to `--alias`: positions where an alias stands twice.
    fn distinct_labels(&self, indices: &[usize]) -> Vec<String> {
        let mut times = std::collections::HashMap::new();
        for &index in indices {
            *times.entry(self.label(index)).or_insert(0usize) += 1;
        }
        indices
            .iter()
            .map(|&index| match times.get(&self.label(index)) {
                // A name that fills the screen is no help.
                Some(1) if self.label(index).len() <= LABEL_OCTETS => self.label(index),
                _ => format!("#{}", index + 1),
            })
            .collect()
    }

    /// The only key entry, or the one called `alias`: index, key and chain.
    ///
    /// # Errors
    /// [`Error::NoKey`], [`Error::AliasAmbiguous`], [`Error::AliasUnknown`],
    /// [`Error::PasswordMissing`].
    pub fn key_entry(&self, alias: Option<&str>) -> Result<(usize, &PrivateKey, &[Certificate])> {
        if self.needs_password() && self.entries.is_empty() {
            return Err(Error::store_locked());
        }
        let index = self.choose(
            alias,
            |content| matches!(content, Content::Key { .. }),
            |found| Error::NoKey { found },
        )?;
        match &self.entries[index].content {
            Content::Key { key: Key::Open(key), chain } => Ok((index, key, chain)),
            _ => Err(Error::key_locked()),
        }
    }

    /// The only certificate entry (a key's leaf or one by itself), or the one called `alias`,
    /// with the rest of its chain.
    ///
    /// Where there is exactly one key with a certificate, its leaf is meant, whatever other
    /// certificates stand beside it.
    ///
    /// # Errors
    /// [`Error::NoCertificate`], [`Error::AliasAmbiguous`], [`Error::AliasUnknown`],
    /// [`Error::PasswordMissing`].
    pub fn certificate_entry(&self, alias: Option<&str>) -> Result<(usize, &Certificate, &[Certificate])> {
        if self.locked_parts > 0 {
            return Err(Error::store_locked());
        }
        let with_key = |content: &Content| matches!(content, Content::Key { chain, .. } if !chain.is_empty());
        let any = |content: &Content| with_key(content) || matches!(content, Content::Certificate { .. });
        let keys = self.entries.iter().filter(|entry| with_key(&entry.content)).count();
        let index = if alias.is_none() && keys == 1 {
            self.choose(None, with_key, |found| Error::NoCertificate { found })
        } else {
            self.choose(alias, any, |found| Error::NoCertificate { found })
        }?;
        match &self.entries[index].content {
            Content::Key { chain, .. } => match chain.split_first() {
                Some((leaf, rest)) => Ok((index, leaf, rest)),
                None => Err(Error::NoCertificate { found: self.summary() }),
            },
            Content::Certificate { certificate, .. } => Ok((index, certificate, &[])),
            _ => Err(Error::NoCertificate { found: self.summary() }),
        }
    }

    /// What it holds, in a few words.
    #[must_use]
    pub fn summary(&self) -> String {
        let count = |wanted: fn(&Content) -> bool| self.entries.iter().filter(|e| wanted(&e.content)).count();
        let words: Vec<String> = [
            (count(|c| matches!(c, Content::Key { .. })), "private key"),
            (count(|c| matches!(c, Content::Certificate { .. })), "certificate"),
            (count(|c| matches!(c, Content::PublicKey(_))), "public key"),
            (count(|c| matches!(c, Content::Opaque { .. })), "other entry"),
        ]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| match (n, word) {
            (1, word) => format!("1 {word}"),
            (n, "other entry") => format!("{n} other entries"),
            (n, word) => format!("{n} {word}s"),
        })
        .collect();
        // One thing of an unusual kind says more by its own name.
        match &self.entries[..] {
            [] => "nothing".into(),
            [Entry { content: Content::Opaque { what, .. }, .. }] => what.clone(),
            _ => words.join(", "),
        }
    }
}
