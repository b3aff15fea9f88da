//! A tint: the image in shades of one hue.
//!
//! Each grey takes its own lightness and the tint's `a*` and `b*`, most of them in the middle of the scale and none at its
//! ends: weight `1 − 4(l − ½)²` for a lightness `l` from 0 to 1. Observed in sharp 0.35.

use crate::{
    colour::{self, Luminance, lab},
    error::Result,
    image::{ColourSpace, PixelFormat, Row, RowMut, Rows, depth_mismatch, lookup, map::map_rows},
};

/// `source`, grey or colour, tinted by a red, green and blue of 0 to 255; 8-bit, with its own alpha. Grey stays grey.
pub fn tint(source: Rows<'_>, tint: [f64; 3]) -> Result<Rows<'_>> {
    let shades = shades(tint);
    let stays_grey = source.spec().format.space.channels() == 1;
    let grey = colour::convert(source, ColourSpace::Grey)?;
    let spec = grey.spec();
    let alpha = spec.format.alpha;
    if stays_grey {
        let luminance = Luminance::new();
        let greys = shades.map(|shade| luminance.grey(shade));
        return lookup::colours(grey, move |value| f64::from(greys[value as usize]));
    }
    let colour = PixelFormat { space: ColourSpace::Srgb, ..spec.format };
    map_rows(grey, spec.with_format(colour), move |from, to| {
        let (Row::U8(from), RowMut::U8(to)) = (from, to) else { return Err(depth_mismatch()) };
        if alpha {
            for (&[grey, alpha], to) in from.as_chunks::<2>().0.iter().zip(to.as_chunks_mut::<4>().0) {
                let [red, green, blue] = shades[grey as usize];
                *to = [red, green, blue, alpha];
            }
        } else {
            for (&grey, to) in from.iter().zip(to.as_chunks_mut::<3>().0) {
                *to = shades[grey as usize];
            }
        }
        Ok(())
    })
}

/// The colour of each grey.
fn shades(tint: [f64; 3]) -> [[u8; 3]; 256] {
    let [_, a, b] = lab::from_srgb(tint.map(|value| value.clamp(0.0, 255.0).floor()));
    std::array::from_fn(|grey| {
        let [lightness, ..] = lab::from_srgb([grey as f64; 3]);
        let weight = 1.0 - 4.0 * (lightness / 100.0 - 0.5).powi(2);
        lab::to_srgb([lightness, a * weight, b * weight])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{GREY, RGBA, grey, image, samples};

    #[test]
    fn black_and_white_stay() {
        let shades = shades([255.0, 0.0, 0.0]);
        assert_eq!((shades[0], shades[255]), ([0; 3], [255; 3]));
        assert!(shades[128][0] > shades[128][1] + 50);
    }

    #[test]
    fn a_grey_tint_makes_grey() {
        for (grey, shade) in shades([128.0; 3]).iter().enumerate() {
            assert!(shade.iter().all(|value| (*value as usize).abs_diff(grey) <= 1), "{grey}: {shade:?}");
        }
    }

    #[test]
    fn alpha_and_grey_stay() {
        let picture = image(1, 1, RGBA, vec![1, 200, 3, 99]);
        assert_eq!(samples(tint(Box::new(picture.into_rows()), [0.0, 0.0, 255.0]).unwrap())[3], 99);
        assert_eq!(tint(grey(1, 1, vec![9]), [0.0, 0.0, 255.0]).unwrap().spec().format, GREY);
    }
}
