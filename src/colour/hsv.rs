//! Hue, saturation and value of 8-bit sRGB. Source: A. R. Smith, "Color gamut transform pairs", 1978; results are cut off to
//! integers, as libvips 8.18 does.

use crate::{
    error::Result,
    image::{ColourSpace, Depth, PixelFormat, Row, RowMut, Rows, depth_mismatch, map::map_rows},
};

/// A sixth of the circle, which is 255 long.
const SIXTH: f32 = 42.5;

/// 8-bit sRGB to HSV.
pub(super) fn from_srgb(source: Rows<'_>) -> Result<Rows<'_>> {
    each_pixel(source, ColourSpace::Hsv, |[red, green, blue]| {
        let (max, min) = (red.max(green).max(blue), red.min(green).min(blue));
        let range = f32::from(max - min);
        if max == min {
            return [0, 0, max];
        }
        let sixths = |a: u8, b: u8| (f32::from(a) - f32::from(b)) / range;
        let hue = if max == red {
            sixths(green, blue) + if green < blue { 6.0 } else { 0.0 }
        } else if max == green {
            sixths(blue, red) + 2.0
        } else {
            sixths(red, green) + 4.0
        };
        [(hue * SIXTH) as u8, (range * 255.0 / f32::from(max)) as u8, max]
    })
}

/// HSV to 8-bit sRGB.
pub(super) fn to_srgb(source: Rows<'_>) -> Result<Rows<'_>> {
    each_pixel(source, ColourSpace::Srgb, |[hue, saturation, value]| {
        let sixths = f32::from(hue) / SIXTH;
        let chroma = f32::from(value) * f32::from(saturation) / 255.0;
        let second = chroma * (1.0 - (sixths % 2.0 - 1.0).abs());
        let [red, green, blue] = match sixths as u8 {
            0 => [chroma, second, 0.0],
            1 => [second, chroma, 0.0],
            2 => [0.0, chroma, second],
            3 => [0.0, second, chroma],
            4 => [second, 0.0, chroma],
            _ => [chroma, 0.0, second],
        };
        [red, green, blue].map(|part| (part + f32::from(value) - chroma) as u8)
    })
}

/// Three channels to three of another space; alpha stays.
fn each_pixel<'a>(
    source: Rows<'a>,
    space: ColourSpace,
    change: impl Fn([u8; 3]) -> [u8; 3] + Send + 'a,
) -> Result<Rows<'a>> {
    let spec = source.spec();
    let channels = spec.format.channels();
    let format = PixelFormat::new(space, Depth::U8, spec.format.alpha);
    map_rows(source, spec.with_format(format), move |from, to| {
        let (Row::U8(from), RowMut::U8(to)) = (from, to) else { return Err(depth_mismatch()) };
        for (from, to) in from.chunks_exact(channels).zip(to.chunks_exact_mut(channels)) {
            to.copy_from_slice(from);
            to[..3].copy_from_slice(&change([from[0], from[1], from[2]]));
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{RGB, image, samples};

    /// Colours and what libvips 8.18 makes of them, there and back.
    #[test]
    fn there_and_back() {
        let colours =
            vec![255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 200, 30, 90, 12, 200, 220, 31, 20, 12];
        let there = from_srgb(Box::new(image(8, 1, RGB, colours.clone()).into_rows())).unwrap();
        let hsv = samples(there);
        let wanted =
            [0, 0, 255, 0, 0, 0, 0, 255, 255, 85, 255, 255, 170, 255, 255, 239, 216, 200, 131, 241, 220, 17, 156, 31];
        // Where a hue is an integer, libvips comes out a hair below or not.
        assert!(hsv.iter().zip(wanted).all(|(hsv, wanted)| hsv.abs_diff(wanted) <= 1), "{hsv:?}");
        let format = PixelFormat::new(ColourSpace::Hsv, Depth::U8, false);
        let back = samples(to_srgb(Box::new(image(8, 1, format, hsv).into_rows())).unwrap());
        assert!(back.iter().zip(colours).all(|(back, colour)| back.abs_diff(colour) <= 4), "{back:?}");
    }
}
