//! Inner loops of neighbourhood operations: sums of rows, or of one row shifted against itself.
#![allow(unsafe_code)] // Calls of functions compiled for what the level says is there.

use crate::{
    image::Sample,
    simd::{Level, at_level},
};

#[cfg(target_arch = "x86_64")]
mod avx2;

/// Samples that are summed in registers at a time.
pub(super) const LANES: usize = 32;

/// Largest sum of weights with which 8-bit samples are summed and rounded in 16 bits.
const NARROW: u32 = 256;

/// With larger weights 16 bits would not hold a weighted pair of 8-bit samples.
const MAX_WEIGHT: u16 = 100;

/// Adding this to a float from 0 to 2²³ leaves the nearest integer in the low bits of its representation.
const ROUNDER: f32 = 8_388_608.0;

/// A symmetric mask of integers, at most [`MAX_WEIGHT`], that only decrease from the centre out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mask {
    /// From the centre out; the last is not 0.
    weights: Vec<u16>,
    /// The same as boxes laid on each other: how far each reaches from the centre, and its weight.
    boxes: Vec<(u32, i16)>,
    /// Sum of all weights.
    total: u32,
    /// What sums in 16 bits take, where these hold the weights.
    narrow: Option<Narrow>,
}

impl Mask {
    /// The mask of these weights, from the centre out. Zeroes at the end are left out, and weights are cut off at the one
    /// before, so that none is larger than its inner neighbour.
    pub(super) fn new(weights: impl IntoIterator<Item = u16>) -> Self {
        let mut last = MAX_WEIGHT;
        let mut decrease = |weight: u16| {
            last = last.min(weight);
            last
        };
        let mut weights: Vec<u16> = weights.into_iter().map(&mut decrease).take_while(|&weight| weight > 0).collect();
        if weights.is_empty() {
            weights.push(1);
        }
        let total = u32::from(weights[0]) + 2 * weights[1..].iter().map(|&weight| u32::from(weight)).sum::<u32>();
        let outer = weights[1..].iter().copied().chain([0]);
        let steps = weights.iter().zip(outer).zip(0..).map(|((&inner, outer), reach)| (reach, (inner - outer) as i16));
        let boxes = steps.filter(|&(_, step)| step > 0).collect();
        let narrow = (weights.len() > 1 && total <= NARROW).then(|| Narrow::new(&weights, total));
        Self { weights, boxes, total, narrow }
    }

    /// Samples on either side of the centre.
    pub(super) const fn radius(&self) -> u32 {
        self.weights.len() as u32 - 1
    }

    pub(super) fn weights(&self) -> &[u16] {
        &self.weights
    }

    pub(super) fn boxes(&self) -> &[(u32, i16)] {
        &self.boxes
    }

    pub(super) const fn total(&self) -> u32 {
        self.total
    }
}

/// A whole-numbered sample type.
pub(super) trait Whole: Sample + Default + Into<u32> {
    /// Means of the rows, of which there are 2 × radius + 1, weighted by `mask`, rounded to nearest.
    fn weighted(level: Level, rows: &[&[Self]], mask: &Mask, out: &mut [Self]);

    /// Adds to `sums` the weighted differences of the two rows of each entry.
    fn add_differences(level: Level, entries: &[(&[Self], &[Self], i16)], sums: &mut [u32]);

    /// Sums divided by `total`, rounded to nearest.
    fn means(level: Level, sums: &[u32], total: u32, out: &mut [Self]);
}

macro_rules! whole {
    // `difference` holds the sum of differences, `limited` the sum of samples whose weights add up to `limit`.
    ($sample:ty, $difference:ty, $limited:ty, $limit:expr, $signed:ty, $module:ident) => {
        mod $module {
            use super::*;

            at_level! {
                pub(super) fn weighted(rows: &[&[$sample]], mask: &Mask, out: &mut [$sample]) {
                    let radius = mask.radius() as usize;
                    let factor = 1.0 / mask.total as f32;
                    // Not a function with a closure: the closure would be compiled for the baseline.
        let mut start = 0;
        while start < out.len() {
            let count = LANES.min(out.len() - start);
            let mut block = [0 as $sample; LANES];
            let mut sums = [0u32; LANES];
                        let mut first = 0;
                        while first <= radius {
                            let mut part = [0 as $limited; LANES];
                            let mut room = $limit;
                            while let Some(double) = mask.weights.get(first).map(|&weight| u32::from(weight) * 2)
                                && double <= room
                            {
                                room -= double;
                                let upper = load(rows[radius - first], start);
                                let lower = load(rows[radius + first], start);
                                let weight = mask.weights[first] as $limited;
                                // The centre is there once.
                                let twice = (first > 0) as $limited;
                                for lane in 0..LANES {
                                    part[lane] += (upper[lane] as $limited + lower[lane] as $limited * twice) * weight;
                                }
                                first += 1;
                            }
                            for lane in 0..LANES {
                                sums[lane] += part[lane] as u32;
                            }
                        }
                        for lane in 0..LANES {
                            block[lane] = (sums[lane] as $signed as f32 * factor + ROUNDER).to_bits() as $sample;
                        }
            out[start..start + count].copy_from_slice(&block[..count]);
            start += count;
        }
                }
            }

            at_level! {
                /// From the sum `first` on.
                pub(super) fn add_differences(
                    entries: &[(&[$sample], &[$sample], i16)],
                    first: usize,
                    sums: &mut [u32],
                ) {
                    let mut start = first;
                    while start < sums.len() {
                        let count = LANES.min(sums.len() - start);
                        let mut differences = [0 as $difference; LANES];
                        for &(plus, minus, weight) in entries {
                            let (plus, minus) = (load(plus, start), load(minus, start));
                            for lane in 0..LANES {
                                let difference = plus[lane] as $difference - minus[lane] as $difference;
                                differences[lane] += difference * weight as $difference;
                            }
                        }
                        for (sum, &difference) in sums[start..start + count].iter_mut().zip(&differences) {
                            *sum = sum.wrapping_add(difference as i32 as u32);
                        }
                        start += count;
                    }
                }
            }

            at_level! {
                pub(super) fn means(sums: &[u32], total: u32, out: &mut [$sample]) {
                    let factor = 1.0 / total as f32;
                    for (out, &sum) in out.iter_mut().zip(sums) {
                        *out = (sum as $signed as f32 * factor + ROUNDER).to_bits() as $sample;
                    }
                }
            }
        }
    };
}
whole!(u8, i16, u16, 257u32, i32, bytes);
whole!(u16, i32, u32, 65536u32, u32, words);

impl Whole for u8 {
    fn weighted(level: Level, rows: &[&[u8]], mask: &Mask, out: &mut [u8]) {
        if let Some(narrow) = &mask.narrow {
            return narrow.weighted(level, rows, out);
        }
        match level {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level is only made on a processor that has AVX2.
            Level::Avx2(_) if avx2::weighs(rows, &mask.weights, out.len()) => unsafe { avx2::wide(rows, mask, out) },
            _ => bytes::weighted(level, rows, mask, out),
        }
    }
    fn add_differences(level: Level, entries: &[(&[u8], &[u8], i16)], sums: &mut [u32]) {
        let done = match level {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the level is only made on a processor that has AVX2.
            Level::Avx2(_) => unsafe { avx2::add_differences(entries, sums) },
            _ => 0,
        };
        bytes::add_differences(level, entries, done, sums);
    }
    fn means(level: Level, sums: &[u32], total: u32, out: &mut [u8]) {
        bytes::means(level, sums, total, out);
    }
}

impl Whole for u16 {
    fn weighted(level: Level, rows: &[&[u16]], mask: &Mask, out: &mut [u16]) {
        words::weighted(level, rows, mask, out);
    }
    fn add_differences(level: Level, entries: &[(&[u16], &[u16], i16)], sums: &mut [u32]) {
        words::add_differences(level, entries, 0, sums);
    }
    fn means(level: Level, sums: &[u32], total: u32, out: &mut [u16]) {
        words::means(level, sums, total, out);
    }
}

/// A block of a row; zeroes when the row ends within it, which rows with [`LANES`] samples to spare never do.
#[inline(always)]
pub(super) fn load<S: Copy + Default>(row: &[S], start: usize) -> [S; LANES] {
    let block = row.get(start..).and_then(|row| row.first_chunk::<LANES>());
    block.copied().unwrap_or([S::default(); LANES])
}

/// Weights of two rows or more, and how their sums, which fit in 16 bits, become means.
#[derive(Debug, Clone, PartialEq)]
struct Narrow {
    weights: Vec<u16>,
    divisor: Divisor,
}

impl Narrow {
    /// For a total of at most [`NARROW`].
    fn new(weights: &[u16], total: u32) -> Self {
        // As large as fits, so that means have some bits of fraction before they are rounded.
        let pair = (MAX_PAIRED / weights[1]).max(1);
        let scale = ((NARROW / total) as u16).min(MAX_SIGNED / weights[0]).min(pair);
        let weights = weights.iter().map(|weight| weight * scale).collect();
        Self { weights, divisor: Divisor::new(total * u32::from(scale)) }
    }

    fn weighted(&self, level: Level, rows: &[&[u8]], out: &mut [u8]) {
        match level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(_) if avx2::weighs(rows, &self.weights, out.len()) => {
                // SAFETY: the level is only made on a processor that has AVX2.
                unsafe { avx2::narrow(rows, &self.weights, self.divisor, out) }
            }
            _ => narrow_plain(level, rows, &self.weights, self.divisor, out),
        }
    }
}

/// With larger weights a pair of weighted 8-bit samples would not fit in 16 bits with a sign.
const MAX_PAIRED: u16 = 64;
/// Largest weight that has a sign in 8 bits.
const MAX_SIGNED: u16 = 127;

/// How sums in 16 bits become means, by a product that is rounded and cut to 16 bits.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Divisor {
    /// 2^(15 + shift) / total, less than 2^15.
    factor: i16,
    /// Bits of fraction that are left then.
    shift: u32,
    /// What is added before they are cut off: what sums lack that are counted from −2^15 on, and half.
    addend: i16,
}

impl Divisor {
    /// For totals from 2 to [`NARROW`].
    fn new(total: u32) -> Self {
        let shift = (total - 1).ilog2();
        let factor = (((1 << (15 + shift)) + total / 2) / total).min(i16::MAX as u32);
        Self { factor: factor as i16, shift, addend: (factor + ((1 << shift) >> 1)) as i16 }
    }

    /// The mean for a sum less 2^15.
    #[inline(always)]
    const fn mean(self, sum: i16) -> u8 {
        let product = ((((sum as i32 * self.factor as i32) >> 14) + 1) >> 1) as i16;
        (product.wrapping_add(self.addend) as u16 >> self.shift) as u8
    }
}

at_level! {
    fn narrow_plain(rows: &[&[u8]], weights: &[u16], divisor: Divisor, out: &mut [u8]) {
        let radius = weights.len() - 1;
        // Not a function with a closure: the closure would be compiled for the baseline.
        let mut start = 0;
        while start < out.len() {
            let count = LANES.min(out.len() - start);
            let mut block = [0u8; LANES];
            let mut sums = [1u16 << 15; LANES];
            let centre = load(rows[radius], start);
            let weight = weights[0];
            for lane in 0..LANES {
                sums[lane] = sums[lane].wrapping_add(u16::from(centre[lane]) * weight);
            }
            for (reach, &weight) in weights.iter().enumerate().skip(1) {
                let upper = load(rows[radius - reach], start);
                let lower = load(rows[radius + reach], start);
                for lane in 0..LANES {
                    sums[lane] = sums[lane].wrapping_add((u16::from(upper[lane]) + u16::from(lower[lane])) * weight);
                }
            }
            for lane in 0..LANES {
                block[lane] = divisor.mean(sums[lane] as i16);
            }
            out[start..start + count].copy_from_slice(&block[..count]);
            start += count;
        }
    }
}

at_level! {
    /// Adds to `sums` each row times its weight.
    pub(super) fn add_rows(rows: &[(&[f32], f32)], sums: &mut [f32]) {
        let len = sums.len();
        let (blocks, rest) = sums.as_chunks_mut::<LANES>();
        for (index, block) in blocks.iter_mut().enumerate() {
            let start = index * LANES;
            let mut kept = *block;
            for &(row, weight) in rows {
                if let Some((row, _)) = row[start..].split_first_chunk::<LANES>() {
                    for lane in 0..LANES {
                        kept[lane] += row[lane] * weight;
                    }
                }
            }
            *block = kept;
        }
        let start = len - rest.len();
        for &(row, weight) in rows {
            rest.iter_mut().zip(&row[start..]).for_each(|(sum, &sample)| *sum += sample * weight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_give_the_same_means() {
        let noise: Vec<u8> = (0..400u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 23) as u8).collect();
        let noise = [noise, (0..400).map(|at| if at % 70 < 40 { 255 } else { 0 }).collect()].concat();
        for weights in [
            &[20u16, 18, 13, 8, 3][..],
            &[64, 64, 20],
            &[90, 80],
            &[1, 1, 1],
            &[7],
            &[20, 9],
            &[30, 20, 10, 1],
            &[20, 20, 20, 19, 19, 18, 18, 17, 17, 16, 15, 14, 13],
            &[64; 20],
        ] {
            let mask = Mask::new(weights.iter().copied());
            let rows: Vec<&[u8]> = (0..2 * weights.len() - 1).map(|tap| &noise[3 * tap..]).collect();
            for len in [5, 32, 301] {
                let [scalar, vector, best] = Level::all().map(|level| {
                    let mut out = vec![0; len];
                    u8::weighted(level, &rows, &mask, &mut out);
                    out
                });
                assert!(scalar == vector && scalar == best, "{weights:?}");
            }
        }
    }

    #[test]
    fn means_are_rounded() {
        // Smaller ones are scaled up.
        for total in 64..=NARROW {
            let divisor = Divisor::new(total);
            for sum in 0..=255 * total {
                let mean = i32::from(divisor.mean((sum as i32 - 32768) as i16));
                let exact = f64::from(sum) / f64::from(total);
                assert!((f64::from(mean) - exact).abs() <= 0.52, "{sum} / {total}: {mean}");
            }
            assert!((0..=255u8).all(|value| divisor.mean((i32::from(value) * total as i32 - 32768) as i16) == value));
        }
    }

    #[test]
    fn levels_give_the_same_differences() {
        let noise: Vec<u8> = (0..400u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 23) as u8).collect();
        let (white, black) = ([255; 400], [0; 400]);
        let entries: [(&[u8], &[u8], i16); 3] = [(&noise, &noise[20..], 1), (&white, &black, 61), (&noise, &white, 38)];
        let [scalar, vector, best] = Level::all().map(|level| {
            let mut sums = vec![1_000_000; 333];
            u8::add_differences(level, &entries, &mut sums);
            sums
        });
        assert!(scalar == vector && scalar == best);
    }
}
