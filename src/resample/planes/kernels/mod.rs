//! The inner loops: weighted sums of rows, which keep six bits of fraction, and of the samples along such a row. All levels
//! give the same samples, since sums of integers do not depend on their order.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(vectors)]
mod vector;

use super::weights::{WEIGHT_BITS, Weights};
use crate::simd::Level;

/// Rows of samples must have a multiple of this many, and rows between the two directions too.
pub(super) const WIDTH_STEP: usize = 32;
/// Samples that must be readable after the end of a row between the two directions.
pub(super) const READ_AHEAD: usize = super::weights::STEP;

/// Fraction bits between the two directions: overshoot to twice the range of a sample still fits.
const FRACTION: u32 = 6;
/// Bits that a sum of rows, and then a sum along a row, is shifted by.
const DOWN_SHIFT: u32 = WEIGHT_BITS - FRACTION;
const ALONG_SHIFT: u32 = WEIGHT_BITS + FRACTION;

/// The sum of rows, each weighted, to a row of the same length with fractions. Rows come in pairs with their weights.
pub(super) fn sum_rows(level: Level, rows: &[[&[u8]; 2]], weights: &[[i16; 2]], to: &mut [i16]) {
    assert!(to.len().is_multiple_of(WIDTH_STEP) && rows.len() == weights.len(), "rows are not as agreed");
    assert!(rows.iter().flatten().all(|row| row.len() >= to.len()), "a row is too short");
    match level {
        Level::Scalar => sum_rows_scalar(rows, weights, to),
        #[cfg(vectors)]
        Level::Vector => vector::sum_rows(rows, weights, to),
        #[cfg(not(vectors))]
        Level::Vector => sum_rows_scalar(rows, weights, to),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(proof) => avx2::sum_rows(proof, rows, weights, to),
    }
}

fn sum_rows_scalar(rows: &[[&[u8]; 2]], weights: &[[i16; 2]], to: &mut [i16]) {
    for (x, to) in to.iter_mut().enumerate() {
        let pair = |([a, b], [wa, wb]): (&[&[u8]; 2], &[i16; 2])| {
            i32::from(a[x]) * i32::from(*wa) + i32::from(b[x]) * i32::from(*wb)
        };
        let sum: i32 = rows.iter().zip(weights).map(pair).sum();
        *to = clip_to_i16((sum + (1 << (DOWN_SHIFT - 1))) >> DOWN_SHIFT);
    }
}

fn clip_to_i16(value: i32) -> i16 {
    value.clamp(i16::MIN.into(), i16::MAX.into()) as i16
}

/// What is added to a sum along a row before its fraction is cut off.
fn rounding(weights: &Weights) -> i32 {
    ((weights.offset + 0.5) * f64::from(1 << ALONG_SHIFT)).round() as i32
}

/// The weighted sums along a row that begins at the first sample that is [seen](Weights::seen).
pub(super) fn sum_along(level: Level, row: &[i16], weights: &Weights, to: &mut [u8]) {
    let reach = (weights.seen.1 - weights.seen.0) as usize + READ_AHEAD;
    assert!(row.len() >= reach && to.len() <= weights.starts.len(), "rows are not as agreed");
    match level {
        Level::Scalar => sum_along_scalar(row, weights, to),
        #[cfg(vectors)]
        Level::Vector => vector::sum_along(row, weights, to),
        #[cfg(not(vectors))]
        Level::Vector => sum_along_scalar(row, weights, to),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(proof) => avx2::sum_along(proof, row, weights, to),
    }
}

fn sum_along_scalar(row: &[i16], weights: &Weights, to: &mut [u8]) {
    let rounding = rounding(weights);
    for (index, (to, start)) in to.iter_mut().zip(&weights.starts).enumerate() {
        let samples = &row[(start - weights.seen.0) as usize..][..weights.taps];
        let products = samples.iter().zip(weights.of(index)).map(|(&a, &b)| i32::from(a) * i32::from(b));
        *to = ((products.sum::<i32>() + rounding) >> ALONG_SHIFT).clamp(0, 255) as u8;
    }
}

/// Samples as a row with fractions.
pub(super) fn widen(row: &[u8], to: &mut [i16]) {
    to.iter_mut().zip(row).for_each(|(to, &sample)| *to = i16::from(sample) << FRACTION);
}

#[cfg(test)]
mod tests {
    use super::{
        super::weights::{Gain, Positions},
        *,
    };
    use crate::{image::PlaneAxis, options::Kernel};

    fn noise() -> impl FnMut() -> u32 {
        let mut state = 1_u32;
        move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if state >> 30 == 0 { (state >> 29 & 1) * 255 } else { state >> 8 & 255 }
        }
    }

    #[test]
    fn sums_of_rows_are_equal_at_every_level() {
        let mut random = noise();
        for (pairs, width) in [(1, 32), (3, 64), (7, 160), (31, 96)] {
            let rows: Vec<Vec<u8>> = (0..2 * pairs).map(|_| (0..width + 3).map(|_| random() as u8).collect()).collect();
            let rows: Vec<[&[u8]; 2]> = rows.chunks(2).map(|pair| [&pair[0][..], &pair[1][..]]).collect();
            let weight = 16384 / (2 * pairs as i16);
            let weights: Vec<[i16; 2]> = (0..pairs).map(|at| [weight + 900, weight - 1300 + at as i16]).collect();
            let run = |level| {
                let mut to = vec![0; width];
                sum_rows(level, &rows, &weights, &mut to);
                to
            };
            for level in Level::all() {
                assert_eq!(run(level), run(Level::Scalar), "{level:?} {pairs} {width}");
            }
        }
    }

    #[test]
    fn sums_along_a_row_are_equal_at_every_level_and_width() {
        let mut random = noise();
        for width in 1..=130u32 {
            for ratio in [1.3, 2.7, 6.1] {
                let input = (f64::from(width) * ratio).ceil() as u32;
                let centres = (0..width).map(|at| (f64::from(at) + 0.5) * ratio).collect();
                let positions = Positions { centres, pitch: ratio, width: 1.0, low: 0.0, high: f64::from(input) };
                let gain = if width % 2 == 0 { Gain::NONE } else { Gain { factor: 0.86, offset: 16.0 } };
                let axis = PlaneAxis::centred(input, 1, 1);
                let weights = Weights::cached(&axis, &positions, Kernel::Lanczos3, gain).unwrap();
                let row: Vec<i16> = (0..input as usize + READ_AHEAD).map(|_| (random() << FRACTION) as i16).collect();
                let run = |level| {
                    let mut to = vec![0; width as usize];
                    sum_along(level, &row, &weights, &mut to);
                    to
                };
                for level in Level::all() {
                    assert_eq!(run(level), run(Level::Scalar), "{level:?} {width} {ratio}");
                }
            }
        }
    }
}
