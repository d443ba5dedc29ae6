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
        let all: Vec<Certificate> =
            stores.iter().flat_map(|store| &store.entries).flat_map(Entry::certificates).cloned().collect();
        let (mut whole, mut pieces) = (Vec::new(), Vec::new());
        for store in stores {
            if store.integrity == Integrity::Unchecked {
                combined.integrity = Integrity::Unchecked;
            }
            combined.locked_parts += store.locked_parts;
            combined.protections.extend(store.protections);
            combined.notes.extend(store.notes);
            let is_whole = |entry: &Entry| entry.is_key() && !entry.certificates().is_empty();
            let (more_whole, more_pieces) = store.entries.into_iter().partition::<Vec<_>, _>(is_whole);
            whole.extend(more_whole);
            pieces.extend(more_pieces);
        }
        combined.entries = without_copies(whole);
        let known: HashSet<Vec<u8>> = combined.entries.iter().filter_map(identity).collect();
        let mut loose = Loose::default();
        let mut taken = HashSet::new();
        for entry in pieces {
            // A bare key that stands elsewhere with its certificate says nothing new.
            if entry.alias.is_some() || !identity(&entry).is_some_and(|key| known.contains(&key)) {
                loose.take_apart(entry, &mut taken);
            }
        }
        loose.assemble(&mut combined)?;
        combined.complete_chains(&all);
        let chained = combined.chained();
        combined.entries.retain(|entry| match &entry.content {
            Content::Certificate { certificate, trusted: false } if entry.alias.is_none() => {
                !chained.contains(certificate.der())
            }
            _ => true,
        });
        Ok(combined)
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
        let mut pool = Pool::new(self.entries.iter().flat_map(Entry::certificates).cloned().collect());
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
        let keys = self.entries.iter().filter(|entry| entry.is_key());
        keys.flat_map(Entry::certificates).map(|certificate| certificate.der().to_vec()).collect()
    }
}

/// What an open key is told by.
fn identity(entry: &Entry) -> Option<Vec<u8>> {
    match &entry.content {
        Content::Key { key: Key::Open(key), .. } => Some(key.public()?.identity().to_vec()),
        _ => None,
    }
}

/// The same name, key and chain once: a file named twice is one file.
fn without_copies(mut entries: Vec<Entry>) -> Vec<Entry> {
    let mut seen = HashSet::new();
    entries.retain(|entry| match identity(entry) {
        Some(key) => {
            let chain: Vec<Vec<u8>> = entry.certificates().iter().map(|one| one.der().to_vec()).collect();
            seen.insert((entry.alias.clone(), key, chain))
        }
        None => true,
    });
    entries
}

impl Loose {
    /// Takes an entry apart. A copy of a certificate that was taken is not taken again, unless it
    /// has a name or a mark of its own.
    pub(super) fn take_apart(&mut self, entry: Entry, taken: &mut HashSet<Vec<u8>>) {
        match entry.content {
            Content::Key { key, chain } => {
                // Whatever order the pieces are looked at in, a key stays with its leaf.
                let tie = (!chain.is_empty()).then(|| self.keys.len().to_be_bytes().to_vec());
                self.keys.push(LooseKey { key, alias: entry.alias, tie: tie.clone() });
                for (position, certificate) in chain.into_iter().enumerate() {
                    let tie = tie.clone().filter(|_| position == 0);
                    if taken.insert(certificate.der().to_vec()) || tie.is_some() {
                        let (alias, trusted) = (None, false);
                        self.certificates.push(LooseCertificate { certificate, alias, tie, trusted });
                    }
                }
            }
            Content::Certificate { certificate, trusted } => {
                let is_new = taken.insert(certificate.der().to_vec());
                let (alias, tie) = (entry.alias, None);
                if is_new || alias.is_some() || trusted {
                    self.certificates.push(LooseCertificate { certificate, alias, tie, trusted });
                }
            }
            content => self.others.push(Entry { alias: entry.alias, content }),
        }
    }
}
