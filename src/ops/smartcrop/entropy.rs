//! Cutting off the duller edge, slice by slice. The measure is Shannon's entropy of which channel has which value.

use super::Choice;
use crate::{
    error::Result,
    image::{Image, Rect, Sample, Samples},
};

/// An axis is brought to its target in this many slices.
const SLICES: u32 = 8;

pub(super) fn choose(image: &Image, width: u32, height: u32, premultiplied: bool) -> Result<Choice> {
    let spec = image.spec();
    let alpha_counts = spec.format.alpha && !premultiplied;
    let slice = (spec.width - width).div_ceil(SLICES).max((spec.height - height).div_ceil(SLICES));
    let mut rect = Rect { left: 0, top: 0, width: spec.width, height: spec.height };
    let entropy = |rect: Rect| match image.samples() {
        Samples::U8(samples) => entropy(samples, image, rect, alpha_counts),
        Samples::U16(samples) => entropy(samples, image, rect, alpha_counts),
        Samples::F32(samples) => entropy(samples, image, rect, alpha_counts),
    };
    while rect.width > width || rect.height > height {
        let cut = (rect.width - width).min(slice);
        if cut > 0 {
            let left = entropy(Rect { width: cut, ..rect });
            let right = entropy(Rect { left: rect.left + rect.width - cut, width: cut, ..rect });
            rect.width -= cut;
            rect.left += if left < right { cut } else { 0 };
        }
        let cut = (rect.height - height).min(slice);
        if cut > 0 {
            let top = entropy(Rect { height: cut, ..rect });
            let bottom = entropy(Rect { top: rect.top + rect.height - cut, height: cut, ..rect });
            rect.height -= cut;
            rect.top += if top < bottom { cut } else { 0 };
        }
    }
    Ok(Choice { rect, attention: (0, 0) })
}

/// Entropy in bits of channel and value of the samples in a rectangle. With `premultiply`, colours count as they look on black.
fn entropy<S: Sample + Into<f64>>(samples: &[S], image: &Image, rect: Rect, premultiply: bool) -> f64 {
    let spec = image.spec();
    let channels = spec.format.channels();
    let max = spec.format.max();
    let values = max as usize + 1;
    let mut histogram = vec![0u32; channels * values];
    for y in rect.top..rect.top + rect.height {
        let start = y as usize * spec.row_samples() + rect.left as usize * channels;
        let row = &samples[start..start + rect.width as usize * channels];
        if premultiply {
            for pixel in row.chunks_exact(channels) {
                let alpha: f64 = pixel[channels - 1].into();
                for (channel, &sample) in pixel[..channels - 1].iter().enumerate() {
                    histogram[channel * values + (sample.into() * alpha / max) as usize] += 1;
                }
                histogram[(channels - 1) * values + alpha as usize] += 1;
            }
        } else {
            for pixel in row.chunks_exact(channels) {
                for (channel, &sample) in pixel.iter().enumerate() {
                    histogram[channel * values + sample.into() as usize] += 1;
                }
            }
        }
    }
    let total = f64::from(rect.width) * f64::from(rect.height) * channels as f64;
    histogram
        .into_iter()
        .filter(|&count| count > 0)
        .map(|count| {
            let share = f64::from(count) / total;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{GREY, image};

    #[test]
    fn the_lively_half_is_kept() {
        let noise = |n: u32| (n.wrapping_mul(2654435761) >> 24) as u8;
        let picture = image(40, 20, GREY, (0..800).map(|n| if n % 40 < 20 { 7 } else { noise(n) }).collect());
        let choice = choose(&picture, 20, 20, false).unwrap();
        assert_eq!(choice.rect, Rect { left: 20, top: 0, width: 20, height: 20 });
    }

    #[test]
    fn entropy_of_two_equal_values_is_one_bit() {
        let picture = image(2, 2, GREY, vec![1, 2, 1, 2]);
        let whole = Rect { left: 0, top: 0, width: 2, height: 2 };
        assert_eq!(entropy(picture.as_slice::<u8>().unwrap(), &picture, whole, false), 1.0);
    }
}
