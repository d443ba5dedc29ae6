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
    ("stores/keytool-17-mixed.jceks", "test-1234"),
    ("stores/openssl-3-pbes2-camellia-256-cbc.pfx", "test-1234"),
    ("stores/connector-good.json", ""),
    ("stores/json-nested.json", ""),
    ("stores/json-utf16.json", ""),
    ("stores/json-double-escaped-nested.json", ""),
    ("certs/text-utf16le-bom.pem", ""),
    ("certs/text-typed-newlines.pem", ""),
    ("certs/text-no-breaks.pem", ""),
    ("certs/text-base64-pfx-one-line.txt", "test-1234"),
    ("certs/text-base64-cert-64.txt", ""),
    ("certs/openssl-3-chain-der.p7b", ""),
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

/// What is tried on a text that is not quite PEM costs linear time, however the text goes on.
#[test]
fn long_texts_stay_cheap() {
    let wide = |text: &str| -> Vec<u8> {
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    };
    let begin = "-----BEGIN CERTIFICATE-----";
    let texts: Vec<Vec<u8>> = vec![
        wide(&"-----BEGIN ".repeat(300_000)),
        [0xff, 0xfe].into_iter().chain([0, 0xd8].repeat(4 << 20)).collect(),
        vec![b'A'; 10 << 20],
        b"TUlJ\n".repeat(2 << 20),
        b"\\n".repeat(5 << 20),
        b"\\".repeat(10 << 20),
        begin.repeat(300_000).into_bytes(),
        format!("{begin}{}", " ".repeat(10 << 20)).into_bytes(),
        format!("{begin}{}", "\\n".repeat(5 << 20)).into_bytes(),
        format!("{begin}{}", "A ".repeat(5 << 20)).into_bytes(),
        format!("{begin}{}", "\u{2014}".repeat(3 << 20)).into_bytes(),
        format!("\"{}\"", "\\\\".repeat(5 << 20)).into_bytes(),
        format!("{{\"private_key\":\"{}\"}}", "-----BEGIN ".repeat(900_000)).into_bytes(),
        format!("{{\"private_key\":\"{}\"}}", "\\\\n".repeat(2 << 20)).into_bytes(),
        format!("[{}\"{begin}\"]", "\"\",".repeat(3 << 20)).into_bytes(),
    ];
    for text in &texts {
        let started = std::time::Instant::now();
        assert!(try_open(text, None).is_some(), "{}", String::from_utf8_lossy(&text[..40]));
        let took = started.elapsed();
        assert!(took < Duration::from_secs(15), "{}: {took:?}", String::from_utf8_lossy(&text[..40]));
    }
}

/// A JCEKS whose secret goes on for megabytes: serialised objects have no length in front.
#[test]
fn long_serialised_objects_stay_cheap() {
    let header: &[u8] =
        b"\xce\xce\xce\xce\0\0\0\x02\0\0\0\x01\0\0\0\x03\0\x01a\0\0\0\0\0\0\0\0\xac\xed\0\x05";
    let array: &[u8] = b"\x75\x72\0\x13[Ljava.lang.Object;\0\0\0\0\0\0\0\0\x02\0\0\x78\x70";
    let again: &[u8] = b"\x75\x71\0\x7e\0\0\0\0\0\x01";
    let class: &[u8] = b"\x72\0\x01A\0\0\0\0\0\0\0\0\x02\0\0\x78";
    let object: &[u8] = b"\x73";
    let tails: Vec<Vec<u8>> = vec![
        [array, &(5_000_000u32.to_be_bytes())[..], &[0x70; 5_000_000]].concat(),
        [array, &1u32.to_be_bytes()[..], &again.repeat(500_000)].concat(),
        [object, &class.repeat(300_000)].concat(),
        [0x79; 10 << 20].to_vec(),
        [0x7b; 10 << 20].to_vec(),
        b"\x77\x01A".repeat(3 << 20),
        b"\x74\0\x01A".repeat(2 << 20),
        // A long text once, and millions of references to it.
        [
            array,
            &3_000_001u32.to_be_bytes()[..],
            b"\x74\xff\xff",
            &[b'A'; 65_535],
            &b"\x71\0\x7e\0\x02".repeat(3_000_000),
        ]
        .concat(),
    ];
    for tail in tails {
        let started = std::time::Instant::now();
        // No password: the digest is not in the way.
        let _ = try_open(&[header, &tail, &[0; 20]].concat(), None);
        assert!(started.elapsed() < Duration::from_secs(15), "{:?}: {:?}", &tail[..2], started.elapsed());
    }
}
