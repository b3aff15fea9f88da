//! Inner loops of neighbourhood operations: sums of rows, or of one row shifted against itself.
#![allow(unsafe_code)] // Calls of functions compiled for what the level says is there.

use crate::{
    image::Sample,
    simd::{Level, at_level},
};

/// Samples that are summed in registers at a time.
pub(super) const LANES: usize = 32;

/// Largest sum of weights with which 8-bit samples are summed and rounded in 16 bits.
const NARROW: u32 = 256;

/// With larger weights 16 bits would not hold a weighted pair of 8-bit samples.
const MAX_WEIGHT: u16 = 100;

/// Adding this to a float from 0 to 2²³ leaves the nearest whole number in the low bits of its representation.
const ROUNDER: f32 = 8_388_608.0;

/// A symmetric mask of whole numbers, at most [`MAX_WEIGHT`], that only decrease from the centre out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mask {
    /// From the centre out; the last is not 0.
    weights: Vec<u16>,
    /// The same as boxes laid on each other: how far each reaches from the centre, and its weight.
    boxes: Vec<(u32, i16)>,
    /// Sum of all weights.
    total: u32,
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
        Self { weights, boxes, total }
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
                pub(super) fn add_differences(entries: &[(&[$sample], &[$sample], i16)], sums: &mut [u32]) {
                    let mut start = 0;
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
        if mask.weights.len() > 1 && mask.total <= NARROW {
            narrow(level, rows, mask, out)
        } else {
            bytes::weighted(level, rows, mask, out)
        }
    }
    fn add_differences(level: Level, entries: &[(&[u8], &[u8], i16)], sums: &mut [u32]) {
        bytes::add_differences(level, entries, sums);
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
        words::add_differences(level, entries, sums);
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

/// Weighted means with sums in 16 bits: the total is at most [`NARROW`].
fn narrow(level: Level, rows: &[&[u8]], mask: &Mask, out: &mut [u8]) {
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level is only made on a processor that has AVX2.
        Level::Avx2(_) if mask.weights[1] <= MAX_PAIRED => unsafe { narrow_avx2(rows, mask, out) },
        _ => narrow_plain(level, rows, mask, out),
    }
}

/// What to multiply by, and how many bits more than 16 to shift by, instead of dividing by `total`: 2^(16 + shift) / total, which lies between 2^15 and 2^16.
fn reciprocal(total: u32) -> (u32, u32) {
    let shift = total.ilog2();
    (((1u64 << (16 + shift)) / u64::from(total)).min(65535) as u32, shift)
}

/// With larger weights a pair of weighted samples would not fit in 16 bits with a sign.
#[cfg(target_arch = "x86_64")]
const MAX_PAIRED: u16 = 64;

/// Samples above and below the centre have the same weight: one instruction multiplies and adds both.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn narrow_avx2(rows: &[&[u8]], mask: &Mask, out: &mut [u8]) {
    use std::arch::x86_64::*;
    let radius = mask.radius() as usize;
    let (reciprocal, shift) = reciprocal(mask.total);
    let (reciprocal, shift) = (_mm256_set1_epi16(reciprocal as i16), _mm_cvtsi32_si128(shift as i32));
    let half = _mm256_set1_epi16((mask.total / 2) as i16);
    let zero = _mm256_setzero_si256();
    // SAFETY: a block has 32 bytes.
    let block = |row: &[u8], start: usize| unsafe { _mm256_loadu_si256(load(row, start).as_ptr().cast()) };
    for (index, out) in out.chunks_mut(LANES).enumerate() {
        let start = index * LANES;
        let centre = block(rows[radius], start);
        let weight = _mm256_set1_epi16(mask.weights[0] as i16);
        let mut low = _mm256_add_epi16(half, _mm256_mullo_epi16(_mm256_unpacklo_epi8(centre, zero), weight));
        let mut high = _mm256_add_epi16(half, _mm256_mullo_epi16(_mm256_unpackhi_epi8(centre, zero), weight));
        for (reach, &weight) in mask.weights.iter().enumerate().skip(1) {
            let (upper, lower) = (block(rows[radius - reach], start), block(rows[radius + reach], start));
            let weight = _mm256_set1_epi8(weight as i8);
            low = _mm256_add_epi16(low, _mm256_maddubs_epi16(_mm256_unpacklo_epi8(upper, lower), weight));
            high = _mm256_add_epi16(high, _mm256_maddubs_epi16(_mm256_unpackhi_epi8(upper, lower), weight));
        }
        let [low, high] = [low, high].map(|sums| _mm256_srl_epi16(_mm256_mulhi_epu16(sums, reciprocal), shift));
        let mut means = [0u8; LANES];
        // SAFETY: the array has 32 bytes.
        unsafe { _mm256_storeu_si256(means.as_mut_ptr().cast(), _mm256_packus_epi16(low, high)) };
        out.copy_from_slice(&means[..out.len()]);
    }
}

at_level! {
    fn narrow_plain(rows: &[&[u8]], mask: &Mask, out: &mut [u8]) {
        let radius = mask.radius() as usize;
        let (reciprocal, shift) = reciprocal(mask.total);
        let half = (mask.total / 2) as u16;
        // Not a function with a closure: the closure would be compiled for the baseline.
        let mut start = 0;
        while start < out.len() {
            let count = LANES.min(out.len() - start);
            let mut block = [0u8; LANES];
            let mut sums = [half; LANES];
            let centre = load(rows[radius], start);
            let weight = mask.weights[0];
            for lane in 0..LANES {
                sums[lane] += u16::from(centre[lane]) * weight;
            }
            for (reach, &weight) in mask.weights.iter().enumerate().skip(1) {
                let upper = load(rows[radius - reach], start);
                let lower = load(rows[radius + reach], start);
                for lane in 0..LANES {
                    sums[lane] += (u16::from(upper[lane]) + u16::from(lower[lane])) * weight;
                }
            }
            for lane in 0..LANES {
                block[lane] = (((u32::from(sums[lane]) * reciprocal) >> 16) as u16 >> shift) as u8;
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
        for weights in [&[20u16, 18, 13, 8, 3][..], &[64, 64, 20], &[90, 80], &[1, 1, 1]] {
            let mask = Mask::new(weights.iter().copied());
            let rows: Vec<&[u8]> = (0..2 * weights.len() - 1).map(|tap| &noise[3 * tap..]).collect();
            let [scalar, vector, best] = Level::all().map(|level| {
                let mut out = [0; 301];
                u8::weighted(level, &rows, &mask, &mut out);
                out
            });
            assert!(scalar == vector && scalar == best, "{weights:?}");
        }
    }
}
