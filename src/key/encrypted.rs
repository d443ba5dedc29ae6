//! Private keys under a password: EncryptedPrivateKeyInfo (RFC 5958 section 3), opened and made.

use der::{Encode, asn1::OctetString};
use pkcs12::pbe_params::EncryptedPrivateKeyInfo;
use rand_core::CryptoRng;

use super::{PrivateKey, encoding};
use crate::{
    ber::{Reader, tag},
    error::{Error, Result},
    limits::WorkBudget,
    pbe::{Encryption, Protection, Scheme, Spelling},
    secret::{Password, SecretBytes},
};

/// An encrypted private key that has not been opened.
///
/// ```text
/// EncryptedPrivateKeyInfo ::= SEQUENCE {
///     encryptionAlgorithm AlgorithmIdentifier,
///     encryptedData       OCTET STRING }
/// ```
pub(crate) struct EncryptedKey {
    scheme: Scheme,
    ciphertext: Vec<u8>,
}

impl EncryptedKey {
    pub(crate) fn read(octets: &[u8]) -> Result<Self> {
        let mut fields =
            Reader::new(octets, "encrypted PKCS#8 private key").sequence("an EncryptedPrivateKeyInfo")?;
        let scheme = Scheme::read(fields.expect(tag::SEQUENCE, "an encryption algorithm")?)?;
        let ciphertext = fields.expect(tag::OCTET_STRING, "the encrypted key")?.octets()?.into_owned();
        Ok(Self { scheme, ciphertext })
    }

    pub(crate) fn protection(&self) -> Protection {
        self.scheme.protection()
    }

    /// The work of opening it with one spelling of a password.
    pub(crate) fn work(&self) -> u64 {
        self.scheme.work()
    }

    /// Opens it with one spelling of a password.
    ///
    /// # Errors
    /// [`Error::WrongPassword`]; [`Error::Damaged`] where it decrypts to no key, which one wrong
    /// password in 256 does too.
    pub(crate) fn open(&self, spelling: &Spelling, budget: &mut WorkBudget) -> Result<PrivateKey> {
        let plain = self.scheme.decrypt(spelling, &self.ciphertext, budget)?;
        let key = encoding::private_from_pkcs8(plain.expose())?;
        budget.spend(key.read_work())?;
        Ok(key)
    }

    /// Opens it with the first of `spellings` that gives a key.
    ///
    /// # Errors
    /// [`Error::WrongPassword`] where none does: a wrong password and damage look alike here.
    pub(crate) fn open_with_any(
        &self,
        spellings: &[Spelling],
        budget: &mut WorkBudget,
    ) -> Result<PrivateKey> {
        for spelling in spellings {
            match self.open(spelling, budget) {
                Err(Error::Damaged { .. } | Error::WrongPassword { .. }) => {}
                other => return other,
            }
        }
        Err(Error::WrongPassword { certain: false })
    }
}

/// Rounds of PBKDF2-HMAC-SHA256 for a private key by itself: what OWASP's Password Storage Cheat
/// Sheet asks of that function. It is derived once for a file and costs a tenth of a second or two.
pub const DEFAULT_ITERATIONS: u32 = 600_000;

/// A private key as EncryptedPrivateKeyInfo in DER: PBES2 with AES-256-CBC and
/// PBKDF2-HMAC-SHA256.
///
/// # Errors
/// [`Error::Internal`] only.
pub fn pkcs8(
    key: &PrivateKey,
    password: &Password,
    iterations: u32,
    rng: &mut dyn CryptoRng,
) -> Result<SecretBytes> {
    pkcs8_by(key, Encryption::Aes256, &Spelling::standard(password), iterations, rng).map(SecretBytes::new)
}

/// A private key as EncryptedPrivateKeyInfo in DER (RFC 5958 section 3), by any scheme that is
/// written.
///
/// # Errors
/// [`Error::Internal`] only.
pub(crate) fn pkcs8_by(
    key: &PrivateKey,
    encryption: Encryption,
    password: &Spelling,
    iterations: u32,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>> {
    let (encryption_algorithm, ciphertext) =
        Scheme::encrypt(encryption, password, iterations, key.pkcs8_der().expose(), rng)?;
    let encrypted_data = OctetString::new(ciphertext).map_err(internal)?;
    EncryptedPrivateKeyInfo { encryption_algorithm, encrypted_data }.to_der().map_err(internal)
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("DER encoding failed: {error}"))
}
