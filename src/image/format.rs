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
}

impl ColourSpace {
    /// The public name, as `metadata().space` has it.
    pub const fn name(self) -> &'static str {
        match self {
            ColourSpace::Srgb => "srgb",
            ColourSpace::Rgb16 => "rgb16",
            ColourSpace::Grey => "b-w",
            ColourSpace::Grey16 => "grey16",
            ColourSpace::Cmyk => "cmyk",
        }
    }

    /// Channels without alpha.
    pub const fn channels(self) -> usize {
        match self {
            ColourSpace::Grey | ColourSpace::Grey16 => 1,
            ColourSpace::Srgb | ColourSpace::Rgb16 => 3,
            ColourSpace::Cmyk => 4,
        }
    }

    /// Whether samples run to 65535 rather than 255.
    pub const fn is_16_bit(self) -> bool {
        matches!(self, ColourSpace::Rgb16 | ColourSpace::Grey16)
    }
}

/// Layout of one pixel: interleaved colour channels, then alpha if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelFormat {
    pub space: ColourSpace,
    pub depth: Depth,
    pub alpha: bool,
}

impl PixelFormat {
    pub const fn new(space: ColourSpace, depth: Depth, alpha: bool) -> Self {
        Self { space, depth, alpha }
    }

    /// The same channels in another colour space, at that space's depth.
    pub const fn in_space(self, space: ColourSpace) -> Self {
        Self::new(space, if space.is_16_bit() { Depth::U16 } else { Depth::U8 }, self.alpha)
    }

    /// Samples in one pixel, alpha included.
    pub const fn channels(self) -> usize {
        self.space.channels() + self.alpha as usize
    }

    /// The value of full intensity, and of full opacity: 255 or 65535.
    pub const fn max(self) -> f64 {
        if self.space.is_16_bit() { 65535.0 } else { 255.0 }
    }
}

/// Size and pixel layout of a picture.
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

    /// Samples in the whole picture, or an error when they cannot be addressed.
    pub fn samples(&self) -> Result<usize> {
        self.row_samples()
            .checked_mul(self.height as usize)
            .filter(|samples| samples.checked_mul(self.format.depth.bytes()).is_some_and(|n| n <= isize::MAX as usize))
            .ok_or_else(|| LimitError::Dimensions { width: self.width.into(), height: self.height.into() }.into())
    }
}
