//! The luma of a macroblock under one prediction mode: its sixteen blocks are the lanes.
#![allow(unsafe_code)] // Entry of kernels: see `lane_kernel`.

use super::{
    choice::{Quantized, dequantize, signed_levels},
    lanes::{Bytes, Lanes, lane_kernel},
    quantizer::{ERROR_SHIFT, Quantizers, SECOND_ORDER_ERROR_SHIFT},
    rates::Rates,
    transform,
};

/// Modes of whole macroblocks, for luma and for chroma.
pub(super) const DC: u8 = 0;
pub(super) const TRUE_MOTION: u8 = 1;
pub(super) const VERTICAL: u8 = 2;
pub(super) const HORIZONTAL: u8 = 3;

/// Weighted rate of a mode that is not to be chosen; DC is never one.
pub(super) const FORBIDDEN: u32 = 1 << 30;

/// What a macroblock is predicted from.
pub(super) struct Edge16 {
    pub(super) top: [u8; 16],
    pub(super) left: [u8; 16],
    pub(super) corner: u8,
    /// The mean of those neighbours that exist.
    pub(super) mean: u8,
}

/// What a macroblock costs in, and its neighbours' part in that.
pub(super) struct Terms16<'a> {
    pub(super) quantizers: &'a Quantizers,
    pub(super) rates: &'a Rates,
    pub(super) second_order_rates: &'a Rates,
    pub(super) lambda: i16,
    /// Weighted rate of each mode.
    pub(super) mode_costs: [u32; 4],
    /// Which of the four blocks above, and to the left, have coefficients; the first in the lowest bit.
    pub(super) top_levels: u8,
    pub(super) left_levels: u8,
    /// How many neighbours have second-order coefficients.
    pub(super) second_order_context: i16,
}

/// The best of the modes.
#[derive(Default)]
pub(super) struct Luma16 {
    pub(super) mode: u8,
    /// Distortion plus weighted rate, that of the mode included.
    pub(super) cost: u32,
    pub(super) second_order: [i16; 16],
    pub(super) second_order_end: usize,
    /// Levels of each block at each position of the stream; the first are zero.
    pub(super) levels: [[i16; 16]; 16],
    /// Where each block's coefficients end.
    pub(super) ends: [i16; 16],
    /// Reconstructed samples, row by row.
    pub(super) pixels: [[u8; 16]; 16],
}

/// Groups every fourth byte; its own inverse.
const GROUPED: [u8; 16] = [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15];

/// Rows of a macroblock to the samples of its sixteen blocks at each position of a block.
#[inline(always)]
fn to_blocks<V: Lanes>(rows: &[[u8; 16]; 16], blocks: &mut [[u8; 16]; 16]) {
    for y in 0..4 {
        let columns = V::Bytes::transpose_groups([
            V::Bytes::load(&rows[y]).shuffle(&GROUPED),
            V::Bytes::load(&rows[4 + y]).shuffle(&GROUPED),
            V::Bytes::load(&rows[8 + y]).shuffle(&GROUPED),
            V::Bytes::load(&rows[12 + y]).shuffle(&GROUPED),
        ]);
        for x in 0..4 {
            columns[x].store(&mut blocks[y * 4 + x]);
        }
    }
}

/// The inverse of [`to_blocks`].
#[inline(always)]
fn to_rows<V: Lanes>(blocks: &[V; 16], rows: &mut [[u8; 16]; 16]) {
    for y in 0..4 {
        let groups = V::Bytes::transpose_groups([
            blocks[y * 4].narrow(),
            blocks[y * 4 + 1].narrow(),
            blocks[y * 4 + 2].narrow(),
            blocks[y * 4 + 3].narrow(),
        ]);
        for block in 0..4 {
            groups[block].shuffle(&GROUPED).store(&mut rows[block * 4 + y]);
        }
    }
}

/// For each column of a block, which of the samples above the macroblock is above it, by block.
const TOP_OF: [[u8; 16]; 4] = {
    let mut orders = [[0; 16]; 4];
    let mut at = 0;
    while at < 64 {
        orders[at / 16][at % 16] = (at % 4 * 4 + at / 16) as u8;
        at += 1;
    }
    orders
};
/// For each row of a block, which of the samples to the left of the macroblock is beside it, by block.
const LEFT_OF: [[u8; 16]; 4] = {
    let mut orders = [[0; 16]; 4];
    let mut at = 0;
    while at < 64 {
        orders[at / 16][at % 16] = (at % 16 / 4 * 4 + at / 16) as u8;
        at += 1;
    }
    orders
};

#[inline(always)]
fn predict<V: Lanes>(mode: u8, edge: &Edge16) -> [V; 16] {
    let (top, left) = (V::Bytes::load(&edge.top), V::Bytes::load(&edge.left));
    let mean = V::splat(edge.mean.into());
    let (mut tops, mut lefts) = ([mean; 4], [mean; 4]);
    for at in 0..4 {
        tops[at] = V::widen(top.shuffle(&TOP_OF[at]));
        lefts[at] = V::widen(left.shuffle(&LEFT_OF[at]));
    }
    let corner = V::splat(edge.corner.into());
    let mut samples = [mean; 16];
    for at in 0..16 {
        samples[at] = match mode {
            VERTICAL => tops[at % 4],
            HORIZONTAL => lefts[at / 4],
            TRUE_MOTION => V::widen(lefts[at / 4].add(tops[at % 4].sub(corner)).narrow()),
            _ => mean,
        };
    }
    samples
}

/// How many neighbours have coefficients, for each block, when `levels` says which blocks of the macroblock have.
#[inline(always)]
fn contexts<V: Lanes>(levels: u16, top: u8, left: u8) -> V {
    // Bit n to bit 4 × n.
    let left = u32::from(left & 15);
    let beside = ((left | left << 3 | left << 6 | left << 9) & 0x1111) as u16;
    let above = levels << 4 | u16::from(top & 15);
    let beside = levels << 1 & 0xeeee | beside;
    V::splat(0).sub(V::from_mask(above)).sub(V::from_mask(beside))
}

/// A mode, evaluated.
#[derive(Clone, Copy)]
struct Candidate<V> {
    levels: [V; 16],
    end: V,
    first: [i16; 16],
    cost: u32,
}

#[inline(always)]
fn evaluate<V: Lanes>(mode: u8, source: &[[u8; 16]; 16], edge: &Edge16, terms: &Terms16<'_>) -> Candidate<V> {
    let mut residual = predict::<V>(mode, edge);
    for at in 0..16 {
        residual[at] = V::widen(V::Bytes::load(&source[at])).sub(residual[at]);
    }
    let coefficients = transform::forward(&residual);
    let quantized = Quantized::new::<ERROR_SHIFT>(&coefficients, 1, &terms.quantizers.luma);
    let context = contexts::<V>(quantized.has_levels().mask(), terms.top_levels, terms.left_levels);
    let choice = quantized.choose(1, context, terms.rates, terms.lambda);
    let mut first = [0; 16];
    coefficients[0].store(&mut first);
    let mut levels = signed_levels(&coefficients, &choice);
    levels[0] = V::splat(0);
    Candidate { levels, end: choice.end, first, cost: choice.cost.sum() }
}

#[inline(always)]
fn best<V: Lanes>(rows: &[[u8; 16]; 16], edge: &Edge16, terms: &Terms16<'_>, out: &mut Luma16) {
    let mut source = [[0; 16]; 16];
    to_blocks::<V>(rows, &mut source);
    let mut candidates = [evaluate::<V>(DC, &source, edge, terms); 4];
    // One by one, since each is compiled for its mode.
    if terms.mode_costs[1] < FORBIDDEN {
        candidates[1] = evaluate::<V>(TRUE_MOTION, &source, edge, terms);
    }
    if terms.mode_costs[2] < FORBIDDEN {
        candidates[2] = evaluate::<V>(VERTICAL, &source, edge, terms);
    }
    if terms.mode_costs[3] < FORBIDDEN {
        candidates[3] = evaluate::<V>(HORIZONTAL, &source, edge, terms);
    }

    // The second-order coefficients of the modes side by side.
    let mut first = [V::splat(0); 16];
    for (block, first) in first.iter_mut().enumerate() {
        let mut lanes = [0; 16];
        for (lane, candidate) in lanes.iter_mut().zip(&candidates) {
            *lane = candidate.first[block];
        }
        *first = V::load(&lanes);
    }
    let coefficients = transform::forward_second_order(&first);
    let quantizer = &terms.quantizers.second_order;
    let quantized = Quantized::new::<SECOND_ORDER_ERROR_SHIFT>(&coefficients, 0, quantizer);
    let context = V::splat(terms.second_order_context);
    let choice = quantized.choose(0, context, terms.second_order_rates, terms.lambda);
    let signed = signed_levels(&coefficients, &choice);
    let (mut costs, mut ends) = ([0; 16], [0; 16]);
    choice.cost.store(&mut costs);
    choice.end.store(&mut ends);
    let mut mode = 0;
    for (at, candidate) in candidates.iter_mut().enumerate() {
        candidate.cost += u32::from(costs[at] as u16) + terms.mode_costs[at];
    }
    for at in 1..4 {
        if candidates[at].cost < candidates[mode].cost {
            mode = at;
        }
    }

    let candidate = &candidates[mode];
    out.mode = mode as u8;
    out.cost = candidate.cost;
    out.second_order_end = ends[mode] as usize;
    let mut dequantized = [0; 16];
    for at in 0..16 {
        let mut lanes = [0; 16];
        signed[at].store(&mut lanes);
        out.second_order[at] = lanes[mode];
        dequantized[at] = lanes[mode].wrapping_mul(quantizer.step[at]);
    }
    for at in 0..16 {
        candidate.levels[at].store(&mut out.levels[at]);
    }
    candidate.end.store(&mut out.ends);
    let mut coefficients = dequantize(&candidate.levels, &terms.quantizers.luma);
    let first = transform::inverse_second_order(&dequantized);
    if first == [0; 16] {
        // They round to nothing, and decoders differ on whether that counts as coefficients.
        out.second_order_end = 0;
    }
    coefficients[0] = V::load(&first);
    let mut samples = predict::<V>(out.mode, edge);
    let residual = transform::inverse(&coefficients);
    for at in 0..16 {
        samples[at] = samples[at].add(residual[at]);
    }
    to_rows(&samples, &mut out.pixels);
}

lane_kernel! {
    /// The best mode of a macroblock's luma.
    pub(super) fn best_luma16(rows: &[[u8; 16]; 16], edge: &Edge16, terms: &Terms16<'_>, out: &mut Luma16) = best;
}
