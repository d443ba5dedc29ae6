//! Key derivation: password and salt to key octets, within the file's work budget.

use const_oid::ObjectIdentifier;
use der::{EncodeValue, Tagged, asn1::OctetString};
use hmac::digest::{FixedOutput, KeyInit, Update};
use pkcs8::spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::{Hash, Protection, Spelling, hash::with_hash};
use crate::{
    ber::{Element, tag},
    error::{Error, Result},
    limits::{self, WorkBudget},
};

const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
const SCRYPT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11591.4.11");

/// What a derived octet string is for (RFC 7292 appendix B.3).
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Key,
    Iv,
    Mac,
}

/// A key derivation with its parameters.
#[derive(Clone)]
pub(super) enum Kdf {
    /// RFC 8018 section 5.1.
    Pbkdf1 { hash: Hash, salt: Vec<u8>, iterations: u64 },
    /// RFC 8018 section 5.2. `key_octets` where the file states it.
    Pbkdf2 { prf: Hash, salt: Vec<u8>, iterations: u64, key_octets: Option<usize> },
    /// RFC 7292 appendix B.
    Pkcs12 { hash: Hash, salt: Vec<u8>, iterations: u64 },
    /// PBEWithMD5AndTripleDES of Sun's JCE provider, as a JCEKS of keytool shows it: for each half
    /// of the salt, MD5 over it and the password, then over the digest and the password, and so
    /// on; the two digests are 24 octets of key and 8 of IV.
    Sun { salt: Vec<u8>, iterations: u64 },
    /// RFC 7914.
    Scrypt { salt: Vec<u8>, n: u64, r: u64, p: u64 },
}

/// HMAC that keeps the state behind its key between rounds, which spares two hashes in four. The
/// crates of SHA-3 and BLAKE2 do not show their state.
trait Keyed {
    type Hmac: KeyInit + Update + FixedOutput + Clone;
}

macro_rules! keyed {
    ($hmac:ident: $($hash:ty),+) => { $(impl Keyed for $hash { type Hmac = hmac::$hmac<Self>; })+ };
}

keyed!(Hmac: md5::Md5, sha1::Sha1, sha2::Sha224, sha2::Sha256, sha2::Sha384, sha2::Sha512);
keyed!(Hmac: sha2::Sha512_224, sha2::Sha512_256);
keyed!(Hmac: md4::Md4);
keyed!(SimpleHmac: sha3::Sha3_224, sha3::Sha3_256, sha3::Sha3_384, sha3::Sha3_512);
keyed!(SimpleHmac: blake2::Blake2b512, blake2::Blake2s256);

/// The most rounds that the derivations take: the PKCS#12 one counts them in 31 bits.
const MOST_ROUNDS: u64 = i32::MAX as u64;

/// What one round costs, in percent of a round of PBKDF2-HMAC-SHA256: MD5 and the like, SHA-1,
/// SHA-2 on 32-bit words, SHA-2 on 64-bit words, SHA-3.
///
/// Measured in rounds a second on a processor with instructions for SHA-1 and SHA-256 (AMD EPYC,
/// one core): 3.5, 7.6, 7.0, 1.5 and 0.55 million.
type Costs = [u64; 5];
const HMAC_COST: Costs = [210, 92, 100, 550, 1300];
/// The same for derivations that take one hash a round: 7.3, 15.5, 16, 3.1 and 1.6 million.
const HASH_COST: Costs = [95, 45, 45, 230, 460];

/// The work of `rounds` rounds, in the unit of [`limits::KDF_ROUNDS`].
fn percent(rounds: u64, costs: Costs, hash: Hash) -> u64 {
    let [md5, sha1, words_32, words_64, sha3] = costs;
    let cost = match hash {
        Hash::Md4 | Hash::Md5 | Hash::Blake2b512 | Hash::Blake2s256 => md5,
        Hash::Sha1 => sha1,
        Hash::Sha224 | Hash::Sha256 => words_32,
        Hash::Sha384 | Hash::Sha512 | Hash::Sha512Over224 | Hash::Sha512Over256 => words_64,
        Hash::Sha3Over224 | Hash::Sha3Over256 | Hash::Sha3Over384 | Hash::Sha3Over512 => sha3,
    };
    // Numbers too large to multiply are far beyond every budget.
    rounds.checked_mul(cost).map_or(rounds, |work| work.div_ceil(100))
}

impl Kdf {
    /// Reads the keyDerivationFunc of PBES2 or PBMAC1.
    ///
    /// ```text
    /// PBKDF2-params ::= SEQUENCE {
    ///     salt           CHOICE { specified OCTET STRING, otherSource AlgorithmIdentifier },
    ///     iterationCount INTEGER (1..MAX),
    ///     keyLength      INTEGER (1..MAX) OPTIONAL,
    ///     prf            AlgorithmIdentifier DEFAULT algid-hmacWithSHA1 }
    /// ```
    pub(super) fn read(algorithm: Element<'_>) -> Result<Self> {
        let mut fields = algorithm.children()?;
        let oid = fields.oid("a key derivation function")?;
        let unsupported =
            || Error::UnsupportedAlgorithm { role: "key derivation", name: None, oid: oid.to_string() };
        if oid == SCRYPT {
            return Self::read_scrypt(fields.expect(tag::SEQUENCE, "scrypt parameters")?);
        }
        if oid != PBKDF2 {
            return Err(unsupported());
        }
        let mut fields = fields.sequence("PBKDF2 parameters")?;
        let salt = salt(fields.expect(tag::OCTET_STRING, "a PBKDF2 salt")?)?;
        let iterations = iterations(fields.expect(tag::INTEGER, "an iteration count")?)?;
        let key_octets = fields
            .optional(tag::INTEGER)?
            .map(|length| length.unsigned().and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX));
        let prf = match fields.next()? {
            None => Hash::Sha1,
            Some(algorithm) => {
                let oid = algorithm.children()?.oid("a pseudo-random function")?;
                Hash::from_hmac_oid(oid).ok_or_else(|| Error::UnsupportedAlgorithm {
                    role: "pseudo-random function",
                    name: None,
                    oid: oid.to_string(),
                })?
            }
        };
        Ok(Self::Pbkdf2 { prf, salt, iterations, key_octets })
    }

    /// ```text
    /// scrypt-params ::= SEQUENCE {
    ///     salt OCTET STRING, costParameter INTEGER, blockSize INTEGER,
    ///     parallelizationParameter INTEGER, keyLength INTEGER OPTIONAL }
    /// ```
    fn read_scrypt(parameters: Element<'_>) -> Result<Self> {
        let mut fields = parameters.children()?;
        let salt = salt(fields.expect(tag::OCTET_STRING, "a scrypt salt")?)?;
        let mut number = |what| -> Result<u64> {
            let element = fields.expect(tag::INTEGER, what)?;
            element.unsigned().filter(|n| *n > 0).ok_or_else(|| {
                Error::damaged("password-based encryption", format!("{what} is not a positive number"))
            })
        };
        let (n, r, p) = (number("scrypt's N")?, number("scrypt's r")?, number("scrypt's p")?);
        if !n.is_power_of_two() || n < 2 {
            return Err(Error::damaged("password-based encryption", "scrypt's N is not a power of two"));
        }
        Ok(Self::Scrypt { salt, n, r, p })
    }

    /// The work of deriving `length` octets, in the unit of [`limits::KDF_ROUNDS`].
    ///
    /// Rounds that cannot be computed at all are more than every budget has.
    pub(super) fn work(&self, length: usize) -> u64 {
        if let Self::Pbkdf1 { iterations, .. }
        | Self::Pbkdf2 { iterations, .. }
        | Self::Pkcs12 { iterations, .. }
        | Self::Sun { iterations, .. } = self
            && *iterations > MOST_ROUNDS
        {
            return u64::MAX;
        }
        let rounds = |hash: Hash, iterations: u64| {
            iterations.saturating_mul(length.div_ceil(hash.output_octets()).max(1) as u64)
        };
        match self {
            Self::Pbkdf1 { hash, iterations, .. } => percent(*iterations, HASH_COST, *hash),
            Self::Pbkdf2 { prf, iterations, .. } => percent(rounds(*prf, *iterations), HMAC_COST, *prf),
            Self::Pkcs12 { hash, iterations, .. } => percent(rounds(*hash, *iterations), HASH_COST, *hash),
            // Both halves of the salt; the digest and the password are one block of MD5.
            Self::Sun { iterations, .. } => percent(iterations.saturating_mul(2), HASH_COST, Hash::Md5),
            // Measured: mixing 128 octets takes 0.4 µs, three rounds; making and taking them up
            // again is PBKDF2 of one round, which tells where N is small.
            // What takes too much memory is refused before it takes any work.
            Self::Scrypt { n, r, p, .. } if scrypt_octets(*n, *r, *p) > limits::SCRYPT_OCTETS => 0,
            Self::Scrypt { n, r, p, .. } => {
                n.saturating_mul(3).saturating_add(4).saturating_mul(*r).saturating_mul(*p)
            }
        }
    }

    /// Derives `length` octets for `purpose`, after drawing the work on `budget`.
    pub(super) fn derive(
        &self,
        password: &Spelling,
        purpose: Purpose,
        length: usize,
        budget: &mut WorkBudget,
    ) -> Result<Zeroizing<Vec<u8>>> {
        if let Self::Scrypt { n, r, p, .. } = self {
            let octets = scrypt_octets(*n, *r, *p);
            if octets > limits::SCRYPT_OCTETS {
                return Err(Error::KdfMemory { octets, limit: limits::SCRYPT_OCTETS });
            }
        }
        match self.work(length) {
            u64::MAX => return Err(too_costly()),
            work => budget.spend(work)?,
        }
        let mut key = Zeroizing::new(vec![0; length]);
        match self {
            Self::Pbkdf1 { hash, salt, iterations } => {
                key = pbkdf1(*hash, &password.text, salt, *iterations, length);
            }
            Self::Pbkdf2 { prf, salt, iterations, .. } => {
                let rounds = u32::try_from(*iterations).map_err(|_| too_costly())?;
                with_hash!(*prf, D => {
                    pbkdf2::pbkdf2::<<D as Keyed>::Hmac>(&password.text, salt, rounds, &mut key)
                        .map_err(|_| Error::Internal("HMAC refused a key length".into()))?;
                });
            }
            Self::Pkcs12 { hash, salt, iterations } => {
                use pkcs12::kdf::{Pkcs12KeyType, derive_key};
                let rounds = i32::try_from(*iterations).map_err(|_| too_costly())?;
                let kind = match purpose {
                    Purpose::Key => Pkcs12KeyType::EncryptionKey,
                    Purpose::Iv => Pkcs12KeyType::Iv,
                    Purpose::Mac => Pkcs12KeyType::Mac,
                };
                key = Zeroizing::new(
                    with_hash!(*hash, D => derive_key::<D>(&password.bmp, salt, kind, rounds, length)),
                );
            }
            Self::Sun { salt, iterations } => {
                if salt.len() != 8 {
                    let detail = format!("a salt of {} octets; Sun's scheme takes 8", salt.len());
                    return Err(Error::damaged("password-based encryption", detail));
                }
                let mut halves = [salt[..4].to_vec(), salt[4..].to_vec()];
                // Equal halves would give equal digests: keytool then turns the first one round.
                if halves[0] == halves[1] {
                    halves[0].reverse();
                }
                key.clear();
                for half in &halves {
                    key.extend_from_slice(&sun_digest(half, &password.text, *iterations));
                }
                key.truncate(length);
            }
            Self::Scrypt { salt, n, r, p } => {
                let small = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
                // N is a power of two, so its logarithm is its count of trailing zeros (below 64).
                let parameters = scrypt::Params::new(n.trailing_zeros() as u8, small(*r), small(*p))
                    .map_err(|_| {
                        Error::damaged("password-based encryption", "impossible scrypt parameters")
                    })?;
                scrypt::scrypt(&password.text, salt, &parameters, &mut key).map_err(|_| {
                    Error::damaged("password-based encryption", "impossible scrypt output length")
                })?;
            }
        }
        Ok(key)
    }

    /// Name and rounds, for a person.
    pub(super) fn protection(&self, algorithm: String) -> Protection {
        let (kdf, iterations) = match self {
            Self::Pbkdf1 { hash, iterations, .. } => (format!("PBKDF1-{}", hash.name()), *iterations),
            Self::Pbkdf2 { prf, iterations, .. } => (format!("PBKDF2-HMAC-{}", prf.name()), *iterations),
            Self::Pkcs12 { hash, iterations, .. } => (format!("PKCS12KDF-{}", hash.name()), *iterations),
            Self::Sun { iterations, .. } => ("Sun MD5".into(), *iterations),
            Self::Scrypt { n, r, p, .. } => (format!("scrypt r={r} p={p}"), *n),
        };
        Protection { algorithm, kdf, iterations }
    }

    /// PBKDF2's AlgorithmIdentifier, for writing.
    pub(super) fn pbkdf2_identifier(
        prf: Hash,
        salt: &[u8],
        iterations: u32,
    ) -> Result<AlgorithmIdentifierOwned> {
        let oid =
            prf.hmac_oid().ok_or_else(|| Error::Internal(format!("HMAC with {} has no OID", prf.name())))?;
        let parameters = pkcs12::pbe_params::Pbkdf2Params {
            salt: OctetString::new(salt).map_err(encoding)?,
            iteration_count: iterations,
            key_length: None,
            prf: AlgorithmIdentifierOwned { oid, parameters: Some(der::Any::null()) },
        };
        identifier(PBKDF2, &parameters)
    }
}

/// An AlgorithmIdentifier with DER parameters.
pub(super) fn identifier(
    oid: ObjectIdentifier,
    parameters: &(impl Tagged + EncodeValue),
) -> Result<AlgorithmIdentifierOwned> {
    Ok(AlgorithmIdentifierOwned {
        oid,
        parameters: Some(der::Any::encode_from(parameters).map_err(encoding)?),
    })
}

/// Encoding fails only for values larger than DER can state.
pub(super) fn encoding(error: der::Error) -> Error {
    Error::Internal(format!("DER encoding failed: {error}"))
}

/// The salt and iteration count that PBES1 and the PKCS#12 schemes share.
///
/// ```text
/// SEQUENCE { salt OCTET STRING, iterations INTEGER }
/// ```
pub(super) fn salt_and_iterations(parameters: Element<'_>) -> Result<(Vec<u8>, u64)> {
    let mut fields = parameters.children()?;
    let salt = salt(fields.expect(tag::OCTET_STRING, "a salt")?)?;
    let iterations = iterations(fields.expect(tag::INTEGER, "an iteration count")?)?;
    Ok((salt, iterations))
}

pub(super) fn salt(element: Element<'_>) -> Result<Vec<u8>> {
    let octets = element.octets()?;
    if octets.len() > limits::SALT_OCTETS {
        return Err(Error::TooMany { what: "octets of salt", limit: limits::SALT_OCTETS });
    }
    Ok(octets.into_owned())
}

pub(super) fn iterations(element: Element<'_>) -> Result<u64> {
    match element.unsigned() {
        Some(0) => Err(Error::damaged(
            "password-based encryption",
            "an iteration count of 0; at least 1 was expected",
        )),
        Some(count) => Ok(count),
        None if element.content.first().is_some_and(|octet| octet & 0x80 == 0) => Err(too_costly()),
        None => Err(Error::damaged("password-based encryption", "a negative iteration count")),
    }
}

/// More rounds than are computed under any limit that can be given.
fn too_costly() -> Error {
    Error::KdfTooCostly { work: u64::MAX, limit: MOST_ROUNDS }
}

/// The memory that scrypt takes (RFC 7914 section 6), in octets.
fn scrypt_octets(n: u64, r: u64, p: u64) -> u64 {
    n.saturating_add(p).saturating_mul(r).saturating_mul(128)
}

fn pbkdf1(hash: Hash, password: &[u8], salt: &[u8], iterations: u64, length: usize) -> Zeroizing<Vec<u8>> {
    use hmac::digest::Digest;
    with_hash!(hash, D => {
        let mut block = Zeroizing::new(D::new().chain_update(password).chain_update(salt).finalize().to_vec());
        for _ in 1..iterations {
            let next = D::digest(&*block);
            block.copy_from_slice(&next);
        }
        block.resize(length, 0);
        block
    })
}

/// MD5 over `half` and the password, again and again.
fn sun_digest(half: &[u8], password: &[u8], iterations: u64) -> Zeroizing<Vec<u8>> {
    use hmac::digest::Digest;
    let mut block = Zeroizing::new(half.to_vec());
    for _ in 0..iterations {
        let digest = md5::Md5::new().chain_update(&*block).chain_update(password).finalize();
        block.resize(digest.len(), 0);
        block.copy_from_slice(&digest);
    }
    block
}
