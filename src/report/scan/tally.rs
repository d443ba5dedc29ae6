//! How many of what a scan found.

use std::collections::HashSet;

use super::{Scan, Thing};
use crate::finding::Severity;

/// How many of what a scan found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Certificates, each copy counted once.
    pub certificates: usize,
    /// Places where certificates stand.
    pub copies: usize,
    /// Private keys without a certificate.
    pub keys: usize,
    /// What no password opens.
    pub locked: usize,
    /// Client secrets.
    pub client_secrets: usize,
    /// Certificates and client secrets that have ended.
    pub ended: usize,
    /// Those that end soon.
    pub ending_soon: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// What could not be looked into.
    pub troubles: usize,
}

impl Tally {
    /// Counts.
    #[must_use]
    pub fn of(scan: &Scan) -> Self {
        let count = |severity| scan.findings.iter().filter(|finding| finding.severity == severity).count();
        let mut tally = Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            troubles: scan.troubles.len(),
            ..Self::default()
        };
        let mut certificates = HashSet::new();
        for sighting in &scan.sightings {
            let is_new = match &sighting.thing {
                Thing::Certificate(certificate) => {
                    tally.copies += 1;
                    certificates.insert(certificate.sha256)
                }
                Thing::ClientSecret(_) => {
                    tally.client_secrets += 1;
                    true
                }
                Thing::Key { .. } => {
                    tally.keys += 1;
                    continue;
                }
                Thing::Locked { .. } => {
                    tally.locked += 1;
                    continue;
                }
            };
            match sighting.ends() {
                Some(end) if is_new && end < scan.now => tally.ended += 1,
                Some(end) if is_new && end < scan.soon => tally.ending_soon += 1,
                _ => {}
            }
        }
        tally.certificates = certificates.len();
        tally
    }
}
