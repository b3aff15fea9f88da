//! Rows of bits out of runs.

use std::{borrow::Cow, sync::OnceLock};

use super::codes::{BLACK, LONG, MAX_BITS, WHITE};

/// Which of the codings it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Scheme {
    /// Runs only; each row begins at a byte.
    Huffman,
    /// Runs, rows that end in a mark, and rows that refer to the one above when `two_dimensional`.
    Group3 {
        two_dimensional: bool,
    },
    Group4,
}

/// Rows of one strip. A set bit is black.
pub(in super::super) struct Ccitt<'a> {
    bits: BitReader<'a>,
    scheme: Scheme,
    width: u32,
    /// Where colours change in the row above, then ends of the row.
    above: Vec<u32>,
    current: Vec<u32>,
}

/// The code cannot be what an encoder wrote, or there is no more of it.
#[derive(Debug)]
pub(in super::super) struct BadCode;

impl<'a> Ccitt<'a> {
    pub(in super::super) fn new(data: Cow<'a, [u8]>, scheme: Scheme, width: u32) -> Self {
        Self { bits: BitReader { data, at: 0 }, scheme, width, above: vec![width; 2], current: Vec::new() }
    }

    /// Writes one row, the leftmost pixel in the highest bit.
    pub(in super::super) fn row(&mut self, row: &mut [u8]) -> Result<(), BadCode> {
        self.current.clear();
        let decoded = match self.scheme {
            Scheme::Huffman => {
                self.bits.align();
                self.one_dimensional()
            }
            Scheme::Group3 { two_dimensional } => {
                self.bits.skip_end_of_line();
                if !two_dimensional || self.bits.take(1) == 1 { self.one_dimensional() } else { self.two_dimensional() }
            }
            Scheme::Group4 => self.two_dimensional(),
        };
        // What was decoded of a damaged row is shown.
        paint(&self.current, self.width, row);
        self.current.extend([self.width; 2]);
        std::mem::swap(&mut self.above, &mut self.current);
        decoded
    }

    fn one_dimensional(&mut self) -> Result<(), BadCode> {
        let (mut at, mut black) = (0, false);
        while at < self.width {
            at = self.width.min(at + self.bits.run(black)?);
            self.current.push(at);
            black = !black;
        }
        Ok(())
    }

    fn two_dimensional(&mut self) -> Result<(), BadCode> {
        let (mut at, mut black) = (0u32, false);
        // The first change above that may be a reference; changes to black are at even places.
        let mut reference = 0;
        let mut start = true;
        while at < self.width {
            // The first change above, to the right, to the other colour.
            while reference > 0 && (self.above[reference - 1] > at || start) {
                reference -= 1;
            }
            while self.above[reference] < self.width
                && (reference % 2 != usize::from(black) || (self.above[reference] <= at && !start))
            {
                reference += 1;
            }
            let change = self.above[reference];
            match self.bits.mode()? {
                Mode::Pass => at = self.above.get(reference + 1).copied().unwrap_or(self.width),
                Mode::Horizontal => {
                    for black in [black, !black] {
                        at = self.width.min(at + self.bits.run(black)?);
                        self.current.push(at);
                    }
                }
                Mode::Vertical(offset) => {
                    let to = change.checked_add_signed(offset).filter(|to| *to <= self.width).ok_or(BadCode)?;
                    if to < at || (to == at && !start) {
                        return Err(BadCode);
                    }
                    at = to;
                    self.current.push(at);
                    black = !black;
                }
            }
            start = false;
        }
        Ok(())
    }
}

/// Sets the bits between every second pair of changes.
fn paint(changes: &[u32], width: u32, row: &mut [u8]) {
    row.fill(0);
    for pair in changes.get(..).unwrap_or_default().chunks(2) {
        let (from, to) = (pair[0] as usize, pair.get(1).copied().unwrap_or(pair[0]).min(width) as usize);
        if from >= to {
            continue;
        }
        let (first, last) = (from / 8, (to - 1) / 8);
        let (head, tail) = (0xff >> (from % 8), 0xff << (7 - (to - 1) % 8));
        if first == last {
            row[first] |= head & tail as u8;
        } else {
            row[first] |= head;
            row[first + 1..last].fill(0xff);
            row[last] |= tail as u8;
        }
    }
}

enum Mode {
    Pass,
    Horizontal,
    Vertical(i32),
}

/// Bits from the highest of a byte.
struct BitReader<'a> {
    data: Cow<'a, [u8]>,
    /// Bits read.
    at: usize,
}

impl BitReader<'_> {
    /// The next `count` bits, at most 16; zeros behind the end.
    fn peek(&self, count: u8) -> usize {
        let byte = |offset| u32::from(self.data.get(self.at / 8 + offset).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        (word >> (24 - self.at % 8 - usize::from(count))) as usize & ((1 << count) - 1)
    }

    fn take(&mut self, count: u8) -> usize {
        let bits = self.peek(count);
        self.at += usize::from(count);
        bits
    }

    fn align(&mut self) {
        self.at = self.at.next_multiple_of(8);
    }

    fn is_empty(&self) -> bool {
        self.at >= self.data.len() * 8
    }

    /// Passes over zeros and the one that ends a row, when there are so many zeros that they can be nothing else.
    fn skip_end_of_line(&mut self) {
        if self.peek(11) != 0 || self.is_empty() {
            return;
        }
        while self.take(1) == 0 && !self.is_empty() {}
    }

    /// A whole run of a colour, in pixels.
    fn run(&mut self, black: bool) -> Result<u32, BadCode> {
        let table = if black { black_table() } else { white_table() };
        let mut run = 0u32;
        loop {
            let (part, bits) = table[self.peek(MAX_BITS)];
            if bits == 0 || self.is_empty() {
                return Err(BadCode);
            }
            self.at += usize::from(bits);
            run = run.saturating_add(part.into()).min(1 << 30);
            if part < 64 {
                return Ok(run);
            }
        }
    }

    fn mode(&mut self) -> Result<Mode, BadCode> {
        if self.is_empty() {
            return Err(BadCode);
        }
        let next = self.peek(7);
        let (mode, bits) = match next {
            0b100_0000.. => (Mode::Vertical(0), 1),
            0b011_0000.. => (Mode::Vertical(1), 3),
            0b010_0000.. => (Mode::Vertical(-1), 3),
            0b001_0000.. => (Mode::Horizontal, 3),
            0b000_1000.. => (Mode::Pass, 4),
            0b000_0110.. => (Mode::Vertical(2), 6),
            0b000_0100.. => (Mode::Vertical(-2), 6),
            0b000_0011 => (Mode::Vertical(3), 7),
            0b000_0010 => (Mode::Vertical(-3), 7),
            _ => return Err(BadCode),
        };
        self.at += bits;
        Ok(mode)
    }
}

/// For each [`MAX_BITS`] bits: the run that they begin with and the length of its code, 0 when there is none.
type RunTable = [(u16, u8); 1 << MAX_BITS];

fn white_table() -> &'static RunTable {
    static TABLE: OnceLock<Box<RunTable>> = OnceLock::new();
    TABLE.get_or_init(|| table(&WHITE))
}

fn black_table() -> &'static RunTable {
    static TABLE: OnceLock<Box<RunTable>> = OnceLock::new();
    TABLE.get_or_init(|| table(&BLACK))
}

fn table(codes: &[(u16, u8)]) -> Box<RunTable> {
    let mut table = Box::new([(0, 0); 1 << MAX_BITS]);
    for (index, &(code, bits)) in codes.iter().chain(&LONG).enumerate() {
        let run = if index < 64 { index } else { (index - 63) * 64 };
        let free = MAX_BITS - bits;
        let first = usize::from(code) << free;
        table[first..first + (1 << free)].fill((run as u16, bits));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{super::group4, *};

    #[test]
    fn runs_are_painted() {
        let mut row = [0xff; 3];
        paint(&[2, 5, 7, 18, 20], 24, &mut row);
        assert_eq!(row, [0b0011_1001, 0xff, 0b1100_0000]);
    }

    #[test]
    fn what_is_written_is_read() {
        for width in [1u32, 7, 8, 9, 64, 100, 3000] {
            let (bytes, height) = (width.div_ceil(8) as usize, 40);
            let mut state = 7u32;
            let mut rows = vec![0u8; bytes * height];
            for (at, byte) in rows.iter_mut().enumerate() {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // Noise, then rows like the one above, then long runs.
                *byte = if at / bytes < 20 {
                    (state >> 24) as u8 & (state >> 16) as u8
                } else {
                    ((at % 50) > 20) as u8 * 255
                };
            }
            let spare = (bytes * 8) as u32 - width;
            rows.chunks_exact_mut(bytes).for_each(|row| row[bytes - 1] &= 0xff << spare);
            let coded = group4(&rows, width);
            let mut ccitt = Ccitt::new(Cow::Borrowed(&coded), Scheme::Group4, width);
            let mut row = vec![0; bytes];
            for (y, expected) in rows.chunks_exact(bytes).enumerate() {
                ccitt.row(&mut row).unwrap_or_else(|_| panic!("row {y} of width {width}"));
                assert_eq!(row, expected, "row {y} of width {width}");
            }
        }
    }

    #[test]
    fn rows_of_runs_end_in_marks_or_at_bytes() {
        // White 2 (0111), black 3 (10), white 3 (1000).
        let mut row = [0];
        let mut padded = Ccitt::new(Cow::Borrowed(&[0b0111_1010, 0, 0b0111_1010, 0]), Scheme::Huffman, 8);
        for _ in 0..2 {
            padded.row(&mut row).unwrap();
            assert_eq!(row, [0b0011_1000]);
        }
        let marked = [0x00, 0x17, 0xa0, 0x00, 0x17, 0xa0, 0];
        let mut marked = Ccitt::new(Cow::Borrowed(&marked), Scheme::Group3 { two_dimensional: false }, 8);
        for _ in 0..2 {
            marked.row(&mut row).unwrap();
            assert_eq!(row, [0b0011_1000]);
        }
    }

    #[test]
    fn noise_ends() {
        let mut state = 3u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        for scheme in [Scheme::Huffman, Scheme::Group3 { two_dimensional: true }, Scheme::Group4] {
            for width in [1, 9, 1000] {
                let data: Vec<u8> = (0..500).map(|_| noise()).collect();
                let mut ccitt = Ccitt::new(Cow::Owned(data), scheme, width);
                let mut row = vec![0; width.div_ceil(8) as usize];
                (0..2000).for_each(|_| drop(ccitt.row(&mut row)));
            }
        }
    }
}
