//! The inner loops: weighted sums down columns and along rows. Each has a scalar form and forms for instruction sets that
//! give the same bytes; this is the one place that chooses.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod dispatch;
mod fixed;
mod float;
mod scalar;
#[cfg(vectors)]
mod vector;

use crate::{
    error::{Error, Result},
    image::Sample,
    simd::Level,
};

/// Rows or pixels whose sum the narrow accumulators of a box hold.
pub(super) const NARROW_BOX: u32 = 255;

/// Most taps that the row loops handle in one step.
const MAX_STEP_TAPS: usize = 16;

/// Samples that the row loops may read after the end of the last step.
const READ_AHEAD: usize = 16;

/// Pixels that a row must have after the last one that counts.
pub(super) const PIXELS_AFTER: usize = MAX_STEP_TAPS + READ_AHEAD;

/// Rows inside a ring buffer, in pairs: each slot holds two neighbouring rows as [`Element::pair`] wrote them.
pub(super) struct Window<'a, S> {
    pub(super) ring: &'a [S],
    /// Where each slot that counts begins in the ring, from top to bottom.
    pub(super) slots: &'a [usize],
}

/// Weights along a row and where they apply.
pub(super) struct RowTaps<W> {
    /// Samples in a pixel.
    channels: usize,
    /// Pixels that an output pixel sees.
    taps: usize,
    /// For each output pixel the first sample that it sees.
    starts: Vec<u32>,
    /// For each output pixel the row of `weights` to use.
    phases: Vec<u16>,
    /// Rows of `taps` weights; empty for a box that is summed without weights.
    weights: Vec<W>,
    /// The same weights in the order that the vector loops want, for sample types that have such loops.
    lanes: Vec<W>,
    /// Samples that a row must have, read-ahead included.
    reach: usize,
    /// Rows of `lanes` that are used.
    rows: usize,
}

impl<W: Copy> RowTaps<W> {
    /// The windows that begin at `starts`, with rows of `taps` weights chosen by `phases`.
    pub(super) fn new<S: Element<Weight = W>>(
        channels: usize,
        taps: usize,
        starts: Vec<u32>,
        phases: Vec<u16>,
        weights: Vec<W>,
    ) -> Result<Self> {
        let rows = phases.iter().max().map_or(0, |&phase| phase as usize + 1);
        if starts.len() != phases.len() || (!weights.is_empty() && weights.len() < rows * taps) {
            return Err(Error::Internal("a row's weights are incomplete".into()));
        }
        let last = starts.iter().max().map_or(0, |&start| start as usize);
        let reach = last + (taps + MAX_STEP_TAPS) * channels + READ_AHEAD;
        let lanes = S::lanes(&weights, taps, channels)?;
        Ok(Self { channels, taps, starts, phases, weights, lanes, reach, rows })
    }

    fn row(&self, pixel: usize) -> (usize, &[W]) {
        let phase = self.phases[pixel] as usize * self.taps;
        (self.starts[pixel] as usize, &self.weights[phase..phase + self.taps])
    }
}

/// A sample type that can be resampled.
pub(super) trait Element: Sample + Default {
    /// Fixed-point for integers.
    type Weight: Copy + Default + PartialEq + std::ops::AddAssign + Send + 'static;
    /// Holds the sum of [`NARROW_BOX`] samples.
    type Sum: Copy + Default + Send + 'static;
    /// Holds any sum of samples.
    type Wide: Copy + Default + Send + 'static;
    /// A row that was enlarged along x and not yet along y: it can overshoot the range of the sample.
    type Middle: Copy + Default + Send + 'static;

    /// The weight that leaves a sample as it is in a sum.
    const UNIT: Self::Weight;

    /// Fraction bits that the middle row of a linear enlargement has room for.
    const KEPT_FRACTION: u32;

    /// Converts normalised weights.
    fn quantise(weights: &[f64]) -> Vec<Self::Weight>;

    /// Puts rows of weights in the order that the vector loops want; empty when there are none.
    fn lanes(weights: &[Self::Weight], taps: usize, channels: usize) -> Result<Vec<Self::Weight>>;

    /// Writes two rows to a slot of twice their length.
    fn pair(level: Level, upper: &[Self], lower: &[Self], slot: &mut [Self]);

    /// Weighted sum of rows; two weights for each slot of the window.
    fn columns(level: Level, window: &Window<'_, Self>, weights: &[Self::Weight], out: &mut [Self]);

    /// Weighted sums of the pixels of one row.
    fn row(level: Level, row: &[Self], taps: &RowTaps<Self::Weight>, out: &mut [Self]);

    /// The same without rounding to the range of the sample; `fraction` bits are kept where the type has them.
    fn row_to_middle(level: Level, row: &[Self], taps: &RowTaps<Self::Weight>, fraction: u32, out: &mut [Self::Middle]);

    /// [`pair`](Element::pair) for enlarged rows.
    fn pair_middle(level: Level, upper: &[Self::Middle], lower: &[Self::Middle], slot: &mut [Self::Middle]);

    /// Weighted sum of rows made by [`row_to_middle`](Element::row_to_middle) with the same `fraction`.
    fn columns_of_middle(
        level: Level,
        window: &Window<'_, Self::Middle>,
        weights: &[Self::Weight],
        fraction: u32,
        out: &mut [Self],
    );

    /// Adds a row to the sums of its columns.
    fn add_row(level: Level, sums: &mut [Self::Sum], row: &[Self]);

    /// Moves narrow sums to wide ones.
    fn widen(sums: &mut [Self::Sum], wide: &mut [Self::Wide]);

    /// Means of `count` samples, at most [`NARROW_BOX`], from their sums.
    fn means(level: Level, sums: &[Self::Sum], count: u32, out: &mut [Self]);

    /// Means of any number of samples.
    fn wide_means(sums: &[Self::Wide], count: u32, out: &mut [Self]);

    /// Means of `taps.taps` neighbouring pixels of a row, which has that many for each pixel of `out`.
    fn row_means(level: Level, row: &[Self], taps: &RowTaps<Self::Weight>, out: &mut [Self]);
}
