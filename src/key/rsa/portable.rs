//! The Fermat test to the base 2 on one candidate, in 64-bit words: for processors without AVX2.
//!
//! Montgomery's squaring (HAC algorithms 14.16 and 14.32) to R = 2^bits. Nothing here branches on a
//! bit of the candidate or uses one as an index.

use zeroize::Zeroizing;

use super::exponent::{Exponent, minus_inverse};

/// Whether an odd candidate passes, least limb first; its limbs are full, and 16, 24 or 32. None
/// of another size does.
pub(super) fn fermat(candidate: &[u64]) -> bool {
    match candidate.len() {
        16 => candidate.try_into().is_ok_and(passes::<16>),
        24 => candidate.try_into().is_ok_and(passes::<24>),
        32 => candidate.try_into().is_ok_and(passes::<32>),
        _ => false,
    }
}

fn passes<const LIMBS: usize>(modulus: &[u64; LIMBS]) -> bool {
    let exponent = Exponent::new(modulus);
    let inverse = minus_inverse(modulus[0]);
    let start = exponent.start(64 * LIMBS);
    let mut number = Zeroizing::new([0; LIMBS]);
    for (index, limb) in number.iter_mut().enumerate() {
        *limb = u64::from(start / 64 == index) << (start % 64);
    }
    let mut columns = Zeroizing::new([[0; LIMBS]; 2]);
    for bit in (0..exponent.steps()).rev() {
        square(columns.as_flattened_mut(), &number);
        let over = reduce(columns.as_flattened_mut(), modulus, inverse);
        *number = columns[1];
        subtract_once(&mut number, over, modulus);
        let over = double(&mut number, exponent.bit(bit));
        subtract_once(&mut number, over, modulus);
    }
    // 1 in Montgomery's form is R - m, for R is less than 2m.
    let mut borrow = 0;
    let difference = number.iter().zip(modulus).fold(0, |difference, (limb, modulus)| {
        let one = limb.wrapping_add(*modulus).wrapping_add(borrow);
        borrow =
            u64::from(u128::from(*limb) + u128::from(*modulus) + u128::from(borrow) > u128::from(u64::MAX));
        difference | one
    });
    difference == 0
}

/// `columns` = `number`².
fn square<const LIMBS: usize>(columns: &mut [u64], number: &[u64; LIMBS]) {
    columns.fill(0);
    for (row, limb) in number.iter().enumerate() {
        let columns = &mut columns[2 * row + 1..];
        let mut carry = 0;
        for (column, other) in columns.iter_mut().zip(&number[row + 1..]) {
            (*column, carry) = multiply_add(*limb, *other, *column, carry);
        }
        columns[LIMBS - 1 - row] = carry;
    }
    let (mut shifted, mut carry) = (0, 0);
    for (pair, limb) in columns.chunks_exact_mut(2).zip(number) {
        let (low, high) = (pair[0] << 1 | shifted, pair[1] << 1 | pair[0] >> 63);
        shifted = pair[1] >> 63;
        let sum = u128::from(*limb) * u128::from(*limb) + u128::from(low) + u128::from(carry);
        let upper = (sum >> 64) + u128::from(high);
        (pair[0], pair[1], carry) = (sum as u64, upper as u64, (upper >> 64) as u64);
    }
}

/// Makes the lower half of `columns` zero by adding multiples of the modulus; the carry out of the
/// upper half, which is then the reduced number or that and the modulus.
fn reduce<const LIMBS: usize>(columns: &mut [u64], modulus: &[u64; LIMBS], inverse: u64) -> u64 {
    let mut over = 0;
    for row in 0..LIMBS {
        let columns = &mut columns[row..];
        let quotient = columns[0].wrapping_mul(inverse);
        let mut carry = 0;
        for (column, limb) in columns.iter_mut().zip(modulus) {
            (*column, carry) = multiply_add(quotient, *limb, *column, carry);
        }
        let sum = u128::from(columns[LIMBS]) + u128::from(carry) + u128::from(over);
        (columns[LIMBS], over) = (sum as u64, (sum >> 64) as u64);
    }
    over
}

/// Takes the modulus away once if `number`, with `over` above it, is not less.
fn subtract_once<const LIMBS: usize>(number: &mut [u64; LIMBS], over: u64, modulus: &[u64; LIMBS]) {
    let mut reduced = Zeroizing::new([0; LIMBS]);
    let mut borrow = 0;
    for (index, limb) in number.iter().enumerate() {
        let (difference, first) = limb.overflowing_sub(modulus[index]);
        let (difference, second) = difference.overflowing_sub(borrow);
        (reduced[index], borrow) = (difference, u64::from(first | second));
    }
    let keep = 0u64.wrapping_sub(borrow & !over);
    for (limb, reduced) in number.iter_mut().zip(reduced.iter()) {
        *limb = *limb & keep | reduced & !keep;
    }
}

/// Shifts `number` up by `bit`, 0 or 1; what is shifted out.
fn double<const LIMBS: usize>(number: &mut [u64; LIMBS], bit: u64) -> u64 {
    let mut over = 0;
    for limb in number {
        let top = *limb >> 63 & bit;
        *limb = *limb << bit | over;
        over = top;
    }
    over
}

/// `a`·`b` + `c` + `d`, which fits two words: the lower and the upper.
#[inline]
fn multiply_add(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    let sum = u128::from(a) * u128::from(b) + u128::from(c) + u128::from(d);
    (sum as u64, (sum >> 64) as u64)
}
