//! Quantized blocks of a component, and which of their coefficients are not zero.

use super::{
    fdct::{self, Block, Divisors},
    frame::{BLOCK, Component},
};
use crate::{
    codec::jpeg::huffman::ZIGZAG,
    error::{LimitError, Result},
    simd::Level,
};

/// Rows of blocks, [`Component::padded_across`] to a row.
#[derive(Default)]
pub(super) struct Coefficients {
    pub(super) blocks: Vec<Block>,
    /// For each block the coefficients that are not zero: bit n is the nth in rows of eight.
    pub(super) masks: Vec<u64>,
}

impl Coefficients {
    pub(super) fn clear(&mut self) {
        self.blocks.clear();
        self.masks.clear();
    }

    /// Adds a row of MCUs from its samples; `real` rows of blocks have part of the image.
    ///
    /// The blocks that only fill an MCU have no frequencies, and the mean of the block before them in the MCU: they cost
    /// least so.
    pub(super) fn push(
        &mut self,
        level: Level,
        component: &Component,
        real: usize,
        (samples, stride): (&[u8], usize),
        divisors: &Divisors,
    ) -> Result<()> {
        let (across, padded) = (component.blocks_across, component.padded_across);
        let start = self.blocks.len();
        let len = start + padded * component.down;
        let memory = |_| LimitError::Memory { bytes: (len * size_of::<Block>()) as u64 };
        self.blocks.try_reserve(len - start).map_err(memory)?;
        self.masks.try_reserve(len - start).map_err(memory)?;
        self.blocks.resize(len, [0; 64]);
        self.masks.resize(len, 0);
        let (blocks, masks) = (&mut self.blocks[start..], &mut self.masks[start..]);
        for y in 0..component.down {
            let row = y * padded;
            if y < real {
                let samples = &samples[y * BLOCK * stride..];
                let filled = row..row + across;
                fdct::forward(level, samples, stride, divisors, &mut blocks[filled.clone()], &mut masks[filled]);
                for x in across..padded {
                    blocks[row + x][0] = blocks[row + x - 1][0];
                }
            } else {
                for x in 0..padded {
                    let last_of_mcu = x / component.across * component.across + component.across - 1;
                    blocks[row + x][0] = blocks[row - padded + last_of_mcu][0];
                }
            }
        }
        Ok(())
    }
}

/// For each four coefficients in rows of eight and each set of them their bits in order of frequency.
const NIBBLES: [[u64; 16]; 16] = {
    let mut nibbles = [[0; 16]; 16];
    let mut at = 0;
    while at < 256 {
        let mut bit = 0;
        while bit < 4 {
            if (at % 16) >> bit & 1 == 1 {
                nibbles[at / 16][at % 16] |= 1 << ZIGZAG[at / 16 * 4 + bit];
            }
            bit += 1;
        }
        at += 1;
    }
    nibbles
};

/// Puts the bits of a mask into the order of frequency.
#[inline(always)]
pub(super) fn zigzag(mask: u64) -> u64 {
    let mut ordered = 0;
    for (at, nibbles) in NIBBLES.iter().enumerate() {
        ordered |= nibbles[(mask >> (4 * at) & 15) as usize];
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::jpeg::huffman::NATURAL;

    #[test]
    fn masks_follow_the_zigzag() {
        for (at, &natural) in NATURAL.iter().enumerate() {
            assert_eq!(zigzag(1 << natural), 1 << at);
        }
        assert_eq!(zigzag(!1), !1);
    }
}
