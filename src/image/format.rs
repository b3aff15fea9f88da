//! Pixel formats: how wide a sample is, what the channels mean, how many there are.

use crate::error::{LimitError, Result};

/// Width and kind of one sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    U8,
    U16,
    F32,
}

impl Depth {
    /// Bytes in one sample.
    pub const fn bytes(self) -> usize {
        match self {
            Depth::U8 => 1,
            Depth::U16 => 2,
            Depth::F32 => 4,
        }
    }

    /// The public name, as `metadata().depth` and `raw({ depth })` have it.
    pub const fn name(self) -> &'static str {
        match self {
            Depth::U8 => "uchar",
            Depth::U16 => "ushort",
            Depth::F32 => "float",
        }
    }
}

/// What the colour channels mean. The depth is part of the meaning where the public names have it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColourSpace {
    /// 8-bit sRGB.
    Srgb,
    /// 16-bit sRGB.
    Rgb16,
    /// 8-bit greyscale with the sRGB transfer curve.
    Grey,
    /// 16-bit greyscale.
    Grey16,
    /// 8-bit CMYK, 0 is no ink.
    Cmyk,
    /// Linear light of the sRGB primaries, 0 to 1, and beyond out of gamut; alpha runs from 0 to 1 too.
    ScRgb,
    /// CIE XYZ, white D65, Y from 0 to 100.
    Xyz,
    /// CIE Y, x, y.
    Yxy,
    /// CIE L*, a*, b*, white D65.
    Lab,
    /// The same in steps: L* of 1/327.67, a* and b* of 1/256.
    Labs,
    /// L*, chroma and hue in degrees.
    Lch,
    /// L*, chroma and hue scaled so that distances are those of the CMC l:c colour difference.
    Cmc,
    /// Oklab: lightness from 0 to 1.
    Oklab,
    /// Oklab's lightness, chroma and hue in degrees.
    Oklch,
    /// 8-bit hue, saturation and value of sRGB.
    Hsv,
}

impl ColourSpace {
    /// Every space, by its public name.
    const ALL: [Self; 15] = [
        ColourSpace::Srgb,
        ColourSpace::Rgb16,
        ColourSpace::Grey,
        ColourSpace::Grey16,
        ColourSpace::Cmyk,
        ColourSpace::ScRgb,
        ColourSpace::Xyz,
        ColourSpace::Yxy,
        ColourSpace::Lab,
        ColourSpace::Labs,
        ColourSpace::Lch,
        ColourSpace::Cmc,
        ColourSpace::Oklab,
        ColourSpace::Oklch,
        ColourSpace::Hsv,
    ];

    /// The public name, as `metadata().space` has it.
    pub const fn name(self) -> &'static str {
        match self {
            ColourSpace::Srgb => "srgb",
            ColourSpace::Rgb16 => "rgb16",
            ColourSpace::Grey => "b-w",
            ColourSpace::Grey16 => "grey16",
            ColourSpace::Cmyk => "cmyk",
            ColourSpace::ScRgb => "scrgb",
            ColourSpace::Xyz => "xyz",
            ColourSpace::Yxy => "yxy",
            ColourSpace::Lab => "lab",
            ColourSpace::Labs => "labs",
            ColourSpace::Lch => "lch",
            ColourSpace::Cmc => "cmc",
            ColourSpace::Oklab => "oklab",
            ColourSpace::Oklch => "oklch",
            ColourSpace::Hsv => "hsv",
        }
    }

    /// The space of a public name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|space| space.name() == name)
    }

    /// Channels without alpha.
    pub const fn channels(self) -> usize {
        match self {
            ColourSpace::Grey | ColourSpace::Grey16 => 1,
            ColourSpace::Cmyk => 4,
            _ => 3,
        }
    }

    /// Whether samples run to 65535 rather than 255.
    pub const fn is_16_bit(self) -> bool {
        matches!(self, ColourSpace::Rgb16 | ColourSpace::Grey16)
    }

    /// Whether there is one colour channel, with the curve of sRGB.
    pub const fn is_grey(self) -> bool {
        matches!(self, ColourSpace::Grey | ColourSpace::Grey16)
    }

    /// The samples it is made of.
    pub const fn depth(self) -> Depth {
        match self {
            ColourSpace::Rgb16 | ColourSpace::Grey16 => Depth::U16,
            ColourSpace::Srgb | ColourSpace::Grey | ColourSpace::Cmyk | ColourSpace::Hsv => Depth::U8,
            _ => Depth::F32,
        }
    }
}

/// Layout of one pixel: interleaved colour channels, then alpha if there is one, then extra channels, which have no meaning.
///
/// The rule for extra channels, in all operations: what moves pixels or mixes neighbours does so to every channel; what works
/// on colours or alpha leaves extra channels as they are (`ops::aside`). Formats that cannot hold them are written without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelFormat {
    pub space: ColourSpace,
    pub depth: Depth,
    pub alpha: bool,
    /// Channels beyond, as many as the file has or were joined.
    pub extra: u16,
}

impl PixelFormat {
    pub const fn new(space: ColourSpace, depth: Depth, alpha: bool) -> Self {
        Self { space, depth, alpha, extra: 0 }
    }

    /// The same channels in another colour space, at that space's depth.
    pub const fn in_space(self, space: ColourSpace) -> Self {
        Self { space, depth: space.depth(), ..self }
    }

    /// The same, with the first extra channel as alpha where there was none: what becomes of channels without a meaning once
    /// the colours before them are worked on.
    pub const fn with_named_alpha(self) -> Self {
        if self.alpha || self.extra == 0 { self } else { Self { alpha: true, extra: self.extra - 1, ..self } }
    }

    /// The same without channels beyond colour and alpha.
    pub const fn without_extra(self) -> Self {
        Self { extra: 0, ..self }
    }

    /// Samples in one pixel, alpha included.
    pub const fn channels(self) -> usize {
        self.space.channels() + self.alpha as usize + self.extra as usize
    }

    /// The value of full intensity, and of full opacity: 255 or 65535, for linear light 1.
    pub const fn max(self) -> f64 {
        match self.space {
            ColourSpace::Rgb16 | ColourSpace::Grey16 => 65535.0,
            ColourSpace::ScRgb => 1.0,
            _ => 255.0,
        }
    }
}

/// Size and pixel layout of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spec {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    pub format: PixelFormat,
}

impl Spec {
    pub const fn new(width: u32, height: u32, format: PixelFormat) -> Self {
        Self { width, height, format }
    }

    /// The same layout at another size.
    pub const fn resized(self, width: u32, height: u32) -> Self {
        Self { width, height, ..self }
    }

    /// The same size in another layout.
    pub const fn with_format(self, format: PixelFormat) -> Self {
        Self { format, ..self }
    }

    /// Samples in one row.
    pub const fn row_samples(&self) -> usize {
        self.width as usize * self.format.channels()
    }

    /// Samples in the whole image, or an error when they cannot be addressed.
    pub fn samples(&self) -> Result<usize> {
        self.row_samples()
            .checked_mul(self.height as usize)
            .filter(|samples| samples.checked_mul(self.format.depth.bytes()).is_some_and(|n| n <= isize::MAX as usize))
            .ok_or_else(|| LimitError::Dimensions { width: self.width.into(), height: self.height.into() }.into())
    }
}
