//! Where candidates come from: a random window of odd numbers, what small primes leave of it, in
//! random order.
//!
//! The window starts at a random odd number whose two top bits are set, so that the product of two
//! candidates has full length. How often each small prime divides is known from one remainder, that of the
//! start (HAC note 4.51, incremental search).
//!
//! # Entropy
//!
//! Incremental search prefers primes that follow a large gap. Here the survivors are visited in
//! random order, so each prime of a window is as likely to be taken as any other. Of the 2^(k-3)
//! starts for primes of k bits, a given prime is within the window of at most W = 4k, and has there
//! the probability of one in the number of its primes; so its probability is at most
//! 4k/2^(k-3), and the min-entropy of a prime at least k - 3 - log2(4k): 1009 bits for k = 1024,
//! where a prime drawn uniformly has 1012.5. FIPS 186-5 appendix A.1.3 draws each candidate afresh;
//! this draws a window of them afresh, and differs by less than four bits of min-entropy.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::search::Screen;

/// A number, or part of one, as 64-bit limbs, least first. Wiped on drop.
pub(super) type Limbs = Zeroizing<Vec<u64>>;

/// The public exponent. Numbers that are 1 modulo it are no candidates: it must not divide p - 1.
pub(super) const EXPONENT: u32 = 65_537;

/// Small primes sieve up to here. Twice as far would leave one candidate of nineteen less to test,
/// and sieving would take twice as long.
const BOUND: usize = 1 << 18;

/// How many odd primes there are below [`BOUND`].
const SMALL_PRIMES: usize = 22_999;

/// Half the distance of each odd prime below [`BOUND`] from the one before, the first from 1.
static HALF_GAPS: [u8; SMALL_PRIMES] = half_gaps();

/// The sieve of Eratosthenes, run by the compiler.
const fn half_gaps() -> [u8; SMALL_PRIMES] {
    let mut composite = [false; BOUND / 2];
    let mut gaps = [0; SMALL_PRIMES];
    let (mut half, mut found, mut last) = (1, 0, 0);
    while half < BOUND / 2 {
        if !composite[half] {
            // At most 43, for gaps up to 2^18 are at most 86.
            gaps[found] = (half - last) as u8;
            (found, last) = (found + 1, half);
            let prime = 2 * half + 1;
            let mut multiple = prime * prime / 2;
            while multiple < BOUND / 2 {
                composite[multiple] = true;
                multiple += prime;
            }
        }
        half += 1;
    }
    gaps
}

/// The odd primes below [`BOUND`], in order.
fn small_primes() -> impl Iterator<Item = u32> {
    HALF_GAPS.iter().scan(1, |prime, gap| {
        *prime += 2 * u32::from(*gap);
        Some(*prime)
    })
}

/// Candidates: odd numbers of exactly the wanted bits without small factors, in random order.
pub(super) struct Window {
    start: Limbs,
    /// Half the distance of each candidate from the start.
    order: Zeroizing<Vec<u16>>,
}

impl Window {
    /// A window of candidates with `bits` bits, a multiple of 64 and at most 8192: on average it
    /// holds eleven primes, and none once in 100,000 times. All randomness of a search is drawn here.
    pub(super) fn draw(bits: usize, screen: Screen, rng: &mut dyn CryptoRng) -> Self {
        let start = start(bits, rng);
        let order = Zeroizing::new(match screen {
            #[cfg(target_arch = "x86_64")]
            Screen::Lanes(avx2) => {
                survivors(&start, 4 * bits, |words, primes: [u32; 32]| remainders_avx2(avx2, words, primes))
            }
            _ => survivors(&start, 4 * bits, remainders::<16>),
        });
        let mut window = Self { start, order };
        window.shuffle(rng);
        window
    }

    /// Where it starts.
    #[cfg(test)]
    pub(super) fn start(&self) -> Limbs {
        self.start.clone()
    }

    /// How many candidates there are.
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// The candidate at `position`; the last one beyond.
    pub(super) fn candidate(&self, position: usize) -> Limbs {
        let half = self.order.get(position).or(self.order.last()).copied().unwrap_or(0);
        let mut carry = 2 * u64::from(half);
        let limbs = self.start.iter().map(|limb| {
            let (sum, over) = limb.overflowing_add(carry);
            carry = u64::from(over);
            sum
        });
        Zeroizing::new(limbs.collect())
    }

    /// Fisher and Yates' shuffle. A position below n is the upper half of n times 64 random bits,
    /// off uniform by n in 2^64.
    fn shuffle(&mut self, rng: &mut dyn CryptoRng) {
        let mut random = Zeroizing::new(vec![0; 8 * self.order.len()]);
        rng.fill_bytes(&mut random);
        for (last, octets) in (0..self.order.len()).rev().zip(random.chunks_exact(8)) {
            let scaled = u128::from(word(octets)) * (last as u128 + 1);
            self.order.swap(last, (scaled >> 64) as usize);
        }
    }
}

/// Draws the start of a window: odd, its two top bits set, and so far below the next power of two
/// that the window ends before it.
fn start(bits: usize, rng: &mut dyn CryptoRng) -> Limbs {
    let mut random = Zeroizing::new(vec![0; bits / 8]);
    loop {
        rng.fill_bytes(&mut random);
        let mut start: Limbs = Zeroizing::new(random.chunks_exact(8).map(word).collect());
        if let [first, .., last] = start.as_mut_slice() {
            *first |= 1;
            *last |= 0b11 << 62;
            if *last < u64::MAX {
                return start;
            }
        }
    }
}

fn word(octets: &[u8]) -> u64 {
    octets.iter().rev().fold(0, |word, octet| word << 8 | u64::from(*octet))
}

/// Half the distance from `start` of the odd numbers without small factors that are not 1 modulo
/// the public exponent, out of `size`. Small primes are divided by as many at once as the processor has in
/// hand while each waits for its own remainder.
fn survivors<const GROUP: usize>(
    start: &[u64],
    size: usize,
    remainders: impl Fn(&[f64], [u32; GROUP]) -> [u32; GROUP],
) -> Vec<u16> {
    // One more, where every small prime that divides none of them is marked.
    let mut composite = Zeroizing::new(vec![false; size + 1]);
    let mut mark = |prime: u32, remainder: u32| {
        let below = if remainder == 0 { 0 } else { prime - remainder };
        let mut half = (below / 2 + below % 2 * prime.div_ceil(2)) as usize;
        composite[half.min(size)] = true;
        while half + (prime as usize) < size {
            half += prime as usize;
            composite[half] = true;
        }
    };
    // Vectors of what is secret have their size from the start: what grows leaves copies behind.
    let mut words = Zeroizing::new(Vec::with_capacity(2 * start.len()));
    words
        .extend(start.iter().rev().flat_map(|limb| [limb >> 32, limb & 0xffff_ffff]).map(|word| word as f64));
    let mut primes = small_primes().peekable();
    while primes.peek().is_some() {
        let group: [u32; GROUP] = std::array::from_fn(|_| primes.next().unwrap_or(EXPONENT));
        for (prime, remainder) in group.into_iter().zip(remainders(&words, group)) {
            mark(prime, remainder);
            if prime == EXPONENT {
                mark(prime, (remainder + prime - 1) % prime);
            }
        }
    }
    let mut left = Vec::with_capacity(size);
    left.extend((0..size as u16).filter(|half| !composite[usize::from(*half)]));
    left
}

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    /// [`remainders`], compiled for AVX2.
    fn remainders_avx2(avx2: Avx2, words: &[f64], primes: [u32; 32]) -> [u32; 32] {
        let _ = avx2;
        remainders(words, primes)
    }
);

/// The remainders of a number by small primes, by Horner's rule. `words` are its 32-bit words, the
/// greatest first, as floating-point numbers, which compilers make vector instructions of: with primes
/// up to 2^18 every intermediate value is an integer below 2^51, and so is exact.
#[inline(always)]
fn remainders<const GROUP: usize>(words: &[f64], primes: [u32; GROUP]) -> [u32; GROUP] {
    /// Adding and taking away 1.5 · 2^52 rounds to the nearest integer.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const RADIX: f64 = 4_294_967_296.0;
    let divisors = primes.map(f64::from);
    let inverses = divisors.map(|divisor| 1.0 / divisor);
    let mut remainders = [0.0; GROUP];
    for word in words {
        for k in 0..GROUP {
            let sum = remainders[k] * RADIX + word;
            let quotient = sum * inverses[k] + ROUND - ROUND;
            remainders[k] = sum - quotient * divisors[k];
        }
    }
    // Between plus and minus half the prime so far.
    std::array::from_fn(|k| (remainders[k] + if remainders[k] < 0.0 { divisors[k] } else { 0.0 }) as u32)
}
