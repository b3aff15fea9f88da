//! 32 pixels at a time in vectors of 256 bits.
#![allow(unsafe_code)] // Vector loads and stores through pointers; every block states why they stay inside its slices.

use std::arch::x86_64::*;

use super::{BB, BITS, BLUE, CHROMA_ROUNDING, GB, GG, LUMA, LUMA_ROUNDING, RB, RED, RG, RR, Z, in_steps};
use crate::simd::{Avx2, avx2::splat_pair};

/// Pixels in one step.
const STEP: usize = 32;
/// Bytes that one step may read.
const READS: usize = 3 * STEP + 4;

/// Puts the colour that stands in both words of a pair into the upper one, where it counts 65536 fold.
const G_ABOVE: [i8; 16] = [Z, Z, 1, Z, Z, Z, 4, Z, Z, Z, 7, Z, Z, Z, 10, Z];

/// See [`convert`](super::convert).
pub(super) fn convert(_: Avx2, rgb: &[u8], to: [&mut [u8]; 3]) {
    // SAFETY: the processor has AVX2, as the first argument proves.
    unsafe { convert_steps(rgb, to) }
}

#[target_feature(enable = "avx2")]
fn convert_steps(rgb: &[u8], to: [&mut [u8]; 3]) {
    in_steps::<READS, STEP>(rgb, to, |pixels, to| step(pixels, to));
}

#[target_feature(enable = "avx2")]
#[inline]
fn step(pixels: &[u8; READS], to: [&mut [u8; STEP]; 3]) {
    let luma_rounding = _mm256_set1_epi32(LUMA_ROUNDING);
    let chroma_rounding = _mm256_set1_epi32(CHROMA_ROUNDING);
    // For each quarter of the pixels Y, Cb and Cr.
    let mut quarters = [[luma_rounding; 3]; 4];
    for (quarter, sums) in quarters.iter_mut().enumerate() {
        // SAFETY: 16 bytes from byte 48 + 3 × 12 at most: the last is byte 99, of 100.
        let pixels = unsafe {
            let at = pixels.as_ptr().add(12 * quarter);
            _mm256_inserti128_si256::<1>(
                _mm256_castsi128_si256(_mm_loadu_si128(at.cast())),
                _mm_loadu_si128(at.add(48).cast()),
            )
        };
        let pick = |order: &[i8; 16]| {
            // SAFETY: 16 bytes of an array of as many.
            let order = unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(order.as_ptr().cast())) };
            _mm256_shuffle_epi8(pixels, order)
        };
        let weigh = |a: __m256i, b: __m256i, [fa, fb]: [i16; 2], rounding: __m256i| {
            _mm256_add_epi32(_mm256_madd_epi16(_mm256_sub_epi16(a, b), splat_pair(fa, fb)), rounding)
        };
        let luma = weigh(pick(&RB), pick(&GG), LUMA, luma_rounding);
        sums[0] = _mm256_srai_epi32::<{ BITS as i32 }>(_mm256_add_epi32(luma, pick(&G_ABOVE)));
        sums[1] = _mm256_srai_epi32::<{ BITS as i32 }>(weigh(pick(&BB), pick(&RG), BLUE, chroma_rounding));
        sums[2] = _mm256_srai_epi32::<{ BITS as i32 }>(weigh(pick(&RR), pick(&GB), RED, chroma_rounding));
    }
    for (channel, to) in to.into_iter().enumerate() {
        let [a, b, c, d] = quarters.map(|sums| sums[channel]);
        let samples = _mm256_packus_epi16(_mm256_packs_epi32(a, b), _mm256_packs_epi32(c, d));
        // SAFETY: 32 bytes of an array of as many.
        unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), samples) };
    }
}
