//! The layout of libvips's samples, and the engine's layout for them.

use super::ffi::Picture;
use crate::image::{ColourSpace, PixelFormat, RowMut, Spec};

/// A type of samples, in native order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    F64,
}

impl Stored {
    /// The type of a number of `VipsBandFormat`; there is none for complex numbers.
    const fn of(format: i32) -> Option<Self> {
        Some(match format {
            0 => Stored::U8,
            1 => Stored::I8,
            2 => Stored::U16,
            3 => Stored::I16,
            4 => Stored::U32,
            5 => Stored::I32,
            6 => Stored::F32,
            8 => Stored::F64,
            _ => return None,
        })
    }

    /// Bytes in one sample.
    pub(super) const fn bytes(self) -> usize {
        match self {
            Stored::U8 | Stored::I8 => 1,
            Stored::U16 | Stored::I16 => 2,
            Stored::U32 | Stored::I32 | Stored::F32 => 4,
            Stored::F64 => 8,
        }
    }
}

/// Size and layout of an image as it is given, and how its samples are stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) spec: Spec,
    pub(super) stored: Stored,
    /// What a stored sample is divided by.
    divisor: f64,
}

impl Layout {
    /// `None` for what is no image here: complex numbers, and samples packed in ways of libvips's own.
    pub(super) fn of(picture: &Picture<'_>) -> Option<Self> {
        let (width, height, bands) = picture.size()?;
        let (format, coding, interpretation) = picture.kind();
        let stored = Stored::of(format).filter(|_| coding == 0 && width > 0 && height > 0 && bands > 0)?;
        let space = space(interpretation, stored, bands.into());
        // CMYK has 8 bits; 16-bit CMYK is recognised by its samples alone.
        let divisor = if space == ColourSpace::Cmyk && stored == Stored::U16 { 257.0 } else { 1.0 };
        let beyond = usize::from(bands) - space.channels();
        let alpha = picture.has_alpha() && beyond > 0;
        let extra = (beyond - usize::from(alpha)) as u16;
        let format = PixelFormat { extra, ..PixelFormat::new(space, space.depth(), alpha) };
        Some(Self { spec: Spec::new(width, height, format), stored, divisor })
    }

    /// Writes stored samples as those of the layout, cut off to their range.
    pub(super) fn convert(&self, bytes: &[u8], row: RowMut<'_>) {
        match (self.stored, row) {
            (Stored::U8, RowMut::U8(row)) if self.divisor == 1.0 => row.copy_from_slice(bytes),
            (Stored::U16, RowMut::U16(row)) => each(bytes, row, u16::from_ne_bytes),
            (Stored::F32, RowMut::F32(row)) => each(bytes, row, f32::from_ne_bytes),
            (Stored::U8, row) => self.cut(bytes, row, |[byte]: [u8; 1]| byte.into()),
            (Stored::I8, row) => self.cut(bytes, row, |sample| i8::from_ne_bytes(sample).into()),
            (Stored::U16, row) => self.cut(bytes, row, |sample| u16::from_ne_bytes(sample).into()),
            (Stored::I16, row) => self.cut(bytes, row, |sample| i16::from_ne_bytes(sample).into()),
            (Stored::U32, row) => self.cut(bytes, row, |sample| u32::from_ne_bytes(sample).into()),
            (Stored::I32, row) => self.cut(bytes, row, |sample| i32::from_ne_bytes(sample).into()),
            (Stored::F32, row) => self.cut(bytes, row, |sample| f32::from_ne_bytes(sample).into()),
            (Stored::F64, row) => self.cut(bytes, row, f64::from_ne_bytes),
        }
    }

    fn cut<const N: usize>(&self, bytes: &[u8], mut row: RowMut<'_>, value: impl Fn([u8; N]) -> f64) {
        for (at, sample) in bytes.as_chunks::<N>().0.iter().enumerate() {
            row.set(at, value(*sample) / self.divisor);
        }
    }
}

fn each<S, const N: usize>(bytes: &[u8], row: &mut [S], value: impl Fn([u8; N]) -> S) {
    row.iter_mut().zip(bytes.as_chunks::<N>().0).for_each(|(to, sample)| *to = value(*sample));
}

/// The colour space for a number of `VipsInterpretation`; what has none of ours counts as grey or sRGB, by its channels.
fn space(interpretation: i32, stored: Stored, bands: usize) -> ColourSpace {
    let wide = match interpretation {
        25 | 26 => !matches!(stored, Stored::U8 | Stored::I8),
        _ => stored == Stored::U16,
    };
    let space = match interpretation {
        12 => ColourSpace::Xyz,
        13 => ColourSpace::Lab,
        15 => ColourSpace::Cmyk,
        18 => ColourSpace::Cmc,
        19 => ColourSpace::Lch,
        21 => ColourSpace::Labs,
        23 => ColourSpace::Yxy,
        28 => ColourSpace::ScRgb,
        29 => ColourSpace::Hsv,
        _ if wide => ColourSpace::Rgb16,
        _ => ColourSpace::Srgb,
    };
    match (space.channels() <= bands, wide) {
        (true, _) => space,
        (false, true) => ColourSpace::Grey16,
        (false, false) => ColourSpace::Grey,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Depth;

    #[test]
    fn spaces_have_no_more_channels_than_there_are() {
        assert_eq!(space(22, Stored::U8, 3), ColourSpace::Srgb);
        assert_eq!(space(22, Stored::U8, 2), ColourSpace::Grey);
        assert_eq!(space(0, Stored::U16, 1), ColourSpace::Grey16);
        assert_eq!(space(25, Stored::U16, 4), ColourSpace::Rgb16);
        assert_eq!(space(25, Stored::U8, 3), ColourSpace::Srgb);
        assert_eq!(space(15, Stored::U8, 3), ColourSpace::Grey);
        assert_eq!(space(28, Stored::F32, 3), ColourSpace::ScRgb);
        assert_eq!(space(-1, Stored::F64, 1), ColourSpace::Grey);
    }

    #[test]
    fn samples_are_cut_to_their_range() {
        let layout = |stored, divisor| Layout {
            spec: Spec::new(3, 1, PixelFormat::new(ColourSpace::Grey, Depth::U8, false)),
            stored,
            divisor,
        };
        let convert = |layout: Layout, bytes: &[u8]| {
            let mut row = [9; 3];
            layout.convert(bytes, RowMut::U8(&mut row));
            row
        };
        let floats: Vec<u8> = [-3.0f32, 77.9, f32::NAN].iter().flat_map(|sample| sample.to_ne_bytes()).collect();
        assert_eq!(convert(layout(Stored::F32, 1.0), &floats), [0, 77, 0]);
        let shorts: Vec<u8> = [-3i16, 300, 8].iter().flat_map(|sample| sample.to_ne_bytes()).collect();
        assert_eq!(convert(layout(Stored::I16, 1.0), &shorts), [0, 255, 8]);
        let inks: Vec<u8> = [0u16, 257, 65535].iter().flat_map(|sample| sample.to_ne_bytes()).collect();
        assert_eq!(convert(layout(Stored::U16, 257.0), &inks), [0, 1, 255]);
        assert_eq!(convert(layout(Stored::U8, 1.0), &[1, 2, 3]), [1, 2, 3]);
    }
}
