//! Gaussian blur.
//!
//! The mask is that of libvips 8.18 (`gaussmat`): samples of exp(−x² / 2σ²) out to the last one that is not below the
//! least amplitude, in twentieths where integers are worked with.

use super::{
    convolve::{read_as_float, write},
    separable::Separable,
    sums::{Mask, Whole, add_rows},
    window::{Reach, Window, extend},
};
use crate::{
    error::{OperationError, Result},
    image::{Depth, PixelFormat, RowMut, RowSource, Rows, Samples, Spec, depth_mismatch, zeroed},
    options::Precision,
    simd::Level,
};

/// What to blur with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gaussian {
    /// Standard deviation in pixels.
    pub sigma: f64,
    pub precision: Precision,
    /// Smallest value that is part of the mask, above 0 to 1.
    pub min_amplitude: f64,
}

/// A mask that would reach so far is refused.
const MAX_REACH: f64 = 5000.0;

/// Steps of whole-numbered masks from 0 to the centre.
const INTEGER_STEPS: f64 = 20.0;
/// The same for quick ones: five boxes laid on each other.
const APPROXIMATE_STEPS: f64 = 5.0;

/// Below this deviation nothing is blurred.
const MIN_SIGMA: f64 = 0.2;

impl Gaussian {
    /// Values of the mask from the centre out.
    fn values(&self) -> Result<Vec<f64>> {
        let value = |x: u32| (-f64::from(x * x) / (2.0 * self.sigma * self.sigma)).exp();
        let end = (8.0 * self.sigma).min(MAX_REACH) as u32;
        let reach = (0..end).take_while(|&x| value(x) >= self.min_amplitude).count() as u32;
        if f64::from(reach) >= MAX_REACH {
            return Err(OperationError::MaskTooLarge.into());
        }
        Ok((0..reach.max(1)).map(value).collect())
    }

    /// How far the mask reaches from its centre at most, in pixels.
    pub fn reach(&self) -> Result<u32> {
        Ok(self.values()?.len() as u32)
    }

    /// The mask in integers, of which the centre is `steps`.
    fn whole(&self, steps: f64) -> Result<Mask> {
        Ok(Mask::new(self.values()?.into_iter().map(|value| (value * steps).round_ties_even() as u16)))
    }

    /// The mask in twentieths.
    pub(super) fn integer(&self) -> Result<Mask> {
        self.whole(INTEGER_STEPS)
    }
}

/// `source` blurred. With float precision, which floating point always has, the result has `depth`, its own or
/// [`Depth::F32`]; with others it keeps its own.
/// Edges go on past the image. Alpha is a channel as all others.
pub fn blur<'a>(source: Rows<'a>, gaussian: &Gaussian, depth: Depth) -> Result<Rows<'a>> {
    if gaussian.sigma < MIN_SIGMA {
        return Ok(source);
    }
    if source.spec().format.depth == Depth::F32 {
        return FloatBlur::new(source, gaussian.values()?, depth);
    }
    match gaussian.precision {
        Precision::Integer => by_whole_numbers(source, gaussian.integer()?),
        Precision::Approximate => by_whole_numbers(source, gaussian.whole(APPROXIMATE_STEPS)?),
        Precision::Float => FloatBlur::new(source, gaussian.values()?, depth),
    }
}

fn by_whole_numbers(source: Rows<'_>, mask: Mask) -> Result<Rows<'_>> {
    match source.spec().format.depth {
        Depth::U8 => WholeBlur::<u8>::new(source, mask),
        Depth::U16 => WholeBlur::<u16>::new(source, mask),
        Depth::F32 => Err(depth_mismatch()),
    }
}

struct WholeBlur<'a, S> {
    source: Rows<'a>,
    separable: Separable<S>,
}

impl<'a, S: Whole> WholeBlur<'a, S> {
    #[expect(clippy::new_ret_no_self, reason = "callers want rows")]
    fn new(source: Rows<'a>, mask: Mask) -> Result<Rows<'a>> {
        let spec = source.spec();
        let separable = Separable::new(&spec, spec.format.channels(), mask, Level::best())?;
        Ok(Box::new(Self { source, separable }))
    }
}

impl<S: Whole> RowSource for WholeBlur<'_, S> {
    fn spec(&self) -> Spec {
        self.source.spec()
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let out = S::of_mut(row).ok_or_else(depth_mismatch)?;
        let source = &mut self.source;
        self.separable.next(|row| source.next_samples(row), out)
    }
}

/// Both passes in single precision.
struct FloatBlur<'a> {
    source: Rows<'a>,
    spec: Spec,
    window: Window<f32>,
    /// From one end to the other; their sum is 1.
    weights: Vec<f32>,
    /// Next row.
    y: u32,
    scratch: Samples,
    /// A row that is blurred down, with the pixels on both sides, and along.
    middle: Vec<f32>,
    sums: Vec<f32>,
    level: Level,
}

impl<'a> FloatBlur<'a> {
    #[expect(clippy::new_ret_no_self, reason = "callers want rows")]
    fn new(source: Rows<'a>, values: Vec<f64>, depth: Depth) -> Result<Rows<'a>> {
        let spec = source.spec();
        let radius = values.len() as u32 - 1;
        let both: Vec<f64> = values.iter().rev().chain(&values[1..]).copied().collect();
        let total: f64 = both.iter().sum();
        let window = Window::new(&spec, spec.format.channels(), Reach { columns: (0, 0), rows: (radius, radius) })?;
        Ok(Box::new(Self {
            spec: spec.with_format(PixelFormat { depth, ..spec.format }),
            window,
            weights: both.into_iter().map(|value| (value / total) as f32).collect(),
            y: 0,
            scratch: Samples::row_of(&spec)?,
            middle: zeroed(spec.row_samples() + 2 * radius as usize * spec.format.channels())?,
            sums: zeroed(spec.row_samples())?,
            level: Level::best(),
            source,
        }))
    }
}

impl RowSource for FloatBlur<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let (source, scratch) = (&mut self.source, &mut self.scratch);
        self.window.advance(self.y, |row| read_as_float(source, scratch, row))?;
        let channels = self.spec.format.channels();
        let radius = self.weights.len() / 2;
        let (left, len) = (radius * channels, self.window.len());
        let first = i64::from(self.y) - radius as i64;
        let rows: Vec<_> = (first..).zip(&self.weights).map(|(y, &weight)| (self.window.row(y), weight)).collect();
        let middle = &mut self.middle[left..left + len];
        middle.fill(0.0);
        add_rows(self.level, &rows, middle);
        extend(&mut self.middle, left, len, channels);
        let taps = (0..).step_by(channels).zip(&self.weights);
        let rows: Vec<_> = taps.map(|(offset, &weight)| (&self.middle[offset..], weight)).collect();
        // Sums of rounded weights fall short of an integer by less than this.
        self.sums.fill(if matches!(row, RowMut::F32(_)) { 0.0 } else { WHOLE_NUMBER_SLACK });
        add_rows(self.level, &rows, &mut self.sums);
        self.y += 1;
        write(&self.sums, row);
        Ok(())
    }
}

/// Added before fractions are cut off.
const WHOLE_NUMBER_SLACK: f32 = 1.0 / 64.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        ColourSpace, Image,
        testing::{GREY, RGB, RGBA, grey, image, samples},
    };

    const PRECISIONS: [Precision; 3] = [Precision::Integer, Precision::Float, Precision::Approximate];

    fn gaussian(sigma: f64, precision: Precision) -> Gaussian {
        Gaussian { sigma, precision, min_amplitude: 0.2 }
    }

    #[test]
    fn a_line_becomes_the_mask() {
        let answers = [
            (Precision::Integer, [0, 9, 15, 22, 29, 35, 36, 35, 29, 22, 15, 9, 0]),
            (Precision::Float, [0, 9, 14, 22, 29, 34, 36, 34, 29, 22, 14, 9, 0]),
            (Precision::Approximate, [0, 7, 15, 22, 29, 36, 36, 36, 29, 22, 15, 7, 0]),
        ];
        for (precision, answer) in answers {
            let mut line = vec![0; 13];
            line[6] = 255;
            let out = samples(blur(grey(13, 1, line), &gaussian(3.0, precision), Depth::U8).unwrap());
            assert_eq!(out, answer, "{precision:?}");
        }
    }

    #[test]
    fn flat_images_stay_and_the_mean_is_kept() {
        for (sigma, precision) in [0.3, 1.0, 4.0, 30.0, 1000.0].into_iter().zip(PRECISIONS.into_iter().cycle()) {
            for format in [GREY, RGB, RGBA] {
                let flat = vec![255; 5 * 4 * format.channels()];
                let source = Box::new(image(5, 4, format, flat.clone()).into_rows());
                assert_eq!(samples(blur(source, &gaussian(sigma, precision), Depth::U8).unwrap()), flat);
            }
        }
        let mut pixels = vec![100u8; 41 * 41];
        pixels[20 * 41 + 20] = 200;
        for precision in PRECISIONS {
            let out = blur(grey(41, 41, pixels.clone()), &gaussian(2.0, precision), Depth::F32);
            let mut out = colour(out.unwrap());
            let sum: f64 = out.drain(..).sum();
            let expected: f64 = pixels.iter().map(|&sample| f64::from(sample)).sum();
            assert!((sum - expected).abs() / 1681.0 < 0.05, "{precision:?} {sum} {expected}");
        }
    }

    fn colour(mut rows: Rows<'_>) -> Vec<f64> {
        let image = Image::collect(rows.as_mut()).unwrap();
        match image.samples() {
            Samples::U8(samples) => samples.iter().map(|&sample| sample.into()).collect(),
            Samples::U16(samples) => samples.iter().map(|&sample| sample.into()).collect(),
            Samples::F32(samples) => samples.iter().map(|&sample| sample.into()).collect(),
        }
    }

    #[test]
    fn a_mask_of_one_value_changes_nothing() {
        let pixels = vec![3, 200, 7, 9];
        for precision in PRECISIONS {
            let narrow = Gaussian { min_amplitude: 1.0, ..gaussian(5.0, precision) };
            assert_eq!(samples(blur(grey(2, 2, pixels.clone()), &narrow, Depth::U8).unwrap()), pixels);
        }
        let far = Gaussian { sigma: 1e4, ..gaussian(1.0, Precision::Integer) };
        assert!(blur(grey(2, 2, pixels), &far, Depth::U8).is_err());
    }

    #[test]
    fn sixteen_bits_are_blurred_as_eight() {
        let format = PixelFormat::new(ColourSpace::Rgb16, Depth::U16, true);
        let pixels: Vec<u16> = (0..9 * 7 * 4).map(|at| (at * 7919 % 65521) as u16).collect();
        let bytes = pixels.iter().map(|&sample| (sample >> 8) as u8).collect();
        for precision in PRECISIONS {
            let wide = Image::from_samples(Spec::new(9, 7, format), Samples::U16(pixels.clone())).unwrap();
            let wide = colour(blur(Box::new(wide.into_rows()), &gaussian(1.5, precision), Depth::U16).unwrap());
            let narrow = Box::new(image(9, 7, RGBA, Vec::clone(&bytes)).into_rows());
            let narrow = colour(blur(narrow, &gaussian(1.5, precision), Depth::U8).unwrap());
            assert!(wide.iter().zip(narrow).all(|(wide, narrow)| (wide / 256.0 - narrow).abs() < 2.5));
        }
    }

    #[test]
    fn light_is_blurred_as_it_is() {
        let format = PixelFormat::new(ColourSpace::ScRgb, Depth::F32, false);
        for precision in [Precision::Integer, Precision::Float, Precision::Approximate] {
            let lit = Image::from_samples(Spec::new(20, 3, format), Samples::F32(vec![4.5; 180])).unwrap();
            let out = blur(Box::new(lit.into_rows()), &gaussian(2.0, precision), Depth::F32).unwrap();
            let out = Image::collect(&mut *{ out }).unwrap();
            assert!(out.as_slice::<f32>().unwrap().iter().all(|light| (light - 4.5).abs() < 1e-4));
        }
    }
}
