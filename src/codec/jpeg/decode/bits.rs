//! Bits of entropy-coded data, taken from the bytes in the same portions as libjpeg takes them. In a healthy file the
//! portions make no difference, but what is made of a damaged one depends on them.

use super::{
    report::{Report, Stop},
    segments::Segments,
    source::Source,
    tables::{Entry, MAX_LENGTH, Table, extend},
};

/// Bytes are taken before a code when fewer bits than this are left …
const MARK: u32 = 8;
/// … and then until no fewer than this are.
const FILL: u32 = 57;

/// While there is plenty, bytes are taken before a code and before a magnitude when no more bits than this are left …
const HASTY_MARK: u32 = 16;
/// … and then so many bytes.
const HASTY_BYTES: u32 = 6;

/// Everything that the decoding of a scan reads from and reports to.
pub(super) struct Stream<'s, 'a> {
    pub(super) source: &'s mut Source<'a>,
    pub(super) segments: &'s mut Segments,
    pub(super) report: &'s mut Report,
}

/// A symbol of a scan that adds bits.
pub(super) struct Refinement {
    /// Coefficients to pass that are still zero.
    pub(super) run: u32,
    /// 1 or −1 for a coefficient that is no longer zero, or 0.
    pub(super) value: i32,
}

/// Bits taken and not used yet.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bits {
    /// The next bit is the top one; below the last there are zeros.
    buffer: u64,
    left: u32,
    /// The segment ended before its data; what is read on is zeros.
    pub(super) insufficient: bool,
}

impl Bits {
    /// Gives the unused bits back before a restart; how many whole bytes they were is counted.
    pub(super) fn discard(&mut self, segments: &mut Segments) {
        segments.discarded += u64::from(self.left / 8);
        (self.buffer, self.left) = (0, 0);
    }

    /// Takes more bytes. At the end of the segment there are as many zeros as `wanted`, and more.
    #[inline(always)]
    fn fill(&mut self, stream: &mut Stream<'_, '_>, wanted: u32) -> Result<(), Stop> {
        if stream.segments.unread == 0
            && self.left < FILL
            && let Some(word) = stream.source.window().first_chunk::<8>()
        {
            let word = u64::from_be_bytes(*word);
            if !has_ff(word) {
                let bytes = (FILL + 7 - self.left) / 8;
                let fresh = if bytes == 8 { word } else { word & !(u64::MAX >> (8 * bytes)) };
                self.buffer |= fresh >> self.left;
                self.left += 8 * bytes;
                stream.source.advance(bytes as usize);
                return Ok(());
            }
        }
        self.aside(|bits| bits.fill_carefully(stream, wanted))
    }

    /// Does something rare with a copy: what is never passed by reference stays in registers.
    #[inline(always)]
    fn aside<T>(&mut self, rare: impl FnOnce(&mut Self) -> T) -> T {
        let mut copy = *self;
        let result = rare(&mut copy);
        *self = copy;
        result
    }

    #[cold]
    #[inline(never)]
    fn fill_carefully(&mut self, stream: &mut Stream<'_, '_>, wanted: u32) -> Result<(), Stop> {
        while stream.segments.unread == 0 && self.left < FILL {
            let mut byte = stream.source.byte(stream.report)?;
            if byte == 0xff {
                while byte == 0xff {
                    byte = stream.source.byte(stream.report)?;
                }
                if byte != 0 {
                    stream.segments.unread = byte;
                    break;
                }
                byte = 0xff;
            }
            self.buffer |= u64::from(byte) << (56 - self.left);
            self.left += 8;
        }
        if stream.segments.unread != 0 && wanted > self.left {
            if !self.insufficient {
                self.insufficient = true;
                stream.report.warn(|| "Corrupt JPEG data: premature end of data segment".to_owned())?;
            }
            self.left = FILL;
        }
        Ok(())
    }

    #[inline(always)]
    fn need(&mut self, stream: &mut Stream<'_, '_>, count: u32) -> Result<(), Stop> {
        if self.left < count { self.fill(stream, count) } else { Ok(()) }
    }

    #[inline(always)]
    fn consume(&mut self, count: u32) {
        self.buffer <<= count & 63;
        self.left -= count;
    }

    /// The next `count` bits, 1 to 16.
    #[inline(always)]
    pub(super) fn take(&mut self, stream: &mut Stream<'_, '_>, count: u32) -> Result<u32, Stop> {
        self.need(stream, count)?;
        let bits = (self.buffer >> (64 - count)) as u32;
        self.consume(count);
        Ok(bits)
    }

    /// As many of the next bits as are at hand, but no more than `most` and one at least, with the first one on top, and
    /// their number.
    #[inline(always)]
    pub(super) fn take_some(&mut self, stream: &mut Stream<'_, '_>, most: u32) -> Result<(u64, u32), Stop> {
        self.need(stream, 1)?;
        let count = most.min(self.left);
        let bits = self.buffer & !u64::MAX.checked_shr(count).unwrap_or(0);
        self.buffer = self.buffer.checked_shl(count).unwrap_or(0);
        self.left -= count;
        Ok((bits, count))
    }

    /// The next symbol and its magnitude: run, size, and value of a coefficient, 0 without magnitude.
    #[inline(always)]
    pub(super) fn symbol(&mut self, stream: &mut Stream<'_, '_>, table: &Table) -> Result<(u32, u32, i32), Stop> {
        if self.left < MARK {
            self.fill(stream, 0)?;
        }
        let entry = table.look(self.buffer);
        if entry.value() != 0 && entry.length() <= self.left {
            // The code is no longer than 8 bits, or as many bits more are there as it takes.
            self.consume(entry.length());
            return Ok((entry.run(), entry.size(), entry.value()));
        }
        let symbol = self.finish_code(stream, table, entry)?;
        let value = match symbol.size() {
            0 => 0,
            size => extend(self.take(stream, size)?, size),
        };
        Ok((symbol.run(), symbol.size(), value))
    }

    /// The same as libjpeg does it while there is plenty of data: bad codes are not reported, and a marker is followed by
    /// zeros. `ended` says that there was one, so that all has to be read anew.
    #[inline(always)]
    pub(super) fn hasty_symbol(
        &mut self,
        stream: &mut Stream<'_, '_>,
        table: &Table,
        ended: &mut bool,
    ) -> (u32, u32, i32) {
        self.hasty_fill(stream, ended);
        let entry = table.look(self.buffer);
        let length = entry.code_length();
        let symbol = match length {
            0 => table.search(self.buffer),
            _ => Some(entry),
        };
        self.consume(match (length, symbol) {
            (0, Some(symbol)) => symbol.length(),
            (0, None) => MAX_LENGTH + 1,
            _ => length,
        });
        let symbol = symbol.unwrap_or(Entry::NOTHING);
        let size = symbol.size();
        if size == 0 {
            return (symbol.run(), 0, 0);
        }
        self.hasty_fill(stream, ended);
        let bits = (self.buffer >> (64 - size)) as u32;
        self.consume(size);
        (symbol.run(), size, extend(bits, size))
    }

    #[inline(always)]
    fn hasty_fill(&mut self, stream: &mut Stream<'_, '_>, ended: &mut bool) {
        if self.left > HASTY_MARK {
            return;
        }
        for _ in 0..HASTY_BYTES {
            let byte = match *stream.source.window() {
                [0xff, 0, ..] => {
                    stream.source.advance(2);
                    0xff
                }
                [0xff, ..] | [] => {
                    *ended = true;
                    0
                }
                [byte, ..] => {
                    stream.source.advance(1);
                    byte
                }
            };
            self.buffer |= u64::from(byte) << (56 - self.left);
            self.left += 8;
        }
    }

    /// The next bits, 63 at most, if so many are at hand: the first one on top.
    #[inline(always)]
    pub(super) fn take_at_hand(&mut self, count: u32) -> Option<u64> {
        if count > self.left {
            return None;
        }
        let bits = self.buffer & !u64::MAX.wrapping_shr(count);
        self.consume(count);
        Some(bits)
    }

    /// The next symbol of a scan that adds bits, and the sign of the coefficient that it brings.
    #[inline(always)]
    pub(super) fn refinement(&mut self, stream: &mut Stream<'_, '_>, table: &Table) -> Result<Refinement, Stop> {
        if self.left < MARK {
            self.fill(stream, 0)?;
        }
        let entry = table.look(self.buffer);
        if entry.size() == 1 && entry.value() != 0 && entry.length() <= self.left {
            self.consume(entry.length());
            return Ok(Refinement { run: entry.run(), value: entry.value() });
        }
        let symbol = self.finish_code(stream, table, entry)?;
        let value = match symbol.size() {
            0 => 0,
            size => {
                if size != 1 {
                    stream.report.warn(|| "Corrupt JPEG data: bad Huffman code".to_owned())?;
                }
                extend(self.take(stream, 1)?, 1)
            }
        };
        Ok(Refinement { run: symbol.run(), value })
    }

    #[inline(always)]
    fn finish_code(&mut self, stream: &mut Stream<'_, '_>, table: &Table, entry: Entry) -> Result<Entry, Stop> {
        let length = entry.code_length();
        if length != 0 && length <= self.left {
            self.consume(length);
            return Ok(entry);
        }
        if self.left >= MAX_LENGTH
            && let Some(symbol) = table.search(self.buffer)
        {
            self.consume(symbol.length());
            return Ok(symbol);
        }
        self.aside(|bits| bits.code_by_bits(stream, table))
    }

    /// Reads a code bit by bit where the bits at hand do not hold it, or are none.
    #[cold]
    #[inline(never)]
    fn code_by_bits(&mut self, stream: &mut Stream<'_, '_>, table: &Table) -> Result<Entry, Stop> {
        // While at least 8 bits are there, libjpeg asks for 9 at once.
        let mut length = if self.left < MARK { 1 } else { MARK + 1 };
        self.need(stream, length)?;
        let mut code = (self.buffer >> (64 - length)) as u32;
        self.consume(length);
        loop {
            if let Some(entry) = table.code(code, length) {
                return Ok(entry);
            }
            code = code << 1 | self.take(stream, 1)?;
            length += 1;
            if length > MAX_LENGTH {
                stream.report.warn(|| "Corrupt JPEG data: bad Huffman code".to_owned())?;
                return Ok(Entry::NOTHING);
            }
        }
    }
}

/// Whether a byte is 0xff.
#[inline(always)]
pub(super) const fn has_ff(word: u64) -> bool {
    word & 0x8080_8080_8080_8080 & !word.wrapping_add(0x0101_0101_0101_0101) != 0
}
