//! The scans of a progressive file. Source: ITU-T T.81, annex G; which scans there are is as libjpeg has it.

use super::{
    coefficients::{Coefficients, zigzag},
    fdct::Block,
    frame::{Component, Frame, Scan},
    symbols::{Symbols, kept, kept_bits, magnitude},
};
use crate::{
    codec::jpeg::huffman::NATURAL,
    error::{LimitError, Result},
};

/// Sixteen zeros.
const ZERO_RUN: u32 = 0xf0;
/// Blocks without more coefficients that one symbol can stand for.
const MAX_END_RUN: u32 = 0x7fff;
/// Correction bits that libjpeg has room for; it ends a run of blocks when there may not be enough for another block.
const CORRECTION_ROOM: u32 = 1000;

/// Low bits that scans leave out, at most: masks are kept for each number of them.
const MAX_LOW: usize = 2;

/// What the scans look at, for each block of a component.
struct Significance {
    /// For each number of low bits left out the coefficients that are not zero, bit n for the nth in order of frequency.
    masks: Vec<[u64; MAX_LOW + 1]>,
}

impl Significance {
    fn new(coefficients: &Coefficients) -> Result<Self> {
        let mut masks = Vec::new();
        let bytes = (coefficients.masks.len() * size_of::<[u64; MAX_LOW + 1]>()) as u64;
        masks.try_reserve_exact(coefficients.masks.len()).map_err(|_| LimitError::Memory { bytes })?;
        masks.extend(coefficients.masks.iter().zip(&coefficients.blocks).map(|(&mask, block)| {
            let all = zigzag(mask);
            let mut significant = [all, 0, 0];
            let mut pending = all;
            while pending != 0 {
                let at = pending.trailing_zeros();
                pending &= pending - 1;
                let value = coefficient(block, at).unsigned_abs();
                significant[1] |= u64::from(value >= 2) << at;
                significant[2] |= u64::from(value >= 4) << at;
            }
            significant
        }));
        Ok(Self { masks })
    }
}

/// The coefficient that is the nth in order of frequency.
#[inline(always)]
fn coefficient(block: &Block, at: u32) -> i32 {
    block[usize::from(NATURAL[at as usize & 63])].into()
}

/// All coefficients of a frame.
pub(super) struct Progressive<'a> {
    frame: &'a Frame,
    coefficients: &'a [Coefficients],
    significance: Vec<Significance>,
}

impl<'a> Progressive<'a> {
    pub(super) fn new(frame: &'a Frame, coefficients: &'a [Coefficients]) -> Result<Self> {
        let significance = coefficients.iter().map(Significance::new).collect::<Result<_>>()?;
        Ok(Self { frame, coefficients, significance })
    }

    /// The scans in the order in which they are written.
    pub(super) fn scans(&self) -> Vec<Scan<'static>> {
        const ALL: [usize; 4] = [0, 1, 2, 3];
        let scan = |components, (start, end), (high, low)| Scan { components, start, end, high, low };
        let all = &ALL[..self.frame.components.len()];
        let (y, cb, cr) = (&ALL[..1], &ALL[1..2], &ALL[2..3]);
        if all.len() == 3 {
            return vec![
                scan(all, (0, 0), (0, 1)),
                scan(y, (1, 5), (0, 2)),
                scan(cr, (1, 63), (0, 1)),
                scan(cb, (1, 63), (0, 1)),
                scan(y, (6, 63), (0, 2)),
                scan(y, (1, 63), (2, 1)),
                scan(all, (0, 0), (1, 0)),
                scan(cr, (1, 63), (1, 0)),
                scan(cb, (1, 63), (1, 0)),
                scan(y, (1, 63), (1, 0)),
            ];
        }
        let each = |band, bits| ALL.chunks(1).take(all.len()).map(move |component| scan(component, band, bits));
        let mut scans = vec![scan(all, (0, 0), (0, 1))];
        scans.extend(each((1, 5), (0, 2)));
        scans.extend(each((6, 63), (0, 2)));
        scans.extend(each((1, 63), (2, 1)));
        scans.push(scan(all, (0, 0), (1, 0)));
        scans.extend(each((1, 63), (1, 0)));
        scans
    }

    /// Adds the symbols of one scan.
    pub(super) fn push(&self, scan: &Scan<'_>, symbols: &mut Symbols) -> Result<()> {
        match (scan.components, scan.start) {
            (_, 0) => self.push_means(scan, symbols),
            (&[index], _) => self.push_band(index, scan, symbols),
            _ => Ok(()),
        }
    }

    /// DC coefficients. Scans of several components go by MCUs, scans of one by blocks of the image.
    fn push_means(&self, scan: &Scan<'_>, symbols: &mut Symbols) -> Result<()> {
        let mut last = [0; 4];
        let mut push = |component: &Component, last: &mut i32, block: &Block| {
            let value = i32::from(block[0]) >> scan.low;
            if scan.high > 0 {
                return symbols.push(kept_bits(1, (value & 1) as u32));
            }
            let (size, bits) = magnitude(value - *last);
            *last = value;
            symbols.push(kept(component.slot() as u32, size, size, bits))
        };
        if let &[index] = scan.components {
            let component = &self.frame.components[index];
            return self.blocks_of(index).try_for_each(|(block, _)| push(component, &mut last[0], block));
        }
        for y in 0..self.frame.mcus_down {
            for x in 0..self.frame.mcus_across {
                for (&index, last) in scan.components.iter().zip(&mut last) {
                    let component = &self.frame.components[index];
                    for row in 0..component.down {
                        let at = (y * component.down + row) * component.padded_across + x * component.across;
                        let blocks = &self.coefficients[index].blocks[at..at + component.across];
                        blocks.iter().try_for_each(|block| push(component, last, block))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The blocks of a component that have part of the image.
    fn blocks_of(&self, index: usize) -> impl Iterator<Item = (&Block, &[u64; MAX_LOW + 1])> {
        let component = &self.frame.components[index];
        let (padded, across) = (component.padded_across, component.blocks_across);
        let rows = self.coefficients[index].blocks.chunks_exact(padded);
        let masks = self.significance[index].masks.chunks_exact(padded);
        rows.zip(masks)
            .take(component.blocks_down)
            .flat_map(move |(blocks, masks)| blocks[..across].iter().zip(&masks[..across]))
    }

    fn push_band(&self, index: usize, scan: &Scan<'_>, symbols: &mut Symbols) -> Result<()> {
        let slot = self.frame.components[index].slot() as u32 + 1;
        let mut band = Band {
            slot,
            start: scan.start.into(),
            end: scan.end.into(),
            low: scan.low.into(),
            ended: 0,
            corrections: Bits::default(),
        };
        let within = u64::MAX << scan.start & u64::MAX >> (63 - scan.end);
        let (low, high) = (usize::from(scan.low).min(MAX_LOW), usize::from(scan.high).min(MAX_LOW));
        for (block, masks) in self.blocks_of(index) {
            let significant = masks[low] & within;
            if scan.high == 0 {
                band.first(block, significant, symbols)?;
            } else {
                band.refine(block, significant, masks[high] & within, symbols)?;
            }
        }
        band.end_run(symbols)
    }
}

/// The state of a scan of AC coefficients.
struct Band {
    slot: u32,
    start: u32,
    end: u32,
    low: u32,
    /// Blocks that have no more coefficients and are not written yet.
    ended: u32,
    /// The correction bits of these blocks.
    corrections: Bits,
}

impl Band {
    /// A block of the first scan of its band.
    #[inline]
    fn first(&mut self, block: &Block, significant: u64, symbols: &mut Symbols) -> Result<()> {
        if significant != 0 {
            self.end_run(symbols)?;
        }
        let mut pending = significant;
        let mut next = self.start;
        while pending != 0 {
            let at = pending.trailing_zeros();
            pending &= pending - 1;
            let mut run = at - next;
            next = at + 1;
            while run > 15 {
                symbols.push(kept(self.slot, ZERO_RUN, 0, 0))?;
                run -= 16;
            }
            // Bits are left out of the magnitude.
            let value = coefficient(block, at);
            let value = (value.abs() >> self.low) * value.signum();
            let (size, bits) = magnitude(value);
            symbols.push(kept(self.slot, run << 4 | size, size, bits))?;
        }
        if next <= self.end {
            self.ended += 1;
            if self.ended == MAX_END_RUN {
                self.end_run(symbols)?;
            }
        }
        Ok(())
    }

    /// A block of a scan that gives one more bit. `known` are the coefficients that an earlier scan gave, which get a
    /// correction bit each.
    #[inline]
    fn refine(&mut self, block: &Block, significant: u64, known: u64, symbols: &mut Symbols) -> Result<()> {
        let last_new = (significant & !known).checked_ilog2();
        let mut pending = significant;
        let (mut next, mut run) = (self.start, 0);
        let mut corrections = BlockBits::default();
        while pending != 0 {
            let at = pending.trailing_zeros();
            pending &= pending - 1;
            run += at - next;
            next = at + 1;
            // Runs after the last new coefficient are part of the end of the block.
            while run > 15 && last_new.is_some_and(|last| at <= last) {
                self.end_run(symbols)?;
                symbols.push(kept(self.slot, ZERO_RUN, 0, 0))?;
                run -= 16;
                corrections.write(symbols)?;
            }
            let value = coefficient(block, at);
            if known >> at & 1 == 1 {
                corrections.push(value.unsigned_abs() >> self.low & 1);
                continue;
            }
            self.end_run(symbols)?;
            symbols.push(kept(self.slot, run << 4 | 1, 1, u32::from(value > 0)))?;
            corrections.write(symbols)?;
            run = 0;
        }
        if run > 0 || corrections.count > 0 || next <= self.end {
            self.ended += 1;
            self.corrections.append(corrections);
            if self.ended == MAX_END_RUN || self.corrections.count > CORRECTION_ROOM - 63 {
                self.end_run(symbols)?;
            }
        }
        Ok(())
    }

    /// Writes the blocks that have no more coefficients, and their correction bits.
    #[inline]
    fn end_run(&mut self, symbols: &mut Symbols) -> Result<()> {
        if self.ended == 0 {
            return Ok(());
        }
        let size = self.ended.ilog2();
        symbols.push(kept(self.slot, size << 4, size, self.ended & ((1 << size) - 1)))?;
        self.ended = 0;
        self.corrections.write(symbols)
    }
}

/// Bits of one block that wait to be written, at most 63; the last that came is the lowest.
#[derive(Default, Clone, Copy)]
struct BlockBits {
    bits: u64,
    count: u32,
}

impl BlockBits {
    #[inline(always)]
    const fn push(&mut self, bit: u32) {
        self.bits = self.bits << 1 | bit as u64;
        self.count += 1;
    }

    #[inline]
    fn write(&mut self, symbols: &mut Symbols) -> Result<()> {
        while self.count > 0 {
            let count = self.count.min(16);
            self.count -= count;
            symbols.push(kept_bits(count, (self.bits >> self.count) as u32 & ((1 << count) - 1)))?;
        }
        Ok(())
    }
}

/// The same of many blocks.
#[derive(Default)]
struct Bits {
    blocks: Vec<BlockBits>,
    count: u32,
}

impl Bits {
    fn append(&mut self, block: BlockBits) {
        if block.count == 0 {
            return;
        }
        self.count += block.count;
        match self.blocks.last_mut().filter(|last| last.count + block.count <= u64::BITS) {
            Some(last) => {
                *last = BlockBits { bits: last.bits << block.count | block.bits, count: last.count + block.count }
            }
            None => self.blocks.push(block),
        }
    }

    fn write(&mut self, symbols: &mut Symbols) -> Result<()> {
        self.count = 0;
        self.blocks.drain(..).try_for_each(|mut block| block.write(symbols))
    }
}
