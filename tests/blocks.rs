//! What stands in a file beside keys and certificates, or around them: parameters, requests, lists,
//! base64, lost lines.
#![allow(clippy::disallowed_methods)] // Tests read files.

mod common;

use base64ct::{Base64, Encoding};
use certkit::{
    Error,
    store::{self, Content, Format, Key, Store, Unlock, connector_json},
};
use common::fixture;

const SEQUENCE: u8 = 0x30;
/// rsaEncryption without parameters: some AlgorithmIdentifier.
const ALGORITHM: &[u8] = &[0x30, 11, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1];

/// DER with a definite length.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("it is small").to_be_bytes();
    [&[tag, 0x82], &length[..], content].concat()
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(SEQUENCE, &parts.concat())
}

fn numbers(count: usize) -> Vec<u8> {
    element(SEQUENCE, &element(2, &[0x51; 64]).repeat(count))
}

fn block(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", Base64::encode_string(der))
}

fn read(octets: impl AsRef<[u8]>) -> Result<Store, Error> {
    store::read(octets.as_ref(), &Unlock::default())
}

fn file(path: &str) -> Vec<u8> {
    std::fs::read(fixture(path)).expect("the fixture is there")
}

fn text(path: &str) -> String {
    String::from_utf8(file(path)).expect("the fixture is text")
}

/// A key with its certificate.
fn pair() -> String {
    text("certs/openssl-3-key-and-cert.pem")
}

fn opaque(store: &Store) -> Vec<&str> {
    fn what(content: &Content) -> Option<&str> {
        match content {
            Content::Opaque { what, .. } => Some(what.as_str()),
            _ => None,
        }
    }
    store.entries.iter().filter_map(|entry| what(&entry.content)).collect()
}

fn kind(outcome: Result<Store, Error>) -> Option<&'static str> {
    outcome.err().map(|error| error.kind())
}

/// The openings of a request: version, name, public key; with attributes or without.
fn request(attributes: &[u8]) -> Vec<u8> {
    let name = sequence(&[]);
    let key = sequence(&[ALGORITHM, &element(3, &[0, 1])]);
    let info = sequence(&[&[2, 1, 0], &name, &key, attributes]);
    sequence(&[&info, ALGORITHM, &element(3, &[0, 1])])
}

/// The layout of web servers' files: a key, its certificate and parameters. Parameters are built as
/// keys are, and are none.
#[test]
fn parameters_beside_a_key_are_no_key() {
    let attributes = sequence(&[
        &sequence(&[&[2, 1, 1], &sequence(&[]), &element(0xa0, &[]), ALGORITHM, &[2, 1, 5]]),
        ALGORITHM,
        &element(3, &[0, 1]),
    ]);
    let x942 = sequence(&[&element(2, &[0x51; 64]).repeat(4), &sequence(&[&[3, 1, 0], &[2, 1, 1]])]);
    for (label, der) in [
        ("DH PARAMETERS", numbers(2)),
        ("DH PARAMETERS", numbers(3)),
        ("DSA PARAMETERS", numbers(3)),
        ("X9.42 DH PARAMETERS", numbers(4)),
        ("X9.42 DH PARAMETERS", x942),
        ("ATTRIBUTE CERTIFICATE", attributes),
        ("SOMETHING", numbers(6)),
        ("SOMETHING", numbers(9)),
    ] {
        for text in [block(label, &der) + &pair(), pair() + &block(label, &der)] {
            let store = read(&text).unwrap_or_else(|error| panic!("{label}: {error}"));
            assert_eq!(opaque(&store), [format!("PEM block \"{label}\"")], "{label}");
            assert_eq!(store.entries.len(), 2, "{label}");
            let (_, _, chain) = store.key_entry(None).expect("the key");
            assert_eq!(chain.len(), 1, "{label}");
        }
        assert_eq!(kind(read(block(label, &der))), Some("wrong-kind"), "{label}");
    }
}

/// Numbers are a key only where there are as many as a key has.
#[test]
fn numbers_are_counted() {
    let kinds: Vec<_> = (2..=11).map(|count| store::detect::kind(&numbers(count))).collect();
    use store::detect::Kind::{Dsa, Pkcs1, RsaPublicKey, Unknown};
    let expected = [RsaPublicKey, Unknown, Unknown, Unknown, Dsa, Unknown, Unknown, Pkcs1, Unknown, Unknown];
    assert_eq!(kinds, expected);
}

/// Octets still tell where both labels are of things that are read.
#[test]
fn wrong_labels_of_known_kinds_are_passed_over() {
    let pair = pair().replace("PRIVATE KEY-----", "CERTIFICATE-----");
    let store = read(pair).expect("it opens");
    assert!(store.key_entry(None).is_ok());
    for label in ["CERTIFICATE", "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "PUBLIC KEY", "PKCS7"] {
        assert_eq!(kind(read(block(label, b"nothing of the kind"))), Some("damaged"), "{label}");
    }
}

/// A request may lack its attributes: a request all the same, in DER and beside a key.
#[test]
fn requests_without_attributes_are_requests() {
    for attributes in [vec![], element(0xa0, &[])] {
        let der = request(&attributes);
        let store = read(&der).expect("it is listed");
        assert_eq!(store.format, Format::CertificateRequest);
        assert_eq!(opaque(&store), ["PKCS#10 certificate request"]);
        for label in ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST", "CERTIFICATE"] {
            let store = read(pair() + &block(label, &der)).expect("it opens");
            assert_eq!(opaque(&store), ["PKCS#10 certificate request"], "{label}");
        }
    }
}

/// What follows a structure's end is said of every kind of file that is one structure.
#[test]
fn what_trails_is_said() {
    let key = element(SEQUENCE, &[element(2, &[0x51; 128]), vec![2, 1, 3]].concat());
    for (der, format) in [(request(&[]), Format::CertificateRequest), (key, Format::RsaPublicKey)] {
        let store = read([&der[..], b"more"].concat()).expect("it opens");
        assert_eq!(store.format, format);
        assert_eq!(store.notes, ["4 octets follow its end; they were ignored"]);
    }
}

/// A first line that was not copied loses its block, never silently.
#[test]
fn lost_first_lines_are_said() {
    let pair = pair();
    let headless = |label: &str| pair.replacen(&format!("-----BEGIN {label}-----"), "", 1);
    assert_eq!(kind(read(headless("PRIVATE KEY"))), Some("damaged"));
    assert_eq!(kind(read(headless("CERTIFICATE"))), Some("damaged"));
    assert_eq!(kind(read("-----END PRIVATE KEY-----\n")), Some("damaged"));
    let store = read(format!("MAAA\n-----END CERTIFICATE-----\n{pair}")).expect("the rest makes sense");
    let detail = "it has no \"-----BEGIN CERTIFICATE-----\"";
    assert_eq!(opaque(&store), [format!("broken PEM block \"CERTIFICATE\": {detail}")]);
    assert!(store.key_entry(None).is_ok());
}

/// A bundle of revocation lists is a bundle; what is no bundle is named.
#[test]
fn bundles_without_certificates() {
    let store = read(file("certs/openssl-3-crl-only.p7b")).expect("it is listed");
    assert_eq!(opaque(&store), ["certificate revocation list"]);
    assert_eq!(store.certificate_entry(None).err().map(|error| error.kind()), Some("no-certificate"));
    for (last, name) in [(3, "enveloped-data"), (6, "encrypted-data")] {
        let oid = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 7, last];
        let der = sequence(&[&oid, &element(0xa0, &sequence(&[&[2, 1, 0]]))]);
        for octets in [der.clone(), block("PKCS7", &der).into_bytes()] {
            let error = read(octets).err().expect("it is no bundle");
            assert_eq!(error.kind(), "wrong-kind");
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}

/// Base64 may hold a text, as environment variables do, and is not undone again and again.
#[test]
fn texts_in_base64_are_read_once() {
    let store = read(pair()).expect("it opens");
    let (_, key, chain) = store.key_entry(None).expect("the key");
    let connector = connector_json::write(key, chain).expect("it is written");
    let once = Base64::encode_string(connector.expose());
    let store = read(&once).expect("it opens");
    assert_eq!(store.format, Format::ConnectorJson);
    assert_eq!(store.notes, ["it is base64 without BEGIN and END lines"]);
    assert_eq!(
        read(Base64::encode_string(pair().as_bytes())).map(|store| store.format).ok(),
        Some(Format::Pem)
    );
    assert_eq!(kind(read(Base64::encode_string(once.as_bytes()))), Some("wrong-kind"));
}

/// A Secret of Kubernetes, whose members are PEM in base64, by itself and in base64 itself.
#[test]
fn pem_in_base64_in_json_is_read() {
    let read_pair = read(text("certs/openssl-3-ec-p256.pem")).expect("it opens");
    let (_, key, chain) = read_pair.key_entry(None).expect("a key");
    let key_pem = store::pem::private_key(key).expect("PEM");
    let encoded = |octets: &[u8]| Base64::encode_string(octets);
    let tls_crt = encoded(store::pem::certificates(chain).expect("PEM").as_bytes());
    let data = serde_json::json!({ "tls.crt": tls_crt, "tls.key": encoded(key_pem.expose()) });
    let secret = serde_json::json!({ "kind": "Secret", "data": data }).to_string();
    for text in [secret.clone(), encoded(secret.as_bytes())] {
        let store = read(text).expect("it opens");
        let (_, _, chain) = store.key_entry(None).expect("the key");
        assert_eq!((store.format, chain.len()), (Format::Json, 1));
    }
    let twice = serde_json::json!({ "tls.key": encoded(encoded(key_pem.expose()).as_bytes()) });
    assert_eq!(kind(read(twice.to_string())), Some("wrong-kind"));
}

/// Blanks that do not break, as web pages have them, inside a label.
#[test]
fn blanks_that_do_not_break_are_mended() {
    let store = read(pair().replace("PRIVATE KEY", "PRIVATE\u{a0}KEY").replace("BEGIN ", "BEGIN\u{a0}"));
    let store = store.expect("it opens");
    assert!(store.entries.iter().any(
        |entry| matches!(&entry.content, Content::Key { key: Key::Open(_), chain } if chain.len() == 1)
    ));
    assert!(store.notes.iter().any(|note| note.contains("mended")), "{:?}", store.notes);
}

/// The length of a chain in a Java key store is its own word: certificates are counted over all of
/// the store.
#[test]
fn chains_of_java_stores_are_counted() {
    let octets = file("stores/keytool-17-key.jks");
    let size = |at: usize, octets: &[u8]| {
        u32::from_be_bytes(octets[at..at + 4].try_into().expect("four octets")) as usize
    };
    // Magic, version, count and tag; then the alias, a date and the key.
    let alias = usize::from(octets[16]) << 8 | usize::from(octets[17]);
    let key = 18 + alias + 8;
    let links = key + 4 + size(key, &octets);
    let store = read(text("certs/openssl-3-ed25519.pem")).expect("it opens");
    let (_, certificate, _) = store.certificate_entry(None).expect("a certificate");
    let length = u32::try_from(certificate.der().len()).expect("it is small").to_be_bytes();
    let link = [b"\0\x05X.509", &length[..], certificate.der()].concat();
    let with = |count: u32| {
        let count_octets = count.to_be_bytes();
        let mut store = octets[..links].to_vec();
        store[8..12].copy_from_slice(&[0, 0, 0, 1]);
        [&store[..], &count_octets, &link.repeat(count as usize), &[0; 20]].concat()
    };
    assert_eq!(kind(read(with(3))), None);
    let limit = u32::try_from(certkit::limits::ENTRIES).expect("it is small");
    assert_eq!(kind(read(with(limit + 1))), Some("too-many"));
}
