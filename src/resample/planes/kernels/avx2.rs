//! The loops in vectors of 256 bits.
#![allow(unsafe_code)] // Vector loads and stores through pointers; every block states why they stay inside its slices.

use std::arch::x86_64::*;

use super::{super::weights::STEP, ALONG_SHIFT, DOWN_SHIFT, READ_AHEAD, WIDTH_STEP, Weights, rounding};
use crate::simd::Avx2;

/// See [`sum_rows`](super::sum_rows).
pub(super) fn sum_rows(_: Avx2, rows: &[[&[u8]; 2]], weights: &[[i16; 2]], to: &mut [i16]) {
    // SAFETY: the processor has AVX2, as the first argument proves; the caller checked that no row is shorter than `to`.
    unsafe { sum_rows_of(rows, weights, to) }
}

/// # Safety
/// Each row has at least as many samples as `to`.
#[target_feature(enable = "avx2")]
unsafe fn sum_rows_of(rows: &[[&[u8]; 2]], weights: &[[i16; 2]], to: &mut [i16]) {
    let half = _mm256_set1_epi32(1 << (DOWN_SHIFT - 1));
    let zero = _mm256_setzero_si256();
    for (index, to) in to.as_chunks_mut::<WIDTH_STEP>().0.iter_mut().enumerate() {
        let mut sums = [half; 4];
        for ([upper, lower], &[first, second]) in rows.iter().zip(weights) {
            // SAFETY: 32 samples from 32 × `index`, which `to` has, and so the rows.
            let (upper, lower) = unsafe {
                (
                    _mm256_loadu_si256(upper.as_ptr().add(WIDTH_STEP * index).cast()),
                    _mm256_loadu_si256(lower.as_ptr().add(WIDTH_STEP * index).cast()),
                )
            };
            let weights = _mm256_set1_epi32(i32::from(first as u16) | i32::from(second) << 16);
            let (low, high) = (_mm256_unpacklo_epi8(upper, lower), _mm256_unpackhi_epi8(upper, lower));
            let pairs = [
                _mm256_unpacklo_epi8(low, zero),
                _mm256_unpackhi_epi8(low, zero),
                _mm256_unpacklo_epi8(high, zero),
                _mm256_unpackhi_epi8(high, zero),
            ];
            for (sum, pairs) in sums.iter_mut().zip(pairs) {
                *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(pairs, weights));
            }
        }
        let [a, b, c, d] = sums.map(|sum| _mm256_srai_epi32::<{ DOWN_SHIFT as i32 }>(sum));
        // The halves of vectors are 16 samples apart.
        let (even, odd) = (_mm256_packs_epi32(a, b), _mm256_packs_epi32(c, d));
        // SAFETY: 32 numbers, as many as the chunk has.
        unsafe {
            _mm256_storeu_si256(to.as_mut_ptr().cast(), _mm256_permute2x128_si256::<0x20>(even, odd));
            _mm256_storeu_si256(to.as_mut_ptr().add(16).cast(), _mm256_permute2x128_si256::<0x31>(even, odd));
        }
    }
}

/// See [`sum_along`](super::sum_along).
pub(super) fn sum_along(_: Avx2, row: &[i16], weights: &Weights, to: &mut [u8]) {
    // SAFETY: the processor has AVX2, as the first argument proves; the caller checked the lengths.
    unsafe {
        if weights.padded() == STEP {
            sum_along_of::<true>(row, weights, to);
        } else {
            sum_along_of::<false>(row, weights, to);
        }
    }
}

/// Samples that are made together.
const GROUP: usize = 8;

/// `ONE_STEP`: whether all weights of a sample fit one vector.
///
/// # Safety
/// The row has [`READ_AHEAD`] numbers more than are seen, and there are weights for all samples.
#[target_feature(enable = "avx2")]
unsafe fn sum_along_of<const ONE_STEP: bool>(row: &[i16], weights: &Weights, to: &mut [u8]) {
    const { assert!(READ_AHEAD >= STEP) };
    let first = weights.seen.0;
    let padded = if ONE_STEP { STEP } else { weights.padded() };
    let sums = |index: usize, start: u32| {
        let mut sums = _mm256_setzero_si256();
        for step in (0..padded).step_by(STEP) {
            // SAFETY: a sample begins where it sees all its taps, and they are padded by fewer than READ_AHEAD; its weights
            // are as many.
            sums = unsafe {
                let samples = _mm256_loadu_si256(row.as_ptr().add((start - first) as usize + step).cast());
                let weights = _mm256_loadu_si256(weights.weights.as_ptr().add(index * padded + step).cast());
                _mm256_add_epi32(sums, _mm256_madd_epi16(samples, weights))
            };
        }
        sums
    };
    let rounding = _mm256_set1_epi32(rounding(weights));
    let count = to.len();
    for (group, to) in to.chunks_mut(GROUP).enumerate() {
        let base = group * GROUP;
        let each: [__m256i; GROUP] = std::array::from_fn(|at| {
            // The last group repeats the last sample.
            let index = (base + at).min(count - 1);
            sums(index, weights.starts[index])
        });
        let [a, b, c, d] = std::array::from_fn(|at| _mm256_hadd_epi32(each[2 * at], each[2 * at + 1]));
        let (first, second) = (_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
        let low = _mm256_permute2x128_si256::<0x20>(first, second);
        let high = _mm256_permute2x128_si256::<0x31>(first, second);
        let sums = _mm256_add_epi32(_mm256_add_epi32(low, high), rounding);
        let sums = _mm256_srai_epi32::<{ ALONG_SHIFT as i32 }>(sums);
        let words = _mm_packs_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256::<1>(sums));
        let samples = _mm_cvtsi128_si64(_mm_packus_epi16(words, words)).to_le_bytes();
        to.copy_from_slice(&samples[..to.len()]);
    }
}
