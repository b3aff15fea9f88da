//! Directories as they are written: little endian, values that do not fit behind each other in front.

use super::directory::field;

/// A directory being put together.
pub(super) struct Entries {
    big: bool,
    entries: Vec<(u16, u16, u64, Vec<u8>)>,
}

/// A directory as bytes.
pub(super) struct Written {
    pub(super) bytes: Vec<u8>,
    /// Where it begins within them, behind its values.
    pub(super) start: u64,
    /// Where the place of the next directory stands within them.
    pub(super) next: u64,
}

impl Entries {
    pub(super) const fn new(big: bool) -> Self {
        Self { big, entries: Vec::new() }
    }

    fn add(&mut self, tag: u16, kind: u16, data: Vec<u8>) {
        self.entries.push((tag, kind, data.len() as u64 / field::size(kind).max(1), data));
    }

    pub(super) fn shorts(&mut self, tag: u16, values: &[u16]) {
        self.add(tag, field::SHORT, values.iter().flat_map(|value| value.to_le_bytes()).collect());
    }

    pub(super) fn long(&mut self, tag: u16, value: u32) {
        self.add(tag, field::LONG, value.to_le_bytes().to_vec());
    }

    /// Offsets or sizes, as wide as the file has them.
    pub(super) fn offsets(&mut self, tag: u16, values: &[u64]) {
        if self.big {
            self.add(tag, field::LONG8, values.iter().flat_map(|value| value.to_le_bytes()).collect());
        } else {
            self.add(tag, field::LONG, values.iter().flat_map(|value| (*value as u32).to_le_bytes()).collect());
        }
    }

    pub(super) fn rational(&mut self, tag: u16, value: f64) {
        let (above, below) = fraction(value);
        self.add(tag, field::RATIONAL, [above.to_le_bytes(), below.to_le_bytes()].concat());
    }

    pub(super) fn bytes(&mut self, tag: u16, kind: u16, data: &[u8]) {
        self.add(tag, kind, data.to_vec());
    }

    /// The directory, to be put at `at`, which is even.
    pub(super) fn write(mut self, at: u64) -> Written {
        self.entries.sort_by_key(|(tag, ..)| *tag);
        let word = if self.big { 8 } else { 4 };
        let mut values = Vec::new();
        let mut table = Vec::new();
        let count = self.entries.len();
        let put_word = |bytes: &mut Vec<u8>, value: u64| bytes.extend_from_slice(&value.to_le_bytes()[..word]);
        for (tag, kind, count, data) in self.entries {
            table.extend(tag.to_le_bytes());
            table.extend(kind.to_le_bytes());
            put_word(&mut table, count);
            if data.len() <= word {
                table.extend_from_slice(&data);
                table.resize(table.len() + word - data.len(), 0);
            } else {
                put_word(&mut table, at + values.len() as u64);
                values.extend_from_slice(&data);
                values.resize(values.len().next_multiple_of(2), 0);
            }
        }
        let start = values.len() as u64;
        let count_bytes = if self.big { 8 } else { 2 };
        values.extend_from_slice(&(count as u64).to_le_bytes()[..count_bytes]);
        values.extend(table);
        let next = values.len() as u64;
        put_word(&mut values, 0);
        Written { bytes: values, start, next }
    }
}

/// A fraction near to a positive number.
fn fraction(value: f64) -> (u32, u32) {
    let mut below = 1u32;
    // A cast saturates.
    while below < 1_000_000 && value * f64::from(below * 10) < 4e9 && (value * f64::from(below)).fract() != 0.0 {
        below *= 10;
    }
    ((value * f64::from(below)).round() as u32, below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_near() {
        assert_eq!(fraction(300.0), (300, 1));
        assert_eq!(fraction(25.4), (254, 10));
        assert_eq!(fraction(0.001), (1, 1000));
        assert_eq!(fraction(25_400_000.0), (25_400_000, 1));
        let (above, below) = fraction(520.7 / 3.0);
        assert!((f64::from(above) / f64::from(below) - 520.7 / 3.0).abs() < 1e-4);
    }
}
