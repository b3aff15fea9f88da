//! Eight pixels at a time in vectors of 128 bits.

use super::{BITS, BLUE, CHROMA_ROUNDING, LUMA, LUMA_ROUNDING, RED};
use crate::simd::vector::{
    Bytes, Sums, Words, add, bytes_of, load_bytes, multiply_pairs, pack_bytes, pack_signed, shift_right, shuffle,
    splat_pair, splat_sums, subtract_words,
};

/// Pixels in one step.
const STEP: usize = 8;
/// Where the second half of a step begins, in bytes.
const HALF: usize = 3 * STEP / 2;
/// Bytes that one step may read.
const READS: usize = HALF + 16;

/// Gives zero.
const Z: i8 = -1;
/// Shuffles that make pairs of 16-bit colours of four pixels, named by the colours.
const RB: [i8; 16] = [0, Z, 2, Z, 3, Z, 5, Z, 6, Z, 8, Z, 9, Z, 11, Z];
const GG: [i8; 16] = [1, Z, 1, Z, 4, Z, 4, Z, 7, Z, 7, Z, 10, Z, 10, Z];
const BB: [i8; 16] = [2, Z, 2, Z, 5, Z, 5, Z, 8, Z, 8, Z, 11, Z, 11, Z];
const RG: [i8; 16] = [0, Z, 1, Z, 3, Z, 4, Z, 6, Z, 7, Z, 9, Z, 10, Z];
const RR: [i8; 16] = [0, Z, 0, Z, 3, Z, 3, Z, 6, Z, 6, Z, 9, Z, 9, Z];
const GB: [i8; 16] = [1, Z, 2, Z, 4, Z, 5, Z, 7, Z, 8, Z, 10, Z, 11, Z];

/// See [`convert`](super::convert).
pub(super) fn convert(rgb: &[u8], [y, cb, cr]: [&mut [u8]; 3]) {
    let mut at = 0;
    while let (Some(pixels), Some(y), Some(cb), Some(cr)) = (
        rgb.get(3 * at..).and_then(<[u8]>::first_chunk::<READS>),
        y.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<STEP>),
        cb.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<STEP>),
        cr.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<STEP>),
    ) {
        step(pixels, [y, cb, cr]);
        at += STEP;
    }
    while at < y.len() {
        let count = STEP.min(y.len() - at);
        let mut pixels = [0; READS];
        pixels[..3 * count].copy_from_slice(&rgb[3 * at..][..3 * count]);
        let mut samples = [[0; STEP]; 3];
        let [luma, blue, red] = &mut samples;
        step(&pixels, [luma, blue, red]);
        for (to, samples) in [&mut *y, &mut *cb, &mut *cr].into_iter().zip(&samples) {
            to[at..][..count].copy_from_slice(&samples[..count]);
        }
        at += count;
    }
}

/// Converts eight pixels.
#[inline(always)]
fn step(pixels: &[u8; READS], to: [&mut [u8; STEP]; 3]) {
    let (Some(first), Some(second)) = (pixels.first_chunk(), pixels[HALF..].first_chunk()) else { return };
    let (first, second) = (load_bytes(first), load_bytes(second));
    let weigh = |a: Words, b: Words, [fa, fb]: [i16; 2], rounding: i32| -> Sums {
        let sums = multiply_pairs(subtract_words(a, b), splat_pair(fa, fb));
        shift_right(add(sums, splat_sums(rounding)), BITS)
    };
    let luma = |bytes: Bytes| {
        let green = shuffle(bytes, &GG);
        add(weigh(shuffle(bytes, &RB), green, LUMA, LUMA_ROUNDING), multiply_pairs(green, splat_pair(1, 0)))
    };
    let blue = |bytes| weigh(shuffle(bytes, &BB), shuffle(bytes, &RG), BLUE, CHROMA_ROUNDING);
    let red = |bytes| weigh(shuffle(bytes, &RR), shuffle(bytes, &GB), RED, CHROMA_ROUNDING);
    let sums = [[luma(first), luma(second)], [blue(first), blue(second)], [red(first), red(second)]];
    for (to, [first, second]) in to.into_iter().zip(sums) {
        let words = pack_signed(first, second);
        to.copy_from_slice(&bytes_of(pack_bytes(words, words))[..STEP]);
    }
}
