//! Premultiplication of 8-bit RGBA, the layout of nearly all images with alpha.
#![allow(unsafe_code)] // Vector code, and calls of functions compiled for what the level says is there.

use super::RECIPROCALS;
use crate::simd::Level;

/// Bytes of 64 pixels: fewer are unrolled by the compiler and get half as wide vectors.
const BLOCK: usize = 256;

/// Calls `change` for each block; the last one is filled up.
#[inline(always)]
fn each_block(samples: &mut [u8], change: impl Fn(&mut [u8; BLOCK])) {
    let (blocks, rest) = samples.as_chunks_mut::<BLOCK>();
    blocks.iter_mut().for_each(&change);
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    change(&mut last);
    rest.copy_from_slice(&last[..rest.len()]);
}

/// Two samples at a time in the halves of a word; floor(x / 255) = (x + 1 + (x >> 8)) >> 8 for x ≤ 255².
#[inline(always)]
fn premultiply_blocks(samples: &mut [u8]) {
    const HALVES: u32 = 0x00ff_00ff;
    let divide = |x: u32| ((x + 0x0001_0001 + ((x >> 8) & HALVES)) >> 8) & HALVES;
    each_block(samples, |block| {
        let mut words: [u32; BLOCK / 4] = bytemuck::pod_read_unaligned(block);
        for word in &mut words {
            let pixel = u32::from_le(*word);
            let alpha = pixel >> 24;
            let red_blue = divide((pixel & HALVES) * alpha);
            let green_alpha = divide(((pixel >> 8) & 0xff | 0x00ff_0000) * alpha);
            *word = (red_blue | green_alpha << 8).to_le();
        }
        block.copy_from_slice(bytemuck::bytes_of(&words));
    });
}

#[inline(always)]
fn unpremultiply_blocks(samples: &mut [u8]) {
    for pixel in samples.chunks_exact_mut(4) {
        let factor = RECIPROCALS[pixel[3] as usize];
        pixel[..3].iter_mut().for_each(|sample| *sample = (f32::from(*sample) * factor) as u8);
    }
}

/// Multiplies colour by alpha, cut off to integers.
pub(super) fn premultiply(level: Level, samples: &mut [u8]) {
    match level {
        Level::Scalar | Level::Vector => premultiply_blocks(samples),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(_) => {
            #[target_feature(enable = "avx2")]
            fn with_avx2(samples: &mut [u8]) {
                premultiply_blocks(samples);
            }
            // SAFETY: the level is only made on a processor that has AVX2.
            unsafe { with_avx2(samples) }
        }
    }
}

/// Divides colour by alpha in single precision; 0 where alpha is 0.
pub(super) fn unpremultiply(level: Level, samples: &mut [u8]) {
    match level {
        Level::Scalar | Level::Vector => unpremultiply_blocks(samples),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level is only made on a processor that has AVX2.
        Level::Avx2(_) => unsafe { unpremultiply_avx2(samples) },
    }
}

/// Eight pixels at a time, one channel after the other.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn unpremultiply_avx2(samples: &mut [u8]) {
    use std::arch::x86_64::*;
    let max = _mm256_set1_ps(255.0);
    let (blocks, rest) = samples.as_chunks_mut::<32>();
    for block in blocks {
        // SAFETY: the block has 32 bytes.
        let pixels = unsafe { _mm256_loadu_si256(block.as_ptr().cast()) };
        let alpha = _mm256_srli_epi32::<24>(pixels);
        let transparent = _mm256_castsi256_ps(_mm256_cmpeq_epi32(alpha, _mm256_setzero_si256()));
        let factor = _mm256_andnot_ps(transparent, _mm256_div_ps(max, _mm256_cvtepi32_ps(alpha)));
        let divide = |channel: __m256i| {
            let colour = _mm256_cvtepi32_ps(_mm256_and_si256(channel, _mm256_set1_epi32(255)));
            _mm256_cvttps_epi32(_mm256_min_ps(_mm256_mul_ps(colour, factor), max))
        };
        let red = divide(pixels);
        let green = _mm256_slli_epi32::<8>(divide(_mm256_srli_epi32::<8>(pixels)));
        let blue = _mm256_slli_epi32::<16>(divide(_mm256_srli_epi32::<16>(pixels)));
        let colour = _mm256_or_si256(_mm256_or_si256(red, green), blue);
        let out = _mm256_or_si256(colour, _mm256_slli_epi32::<24>(alpha));
        // SAFETY: the block has 32 bytes.
        unsafe { _mm256_storeu_si256(block.as_mut_ptr().cast(), out) };
    }
    unpremultiply_blocks(rest);
}
