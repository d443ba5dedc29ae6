//! Private and public keys: what kind they are, making them, and whether they hold together.
//!
//! A private key is carried as the octets of its PKCS#8 form, so that a key of any kind passes
//! through unchanged; kinds that certkit computes with are checked before they are trusted.

pub(crate) mod ec;
pub mod encoding;
pub mod encrypted;
pub mod rsa;

use std::{fmt, str::FromStr};

use const_oid::ObjectIdentifier;
use rand_core::CryptoRng;

use crate::{
    error::{Error, Result},
    limits,
    secret::SecretBytes,
};

/// What a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// Digital Signature Algorithm (FIPS 186-4).
    Dsa,
    /// Elliptic curve, with the curve's name (`P-256`) or OID.
    Ec(String),
    /// RFC 8410.
    Ed25519,
    /// RFC 8410.
    Ed448,
    /// Anything else, by OID.
    Other(String),
    /// RSA with its modulus size in bits.
    Rsa(usize),
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dsa => f.write_str("DSA"),
            Self::Ec(curve) => write!(f, "EC {curve}"),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Ed448 => f.write_str("Ed448"),
            Self::Other(oid) => write!(f, "key type {oid}"),
            Self::Rsa(bits) => write!(f, "RSA {bits}"),
        }
    }
}

/// The kinds of key that certkit makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NewKey {
    /// RSA with a 2048-bit modulus.
    #[default]
    Rsa2048,
    /// RSA with a 3072-bit modulus.
    Rsa3072,
    /// RSA with a 4096-bit modulus.
    Rsa4096,
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
}

impl NewKey {
    /// Every kind, with the word that the command line uses.
    pub const ALL: [(&'static str, Self); 5] = [
        ("rsa-2048", Self::Rsa2048),
        ("rsa-3072", Self::Rsa3072),
        ("rsa-4096", Self::Rsa4096),
        ("p256", Self::P256),
        ("p384", Self::P384),
    ];

    /// Makes a key from `rng`, which should be the operating system's generator.
    ///
    /// # Errors
    /// [`Error::Internal`] if the new key fails its own checks.
    pub fn generate(self, rng: &mut dyn CryptoRng) -> Result<PrivateKey> {
        self.generate_with(rsa::Options::default(), rng)
    }

    /// Makes a key like [`NewKey::generate`]; how RSA primes are searched for is up to the caller.
    ///
    /// # Errors
    /// [`Error::Internal`] if the new key fails its own checks.
    pub fn generate_with(self, options: rsa::Options, rng: &mut dyn CryptoRng) -> Result<PrivateKey> {
        let key = match self {
            Self::Rsa2048 => rsa::generate(2048, options, rng),
            Self::Rsa3072 => rsa::generate(3072, options, rng),
            Self::Rsa4096 => rsa::generate(4096, options, rng),
            Self::P256 => encoding::private_from_pkcs8(ec::generate_p256(rng)?.as_bytes()),
            Self::P384 => encoding::private_from_pkcs8(ec::generate_p384(rng)?.as_bytes()),
        }?;
        key.check().map_err(|error| Error::Internal(format!("a new key failed its check: {error}")))?;
        Ok(key)
    }

    /// What a key of this kind is.
    #[must_use]
    pub fn algorithm(self) -> Algorithm {
        match self {
            Self::Rsa2048 => Algorithm::Rsa(2048),
            Self::Rsa3072 => Algorithm::Rsa(3072),
            Self::Rsa4096 => Algorithm::Rsa(4096),
            Self::P256 => Algorithm::Ec("P-256".into()),
            Self::P384 => Algorithm::Ec("P-384".into()),
        }
    }

    /// Whether Microsoft Entra ID accepts it as a client credential: RSA only.
    #[must_use]
    pub fn is_rsa(self) -> bool {
        matches!(self, Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096)
    }
}

impl FromStr for NewKey {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        Error::parse_word("--key", word, &Self::ALL)
    }
}

/// A private key. Wiped on drop.
#[derive(Clone)]
pub struct PrivateKey {
    /// PrivateKeyInfo in DER, version 0, without attributes.
    pkcs8: SecretBytes,
    algorithm: Algorithm,
    public: Option<PublicKey>,
    /// Whether the public half was computed from the private one: then they agree.
    computed: bool,
}

impl PrivateKey {
    /// PKCS#8 PrivateKeyInfo in DER (RFC 5958), unencrypted, without attributes.
    #[must_use]
    pub fn pkcs8_der(&self) -> &SecretBytes {
        &self.pkcs8
    }

    /// What kind of key it is.
    #[must_use]
    pub fn algorithm(&self) -> &Algorithm {
        &self.algorithm
    }

    /// Its public half; `None` for kinds whose public half is neither stored nor computable here.
    #[must_use]
    pub fn public(&self) -> Option<&PublicKey> {
        self.public.as_ref()
    }

    /// Checks that the parts of the key agree with each other: for RSA that p·q = n,
    /// e·d ≡ 1 and the CRT values follow (RFC 8017 section 3.2), for P-256 and P-384 that the
    /// public point is the private scalar's. Kinds that are not computed with pass.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub fn check(&self) -> Result<()> {
        if self.computed { Ok(()) } else { encoding::check(self) }
    }

    /// The work of [`PrivateKey::check`], in the unit of [`limits::KDF_ROUNDS`].
    #[must_use]
    pub fn check_work(&self) -> u64 {
        if self.computed { 0 } else { self.public_work() }
    }

    /// The work that reading the key has cost already, in the same unit.
    pub(crate) fn read_work(&self) -> u64 {
        if self.computed { self.public_work() } else { 0 }
    }

    /// Measured: 3.4 ms for RSA with 8192 bits and by the square of its bits, 0.27 ms and 0.95 ms for
    /// the two curves, at 0.14 µs a round; and a third more for reading and reporting a key.
    fn public_work(&self) -> u64 {
        match &self.algorithm {
            Algorithm::Rsa(bits) if *bits <= limits::RSA_BITS => (*bits as u64).pow(2) / 2000,
            Algorithm::Ec(curve) if curve == "P-256" => 2700,
            Algorithm::Ec(curve) if curve == "P-384" => 9500,
            _ => 0,
        }
    }
}

/// A public key as SubjectPublicKeyInfo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    spki: Vec<u8>,
    algorithm: Algorithm,
    /// What makes the key the key, whatever parameters stand around it: for RSA modulus and
    /// exponent (a PSS-restricted certificate certifies the same key), else the bit string.
    identity: Vec<u8>,
}

impl PublicKey {
    /// SubjectPublicKeyInfo in DER (RFC 5280 section 4.1.2.7).
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// SHA-256 of the SubjectPublicKeyInfo, 64 upper-case hexadecimal digits.
    #[must_use]
    pub fn spki_sha256(&self) -> String {
        use sha2::Digest;
        sha2::Sha256::digest(&self.spki).iter().map(|octet| format!("{octet:02X}")).collect()
    }

    /// What kind of key it is.
    #[must_use]
    pub fn algorithm(&self) -> &Algorithm {
        &self.algorithm
    }

    /// What the key is told by: equal for two encodings of one key.
    pub(crate) fn identity(&self) -> &[u8] {
        &self.identity
    }

    /// Whether both are one key.
    #[must_use]
    pub fn same_key(&self, other: &Self) -> bool {
        self.identity == other.identity
    }
}

pub(crate) const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(crate) const RSASSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
pub(crate) const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
pub(crate) const DSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.1");
pub(crate) const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
pub(crate) const ED448: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.113");
