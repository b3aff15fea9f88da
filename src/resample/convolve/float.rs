//! Floating-point samples: the compiler vectorises these loops well enough, there is one form for all levels.

use super::{Element, RowTaps, Window};
use crate::{error::Result, simd::Level};

/// The two rows of a slot are one after the other.
fn pair(upper: &[f32], lower: &[f32], slot: &mut [f32]) {
    let (first, second) = slot.split_at_mut(upper.len());
    first.copy_from_slice(upper);
    second.copy_from_slice(lower);
}

fn columns(window: &Window<'_, f32>, weights: &[f32], out: &mut [f32]) {
    out.fill(0.0);
    let len = out.len();
    for (&slot, weights) in window.slots.iter().zip(weights.chunks_exact(2)) {
        let (upper, lower) = window.ring[slot..slot + 2 * len].split_at(len);
        for ((out, &upper), &lower) in out.iter_mut().zip(upper).zip(lower) {
            *out += weights[0] * upper + weights[1] * lower;
        }
    }
}

fn row(row: &[f32], taps: &RowTaps<f32>, out: &mut [f32]) {
    let channels = taps.channels;
    for (index, out) in out.chunks_exact_mut(channels).enumerate() {
        let (start, weights) = taps.row(index);
        out.fill(0.0);
        for (pixel, &weight) in row[start..].chunks_exact(channels).zip(weights) {
            for (out, &sample) in out.iter_mut().zip(pixel) {
                *out += weight * sample;
            }
        }
    }
}

impl Element for f32 {
    type Weight = f32;
    type Sum = f64;
    type Wide = f64;
    type Middle = f32;
    const UNIT: f32 = 1.0;
    const KEPT_FRACTION: u32 = 0;

    fn quantise(weights: &[f64]) -> Vec<f32> {
        weights.iter().map(|&weight| weight as f32).collect()
    }

    fn lanes(_weights: &[f32], _taps: usize, _channels: usize) -> Result<Vec<f32>> {
        Ok(Vec::new())
    }

    fn pair(_level: Level, upper: &[f32], lower: &[f32], slot: &mut [f32]) {
        pair(upper, lower, slot);
    }

    fn columns(_level: Level, window: &Window<'_, f32>, weights: &[f32], out: &mut [f32]) {
        columns(window, weights, out);
    }

    fn row(_level: Level, samples: &[f32], taps: &RowTaps<f32>, out: &mut [f32]) {
        row(samples, taps, out);
    }

    fn row_to_middle(_level: Level, samples: &[f32], taps: &RowTaps<f32>, _fraction: u32, out: &mut [f32]) {
        row(samples, taps, out);
    }

    fn pair_middle(_level: Level, upper: &[f32], lower: &[f32], slot: &mut [f32]) {
        pair(upper, lower, slot);
    }

    fn columns_of_middle(_level: Level, window: &Window<'_, f32>, weights: &[f32], _fraction: u32, out: &mut [f32]) {
        columns(window, weights, out);
    }

    fn add_row(_level: Level, sums: &mut [f64], row: &[f32]) {
        sums.iter_mut().zip(row).for_each(|(sum, &sample)| *sum += f64::from(sample));
    }

    fn widen(sums: &mut [f64], wide: &mut [f64]) {
        for (wide, sum) in wide.iter_mut().zip(sums) {
            *wide += std::mem::take(sum);
        }
    }

    fn means(_level: Level, sums: &[f64], count: u32, out: &mut [f32]) {
        Self::wide_means(sums, count, out);
    }

    fn wide_means(sums: &[f64], count: u32, out: &mut [f32]) {
        out.iter_mut().zip(sums).for_each(|(out, sum)| *out = (sum / f64::from(count)) as f32);
    }

    fn row_means(_level: Level, row: &[f32], taps: &RowTaps<f32>, out: &mut [f32]) {
        let channels = taps.channels;
        for (pixels, out) in row.chunks_exact(taps.taps * channels).zip(out.chunks_exact_mut(channels)) {
            for (channel, out) in out.iter_mut().enumerate() {
                let sum: f64 = pixels[channel..].iter().step_by(channels).copied().map(f64::from).sum();
                *out = (sum / taps.taps as f64) as f32;
            }
        }
    }
}
