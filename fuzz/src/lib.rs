//! What every target requires of a file that opens, and of one that does not.

use std::sync::LazyLock;

use certkit::{
    cert::Certificate,
    error::{Class, Error},
    key::{Algorithm, PrivateKey, PublicKey, encoding},
    limits,
    report::{FileFacts, json_v1, text},
    secret::Password,
    store::{self, Content, Key, Store, Unlock, pem},
    time::Instant,
};

/// The password of nearly every fixture.
pub const PASSWORD: &str = "test-1234";
/// The keys' own password, where a fixture has one.
const KEY_PASSWORD: &str = "test-key-5678";
/// Enough for every seed but the slow ones, and too little to let derivations fill the time.
const WORK: u64 = 20_000;

static NOW: LazyLock<Instant> = LazyLock::new(|| Instant::from_unix(1_800_000_000).expect("a date in range"));

/// Reads `octets` without a password and with one.
pub fn read(octets: &[u8]) {
    read_with(octets, None);
    read_with(octets, Some(PASSWORD));
}

/// Reads `octets` and holds the outcome to what is promised; whether they open.
pub fn read_with(octets: &[u8], password: Option<&str>) -> bool {
    let unlock = Unlock {
        password: password.map(|text| Password::new(text.into())),
        key_password: password.map(|_| Password::new(KEY_PASSWORD.into())),
        max_work: Some(WORK),
    };
    match store::read(octets, &unlock) {
        Ok(store) => {
            opened(octets, store);
            true
        }
        Err(error) => {
            refused(&error);
            false
        }
    }
}

/// An error says something, and never that certkit is at fault.
pub fn refused(error: &Error) {
    let said = error.to_string();
    assert!(!said.trim().is_empty(), "an error without a message");
    assert!(said.len() < 4096, "a message of {} octets", said.len());
    assert!(!error.kind().is_empty());
    assert_ne!(error.hint().as_deref(), Some(""));
    assert!(matches!(error.class(), Class::Input | Class::Password), "{:?}: {said}", error.class());
}

/// Everything that opens can be described, and everything in it be read again.
fn opened(octets: &[u8], store: Store) {
    assert!(store.entries.len() <= limits::ENTRIES);
    let facts = FileFacts::of("fuzzed", octets.len(), &store, *NOW);
    let shown = text::inspection(&facts);
    let moves = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}');
    assert!(!shown.contains(moves), "a terminal would be moved: {shown:?}");
    let document = json_v1::inspections(&[("fuzzed".into(), Ok(facts))]);
    serde_json::from_str::<serde_json::Value>(&document).expect("JSON reports are JSON");
    let _ = (store.key_entry(None).is_ok(), store.certificate_entry(None).is_ok(), store.summary());
    for entry in &store.entries {
        match &entry.content {
            Content::Certificate { certificate, .. } => certificate_again(certificate),
            Content::Key { key, chain } => {
                if let Key::Open(key) = key {
                    key_again(key);
                }
                assert!(chain.len() <= octets.len());
                chain.iter().for_each(certificate_again);
            }
            Content::PublicKey(key) => public_again(key),
            Content::Opaque { .. } => {}
        }
    }
}

/// A key that opened is what its own encodings read as.
pub fn key_again(key: &PrivateKey) {
    let der = key.pkcs8_der();
    let again = encoding::private_from_pkcs8(der.expose()).expect("a key reads its own PKCS#8");
    assert!(again.pkcs8_der().same_as(der), "PKCS#8 is not stable");
    assert_eq!(again.algorithm(), key.algorithm());
    match (again.public(), key.public()) {
        (Some(again), Some(public)) => assert!(again.same_key(public)),
        // OpenSSL's own encoding of a DSA key states the public half; PKCS#8 does not.
        (None, Some(_)) => assert_eq!(*key.algorithm(), Algorithm::Dsa),
        (again, None) => assert!(again.is_none()),
    }
    let armoured = pem::private_key(key).expect("a key can be armoured");
    let store = store::read(armoured.expose(), &Unlock::default()).expect("its PEM opens");
    let (_, from_pem, _) = store.key_entry(None).expect("its PEM holds it");
    assert!(from_pem.pkcs8_der().same_as(der), "PEM gives another key");
    if let Some(public) = key.public() {
        public_again(public);
    }
}

/// A public key that opened is what its own encoding reads as.
pub fn public_again(key: &PublicKey) {
    let again = encoding::public_from_spki(key.spki_der()).expect("a public key reads its own SPKI");
    assert!(again.same_key(key));
    assert_eq!(again.spki_der(), key.spki_der());
}

fn certificate_again(certificate: &Certificate) {
    let again = Certificate::from_der(certificate.der()).expect("a certificate reads its own DER");
    assert_eq!(again.fingerprints().sha256, certificate.fingerprints().sha256);
}

/// DER with a definite length.
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("inputs are small").to_be_bytes();
    [&[tag, 0x84], &length[..], content].concat()
}
