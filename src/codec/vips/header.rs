//! The 64 bytes at the start: size, kind of samples, what they mean, density.

use crate::image::{ColourSpace, Depth, PixelFormat, Spec};

pub(super) const LEN: usize = 64;

/// The first bytes of a file whose numbers are stored with their low and with their high byte first.
const LITTLE: [u8; 4] = [0xb6, 0xa6, 0xf2, 0x08];
const BIG: [u8; 4] = [0x08, 0xf2, 0xa6, 0xb6];

/// Numbers of the colour spaces.
const SPACES: [(ColourSpace, u32); 15] = [
    (ColourSpace::Grey, 1),
    (ColourSpace::Xyz, 12),
    (ColourSpace::Lab, 13),
    (ColourSpace::Cmyk, 15),
    (ColourSpace::Cmc, 18),
    (ColourSpace::Lch, 19),
    (ColourSpace::Labs, 21),
    (ColourSpace::Srgb, 22),
    (ColourSpace::Yxy, 23),
    (ColourSpace::Rgb16, 25),
    (ColourSpace::Grey16, 26),
    (ColourSpace::ScRgb, 28),
    (ColourSpace::Hsv, 29),
    (ColourSpace::Oklab, 30),
    (ColourSpace::Oklch, 31),
];
/// Channels that mean nothing in particular, and the old number of sRGB.
const MULTIBAND: u32 = 0;
const RGB: u32 = 17;

/// How one sample is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    U8,
    U16,
    /// Of L*a*b* in steps, which is worked on as floating point.
    I16,
    F32,
}

impl Stored {
    pub(super) const fn bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::F32 => 4,
        }
    }

    const fn code(self) -> u32 {
        match self {
            Self::U8 => 0,
            Self::U16 => 2,
            Self::I16 => 3,
            Self::F32 => 6,
        }
    }

    /// How samples of a layout are stored.
    pub(super) const fn of(format: PixelFormat) -> Self {
        match (format.depth, format.space) {
            (Depth::U8, _) => Self::U8,
            (Depth::U16, _) => Self::U16,
            (Depth::F32, ColourSpace::Labs) => Self::I16,
            (Depth::F32, _) => Self::F32,
        }
    }
}

/// What the header says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct FileHeader {
    pub(super) spec: Spec,
    pub(super) stored: Stored,
    /// Numbers have the byte order of this machine.
    pub(super) native: bool,
    /// Pixels per millimetre.
    pub(super) density: (f64, f64),
}

/// Why a header is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    Damaged,
    /// Samples of a kind that the engine does not work with.
    Layout,
}

pub(super) fn sniff(start: &[u8]) -> bool {
    start.starts_with(&LITTLE) || start.starts_with(&BIG)
}

impl FileHeader {
    /// Bytes of one row.
    pub(super) const fn row_bytes(&self) -> usize {
        self.spec.row_samples().saturating_mul(self.stored.bytes())
    }

    pub(super) fn parse(bytes: &[u8; LEN]) -> Result<Self, Refused> {
        let big = bytes.starts_with(&BIG);
        let number = |at: usize| {
            let bytes = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
            if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
        };
        let size = |at| Some(number(at)).filter(|size| (1..=i32::MAX as u32).contains(size)).ok_or(Refused::Damaged);
        let (width, height, bands) = (size(4)?, size(8)?, size(12)?);
        let (kind, coding, meaning) = (number(20), number(24), number(28));
        if coding != 0 {
            return Err(Refused::Layout);
        }
        let (format, stored) = layout(bands, kind, meaning).ok_or(Refused::Layout)?;
        let density = (f32::from_bits(number(32)).into(), f32::from_bits(number(36)).into());
        Ok(Self { spec: Spec::new(width, height, format), stored, native: big == cfg!(target_endian = "big"), density })
    }

    /// The bytes, in the order of this machine.
    pub(super) fn bytes(&self) -> [u8; LEN] {
        let format = self.spec.format;
        let meaning = SPACES.iter().find(|(space, _)| *space == format.space).map_or(MULTIBAND, |(_, code)| *code);
        let mut bytes = [0; LEN];
        let mut put = |at: usize, number: u32| bytes[at..at + 4].copy_from_slice(&number.to_ne_bytes());
        put(4, self.spec.width);
        put(8, self.spec.height);
        put(12, format.channels() as u32);
        put(16, 8 * self.stored.bytes() as u32);
        put(20, self.stored.code());
        put(28, meaning);
        put(32, (self.density.0 as f32).to_bits());
        put(36, (self.density.1 as f32).to_bits());
        bytes[..4].copy_from_slice(if cfg!(target_endian = "big") { &BIG } else { &LITTLE });
        bytes
    }
}

/// The layout of so many channels of a kind and a meaning, and how it is stored.
fn layout(bands: u32, kind: u32, meaning: u32) -> Option<(PixelFormat, Stored)> {
    let stored =
        [Stored::U8, Stored::U16, Stored::I16, Stored::F32].into_iter().find(|stored| stored.code() == kind)?;
    let named = SPACES.iter().find(|(_, code)| *code == meaning).map(|(space, _)| *space);
    let space = match (stored, named, bands) {
        // What has no meaning, or that of another depth, is what it looks like.
        (Stored::U8 | Stored::U16, None | Some(ColourSpace::Grey | ColourSpace::Grey16), 1 | 2) => {
            if stored == Stored::U8 { ColourSpace::Grey } else { ColourSpace::Grey16 }
        }
        (Stored::U8 | Stored::U16, None | Some(ColourSpace::Srgb | ColourSpace::Rgb16), 3 | 4)
            if named.is_some() || meaning == RGB || meaning == MULTIBAND =>
        {
            if stored == Stored::U8 {
                ColourSpace::Srgb
            } else {
                ColourSpace::Rgb16
            }
        }
        (_, Some(space), _) if Stored::of(PixelFormat::new(space, space.depth(), false)) == stored => space,
        _ => return None,
    };
    let alpha = match bands.checked_sub(space.channels() as u32)? {
        0 => false,
        1 => true,
        _ => return None,
    };
    Some((PixelFormat::new(space, space.depth(), alpha), stored))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for (space, _) in SPACES {
            for alpha in [false, true] {
                let format = PixelFormat::new(space, space.depth(), alpha);
                let spec = Spec::new(7, 5, format);
                let header = FileHeader { spec, stored: Stored::of(format), native: true, density: (2.5, 1.0) };
                assert_eq!(FileHeader::parse(&header.bytes()), Ok(header), "{space:?}");
            }
        }
    }

    #[test]
    fn the_other_byte_order_is_read_too() {
        let format = PixelFormat::new(ColourSpace::Rgb16, Depth::U16, false);
        let header =
            FileHeader { spec: Spec::new(7, 5, format), stored: Stored::U16, native: true, density: (1.0, 1.0) };
        let mut bytes = header.bytes();
        bytes.as_chunks_mut::<4>().0.iter_mut().for_each(|number| number.reverse());
        assert_eq!(FileHeader::parse(&bytes), Ok(FileHeader { native: false, ..header }));
    }

    #[test]
    fn odd_headers_are_refused() {
        let format = PixelFormat::new(ColourSpace::Srgb, Depth::U8, false);
        let header =
            FileHeader { spec: Spec::new(7, 5, format), stored: Stored::U8, native: true, density: (1.0, 1.0) };
        let with = |at: usize, number: u32| {
            let mut bytes = header.bytes();
            bytes[at..at + 4].copy_from_slice(&number.to_ne_bytes());
            FileHeader::parse(&bytes).map(|header| header.spec.format.channels())
        };
        assert_eq!(with(4, 0), Err(Refused::Damaged));
        assert_eq!(with(8, u32::MAX), Err(Refused::Damaged));
        assert_eq!(with(12, 5), Err(Refused::Layout));
        assert_eq!(with(20, 9), Err(Refused::Layout));
        assert_eq!(with(24, 2), Err(Refused::Layout));
        assert_eq!(with(28, RGB), Ok(3));
        assert_eq!(with(28, 24), Err(Refused::Layout));
    }
}
