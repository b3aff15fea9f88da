//! What the samples of a file become: the narrowest layout of the engine that holds them, and the way there, row by row.

use super::{
    kind::Kind,
    page::{Page, Photometric},
};
use crate::{
    error::{Error, Result},
    image::{ColourSpace, Depth, PixelFormat, RowMut, depth_mismatch},
};

/// What is told of an image whose samples the engine holds in another layout: space and depth as they are in the file.
pub(super) fn stored(page: &Page) -> (&'static str, &'static str) {
    let depth = match (page.kind, page.bits) {
        (Kind::Unsigned, 16) => "ushort",
        (Kind::Unsigned, 32) => "uint",
        (Kind::Signed, 8) => "char",
        (Kind::Signed, 16) => "short",
        (Kind::Signed, 32) => "int",
        (Kind::Float, 32) => "float",
        (Kind::Float, _) => "double",
        _ => "uchar",
    };
    use Photometric::{BlackIsZero, IccLab, Lab, Palette, Rgb, Separated, WhiteIsZero, YCbCr};
    match (page.photometric, page.kind, page.bits) {
        (Some(WhiteIsZero | BlackIsZero | Palette), Kind::Unsigned | Kind::Signed, 16) => ("grey16", depth),
        (Some(WhiteIsZero | BlackIsZero), ..) => ("b-w", depth),
        (Some(Rgb | YCbCr), Kind::Float, _) => ("scrgb", depth),
        (Some(Rgb | YCbCr), Kind::Unsigned, 16) => ("rgb16", depth),
        (Some(Rgb | YCbCr | Palette), ..) => ("srgb", depth),
        (Some(Separated), ..) if page.samples >= 4 => ("cmyk", depth),
        (Some(Lab | IccLab), Kind::Unsigned | Kind::Signed, 16) => ("labs", "short"),
        (Some(Lab | IccLab), ..) => ("lab", depth),
        (Some(Separated) | None, ..) => ("multiband", depth),
    }
}

/// `format` with as many extra channels as make `samples` of it.
pub(super) fn with_extra(format: PixelFormat, samples: u16) -> PixelFormat {
    PixelFormat { extra: samples.saturating_sub(format.channels() as u16), ..format }
}

/// The way from rows of a file, in this machine's byte order, to rows of the engine.
pub(super) struct Layout {
    pub(super) format: PixelFormat,
    /// Samples of a pixel in the file.
    samples: usize,
    bits: u16,
    kind: Kind,
    premultiplied: bool,
    way: Way,
}

enum Way {
    /// Grey below 8 bits: what each value becomes.
    Packed(Box<[u8; 256]>),
    /// Bits to one of some colours; alpha is in the sample behind, where there is one.
    Palette(Vec<[u8; 3]>),
    /// Grey that a palette of greys gives.
    GreyPalette(Vec<[u8; 1]>),
    /// Samples as they are; grey turned around when it says so.
    Plain {
        inverted: bool,
    },
    /// Floating point, as it is.
    Float,
    YCbCr,
    /// L*, a* and b*, of integers; whether a* and b* are around the middle.
    Lab {
        centred: bool,
    },
    /// The same of 16 bits, to steps half as fine of L*.
    Labs {
        centred: bool,
    },
}

impl Layout {
    /// `colour_map` is the palette as it is in the file: all reds, all greens, all blues. An error is that the colours are
    /// none that are known.
    pub(super) fn new(page: &Page, colour_map: &[u64]) -> Result<Self> {
        let unknown = || Error::corrupt_pixels("vips_colourspace: no known route from 'multiband' to 'srgb'");
        let photometric = page.photometric.ok_or_else(unknown)?;
        let colours = photometric.channels() as u16;
        if page.samples < colours {
            return Err(unknown());
        }
        let wide = page.bits == 16 && page.kind == Kind::Unsigned;
        let usual = page.bits == page.stored;
        let float = page.kind == Kind::Float;
        use Photometric::{BlackIsZero, IccLab, Lab, Palette, Rgb, Separated, WhiteIsZero, YCbCr};
        let (space, way) = match photometric {
            BlackIsZero if float => (ColourSpace::Grey, Way::Float),
            WhiteIsZero | BlackIsZero => {
                let inverted = photometric == WhiteIsZero;
                let grey16 = page.bits == 16 && page.kind != Kind::Float;
                let space = if grey16 { ColourSpace::Grey16 } else { ColourSpace::Grey };
                match page.bits {
                    1 | 2 | 4 => (space, Way::Packed(Box::new(levels(page.bits, inverted)))),
                    _ => (space, Way::Plain { inverted }),
                }
            }
            Rgb if float => (ColourSpace::ScRgb, Way::Float),
            Rgb if wide => (ColourSpace::Rgb16, Way::Plain { inverted: false }),
            Rgb => (ColourSpace::Srgb, Way::Plain { inverted: false }),
            Separated => (ColourSpace::Cmyk, Way::Plain { inverted: false }),
            Palette if wide => (ColourSpace::Grey16, Way::Plain { inverted: false }),
            Palette => palette(page, colour_map)?,
            YCbCr if usual && page.bits == 8 && page.kind == Kind::Unsigned => (ColourSpace::Srgb, Way::YCbCr),
            YCbCr => return Err(unknown()),
            Lab | IccLab if float => (ColourSpace::Lab, Way::Float),
            // Half of its samples are signed without being said to be, and cannot be widened.
            Lab | IccLab if !usual => return Err(unknown()),
            Lab | IccLab if page.bits == 16 => (ColourSpace::Labs, Way::Labs { centred: photometric == IccLab }),
            Lab | IccLab => (ColourSpace::Lab, Way::Lab { centred: photometric == IccLab }),
        };
        let depth = if matches!(way, Way::Float) { Depth::F32 } else { space.depth() };
        let format = with_extra(PixelFormat::new(space, depth, page.samples > colours), page.samples);
        let (samples, bits, kind) = (page.samples.into(), page.bits, page.kind);
        Ok(Self { format, samples, bits, kind, premultiplied: page.premultiplied, way })
    }

    /// The samples are colours already: what a decoder of chunks has done.
    pub(super) fn with_rgb(mut self) -> Self {
        if matches!(self.way, Way::YCbCr) {
            self.way = Way::Plain { inverted: false };
        }
        self
    }

    /// Writes one row; `line` has all samples of its pixels, interleaved.
    pub(super) fn row(&self, line: &[u8], mut row: RowMut<'_>) -> Result<()> {
        match (&self.way, row.reborrow()) {
            (Way::Packed(levels), RowMut::U8(row)) => {
                unpack(line, self.bits, row, 1, |pixel, value| pixel[0] = levels[usize::from(value)]);
            }
            (Way::Palette(colours), RowMut::U8(row)) => self.indexed(line, row, colours),
            (Way::GreyPalette(levels), RowMut::U8(row)) => self.indexed(line, row, levels),
            (Way::Plain { inverted }, RowMut::U8(row)) => self.plain_bytes(line, row, *inverted),
            (Way::Plain { inverted }, RowMut::U16(row)) => self.plain_words(line, row, *inverted),
            (Way::Float, RowMut::F32(row)) => self.floats(line, row),
            (Way::YCbCr, RowMut::U8(row)) => {
                self.plain_bytes(line, row, false);
                let channels = self.format.channels();
                row.chunks_exact_mut(channels).for_each(|pixel| {
                    let rgb = ycbcr_to_rgb([pixel[0], pixel[1], pixel[2]]);
                    pixel[..3].copy_from_slice(&rgb);
                });
            }
            (Way::Lab { centred }, RowMut::F32(row)) => {
                self.floats(line, row);
                let (bits, kind) = (self.bits, self.kind);
                let opaque = ((1u64 << bits) - 1) as f32;
                row.chunks_exact_mut(self.format.channels()).for_each(|pixel| {
                    let lab = lab_value(pixel, bits, kind, *centred);
                    pixel[..3].copy_from_slice(&lab.map(|value| value as f32));
                    pixel[3..].iter_mut().for_each(|alpha| *alpha *= 255.0 / opaque);
                });
            }
            (Way::Labs { centred }, RowMut::F32(row)) => {
                let channels = self.format.channels();
                let middle = if *centred { 0x8000 } else { 0 };
                for (pixel, from) in row.chunks_exact_mut(channels).zip(line.chunks_exact(self.samples * 2)) {
                    let word = |at: usize| u16::from_ne_bytes([from[2 * at], from[2 * at + 1]]);
                    let chroma = |at: usize| f32::from((word(at) ^ middle) as i16);
                    pixel[..3].copy_from_slice(&[f32::from(word(0) >> 1), chroma(1), chroma(2)]);
                    for (at, to) in pixel.iter_mut().enumerate().skip(3) {
                        // As bytes have it.
                        *to = f32::from(word(at)).min(255.0);
                    }
                }
            }
            _ => return Err(depth_mismatch()),
        }
        if self.premultiplied {
            match row {
                RowMut::U8(row) => unpremultiply(row, self.format, 255.0, |value| value as u8),
                RowMut::U16(row) => unpremultiply(row, self.format, 65535.0, |value| value as u16),
                RowMut::F32(row) => unpremultiply(row, self.format, self.format.max(), |value| value as f32),
            }
        }
        Ok(())
    }

    fn indexed<const N: usize>(&self, line: &[u8], row: &mut [u8], colours: &[[u8; N]]) {
        let channels = self.format.channels();
        if self.bits < 8 {
            unpack(line, self.bits, row, channels, |pixel, value| {
                pixel[..N].copy_from_slice(&colours[usize::from(value)]);
            });
            return;
        }
        for (pixel, from) in row.chunks_exact_mut(channels).zip(line.chunks_exact(self.samples)) {
            pixel[..N].copy_from_slice(&colours[usize::from(from[0])]);
            pixel[N..].copy_from_slice(&from[1..]);
        }
    }

    /// Samples to bytes, cut to their range.
    fn plain_bytes(&self, line: &[u8], row: &mut [u8], inverted: bool) {
        let channels = self.format.channels();
        if self.bits == 8 && self.kind == Kind::Unsigned && channels == self.samples {
            row.copy_from_slice(&line[..row.len()]);
        } else if self.bits == 16 && self.kind == Kind::Unsigned {
            // Inks: the engine has them in 8 bits.
            for (pixel, from) in row.chunks_exact_mut(channels).zip(line.chunks_exact(self.samples * 2)) {
                for (to, from) in pixel.iter_mut().zip(from.as_chunks::<2>().0) {
                    *to = (u16::from_ne_bytes(*from) >> 8) as u8;
                }
            }
        } else {
            let size = usize::from(self.bits / 8);
            for (pixel, from) in row.chunks_exact_mut(channels).zip(line.chunks_exact(self.samples * size)) {
                for (to, from) in pixel.iter_mut().zip(from.chunks_exact(size)) {
                    // A cast cuts to the range.
                    *to = self.value(from) as u8;
                }
            }
        }
        if inverted {
            row.iter_mut().step_by(channels).for_each(|value| *value = !*value);
        }
    }

    fn plain_words(&self, line: &[u8], row: &mut [u16], inverted: bool) {
        let channels = self.format.channels();
        for (pixel, from) in row.chunks_exact_mut(channels).zip(line.chunks_exact(self.samples * 2)) {
            for (to, from) in pixel.iter_mut().zip(from.as_chunks::<2>().0) {
                *to = match self.kind {
                    Kind::Signed => i16::from_ne_bytes(*from).max(0) as u16,
                    _ => u16::from_ne_bytes(*from),
                };
            }
        }
        if inverted {
            row.iter_mut().step_by(channels).for_each(|value| *value = !*value);
        }
    }

    /// Samples as the numbers that they are.
    fn floats(&self, line: &[u8], row: &mut [f32]) {
        let (size, channels) = (usize::from(self.bits / 8), self.format.channels());
        if self.kind == Kind::Float && size == 4 && channels == self.samples {
            for (to, from) in row.iter_mut().zip(line.as_chunks::<4>().0) {
                *to = f32::from_ne_bytes(*from);
            }
            return;
        }
        for (pixel, from) in row.chunks_exact_mut(channels).zip(line.chunks_exact(self.samples * size)) {
            for (to, from) in pixel.iter_mut().zip(from.chunks_exact(size)) {
                *to = self.value(from) as f32;
            }
        }
    }

    /// One sample as a number.
    fn value(&self, bytes: &[u8]) -> f64 {
        match (self.kind, bytes) {
            (Kind::Unsigned, &[a]) => a.into(),
            (Kind::Unsigned, &[a, b]) => u16::from_ne_bytes([a, b]).into(),
            (Kind::Unsigned, &[a, b, c, d]) => u32::from_ne_bytes([a, b, c, d]).into(),
            (Kind::Signed, &[a]) => (a as i8).into(),
            (Kind::Signed, &[a, b]) => i16::from_ne_bytes([a, b]).into(),
            (Kind::Signed, &[a, b, c, d]) => i32::from_ne_bytes([a, b, c, d]).into(),
            (Kind::Float, &[a, b, c, d]) => f32::from_ne_bytes([a, b, c, d]).into(),
            (Kind::Float, &[a, b, c, d, e, f, g, h]) => f64::from_ne_bytes([a, b, c, d, e, f, g, h]),
            _ => 0.0,
        }
    }
}

/// Calls `put` with each pixel and its value, the leftmost in the highest bits of a byte.
fn unpack(line: &[u8], bits: u16, row: &mut [u8], channels: usize, mut put: impl FnMut(&mut [u8], u8)) {
    let (each, mask) = (usize::from(8 / bits), ((1u16 << bits) - 1) as u8);
    for (pixels, byte) in row.chunks_mut(each * channels).zip(line) {
        for (index, pixel) in pixels.chunks_exact_mut(channels).enumerate() {
            put(pixel, (byte >> (8 - usize::from(bits) * (index + 1))) & mask);
        }
    }
}

/// The 8-bit level of each value of `bits` bits.
fn levels(bits: u16, inverted: bool) -> [u8; 256] {
    let max = (1u16 << bits) - 1;
    std::array::from_fn(|value| {
        let level = (value as u16).min(max) * (255 / max);
        if inverted { 255 - level as u8 } else { level as u8 }
    })
}

/// A palette: of greys when all its colours are. Some writers store 8 bits where 16 are meant.
fn palette(page: &Page, colour_map: &[u64]) -> Result<(ColourSpace, Way)> {
    let entries = 1usize << page.stored.min(8);
    if page.stored > 8 || page.kind != Kind::Unsigned || colour_map.len() < 3 * entries {
        return Err(Error::corrupt_pixels("tiff2vips: bad colormap"));
    }
    let shift = if colour_map.iter().all(|&value| value < 256) { 0 } else { 8 };
    let colours: Vec<[u8; 3]> = (0..entries)
        .map(|entry| [0, 1, 2].map(|channel| (colour_map[channel * entries + entry] >> shift) as u8))
        .collect();
    if colours.iter().all(|[red, green, blue]| red == green && green == blue) {
        return Ok((ColourSpace::Grey, Way::GreyPalette(colours.iter().map(|colour| [colour[0]]).collect())));
    }
    Ok((ColourSpace::Srgb, Way::Palette(colours)))
}

/// Source: ITU-R BT.601, full range.
fn ycbcr_to_rgb([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb].map(|value| value.round() as u8)
}

/// L*, a*, b* of stored samples. Source: TIFF revision 6.0, section 23.
fn lab_value(pixel: &[f32], bits: u16, kind: Kind, centred: bool) -> [f64; 3] {
    let [l, a, b] = [pixel[0], pixel[1], pixel[2]].map(f64::from);
    if kind == Kind::Float {
        return [l, a, b];
    }
    let (full, unit) = match bits {
        8 => (255.0, 1.0),
        16 => (65535.0, 256.0),
        _ => (f64::from(u32::MAX), 16_777_216.0),
    };
    let chroma = |value: f64| match (centred, kind) {
        (true, _) => value / unit - 128.0,
        (false, Kind::Signed) => value / unit,
        // Signed, but not said to be.
        (false, _) => (if value >= 128.0 * unit { value - 256.0 * unit } else { value }) / unit,
    };
    let l = if kind == Kind::Signed { l.rem_euclid(full + 1.0) } else { l };
    [l / full * 100.0, chroma(a), chroma(b)]
}

/// Divides colours by the alpha behind them; transparent pixels are black.
fn unpremultiply<S: Copy + Into<f64> + Default>(row: &mut [S], format: PixelFormat, max: f64, cut: impl Fn(f64) -> S) {
    for pixel in row.chunks_exact_mut(format.channels()) {
        let (colours, others) = pixel.split_at_mut(format.space.channels());
        let Some(alpha) = others.first().map(|&alpha| alpha.into()) else { return };
        for colour in colours {
            *colour = if alpha == 0.0 { S::default() } else { cut(((*colour).into() * max / alpha).min(max)) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_reach_both_ends() {
        assert_eq!(levels(1, false)[..2], [0, 255]);
        assert_eq!(levels(2, true)[..4], [255, 170, 85, 0]);
        assert_eq!(levels(4, false)[15], 255);
    }

    #[test]
    fn colours_of_other_kinds() {
        assert_eq!(ycbcr_to_rgb([128, 128, 128]), [128; 3]);
        assert_eq!(ycbcr_to_rgb([76, 85, 255]), [254, 0, 0]);
        assert_eq!(lab_value(&[255.0, 128.0, 255.0], 8, Kind::Unsigned, false), [100.0, -128.0, -1.0]);
        assert_eq!(lab_value(&[65535.0, 32768.0, 0.0], 16, Kind::Unsigned, true), [100.0, 0.0, -128.0]);
    }

    #[test]
    fn bits_are_spread_from_the_left() {
        let mut row = [0; 5];
        unpack(&[0b0001_1011, 0b1100_0000], 2, &mut row, 1, |pixel, value| pixel[0] = value);
        assert_eq!(row, [0, 1, 2, 3, 3]);
    }

    #[test]
    fn associated_alpha_is_divided_out() {
        let format = PixelFormat { extra: 1, ..PixelFormat::new(ColourSpace::Grey, Depth::U8, true) };
        let mut row = [50u8, 128, 77, 9, 0, 77];
        unpremultiply(&mut row, format, 255.0, |value| value as u8);
        assert_eq!(row, [99, 128, 77, 0, 0, 77]);
    }
}
