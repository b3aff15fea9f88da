//! Two blocks at a time, side by side in the halves of vectors of 256 bits.
#![allow(unsafe_code)] // Vector loads and stores through pointers; every block states why they stay inside its slices.

use std::arch::x86_64::*;

use super::{Block, Divisors, READ_AHEAD, lanes};
use crate::simd::Avx2;

lanes::define!(crate::simd::avx2, #[target_feature(enable = "avx2")] #[inline]);

/// See [`forward`](super::forward).
pub(super) fn forward(
    _: Avx2,
    rows: &[u8],
    stride: usize,
    divisors: &Divisors,
    blocks: &mut [Block],
    masks: &mut [u64],
) {
    // SAFETY: the processor has AVX2, as the first argument proves.
    unsafe { forward_pairs(rows, stride, divisors, blocks, masks) }
}

#[target_feature(enable = "avx2")]
fn forward_pairs(rows: &[u8], stride: usize, divisors: &Divisors, blocks: &mut [Block], masks: &mut [u64]) {
    let count = blocks.len().min(masks.len());
    assert!(rows.len() >= 7 * stride + 8 * count + READ_AHEAD, "rows of samples are too short");
    let centre = _mm256_set1_epi16(-128);
    let mut spare = [0; 64];
    for index in (0..count).step_by(2) {
        let mut samples = [centre; 8];
        for (y, samples) in samples.iter_mut().enumerate() {
            // SAFETY: 16 bytes from the start of block `index`, which is below `count`, of row `y`, which is below 8, end
            // at most READ_AHEAD after the last block's, where the rows reach to by the assertion.
            let bytes = unsafe { _mm_loadu_si128(rows.as_ptr().add(y * stride + 8 * index).cast()) };
            *samples = _mm256_add_epi16(_mm256_cvtepu8_epi16(bytes), centre);
        }
        let coefficients = transform_rows_and_columns(samples);
        let (first, rest) = blocks[index..].split_at_mut(1);
        let (first, second) = (&mut first[0], rest.first_mut().unwrap_or(&mut spare));
        let mut quotients = coefficients;
        for (y, quotients) in quotients.iter_mut().enumerate() {
            // SAFETY: row `y` below 8 of blocks of 64 numbers.
            unsafe {
                let both =
                    |block: &Block| _mm256_broadcastsi128_si256(_mm_loadu_si128(block.as_ptr().add(8 * y).cast()));
                *quotients =
                    quantize(*quotients, both(&divisors.bias), both(&divisors.reciprocal), both(&divisors.scale));
                _mm_storeu_si128(first.as_mut_ptr().add(8 * y).cast(), _mm256_castsi256_si128(*quotients));
                _mm_storeu_si128(second.as_mut_ptr().add(8 * y).cast(), _mm256_extracti128_si256::<1>(*quotients));
            }
        }
        let (mut first, mut second) = (0u64, 0u64);
        for (pair, rows) in quotients.chunks_exact(2).enumerate() {
            let zeros = _mm256_cmpeq_epi8(_mm256_packs_epi16(rows[0], rows[1]), _mm256_setzero_si256());
            let bits = !(_mm256_movemask_epi8(zeros) as u32);
            first |= u64::from(bits & 0xffff) << (16 * pair);
            second |= u64::from(bits >> 16) << (16 * pair);
        }
        masks[index] = first;
        if let Some(mask) = masks[index..count].get_mut(1) {
            *mask = second;
        }
    }
}
