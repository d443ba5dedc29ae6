//! Keys with their chains, made once for all tests of one program that look at them: of every
//! kind of key, by themselves (self-signed) and under an intermediate and a root.
#![allow(dead_code)] // Each test program uses its own part of this.

use std::sync::OnceLock;

use certkit::{
    cert::{
        Certificate,
        name::DistinguishedName,
        params::{End, Params, Validity},
        self_signed,
    },
    key::{NewKey, PrivateKey},
    store::{self, Store, Unlock, pem},
    time::Instant,
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyUsagePurpose};
use rsa::{
    RsaPrivateKey,
    pkcs1v15::SigningKey,
    pkcs8::{DecodePrivateKey, spki::SubjectPublicKeyInfoRef},
    signature::{SignatureEncoding, Signer},
};

/// A key and its chain, leaf first.
pub struct Credential {
    pub key: PrivateKey,
    pub chain: Vec<Certificate>,
}

/// A store with an entry for each credential, under its name, in order.
pub fn store_of(parts: &[(&Credential, &str)]) -> Store {
    let read = |(credential, alias): &(&Credential, &str)| {
        let text = [
            pem::private_key(&credential.key).expect("PEM").expose(),
            pem::certificates(&credential.chain).expect("PEM").as_bytes(),
        ]
        .concat();
        let mut store = store::read(&text, &Unlock::default()).expect("PEM reads");
        store.entries[0].alias = Some((*alias).to_owned());
        store
    };
    let mut stores = parts.iter().map(read);
    let mut store = stores.next().expect("at least one part");
    store.entries.extend(stores.flat_map(|store| store.entries));
    store
}

/// The time at which everything is made.
pub fn now() -> Instant {
    Instant::from_unix(1_800_000_000).expect("a date in range")
}

/// RSA, P-256 and P-384 with a certificate each, then the same kinds with a chain of three under
/// one intermediate and one root. No two keys and no two leaves are the same.
pub fn credentials() -> &'static [Credential] {
    static MADE: OnceLock<Vec<Credential>> = OnceLock::new();
    MADE.get_or_init(|| {
        let kinds = [NewKey::Rsa2048, NewKey::P256, NewKey::P384];
        let authority = Authority::make();
        let alone = kinds.iter().map(|kind| alone(*kind));
        alone.chain(kinds.iter().map(|kind| authority.certify(*kind))).collect()
    })
}

fn key(kind: NewKey) -> PrivateKey {
    kind.generate(&mut UnwrapErr(SysRng)).expect("a key")
}

fn alone(kind: NewKey) -> Credential {
    let key = key(kind);
    let subject = DistinguishedName::parse(&format!("CN=TEST {kind:?}")).expect("a subject");
    let validity = Validity::new(now(), End::Days(30)).expect("a validity");
    let params = Params::new(subject, Vec::new(), validity).expect("parameters");
    let certificate = self_signed(&params, &key, &mut UnwrapErr(SysRng)).expect("a certificate");
    Credential { key, chain: vec![certificate] }
}

/// A key and a certificate of its own that say what a client's should not: an authority's, with a serial
/// number of 21 octets.
pub fn odd_authority() -> Credential {
    let key = key(NewKey::Rsa2048);
    let mut params = signer("TEST odd authority");
    params.serial_number = Some(vec![1; 21].into());
    let certificate = params.self_signed(&Rsa::of(&key)).expect("rcgen signs");
    Credential { key, chain: vec![Certificate::from_der(certificate.der()).expect("it reads")] }
}

/// A root and an intermediate. rcgen signs, because certkit signs nothing but a key's own
/// certificate.
struct Authority {
    intermediate: Issuer<'static, Rsa>,
    /// The intermediate, then the root.
    chain: Vec<Certificate>,
}

impl Authority {
    fn make() -> Self {
        let (root_key, key) = (Rsa::of(&key(NewKey::Rsa2048)), Rsa::of(&key(NewKey::Rsa2048)));
        let (root_params, params) = (signer("TEST root"), signer("TEST intermediate"));
        let root = root_params.self_signed(&root_key).expect("rcgen signs");
        let root_issuer = Issuer::new(root_params, root_key);
        let certificate = params.signed_by(&key, &root_issuer).expect("rcgen signs");
        let chain = [certificate, root].map(|made| Certificate::from_der(made.der()).expect("it reads"));
        Self { intermediate: Issuer::new(params, key), chain: chain.into() }
    }

    fn certify(&self, kind: NewKey) -> Credential {
        let key = key(kind);
        let mut params = named(&format!("TEST {kind:?} under an intermediate"));
        params.use_authority_key_identifier_extension = true;
        let leaf = params.signed_by(&Public::of(&key, kind), &self.intermediate).expect("rcgen signs");
        let leaf = Certificate::from_der(leaf.der()).expect("it reads");
        Credential { key, chain: [vec![leaf], self.chain.clone()].concat() }
    }
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    // By rcgen's own count it would need cryptography for one.
    params.serial_number = Some(vec![1, u8::try_from(name.len()).expect("a short name")].into());
    params.key_identifier_method = rcgen::KeyIdMethod::PreSpecified(name.as_bytes().to_vec());
    params
}

fn signer(name: &str) -> CertificateParams {
    let mut params = named(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

/// A public key as rcgen takes it.
struct Public {
    octets: Vec<u8>,
    algorithm: &'static rcgen::SignatureAlgorithm,
}

impl Public {
    fn of(key: &PrivateKey, kind: NewKey) -> Self {
        let spki = key.public().expect("a new key has a public half").spki_der();
        let spki = SubjectPublicKeyInfoRef::try_from(spki).expect("it is a SubjectPublicKeyInfo");
        Self {
            octets: spki.subject_public_key.raw_bytes().to_vec(),
            algorithm: match kind {
                NewKey::P256 => &rcgen::PKCS_ECDSA_P256_SHA256,
                NewKey::P384 => &rcgen::PKCS_ECDSA_P384_SHA384,
                _ => &rcgen::PKCS_RSA_SHA256,
            },
        }
    }
}

impl rcgen::PublicKeyData for Public {
    fn der_bytes(&self) -> &[u8] {
        &self.octets
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        self.algorithm
    }
}

/// An RSA key that signs.
struct Rsa {
    signer: SigningKey<rsa::sha2::Sha256>,
    public: Public,
}

impl Rsa {
    fn of(key: &PrivateKey) -> Self {
        let signer = RsaPrivateKey::from_pkcs8_der(key.pkcs8_der().expose()).expect("the key is RSA");
        Self { signer: SigningKey::new(signer), public: Public::of(key, NewKey::Rsa2048) }
    }
}

impl rcgen::PublicKeyData for Rsa {
    fn der_bytes(&self) -> &[u8] {
        &self.public.octets
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        self.public.algorithm
    }
}

impl rcgen::SigningKey for Rsa {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.signer.sign(message).to_vec())
    }
}
