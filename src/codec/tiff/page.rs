//! One image of a file: its size, how its samples are stored, and where.

use super::{
    directory::{Directory, tag},
    kind::{Kind, widened},
    source::{Order, Source},
};

/// Longest side that is read, in pixels.
pub(super) const MAX_SIDE: u64 = 100_000_000;

/// Largest tile, in pixels.
const MAX_TILE: u64 = 1 << 28;

/// Samples of a pixel that are understood; the public API gives at most one beside the colour.
const MAX_SAMPLES: u64 = 256;

/// Colours are made of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Photometric {
    WhiteIsZero,
    BlackIsZero,
    Rgb,
    Palette,
    /// Cyan, magenta, yellow, black; 0 is no ink.
    Separated,
    YCbCr,
    /// L* from 0, a* and b* signed.
    Lab,
    /// The same with a* and b* around the middle.
    IccLab,
}

/// How chunks are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    /// One-dimensional Huffman runs, rows padded to bytes.
    CcittRle,
    CcittGroup3,
    CcittGroup4,
    Lzw,
    Jpeg,
    Deflate,
    PackBits,
    WebP,
    Zstd,
    /// One that is not read; the number in the file.
    Unknown(u64),
}

/// An image as its directory describes it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Page {
    pub(super) order: Order,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bits of a sample in the file.
    pub(super) stored: u16,
    /// Bits of a sample as it is handed on.
    pub(super) bits: u16,
    pub(super) kind: Kind,
    /// Samples of a pixel.
    pub(super) samples: u16,
    pub(super) photometric: Option<Photometric>,
    pub(super) compression: Compression,
    /// Each channel has chunks of its own.
    pub(super) planar: bool,
    /// 1 none, 2 horizontal differences, 3 floating point.
    pub(super) predictor: u16,
    /// The first pixel is in the lowest bit of a byte.
    pub(super) reversed: bool,
    pub(super) tiled: bool,
    /// Size of a tile, or of a strip: as wide as the image.
    pub(super) chunk_width: u32,
    pub(super) chunk_height: u32,
    /// Colours are multiplied by alpha.
    pub(super) premultiplied: bool,
    /// Luma samples of a chroma sample, across and down.
    pub(super) subsampling: (u32, u32),
    /// Bit 0: Group 3 in two dimensions.
    pub(super) t4_options: u64,
}

/// Why a directory gives no image.
#[derive(Debug)]
pub(super) enum Unusable {
    /// It is none that a reader would take for a TIFF's.
    Unrecognised,
    /// Its own sentence.
    Because(String),
}

impl Unusable {
    fn because(text: &str) -> Self {
        Self::Because(format!("tiff2vips: {text}"))
    }
}

impl Page {
    pub(super) fn read(source: &mut Source<'_>, directory: &Directory) -> Result<Self, Unusable> {
        let mut get = |tag, default: u64| directory.integer(source, tag).unwrap_or(default);
        let (width, height) = (get(tag::WIDTH, 0), get(tag::HEIGHT, 0));
        let tiled = directory.has(tag::TILE_OFFSETS);
        let recognised = width > 0 && height > 0 && (tiled || directory.has(tag::STRIP_OFFSETS));
        if !recognised {
            return Err(Unusable::Unrecognised);
        }
        if width > MAX_SIDE || height > MAX_SIDE {
            return Err(Unusable::because("width/height out of range"));
        }
        if !directory.has(tag::PHOTOMETRIC) {
            return Err(Unusable::because("required field 262 missing"));
        }
        let (width, height) = (width as u32, height as u32);
        let rows = get(tag::ROWS_PER_STRIP, u32::MAX.into()).min(height.into()) as u32;
        let (chunk_width, chunk_height) = match tiled {
            true => (get(tag::TILE_WIDTH, 0), get(tag::TILE_HEIGHT, 0)),
            false => (width.into(), rows.into()),
        };
        if chunk_width == 0 || chunk_height == 0 {
            return Err(Unusable::Unrecognised);
        }
        if chunk_width > MAX_SIDE || chunk_height > MAX_SIDE || (tiled && chunk_width * chunk_height > MAX_TILE) {
            return Err(Unusable::because("tile size out of range"));
        }
        let samples = get(tag::SAMPLES_PER_PIXEL, 1);
        let kind = match get(tag::SAMPLE_FORMAT, 1) {
            1 | 4 => Kind::Unsigned,
            2 => Kind::Signed,
            3 => Kind::Float,
            _ => return Err(Unusable::because("unsupported tiff image type")),
        };
        let bits = get(tag::BITS_PER_SAMPLE, 1);
        let stored = bits;
        let compression = compression(get(tag::COMPRESSION, 1));
        let bits = widened(kind, stored, samples)
            .filter(|&bits| u64::from(bits) == stored || !compression.is_picture())
            .ok_or(Unusable::because("samples_per_pixel not a whole number of bytes"))?;
        if tiled && !(chunk_width * stored).is_multiple_of(8) {
            return Err(Unusable::because("tile size out of range"));
        }
        if !(1..=MAX_SAMPLES).contains(&samples) {
            return Err(Unusable::because("samples out of range"));
        }
        let photometric = photometric(get(tag::PHOTOMETRIC, 0));
        let colours = photometric.map_or(u64::MAX, Photometric::channels);
        let premultiplied = samples > colours && get(tag::EXTRA_SAMPLES, 0) == 1;
        let planar = get(tag::PLANAR_CONFIGURATION, 1) == 2 && samples > 1;
        let predictor = get(tag::PREDICTOR, 1).min(u16::MAX.into()) as u16;
        let reversed = get(tag::FILL_ORDER, 1) == 2;
        let t4_options = get(tag::T4_OPTIONS, 0);
        let subsampling = match directory.integers(source, tag::YCBCR_SUBSAMPLING, 2).as_deref() {
            Some(&[across @ (1 | 2 | 4), down @ (1 | 2 | 4)]) => (across as u32, down as u32),
            _ => (2, 2),
        };
        Ok(Self {
            order: source.order,
            width,
            height,
            stored: stored as u16,
            bits,
            kind,
            samples: samples as u16,
            photometric,
            compression,
            planar,
            predictor,
            reversed,
            tiled,
            chunk_width: chunk_width as u32,
            chunk_height: chunk_height as u32,
            premultiplied,
            subsampling,
            t4_options,
        })
    }

    /// Chunks across and down the image.
    pub(super) const fn chunks(&self) -> (u32, u32) {
        (self.width.div_ceil(self.chunk_width), self.height.div_ceil(self.chunk_height))
    }

    /// Samples of a pixel in one chunk.
    pub(super) const fn chunk_samples(&self) -> usize {
        if self.planar { 1 } else { self.samples as usize }
    }

    /// Bytes of a row of `width` pixels in one chunk; `None` when there is no such number.
    pub(super) fn row_bytes(&self, width: u32) -> Option<usize> {
        self.row_of(width, self.stored)
    }

    /// The same of samples as they are handed on.
    pub(super) fn widened_row_bytes(&self, width: u32) -> Option<usize> {
        self.row_of(width, self.bits)
    }

    fn row_of(&self, width: u32, bits: u16) -> Option<usize> {
        let bits = u64::from(width).checked_mul(self.chunk_samples() as u64)?.checked_mul(bits.into())?;
        usize::try_from(bits.div_ceil(8)).ok()
    }

    /// Whether chroma is stored in blocks with the luma that it belongs to.
    pub(super) fn is_blocked(&self) -> bool {
        let encoded = matches!(self.compression, Compression::Jpeg | Compression::WebP);
        self.photometric == Some(Photometric::YCbCr) && !encoded && self.subsampling != (1, 1)
    }
}

impl Compression {
    /// Whether what is compressed is an image by itself, of samples of a depth of its own.
    const fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::WebP)
    }
}

impl Photometric {
    /// Samples of a pixel that are colour.
    pub(super) const fn channels(self) -> u64 {
        match self {
            Self::WhiteIsZero | Self::BlackIsZero | Self::Palette => 1,
            Self::Rgb | Self::YCbCr | Self::Lab | Self::IccLab => 3,
            Self::Separated => 4,
        }
    }
}

fn photometric(number: u64) -> Option<Photometric> {
    Some(match number {
        0 => Photometric::WhiteIsZero,
        1 => Photometric::BlackIsZero,
        2 => Photometric::Rgb,
        3 => Photometric::Palette,
        5 => Photometric::Separated,
        6 => Photometric::YCbCr,
        8 => Photometric::Lab,
        9 => Photometric::IccLab,
        _ => return None,
    })
}

fn compression(number: u64) -> Compression {
    match number {
        1 => Compression::None,
        2 => Compression::CcittRle,
        3 => Compression::CcittGroup3,
        4 => Compression::CcittGroup4,
        5 => Compression::Lzw,
        7 => Compression::Jpeg,
        8 | 32946 => Compression::Deflate,
        32773 => Compression::PackBits,
        50000 => Compression::Zstd,
        50001 => Compression::WebP,
        other => Compression::Unknown(other),
    }
}
