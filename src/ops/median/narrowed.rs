//! Medians of middling squares of bytes: counts of columns give the first bits, a search the last ones.
#![allow(unsafe_code)] // SIMD, and calls of functions compiled for what the level says is there.

use super::{reach, taps};
use crate::{
    error::Result,
    image::{RowMut, RowSource, Rows, Sample, Spec, depth_mismatch, zeroed},
    ops::window::{Reach, Window},
    simd::{Level, at_level},
};

/// Bits of a sample that are searched for after the first ones are known.
const LAST_BITS: u32 = 3;

/// Thresholds between the values of the first bits.
const THRESHOLDS: usize = (1 << (u8::BITS - LAST_BITS)) - 1;

/// Squares of 8-bit samples: as a square moves down, each of its columns has one sample more and one less below a threshold.
pub(super) struct Narrowed<'a> {
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
    pub(super) fn new(source: Rows<'a>, size: u32) -> Result<Rows<'a>> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
