//! What lies in several files and is one thing: the same certificate, the same client secret.

use std::collections::HashMap;

use super::{Scan, Sighting, Thing};
use crate::time::Instant;

/// One thing, wherever it was seen.
#[derive(Clone, Debug)]
pub struct Distinct<'a> {
    /// The first sighting; what it says of the thing holds for all of them.
    pub first: &'a Sighting,
    /// The others.
    pub further: Vec<&'a Sighting>,
}

impl<'a> Distinct<'a> {
    /// What it is.
    #[must_use]
    pub fn thing(&self) -> &'a Thing {
        &self.first.thing
    }

    /// Its last second, where it has one that is known.
    #[must_use]
    pub fn ends(&self) -> Option<Instant> {
        self.first.ends()
    }

    /// Every sighting of it.
    pub fn sightings(&self) -> impl Iterator<Item = &'a Sighting> {
        std::iter::once(self.first).chain(self.further.iter().copied())
    }

    /// Every file that it was seen in, once.
    #[must_use]
    pub fn files(&self) -> Vec<&'a str> {
        let mut files: Vec<&str> = self.sightings().map(|sighting| &*sighting.file).collect();
        files.sort_unstable();
        files.dedup();
        files
    }
}

impl Scan {
    /// What was found, each thing once: by its end, what has none last.
    #[must_use]
    pub fn distinct(&self) -> Vec<Distinct<'_>> {
        let mut places: HashMap<Identity<'_>, usize> = HashMap::new();
        let mut found: Vec<Distinct<'_>> = Vec::new();
        for sighting in &self.sightings {
            let place =
                Identity::of(&sighting.thing).map(|identity| *places.entry(identity).or_insert(found.len()));
            match place.and_then(|place| found.get_mut(place)) {
                Some(known) => known.further.push(sighting),
                None => found.push(Distinct { first: sighting, further: Vec::new() }),
            }
        }
        found.sort_by_key(|distinct| (distinct.ends().is_none(), distinct.ends()));
        found
    }
}

/// What makes two sightings one thing. Keys and what is locked have nothing to tell them by.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'a> {
    Certificate(&'a [u8; 32]),
    ClientSecret { profile: &'a str, app: &'a str, ids: [Option<&'a str>; 2], expires_on: Option<Instant> },
}

impl<'a> Identity<'a> {
    fn of(thing: &'a Thing) -> Option<Self> {
        match thing {
            Thing::Certificate(certificate) => Some(Self::Certificate(&certificate.sha256)),
            Thing::ClientSecret(secret) => Some(Self::ClientSecret {
                profile: &secret.profile,
                app: &secret.app,
                ids: [secret.tenant_id.as_deref(), secret.client_id.as_deref()],
                expires_on: secret.expires_on,
            }),
            Thing::Key { .. } | Thing::Locked { .. } => None,
        }
    }
}
