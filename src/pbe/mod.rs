//! Password-based encryption and integrity: RFC 8018 (PBES1, PBES2, PBMAC1) and RFC 7292
//! appendix B (the PKCS#12 schemes).
//!
//! Reads a scheme from its AlgorithmIdentifier, names it, decrypts with it and, for the few
//! schemes certkit writes, encrypts. Knows nothing of what is inside the ciphertext.

mod cipher;
mod hash;
mod kdf;
mod mac;
mod scheme;
mod spelling;
mod traditional;

pub(crate) use hash::Hash;
pub(crate) use mac::Mac;
pub(crate) use scheme::{Encryption, Scheme};
pub(crate) use spelling::Spelling;
pub(crate) use traditional::Traditional;

/// What protects a part of a file, in words and numbers for a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Protection {
    /// The encryption scheme or MAC, such as `PBES2 AES-256-CBC` or `HMAC-SHA256`.
    pub algorithm: String,
    /// The key derivation, such as `PBKDF2-HMAC-SHA256`.
    pub kdf: String,
    /// Rounds of the key derivation (for scrypt its cost N).
    pub iterations: u64,
}
