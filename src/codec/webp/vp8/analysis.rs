//! The activity of each macroblock, and the segments made of it: errors are less visible in textured areas.

use std::collections::TryReserveError;

use super::{frame::filled, header::SEGMENTS, planes::Yuv420, quantizer::index_of_step};
use crate::simd::at_level;

/// Activity of a macroblock is log₂ of its mean gradient, in 1/16.
const UNIT: u32 = 16;
/// Activities are below this.
const BINS: usize = 256;

/// Segments of an image.
pub(super) struct Segments {
    /// Of each macroblock.
    pub(super) map: Vec<u8>,
    /// Quantiser index of each.
    pub(super) quantizers: [u8; SEGMENTS],
}

at_level! {
    /// Sums of the differences of samples to those to the right and below, for each run of 16 columns; `below` is the next row.
    #[allow(unsafe_code)] // Entry of the vector form.
    fn add_gradients(row: &[u8], below: &[u8], sums: &mut [u32]) {
        for (at, sum) in sums.iter_mut().enumerate() {
            let start = at * 16;
            let end = (start + 16).min(row.len());
            let (here, next) = (&row[start..end], &below[start..end]);
            let mut total = 0_u16;
            for (&a, &b) in here.iter().zip(next) {
                total += u16::from(a.abs_diff(b));
            }
            for (&a, &b) in here.iter().zip(&here[1.min(here.len())..]) {
                total += u16::from(a.abs_diff(b));
            }
            *sum += u32::from(total);
        }
    }
}

/// log₂ of a number above 0, in 1/[`UNIT`], the fraction by a straight line.
fn log2(value: u32) -> u32 {
    let integer = value.ilog2();
    let fraction = ((u64::from(value) * u64::from(UNIT)) >> integer) as u32 - UNIT;
    integer * UNIT + fraction
}

/// Activity of each macroblock.
fn activities(level: crate::simd::Level, planes: &Yuv420<'_>) -> Result<Vec<u8>, TryReserveError> {
    let (columns, rows) = planes.macroblocks();
    let mut activities = Vec::new();
    activities.try_reserve_exact(columns * rows)?;
    let mut sums = filled(0, columns)?;
    for first in (0..planes.height).step_by(16) {
        sums.fill(0);
        let last = (first + 16).min(planes.height);
        for y in first..last {
            let below = if y + 1 < planes.height { y + 1 } else { y };
            add_gradients(level, planes.y_row(y), planes.y_row(below), &mut sums);
        }
        for (column, &sum) in sums.iter().enumerate() {
            let width = (planes.width - column * 16).min(16);
            let samples = (width * (last - first)) as u32;
            // In 1/16 of a level for each sample, so that flat macroblocks differ too.
            activities.push(log2(1 + sum * 16 / samples).min(BINS as u32 - 1) as u8);
        }
    }
    Ok(activities)
}

/// Centres of [`SEGMENTS`] groups of activities, by repeated averaging.
fn centres(histogram: &[u32; BINS]) -> [u32; SEGMENTS] {
    let used = |at: &usize| histogram[*at] > 0;
    let low = (0..BINS).find(used).unwrap_or(0) as u32;
    let high = (0..BINS).rev().find(used).unwrap_or(0) as u32;
    let mut centres = std::array::from_fn(|at| low + (high - low) * (2 * at as u32 + 1) / (2 * SEGMENTS as u32));
    for _ in 0..6 {
        let mut totals = [(0_u64, 0_u64); SEGMENTS];
        for (activity, &count) in histogram.iter().enumerate() {
            let (sum, number) = &mut totals[nearest(&centres, activity as u32)];
            *sum += activity as u64 * u64::from(count);
            *number += u64::from(count);
        }
        for (centre, (sum, number)) in centres.iter_mut().zip(totals) {
            if let Some(mean) = (sum + number / 2).checked_div(number) {
                *centre = mean as u32;
            }
        }
    }
    centres
}

fn nearest(centres: &[u32; SEGMENTS], activity: u32) -> usize {
    (0..SEGMENTS).min_by_key(|&at| centres[at].abs_diff(activity)).unwrap_or(0)
}

impl Segments {
    /// One segment for all, of a quantiser step in 1/256.
    pub(super) fn one(planes: &Yuv420<'_>, step: u32) -> Result<Self, TryReserveError> {
        let (columns, rows) = planes.macroblocks();
        Ok(Self { map: filled(0, columns * rows)?, quantizers: [index_of_step(step); SEGMENTS] })
    }

    /// Groups of macroblocks of like activity. The quantiser step of each is `step` / 256 times its activity, relative to the
    /// mean, to the power of `strength` / 256.
    pub(super) fn by_activity(
        level: crate::simd::Level,
        planes: &Yuv420<'_>,
        step: u32,
        strength: i32,
    ) -> Result<Self, TryReserveError> {
        let mut activities = activities(level, planes)?;
        let mut histogram = [0; BINS];
        for &activity in &activities {
            histogram[usize::from(activity)] += 1;
        }
        let centres = centres(&histogram);
        let total: u64 = activities.iter().map(|&activity| u64::from(activity)).sum();
        let mean = (total / activities.len().max(1) as u64) as i32;
        let mut of_activity = [0; BINS];
        for (activity, segment) in of_activity.iter_mut().enumerate() {
            *segment = nearest(&centres, activity as u32) as u8;
        }
        let quantizers = centres.map(|centre| {
            // Exponent of 2, in 1/16 × 1/256.
            let exponent = (centre as i32 - mean) * strength;
            index_of_step(scale(step, exponent))
        });
        activities.iter_mut().for_each(|activity| *activity = of_activity[usize::from(*activity)]);
        Ok(Self { map: activities, quantizers })
    }
}

/// `step`, in 1/256, times 2 to the power of `exponent` / 4096.
fn scale(step: u32, exponent: i32) -> u32 {
    let (integer, fraction) = (exponent >> 12, (exponent & 4095) as u32);
    // 2^x between 0 and 1 by a parabola: 1 + 0.657 x + 0.343 x².
    let power = 4096 + ((fraction * (2691 + ((1405 * fraction) >> 12))) >> 12);
    let scaled = (u64::from(step) * u64::from(power)) >> 12;
    (if integer >= 0 { scaled << integer.min(8) } else { scaled >> (-integer).min(16) }) as u32
}
