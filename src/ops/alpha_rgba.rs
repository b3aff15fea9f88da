//! Premultiplication of 8-bit RGBA, the layout of nearly all pictures with alpha. Written in blocks of pixels that the
//! compiler turns into vector code for the baseline and for AVX2.
#![allow(unsafe_code)] // Calls of functions compiled for an instruction set that the level says is there.

use crate::simd::Level;

/// Bytes of eight pixels.
const BLOCK: usize = 32;

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

/// One channel of eight pixels at a time: eight lanes of single precision.
#[inline(always)]
fn unpremultiply_blocks(samples: &mut [u8]) {
    each_block(samples, |block| {
        let mut words: [u32; BLOCK / 4] = bytemuck::pod_read_unaligned(block);
        for word in &mut words {
            let pixel = u32::from_le(*word);
            let alpha = pixel >> 24;
            let factor = if alpha == 0 { 0.0 } else { 255.0 / alpha as i32 as f32 };
            // Through signed integers, for which there are vector instructions.
            let divide = |shift: u32| {
                let quotient = ((pixel >> shift & 0xff) as i32 as f32 * factor).min(255.0);
                (quotient as i32 as u32) << shift
            };
            *word = (divide(0) | divide(8) | divide(16) | alpha << 24).to_le();
        }
        block.copy_from_slice(bytemuck::bytes_of(&words));
    });
}

macro_rules! at_level {
    ($(#[$meta:meta])* $name:ident, $blocks:ident) => {
        $(#[$meta])*
        pub(super) fn $name(level: Level, samples: &mut [u8]) {
            match level {
                Level::Scalar => $blocks(samples),
                #[cfg(target_arch = "x86_64")]
                Level::Avx2(_) => {
                    #[target_feature(enable = "avx2")]
                    fn with_avx2(samples: &mut [u8]) {
                        $blocks(samples);
                    }
                    // SAFETY: the level is only made on a processor that has AVX2.
                    unsafe { with_avx2(samples) }
                }
            }
        }
    };
}
at_level!(
    /// Multiplies colour by alpha, cut off to whole numbers.
    premultiply,
    premultiply_blocks
);
at_level!(
    /// Divides colour by alpha in single precision; 0 where alpha is 0.
    unpremultiply,
    unpremultiply_blocks
);
