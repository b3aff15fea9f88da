//! The bytes of a file, from memory or from a stream, with what libjpeg's source manager makes of their end.

use std::io::SeekFrom;

use super::report::{Report, Stop};
use crate::codec::Reader;

/// What an exhausted input is continued with, again and again, so that the rest of the image becomes grey.
const END_OF_IMAGE: [u8; 2] = [0xff, 0xd9];

/// Bytes taken from a stream at a time.
const WINDOW: usize = 64 * 1024;

/// Where the bytes are.
pub(crate) enum Bytes<'a> {
    Memory(&'a [u8]),
    Stream(Box<dyn Reader + 'a>),
}

/// Where a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    at: u64,
    beyond: usize,
}

/// Bytes, and how far they were read.
pub(super) struct Source<'a> {
    bytes: Bytes<'a>,
    /// Room for a part of a stream.
    buffer: Vec<u8>,
    /// Bytes of the buffer that are filled.
    filled: usize,
    /// Position of the first byte of the part that is at hand: 0 in memory.
    start: u64,
    /// Next byte in that part.
    at: usize,
    /// Bytes read beyond the end.
    beyond: usize,
    fail_when_truncated: bool,
    /// The end was reached by somebody who needed more.
    ended: bool,
    /// Length of a stream, once somebody asked for it.
    len: Option<u64>,
}

impl<'a> Source<'a> {
    /// `fail_when_truncated`: whether running out of bytes ends the reading, or the rest is filled in.
    pub(super) fn new(bytes: Bytes<'a>, fail_when_truncated: bool) -> Self {
        let buffer = if let Bytes::Stream(_) = bytes { vec![0; WINDOW] } else { Vec::new() };
        Self { bytes, buffer, filled: 0, start: 0, at: 0, beyond: 0, fail_when_truncated, ended: false, len: None }
    }

    /// The part that is at hand.
    #[inline(always)]
    fn part(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Memory(bytes) => bytes,
            Bytes::Stream(_) => &self.buffer[..self.filled],
        }
    }

    /// What is left of the part that is at hand: nothing means that [`more`](Self::more) has to be called.
    #[inline(always)]
    pub(super) fn window(&self) -> &[u8] {
        &self.part()[self.at..]
    }

    /// Gets more bytes when the window is empty; `false` at the end of the file, which nobody hears of.
    pub(super) fn more(&mut self, report: &mut Report) -> Result<bool, Stop> {
        if self.at < self.part().len() {
            return Ok(true);
        }
        let Bytes::Stream(reader) = &mut self.bytes else { return Ok(false) };
        self.start += self.filled as u64;
        (self.at, self.filled) = (0, 0);
        loop {
            match reader.read(&mut self.buffer) {
                Ok(count) => {
                    self.filled = count;
                    return Ok(count > 0);
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return Err(report.stop("Input file read error")),
            }
        }
    }

    /// Whether so many bytes are left in the file. May get more of them.
    pub(super) fn has(&mut self, count: usize, report: &mut Report) -> Result<bool, Stop> {
        if self.window().len() >= count {
            return Ok(true);
        }
        let position = self.position();
        let Bytes::Stream(reader) = &mut self.bytes else { return Ok(false) };
        let mut moved = false;
        let len = match self.len {
            Some(len) => len,
            None => {
                moved = true;
                reader.seek(SeekFrom::End(0)).map_err(|_| report.stop("Input file read error"))?
            }
        };
        self.len = Some(len);
        let is_there = len.saturating_sub(position.at) >= count as u64;
        if moved || is_there {
            // Here, so that what comes next is in one window.
            (self.start, self.at, self.filled) = (u64::MAX, 0, 0);
            self.seek(position, report)?;
            self.more(report)?;
        }
        Ok(is_there && self.window().len() >= count)
    }

    /// Passes over bytes of the window.
    #[inline(always)]
    pub(super) fn advance(&mut self, count: usize) {
        self.at += count;
    }

    /// The next byte. Past the end there are endless markers of the image's end.
    #[inline(always)]
    pub(super) fn byte(&mut self, report: &mut Report) -> Result<u8, Stop> {
        match self.part().get(self.at) {
            Some(&byte) => {
                self.at += 1;
                Ok(byte)
            }
            None => self.late_byte(report),
        }
    }

    #[cold]
    fn late_byte(&mut self, report: &mut Report) -> Result<u8, Stop> {
        if self.more(report)? {
            self.at += 1;
            return Ok(self.part()[self.at - 1]);
        }
        if self.beyond.is_multiple_of(END_OF_IMAGE.len()) {
            self.end(report)?;
        }
        self.beyond += 1;
        Ok(END_OF_IMAGE[(self.beyond - 1) % END_OF_IMAGE.len()])
    }

    /// The end was reached, and there should have been more.
    fn end(&mut self, report: &mut Report) -> Result<(), Stop> {
        if !self.ended {
            self.ended = true;
            report.note("premature end of JPEG image");
        }
        if self.fail_when_truncated { Err(Stop) } else { Ok(()) }
    }

    /// A number of two bytes, the high one first.
    pub(super) fn word(&mut self, report: &mut Report) -> Result<u16, Stop> {
        Ok(u16::from_be_bytes([self.byte(report)?, self.byte(report)?]))
    }

    /// Passes over `count` bytes, as far as there are so many.
    pub(super) fn skip(&mut self, mut count: usize, report: &mut Report) -> Result<(), Stop> {
        loop {
            let here = self.part().len() - self.at;
            if count <= here {
                self.at += count;
                return Ok(());
            }
            count -= here;
            self.at += here;
            if !self.more(report)? {
                let odd = self.beyond % END_OF_IMAGE.len();
                if odd > 0 && count == END_OF_IMAGE.len() - odd {
                    self.beyond += count;
                    return Ok(());
                }
                self.beyond += odd;
                return self.end(report);
            }
        }
    }

    /// Where the next byte is.
    pub(super) fn position(&self) -> Position {
        Position { at: self.start + self.at as u64, beyond: self.beyond }
    }

    /// Goes back to the start.
    pub(super) fn rewind(&mut self, report: &mut Report) -> Result<(), Stop> {
        (self.start, self.filled) = (u64::MAX, 0);
        self.seek(Position { at: 0, beyond: 0 }, report)
    }

    pub(super) fn into_bytes(self) -> Bytes<'a> {
        self.bytes
    }

    pub(super) fn fails_when_truncated(&self) -> bool {
        self.fail_when_truncated
    }

    /// Goes back to a position.
    pub(super) fn seek(&mut self, position: Position, report: &mut Report) -> Result<(), Stop> {
        self.beyond = position.beyond;
        let inside = position.at.checked_sub(self.start).and_then(|at| usize::try_from(at).ok());
        if let Some(at) = inside.filter(|&at| at <= self.part().len()) {
            self.at = at;
            return Ok(());
        }
        if let Bytes::Stream(reader) = &mut self.bytes {
            reader.seek(SeekFrom::Start(position.at)).map_err(|_| report.stop("Input file read error"))?;
            self.start = position.at;
            (self.at, self.filled) = (0, 0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};

    use super::*;

    fn both<'a>(bytes: &'a [u8], fail: bool) -> [Source<'a>; 2] {
        let stream = Box::new(BufReader::with_capacity(3, Cursor::new(bytes)));
        [Source::new(Bytes::Memory(bytes), fail), Source::new(Bytes::Stream(stream), fail)]
    }

    #[test]
    fn the_end_is_continued_with_markers() {
        for mut source in both(&[1, 2, 3], false) {
            let mut report = Report::new(false);
            let read: Vec<u8> = (0..7).map(|_| source.byte(&mut report).unwrap()).collect();
            assert_eq!(read, [1, 2, 3, 0xff, 0xd9, 0xff, 0xd9]);
            assert_eq!(report.messages(), ["premature end of JPEG image"]);
            assert!(!report.warned());
        }
    }

    #[test]
    fn the_end_is_a_failure_only_to_those_who_need_more() {
        for mut source in both(&[1, 2, 3], true) {
            let mut report = Report::new(false);
            source.skip(3, &mut report).unwrap();
            assert_eq!(source.more(&mut report), Ok(false));
            assert!(report.messages().is_empty());
            assert_eq!(source.byte(&mut report), Err(Stop));
        }
    }

    #[test]
    fn any_position_can_be_read_again() {
        let bytes: Vec<u8> = (0..200_000u32).map(|at| ((at * 7) >> 3) as u8).collect();
        for mut source in both(&bytes, true) {
            let mut report = Report::new(false);
            for at in [199_999, 5, 65_536, 65_535, 130_000, 0] {
                let position = Position { at, beyond: 0 };
                source.seek(position, &mut report).unwrap();
                assert_eq!(source.position(), position);
                assert_eq!(source.byte(&mut report), Ok(bytes[at as usize]));
            }
            source.seek(Position { at: 10, beyond: 0 }, &mut report).unwrap();
            source.skip(150_000, &mut report).unwrap();
            assert_eq!(source.word(&mut report), Ok(u16::from_be_bytes([bytes[150_010], bytes[150_011]])));
        }
    }
}
