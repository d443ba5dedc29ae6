//! Arithmetic modulo four odd numbers at once, one in each 64-bit lane of an AVX2 register:
//! Montgomery's squaring (P. L. Montgomery, *Modular multiplication without trial division*, 1985;
//! HAC section 14.3.2) on signed digits, column by column.
//!
//! A number is a row of digits to the radix 2^RADIX, least first, each between ±2^(RADIX-1), for
//! `vpmuldq` multiplies signed numbers of 32 bits. A column of a square is a sum of at most as
//! many products as a number has digits, and the multiples of the modulus that the reduction adds
//! bring as many again: 2 · 36 · 2^56 to the radix 2^29 and 2 · 76 · 2^54 to the radix 2^28, both
//! under 2^63. So carries wait until a column is complete.
//!
//! Columns are computed four at a time, in registers. Where the next quotient digits wait for each
//! other, the processor is already busy with the next columns of the square.
//!
//! Nothing here branches on a digit or uses one as an index.

use std::arch::x86_64::{
    __m256i, _mm256_add_epi64, _mm256_mul_epi32, _mm256_set1_epi64x, _mm256_setzero_si256, _mm256_slli_epi32,
    _mm256_slli_epi64, _mm256_sllv_epi64, _mm256_srai_epi32, _mm256_srli_epi64, _mm256_sub_epi64,
};

/// How many columns are computed at once. Numbers of digits are multiples of it.
pub(super) const COLUMNS: usize = 4;

/// How many zeros stand above the digits of a number, so that the last columns are computed like
/// the others, and from an even number of products.
pub(super) const PADDING: usize = COLUMNS;

/// Four odd moduli of as many digits, and what their reduction needs.
pub(super) struct Moduli<'a> {
    /// The digits, and padding.
    pub(super) digits: &'a [__m256i],
    /// -1/modulus modulo 2^32.
    pub(super) inverse: __m256i,
}

/// Squares `number` (digits and padding), or takes it as it is, divides it by 2^(RADIX · digits)
/// modulo the moduli, and multiplies each lane by two to the power of its `exponent`, 0 or 1. The
/// magnitude of the result is at most that of the number or its square, divided by the same, and
/// half the modulus, times that power of two. `quotients` is room for as many digits.
#[target_feature(enable = "avx2")]
pub(super) fn reduce<const RADIX: i32, const UNUSED: i32, const SQUARE: bool>(
    number: &mut [__m256i],
    quotients: &mut [__m256i],
    moduli: &Moduli<'_>,
    exponent: __m256i,
) {
    let length = quotients.len();
    let columns = |number: &[__m256i], column| match SQUARE {
        true => square_columns(number, length, column),
        false if column < length => four(&number[column..]),
        false => [_mm256_setzero_si256(); COLUMNS],
    };
    let mut carried = _mm256_setzero_si256();
    for column in (0..length).step_by(COLUMNS) {
        let sums = columns(number, column);
        let mut sums = add_products(sums, &quotients[..column], &moduli.digits[1..column + COLUMNS]);
        sums[0] = add(sums[0], carried);
        let (next, carry) = next_quotients::<RADIX, UNUSED>(sums, moduli);
        quotients[column..column + COLUMNS].copy_from_slice(&next);
        carried = carry;
    }
    carried = _mm256_sllv_epi64(carried, exponent);
    for column in (0..length).step_by(COLUMNS) {
        // A digit is written where no later column of the square reads.
        let sums = columns(number, length + column);
        let sums = add_products(sums, &quotients[column..], &moduli.digits[column + 1..]);
        for (digit, sum) in number[column..].iter_mut().zip(sums) {
            (*digit, carried) = carry::<RADIX>(sum, exponent, carried);
        }
    }
}

/// Four columns of the square of a number with `length` digits, from `column` on.
#[target_feature(enable = "avx2")]
#[inline]
fn square_columns(number: &[__m256i], length: usize, column: usize) -> [__m256i; COLUMNS] {
    let (first, middle) = (column.saturating_sub(length), column / 2);
    let zeros = [_mm256_setzero_si256(); COLUMNS];
    let [s0, s1, s2, s3] =
        add_products(zeros, &number[first..middle], &number[middle + 1..column - first + COLUMNS]);
    let [a, b, c, d] = four(&number[middle..]);
    let s1 = add(s1, product(a, b));
    let s2 = add(s2, product(a, c));
    let s3 = add(add(s3, product(a, d)), product(b, c));
    [add(double(s0), product(a, a)), double(s1), add(double(s2), product(b, b)), double(s3)]
}

/// Adds to four columns the products of each of `digits`, an even number of them, with four
/// neighbours of `windows`, which go down as the digits go up. Two digits share what they load.
#[target_feature(enable = "avx2")]
#[inline]
fn add_products(sums: [__m256i; COLUMNS], digits: &[__m256i], windows: &[__m256i]) -> [__m256i; COLUMNS] {
    let [mut s0, mut s1, mut s2, mut s3] = sums;
    let mut end = windows.len();
    let mut position = 0;
    while position + 1 < digits.len() {
        let (a, b) = (digits[position], digits[position + 1]);
        let window = &windows[end - COLUMNS - 1..end];
        s0 = add(add(s0, product(a, window[1])), product(b, window[0]));
        s1 = add(add(s1, product(a, window[2])), product(b, window[1]));
        s2 = add(add(s2, product(a, window[3])), product(b, window[2]));
        s3 = add(add(s3, product(a, window[4])), product(b, window[3]));
        (position, end) = (position + 2, end - 2);
    }
    [s0, s1, s2, s3]
}

/// The next quotient digits: those multiples of the modulus that make the next columns divisible by
/// the radix. With what the columns then carry into the one after them.
#[target_feature(enable = "avx2")]
#[inline]
fn next_quotients<const RADIX: i32, const UNUSED: i32>(
    mut sums: [__m256i; COLUMNS],
    moduli: &Moduli<'_>,
) -> ([__m256i; COLUMNS], __m256i) {
    let modulus = four(moduli.digits);
    let mut quotients = [_mm256_setzero_si256(); COLUMNS];
    let mut carried = _mm256_setzero_si256();
    for k in 0..COLUMNS {
        let sum = add(sums[k], carried);
        quotients[k] = quotient::<UNUSED>(sum, moduli.inverse);
        for j in 1..COLUMNS - k {
            sums[k + j] = add(sums[k + j], product(quotients[k], modulus[j]));
        }
        carried = shift::<RADIX>(add(sum, product(quotients[k], modulus[0])));
    }
    (quotients, carried)
}

/// The digit of a complete column times two to the power of `exponent` in each lane, with what was
/// `carried` into it; and what it carries. Digits are unique: at least -2^(RADIX-1), and less than
/// 2^(RADIX-1).
#[target_feature(enable = "avx2")]
#[inline]
fn carry<const RADIX: i32>(column: __m256i, exponent: __m256i, carried: __m256i) -> (__m256i, __m256i) {
    let high = shift::<RADIX>(column);
    let low = _mm256_sub_epi64(column, _mm256_slli_epi64::<RADIX>(high));
    let low = add(_mm256_sllv_epi64(low, exponent), carried);
    let over = shift::<RADIX>(add(low, _mm256_set1_epi64x(1 << (RADIX - 1))));
    let digit = _mm256_sub_epi64(low, _mm256_slli_epi64::<RADIX>(over));
    (digit, add(_mm256_sllv_epi64(high, exponent), over))
}

/// The quotient digit of a column: times `inverse`, the lowest bits read as a signed number. What
/// stands in the upper half of a lane does not matter, a product does not look at it.
#[target_feature(enable = "avx2")]
#[inline]
fn quotient<const UNUSED: i32>(column: __m256i, inverse: __m256i) -> __m256i {
    _mm256_srai_epi32::<UNUSED>(_mm256_slli_epi32::<UNUSED>(product(column, inverse)))
}

/// A signed division by the radix, downwards: AVX2 shifts only unsigned lanes, so the sign is
/// moved out of the way and back.
#[target_feature(enable = "avx2")]
#[inline]
fn shift<const RADIX: i32>(column: __m256i) -> __m256i {
    let shifted = _mm256_srli_epi64::<RADIX>(add(column, _mm256_set1_epi64x(i64::MIN)));
    _mm256_sub_epi64(shifted, _mm256_set1_epi64x(1 << (63 - RADIX)))
}

#[target_feature(enable = "avx2")]
#[inline]
fn double(digit: __m256i) -> __m256i {
    add(digit, digit)
}

#[target_feature(enable = "avx2")]
#[inline]
fn product(a: __m256i, b: __m256i) -> __m256i {
    _mm256_mul_epi32(a, b)
}

#[target_feature(enable = "avx2")]
#[inline]
fn add(a: __m256i, b: __m256i) -> __m256i {
    _mm256_add_epi64(a, b)
}

/// The first four of a row that has as many.
#[target_feature(enable = "avx2")]
#[inline]
fn four(row: &[__m256i]) -> [__m256i; COLUMNS] {
    [row[0], row[1], row[2], row[3]]
}
