//! White made transparent.

use super::{Rows, map::map_rows};
use crate::{
    colour::Luminance,
    error::Result,
    image::{PixelFormat, Row, RowMut, depth_mismatch},
};

/// `source` with an alpha channel that is 0 where the grey of the colour is white; elsewhere it is what it was, or opaque.
pub fn unflatten(source: Rows<'_>) -> Result<Rows<'_>> {
    let spec = source.spec();
    let (colours, channels) = (spec.format.space.channels(), spec.format.channels());
    let luminance = Luminance::new();
    let is_white = move |colour: &[u8]| match *colour {
        [red, green, blue] => luminance.grey([red, green, blue]) == 255,
        _ => colour.iter().all(|&value| value == 255),
    };
    map_rows(source, spec.with_format(PixelFormat { alpha: true, ..spec.format }), move |from, to| {
        let pixels = |from: usize, to: usize| (from / channels).min(to / (colours + 1));
        match (from, to) {
            (Row::U8(from), RowMut::U8(to)) => {
                for at in 0..pixels(from.len(), to.len()) {
                    let (from, to) = (&from[at * channels..][..channels], &mut to[at * (colours + 1)..][..=colours]);
                    to[..colours].copy_from_slice(&from[..colours]);
                    let alpha = from.get(colours).copied().unwrap_or(u8::MAX);
                    to[colours] = if is_white(&from[..colours]) { 0 } else { alpha };
                }
            }
            (Row::U16(from), RowMut::U16(to)) => {
                let mut bytes = [0; 4];
                for at in 0..pixels(from.len(), to.len()) {
                    let (from, to) = (&from[at * channels..][..channels], &mut to[at * (colours + 1)..][..=colours]);
                    to[..colours].copy_from_slice(&from[..colours]);
                    bytes.iter_mut().zip(&from[..colours]).for_each(|(byte, &value)| *byte = (value >> 8) as u8);
                    let alpha = from.get(colours).copied().unwrap_or(u16::MAX);
                    to[colours] = if is_white(&bytes[..colours]) { 0 } else { alpha };
                }
            }
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        image::{ColourSpace, Depth, Image, Samples, Spec},
        ops::testing::{RGB, RGBA, grey, image, samples},
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
