//! A file that may hold a credential of the line, and what it turned out to hold.

use std::path::{Path, PathBuf};

use super::{Standing, form::Form, name::Name};
use crate::{
    cert::Certificate,
    error::{Error, Result},
    json,
    key::{PrivateKey, PublicKey},
    ops::Input,
    secret::SecretBytes,
    store::{self, Content, Entry, Format, Key, Store, Unlock},
};

/// A file that stands in the folder or in the archive.
pub struct File {
    /// Where.
    pub path: PathBuf,
    /// What it holds, or why that could not be read.
    pub input: Result<Input>,
}

/// The same, opened as far as can be.
pub(super) struct Piece<'a> {
    pub(super) name: Name,
    pub(super) path: &'a Path,
    pub(super) octets: Option<&'a SecretBytes>,
    store: std::result::Result<Store, Reason>,
    /// Whether none of the passwords is this store's own: what is read of it stands open.
    pub(super) is_locked: bool,
    /// Whether its key has a password of its own, which the store's does not open.
    pub(super) is_key_apart: bool,
}

/// Why nothing of a file could be read.
#[derive(Clone, Debug)]
pub(super) struct Reason {
    words: String,
    is_password: bool,
}

impl<'a> Piece<'a> {
    /// The store itself, which is open.
    pub(super) fn of_store(standing: &'a Standing) -> Self {
        Self {
            name: Name::parse(&file_name(&standing.path)),
            path: &standing.path,
            octets: Some(&standing.input.octets),
            store: Ok(standing.store.clone()),
            is_locked: false,
            is_key_apart: standing
                .unlocks
                .first()
                .is_some_and(|unlock| is_key_apart(standing.input.octets.expose(), unlock)),
        }
    }

    /// Opens it with the first of the passwords that does, else as far as it goes without.
    pub(super) fn open(file: &'a File, unlocks: &[Unlock]) -> Self {
        let name = Name::parse(&file_name(&file.path));
        let path = file.path.as_path();
        let reason = |error: &Error| Reason { words: error.to_string(), is_password: is_password(error) };
        let input = match &file.input {
            Ok(input) => input,
            Err(error) => return Self::of(name, path, None, Err(reason(error))),
        };
        let octets = Some(&input.octets);
        let mut refused = None;
        for unlock in unlocks {
            match store::read(input.octets.expose(), unlock) {
                // Nothing is known of what stands in a part that did not open.
                Ok(store) if store.locked_parts > 0 => refused = Some(reason(&Error::store_locked())),
                Ok(store) => {
                    let is_locked = store.has_locked_key();
                    let is_key_apart = !is_locked && is_key_apart(input.octets.expose(), unlock);
                    return Self { is_locked, is_key_apart, ..Self::of(name, path, octets, Ok(store)) };
                }
                Err(error) if is_password(&error) => refused = Some(reason(&error)),
                Err(error) => return Self::of(name, path, octets, Err(reason(&error))),
            }
        }
        let store = match store::read(input.octets.expose(), &Unlock::default()) {
            Ok(store) if store.locked_parts == 0 => Ok(store),
            Ok(_) => Err(refused.unwrap_or_else(|| reason(&Error::store_locked()))),
            Err(error) => Err(refused.unwrap_or_else(|| reason(&error))),
        };
        Self { is_locked: true, ..Self::of(name, path, octets, store) }
    }

    fn of(
        name: Name,
        path: &'a Path,
        octets: Option<&'a SecretBytes>,
        store: std::result::Result<Store, Reason>,
    ) -> Self {
        Self { name, path, octets, store, is_locked: false, is_key_apart: false }
    }

    /// Its place in words.
    pub(super) fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// Whether a password keeps it closed, so that it cannot be told whose credential it holds.
    pub(super) fn is_closed(&self) -> bool {
        match &self.store {
            Ok(store) => store.has_locked_key() && self.leaves().next().is_none(),
            Err(reason) => reason.is_password,
        }
    }

    /// Whether there is a key in it that no password opened.
    pub(super) fn has_locked_key(&self) -> bool {
        self.store.as_ref().map_or_else(|reason| reason.is_password, Store::has_locked_key)
    }

    /// The names of a connector JSON's members besides the two that are its own.
    pub(super) fn further_members(&self) -> Vec<String> {
        let is_json = self.store.as_ref().is_ok_and(|store| store.format == Format::ConnectorJson);
        let octets = self.octets.filter(|_| is_json).map(|octets| octets.expose()).unwrap_or_default();
        let text = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
        let Ok(document) = json::Document::parse(text) else { return Vec::new() };
        let members = document.value().as_object().into_iter().flat_map(|members| members.keys());
        members
            .filter(|name| !OWN_MEMBERS.contains(&name.as_str()))
            .map(|name| json::shown(name).into())
            .collect()
    }

    /// Why nothing of it could be read.
    pub(super) fn reason(&self) -> Option<&str> {
        self.store.as_ref().err().map(|reason| reason.words.as_str())
    }

    /// Its certificates: those by themselves, and the leaf of each key.
    pub(super) fn leaves(&self) -> impl Iterator<Item = &Certificate> {
        self.entries().iter().filter_map(|entry| entry.certificates().first())
    }

    /// Its keys that open.
    pub(super) fn keys(&self) -> impl Iterator<Item = &PrivateKey> {
        self.entries().iter().filter_map(|entry| match &entry.content {
            Content::Key { key: Key::Open(key), .. } => Some(key),
            _ => None,
        })
    }

    /// The key of a certificate, if it stands in it and opens.
    pub(super) fn key_of(&self, certificate: &Certificate) -> Option<&PrivateKey> {
        self.keys().find(|key| fits(key, certificate))
    }

    /// Whether the private half of a key stands in it.
    pub(super) fn has_key(&self, public: &PublicKey) -> bool {
        self.keys().any(|key| key.public().is_some_and(|own| own.same_key(public)))
    }

    /// Whether it holds a certificate, or the certificate's key.
    pub(super) fn holds(&self, certificate: &Certificate) -> bool {
        self.leaves().any(|leaf| leaf == certificate)
            || (self.leaves().next().is_none() && self.key_of(certificate).is_some())
    }

    /// How many entries it has.
    pub(super) fn entry_count(&self) -> usize {
        self.entries().len()
    }

    /// Its form, with the name that the certificate or its key has in it; in words what it is, where that
    /// is not written.
    pub(super) fn form(&self, certificate: &Certificate) -> std::result::Result<Form, String> {
        let store = self.store.as_ref().map_err(|reason| reason.words.clone())?;
        let is_it = |entry: &&Entry| match &entry.content {
            Content::Key { key: Key::Open(key), .. } => fits(key, certificate),
            _ => entry.certificates().first() == Some(certificate),
        };
        Form::of(store, store.entries.iter().find(is_it).and_then(|entry| entry.alias.clone()))
    }

    fn entries(&self) -> &[Entry] {
        self.store.as_ref().map(|store| store.entries.as_slice()).unwrap_or_default()
    }
}

/// The members of the connector JSON that are written.
const OWN_MEMBERS: [&str; 2] = ["private_key", "public_cert"];

/// Whether the password of the keys was needed beside the store's.
fn is_key_apart(octets: &[u8], unlock: &Unlock) -> bool {
    let by_one = Unlock { key_password: None, ..unlock.clone() };
    unlock.key_password.is_some() && !store::read(octets, &by_one).is_ok_and(|store| !store.has_locked_key())
}

/// Whether a certificate is this key's.
pub(super) fn fits(key: &PrivateKey, certificate: &Certificate) -> bool {
    key.public().is_some_and(|public| public.same_key(certificate.public_key()))
}

fn is_password(error: &Error) -> bool {
    matches!(error.cause(), Error::WrongPassword { .. } | Error::PasswordMissing { .. })
}

/// The last part of a path.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
