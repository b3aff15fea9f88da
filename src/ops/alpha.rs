//! Premultiplication: colour × alpha, so that the colour of transparent pixels does not bleed when pixels are mixed.
//!
//! Results are those of libvips 8.18 (`premultiply` and `unpremultiply`, cast back to the sample's depth): cut off, not
//! rounded; 16 bit in single precision.

mod rgba;

use crate::{
    error::Result,
    image::{RowMut, RowSource, Spec},
    simd::Level,
};

/// Multiplies the colour channels by alpha. A source without alpha is given back as it is.
pub fn premultiply<'a>(source: Box<dyn RowSource + 'a>) -> Result<Box<dyn RowSource + 'a>> {
    adapt(source, premultiply_row)
}

/// Divides the colour channels by alpha; where alpha is 0 the colour is 0. A source without alpha is given back as it is.
pub fn unpremultiply<'a>(source: Box<dyn RowSource + 'a>) -> Result<Box<dyn RowSource + 'a>> {
    adapt(source, unpremultiply_row)
}

type RowFunction = fn(RowMut<'_>, &Spec, Level);

/// Rows of another source, changed in place.
struct Adaptor<'a> {
    source: Box<dyn RowSource + 'a>,
    change: RowFunction,
    level: Level,
}

fn adapt<'a>(source: Box<dyn RowSource + 'a>, change: RowFunction) -> Result<Box<dyn RowSource + 'a>> {
    if !source.spec().format.alpha {
        return Ok(source);
    }
    Ok(Box::new(Adaptor { source, change, level: Level::best() }))
}

impl RowSource for Adaptor<'_> {
    fn spec(&self) -> Spec {
        self.source.spec()
    }

    fn next_row(&mut self, mut row: RowMut<'_>) -> Result<()> {
        self.source.next_row(row.reborrow())?;
        (self.change)(row, &self.source.spec(), self.level);
        Ok(())
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.source.skip_rows(count)
    }
}

fn premultiply_row(row: RowMut<'_>, spec: &Spec, level: Level) {
    let channels = spec.format.channels();
    match row {
        RowMut::U8(samples) if channels == 4 => rgba::premultiply(level, samples),
        RowMut::U8(samples) => each_pixel(samples, channels, |colour, alpha| {
            colour.iter_mut().for_each(|sample| *sample = (u32::from(*sample) * u32::from(alpha) / 255) as u8);
        }),
        RowMut::U16(samples) => each_pixel(samples, channels, |colour, alpha| {
            let factor = f32::from(alpha) / 65535.0;
            colour.iter_mut().for_each(|sample| *sample = (f32::from(*sample) * factor) as u16);
        }),
        RowMut::F32(samples) => {
            let max = spec.format.max() as f32;
            each_pixel(samples, channels, |colour, alpha| {
                let factor = alpha.clamp(0.0, max) / max;
                colour.iter_mut().for_each(|sample| *sample *= factor);
            });
        }
    }
}

fn unpremultiply_row(row: RowMut<'_>, spec: &Spec, level: Level) {
    let channels = spec.format.channels();
    match row {
        RowMut::U8(samples) if channels == 4 => rgba::unpremultiply(level, samples),
        RowMut::U8(samples) => each_pixel(samples, channels, |colour, alpha| {
            let factor = RECIPROCALS[alpha as usize];
            colour.iter_mut().for_each(|sample| *sample = (f32::from(*sample) * factor) as u8);
        }),
        RowMut::U16(samples) => each_pixel(samples, channels, |colour, alpha| {
            let factor = if alpha == 0 { 0.0 } else { 65535.0 / f32::from(alpha) };
            colour.iter_mut().for_each(|sample| *sample = (f32::from(*sample) * factor) as u16);
        }),
        RowMut::F32(samples) => {
            let max = spec.format.max() as f32;
            each_pixel(samples, channels, |colour, alpha| {
                // A sharpened alpha may be above the maximum, and its colour with it.
                let factor = if alpha == 0.0 { 0.0 } else { max / alpha };
                colour.iter_mut().for_each(|sample| *sample *= factor);
            });
        }
    }
}

/// 255 / alpha; 0 for alpha 0.
pub(super) static RECIPROCALS: [f32; 256] = {
    let mut table = [0.0; 256];
    let mut alpha = 1;
    while alpha < 256 {
        table[alpha] = 255.0 / alpha as f32;
        alpha += 1;
    }
    table
};

/// Calls `change` with the colour and the alpha of each pixel.
fn each_pixel<S: Copy>(samples: &mut [S], channels: usize, change: impl Fn(&mut [S], S)) {
    for pixel in samples.chunks_exact_mut(channels) {
        if let Some((&mut alpha, colour)) = pixel.split_last_mut() {
            change(colour, alpha);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{ColourSpace, Depth, Image, PixelFormat, Samples};

    /// All pairs of a colour and an alpha, in the layout `space` with alpha.
    fn all_pairs(space: ColourSpace) -> Image {
        let format = PixelFormat::new(space, Depth::U8, true);
        let mut samples = Vec::new();
        for alpha in 0..=255 {
            for colour in 0..=255 {
                samples.extend(std::iter::repeat_n(colour, space.channels()));
                samples.push(alpha);
            }
        }
        Image::from_samples(Spec::new(256, 256, format), Samples::U8(samples)).unwrap()
    }

    fn collect(mut rows: Box<dyn RowSource + '_>) -> Vec<u8> {
        Image::collect(&mut *rows).unwrap().as_slice::<u8>().unwrap().to_vec()
    }

    #[test]
    fn premultiplication_is_exact_for_all_pairs_at_every_level() {
        for space in [ColourSpace::Grey, ColourSpace::Srgb, ColourSpace::Cmyk] {
            let channels = space.channels() + 1;
            for level in [Level::Scalar, Level::detect()] {
                let source = Box::new(all_pairs(space).into_rows());
                let out = collect(Box::new(Adaptor { source, change: premultiply_row, level }));
                for (index, pixel) in out.chunks_exact(channels).enumerate() {
                    let (alpha, colour) = (index / 256, index % 256);
                    assert!(pixel[..channels - 1].iter().all(|&c| c as usize == colour * alpha / 255));
                    assert_eq!(pixel[channels - 1] as usize, alpha);
                }
            }
        }
    }

    #[test]
    fn unpremultiplication_divides_clips_and_clears() {
        for (space, level) in [
            (ColourSpace::Grey, Level::Scalar),
            (ColourSpace::Srgb, Level::Scalar),
            (ColourSpace::Srgb, Level::detect()),
        ] {
            let channels = space.channels() + 1;
            let source = Box::new(all_pairs(space).into_rows());
            let out = collect(Box::new(Adaptor { source, change: unpremultiply_row, level }));
            for (index, pixel) in out.chunks_exact(channels).enumerate() {
                let (alpha, colour) = (index / 256, index % 256);
                let exact = (colour * 255).checked_div(alpha).unwrap_or(0).min(255);
                // Single precision may land on either side of an integer.
                assert!(pixel[..channels - 1].iter().all(|&c| (c as usize).abs_diff(exact) <= 1));
                assert_eq!(pixel[channels - 1] as usize, alpha);
            }
        }
    }

    /// Pixels for which the order of operations in single precision decides; the answers are sharp's.
    #[test]
    fn sixteen_bits_are_as_sharp_has_them() {
        let format = PixelFormat::new(ColourSpace::Grey16, Depth::U16, true);
        let samples = Samples::U16(vec![46766, 47532, 45819, 42982, 35585, 29318, 1000, 0]);
        let image = Image::from_samples(Spec::new(4, 1, format), samples).unwrap();
        let rows = unpremultiply(premultiply(Box::new(image.into_rows())).unwrap());
        let out = Image::collect(&mut *rows.unwrap()).unwrap();
        assert_eq!(out.as_slice::<u16>().unwrap(), [46766, 47532, 45819, 42982, 35584, 29318, 0, 0]);
    }

    #[test]
    fn opaque_sources_are_left_alone() {
        let format = PixelFormat::new(ColourSpace::Srgb, Depth::U8, false);
        let image = Image::new(Spec::new(3, 2, format)).unwrap();
        assert!(premultiply(Box::new(image.into_rows())).unwrap().take_image().is_some());
    }
}
