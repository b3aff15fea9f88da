//! Rows of bits into the codes of Group 4.

use super::codes::{BLACK, LONG, WHITE};

/// Encodes rows of `width` pixels, a set bit being black, each from a byte of its own.
pub(in super::super) fn group4(rows: &[u8], width: u32) -> Vec<u8> {
    let mut bits = BitWriter { bytes: Vec::new(), acc: 0, count: 0 };
    let row_bytes = width.div_ceil(8) as usize;
    let (mut above, mut changes) = (vec![width; 3], Vec::new());
    for row in rows.chunks_exact(row_bytes.max(1)) {
        find_changes(row, width, &mut changes);
        changes.extend([width; 3]);
        encode_row(&changes, &above, width, &mut bits);
        std::mem::swap(&mut above, &mut changes);
    }
    // The end of the block: two ends of line.
    bits.put(1, 12);
    bits.put(1, 12);
    bits.finish()
}

/// The places where the colour is another than before; the row begins after white.
fn find_changes(row: &[u8], width: u32, changes: &mut Vec<u32>) {
    changes.clear();
    let mut last = 0u8;
    for (index, &byte) in row.iter().enumerate() {
        // A set bit is where a pixel differs from the one before it.
        let mut differences = byte ^ (byte >> 1 | last << 7);
        last = byte & 1;
        while differences != 0 {
            let zeros = differences.leading_zeros();
            let at = index as u32 * 8 + zeros;
            if at >= width {
                return;
            }
            changes.push(at);
            differences &= !(0x80 >> zeros);
        }
    }
}

/// `changes` and `above` go on with ends of the row.
fn encode_row(changes: &[u32], above: &[u32], width: u32, bits: &mut BitWriter) {
    let (mut at, mut black, mut start) = (0u32, false, true);
    let (mut next, mut reference) = (0, 0);
    while at < width {
        while reference > 0 && (above[reference - 1] > at || start) {
            reference -= 1;
        }
        while above[reference] < width && (reference % 2 != usize::from(black) || (above[reference] <= at && !start)) {
            reference += 1;
        }
        let (b1, b2) = (above[reference], above.get(reference + 1).copied().unwrap_or(width));
        let a1 = changes[next];
        let distance = i64::from(a1) - i64::from(b1);
        if b2 < a1 {
            bits.put(0b0001, 4);
            at = b2;
        } else if (-3..=3).contains(&distance) {
            let (code, count) = match distance {
                0 => (1, 1),
                1 => (0b011, 3),
                -1 => (0b010, 3),
                2 => (0b000_011, 6),
                -2 => (0b000_010, 6),
                3 => (0b000_0011, 7),
                _ => (0b000_0010, 7),
            };
            bits.put(code, count);
            at = a1;
            black = !black;
            next += 1;
        } else {
            let a2 = changes[next + 1];
            bits.put(0b001, 3);
            bits.run(a1 - at, black);
            bits.run(a2 - a1, !black);
            at = a2;
            next += 2;
        }
        start = false;
    }
}

/// Bits into bytes, the first in the highest bit.
struct BitWriter {
    bytes: Vec<u8>,
    acc: u32,
    count: u32,
}

impl BitWriter {
    fn put(&mut self, code: u16, count: u8) {
        self.acc = self.acc << count | u32::from(code);
        self.count += u32::from(count);
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.acc >> self.count) as u8);
        }
    }

    fn run(&mut self, mut run: u32, black: bool) {
        let table = if black { &BLACK } else { &WHITE };
        while run >= 2560 {
            let (code, count) = LONG[LONG.len() - 1];
            self.put(code, count);
            run -= 2560;
        }
        if run >= 64 {
            let index = 63 + run as usize / 64;
            let (code, count) = table.get(index).copied().unwrap_or_else(|| LONG[index - table.len()]);
            self.put(code, count);
            run %= 64;
        }
        let (code, count) = table[run as usize];
        self.put(code, count);
    }

    fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.put(0, (8 - self.count) as u8);
        }
        self.bytes
    }
}
