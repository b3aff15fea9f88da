//! The loop filter, as decoders apply it: for choosing its strength by what it does. Source: RFC 6386, section 15.

use std::collections::TryReserveError;

use super::{
    frame::Sink,
    header::{Filter, Macroblock},
    planes::Yuv420,
};

/// A frame as a decoder reconstructs it, in whole macroblocks.
pub(super) struct Reconstruction {
    columns: usize,
    /// Y, U, V.
    planes: [Vec<u8>; 3],
}

/// Thresholds of a macroblock.
#[derive(Clone, Copy)]
struct Limits {
    /// Of the step at the edge: of the macroblock, and within it.
    outer: i32,
    inner: i32,
    /// Of the differences beside it.
    interior: i32,
    /// Differences beside the edge above this are left sharp.
    sharp: i32,
}

impl Limits {
    fn new(level: u8, sharpness: u8) -> Option<Self> {
        let strength = i32::from(level);
        let interior = match sharpness {
            0 => strength,
            _ => (strength >> if sharpness > 4 { 2 } else { 1 }).min(9 - i32::from(sharpness)),
        };
        let interior = interior.max(1);
        // As decoders compare: 4 × |p0 − q0| + |p1 − q1| with twice the limit plus one.
        let inner = 2 * (2 * strength + interior) + 1;
        let sharp = match level {
            40.. => 2,
            15.. => 1,
            _ => 0,
        };
        (level > 0).then_some(Self { outer: inner + 8, inner, interior, sharp })
    }
}

impl Reconstruction {
    pub(super) fn new(columns: usize, rows: usize) -> Result<Self, TryReserveError> {
        let plane = |samples: usize| {
            let mut plane = Vec::new();
            plane.try_reserve_exact(columns * rows * samples)?;
            plane.resize(columns * rows * samples, 0);
            Ok::<_, TryReserveError>(plane)
        };
        Ok(Self { columns, planes: [plane(256)?, plane(64)?, plane(64)?] })
    }

    /// A copy without chroma.
    fn copy_luma(&self) -> Result<Self, TryReserveError> {
        let mut luma = Vec::new();
        luma.try_reserve_exact(self.planes[0].len())?;
        luma.extend_from_slice(&self.planes[0]);
        Ok(Self { columns: self.columns, planes: [luma, Vec::new(), Vec::new()] })
    }

    /// A row of luma, in whole macroblocks.
    pub(super) fn luma_row(&self, y: usize) -> &[u8] {
        &self.planes[0][y * self.columns * 16..][..self.columns * 16]
    }

    /// A row of U or V.
    #[cfg(test)]
    pub(super) fn chroma_row(&self, plane: usize, y: usize) -> &[u8] {
        &self.planes[1 + plane][y * self.columns * 8..][..self.columns * 8]
    }

    /// Filters the whole frame. With `luma_only`, chroma is left as it is.
    pub(super) fn filter(&mut self, macroblocks: &[Macroblock], filter: &Filter, luma_only: bool) {
        for (at, macroblock) in macroblocks.iter().enumerate() {
            let level = filter.levels[usize::from(macroblock.segment)];
            let Some(limits) = Limits::new(level, filter.sharpness) else { continue };
            let (x, y) = (at % self.columns, at / self.columns);
            let within = macroblock.luma.is_none() || !macroblock.skipped;
            for (plane, samples) in self.planes.iter_mut().enumerate() {
                let size = if plane == 0 { 16 } else { 8 };
                if luma_only && plane > 0 {
                    break;
                }
                let stride = self.columns * size;
                let start = y * size * stride + x * size;
                // Across vertical edges first, then across horizontal ones.
                for (across, along, first) in [(1, stride, x == 0), (stride, 1, y == 0)] {
                    if !first {
                        edge(samples, start, across, along, size, limits.outer, &limits, outer);
                    }
                    if within {
                        for offset in (4..size).step_by(4) {
                            edge(samples, start + offset * across, across, along, size, limits.inner, &limits, inner);
                        }
                    }
                }
            }
        }
    }
}

impl Sink for Reconstruction {
    fn macroblock(&mut self, x: usize, y: usize, luma: &[[u8; 16]; 16], chroma: &[[[u8; 8]; 8]; 2]) {
        for (row, samples) in luma.iter().enumerate() {
            self.planes[0][((y * 16 + row) * self.columns + x) * 16..][..16].copy_from_slice(samples);
        }
        for (plane, rows) in self.planes[1..].iter_mut().zip(chroma) {
            for (row, samples) in rows.iter().enumerate() {
                plane[((y * 8 + row) * self.columns + x) * 8..][..8].copy_from_slice(samples);
            }
        }
    }
}

/// The strength that brings a frame nearest to the original, as a share of the usual one: none to three times.
pub(super) fn best(
    planes: &Yuv420<'_>,
    reconstruction: &Reconstruction,
    macroblocks: &[Macroblock],
    usual: Filter,
) -> Result<Filter, TryReserveError> {
    let mut best = (u64::MAX, usual);
    for quarters in [0, 2, 4, 6, 8, 12] {
        let levels = usual.levels.map(|level| (u32::from(level.max(1)) * quarters / 4).min(63) as u8);
        let filter = Filter { levels, ..usual };
        let mut filtered = reconstruction.copy_luma()?;
        filtered.filter(macroblocks, &filter, true);
        let mut error = 0;
        for y in 0..planes.height {
            let difference = |(&a, &b): (&u8, &u8)| u64::from(a.abs_diff(b)).pow(2);
            error += planes.y_row(y).iter().zip(filtered.luma_row(y)).map(difference).sum::<u64>();
        }
        if error < best.0 {
            best = (error, filter);
        }
    }
    Ok(best.1)
}

/// Filters across an edge: eight samples at a time, four on either side.
#[expect(clippy::too_many_arguments, reason = "the parameters of one inner loop")]
fn edge(
    samples: &mut [u8],
    start: usize,
    across: usize,
    along: usize,
    length: usize,
    limit: i32,
    limits: &Limits,
    smooth: fn(&mut [i32; 8]),
) {
    for at in 0..length {
        let first = start + at * along - 4 * across;
        let mut around = [0; 8];
        for (tap, sample) in around.iter_mut().enumerate() {
            *sample = i32::from(samples[first + tap * across]);
        }
        let step = |a: usize, b: usize| (around[a] - around[b]).abs();
        let smooth_beside = [(0, 1), (1, 2), (2, 3), (5, 4), (6, 5), (7, 6)];
        if 4 * step(3, 4) + step(2, 5) > limit || smooth_beside.iter().any(|&(a, b)| step(a, b) > limits.interior) {
            continue;
        }
        if step(2, 3) > limits.sharp || step(5, 4) > limits.sharp {
            sharp(&mut around);
        } else {
            smooth(&mut around);
        }
        for (tap, sample) in around.iter().enumerate().take(7).skip(1) {
            samples[first + tap * across] = *sample as u8;
        }
    }
}

fn signed(value: i32) -> i32 {
    value.clamp(-128, 127)
}

fn sample(value: i32) -> i32 {
    value.clamp(0, 255)
}

/// Changes the two samples at the edge by `by`, rounded to either side; what the second was changed by.
fn adjust(around: &mut [i32; 8], by: i32) -> i32 {
    let (down, up) = (signed(by + 4) >> 3, signed(by + 3) >> 3);
    around[3] = sample(around[3] + up);
    around[4] = sample(around[4] - down);
    down
}

/// Where there is detail beside the edge: one sample on either side.
fn sharp(around: &mut [i32; 8]) {
    let by = 3 * (around[4] - around[3]) + signed(around[2] - around[5]);
    adjust(around, by);
}

/// Edges within a macroblock: two samples on either side.
fn inner(around: &mut [i32; 8]) {
    let by = 3 * (around[4] - around[3]);
    let less = (adjust(around, by) + 1) >> 1;
    around[2] = sample(around[2] + less);
    around[5] = sample(around[5] - less);
}

/// Edges of macroblocks: three samples on either side.
fn outer(around: &mut [i32; 8]) {
    let by = signed(3 * (around[4] - around[3]) + signed(around[2] - around[5]));
    for (distance, share) in [27, 18, 9].into_iter().enumerate() {
        let change = (share * by + 63) >> 7;
        around[3 - distance] = sample(around[3 - distance] + change);
        around[4 + distance] = sample(around[4 + distance] - change);
    }
}
