//! The loops in vectors of 128 bits.

use super::{ALONG_SHIFT, DOWN_SHIFT, Weights, rounding};
use crate::simd::vector::{
    add, add_first_two, add_halves, interleave_high, interleave_low, load_bytes, load_words, multiply_pairs,
    pack_signed, shift_right, splat_pair, splat_sums, sums_of, widen, words_of,
};

/// Samples in one step down the columns.
const STEP: usize = 16;

/// See [`sum_rows`](super::sum_rows).
pub(super) fn sum_rows(rows: &[[&[u8]; 2]], weights: &[[i16; 2]], to: &mut [i16]) {
    let half = splat_sums(1 << (DOWN_SHIFT - 1));
    for (index, to) in to.as_chunks_mut::<STEP>().0.iter_mut().enumerate() {
        let mut sums = [half; 4];
        for ([upper, lower], &[first, second]) in rows.iter().zip(weights) {
            let samples = |row: &[u8]| row[STEP * index..].first_chunk().map(|bytes| widen(load_bytes(bytes)));
            let (Some(upper), Some(lower)) = (samples(upper), samples(lower)) else { return };
            let weights = splat_pair(first, second);
            for ((sums, upper), lower) in sums.as_chunks_mut::<2>().0.iter_mut().zip(upper).zip(lower) {
                sums[0] = add(sums[0], multiply_pairs(interleave_low(upper, lower), weights));
                sums[1] = add(sums[1], multiply_pairs(interleave_high(upper, lower), weights));
            }
        }
        let [a, b, c, d] = sums.map(|sums| shift_right(sums, DOWN_SHIFT));
        to[..STEP / 2].copy_from_slice(&words_of(pack_signed(a, b)));
        to[STEP / 2..].copy_from_slice(&words_of(pack_signed(c, d)));
    }
}

/// See [`sum_along`](super::sum_along).
pub(super) fn sum_along(row: &[i16], weights: &Weights, to: &mut [u8]) {
    let rounding = rounding(weights);
    let groups = weights.taps.div_ceil(8);
    for (index, (to, start)) in to.iter_mut().zip(&weights.starts).enumerate() {
        let samples = row[(start - weights.seen.0) as usize..].as_chunks().0;
        let weights = weights.of(index).as_chunks().0;
        let mut sums = splat_sums(0);
        for (samples, weights) in samples.iter().zip(weights).take(groups) {
            sums = add(sums, multiply_pairs(load_words(samples), load_words(weights)));
        }
        let [sum, ..] = sums_of(add_first_two(add_halves(sums)));
        *to = ((sum + rounding) >> ALONG_SHIFT).clamp(0, 255) as u8;
    }
}
