//! EXIF: only as much as the pipeline needs. Source: Exif 2.32 / TIFF 6.0.

/// The prefix that JPEG puts before the TIFF structure.
pub const PREFIX: &[u8] = b"Exif\0\0";

const TAG_ORIENTATION: u16 = 0x0112;
const TYPE_SHORT: u16 = 3;

/// The orientation (1 to 8) in an EXIF block, with or without [`PREFIX`]; `None` when absent, invalid or damaged.
pub fn orientation(exif: &[u8]) -> Option<u8> {
    let tiff = exif.strip_prefix(PREFIX).unwrap_or(exif);
    let reader = Reader::new(tiff)?;
    let ifd = usize::try_from(reader.u32(4)?).ok()?;
    let entries = usize::from(reader.u16(ifd)?);
    (0..entries).find_map(|entry| {
        let at = ifd.checked_add(2 + entry * 12)?;
        let is_orientation =
            reader.u16(at)? == TAG_ORIENTATION && reader.u16(at + 2)? == TYPE_SHORT && reader.u32(at + 4)? == 1;
        let value = is_orientation.then(|| reader.u16(at + 8)).flatten()?;
        u8::try_from(value).ok().filter(|value| (1..=8).contains(value))
    })
}

/// Bounds-checked numbers in the byte order of a TIFF header.
struct Reader<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let big_endian = match bytes.get(..4)? {
            b"II*\0" => false,
            b"MM\0*" => true,
            _ => return None,
        };
        Some(Self { bytes, big_endian })
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
    fn reads_orientation_in_range_only() {
        assert_eq!(orientation(&block(6)), Some(6));
        assert_eq!(orientation(&block(0)), None);
        assert_eq!(orientation(&block(9)), None);
    }

    #[test]
    fn survives_being_cut_anywhere() {
        let whole = block(6);
        for end in 0..24 {
            assert_eq!(orientation(&whole[..end]), None, "cut at {end}");
        }
    }
}
