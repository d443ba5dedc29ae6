//! Fixtures, mutated: bits flipped, cut, lengths changed, spliced with each other. Always the same
//! mutations, from a generator with a fixed seed; `fuzz/` goes further, and takes longer.
#![allow(clippy::disallowed_methods)] // Tests read files.

mod common;

use std::path::PathBuf;

use certkit::{
    error::Class,
    limits,
    report::{FileFacts, json_v1, text},
    secret::Password,
    store::{self, Unlock},
    time::Instant,
};
use common::fixture;

/// Enough for a real maker's counts of some years ago, and little enough for a file to cost no
/// more than milliseconds.
const WORK: u64 = 5_000;
const LARGEST: u64 = 64 << 10;
/// Mutations of each fixture.
const EACH: usize = 40;

/// Marsaglia's xorshift64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

fn fixtures() -> Vec<(PathBuf, Vec<u8>)> {
    let mut paths: Vec<PathBuf> = ["stores", "certs", "hostile"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(fixture(folder)).expect("the folder is there"))
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.metadata().is_ok_and(|found| found.len() > 0 && found.len() <= LARGEST))
        .collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read(path).expect("it is there"))).collect()
}

fn mutated(octets: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut made = octets.to_vec();
    let at = random.below(made.len());
    match random.below(6) {
        0 => made[at] ^= 1 << random.below(8),
        1 => made.truncate(at),
        2 => {
            // What looks like the length of an element, or of a text.
            let lengths: Vec<usize> = (1..made.len())
                .filter(|&i| matches!(made[i - 1], 2..=6 | 0x0c | 0x1e | 0x30 | 0x31 | 0xa0..=0xa3))
                .collect();
            if let Some(&position) = lengths.get(random.below(lengths.len())) {
                made[position] =
                    [0, 1, 0x7f, 0x80, 0x81, 0x84, 0x89, 0xff, random.next() as u8][random.below(9)];
            }
        }
        3 => {
            let from = random.below(other.len());
            made.truncate(at);
            made.extend_from_slice(&other[from..]);
        }
        4 => {
            let end = (at + 1 + random.below(200)).min(made.len());
            let block = made[at..end].to_vec();
            made.splice(at..at, block);
        }
        _ => {
            let end = (at + 1 + random.below(16)).min(made.len());
            made[at..end].iter_mut().for_each(|octet| *octet = random.next() as u8);
        }
    }
    made
}

/// Whatever is done to a file, it opens to something that can be described, or it is refused in
/// words; a panic fails the test, and so does work beyond the budget.
#[test]
fn mutated_files_open_or_are_refused() {
    let fixtures = fixtures();
    assert!(fixtures.len() > 100, "only {} fixtures", fixtures.len());
    let now = Instant::from_unix(1_800_000_000).expect("a date in range");
    let unlocks = [
        Unlock { max_work: Some(WORK), ..Unlock::default() },
        Unlock {
            password: Some(Password::new("test-1234".into())),
            key_password: Some(Password::new("test-key-5678".into())),
            max_work: Some(WORK),
        },
    ];
    let mut random = Random(0x5eed_cafe_f00d_1234);
    let (mut opened, mut refused) = (0, 0);
    for (path, octets) in &fixtures {
        for round in 0..EACH {
            let other = &fixtures[random.below(fixtures.len())].1;
            let made = mutated(octets, other, &mut random);
            match store::read(&made, &unlocks[round % 2]) {
                Ok(store) => {
                    assert!(store.entries.len() <= limits::ENTRIES);
                    let facts = FileFacts::of("mutated", made.len(), &store, now);
                    assert!(text::inspection(&facts).starts_with("mutated: "));
                    let document = json_v1::inspections(&[("mutated".into(), Ok(facts))]);
                    let parsed: Result<serde_json::Value, _> = serde_json::from_str(&document);
                    assert!(parsed.is_ok(), "{}, round {round}: {document}", path.display());
                    opened += 1;
                }
                Err(error) => {
                    let said = error.to_string();
                    assert!(!said.is_empty() && said.len() < 4096, "{}, round {round}", path.display());
                    assert!(
                        matches!(error.class(), Class::Input | Class::Password),
                        "{}, round {round}: {said}",
                        path.display()
                    );
                    refused += 1;
                }
            }
        }
    }
    // Both happen often: mutations neither spare the files nor wreck all of them.
    assert!(opened > refused / 20 && refused > opened / 20, "{opened} opened, {refused} refused");
}
