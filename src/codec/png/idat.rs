//! The pixel data: IDAT chunks, or fdAT chunks of a later frame, inflated and unfiltered one scanline at a time.

use std::ops::Range;

use zlib_rs::{Inflate, InflateFlush, Status, crc32::crc32};

use super::{
    chunks::{ChunkError, ChunkReader, Head},
    unfilter::unfilter,
};
use crate::{
    error::{Error, LimitError, Result},
    options::FailOn,
    warnings::Warnings,
};

/// Inflated bytes that are held at least: well over the 32 KiB that deflate looks back, well within a second-level
/// cache.
const WINDOW: usize = 128 * 1024;

/// What sharp says of damaged pixels.
const READ_ERROR: &str = "vipspng: libpng read error";

/// What it warns of when damage is borne.
const NOT_ENOUGH: &str = "not enough data";
const BAD_FILTER: &str = "bad adaptive filter value";

/// Scanlines out of chunks of pixels.
pub(super) struct IdatReader<'a> {
    chunks: ChunkReader<'a>,
    /// What the chunks are called.
    name: [u8; 4],
    /// Data bytes left in the current chunk.
    left: u32,
    crc: u32,
    inflate: Inflate,
    /// Inflated bytes; the scanline before `pending` stands right in front of it.
    window: Vec<u8>,
    pending: Range<usize>,
    fail_on: FailOn,
    warnings: Warnings,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// More is to come.
    Flowing,
    /// The zlib stream has ended.
    Ended,
    /// No more can be read, and the caller wants what there is.
    Damaged,
}

impl<'a> IdatReader<'a> {
    /// A reader of scanlines up to `max_row` bytes long, `total` bytes with filter types in all. `chunks` stands at the
    /// data of the first, whose head is given; `wrapped` is that deflate has a header and a checksum, as it should.
    pub(super) fn new(
        chunks: ChunkReader<'a>,
        head: Head,
        max_row: usize,
        total: u64,
        (fail_on, wrapped): (FailOn, bool),
    ) -> Result<Self> {
        let inflated = total.min((WINDOW + max_row) as u64) as usize + 1;
        let size = max_row.saturating_add(inflated);
        let mut window = Vec::new();
        window.try_reserve_exact(size).map_err(|_| LimitError::Memory { bytes: size as u64 })?;
        window.resize(size, 0);
        let inflate = Inflate::new(wrapped, 15);
        let mut reader = Self {
            chunks,
            name: head.name,
            left: 0,
            crc: 0,
            inflate,
            window,
            pending: 0..0,
            fail_on,
            warnings: Warnings::of_task(),
            state: State::Flowing,
        };
        if reader.enter(head.length).is_err() {
            reader.damage(NOT_ENOUGH)?;
        }
        Ok(reader)
    }

    /// Begins a chunk, at its data.
    fn enter(&mut self, length: u32) -> Result<(), ChunkError> {
        self.crc = crc32(0, &self.name);
        self.left = length;
        if &self.name == b"fdAT" {
            self.left = length.checked_sub(4).ok_or(ChunkError::NotAChunk)?;
            self.crc = crc32(self.crc, &self.chunks.number()?.to_be_bytes());
        }
        Ok(())
    }

    /// Begins a pass: the scanline before the first is all zero.
    pub(super) fn begin(&mut self, row_bytes: usize) {
        let len = self.pending.len();
        self.window.copy_within(self.pending.clone(), row_bytes);
        self.window[..row_bytes].fill(0);
        self.pending = row_bytes..row_bytes + len;
    }

    /// The next scanline of the pass, `None` when it is lost and losses are borne.
    pub(super) fn scanline(&mut self, row_bytes: usize, pixel_bytes: usize) -> Result<Option<&[u8]>> {
        while self.pending.len() <= row_bytes {
            if self.state != State::Flowing {
                self.damage(NOT_ENOUGH)?;
                return Ok(None);
            }
            self.fill(row_bytes)?;
        }
        let at = self.pending.start;
        let filter = self.window[at];
        let (before, rest) = self.window.split_at_mut(at);
        let previous = &before[at - row_bytes..];
        let valid = unfilter(filter, pixel_bytes, previous, &mut rest[1..=row_bytes]);
        if !valid {
            self.bear(BAD_FILTER)?;
        }
        self.pending.start = at + 1 + row_bytes;
        Ok(Some(&self.window[at + 1..=at + row_bytes]))
    }

    /// Reads to the end of the stream and checks the last checksums; what follows is never looked at.
    pub(super) fn finish(&mut self) -> Result<()> {
        let mut ends = self.state != State::Flowing || !self.pending.is_empty();
        while !ends {
            self.pending = 0..0;
            self.fill(0)?;
            // More pixels than the image has room for are no error.
            ends = self.state != State::Flowing || !self.pending.is_empty();
        }
        if self.state == State::Damaged {
            return Ok(());
        }
        while self.left > 0 {
            let Some(available) = self.chunks.available() else { return self.damage(NOT_ENOUGH) };
            let count = available.len().min(self.left as usize);
            self.crc = crc32(self.crc, &available[..count]);
            self.advance(count);
        }
        self.end_chunk()
    }

    /// Inflates more bytes behind `pending`, making room in front of it but for one scanline.
    fn fill(&mut self, row_bytes: usize) -> Result<()> {
        let keep = self.pending.start - row_bytes.min(self.pending.start);
        if keep > 0 {
            self.window.copy_within(keep..self.pending.end, 0);
            self.pending = self.pending.start - keep..self.pending.end - keep;
        }
        while self.pending.end < self.window.len() && self.state == State::Flowing {
            if self.left == 0 && !self.next_chunk()? {
                return self.damage(NOT_ENOUGH);
            }
            let Some(available) = self.chunks.available() else { return self.damage(NOT_ENOUGH) };
            let count = available.len().min(self.left as usize);
            let input = &available[..count];
            let (in_before, out_before) = (self.inflate.total_in(), self.inflate.total_out());
            let result = self.inflate.decompress(input, &mut self.window[self.pending.end..], InflateFlush::NoFlush);
            let read = (self.inflate.total_in() - in_before) as usize;
            let written = (self.inflate.total_out() - out_before) as usize;
            self.crc = crc32(self.crc, &input[..read]);
            self.advance(read);
            self.pending.end += written;
            match result {
                Ok(Status::StreamEnd) => self.state = State::Ended,
                Ok(_) if read > 0 || written > 0 => {}
                Ok(_) => return self.damage(NOT_ENOUGH),
                Err(_) => {
                    let text = self.inflate.error_message().unwrap_or("damaged");
                    return self.damage(&format!("{}: {text}", String::from_utf8_lossy(&self.name)));
                }
            }
        }
        Ok(())
    }

    fn advance(&mut self, count: usize) {
        self.chunks.consume(count);
        self.left -= count as u32;
    }

    /// Goes to the next chunk with data; false when there is none.
    fn next_chunk(&mut self) -> Result<bool> {
        while self.left == 0 {
            self.end_chunk()?;
            match self.chunks.head() {
                Ok(head) if head.name == self.name && self.enter(head.length).is_ok() => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Checks the checksum of a chunk whose data is all read.
    fn end_chunk(&mut self) -> Result<()> {
        match self.chunks.number() {
            Ok(crc) if crc == self.crc => Ok(()),
            Ok(_) if self.fail_on >= FailOn::Error => Err(Error::corrupt_pixels(READ_ERROR)),
            Ok(_) => {
                self.warnings.push(format!("{}: CRC error", String::from_utf8_lossy(&self.name)));
                Ok(())
            }
            Err(_) => self.damage(NOT_ENOUGH),
        }
    }

    /// No more can be read: an error, unless the caller wants what there is.
    fn damage(&mut self, text: &str) -> Result<()> {
        // What follows from the first damage is no news.
        if self.state != State::Damaged {
            self.bear(text)?;
        }
        self.state = State::Damaged;
        Ok(())
    }

    /// An error, unless damage is borne: then a warning.
    fn bear(&self, text: &str) -> Result<()> {
        if self.fail_on >= FailOn::Truncated {
            return Err(Error::corrupt_pixels(READ_ERROR));
        }
        self.warnings.push(text);
        Ok(())
    }
}
