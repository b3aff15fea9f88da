//! YCbCr to RGB, sixteen pixels at a time in vectors of 128 bits.

use super::{HALF, fix};
use crate::simd::vector::{
    Bytes, Words, add, add_words, interleave_high, interleave_low, load_bytes, multiply_pairs, pack_bytes, pack_signed,
    shift_right, shuffle, splat_pair, splat_sums, subtract_words, widen, words_of,
};

const PIXELS: usize = 16;

/// For each third of the pixels, and each colour, which samples go where; −1 is none.
const ORDERS: [[[i8; 16]; 3]; 3] = {
    let mut orders = [[[-1; 16]; 3]; 3];
    let mut at = 0;
    while at < 3 * PIXELS {
        orders[at / 16][at % 3][at % 16] = (at / 3) as i8;
        at += 1;
    }
    orders
};

/// Converts as many pixels as there are whole vectors of, and gives their number.
pub(super) fn ycbcr(y: &[u8], cb: &[u8], cr: &[u8], to: &mut [u8]) -> usize {
    let pixels = to.as_chunks_mut::<{ 3 * PIXELS }>().0.iter_mut();
    let planes = y.as_chunks::<PIXELS>().0.iter().zip(cb.as_chunks::<PIXELS>().0).zip(cr.as_chunks::<PIXELS>().0);
    let mut done = 0;
    for (to, ((y, cb), cr)) in pixels.zip(planes) {
        let [y, cb, cr] = [y, cb, cr].map(|samples| widen(load_bytes(samples)));
        let (low, high) = (convert(y[0], cb[0], cr[0]), convert(y[1], cb[1], cr[1]));
        store([pack_bytes(low[0], high[0]), pack_bytes(low[1], high[1]), pack_bytes(low[2], high[2])], to);
        done += PIXELS;
    }
    done
}

/// Eight pixels. Factors are taken apart as in the form for AVX2.
#[inline(always)]
fn convert(y: Words, cb: Words, cr: Words) -> [Words; 3] {
    let middle = splat_pair(128, 128);
    let (cb, cr) = (subtract_words(cb, middle), subtract_words(cr, middle));
    let weigh = |a: Words, b: Words, [fa, fb]: [i32; 2]| {
        let factors = splat_pair(fa as i16, fb as i16);
        let scaled = |pairs: Words| shift_right(add(multiply_pairs(pairs, factors), splat_sums(HALF)), 16);
        pack_signed(scaled(interleave_low(a, b)), scaled(interleave_high(a, b)))
    };
    let red = add_words(add_words(y, cr), weigh(cr, cr, [fix(1.402) - (1 << 16), 0]));
    let blue = add_words(add_words(y, add_words(cb, cb)), weigh(cb, cb, [fix(1.772) - (2 << 16), 0]));
    let less = weigh(cb, cr, [-fix(0.344_14), (1 << 16) - fix(0.714_14)]);
    [red, add_words(subtract_words(y, cr), less), blue]
}

#[inline(always)]
fn store(colours: [Bytes; 3], to: &mut [u8; 3 * PIXELS]) {
    for (to, [red, green, blue]) in to.as_chunks_mut::<16>().0.iter_mut().zip(&ORDERS) {
        // No byte comes from two colours.
        let two = add_words(shuffle(colours[0], red), shuffle(colours[1], green));
        *to = bytemuck::cast(words_of(add_words(two, shuffle(colours[2], blue))));
    }
}
