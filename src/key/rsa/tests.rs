//! What integration tests cannot see: the ways to test a candidate beside each other, and faults put
//! into the search.

use std::convert::Infallible;

use crypto_bigint::{BoxedUint, Odd, Resize};
use crypto_primes::hazmat::MillerRabin;
use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::*;

/// A generator that gives the same again: SHA-256 of a seed and a counter.
pub(super) struct Repeatable(pub(super) u64, pub(super) u64);

impl TryRng for Repeatable {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> std::result::Result<u32, Infallible> {
        self.try_next_u64().map(|word| word as u32)
    }

    fn try_next_u64(&mut self) -> std::result::Result<u64, Infallible> {
        let mut octets = [0; 8];
        self.try_fill_bytes(&mut octets)?;
        Ok(u64::from_le_bytes(octets))
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> std::result::Result<(), Infallible> {
        for chunk in octets.chunks_mut(32) {
            self.1 += 1;
            let block = Sha256::digest([self.0.to_le_bytes(), self.1.to_le_bytes()].concat());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Repeatable {}

fn limbs(number: &BoxedUint) -> Vec<u64> {
    number
        .to_le_bytes()
        .chunks(8)
        .map(|limb| limb.iter().rev().fold(0, |sum, octet| sum << 8 | u64::from(*octet)))
        .collect()
}

fn number(limbs: &[u64]) -> BoxedUint {
    let octets: Vec<u8> = limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
    BoxedUint::from_le_slice(&octets, 64 * limbs.len() as u32).expect("the length is its own")
}

fn hexadecimal(text: &str, bits: u32) -> BoxedUint {
    BoxedUint::from_str_radix_with_precision_vartime(text, 16, bits).expect("the vectors are hexadecimal")
}

/// What every way of this processor says of odd numbers of full width, which must be one thing.
fn screened(candidates: &[Vec<u64>]) -> Vec<bool> {
    let portable: Vec<bool> = candidates.iter().map(|limbs| portable::fermat(limbs)).collect();
    // Where the processor has no AVX2, there is one way only.
    #[cfg(target_arch = "x86_64")]
    if let Screen::Lanes(avx2) = Screen::fastest() {
        for (group, expected) in candidates.chunks(lanes::LANES).zip(portable.chunks(lanes::LANES)) {
            let four = std::array::from_fn(|lane| group[lane.min(group.len() - 1)].as_slice());
            assert_eq!(&lanes::fermat(avx2, four)[..group.len()], expected);
        }
    }
    portable
}

/// Odd numbers next to where a size begins, ends and has its middle: digits that are all ones or all
/// zeros, carries that run the whole length.
fn extremes(bits: u32, count: u32) -> impl Iterator<Item = BoxedUint> {
    let bottom = BoxedUint::one_with_precision(bits).shl(bits - 1);
    let middle = bottom.wrapping_add(bottom.shr(1));
    (0..count).flat_map(move |k| {
        let odd = BoxedUint::from(2 * k + 1).resize_unchecked(bits);
        [
            BoxedUint::zero_with_precision(bits).wrapping_sub(&odd),
            bottom.wrapping_add(&odd),
            middle.wrapping_add(&odd),
            middle.wrapping_sub(&odd),
        ]
    })
}

/// Every way says of every number what crypto-primes says: of extremes, known primes and what a
/// window holds.
#[test]
fn the_ways_agree_with_each_other_and_with_crypto_primes() {
    for (bits, prime, count) in
        [(1024, vectors::PRIMES[0], 200), (1536, vectors::PRIMES[1], 60), (2048, vectors::PRIMES[2], 40)]
    {
        let window = Window::draw(bits as usize, Screen::fastest(), &mut Repeatable(u64::from(bits), 0));
        let mut numbers: Vec<BoxedUint> = extremes(bits, count / 4).collect();
        numbers.push(hexadecimal(prime, bits));
        numbers.extend((0..count as usize).map(|position| number(&window.candidate(position))));
        let reference = |number: &BoxedUint| {
            let odd = Odd::new(number.clone()).expect("candidates are odd");
            MillerRabin::new(odd).test_base_two().is_probably_prime()
        };
        let expected: Vec<bool> = numbers.iter().map(reference).collect();
        assert_eq!(screened(&numbers.iter().map(limbs).collect::<Vec<_>>()), expected, "{bits} bits");
        let primes = expected.iter().filter(|prime| **prime).count();
        assert!(primes > 1 && primes < numbers.len() / 2, "{primes} primes of {bits} bits are no test");
    }
}

/// The Fermat test takes pseudoprimes for primes, every way alike; the proof does not.
#[test]
fn pseudoprimes_pass_the_search_and_not_the_proof() {
    let one = BoxedUint::one();
    let mut composites = Vec::new();
    for (text, bits) in vectors::PSEUDOPRIMES.into_iter().zip([1024, 1536, 2048]) {
        let k = hexadecimal(text, bits);
        let factors = [k.wrapping_add(&one), k.wrapping_add(&k).wrapping_add(&one)];
        composites.push(factors[0].wrapping_mul(&factors[1]));
    }
    for (text, bits) in vectors::CARMICHAEL.into_iter().zip([1024, 1536, 2048]) {
        let k = hexadecimal(text, bits);
        let factor = |multiple: u32| k.wrapping_mul(BoxedUint::from(multiple)).wrapping_add(&one);
        composites.push(factor(6).wrapping_mul(factor(12)).wrapping_mul(factor(18)));
    }
    for composite in composites {
        let limbs = limbs(&composite);
        assert_eq!(composite.bits() as usize, 64 * limbs.len(), "it has full width");
        assert_eq!(screened(std::slice::from_ref(&limbs)), [true], "a base-2 pseudoprime");
        let claim = Claim::new(&Zeroizing::new(limbs), &mut Repeatable(1, 0)).expect("it is odd");
        let rounds = Rounds::new([&claim, &claim]);
        rounds.run();
        assert_eq!(rounds.held(), [false, false], "a composite of {} bits was proven", composite.bits());
    }
}

/// The rounds of table B.1 are those that the formula of FIPS 186-5 appendix C.1 gives.
#[test]
fn rounds_are_as_many_as_the_error_probability_asks_for() {
    for (bits, log2) in [(1024, 112), (1536, 128), (2048, 144)] {
        assert_eq!(Some(proof::rounds(bits)), crypto_primes::hazmat::minimum_mr_iterations(bits, log2));
    }
}

/// Every search with a fault ends with a good key or with none.
#[test]
fn a_fault_of_the_search_costs_time_and_makes_no_bad_key() {
    type Fault = fn(&[u64]) -> bool;
    let faults: [(&str, Fault); 4] = [
        ("passes all", |_| true),
        ("passes a third of the composites", |limbs| limbs[1] % 3 == 0 || portable::fermat(limbs)),
        ("misses half of the primes", |limbs| limbs[0] % 4 == 1 && portable::fermat(limbs)),
        ("takes primes for composites and the reverse", |limbs| !portable::fermat(limbs)),
    ];
    for (seed, (what, fault)) in faults.into_iter().enumerate() {
        // Two threads put keys together while their primes are still being tried.
        match make(2048, Screen::Faulty(fault), seed % 2 == 0, &mut Repeatable(seed as u64, 0)) {
            Ok(key) => {
                assert_ne!(seed, 3, "no prime was proposed");
                key.check().expect(what);
                assert_eq!(key.algorithm(), &crate::key::Algorithm::Rsa(2048), "{what}");
                assert_primes_are_prime(&key);
            }
            Err(error) => assert!(seed == 3 && error.kind() == "internal", "{what}: {error}"),
        }
    }
}

fn assert_primes_are_prime(key: &PrivateKey) {
    use rsa::{pkcs8::DecodePrivateKey, traits::PrivateKeyParts};
    let key = rsa::RsaPrivateKey::from_pkcs8_der(key.pkcs8_der().expose()).expect("it reads");
    for prime in key.primes() {
        assert!(crypto_primes::is_prime(crypto_primes::Flavor::Any, prime.as_ref()));
    }
}

/// The same random octets give the same key, whatever finds it: so threads and vectors choose no other
/// prime than one word after the other does.
#[test]
fn threads_and_vectors_change_nothing_about_the_key() {
    for bits in [2048, 3072] {
        let made = |alone, screen| {
            let key = make(bits, screen, alone, &mut Repeatable(7, 0)).expect("a key");
            key.pkcs8_der().expose().to_vec()
        };
        let expected = made(true, Screen::Portable);
        assert!(expected == made(false, Screen::Portable), "two threads, {bits} bits");
        assert!(expected == made(true, Screen::fastest()), "vectors, {bits} bits");
        assert!(expected == made(false, Screen::fastest()), "vectors and two threads, {bits} bits");
    }
}
