//! What both ways to compute the Fermat test to the base 2 share: its exponent.
//!
//! Fermat: if m is prime, 2^(m-1) ≡ 1 modulo m, and so is its inverse 2^-(m-1), which is what is
//! computed. In Montgomery's form to R = 2^r the power 2^-k is 2^(r-k), a number that can be written
//! down for each k up to r. So the top bits of the exponent cost nothing; each bit after them costs
//! a squaring, and a doubling where it is set, and as the base is 2 no step is a multiplication.
//!
//! The bits of -(m-1), from the top down, are those of m - 2 inverted: two's complement.

use zeroize::Zeroizing;

/// The exponent -(m-1) for an odd m of exactly as many bits as its limbs have.
pub(super) struct Exponent {
    limbs: Zeroizing<Vec<u64>>,
    /// How many bits the starting power takes.
    head: u32,
}

impl Exponent {
    /// The exponent for `candidate`, least limb first.
    pub(super) fn new(candidate: &[u64]) -> Self {
        let mut borrow = 2;
        let inverted = candidate.iter().map(|limb| {
            let (difference, borrowed) = limb.overflowing_sub(borrow);
            borrow = u64::from(borrowed);
            !difference
        });
        let limbs = Zeroizing::new(inverted.collect::<Vec<_>>());
        let head = (64 * limbs.len()).checked_ilog2().unwrap_or(0);
        Self { limbs, head }
    }

    /// The power of two that 2 to the first bits of the exponent is, in Montgomery's form to
    /// 2^`radix`, where `radix` is at least the number of bits.
    pub(super) fn start(&self, radix: usize) -> usize {
        let top = self.limbs.last().copied().unwrap_or(0) >> (64 - self.head);
        radix - (1 << self.head) + top as usize
    }

    /// How many bits are left, each for one step.
    pub(super) fn steps(&self) -> usize {
        64 * self.limbs.len() - self.head as usize
    }

    /// The bit of value 2^`index`.
    pub(super) fn bit(&self, index: usize) -> u64 {
        self.limbs[index / 64] >> (index % 64) & 1
    }
}

/// -1/`odd` modulo 2^64, by Newton's iteration: an odd number is its own inverse to three bits, and
/// each step doubles them.
pub(super) fn minus_inverse(odd: u64) -> u64 {
    let mut inverse = odd;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg()
}
