//! A bitmap of an icon: a header of any version, a palette, rows from the bottom up, and a mask of what is transparent.

use crate::{
    error::{Error, Result},
    image::{ColourSpace, Depth, Image, PixelFormat, Samples, Spec, zeroed},
    options::FailOn,
};

/// Longest side that is read, in pixels.
const MAX_SIDE: u32 = 1 << 16;

/// Sizes of the oldest header, whose numbers have 16 bits and whose colours three bytes, and of the usual one.
const CORE: usize = 12;
const INFO: usize = 40;

/// Bits of red, green, blue and alpha in a pixel.
type Masks = [u32; 4];

pub(super) struct Bitmap<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bits: u16,
    top_down: bool,
    /// Red, green and blue of each index.
    palette: Vec<[u8; 3]>,
    masks: Masks,
    /// The rows of colours, then those of the mask.
    data: &'a [u8],
}

impl<'a> Bitmap<'a> {
    /// Reads the header; `None` when it is none, or that of a compressed image.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let word = |at: usize| bytes.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes));
        let number = |at: usize| bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
        let size = usize::try_from(number(0)?).ok()?;
        let (width, height, bits) = match size {
            CORE => (word(4)?.into(), i32::from(word(6)?), word(10)?),
            16..=256 => (number(4)?, number(8)? as i32, word(14)?),
            _ => return None,
        };
        let field = |at: usize| if size >= at + 4 { number(at) } else { Some(0) };
        let (compression, used) = (field(16)?, field(32)?);
        // Both halves count: colours and mask.
        let (top_down, height) = (height < 0, height.unsigned_abs() / 2);
        let sides = 1..=MAX_SIDE;
        if !sides.contains(&width) || !sides.contains(&height) || !matches!(bits, 1 | 2 | 4 | 8 | 16 | 24 | 32) {
            return None;
        }
        let masks_behind = size == INFO && matches!(compression, 3 | 6) && matches!(bits, 16 | 32);
        let mask = |index: usize| if masks_behind || size >= INFO + 12 { number(INFO + 4 * index) } else { Some(0) };
        let alpha = if compression == 6 || size >= 56 { mask(3)? } else { 0 };
        let masks = match (compression, bits) {
            (0, 16) => [0x7c00, 0x03e0, 0x001f, 0],
            (0, _) => [0x00ff_0000, 0xff00, 0xff, 0xff00_0000],
            (3 | 6, 16 | 32) => [mask(0)?, mask(1)?, mask(2)?, alpha],
            _ => return None,
        };
        let behind = match compression {
            6 if masks_behind => 16,
            _ if masks_behind => 12,
            _ => 0,
        };
        let entry = if size == CORE { 3 } else { 4 };
        let entries = match used {
            _ if bits > 8 => 0,
            1..=256 => used as usize,
            _ => 1 << bits,
        };
        let colours = bytes.get(size + behind..)?;
        let data = colours.get(entry * entries..)?;
        let palette =
            colours.chunks_exact(entry).take(entries).map(|colour| [colour[2], colour[1], colour[0]]).collect();
        Some(Self { width, height, bits, top_down, palette, masks, data })
    }

    /// 8-bit sRGB with alpha.
    pub(super) const fn spec(&self) -> Spec {
        Spec::new(self.width, self.height, PixelFormat::new(ColourSpace::Srgb, Depth::U8, true))
    }

    /// The pixels. Rows that are not there are damage, those of the mask are opaque.
    pub(super) fn decode(&self, fail_on: FailOn) -> Result<Image> {
        let (width, height) = (self.width as usize, self.height as usize);
        let row_bytes = (width * usize::from(self.bits)).div_ceil(32) * 4;
        let mask_bytes = width.div_ceil(32) * 4;
        let (colours, mask) = self.data.split_at(self.data.len().min(row_bytes * height));
        if colours.len() < row_bytes * height && fail_on > FailOn::None {
            return Err(Error::corrupt_pixels("icoload: rows are missing"));
        }
        // Pixels of 32 bits have an alpha of their own, unless it is nowhere set: writers before Windows XP left it out.
        let alpha = self.masks[3];
        let word = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes);
        let has_alpha = match self.bits {
            32 => colours.as_chunks().0.iter().any(|pixel| word(pixel) & alpha != 0),
            16 => alpha != 0,
            _ => false,
        };
        let mut samples = zeroed::<u8>(self.spec().samples()?)?;
        for (y, to) in samples.chunks_exact_mut(width * 4).enumerate() {
            let row = if self.top_down { y } else { height - 1 - y };
            let Some(line) = colours.get(row * row_bytes..(row + 1) * row_bytes) else { continue };
            let clear = mask.get(row * mask_bytes..(row + 1) * mask_bytes).unwrap_or_default();
            for (x, pixel) in to.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                *pixel = self.pixel(line, x);
                if !has_alpha {
                    let is_clear = clear.get(x / 8).is_some_and(|bits| bits >> (7 - x % 8) & 1 == 1);
                    pixel[3] = if is_clear { 0 } else { 255 };
                }
            }
        }
        Image::from_samples(self.spec(), Samples::U8(samples))
    }

    /// One pixel of a row, with the alpha of its own.
    fn pixel(&self, line: &[u8], x: usize) -> [u8; 4] {
        match self.bits {
            24 => [line[3 * x + 2], line[3 * x + 1], line[3 * x], 255],
            16 => self.masked(u16::from_le_bytes([line[2 * x], line[2 * x + 1]]).into()),
            32 => self.masked(line.as_chunks().0.get(x).map_or(0, |bytes| u32::from_le_bytes(*bytes))),
            bits => {
                let bits = usize::from(bits);
                let at = x * bits;
                let index = line[at / 8] >> (8 - bits - at % 8) & (u8::MAX >> (8 - bits));
                let [red, green, blue] = self.palette.get(usize::from(index)).copied().unwrap_or_default();
                [red, green, blue, 255]
            }
        }
    }

    /// The channels of a pixel on the scale of 8 bits.
    fn masked(&self, pixel: u32) -> [u8; 4] {
        self.masks.map(|mask| {
            let shift = mask.trailing_zeros().min(31);
            let most = u64::from(mask >> shift);
            let value = u64::from((pixel & mask) >> shift);
            (value * 255 + most / 2).checked_div(most).unwrap_or(0) as u8
        })
    }
}
