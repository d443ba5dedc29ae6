//! Where key and certificate come from: one file with both, or two.

use crate::{
    cert::{Certificate, verify},
    error::{Error, Result},
    key::PrivateKey,
    ops::{Origin, export_cer},
    store::{Entry, Integrity, Store},
};

/// Where key and certificate come from.
pub enum Source {
    /// One file holds both.
    Store(Store, String),
    /// Two files.
    Pair {
        /// The file with the key, and its name.
        key: (Store, String),
        /// The file with the certificate, and its name.
        certificate: (Store, String),
    },
}

/// A key and the certificate that is its own.
pub(super) struct Credential<'a> {
    /// The entry's name in the store that it came from, where it has one.
    pub(super) alias: Option<&'a str>,
    /// The key.
    pub(super) key: &'a PrivateKey,
    /// Its certificate, then the issuers that are wanted; never empty.
    pub(super) chain: Vec<Certificate>,
}

impl Credential<'_> {
    /// The certificate.
    pub(super) fn leaf(&self) -> &Certificate {
        &self.chain[0]
    }
}

impl Source {
    /// What is to be said of the files.
    pub(super) fn origin(&self) -> Origin {
        let mut origin = Origin::default();
        match self {
            Self::Store(store, name) => origin.add(store, name),
            Self::Pair { key, certificate } => {
                [key, certificate].into_iter().for_each(|(store, name)| origin.add(store, name));
            }
        }
        origin
    }

    /// The key and the certificate that belongs to it; with `whole_chain` its issuers too.
    ///
    /// # Errors
    /// [`Error::NoKey`], [`Error::NoCertificate`], [`Error::AliasAmbiguous`],
    /// [`Error::AliasUnknown`], [`Error::KeyMismatch`], [`Error::PasswordMissing`], each naming the
    /// file.
    pub(super) fn credential(&self, alias: Option<&str>, whole_chain: bool) -> Result<Credential<'_>> {
        let (mut credential, name) = match self {
            Self::Store(store, name) => {
                (key_and_chain(store, alias).map_err(|error| error.in_file(name))?, name)
            }
            Self::Pair { key: (store, name), certificate } => {
                let found = usable(store).and_then(|()| store.key_entry(alias));
                let (index, key, _) = found.map_err(|error| error.in_file(name))?;
                let chain = chain_for(key, &certificate.0).map_err(|error| error.in_file(&certificate.1))?;
                (Credential { alias: store.entries[index].alias.as_deref(), key, chain }, name)
            }
        };
        verify::require_fit(credential.key, credential.leaf()).map_err(|error| error.in_file(name))?;
        if !whole_chain {
            credential.chain.truncate(1);
        }
        Ok(credential)
    }

    /// The certificate alone: no key is needed, but one that is there must fit.
    ///
    /// # Errors
    /// As [`export_cer::export_cer`]; of two files, as [`Self::credential`].
    pub(super) fn certificate(&self, alias: Option<&str>) -> Result<Certificate> {
        match self {
            Self::Store(store, name) => export_cer::certificate_of(store, name, alias).cloned(),
            Self::Pair { .. } => Ok(self.credential(alias, false)?.chain.swap_remove(0)),
        }
    }
}

fn key_and_chain<'a>(store: &'a Store, alias: Option<&str>) -> Result<Credential<'a>> {
    usable(store)?;
    let (index, key, chain) = store.key_entry(alias)?;
    if chain.is_empty() {
        return Err(Error::NoCertificate { found: store.summary() });
    }
    Ok(Credential { alias: store.entries[index].alias.as_deref(), key, chain: chain.to_vec() })
}

/// A key from a store whose integrity nobody has checked is not passed on.
fn usable(store: &Store) -> Result<()> {
    if store.integrity == Integrity::Unchecked || store.locked_parts > 0 {
        return Err(Error::store_locked());
    }
    Ok(())
}

/// The certificate for `key` from a file of certificates: the one that fits and its issuers, or
/// else the first, whose misfit is then reported.
fn chain_for(key: &PrivateKey, store: &Store) -> Result<Vec<Certificate>> {
    if store.locked_parts > 0 {
        return Err(Error::store_locked());
    }
    let all: Vec<Certificate> = store.entries.iter().flat_map(Entry::certificates).cloned().collect();
    let fits = |certificate: &&Certificate| {
        key.public().is_some_and(|public| public.same_key(certificate.public_key()))
    };
    let leaf = all.iter().find(fits).or_else(|| all.first()).cloned();
    let leaf = leaf.ok_or_else(|| Error::NoCertificate { found: store.summary() })?;
    let issuers = crate::cert::chain::Pool::new(all).issuers(&leaf, crate::limits::CHAIN);
    Ok(std::iter::once(leaf).chain(issuers).collect())
}
