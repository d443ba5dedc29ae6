//! PKCS#12 stores (PFX, RFC 7292), in BER as tools have written them for twenty-five years, and
//! in DER as certkit writes them.
//!
//! ```text
//! PFX ::= SEQUENCE {
//!     version  INTEGER { v3(3) },
//!     authSafe ContentInfo,        -- data: the octets of an AuthenticatedSafe
//!     macData  MacData OPTIONAL }
//! AuthenticatedSafe ::= SEQUENCE OF ContentInfo   -- data or encryptedData: SafeContents
//! SafeContents ::= SEQUENCE OF SafeBag
//! ```

mod bag;
mod open;
mod read;
mod write;

pub(super) use read::read;
pub use write::{
    Compat, DEFAULT_ITERATIONS, LEAST_ITERATIONS, MOST_ITERATIONS, WriteOptions, default_iterations,
    most_iterations, write,
};

const STRUCTURE: &str = "PKCS#12 store";
