//! Hostile input: an error, soon, and within bounds, whatever the file says.
#![allow(clippy::disallowed_methods)] // Tests read files and the clock of the process.

mod common;

use std::time::Duration;

use certkit::{
    limits,
    report::{FileFacts, KeyState, inspection::EntryKind, text},
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

/// DER with a definite length.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("it is small").to_be_bytes();
    [&[tag, 0x84], &length[..], content].concat()
}

/// `1.2.840.113549.1.7.LAST`.
fn pkcs7_oid(last: u8) -> [u8; 11] {
    [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 7, last]
}

/// A store without MAC, with these safes.
fn pfx(safes: &[u8]) -> Vec<u8> {
    let content = element(0xa0, &element(4, &element(0x30, safes)));
    let info = element(0x30, &[&pkcs7_oid(1)[..], &content].concat());
    element(0x30, &[&[2, 1, 3], &info[..]].concat())
}

/// An unencrypted safe with these bags.
fn safe(bags: &[u8]) -> Vec<u8> {
    let content = element(0xa0, &element(4, &element(0x30, bags)));
    element(0x30, &[&pkcs7_oid(1)[..], &content].concat())
}

/// A bag of type 1.2.840.113549.1.12.10.1.KIND.
fn bag(kind: u8, value: &[u8]) -> Vec<u8> {
    let oid = [6, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 12, 10, 1, kind];
    element(0x30, &[&oid[..], &element(0xa0, value)].concat())
}

fn certificate_bag(der: &[u8]) -> Vec<u8> {
    let oid = [6, 10, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 22, 1];
    bag(3, &element(0x30, &[&oid[..], &element(0xa0, &element(4, der))].concat()))
}

/// An encrypted key by PBES2 with AES-256-CBC whose PBKDF2 takes `rounds` of the HMAC `prf`.
fn encrypted_key(prf: &[u8], rounds: u32) -> Vec<u8> {
    let count = [&[2, 5, 0][..], &rounds.to_be_bytes()].concat();
    let prf = element(0x30, &[&[6, prf.len() as u8], prf].concat());
    let pbkdf2 = [&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 5, 12][..], &{
        element(0x30, &[&element(4, b"saltsalt")[..], &count, &prf].concat())
    }]
    .concat();
    let aes = [&[6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2a][..], &element(4, &[0; 16])].concat();
    let parameters = element(0x30, &[element(0x30, &pbkdf2), element(0x30, &aes)].concat());
    let pbes2 = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 5, 13];
    let scheme = element(0x30, &[&pbes2[..], &parameters].concat());
    element(0x30, &[scheme, element(4, &[7; 48])].concat())
}

const HMAC_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 2, 7];
const HMAC_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 2, 9];
const HMAC_SHA512: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 2, 11];
const HMAC_SHA3_256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 14];

/// The work that a file is refused for.
fn refused_work(octets: &[u8]) -> Option<u64> {
    let unlock = Unlock { password: Some(Password::new("x".into())), max_work: Some(1), ..Unlock::default() };
    match store::read(octets, &unlock).err()?.cause() {
        certkit::Error::KdfTooCostly { work, .. } => Some(*work),
        _ => None,
    }
}

/// Work is time, not a count: a round of a slow hash is worth many of a fast one. Ten million rounds
/// of the usual schemes are within the default.
#[test]
fn slow_hashes_count_for_more() {
    let work = |prf, rounds| refused_work(&encrypted_key(prf, rounds)).expect("it is refused");
    assert_eq!(work(HMAC_SHA256, 1_000), 1_000);
    assert_eq!(work(HMAC_SHA512, 1_000), 5_500);
    assert_eq!(work(HMAC_SHA3_256, 1_000), 13_000);
    // A key of 32 octets takes two blocks of 20.
    assert_eq!(work(HMAC_SHA1, 1_000), 1_840);
    assert!(work(HMAC_SHA1, 10_000_000) < limits::KDF_ROUNDS);
    assert!(work(HMAC_SHA256, 10_000_000) < limits::KDF_ROUNDS);
    assert!(work(HMAC_SHA3_256, 10_000_000) > limits::KDF_ROUNDS);
}

/// A hundred keys of a million rounds are refused for all of them, before the first is opened, and
/// the hint's figure is one that opens the file.
#[test]
fn the_work_of_all_keys_is_known_before_it_is_spent() {
    let octets = read("hostile/handmade-100-bags-10pow6-iterations.pfx");
    let started = std::time::Instant::now();
    let unlock = Unlock::with(Password::new("test-1234".into()));
    let error = store::read(&octets, &unlock).err().expect("it is refused");
    assert!(started.elapsed() < Duration::from_secs(2), "it took {:?}", started.elapsed());
    let certkit::Error::KdfTooCostly { work, .. } = error.cause() else { panic!("{error}") };
    assert!(*work > 150_000_000, "{work}");
    assert!(error.hint().is_some_and(|hint| hint.contains("--max-work")));
}

/// Rounds beyond every count are refused under every limit, without the advice to raise it.
#[test]
fn no_limit_helps_against_uncountable_rounds() {
    for max_work in [None, Some(u64::MAX)] {
        let unlock = Unlock { max_work, ..Unlock::with(Password::new("x".into())) };
        let octets = encrypted_key(HMAC_SHA256, u32::MAX);
        let error = store::read(&octets, &unlock).err().expect("it is refused");
        assert_eq!((error.kind(), error.hint()), ("kdf-too-costly", None), "{error}");
    }
}

/// scrypt draws on the same budget: by its N, r and p, and where N is small by what surrounds it.
#[test]
fn scrypt_is_counted() {
    let key = |n: u32, r: u8, p: u32| {
        let number = |value: u32| [&[2, 5, 0][..], &value.to_be_bytes()].concat();
        let numbers = [number(n), vec![2, 1, r], number(p)].concat();
        let parameters = element(0x30, &[element(4, b"saltsalt"), numbers].concat());
        let oid = [6, 9, 0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 11];
        let kdf = element(0x30, &[&oid[..], &parameters].concat());
        let aes = [&[6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2a][..], &element(4, &[0; 16])].concat();
        let pbes2 = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 5, 13];
        let both = element(0x30, &[kdf, element(0x30, &aes)].concat());
        element(0x30, &[element(0x30, &[&pbes2[..], &both].concat()), element(4, &[7; 48])].concat())
    };
    assert_eq!(refused_work(&key(1 << 14, 8, 1)), Some((3 * (1 << 14) + 4) * 8));
    assert_eq!(refused_work(&key(2, 8, 1 << 10)), Some(10 * 8 * (1 << 10)));
    // Memory is refused whatever the budget, and says so: no budget would help.
    for max_work in [Some(1), None, Some(u64::MAX)] {
        let unlock = Unlock { max_work, ..Unlock::with(Password::new("x".into())) };
        let error = store::read(&key(1 << 20, 8, 1), &unlock).err().expect("it is refused");
        assert_eq!((error.kind(), error.hint()), ("kdf-memory", None), "{error}");
    }
}

/// A private key on P-384 without its public point, which reading then computes.
fn bare_p384() -> Vec<u8> {
    let scalar = element(4, &[7; 48]);
    let inner = element(4, &element(0x30, &[&[2, 1, 1], &scalar[..]].concat()));
    let algorithm = [6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 34];
    element(0x30, &[&[2, 1, 0], &element(0x30, &algorithm)[..], &inner].concat())
}

/// Public halves that have to be computed are work like any other.
#[test]
fn computing_public_keys_is_bounded() {
    let store = |keys| pfx(&safe(&bag(1, &bare_p384()).repeat(keys)));
    let open = |octets: &[u8], work| {
        store::read(octets, &Unlock { max_work: Some(work), ..Unlock::default() }).err().map(|e| e.kind())
    };
    assert_eq!(open(&store(3), 30_000), None);
    assert_eq!(open(&store(4), 30_000), Some("kdf-too-costly"));
    let armoured = |keys: usize| {
        let block = pem::encode(&pem::Pem::new("PRIVATE KEY", bare_p384()));
        block.repeat(keys).into_bytes()
    };
    assert_eq!(open(&armoured(4), 30_000), Some("kdf-too-costly"));
}

/// Judging the keys of a store is bounded too; what is not judged is said.
#[test]
fn judging_keys_is_bounded() {
    let key = read("certs/openssl-3-pkcs8.key.der");
    let octets = pfx(&safe(&bag(1, &key).repeat(50)));
    let unlock = Unlock { max_work: Some(20_000), ..Unlock::default() };
    let store = store::read(&octets, &unlock).expect("it opens");
    let now = certkit::time::Instant::from_unix(1_800_000_000).expect("a date in range");
    let facts = FileFacts::of("keys.pfx", octets.len(), &store, now);
    let unchecked = facts
        .entries
        .iter()
        .filter(|entry| matches!(entry.kind, EntryKind::Key { state: KeyState::Unchecked, .. }))
        .count();
    // 2048 bits count for 2097 rounds.
    assert_eq!(unchecked, 50 - 20_000 / 2097);
    let said = text::inspection(&facts);
    assert!(said.contains("41 private keys were not checked"), "{said}");
    assert!(said.contains("RSA 2048, not checked"), "{said}");
}

/// A report says each key's chain: issuers that thousands of keys share must not multiply.
#[test]
fn shared_chains_do_not_multiply() {
    let key = read("certs/openssl-3-pkcs8.key.der");
    let certificate = read("certs/openssl-3-rsa2048.cer");
    let store = |keys, large| {
        let certificates = certificate_bag(if large { &certificate } else { &[] });
        pfx(&safe(&[bag(1, &key).repeat(keys), certificates].concat()))
    };
    assert_eq!(try_open(&store(2_000, true), None), None);
    let leaf = certkit::cert::Certificate::from_der(&certificate).expect("it reads");
    let fits = store::read(&store(1, true), &Unlock::default()).is_ok_and(|store| {
        store.key_entry(None).is_ok_and(|(_, _, chain)| chain == std::slice::from_ref(&leaf))
    });
    assert!(fits, "the fixtures are a pair");
    let each = certificate.len() + 500;
    let over = limits::CHAINED_OCTETS / each + 1;
    assert_eq!(try_open(&store(over, true), None), Some("too-many"));
}

/// A certificate is not as large as a file may be: parsers take many times its room.
#[test]
fn huge_certificates_are_refused() {
    let mut octets = vec![0x30, 0x83, 0x10, 0, 0];
    octets.resize(5 + (1 << 20), 0);
    let error = certkit::cert::Certificate::from_der(&octets).expect_err("it is refused");
    assert_eq!(error.kind(), "too-many");
}

/// An extension of nine octets is reported in two hundred.
#[test]
fn extensions_are_counted() {
    let extended = |count| {
        let name = element(0x30, &[]);
        let algorithm = element(0x30, &[6, 3, 0x2a, 3, 4]);
        let validity = element(0x30, b"\x17\x0d250101000000Z\x17\x0d400101000000Z");
        let key = element(0x30, &[&algorithm[..], &[3, 2, 0, 1]].concat());
        let extensions = element(0x30, &element(0x30, &[6, 1, 0x2a, 4, 0]).repeat(count));
        let fields = [&[0xa0, 3, 2, 1, 2, 2, 1, 1], &algorithm[..], &name, &validity, &name, &key];
        let fields = [&fields.concat()[..], &element(0xa3, &extensions)].concat();
        let whole = [&element(0x30, &fields)[..], &algorithm, &[3, 2, 0, 1]].concat();
        certkit::cert::Certificate::from_der(&element(0x30, &whole)).err().map(|error| error.kind())
    };
    assert_eq!(extended(64), None);
    assert_eq!(extended(65), Some("too-many"));
}

/// Decryption is work too: large files are decrypted once for each spelling of a password.
#[test]
fn decryption_is_counted() {
    let mut key = encrypted_key(HMAC_SHA256, 1);
    assert_eq!(refused_work(&key), Some(1 + 24));
    let header = key.len() - 54;
    key.truncate(header);
    let large = [&key[6..], &element(4, &[7; 4096])].concat();
    assert_eq!(refused_work(&element(0x30, &large)), Some(1 + 2048));
}

/// One run of dashes that ends a block's first line and begins its last.
#[test]
fn lines_of_a_block_may_touch() {
    assert_eq!(try_open(b"-----BEGIN A-----END A-----", None), Some("damaged"));
    assert_eq!(try_open(b"-----BEGIN A-----END A-----BEGIN B-----END B-----\n", None), Some("damaged"));
    assert_eq!(try_open("—BEGIN A—BEGIN A—END A—".as_bytes(), None), Some("damaged"));
}

/// Each header of a PEM block takes many times its room.
#[test]
fn pem_headers_are_counted() {
    let block = |headers| {
        let headers = ":\n".repeat(headers);
        format!("-----BEGIN RSA PRIVATE KEY-----\n{headers}\nAAAA\n-----END RSA PRIVATE KEY-----\n")
    };
    let message = |headers: usize| {
        store::read(block(headers).as_bytes(), &Unlock::default()).err().map(|error| error.to_string())
    };
    assert!(message(1_001).is_some_and(|said| said.contains("more than 1000 header lines")));
    assert!(message(1_000).is_some_and(|said| !said.contains("header lines")));
}

/// Safes are counted, as bags are.
#[test]
fn safes_are_counted() {
    let empty = safe(&[]);
    assert_eq!(try_open(&pfx(&empty.repeat(20_000)), None), None);
    assert_eq!(try_open(&pfx(&empty.repeat(20_001)), None), Some("too-many"));
}

/// No error repeats megabytes of the file, neither in its message nor in its hint.
#[test]
fn errors_stay_short() {
    let name = "n".repeat(1 << 20);
    let alias = element(0x1e, &name.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>());
    let oid = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 20];
    let attributes = element(0x31, &element(0x30, &[&oid[..], &element(0x31, &alias)].concat()));
    let kind = [6, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 12, 10, 1, 1];
    let value = element(0xa0, &read("certs/openssl-3-pkcs8.key.der"));
    let named = element(0x30, &[&kind[..], &value, &attributes].concat());
    let two = pfx(&safe(&[&named[..], &bag(1, &value[6..])].concat()));
    let store = store::read(&two, &Unlock::default()).expect("it opens");
    let ambiguous = store.key_entry(None).err().expect("two keys");
    let unknown = store.key_entry(Some("other")).err().expect("no such key");
    let json = format!("{{\"{name}\":\"-----BEGIN A-----\"}}");
    let broken = store::read(json.as_bytes(), &Unlock::default()).err().expect("no whole block");
    for error in [ambiguous, unknown, broken] {
        assert!(error.to_string().len() < 2_000, "{} octets", error.to_string().len());
        assert!(error.hint().is_none_or(|hint| hint.len() < 2_000));
    }
}

/// A JSON document is not kept but for its keys and certificates, and the names that lead to a
/// text are not spelled out for each of a million texts.
#[test]
fn json_costs_no_more_than_its_text() {
    let name = "n".repeat(4 << 20);
    let texts = vec![format!("\"{}\"", "a".repeat(310)); 10_000].join(",");
    assert_eq!(try_open(format!("{{\"{name}\":[{texts}]}}").as_bytes(), None), Some("wrong-kind"));
    assert_eq!(try_open(format!("[{}0]", "[0],".repeat(2 << 20)).as_bytes(), None), Some("wrong-kind"));
    let twice = br#"{"private_key":"","private_key":"","public_cert":""}"#;
    assert_eq!(try_open(twice, None), Some("damaged"));
}

/// A serialised Java object may refer to one text as often as it has octets.
#[test]
fn references_cost_nothing() {
    let mut stream = b"\xac\xed\0\x05\x75\x72\0\x02[L\0\0\0\0\0\0\0\0\x02\0\0\x78\x70".to_vec();
    stream.extend_from_slice(&1_000_001u32.to_be_bytes());
    stream.extend_from_slice(b"\x74\xff\xff");
    stream.resize(stream.len() + 0xffff, b'a');
    stream.extend_from_slice(&b"\x71\0\x7e\0\x02".repeat(1_000_000));
    let entry = [b"\0\0\0\x03\0\x01a\0\0\0\0\0\0\0\0", &stream[..]].concat();
    let store = [b"\xce\xce\xce\xce\0\0\0\x02\0\0\0\x01", &entry[..], &[0; 20]].concat();
    assert_eq!(try_open(&store, None), None);
}

/// Parameters of a key that are no DER are damage of the file, not a fault of the program.
#[test]
fn odd_curve_parameters_are_damage() {
    let key = element(0x30, &[&[2, 1, 1][..], &element(4, &[7; 32]), &[0xa0, 3, 0x28, 1, 0]].concat());
    assert_eq!(try_open(&key, None), Some("damaged"));
}
