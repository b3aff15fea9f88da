//! The binary form. Source: ISO 21496-1:2025; all numbers are big-endian, values are fractions.

use super::{GainChannel, GainMapInfo};

/// What the block begins with in a JPEG file.
pub const ISO_NAMESPACE: &[u8] = b"urn:iso:std:iso:ts:21496:-1\0";
/// Least version that a reader must know, and version of the writer: all that the block of the image itself holds.
pub const ISO_VERSION: [u8; 4] = [0; 4];

const MULTICHANNEL: u8 = 0x80;
const BASE_SPACE: u8 = 0x40;
const COMMON_DENOMINATOR: u8 = 0x08;

/// Largest denominator that is written, a power of two.
const MAX_DENOMINATOR: u32 = 1 << 28;

/// Reads a block.
pub(super) fn read(block: &[u8]) -> Option<GainMapInfo> {
    let (version, rest) = block.split_first_chunk::<4>()?;
    let (&flags, rest) = rest.split_first()?;
    if version[..2] != ISO_VERSION[..2] {
        return None;
    }
    let mut fields = Fields { rest, common: None };
    if flags & COMMON_DENOMINATOR != 0 {
        fields.common = Some(fields.word()?);
    }
    let base_headroom = fields.unsigned()?;
    let alternate_headroom = fields.unsigned()?;
    let first = fields.channel()?;
    let channels = if flags & MULTICHANNEL != 0 { [first, fields.channel()?, fields.channel()?] } else { [first; 3] };
    Some(GainMapInfo { channels, base_headroom, alternate_headroom, in_base_space: flags & BASE_SPACE != 0 })
}

struct Fields<'a> {
    rest: &'a [u8],
    /// Denominator of all fractions, where there is one.
    common: Option<u32>,
}

impl Fields<'_> {
    fn word(&mut self) -> Option<u32> {
        let (word, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(u32::from_be_bytes(*word))
    }

    fn over_denominator(&mut self, numerator: f64) -> Option<f64> {
        let denominator = match self.common {
            Some(denominator) => denominator,
            None => self.word()?,
        };
        // Over 0 it is no number, and refused with the others.
        Some(numerator / f64::from(denominator))
    }

    fn unsigned(&mut self) -> Option<f64> {
        let numerator = self.word()?;
        self.over_denominator(numerator.into())
    }

    fn signed(&mut self) -> Option<f64> {
        let numerator = self.word()?.cast_signed();
        self.over_denominator(numerator.into())
    }

    fn channel(&mut self) -> Option<GainChannel> {
        Some(GainChannel {
            min: self.signed()?,
            max: self.signed()?,
            gamma: self.unsigned()?,
            base_offset: self.signed()?,
            alternate_offset: self.signed()?,
        })
    }
}

/// Writes a block.
pub(super) fn write(info: &GainMapInfo) -> Vec<u8> {
    let uniform = info.is_uniform();
    let mut block = ISO_VERSION.to_vec();
    block.push(if uniform { 0 } else { MULTICHANNEL } | if info.in_base_space { BASE_SPACE } else { 0 });
    let mut put = |value: f64, signed: bool| {
        let (numerator, denominator) = fraction(value, signed);
        block.extend(numerator.to_be_bytes());
        block.extend(denominator.to_be_bytes());
    };
    put(info.base_headroom, false);
    put(info.alternate_headroom, false);
    for channel in &info.channels[..if uniform { 1 } else { 3 }] {
        put(channel.min, true);
        put(channel.max, true);
        put(channel.gamma, false);
        put(channel.base_offset, true);
        put(channel.alternate_offset, true);
    }
    block
}

/// The value over the least power of two that makes it whole, or over the largest that fits.
fn fraction(value: f64, signed: bool) -> (u32, u32) {
    let (low, high) = if signed { (f64::from(i32::MIN), f64::from(i32::MAX)) } else { (0.0, f64::from(u32::MAX)) };
    let mut denominator = 1u32;
    let scaled = |denominator: u32| value * f64::from(denominator);
    let fits = |denominator: u32| (low..=high).contains(&scaled(denominator));
    while scaled(denominator).fract() != 0.0 && denominator < MAX_DENOMINATOR && fits(denominator * 2) {
        denominator *= 2;
    }
    let numerator = scaled(denominator).round().clamp(low, high);
    // The cast to 64 bits is exact, the one to 32 takes two's complement for negative numbers.
    (numerator as i64 as u32, denominator)
}

#[cfg(test)]
mod tests {
    use super::{super::testing::two_stops, *};

    #[test]
    fn comes_back_as_it_was() {
        let uniform = two_stops();
        let mut coloured = two_stops();
        coloured.channels[1] =
            GainChannel { min: -0.75, max: 5.625, gamma: 1.5, base_offset: 0.0, alternate_offset: -1.0 };
        coloured.in_base_space = false;
        for info in [uniform, coloured] {
            let block = write(&info);
            assert_eq!(block.len(), 21 + 40 * if info.is_uniform() { 1 } else { 3 });
            assert_eq!(read(&block), Some(info));
            assert!((0..block.len()).all(|len| read(&block[..len]).is_none()));
        }
    }

    #[test]
    fn one_denominator_may_serve_for_all() {
        let words = [4u32, 0, 8, (-4i32).cast_unsigned(), 8, 4, 1, 2].map(u32::to_be_bytes).concat();
        let info = read(&[&ISO_VERSION[..], &[BASE_SPACE | COMMON_DENOMINATOR], &words].concat()).unwrap();
        let channel = GainChannel { min: -1.0, max: 2.0, gamma: 1.0, base_offset: 0.25, alternate_offset: 0.5 };
        assert_eq!(info.channels, [channel; 3]);
        assert_eq!((info.base_headroom, info.alternate_headroom), (0.0, 2.0));
    }

    #[test]
    fn later_versions_and_zero_denominators_are_refused() {
        let block = write(&two_stops());
        let with = |at: usize, value: u8| {
            let mut block = block.clone();
            block[at] = value;
            GainMapInfo::from_iso(&block)
        };
        assert!(with(1, 1).is_none(), "a reader of version 1 is wanted");
        assert!(with(3, 1).is_some(), "written by version 1");
        assert!(with(12, 0).is_none(), "0 over 0");
    }

    #[test]
    fn fractions_are_as_near_as_they_can_be() {
        assert_eq!(fraction(5.5, false), (11, 2));
        assert_eq!(fraction(-0.25, true), ((-1i32).cast_unsigned(), 4));
        assert_eq!(fraction(1e12, true), (i32::MAX.cast_unsigned(), 1));
        assert_eq!(fraction(-1.0, false), (0, 1));
        let (numerator, denominator) = fraction(1.0 / 3.0, true);
        assert!((f64::from(numerator) / f64::from(denominator) - 1.0 / 3.0).abs() < 1e-8);
    }
}
