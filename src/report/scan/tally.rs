//! How many of what a scan found.

use super::{Scan, Sighting, Standing, Thing};
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
    /// Client secrets, each record of one counted once.
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
        let distinct = scan.distinct();
        for one in &distinct {
            *match one.thing() {
                Thing::Certificate(_) => &mut tally.certificates,
                Thing::ClientSecret(_) => &mut tally.client_secrets,
                Thing::Key { .. } => &mut tally.keys,
                Thing::Locked { .. } => &mut tally.locked,
            } += 1;
        }
        let is_certificate = |one: &&Sighting| matches!(one.thing, Thing::Certificate(_));
        tally.copies = scan.sightings.iter().filter(is_certificate).count();
        tally.ended = scan.number(&distinct, Standing::Ended);
        tally.ending_soon = scan.number(&distinct, Standing::Soon);
        tally
    }
}
