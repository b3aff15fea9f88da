//! The inner loops of 8-bit samples with AVX2, which multiplies and adds pairs of bytes in one instruction.

use std::arch::x86_64::*;

use super::{Divisor, LANES, MAX_PAIRED, Mask, NARROW, ROUNDER};

/// Whether [`narrow`] and [`wide`] can make `len` means of these rows.
pub(super) fn weighs(rows: &[&[u8]], weights: &[u16], len: usize) -> bool {
    len >= LANES
        && weights.get(1).is_none_or(|&weight| weight <= MAX_PAIRED)
        && rows.len() == 2 * weights.len() - 1
        && rows.iter().all(|row| row.len() >= len)
}

/// Means whose weights add up to [`NARROW`] at most. The rows must be [those it can work on](weighs).
#[target_feature(enable = "avx2")]
pub(super) fn narrow(rows: &[&[u8]], weights: &[u16], divisor: Divisor, out: &mut [u8]) {
    assert!(weighs(rows, weights, out.len()));
    // With the number of taps known, weights and rows stay in registers.
    match *weights {
        [a, b] => narrow_blocks(rows, [a, b].map(spread), divisor, out),
        [a, b, c] => narrow_blocks(rows, [a, b, c].map(spread), divisor, out),
        [a, b, c, d] => narrow_blocks(rows, [a, b, c, d].map(spread), divisor, out),
        _ => narrow_blocks(rows, spread_all(weights), divisor, out),
    }
}

/// A weight as four bytes, which can be loaded into all lanes.
fn spread(weight: u16) -> i32 {
    i32::from(weight) * 0x0101_0101
}

fn spread_all(weights: &[u16]) -> Vec<i32> {
    weights.iter().copied().map(spread).collect()
}

#[inline]
#[target_feature(enable = "avx2")]
fn narrow_blocks(rows: &[&[u8]], weights: impl AsRef<[i32]>, divisor: Divisor, out: &mut [u8]) {
    let (factor, addend) = (_mm256_set1_epi16(divisor.factor), _mm256_set1_epi16(divisor.addend));
    let shift = _mm_cvtsi32_si128(divisor.shift as i32);
    for_blocks(out, |start, out| {
        let sums = add_part(rows, &weights, 0, start, [_mm256_set1_epi16(i16::MIN); 2]);
        let mean = |sum| _mm256_srl_epi16(_mm256_add_epi16(_mm256_mulhrs_epi16(sum, factor), addend), shift);
        store(out, _mm256_packus_epi16(mean(sums[0]), mean(sums[1])));
    });
}

/// Means of any weights. The rows must be [those it can work on](weighs).
#[target_feature(enable = "avx2")]
pub(super) fn wide(rows: &[&[u8]], mask: &Mask, out: &mut [u8]) {
    assert!(weighs(rows, &mask.weights, out.len()));
    let factor = _mm256_set1_ps(1.0 / mask.total as f32);
    let rounder = _mm256_set1_ps(ROUNDER);
    // Runs of weights whose sums fit in 16 bits.
    let mut ends = Vec::new();
    let mut room = 0;
    for (index, &weight) in mask.weights.iter().enumerate() {
        let double = 2 * u32::from(weight);
        if double > room {
            ends.push(index);
            room = NARROW;
        }
        room -= double;
    }
    ends.push(mask.weights.len());
    let weights = spread_all(&mask.weights);
    let zero = _mm256_setzero_si256();
    for_blocks(out, |start, out| {
        let mut sums = [zero; 4];
        for part in ends.windows(2) {
            let [low, high] = add_part(rows, &weights[..part[1]], part[0], start, [zero; 2]);
            let words = [_mm256_unpacklo_epi16(low, zero), _mm256_unpackhi_epi16(low, zero)];
            let more = [_mm256_unpacklo_epi16(high, zero), _mm256_unpackhi_epi16(high, zero)];
            for (sum, words) in sums.iter_mut().zip([words[0], words[1], more[0], more[1]]) {
                *sum = _mm256_add_epi32(*sum, words);
            }
        }
        let [a, b, c, d] = sums.map(|sum| {
            let mean = _mm256_add_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(sum), factor), rounder);
            _mm256_and_si256(_mm256_castps_si256(mean), _mm256_set1_epi32(255))
        });
        store(out, _mm256_packus_epi16(_mm256_packus_epi32(a, b), _mm256_packus_epi32(c, d)));
    });
}

/// Calls `block` for each [`LANES`] samples of `out` with their place; the last ones may be made twice.
#[inline]
#[target_feature(enable = "avx2")]
fn for_blocks(out: &mut [u8], mut block: impl FnMut(usize, &mut [u8; LANES])) {
    let Some(last) = out.len().checked_sub(LANES) else { return };
    let mut start = 0;
    loop {
        if let Some(out) = out[start..].first_chunk_mut::<LANES>() {
            block(start, out);
        }
        if start == last {
            return;
        }
        start = (start + LANES).min(last);
    }
}

/// Adds to `sums` the weighted samples of the pairs of rows from `first` pairs from the centre on; the centre is a pair with
/// zero. Sums are in the order of unpacked bytes.
#[inline]
#[target_feature(enable = "avx2")]
fn add_part(
    rows: &[&[u8]],
    weights: &(impl AsRef<[i32]> + ?Sized),
    first: usize,
    start: usize,
    [mut low, mut high]: [__m256i; 2],
) -> [__m256i; 2] {
    let centre = rows.len() / 2;
    for (reach, &weight) in weights.as_ref().iter().enumerate().skip(first) {
        // SAFETY: every row is as long as `out`, of which there are `LANES` samples from `start` on.
        let (upper, lower) = unsafe { (load(rows[centre - reach], start), load(rows[centre + reach], start)) };
        let lower = if reach == 0 { _mm256_setzero_si256() } else { lower };
        let weight = _mm256_set1_epi32(weight);
        low = _mm256_add_epi16(low, _mm256_maddubs_epi16(_mm256_unpacklo_epi8(upper, lower), weight));
        high = _mm256_add_epi16(high, _mm256_maddubs_epi16(_mm256_unpackhi_epi8(upper, lower), weight));
    }
    [low, high]
}

/// A block of a row, which must not end before it. Not `loadu`: for the oldest processors that is two loads.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn load(row: &[u8], start: usize) -> __m256i {
    // SAFETY: the caller says that there are as many bytes.
    unsafe { _mm256_lddqu_si256(row.as_ptr().add(start).cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn store(out: &mut [u8; LANES], bytes: __m256i) {
    // SAFETY: the array has as many bytes as the vector.
    unsafe { _mm256_storeu_si256(out.as_mut_ptr().cast(), bytes) };
}

/// Adds weighted differences of two rows to the sums of all whole blocks. Returns the number of sums.
#[target_feature(enable = "avx2")]
pub(super) fn add_differences(entries: &[(&[u8], &[u8], i16)], sums: &mut [u32]) -> usize {
    let (blocks, _) = sums.as_chunks_mut::<LANES>();
    let len = blocks.len() * LANES;
    assert!(entries.iter().all(|(plus, minus, _)| plus.len() >= len && minus.len() >= len));
    for (index, sums) in blocks.iter_mut().enumerate() {
        let start = index * LANES;
        let mut low = _mm256_setzero_si256();
        let mut high = low;
        for &(plus, minus, weight) in entries {
            // SAFETY: both rows have `LANES` samples from `start` on.
            let (plus, minus) = unsafe { (load(plus, start), load(minus, start)) };
            let pair = u32::from(weight as u8) | u32::from(weight.wrapping_neg() as u8) << 8;
            let weight = _mm256_set1_epi32((pair | pair << 16) as i32);
            low = _mm256_add_epi16(low, _mm256_maddubs_epi16(_mm256_unpacklo_epi8(plus, minus), weight));
            high = _mm256_add_epi16(high, _mm256_maddubs_epi16(_mm256_unpackhi_epi8(plus, minus), weight));
        }
        let parts = [
            _mm256_castsi256_si128(low),
            _mm256_castsi256_si128(high),
            _mm256_extracti128_si256::<1>(low),
            _mm256_extracti128_si256::<1>(high),
        ];
        for (part, sums) in parts.into_iter().zip(sums.as_chunks_mut::<8>().0) {
            // SAFETY: the array has as many bytes as the vector.
            unsafe {
                let sum = _mm256_loadu_si256(sums.as_ptr().cast());
                _mm256_storeu_si256(sums.as_mut_ptr().cast(), _mm256_add_epi32(sum, _mm256_cvtepi16_epi32(part)));
            }
        }
    }
    len
}
