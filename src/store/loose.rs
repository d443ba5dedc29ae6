//! Keys and certificates as they lie in a file, before it is known which belong together.

use std::collections::{HashMap, HashSet};

use super::{Content, Entry, Integrity, Key, Protected, Protection, Store};
use crate::{
    cert::{Certificate, chain::Pool},
    error::{Error, Result},
    key::PublicKey,
    limits::{self, WorkBudget},
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
    pub(super) fn add_key(&mut self, key: Key, budget: &mut WorkBudget) -> Result<()> {
        if let Key::Open(key) = &key {
            budget.spend(key.read_work())?;
        }
        self.keys.push(LooseKey { key, alias: None, tie: None });
        Ok(())
    }

    pub(super) fn add_public_key(&mut self, key: PublicKey) {
        self.others.push(Entry { alias: None, content: Content::PublicKey(key) });
    }

    pub(super) fn add_opaque(&mut self, what: String, octets: usize) {
        self.others.push(Entry { alias: None, content: Content::Opaque { what, octets } });
    }

    /// Adds a whole store that stands inside a text.
    pub(super) fn add_store(&mut self, store: Store) {
        self.holds_store = true;
        self.locked_parts += store.locked_parts;
        self.unchecked |= store.integrity == Integrity::Unchecked;
        self.protections.extend(store.protections);
        let mut taken = HashSet::new();
        store.entries.into_iter().for_each(|entry| self.take_apart(entry, &mut taken));
    }

    pub(super) fn add_certificate(&mut self, certificate: Certificate) {
        self.certificates.push(LooseCertificate { certificate, alias: None, tie: None, trusted: false });
    }

    /// A key that the given password does not open.
    pub(super) fn locked_out(&mut self, protection: Protection) -> Key {
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

    pub(super) fn protect(&mut self, by: Protection) {
        self.protections.push(Protected { part: "private key", by });
    }

    /// Puts together what belongs together and fills `store`.
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
        let chosen = leaves(&keys, &certificates);
        let leaves: HashSet<usize> = chosen.iter().flatten().copied().collect();
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

/// For each key the index of its leaf.
///
/// A key's leaf is the certificate over the same public key; where several are (a renewed
/// one beside the old), the one that the file ties to it, else the one that lasts longest.
/// Where none is, the one that the file ties to it, or, for the only key of a file that ties
/// nothing, its first certificate: that they do not fit is then for the reader to say.
fn leaves(keys: &[LooseKey], certificates: &[LooseCertificate]) -> Vec<Option<usize>> {
    let mut by_key: HashMap<&[u8], Vec<usize>> = HashMap::new();
    let mut by_tie: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (index, loose) in certificates.iter().enumerate() {
        by_key.entry(loose.certificate.public_key().identity()).or_default().push(index);
        if let Some(tie) = &loose.tie {
            by_tie.entry(tie).or_default().push(index);
        }
    }
    let only_key = keys.len() == 1;
    let mut chosen = Vec::with_capacity(keys.len());
    for loose in keys {
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
        chosen.push(leaf);
    }
    chosen
}
