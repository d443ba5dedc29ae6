//! Several stores put together into one, and chains completed from certificates at hand.

use std::collections::HashSet;

use super::{
    Content, Entry, Format, Integrity, Key, Store,
    loose::{Loose, LooseCertificate, LooseKey},
};
use crate::{
    cert::{
        Certificate,
        chain::{self, Pool},
    },
    error::{Error, Result},
    limits,
};

impl Store {
    /// One store with everything that `stores` hold, in their order: a key and its certificate
    /// from two files become one entry, and a certificate that issued another stands in its chain.
    /// What is a key with its chain already stays so. One store by itself stays as it is.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub(crate) fn combined(stores: Vec<Self>) -> Result<Self> {
        if let [_] = stores[..] {
            return stores.into_iter().next().ok_or(Error::Empty);
        }
        let mut combined = Self::new(stores.first().map_or(Format::Pem, |store| store.format));
        let in_chains: HashSet<Vec<u8>> = stores
            .iter()
            .flat_map(|store| &store.entries)
            .filter_map(|entry| match &entry.content {
                Content::Key { chain, .. } => Some(chain),
                _ => None,
            })
            .flatten()
            .map(|certificate| certificate.der().to_vec())
            .collect();
        let mut loose = Loose::default();
        let mut taken: HashSet<Vec<u8>> = HashSet::new();
        for store in stores {
            if store.integrity == Integrity::Unchecked {
                combined.integrity = Integrity::Unchecked;
            }
            combined.locked_parts += store.locked_parts;
            combined.protections.extend(store.protections);
            combined.notes.extend(store.notes);
            for entry in store.entries {
                match &entry.content {
                    Content::Key { chain, .. } if !chain.is_empty() => combined.add_whole(entry),
                    _ => loose.take_apart(entry, &in_chains, &mut taken),
                }
            }
        }
        let issuers: Vec<Certificate> =
            loose.certificates.iter().map(|loose| loose.certificate.clone()).collect();
        combined.complete_chains(&issuers);
        let placed = combined.chained();
        loose.certificates.retain(|loose| {
            let nameless = loose.alias.is_none() && !loose.trusted;
            !(nameless && placed.contains(loose.certificate.der()))
        });
        loose.assemble(&mut combined)?;
        Ok(combined)
    }

    /// Adds a key with its chain, unless it is there already: a file named twice is one file.
    fn add_whole(&mut self, entry: Entry) {
        let same = |other: &Entry| match (&entry.content, &other.content) {
            (
                Content::Key { key: Key::Open(key), chain },
                Content::Key { key: Key::Open(other_key), chain: other_chain },
            ) => {
                entry.alias == other.alias
                    && chain == other_chain
                    && key.pkcs8_der().same_as(other_key.pkcs8_der())
            }
            _ => false,
        };
        // Only neighbours of the same name can be one: looking at all would be quadratic.
        if !self.entries.iter().rev().take(limits::CHAIN).any(same) {
            self.entries.push(entry);
        }
    }

    /// Completes every key's chain from `issuers`.
    pub(crate) fn complete_chains(&mut self, issuers: &[Certificate]) {
        let mut pool = Pool::new(issuers.to_vec());
        for entry in &mut self.entries {
            let Content::Key { chain, .. } = &mut entry.content else { continue };
            if chain::is_ordered(chain) {
                if let Some(last) = chain.last().cloned() {
                    let longest = limits::CHAIN.saturating_sub(chain.len());
                    let found = pool.issuers(&last, longest);
                    let new = found.into_iter().take_while(|one| !chain.contains(one)).collect::<Vec<_>>();
                    chain.extend(new);
                }
                continue;
            }
            let Some((leaf, rest)) = chain.split_first() else { continue };
            let mut all = Pool::new(rest.iter().chain(issuers).cloned().collect());
            let found = all.issuers(leaf, limits::CHAIN);
            // What does not link up is kept behind what does.
            let strays: Vec<Certificate> = rest.iter().filter(|one| !found.contains(one)).cloned().collect();
            *chain = std::iter::once(leaf.clone()).chain(found).chain(strays).collect();
        }
    }

    /// For each entry, whether its chain is the one that the store's certificates make by
    /// themselves. Formats that keep certificates apart from keys keep no other.
    pub(crate) fn chains_that_link(&self) -> Vec<bool> {
        let mut pool = Pool::new(self.entries.iter().flat_map(certificates).cloned().collect());
        let links = |entry: &Entry| match &entry.content {
            Content::Key { chain, .. } => match chain.split_first() {
                Some((leaf, rest)) => pool.issuers(leaf, limits::CHAIN) == rest,
                None => true,
            },
            _ => true,
        };
        self.entries.iter().map(links).collect()
    }

    /// The certificates in its keys' chains.
    pub(crate) fn chained(&self) -> HashSet<Vec<u8>> {
        let chains = self.entries.iter().filter_map(|entry| match &entry.content {
            Content::Key { chain, .. } => Some(chain),
            _ => None,
        });
        chains.flatten().map(|certificate| certificate.der().to_vec()).collect()
    }
}

/// An entry's certificates.
fn certificates(entry: &Entry) -> &[Certificate] {
    match &entry.content {
        Content::Key { chain, .. } => chain,
        Content::Certificate { certificate, .. } => std::slice::from_ref(certificate),
        Content::Opaque { .. } | Content::PublicKey(_) => &[],
    }
}

impl Loose {
    /// Takes an entry apart. A certificate without a name that stands in a chain is not taken
    /// twice; nor is a copy of one that was taken.
    pub(super) fn take_apart(
        &mut self,
        entry: Entry,
        in_chains: &HashSet<Vec<u8>>,
        taken: &mut HashSet<Vec<u8>>,
    ) {
        match entry.content {
            Content::Key { key, chain } => {
                // Whatever order the pieces are looked at in, a key stays with its leaf.
                let tie = (!chain.is_empty()).then(|| self.keys.len().to_be_bytes().to_vec());
                self.keys.push(LooseKey { key, alias: entry.alias, tie: tie.clone() });
                for (position, certificate) in chain.into_iter().enumerate() {
                    let tie = tie.clone().filter(|_| position == 0);
                    if taken.insert(certificate.der().to_vec()) || tie.is_some() {
                        self.certificates.push(LooseCertificate {
                            certificate,
                            alias: None,
                            tie,
                            trusted: false,
                        });
                    }
                }
            }
            Content::Certificate { certificate, trusted } => {
                let der = certificate.der().to_vec();
                let nameless = entry.alias.is_none() && !trusted;
                // One that a chain will bring is left for the chain to bring.
                let left_to_a_chain = nameless && in_chains.contains(&der);
                let is_copy = !left_to_a_chain && !taken.insert(der);
                if !(left_to_a_chain || nameless && is_copy) {
                    let tie = None;
                    self.certificates.push(LooseCertificate {
                        certificate,
                        alias: entry.alias,
                        tie,
                        trusted,
                    });
                }
            }
            content => self.others.push(Entry { alias: entry.alias, content }),
        }
    }
}
