//! The one scan of a sequential file. Source: ITU-T T.81, F.1.2.
#![allow(unsafe_code)] // For the calls that `at_level` makes.

use super::{
    coefficients::{Coefficients, zigzag},
    fdct::Block,
    frame::Frame,
    symbols::{Counts, Kept, ROOM, Symbols, kept, magnitude},
};
use crate::{
    codec::jpeg::huffman::NATURAL,
    error::Result,
    simd::{Level, at_level},
};

/// Sixteen zeros, and nothing but zeros to the end of the block.
const ZERO_RUN: u32 = 0xf0;
const END_OF_BLOCK: u32 = 0;

/// Turns rows of MCUs into symbols.
pub(super) struct Sequential {
    /// The last DC coefficient of each component.
    last_dc: Vec<i16>,
}

impl Sequential {
    pub(super) fn new(frame: &Frame) -> Self {
        Self { last_dc: vec![0; frame.components.len()] }
    }

    /// Adds the symbols of one row of MCUs, which is all that `coefficients` have.
    pub(super) fn push(
        &mut self,
        level: Level,
        frame: &Frame,
        coefficients: &[Coefficients],
        symbols: &mut Symbols,
    ) -> Result<()> {
        let mut result = Ok(());
        push_row(level, frame, coefficients, &mut self.last_dc, symbols, &mut result);
        result
    }
}

at_level! {
    /// Adds the symbols of one row of MCUs.
    fn push_row(
        frame: &Frame,
        coefficients: &[Coefficients],
        last_dc: &mut [i16],
        symbols: &mut Symbols,
        result: &mut Result<()>,
    ) {
        for mcu in 0..frame.mcus_across {
            for ((component, coefficients), last_dc) in frame.components.iter().zip(coefficients).zip(&mut *last_dc) {
                for y in 0..component.down {
                    let at = y * component.padded_across + mcu * component.across;
                    let blocks = at..at + component.across;
                    let (blocks, masks) = (&coefficients.blocks[blocks.clone()], &coefficients.masks[blocks]);
                    for (block, &mask) in blocks.iter().zip(masks) {
                        match symbols.room() {
                            Ok((room, counts)) => {
                                let count = code_block(block, mask, component.slot() as u32, last_dc, room, counts);
                                symbols.advance(count);
                            }
                            Err(error) => {
                                *result = Err(error);
                                return;
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Writes the symbols of a block whose `mask` says which coefficients are not zero; gives their number.
#[inline(always)]
fn code_block(
    block: &Block,
    mask: u64,
    dc_slot: u32,
    last_dc: &mut i16,
    room: &mut [Kept; ROOM],
    counts: &mut Counts,
) -> usize {
    let mut len = 0;
    let mut keep = |slot: u32, symbol: u32, size: u32, bits: u32| {
        counts[(slot << 8 | symbol) as usize & (counts.len() - 1)] += 1;
        room[len & (ROOM - 1)] = kept(slot, symbol, size, bits);
        len += 1;
    };
    let difference = i32::from(block[0]) - i32::from(*last_dc);
    *last_dc = block[0];
    let (size, bits) = magnitude(difference);
    keep(dc_slot, size, size, bits);

    let slot = dc_slot + 1;
    let mut pending = zigzag(mask & !1);
    let mut previous = 0;
    while pending != 0 {
        let at = pending.trailing_zeros();
        pending &= pending - 1;
        let mut run = at - previous - 1;
        previous = at;
        while run > 15 {
            keep(slot, ZERO_RUN, 0, 0);
            run -= 16;
        }
        let (size, bits) = magnitude(i32::from(block[usize::from(NATURAL[at as usize & 63])]));
        keep(slot, run << 4 | size, size, bits);
    }
    if previous < 63 {
        keep(slot, END_OF_BLOCK, 0, 0);
    }
    len
}
