//! Oracles: other Rust implementations of the same standards, asked the same questions.
//!
//! rcgen builds certificates, p12-keystore reads PKCS#12. Neither is a part of certkit (why not:
//! each does less than is needed), so where they agree with it, two people read the standard the
//! same way.
#![allow(clippy::disallowed_methods, clippy::print_stderr)] // Tests read files and say what they skip.

use std::{collections::BTreeSet, fmt, fs, net::IpAddr, path::PathBuf};

use certkit::{
    cert::{
        self, Certificate,
        name::DistinguishedName,
        params::{End, Params, Validity},
        san::SubjectAltName,
    },
    key::{Algorithm, NewKey, PrivateKey, encoding},
    ops::generate::{Emit, Options, generate},
    secret::Password,
    store::{self, Content, Key, Store, Unlock, pkcs12::Compat},
    time::Instant,
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use p12_keystore::{KeyStore, KeyStoreEntry, Pkcs12Archive, Pkcs12ImportPolicy};
use rcgen::{
    CertificateParams, DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyUsagePurpose, SanType,
};
use rsa::{
    RsaPrivateKey,
    pkcs1::EncodeRsaPublicKey,
    pkcs1v15::SigningKey,
    pkcs8::DecodePrivateKey,
    signature::{SignatureEncoding, Signer},
};
use sha1::{Digest, Sha1};

fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

fn instant(seconds: i64) -> Instant {
    Instant::from_unix(seconds).expect("a date between the years 0 and 9999")
}

// ---------------------------------------------------------------- rcgen

/// One attribute of a subject, as rcgen is told of it.
type Attribute = (DnType, DnValue);

/// What both builders are told.
struct Case {
    /// For certkit: most specific first.
    subject: &'static str,
    /// For rcgen: least specific first.
    attributes: Vec<Attribute>,
    alt_names: &'static [&'static str],
    not_before: i64,
    not_after: i64,
}

const JANUARY_2027: i64 = 1_798_761_600;
const END_OF_2049: i64 = 2_524_607_999;

fn cases() -> Vec<Case> {
    let country = |code: &str| {
        (DnType::CountryName, DnValue::PrintableString(code.try_into().expect("two letters are printable")))
    };
    let text = |kind, value: &str| (kind, DnValue::Utf8String(value.to_owned()));
    let component = |value: &str| {
        let oid = DnType::CustomDnType(vec![0, 9, 2342, 19_200_300, 100, 1, 25]);
        (oid, DnValue::Ia5String(value.try_into().expect("a domain component is ASCII")))
    };
    vec![
        Case {
            subject: "CN=keystore",
            attributes: vec![text(DnType::CommonName, "keystore")],
            alt_names: &[],
            not_before: JANUARY_2027,
            not_after: JANUARY_2027 + 1461 * 86_400,
        },
        Case {
            subject: r"CN=Zürich\, 日本 🔑,OU=IT,O=Contoso \+ Søn,L=München,ST=Bayern,C=DE",
            attributes: vec![
                country("DE"),
                text(DnType::StateOrProvinceName, "Bayern"),
                text(DnType::LocalityName, "München"),
                text(DnType::OrganizationName, "Contoso + Søn"),
                text(DnType::OrganizationalUnitName, "IT"),
                text(DnType::CommonName, "Zürich, 日本 🔑"),
            ],
            alt_names: &[
                "dns:host.example.com",
                "dns:*.example.com",
                "ip:192.0.2.1",
                "ip:2001:db8::1",
                "email:admin@example.com",
                "uri:https://example.com/a?b=c,d",
            ],
            not_before: END_OF_2049 - 1,
            not_after: END_OF_2049,
        },
        Case {
            subject: "CN=a,DC=contoso",
            attributes: vec![component("contoso"), text(DnType::CommonName, "a")],
            alt_names: &["uri:urn:example:x"],
            not_before: END_OF_2049,
            not_after: END_OF_2049 + 1,
        },
        Case {
            subject: "O=beyond 2050",
            attributes: vec![text(DnType::OrganizationName, "beyond 2050")],
            alt_names: &["ip:::1"],
            not_before: END_OF_2049 + 1,
            not_after: END_OF_2049 + 86_400 * 365,
        },
        Case {
            subject: "CN=the first second",
            attributes: vec![text(DnType::CommonName, "the first second")],
            alt_names: &[],
            not_before: 0,
            not_after: 1,
        },
    ]
}

/// rcgen makes the same certificate, to the octet, of the same subject, names, dates, serial number
/// and RSA key: PKCS#1 v1.5 signatures are deterministic, and certkit writes its extensions in
/// rcgen's order. (Repeated attributes and multi-valued parts are left to the peers in
/// tests/interop: rcgen knows neither.)
#[test]
fn rcgen_makes_the_same_certificate() {
    let key = NewKey::Rsa2048.generate(&mut rng()).expect("a key is made");
    for case in cases() {
        let params = Params::new(
            DistinguishedName::parse(case.subject).expect("the subject is well-formed"),
            case.alt_names.iter().map(|name| name.parse().expect("the name is well-formed")).collect(),
            Validity::new(instant(case.not_before), End::At(instant(case.not_after)))
                .expect("dates in order"),
        )
        .expect("the parameters are sound");
        let ours = cert::self_signed(&params, &key, &mut rng()).expect("certkit signs");
        let theirs = by_rcgen(&case, &key, ours.serial());
        assert_eq!(hex(ours.der()), hex(&theirs), "{}: ours, then rcgen's", case.subject);
    }
}

fn by_rcgen(case: &Case, key: &PrivateKey, serial: &[u8]) -> Vec<u8> {
    let key = RcgenKey::new(key);
    let mut params = CertificateParams::default();
    let date = |seconds| time::OffsetDateTime::from_unix_timestamp(seconds).expect("a date in time's range");
    (params.not_before, params.not_after) = (date(case.not_before), date(case.not_after));
    params.serial_number = Some(serial.to_vec().into());
    params.distinguished_name = rcgen::DistinguishedName::new();
    for (kind, value) in &case.attributes {
        params.distinguished_name.push(kind.clone(), value.clone());
    }
    params.subject_alt_names = case.alt_names.iter().map(|name| san(name)).collect();
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.key_identifier_method = KeyIdMethod::PreSpecified(Sha1::digest(&key.public).to_vec());
    params.is_ca = IsCa::ExplicitNoCa;
    params.self_signed(&key).expect("rcgen signs").der().to_vec()
}

fn san(text: &str) -> SanType {
    let (kind, value) = text.split_once(':').expect("kind:value");
    let ia5 = || value.try_into().expect("the name is ASCII");
    match kind {
        "dns" => SanType::DnsName(ia5()),
        "email" => SanType::Rfc822Name(ia5()),
        "uri" => SanType::URI(ia5()),
        "ip" => SanType::IpAddress(value.parse::<IpAddr>().expect("an address")),
        other => panic!("no such kind of name: {other}"),
    }
}

/// rcgen without its own cryptography: the RSA key signs.
struct RcgenKey {
    signer: SigningKey<rsa::sha2::Sha256>,
    public: Vec<u8>,
}

impl RcgenKey {
    fn new(key: &PrivateKey) -> Self {
        let key = RsaPrivateKey::from_pkcs8_der(key.pkcs8_der().expose()).expect("the key is RSA");
        let public = key.to_public_key().to_pkcs1_der().expect("the public key encodes");
        Self { public: public.as_bytes().to_vec(), signer: SigningKey::new(key) }
    }
}

impl rcgen::PublicKeyData for RcgenKey {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

impl rcgen::SigningKey for RcgenKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.signer.sign(message).to_vec())
    }
}

// ---------------------------------------------------------------- p12-keystore

/// p12-keystore opens every PFX that certkit writes, in every encryption and with every kind of
/// key, and finds one entry under the alias with the same key and certificate.
#[test]
fn p12_keystore_opens_every_pfx() {
    for (kind, new_key) in NewKey::ALL {
        for (target, compat) in Compat::ALL {
            // The key matters once per kind of key; RSA 4096 takes long.
            if new_key == NewKey::Rsa4096 && compat != Compat::Modern {
                continue;
            }
            let what = format!("{kind} for {target}");
            let (pfx, ours) = pfx_and_key(new_key, compat);
            let store = KeyStore::from_pkcs12(&pfx, PASSWORD, Pkcs12ImportPolicy::Strict)
                .unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(store.entries_len(), 1, "{what}");
            let Some(KeyStoreEntry::PrivateKeyChain(chain)) = store.entry(ALIAS) else {
                panic!("{what}: no key under {ALIAS}");
            };
            let (_, key, certificates) = ours.key_entry(None).expect("certkit opens its own PFX");
            assert_eq!(hex(chain.key().as_der()), hex(key.pkcs8_der().expose()), "{what}: the key");
            let [theirs] = chain.certs() else { panic!("{what}: {} certificates", chain.certs().len()) };
            assert_eq!(hex(theirs.as_der()), hex(certificates[0].der()), "{what}: the certificate");

            let archive = Pkcs12Archive::from_pkcs12(&pfx, PASSWORD).expect("it opened just now");
            assert_eq!(
                archive.certs[0].friendly_name.as_deref(),
                Some(ALIAS),
                "{what}: the certificate's name"
            );
            assert!(Pkcs12Archive::from_pkcs12(&pfx, "another").is_err(), "{what}: with another password");
        }
    }
}

const ALIAS: &str = "SharePoint Zürich";
const PASSWORD: &str = "correct horse";

/// A PFX as `gen` makes it, and the same in PEM as certkit reads it: the key and the certificate
/// that are expected come from `NAME.key.pem` and `NAME.cert.pem`.
fn pfx_and_key(key: NewKey, compat: Compat) -> (Vec<u8>, Store) {
    let now = instant(JANUARY_2027);
    let options = Options {
        name: "keystore".into(),
        out_dir: PathBuf::from("."),
        emit: vec![Emit::Pfx, Emit::Key, Emit::Cert],
        alias: ALIAS.into(),
        params: Params::new(
            DistinguishedName::parse("CN=TEST oracle").expect("the subject is well-formed"),
            Vec::<SubjectAltName>::new(),
            Validity::new(now, End::Days(30)).expect("30 days are a validity"),
        )
        .expect("the parameters are sound"),
        key,
        compat,
        iterations: None,
        password: Some(Password::new(PASSWORD.into())),
    };
    let made = generate(&options, now, &mut rng()).expect("gen makes the files");
    let [pfx, key, certificate] = &made.plan.files[..] else { panic!("{} files", made.plan.files.len()) };
    let pem = [key.contents.expose(), certificate.contents.expose()].concat();
    let pem = store::read(&pem, &Unlock::default()).expect("certkit reads its PEM");
    (pfx.contents.expose().to_vec(), pem)
}

/// Fixtures that p12-keystore opens and of which it drops something without a word.
const LOSSES: &[(&str, &str)] =
    &[("stores/handmade-nested-safe-contents.pfx", "nested SafeContents are skipped")];

/// Every PFX among the fixtures that p12-keystore opens, certkit opens too and finds the same keys
/// and certificates; more than those where p12-keystore is known to lose some. Which fixtures it
/// does not open is printed; certkit's own reading of those is compared with the manifest in
/// tests/vectors.rs.
#[test]
fn certkit_reads_what_p12_keystore_reads() {
    let (mut compared, mut not_opened, mut differences) = (0, Vec::new(), Vec::new());
    for (path, password) in pkcs12_fixtures() {
        let octets = fs::read(format!("{}/fixtures/{path}", env!("CARGO_MANIFEST_DIR")))
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let Ok(theirs) = Pkcs12Archive::from_pkcs12(&octets, &password) else {
            not_opened.push(path);
            continue;
        };
        compared += 1;
        let ours = match store::read(&octets, &Unlock::with(Password::new(password))) {
            Ok(ours) => Found { keys: public_keys(&ours), certificates: certificates(&ours) },
            Err(error) => {
                differences.push(format!("{path}: p12-keystore opens it, certkit says: {error}"));
                continue;
            }
        };
        let theirs = Found { keys: their_public_keys(&theirs), certificates: their_certificates(&theirs) };
        let loses = LOSSES.iter().any(|(lossy, _)| *lossy == path);
        if loses == (ours == theirs) || loses && !ours.includes(&theirs) {
            differences.push(format!("{path}: certkit finds {ours}, p12-keystore {theirs}"));
        }
    }
    eprintln!(
        "compared {compared}; p12-keystore does not open {}: {}",
        not_opened.len(),
        not_opened.join(", ")
    );
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(compared >= 40, "only {compared} were compared: has p12-keystore or the manifest changed?");
}

/// What one reader found in a file.
#[derive(PartialEq)]
struct Found {
    /// One for each key in the file.
    keys: Vec<String>,
    /// The distinct ones.
    certificates: BTreeSet<String>,
}

impl Found {
    fn includes(&self, other: &Self) -> bool {
        other.keys.iter().all(|key| self.keys.contains(key))
            && other.certificates.is_subset(&self.certificates)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ends = |all: &mut dyn Iterator<Item = &String>| {
            all.map(|hex| &hex[hex.len().saturating_sub(16)..]).collect::<Vec<_>>().join(" ")
        };
        write!(
            f,
            "keys …[{}] certificates …[{}]",
            ends(&mut self.keys.iter()),
            ends(&mut self.certificates.iter())
        )
    }
}

/// Path and password of every fixture that is a PFX by its octets and meant to open.
fn pkcs12_fixtures() -> Vec<(String, String)> {
    let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/manifest.toml"))
        .expect("the manifest is there");
    let manifest: toml::Table = manifest.parse().expect("the manifest is TOML");
    let text = |fixture: &toml::Value, field: &str| {
        fixture.get(field).and_then(toml::Value::as_str).unwrap_or_default().to_owned()
    };
    let fixtures = manifest["fixture"].as_array().expect("fixtures are a list");
    fixtures
        .iter()
        .filter(|fixture| text(fixture, "format") == "pkcs12" && text(fixture, "expect") == "open")
        .map(|fixture| (text(fixture, "path"), text(fixture, "password")))
        .collect()
}

/// The public half of each key, as SubjectPublicKeyInfo: keys are told apart by it whatever
/// optional fields stand around them. A key of a kind that has none here is told by its PKCS#8.
fn public_keys(store: &Store) -> Vec<String> {
    let keys = store.entries.iter().filter_map(|entry| match &entry.content {
        Content::Key { key: Key::Open(key), .. } => Some(identity(key)),
        Content::Key { key: Key::Locked(_), .. } => Some("locked".to_owned()),
        _ => None,
    });
    sorted(keys)
}

fn their_public_keys(archive: &Pkcs12Archive) -> Vec<String> {
    sorted(archive.keys.iter().map(|bag| {
        let der = bag.key.as_der();
        match RsaPrivateKey::from_pkcs8_der(der) {
            // Without certkit's help, wherever it goes without.
            Ok(key) => {
                let spki = rsa::pkcs8::EncodePublicKey::to_public_key_der(&key.to_public_key());
                hex(spki.expect("the public key encodes").as_bytes())
            }
            Err(_) => identity(&encoding::private_from_pkcs8(der).expect("certkit reads the key by itself")),
        }
    }))
}

fn identity(key: &PrivateKey) -> String {
    match key.public() {
        Some(public) => hex(public.spki_der()),
        None => hex(key.pkcs8_der().expose()),
    }
}

/// The distinct certificates: certkit gives one that stands twice in the file once.
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

fn their_certificates(archive: &Pkcs12Archive) -> BTreeSet<String> {
    archive.certs.iter().map(|bag| hex(bag.cert.as_der())).collect()
}

fn sorted(keys: impl Iterator<Item = String>) -> Vec<String> {
    let mut keys: Vec<String> = keys.collect();
    keys.sort();
    keys
}

/// Every kind of key that certkit makes is what it says: the generator, the encoder and the reader
/// of another crate agree on it.
#[test]
fn the_rsa_crate_reads_the_sizes_that_were_asked_for() {
    for (new_key, bits) in [(NewKey::Rsa2048, 2048), (NewKey::Rsa3072, 3072)] {
        use rsa::traits::PublicKeyParts;
        let key = new_key.generate(&mut rng()).expect("a key is made");
        assert_eq!(key.algorithm(), &Algorithm::Rsa(bits));
        let read = RsaPrivateKey::from_pkcs8_der(key.pkcs8_der().expose()).expect("the rsa crate reads it");
        assert_eq!(read.n().bits() as usize, bits);
        assert_eq!(read.e(), &rsa::BoxedUint::from(65_537_u32));
        read.validate().expect("its parts agree");
    }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
