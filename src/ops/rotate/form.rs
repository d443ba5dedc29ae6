//! The form of a file that holds a credential or a part of it: told from what it holds, and made again
//! with another credential in it.

use std::path::PathBuf;

use rand_core::CryptoRng;

use super::Credential;
use crate::{
    error::Result,
    ops::{
        Encoding,
        convert::{self, Part, Target, convert},
    },
    output::plan::{PlannedFile, Purpose},
    secret::Password,
    store::{
        Content, Entry, Format, Key, Store,
        pkcs12::{self, Compat},
    },
    time::Instant,
};

/// The form of a file.
#[derive(Clone)]
pub(super) struct Form {
    target: Target,
    part: Part,
    encoding: Option<Encoding>,
    /// Whether its key is encrypted.
    pub(super) is_sealed: bool,
    compat: Compat,
    iterations: Option<u32>,
    /// The entry's name, where it has one.
    pub(super) alias: Option<String>,
}

impl Form {
    /// The form of a file that was read as `store`; in words what it is, where it has none that is
    /// written.
    pub(super) fn of(store: &Store, alias: Option<String>) -> std::result::Result<Self, String> {
        if let Some(around) = store.wrapped {
            return Err(format!("{} with {around}", store.format));
        }
        let part =
            match (store.key_count(), store.entries.iter().any(|entry| !entry.certificates().is_empty())) {
                (0, _) => Part::Certificates,
                (_, false) => Part::Key,
                (_, true) => Part::All,
            };
        let (target, encoding) = match store.format {
            Format::Pkcs12 => (Target::Pfx, None),
            Format::Jks => (Target::Jks, None),
            Format::Jceks => (Target::Jceks, None),
            Format::ConnectorJson => (Target::Json, None),
            Format::Pem => (Target::Pem, None),
            Format::Certificate => (Target::Der, None),
            Format::Pkcs8 | Format::EncryptedPkcs8 => (Target::Pkcs8, Some(Encoding::Der)),
            Format::Pkcs1 => (Target::Pkcs1, Some(Encoding::Der)),
            Format::Sec1 => (Target::Sec1, Some(Encoding::Der)),
            other => return Err(other.to_string()),
        };
        let is_sealed = target.is_store() || (part != Part::Certificates && !store.protections.is_empty());
        let compat = compat_of(store);
        let rounds = store.protections.iter().map(|protected| protected.by.iterations).max();
        // Whoever asked for more rounds than others gets them again.
        let iterations = rounds
            .and_then(|rounds| u32::try_from(rounds).ok())
            .filter(|_| target == Target::Pfx)
            .map(|rounds| rounds.max(pkcs12::DEFAULT_ITERATIONS).min(pkcs12::most_iterations(store, compat)));
        Ok(Self { target, part, encoding, is_sealed, compat, iterations, alias })
    }

    /// Writes a PFX for somebody else than the old one was written for.
    pub(super) fn for_others(&mut self, compat: Compat) {
        self.compat = compat;
    }

    /// Whether it is a store with a password, in which a key may have one of its own.
    pub(super) fn is_store(&self) -> bool {
        self.target.is_store()
    }

    /// Whether it is a PFX.
    pub(super) fn is_pfx(&self) -> bool {
        self.target == Target::Pfx
    }

    /// When it is placed: what the others can be made from comes first, whatever ends the run.
    pub(super) fn turn(&self) -> u8 {
        match self.part {
            Part::All => 0,
            Part::Key => 1,
            Part::Certificates => 2,
        }
    }

    /// Whether key and certificate stand in it together.
    pub(super) fn is_whole(&self) -> bool {
        self.part == Part::All
    }

    /// What the file is for.
    pub(super) fn purpose(&self) -> Purpose {
        match (self.target, self.part) {
            (Target::Json, _) => Purpose::GiveToConnector,
            (Target::Der, Part::Certificates) => Purpose::UploadToAzure,
            (_, Part::Certificates) => Purpose::Public,
            _ => Purpose::KeepSecret,
        }
    }

    /// The file of a credential in this form, under a password where the key is sealed.
    pub(super) fn file(
        &self,
        credential: &Credential,
        path: PathBuf,
        password: Option<&Password>,
        now: Instant,
        rng: &mut dyn CryptoRng,
    ) -> Result<PlannedFile> {
        let mut store = Store::new(Format::Pkcs12);
        store.entries.push(Entry {
            alias: self.alias.clone(),
            content: Content::Key {
                key: Key::Open(credential.key.clone()),
                chain: vec![credential.certificate.clone()],
            },
        });
        let options = convert::Options {
            part: self.part,
            encoding: self.encoding,
            password: password.filter(|_| self.is_sealed).cloned(),
            compat: self.compat,
            iterations: self.iterations,
            ..convert::Options::new(self.target, path.clone())
        };
        let made = convert(vec![(store, path.display().to_string())], &options, now, rng)?;
        Ok(PlannedFile { purpose: self.purpose(), ..made.file })
    }
}

/// Whom a PFX was written for: those who read AES, or older systems too.
fn compat_of(store: &Store) -> Compat {
    let mut protections =
        store.protections.iter().filter(|protected| protected.part != "integrity").peekable();
    let is_old =
        protections.peek().is_some() && !protections.any(|protected| protected.by.algorithm.contains("AES"));
    if is_old { Compat::Windows2016 } else { Compat::Modern }
}
