//! LZW codes to palette indices. Each string of the table stands in what was written already, so the table holds only
//! where it begins and how long it is. Source: Graphics Interchange Format 89a, appendix F; Welch (1984).

/// Bits of the longest code.
const MAX_BITS: u32 = 12;
/// Strings that the table holds.
const TABLE: usize = 1 << MAX_BITS;

/// Codes that cannot follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BadCode;

/// A string of the table, as a part of what was written.
#[derive(Clone, Copy, Default)]
struct Entry {
    start: usize,
    len: u32,
}

/// Decodes one frame at a go.
pub(super) struct Decoder {
    table: Vec<Entry>,
}

impl Decoder {
    pub(super) fn new() -> Self {
        Self { table: vec![Entry::default(); TABLE] }
    }

    /// Writes the indices of the codes in `data` to `out`; gives how many. Codes may end early, and those that `out` has
    /// no room for are not read. `size` is the width of an index in bits, 0 to 11.
    pub(super) fn decode<'d>(
        &mut self,
        data: impl Iterator<Item = &'d [u8]>,
        size: u32,
        out: &mut [u8],
    ) -> Result<usize, BadCode> {
        let clear = 1usize << size;
        let end = clear + 1;
        let mut bits = Bits { blocks: data, block: &[], buffer: 0, filled: 0 };
        let (mut width, mut next) = (size + 1, end + 1);
        // The string before this one.
        let mut previous: Option<Entry> = None;
        let mut written = 0;
        while written < out.len() {
            let Some(code) = bits.take(width) else { break };
            if code == clear {
                (width, next, previous) = (size + 1, end + 1, None);
                continue;
            }
            // A stream is not empty, neither as a whole nor after a clear code.
            if code == end && previous.is_none() {
                return Err(BadCode);
            }
            if code == end {
                break;
            }
            let start = written;
            let room = out.len() - start;
            let len = if code < clear {
                out[start] = code as u8;
                1
            } else if code < next {
                let Entry { start: from, len } = self.table[code];
                let len = (len as usize).min(room);
                copy(out, from, start, len);
                len
            } else if let Some(Entry { start: from, len }) = previous.filter(|_| code == next && next < TABLE) {
                // The string that this code is about to make: the one before and its own first index.
                let len = (len as usize + 1).min(room);
                copy(out, from, start, len);
                len
            } else {
                return Err(BadCode);
            };
            written += len;
            if let Some(before) = previous
                && next < TABLE
            {
                self.table[next] = Entry { start: before.start, len: before.len + 1 };
                next += 1;
                if next == 1 << width && width < MAX_BITS {
                    width += 1;
                }
            }
            previous = Some(Entry { start, len: len as u32 });
        }
        Ok(written)
    }
}

/// Copies indices to a later place, which may overlap the earlier one as in a run.
#[inline]
fn copy(out: &mut [u8], from: usize, to: usize, len: usize) {
    if to - from >= len {
        let (before, after) = out.split_at_mut(to);
        after[..len].copy_from_slice(&before[from..from + len]);
    } else {
        for at in 0..len {
            out[to + at] = out[from + at];
        }
    }
}

/// Codes out of bytes, the first in the lowest bits.
struct Bits<'d, I> {
    blocks: I,
    block: &'d [u8],
    buffer: u64,
    filled: u32,
}

impl<'d, I: Iterator<Item = &'d [u8]>> Bits<'d, I> {
    /// The next code; `None` when there is no whole one.
    #[inline]
    fn take(&mut self, width: u32) -> Option<usize> {
        if self.filled < width && !self.fill(width) {
            return None;
        }
        let code = self.buffer & ((1 << width) - 1);
        self.buffer >>= width;
        self.filled -= width;
        Some(code as usize)
    }

    fn fill(&mut self, width: u32) -> bool {
        if let Some((bytes, rest)) = self.block.split_first_chunk::<4>() {
            self.buffer |= u64::from(u32::from_le_bytes(*bytes)) << self.filled;
            self.filled += 32;
            self.block = rest;
            return true;
        }
        while self.filled < width {
            match self.block.split_first() {
                Some((byte, rest)) => {
                    self.buffer |= u64::from(*byte) << self.filled;
                    self.filled += 8;
                    self.block = rest;
                }
                None => match self.blocks.next() {
                    Some(block) => self.block = block,
                    None => return false,
                },
            }
        }
        true
    }
}
