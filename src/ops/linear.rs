//! Brightness and contrast: a factor and an addend for each channel.
#![allow(unsafe_code)] // Casts after a check of the range; calls of functions compiled for what the level says is there.

use crate::{
    error::{OperationError, Result},
    image::{
        Depth, PixelFormat, Row, RowMut, Rows, depth_mismatch, lookup,
        map::{edit_rows, map_rows},
    },
    simd::{Level, at_level},
};

/// The factor and the addend of each channel, `None` where the channel stays.
pub type Factors = Vec<Option<(f64, f64)>>;

/// What `a` and `b`, one value or one a channel, mean for images of `format`: alpha stays unless it has a value of its
/// own. Fails when there are more values than channels, or too few.
pub fn factors(a: &[f64], b: &[f64], format: PixelFormat) -> Result<Factors> {
    let channels = format.channels();
    if a.len() > channels {
        return Err(OperationError::LinearExpansion.into());
    }
    let keeps_alpha = format.alpha && a.len() != channels && (a.len() == 1 || a.len() == channels - 1);
    let changed = if keeps_alpha { channels - 1 } else { channels };
    if a.len() != b.len() || (a.len() != 1 && a.len() != changed) {
        return Err(OperationError::LinearLength(changed).into());
    }
    let pair = |at: usize| Some((*a.get(at).or(a.first())?, *b.get(at).or(b.first())?));
    Ok((0..channels).map(|at| if at < changed { pair(at) } else { None }).collect())
}

/// `source` with values `a·c + b`, cut off and clipped. Floating point comes out as the integers of its space.
pub fn linear<'a>(source: Rows<'a>, factors: &Factors) -> Result<Rows<'a>> {
    let spec = source.spec();
    if spec.format.depth == Depth::U16 {
        return words(source, factors);
    }
    if spec.format.depth != Depth::F32 {
        return lookup::channels(source, factors.iter().map(|pair| pair.map(|(a, b)| move |c| a * c + b)).collect());
    }
    let factors: Vec<(f32, f32)> =
        factors.iter().map(|pair| pair.unwrap_or((1.0, 0.0))).map(|(a, b)| (a as f32, b as f32)).collect();
    map_rows(source, spec.with_format(spec.format.in_space(spec.format.space)), move |from, to| {
        let (Row::F32(from), RowMut::U8(to)) = (from, to) else { return Err(depth_mismatch()) };
        for ((from, to), &(a, b)) in from.iter().zip(to).zip(factors.iter().cycle()) {
            *to = (a * from + b) as u8;
        }
        Ok(())
    })
}

/// Factors and addends for a block of samples: all numbers of channels up to four divide it.
const BLOCK: usize = 24;

/// 16-bit samples are worked out one by one: a table of all of them takes longer than a small image.
fn words<'a>(source: Rows<'a>, factors: &Factors) -> Result<Rows<'a>> {
    let pairs: Vec<(f64, f64)> = factors.iter().map(|pair| pair.unwrap_or((1.0, 0.0))).collect();
    let level = Level::best();
    if !BLOCK.is_multiple_of(pairs.len()) {
        let curves = factors.iter().map(|pair| pair.map(|(a, b)| move |c| a * c + b)).collect();
        return lookup::channels(source, curves);
    }
    let spread = |of: fn(&(f64, f64)) -> f64| std::array::from_fn(|at| of(&pairs[at % pairs.len()]));
    let (a, b): ([f64; BLOCK], [f64; BLOCK]) = (spread(|pair| pair.0), spread(|pair| pair.1));
    edit_rows(source, move |row| {
        let RowMut::U16(samples) = row else { return Err(depth_mismatch()) };
        scale_words(level, &a, &b, samples);
        Ok(())
    })
}

at_level! {
    fn scale_words(a: &[f64; BLOCK], b: &[f64; BLOCK], samples: &mut [u16]) {
        let (blocks, rest) = samples.as_chunks_mut::<BLOCK>();
        for block in blocks {
            for lane in 0..BLOCK {
                block[lane] = word(a[lane] * f64::from(block[lane]) + b[lane]);
            }
        }
        for (lane, sample) in rest.iter_mut().enumerate() {
            *sample = word(a[lane] * f64::from(*sample) + b[lane]);
        }
    }
}

/// Cut off and clipped; 0 for what is no number.
#[inline(always)]
fn word(value: f64) -> u16 {
    let above = if value > 0.0 { value } else { 0.0 };
    let inside = if above < 65535.0 { above } else { 65535.0 };
    // SAFETY: from 0 to 65535.
    unsafe { inside.to_int_unchecked::<i32>() as u16 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        Image,
        testing::{GREY, RGB, RGBA, image, samples},
    };

    fn run(format: PixelFormat, values: Vec<u8>, a: &[f64], b: &[f64]) -> Vec<u8> {
        let factors = factors(a, b, format).unwrap();
        samples(linear(Box::new(image(1, 1, format, values).into_rows()), &factors).unwrap())
    }

    #[test]
    fn one_value_for_all_colours() {
        assert_eq!(run(RGB, vec![10, 100, 200], &[1.5], &[-3.0]), [12, 147, 255]);
        assert_eq!(run(RGBA, vec![10, 100, 200, 9], &[1.5], &[-3.0]), [12, 147, 255, 9]);
        assert_eq!(run(GREY, vec![10], &[1.0], &[0.0]), [10]);
    }

    #[test]
    fn one_value_for_each_channel() {
        assert_eq!(run(RGBA, vec![10, 20, 30, 40], &[1.0, 2.0, 3.0], &[1.0, 0.0, 0.0]), [11, 40, 90, 40]);
        assert_eq!(run(RGBA, vec![10, 20, 30, 40], &[1.0, 1.0, 1.0, 0.5], &[0.0; 4]), [10, 20, 30, 20]);
    }

    #[test]
    fn sixteen_bits_are_scaled_as_tables_would() {
        let values: Vec<u16> = (0..=u16::MAX).rev().collect();
        for (a, b) in [(1.2, -10.0), (-0.7, 40_000.0), (1.0, 0.0), (f64::NAN, 1.0), (f64::INFINITY, 0.0), (1e-9, -0.5)]
        {
            let scaled = Level::all().map(|level| {
                let mut samples = values.clone();
                scale_words(level, &[a; BLOCK], &[b; BLOCK], &mut samples);
                samples
            });
            let expected: Vec<u16> = values.iter().map(|&value| (a * f64::from(value) + b) as u16).collect();
            assert!(scaled.iter().all(|samples| *samples == expected), "{a} {b}");
        }
        let format = PixelFormat::new(crate::image::ColourSpace::Rgb16, Depth::U16, true);
        let picture = crate::image::Samples::U16([100, 200, 300, 400].repeat(31));
        let picture = Image::from_samples(crate::image::Spec::new(31, 1, format), picture).unwrap();
        let factors = factors(&[2.0, 3.0, 4.0], &[1.0, 2.0, 3.0], format).unwrap();
        let out = Image::collect(linear(Box::new(picture.into_rows()), &factors).unwrap().as_mut()).unwrap();
        assert_eq!(out.as_slice::<u16>().unwrap(), [201, 602, 1203, 400].repeat(31));
    }

    #[test]
    fn numbers_that_do_not_fit_fail() {
        let error = |a: &[f64], format| factors(a, a, format).unwrap_err().to_string();
        assert_eq!(error(&[1.0; 3], GREY), "Band expansion using linear is unsupported");
        assert_eq!(error(&[1.0; 2], RGB), "linear: vector must have 1 or 3 elements");
        assert_eq!(error(&[1.0; 2], RGBA), "linear: vector must have 1 or 4 elements");
    }

    #[test]
    fn numbers_that_are_none_give_black() {
        assert_eq!(run(GREY, vec![10], &[f64::NAN], &[0.0]), [0]);
        assert_eq!(run(GREY, vec![10], &[f64::INFINITY], &[0.0]), [255]);
    }

    #[test]
    fn floating_point_is_not_clipped_before() {
        let format = PixelFormat { depth: Depth::F32, ..RGB };
        let spec = crate::image::Spec::new(1, 1, format);
        let samples = crate::image::Samples::F32(vec![300.0, -10.0, 100.0]);
        let source = Image::from_samples(spec, samples).unwrap();
        let factors = factors(&[0.5], &[10.0], format).unwrap();
        let mut rows = linear(Box::new(source.into_rows()), &factors).unwrap();
        assert_eq!(Image::collect(rows.as_mut()).unwrap().as_slice::<u8>().unwrap(), [160, 5, 60]);
    }
}
