//! Lightness stretched to the whole scale.
//!
//! The darkest and the lightest `L*` are integers, found in a histogram of `L*` cut off to integers, as libvips
//! 8.18 does it (`percent`).

use crate::{
    colour::{Adjustment, Luminance, lab},
    error::Result,
    image::{Image, Rows, Samples},
};

/// `image` with the `L*` between two percentiles, 0 to 100, stretched to 0…100. An image that has hardly any range is
/// left as it is.
pub fn normalise<'a>(image: Image, lower: u32, upper: u32) -> Result<Rows<'a>> {
    let histogram = Histogram::of(&image);
    let (min, max) = (histogram.lower(lower), histogram.upper(upper));
    let source = Box::new(image.into_rows());
    if (max - min).abs() <= 1.0 {
        return Ok(source);
    }
    let gain = 100.0 / (max - min);
    lab::adjust(source, Adjustment { gain, offset: -min * gain, chroma: 1.0, hue: 0.0 })
}

/// Pixels at each `L*` of 0 to 100.
struct Histogram([u64; 101]);

/// Levels of linear light that are counted apart: enough for hundreds at each `L*`.
const LEVELS: usize = 1 << 16;

impl Histogram {
    fn of(image: &Image) -> Self {
        let format = image.spec().format;
        let channels = format.channels();
        let is_grey = format.space.channels() == 1;
        let luminance = Luminance::new();
        let mut counts = vec![0u64; LEVELS];
        match image.samples() {
            Samples::U8(samples) => {
                for pixel in samples.chunks_exact(channels) {
                    let colour = if is_grey { [pixel[0]; 3] } else { [pixel[0], pixel[1], pixel[2]] };
                    counts[luminance.light(colour) as usize] += 1;
                }
            }
            Samples::U16(samples) => {
                for pixel in samples.chunks_exact(channels) {
                    let colour = if is_grey { [pixel[0]; 3] } else { [pixel[0], pixel[1], pixel[2]] };
                    counts[lab::light_of_words(colour) as usize] += 1;
                }
            }
            Samples::F32(_) => {}
        }
        let mut histogram = [0; 101];
        for (level, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            let lightness = lab::lightness(level as f64 / (LEVELS - 1) as f64);
            // White is exactly 100 but for the last bit of a double.
            histogram[((lightness + 1e-6).max(0.0) as usize).min(100)] += count;
        }
        Self(histogram)
    }

    /// The `L*` below which `percent` of the pixels are; 0 is the least there is.
    fn lower(&self, percent: u32) -> f64 {
        let first = self.0.iter().position(|&count| count > 0).unwrap_or(0);
        if percent == 0 { first as f64 } else { self.percentile(percent) }
    }

    /// The same, where 100 is the most there is.
    fn upper(&self, percent: u32) -> f64 {
        if percent == 100 { self.last() as f64 } else { self.percentile(percent) }
    }

    fn last(&self) -> usize {
        self.0.iter().rposition(|&count| count > 0).unwrap_or(0)
    }

    /// Sums are brought to the scale of the histogram's own length before they are compared.
    fn percentile(&self, percent: u32) -> f64 {
        let bins = self.last() as u64 + 1;
        let total: u64 = self.0.iter().sum::<u64>().max(1);
        let mut sum = 0;
        let reached = self.0[..bins as usize].iter().position(|count| {
            sum += count;
            let scaled = (u128::from(sum) * u128::from(bins - 1) / u128::from(total)) as u64;
            scaled * 100 >= u64::from(percent) * bins
        });
        reached.map_or(bins as f64, |at| at as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{GREY, RGB, RGBA, image, samples};

    #[test]
    fn the_whole_range_is_stretched() {
        let picture = image(3, 1, GREY, vec![60, 100, 200]);
        assert_eq!(samples(normalise(picture, 0, 100).unwrap()), [2, 74, 255]);
    }

    #[test]
    fn what_fills_the_scale_stays() {
        let values: Vec<u8> = (0..=255).collect();
        assert_eq!(samples(normalise(image(256, 1, GREY, values.clone()), 0, 100).unwrap()), values);
    }

    #[test]
    fn flat_images_stay() {
        assert_eq!(samples(normalise(image(2, 1, GREY, vec![7, 7]), 1, 99).unwrap()), [7, 7]);
        assert_eq!(samples(normalise(image(1, 1, RGB, vec![7, 70, 100]), 1, 99).unwrap()), [7, 70, 100]);
    }

    #[test]
    fn outliers_are_left_out() {
        let mut histogram = Histogram([0; 101]);
        histogram.0[0] = 1;
        histogram.0[30] = 50;
        histogram.0[60] = 48;
        histogram.0[100] = 1;
        assert_eq!((histogram.lower(0), histogram.upper(100)), (0.0, 100.0));
        assert_eq!((histogram.lower(2), histogram.upper(90)), (30.0, 60.0));
    }

    #[test]
    fn alpha_stays() {
        let picture = image(2, 1, RGBA, vec![50, 50, 50, 9, 150, 150, 150, 200]);
        let stretched = samples(normalise(picture, 0, 100).unwrap());
        assert_eq!((stretched[3], stretched[7]), (9, 200));
        assert!(stretched[4] >= 253);
    }
}
