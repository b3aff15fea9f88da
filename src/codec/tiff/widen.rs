//! Samples of unusual depths to those that the engine has: integers of any number of bits to the full scale of 8 or 16, short
//! floating-point numbers to single precision. Sources: TIFF revision 6.0, section 3; IEEE 754; Adobe Photoshop TIFF technical
//! note 3 for 16 and 24 bits of floating point.

use super::{
    kind::Kind,
    page::{Page, Photometric},
};

/// How the samples of a chunk are widened.
#[derive(Debug, Clone)]
pub(super) struct Widen {
    /// Bits of a sample in the file and as it is handed on.
    stored: u32,
    bits: u32,
    kind: Kind,
    /// Samples of a pixel in a chunk.
    samples: usize,
    /// Whether the first sample of a pixel is an index, whose value stays.
    indexed: bool,
    /// Whether samples are differences to those of the pixel before.
    differences: bool,
}

impl Widen {
    /// The way from samples as a page stores them; `None` when they can be handed on as they are.
    pub(super) fn new(page: &Page, predictor: u16) -> Option<Self> {
        (page.stored != page.bits).then(|| Self {
            stored: page.stored.into(),
            bits: page.bits.into(),
            kind: page.kind,
            samples: page.chunk_samples(),
            indexed: page.photometric == Some(Photometric::Palette),
            differences: predictor == 2,
        })
    }

    /// Widens a row of a chunk, whose whole bytes are in this machine's order, to as many samples as there is room for.
    /// `plane` is the number of its first channel.
    pub(super) fn row(&self, line: &[u8], plane: usize, to: &mut [u8]) {
        let mut bits = Bits { bytes: line, at: 0 };
        let mut before = vec![0; self.samples];
        let mask = u32::MAX >> (32 - self.stored);
        let size = self.bits as usize / 8;
        for (index, to) in to.chunks_exact_mut(size).enumerate() {
            let channel = index % self.samples;
            let mut value = bits.next(self.stored);
            if self.differences {
                value = value.wrapping_add(before[channel]) & mask;
                before[channel] = value;
            }
            let indexed = self.indexed && channel + plane == 0;
            match (self.kind, size) {
                (Kind::Float, _) => to.copy_from_slice(&short_float(value, self.stored).to_ne_bytes()),
                (Kind::Signed, _) => to.copy_from_slice(&native(self.signed(value) as u32, size)[..size]),
                (Kind::Unsigned, _) if indexed => to.copy_from_slice(&native(value, size)[..size]),
                (Kind::Unsigned, _) => to.copy_from_slice(&native(self.scaled(value), size)[..size]),
            }
        }
    }

    fn signed(&self, value: u32) -> i32 {
        ((value << (32 - self.stored)) as i32) >> (32 - self.stored)
    }

    /// From the scale of the file to that of all bits.
    fn scaled(&self, value: u32) -> u32 {
        let (most, full) = ((1u64 << self.stored) - 1, (1u64 << self.bits) - 1);
        ((u64::from(value) * full + most / 2) / most) as u32
    }
}

/// The low bytes of a number, in this machine's order.
fn native(value: u32, size: usize) -> [u8; 4] {
    let mut bytes = value.to_le_bytes();
    if cfg!(target_endian = "big") {
        bytes[..size].reverse();
    }
    bytes
}

/// Reads numbers of some bits, the highest first; those of whole bytes are in this machine's order.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn next(&mut self, count: u32) -> u32 {
        let start = self.at;
        self.at += count as usize;
        if count.is_multiple_of(8) {
            let bytes = self.bytes.get(start / 8..self.at / 8).unwrap_or_default();
            let add = |sum: u32, byte: &u8| sum << 8 | u32::from(*byte);
            return if cfg!(target_endian = "big") {
                bytes.iter().fold(0, add)
            } else {
                bytes.iter().rev().fold(0, add)
            };
        }
        let bit = |at: usize| self.bytes.get(at / 8).map_or(0, |byte| u32::from(byte >> (7 - at % 8) & 1));
        (start..self.at).fold(0, |sum, at| sum << 1 | bit(at))
    }
}

/// A number of 16 bits, of which 5 are the exponent, or of 24, of which 7 are.
fn short_float(value: u32, bits: u32) -> f32 {
    let exponent_bits = if bits == 16 { 5 } else { 7 };
    let fraction_bits = bits - 1 - exponent_bits;
    let most = (1 << exponent_bits) - 1;
    let bias = most / 2;
    let sign = if value >> (bits - 1) == 1 { -1.0 } else { 1.0 };
    let exponent = (value >> fraction_bits & most) as i32;
    let fraction = value & ((1 << fraction_bits) - 1);
    let share = f64::from(fraction) / f64::from(1u32 << fraction_bits);
    let magnitude = match exponent {
        0 => share * 2f64.powi(1 - bias as i32),
        // Infinity, and what is no number.
        _ if exponent == most as i32 => return if fraction == 0 { f32::INFINITY * sign } else { f32::NAN },
        _ => (1.0 + share) * 2f64.powi(exponent - bias as i32),
    };
    magnitude as f32 * sign
}

#[cfg(test)]
mod tests {
    use super::{super::kind::widened, *};

    fn widen(stored: u32, bits: u32, kind: Kind) -> Widen {
        Widen { stored, bits, kind, samples: 1, indexed: false, differences: false }
    }

    #[test]
    fn both_ends_of_every_depth_are_those_of_the_scale() {
        for stored in (1..32).filter(|stored| !matches!(stored, 8 | 16)) {
            let bits = widened(Kind::Unsigned, stored.into(), 3).unwrap();
            let by = widen(stored, bits.into(), Kind::Unsigned);
            assert_eq!(by.scaled(0), 0);
            assert_eq!(by.scaled(u32::MAX >> (32 - stored)), (1 << bits) - 1, "{stored}");
        }
    }

    #[test]
    fn bits_follow_each_other() {
        let mut row = [0; 6];
        widen(12, 16, Kind::Unsigned).row(&[0xff, 0xf0, 0x00, 0x80, 0x00], 0, &mut row);
        let words = row.as_chunks::<2>().0.iter().map(|word| u16::from_ne_bytes(*word)).collect::<Vec<_>>();
        assert_eq!(words, [65535, 0, 32776]);
        let mut row = [0; 3];
        widen(3, 8, Kind::Signed).row(&[0b0111_0011, 0b1000_0000], 0, &mut row);
        assert_eq!(row.map(|byte| byte as i8), [3, -4, -1]);
        // What the file lacks is zero.
        widen(5, 8, Kind::Unsigned).row(&[0xff], 0, &mut row);
        assert_eq!(row, [255, 230, 0]);
    }

    #[test]
    fn indices_stay_and_differences_add_up() {
        let palette = Widen { samples: 2, indexed: true, ..widen(4, 8, Kind::Unsigned) };
        let mut row = [0; 4];
        palette.row(&[0x5f, 0x30], 0, &mut row);
        assert_eq!(row, [5, 255, 3, 0]);
        let differences = Widen { differences: true, ..widen(4, 8, Kind::Unsigned) };
        differences.row(&[0x1e, 0x2f], 0, &mut row);
        assert_eq!(row, [17, 255, 17, 0]);
    }

    #[test]
    fn short_numbers_are_those_of_the_standard() {
        for (bits, value) in [(0, 0.0), (0x3c00, 1.0), (0xc000, -2.0), (0x7bff, 65504.0), (0x3555, 0.333_251_95)] {
            assert_eq!(short_float(bits, 16), value);
        }
        assert_eq!(short_float(1, 16), 2f32.powi(-24));
        assert_eq!((short_float(0x7c00, 16), short_float(0xfc00, 16)), (f32::INFINITY, f32::NEG_INFINITY));
        assert!(short_float(0x7e00, 16).is_nan());
        assert_eq!((short_float(0x3f_0000, 24), short_float(0xbf_8000, 24)), (1.0, -1.5));
    }
}
