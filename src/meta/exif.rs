//! EXIF: only as much as the pipeline needs. Source: Exif 2.32 / TIFF 6.0.

use super::{Density, DensityUnit};

/// The prefix that JPEG puts before the TIFF structure.
pub const PREFIX: &[u8] = b"Exif\0\0";

const TAG_ORIENTATION: u16 = 0x0112;
const TAG_X_RESOLUTION: u16 = 0x011a;
const TAG_Y_RESOLUTION: u16 = 0x011b;
const TAG_RESOLUTION_UNIT: u16 = 0x0128;
const TYPE_SHORT: u16 = 3;
const TYPE_RATIONAL: u16 = 5;

/// The orientation (1 to 8) in an EXIF block, with or without [`PREFIX`]; 1 when it is out of range, `None`
/// when there is none.
pub fn orientation(exif: &[u8]) -> Option<u8> {
    let value = Reader::new(exif)?.short(TAG_ORIENTATION)?;
    Some(u8::try_from(value).ok().filter(|value| (1..=8).contains(value)).unwrap_or(1))
}

/// The physical density in an EXIF block, with or without [`PREFIX`]; `None` when either direction is absent or the unit
/// is unknown. A unit that is absent is the inch; a resolution without a unit counts pixels per millimetre; one that
/// divides by zero is zero.
pub fn density(exif: &[u8]) -> Option<Density> {
    let reader = Reader::new(exif)?;
    let (x, y) = (reader.rational(TAG_X_RESOLUTION)?, reader.rational(TAG_Y_RESOLUTION)?);
    let (unit, millimetres) = match reader.short(TAG_RESOLUTION_UNIT) {
        Some(1) => (DensityUnit::Unstated, 1.0),
        None | Some(2) => (DensityUnit::Inch, 25.4),
        Some(3) => (DensityUnit::Centimetre, 10.0),
        Some(_) => return None,
    };
    Some(Density { x: x / millimetres, y: y / millimetres, unit })
}

/// The block with this orientation, with [`PREFIX`]: its own tag changed, or a new first directory appended that has one.
/// Without a block, or with one that cannot be read, a new block that holds nothing else.
pub fn with_orientation(exif: Option<Vec<u8>>, orientation: u8) -> Vec<u8> {
    exif.and_then(|exif| set_orientation(exif, orientation)).unwrap_or_else(|| {
        let mut block = PREFIX.to_vec();
        block.extend(b"II*\0\x08\0\0\0\x01\0");
        block.extend(orientation_entry(orientation, false));
        block.extend([0; 4]);
        block
    })
}

fn set_orientation(mut exif: Vec<u8>, orientation: u8) -> Option<Vec<u8>> {
    if !exif.starts_with(PREFIX) {
        exif.splice(0..0, PREFIX.iter().copied());
    }
    let reader = Reader::new(&exif)?;
    let big_endian = reader.big_endian;
    if let Some(at) = reader.entry(TAG_ORIENTATION, TYPE_SHORT) {
        exif[PREFIX.len() + at..][..2].copy_from_slice(&bytes_u16(orientation.into(), big_endian));
        return Some(exif);
    }
    let ifd = usize::try_from(reader.u32(4)?).ok()?;
    let count = reader.u16(ifd)?;
    let old = reader.bytes.get(ifd + 2..ifd.checked_add(2 + usize::from(count) * 12)?)?;
    let next = reader.array::<4>(ifd + 2 + old.len())?;
    let entry_tag = |entry: &[u8]| if big_endian { [entry[0], entry[1]] } else { [entry[1], entry[0]] };
    let before = old.chunks_exact(12).take_while(|entry| entry_tag(entry) < TAG_ORIENTATION.to_be_bytes()).count() * 12;
    let mut ifd = bytes_u16(count.checked_add(1)?, big_endian).to_vec();
    ifd.extend(&old[..before]);
    ifd.extend(orientation_entry(orientation, big_endian));
    ifd.extend(&old[before..]);
    ifd.extend(next);
    // Directories begin at even offsets.
    exif.resize(exif.len().next_multiple_of(2), 0);
    let at = u32::try_from(exif.len() - PREFIX.len()).ok()?;
    let offset = if big_endian { at.to_be_bytes() } else { at.to_le_bytes() };
    exif[PREFIX.len() + 4..][..4].copy_from_slice(&offset);
    exif.extend(ifd);
    Some(exif)
}

fn orientation_entry(orientation: u8, big_endian: bool) -> [u8; 12] {
    let [tag, kind, value] =
        [TAG_ORIENTATION, TYPE_SHORT, orientation.into()].map(|number| bytes_u16(number, big_endian));
    let count = if big_endian { 1u32.to_be_bytes() } else { 1u32.to_le_bytes() };
    let mut entry = [0; 12];
    entry[..2].copy_from_slice(&tag);
    entry[2..4].copy_from_slice(&kind);
    entry[4..8].copy_from_slice(&count);
    entry[8..10].copy_from_slice(&value);
    entry
}

const fn bytes_u16(number: u16, big_endian: bool) -> [u8; 2] {
    if big_endian { number.to_be_bytes() } else { number.to_le_bytes() }
}

/// Bounds-checked numbers in the byte order of a TIFF header.
struct Reader<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl<'a> Reader<'a> {
    /// The TIFF structure of an EXIF block.
    fn new(exif: &'a [u8]) -> Option<Self> {
        let bytes = exif.strip_prefix(PREFIX).unwrap_or(exif);
        let big_endian = match bytes.get(..4)? {
            b"II*\0" => false,
            b"MM\0*" => true,
            _ => return None,
        };
        Some(Self { bytes, big_endian })
    }

    /// Where the entry of the first directory with this tag, this type and one value has that value.
    fn entry(&self, tag: u16, kind: u16) -> Option<usize> {
        let ifd = usize::try_from(self.u32(4)?).ok()?;
        let entries = usize::from(self.u16(ifd)?);
        (0..entries).find_map(|entry| {
            let at = ifd.checked_add(2 + entry * 12)?;
            let found = self.u16(at)? == tag && self.u16(at + 2)? == kind && self.u32(at + 4)? == 1;
            found.then_some(at + 8)
        })
    }

    fn short(&self, tag: u16) -> Option<u16> {
        self.u16(self.entry(tag, TYPE_SHORT)?)
    }

    /// A fraction; zero when its denominator is.
    fn rational(&self, tag: u16) -> Option<f64> {
        let at = usize::try_from(self.u32(self.entry(tag, TYPE_RATIONAL)?)?).ok()?;
        let (numerator, denominator) = (self.u32(at)?, self.u32(at.checked_add(4)?)?);
        Some(if denominator == 0 { 0.0 } else { f64::from(numerator) / f64::from(denominator) })
    }

    fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.bytes.get(at..at.checked_add(N)?)?.try_into().ok()
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let bytes = self.array(at)?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes = self.array(at)?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(orientation: u16) -> Vec<u8> {
        let mut block = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
        block.extend(orientation.to_be_bytes());
        block.extend([0; 6]);
        block
    }

    #[test]
    fn an_orientation_out_of_range_is_upright() {
        assert_eq!(orientation(&block(6)), Some(6));
        assert_eq!(orientation(&block(0)), Some(1));
        assert_eq!(orientation(&block(9)), Some(1));
    }

    /// A little-endian block with a horizontal and a vertical resolution of 300/1 and a unit.
    fn resolution_block(unit: u16) -> Vec<u8> {
        let mut block = b"II*\0\x08\0\0\0\x03\0".to_vec();
        block.extend(b"\x1a\x01\x05\0\x01\0\0\0\x32\0\0\0");
        block.extend(b"\x1b\x01\x05\0\x01\0\0\0\x32\0\0\0");
        block.extend(b"\x28\x01\x03\0\x01\0\0\0");
        block.extend([unit.to_le_bytes(), [0, 0]].concat());
        block.extend([0, 0, 0, 0, 0x2c, 1, 0, 0, 1, 0, 0, 0]);
        block
    }

    #[test]
    fn reads_density_in_its_unit() {
        let found = |unit| density(&resolution_block(unit)).map(|density| (density.unit, density.x, density.y));
        assert_eq!(found(1), Some((DensityUnit::Unstated, 300.0, 300.0)));
        assert_eq!(found(2), Some((DensityUnit::Inch, 300.0 / 25.4, 300.0 / 25.4)));
        assert_eq!(found(3), Some((DensityUnit::Centimetre, 30.0, 30.0)));
        assert_eq!(found(4), None);
        let whole = resolution_block(2);
        assert!((0..whole.len()).all(|end| density(&whole[..end]).is_none()));
    }

    #[test]
    fn orientation_is_changed_added_or_made() {
        assert_eq!(orientation(&with_orientation(Some(block(6)), 1)), Some(1));
        assert_eq!(orientation(&with_orientation(None, 8)), Some(8));
        assert_eq!(orientation(&with_orientation(Some(b"Exif\0\0MM".to_vec()), 3)), Some(3));
        // A block whose only tag is the image width (0x0100) keeps it.
        let mut width = b"MM\0*\0\0\0\x08\0\x01\x01\0\0\x03\0\0\0\x01\0\x07\0\0".to_vec();
        width.extend([0; 4]);
        let both = with_orientation(Some(width), 5);
        assert_eq!(orientation(&both), Some(5));
        assert_eq!(Reader::new(&both).unwrap().short(0x0100), Some(7));
    }

    #[test]
    fn survives_being_cut_anywhere() {
        let whole = block(6);
        for end in 0..24 {
            assert_eq!(orientation(&whole[..end]), None, "cut at {end}");
        }
    }
}
