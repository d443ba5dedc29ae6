//! Making RSA keys: bits in, a proven key out. Everything about how primes are found stays in
//! this room.
//!
//! The search and the primality proof are the `rsa` crate's (crypto-primes); the
//! distance of the primes and the size of d, which FIPS 186-5 asks for beyond primality, are checked
//! here, on the finished key. d is the inverse modulo (p-1)(q-1), as RFC 8017 allows, not modulo
//! their least common multiple.

use pkcs8::EncodePrivateKey;
use rand_core::CryptoRng;
use rsa::{
    BoxedUint, RsaPrivateKey,
    traits::{PrivateKeyParts, PublicKeyParts},
};

use super::{PrivateKey, encoding};
use crate::error::{Error, Result};

/// Makes an RSA key with a modulus of exactly `bits` bits and the public exponent 65537.
///
/// # Errors
/// [`Error::Internal`] if no good key came out of several attempts, which does not happen.
pub fn generate(bits: usize, rng: &mut dyn CryptoRng) -> Result<PrivateKey> {
    const ATTEMPTS: usize = 4;
    for _ in 0..ATTEMPTS {
        let key = RsaPrivateKey::new(rng, bits)
            .map_err(|error| Error::Internal(format!("RSA key generation failed: {error}")))?;
        if acceptable(&key, bits) {
            let document = key
                .to_pkcs8_der()
                .map_err(|error| Error::Internal(format!("encoding an RSA key failed: {error}")))?;
            return encoding::private_from_pkcs8(document.as_bytes());
        }
    }
    Err(Error::Internal("no RSA key met FIPS 186-5 in several attempts".into()))
}

/// FIPS 186-5 appendix A.1.1: the modulus has full length, |p − q| > 2^(nlen/2 − 100) and
/// d > 2^(nlen/2). Each condition fails by chance with a probability below 2^-98.
fn acceptable(key: &RsaPrivateKey, bits: usize) -> bool {
    let [p, q] = key.primes() else { return false };
    let half = u32::try_from(bits / 2).unwrap_or(u32::MAX);
    let (p, q): (&BoxedUint, &BoxedUint) = (p, q);
    let distance = if p > q { p.wrapping_sub(q) } else { q.wrapping_sub(p) };
    key.n().bits() as usize == bits && distance.bits() > half - 100 && key.d().bits() > half
}
