//! Eight pixels at a time in vectors of 128 bits.

use super::{BB, BITS, BLUE, CHROMA_ROUNDING, GB, GG, LUMA, LUMA_ROUNDING, RB, RED, RG, RR, in_steps};
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

/// See [`convert`](super::convert).
pub(super) fn convert(rgb: &[u8], to: [&mut [u8]; 3]) {
    in_steps::<READS, STEP>(rgb, to, step);
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
