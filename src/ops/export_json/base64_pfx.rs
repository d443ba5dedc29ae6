//! A PFX in one line of base64, for pipelines and secret stores that hold text.

use rand_core::CryptoRng;

use super::{Made, Options, line, source::Credential};
use crate::{
    error::{Error, Result},
    ops::{password_warnings, prove_store},
    store::{
        Content, Entry, Format, Key, Store, Unlock,
        pkcs12::{self, WriteOptions},
    },
};

pub(super) fn make(credential: &Credential, options: &Options, rng: &mut dyn CryptoRng) -> Result<Made> {
    let purpose = "for the PFX (--out-password SOURCE)";
    let password = options.password.as_ref().ok_or(Error::PasswordMissing { purpose })?;
    let mut warnings = password_warnings(password, true)?;
    // An empty name is none: no reader shows it, and not every one keeps it.
    let alias = credential.alias.filter(|alias| !alias.is_empty()).map(str::to_owned);
    let mut store = Store::new(Format::Pkcs12);
    store.entries.push(Entry {
        alias: alias.clone(),
        content: Content::Key { key: Key::Open(credential.key.clone()), chain: credential.chain.clone() },
    });
    let write_options = WriteOptions { compat: options.compat, ..WriteOptions::default() };
    let pfx = pkcs12::write(&store, password, &write_options, rng)?;
    let contents = line::write("", &pfx)?;
    warnings.extend(line::warnings(&contents));
    let unlock = Unlock::with(password.clone());
    let (key, chain) = (credential.key.pkcs8_der().clone(), credential.chain.clone());
    Ok(Made {
        leaf: credential.leaf().clone(),
        contents,
        warnings,
        proof: Box::new(move |octets| {
            let pfx = line::read("", octets)?;
            prove_store(pfx.expose(), &unlock, alias.as_deref(), &key, &chain)
        }),
    })
}
