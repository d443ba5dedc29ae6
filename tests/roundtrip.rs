//! Properties: what is written is read back the same, whatever the names and passwords are.
#![allow(clippy::disallowed_methods)] // Tests use the clock's stand-in and files freely.

use std::sync::OnceLock;

use certkit::{
    cert::{
        Certificate,
        name::DistinguishedName,
        params::{End, Params, Validity},
        self_signed,
    },
    key::{NewKey, PrivateKey, encoding},
    secret::Password,
    store::{
        self, Content, Store, Unlock, connector_json, jks, pem,
        pkcs12::{self, Compat, WriteOptions},
    },
    time::Instant,
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use proptest::prelude::*;

fn now() -> Instant {
    Instant::from_unix(1_800_000_000).expect("a date in range")
}

fn make(kind: NewKey, subject: &str) -> (PrivateKey, Certificate) {
    let rng = &mut UnwrapErr(SysRng);
    let key = kind.generate(rng).expect("a key");
    let subject = DistinguishedName::parse(subject).expect("a subject");
    let validity = Validity::new(now(), End::Days(30)).expect("a validity");
    let params = Params::new(subject, Vec::new(), validity).expect("parameters");
    let certificate = self_signed(&params, &key, rng).expect("a certificate");
    (key, certificate)
}

/// One credential of each kind, made once: the properties are about stores, not keys.
fn credentials() -> &'static [(PrivateKey, Certificate)] {
    static MADE: OnceLock<Vec<(PrivateKey, Certificate)>> = OnceLock::new();
    MADE.get_or_init(|| {
        vec![
            make(NewKey::Rsa2048, "CN=TEST rsa"),
            make(NewKey::P256, "CN=TEST p256"),
            make(NewKey::P384, "CN=TEST p384"),
        ]
    })
}

/// A store with one entry under `alias`, read from a PEM file and renamed.
fn store_of(credential: &(PrivateKey, Certificate), alias: &str) -> Store {
    let text = [
        pem::private_key(&credential.0).expect("PEM").expose(),
        pem::certificates([&credential.1]).expect("PEM").as_bytes(),
    ]
    .concat();
    let mut store = store::read(&text, &Unlock::default()).expect("PEM reads");
    store.entries[0].alias = Some(alias.to_owned());
    store
}

fn holds(store: &Store, credential: &(PrivateKey, Certificate), alias: Option<&str>) -> bool {
    let (index, key, chain) = store.key_entry(None).expect("one key");
    key.pkcs8_der().same_as(credential.0.pkcs8_der())
        && chain == std::slice::from_ref(&credential.1)
        && store.entries[index].alias.as_deref() == alias
}

fn text() -> impl Strategy<Value = String> {
    // Any Unicode, and often the characters that formats treat in a special way.
    prop_oneof!["[a-zA-Z0-9 ]{1,12}", "\\PC{1,12}", "[,+\"\\\\<>;=# äß€🔑]{1,8}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// A PFX holds any alias under any password, and no other password opens it.
    #[test]
    fn a_pfx_reads_back(which in 0..3usize, alias in text(), password in text(), compat in 0..4usize) {
        let credential = &credentials()[which];
        let options = WriteOptions { compat: Compat::ALL[compat].1, iterations: 3 };
        let password = Password::new(password);
        let octets = pkcs12::write(&store_of(credential, &alias), &password, &options, &mut UnwrapErr(SysRng)).expect("written");
        let store = store::read(octets.expose(), &Unlock::with(password.clone())).expect("reads back");
        prop_assert!(holds(&store, credential, Some(&alias)));
        let other = Password::new(format!("{}x", password.expose()));
        let refused = store::read(octets.expose(), &Unlock::with(other)).err();
        prop_assert_eq!(refused.map(|error| error.kind()), Some("wrong-password"));
    }

    /// So does a JKS, with its aliases in lower case.
    #[test]
    fn a_jks_reads_back(which in 0..3usize, alias in text(), password in text()) {
        let credential = &credentials()[which];
        let password = Password::new(password);
        let octets = jks::write(&store_of(credential, &alias), &password, now(), &mut UnwrapErr(SysRng)).expect("written");
        let store = store::read(octets.expose(), &Unlock::with(password.clone())).expect("reads back");
        prop_assert!(holds(&store, credential, Some(&alias.to_lowercase())));
        let other = Password::new(format!("{}x", password.expose()));
        prop_assert!(store::read(octets.expose(), &Unlock::with(other)).is_err());
    }

    /// A name is the same after printing and reading, and after encoding and decoding in a
    /// certificate.
    #[test]
    fn a_name_reads_back(values in prop::collection::vec(text(), 1..5)) {
        let parts: Vec<_> = values.iter().enumerate()
            .map(|(i, value)| ("--subject", ["CN", "OU", "OU", "O", "L"][i], value.as_str()))
            .collect();
        let Ok(name) = DistinguishedName::from_parts(parts) else { return Ok(()) };
        let printed = name.to_string();
        prop_assert_eq!(&DistinguishedName::parse(&printed).expect("what is printed reads"), &name);
        let key = &credentials()[1].0;
        let validity = Validity::new(now(), End::Days(1)).expect("a validity");
        let params = Params::new(name.clone(), Vec::new(), validity).expect("parameters");
        let certificate = self_signed(&params, key, &mut UnwrapErr(SysRng)).expect("a certificate");
        prop_assert_eq!(certificate.subject(), &name);
    }

    /// Any octets at all are an error or a store: never a panic.
    #[test]
    fn any_octets_are_survived(octets in prop::collection::vec(any::<u8>(), 0..600), start in 0..6usize) {
        let starts: [&[u8]; 6] = [b"", b"\x30\x82", b"\xfe\xed\xfe\xed\0\0\0\x02", b"-----BEGIN CERTIFICATE-----\n", b"{\"private_key\":\"", b"\x30\x80\x02\x01\x03\x30\x80"];
        let octets = [starts[start], &octets].concat();
        let unlock = Unlock { password: Some(Password::new("x".into())), max_work: Some(1000), ..Unlock::default() };
        let _ = store::read(&octets, &unlock);
    }
}

/// PEM and the connector JSON hold the same key and certificate.
#[test]
fn pem_and_json_read_back() {
    for credential in credentials() {
        let json =
            connector_json::write(&credential.0, std::slice::from_ref(&credential.1)).expect("written");
        let store = store::read(json.expose(), &Unlock::default()).expect("reads back");
        assert!(holds(&store, credential, None));
        let key = encoding::private_from_pkcs8(credential.0.pkcs8_der().expose()).expect("PKCS#8 reads");
        assert!(key.pkcs8_der().same_as(credential.0.pkcs8_der()));
    }
}

/// Several entries keep their order, their names and their chains.
#[test]
fn several_entries_keep_apart() {
    let mut store = store_of(&credentials()[0], "one");
    store.entries.extend(store_of(&credentials()[1], "two").entries);
    let trusted = Content::Certificate { certificate: credentials()[2].1.clone(), trusted: true };
    store.entries.push(store::Entry { alias: Some("three".into()), content: trusted });
    let password = Password::new("changeit".into());
    let rng = &mut UnwrapErr(SysRng);
    let pfx = pkcs12::write(&store, &password, &WriteOptions::default(), rng).expect("written");
    let jks = jks::write(&store, &password, now(), rng).expect("written");
    for octets in [pfx, jks] {
        let back = store::read(octets.expose(), &Unlock::with(password.clone())).expect("reads back");
        let labels: Vec<String> = (0..back.entries.len()).map(|index| back.label(index)).collect();
        assert_eq!(labels, ["one", "two", "three"]);
        assert!(matches!(&back.entries[2].content, Content::Certificate { trusted: true, .. }));
        let refused = back.key_entry(None).err().map(|error| error.kind());
        assert_eq!(refused, Some("alias-ambiguous"));
        let (_, key, _) = back.key_entry(Some("TWO")).expect("aliases compare regardless of case");
        assert!(key.pkcs8_der().same_as(credentials()[1].0.pkcs8_der()));
    }
}
