//! One block at a time in vectors of 128 bits.

use super::{Block, Divisors, lanes};
use crate::simd::vector;

lanes::define!(crate::simd::vector, #[inline(always)]);

/// See [`forward`](super::forward), which checks the lengths.
pub(super) fn forward(rows: &[u8], stride: usize, divisors: &Divisors, blocks: &mut [Block], masks: &mut [u64]) {
    let row_of = |block: &Block, y: usize| block[8 * y..].first_chunk().map(vector::load_words);
    let centre = vector::splat_pair(-128, -128);
    for (index, (block, mask)) in blocks.iter_mut().zip(masks).enumerate() {
        let samples: [ops::Words; 8] = std::array::from_fn(|y| {
            let samples = rows[y * stride + 8 * index..].first_chunk().map_or(centre, |bytes| {
                let [low, _] = vector::widen(vector::load_bytes(bytes));
                low
            });
            vector::add_words(samples, centre)
        });
        let coefficients = transform_rows_and_columns(samples);
        let mut flags = [0u8; 64];
        for (y, values) in coefficients.into_iter().enumerate() {
            let (Some(bias), Some(reciprocal), Some(scale)) =
                (row_of(&divisors.bias, y), row_of(&divisors.reciprocal, y), row_of(&divisors.scale, y))
            else {
                continue;
            };
            let quotients = vector::words_of(quantize(values, bias, reciprocal, scale));
            block[8 * y..][..8].copy_from_slice(&quotients);
            flags[8 * y..][..8].iter_mut().zip(quotients).for_each(|(flag, value)| *flag = u8::from(value != 0));
        }
        *mask = 0;
        for (y, flags) in flags.as_chunks().0.iter().enumerate() {
            // Gathers the low bits of eight bytes in the top byte, the first lowest.
            let bits = u64::from_le_bytes(*flags).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            *mask |= bits << (8 * y);
        }
    }
}
