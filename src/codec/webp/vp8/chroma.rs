//! The chroma of a macroblock: the lanes are its eight blocks under two prediction modes.
#![allow(unsafe_code)] // Entry of kernels: see `lane_kernel`.

use super::{
    choice::{Quantized, dequantize, signed_levels},
    lanes::{Bytes, Lanes, lane_kernel},
    luma16::{DC, FORBIDDEN, HORIZONTAL, TRUE_MOTION, VERTICAL},
    quantizer::{ERROR_SHIFT, Quantizer},
    rates::Rates,
    transform,
};

/// What one of the two planes is predicted from.
#[derive(Clone, Copy, Default)]
pub(super) struct Edge8 {
    pub(super) top: [u8; 8],
    pub(super) left: [u8; 8],
    pub(super) corner: u8,
    /// The mean of those neighbours that exist.
    pub(super) mean: u8,
}

/// What chroma costs in, and its neighbours' part in that.
pub(super) struct ChromaTerms<'a> {
    pub(super) quantizer: &'a Quantizer,
    pub(super) rates: &'a Rates,
    pub(super) lambda: i16,
    /// Weighted rate of each mode.
    pub(super) mode_costs: [u32; 4],
    /// Which of the two blocks above, and to the left, have coefficients: those of U in the lower two bits, of V above them.
    pub(super) top_levels: u8,
    pub(super) left_levels: u8,
}

/// The best of the modes.
#[derive(Default)]
pub(super) struct Chroma {
    pub(super) mode: u8,
    /// Levels of each block at each position of the stream: the four blocks of U, those of V, others.
    pub(super) levels: [[i16; 16]; 16],
    /// Where each block's coefficients end.
    pub(super) ends: [i16; 16],
    /// Reconstructed samples of U and V, row by row.
    pub(super) pixels: [[[u8; 8]; 8]; 2],
}

/// Two rows of 8 bytes, one after the other.
#[inline(always)]
fn pair<B: Bytes>(a: &[u8; 8], b: &[u8; 8]) -> B {
    B::from_words(u64::from_le_bytes(*a), u64::from_le_bytes(*b))
}

/// Orders that put four entries of U into lanes 0 to 3, four of V into lanes 4 to 7, and the same again.
const fn of_both(entries: [u8; 4]) -> [[u8; 16]; 2] {
    let mut orders = [[0x80; 16]; 2];
    let mut at = 0;
    while at < 4 {
        orders[0][at] = entries[at];
        orders[0][at + 8] = entries[at];
        orders[1][at + 4] = entries[at];
        orders[1][at + 12] = entries[at];
        at += 1;
    }
    orders
}

const TOP_OF: [[[u8; 16]; 2]; 4] =
    [of_both([0, 4, 0, 4]), of_both([1, 5, 1, 5]), of_both([2, 6, 2, 6]), of_both([3, 7, 3, 7])];
const LEFT_OF: [[[u8; 16]; 2]; 4] =
    [of_both([0, 0, 4, 4]), of_both([1, 1, 5, 5]), of_both([2, 2, 6, 6]), of_both([3, 3, 7, 7])];
/// Of a row of the upper blocks followed by the same row of the lower ones.
const SAMPLE_OF: [[[u8; 16]; 2]; 4] =
    [of_both([0, 4, 8, 12]), of_both([1, 5, 9, 13]), of_both([2, 6, 10, 14]), of_both([3, 7, 11, 15])];

#[inline(always)]
fn interleave<V: Lanes>(u: V::Bytes, v: V::Bytes, orders: &[[u8; 16]; 2]) -> V {
    V::widen(u.shuffle(&orders[0]).or(v.shuffle(&orders[1])))
}

/// One value in the lanes of U, one in those of V.
#[inline(always)]
fn both<V: Lanes>(u: u8, v: u8) -> V {
    let lanes = (u64::from(u) * 0x0101_0101) | ((u64::from(v) * 0x0101_0101) << 32);
    V::widen(V::Bytes::from_words(lanes, lanes))
}

/// Two modes, evaluated.
#[derive(Clone, Copy)]
struct Candidates<V> {
    levels: [V; 16],
    end: V,
    costs: [u32; 2],
}

#[inline(always)]
fn evaluate<V: Lanes>(prediction: &[V; 16], samples: &[V; 16], terms: &ChromaTerms<'_>) -> Candidates<V> {
    let mut residual = *samples;
    for at in 0..16 {
        residual[at] = residual[at].sub(prediction[at]);
    }
    let coefficients = transform::forward(&residual);
    let quantized = Quantized::new::<ERROR_SHIFT>(&coefficients, 0, terms.quantizer);
    let levels = quantized.has_levels().mask();
    // The blocks of a plane are two by two; bits 0 and 1 of a neighbour's are of U, 2 and 3 of V.
    let (top, left) = (u16::from(terms.top_levels), u16::from(terms.left_levels));
    let above = top & 3 | (top & 12) << 2;
    let beside = left & 1 | (left & 2) << 1 | (left & 4) << 2 | (left & 8) << 3;
    let above = levels << 2 & 0xcccc | above | above << 8;
    let beside = levels << 1 & 0xaaaa | beside | beside << 8;
    let context = V::splat(0).sub(V::from_mask(above)).sub(V::from_mask(beside));
    let choice = quantized.choose(0, context, terms.rates, terms.lambda);
    let (low, high) = (V::from_mask(0x00ff), V::from_mask(0xff00));
    Candidates {
        levels: signed_levels(&coefficients, &choice),
        end: choice.end,
        costs: [choice.cost.and(low).sum(), choice.cost.and(high).sum()],
    }
}

#[inline(always)]
fn best<V: Lanes>(source: &[[[u8; 8]; 8]; 2], edges: &[Edge8; 2], terms: &ChromaTerms<'_>, out: &mut Chroma) {
    let [u, v] = edges;
    let (top_u, top_v) = (pair::<V::Bytes>(&u.top, &u.top), pair::<V::Bytes>(&v.top, &v.top));
    let (left_u, left_v) = (pair::<V::Bytes>(&u.left, &u.left), pair::<V::Bytes>(&v.left, &v.left));
    let (corner, mean) = (both::<V>(u.corner, v.corner), both::<V>(u.mean, v.mean));
    let (mut tops, mut lefts) = ([mean; 4], [mean; 4]);
    for at in 0..4 {
        tops[at] = interleave(top_u, top_v, &TOP_OF[at]);
        lefts[at] = interleave(left_u, left_v, &LEFT_OF[at]);
    }
    let upper = V::from_mask(0xff00);
    // DC and vertical, then horizontal and gradient.
    let mut predictions = [[mean; 16]; 2];
    for at in 0..16 {
        predictions[0][at] = V::select(upper, tops[at % 4], mean);
        let gradient = V::widen(lefts[at / 4].add(tops[at % 4].sub(corner)).narrow());
        predictions[1][at] = V::select(upper, gradient, lefts[at / 4]);
    }
    let mut samples = [mean; 16];
    for y in 0..4 {
        let of_u = pair::<V::Bytes>(&source[0][y], &source[0][4 + y]);
        let of_v = pair::<V::Bytes>(&source[1][y], &source[1][4 + y]);
        for x in 0..4 {
            samples[y * 4 + x] = interleave(of_u, of_v, &SAMPLE_OF[x]);
        }
    }
    // In the order of `predictions`.
    const ORDER: [u8; 4] = [DC, VERTICAL, HORIZONTAL, TRUE_MOTION];
    let mut candidates = [evaluate(&predictions[0], &samples, terms); 2];
    let allowed = |mode: u8| terms.mode_costs[usize::from(mode)] < FORBIDDEN;
    if allowed(HORIZONTAL) || allowed(TRUE_MOTION) {
        candidates[1] = evaluate(&predictions[1], &samples, terms);
    }
    let mut least = u32::MAX;
    let mut chosen = 0;
    for at in 0..4 {
        let cost = candidates[at / 2].costs[at % 2] + terms.mode_costs[usize::from(ORDER[at])];
        if cost < least {
            (least, chosen) = (cost, at);
        }
    }
    out.mode = ORDER[chosen];
    let Candidates { levels, end, .. } = &candidates[chosen / 2];
    for (levels, out) in levels.iter().zip(&mut out.levels) {
        levels.store(out);
    }
    end.store(&mut out.ends);
    let residual = transform::inverse(&dequantize(levels, terms.quantizer));
    let half = chosen % 2 * 8;
    if half > 0 {
        for levels in &mut out.levels {
            levels.copy_within(8.., 0);
        }
        out.ends.copy_within(8.., 0);
    }
    for at in 0..16 {
        let mut lanes = [0; 16];
        predictions[chosen / 2][at].add(residual[at]).narrow().store(&mut lanes);
        let (x, y) = (at % 4, at / 4);
        for block in 0..4 {
            for plane in 0..2 {
                out.pixels[plane][block / 2 * 4 + y][block % 2 * 4 + x] = lanes[half + plane * 4 + block];
            }
        }
    }
}

lane_kernel! {
    /// The best mode of a macroblock's chroma, U and V.
    pub(super) fn best_chroma(source: &[[[u8; 8]; 8]; 2], edges: &[Edge8; 2], terms: &ChromaTerms<'_>, out: &mut Chroma) = best;
}
