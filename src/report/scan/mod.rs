//! What a scan of folders found: what ends when, in which file. One rendering per file.

mod distinct;
mod html;
mod ics;
pub mod json_lines;
mod nagios;
mod prometheus;
mod standing;
pub mod table;
mod tally;
mod timeline;

use std::sync::Arc;

pub use self::{
    distinct::Distinct,
    html::html,
    ics::ics,
    nagios::{Nagios, nagios, unknown},
    prometheus::prometheus,
    standing::Standing,
    tally::Tally,
};
use crate::{
    finding::{Finding, Severity},
    time::Instant,
};

/// What a scan found below its paths.
#[derive(Debug)]
pub struct Scan {
    /// The paths, as the user named them.
    pub paths: Vec<String>,
    /// The moment that days are counted from.
    pub now: Instant,
    /// What ends before this ends soon.
    pub soon: Instant,
    /// What was found, by its end; what has none comes last.
    pub sightings: Vec<Sighting>,
    /// What the rules say of the files, warnings and errors only, by file.
    pub findings: Vec<Finding>,
    /// What could not be looked into.
    pub troubles: Vec<Trouble>,
    /// How many files were read.
    pub files: u64,
}

/// One thing in one file: what a line of the table stands for.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// The file, as the user would name it.
    pub file: Arc<str>,
    /// What the file is, such as `PKCS#12 store (PFX)`.
    pub format: &'static str,
    /// Its name in the store, where the format has names.
    pub alias: Option<Box<str>>,
    /// What it is.
    pub thing: Thing,
}

/// What a sighting is of.
#[derive(Clone, Debug)]
pub enum Thing {
    /// A certificate.
    Certificate(Box<Certified>),
    /// A private key without a certificate.
    Key {
        /// Its kind, such as `RSA-2048`.
        algorithm: Box<str>,
    },
    /// Something that no password at hand opens.
    Locked {
        /// What is known of it, such as `private key, PBES2 (AES-256-CBC, …)`.
        what: Box<str>,
    },
    /// A client secret that a record (`certkit.toml`) tells of.
    ClientSecret(Box<ClientSecret>),
}

/// A certificate that was found.
#[derive(Clone, Debug)]
pub struct Certified {
    /// Its subject (RFC 4514).
    pub subject: Box<str>,
    /// Its issuer; none where it is its own.
    pub issuer: Option<Box<str>>,
    /// SHA-1 of the DER: what the Azure portal shows.
    pub sha1: [u8; 20],
    /// SHA-256 of the DER.
    pub sha256: [u8; 32],
    /// Its first second.
    pub not_before: Instant,
    /// Its last second.
    pub not_after: Instant,
    /// Whether its private key is in the same file.
    pub has_key: bool,
}

/// A client secret, as its record describes it.
#[derive(Clone, Debug)]
pub struct ClientSecret {
    /// The connector that it is for.
    pub profile: Box<str>,
    /// The app's name.
    pub app: Box<str>,
    /// The Directory (tenant) ID.
    pub tenant_id: Option<Box<str>>,
    /// The Application (client) ID.
    pub client_id: Option<Box<str>>,
    /// Its last second, where the record tells it.
    pub expires_on: Option<Instant>,
}

/// Something that could not be looked into.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    /// The file or folder.
    pub path: String,
    /// Why, in words.
    pub reason: String,
}

impl Thing {
    /// What it is called before people, as its file says it: not yet cleaned for a terminal.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Certificate(certificate) if certificate.subject.is_empty() => {
                "a certificate without a subject".into()
            }
            Self::Certificate(certificate) => certificate.subject.to_string(),
            Self::Key { algorithm } => format!("{algorithm} private key"),
            Self::Locked { what } => what.to_string(),
            Self::ClientSecret(secret) => format!("client secret of {} ({})", secret.app, secret.profile),
        }
    }
}

impl Sighting {
    /// Its last second, where it has one that is known.
    #[must_use]
    pub fn ends(&self) -> Option<Instant> {
        match &self.thing {
            Thing::Certificate(certificate) => Some(certificate.not_after),
            Thing::ClientSecret(secret) => secret.expires_on,
            Thing::Key { .. } | Thing::Locked { .. } => None,
        }
    }
}

impl Scan {
    /// The worst that the rules say.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}
