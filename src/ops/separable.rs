//! Convolution with a mask of integers, first down, then along.
//!
//! Short masks are summed tap by tap. A long one is seen as boxes laid on each other: as it moves on by a pixel, its sum
//! changes only by the samples where boxes begin and end, so that the cost follows the number of distinct weights and not
//! the length of the mask (running sums, as in W. M. Wells, "Efficient Synthesis of Gaussian Filters by Cascaded Uniform
//! Filters", 1986).

use super::{
    sums::{LANES, Mask, Whole},
    window::{Reach, Window, extend},
};
use crate::{
    error::Result,
    image::{Spec, zeroed},
    simd::Level,
};

/// How many taps cost as much as one end of a box.
const TAPS_OF_A_BOX: usize = 2;

/// The image so far and the sums of its columns.
pub(super) struct Separable<S> {
    window: Window<S>,
    mask: Mask,
    channels: usize,
    /// Next row.
    y: u32,
    /// A row that is convolved down, with the pixels on both sides.
    middle: Vec<S>,
    /// Sums of columns, where they run on from row to row, and sums along a row.
    columns: Vec<u32>,
    along: Vec<u32>,
    runs: bool,
    level: Level,
}

impl<S: Whole> Separable<S> {
    /// For images of the size of `spec` with `channels` samples of type `S` in a pixel.
    pub(super) fn new(spec: &Spec, channels: usize, mask: Mask, level: Level) -> Result<Self> {
        let radius = mask.radius();
        let runs = mask.weights().len() > TAPS_OF_A_BOX * mask.boxes().len();
        let reach = Reach { columns: (0, 0), rows: (radius + 1, radius) };
        let window = Window::new(spec, channels, reach)?;
        let len = window.len();
        let sums = if runs { len } else { 0 };
        let middle = zeroed(len + (2 * radius as usize + 1) * channels + LANES)?;
        Ok(Self { window, mask, channels, y: 0, middle, columns: zeroed(sums)?, along: zeroed(sums)?, runs, level })
    }

    /// Writes the next row; `read` is called for the rows of the image that it needs first.
    pub(super) fn next(&mut self, read: impl FnMut(&mut [S]) -> Result<()>, out: &mut [S]) -> Result<()> {
        self.window.advance(self.y, read)?;
        let (left, len) = ((self.mask.radius() as usize + 1) * self.channels, self.window.len());
        if self.runs {
            self.run_down();
            S::means(self.level, &self.columns, self.mask.total(), &mut self.middle[left..left + len]);
        } else {
            let (y, radius) = (i64::from(self.y), i64::from(self.mask.radius()));
            let rows: Vec<&[S]> = (y - radius..=y + radius).map(|y| self.window.row_and_beyond(y)).collect();
            S::weighted(self.level, &rows, &self.mask, &mut self.middle[left..left + len]);
        }
        let end = self.middle.len() - LANES;
        extend(&mut self.middle[..end], left, len, self.channels);
        if self.runs {
            self.run_along(out);
        } else {
            let taps = 0..=2 * self.mask.radius() as usize;
            let rows: Vec<&[S]> = taps.map(|tap| &self.middle[(tap + 1) * self.channels..]).collect();
            S::weighted(self.level, &rows, &self.mask, out);
        }
        self.y += 1;
        Ok(())
    }

    /// Moves the sums of columns on to the next row.
    fn run_down(&mut self) {
        let y = i64::from(self.y);
        if y > 0 {
            let window = &self.window;
            let entry = |&(reach, weight): &(u32, i16)| {
                let reach = i64::from(reach);
                (window.row_and_beyond(y + reach), window.row_and_beyond(y - 1 - reach), weight)
            };
            let entries: Vec<_> = self.mask.boxes().iter().map(entry).collect();
            S::add_differences(self.level, &entries, &mut self.columns);
            return;
        }
        let radius = i64::from(self.mask.radius());
        for offset in -radius..=radius {
            let weight = u32::from(self.mask.weights()[offset.unsigned_abs() as usize]);
            let row = self.window.row_and_beyond(offset);
            self.columns.iter_mut().zip(row).for_each(|(sum, &sample)| *sum += weight * sample.into());
        }
    }

    fn run_along(&mut self, out: &mut [S]) {
        let (channels, radius) = (self.channels, self.mask.radius() as usize);
        let sums = &mut self.along;
        sums.fill(0);
        // The first pixel is as far from the beginning of the row as the mask reaches, and one more.
        let entry = |&(reach, weight): &(u32, i16)| {
            let reach = reach as usize;
            let plus = &self.middle[(radius + 1 + reach) * channels..];
            let minus = &self.middle[(radius - reach) * channels..];
            (plus, minus, weight)
        };
        let entries: Vec<_> = self.mask.boxes().iter().map(entry).collect();
        S::add_differences(self.level, &entries, sums);
        for (channel, sum) in sums[..channels].iter_mut().enumerate() {
            let taps = 0..=2 * radius;
            let weighted = |tap: usize| {
                u32::from(self.mask.weights()[tap.abs_diff(radius)])
                    * self.middle[(tap + 1) * channels + channel].into()
            };
            *sum = taps.map(weighted).sum();
        }
        match channels {
            1 => accumulate::<1>(sums),
            2 => accumulate::<2>(sums),
            3 => accumulate::<3>(sums),
            4 => accumulate::<4>(sums),
            _ => (channels..sums.len()).for_each(|at| sums[at] = sums[at].wrapping_add(sums[at - channels])),
        }
        S::means(self.level, sums, self.mask.total(), out);
    }
}

/// Turns differences of neighbouring pixels into sums.
fn accumulate<const CHANNELS: usize>(sums: &mut [u32]) {
    let mut running = [0u32; CHANNELS];
    for pixel in sums.as_chunks_mut::<CHANNELS>().0 {
        for (running, sum) in running.iter_mut().zip(pixel) {
            *running = running.wrapping_add(*sum);
            *sum = *running;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::GREY;

    /// Both passes, pixel by pixel.
    fn plain(width: usize, height: usize, channels: usize, samples: &[u32], mask: &Mask) -> Vec<u32> {
        let radius = mask.radius() as isize;
        let clamp = |at: isize, len: usize| at.clamp(0, len as isize - 1) as usize;
        let pass = |samples: &[u32], down: bool| -> Vec<u32> {
            let at = |index: usize, offset: isize| {
                let (x, y) = ((index / channels) % width, index / channels / width);
                let (dx, dy) = if down { (0, offset) } else { (offset, 0) };
                let (x, y) = (clamp(x as isize + dx, width), clamp(y as isize + dy, height));
                samples[(y * width + x) * channels + index % channels]
            };
            let mean = |index: usize| {
                let taps = (-radius..=radius).map(|tap| at(index, tap) * u32::from(mask.weights()[tap.unsigned_abs()]));
                (taps.sum::<u32>() as f64 / f64::from(mask.total())).round() as u32
            };
            (0..samples.len()).map(mean).collect()
        };
        pass(&pass(samples, true), false)
    }

    fn convolve<S: Whole>(
        width: u32,
        height: u32,
        channels: usize,
        samples: &[S],
        mask: &Mask,
        level: Level,
    ) -> Vec<S> {
        let spec = Spec::new(width, height, GREY);
        let mut rows = samples.chunks_exact(width as usize * channels);
        let mut separable = Separable::new(&spec, channels, mask.clone(), level).unwrap();
        let mut out = vec![S::default(); samples.len()];
        for row in out.chunks_exact_mut(width as usize * channels) {
            let read = |row: &mut [S]| {
                row.copy_from_slice(rows.next().unwrap());
                Ok(())
            };
            separable.next(read, row).unwrap();
        }
        out
    }

    #[test]
    fn both_forms_are_the_plain_sum_at_every_level() {
        let masks = [
            Mask::new([20, 19, 14, 8, 3]),
            Mask::new([20; 30]),
            Mask::new([7, 7, 7, 7, 7, 5, 5, 5, 5, 5, 1, 1, 1, 1, 1, 1, 1]),
            Mask::new([1]),
        ];
        for (width, height) in [(1, 1), (3, 2), (37, 5), (11, 41)] {
            for channels in [1, 2, 3, 4] {
                let len = (width * height) as usize * channels;
                let words: Vec<u16> = (0..len as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 16) as u16).collect();
                let bytes: Vec<u8> = words.iter().map(|&word| (word >> 8) as u8).collect();
                for (mask, level) in masks.iter().flat_map(|mask| [(mask, Level::Scalar), (mask, Level::detect())]) {
                    let near = |ours: u32, plain: u32| ours.abs_diff(plain) <= 1;
                    let widened: Vec<u32> = bytes.iter().map(|&sample| sample.into()).collect();
                    let expected = plain(width as usize, height as usize, channels, &widened, mask);
                    let out = convolve(width, height, channels, &bytes, mask, level);
                    assert!(out.iter().zip(&expected).all(|(&ours, &plain)| near(ours.into(), plain)), "{mask:?}");
                    let widened: Vec<u32> = words.iter().map(|&sample| sample.into()).collect();
                    let expected = plain(width as usize, height as usize, channels, &widened, mask);
                    let out = convolve(width, height, channels, &words, mask, level);
                    assert!(out.iter().zip(&expected).all(|(&ours, &plain)| near(ours.into(), plain)), "{mask:?}");
                }
            }
        }
    }

    #[test]
    fn a_flat_image_stays_as_it_is() {
        for value in [0u8, 1, 127, 254, 255] {
            for mask in
                [Mask::new([20, 18, 13, 8]), Mask::new([20, 20, 20, 8, 8]), Mask::new([16; 8]), Mask::new([20; 90])]
            {
                assert_eq!(convolve(9, 4, 1, &[value; 36], &mask, Level::best()), [value; 36]);
                let value = u16::from(value) * 257;
                assert_eq!(convolve(9, 4, 1, &[value; 36], &mask, Level::best()), [value; 36]);
            }
        }
    }
}
