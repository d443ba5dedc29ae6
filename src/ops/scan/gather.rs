//! What many files gave, put together.

use std::{collections::HashSet, path::Path};

use super::{Looked, Options, Recorded, record};
use crate::{
    cert::hex,
    finding::Finding,
    report::scan::{Scan, Sighting, Thing, Trouble},
    time::Instant,
};

/// What the files of a scan gave, of one thread or of all.
#[derive(Debug, Default)]
pub struct Gathering {
    /// How many files were read.
    pub files: u64,
    sightings: Vec<Sighting>,
    findings: Vec<Finding>,
    troubles: Vec<Trouble>,
    recorded: Vec<Recorded>,
}

impl Gathering {
    /// Adds what a file gave.
    pub fn add(&mut self, looked: Looked) {
        self.sightings.extend(looked.sightings);
        self.findings.extend(looked.findings);
        self.troubles.extend(looked.troubles);
        self.recorded.extend(looked.recorded);
    }

    /// Adds what could not be looked into.
    pub fn add_trouble(&mut self, trouble: Trouble) {
        self.troubles.push(trouble);
    }

    /// Adds what another thread has gathered.
    pub fn join(&mut self, mut other: Self) {
        self.files += other.files;
        self.sightings.append(&mut other.sightings);
        self.findings.append(&mut other.findings);
        self.troubles.append(&mut other.troubles);
        self.recorded.append(&mut other.recorded);
    }

    /// All of it in order: what ends first comes first, and threads leave no trace. Beside it the findings
    /// that no file gave by itself; they are in the scan too.
    #[must_use]
    pub fn finish(mut self, paths: Vec<String>, options: &Options) -> (Scan, Vec<Finding>) {
        let of_all = self.unaccompanied(options);
        self.findings.extend(of_all.iter().cloned());
        self.sightings.sort_by(|one, other| order(one).cmp(&order(other)));
        self.findings.sort_by(|one, other| one.file.cmp(&other.file));
        self.troubles.sort();
        let scan = Scan {
            paths,
            now: options.now,
            soon: options.soon,
            sightings: self.sightings,
            findings: self.findings,
            troubles: self.troubles,
            files: self.files,
        };
        (scan, of_all)
    }

    /// What is to be said of certificates that records tell of and no file beside them holds.
    fn unaccompanied(&self, options: &Options) -> Vec<Finding> {
        let folder = |file: &str| Path::new(file).parent().map(Path::to_owned);
        let folders: HashSet<_> = self.recorded.iter().map(|recorded| folder(&recorded.file)).collect();
        let beside = self.sightings.iter().filter_map(|sighting| match &sighting.thing {
            Thing::Certificate(certificate) => {
                let folder = folder(&sighting.file);
                folders.contains(&folder).then(|| (folder, hex(&certificate.sha1)))
            }
            _ => None,
        });
        let beside: HashSet<_> = beside.collect();
        let alone = |one: &&Recorded| !beside.contains(&(folder(&one.file), one.thumbprint.clone()));
        self.recorded
            .iter()
            .filter(alone)
            .filter_map(|one| record::certificate_finding(one, options))
            .collect()
    }
}

/// By the end, then by file and name; what has no end comes last, what is locked before keys.
fn order(sighting: &Sighting) -> (bool, Option<Instant>, u8, &str, Option<&str>) {
    let kind = match sighting.thing {
        Thing::Certificate(_) => 0,
        Thing::ClientSecret(_) => 1,
        Thing::Locked { .. } => 2,
        Thing::Key { .. } => 3,
    };
    let end = sighting.ends();
    (end.is_none(), end, kind, &sighting.file, sighting.alias.as_deref())
}
