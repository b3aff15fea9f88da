//! Decoding of the Huffman codes of a sequential scan, block by block.
//!
//! One look-up of [`LOOK`] bits gives a code together with the magnitude bits behind it, when both fit. Source of the
//! coding: ITU-T T.81, annex F.2.2.
//!
//! Bytes are taken from the input in the same portions, and after the same bits, as libjpeg takes them. In a healthy file
//! this makes no difference, but what libjpeg does with a damaged one depends on it, and it must be able to take over
//! between any two MCUs. Whatever is out of the ordinary ends the decoding of the MCU with `None`.

use super::huffman::NATURAL;

/// Bits of one look-up.
const LOOK: u32 = 10;
/// Largest code length that the format allows.
const MAX_LENGTH: usize = 16;

/// How libjpeg takes bytes: [`FAST`] while it has plenty, [`CAREFUL`] when any could be a marker.
pub(super) const FAST: bool = true;
pub(super) const CAREFUL: bool = false;

/// In fast mode six bytes are taken before a code and before magnitude bits when no more than this many bits are left.
const FAST_MARK: u32 = 16;
/// In careful mode bytes are taken before a code when fewer bits than this are left …
const CAREFUL_MARK: u32 = 8;
/// … and then until no fewer than this are.
const CAREFUL_FILL: u32 = 57;

/// Index in rows of eight of each coefficient in order of frequency. Runs in damaged data may lead past the end of the
/// block, by 15: all that is there is the last coefficient, as with libjpeg.
const POSITIONS: [u8; 128] = {
    let mut positions = [63; 128];
    let mut at = 0;
    while at < 64 {
        positions[at] = NATURAL[at];
        at += 1;
    }
    positions
};

/// What [`LOOK`] bits begin with.
///
/// From bit 0: bits to consume (6), coefficients to advance by (5), bits of magnitude (4); from bit 16 the value of the
/// coefficient. Where the magnitude does not fit, the value is 0 and the bits to consume are those of the code. All is 0
/// when the code does not fit.
#[derive(Clone, Copy)]
struct Entry(u32);

impl Entry {
    /// A code for a run of zeros and a size.
    #[inline(always)]
    fn code(length: u32, symbol: u8) -> Self {
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        Self(length | (run + 1) << 6 | size << 11)
    }

    /// The same with the magnitude behind it.
    #[inline(always)]
    fn with_value(self, value: i32) -> Self {
        Self((self.0 + self.size()) | (value as u32) << 16)
    }

    #[inline(always)]
    fn length(self) -> u32 {
        self.0 & 63
    }

    #[inline(always)]
    fn advance(self) -> usize {
        (self.0 >> 6 & 31) as usize
    }

    #[inline(always)]
    fn size(self) -> u32 {
        self.0 >> 11 & 15
    }

    /// Not 0 when the entry is complete.
    #[inline(always)]
    fn value(self) -> i32 {
        self.0 as i32 >> 16
    }

    /// Bits of the code alone, 0 when it does not fit.
    #[inline(always)]
    fn code_length(self) -> u32 {
        if self.value() == 0 { self.length() } else { self.length() - self.size() }
    }
}

/// The one or two coefficients, or the last and the end of the block, that [`LOOK`] bits hold.
///
/// From bit 0: bits to consume (6), those of the first coefficient alone (6), coefficients to advance by to the first (5)
/// and to the second (7, and [`Pair::END`] more when the block ends after the first); from bit 32 the second value, from
/// bit 48 the first. Where there is no second, it is the first once more. All is 0 when there is no complete coefficient.
#[derive(Clone, Copy)]
struct Pair(u64);

impl Pair {
    /// Leads past any block's end.
    const END: usize = 64;

    fn new(first: Entry, second: Entry, second_fits: bool) -> Self {
        let end = second.size() == 0 && second.advance() < 16;
        let (length, advance, value) = match second_fits {
            true if second.value() != 0 => (second.length(), second.advance(), second.value()),
            true if end => (second.length(), Self::END, first.value()),
            _ => (0, 0, first.value()),
        };
        let lengths = u64::from(first.length() + length) | u64::from(first.length()) << 6;
        let advances = (first.advance() | (first.advance() + advance) << 5) as u64;
        Self(lengths | advances << 12 | u64::from(value as u16) << 32 | u64::from(first.value() as u16) << 48)
    }

    #[inline(always)]
    fn length(self) -> u32 {
        (self.0 & 63) as u32
    }

    #[inline(always)]
    fn first_length(self) -> u32 {
        (self.0 >> 6 & 63) as u32
    }

    #[inline(always)]
    fn first_advance(self) -> usize {
        (self.0 >> 12 & 31) as usize
    }

    #[inline(always)]
    fn advance(self) -> usize {
        (self.0 >> 17 & 127) as usize
    }

    /// Not 0 when there is a coefficient.
    #[inline(always)]
    fn first(self) -> i16 {
        (self.0 >> 48) as i16
    }

    #[inline(always)]
    fn second(self) -> i16 {
        (self.0 >> 32) as i16
    }
}

/// A table of AC codes, with two coefficients to a look-up.
pub(super) struct AcTable {
    table: Table,
    pairs: [Pair; 1 << LOOK],
}

impl AcTable {
    /// As for [`Table::new`].
    pub(super) fn new(counts: &[u8; MAX_LENGTH + 1], symbols: &[u8; 256]) -> Option<Self> {
        let table = Table::new(counts, symbols)?;
        let mut pairs = [Pair(0); 1 << LOOK];
        for (bits, (pair, &first)) in pairs.iter_mut().zip(&table.lookup).enumerate() {
            if first.value() != 0 {
                let second = table.lookup[bits << first.length() & ((1 << LOOK) - 1)];
                let fits = second.length() != 0 && first.length() + second.length() <= LOOK;
                *pair = Pair::new(first, second, fits);
            }
        }
        Some(Self { table, pairs })
    }
}

/// One Huffman table made ready for decoding.
pub(super) struct Table {
    lookup: [Entry; 1 << LOOK],
    /// For each length the end of its codes, exclusive, in [`MAX_LENGTH`] bits; 0 when there are none.
    ends: [u32; MAX_LENGTH + 1],
    /// For each length the index of its first symbol less its first code.
    offsets: [u32; MAX_LENGTH + 1],
    symbols: [u8; 256],
}

impl Table {
    /// `counts`: how many codes there are of each length, that of length 0 ignored. `symbols`: from the shortest code to
    /// the longest. `None` when that is no prefix code.
    pub(super) fn new(counts: &[u8; MAX_LENGTH + 1], symbols: &[u8; 256]) -> Option<Self> {
        let mut table = Self {
            lookup: [Entry(0); 1 << LOOK],
            ends: [0; MAX_LENGTH + 1],
            offsets: [0; MAX_LENGTH + 1],
            symbols: *symbols,
        };
        let (mut code, mut index) = (0u32, 0u32);
        for length in 1..=MAX_LENGTH as u32 {
            let count = u32::from(counts[length as usize]);
            table.offsets[length as usize] = index.wrapping_sub(code);
            for symbol in symbols.get(index as usize..(index + count) as usize)? {
                if code >> length != 0 {
                    return None;
                }
                if length <= LOOK {
                    let start = (code << (LOOK - length)) as usize;
                    spread(&mut table.lookup[start..start + (1 << (LOOK - length))], Entry::code(length, *symbol));
                }
                code += 1;
            }
            if count > 0 {
                table.ends[length as usize] = code << (MAX_LENGTH as u32 - length);
            }
            index += count;
            code <<= 1;
        }
        Some(table)
    }

    /// The code that `bits` begin with, when it is longer than [`LOOK`].
    fn search(&self, bits: u64) -> Option<Entry> {
        let bits = (bits >> (64 - MAX_LENGTH)) as u32;
        let length = (LOOK as usize + 1..=MAX_LENGTH).find(|&length| bits < self.ends[length])?;
        Some(self.entry(bits >> (MAX_LENGTH - length), length))
    }

    fn entry(&self, code: u32, length: usize) -> Entry {
        Entry::code(length as u32, self.symbols[(code.wrapping_add(self.offsets[length]) & 0xff) as usize])
    }
}

/// Fills the part of the look-up that begins with a code, with all magnitudes that can follow.
fn spread(part: &mut [Entry], code: Entry) {
    let values = 1usize << code.size();
    if code.size() == 0 || values > part.len() {
        part.fill(code);
        return;
    }
    let each = part.len() / values;
    for (bits, same) in part.chunks_exact_mut(each).enumerate() {
        same.fill(code.with_value(extend(bits as u32, code.size())));
    }
}

/// The value of `size` magnitude bits (1 to 15): those that begin with 0 are the complement of a negative one.
#[inline(always)]
fn extend(bits: u32, size: u32) -> i32 {
    let negative = bits >> (size - 1) == 0;
    bits as i32 - if negative { (1 << size) - 1 } else { 0 }
}

/// Whether a byte is 0xff.
#[inline(always)]
fn has_ff(word: u64) -> bool {
    word & 0x8080_8080_8080_8080 & !word.wrapping_add(0x0101_0101_0101_0101) != 0
}

/// Bits of the entropy-coded segment.
///
/// What is rarely called takes and gives the reader by value: were there pointers to it, it could not stay in registers.
#[derive(Clone, Copy)]
pub(super) struct BitReader<'a> {
    /// The next bit is the top one; below the last there are zeros.
    bits: u64,
    left: u32,
    data: &'a [u8],
    /// The marker that ends the segment, once it was met; then `data` begins behind it.
    marker: u8,
}

impl<'a> BitReader<'a> {
    /// `left` bits (0 to 64) in the low part of `bits`, then those of `data`; `marker`: the one met before `data`, or 0.
    #[inline(always)]
    pub(super) fn new(bits: u64, left: u32, data: &'a [u8], marker: u8) -> Self {
        Self { bits: bits.checked_shl(64 - left.min(64)).unwrap_or(0), left: left.min(64), data, marker }
    }

    /// What a reader is made from.
    #[inline(always)]
    pub(super) fn into_parts(self) -> (u64, u32, &'a [u8], u8) {
        (self.bits.checked_shr(64 - self.left).unwrap_or(0), self.left, self.data, self.marker)
    }

    /// Decodes one block, the coefficients but the first into `block` (in rows of eight, zero before) if there is one.
    /// Gives the difference of the first coefficient to that of the block before.
    #[inline(always)]
    pub(super) fn block<const MODE: bool>(
        &mut self,
        dc: &Table,
        ac: &AcTable,
        block: Option<&mut [i16; 64]>,
    ) -> Option<i32> {
        self.fill_for_code::<MODE>()?;
        let entry = self.peek(dc);
        let difference = match self.consume_complete::<MODE>(entry) {
            Some(value) => value,
            None => self.finish_symbol::<MODE>(entry, dc)?.1,
        };
        match block {
            Some(block) => {
                self.coefficients::<MODE>(ac, |at, value| block[usize::from(POSITIONS[at & 127])] = value)?
            }
            None => self.coefficients::<MODE>(ac, |_, _| ())?,
        }
        Some(difference)
    }

    /// Decodes all coefficients but the first; `put` is given their numbers in order of frequency, and values.
    #[inline(always)]
    fn coefficients<const MODE: bool>(&mut self, ac: &AcTable, mut put: impl FnMut(usize, i16)) -> Option<()> {
        const { assert!(LOOK <= FAST_MARK) };
        let mut at = 0;
        while at < 63 {
            self.fill_for_code::<MODE>()?;
            let pair = ac.pairs[(self.bits >> (64 - LOOK)) as usize];
            // In careful mode it is looked before the second code whether there are bits enough.
            if pair.first() != 0 && (MODE == FAST || pair.length() + CAREFUL_MARK <= self.left) {
                let next = at + pair.advance();
                if next < 63 {
                    put(at + pair.first_advance(), pair.first());
                    put(next, pair.second());
                    self.consume(pair.length());
                    at = next;
                    continue;
                }
                return self.last_coefficients::<MODE>(at, pair, put);
            }
            let entry = self.peek(&ac.table);
            if MODE == CAREFUL
                && let Some(value) = self.consume_complete::<MODE>(entry)
            {
                at += entry.advance();
                put(at, value as i16);
                continue;
            }
            let (symbol, value) = self.finish_symbol::<MODE>(entry, &ac.table)?;
            if symbol.size() > 0 {
                at += symbol.advance();
                put(at, value as i16);
            } else if symbol.advance() == 16 {
                at += 16;
            } else {
                break;
            }
        }
        Some(())
    }

    /// The end of a block: the first of the pair may be its last coefficient, or the second, or what follows the first
    /// says that there are no more.
    #[inline(always)]
    fn last_coefficients<const MODE: bool>(
        &mut self,
        at: usize,
        pair: Pair,
        mut put: impl FnMut(usize, i16),
    ) -> Option<()> {
        let size = |value: i16| 16 - value.unsigned_abs().leading_zeros();
        let first = at + pair.first_advance();
        put(first, pair.first());
        let since_check = if first >= 63 {
            self.consume(pair.first_length());
            size(pair.first())
        } else {
            self.consume(pair.length());
            if pair.advance() < Pair::END {
                put(at + pair.advance(), pair.second());
                size(pair.second())
            } else {
                pair.length() - pair.first_length()
            }
        };
        // Before the last code or magnitude libjpeg has looked whether there are bits enough. Inside a block nothing is
        // missed when this is left to the next look-up.
        if MODE == FAST && self.left + since_check <= FAST_MARK { self.fill::<MODE>() } else { Some(()) }
    }

    #[inline(always)]
    fn peek(&self, table: &Table) -> Entry {
        table.lookup[(self.bits >> (64 - LOOK)) as usize]
    }

    /// The value of a complete entry, if all its bits are there.
    #[inline(always)]
    fn consume_complete<const MODE: bool>(&mut self, entry: Entry) -> Option<i32> {
        if entry.value() != 0 && (MODE == FAST || entry.length() <= self.left) {
            self.consume(entry.length());
            return Some(entry.value());
        }
        None
    }

    #[inline(always)]
    fn consume(&mut self, count: u32) {
        self.bits <<= count & 63;
        self.left -= count;
    }

    /// Consumes code and magnitude where the look-up was not enough. The value is 0 without magnitude.
    #[inline(always)]
    fn finish_symbol<const MODE: bool>(&mut self, entry: Entry, table: &Table) -> Option<(Entry, i32)> {
        let length = entry.code_length();
        let symbol = if length != 0 && length <= self.left {
            self.consume(length);
            entry
        } else if length == 0 && self.left >= MAX_LENGTH as u32 {
            let symbol = table.search(self.bits)?;
            self.consume(symbol.length());
            symbol
        } else {
            let (reader, symbol) = self.code_by_bits(table)?;
            *self = reader;
            symbol
        };
        let size = symbol.size();
        if size == 0 {
            return Some((symbol, 0));
        }
        match MODE {
            FAST if self.left <= FAST_MARK => self.fill::<MODE>()?,
            FAST => (),
            CAREFUL => self.need(size)?,
        }
        let bits = (self.bits >> (64 - size)) as u32;
        self.consume(size);
        Some((symbol, extend(bits, size)))
    }

    /// A code of which not all bits are there, in careful mode: bytes are taken at the bit at which libjpeg takes them.
    #[cold]
    #[inline(never)]
    fn code_by_bits(mut self, table: &Table) -> Option<(Self, Entry)> {
        // Codes of up to eight bits would have been found, unless there are fewer bits before a marker.
        let mut length = if self.left < CAREFUL_MARK { 1 } else { CAREFUL_MARK as usize + 1 };
        self.need(length as u32)?;
        let mut code = (self.bits >> (64 - length)) as u32;
        self.consume(length as u32);
        while code << (MAX_LENGTH - length) >= table.ends[length] {
            length += 1;
            if length > MAX_LENGTH {
                return None;
            }
            self.need(1)?;
            code = code << 1 | (self.bits >> 63) as u32;
            self.consume(1);
        }
        Some((self, table.entry(code, length)))
    }

    /// Makes sure of some bits in careful mode.
    #[inline(always)]
    fn need(&mut self, count: u32) -> Option<()> {
        if self.left < count {
            self.fill::<CAREFUL>()?;
        }
        (self.left >= count).then_some(())
    }

    #[inline(always)]
    fn fill_for_code<const MODE: bool>(&mut self) -> Option<()> {
        let full = if MODE == FAST { self.left > FAST_MARK } else { self.left >= CAREFUL_MARK };
        if full { Some(()) } else { self.fill::<MODE>() }
    }

    /// Takes six bytes, with no more than [`FAST_MARK`] bits left; or as many as there is room for.
    #[inline(always)]
    fn fill<const MODE: bool>(&mut self) -> Option<()> {
        let count = if MODE == FAST { 6 } else { (64 - self.left) / 8 };
        let unused = 64 - 8 * count;
        match self.data.first_chunk() {
            Some(bytes) if count > 0 && (MODE == FAST || self.marker == 0) => {
                let word = u64::from_be_bytes(*bytes) >> unused;
                if !has_ff(word) {
                    self.bits |= word << unused >> self.left;
                    self.left += 8 * count;
                    self.data = &self.data[count as usize..];
                    return Some(());
                }
            }
            _ => (),
        }
        *self = if MODE == FAST { self.fill_fast_by_bytes() } else { self.fill_careful_by_bytes() }?;
        Some(())
    }

    #[cold]
    #[inline(never)]
    fn fill_fast_by_bytes(mut self) -> Option<Self> {
        for _ in 0..6 {
            let (byte, rest) = self.data.split_first()?;
            self.data = rest;
            if *byte == 0xff {
                self.data = self.data.strip_prefix(&[0])?;
            }
            self.push(*byte);
        }
        Some(self)
    }

    /// Stops at a marker.
    #[cold]
    #[inline(never)]
    fn fill_careful_by_bytes(mut self) -> Option<Self> {
        while self.marker == 0 && self.left < CAREFUL_FILL {
            let (byte, rest) = self.data.split_first()?;
            self.data = rest;
            if *byte == 0xff {
                // Any number of them may come before a marker.
                let end = self.data.iter().position(|&byte| byte != 0xff)?;
                self.marker = self.data[end];
                self.data = &self.data[end + 1..];
                if self.marker != 0 {
                    break;
                }
            }
            self.push(*byte);
        }
        Some(self)
    }

    fn push(&mut self, byte: u8) {
        self.bits |= u64::from(byte) << (56 - self.left);
        self.left += 8;
    }
}

#[cfg(test)]
mod tests;
