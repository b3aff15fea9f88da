//! Symbols of a scan: counted as they come, kept until the Huffman tables are known, then written.
#![allow(unsafe_code)] // For the calls that `at_level` makes.

use std::io::Write;

use super::super::huffman::{HuffmanTable, SLOTS};
use crate::{
    error::{LimitError, OutputError, Result},
    simd::{Level, at_level},
};

/// A kept symbol: from bit 0 the symbol itself, from bit 8 the slot of its table, from bit 11 the number of bits that
/// follow its code, from bit 16 those bits.
pub(super) type Kept = u32;

/// The slot of bits that no code stands before.
const NO_CODE: u32 = SLOTS as u32;
/// Symbols and slots together: the low bits of what is kept.
const CODES: usize = 8 << 8;
const CODE_MASK: u32 = CODES as u32 - 1;

/// A symbol with `length` bits after its code.
#[inline(always)]
pub(super) const fn kept(slot: u32, symbol: u32, length: u32, bits: u32) -> Kept {
    symbol | slot << 8 | length << 11 | bits << 16
}

/// Bits alone, at most 16.
#[inline(always)]
pub(super) const fn kept_bits(length: u32, bits: u32) -> Kept {
    kept(NO_CODE, 0, length, bits)
}

/// Symbols are kept in pieces of this many, so that growing copies nothing.
const PIECE: usize = 32 * 1024;

/// Most symbols that [`Symbols::room`] can be filled with at a time.
pub(super) const ROOM: usize = 128;

/// Bytes are handed on in pieces of about this size.
const BUFFER: usize = 32 * 1024;

/// How often each symbol of each slot occurs.
pub(super) type Counts = [u32; CODES];

/// The symbols of a scan.
pub(super) struct Symbols {
    pieces: Vec<Vec<Kept>>,
    /// Symbols in each piece, all but the last being full.
    filled: Vec<usize>,
    /// The piece that is being filled.
    current: usize,
    pub(super) counts: Box<Counts>,
}

impl Symbols {
    pub(super) fn new() -> Self {
        Self { pieces: Vec::new(), filled: Vec::new(), current: 0, counts: Box::new([0; CODES]) }
    }

    /// Where the next symbols are written, and the counts to keep; [`advance`](Self::advance) says how many they were.
    #[inline(always)]
    pub(super) fn room(&mut self) -> Result<(&mut [Kept; ROOM], &mut Counts)> {
        if self.filled.get(self.current).is_none_or(|filled| PIECE - filled < ROOM) {
            self.begin_piece()?;
        }
        let start = self.filled[self.current];
        match self.pieces[self.current][start..].first_chunk_mut() {
            Some(room) => Ok((room, &mut self.counts)),
            None => Err(LimitError::Memory { bytes: ROOM as u64 }.into()),
        }
    }

    /// The first `count` symbols of the room were written.
    #[inline(always)]
    pub(super) fn advance(&mut self, count: usize) {
        self.filled[self.current] += count.min(ROOM);
    }

    #[cold]
    fn begin_piece(&mut self) -> Result<()> {
        if !self.filled.is_empty() {
            self.current += 1;
        }
        if self.current == self.pieces.len() {
            self.pieces.try_reserve(1).map_err(|_| LimitError::Memory { bytes: size_of::<Vec<Kept>>() as u64 })?;
            self.pieces.push(crate::image::zeroed(PIECE)?);
        }
        self.filled.push(0);
        Ok(())
    }

    /// Adds one symbol.
    #[inline]
    pub(super) fn push(&mut self, symbol: Kept) -> Result<()> {
        let (room, counts) = self.room()?;
        room[0] = symbol;
        counts[(symbol & CODE_MASK) as usize] += 1;
        self.advance(1);
        Ok(())
    }

    /// Forgets all symbols and counts.
    pub(super) fn clear(&mut self) {
        self.forget_symbols();
        self.counts.fill(0);
    }

    fn forget_symbols(&mut self) {
        self.filled.clear();
        self.current = 0;
    }

    /// The best table of each slot that has symbols.
    pub(super) fn optimal_tables(&self) -> [Option<HuffmanTable>; SLOTS] {
        std::array::from_fn(|slot| {
            let counts = self.counts[slot << 8..].first_chunk()?;
            HuffmanTable::optimal(counts)
        })
    }

    /// Writes the symbols to a scan and forgets them.
    pub(super) fn write_to(&mut self, scan: &mut ScanWriter, level: Level, out: &mut dyn Write) -> Result<()> {
        for (piece, &filled) in self.pieces.iter().zip(&self.filled) {
            // A symbol has at most 16 bits of code and 16 after it; each byte may get a zero after it.
            for symbols in piece[..filled].chunks(BUFFER / 8) {
                append(level, symbols, &scan.codes, &mut scan.bits, &mut scan.bytes);
                scan.flush_above(BUFFER, out)?;
            }
        }
        self.forget_symbols();
        Ok(())
    }
}

/// Turns symbols into the bytes of a scan.
pub(super) struct ScanWriter {
    codes: Box<Counts>,
    bits: BitBuffer,
    bytes: Vec<u8>,
}

impl ScanWriter {
    /// Symbols of slots without a table are written as the bits after them alone.
    pub(super) fn new<'t>(tables: impl IntoIterator<Item = (usize, &'t HuffmanTable)>) -> Result<Self> {
        let mut codes = Box::new([0; CODES]);
        for (slot, table) in tables {
            if let Some(codes) = codes[slot << 8..].first_chunk_mut() {
                table.codes(codes);
            }
        }
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(3 * BUFFER).map_err(|_| LimitError::Memory { bytes: 3 * BUFFER as u64 })?;
        Ok(Self { codes, bits: BitBuffer::default(), bytes })
    }

    fn flush_above(&mut self, len: usize, out: &mut dyn Write) -> Result<()> {
        if self.bytes.len() >= len {
            out.write_all(&self.bytes).map_err(|error| OutputError::Write(error.to_string()))?;
            self.bytes.clear();
        }
        Ok(())
    }

    /// Fills the last byte with ones.
    pub(super) fn finish(mut self, out: &mut dyn Write) -> Result<()> {
        self.bits.finish(&mut self.bytes);
        self.flush_above(0, out)
    }
}

/// Bits that do not fill four bytes yet.
#[derive(Debug, Default, Clone, Copy)]
struct BitBuffer {
    /// The last that came are the lowest.
    bits: u64,
    /// Fewer than 32.
    count: u32,
}

impl BitBuffer {
    #[inline(always)]
    fn push(&mut self, bits: u64, count: u32, bytes: &mut Vec<u8>) {
        self.bits = self.bits << count | bits;
        self.count += count;
        if self.count >= 32 {
            self.count -= 32;
            stuff(bytes, (self.bits >> self.count) as u32);
        }
    }

    fn finish(&mut self, bytes: &mut Vec<u8>) {
        let padding = (8 - self.count % 8) % 8;
        let bits = self.bits << padding | ((1 << padding) - 1);
        for byte in (0..(self.count + padding) / 8).rev() {
            let byte = (bits >> (8 * byte)) as u8;
            bytes.push(byte);
            if byte == 0xff {
                bytes.push(0);
            }
        }
    }
}

at_level! {
    /// Appends the codes of symbols and the bits after them.
    fn append(symbols: &[Kept], codes: &Counts, bits: &mut BitBuffer, bytes: &mut Vec<u8>) {
        let mut buffer = *bits;
        bytes.reserve(8 * symbols.len());
        for &symbol in symbols {
            let code = codes[(symbol & CODE_MASK) as usize];
            let (length, extra) = (code & 0xff, symbol >> 11 & 31);
            buffer.push(u64::from(code >> 8) << extra | u64::from(symbol >> 16), length + extra, bytes);
        }
        *bits = buffer;
    }
}

/// Appends four bytes, with a zero after each that would look like a marker.
#[inline(always)]
fn stuff(buffer: &mut Vec<u8>, word: u32) {
    let bytes = word.to_be_bytes();
    // Adding one clears the top bit of a byte of all ones. A carry into a neighbour can only send it the slow way.
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
#[inline(always)]
pub(super) fn magnitude(value: i32) -> (u32, u32) {
    let size = 32 - value.unsigned_abs().leading_zeros();
    (size, (value + (value >> 31)) as u32 & ((1 << size) - 1))
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
        assert_eq!(magnitude(-2047), (11, 0));
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

    #[test]
    fn symbols_are_written_in_order_over_many_pieces() {
        let count = 3 * PIECE + 5;
        for level in Level::all() {
            let mut symbols = Symbols::new();
            for round in 0..2 {
                (0..count).for_each(|at| symbols.push(kept_bits(16, at as u32 & 0x7f7f)).unwrap());
                let mut out = Vec::new();
                let mut scan = ScanWriter::new([]).unwrap();
                symbols.write_to(&mut scan, level, &mut out).unwrap();
                scan.finish(&mut out).unwrap();
                let expected: Vec<u8> = (0..count).flat_map(|at| (at as u16 & 0x7f7f).to_be_bytes()).collect();
                assert!(out == expected, "{level:?} round {round}");
                assert_eq!(symbols.counts[(NO_CODE << 8) as usize], count as u32);
                symbols.clear();
            }
        }
    }
}
