//! Huffman coding of a sequential scan with tables made for the picture, in one pass over the coefficients.
//!
//! The usual way keeps all coefficients, 128 bytes to a block, counts symbols in a slow first pass over them and codes them
//! in a second. Here each block is turned into its symbols at once, most blocks into a few; they are counted as they
//! come, and kept until the tables are known. Source of the coding: ITU-T T.81, annexes F.1.2 and K.2.

use std::{cmp::Reverse, collections::BinaryHeap, io::Write};

use crate::error::{Error, LimitError};

/// Coefficients of a block in the order of their frequency: the index of each in rows of eight.
pub(super) const NATURAL: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
];

/// The inverse of [`NATURAL`].
const ZIGZAG: [u8; 64] = {
    let mut inverse = [0; 64];
    let mut at = 0;
    while at < 64 {
        inverse[NATURAL[at] as usize] = at as u8;
        at += 1;
    }
    inverse
};

/// Sixteen zeros, and nothing but zeros to the end of the block.
const ZERO_RUN: u32 = 0xf0;
const END_OF_BLOCK: u32 = 0;

/// Largest code length that the format allows.
const MAX_LENGTH: usize = 16;

/// Symbols are kept in pieces of this many, so that growing copies nothing.
const PIECE: usize = 32 * 1024;
/// More than a block can give: 64 coefficients and its end.
const BLOCK_SYMBOLS: usize = 128;

/// Output is written in pieces of about this many bytes.
const BUFFER: usize = 16 * 1024;

/// Tables in the order in which they are written: DC and AC of the first kind of component, then of the second.
const TABLES: usize = 4;
const CLASS_AND_ID: [u8; TABLES] = [0x00, 0x10, 0x01, 0x11];

/// Collects the symbols of a scan, then writes them.
///
/// A kept symbol has the symbol itself in bits 0 to 7, its table in bits 8 and 9, and from bit 16 the magnitude bits that
/// follow its code; the low four bits of the symbol are their number.
pub(super) struct HuffmanCoder {
    /// The component of each block of an MCU, and the first of its tables.
    blocks: Vec<(u8, usize)>,
    last_dc: [i16; 4],
    counts: [[u32; 256]; TABLES],
    pieces: Vec<Vec<u32>>,
    scratch: [u32; BLOCK_SYMBOLS],
}

impl HuffmanCoder {
    /// `membership`: the component (0 to 3) of each block of an MCU, in the order in which blocks will come.
    pub(super) fn new(membership: Vec<u8>) -> Self {
        // In three components the second and third, which are chroma, have tables of their own.
        let chroma = membership.contains(&2) && !membership.contains(&3);
        let tables = |component: u8| if chroma && component > 0 { 2 } else { 0 };
        Self {
            blocks: membership.into_iter().map(|component| (component & 3, tables(component))).collect(),
            last_dc: [0; 4],
            counts: [[0; 256]; TABLES],
            pieces: Vec::new(),
            scratch: [0; BLOCK_SYMBOLS],
        }
    }

    /// Blocks in one MCU.
    pub(super) fn mcu_blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Takes the block at a position of the MCU: 64 quantized coefficients in rows of eight.
    pub(super) fn push(&mut self, position: usize, block: &[i16; 64]) -> Result<(), Error> {
        let (component, dc_table) = self.blocks[position];
        let (component, ac_table) = (usize::from(component), dc_table + 1);
        let mut len = 0;
        let mut keep = |scratch: &mut [u32; BLOCK_SYMBOLS], counts: &mut [u32; 256], table, symbol: u32, bits: u32| {
            counts[(symbol & 0xff) as usize] += 1;
            scratch[len & (BLOCK_SYMBOLS - 1)] = symbol | (table as u32) << 8 | bits << 16;
            len += 1;
        };

        let difference = block[0].wrapping_sub(self.last_dc[component]);
        self.last_dc[component] = block[0];
        let (size, bits) = magnitude(difference);
        keep(&mut self.scratch, &mut self.counts[dc_table], dc_table, size, bits);

        let mut pending = zigzag_mask(block);
        let mut previous = 0;
        let counts = &mut self.counts[ac_table];
        while pending != 0 {
            let at = pending.trailing_zeros();
            pending &= pending - 1;
            let mut run = at - previous - 1;
            previous = at;
            while run > 15 {
                keep(&mut self.scratch, counts, ac_table, ZERO_RUN, 0);
                run -= 16;
            }
            let (size, bits) = magnitude(block[usize::from(NATURAL[at as usize & 63])]);
            keep(&mut self.scratch, counts, ac_table, run << 4 | size, bits);
        }
        if previous < 63 {
            keep(&mut self.scratch, counts, ac_table, END_OF_BLOCK, 0);
        }
        let len = len.min(BLOCK_SYMBOLS);
        match self.pieces.last_mut().filter(|piece| piece.capacity() - piece.len() >= len) {
            Some(piece) => piece.extend_from_slice(&self.scratch[..len]),
            None => self.begin_piece(len)?,
        }
        Ok(())
    }

    /// Begins a new piece with the first symbols of the scratch.
    #[cold]
    fn begin_piece(&mut self, len: usize) -> Result<(), Error> {
        let memory = |_| LimitError::Memory { bytes: (PIECE * size_of::<u32>()) as u64 };
        let mut piece = Vec::new();
        piece.try_reserve_exact(PIECE).map_err(memory)?;
        piece.extend_from_slice(&self.scratch[..len]);
        self.pieces.try_reserve(1).map_err(memory)?;
        self.pieces.push(piece);
        Ok(())
    }

    /// The DHT segments of the tables, and the codes for [`write`](Self::write).
    pub(super) fn tables(&self) -> (Vec<u8>, Codes) {
        let mut segments = Vec::new();
        let mut codes = [[0; 256]; TABLES];
        for (table, counts) in self.counts.iter().enumerate().filter(|(_, counts)| counts.iter().any(|&n| n > 0)) {
            let (lengths, symbols) = optimal_lengths(counts);
            segments.extend([0xff, 0xc4]);
            segments.extend(((2 + 1 + MAX_LENGTH + symbols.len()) as u16).to_be_bytes());
            segments.push(CLASS_AND_ID[table]);
            segments.extend(lengths);
            segments.extend(&symbols);
            let (mut code, mut symbols) = (0u32, symbols.iter());
            for (length, &count) in (1..).zip(&lengths) {
                for &symbol in symbols.by_ref().take(usize::from(count)) {
                    codes[table][usize::from(symbol)] = code << 8 | length;
                    code += 1;
                }
                code <<= 1;
            }
        }
        (segments, codes)
    }

    /// Writes all symbols with the codes that [`tables`](Self::tables) gave.
    pub(super) fn write(&self, codes: &Codes, out: &mut dyn Write) -> std::io::Result<()> {
        let mut buffer = Vec::with_capacity(BUFFER + 16);
        let (mut bits, mut filled) = (0u64, 0u32);
        for &kept in self.pieces.iter().flatten() {
            let code = codes[(kept >> 8 & 3) as usize][(kept & 0xff) as usize];
            let (length, extra) = (code & 0xff, kept & 15);
            bits = bits << (length + extra) | u64::from(code >> 8) << extra | u64::from(kept >> 16);
            filled += length + extra;
            if filled >= 32 {
                filled -= 32;
                stuff(&mut buffer, (bits >> filled) as u32);
                if buffer.len() >= BUFFER {
                    out.write_all(&buffer)?;
                    buffer.clear();
                }
            }
        }
        // The last byte is filled with ones.
        let padding = (8 - filled % 8) % 8;
        bits = bits << padding | ((1 << padding) - 1);
        for byte in (0..(filled + padding) / 8).rev() {
            let byte = (bits >> (8 * byte)) as u8;
            buffer.push(byte);
            if byte == 0xff {
                buffer.push(0);
            }
        }
        out.write_all(&buffer)
    }
}

/// For each table and symbol the code, and in the low eight bits its length.
pub(super) type Codes = [[u32; 256]; TABLES];

/// Appends four bytes, with a zero after each that would else look like a marker.
#[inline]
fn stuff(buffer: &mut Vec<u8>, word: u32) {
    let bytes = word.to_be_bytes();
    // A byte of all ones carries into its neighbour's low bit, or has its own top bit cleared: rarely is it looked at twice.
    if word & 0x8080_8080 & !word.wrapping_add(0x0101_0101) == 0 {
        buffer.extend_from_slice(&bytes);
    } else {
        for byte in bytes {
            buffer.push(byte);
            if byte == 0xff {
                buffer.push(0);
            }
        }
    }
}

/// The number of bits of a value's magnitude, and those bits; the complement for negative values.
#[inline]
fn magnitude(value: i16) -> (u32, u32) {
    let value = i32::from(value);
    let size = 32 - value.unsigned_abs().leading_zeros();
    // Below the least negative value that JPEG has; quantized 8-bit samples never get there.
    let size = size.min(15);
    let bits = (value + (value >> 31)) as u32 & ((1 << size) - 1);
    (size, bits)
}

/// Which AC coefficients are not zero, bit n for the nth in order of frequency.
#[inline]
fn zigzag_mask(block: &[i16; 64]) -> u64 {
    let mut natural = 0u64;
    for (row, values) in block.chunks_exact(8).enumerate() {
        let mut flags = [0u8; 8];
        for (flag, value) in flags.iter_mut().zip(values) {
            *flag = u8::from(*value != 0);
        }
        // Gathers the low bits of eight bytes in the top byte, the first lowest.
        let bits = u64::from_le_bytes(flags).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        natural |= bits << (8 * row);
    }
    natural &= !1;
    let mut mask = 0;
    while natural != 0 {
        mask |= 1 << ZIGZAG[natural.trailing_zeros() as usize & 63];
        natural &= natural - 1;
    }
    mask
}

/// Code lengths by Huffman's procedure, at most [`MAX_LENGTH`]: how many codes there are of each length from 1, and the
/// symbols from the shortest to the longest. As the format wants, no code is all ones.
fn optimal_lengths(counts: &[u32; 256]) -> ([u8; MAX_LENGTH], Vec<u8>) {
    // A symbol that does not occur takes the last of the longest codes.
    const RESERVED: usize = 256;
    const PAIRS: usize = RESERVED + 1;
    // The rarest comes first, of several the one with the highest number; a pair goes by that of its rarer part.
    let counted = counts.iter().map(|&n| u64::from(n)).zip(0..).filter(|(n, _)| *n > 0).chain([(1, RESERVED)]);
    let mut heap: BinaryHeap<_> = counted.map(|(count, symbol)| Reverse((count, Reverse(symbol), symbol))).collect();
    // The two nodes of each pair. Symbols are nodes, pairs are numbered after them.
    let mut pairs: Vec<[usize; 2]> = Vec::with_capacity(RESERVED);
    while let (Some(Reverse((count, by, node))), Some(Reverse((other_count, _, other)))) = (heap.pop(), heap.pop()) {
        heap.push(Reverse((count + other_count, by, PAIRS + pairs.len())));
        pairs.push([node, other]);
    }
    let mut depth = [0usize; 2 * PAIRS];
    for (pair, parts) in pairs.iter().enumerate().rev() {
        parts.iter().for_each(|&part| depth[part] = depth[PAIRS + pair] + 1);
    }
    // Symbols that never occurred were not paired: their length is 0.
    let length = &depth[..PAIRS];
    let longest = length.iter().copied().max().unwrap_or(0).max(MAX_LENGTH);
    let mut of_length = vec![0usize; longest + 1];
    length.iter().filter(|&&length| length > 0).for_each(|&length| of_length[length] += 1);
    // K.2 (figure K.3): a pair of too long codes becomes one of its prefix, and a shorter code is split in two.
    for long in (MAX_LENGTH + 1..=longest).rev() {
        while of_length[long] > 0 {
            let split = (1..long - 1).rev().find(|&shorter| of_length[shorter] > 0).unwrap_or(1);
            of_length[long] -= 2;
            of_length[long - 1] += 1;
            of_length[split + 1] += 2;
            of_length[split] -= 1;
        }
    }
    if let Some(last) = of_length[..=MAX_LENGTH].iter_mut().rev().find(|count| **count > 0) {
        *last -= 1;
    }
    let mut symbols: Vec<u8> = (0..=255).filter(|&symbol| length[usize::from(symbol)] > 0).collect();
    symbols.sort_by_key(|&symbol| length[usize::from(symbol)]);
    (std::array::from_fn(|index| of_length[index + 1] as u8), symbols)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn magnitudes_are_those_of_the_standard() {
        assert_eq!(magnitude(0), (0, 0));
        assert_eq!(magnitude(1), (1, 1));
        assert_eq!(magnitude(-1), (1, 0));
        assert_eq!(magnitude(5), (3, 0b101));
        assert_eq!(magnitude(-5), (3, 0b010));
        assert_eq!(magnitude(i16::MIN).0, 15);
    }

    #[test]
    fn masks_follow_the_zigzag() {
        for (at, &natural) in NATURAL.iter().enumerate().skip(1) {
            let mut block = [0; 64];
            (block[0], block[usize::from(natural)]) = (9, -3);
            assert_eq!(zigzag_mask(&block), 1 << at);
        }
        assert_eq!(zigzag_mask(&[1; 64]), !1);
    }

    #[test]
    fn lengths_are_limited_and_leave_a_code_free() {
        // Counts that double give the longest codes.
        let counts = std::array::from_fn(|symbol| if symbol < 30 { 1 << symbol } else { 0 });
        let (lengths, symbols) = optimal_lengths(&counts);
        assert_eq!(symbols.len(), 30);
        assert_eq!(lengths.iter().map(|&n| usize::from(n)).sum::<usize>(), 30);
        let used: u32 = (1..).zip(&lengths).map(|(length, &n)| u32::from(n) << (16 - length)).sum();
        assert!(used < 1 << 16, "the code of all ones is free");
    }

    #[test]
    fn one_symbol_is_enough() {
        let mut counts = [0; 256];
        counts[7] = 3;
        let (lengths, symbols) = optimal_lengths(&counts);
        assert_eq!((lengths[0], symbols), (1, vec![7]));
    }

    #[test]
    fn bytes_of_ones_are_followed_by_zero() {
        for (word, expected) in [
            (0x0102_0304, vec![1, 2, 3, 4]),
            (0x01ff_02ff, vec![1, 0xff, 0, 2, 0xff, 0]),
            (0xfe80_ff7f, vec![0xfe, 0x80, 0xff, 0, 0x7f]),
            (0xffff_ffff, vec![0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0]),
        ] {
            let mut buffer = Vec::new();
            stuff(&mut buffer, word);
            assert_eq!(buffer, expected);
        }
    }
}
