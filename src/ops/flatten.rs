//! Blending of an image with alpha on a background.

use crate::{
    error::Result,
    image::{PixelFormat, Row, RowMut, Rows, depth_mismatch, map::map_rows},
};

/// `source` without alpha, on a background given as one value per colour channel on the scale of the samples. A source
/// without alpha is given back as it is. Formula: `c·a/max + b·(max − a)/max`, truncated
/// where samples are whole.
pub fn flatten<'a>(source: Rows<'a>, background: &[f64]) -> Result<Rows<'a>> {
    let spec = source.spec();
    if !spec.format.alpha {
        return Ok(source);
    }
    let opaque = spec.with_format(PixelFormat { alpha: false, ..spec.format });
    let channels = spec.format.channels();
    let max = spec.format.max() as u32;
    let back: Vec<u32> = background.iter().map(|&value| value.clamp(0.0, spec.format.max()) as u32).collect();
    let full = spec.format.max() as f32;
    let light: Vec<f32> = background.iter().map(|&value| value as f32).collect();
    map_rows(source, opaque, move |from, to| {
        match (from, to) {
            (Row::U8(from), RowMut::U8(to)) => {
                let blend =
                    |c: u8, a: u8, b: u32| ((u32::from(c) * u32::from(a) + b * (255 - u32::from(a))) / 255) as u8;
                blend_row(from, to, channels, &back, blend);
            }
            (Row::U16(from), RowMut::U16(to)) => {
                let blend =
                    |c: u16, a: u16, b: u32| ((u32::from(c) * u32::from(a) + b * (max - u32::from(a))) / max) as u16;
                blend_row(from, to, channels, &back, blend);
            }
            (Row::F32(from), RowMut::F32(to)) => {
                blend_row(from, to, channels, &light, |c, a, b| c * a / full + b * (1.0 - a / full));
            }
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    })
}

fn blend_row<S: Copy, B: Copy>(from: &[S], to: &mut [S], channels: usize, back: &[B], blend: impl Fn(S, S, B) -> S) {
    for (from, to) in from.chunks_exact(channels).zip(to.chunks_exact_mut(channels - 1)) {
        let alpha = from[channels - 1];
        for ((to, &from), &back) in to.iter_mut().zip(from).zip(back) {
            *to = blend(from, alpha, back);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        ColourSpace, Depth, Image, Samples, Spec,
        testing::{RGBA, grey, image, samples},
    };

    #[test]
    fn blends_by_alpha() {
        let picture = image(3, 1, RGBA, vec![200, 100, 50, 255, 200, 100, 50, 0, 200, 100, 50, 128]);
        let flat = flatten(Box::new(picture.into_rows()), &[10.0, 20.0, 30.0]).unwrap();
        assert_eq!(samples(flat), [200, 100, 50, 10, 20, 30, 105, 60, 40]);
    }

    #[test]
    fn light_keeps_its_fractions() {
        let format = PixelFormat::new(ColourSpace::ScRgb, Depth::F32, true);
        let lit = Image::from_samples(Spec::new(1, 1, format), Samples::F32(vec![4.0, 0.5, 0.0, 0.25])).unwrap();
        let flat = flatten(Box::new(lit.into_rows()), &[0.0, 0.0, 1.0]).unwrap();
        assert_eq!(Image::collect(&mut *{ flat }).unwrap().as_slice::<f32>().unwrap(), [1.0, 0.125, 0.75]);
    }

    #[test]
    fn opaque_images_pass() {
        assert_eq!(samples(flatten(grey(2, 1, vec![3, 4]), &[0.0]).unwrap()), [3, 4]);
    }
}
