//! `scan`: what the files below some folders hold, and what the rules say of them.
//!
//! A caller walks the folders and hands over each file's octets; [`look`] tells what is in one, and a
//! [`Gathering`] puts together what many files gave. Files that hold no credential cost nearly nothing
//! and give nothing.

mod blocks;
mod gather;
mod judge;
mod open;
mod recognise;
mod record;
mod sightings;

use self::{blocks::Blocks, open::Opened};
pub use self::{gather::Gathering, recognise::may_begin_so, record::Recorded};
use crate::{
    check,
    error::Error,
    finding::Finding,
    limits,
    report::scan::{Sighting, Trouble},
    secret::Password,
    store::Entry,
    time::Instant,
};

/// By what files are judged.
#[derive(Clone, Debug)]
pub struct Options {
    /// The moment that days are counted from.
    pub now: Instant,
    /// What ends before this ends soon.
    pub soon: Instant,
    /// The most work of key derivation that all attempts at one file may cost together, in the unit of
    /// [`limits::KDF_ROUNDS`].
    pub max_work: u64,
}

/// A file that was read.
pub struct File<'a> {
    /// Its name, as the user would give it.
    pub name: &'a str,
    /// Its octets.
    pub octets: &'a [u8],
    /// Whether others than its owner may read it.
    pub exposed: bool,
}

/// What looking into one file gave.
#[derive(Debug, Default)]
pub struct Looked {
    /// What it holds.
    pub sightings: Vec<Sighting>,
    /// What the rules say of it, warnings and errors only.
    pub findings: Vec<Finding>,
    /// What of it could not be looked into.
    pub troubles: Vec<Trouble>,
    /// What it records of a certificate that is elsewhere.
    pub recorded: Option<Recorded>,
}

impl Looked {
    /// Whether the file holds nothing of interest.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { sightings, findings, troubles, recorded } = self;
        sightings.is_empty() && findings.is_empty() && troubles.is_empty() && recorded.is_none()
    }
}

/// Looks into a file. `passwords` is asked only where one is needed; they are tried in turn.
#[must_use]
pub fn look<'p>(file: &File<'_>, passwords: impl Fn() -> Vec<&'p Password>, options: &Options) -> Looked {
    if record::is_record(file.name) {
        return record::look(file, options);
    }
    if !recognise::may_hold_credential(file.octets) {
        return Looked::default();
    }
    look_into(file, &passwords, options)
}

/// The same for a file that may hold a credential.
fn look_into<'p>(file: &File<'_>, passwords: &impl Fn() -> Vec<&'p Password>, options: &Options) -> Looked {
    let Options { now, soon, max_work } = *options;
    let by =
        check::Options { now, soon, exposed: file.exposed, wanted: None, thorough: false, profile: None };
    let Opened { mut subject, untried } = open::open(file, passwords, &by, max_work);
    let blocks = subject.store().err().and_then(|error| Some((Blocks::of(file.octets, error)?, error)));
    if let Some((blocks, error)) = blocks {
        let mut looked = look_into(&File { octets: &blocks.whole, ..*file }, passwords, options);
        looked.findings.extend(blocks.finding(file, error));
        return looked;
    }
    let sightings = match subject.store() {
        Err(error) if recognise::is_broken(file.octets, error) => Vec::new(),
        Err(error) => {
            let troubles = recognise::unread(file.octets, error).map(|why| trouble(file.name, why));
            return Looked { troubles: troubles.into_iter().collect(), ..Looked::default() };
        }
        Ok(store) => match sightings::of(store, file.name) {
            // A public key, a request or a revocation list by itself is no credential.
            none if none.is_empty() => return Looked::default(),
            some => some,
        },
    };
    // An authority by itself in a file may be a client's certificate that was made so: with others it is
    // one of those that are trusted.
    if subject.store().is_ok_and(|store| store.entries.iter().flat_map(Entry::certificates).count() > 1) {
        subject.trust_authorities();
    }
    let findings = judge::findings(&subject, file.name, options);
    let troubles = untried.map(|why| trouble(file.name, why)).into_iter().collect();
    Looked { sightings, findings, troubles, ..Looked::default() }
}

/// A file that is not read because it is larger than [`limits::INPUT_OCTETS`]: a trouble where its
/// beginning is that of a credential.
#[must_use]
pub fn too_large(name: &str, head: &[u8], octets: u64) -> Option<Trouble> {
    let error = Error::TooLarge { size: octets, limit: limits::INPUT_OCTETS };
    recognise::is_surely_one(head, &error).then(|| trouble(name, error.to_string()))
}

fn trouble(path: &str, reason: impl Into<String>) -> Trouble {
    Trouble { path: path.to_owned(), reason: reason.into() }
}
