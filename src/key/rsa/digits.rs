//! Arithmetic modulo four odd numbers at once, one in each 64-bit lane of an AVX2 register:
//! Montgomery's squaring (P. L. Montgomery, *Modular multiplication without trial division*, 1985;
//! HAC section 14.3.2), row by row: a row is the product of four digits with all others.
//!
//! A number has signed digits to the radix 2^RADIX, least first, for `vpmuldq` multiplies signed
//! numbers of 32 bits. A digit is between ±2^(RADIX-1), or up to 2^10 beyond; a quotient digit is
//! less than 2^RADIX and not negative. A column sums up, for each digit of a number, one product of two
//! digits and one of a digit and a quotient digit: 36 · (2^56 + 2^57) to the radix 2^29 and
//! 76 · (2^54 + 2^55) to the radix 2^28, both less than 2^63. So carries wait until a column is
//! complete.
//!
//! AVX2 shifts right only what has no sign. So every column starts from 2^63, which keeps it positive,
//! less 2^(63-RADIX), which is what the 2^63 of the column below comes to when it is carried.
//!
//! Nothing here branches on a digit or uses one as an index.

use std::{
    arch::x86_64::{
        __m256i, _mm256_add_epi64, _mm256_and_si256, _mm256_mul_epi32, _mm256_set1_epi64x,
        _mm256_setzero_si256, _mm256_sllv_epi64, _mm256_srli_epi64, _mm256_sub_epi64,
    },
    ops::Range,
};

use zeroize::Zeroizing;

/// Neighbouring digits or columns, the least first, which are computed together.
pub(super) type Block = [__m256i; 4];

/// What the product of two blocks leaves for the block above: its three upper columns.
type Upper = [__m256i; 3];

/// Four odd moduli, and what their reduction needs.
pub(super) struct Moduli<const BLOCKS: usize> {
    /// The digits. Wiped on drop.
    pub(super) digits: Zeroizing<[Block; BLOCKS]>,
    /// -1/modulus modulo 2^32.
    pub(super) inverse: __m256i,
    /// The bits of a quotient digit. A compiler that sees how few they are takes the product with it
    /// for one of 64 bits, which costs three instructions, so it should be hidden from it.
    pub(super) mask: __m256i,
}

/// Four numbers on their way through the test, with room to compute. Wiped on drop.
pub(super) struct Numbers<const BLOCKS: usize> {
    digits: Zeroizing<[Block; BLOCKS]>,
    /// The digits times two.
    doubles: Zeroizing<[Block; BLOCKS]>,
    /// The columns of a square and their multiple of the modulus, lower and upper half.
    columns: Zeroizing<[[Block; BLOCKS]; 2]>,
}

impl<const BLOCKS: usize> Numbers<BLOCKS> {
    /// The numbers of these digits, the least first.
    #[target_feature(enable = "avx2")]
    pub(super) fn new(digits: impl Iterator<Item = __m256i>) -> Self {
        let zeros = [[_mm256_setzero_si256(); 4]; BLOCKS];
        let mut numbers = Self {
            digits: Zeroizing::new(zeros),
            doubles: Zeroizing::new(zeros),
            columns: Zeroizing::new([zeros; 2]),
        };
        let rows = numbers.digits.as_flattened_mut().iter_mut().zip(numbers.doubles.as_flattened_mut());
        for ((digit, double), value) in rows.zip(digits) {
            (*digit, *double) = (value, add(value, value));
        }
        numbers
    }

    /// The digits, the least first.
    pub(super) fn digits(&self) -> &[__m256i] {
        self.digits.as_flattened()
    }

    /// Squares the numbers, divides by R = 2^(RADIX · digits) modulo the moduli, and multiplies each
    /// lane by two to the power of its `exponent`, 0 or 1. The result is not negative, and before
    /// that multiplication less than the square divided by R, and the modulus.
    #[target_feature(enable = "avx2")]
    #[inline]
    pub(super) fn square<const RADIX: i32>(&mut self, moduli: &Moduli<BLOCKS>, exponent: __m256i) {
        let (pairs, _) = self.columns.as_flattened_mut().as_chunks_mut();
        for (pair, (digits, doubles)) in pairs.iter_mut().zip(self.digits.iter().zip(&*self.doubles)) {
            *pair = square_block(digits, doubles, bias::<RADIX>());
        }
        let columns = self.columns.as_flattened_mut();
        for (k, row) in self.doubles.iter().enumerate() {
            let upper = [_mm256_setzero_si256(); 3];
            let upper = add_products(&mut columns[k..], upper, row, &*self.digits, k + 1..BLOCKS);
            add_upper(&mut columns[k + BLOCKS], upper);
        }
        self.reduce::<RADIX>(moduli);
        self.normalize::<RADIX>(moduli.mask, exponent);
    }

    /// Divides numbers less than R by it. The result is at most the modulus.
    #[target_feature(enable = "avx2")]
    pub(super) fn divide<const RADIX: i32>(&mut self, moduli: &Moduli<BLOCKS>) {
        let bias = bias::<RADIX>();
        *self.columns = [[[bias; 4]; BLOCKS]; 2];
        for (column, digit) in self.columns[0].as_flattened_mut().iter_mut().zip(self.digits.as_flattened()) {
            *column = add(bias, *digit);
        }
        self.reduce::<RADIX>(moduli);
        self.normalize::<RADIX>(moduli.mask, _mm256_setzero_si256());
    }

    /// Adds the multiples of the moduli that make the lower half of the columns divisible, and carries
    /// into the upper half. Quotient digits take the place of the columns that they belong to.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn reduce<const RADIX: i32>(&mut self, moduli: &Moduli<BLOCKS>) {
        let columns = self.columns.as_flattened_mut();
        let digits = &*moduli.digits;
        let mut next = Next { sums: columns[0], carried: _mm256_set1_epi64x(1 << (63 - RADIX)) };
        columns[0][0] = next.quotient::<RADIX, 0, BLOCKS>(moduli);
        columns[0][1] = next.quotient::<RADIX, 1, BLOCKS>(moduli);
        columns[0][2] = next.quotient::<RADIX, 2, BLOCKS>(moduli);
        columns[0][3] = next.quotient::<RADIX, 3, BLOCKS>(moduli);
        for k in 0..BLOCKS - 1 {
            let columns = &mut columns[k..];
            let row = columns[0];
            let upper = upper_half(&row, &digits[0]);
            let (sums, upper) = add_product(&columns[1], &upper, &row, &digits[1]);
            next.sums = sums;
            // Each of the next quotient digits waits for the one before. What stands between them
            // waits for none, and keeps the processor busy.
            columns[1][0] = next.quotient::<RADIX, 0, BLOCKS>(moduli);
            let upper = add_products(columns, upper, &row, digits, quarter(0, BLOCKS));
            columns[1][1] = next.quotient::<RADIX, 1, BLOCKS>(moduli);
            let upper = add_products(columns, upper, &row, digits, quarter(1, BLOCKS));
            columns[1][2] = next.quotient::<RADIX, 2, BLOCKS>(moduli);
            let upper = add_products(columns, upper, &row, digits, quarter(2, BLOCKS));
            columns[1][3] = next.quotient::<RADIX, 3, BLOCKS>(moduli);
            let upper = add_products(columns, upper, &row, digits, quarter(3, BLOCKS));
            add_upper(&mut columns[BLOCKS], upper);
        }
        let columns = &mut columns[BLOCKS - 1..];
        let row = columns[0];
        let upper = add_products(columns, upper_half(&row, &digits[0]), &row, digits, 1..BLOCKS);
        add_upper(&mut columns[BLOCKS], upper);
        columns[1][0] = add(columns[1][0], next.carried);
    }

    /// Makes digits of the upper half of the columns, times two to the power of `exponent` in each
    /// lane. Carries go one digit up, twice, and then are small enough to stay: no digit waits for the
    /// one below.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn normalize<const RADIX: i32>(&mut self, mask: __m256i, exponent: __m256i) {
        let half = _mm256_set1_epi64x(1 << (RADIX - 1));
        let mut carried = [_mm256_setzero_si256(); 2];
        let blocks = self.digits.iter_mut().zip(self.doubles.iter_mut()).zip(&self.columns[1]);
        for ((digits, doubles), columns) in blocks {
            for ((digit, double), column) in digits.iter_mut().zip(doubles).zip(columns) {
                let sum = add(_mm256_and_si256(*column, mask), carried[0]);
                let sum = add(_mm256_sllv_epi64(sum, exponent), half);
                let positive = add(_mm256_and_si256(sum, mask), carried[1]);
                *digit = _mm256_sub_epi64(positive, half);
                *double = add(*digit, *digit);
                carried = [_mm256_srli_epi64::<RADIX>(*column), _mm256_srli_epi64::<RADIX>(sum)];
            }
        }
    }
}

/// A block whose quotient digits are being found.
struct Next {
    /// Its columns, complete but for multiples of the modulus by its own quotient digits.
    sums: Block,
    /// What the columns so far carry into the next.
    carried: __m256i,
}

impl Next {
    /// The quotient digit for the column at `K`, after those below it: the multiple of the modulus that
    /// makes the column divisible by the radix.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn quotient<const RADIX: i32, const K: usize, const BLOCKS: usize>(
        &mut self,
        moduli: &Moduli<BLOCKS>,
    ) -> __m256i {
        let modulus = &moduli.digits[0];
        let sum = add(self.sums[K], self.carried);
        let quotient = _mm256_and_si256(product(sum, moduli.inverse), moduli.mask);
        for above in K + 1..4 {
            self.sums[above] = add(self.sums[above], product(quotient, modulus[above - K]));
        }
        self.carried = _mm256_srli_epi64::<RADIX>(add(sum, product(quotient, modulus[0])));
        quotient
    }
}

/// What a column starts from.
#[target_feature(enable = "avx2")]
#[inline]
fn bias<const RADIX: i32>() -> __m256i {
    _mm256_set1_epi64x(i64::MIN.wrapping_sub(1 << (63 - RADIX)))
}

/// The square of a block, eight columns that start from `bias`.
#[target_feature(enable = "avx2")]
#[inline]
fn square_block([a, b, c, d]: &Block, [a2, b2, c2, _]: &Block, bias: __m256i) -> [Block; 2] {
    [
        [
            add(bias, product(*a, *a)),
            add(bias, product(*a2, *b)),
            add(bias, add(product(*a2, *c), product(*b, *b))),
            add(bias, add(product(*a2, *d), product(*b2, *c))),
        ],
        [
            add(bias, add(product(*b2, *d), product(*c, *c))),
            add(bias, product(*c2, *d)),
            add(bias, product(*d, *d)),
            bias,
        ],
    ]
}

/// Adds to `columns` a part of a row: `row` times those blocks of `digits` that stand in `range`, and
/// `upper`, which the product with the block before them left. What these leave for the block above.
#[target_feature(enable = "avx2")]
#[inline]
fn add_products(
    columns: &mut [Block],
    mut upper: Upper,
    row: &Block,
    digits: &[Block],
    range: Range<usize>,
) -> Upper {
    for (sums, digits) in columns[range.clone()].iter_mut().zip(&digits[range]) {
        (*sums, upper) = add_product(sums, &upper, row, digits);
    }
    upper
}

/// Adds to four columns the product of two blocks, and `upper`, which the one before left. The sums, and
/// what is left for the block above.
#[target_feature(enable = "avx2")]
#[inline]
fn add_product(sums: &Block, upper: &Upper, row: &Block, digits: &Block) -> (Block, Upper) {
    let [a, b, c, d] = *row;
    let [w, x, y, z] = *digits;
    let sums = [
        add(add(sums[0], upper[0]), product(a, w)),
        add(add(sums[1], upper[1]), add(product(a, x), product(b, w))),
        add(add(sums[2], upper[2]), add(product(a, y), add(product(b, x), product(c, w)))),
        add(sums[3], add(add(product(a, z), product(b, y)), add(product(c, x), product(d, w)))),
    ];
    (sums, upper_half(row, digits))
}

/// The upper columns of the product of two blocks.
#[target_feature(enable = "avx2")]
#[inline]
fn upper_half([_, b, c, d]: &Block, [_, x, y, z]: &Block) -> Upper {
    [
        add(product(*b, *z), add(product(*c, *y), product(*d, *x))),
        add(product(*c, *z), product(*d, *y)),
        product(*d, *z),
    ]
}

#[target_feature(enable = "avx2")]
#[inline]
fn add_upper(columns: &mut Block, upper: Upper) {
    for (column, upper) in columns.iter_mut().zip(upper) {
        *column = add(*column, upper);
    }
}

/// One of four parts of the blocks from the third on.
fn quarter(number: usize, blocks: usize) -> Range<usize> {
    let size = (blocks - 2).div_ceil(4);
    2 + number * size..blocks.min(2 + (number + 1) * size)
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
