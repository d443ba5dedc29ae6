//! Making RSA keys: bits in, a proven key out. Everything about how primes are found stays in
//! this room.
//!
//! A key costs the search for two primes, and a search tests some thirty candidates. So the
//! search is built for speed: a random window of odd numbers is sieved by 22,999 small primes
//! (`sieve`), and what is left is put to the Fermat test to the base 2, four candidates at a time
//! in the vector registers of AVX2 (`lanes`, on `digits`), one at a time elsewhere (`portable`).
//! What passes is proven by others (`proof`): crypto-primes makes the Miller–Rabin rounds that
//! FIPS 186-5 asks for, with random bases, and rsa puts the key together and judges it.
//!
//! # What leaks through time
//!
//! The tests take the same steps for every candidate: nothing in them branches on a candidate or
//! uses one as an index. How many candidates were rejected shows in the time, and says nothing
//! about the one that was kept, for the order of a window is random and a rejected number stands in no
//! relation to the prime but for their distance, which stays secret. The sieve writes to places in its
//! window that depend on the remainders of the start by small primes, as sieves do: whoever runs
//! code on the same core and reads its cache during these tenths of a millisecond sees some of them
//! blurred, once, and never again for the same number. The proof and the finished key
//! are computed in constant time by crypto-bigint, but for Miller–Rabin's power of two in p - 1, which
//! its library finds with as many steps as it has zeros at its end.
//!
//! What was computed on the way (start, window, candidates, digits, exponents) is wiped. Copies that
//! the compiler and the proving libraries make on the stack are not under this crate's control.

#[cfg(target_arch = "x86_64")]
mod digits;
mod exponent;
#[cfg(target_arch = "x86_64")]
mod lanes;
mod portable;
mod proof;
mod search;
mod sieve;
#[cfg(test)]
mod statistics;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;

use pkcs8::EncodePrivateKey;
use rand_core::CryptoRng;

use self::{
    proof::{Claim, Rounds},
    search::{Screen, Search},
    sieve::Window,
};
use super::{PrivateKey, encoding};
use crate::error::{Error, Result};

/// How a key is searched for. It changes the time, never the key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// One thread even where there are more cores: for callers who keep those busy themselves.
    pub alone: bool,
    /// Without vector instructions, as on processors that have none.
    pub portable: bool,
}

/// Makes an RSA key with a modulus of exactly `bits` bits (2048, 3072 or 4096) and the public
/// exponent 65537. All randomness comes from `rng`, which should be the operating system's.
///
/// # Errors
/// [`Error::BadArgument`] for another size, [`Error::Internal`] if no good key came out of very
/// many attempts, which does not happen.
pub fn generate(bits: usize, options: Options, rng: &mut dyn CryptoRng) -> Result<PrivateKey> {
    if !matches!(bits, 2048 | 3072 | 4096) {
        return Err(Error::BadArgument {
            option: "bits",
            value: bits.to_string(),
            reason: "RSA keys are made with 2048, 3072 or 4096 bits".into(),
        });
    }
    let screen = if options.portable { Screen::Portable } else { Screen::fastest() };
    let alone = options.alone || std::thread::available_parallelism().is_ok_and(|cores| cores.get() < 2);
    make(bits, screen, alone, rng)
}

/// How often something may turn out to be no prime, or a key not to conform. A search without faults
/// needs one attempt; one that passes every candidate needs thirty on average.
const ATTEMPTS: usize = 1000;

fn make(bits: usize, screen: Screen, alone: bool, rng: &mut dyn CryptoRng) -> Result<PrivateKey> {
    let draw = |rng: &mut dyn CryptoRng| Search::new(Window::draw(bits / 2, screen, rng));
    let mut searches = [draw(rng), draw(rng)];
    for _ in 0..ATTEMPTS {
        search::run(searches.each_ref(), screen, alone);
        let claims =
            searches.each_ref().map(|search| search.found().and_then(|found| Claim::new(&found, rng)));
        if let [Some(p), Some(q)] = &claims {
            let (held, key) = prove([p, q], bits, alone);
            match key {
                Some(key) if held == [true, true] => return key,
                None if held == [true, true] => searches = [draw(rng), draw(rng)],
                _ => {
                    for (search, _) in searches.iter_mut().zip(held).filter(|(_, held)| !held) {
                        search.reject();
                    }
                }
            }
        } else {
            for (search, _) in searches.iter_mut().zip(claims).filter(|(_, claim)| claim.is_none()) {
                *search = draw(rng);
            }
        }
    }
    Err(Error::Internal(format!("no RSA key met FIPS 186-5 in {ATTEMPTS} attempts")))
}

/// Which claims hold, and the key that they make, which is good for nothing unless both do. A second
/// thread runs Miller–Rabin rounds while the first puts the key together and then takes its share.
fn prove(claims: [&Claim; 2], bits: usize, alone: bool) -> ([bool; 2], Option<Result<PrivateKey>>) {
    let rounds = Rounds::new(claims);
    let mut key = None;
    search::beside(
        alone,
        || {
            if rounds.held() == [true, true] {
                key = proof::key(claims, bits).map(|key| encoded(&key));
            }
            rounds.run();
        },
        || rounds.run(),
    );
    (rounds.held(), key)
}

fn encoded(key: &rsa::RsaPrivateKey) -> Result<PrivateKey> {
    let document = key
        .to_pkcs8_der()
        .map_err(|error| Error::Internal(format!("encoding an RSA key failed: {error}")))?;
    encoding::private_from_pkcs8(document.as_bytes())
}
