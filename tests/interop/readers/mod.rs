//! `docs/readers.md`: who reads which stores, and who reads what certkit writes. The tables are
//! made here, by asking every reader, and the document is compared with them.
//!
//! `CERTKIT_WRITE_DOCS=1 cargo test --test interop readers` writes the document anew.
//!
//! A peer of another version than the document's may know more or less. Its column is then left
//! as it stands, visibly; certkit's own is compared always.

mod document;
mod files;
pub mod peers;
mod rows;
mod written;

use std::{
    cmp::Reverse,
    collections::BTreeSet,
    fs,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use serde::Deserialize;

use crate::common;
use document::{Document, Line};
use peers::{Format, Found, Keys, Question, Reader};
use rows::{REFUSED, ROWS};

const WRITE: &str = "CERTKIT_WRITE_DOCS";

/// The document says what the readers do.
#[test]
fn the_document_says_who_reads_what() {
    let path = common::root().join("docs/readers.md");
    let writing = std::env::var_os(WRITE).is_some_and(|value| value == "1");
    let documented = fs::read_to_string(&path).unwrap_or_default();
    let versions = Reader::ALL.map(Reader::version);
    let kept = Document::parse(&documented);
    let asked: Vec<Reader> = Reader::ALL
        .into_iter()
        .zip(&versions)
        .filter(|(reader, version)| match version {
            None => false,
            Some(version) => {
                let head = kept.version(*reader);
                let same = writing || *reader == Reader::Certkit || head == Some(version);
                if !same {
                    let head = head.map_or("no version", String::as_str);
                    eprintln!(
                        "SKIPPED: the column of {} in docs/readers.md: it is {head}'s, installed is {version}",
                        reader.title()
                    );
                }
                same
            }
        })
        .map(|(reader, _)| reader)
        .collect();
    assert!(!writing || asked.len() == Reader::ALL.len(), "{WRITE}=1 needs every peer (tests/setup.sh)");

    let found = Document {
        versions: Reader::ALL.map(|reader| match asked.contains(&reader) {
            true => versions[reader as usize].clone(),
            false => kept.version(reader).cloned(),
        }),
        stores: stores(&asked),
        written: written::lines(&asked),
    };
    certkit_reads_all_but_what_is_listed(&found);
    let found = found.filled_from(&kept).render();
    if writing {
        fs::write(&path, &found).expect("docs/readers.md is written");
        return;
    }
    let only_in = |one: &str, other: &str| {
        let other: BTreeSet<&str> = other.lines().collect();
        one.lines().filter(|line| !other.contains(line)).collect::<Vec<_>>().join("\n")
    };
    assert!(
        found == documented,
        "docs/readers.md says otherwise; after a wanted change:\n\
         {WRITE}=1 cargo test --test interop readers\n\
         the document:\n{}\nfound:\n{}",
        only_in(&documented, &found),
        only_in(&found, &documented)
    );
}

fn certkit_reads_all_but_what_is_listed(found: &Document) {
    for (line, row) in found.stores.iter().zip(ROWS) {
        let mark = line.cells[Reader::Certkit as usize].as_deref();
        let refused = REFUSED.iter().any(|(file, _)| *file == row.file);
        let expected = if refused { Mark::No } else { Mark::Yes };
        assert_eq!(mark, Some(expected.text()), "certkit on {}", row.file);
    }
    for line in &found.written {
        let mark = line.cells[Reader::Certkit as usize].as_deref();
        assert_eq!(mark, Some(Mark::Yes.text()), "certkit on {:?}", line.heads);
    }
    for (file, _) in REFUSED {
        assert!(ROWS.iter().any(|row| row.file == *file), "{file} is refused and no row");
    }
}

/// What stands in a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Yes,
    /// All of it, with openssl's option for what it no longer offers by itself.
    Legacy,
    /// Without an error, and less or other than there is.
    Part,
    /// Without an error, and nothing.
    Nothing,
    No,
    NotClaimed,
}

impl Mark {
    pub fn text(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Legacy => "`-legacy`",
            Self::Part => "part",
            Self::Nothing => "0 entries",
            Self::No => "no",
            Self::NotClaimed => "–",
        }
    }
}

#[derive(Deserialize)]
struct Manifest {
    fixture: Vec<Fixture>,
}

/// What the manifest says of a fixture, as far as it is asked here.
#[derive(Deserialize)]
struct Fixture {
    path: String,
    format: Option<String>,
    password: Option<String>,
    key_password: Option<String>,
    #[serde(default)]
    cert_sha256: BTreeSet<String>,
    #[serde(default)]
    spki_sha256: Vec<String>,
    mac_iterations: Option<u64>,
    iterations: Option<u64>,
    cert_iterations: Option<u64>,
}

impl Fixture {
    fn format(&self) -> Format {
        match self.format.as_deref() {
            Some("pkcs12") => Format::Pkcs12,
            Some("jks") => Format::Jks,
            Some("jceks") => Format::Jceks,
            other => panic!("{}: {other:?} is no store of keys", self.path),
        }
    }

    /// Rounds of key derivation, all in all.
    fn rounds(&self) -> u64 {
        [self.mac_iterations, self.iterations, self.cert_iterations].into_iter().flatten().sum()
    }
}

/// What there is to find in a store.
pub struct Holds {
    /// SHA-256 of the public half of each private key, sorted.
    pub keys: Vec<String>,
    /// SHA-256 of each distinct certificate.
    pub certificates: BTreeSet<String>,
}

impl Holds {
    pub fn mark(&self, found: Option<Found>) -> Mark {
        let Some(found) = found else { return Mark::No };
        let keys = match &found.keys {
            Keys::Counted(count) => *count == self.keys.len(),
            Keys::Known(keys) => *keys == self.keys,
        };
        if found.is_nothing() {
            Mark::Nothing
        } else if !keys || found.certificates != self.certificates {
            Mark::Part
        } else if found.legacy {
            Mark::Legacy
        } else {
            Mark::Yes
        }
    }
}

/// Asks the readers about every row.
fn stores(asked: &[Reader]) -> Vec<Line> {
    let manifest = fs::read_to_string(common::fixture("manifest.toml")).expect("the manifest is there");
    let manifest: Manifest = toml::from_str(&manifest).expect("the manifest is TOML of the known form");
    let fixtures: Vec<&Fixture> = ROWS
        .iter()
        .map(|row| {
            let path = format!("stores/{}", row.file);
            manifest
                .fixture
                .iter()
                .find(|fixture| fixture.path == path)
                .unwrap_or_else(|| panic!("no {path}"))
        })
        .collect();
    // Slow ones first, so that no thread is left with one of them at the end.
    let mut jobs: Vec<(Reader, usize)> =
        asked.iter().flat_map(|reader| (0..ROWS.len()).map(|row| (*reader, row))).collect();
    jobs.sort_by_key(|(reader, row)| (*reader != Reader::Keytool, Reverse(fixtures[*row].rounds())));
    let scratch = common::folder();
    let marks = in_parallel(&jobs, |number, (reader, row)| {
        let fixture = fixtures[*row];
        let folder = scratch.path().join(number.to_string());
        fs::create_dir(&folder).expect("a folder for the row");
        if !reader.claims(fixture.format()) {
            return Mark::NotClaimed;
        }
        let holds = Holds { keys: fixture.spki_sha256.clone(), certificates: fixture.cert_sha256.clone() };
        holds.mark(peers::ask(
            *reader,
            &Question {
                store: &common::fixture(&fixture.path),
                format: fixture.format(),
                password: fixture.password.as_deref().unwrap_or_default(),
                key_password: fixture.key_password.as_deref(),
                rounds: fixture.rounds(),
                scratch: &folder,
            },
        ))
    });
    let mut lines: Vec<Line> = ROWS
        .iter()
        .map(|row| Line::new(vec![row.maker.into(), row.variant.into(), format!("`{}`", row.file)]))
        .collect();
    for ((reader, row), mark) in jobs.iter().zip(marks) {
        lines[*row].cells[*reader as usize] = Some(mark.text().to_owned());
    }
    lines
}

/// Does every job, on as many threads as there are cores; the results in the order of the jobs.
pub fn in_parallel<J: Sync, R: Send>(jobs: &[J], work: impl Fn(usize, &J) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (next, work) = (AtomicUsize::new(0), &work);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(number) else { return done };
            done.push((number, work(number, job)));
        }
    };
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a reader was asked in vain")).collect()
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}
