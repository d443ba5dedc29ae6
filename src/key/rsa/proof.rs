//! Whatever the search proposes is proven here, by libraries that share no code with it:
//! crypto-primes and crypto-bigint, which compute in constant time, and rsa. A fault of the search
//! costs time; it cannot make a key.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crypto_bigint::{
    BoxedUint, CheckedSub, NonZero, Odd, RandomMod, U1024, U1536, U2048, Uint, UnsignedWithMontyForm,
};
use crypto_primes::hazmat::MillerRabin;
use rand_core::CryptoRng;
use rsa::{
    RsaPrivateKey,
    pkcs1v15::{SigningKey, VerifyingKey},
    signature::{Keypair, Signer, Verifier},
    traits::{PrivateKeyParts, PublicKeyParts},
};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::sieve::{EXPONENT, Limbs};

/// A number that may be prime, with the bases that shall witness it.
pub(super) struct Claim {
    number: Zeroizing<BoxedUint>,
    bases: Vec<BoxedUint>,
}

impl Claim {
    /// Draws the random bases, each at least 2 and at most the number less 2. `None` for a number
    /// below 4.
    pub(super) fn new(limbs: &Limbs, rng: &mut dyn CryptoRng) -> Option<Self> {
        let mut octets = Zeroizing::new(Vec::with_capacity(8 * limbs.len()));
        octets.extend(limbs.iter().flat_map(|limb| limb.to_le_bytes()));
        let bits = 64 * u32::try_from(limbs.len()).ok()?;
        let number = Zeroizing::new(BoxedUint::from_le_slice(&octets, bits).ok()?);
        let range = number.checked_sub(&BoxedUint::from(3u32)).into_option()?;
        let range = Zeroizing::new(NonZero::new(range).into_option()?);
        let base = || BoxedUint::random_mod_vartime(rng, &range).wrapping_add(BoxedUint::from(2u32));
        let bases = std::iter::repeat_with(base).take(rounds(bits)).collect();
        Some(Self { number, bases })
    }

    /// Whether the number passes the Miller–Rabin test to a base (FIPS 186-5 appendix B.3.1).
    fn passes(&self, base: &BoxedUint) -> bool {
        match self.number.bits_precision() {
            1024 => self.is_witnessed::<{ U1024::LIMBS }>(base),
            1536 => self.is_witnessed::<{ U1536::LIMBS }>(base),
            2048 => self.is_witnessed::<{ U2048::LIMBS }>(base),
            _ => None,
        }
        .unwrap_or(false)
    }

    /// The test in numbers of a fixed size, which take two thirds of the time.
    fn is_witnessed<const LIMBS: usize>(&self, base: &BoxedUint) -> Option<bool>
    where
        Uint<LIMBS>: UnsignedWithMontyForm,
    {
        let sized = |number: &BoxedUint| number.as_words().try_into().ok().map(Uint::<LIMBS>::from_words);
        let test = MillerRabin::new(Odd::new(sized(&self.number)?).into_option()?);
        Some(test.test(&sized(base)?).is_probably_prime())
    }
}

/// The Miller–Rabin rounds of two claims, which any number of threads may share.
pub(super) struct Rounds<'a> {
    claims: [&'a Claim; 2],
    /// How many rounds were taken, of the two claims in turn.
    taken: AtomicUsize,
    held: [AtomicBool; 2],
}

impl<'a> Rounds<'a> {
    /// All rounds of both claims.
    pub(super) fn new(claims: [&'a Claim; 2]) -> Self {
        Self { claims, taken: AtomicUsize::new(0), held: [true, true].map(AtomicBool::new) }
    }

    /// Runs rounds until all are taken; those of a claim that failed one are passed over.
    pub(super) fn run(&self) {
        loop {
            let taken = self.taken.fetch_add(1, Ordering::Relaxed);
            let (claim, held) = (self.claims[taken % 2], &self.held[taken % 2]);
            let Some(base) = claim.bases.get(taken / 2) else { return };
            if held.load(Ordering::Relaxed) && !claim.passes(base) {
                held.store(false, Ordering::Relaxed);
            }
        }
    }

    /// Which claims have passed every round so far: all rounds, once every thread is back.
    pub(super) fn held(&self) -> [bool; 2] {
        self.held.each_ref().map(|held| held.load(Ordering::Relaxed))
    }
}

/// FIPS 186-5 table B.1, the right column, rounds for p and q: at an error probability of 2^-112 for
/// primes of 1024 bits, 2^-128 for 1536 and 2^-144 for 2048. The Fermat test before them is not counted.
pub(super) fn rounds(bits: u32) -> usize {
    if bits < 1536 { 5 } else { 4 }
}

/// The key of two primes, which their rounds prove, with d the inverse of e modulo lcm(p-1, q-1), if it
/// meets what FIPS 186-5 appendix A.1.1 asks for and verifies what it signs. `bits` is the length of
/// its modulus.
pub(super) fn key(primes: [&Claim; 2], bits: usize) -> Option<RsaPrivateKey> {
    let [p, q] = primes.map(|claim| (*claim.number).clone());
    let key = RsaPrivateKey::from_p_q(p, q, BoxedUint::from(EXPONENT)).ok()?;
    (conforms(&key, bits) && key.validate().is_ok() && signs(&key)).then_some(key)
}

/// The modulus has full length, |p - q| > 2^(nlen/2 - 100), d > 2^(nlen/2), and e divides neither
/// p - 1 nor q - 1. The last is sieved for, and each of the others fails by chance with a probability
/// below 2^-98.
fn conforms(key: &RsaPrivateKey, bits: usize) -> bool {
    let [p, q] = key.primes() else { return false };
    let half = u32::try_from(bits / 2).unwrap_or(u32::MAX);
    let (p, q): (&BoxedUint, &BoxedUint) = (p, q);
    let distance = Zeroizing::new(if p > q { p.wrapping_sub(q) } else { q.wrapping_sub(p) });
    let exponent = NonZero::new(BoxedUint::from(EXPONENT)).into_option();
    let is_coprime = |prime: &BoxedUint| {
        exponent.as_ref().is_some_and(|exponent| !bool::from(prime.rem(exponent).is_one()))
    };
    key.n().bits() as usize == bits
        // An even number with more bits is greater.
        && distance.bits() > half - 100 && distance.trailing_zeros() < half - 100
        && key.d().bits() > half
        && is_coprime(p)
        && is_coprime(q)
}

/// A signature of the key verifies (pairwise consistency, FIPS 140-3 implementation guidance 10.3.A).
/// It is made without blinding, in constant time: blinding is against those who have many messages of
/// theirs signed and measure each, and this is one message, always the same, under a key that
/// nobody has seen.
fn signs(key: &RsaPrivateKey) -> bool {
    const MESSAGE: &[u8] = b"pairwise consistency";
    let signing = SigningKey::<Sha256>::new(key.clone());
    let verifying: VerifyingKey<Sha256> = signing.verifying_key();
    signing.try_sign(MESSAGE).is_ok_and(|signature| verifying.verify(MESSAGE, &signature).is_ok())
}
