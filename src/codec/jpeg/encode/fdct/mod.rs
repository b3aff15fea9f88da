//! Forward DCT and quantization of 8×8 blocks: the integer transform by Loeffler, Ligtenberg and Moschytz ("Practical
//! fast 1-D DCT algorithms with 11 multiplications", 1989) at the precision and with the roundings of libjpeg's
//! `JDCT_ISLOW`, so that the coefficients are the same.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod lanes;
#[cfg(vectors)]
mod vector;

use super::quantization::Table;
use crate::simd::Level;

/// Quantized coefficients in rows of eight.
pub(super) type Block = [i16; 64];

/// Samples that must be readable to the right of the last block of a row.
pub(super) const READ_AHEAD: usize = 8;

/// Divides by a quantization table, through multiplications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Divisors {
    /// Half the divisor, and one more where the reciprocal was rounded down.
    bias: Block,
    /// The high 16 bits of the product with this unsigned number...
    reciprocal: Block,
    /// ...and of that product with this one are the quotient.
    scale: Block,
}

impl Divisors {
    /// The transform's results are eight times those of an orthonormal DCT.
    pub(super) fn new(table: &Table) -> Self {
        let mut divisors = Self { bias: [0; 64], reciprocal: [0; 64], scale: [0; 64] };
        for (at, &value) in table.iter().enumerate() {
            let divisor = 8 * u32::from(value.max(1));
            // As many bits as 16 hold without the leading one; powers of two take one less to fit.
            let mut bits = 16 + divisor.ilog2();
            let (mut reciprocal, mut bias) = ((1 << bits) / divisor, divisor / 2);
            let rest = (1 << bits) % divisor;
            if rest == 0 {
                reciprocal /= 2;
                bits -= 1;
            } else if rest <= divisor / 2 {
                bias += 1;
            } else {
                reciprocal += 1;
            }
            divisors.bias[at] = bias as i16;
            divisors.reciprocal[at] = reciprocal as u16 as i16;
            divisors.scale[at] = (1u32 << (32 - bits)) as u16 as i16;
        }
        divisors
    }

    fn divide(&self, at: usize, value: i16) -> i16 {
        let high = |a: u16, b: i16| ((u32::from(a) * u32::from(b as u16)) >> 16) as u16;
        let magnitude = value.unsigned_abs().wrapping_add(self.bias[at] as u16);
        let quotient = high(high(magnitude, self.reciprocal[at]), self.scale[at]) as i16;
        if value < 0 { -quotient } else { quotient }
    }
}

/// Transforms the blocks of eight rows of samples, each `stride` samples after the one before, and says for each which
/// coefficients are not zero: bit n is the nth in rows of eight.
///
/// The rows must have eight samples for each block, and [`READ_AHEAD`] more.
pub(super) fn forward(
    level: Level,
    rows: &[u8],
    stride: usize,
    divisors: &Divisors,
    blocks: &mut [Block],
    masks: &mut [u64],
) {
    let count = blocks.len().min(masks.len());
    let (blocks, masks) = (&mut blocks[..count], &mut masks[..count]);
    assert!(rows.len() >= 7 * stride + 8 * count + READ_AHEAD, "rows of samples are too short");
    match level {
        Level::Scalar => forward_scalar(rows, stride, divisors, blocks, masks),
        #[cfg(vectors)]
        Level::Vector => vector::forward(rows, stride, divisors, blocks, masks),
        #[cfg(not(vectors))]
        Level::Vector => forward_scalar(rows, stride, divisors, blocks, masks),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(proof) => avx2::forward(proof, rows, stride, divisors, blocks, masks),
    }
}

fn forward_scalar(rows: &[u8], stride: usize, divisors: &Divisors, blocks: &mut [Block], masks: &mut [u64]) {
    for (index, (block, mask)) in blocks.iter_mut().zip(masks).enumerate() {
        for (y, row) in block.chunks_exact_mut(8).enumerate() {
            let samples = &rows[y * stride + 8 * index..][..8];
            row.iter_mut().zip(samples).for_each(|(to, &sample)| *to = i16::from(sample) - 128);
        }
        for row in block.as_chunks_mut().0 {
            transform::<ROWS>(row);
        }
        for x in 0..8 {
            let mut column = std::array::from_fn(|y| block[8 * y + x]);
            transform::<COLUMNS>(&mut column);
            (0..8).for_each(|y| block[8 * y + x] = column[y]);
        }
        *mask = 0;
        for (at, value) in block.iter_mut().enumerate() {
            *value = divisors.divide(at, *value);
            *mask |= u64::from(*value != 0) << at;
        }
    }
}

/// Fraction bits of the constants.
const FRACTION: u32 = 13;
/// Fraction bits that values have between the two directions.
const KEPT: u32 = 2;
/// The direction that comes first, and that which comes second.
const ROWS: bool = true;
const COLUMNS: bool = false;

// Sums of products that the rotations and the sums before them come to, in 1/8192: libjpeg's constants for
// cosines of multiples of π/16, added up.
const EVEN: [[i16; 2]; 2] = [[4433, 10703], [-10704, 4433]];
/// For the coefficients 7, 5, 3 and 1 the factors of the differences 4, 7, 5 and 6.
const ODD: [[i16; 4]; 4] =
    [[-11363, 2260, 9633, -6436], [9633, 6437, 2261, -11362], [-6436, 9633, -11362, -2259], [2260, 11363, 6437, 9633]];

/// Transforms eight values in one direction.
fn transform<const FIRST: bool>(values: &mut [i16; 8]) {
    let shift = if FIRST { FRACTION - KEPT } else { FRACTION + KEPT };
    let round = |sum: i32| ((sum + (1 << (shift - 1))) >> shift) as i16;
    let product = |value: i16, factor: i16| i32::from(value) * i32::from(factor);
    let sum = |at: usize| values[at] + values[7 - at];
    let difference = |at: usize| values[at] - values[7 - at];
    let (sum03, sum12) = (sum(0) + sum(3), sum(1) + sum(2));
    let (difference03, difference12) = (sum(0) - sum(3), sum(1) - sum(2));
    let (t4, t5, t6, t7) = (difference(3), difference(2), difference(1), difference(0));
    let whole = |sum: i16| if FIRST { sum << KEPT } else { (sum + (1 << (KEPT - 1))) >> KEPT };
    let even = |[a, b]: [i16; 2]| round(product(difference12, a) + product(difference03, b));
    let odd = |[a, b, c, d]: [i16; 4]| round(product(t4, a) + product(t7, b) + product(t5, c) + product(t6, d));
    *values = [
        whole(sum03 + sum12),
        odd(ODD[3]),
        even(EVEN[0]),
        odd(ODD[2]),
        whole(sum03 - sum12),
        odd(ODD[1]),
        even(EVEN[1]),
        odd(ODD[0]),
    ];
}

#[cfg(test)]
mod tests {
    use super::{super::quantization::tables, *};

    #[test]
    fn division_rounds_to_nearest() {
        for value in 1..=255 {
            let (divisors, divisor) = (Divisors::new(&[value; 64]), 8 * i32::from(value));
            for dividend in -16384..=16384i32 {
                let nearest = (dividend.abs() + divisor / 2) / divisor * dividend.signum();
                assert_eq!(i32::from(divisors.divide(5, dividend as i16)), nearest, "{dividend} / {divisor}");
            }
        }
    }

    #[test]
    fn a_flat_block_has_a_mean_alone() {
        let (mut blocks, mut masks) = ([[1; 64]; 2], [7; 2]);
        forward(Level::best(), &[136; 8 * 24], 24, &Divisors::new(&[1; 64]), &mut blocks, &mut masks);
        assert_eq!((blocks[1][0], masks), (64, [1; 2]));
        assert!(blocks[0][1..].iter().all(|&value| value == 0));
    }

    #[test]
    fn every_level_gives_the_coefficients_of_the_scalar_form() {
        let mut state = 1u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 24
        };
        for count in [1, 2, 3, 7, 8, 33] {
            let stride = 8 * count + 17;
            for (quality, kind) in [(1, 0), (50, 1), (80, 2), (100, 3), (100, 0), (95, 1)] {
                let divisors = Divisors::new(&tables(0, quality)[kind % 2]);
                let rows: Vec<u8> = (0..7 * stride + 8 * count + READ_AHEAD)
                    .map(|at| match kind {
                        0 => (random() >> 7) as u8 * 255,
                        1 => random() as u8,
                        2 => (random() / 16) as u8 + (at % 200) as u8,
                        _ => ((at / 8 + at / stride) % 2) as u8 * 255,
                    })
                    .collect();
                let run = |level| {
                    let (mut blocks, mut masks) = (vec![[9; 64]; count], vec![0; count]);
                    forward(level, &rows, stride, &divisors, &mut blocks, &mut masks);
                    (blocks, masks)
                };
                let scalar = run(Level::Scalar);
                for level in Level::all() {
                    assert!(run(level) == scalar, "{level:?} {count} blocks, quality {quality}, kind {kind}");
                }
            }
        }
    }
}
