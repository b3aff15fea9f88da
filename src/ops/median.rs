//! Median: each sample becomes the middle one of those in a square around it, channel by channel.
//!
//! The window of an even size has one pixel more to the left and above, and of an even number the upper middle is taken, as
//! libvips 8.18 (`rank`) has it. Small windows are searched bit by bit, all pixels of a vector at once; middling
//! ones too, after coarse histograms gave the first bits; large ones by full histograms.
#![allow(unsafe_code)] // Calls of functions compiled for what the level says is there.

use super::{
    Rows,
    histogram::{Count, Edge, Histograms, ranked},
    sums::{LANES, load},
    window::{Reach, Window},
};
use crate::{
    error::{OperationError, Result},
    image::{Depth, RowMut, RowSource, Sample, Spec, depth_mismatch, zeroed},
    simd::{Level, at_level},
};

/// Largest size that is searched bit by bit: the number of pixels must fit in 8 bits.
const MAX_SEARCHED: u32 = 15;

/// From this size on the first bits come from counts of columns.
const MIN_NARROWED: u32 = 9;

/// The medians of squares of `size` pixels, which must fit in the picture. Edges go on past it.
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

/// Bits of a sample that [`Narrowed`] searches after the first ones are known.
const LAST_BITS: u32 = 3;

/// Thresholds between the values of the first bits.
const THRESHOLDS: usize = (1 << (u8::BITS - LAST_BITS)) - 1;

/// Squares of 8-bit samples: as a square moves down, each of its columns has one sample more and one less below a threshold.
struct Narrowed<'a> {
    source: Rows<'a>,
    window: Window<u8>,
    /// For each threshold and each sample of a row, how many of its column are below.
    below: Vec<u8>,
    /// Samples of a row with the pixels on both sides, and as many as are loaded past the end.
    stride: usize,
    /// Room for sums of columns.
    sums: Vec<u8>,
    /// A row that is below no threshold.
    nothing: Vec<u8>,
    size: u32,
    y: u32,
    level: Level,
}

impl<'a> Narrowed<'a> {
    #[expect(clippy::new_ret_no_self, reason = "callers want rows")]
    fn new(source: Rows<'a>, size: u32) -> Result<Rows<'a>> {
        let spec = source.spec();
        let (above, under) = reach(size);
        let window =
            Window::new(&spec, spec.format.channels(), Reach { columns: reach(size), rows: (above + 1, under) })?;
        let stride = window.row_and_beyond(0).len();
        let mut nothing = zeroed(stride)?;
        nothing.fill(u8::MAX ^ FLIP);
        let below = zeroed(stride.saturating_mul(THRESHOLDS))?;
        let sums = zeroed(stride.saturating_mul(3))?;
        Ok(Box::new(Self { source, window, below, stride, sums, nothing, size, y: 0, level: Level::best() }))
    }
}

impl RowSource for Narrowed<'_> {
    fn spec(&self) -> Spec {
        self.source.spec()
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let out = u8::of_mut(row).ok_or_else(depth_mismatch)?;
        let source = &mut self.source;
        self.window.advance(self.y, |row| {
            source.next_samples(row)?;
            // In the order of signed numbers, which vectors compare.
            row.iter_mut().for_each(|sample| *sample ^= FLIP);
            Ok(())
        })?;
        let first = i64::from(self.y) - i64::from(self.size / 2);
        let last = first + i64::from(self.size) - 1;
        if self.y == 0 {
            for y in first..=last {
                count(self.level, self.window.row_and_beyond(y), &self.nothing, self.stride, &mut self.below);
            }
        } else {
            let (enters, leaves) = (self.window.row_and_beyond(last), self.window.row_and_beyond(first - 1));
            count(self.level, enters, leaves, self.stride, &mut self.below);
        }
        let channels = self.source.spec().format.channels();
        let rank = (self.size * self.size / 2) as u8;
        out.fill(0);
        first_bits(self.level, &self.below, &mut self.sums, self.size as usize, channels, rank, out);
        search_flipped(self.level, &taps(&self.window, self.y, self.size, channels), rank, out);
        self.y += 1;
        Ok(())
    }
}

at_level! {
    /// Counts the samples that enter columns, and off those that leave them.
    fn count(enters: &[u8], leaves: &[u8], stride: usize, below: &mut [u8]) {
        for (index, below) in below.chunks_exact_mut(stride).enumerate() {
            let threshold = (((index + 1) << LAST_BITS) as u8 ^ FLIP) as i8;
            for ((below, &enters), &leaves) in below.iter_mut().zip(enters).zip(leaves) {
                let (enters, leaves) = ((enters as i8) < threshold, (leaves as i8) < threshold);
                *below = below.wrapping_add(u8::from(enters)).wrapping_sub(u8::from(leaves));
            }
        }
    }
}

at_level! {
    /// Adds the first bits of the samples with `rank` others before them: as many thresholds as leave no more than these
    /// below. `sums` has room for three rows.
    fn first_bits(below: &[u8], sums: &mut [u8], size: usize, channels: usize, rank: u8, out: &mut [u8]) {
        let stride = sums.len() / 3;
        let (total, rest) = sums.split_at_mut(stride);
        let (power, next) = rest.split_at_mut(stride);
        for columns in below.chunks_exact(stride) {
            // Sums of as many columns as powers of two have, and of those that make up the size.
            let (mut taps, mut summed) = (1, 0);
            power.copy_from_slice(columns);
            loop {
                if size & taps != 0 {
                    if summed == 0 {
                        total.copy_from_slice(power);
                    } else {
                        let ahead = &power[summed * channels..];
                        total.iter_mut().zip(ahead).for_each(|(total, &more)| *total = total.wrapping_add(more));
                    }
                    summed += taps;
                }
                if summed == size {
                    break;
                }
                let ahead = &power[taps * channels..];
                for ((next, &first), &second) in next.iter_mut().zip(&*power).zip(ahead) {
                    *next = first.wrapping_add(second);
                }
                power.copy_from_slice(next);
                taps *= 2;
            }
            for (found, &total) in out.iter_mut().zip(&*total) {
                *found += if total <= rank { 1 << LAST_BITS } else { 0 };
            }
        }
    }
}

/// Turns the order of unsigned numbers into that of signed ones.
const FLIP: u8 = 0x80;

/// Finds the last bits of samples whose first ones are in `out`, in rows of flipped samples that are at least as long.
fn search_flipped(level: Level, rows: &[&[u8]], rank: u8, out: &mut [u8]) {
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level is only made on a processor that has AVX2.
        Level::Avx2(_) => unsafe { search_flipped_avx2(rows, rank, out) },
        _ => search_flipped_plain(rows, rank, out),
    }
}

fn search_flipped_plain(rows: &[&[u8]], rank: u8, out: &mut [u8]) {
    for (at, found) in out.iter_mut().enumerate() {
        for bit in (0..LAST_BITS).rev() {
            let candidate = *found | 1 << bit;
            let before = rows.iter().filter(|row| row[at] ^ FLIP < candidate).count();
            *found = if before > usize::from(rank) { *found } else { candidate };
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn search_flipped_avx2(rows: &[&[u8]], rank: u8, out: &mut [u8]) {
    use std::arch::x86_64::*;
    /// Samples that are searched at a time.
    const BLOCK: usize = 64;
    assert!(rows.iter().all(|row| row.len() >= out.len()));
    let (flip, ranks) = (_mm256_set1_epi8(FLIP as i8), _mm256_set1_epi8(rank as i8));
    let search = |start: usize, block: &mut [u8; BLOCK]| {
        let halves = block.as_chunks::<32>().0;
        // SAFETY: the halves of a block have as many bytes as a vector.
        let mut found = [0, 1].map(|half: usize| unsafe { _mm256_loadu_si256(halves[half].as_ptr().cast()) });
        for bit in (0..LAST_BITS).rev() {
            let bit = _mm256_set1_epi8(1 << bit);
            let candidates = found.map(|found| _mm256_or_si256(found, bit));
            let [low, high] = candidates.map(|candidate| _mm256_xor_si256(candidate, flip));
            let (mut before_low, mut before_high) = (_mm256_setzero_si256(), _mm256_setzero_si256());
            for row in rows {
                // SAFETY: each row has a block from `start` on, because `out` has.
                let samples = unsafe {
                    let samples = row.as_ptr().add(start);
                    [_mm256_lddqu_si256(samples.cast()), _mm256_lddqu_si256(samples.add(32).cast())]
                };
                before_low = _mm256_sub_epi8(before_low, _mm256_cmpgt_epi8(low, samples[0]));
                before_high = _mm256_sub_epi8(before_high, _mm256_cmpgt_epi8(high, samples[1]));
            }
            for (index, before) in [before_low, before_high].into_iter().enumerate() {
                // No more before than the rank says.
                let few = _mm256_cmpeq_epi8(_mm256_min_epu8(before, ranks), before);
                found[index] = _mm256_blendv_epi8(found[index], candidates[index], few);
            }
        }
        for (half, found) in block.as_chunks_mut::<32>().0.iter_mut().zip(found) {
            // SAFETY: as above.
            unsafe { _mm256_storeu_si256(half.as_mut_ptr().cast(), found) };
        }
    };
    let Some(mut last) = out.last_chunk::<BLOCK>().copied() else { return search_flipped_plain(rows, rank, out) };
    for (index, block) in out.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
        search(index * BLOCK, block);
    }
    // Some of the last block's samples may be found twice.
    let start = out.len() - BLOCK;
    search(start, &mut last);
    out[start..].copy_from_slice(&last);
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
    use crate::{
        image::{ColourSpace, Image, PixelFormat, Samples},
        ops::testing::{GREY, RGB, RGBA, grey, image, samples},
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
    fn levels_search_alike() {
        let noise: Vec<u8> = (0..700u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 23) as u8).collect();
        let rows: Vec<&[u8]> = (0..81).map(|tap| &noise[5 * tap..]).collect();
        let found = Level::all().map(|level| {
            let mut out: Vec<u8> = noise[..217].iter().map(|&sample| sample >> LAST_BITS << LAST_BITS).collect();
            search_flipped(level, &rows, 40, &mut out);
            out
        });
        assert!(found[0] == found[1] && found[0] == found[2]);
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
