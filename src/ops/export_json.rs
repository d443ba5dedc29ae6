//! `export-json`: the connector JSON from any store.

use std::path::PathBuf;

use super::{Input, prove_store};
use crate::{
    cert::{Certificate, verify},
    error::{Error, Result},
    key::PrivateKey,
    output::plan::{PlannedFile, Purpose},
    report::CertificateSummary,
    store::{Content, Integrity, Key, Store, Unlock, connector_json},
    time::Instant,
};

/// What `export-json` is asked for.
pub struct Options {
    /// Which entry, where there are several.
    pub alias: Option<String>,
    /// Whether `public_cert` holds the whole chain.
    pub chain: bool,
    /// Where the JSON goes.
    pub output: PathBuf,
}

/// What `export-json` made.
pub struct Exported {
    /// The file to write.
    pub file: PlannedFile,
    /// The leaf, for the summary.
    pub certificate: CertificateSummary,
    /// What the user should know, one sentence each.
    pub warnings: Vec<String>,
}

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

/// Opens a file for its private key: with what `unlock` has, and, where that is no password, with
/// the one that `ask` gives if the file turns out to need it.
///
/// # Errors
/// As [`crate::store::read`], and what `ask` fails with.
pub fn open_for_key(input: &Input, unlock: &Unlock, ask: impl FnOnce() -> Result<Unlock>) -> Result<Store> {
    let store = input.open(unlock)?;
    if !store.needs_password() || unlock.password.is_some() {
        return Ok(store);
    }
    input.open(&ask().map_err(|error| error.in_file(&input.name))?)
}

/// Makes the connector JSON.
///
/// # Errors
/// [`Error::NoKey`], [`Error::NoCertificate`], [`Error::AliasAmbiguous`],
/// [`Error::AliasUnknown`], [`Error::KeyMismatch`], [`Error::PasswordMissing`].
pub fn export_json(source: &Source, options: &Options, now: Instant) -> Result<Exported> {
    let alias = options.alias.as_deref();
    let (key, chain) = match source {
        Source::Store(store, name) => key_and_chain(store, alias).map_err(|error| error.in_file(name))?,
        Source::Pair { key, certificate } => {
            let found = usable(&key.0)
                .and_then(|()| key.0.key_entry(alias))
                .map_err(|error| error.in_file(&key.1))?;
            let key = found.1;
            let chain = chain_for(key, &certificate.0).map_err(|error| error.in_file(&certificate.1))?;
            (key, chain)
        }
    };
    let name = match source {
        Source::Store(_, name) => name,
        Source::Pair { key, .. } => &key.1,
    };
    verify::require_fit(key, &chain[0]).map_err(|error| error.in_file(name))?;
    let chain = if options.chain { chain } else { chain[..1].to_vec() };
    let contents = connector_json::write(key, &chain)?;
    let (expected_key, expected_chain) = (key.pkcs8_der().clone(), chain.clone());
    Ok(Exported {
        file: PlannedFile {
            path: options.output.clone(),
            contents,
            purpose: Purpose::GiveToConnector,
            proof: Box::new(move |octets| {
                prove_store(octets, &Unlock::default(), None, &expected_key, &expected_chain)
            }),
        },
        certificate: CertificateSummary::of(&chain[0]),
        warnings: super::credential_warnings(&chain[0], now),
    })
}

fn key_and_chain<'a>(store: &'a Store, alias: Option<&str>) -> Result<(&'a PrivateKey, Vec<Certificate>)> {
    usable(store)?;
    let (_, key, chain) = store.key_entry(alias)?;
    if chain.is_empty() {
        return Err(Error::NoCertificate { found: store.summary() });
    }
    Ok((key, chain.to_vec()))
}

/// A key from a store whose integrity nobody has checked is not passed on.
fn usable(store: &Store) -> Result<()> {
    if store.integrity == Integrity::Unchecked || store.locked_parts > 0 {
        return Err(Error::PasswordMissing { purpose: "to open it" });
    }
    Ok(())
}

/// The certificate for `key` from a file of certificates: the one that fits and its issuers, or
/// else the first, whose misfit is then reported.
fn chain_for(key: &PrivateKey, store: &Store) -> Result<Vec<Certificate>> {
    if store.locked_parts > 0 {
        return Err(Error::PasswordMissing { purpose: "to open it" });
    }
    let all: Vec<Certificate> = store
        .entries
        .iter()
        .flat_map(|entry| match &entry.content {
            Content::Certificate { certificate, .. } => vec![certificate.clone()],
            Content::Key { key: Key::Open(_) | Key::Locked(_), chain } => chain.clone(),
            _ => Vec::new(),
        })
        .collect();
    let fits = |certificate: &&Certificate| {
        key.public().is_some_and(|public| public.same_key(certificate.public_key()))
    };
    let leaf = all.iter().find(fits).or_else(|| all.first()).cloned();
    let leaf = leaf.ok_or_else(|| Error::NoCertificate { found: store.summary() })?;
    let issuers = crate::cert::chain::Pool::new(all).issuers(&leaf, crate::limits::CHAIN);
    Ok(std::iter::once(leaf).chain(issuers).collect())
}
