//! Fixed-point loops for integer samples. They define the bytes; the vector forms only get there faster.

use super::{NARROW_BOX, RowTaps, Window, fixed::Fixed};

/// Columns that are summed at once: small enough for registers and cache, large enough to hide the loop over taps.
const BLOCK: usize = 64;

/// Half of the unit that `bits` fraction bits are rounded to.
pub(super) const fn half(bits: u32) -> i32 {
    (1 << bits) >> 1
}

/// The samples of two rows in turns, so that one multiply-and-add instruction takes both.
#[inline(always)]
pub(super) fn pair<M: Copy>(upper: &[M], lower: &[M], slot: &mut [M]) {
    for ((slot, &upper), &lower) in slot.chunks_exact_mut(2).zip(upper).zip(lower) {
        slot[0] = upper;
        slot[1] = lower;
    }
}

/// The same for samples and for rows that were enlarged along x. Begins at sample `from`.
#[inline(always)]
pub(super) fn columns<M: Copy + Into<i32>, S: Fixed>(
    window: &Window<'_, M>,
    weights: &[i16],
    bits: u32,
    from: usize,
    out: &mut [S],
) {
    for (index, block) in out[from..].chunks_mut(BLOCK).enumerate() {
        let mut sums = [half(bits); BLOCK];
        for (&slot, weights) in window.slots.iter().zip(weights.chunks_exact(2)) {
            let start = slot + 2 * (from + index * BLOCK);
            let (upper, lower) = (i32::from(weights[0]), i32::from(weights[1]));
            for (sum, pair) in sums.iter_mut().zip(window.ring[start..start + 2 * block.len()].chunks_exact(2)) {
                *sum += upper * pair[0].into() + lower * pair[1].into();
            }
        }
        for (out, sum) in block.iter_mut().zip(sums) {
            *out = S::clip(sum >> bits);
        }
    }
}

/// Hands the weighted sum of each channel of each pixel, with `bits` fraction bits, to `finish`.
#[inline(always)]
fn row_sums<S: Fixed, T>(row: &[S], taps: &RowTaps<i16>, out: &mut [T], finish: impl Fn(i32) -> T) {
    match taps.channels {
        1 => row_sums_of::<S, T, 1>(row, taps, out, finish),
        2 => row_sums_of::<S, T, 2>(row, taps, out, finish),
        3 => row_sums_of::<S, T, 3>(row, taps, out, finish),
        4 => row_sums_of::<S, T, 4>(row, taps, out, finish),
        5 => row_sums_of::<S, T, 5>(row, taps, out, finish),
        _ => row_sums_of_any(row, taps, out, finish),
    }
}

/// The same for any number of channels.
fn row_sums_of_any<S: Fixed, T>(row: &[S], taps: &RowTaps<i16>, out: &mut [T], finish: impl Fn(i32) -> T) {
    for (index, out) in out.chunks_exact_mut(taps.channels).enumerate() {
        let (start, weights) = taps.row(index);
        for (channel, out) in out.iter_mut().enumerate() {
            let samples = row[start + channel..].iter().step_by(taps.channels);
            *out = finish(samples.zip(weights).map(|(&sample, &weight)| i32::from(weight) * sample.into()).sum());
        }
    }
}

#[inline(always)]
fn row_sums_of<S: Fixed, T, const CHANNELS: usize>(
    row: &[S],
    taps: &RowTaps<i16>,
    out: &mut [T],
    finish: impl Fn(i32) -> T,
) {
    for (index, out) in out.chunks_exact_mut(CHANNELS).enumerate() {
        let (start, weights) = taps.row(index);
        let mut sums = [0; CHANNELS];
        for (pixel, &weight) in row[start..].chunks_exact(CHANNELS).zip(weights) {
            for channel in 0..CHANNELS {
                sums[channel] += i32::from(weight) * pixel[channel].into();
            }
        }
        for (out, sum) in out.iter_mut().zip(sums) {
            *out = finish(sum);
        }
    }
}

pub(super) fn row<S: Fixed>(row: &[S], taps: &RowTaps<i16>, out: &mut [S]) {
    row_sums(row, taps, out, |sum| S::clip((sum + half(S::WEIGHT_BITS)) >> S::WEIGHT_BITS));
}

pub(super) fn row_to_middle<S: Fixed>(row: &[S], taps: &RowTaps<i16>, fraction: u32, out: &mut [S::Middle]) {
    let bits = S::WEIGHT_BITS - fraction;
    row_sums(row, taps, out, |sum| S::middle((sum + half(bits)) >> bits));
}

#[inline(always)]
pub(super) fn means<S: Fixed>(sums: &[S::Sum], count: u32, out: &mut [S]) {
    let reciprocal = S::reciprocal(count);
    for (out, &sum) in out.iter_mut().zip(sums) {
        *out = S::mean(sum.into(), count, reciprocal);
    }
}

pub(super) fn row_means<S: Fixed>(row: &[S], taps: &RowTaps<i16>, out: &mut [S]) {
    let count = taps.taps as u32;
    let channels = taps.channels;
    if count <= NARROW_BOX {
        let reciprocal = S::reciprocal(count);
        row_sums(row, taps, out, |sum| S::mean(sum as u32, count, reciprocal));
        return;
    }
    for (pixels, out) in row.chunks_exact(taps.taps * channels).zip(out.chunks_exact_mut(channels)) {
        for (channel, out) in out.iter_mut().enumerate() {
            let sum: u64 = pixels[channel..].iter().step_by(channels).map(|&sample| sample.into() as u64).sum();
            *out = S::clip(((sum + u64::from(count / 2)) / u64::from(count)) as i32);
        }
    }
}
