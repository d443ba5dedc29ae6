//! The integrity of a PKCS#12 store: the classic MAC (RFC 7292 section 4) and PBMAC1 (RFC 9579).

use const_oid::ObjectIdentifier;
use hmac::{KeyInit, Mac as _, SimpleHmac};
use subtle::ConstantTimeEq;

use super::{
    Hash, Protection, Spelling,
    hash::with_hash,
    kdf::{Kdf, Purpose, iterations, salt},
};
use crate::{
    ber::{Reader, tag},
    error::{Error, Result},
    limits::WorkBudget,
};

const PBMAC1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.14");

/// A MAC with its parameters and the value that a file states.
pub(crate) struct Mac {
    kdf: Kdf,
    hash: Hash,
    key_octets: usize,
    value: Vec<u8>,
}

impl Mac {
    /// Reads MacData.
    ///
    /// ```text
    /// MacData ::= SEQUENCE {
    ///     mac        DigestInfo,
    ///     macSalt    OCTET STRING,
    ///     iterations INTEGER DEFAULT 1 }
    /// ```
    pub(crate) fn read(mut fields: Reader<'_>) -> Result<Self> {
        let mut info = fields.sequence("a MAC's DigestInfo")?;
        let mut algorithm = info.sequence("a MAC algorithm")?;
        let oid = algorithm.oid("a MAC algorithm")?;
        let value = info.expect(tag::OCTET_STRING, "a MAC value")?.octets()?.into_owned();
        if oid == PBMAC1 {
            return Self::read_pbmac1(algorithm.sequence("PBMAC1 parameters")?, value);
        }
        let hash = Hash::from_oid(oid).ok_or_else(|| unsupported(oid))?;
        let salt = salt(fields.expect(tag::OCTET_STRING, "a MAC salt")?)?;
        let iterations = match fields.optional(tag::INTEGER)? {
            Some(count) => iterations(count)?,
            None => 1,
        };
        let kdf = Kdf::Pkcs12 { hash, salt, iterations };
        Ok(Self { kdf, hash, key_octets: hash.output_octets(), value })
    }

    /// ```text
    /// PBMAC1-params ::= SEQUENCE {
    ///     keyDerivationFunc AlgorithmIdentifier, messageAuthScheme AlgorithmIdentifier }
    /// ```
    fn read_pbmac1(mut fields: Reader<'_>, value: Vec<u8>) -> Result<Self> {
        let kdf = Kdf::read(fields.expect(tag::SEQUENCE, "a key derivation function")?)?;
        let oid = fields.sequence("a MAC")?.oid("a MAC")?;
        let hash = Hash::from_hmac_oid(oid).ok_or_else(|| unsupported(oid))?;
        let stated = match &kdf {
            Kdf::Pbkdf2 { key_octets, .. } => *key_octets,
            _ => None,
        };
        // RFC 9579 section 5 requires keyLength; the shortest it allows is 20 octets.
        let key_octets = stated.filter(|length| (20..=512).contains(length)).ok_or_else(|| {
            Error::damaged("PKCS#12 store", "PBMAC1 without a key length of 20 to 512 octets")
        })?;
        Ok(Self { kdf, hash, key_octets, value })
    }

    /// The classic MAC over `content`, for writing: its value.
    pub(crate) fn compute(
        hash: Hash,
        salt: &[u8],
        rounds: u32,
        password: &Spelling,
        content: &[u8],
    ) -> Result<Vec<u8>> {
        let kdf = Kdf::Pkcs12 { hash, salt: salt.to_vec(), iterations: rounds.into() };
        let mac = Self { kdf, hash, key_octets: hash.output_octets(), value: Vec::new() };
        mac.over(password, content, &mut WorkBudget::new(u64::MAX))
    }

    /// Whether the file's value is the MAC of `content` (the octets as they stand in the file).
    pub(crate) fn verify(
        &self,
        password: &Spelling,
        content: &[u8],
        budget: &mut WorkBudget,
    ) -> Result<bool> {
        Ok(self.over(password, content, budget)?.ct_eq(&self.value).into())
    }

    /// The MAC in words.
    pub(crate) fn protection(&self) -> Protection {
        self.kdf.protection(format!("HMAC-{}", self.hash.name()))
    }

    fn over(&self, password: &Spelling, content: &[u8], budget: &mut WorkBudget) -> Result<Vec<u8>> {
        let purpose = match self.kdf {
            Kdf::Pkcs12 { .. } => Purpose::Mac,
            _ => Purpose::Key,
        };
        let key = self.kdf.derive(password, purpose, self.key_octets, budget)?;
        with_hash!(self.hash, D => {
            let mut mac = <SimpleHmac<D> as KeyInit>::new_from_slice(&key)
                .map_err(|_| Error::Internal("HMAC refused a key length".into()))?;
            mac.update(content);
            Ok(mac.finalize().into_bytes().to_vec())
        })
    }
}

fn unsupported(oid: ObjectIdentifier) -> Error {
    let text = oid.to_string();
    let name = [
        ("1.2.643.2.2.9", "GOST R 34.11-94"),
        ("1.2.643.7.1.1.2.", "GOST R 34.11-2012"),
        ("1.2.643.7.1.1.4.", "HMAC with GOST R 34.11-2012"),
        ("1.2.156.10197.1.401", "SM3"),
        ("1.3.36.3.2.1", "RIPEMD-160"),
        ("1.0.10118.3.0.55", "Whirlpool"),
    ]
    .into_iter()
    .find(|(prefix, _)| text.starts_with(prefix))
    .map(|(_, name)| name);
    Error::UnsupportedAlgorithm { role: "MAC", name, oid: text }
}
