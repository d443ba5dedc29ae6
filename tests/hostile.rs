//! Hostile input: an error, soon, and within bounds, whatever the file says.
#![allow(clippy::disallowed_methods)] // Tests read files and the clock of the process.

mod common;

use std::time::Duration;

use certkit::{
    secret::Password,
    store::{self, Unlock},
};
use common::fixture;

/// Far above what any of it takes even unoptimised, far below a hang.
const SOON: Duration = Duration::from_secs(60);

fn try_open(octets: &[u8], password: Option<&str>) -> Option<&'static str> {
    let started = std::time::Instant::now();
    let unlock = Unlock { password: password.map(|text| Password::new(text.into())), ..Unlock::default() };
    let kind = store::read(octets, &unlock).err().map(|error| error.kind());
    assert!(started.elapsed() < SOON, "it took {:?}", started.elapsed());
    kind
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(fixture(path)).expect("the fixture is there")
}

/// Files that stand for the formats, with their passwords.
const SAMPLES: &[(&str, &str)] = &[
    ("stores/keytool-17-pbes2-aes256.pfx", "test-1234"),
    ("stores/openssl-3-legacy-rc2-40.pfx", "test-1234"),
    ("stores/nss-3.87-3des-rc2-40.pfx", "test-1234"),
    ("stores/keytool-17-key.jks", "test-1234"),
    ("stores/connector-good.json", ""),
    ("certs/openssl-3-key-and-cert.pem", ""),
    ("certs/openssl-3-pkcs8.key.der", ""),
];

/// Every truncation of a file is refused.
#[test]
fn truncations_are_refused() {
    for (path, _) in SAMPLES {
        let octets = read(path);
        for length in (0..octets.len() - 1).step_by(1 + octets.len() / 200) {
            // Without the final newline or brace a text may still be whole; not much before that.
            if length + 4 < octets.len() {
                // No password: the structure alone must give the truncation away.
                let kind = try_open(&octets[..length], None);
                assert!(kind.is_some() || path.ends_with(".pem"), "{path} cut to {length} octets opened");
            }
        }
    }
}

/// Single flipped bits, spread over each file, never cause a panic, and what still opens without
/// an integrity check has not changed what it says of itself.
#[test]
fn flipped_bits_are_survived() {
    for (path, password) in SAMPLES {
        let octets = read(path);
        let slow = path.contains("nss");
        let steps = if slow { 12 } else { 120 };
        for position in (0..octets.len()).step_by(1 + octets.len() / steps) {
            let mut flipped = octets.clone();
            flipped[position] ^= 1 << (position % 8);
            let _ = try_open(&flipped, (!password.is_empty()).then_some(*password));
        }
    }
}

/// A PKCS#12 with a MAC opens with no bit of its contents changed: integrity is not decoration.
#[test]
fn a_mac_protects_every_octet_of_the_contents() {
    let octets = read("stores/openssl-3-3des-sha1.pfx");
    let middle = octets.len() / 4..octets.len() * 3 / 4;
    for position in middle.step_by(37) {
        let mut flipped = octets.clone();
        flipped[position] ^= 0x10;
        assert!(try_open(&flipped, Some("test-1234")).is_some(), "opened with octet {position} changed");
    }
}

/// Thousands of entries cost linear time: twenty thousand certificates of one name, in PEM.
#[test]
fn many_entries_of_one_name_stay_cheap() {
    let one = read("certs/openssl-3-rsa2048.cert.pem");
    let many = one.repeat(5_000);
    assert_eq!(try_open(&many, None), None);
    assert_eq!(try_open(&one.repeat(20_001), None), Some("too-many"));
}

/// Nesting beyond any real file is refused, in both forms of length.
#[test]
fn nesting_is_refused() {
    let indefinite = [0x30, 0x80].repeat(400_000);
    assert!(try_open(&indefinite, None).is_some());
    let mut definite: Vec<u8> = vec![0x05, 0x00];
    while definite.len() < 60_000 {
        let length = u32::try_from(definite.len()).expect("it is small").to_be_bytes();
        definite = [&[0x30, 0x84], &length[..], &definite].concat();
    }
    assert!(try_open(&definite, None).is_some());
}

/// Octets that are nothing at all are named as such.
#[test]
fn nothing_is_named() {
    assert_eq!(try_open(&[], None), Some("empty"));
    assert_eq!(try_open(&vec![0; 10 << 20], None), Some("wrong-kind"));
    assert_eq!(try_open(&vec![b'-'; 10 << 20], None), Some("wrong-kind"));
    assert_eq!(try_open(&b"-----BEGIN ".repeat(900_000), None), Some("too-many"));
    assert_eq!(try_open(&vec![b'{'; 10 << 20], None), Some("damaged"));
}
