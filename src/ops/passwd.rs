//! `passwd`: a new password, and today's encryption, for a store or key that exists.

use std::path::PathBuf;

use rand_core::CryptoRng;

use super::convert::{self, Converted, Target};
use crate::{
    error::{Error, Result},
    secret::Password,
    store::{Content, Format, Integrity, Store, pkcs12::Compat},
    time::Instant,
};

/// What `passwd` is asked for.
pub struct Options {
    /// The new password, for the store and every key in it.
    pub password: Password,
    /// Whom a PFX is for.
    pub compat: Compat,
    /// Rounds of key derivation; the format's default without.
    pub iterations: Option<u32>,
    /// The store's own file.
    pub output: PathBuf,
}

/// Makes the store anew, in its own format, under the new password. What certkit could not write
/// again keeps it from being touched at all.
///
/// # Errors
/// [`Error::NotWritten`], [`Error::Unwritable`], [`Error::WrongKind`] for a file that has no password
/// or is more than one store, [`Error::PasswordMissing`], [`Error::PasswordUnusable`],
/// [`Error::BadArgument`], each naming `name`.
pub fn passwd(
    store: Store,
    name: &str,
    options: &Options,
    now: Instant,
    rng: &mut dyn CryptoRng,
) -> Result<Converted> {
    if store.integrity == Integrity::Unchecked {
        return Err(Error::store_locked().in_file(name));
    }
    let (target, encoding) = target(&store).map_err(|error| error.in_file(name))?;
    if let Some(entry) = store.entries.iter().find(|entry| matches!(entry.content, Content::Opaque { .. })) {
        return Err(Error::NotWritten { what: entry.content.describe().to_owned() }.in_file(name));
    }
    let options = convert::Options {
        encoding,
        password: Some(options.password.clone()),
        compat: options.compat,
        iterations: options.iterations,
        ..convert::Options::new(target, options.output.clone())
    };
    convert::convert(vec![(store, name.to_owned())], &options, now, rng)
}

/// The format to write it in again.
fn target(store: &Store) -> Result<(Target, Option<super::Encoding>)> {
    let refuse = |found: String, remedy: &str| {
        let expected = "a key store or a private key";
        Err(Error::WrongKind { found, expected, remedy: Some(remedy.to_owned()) })
    };
    let new_file = "make a new file of it: certkit convert {file} --to pfx -o NEW.pfx";
    if let Some(around) = store.wrapped {
        return refuse(format!("{} with {around}, which would not be kept", store.format), new_file);
    }
    Ok(match store.format {
        Format::Pkcs12 => (Target::Pfx, None),
        Format::Jks => (Target::Jks, None),
        Format::Jceks => (Target::Jceks, None),
        Format::Pem if store.key_count() > 0 => (Target::Pem, None),
        Format::Dsa | Format::EncryptedPkcs8 | Format::Pkcs8 | Format::Pkcs1 | Format::Sec1 => {
            (Target::Pkcs8, Some(super::Encoding::Der))
        }
        json @ (Format::ConnectorJson | Format::Json) => {
            return refuse(format!("{json}, which has no password"), new_file);
        }
        other => {
            let found = format!("{other} without a private key that a password could protect");
            return refuse(found, "see what is there: certkit inspect {file}");
        }
    })
}
