//! The Fermat test to the base 2 on four candidates at once, in the lanes of AVX2.
//!
//! The exponents are of one length, so all lanes take the same steps; that one candidate is doubled
//! and another is not is a shift by one or by none.

use std::arch::x86_64::{
    __m256i, _mm256_castsi256_pd, _mm256_cmpeq_epi64, _mm256_movemask_pd, _mm256_or_si256, _mm256_set_epi64x,
    _mm256_set1_epi64x, _mm256_setzero_si256, _mm256_xor_si256,
};

use zeroize::Zeroizing;

use super::{
    digits::{Moduli, PADDING, reduce},
    exponent::{Exponent, minus_inverse},
};

/// How many candidates are tested at once.
pub(super) const LANES: usize = 4;

/// Lanes that hold candidates, or what was computed of them. Wiped on drop.
type Row = Zeroizing<Vec<__m256i>>;

fearless_simd::kernel!(
    /// Which of four odd candidates pass, least limb first; their limbs are full, and 16, 24 or 32.
    /// None of another size does.
    pub(super) fn fermat(avx2: Avx2, candidates: [&[u64]; LANES]) -> [bool; LANES] {
        let _ = avx2;
        match candidates[0].len() {
            16 => passes::<29, 3>(36, candidates),
            24 => passes::<28, 4>(56, candidates),
            32 => passes::<28, 4>(76, candidates),
            _ => [false; LANES],
        }
    }
);

/// The test with `length` digits of `RADIX` bits; a digit leaves `UNUSED` bits of its 32.
#[target_feature(enable = "avx2")]
fn passes<const RADIX: i32, const UNUSED: i32>(length: usize, candidates: [&[u64]; LANES]) -> [bool; LANES] {
    let inverse = candidates.map(|limbs| minus_inverse(limbs[0]) as i64);
    let digits = candidates.map(|limbs| digits::<RADIX>(limbs, length + PADDING));
    let digits: Row = Zeroizing::new(
        (0..length + PADDING).map(|k| lanes([0, 1, 2, 3].map(|lane| digits[lane][k]))).collect(),
    );
    let moduli = Moduli { digits: &digits, inverse: lanes(inverse) };

    let exponents = candidates.map(Exponent::new);
    let mut number: Row = Zeroizing::new(vec![_mm256_setzero_si256(); length + PADDING]);
    let starts = exponents.each_ref().map(|exponent| exponent.start(RADIX as usize * length));
    for (k, digit) in number.iter_mut().enumerate() {
        *digit =
            lanes(starts.map(|start| i64::from(start / RADIX as usize == k) << (start % RADIX as usize)));
    }
    let mut quotients: Row = Zeroizing::new(vec![_mm256_setzero_si256(); length]);
    for bit in (0..exponents[0].steps()).rev() {
        let doubled = exponents.each_ref().map(|exponent| exponent.bit(bit) as i64);
        reduce::<RADIX, UNUSED, true>(&mut number, &mut quotients, &moduli, lanes(doubled));
    }
    // Out of Montgomery's form: the smallest number by magnitude, so 1 is 1 and never 1 - m.
    reduce::<RADIX, UNUSED, false>(&mut number, &mut quotients, &moduli, _mm256_setzero_si256());
    are_one(&number)
}

/// Which lanes hold 1.
#[target_feature(enable = "avx2")]
fn are_one(number: &[__m256i]) -> [bool; LANES] {
    let difference = _mm256_xor_si256(number[0], _mm256_set1_epi64x(1));
    let difference = number[1..].iter().fold(difference, |sum, digit| _mm256_or_si256(sum, *digit));
    let equal = _mm256_cmpeq_epi64(difference, _mm256_setzero_si256());
    let mask = _mm256_movemask_pd(_mm256_castsi256_pd(equal));
    [0, 1, 2, 3].map(|lane| mask >> lane & 1 == 1)
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
