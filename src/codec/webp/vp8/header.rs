//! The frame header and the modes of macroblocks: all but the coefficients. Source: RFC 6386, sections 9 and 19.

use std::collections::TryReserveError;

use super::{
    bool_encoder::{BoolEncoder, Decision, decision},
    luma16::{DC, HORIZONTAL, TRUE_MOTION, VERTICAL},
    probabilities::of_counts,
    tables::{DEFAULT_PROBABILITIES, MODE4_PROBABILITIES, Probabilities, UPDATE_PROBABILITIES},
};

/// Parts of an image that have a quantiser and a filter of their own.
pub(super) const SEGMENTS: usize = 4;

/// How a macroblock is coded.
#[derive(Clone, Copy)]
pub(super) struct Macroblock {
    pub(super) segment: u8,
    /// Mode of all of luma, or `None` when its blocks have modes of their own.
    pub(super) luma: Option<u8>,
    /// Modes of the blocks, 4 bits each, the first in the lowest.
    pub(super) blocks: u64,
    pub(super) chroma: u8,
    /// Whether it has no coefficients.
    pub(super) skipped: bool,
}

impl Macroblock {
    /// Mode of a block, or the one of the whole macroblock: they have the same numbers.
    pub(super) fn block(&self, at: usize) -> u8 {
        self.luma.unwrap_or((self.blocks >> (at * 4) & 15) as u8)
    }
}

/// The loop filter's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Filter {
    /// Strength of each segment, 0 to 63.
    pub(super) levels: [u8; SEGMENTS],
    /// 0 to 7.
    pub(super) sharpness: u8,
}

/// What the header says of the whole frame.
pub(super) struct Frame<'a> {
    pub(super) macroblocks: &'a [Macroblock],
    /// Macroblocks in a row.
    pub(super) columns: usize,
    pub(super) quantizers: [u8; SEGMENTS],
    pub(super) filter: Filter,
    pub(super) probabilities: &'a Probabilities,
    /// Partitions of coefficients, as a power of two.
    pub(super) partition_bits: u8,
}

/// Probabilities of luma and chroma modes of whole macroblocks. Source: RFC 6386, section 11.2.
const BLOCK_MODES: u8 = 145;
const LUMA_MODE: [u8; 3] = [156, 163, 128];
const CHROMA_MODE: [u8; 3] = [142, 114, 183];

/// The decisions that say how the luma of a macroblock is predicted.
pub(super) fn luma_mode(mode: Option<u8>, mut step: impl FnMut(u8, bool)) {
    step(BLOCK_MODES, mode.is_some());
    let Some(mode) = mode else { return };
    let later = matches!(mode, TRUE_MOTION | HORIZONTAL);
    step(LUMA_MODE[0], later);
    if later { step(LUMA_MODE[2], mode == TRUE_MOTION) } else { step(LUMA_MODE[1], mode == VERTICAL) }
}

pub(super) fn chroma_mode(mode: u8, mut step: impl FnMut(u8, bool)) {
    for (at, not) in [DC, VERTICAL, HORIZONTAL].into_iter().enumerate() {
        step(CHROMA_MODE[at], mode != not);
        if mode == not {
            return;
        }
    }
}

/// The decisions of a 4×4 mode, by those above and to the left.
pub(super) fn block_mode(mode: u8, above: u8, left: u8, mut step: impl FnMut(u8, bool)) {
    let probabilities = &MODE4_PROBABILITIES[usize::from(above)][usize::from(left)];
    // DC, gradient, vertical.
    for at in 0..3 {
        step(probabilities[usize::from(at)], mode != at);
        if mode == at {
            return;
        }
    }
    // Horizontal, down right and vertical right; then the rest.
    let rest = mode >= 6;
    step(probabilities[3], rest);
    let (mut candidate, mut node, last) = if rest { (6, 6, 9) } else { (3, 4, 5) };
    while candidate < last {
        step(probabilities[node], mode != candidate);
        if mode == candidate {
            return;
        }
        (candidate, node) = (candidate + 1, node + 1);
    }
}

/// Whether the header is worth having segments.
fn has_segments(frame: &Frame<'_>) -> bool {
    frame.quantizers.iter().any(|&index| index != frame.quantizers[0])
        || frame.filter.levels.iter().any(|&level| level != frame.filter.levels[0])
}

/// Decisions collected before they are coded.
#[derive(Default)]
struct Bits(Vec<Decision>);

impl Bits {
    fn flag(&mut self, bit: bool) {
        self.0.push(decision(128, bit));
    }

    fn number(&mut self, value: u8, bits: u32) {
        for at in (0..bits).rev() {
            self.flag(value >> at & 1 == 1);
        }
    }

    /// A flag that there is a number, the number, and its sign, which is never negative here.
    fn optional(&mut self, value: u8, bits: u32) {
        self.flag(true);
        self.number(value, bits);
        self.flag(false);
    }
}

/// The first partition.
pub(super) fn partition(frame: &Frame<'_>) -> Result<Vec<u8>, TryReserveError> {
    let mut bits = Bits::default();
    // Colour space as specified, samples clamped by the decoder.
    bits.flag(false);
    bits.flag(false);
    let segments = has_segments(frame);
    let mut counts = [0_u32; SEGMENTS];
    for macroblock in frame.macroblocks {
        counts[usize::from(macroblock.segment)] += 1;
    }
    let segment_probabilities = [
        of_counts(counts[0] + counts[1], counts[2] + counts[3]),
        of_counts(counts[0], counts[1]),
        of_counts(counts[2], counts[3]),
    ];
    bits.flag(segments);
    if segments {
        // A map and values of the segments, which are absolute.
        bits.flag(true);
        bits.flag(true);
        bits.flag(true);
        frame.quantizers.iter().for_each(|&index| bits.optional(index, 7));
        frame.filter.levels.iter().for_each(|&level| bits.optional(level, 6));
        for probability in segment_probabilities {
            bits.flag(true);
            bits.number(probability, 8);
        }
    }
    // The normal filter; a level of 0 would turn it off for all segments.
    bits.flag(false);
    bits.number(frame.filter.levels.into_iter().max().unwrap_or(0), 6);
    bits.number(frame.filter.sharpness, 3);
    bits.flag(false);
    bits.number(frame.partition_bits, 2);
    bits.number(frame.quantizers[0], 7);
    // No differences of the quantisers of other kinds of coefficients.
    for _ in 0..5 {
        bits.flag(false);
    }
    // Probabilities are not kept for a frame after this one.
    bits.flag(false);
    let flat = |probabilities: &Probabilities| probabilities.as_flattened().as_flattened().as_flattened().to_vec();
    let new = flat(frame.probabilities);
    for ((new, old), update) in new.into_iter().zip(flat(&DEFAULT_PROBABILITIES)).zip(flat(&UPDATE_PROBABILITIES)) {
        bits.0.push(decision(update, new != old));
        if new != old {
            bits.number(new, 8);
        }
    }
    let skipped = frame.macroblocks.iter().filter(|macroblock| macroblock.skipped).count() as u32;
    let skip = of_counts(frame.macroblocks.len() as u32 - skipped, skipped);
    bits.flag(skipped > 0);
    if skipped > 0 {
        bits.number(skip, 8);
    }
    let mut encoder = BoolEncoder::new();
    let outside = [Macroblock { segment: 0, luma: Some(DC), blocks: 0, chroma: DC, skipped: false }];
    for (y, row) in frame.macroblocks.chunks(frame.columns).enumerate() {
        for (x, macroblock) in row.iter().enumerate() {
            if segments {
                let [high, low] = [macroblock.segment >> 1, macroblock.segment & 1];
                bits.0.push(decision(segment_probabilities[0], high == 1));
                bits.0.push(decision(segment_probabilities[1 + usize::from(high)], low == 1));
            }
            if skipped > 0 {
                bits.0.push(decision(skip, macroblock.skipped));
            }
            luma_mode(macroblock.luma, |probability, bit| bits.0.push(decision(probability, bit)));
            if macroblock.luma.is_none() {
                let above = if y > 0 { &frame.macroblocks[(y - 1) * frame.columns + x] } else { &outside[0] };
                let left = if x > 0 { &row[x - 1] } else { &outside[0] };
                for at in 0..16 {
                    let above = if at < 4 { above.block(at + 12) } else { macroblock.block(at - 4) };
                    let left = if at % 4 == 0 { left.block(at + 3) } else { macroblock.block(at - 1) };
                    block_mode(macroblock.block(at), above, left, |probability, bit| {
                        bits.0.push(decision(probability, bit));
                    });
                }
            }
            chroma_mode(macroblock.chroma, |probability, bit| bits.0.push(decision(probability, bit)));
        }
        encoder.encode(&bits.0)?;
        bits.0.clear();
    }
    Ok(encoder.finish())
}

/// The bytes before the first partition.
pub(super) const TAG: usize = 10;

/// Bytes that the first partition may have: its size has 19 bits.
pub(super) const MAX_FIRST_PARTITION: usize = (1 << 19) - 1;
/// Bytes that another partition may have, but for the last: its size has 24 bits.
pub(super) const MAX_PARTITION: usize = (1 << 24) - 1;

/// What stands before the partitions: a key frame that is shown, of version 0.
pub(super) fn tag(width: u32, height: u32, first_partition: usize) -> [u8; TAG] {
    let bits = (first_partition as u32) << 5 | 1 << 4;
    let [a, b, c, _] = bits.to_le_bytes();
    let ([w, x, ..], [h, y, ..]) = (width.to_le_bytes(), height.to_le_bytes());
    [a, b, c, 0x9d, 0x01, 0x2a, w, x, h, y]
}
