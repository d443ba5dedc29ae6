//! Several stores put together into one, and chains completed from certificates at hand.

use std::collections::HashSet;

use super::{
    Content, Entry, Format, Store,
    loose::{Loose, LooseCertificate, LooseKey},
};
use crate::{
    cert::{Certificate, chain::Pool},
    error::{Error, Result},
    limits,
};

impl Store {
    /// One store with everything that `stores` hold, in their order: a key and its certificate
    /// from two files become one entry, and a certificate that issued another stands in its chain.
    /// One store by itself stays as it is.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub fn combined(mut stores: Vec<Self>) -> Result<Self> {
        if stores.len() == 1 {
            return stores.pop().ok_or(Error::Empty);
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
            combined.locked_parts += store.locked_parts;
            combined.protections.extend(store.protections);
            combined.notes.extend(store.notes);
            for entry in store.entries {
                loose.take_apart(entry, &in_chains, &mut taken);
            }
        }
        loose.assemble(&mut combined)?;
        Ok(combined)
    }

    /// Completes every key's chain from `issuers`; how many of them found a place.
    pub fn complete_chains(&mut self, issuers: &[Certificate]) -> usize {
        let mut used = HashSet::new();
        for entry in &mut self.entries {
            let Content::Key { chain, .. } = &mut entry.content else { continue };
            let Some((leaf, rest)) = chain.split_first() else { continue };
            let mut pool = Pool::new(rest.iter().chain(issuers).cloned().collect());
            let found = pool.issuers(leaf, limits::CHAIN);
            used.extend(found.iter().filter(|one| issuers.contains(one)).map(|one| one.der().to_vec()));
            // What does not link up is kept behind what does.
            let strays: Vec<Certificate> = rest.iter().filter(|one| !found.contains(one)).cloned().collect();
            *chain = std::iter::once(leaf.clone()).chain(found).chain(strays).collect();
        }
        used.len()
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
