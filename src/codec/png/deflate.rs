//! Compresses filtered scanlines into IDAT chunks. Two coders write into one zlib stream, a segment each as suits it:
//! a match finder (zlib-rs) for graphics, and a coder of literals and runs for photos, where the residuals of a filter
//! hardly ever repeat and looking for matches costs most of the time and gains nothing. Source: RFC 1950 and 1951.

use std::io::Write;

use zlib_rs::{Deflate, DeflateConfig, DeflateError, DeflateFlush, Status, Strategy, adler32::adler32};

use super::{chunks, huffman::Code};
use crate::error::{Error, Result};

/// What is to code a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coder {
    /// Matches and literals, with an effort of 0 (stored) to 9.
    Matches { level: u8, strategy: Strategy },
    /// Literals and runs of one byte.
    Literals,
}

/// Data bytes of an IDAT chunk, but for the last.
const CHUNK: usize = 64 * 1024;

/// Bytes that share a code: enough to pay for its description, few enough to follow the image.
const BLOCK: usize = 48 * 1024;

/// Shortest run that is coded as one.
const MIN_RUN: usize = 16;

/// Longest literal code; four of them and the rest of a byte fit 64 bits.
const MAX_CODE: u8 = 14;

const END_OF_BLOCK: usize = 256;

/// The order in which the lengths of the lengths' codes are written.
const LENGTH_ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Bytes before the current one that a match may refer to.
const WINDOW: usize = 32 * 1024;

/// What a zlib stream holds so far, and the state of its coders.
pub(super) struct Stream {
    bits: BitWriter,
    matcher: Option<(u8, Strategy, Deflate)>,
    /// Whether the last segment went through `matcher`, whose bits may be unfinished.
    matching: bool,
    adler: u32,
    /// The end of the data so far, for a matcher that takes over.
    window: Vec<u8>,
}

impl Stream {
    /// Begins a stream; `level` is the effort that the header states.
    pub(super) fn new(level: u8) -> Self {
        let flags = match level {
            0 | 1 => 0x01,
            2..=5 => 0x5e,
            6 => 0x9c,
            _ => 0xda,
        };
        let bits = BitWriter { bytes: vec![0x78, flags], acc: 0, count: 0 };
        Self { bits, matcher: None, matching: false, adler: 1, window: Vec::new() }
    }

    /// A second continuation of the stream. Call [`flush`](Self::flush) first.
    pub(super) fn fork(&self) -> Self {
        let bits = BitWriter { bytes: self.bits.bytes.clone(), ..self.bits };
        Self { bits, matcher: None, matching: false, adler: self.adler, window: self.window.clone() }
    }

    /// Bytes that were not taken away yet.
    pub(super) const fn len(&self) -> usize {
        self.bits.bytes.len()
    }

    /// Codes a segment. `last` ends the stream.
    pub(super) fn segment(&mut self, data: &[u8], coder: Coder, last: bool) -> Result<()> {
        self.adler = adler32(self.adler, data);
        match coder {
            Coder::Matches { level, strategy } => self.matches(data, level, strategy, last)?,
            Coder::Literals => {
                self.flush()?;
                let blocks = data.len().div_ceil(BLOCK);
                for (index, block) in data.chunks(BLOCK).enumerate() {
                    self.bits.literals(block, last && index + 1 == blocks);
                }
            }
        }
        self.window.extend_from_slice(&data[data.len().saturating_sub(WINDOW)..]);
        self.window.drain(..self.window.len().saturating_sub(WINDOW));
        if last {
            self.bits.align();
            self.bits.bytes.extend(self.adler.to_be_bytes());
        }
        Ok(())
    }

    fn matches(&mut self, data: &[u8], level: u8, strategy: Strategy, last: bool) -> Result<()> {
        let is_same = self.matcher.as_ref().is_some_and(|(at, with, _)| (*at, *with) == (level, strategy));
        if !is_same {
            self.flush()?;
        }
        if !self.matching {
            self.bits.sync();
            self.matching = true;
            let config = DeflateConfig { window_bits: -15, strategy, ..DeflateConfig::new(i32::from(level)) };
            let (.., matcher) = match &mut self.matcher {
                Some(matcher) if is_same => {
                    matcher.2.reset();
                    matcher
                }
                matcher => matcher.insert((level, strategy, Deflate::new_with_config(config))),
            };
            if !self.window.is_empty() {
                matcher.set_dictionary(&self.window).map_err(deflate_error)?;
            }
        }
        self.deflate(data, if last { DeflateFlush::Finish } else { DeflateFlush::NoFlush })
    }

    /// Brings the output to where another coder can go on.
    pub(super) fn flush(&mut self) -> Result<()> {
        if std::mem::take(&mut self.matching) {
            self.deflate(&[], DeflateFlush::SyncFlush)?;
        }
        Ok(())
    }

    fn deflate(&mut self, mut data: &[u8], flush: DeflateFlush) -> Result<()> {
        let Some((.., matcher)) = &mut self.matcher else { return Ok(()) };
        loop {
            let bytes = &mut self.bits.bytes;
            let start = bytes.len();
            let room = (data.len() / 2 + 4096).min(CHUNK);
            bytes.resize(start + room, 0);
            let (in_before, out_before) = (matcher.total_in(), matcher.total_out());
            let status = matcher.compress(data, &mut bytes[start..], flush).map_err(deflate_error)?;
            data = &data[(matcher.total_in() - in_before) as usize..];
            let written = (matcher.total_out() - out_before) as usize;
            bytes.truncate(start + written);
            // All is out when there was room to spare.
            if status == Status::StreamEnd || (data.is_empty() && written < room) {
                return Ok(());
            }
        }
    }
}

fn deflate_error(error: DeflateError) -> Error {
    Error::encoder(format!("deflate: {}", error.as_str()))
}

/// Where a stream goes, in chunks.
pub(super) struct Sink<'o> {
    out: &'o mut dyn Write,
    /// The number of the next chunk, when the chunks are those of a later frame.
    sequence: Option<&'o mut u32>,
}

impl<'o> Sink<'o> {
    /// With a `sequence` the chunks are those of a frame behind the first, whose numbers begin there; it is brought to the
    /// number that follows them.
    pub(super) const fn new(out: &'o mut dyn Write, sequence: Option<&'o mut u32>) -> Self {
        Self { out, sequence }
    }

    /// Writes what the stream holds, but for what is too little for a chunk unless it is the `last`.
    pub(super) fn drain(&mut self, stream: &mut Stream, last: bool) -> Result<()> {
        let bytes = &mut stream.bits.bytes;
        let whole = if last { bytes.len() } else { bytes.len() / CHUNK * CHUNK };
        for chunk in bytes[..whole].chunks(CHUNK) {
            self.chunk(chunk)?;
        }
        bytes.drain(..whole);
        Ok(())
    }

    /// Writes a chunk, with the number that a later frame's has.
    fn chunk(&mut self, data: &[u8]) -> Result<()> {
        let Some(sequence) = &mut self.sequence else { return chunks::write(self.out, b"IDAT", data) };
        let mut numbered = sequence.to_be_bytes().to_vec();
        numbered.extend_from_slice(data);
        **sequence = sequence.checked_add(1).ok_or_else(|| Error::encoder("PNG has too many frames"))?;
        chunks::write(self.out, b"fdAT", &numbered)
    }
}

/// A whole zlib stream of literals and runs.
pub(super) fn literals(data: &[u8]) -> Vec<u8> {
    let mut bits = BitWriter { bytes: vec![0x78, 0x9c], acc: 0, count: 0 };
    let blocks = data.len().div_ceil(BLOCK);
    for (index, block) in data.chunks(BLOCK).enumerate() {
        bits.literals(block, index + 1 == blocks);
    }
    bits.align();
    bits.bytes.extend(adler32(1, data).to_be_bytes());
    bits.bytes
}

/// Bytes, and the bits that do not fill one yet.
struct BitWriter {
    bytes: Vec<u8>,
    acc: u64,
    /// Bits in `acc`, fewer than 8 between calls.
    count: u32,
}

impl BitWriter {
    fn put(&mut self, bits: u64, count: u32) {
        self.acc |= bits << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.acc as u8);
            self.acc >>= 8;
            self.count -= 8;
        }
    }

    /// Fills the current byte.
    fn align(&mut self) {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
    }

    /// Ends at a byte, with an empty stored block where need be.
    fn sync(&mut self) {
        if self.count > 0 {
            self.stored(&[], false);
        }
    }

    fn stored(&mut self, data: &[u8], last: bool) {
        self.put(u64::from(last), 3);
        self.align();
        let length = data.len() as u16;
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend((!length).to_le_bytes());
        self.bytes.extend(data);
    }

    /// One block of at most [`BLOCK`] bytes.
    fn literals(&mut self, data: &[u8], last: bool) {
        let runs = find_runs(data);
        let counts = count(data, &runs);
        let code = Code::new(&counts, MAX_CODE);
        let header = Header::new(&code);
        let extra: u64 =
            runs.iter().flat_map(|run| pieces(run.len)).map(|piece| u64::from(length_code(piece).1) + 1).sum();
        if header.cost() + code.cost(&counts) + extra >= data.len() as u64 * 8 {
            return self.stored(data, last);
        }
        self.put(u64::from(last) | 2 << 1, 3);
        header.write(self);
        // Code and length of each literal in one load.
        let table = std::array::from_fn(|i| u32::from(code.bits[i]) | u32::from(code.lengths[i]) << 16);
        let mut at = 0;
        for run in &runs {
            self.plain(&data[at..run.start], &table);
            for piece in pieces(run.len) {
                let (symbol, extra_bits, extra) = length_code(piece);
                self.put(u64::from(code.bits[symbol]), code.lengths[symbol].into());
                // The one distance there is, 1, has the code 0.
                self.put(u64::from(extra), u32::from(extra_bits) + 1);
            }
            at = run.start + run.len;
        }
        self.plain(&data[at..], &table);
        self.put(u64::from(code.bits[END_OF_BLOCK]), code.lengths[END_OF_BLOCK].into());
    }

    /// Literals without a run among them.
    fn plain(&mut self, data: &[u8], table: &[u32; 256]) {
        let (fours, rest) = data.as_chunks::<4>();
        let start = self.bytes.len();
        // Two bytes a literal at most, and the eight that each store touches.
        self.bytes.resize(start + data.len() * 2 + 8, 0);
        let (mut acc, mut count, mut at) = (self.acc, self.count, start);
        for four in fours {
            for byte in four {
                let entry = table[usize::from(*byte)];
                acc |= u64::from(entry & 0xffff) << count;
                count += entry >> 16;
            }
            self.bytes[at..at + 8].copy_from_slice(&acc.to_le_bytes());
            at += (count / 8) as usize;
            acc >>= count & !7;
            count &= 7;
        }
        self.bytes.truncate(at);
        (self.acc, self.count) = (acc, count);
        for byte in rest {
            let entry = table[usize::from(*byte)];
            self.put(u64::from(entry & 0xffff), entry >> 16);
        }
    }
}

/// Bytes that are all like the one before them.
struct Run {
    start: usize,
    len: usize,
}

/// The runs of at least [`MIN_RUN`] bytes, or a little more, in order.
fn find_runs(data: &[u8]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    while let Some(word) = data.get(at..at + 8) {
        let byte = word[0];
        if u64::from_le_bytes([word[0], word[1], word[2], word[3], word[4], word[5], word[6], word[7]])
            != u64::from(byte) * 0x0101_0101_0101_0101
        {
            at += 8;
            continue;
        }
        let floor = runs.last().map_or(0, |run| run.start + run.len);
        let before = data[floor..at].iter().rev().take_while(|other| **other == byte).count();
        let behind = data[at + 8..].iter().take_while(|other| **other == byte).count();
        let (first, end) = (at - before, at + 8 + behind);
        // The first byte is a literal, the run repeats it.
        if end - first > MIN_RUN {
            runs.push(Run { start: first + 1, len: end - first - 1 });
        }
        at = end;
    }
    runs
}

/// A run in pieces that a match can express, 3 to 258 bytes.
fn pieces(len: usize) -> impl Iterator<Item = usize> {
    let mut left = len;
    std::iter::from_fn(move || {
        let piece = match left {
            0 => return None,
            1..=258 => left,
            // Leaves no rest that is too short.
            259..=260 => 255,
            _ => 258,
        };
        left -= piece;
        Some(piece)
    })
}

/// Symbol, number of extra bits and extra bits of a match length, 3 to 258.
fn length_code(len: usize) -> (usize, u8, u16) {
    if len == 258 {
        return (285, 0, 0);
    }
    let offset = len - 3;
    if offset < 8 {
        return (257 + offset, 0, 0);
    }
    // Four symbols for each power of two.
    let extra_bits = offset.ilog2() - 2;
    let symbol = 257 + 4 * (extra_bits as usize + 1) + ((offset >> extra_bits) & 3);
    (symbol, extra_bits as u8, (offset & ((1 << extra_bits) - 1)) as u16)
}

/// How often each symbol occurs. Four tables, so that equal neighbours do not wait for each other.
fn count(data: &[u8], runs: &[Run]) -> [u32; 286] {
    let mut tables = [[0u32; 256]; 4];
    let mut plain = |data: &[u8]| {
        let (fours, rest) = data.as_chunks::<4>();
        for four in fours {
            for (table, byte) in tables.iter_mut().zip(four) {
                table[usize::from(*byte)] += 1;
            }
        }
        rest.iter().for_each(|byte| tables[0][usize::from(*byte)] += 1);
    };
    let mut counts = [0; 286];
    let mut at = 0;
    for run in runs {
        plain(&data[at..run.start]);
        pieces(run.len).for_each(|piece| counts[length_code(piece).0] += 1);
        at = run.start + run.len;
    }
    plain(&data[at..]);
    for (symbol, total) in counts[..256].iter_mut().enumerate() {
        *total = tables.iter().map(|table| table[symbol]).sum();
    }
    counts[END_OF_BLOCK] = 1;
    counts
}

/// The description of a block's code: its lengths, with repeats, in a code of their own.
struct Header {
    /// Symbol, extra bits and their number.
    symbols: Vec<(u8, u8, u8)>,
    literals: usize,
    code: Code<19>,
    code_lengths: usize,
}

impl Header {
    fn new(code: &Code<286>) -> Self {
        let literals = code.lengths.iter().rposition(|length| *length > 0).map_or(257, |last| (last + 1).max(257));
        let mut lengths = code.lengths[..literals].to_vec();
        // One distance code, of one bit.
        lengths.push(1);
        let symbols = repeats(&lengths);
        let mut counts = [0; 19];
        symbols.iter().for_each(|(symbol, ..)| counts[usize::from(*symbol)] += 1);
        let code = Code::new(&counts, 7);
        let code_lengths =
            LENGTH_ORDER.iter().rposition(|symbol| code.lengths[*symbol] > 0).map_or(4, |last| (last + 1).max(4));
        Self { symbols, literals, code, code_lengths }
    }

    fn cost(&self) -> u64 {
        let symbol_bits =
            |(symbol, _, extra): &(u8, u8, u8)| u64::from(self.code.lengths[usize::from(*symbol)] + extra);
        3 + 14 + 3 * self.code_lengths as u64 + self.symbols.iter().map(symbol_bits).sum::<u64>()
    }

    fn write(&self, bits: &mut BitWriter) {
        bits.put(self.literals as u64 - 257, 5);
        bits.put(0, 5);
        bits.put(self.code_lengths as u64 - 4, 4);
        for symbol in &LENGTH_ORDER[..self.code_lengths] {
            bits.put(self.code.lengths[*symbol].into(), 3);
        }
        for (symbol, extra, extra_bits) in &self.symbols {
            let symbol = usize::from(*symbol);
            bits.put(self.code.bits[symbol].into(), self.code.lengths[symbol].into());
            bits.put(u64::from(*extra), u32::from(*extra_bits));
        }
    }
}

/// Code lengths with their repeats: 16 repeats the last, 17 and 18 are zeros.
fn repeats(lengths: &[u8]) -> Vec<(u8, u8, u8)> {
    let mut symbols = Vec::new();
    for group in lengths.chunk_by(|a, b| a == b) {
        let value = group[0];
        let mut left = group.len();
        if value != 0 {
            symbols.push((value, 0, 0));
            left -= 1;
        }
        while left > 0 {
            let (least, most, symbol, bits) = match (value, left) {
                (0, 11..) => (11, 138, 18, 7),
                (0, 3..) => (3, 10, 17, 3),
                (1.., 3..) => (3, 6, 16, 2),
                _ => {
                    symbols.push((value, 0, 0));
                    left -= 1;
                    continue;
                }
            };
            let step = left.min(most);
            symbols.push((symbol, (step - least) as u8, bits));
            left -= step;
        }
    }
    symbols
}
