//! The generator of RSA keys from outside: what keys it makes, judged by OpenSSL, by the rsa crate
//! and by the conditions of FIPS 186-5.
#![allow(clippy::disallowed_methods, clippy::print_stderr)] // It writes key files and says what it skips.

mod common;

use std::process::Command;

use certkit::{
    error::Error,
    key::{
        PrivateKey,
        rsa::{Options, generate},
    },
};
use crypto_bigint::{BoxedUint, ConcatenatingMul, Gcd, NonZero, Resize};
use getrandom::{SysRng, rand_core::UnwrapErr};
use rsa::{
    RsaPrivateKey,
    pkcs8::DecodePrivateKey,
    traits::{PrivateKeyParts, PublicKeyParts},
};

const SIZES: [usize; 3] = [2048, 3072, 4096];

fn made(bits: usize, options: Options) -> PrivateKey {
    generate(bits, options, &mut UnwrapErr(SysRng)).expect("a key")
}

fn read(key: &PrivateKey) -> RsaPrivateKey {
    RsaPrivateKey::from_pkcs8_der(key.pkcs8_der().expose()).expect("the rsa crate reads it")
}

/// Every way there is to search.
fn ways() -> impl Iterator<Item = Options> {
    [(false, false), (true, false), (false, true), (true, true)]
        .into_iter()
        .map(|(alone, portable)| Options { alone, portable })
}

/// Keys of every size and way pass the rsa crate's validation and primality tests of their primes.
#[test]
fn keys_of_every_size_and_way_are_sound() {
    for bits in SIZES {
        for options in ways() {
            let key = made(bits, options);
            key.check().expect("its parts agree");
            let key = read(&key);
            key.validate().expect("the rsa crate accepts it");
            assert_eq!(key.n().bits() as usize, bits, "{options:?}");
            for prime in key.primes() {
                let is_prime = crypto_primes::is_prime(crypto_primes::Flavor::Any, prime.as_ref());
                assert!(is_prime, "{bits} bits, {options:?}: a factor is composite");
            }
        }
    }
}

/// FIPS 186-5 appendix A.1.1: the sizes of p, q and d, their distance, and d as the inverse of e
/// modulo the least common multiple of p - 1 and q - 1, below which there is one such number only.
#[test]
fn p_q_and_d_are_what_the_standard_asks_for() {
    for bits in SIZES {
        let key = read(&made(bits, Options::default()));
        let [p, q]: [&BoxedUint; 2] = [&key.primes()[0], &key.primes()[1]];
        let half = bits as u32 / 2;
        for prime in [p, q] {
            assert_eq!(prime.bits(), half);
            assert!(prime.shr(half - 2) == BoxedUint::from(3u32), "the two top bits are set");
        }
        let distance = if p > q { p.wrapping_sub(q) } else { q.wrapping_sub(p) };
        assert!(distance > BoxedUint::one_with_precision(half).shl(half - 100));

        let one = BoxedUint::one();
        let (p1, q1) = (p.wrapping_sub(&one), q.wrapping_sub(&one));
        let gcd = NonZero::new(p1.gcd(&q1)).expect("it is not zero");
        let lcm = NonZero::new((&p1 / &gcd).concatenating_mul(&q1)).expect("it is not zero");
        let d: &BoxedUint = key.d();
        assert!(*d < *lcm, "d is not reduced modulo the least common multiple");
        assert!(d.bits() > half);
        let product = d.concatenating_mul(key.e());
        let lcm = lcm.get().resize_unchecked(product.bits_precision());
        assert!(product.rem(&NonZero::new(lcm).expect("it is not zero")) == one, "e·d ≡ 1");
        assert!(*key.e() == BoxedUint::from(65_537u32));
    }
}

/// OpenSSL tests the primes itself and puts all of the key's numbers against each other.
#[test]
fn openssl_accepts_keys_of_every_size_and_way() {
    if !common::has_peer("openssl", "OpenSSL's check of new keys") {
        return;
    }
    let folder = common::folder();
    let file = folder.path().join("key.der");
    for bits in SIZES {
        for options in ways() {
            std::fs::write(&file, made(bits, options).pkcs8_der().expose()).expect("it is written");
            let mut command = Command::new("openssl");
            command.args(["pkey", "-check", "-noout", "-inform", "DER", "-in"]).arg(&file);
            let said = common::text(&common::peer(&mut command));
            assert!(said.contains("Key is valid"), "{bits} bits, {options:?}: {said}");
        }
    }
}

/// No two keys of many have a factor in common, which is how keys of broken generators were found
/// (N. Heninger and others, *Mining your Ps and Qs*, 2012).
#[test]
fn no_two_keys_share_a_factor() {
    const KEYS: usize = 60;
    let moduli: Vec<BoxedUint> =
        (0..KEYS).map(|_| (**read(&made(2048, Options::default())).n()).clone()).collect();
    for (position, modulus) in moduli.iter().enumerate() {
        let others =
            moduli.iter().skip(position + 1).fold(BoxedUint::one_with_precision(2048), |product, other| {
                product.mul_mod(other, &NonZero::new(modulus.clone()).expect("it is not zero"))
            });
        assert!(
            position + 1 == KEYS || others.gcd(modulus) == BoxedUint::one(),
            "key {position} shares a factor"
        );
    }
}

/// Other sizes are refused, and the refusal says which there are.
#[test]
fn other_sizes_are_refused() {
    for bits in [0, 1024, 2047, 2560, 8192] {
        let error = generate(bits, Options::default(), &mut UnwrapErr(SysRng)).err().expect("it is refused");
        assert!(matches!(error, Error::BadArgument { .. }), "{error}");
        assert!(error.to_string().contains("2048, 3072 or 4096"), "{error}");
    }
}
