//! Keys and certificates as they lie in a file, before it is known which belong together.

use std::collections::{HashMap, HashSet};

use super::{
    Content, Entry, Integrity, Key, Protected, Store, Unlock,
    detect::{self, Kind},
    java, pkcs7, pkcs12,
};
use crate::{
    armor::Block,
    ber::{Reader, tag},
    cert::{Certificate, chain::Pool},
    error::{Error, Result},
    key::{
        PrivateKey, PublicKey,
        encoding::{self, EncryptedKey},
    },
    limits::{self, WorkBudget},
    pbe::{Protection, Spelling, Traditional},
    secret::Password,
};

/// What a certificate in a chain counts for besides its own octets: a report says as much of the
/// smallest.
const LINK_OCTETS: usize = 500;

/// A private key as it lies in a file.
pub(super) struct LooseKey {
    pub(super) key: Key,
    pub(super) alias: Option<String>,
    /// What ties it to its certificate (PKCS#12 localKeyID).
    pub(super) tie: Option<Vec<u8>>,
}

/// A certificate as it lies in a file.
pub(super) struct LooseCertificate {
    pub(super) certificate: Certificate,
    pub(super) alias: Option<String>,
    pub(super) tie: Option<Vec<u8>>,
    pub(super) trusted: bool,
}

/// Everything loose in a file.
#[derive(Default)]
pub(super) struct Loose {
    pub(super) keys: Vec<LooseKey>,
    pub(super) certificates: Vec<LooseCertificate>,
    pub(super) others: Vec<Entry>,
    pub(super) protections: Vec<Protected>,
    /// Whether a given password did not open one of the keys.
    locked_out: bool,
    /// Encrypted safes of stores inside the text that could not be looked into.
    locked_parts: usize,
    /// Whether the integrity of such a store could not be checked.
    unchecked: bool,
    /// Whether there is such a store.
    holds_store: bool,
}

impl Loose {
    /// Adds what a PEM block holds. What that is is told by its octets: labels are typed, copied and
    /// wrong more often than DER is.
    ///
    /// # Errors
    /// As [`super::read`]; a block of an unknown kind is an opaque entry.
    pub(super) fn add_block(
        &mut self,
        block: &Block,
        unlock: &Unlock,
        budget: &mut WorkBudget,
    ) -> Result<()> {
        if let Some(dek_info) = &block.dek_info {
            let key = self.open_traditional(dek_info, block.der.expose(), unlock)?;
            return self.add_key(key, budget);
        }
        let der = block.der.expose();
        match (block.label.as_str(), detect::binary_kind(der)) {
            // Curve parameters that OpenSSL writes before an EC key, which names its curve itself.
            ("EC PARAMETERS", _) => Ok(()),
            // OpenSSL's own label: a certificate with trust settings behind it.
            ("TRUSTED CERTIFICATE", _) => {
                let certificate =
                    Reader::new(der, "TRUSTED CERTIFICATE").expect(tag::SEQUENCE, "a certificate")?;
                self.add_certificate(Certificate::from_der(certificate.raw)?);
                Ok(())
            }
            (label, Kind::Unknown | Kind::Empty) => self.add_by_label(label, der),
            (_, kind) => self.add_structure(kind, der, unlock, budget),
        }
    }

    /// What is no structure of any kind is damage where the label names one.
    fn add_by_label(&mut self, label: &str, der: &[u8]) -> Result<()> {
        match label {
            "CERTIFICATE" | "X509 CERTIFICATE" => Certificate::from_der(der).map(drop),
            "PRIVATE KEY" => encoding::private_from_pkcs8(der).map(drop),
            "ENCRYPTED PRIVATE KEY" => EncryptedKey::read(der).map(drop),
            "RSA PRIVATE KEY" => encoding::private_from_pkcs1(der).map(drop),
            "EC PRIVATE KEY" => encoding::private_from_sec1(der).map(drop),
            "PUBLIC KEY" => encoding::public_from_spki(der).map(drop),
            "PKCS7" | "CMS" => pkcs7::read_into(self, der),
            _ => Ok(()),
        }?;
        self.add_opaque(format!("PEM block \"{label}\""), der.len());
        Ok(())
    }

    /// Adds a structure of a known kind.
    ///
    /// # Errors
    /// As [`super::read`].
    pub(super) fn add_structure(
        &mut self,
        kind: Kind,
        der: &[u8],
        unlock: &Unlock,
        budget: &mut WorkBudget,
    ) -> Result<()> {
        match kind {
            Kind::Certificate => self.add_certificate(Certificate::from_der(der)?),
            Kind::Pkcs7 => pkcs7::read_into(self, der)?,
            Kind::PublicKey => self.add_public_key(encoding::public_from_spki(der)?),
            Kind::RsaPublicKey => self.add_public_key(encoding::public_from_pkcs1(der)?),
            // Stores in text: what certtool and Windows' certutil write, and secret stores keep.
            Kind::Pkcs12 => self.add_store(pkcs12::read(der, unlock, budget)?),
            Kind::Jks => self.add_store(java::read(der, java::Kind::Jks, unlock, budget)?),
            Kind::Jceks => self.add_store(java::read(der, java::Kind::Jceks, unlock, budget)?),
            Kind::EncryptedPkcs8 => {
                let key = self.open_encrypted(der, unlock, budget)?;
                self.keys.push(LooseKey { key, alias: None, tie: None });
            }
            Kind::Pkcs8 | Kind::Pkcs1 | Kind::Sec1 | Kind::Dsa => {
                let key = private_key(kind, der)?;
                return self.add_key(Key::Open(key), budget);
            }
            other => self.add_opaque(other.describe().to_owned(), der.len()),
        }
        Ok(())
    }

    fn add_key(&mut self, key: Key, budget: &mut WorkBudget) -> Result<()> {
        if let Key::Open(key) = &key {
            budget.spend(key.read_work())?;
        }
        self.keys.push(LooseKey { key, alias: None, tie: None });
        Ok(())
    }

    fn add_public_key(&mut self, key: PublicKey) {
        self.others.push(Entry { alias: None, content: Content::PublicKey(key) });
    }

    fn add_opaque(&mut self, what: String, octets: usize) {
        self.others.push(Entry { alias: None, content: Content::Opaque { what, octets } });
    }

    /// Adds a whole store that stands inside a text.
    fn add_store(&mut self, store: Store) {
        self.holds_store = true;
        self.locked_parts += store.locked_parts;
        self.unchecked |= store.integrity == Integrity::Unchecked;
        self.protections.extend(store.protections);
        let (in_chains, mut taken) = (HashSet::new(), HashSet::new());
        store.entries.into_iter().for_each(|entry| self.take_apart(entry, &in_chains, &mut taken));
    }

    pub(super) fn add_certificate(&mut self, certificate: Certificate) {
        self.certificates.push(LooseCertificate { certificate, alias: None, tie: None, trusted: false });
    }

    pub(super) fn open_encrypted(
        &mut self,
        der: &[u8],
        unlock: &Unlock,
        budget: &mut WorkBudget,
    ) -> Result<Key> {
        let encrypted = EncryptedKey::read(der)?;
        let protection = encrypted.protection();
        self.protect(protection.clone());
        let Some(spellings) = key_spellings(unlock) else {
            return Ok(Key::Locked(protection));
        };
        match encrypted.open_with_any(&spellings, budget) {
            Ok(key) => Ok(Key::Open(key)),
            Err(Error::WrongPassword { .. }) => Ok(self.locked_out(protection)),
            Err(other) => Err(other),
        }
    }

    /// A key that the given password does not open.
    fn locked_out(&mut self, protection: Protection) -> Key {
        self.locked_out = true;
        Key::Locked(protection)
    }

    /// One key that does not open is no reason to refuse the rest; a file that gives no key at all
    /// for its password is.
    ///
    /// # Errors
    /// [`Error::WrongPassword`].
    pub(super) fn require_right_password(&self) -> Result<()> {
        let opened = self.keys.iter().any(|loose| matches!(loose.key, Key::Open(_)));
        if self.locked_out && !opened { Err(Error::WrongPassword { certain: false }) } else { Ok(()) }
    }

    fn open_traditional(&mut self, dek_info: &str, octets: &[u8], unlock: &Unlock) -> Result<Key> {
        let scheme = Traditional::read(dek_info)?;
        self.protect(scheme.protection());
        let Some(spellings) = key_spellings(unlock) else {
            return Ok(Key::Locked(scheme.protection()));
        };
        for spelling in &spellings {
            let plain = scheme.decrypt(spelling, octets);
            match plain.and_then(|plain| private_key(detect::binary_kind(plain.expose()), plain.expose())) {
                Ok(key) => return Ok(Key::Open(key)),
                // Garbage that happened to have good padding is a wrong password still.
                Err(Error::Damaged { .. } | Error::WrongPassword { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(self.locked_out(scheme.protection()))
    }

    fn protect(&mut self, by: Protection) {
        self.protections.push(Protected { part: "private key", by });
    }

    /// Puts together what belongs together and fills `store`.
    ///
    /// A key's leaf is the certificate over the same public key; where several are (a renewed
    /// one beside the old), the one that the file ties to it, else the one that lasts longest.
    /// Where none is, the one that the file ties to it, or, for the only key of a file that ties
    /// nothing, its first certificate: that they do not fit is then for the reader to say.
    pub(super) fn assemble(self, store: &mut Store) -> Result<()> {
        if self.holds_store {
            store.wrapped = Some("a text around it");
        }
        let Self { keys, certificates, others, protections, locked_parts, unchecked, .. } = self;
        store.locked_parts += locked_parts;
        if unchecked {
            store.integrity = Integrity::Unchecked;
        }
        if keys.len() + certificates.len() + others.len() > limits::ENTRIES {
            return Err(Error::TooMany { what: "entries", limit: limits::ENTRIES });
        }
        store.protections.extend(protections);
        let mut by_key: HashMap<&[u8], Vec<usize>> = HashMap::new();
        let mut by_tie: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for (index, loose) in certificates.iter().enumerate() {
            by_key.entry(loose.certificate.public_key().identity()).or_default().push(index);
            if let Some(tie) = &loose.tie {
                by_tie.entry(tie).or_default().push(index);
            }
        }
        let mut leaves: HashSet<usize> = HashSet::new();
        let only_key = keys.len() == 1;
        let mut chosen = Vec::with_capacity(keys.len());
        for loose in &keys {
            let same_key = match &loose.key {
                Key::Open(key) => key.public().and_then(|public| by_key.get(public.identity())),
                Key::Locked(_) => None,
            };
            let tied = loose.tie.as_ref().and_then(|tie| by_tie.get(tie.as_slice()));
            // A key whose public half cannot be computed is no other kind than its certificate's.
            let of_its_kind = |index: &usize| match &loose.key {
                Key::Open(key) if key.public().is_none() => {
                    key.algorithm() == certificates[*index].certificate.public_key().algorithm()
                }
                _ => !certificates[*index].trusted,
            };
            let is_tied = |index: &usize| loose.tie.is_some() && certificates[*index].tie == loose.tie;
            let leaf = same_key
                .and_then(|all| {
                    let latest = || all.iter().max_by_key(|i| certificates[**i].certificate.not_after());
                    all.iter().find(|i| is_tied(i)).or_else(latest)
                })
                .copied()
                .or_else(|| tied?.iter().copied().find(of_its_kind))
                .or_else(|| {
                    let alone = only_key && loose.tie.is_none();
                    alone.then(|| (0..certificates.len()).find(of_its_kind)).flatten()
                });
            leaves.extend(leaf);
            chosen.push(leaf);
        }
        let mut chained = 0;
        let mut pool = Pool::new(certificates.iter().map(|loose| loose.certificate.clone()).collect());
        for (loose, leaf) in keys.into_iter().zip(chosen) {
            let mut chain = Vec::new();
            let mut alias = loose.alias;
            if let Some(index) = leaf {
                let certificate = &certificates[index].certificate;
                chain.push(certificate.clone());
                chain.extend(pool.issuers(certificate, limits::CHAIN));
                chained += chain.iter().map(|link| link.der().len() + LINK_OCTETS).sum::<usize>();
                if chained > limits::CHAINED_OCTETS {
                    let what = "octets of certificates in the chains of its keys";
                    return Err(Error::TooMany { what, limit: limits::CHAINED_OCTETS });
                }
                // An empty name says no more than none.
                alias = alias.filter(|name| !name.is_empty());
                if let (Some(key), Some(leaf)) = (&alias, &certificates[index].alias)
                    && key != leaf
                {
                    store.notes.push(format!("the key \"{key}\" has a certificate named \"{leaf}\""));
                }
                // A trusted certificate's name is its own entry's.
                let lent = certificates[index].alias.clone().filter(|_| !certificates[index].trusted);
                alias = alias.or(lent);
            }
            store.entries.push(Entry { alias, content: Content::Key { key: loose.key, chain } });
        }
        let chained: Vec<Certificate> = (certificates.iter().enumerate())
            .filter(|(index, _)| leaves.contains(index) || pool.used()[*index])
            .map(|(_, loose)| loose.certificate.clone())
            .collect();
        let chained: HashSet<&[u8]> = chained.iter().map(Certificate::der).collect();
        for (index, loose) in certificates.into_iter().enumerate() {
            // What is marked as trusted is an entry, wherever else it stands; so is an issuer that
            // has a name of its own. A further copy of what is neither says nothing new: a PEM
            // file with two chains has their common issuers twice.
            let part_of_chain = chained.contains(loose.certificate.der()) && loose.alias.is_none();
            if loose.trusted || !leaves.contains(&index) && !part_of_chain {
                let content = Content::Certificate { certificate: loose.certificate, trusted: loose.trusted };
                store.entries.push(Entry { alias: loose.alias, content });
            }
        }
        store.entries.extend(others);
        Ok(())
    }
}

/// A private key in one of the unencrypted forms.
fn private_key(kind: Kind, der: &[u8]) -> Result<PrivateKey> {
    match kind {
        Kind::Pkcs8 => encoding::private_from_pkcs8(der),
        Kind::Pkcs1 => encoding::private_from_pkcs1(der),
        Kind::Sec1 => encoding::private_from_sec1(der),
        Kind::Dsa => encoding::private_from_dsa(der),
        other => Err(Error::damaged("private key", format!("it is {}", other.describe()))),
    }
}

/// The spellings to try on an encrypted key; `None` where there is no password.
fn key_spellings(unlock: &Unlock) -> Option<Vec<Spelling>> {
    let passwords: Vec<&Password> = unlock.key_password.iter().chain(&unlock.password).collect();
    (!passwords.is_empty()).then(|| passwords.into_iter().flat_map(Spelling::candidates).collect())
}
