//! The negative: each sample from the other end of the scale; of floating point, from the other side of 0.

use crate::{
    error::Result,
    image::{RowMut, Rows, map::edit_rows},
};

/// The negative of `source`, with alpha's too when `alpha` says so. Formula: `max − c`.
pub fn negate(source: Rows<'_>, alpha: bool) -> Result<Rows<'_>> {
    let format = source.spec().format;
    let channels = format.channels();
    let all = alpha || !format.alpha;
    edit_rows(source, move |row| {
        match row {
            RowMut::U8(samples) if all => samples.iter_mut().for_each(|sample| *sample = !*sample),
            RowMut::U8(samples) if channels == 4 => {
                let colours = u32::from_ne_bytes([255, 255, 255, 0]);
                let pixels = samples.as_chunks_mut::<4>().0.iter_mut();
                pixels.for_each(|pixel| *pixel = (u32::from_ne_bytes(*pixel) ^ colours).to_ne_bytes());
            }
            RowMut::U8(samples) => colours(samples, channels, |sample| !sample),
            RowMut::U16(samples) if all => samples.iter_mut().for_each(|sample| *sample = !*sample),
            RowMut::U16(samples) => colours(samples, channels, |sample| !sample),
            RowMut::F32(samples) if all => samples.iter_mut().for_each(|sample| *sample = -*sample),
            RowMut::F32(samples) => colours(samples, channels, |sample: f32| -sample),
        }
        Ok(())
    })
}

fn colours<S: Copy>(samples: &mut [S], channels: usize, invert: impl Fn(S) -> S) {
    for pixel in samples.chunks_exact_mut(channels) {
        pixel[..channels - 1].iter_mut().for_each(|sample| *sample = invert(*sample));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        ColourSpace, Depth, Image, PixelFormat, Samples, Spec,
        testing::{RGBA, grey, image, samples},
    };

    #[test]
    fn twice_is_the_identity() {
        let values: Vec<u8> = (0..=255).collect();
        let once = negate(grey(256, 1, values.clone()), true).unwrap();
        assert_eq!(samples(negate(once, true).unwrap()), values);
    }

    #[test]
    fn alpha_only_when_asked() {
        let picture = image(1, 1, RGBA, vec![0, 1, 254, 10]);
        assert_eq!(samples(negate(Box::new(picture.clone().into_rows()), false).unwrap()), [255, 254, 1, 10]);
        assert_eq!(samples(negate(Box::new(picture.into_rows()), true).unwrap()), [255, 254, 1, 245]);
        let format = PixelFormat::new(ColourSpace::Grey16, Depth::U16, true);
        let deep = Image::from_samples(Spec::new(1, 1, format), Samples::U16(vec![1, 2])).unwrap();
        let mut rows = negate(Box::new(deep.into_rows()), false).unwrap();
        assert_eq!(Image::collect(rows.as_mut()).unwrap().as_slice::<u16>().unwrap(), [65534, 2]);
    }
}
