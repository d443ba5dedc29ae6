//! The Fermat test to the base 2 on four candidates at once, in the lanes of AVX2.
//!
//! The exponents are of one length, so all lanes take the same steps; that one candidate is doubled
//! and another is not is a shift by one or by none.

use std::{
    arch::x86_64::{
        __m256i, _mm256_extract_epi64, _mm256_set_epi64x, _mm256_set1_epi64x, _mm256_setzero_si256,
    },
    hint::black_box,
};

use zeroize::Zeroizing;

use super::{
    digits::{Moduli, Numbers},
    exponent::{Exponent, minus_inverse},
};

/// How many candidates are tested at once.
pub(super) const LANES: usize = 4;

fearless_simd::kernel!(
    /// Which of four odd candidates pass, least limb first; their limbs are full, and 16, 24 or 32.
    /// None of another size does.
    pub(super) fn fermat(avx2: Avx2, candidates: [&[u64]; LANES]) -> [bool; LANES] {
        let _ = avx2;
        match candidates[0].len() {
            16 => passes::<29, 9>(candidates),
            24 => passes::<28, 14>(candidates),
            32 => passes::<28, 19>(candidates),
            _ => [false; LANES],
        }
    }
);

/// The test with numbers of so many blocks of digits of `RADIX` bits.
#[target_feature(enable = "avx2")]
fn passes<const RADIX: i32, const BLOCKS: usize>(candidates: [&[u64]; LANES]) -> [bool; LANES] {
    let mut moduli = Moduli {
        digits: Zeroizing::new([[_mm256_setzero_si256(); 4]; BLOCKS]),
        inverse: lanes(candidates.map(|limbs| minus_inverse(limbs[0]) as i64)),
        mask: _mm256_set1_epi64x(black_box((1 << RADIX) - 1)),
    };
    let length = 4 * BLOCKS;
    let digits = candidates.map(|limbs| digits::<RADIX>(limbs, length));
    for (k, digit) in moduli.digits.as_flattened_mut().iter_mut().enumerate() {
        *digit = lanes([0, 1, 2, 3].map(|lane| digits[lane][k]));
    }

    let exponents = candidates.map(Exponent::new);
    let starts = exponents.each_ref().map(|exponent| exponent.start(RADIX as usize * length));
    let start = |k| starts.map(|start| i64::from(start / RADIX as usize == k) << (start % RADIX as usize));
    let mut numbers = Numbers::<BLOCKS>::new((0..length).map(|k| lanes(start(k))));
    for bit in (0..exponents[0].steps()).rev() {
        let doubled = exponents.each_ref().map(|exponent| exponent.bit(bit) as i64);
        numbers.square::<RADIX>(&moduli, lanes(doubled));
    }
    // Out of Montgomery's form: at most the modulus, so 1 is 1 and never more.
    numbers.divide::<RADIX>(&moduli);
    are_one::<RADIX>(numbers.digits())
}

/// Which lanes hold 1: carries go all the way.
#[target_feature(enable = "avx2")]
fn are_one<const RADIX: i32>(digits: &[__m256i]) -> [bool; LANES] {
    let (mut carried, mut bits) = ([-1; LANES], [0; LANES]);
    for digit in digits {
        for (lane, value) in values(*digit).into_iter().enumerate() {
            let sum = value + carried[lane];
            bits[lane] |= sum & ((1 << RADIX) - 1);
            carried[lane] = sum >> RADIX;
        }
    }
    [0, 1, 2, 3].map(|lane| bits[lane] | carried[lane] == 0)
}

#[target_feature(enable = "avx2")]
fn values(lanes: __m256i) -> [i64; LANES] {
    [
        _mm256_extract_epi64::<0>(lanes),
        _mm256_extract_epi64::<1>(lanes),
        _mm256_extract_epi64::<2>(lanes),
        _mm256_extract_epi64::<3>(lanes),
    ]
}

#[target_feature(enable = "avx2")]
#[inline]
fn lanes([a, b, c, d]: [i64; LANES]) -> __m256i {
    _mm256_set_epi64x(d, c, b, a)
}

/// Signed digits of a number: each at least -2^(RADIX-1) and less than 2^(RADIX-1).
fn digits<const RADIX: i32>(limbs: &[u64], length: usize) -> Zeroizing<Vec<i64>> {
    let limb = |index: usize| limbs.get(index).copied().unwrap_or(0);
    let mut carry = 0;
    let digits = (0..length).map(|k| {
        let (index, bit) = (k * RADIX as usize / 64, k * RADIX as usize % 64);
        let pair = u128::from(limb(index)) | u128::from(limb(index + 1)) << 64;
        let digit = ((pair >> bit) as i64 & ((1 << RADIX) - 1)) + carry;
        carry = (digit + (1 << (RADIX - 1))) >> RADIX;
        digit - (carry << RADIX)
    });
    Zeroizing::new(digits.collect())
}
