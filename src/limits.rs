//! Every cap on hostile input, in one place.
//!
//! The figures are far above what real files hold, and low enough that no file of any content
//! costs more than seconds of CPU or a few hundred megabytes.

use crate::error::{Error, Result};

/// The largest input read, in octets. The largest real stores (operating systems' trust stores)
/// stay under one tenth of it.
pub const INPUT_OCTETS: u64 = 16 << 20;

/// How deep ASN.1 structures may nest. A PFX with nested SafeContents stays under 24.
pub const NESTING: usize = 48;

/// How many elements of indefinite length may stand in each other. The end of each is looked for in
/// all that is inside it, so the cost of a file is its size times this. NSS and BouncyCastle stay
/// under 8.
pub const INDEFINITE_NESTING: usize = 12;

/// The most entries (keys, certificates, opaque bags) in one input.
pub const ENTRIES: usize = 20_000;

/// The longest certificate chain that is put in order; trust chains have three or four links.
pub const CHAIN: usize = 32;

/// The default work budget of one file, counted over all its parts in rounds of PBKDF2-HMAC-SHA256;
/// rounds of slower hashes count for more, rounds of one hash instead of two for less, and two
/// octets that are decrypted for one round.
///
/// A file of ten million rounds opens, of PBKDF2 with SHA-256 or SHA-1 (two blocks for an AES-256
/// key, the costliest) or of the PKCS#12 derivation for 3DES, with the rest of it at a real maker's
/// counts. All of it is less than three seconds on a processor of today.
pub const KDF_ROUNDS: u64 = 19_000_000;

/// What a file that is written may cost to read: less than [`KDF_ROUNDS`], which has to do for its
/// decryption and for judging its keys as well.
pub(crate) const WRITTEN_ROUNDS: u64 = KDF_ROUNDS / 10 * 9;

/// The most memory that scrypt parameters in a file may ask for, in octets.
pub const SCRYPT_OCTETS: u64 = 128 << 20;

/// The largest RSA modulus that is computed with, in bits. Larger keys are carried, not checked.
pub const RSA_BITS: usize = 8192;

/// The largest certificate read, in octets. The largest real ones, with a key of McEliece or
/// thousands of names, stay under it.
pub const CERTIFICATE_OCTETS: usize = 1 << 20;

/// The most header lines (RFC 1421) of one PEM block; OpenSSL writes two.
pub const PEM_HEADERS: usize = 1000;

/// The most extensions of one certificate; real ones have up to twenty.
pub const EXTENSIONS: usize = 64;

/// How much the chains of a store may hold, each of its keys' counted by itself, in octets: issuers
/// that many keys share would otherwise make the report of a small file a huge one.
pub const CHAINED_OCTETS: usize = 24 << 20;

/// The longest salt read, in octets.
pub const SALT_OCTETS: usize = 1024;

/// What is left of a file's work budget. Every derivation draws on it before it starts, so a file
/// that asks for too much is refused before the time is spent.
#[derive(Debug)]
pub struct WorkBudget {
    limit: u64,
    spent: u64,
}

impl WorkBudget {
    /// A budget of `limit` rounds.
    #[must_use]
    pub fn new(limit: u64) -> Self {
        Self { limit, spent: 0 }
    }

    /// Takes `rounds` from the budget.
    ///
    /// # Errors
    /// [`Error::KdfTooCostly`] where that much is not left.
    pub fn spend(&mut self, rounds: u64) -> Result<()> {
        self.require(rounds)?;
        self.spent = self.spent.saturating_add(rounds);
        Ok(())
    }

    /// What is left.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.limit - self.spent
    }

    /// Looks ahead: whether `rounds` are left. A file that is seen to ask for more is refused
    /// before any of it is spent, and with the figure that it takes.
    ///
    /// # Errors
    /// [`Error::KdfTooCostly`] where that much is not left.
    pub fn require(&self, rounds: u64) -> Result<()> {
        let work = self.spent.saturating_add(rounds);
        if work > self.limit { Err(Error::KdfTooCostly { work, limit: self.limit }) } else { Ok(()) }
    }
}

impl Default for WorkBudget {
    fn default() -> Self {
        Self::new(KDF_ROUNDS)
    }
}
