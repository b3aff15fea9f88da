//! Median: each sample becomes the middle one of those in a square around it, channel by channel.
//!
//! The window of an even size has one pixel more to the left and above, and of an even number the upper middle is taken, as
//! libvips 8.18 (`rank`) has it. Small windows are searched bit by bit, all pixels of a vector at once; middling
//! ones too, after coarse histograms gave the first bits; large ones by full histograms.
#![allow(unsafe_code)] // Calls of functions compiled for what the level says is there.

mod narrowed;

use super::{
    histogram::{Count, Edge, Histograms, ranked},
    sums::{LANES, load},
    window::{Reach, Window},
};
use crate::{
    error::{OperationError, Result},
    image::{Depth, RowMut, RowSource, Rows, Sample, Spec, depth_mismatch, zeroed},
    simd::{Level, at_level},
};
use narrowed::Narrowed;

/// Largest size that is searched bit by bit: the number of pixels must fit in 8 bits.
const MAX_SEARCHED: u32 = 15;

/// From this size on the first bits come from counts of columns.
const MIN_NARROWED: u32 = 9;

/// The medians of squares of `size` pixels, which must fit in the image. Edges go on past it.
pub fn median(source: Rows<'_>, size: u32) -> Result<Rows<'_>> {
    let spec = source.spec();
    if size > spec.width || size > spec.height {
        return Err(OperationError::WindowTooLarge("rank").into());
    }
    match spec.format.depth {
        _ if size < 2 => Ok(source),
        Depth::U8 if (MIN_NARROWED..=MAX_SEARCHED).contains(&size) => Narrowed::new(source, size),
        Depth::U8 if size <= MAX_SEARCHED => Searched::<u8>::new(source, size),
        Depth::U8 if size < 256 => Counted::<u16>::new(source, size),
        Depth::U8 => Counted::<u32>::new(source, size),
        Depth::U16 if size <= MAX_SEARCHED => Searched::<u16>::new(source, size),
        Depth::U16 => Slid::new(source, size),
        Depth::F32 => Err(depth_mismatch()),
    }
}

/// How far the window reaches to the left and right, or up and down.
const fn reach(size: u32) -> (u32, u32) {
    (size / 2, size - 1 - size / 2)
}

struct Searched<'a, S> {
    source: Rows<'a>,
    window: Window<S>,
    size: u32,
    y: u32,
    level: Level,
}

trait Searchable: Sample + Default {
    /// For each sample of `out`, the one of those at its place in `rows` that has `rank` others before it.
    fn search(level: Level, rows: &[&[Self]], rank: u8, out: &mut [Self]);
}

macro_rules! searchable {
    ($sample:ty, $function:ident) => {
        at_level! {
            fn $function(rows: &[&[$sample]], rank: u8, out: &mut [$sample]) {
                let mut start = 0;
                while start < out.len() {
                    let count = LANES.min(out.len() - start);
                    let mut found = [0 as $sample; LANES];
                    for bit in (0..<$sample>::BITS).rev() {
                        let mut candidates = found;
                        for candidate in &mut candidates {
                            *candidate |= 1 << bit;
                        }
                        let mut before = [0 as $sample; LANES];
                        for row in rows {
                            let samples = load(row, start);
                            for lane in 0..LANES {
                                before[lane] += if samples[lane] < candidates[lane] { 1 } else { 0 };
                            }
                        }
                        for lane in 0..LANES {
                            let enough = before[lane] > <$sample>::from(rank);
                            found[lane] = if enough { found[lane] } else { candidates[lane] };
                        }
                    }
                    out[start..start + count].copy_from_slice(&found[..count]);
                    start += count;
                }
            }
        }
        impl Searchable for $sample {
            fn search(level: Level, rows: &[&[$sample]], rank: u8, out: &mut [$sample]) {
                $function(level, rows, rank, out);
            }
        }
    };
}
searchable!(u8, search_bytes);
searchable!(u16, search_words);

impl<'a, S: Searchable> Searched<'a, S> {
    #[expect(clippy::new_ret_no_self, reason = "callers want rows")]
    fn new(source: Rows<'a>, size: u32) -> Result<Rows<'a>> {
        let spec = source.spec();
        let window = Window::new(&spec, spec.format.channels(), Reach { columns: reach(size), rows: reach(size) })?;
        Ok(Box::new(Self { source, window, size, y: 0, level: Level::best() }))
    }
}

impl<S: Searchable> RowSource for Searched<'_, S> {
    fn spec(&self) -> Spec {
        self.source.spec()
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let out = S::of_mut(row).ok_or_else(depth_mismatch)?;
        let source = &mut self.source;
        self.window.advance(self.y, |row| source.next_samples(row))?;
        let rows = taps(&self.window, self.y, self.size, self.source.spec().format.channels());
        S::search(self.level, &rows, (self.size * self.size / 2) as u8, out);
        self.y += 1;
        Ok(())
    }
}

/// A row for each pixel of the squares around row `y`, so that these are at the same place in all of them.
fn taps<S: Sample>(window: &Window<S>, y: u32, size: u32, channels: usize) -> Vec<&[S]> {
    let first = i64::from(y) - i64::from(size / 2);
    let lines = (first..first + i64::from(size)).map(|y| window.row_and_beyond(y));
    lines.flat_map(|line| (0..size as usize).map(move |x| &line[x * channels..])).collect()
}

struct Counted<'a, T> {
    source: Rows<'a>,
    histograms: Histograms<T>,
    rank: u32,
}

impl<'a, T: Count> Counted<'a, T> {
    #[expect(clippy::new_ret_no_self, reason = "callers want rows")]
    fn new(source: Rows<'a>, size: u32) -> Result<Rows<'a>> {
        let histograms = Histograms::<T>::new(source.spec(), size, size, Edge::Repeat)?;
        Ok(Box::new(Self { source, histograms, rank: size * size / 2 }))
    }
}

impl<T: Count> RowSource for Counted<'_, T> {
    fn spec(&self) -> Spec {
        self.source.spec()
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let out = u8::of_mut(row).ok_or_else(depth_mismatch)?;
        let (source, rank) = (&mut self.source, self.rank);
        self.histograms.next(|row| source.next_samples(row), out, |counts, _| ranked(counts, rank))
    }
}

/// Values that are counted together too.
const GROUP: usize = 256;

/// One histogram of 16-bit samples, moved along each row. Source: T. Huang, G. Yang and G. Tang, "A Fast Two-Dimensional
/// Median Filtering Algorithm", IEEE Transactions on Acoustics, Speech, and Signal Processing 27(1), 1979.
struct Slid<'a> {
    source: Rows<'a>,
    window: Window<u16>,
    size: u32,
    y: u32,
    counts: Vec<u32>,
    groups: [u32; 65536 / GROUP],
}

impl<'a> Slid<'a> {
    #[expect(clippy::new_ret_no_self, reason = "callers want rows")]
    fn new(source: Rows<'a>, size: u32) -> Result<Rows<'a>> {
        let spec = source.spec();
        let window = Window::new(&spec, spec.format.channels(), Reach { columns: reach(size), rows: reach(size) })?;
        Ok(Box::new(Self { source, window, size, y: 0, counts: zeroed(65536)?, groups: [0; 65536 / GROUP] }))
    }

    /// The value with `rank` samples before it.
    fn ranked(&self, mut rank: u32) -> u16 {
        let mut place = |counts: &[u32]| {
            let found = counts.iter().position(|&count| {
                let found = rank < count;
                rank -= if found { 0 } else { count };
                found
            });
            found.unwrap_or(GROUP - 1)
        };
        let group = place(&self.groups) * GROUP;
        (group + place(&self.counts[group..group + GROUP])) as u16
    }
}

impl RowSource for Slid<'_> {
    fn spec(&self) -> Spec {
        self.source.spec()
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let out = u16::of_mut(row).ok_or_else(depth_mismatch)?;
        let source = &mut self.source;
        self.window.advance(self.y, |row| source.next_samples(row))?;
        let channels = self.source.spec().format.channels();
        let (size, rank) = (self.size as usize, self.size * self.size / 2);
        let first = i64::from(self.y) - i64::from(self.size / 2);
        for channel in 0..channels {
            self.counts.fill(0);
            self.groups.fill(0);
            for (x, out) in out[channel..].iter_mut().step_by(channels).enumerate() {
                for y in first..first + i64::from(self.size) {
                    let line = self.window.row(y);
                    let new = if x == 0 { 0 } else { x + size - 1 };
                    for at in new..x + size {
                        let sample = usize::from(line[at * channels + channel]);
                        self.counts[sample] += 1;
                        self.groups[sample / GROUP] += 1;
                    }
                    if x > 0 {
                        let sample = usize::from(line[(x - 1) * channels + channel]);
                        self.counts[sample] -= 1;
                        self.groups[sample / GROUP] -= 1;
                    }
                }
                *out = self.ranked(rank);
            }
        }
        self.y += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        ColourSpace, Image, PixelFormat, Samples,
        testing::{GREY, RGB, RGBA, grey, image, samples},
    };

    /// By sorting.
    fn plain(width: i64, height: i64, channels: i64, samples: &[u16], size: i64) -> Vec<u16> {
        let at = |x: i64, y: i64, channel: i64| {
            samples[((y.clamp(0, height - 1) * width + x.clamp(0, width - 1)) * channels + channel) as usize]
        };
        let middle = |index: i64| {
            let (x, y, channel) = (index / channels % width, index / channels / width, index % channels);
            let offsets = -(size / 2)..size - size / 2;
            let mut all: Vec<u16> = offsets
                .clone()
                .flat_map(|dy| offsets.clone().map(move |dx| (dx, dy)))
                .map(|(dx, dy)| at(x + dx, y + dy, channel))
                .collect();
            all.sort_unstable();
            all[all.len() / 2]
        };
        (0..samples.len() as i64).map(middle).collect()
    }

    #[test]
    fn every_form_finds_the_middle() {
        for (format, depth) in
            [(GREY, 8), (RGB, 8), (RGBA, 8), (PixelFormat::new(ColourSpace::Rgb16, Depth::U16, true), 16)]
        {
            for size in [1, 2, 3, 4, 5, 9, 14, 15, 16, 21] {
                let (width, height) = (43, 22);
                let len = (width * height) * format.channels() as u32;
                let pixels: Vec<u16> =
                    (0..len).map(|at| (at.wrapping_mul(2_654_435_761) >> (32 - depth)) as u16).collect();
                let held = if depth == 8 {
                    Samples::U8(pixels.iter().map(|&sample| sample as u8).collect())
                } else {
                    Samples::U16(pixels.clone())
                };
                let source = Image::from_samples(Spec::new(width, height, format), held).unwrap();
                let out = Image::collect(median(Box::new(source.into_rows()), size).unwrap().as_mut()).unwrap();
                let out: Vec<u16> = match out.into_samples() {
                    Samples::U8(samples) => samples.into_iter().map(u16::from).collect(),
                    Samples::U16(samples) => samples,
                    Samples::F32(_) => vec![],
                };
                let expected = plain(width.into(), height.into(), format.channels() as i64, &pixels, size.into());
                assert!(out == expected, "{format:?} {size}");
            }
        }
    }

    #[test]
    fn a_speck_goes_away() {
        let mut speck = vec![9; 25];
        speck[12] = 255;
        assert_eq!(samples(median(grey(5, 5, speck), 3).unwrap()), [9; 25]);
        let large = image(300, 300, GREY, vec![7; 90_000]);
        assert_eq!(samples(median(Box::new(large.into_rows()), 280).unwrap()), vec![7; 90_000]);
    }

    #[test]
    fn the_window_must_fit() {
        let error = median(grey(5, 2, vec![0; 10]), 3).err().unwrap().to_string();
        assert_eq!(error, "rank: window too large");
        assert_eq!(samples(median(grey(1, 1, vec![5]), 1).unwrap()), [5]);
    }
}
