//! The container: a signature, then chunks of length, name, data and checksum.

use std::io::{BufRead, ErrorKind, Read, Seek, SeekFrom, Write};

use zlib_rs::{Inflate, InflateFlush, Status, crc32::crc32};

use super::SIGNATURE;
use crate::{
    codec::Reader,
    error::{Error, Result},
};

/// Largest length a chunk may state.
const MAX_LENGTH: u32 = 0x7fff_ffff;

/// Bytes taken from the input at a time where the length is only a claim.
const STEP: usize = 64 * 1024;

/// Bytes of a head in the file.
pub(super) const HEAD: u64 = 8;

/// The head of a chunk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub(super) length: u32,
    pub(super) name: [u8; 4],
}

impl Head {
    /// Whether a decoder that does not know the chunk may go on.
    pub(super) const fn is_ancillary(&self) -> bool {
        self.name[0].is_ascii_lowercase()
    }
}

/// Why a chunk could not be read. How bad that is depends on the chunk.
#[derive(Debug)]
pub(super) enum ChunkError {
    /// The input ends within the chunk.
    Truncated,
    /// No chunk begins here.
    NotAChunk,
}

/// Chunks as they come from the input.
pub(super) struct ChunkReader<'a> {
    reader: Box<dyn Reader + 'a>,
}

impl<'a> ChunkReader<'a> {
    /// A reader behind the signature; `None` when the input does not begin with it.
    pub(super) fn new(mut reader: Box<dyn Reader + 'a>) -> Option<Self> {
        let mut signature = [0; SIGNATURE.len()];
        reader.read_exact(&mut signature).ok()?;
        (signature == *SIGNATURE).then_some(Self { reader })
    }

    /// A reader at a chunk that begins `at` bytes behind the start of the input.
    pub(super) fn at(mut reader: Box<dyn Reader + 'a>, at: u64) -> std::io::Result<Self> {
        reader.seek(SeekFrom::Start(at))?;
        Ok(Self { reader })
    }

    /// Bytes from the start of the input.
    pub(super) fn position(&mut self) -> std::io::Result<u64> {
        self.reader.stream_position()
    }

    /// Goes to a place that [`position`](Self::position) returned.
    pub(super) fn go_to(&mut self, position: u64) -> std::io::Result<()> {
        self.reader.seek(SeekFrom::Start(position)).map(drop)
    }

    /// Passes over the data and the checksum without reading them, be they there or not.
    pub(super) fn pass(&mut self, head: Head) -> Result<(), ChunkError> {
        self.reader.seek_relative(i64::from(head.length) + 4).map_err(|_| ChunkError::Truncated)
    }

    /// The next chunk's length and name.
    pub(super) fn head(&mut self) -> Result<Head, ChunkError> {
        let mut bytes = [0; 8];
        self.reader.read_exact(&mut bytes).map_err(|_| ChunkError::Truncated)?;
        let [l0, l1, l2, l3, name @ ..] = bytes;
        let length = u32::from_be_bytes([l0, l1, l2, l3]);
        let valid = length <= MAX_LENGTH && name.iter().all(u8::is_ascii_alphabetic);
        if valid { Ok(Head { length, name }) } else { Err(ChunkError::NotAChunk) }
    }

    /// The data of the chunk after its head, and whether the checksum was right. Data longer than `limit` is passed
    /// over and counts as damaged.
    pub(super) fn data(&mut self, head: Head, limit: usize) -> Result<(Vec<u8>, bool), ChunkError> {
        if head.length as usize > limit {
            self.skip(head)?;
            return Ok((Vec::new(), false));
        }
        let mut data = Vec::new();
        let mut left = u64::from(head.length);
        while left > 0 {
            let step = left.min(STEP as u64);
            data.try_reserve(step as usize).map_err(|_| ChunkError::Truncated)?;
            let read = self.reader.by_ref().take(step).read_to_end(&mut data).map_err(|_| ChunkError::Truncated)?;
            if read == 0 {
                return Err(ChunkError::Truncated);
            }
            left -= read as u64;
        }
        let crc = crc32(crc32(0, &head.name), &data);
        Ok((data, self.number()? == crc))
    }

    /// Passes over the data and the checksum.
    pub(super) fn skip(&mut self, head: Head) -> Result<(), ChunkError> {
        let mut left = u64::from(head.length) + 4;
        while left > 0 {
            let available = self.available().ok_or(ChunkError::Truncated)?.len() as u64;
            let step = available.min(left);
            self.reader.consume(step as usize);
            left -= step;
        }
        Ok(())
    }

    /// The next four bytes: the checksum behind the data, or the number before that of a frame.
    pub(super) fn number(&mut self) -> Result<u32, ChunkError> {
        let mut bytes = [0; 4];
        self.reader.read_exact(&mut bytes).map_err(|_| ChunkError::Truncated)?;
        Ok(u32::from_be_bytes(bytes))
    }

    /// Bytes that are there without waiting, at least one; `None` at the end of the input.
    pub(super) fn available(&mut self) -> Option<&[u8]> {
        // Interrupted reads are tried again; asked twice because a borrow cannot leave the loop.
        loop {
            match self.reader.fill_buf() {
                Ok([]) => return None,
                Ok(_) => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
        self.reader.fill_buf().ok()
    }

    /// Marks bytes that [`available`](Self::available) gave as used.
    pub(super) fn consume(&mut self, count: usize) {
        self.reader.consume(count);
    }
}

/// Inflates a zlib stream within a metadata chunk; `None` when it is damaged or grows over `limit` bytes, or over the `budget`.
/// What is inflated is taken from the budget whether it is of use or not: the time for it is spent.
pub(super) fn inflate(mut input: &[u8], limit: usize, budget: &mut usize) -> Option<Vec<u8>> {
    let limit = limit.min(*budget);
    let mut inflate = Inflate::new(true, 15);
    let mut output = Vec::new();
    // Most profiles and texts are small.
    let mut step = input.len().saturating_mul(4).clamp(512, STEP);
    loop {
        let start = output.len();
        output.try_reserve(step).ok()?;
        output.resize(start + step, 0);
        step = STEP;
        let (in_before, out_before) = (inflate.total_in(), inflate.total_out());
        let status = inflate.decompress(input, &mut output[start..], InflateFlush::NoFlush).ok()?;
        let (read, written) = (inflate.total_in() - in_before, inflate.total_out() - out_before);
        input = &input[read as usize..];
        output.truncate(start + written as usize);
        *budget = budget.saturating_sub(written as usize);
        if output.len() > limit {
            return None;
        }
        match status {
            Status::StreamEnd => return Some(output),
            _ if read == 0 && written == 0 => return None,
            _ => {}
        }
    }
}

/// Writes one chunk.
pub(super) fn write(out: &mut dyn Write, name: &[u8; 4], data: &[u8]) -> Result<()> {
    let length = u32::try_from(data.len())
        .ok()
        .filter(|length| *length <= MAX_LENGTH)
        .ok_or_else(|| Error::encoder("PNG chunk is too large"))?;
    let crc = crc32(crc32(0, name), data);
    let mut put = |bytes: &[u8]| out.write_all(bytes).map_err(write_error);
    put(&length.to_be_bytes())?;
    put(name)?;
    put(data)?;
    put(&crc.to_be_bytes())
}

/// The error for output that the receiver does not take.
pub(super) fn write_error(error: std::io::Error) -> Error {
    crate::error::OutputError::Write(error.to_string()).into()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn reader(bytes: &[u8]) -> ChunkReader<'_> {
        ChunkReader::new(Box::new(Cursor::new(bytes))).unwrap()
    }

    fn file(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let mut bytes = SIGNATURE.to_vec();
        write(&mut bytes, name, data).unwrap();
        bytes
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = file(b"teSt", b"hello");
        let mut chunks = reader(&bytes);
        let head = chunks.head().unwrap();
        assert_eq!((head.length, &head.name, head.is_ancillary()), (5, b"teSt", true));
        assert_eq!(chunks.data(head, 100).unwrap(), (b"hello".to_vec(), true));
        assert!(matches!(chunks.head(), Err(ChunkError::Truncated)));
    }

    #[test]
    fn damage_is_seen() {
        let mut bytes = file(b"teSt", b"hello");
        bytes[17] ^= 1;
        let mut chunks = reader(&bytes);
        let head = chunks.head().unwrap();
        assert!(!chunks.data(head, 100).unwrap().1);
        let mut chunks = reader(&bytes[..18]);
        let head = chunks.head().unwrap();
        assert!(matches!(chunks.data(head, 100), Err(ChunkError::Truncated)));
    }

    #[test]
    fn a_claimed_length_allocates_nothing() {
        let mut bytes = file(b"teSt", b"hello");
        bytes[8..12].copy_from_slice(&MAX_LENGTH.to_be_bytes());
        let mut chunks = reader(&bytes);
        let head = chunks.head().unwrap();
        assert!(matches!(chunks.data(head, usize::MAX), Err(ChunkError::Truncated)));
    }

    #[test]
    fn bombs_do_not_go_off() {
        let mut bomb = vec![0; 100_000];
        let (bomb, _) = zlib_rs::compress_slice(&mut bomb, &[0; 1_000_000], zlib_rs::DeflateConfig::new(6));
        let inflate = |bytes, limit| {
            let mut budget = usize::MAX;
            inflate(bytes, limit, &mut budget)
        };
        assert_eq!(inflate(bomb, 999_999), None);
        assert_eq!(inflate(bomb, 1_000_000).unwrap().len(), 1_000_000);
        assert_eq!(inflate(&bomb[..bomb.len() / 2], 1_000_000), None);
        // One that is of no use costs as much as one that is.
        let mut budget = 1_500_000;
        assert_eq!(super::inflate(bomb, 999_999, &mut budget), None);
        assert!(budget < 510_000);
        assert_eq!(super::inflate(bomb, 999_999, &mut budget), None);
        assert_eq!(budget, 0);
    }
}
