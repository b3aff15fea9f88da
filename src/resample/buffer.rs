//! Working memory: rows with edges, and weights in the sample's own arithmetic.

use super::{axis::Filter, convolve::Element};
use crate::error::{Error, LimitError, Result};

/// `len` default values; fails rather than aborts when there is not enough memory.
pub(super) fn zeroed<T: Default + Clone>(len: usize) -> Result<Vec<T>> {
    let mut buffer = Vec::new();
    buffer.try_reserve_exact(len).map_err(|_| out_of_memory::<T>(len))?;
    buffer.resize(len, T::default());
    Ok(buffer)
}

pub(super) fn out_of_memory<T>(len: usize) -> Error {
    LimitError::Memory { bytes: (len as u64).saturating_mul(size_of::<T>() as u64) }.into()
}

/// One row with room on both sides, where its edge pixels are repeated.
pub(super) struct PaddedRow<S> {
    samples: Vec<S>,
    channels: usize,
    /// Samples before the row.
    before: usize,
    /// Samples of the row itself.
    len: usize,
}

impl<S: Element> PaddedRow<S> {
    /// A row of `width` pixels with at least `before` and `after` pixels beside it.
    pub(super) fn new(width: u32, channels: usize, before: usize, after: usize) -> Result<Self> {
        let pixels = before.checked_add(width as usize).and_then(|sum| sum.checked_add(after));
        let samples = pixels
            .and_then(|pixels| pixels.checked_mul(channels))
            .filter(|&samples| u32::try_from(samples).is_ok())
            .ok_or(LimitError::Dimensions { width: width.into(), height: 1 })?;
        Ok(Self { samples: zeroed(samples)?, channels, before: before * channels, len: width as usize * channels })
    }

    /// The row, to write to; [`extend_edges`](PaddedRow::extend_edges) is due afterwards.
    pub(super) fn row_mut(&mut self) -> &mut [S] {
        &mut self.samples[self.before..][..self.len]
    }

    /// Repeats the first and the last pixel outwards.
    pub(super) fn extend_edges(&mut self) {
        let (channels, end) = (self.channels, self.before + self.len);
        for index in (0..self.before).rev() {
            self.samples[index] = self.samples[index + channels];
        }
        for index in end..self.samples.len() {
            self.samples[index] = self.samples[index - channels];
        }
    }

    /// The row and what is beside it.
    pub(super) fn padded(&self) -> &[S] {
        &self.samples
    }
}

/// The weights of a filter for all its phases, without the taps at the ends of the window that round to nothing.
pub(super) struct Weights<S: Element> {
    rows: Vec<Vec<S::Weight>>,
    /// Taps left out before each row.
    skipped: Vec<usize>,
}

impl<S: Element> Weights<S> {
    pub(super) fn new(filter: &Filter) -> Self {
        let zero = S::Weight::default();
        let (mut rows, mut skipped) = (Vec::new(), Vec::new());
        for row in filter.weights() {
            let mut row = S::quantise(&row);
            let end = row.iter().rposition(|&weight| weight != zero).map_or(1, |last| last + 1);
            let start = row[..end].iter().position(|&weight| weight != zero).unwrap_or(0);
            row.truncate(end);
            row.drain(..start);
            rows.push(row);
            skipped.push(start);
        }
        Self { rows, skipped }
    }

    /// The taps left out before the weights of a phase, and the weights.
    pub(super) fn row(&self, phase: usize) -> (usize, &[S::Weight]) {
        (self.skipped[phase], &self.rows[phase])
    }

    /// Length of the longest row.
    pub(super) fn taps(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(1)
    }

    /// All rows one after the other, each filled up with zeroes to [`taps`](Weights::taps).
    pub(super) fn table(&self) -> Vec<S::Weight> {
        let taps = self.taps();
        self.rows
            .iter()
            .flat_map(|row| row.iter().copied().chain(std::iter::repeat(S::Weight::default())).take(taps))
            .collect()
    }
}
