//! A 4×4 block of luma: its ten prediction modes are the lanes.
#![allow(unsafe_code)] // Entry of kernels: see `lane_kernel`.

use super::{
    choice::{Quantized, dequantize, signed_levels},
    lanes::{Bytes, Lanes, lane_kernel},
    quantizer::{ERROR_SHIFT, Quantizer},
    rates::Rates,
    tables::MODES4,
    transform,
};

/// What a block is predicted from: four samples to the left from the top down, the one above them, and eight above.
#[derive(Clone, Copy)]
pub(super) struct Edge {
    pub(super) left: [u8; 4],
    pub(super) corner: u8,
    pub(super) top: [u8; 4],
    pub(super) top_right: [u8; 4],
}

/// What a block costs in.
pub(super) struct Terms<'a> {
    pub(super) quantizer: &'a Quantizer,
    pub(super) rates: &'a Rates,
    pub(super) lambda: i16,
}

/// The best of the modes.
#[derive(Default)]
pub(super) struct Block4 {
    pub(super) mode: u8,
    /// Distortion plus weighted rate, that of the mode included.
    pub(super) cost: u16,
    /// In the order of the stream; only those before `end` are set.
    pub(super) levels: [i16; 16],
    pub(super) end: usize,
    /// Reconstructed samples, row by row.
    pub(super) pixels: [[u8; 4]; 4],
}

/// Where the smoothed edge has the sample to the left of the lowest row, as it is, and the mean.
const LAST_LEFT: u8 = 13;
const MEAN: u8 = 14;
/// Nothing of a table.
const NONE: u8 = 0x80;

/// For each sample, and each mode as lane: which entry of the edge smoothed over three samples, over two, and of the
/// gradient it is. The entries of the smoothed edge are in order from the lowest sample on the left, around the corner, to the
/// last above. Source: RFC 6386, section 12.3.
const ENTRIES: [[[u8; 16]; 3]; 16] = {
    let mut entries = [[[NONE; 16]; 3]; 16];
    let mut at = 0;
    while at < 16 {
        let (x, y) = (at as u8 % 4, at as u8 / 4);
        let sample = &mut entries[at];
        sample[0][0] = MEAN;
        sample[2][1] = at as u8;
        // Vertical, horizontal.
        sample[0][2] = 5 + x;
        sample[0][3] = 3 - y;
        // Down right.
        sample[0][4] = 4 + x - y;
        // Vertical right.
        match (x, y) {
            (_, 0) => sample[1][5] = 4 + x,
            (_, 1) => sample[0][5] = 4 + x,
            (0, _) => sample[0][5] = 5 - y,
            (_, 2) => sample[1][5] = 3 + x,
            _ => sample[0][5] = 3 + x,
        }
        // Down left.
        sample[0][6] = 6 + x + y;
        // Vertical left.
        match (x, y) {
            (3, 2) => sample[0][7] = 10,
            (3, 3) => sample[0][7] = 11,
            (_, 0 | 2) => sample[1][7] = 5 + x + y / 2,
            _ => sample[0][7] = 6 + x + y / 2,
        }
        // Horizontal down.
        match (x, y) {
            (2 | 3, 0) => sample[0][8] = 3 + x,
            (0 | 2, _) => sample[1][8] = 3 + x / 2 - y,
            _ => sample[0][8] = 4 + x / 2 - y,
        }
        // Horizontal up.
        match x + 2 * y {
            0 | 2 | 4 => sample[1][9] = 2 - (x + 2 * y) / 2,
            1 | 3 | 5 => sample[0][9] = 2 - (x + 2 * y) / 2,
            _ => sample[0][9] = LAST_LEFT,
        }
        at += 1;
    }
    entries
};

/// The entry before and after each of the thirteen of an edge, which is extended by its ends.
const BEFORE: [u8; 16] = [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, NONE, NONE, NONE];
const HERE: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, NONE, NONE, NONE];
const AFTER: [u8; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12, NONE, NONE, NONE];
/// Left and top samples of each sample's row and column.
const LEFT_OF: [u8; 16] = [3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0];
const TOP_OF: [u8; 16] = [5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8];

/// The samples that each mode predicts.
#[inline(always)]
fn predict<V: Lanes>(edge: &Edge) -> [V; 16] {
    let [left, top, top_right] = [edge.left, edge.top, edge.top_right].map(|four| u64::from(u32::from_le_bytes(four)));
    let low = u64::from((left as u32).swap_bytes()) | u64::from(edge.corner) << 32 | top << 40;
    let around = V::Bytes::from_words(low, top >> 24 | top_right << 8);
    let sum = |four: [u8; 4]| four.into_iter().map(u32::from).sum::<u32>();
    let mean = (sum(edge.left) + sum(edge.top) + 4) >> 3;
    let others = u64::from(edge.left[3]) << 40 | u64::from(mean) << 48;
    let after = around.shuffle(&AFTER);
    let smooth = around.shuffle(&HERE).average3(around.shuffle(&BEFORE), after).or(V::Bytes::from_words(0, others));
    let between = around.average(after);
    let gradient = V::widen(around.shuffle(&LEFT_OF))
        .add(V::widen(around.shuffle(&TOP_OF)))
        .sub(V::splat(edge.corner.into()))
        .narrow();
    let mut samples = [V::splat(0); 16];
    for at in 0..16 {
        let [of_smooth, of_between, of_gradient] = &ENTRIES[at];
        let bytes = smooth.shuffle(of_smooth).or(between.shuffle(of_between)).or(gradient.shuffle(of_gradient));
        samples[at] = V::widen(bytes);
    }
    samples
}

#[inline(always)]
fn best<V: Lanes>(
    source: &[[i16; 16]],
    x: usize,
    edge: &Edge,
    context: i16,
    mode_costs: &[i16; 16],
    terms: &Terms<'_>,
    out: &mut Block4,
) {
    let prediction = predict::<V>(edge);
    let mut residual = prediction;
    for at in 0..16 {
        residual[at] = V::splat(source[at / 4][x + at % 4]).sub(residual[at]);
    }
    let coefficients = transform::forward(&residual);
    let quantized = Quantized::new::<ERROR_SHIFT>(&coefficients, 0, terms.quantizer);
    let choice = quantized.choose(0, V::splat(context), terms.rates, terms.lambda);
    let (cost, mode) = choice.cost.add_saturating(V::load(mode_costs)).minimum();
    let signed = signed_levels(&coefficients, &choice);
    let residual = transform::inverse(&dequantize(&signed, terms.quantizer));

    let mut samples = [[0; 16]; 16];
    for at in 0..16 {
        prediction[at].add(residual[at]).narrow().store(&mut samples[at]);
    }
    let mut levels = [[0; 16]; 16];
    for at in 0..16 {
        signed[at].store(&mut levels[at]);
    }
    let mut ends = [0; 16];
    choice.end.store(&mut ends);
    // Lanes beyond the modes cost the maximum, and the first of equals is taken.
    let lane = mode.min(MODES4 - 1);
    out.mode = lane as u8;
    out.cost = cost;
    out.end = ends[lane] as usize;
    for (to, from) in out.pixels.as_flattened_mut().iter_mut().zip(&samples) {
        *to = from[lane];
    }
    for (to, from) in out.levels.iter_mut().zip(&levels).take(out.end) {
        *to = from[lane];
    }
}

lane_kernel! {
    /// The best mode of the block whose first column is `x` of the four rows of `source`. `context` is how many of its
    /// neighbours above and to the left have coefficients; `mode_costs` has the weighted rate of each mode, and −1, the
    /// maximum, in the lanes beyond them.
    pub(super) fn best_block4(
        source: &[[i16; 16]],
        x: usize,
        edge: &Edge,
        context: i16,
        mode_costs: &[i16; 16],
        terms: &Terms<'_>,
        out: &mut Block4,
    ) = best;
}
