//! The loop over macroblocks: prediction, choice of modes, and tokens.

use std::collections::TryReserveError;

use super::{
    analysis::Segments,
    chroma::{Chroma, ChromaTerms, Edge8, best_chroma},
    header::{self, Macroblock},
    luma4::{Block4, Edge, Terms, best_block4},
    luma16::{DC, Edge16, FORBIDDEN, Luma16, TRUE_MOTION, Terms16, VERTICAL, best_luma16},
    planes::{Source, Yuv420},
    probabilities,
    quantizer::Quantizers,
    rates::{self, Rates},
    tables::{MODES4, Probabilities},
    tokens::{CHROMA, LUMA, LUMA_AFTER_FIRST, Recorder, SECOND_ORDER, first_of},
};
use crate::simd::Level;

/// Samples outside the image: above, and to the left.
const ABOVE: u8 = 127;
const LEFT: u8 = 129;

/// What has been coded of the macroblock above, or to the left.
#[derive(Clone, Copy, Default)]
struct Neighbour {
    /// Which of the four blocks of luma at the common side have coefficients; the first in the lowest bit.
    luma: u8,
    /// The two of U, then of V.
    chroma: u8,
    second_order: u8,
    /// Modes of the four blocks.
    modes: [u8; 4],
}

/// Weighted rates of modes.
struct ModeCosts {
    /// By the modes above and to the left; −1 in the lanes beyond the modes.
    blocks: Box<[[[i16; 16]; MODES4]; MODES4]>,
    luma: [u32; 4],
    luma_by_blocks: u32,
    chroma: [u32; 4],
}

/// Calls its argument with the probability and the value of each decision that codes something.
type Visit<'a> = dyn Fn(&mut dyn FnMut(u8, bool)) + 'a;

impl ModeCosts {
    fn new(lambda: i16) -> Self {
        let weighted = |cost: u32| cost * lambda as u32 * rates::BIT / 256;
        let of = |visit: &Visit<'_>| {
            let mut cost = 0;
            visit(&mut |probability, bit| cost += rates::decision(probability, bit));
            weighted(cost)
        };
        let mut blocks = Box::new([[[-1; 16]; MODES4]; MODES4]);
        for (above, blocks) in blocks.iter_mut().enumerate() {
            for (left, costs) in blocks.iter_mut().enumerate() {
                for (mode, cost) in costs[..MODES4].iter_mut().enumerate() {
                    *cost = of(&|step| header::block_mode(mode as u8, above as u8, left as u8, step)) as i16;
                }
            }
        }
        Self {
            blocks,
            luma: [0, 1, 2, 3].map(|mode| of(&|step| header::luma_mode(Some(mode), step))),
            luma_by_blocks: of(&|step| header::luma_mode(None, step)),
            chroma: [0, 1, 2, 3].map(|mode| of(&|step| header::chroma_mode(mode, step))),
        }
    }
}

/// Bits of the first partition, which large images have to share: a macroblock gets its part and what those before left.
struct Budget {
    /// In bits.
    total: u64,
    spent: u64,
    macroblocks: u64,
    coded: u64,
}

/// What a macroblock's modes can cost, in bits: with a mode for each block, and with two modes for all.
const MOST_BITS: u64 = 200;
const WHOLE_BITS: u64 = 10;
/// Bits of segment and skipping, which are the entropy of the map at most.
const MAP_BITS: u64 = 3;
/// Bits for the frame header.
const HEADER_BITS: u64 = 16 << 10;

impl Budget {
    fn new(macroblocks: usize) -> Self {
        let total = header::MAX_FIRST_PARTITION as u64 * 8 - HEADER_BITS;
        Self { total, spent: 0, macroblocks: macroblocks as u64, coded: 0 }
    }

    /// Bits that the next macroblock may spend.
    fn allowed(&self) -> u64 {
        (self.total * (self.coded + 1) / self.macroblocks).saturating_sub(self.spent)
    }

    fn spend(&mut self, macroblock: &Macroblock) {
        let mut cost = 0;
        let mut step = |probability, bit| cost += u64::from(rates::decision(probability, bit));
        header::luma_mode(macroblock.luma, &mut step);
        header::chroma_mode(macroblock.chroma, &mut step);
        self.spent += cost.div_ceil(256) + MAP_BITS + if macroblock.luma.is_none() { MOST_BITS } else { 0 };
        self.coded += 1;
    }
}

/// What an image of many macroblocks has to do without, to have room for their modes.
pub(super) fn has_room_for_segments(macroblocks: usize) -> bool {
    macroblocks as u64 * 16 < Budget::new(macroblocks).total
}

fn has_room_for_skipping(macroblocks: usize) -> bool {
    macroblocks as u64 * 8 < Budget::new(macroblocks).total
}

/// Rates of the four kinds of blocks.
struct AllRates([Rates; 4]);

impl AllRates {
    fn new(probabilities: &Probabilities) -> Self {
        Self([0, 1, 2, 3].map(|kind| Rates::new(probabilities, kind, first_of(kind))))
    }
}

/// Where the reconstructed samples go, for the loop filter and tests.
pub(super) trait Sink {
    fn macroblock(&mut self, x: usize, y: usize, luma: &[[u8; 16]; 16], chroma: &[[[u8; 8]; 8]; 2]);
}

impl Sink for () {
    fn macroblock(&mut self, _: usize, _: usize, _: &[[u8; 16]; 16], _: &[[[u8; 8]; 8]; 2]) {}
}

/// How the frame is searched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search {
    /// Distortion, in the squared luma step / 1024, that is worth 1/8 bit.
    pub(super) lambda: i16,
    /// Whether all four modes of whole macroblocks are tried, or two.
    pub(super) all_modes: bool,
    /// Whether blocks of a macroblock may have modes of their own.
    pub(super) blocks: bool,
    /// A macroblock's blocks are given up after a row of them whose share of the cost is this many 1/16 of that of the whole.
    pub(super) pace: u32,
    /// Whether the frame is coded twice, the second time with the rates of the first.
    pub(super) twice: bool,
    /// Rows of macroblocks after which rates are brought up to date.
    pub(super) refresh: usize,
}

/// A coded frame, but for probabilities.
pub(super) struct Coded {
    pub(super) macroblocks: Vec<Macroblock>,
    pub(super) recorder: Recorder,
    pub(super) rows: Vec<Box<[u16]>>,
}

struct Encoder<'a> {
    level: Level,
    search: &'a Search,
    mode_costs: ModeCosts,
    rates: AllRates,
    recorder: Recorder,
    budget: Budget,
    /// Whether macroblocks without coefficients are marked.
    skipping: bool,
    /// Bottom rows of the macroblocks above.
    above_luma: Vec<[u8; 16]>,
    above_chroma: Vec<[[u8; 8]; 2]>,
    above: Vec<Neighbour>,
    /// Right columns of the macroblock to the left, and the samples above them.
    left_luma: [u8; 16],
    left_chroma: [[u8; 8]; 2],
    left: Neighbour,
    luma_corner: u8,
    chroma_corner: [u8; 2],
}

/// `count` copies of a value.
pub(super) fn filled<T: Clone>(value: T, count: usize) -> Result<Vec<T>, TryReserveError> {
    let mut values = Vec::new();
    values.try_reserve_exact(count)?;
    values.resize(count, value);
    Ok(values)
}

/// Codes all macroblocks. Rates are at first those of the frame coded before, if there is one.
pub(super) fn code(
    level: Level,
    planes: &Yuv420<'_>,
    segments: &Segments,
    quantizers: &[Quantizers],
    search: &Search,
    before: Option<&Coded>,
    sink: &mut impl Sink,
) -> Result<Coded, TryReserveError> {
    let (columns, rows) = planes.macroblocks();
    let mut macroblocks = Vec::new();
    macroblocks.try_reserve_exact(columns * rows)?;
    let mut coded_rows = Vec::new();
    coded_rows.try_reserve_exact(rows)?;
    let mut encoder = Encoder {
        level,
        search,
        mode_costs: ModeCosts::new(search.lambda),
        rates: AllRates::new(&match before {
            Some(before) => *probabilities::estimated(before.recorder.counts()),
            None => super::tables::DEFAULT_PROBABILITIES,
        }),
        recorder: Recorder::new(),
        budget: Budget::new(columns * rows),
        skipping: has_room_for_skipping(columns * rows),
        above_luma: filled([ABOVE; 16], columns)?,
        above_chroma: filled([[ABOVE; 8]; 2], columns)?,
        above: filled(Neighbour::default(), columns)?,
        left_luma: [LEFT; 16],
        left_chroma: [[LEFT; 8]; 2],
        left: Neighbour::default(),
        luma_corner: ABOVE,
        chroma_corner: [ABOVE; 2],
    };
    let mut source = Source::default();
    for y in 0..rows {
        encoder.begin_row(y);
        for x in 0..columns {
            encoder.recorder.reserve()?;
            planes.macroblock(x, y, &mut source);
            let segment = segments.map[y * columns + x];
            macroblocks.push(encoder.macroblock(&source, x, y, segment, &quantizers[usize::from(segment)], sink));
        }
        coded_rows.push(encoder.recorder.take_row()?);
        if before.is_none() && (y + 1) % search.refresh == 0 {
            encoder.rates = AllRates::new(&probabilities::estimated(encoder.recorder.counts()));
        }
    }
    Ok(Coded { macroblocks, recorder: encoder.recorder, rows: coded_rows })
}

/// The luma of a macroblock as blocks with modes of their own.
struct Blocks {
    modes: u64,
    levels: [[i16; 16]; 16],
    ends: [u8; 16],
    pixels: [[u8; 16]; 16],
}

impl Encoder<'_> {
    fn begin_row(&mut self, y: usize) {
        self.left_luma = [LEFT; 16];
        self.left_chroma = [[LEFT; 8]; 2];
        self.left = Neighbour::default();
        let corner = if y > 0 { LEFT } else { ABOVE };
        self.luma_corner = corner;
        self.chroma_corner = [corner; 2];
    }

    fn macroblock(
        &mut self,
        source: &Source,
        x: usize,
        y: usize,
        segment: u8,
        quantizers: &Quantizers,
        sink: &mut impl Sink,
    ) -> Macroblock {
        let mut whole = Luma16::default();
        self.whole_luma(source, x, y, quantizers, &mut whole);
        let try_blocks = self.search.blocks && self.budget.allowed() >= MOST_BITS;
        let blocks = try_blocks.then(|| self.blocks(source, x, quantizers, whole.cost)).flatten();
        let mut chroma = Chroma::default();
        self.chroma(source, x, y, quantizers, &mut chroma);

        let has_levels = match &blocks {
            Some(blocks) => blocks.ends != [0; 16],
            None => whole.second_order_end > 0 || whole.ends != [0; 16],
        } || chroma.ends[..8] != [0; 8];
        let macroblock = Macroblock {
            segment,
            luma: if blocks.is_some() { None } else { Some(whole.mode) },
            blocks: blocks.as_ref().map_or(0, |blocks| blocks.modes),
            chroma: chroma.mode,
            skipped: self.skipping && !has_levels,
        };
        self.budget.spend(&macroblock);
        let pixels = blocks.as_ref().map_or(&whole.pixels, |blocks| &blocks.pixels);
        self.record(x, &macroblock, &whole, blocks.as_deref(), &chroma);
        self.remember(x, pixels, &chroma.pixels);
        sink.macroblock(x, y, pixels, &chroma.pixels);
        macroblock
    }

    /// Costs of the modes that are tried: all, or DC and `second`; when few bits are left, DC alone, which is the cheapest.
    fn allowed(&self, costs: [u32; 4], second: u8) -> [u32; 4] {
        let has_bits = self.budget.allowed() >= WHOLE_BITS + MAP_BITS;
        let is_tried = |mode: u8| mode == DC || has_bits && (self.search.all_modes || mode == second);
        [0, 1, 2, 3].map(|mode: u8| if is_tried(mode) { costs[usize::from(mode)] } else { FORBIDDEN })
    }

    fn whole_luma(&self, source: &Source, x: usize, y: usize, quantizers: &Quantizers, out: &mut Luma16) {
        let top = &self.above_luma[x];
        let sum = |samples: &[u8; 16]| samples.iter().map(|&sample| u32::from(sample)).sum::<u32>();
        let mean = match (x > 0, y > 0) {
            (true, true) => (sum(top) + sum(&self.left_luma) + 16) >> 5,
            (true, false) => (sum(&self.left_luma) + 8) >> 4,
            (false, true) => (sum(top) + 8) >> 4,
            (false, false) => 128,
        };
        let edge = Edge16 { top: *top, left: self.left_luma, corner: self.luma_corner, mean: mean as u8 };
        let above = &self.above[x];
        let terms = Terms16 {
            quantizers,
            rates: &self.rates.0[LUMA_AFTER_FIRST],
            second_order_rates: &self.rates.0[SECOND_ORDER],
            lambda: self.search.lambda,
            mode_costs: self.allowed(self.mode_costs.luma, TRUE_MOTION),
            top_levels: above.luma,
            left_levels: self.left.luma,
            second_order_context: i16::from(above.second_order + self.left.second_order),
        };
        best_luma16(self.level, &source.luma, &edge, &terms, out);
    }

    /// `None` as soon as it costs more than the macroblock as a whole.
    fn blocks(&self, source: &Source, x: usize, quantizers: &Quantizers, limit: u32) -> Option<Box<Blocks>> {
        let mut wide = [[0_i16; 16]; 16];
        for (to, &from) in wide.as_flattened_mut().iter_mut().zip(source.luma.as_flattened()) {
            *to = from.into();
        }
        // The samples with a border: a row above, a column to the left, and four to the right, which repeat those above.
        const LEFT_BORDER: usize = 8;
        let mut bordered = [[0_u8; 32]; 17];
        bordered[0][LEFT_BORDER - 1] = self.luma_corner;
        bordered[0][LEFT_BORDER..][..16].copy_from_slice(&self.above_luma[x]);
        let right: [u8; 4] = match self.above_luma.get(x + 1) {
            Some(next) => [next[0], next[1], next[2], next[3]],
            // The samples above the first row, or the last one above repeated.
            None => [self.above_luma[x][15]; 4],
        };
        for row in [0, 4, 8, 12] {
            bordered[row][LEFT_BORDER + 16..][..4].copy_from_slice(&right);
        }
        for (row, &left) in bordered[1..].iter_mut().zip(&self.left_luma) {
            row[LEFT_BORDER - 1] = left;
        }
        let terms = Terms { quantizer: &quantizers.luma, rates: &self.rates.0[LUMA], lambda: self.search.lambda };
        let (above, left) = (&self.above[x], &self.left);
        let (mut above_modes, mut left_modes) = (above.modes, left.modes);
        let (mut above_levels, mut left_levels) = (above.luma, left.luma);
        let mut blocks = Box::new(Blocks { modes: 0, levels: [[0; 16]; 16], ends: [0; 16], pixels: [[0; 16]; 16] });
        let mut cost = self.mode_costs.luma_by_blocks;
        let mut block = Block4::default();
        for at in 0..16 {
            let (column, row) = (at % 4, at / 4);
            let first = LEFT_BORDER + column * 4;
            let four = |row: usize, first: usize| {
                let row = &bordered[row];
                [row[first], row[first + 1], row[first + 2], row[first + 3]]
            };
            let edge = Edge {
                left: [1, 2, 3, 4].map(|y| bordered[row * 4 + y][first - 1]),
                corner: bordered[row * 4][first - 1],
                top: four(row * 4, first),
                top_right: four(row * 4, first + 4),
            };
            let context = i16::from(above_levels >> column & 1) + i16::from(left_levels >> row & 1);
            let mode_costs = &self.mode_costs.blocks[usize::from(above_modes[column])][usize::from(left_modes[row])];
            best_block4(self.level, &wide[row * 4..][..4], column * 4, &edge, context, mode_costs, &terms, &mut block);
            cost += u32::from(block.cost);
            if cost >= limit || column == 3 && self.is_behind(cost, limit, row as u32 + 1) {
                return None;
            }
            (above_modes[column], left_modes[row]) = (block.mode, block.mode);
            let has_levels = u8::from(block.end > 0);
            above_levels = above_levels & !(1 << column) | has_levels << column;
            left_levels = left_levels & !(1 << row) | has_levels << row;
            blocks.modes |= u64::from(block.mode) << (at * 4);
            blocks.levels[at] = block.levels;
            blocks.ends[at] = block.end as u8;
            for (y, four) in block.pixels.iter().enumerate() {
                bordered[row * 4 + y + 1][first..first + 4].copy_from_slice(four);
            }
        }
        for (to, from) in blocks.pixels.iter_mut().zip(&bordered[1..]) {
            to.copy_from_slice(&from[LEFT_BORDER..][..16]);
        }
        Some(blocks)
    }

    /// Whether the blocks of so many rows cost too much for there to be hope that all of them cost less than `limit`.
    fn is_behind(&self, cost: u32, limit: u32, rows: u32) -> bool {
        u64::from(cost) * 64 > u64::from(limit) * u64::from(rows * self.search.pace)
    }

    fn chroma(&self, source: &Source, x: usize, y: usize, quantizers: &Quantizers, out: &mut Chroma) {
        let sum = |samples: &[u8; 8]| samples.iter().map(|&sample| u32::from(sample)).sum::<u32>();
        let edges = [0, 1].map(|plane| {
            let (top, left) = (&self.above_chroma[x][plane], &self.left_chroma[plane]);
            let mean = match (x > 0, y > 0) {
                (true, true) => (sum(top) + sum(left) + 8) >> 4,
                (true, false) => (sum(left) + 4) >> 3,
                (false, true) => (sum(top) + 4) >> 3,
                (false, false) => 128,
            };
            Edge8 { top: *top, left: *left, corner: self.chroma_corner[plane], mean: mean as u8 }
        });
        let terms = ChromaTerms {
            quantizer: &quantizers.chroma,
            rates: &self.rates.0[CHROMA],
            lambda: self.search.lambda,
            mode_costs: self.allowed(self.mode_costs.chroma, VERTICAL),
            top_levels: self.above[x].chroma,
            left_levels: self.left.chroma,
        };
        best_chroma(self.level, &source.chroma, &edges, &terms, out);
    }

    /// Records the tokens, and what neighbours have to know of them.
    fn record(&mut self, x: usize, macroblock: &Macroblock, whole: &Luma16, blocks: Option<&Blocks>, chroma: &Chroma) {
        let (above, left) = (&mut self.above[x], &mut self.left);
        for at in 0..4 {
            above.modes[at] = macroblock.block(12 + at);
            left.modes[at] = macroblock.block(at * 4 + 3);
        }
        if macroblock.skipped {
            (above.luma, above.chroma, left.luma, left.chroma) = (0, 0, 0, 0);
            if macroblock.luma.is_some() {
                (above.second_order, left.second_order) = (0, 0);
            }
            return;
        }
        if let Some(blocks) = blocks {
            for (at, levels) in blocks.levels.iter().enumerate() {
                let end = usize::from(blocks.ends[at]);
                let context = context_of(&mut above.luma, &mut left.luma, at % 4, at / 4, end);
                self.recorder.block(LUMA, context, end, |place| levels[place]);
            }
        } else {
            let context = usize::from(above.second_order + left.second_order);
            let end = whole.second_order_end;
            self.recorder.block(SECOND_ORDER, context, end, |place| whole.second_order[place]);
            (above.second_order, left.second_order) = (u8::from(end > 0), u8::from(end > 0));
            for (at, &end) in whole.ends.iter().enumerate() {
                let context = context_of(&mut above.luma, &mut left.luma, at % 4, at / 4, end as usize);
                self.recorder.block(LUMA_AFTER_FIRST, context, end as usize, |place| whole.levels[place][at]);
            }
        }
        for (at, &end) in chroma.ends[..8].iter().enumerate() {
            let (plane, column, row) = (at / 4, at % 2, at / 2 % 2);
            let (column, row) = (plane * 2 + column, plane * 2 + row);
            let context = context_of(&mut above.chroma, &mut left.chroma, column, row, end as usize);
            self.recorder.block(CHROMA, context, end as usize, |place| chroma.levels[place][at]);
        }
    }

    /// Keeps the samples that macroblocks below and to the right are predicted from.
    fn remember(&mut self, x: usize, luma: &[[u8; 16]; 16], chroma: &[[[u8; 8]; 8]; 2]) {
        self.luma_corner = self.above_luma[x][15];
        self.above_luma[x] = luma[15];
        for (left, row) in self.left_luma.iter_mut().zip(luma) {
            *left = row[15];
        }
        for (plane, rows) in chroma.iter().enumerate() {
            self.chroma_corner[plane] = self.above_chroma[x][plane][7];
            self.above_chroma[x][plane] = rows[7];
            for (left, row) in self.left_chroma[plane].iter_mut().zip(rows) {
                *left = row[7];
            }
        }
    }
}

/// How many of the blocks above and to the left have coefficients; notes whether this one has.
#[inline(always)]
fn context_of(above: &mut u8, left: &mut u8, column: usize, row: usize, end: usize) -> usize {
    let context = (*above >> column & 1) + (*left >> row & 1);
    let has_levels = u8::from(end > 0);
    *above = *above & !(1 << column) | has_levels << column;
    *left = *left & !(1 << row) | has_levels << row;
    context.into()
}

/// The mode outside the image.
const _: () = assert!(DC == 0, "neighbours outside the image have mode 0");
