//! White to transparent.

use crate::{
    colour::Luminance,
    error::Result,
    image::{PixelFormat, Row, RowMut, Rows, depth_mismatch, map::map_rows},
};

/// `source` with an alpha channel that is 0 where the grey of the colour is white; elsewhere it is what it was, or opaque.
pub fn unflatten(source: Rows<'_>) -> Result<Rows<'_>> {
    let spec = source.spec();
    let luminance = Luminance::new();
    let (space, alpha) = (spec.format.space.channels(), spec.format.alpha);
    let white = move |colour: [u8; 3]| luminance.grey(colour) == 255;
    let high = |value: u16| (value >> 8) as u8;
    map_rows(source, spec.with_format(PixelFormat { alpha: true, ..spec.format }), move |from, to| {
        match (from, to, space, alpha) {
            (Row::U8(from), RowMut::U8(to), 1, false) => each(from, to, |&[c]| [c, if c == 255 { 0 } else { 255 }]),
            (Row::U8(from), RowMut::U8(to), 1, true) => each(from, to, |&[c, a]| [c, if c == 255 { 0 } else { a }]),
            (Row::U8(from), RowMut::U8(to), 3, false) => {
                each(from, to, |&[r, g, b]| [r, g, b, if white([r, g, b]) { 0 } else { 255 }]);
            }
            (Row::U8(from), RowMut::U8(to), 3, true) => {
                each(from, to, |&[r, g, b, a]| [r, g, b, if white([r, g, b]) { 0 } else { a }]);
            }
            (Row::U16(from), RowMut::U16(to), 1, false) => {
                each(from, to, |&[c]| [c, if high(c) == 255 { 0 } else { u16::MAX }]);
            }
            (Row::U16(from), RowMut::U16(to), 1, true) => {
                each(from, to, |&[c, a]| [c, if high(c) == 255 { 0 } else { a }]);
            }
            (Row::U16(from), RowMut::U16(to), 3, false) => {
                each(from, to, |&[r, g, b]| [r, g, b, if white([r, g, b].map(high)) { 0 } else { u16::MAX }]);
            }
            (Row::U16(from), RowMut::U16(to), 3, true) => {
                each(from, to, |&[r, g, b, a]| [r, g, b, if white([r, g, b].map(high)) { 0 } else { a }]);
            }
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    })
}

fn each<S, const FROM: usize, const TO: usize>(from: &[S], to: &mut [S], pixel: impl Fn(&[S; FROM]) -> [S; TO]) {
    from.as_chunks().0.iter().zip(to.as_chunks_mut().0).for_each(|(from, to)| *to = pixel(from));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        ColourSpace, Depth, Image, Samples, Spec,
        testing::{RGB, RGBA, grey, image, samples},
    };

    #[test]
    fn white_becomes_transparent() {
        let picture = image(2, 1, RGB, vec![255, 255, 255, 255, 254, 0]);
        assert_eq!(samples(unflatten(Box::new(picture.into_rows())).unwrap()), [255, 255, 255, 0, 255, 254, 0, 255]);
        assert_eq!(samples(unflatten(grey(2, 1, vec![255, 254])).unwrap()), [255, 0, 254, 255]);
    }

    #[test]
    fn alpha_of_other_colours_stays() {
        let picture = image(2, 1, RGBA, vec![255, 255, 255, 9, 1, 2, 3, 9]);
        assert_eq!(samples(unflatten(Box::new(picture.into_rows())).unwrap()), [255, 255, 255, 0, 1, 2, 3, 9]);
    }

    #[test]
    fn sixteen_bits_are_opaque_elsewhere() {
        let format = PixelFormat::new(ColourSpace::Grey16, Depth::U16, false);
        let picture = Image::from_samples(Spec::new(2, 1, format), Samples::U16(vec![65535, 7])).unwrap();
        let mut rows = unflatten(Box::new(picture.into_rows())).unwrap();
        assert_eq!(Image::collect(rows.as_mut()).unwrap().as_slice::<u16>().unwrap(), [65535, 0, 7, 65535]);
    }
}
