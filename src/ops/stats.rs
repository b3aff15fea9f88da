//! Statistics of pixels: what each channel holds, entropy, sharpness, the dominant colour. All are gathered from rows as they
//! pass, none needs the image whole.
#![allow(unsafe_code)] // Calls of functions compiled for what the level says is there.

use crate::{
    image::{RowMut, Sample},
    simd::{Level, at_level},
};

/// Samples that are looked at together: a multiple of 1, 2, 3 and 4 channels, so that a lane always has the same channel.
const LANES: usize = 96;

/// Blocks of [`LANES`] samples whose squares of 8 bits fit in 32.
const BLOCKS: usize = 65536;

/// What one channel holds. Positions are of the first such pixel, from the left and from the top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChannelStats {
    pub min: f64,
    pub max: f64,
    pub sum: f64,
    pub squares_sum: f64,
    pub min_at: (u32, u32),
    pub max_at: (u32, u32),
}

impl ChannelStats {
    /// Of `count` pixels.
    pub fn mean(&self, count: f64) -> f64 {
        self.sum / count
    }

    /// Makes them those of samples `factor` times as large.
    pub fn scale(&mut self, factor: f64) {
        for value in [&mut self.min, &mut self.max, &mut self.sum] {
            *value *= factor;
        }
        self.squares_sum *= factor * factor;
    }

    /// The sample standard deviation of `count` pixels; not a number for one pixel.
    pub fn stdev(&self, count: f64) -> f64 {
        deviation(self.sum, self.squares_sum, count)
    }
}

fn deviation(sum: f64, squares: f64, count: f64) -> f64 {
    ((squares - sum * sum / count).abs() / (count - 1.0)).sqrt()
}

/// Gathers [`ChannelStats`].
#[derive(Debug, Clone)]
pub struct Channels {
    stats: Vec<ChannelStats>,
    level: Level,
}

impl Channels {
    pub fn new(channels: usize) -> Self {
        let nothing = ChannelStats {
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            sum: 0.0,
            squares_sum: 0.0,
            min_at: (0, 0),
            max_at: (0, 0),
        };
        Self { stats: vec![nothing; channels], level: Level::best() }
    }

    /// Takes row `y` in.
    pub fn add(&mut self, y: u32, row: &RowMut<'_>) {
        match row {
            RowMut::U8(samples) => self.add_samples(y, samples),
            RowMut::U16(samples) => self.add_samples(y, samples),
            RowMut::F32(samples) => self.add_samples(y, samples),
        }
    }

    fn add_samples<S: Summed>(&mut self, y: u32, row: &[S]) {
        let channels = self.stats.len();
        if channels > LANES {
            return self.add_one_by_one(y, row);
        }
        // With other numbers of channels, lanes at the end stay unused.
        let lanes = LANES - LANES % channels;
        for piece in row.chunks(lanes * BLOCKS) {
            let Some(&first) = piece.first() else { return };
            let mut totals = Totals::new(first);
            for (lane, &sample) in piece.iter().take(lanes).enumerate() {
                (totals.min[lane], totals.max[lane]) = (sample, sample);
            }
            gather(self.level, piece, lanes, &mut totals);
            for lane in 0..lanes.min(piece.len()) {
                let stats = &mut self.stats[lane % channels];
                stats.sum += S::total(totals.sum[lane]);
                stats.squares_sum += S::total(totals.squares[lane]);
            }
            self.extend(y, row, &totals, lanes.min(piece.len()));
        }
    }

    /// The same where a pixel has more channels than there are lanes.
    fn add_one_by_one<S: Summed>(&mut self, y: u32, row: &[S]) {
        for (x, pixel) in row.chunks_exact(self.stats.len()).enumerate() {
            for (stats, &sample) in self.stats.iter_mut().zip(pixel) {
                let value: f64 = sample.into();
                stats.sum += value;
                stats.squares_sum += value * value;
                if value < stats.min {
                    (stats.min, stats.min_at) = (value, (x as u32, y));
                }
                if value > stats.max {
                    (stats.max, stats.max_at) = (value, (x as u32, y));
                }
            }
        }
    }

    /// Looks for the place of samples that are beyond those of the rows before.
    fn extend<S: Summed>(&mut self, y: u32, row: &[S], totals: &Totals<S>, lanes: usize) {
        let channels = self.stats.len();
        let place = |channel: usize, value: S| {
            let found = row.iter().skip(channel).step_by(channels).position(|&sample| sample == value);
            (found.unwrap_or(0) as u32, y)
        };
        for (channel, stats) in self.stats.iter_mut().enumerate().take(lanes) {
            let (mut min, mut max) = (totals.min[channel], totals.max[channel]);
            for lane in (channel..lanes).step_by(channels) {
                min = if totals.min[lane] < min { totals.min[lane] } else { min };
                max = if totals.max[lane] > max { totals.max[lane] } else { max };
            }
            if min.into() < stats.min {
                (stats.min, stats.min_at) = (min.into(), place(channel, min));
            }
            if max.into() > stats.max {
                (stats.max, stats.max_at) = (max.into(), place(channel, max));
            }
        }
    }

    /// What was gathered, by channel.
    pub fn finish(self) -> Vec<ChannelStats> {
        self.stats
    }
}

/// Sums and extremes of a row's samples, by lane.
struct Totals<S: Summed> {
    min: [S; LANES],
    max: [S; LANES],
    sum: [S::Sum; LANES],
    squares: [S::Sum; LANES],
}

impl<S: Summed> Totals<S> {
    fn new(sample: S) -> Self {
        let nothing = S::Sum::default();
        Self { min: [sample; LANES], max: [sample; LANES], sum: [nothing; LANES], squares: [nothing; LANES] }
    }
}

/// A sample that can be summed.
trait Summed: Sample + Into<f64> {
    /// Holds the squares of [`BLOCKS`] samples.
    type Sum: Copy + Default + std::ops::AddAssign + std::ops::Mul<Output = Self::Sum> + From<Self>;
    fn total(sum: Self::Sum) -> f64;
}

impl Summed for u8 {
    type Sum = u32;
    fn total(sum: u32) -> f64 {
        sum.into()
    }
}

impl Summed for u16 {
    type Sum = u64;
    fn total(sum: u64) -> f64 {
        sum as f64
    }
}

impl Summed for f32 {
    type Sum = f64;
    fn total(sum: f64) -> f64 {
        sum
    }
}

at_level! {
    /// Takes in samples of which `lanes` have a lane each, those that follow the same lanes again.
    fn gather<S: Summed>(row: &[S], lanes: usize, totals: &mut Totals<S>) {
        let mut rest = row;
        if lanes == LANES {
            // One loop each, so that the lanes of one stay in registers.
            let (blocks, short) = row.as_chunks::<LANES>();
            for block in blocks {
                for ((min, max), &sample) in totals.min.iter_mut().zip(&mut totals.max).zip(block) {
                    *min = if sample < *min { sample } else { *min };
                    *max = if sample > *max { sample } else { *max };
                }
            }
            for block in blocks {
                for (sum, &sample) in totals.sum.iter_mut().zip(block) {
                    *sum += S::Sum::from(sample);
                }
            }
            for block in blocks {
                for (squares, &sample) in totals.squares.iter_mut().zip(block) {
                    *squares += S::Sum::from(sample) * S::Sum::from(sample);
                }
            }
            rest = short;
        }
        for block in rest.chunks(lanes) {
            for (lane, &sample) in block.iter().enumerate() {
                totals.min[lane] = if sample < totals.min[lane] { sample } else { totals.min[lane] };
                totals.max[lane] = if sample > totals.max[lane] { sample } else { totals.max[lane] };
                totals.sum[lane] += S::Sum::from(sample);
                totals.squares[lane] += S::Sum::from(sample) * S::Sum::from(sample);
            }
        }
    }
}

/// Steps of each channel in the histogram of colours.
const BINS: usize = 16;

/// The cell of a value: as with sharp, each has the values from one above a multiple of 16 to the next, but the first,
/// which has 0 too.
fn bin(value: u8) -> u8 {
    value.saturating_sub(1) >> 4
}

/// Finds the colour that most pixels have, in cells of 16 values of each channel.
#[derive(Debug, Clone)]
pub struct Dominant {
    /// By green, then red, then blue, the order in which the first of equal cells counts.
    cells: Vec<u64>,
    colours: usize,
    alpha: bool,
}

impl Dominant {
    /// For images of 1 (grey) or 3 colour channels, and alpha or not.
    pub fn new(colours: usize, alpha: bool) -> Self {
        Self { cells: vec![0; BINS * BINS * BINS], colours, alpha }
    }

    /// Takes a row in.
    pub fn add(&mut self, row: &RowMut<'_>) {
        match row {
            RowMut::U8(samples) => self.add_samples(samples, bin),
            RowMut::U16(samples) => self.add_samples(samples, |sample| bin((sample >> 8) as u8)),
            RowMut::F32(samples) => self.add_samples(samples, |sample| bin((sample as u16 >> 8) as u8)),
        }
    }

    fn add_samples<S: Copy>(&mut self, row: &[S], bin: impl Fn(S) -> u8) {
        let Ok(cells) = <&mut [u64; BINS * BINS * BINS]>::try_from(self.cells.as_mut_slice()) else { return };
        // Masked, so that the index is seen to be within.
        let mut count = |red: S, green: S, blue: S| {
            let (red, green, blue) = (bin(red) & 15, bin(green) & 15, bin(blue) & 15);
            cells[(usize::from(green) * BINS + usize::from(red)) * BINS + usize::from(blue)] += 1;
        };
        match (self.colours, self.alpha) {
            (1, false) => row.iter().for_each(|&grey| count(grey, grey, grey)),
            (1, true) => row.as_chunks::<2>().0.iter().for_each(|&[grey, _]| count(grey, grey, grey)),
            (_, false) => row.as_chunks::<3>().0.iter().for_each(|&[red, green, blue]| count(red, green, blue)),
            (_, true) => row.as_chunks::<4>().0.iter().for_each(|&[red, green, blue, _]| count(red, green, blue)),
        }
    }

    /// Red, green and blue in the middle of the cell with the most pixels.
    pub fn finish(&self) -> [u32; 3] {
        let most = self.cells.iter().max().copied().unwrap_or(0);
        let cell = self.cells.iter().position(|&count| count == most).unwrap_or(0);
        [cell / BINS % BINS, cell / (BINS * BINS), cell % BINS].map(|bin| (bin * BINS + BINS / 2) as u32)
    }
}

/// Entropy of the values and deviation of the edges of a grey 8-bit image.
#[derive(Debug, Clone)]
pub struct Texture {
    width: usize,
    /// Several, so that equal neighbours do not wait for each other.
    counts: [[u64; 256]; 4],
    /// The last two rows, each with its outermost pixels twice.
    rows: [Vec<u8>; 2],
    fed: u32,
    edges: Edges,
    level: Level,
}

/// Sum and sum of squares of the Laplacian.
#[derive(Debug, Clone, Copy, Default)]
struct Edges {
    sum: i64,
    squares: u64,
}

/// The Laplacian is divided by the sum of the absolute weights and one.
const LAPLACIAN_SCALE: f64 = 9.0;

impl Texture {
    /// For rows of `width` pixels.
    pub fn new(width: u32) -> Self {
        let row = vec![0; width as usize + 2];
        Self {
            width: width as usize,
            counts: [[0; 256]; 4],
            rows: [row.clone(), row],
            fed: 0,
            edges: Edges::default(),
            level: Level::best(),
        }
    }

    /// Takes a row of grey pixels in.
    pub fn add(&mut self, row: &[u8]) {
        let (fours, rest) = row.as_chunks::<4>();
        for four in fours {
            for (counts, &value) in self.counts.iter_mut().zip(four) {
                counts[usize::from(value)] += 1;
            }
        }
        rest.iter().for_each(|&value| self.counts[0][usize::from(value)] += 1);
        let mut next = Vec::with_capacity(self.width + 2);
        next.extend(row.first());
        next.extend_from_slice(row);
        next.extend(row.last());
        if self.fed == 0 {
            self.rows = [next.clone(), next];
        } else {
            self.turn(&next);
            self.rows.swap(0, 1);
            self.rows[1] = next;
        }
        self.fed += 1;
    }

    /// The Laplacian of the last row, above `next`.
    fn turn(&mut self, next: &[u8]) {
        laplacian(self.level, &self.rows[0], &self.rows[1], next, &mut self.edges);
    }

    /// Entropy in bits, and sharpness: the standard deviation of the Laplacian, not a number when there is nothing to deviate
    /// from.
    pub fn finish(mut self) -> (f64, f64) {
        if self.fed > 0 {
            let last = self.rows[1].clone();
            self.turn(&last);
        }
        let count = self.width as f64 * f64::from(self.fed);
        let entropy: f64 = (0..256)
            .map(|value| self.counts.iter().map(|counts| counts[value]).sum::<u64>() as f64 / count)
            .filter(|&share| share > 0.0)
            .map(|share| share * share.log2())
            .sum();
        let sharpness = deviation(self.edges.sum as f64, self.edges.squares as f64, count) / LAPLACIAN_SCALE;
        (entropy.abs(), sharpness)
    }
}

/// Pixels whose squared Laplacians, of at most 1020 each, fit in 31 bits together.
const PIXELS: usize = 2048;

at_level! {
    /// Adds the Laplacian of the middle one of three rows.
    fn laplacian(above: &[u8], row: &[u8], below: &[u8], edges: &mut Edges) {
        let width = row.len().saturating_sub(2);
        let mut start = 0;
        while start < width {
            let len = PIXELS.min(width - start);
            let (above, below) = (&above[start + 1..][..len], &below[start + 1..][..len]);
            let (left, here, right) = (&row[start..][..len], &row[start + 1..][..len], &row[start + 2..][..len]);
            let (mut sum, mut squares) = (0i32, 0i32);
            for x in 0..len {
                let around = i32::from(above[x]) + i32::from(below[x]) + i32::from(left[x]) + i32::from(right[x]);
                let value = around - 4 * i32::from(here[x]);
                sum += value;
                squares += value * value;
            }
            edges.sum += i64::from(sum);
            edges.squares += squares as u64;
            start += len;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every sample by itself.
    fn plain(row: &[f64], channels: usize, channel: usize) -> (f64, f64, f64, f64) {
        let samples = || row.iter().skip(channel).step_by(channels).copied();
        let min = samples().fold(f64::INFINITY, f64::min);
        let max = samples().fold(f64::NEG_INFINITY, f64::max);
        (min, max, samples().sum(), samples().map(|sample| sample * sample).sum())
    }

    #[test]
    fn channels_of_every_layout_and_level() {
        let noise: Vec<u16> = (0..2000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 16) as u16).collect();
        for channels in 1..=5 {
            for width in [1, 2, 31, 96, 333] {
                let row = &noise[..channels * width];
                let mut words = row.to_vec();
                let mut bytes: Vec<u8> = row.iter().map(|&sample| (sample >> 8) as u8).collect();
                let mut floats: Vec<f32> = row.iter().map(|&sample| f32::from(sample) - 30_000.5).collect();
                for level in [Level::Scalar, Level::detect()] {
                    let cases = [
                        (words.iter().map(|&s| s.into()).collect::<Vec<f64>>(), RowMut::U16(&mut words)),
                        (bytes.iter().map(|&s| s.into()).collect(), RowMut::U8(&mut bytes)),
                        (floats.iter().map(|&s| s.into()).collect(), RowMut::F32(&mut floats)),
                    ];
                    for (plain_row, row) in cases {
                        let mut gathered = Channels { level, ..Channels::new(channels) };
                        gathered.add(7, &row);
                        for (channel, stats) in gathered.finish().iter().enumerate() {
                            let (min, max, sum, squares) = plain(&plain_row, channels, channel);
                            assert_eq!((stats.min, stats.max), (min, max), "{channels} × {width}");
                            assert!((stats.sum - sum).abs() <= sum.abs() * 1e-12);
                            assert!((stats.squares_sum - squares).abs() <= squares * 1e-12);
                            assert_eq!(plain_row[stats.min_at.0 as usize * channels + channel], min);
                            assert_eq!((stats.max_at.1, stats.min_at.1), (7, 7));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn first_place_counts() {
        let mut channels = Channels::new(1);
        for (y, mut row) in [[5u8, 3, 3], [3, 9, 5], [9, 3, 5]].into_iter().enumerate() {
            channels.add(y as u32, &RowMut::U8(&mut row));
        }
        let stats = channels.finish()[0];
        assert_eq!((stats.min_at, stats.max_at), ((1, 0), (1, 1)));
    }

    #[test]
    fn dominant_colour_is_the_middle_of_its_cell() {
        let mut dominant = Dominant::new(3, true);
        dominant.add(&RowMut::U8(&mut [255, 0, 17, 0, 250, 3, 32, 255, 1, 2, 3, 4]));
        assert_eq!(dominant.finish(), [248, 8, 24]);
        let mut dominant = Dominant::new(1, false);
        dominant.add(&RowMut::U16(&mut [65535, 0, 65000]));
        assert_eq!(dominant.finish(), [248; 3]);
    }

    #[test]
    fn texture_of_a_flat_and_of_a_lively_image() {
        let mut flat = Texture::new(3);
        (0..3).for_each(|_| flat.add(&[9; 3]));
        assert_eq!(flat.finish(), (0.0, 0.0));

        let picture = [[0u8, 255, 0], [255, 0, 255]];
        let at = |x: i32, y: i32| f64::from(picture[y.clamp(0, 1) as usize][x.clamp(0, 2) as usize]);
        let laplacian = |x, y| at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4.0 * at(x, y);
        let values: Vec<f64> = (0..6).map(|n| laplacian(n % 3, n / 3) / 9.0).collect();
        let mean = values.iter().sum::<f64>() / 6.0;
        let deviation = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 5.0).sqrt();
        for level in [Level::Scalar, Level::detect()] {
            let mut lively = Texture { level, ..Texture::new(3) };
            picture.iter().for_each(|row| lively.add(row));
            let (entropy, sharpness) = lively.finish();
            assert!((entropy - 1.0).abs() < 1e-12 && (sharpness - deviation).abs() < 1e-9, "{entropy} {sharpness}");
        }
    }

    #[test]
    fn one_pixel_deviates_from_nothing() {
        let mut channels = Channels::new(1);
        channels.add(0, &RowMut::U8(&mut [7]));
        assert!(channels.finish()[0].stdev(1.0).is_nan());
    }
}
