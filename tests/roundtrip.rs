//! Properties: what is written is read back the same, whatever the names and passwords are.
#![allow(clippy::disallowed_methods)] // Tests use the clock's stand-in and files freely.

#[path = "common/credentials.rs"]
mod credentials;

use certkit::{
    cert::{
        name::DistinguishedName,
        params::{End, Params, Validity},
        self_signed,
    },
    key::encoding,
    secret::{Password, SecretBytes},
    store::{
        self, Content, Entry, Key, Store, Unlock, connector_json, jks, pem,
        pkcs12::{self, Compat, WriteOptions},
    },
};
use credentials::{Credential, credentials, now};
use getrandom::{SysRng, rand_core::UnwrapErr};
use proptest::prelude::*;

/// A store with one entry under `alias`, read from a PEM file and renamed.
fn store_of(credential: &Credential, alias: &str) -> Store {
    let text = [
        pem::private_key(&credential.key).expect("PEM").expose(),
        pem::certificates(&credential.chain).expect("PEM").as_bytes(),
    ]
    .concat();
    let mut store = store::read(&text, &Unlock::default()).expect("PEM reads");
    store.entries[0].alias = Some(alias.to_owned());
    store
}

fn holds(store: &Store, credential: &Credential, alias: Option<&str>) -> bool {
    let (index, key, chain) = store.key_entry(None).expect("one key");
    key.pkcs8_der().same_as(credential.key.pkcs8_der())
        && chain == credential.chain
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
    fn a_pfx_reads_back(which in 0..6usize, alias in text(), password in text(), compat in 0..4usize) {
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
    fn a_jks_reads_back(which in 0..6usize, alias in text(), password in text()) {
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
        let key = &credentials()[1].key;
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

/// A form that a store can be written in and read from again.
#[derive(Clone, Copy, Debug)]
enum Form {
    Pfx(Compat),
    Jks,
    Pem,
    /// Of a store with one key only.
    Json,
}

impl Form {
    fn any() -> impl Strategy<Value = Self> {
        prop_oneof![
            (0..4usize).prop_map(|compat| Self::Pfx(Compat::ALL[compat].1)),
            Just(Self::Jks),
            Just(Self::Pem),
            Just(Self::Json),
        ]
    }

    fn through(self, store: &Store, password: &Password) -> Store {
        let rng = &mut UnwrapErr(SysRng);
        let octets = match self {
            Self::Pfx(compat) => {
                pkcs12::write(store, password, &WriteOptions { compat, iterations: 3 }, rng).expect("a PFX")
            }
            Self::Jks => jks::write(store, password, now(), rng).expect("a JKS"),
            Self::Pem => SecretBytes::new(store.entries.iter().flat_map(pem_of).collect()),
            Self::Json => {
                let (_, key, chain) = store.key_entry(None).expect("one key");
                connector_json::write(key, chain).expect("a connector JSON")
            }
        };
        let unlock = Unlock::with(password.clone());
        store::read(octets.expose(), &unlock).unwrap_or_else(|error| panic!("{self:?}: {error}"))
    }

    /// What becomes of a name that goes through.
    fn name(self, name: Option<String>) -> Option<String> {
        match self {
            Self::Pfx(_) => name,
            // As Java does.
            Self::Jks => name.map(|name| name.to_lowercase()),
            Self::Pem | Self::Json => None,
        }
    }
}

fn pem_of(entry: &Entry) -> Vec<u8> {
    let Content::Key { key: Key::Open(key), chain } = &entry.content else { panic!("not a key") };
    let certificates = pem::certificates(chain).expect("PEM");
    [pem::private_key(key).expect("PEM").expose(), certificates.as_bytes()].concat()
}

/// Some of the credentials in some order, each under a name of its own, also where case does not
/// count.
fn several() -> impl Strategy<Value = Vec<(usize, String)>> {
    let which = Just((0..6usize).collect::<Vec<_>>()).prop_shuffle();
    (which, prop::collection::vec(text(), 1..5)).prop_map(|(which, names)| {
        let named = which.into_iter().zip(names).enumerate();
        named.map(|(number, (which, name))| (which, format!("{name}{number}"))).collect()
    })
}

fn store_of_several(several: &[(usize, String)]) -> Store {
    let mut stores = several.iter().map(|(which, name)| store_of(&credentials()[*which], name));
    let mut store = stores.next().expect("at least one");
    store.entries.extend(stores.flat_map(|store| store.entries));
    store
}

/// Names, keys and chains, in order.
fn entries(store: &Store) -> Vec<(Option<String>, String, Vec<String>)> {
    let entry = |entry: &Entry| match &entry.content {
        Content::Key { key: Key::Open(key), chain } => (
            entry.alias.clone(),
            key.public().map(|public| public.spki_sha256()).unwrap_or_default(),
            chain.iter().map(|certificate| certificate.fingerprints().sha256).collect(),
        ),
        _ => (Some(format!("another entry, {:?}", entry.alias)), String::new(), Vec::new()),
    };
    store.entries.iter().map(entry).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// From form to form and back, nothing changes but names, in the way each form is known for:
    /// the same keys with the same chains in the same order.
    #[test]
    fn from_form_to_form_nothing_is_lost(
        start in several(), forms in prop::collection::vec(Form::any(), 1..5), password in text(),
    ) {
        let password = Password::new(password);
        let mut store = store_of_several(&start);
        let mut expected = entries(&store);
        let several = store.entries.len() > 1;
        for form in forms.iter().copied().filter(|form| !several || !matches!(form, Form::Json)) {
            // What comes out of PEM or JSON has no name, and an entry of a JKS needs one.
            for (number, entry) in store.entries.iter_mut().enumerate().filter(|(_, entry)| entry.alias.is_none()) {
                entry.alias = Some(number.to_string());
                expected[number].0 = entry.alias.clone();
            }
            store = form.through(&store, &password);
            expected.iter_mut().for_each(|(name, ..)| *name = form.name(name.take()));
            prop_assert_eq!(entries(&store), expected.clone(), "after {:?} of {:?}", form, forms);
        }
    }
}

/// PEM and the connector JSON hold the same key and certificate.
#[test]
fn pem_and_json_read_back() {
    for credential in credentials() {
        let json = connector_json::write(&credential.key, &credential.chain).expect("written");
        let store = store::read(json.expose(), &Unlock::default()).expect("reads back");
        assert!(holds(&store, credential, None));
        let key = encoding::private_from_pkcs8(credential.key.pkcs8_der().expose()).expect("PKCS#8 reads");
        assert!(key.pkcs8_der().same_as(credential.key.pkcs8_der()));
    }
}

/// Several entries keep their order, their names and their chains.
#[test]
fn several_entries_keep_apart() {
    let mut store = store_of(&credentials()[0], "one");
    store.entries.extend(store_of(&credentials()[1], "two").entries);
    let trusted = Content::Certificate { certificate: credentials()[2].chain[0].clone(), trusted: true };
    store.entries.push(Entry { alias: Some("three".into()), content: trusted });
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
        assert!(key.pkcs8_der().same_as(credentials()[1].key.pkcs8_der()));
    }
}

/// Two chains in one PEM file have their common issuers twice, which makes no further entries.
#[test]
fn common_issuers_are_no_entries() {
    let store = store_of_several(&[(3, "one".into()), (4, "two".into())]);
    let back = Form::Pem.through(&store, &Password::new(String::new()));
    let chains: Vec<usize> = entries(&back).iter().map(|(.., chain)| chain.len()).collect();
    assert_eq!(chains, [3, 3]);
}
