//! Every fixture against what its manifest says of it: files of real tools open to exactly what
//! those tools put in, and bad files are refused for the right reason.
#![allow(clippy::disallowed_methods, clippy::print_stderr)] // Tests read files and say what they skip.

mod common;

use std::collections::BTreeSet;

use certkit::{
    cert::Certificate,
    error::{Class, Error},
    ops::{
        Encoding,
        export_cer::{Options, export_cer},
    },
    secret::Password,
    store::{self, Content, Entry, Key, Store, Unlock},
    time::Instant,
};
use common::fixture;
use serde::Deserialize;
use sha2::{Digest, Sha256};

#[derive(Deserialize)]
struct Manifest {
    fixture: Vec<Fixture>,
}

#[derive(Deserialize)]
struct Fixture {
    path: String,
    expect: String,
    password: Option<String>,
    key_password: Option<String>,
    keys: Option<usize>,
    certs: Option<usize>,
    #[serde(default)]
    locked: usize,
    #[serde(default)]
    secrets: usize,
    #[serde(default)]
    requests: usize,
    #[serde(default)]
    crls: usize,
    aliases: Option<Vec<String>>,
    #[serde(default)]
    cert_sha256: Vec<String>,
    #[serde(default)]
    spki_sha256: Vec<String>,
    mac_iterations: Option<u64>,
    exit: Option<u8>,
    exit_also: Option<u8>,
    kind: Option<String>,
    names: Option<String>,
    subject: Option<String>,
    serial: Option<String>,
    not_before: Option<String>,
    not_after: Option<String>,
}

/// Fixtures that the manifest calls errors and certkit opens, with the reason.
const OPENED_ALL_THE_SAME: &[(&str, &str)] = &[
    (
        "certs/openssl-3-public-key.pem",
        "a public key by itself can be inspected; commands that need more refuse it",
    ),
    (
        "hostile/handmade-unknown-key-algorithm.pfx",
        "a key of an unknown kind is carried; commands that need to judge it refuse",
    ),
];

fn manifest() -> Vec<Fixture> {
    let text = std::fs::read_to_string(fixture("manifest.toml")).expect("the manifest is there");
    let manifest: Manifest = toml::from_str(&text).expect("the manifest is TOML of the known form");
    manifest.fixture
}

fn open(fixture: &Fixture) -> Result<Store, Error> {
    let octets = std::fs::read(common::fixture(&fixture.path)).expect("every fixture is there");
    let password = |text: &Option<String>| text.clone().map(Password::new);
    let unlock = Unlock {
        password: password(&fixture.password),
        key_password: password(&fixture.key_password),
        max_work: None,
    };
    store::read(&octets, &unlock)
}

/// What a command that needs the keys would find. A key of a kind that certkit does not compute
/// with is carried: that is for such a command to refuse.
fn judge(store: &Store) -> Result<(), Error> {
    for entry in &store.entries {
        if let Content::Key { key: Key::Open(key), .. } = &entry.content {
            match key.check() {
                Ok(()) | Err(Error::UnsupportedAlgorithm { .. }) => {}
                Err(other) => return Err(other),
            }
        }
    }
    Ok(())
}

fn hex(octets: &[u8]) -> String {
    Sha256::digest(octets).iter().map(|octet| format!("{octet:02x}")).collect()
}

fn certificates(store: &Store) -> BTreeSet<String> {
    let of = |content: &Content| -> Vec<Certificate> {
        match content {
            Content::Key { chain, .. } => chain.clone(),
            Content::Certificate { certificate, .. } => vec![certificate.clone()],
            _ => Vec::new(),
        }
    };
    store
        .entries
        .iter()
        .flat_map(|entry| of(&entry.content))
        .map(|certificate| hex(certificate.der()))
        .collect()
}

/// Every file that a real tool made opens to its keys, certificates and aliases.
#[test]
fn good_fixtures_open_to_what_they_hold() {
    let mut wrong = Vec::new();
    for fixture in manifest().iter().filter(|f| f.expect == "open") {
        match open(fixture).and_then(|store| judge(&store).map(|()| store)) {
            Ok(store) => wrong
                .extend(differences(fixture, &store).into_iter().map(|d| format!("{}: {d}", fixture.path))),
            Err(error) => wrong.push(format!("{}: {error}", fixture.path)),
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

fn differences(fixture: &Fixture, store: &Store) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: &str, is: String, should: String| {
        if is != should {
            found.push(format!("{what} is {is}, should be {should}"));
        }
    };
    let keys: Vec<_> = store
        .entries
        .iter()
        .filter_map(|entry| match &entry.content {
            Content::Key { key: Key::Open(key), .. } => Some(key),
            _ => None,
        })
        .collect();
    let locked = |entry: &&Entry| matches!(entry.content, Content::Key { key: Key::Locked(_), .. });
    let count = store.entries.iter().filter(locked).count() + store.locked_parts;
    compare("locked keys", count.to_string(), fixture.locked.to_string());
    for (what, words, should) in [
        ("secrets", &["secret"][..], fixture.secrets),
        ("certificate requests", &["request"], fixture.requests),
        ("revocation lists", &["revocation list", "CRL"], fixture.crls),
    ] {
        compare(what, opaque(store, words).to_string(), should.to_string());
    }
    compare("keys", keys.len().to_string(), fixture.keys.unwrap_or_default().to_string());
    let certificates = certificates(store);
    compare("certificates", certificates.len().to_string(), fixture.certs.unwrap_or_default().to_string());
    compare(
        "certificate hashes",
        format!("{certificates:?}"),
        format!("{:?}", fixture.cert_sha256.iter().cloned().collect::<BTreeSet<_>>()),
    );
    let known: BTreeSet<String> =
        keys.iter().filter_map(|key| key.public()).map(|public| hex(public.spki_der())).collect();
    let unknown = keys.iter().filter(|key| key.public().is_none()).count();
    if unknown == 0 {
        compare(
            "key hashes",
            format!("{known:?}"),
            format!("{:?}", fixture.spki_sha256.iter().cloned().collect::<BTreeSet<_>>()),
        );
    }
    if let Some(aliases) = &fixture.aliases {
        let is: BTreeSet<String> = store.entries.iter().filter_map(|entry| entry.alias.clone()).collect();
        // An empty name on one of a key and its certificate gives way to the other's.
        let should: BTreeSet<String> = aliases.iter().filter(|alias| !alias.is_empty()).cloned().collect();
        compare("aliases", format!("{is:?}"), format!("{should:?}"));
    }
    if let (Some(count), Some(mac)) = (fixture.mac_iterations, store.protections.first()) {
        compare("MAC iterations", mac.by.iterations.to_string(), count.to_string());
    }
    found
}

/// How many entries are listed and not opened whose description has one of the words.
fn opaque(store: &Store, words: &[&str]) -> usize {
    let fits = |content: &Content| matches!(content, Content::Opaque { what, .. } if words.iter().any(|word| what.contains(word)));
    store.entries.iter().filter(|entry| fits(&entry.content)).count()
}

/// A certificate's name, serial number and dates are what openssl prints of them.
#[test]
fn certificates_say_what_openssl_says() {
    let mut compared = 0;
    for fixture in manifest().iter().filter(|f| f.expect == "open" && f.subject.is_some()) {
        let store = open(fixture).unwrap_or_else(|error| panic!("{}: {error}", fixture.path));
        let (_, certificate, _) =
            store.certificate_entry(None).unwrap_or_else(|error| panic!("{}: {error}", fixture.path));
        let serial = hex_digits(certificate.serial());
        assert_eq!(
            Some(serial.trim_start_matches("00")),
            fixture.serial.as_deref().map(|s| s.trim_start_matches("00")),
            "{}",
            fixture.path
        );
        assert_eq!(Some(certificate.not_before().to_string()), fixture.not_before, "{}", fixture.path);
        assert_eq!(Some(certificate.not_after().to_string()), fixture.not_after, "{}", fixture.path);
        let subject = certificate.subject().to_string();
        assert_eq!(Some(normal(&subject)), fixture.subject.as_deref().map(normal), "{}", fixture.path);
        compared += 1;
    }
    assert!(compared > 10, "only {compared} certificates were compared");
}

fn hex_digits(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// OpenSSL and RFC 4514 spell a few keywords differently, and may order the parts of one
/// multi-valued RDN differently.
fn normal(name: &str) -> BTreeSet<String> {
    name.replace("emailAddress=", "EMAILADDRESS=")
        .replace("serialNumber=", "SERIALNUMBER=")
        .replace("street=", "STREET=")
        .split([',', '+'])
        .map(str::to_owned)
        .collect()
}

/// Every bad file is refused with the right exit code and for the right kind of reason.
#[test]
fn bad_fixtures_are_refused_for_the_right_reason() {
    let mut wrong = Vec::new();
    for fixture in manifest().iter().filter(|f| f.expect == "error") {
        let path = fixture.path.as_str();
        if OPENED_ALL_THE_SAME.iter().any(|(opened, _)| *opened == path) {
            continue;
        }
        let refused = open(fixture).and_then(|store| {
            judge(&store)?;
            // A store that opens and holds nothing is refused by the command that needs something.
            store.key_entry(None).map(drop).or_else(|_| store.certificate_entry(None).map(drop))
        });
        let Err(error) = refused else {
            wrong.push(format!("{}: opened, should be refused as {:?}", fixture.path, fixture.kind));
            continue;
        };
        let code = error.class().exit_code();
        if Some(code) != fixture.exit && Some(code) != fixture.exit_also {
            wrong.push(format!("{}: exit {code} ({error}), should be {:?}", fixture.path, fixture.exit));
        } else if !fits(fixture.kind.as_deref(), &error) {
            wrong.push(format!(
                "{}: refused as {} ({error}), should be {:?}",
                fixture.path,
                error.kind(),
                fixture.kind
            ));
        } else if let Some(name) = &fixture.names
            && !error.to_string().to_lowercase().contains(&name.to_lowercase())
        {
            wrong.push(format!("{path}: refused as \"{error}\", should name {name}"));
        }
        assert_ne!(error.class(), Class::Internal, "{}: {error}", fixture.path);
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// Files of which nobody can say whether they are good: opened or refused, soon and in order.
#[test]
fn odd_fixtures_are_survived() {
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for fixture in manifest().iter().filter(|f| f.expect == "survive") {
        seen += 1;
        let started = std::time::Instant::now();
        let outcome = open(fixture);
        let took = started.elapsed();
        if took > std::time::Duration::from_secs(20) {
            wrong.push(format!("{}: it took {took:?}", fixture.path));
        }
        if let Err(error) = outcome
            && error.class() != Class::Input
            && error.class() != Class::Password
        {
            wrong.push(format!("{}: {error}", fixture.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 10, "only {seen} odd fixtures");
}

/// No certificate is handed over for upload that is not its key's, or whose store nobody checked.
#[test]
fn export_cer_hands_over_nothing_unproven() {
    let export = |path: &str, password: Option<&str>| {
        let octets = std::fs::read(fixture(path)).expect("the fixture is there");
        let password = password.map(|text| Password::new(text.into()));
        let store = store::read(&octets, &Unlock { password, ..Unlock::default() }).expect("it opens");
        let options = Options { alias: None, encoding: Encoding::Der, output: "x.cer".into() };
        let now = Instant::from_unix(1_800_000_000).expect("a date in range");
        export_cer(&store, path, &options, now)
    };
    let refusal = |path: &str, password: Option<&str>| export(path, password).err().map(|error| error.kind());
    let warnings = |path: &str, password: Option<&str>| export(path, password).expect("exported").warnings;
    assert_eq!(refusal("stores/handmade-mismatched-pair.pfx", Some("test-1234")), Some("key-mismatch"));
    assert_eq!(refusal("stores/openssl-3-pbes2-aes256.pfx", None), Some("password-missing"));
    assert_eq!(refusal("stores/keytool-17-key.jks", Some("test-1234")), None);
    // The certificates of a JKS are not encrypted: without its password they are handed over, and
    // that nobody checked them is said.
    assert_eq!(warnings("stores/keytool-17-key.jks", None).len(), 1);
    assert_eq!(warnings("stores/keytool-17-key.jks", Some("test-1234")), [""; 0]);
}

/// The words of the manifest in certkit's. Where the format cannot tell two causes apart, either
/// may be named; an altered file is called damaged where its password still opens it.
fn fits(kind: Option<&str>, error: &Error) -> bool {
    let kinds: &[&str] = match kind {
        Some("damaged") => &["damaged", "wrong-password", "wrong-kind", "password-missing", "too-many"],
        Some("unsupported") => &["unsupported-algorithm", "damaged"],
        Some("limit") => &["kdf-too-costly", "kdf-memory", "too-many", "too-large", "damaged"],
        Some("wrong-kind") => &["wrong-kind", "damaged", "empty"],
        Some("wrong-password") => &["wrong-password", "password-missing", "damaged"],
        Some("empty") => &["empty", "no-key", "no-certificate"],
        _ => return false,
    };
    kinds.contains(&error.kind())
}
