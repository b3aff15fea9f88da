//! Colour: from one space to another, row by row.

mod cmyk;
pub(crate) mod gain_map;
mod greyscale;
mod hsv;
pub mod icc;
pub(crate) mod lab;
pub(crate) mod lightness;
mod simplex;
mod spaces;
mod transfer;
pub(crate) mod xyz;

pub(crate) use greyscale::Luminance;
pub use lab::Adjustment;

use crate::{
    error::Result,
    image::{
        ColourSpace, Depth, Image, PixelFormat, Row, RowMut, Rows, Samples, Spec, aside::aside, channels,
        depth_mismatch, map::map_rows,
    },
};

/// `source` in another colour space; its own is given back as it is. Alpha and extra channels stay, at the depth of the target.
pub fn convert(source: Rows<'_>, space: ColourSpace) -> Result<Rows<'_>> {
    use ColourSpace::{Cmyk, Grey, Grey16, Hsv, Rgb16, Srgb};
    let PixelFormat { space: from, depth, extra, .. } = source.spec().format;
    if depth != from.depth() {
        return convert(to_integer(source)?, space);
    }
    if from != space && extra > 0 {
        return aside(channels::name_alpha(source)?, |rows| convert(rows, space));
    }
    match (from, space) {
        (from, to) if from == to => Ok(source),
        (Rgb16, Srgb) | (Grey16, Grey) => narrow(source, space),
        (Srgb, Rgb16) => widen(source, space),
        (Grey, Srgb) | (Grey16, Rgb16) => replicate(source, space),
        (Srgb | Rgb16, Grey) => greyscale::convert(source),
        (Cmyk, Srgb) => cmyk::as_printed(source),
        (Srgb, Cmyk) => cmyk::separate::convert(source, cmyk::separate::PLAIN),
        (Hsv, Srgb) => hsv::to_srgb(source),
        (Srgb, Hsv) => hsv::from_srgb(source),
        // The rest by way of a neighbour, or of linear light.
        (Grey16, Srgb) => convert(narrow(source, Grey)?, space),
        (Grey, Rgb16) => convert(replicate(source, Srgb)?, space),
        (Cmyk, _) => convert(cmyk::as_printed(source)?, space),
        (Hsv, _) => convert(hsv::to_srgb(source)?, space),
        (_, Cmyk | Hsv) => convert(convert(source, Srgb)?, space),
        _ => spaces::convert(source, space),
    }
}

/// Inks without a profile to sRGB for images on screen, with light stretched so that the darkest print is black.
pub fn from_inks(source: Rows<'_>) -> Result<Rows<'_>> {
    aside(source, cmyk::convert)
}

/// An sRGB colour, 0 to 255, in another space, at that space's scale. Inks have no formula: they are what the colour is made
/// of on paper.
pub(crate) fn coordinates(colour: [f64; 3], space: ColourSpace) -> Result<Vec<f64>> {
    let pixel = colour.map(|value| value.clamp(0.0, 255.0).round() as u8);
    let spec = Spec::new(1, 1, PixelFormat::new(ColourSpace::Srgb, Depth::U8, false));
    let image = Image::from_samples(spec, Samples::U8(pixel.to_vec()))?;
    let converted = Image::collect(convert(Box::new(image.into_rows()), space)?.as_mut())?;
    let row = converted.row(0);
    Ok((0..space.channels()).map(|at| row.get(at)).collect())
}

/// The sRGB code of a light, which is cut to 0 to 1.
pub(crate) fn srgb_code(light: f32) -> u8 {
    // A cast makes 0 of what is not a number.
    (transfer::from_linear(f64::from(light.clamp(0.0, 1.0))) * 255.0).round() as u8
}

/// Floating point to the integers of the same space, fractions dropped.
fn to_integer(source: Rows<'_>) -> Result<Rows<'_>> {
    let spec = source.spec();
    map_rows(source, spec.with_format(spec.format.in_space(spec.format.space)), |from, to| {
        match (from, to) {
            (Row::F32(from), RowMut::U8(to)) => to.iter_mut().zip(from).for_each(|(to, &from)| *to = from as u8),
            (Row::F32(from), RowMut::U16(to)) => to.iter_mut().zip(from).for_each(|(to, &from)| *to = from as u16),
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    })
}

/// 16 bits to 8: the low byte is dropped.
fn narrow(source: Rows<'_>, space: ColourSpace) -> Result<Rows<'_>> {
    let spec = source.spec();
    let narrow = PixelFormat::new(space, Depth::U8, spec.format.alpha);
    map_rows(source, spec.with_format(narrow), |from, to| {
        let (Row::U16(from), RowMut::U8(to)) = (from, to) else { return Err(depth_mismatch()) };
        to.iter_mut().zip(from).for_each(|(to, &from)| *to = (from >> 8) as u8);
        Ok(())
    })
}

/// 8 bits to 16: the low byte is the lowest bit eight times, as sharp fills it.
fn widen(source: Rows<'_>, space: ColourSpace) -> Result<Rows<'_>> {
    let spec = source.spec();
    let wide = PixelFormat::new(space, Depth::U16, spec.format.alpha);
    map_rows(source, spec.with_format(wide), |from, to| {
        let (Row::U8(from), RowMut::U16(to)) = (from, to) else { return Err(depth_mismatch()) };
        to.iter_mut().zip(from).for_each(|(to, &from)| *to = u16::from_be_bytes([from, (from & 1).wrapping_neg()]));
        Ok(())
    })
}

/// Grey to colour: the value three times.
fn replicate(source: Rows<'_>, space: ColourSpace) -> Result<Rows<'_>> {
    let spec = source.spec();
    let alpha = spec.format.alpha;
    let colour = PixelFormat::new(space, spec.format.depth, alpha);
    map_rows(source, spec.with_format(colour), move |from, to| {
        match (from, to) {
            (Row::U8(from), RowMut::U8(to)) => replicate_row(from, to, alpha),
            (Row::U16(from), RowMut::U16(to)) => replicate_row(from, to, alpha),
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    })
}

fn replicate_row<S: Copy>(from: &[S], to: &mut [S], alpha: bool) {
    if alpha {
        let (from, _) = from.as_chunks::<2>();
        let (to, _) = to.as_chunks_mut::<4>();
        to.iter_mut().zip(from).for_each(|(to, &[grey, alpha])| *to = [grey, grey, grey, alpha]);
    } else {
        let (to, _) = to.as_chunks_mut::<3>();
        to.iter_mut().zip(from).for_each(|(to, &grey)| *to = [grey; 3]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{RGB, grey, image, samples};

    #[test]
    fn grey_becomes_colour_and_back() {
        let values: Vec<u8> = (0..=255).collect();
        let there = convert(grey(256, 1, values.clone()), ColourSpace::Srgb).unwrap();
        assert_eq!(there.spec().format, RGB);
        assert_eq!(samples(convert(there, ColourSpace::Grey).unwrap()), values);
    }

    #[test]
    fn greyscale_weighs_light_not_codes() {
        let primaries = image(4, 1, RGB, vec![255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);
        let grey = convert(Box::new(primaries.into_rows()), ColourSpace::Grey).unwrap();
        assert_eq!(samples(grey), [127, 220, 76, 255]);
    }

    #[test]
    fn light_beyond_the_scale_is_cut() {
        assert_eq!([srgb_code(-1.0), srgb_code(1.0), srgb_code(f32::NAN), srgb_code(0.2140)], [0, 255, 0, 127]);
    }

    #[test]
    fn sixteen_bits_keep_their_high_byte() {
        let format = PixelFormat::new(ColourSpace::Rgb16, Depth::U16, true);
        let deep = Samples::U16(vec![0, 255, 256, 65535]);
        let deep = Image::from_samples(Spec::new(1, 1, format), deep).unwrap();
        let narrow = convert(Box::new(deep.into_rows()), ColourSpace::Srgb).unwrap();
        assert_eq!(samples(narrow), [0, 0, 1, 255]);
    }

    #[test]
    fn eight_bits_keep_both_ends_of_the_scale() {
        let wide = convert(grey(3, 1, vec![0, 128, 255]), ColourSpace::Grey16).unwrap();
        let image = Image::collect(&mut *{ wide }).unwrap();
        assert_eq!(image.as_slice::<u16>().unwrap(), [0, 128 * 257, 65535]);
    }
}
