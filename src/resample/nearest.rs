//! Resampling by nearest neighbour: pixels are copied, never mixed.

use super::{axis, buffer::zeroed};
use crate::{
    error::Result,
    image::{Row, RowMut, RowSource, Sample, Samples, Spec, depth_mismatch, past_the_end},
};

/// Copies pixels of another image.
pub(super) struct Nearest<'a> {
    source: Box<dyn RowSource + 'a>,
    spec: Spec,
    /// For each output pixel the column that it comes from.
    columns: Vec<u32>,
    /// For each output row the row that it comes from.
    rows: Vec<u32>,
    next: u32,
    /// Rows of the source that were read; the last of them is in `row`.
    loaded: u32,
    row: Samples,
}

impl<'a> Nearest<'a> {
    pub(super) fn new(source: Box<dyn RowSource + 'a>, spec: Spec, hshrink: f64, vshrink: f64) -> Result<Self> {
        let input = source.spec();
        Ok(Self {
            columns: indices(input.width, spec.width, hshrink)?,
            rows: indices(input.height, spec.height, vshrink)?,
            row: Samples::row_of(&input)?,
            source,
            spec,
            next: 0,
            loaded: 0,
        })
    }
}

/// Where each output pixel comes from. The arithmetic is sharp's, for positions exactly between two pixels.
fn indices(input: u32, output: u32, shrink: f64) -> Result<Vec<u32>> {
    let mut indices = zeroed(output as usize)?;
    let scale = 1.0 / shrink;
    let factor = if scale < 1.0 { axis::subsample_factor(input, scale) } else { 1 };
    let sampled = input / factor;
    let left = 1.0 / (scale * f64::from(factor));
    let offset = (1.0 + f64::from(output) * left - f64::from(sampled)) / 2.0 - 1.0;
    let mut position = if left > 1.0 { 0.5 * left - 0.5 - offset } else { 0.0 };
    for from in &mut indices {
        *from = (position as u32).min(sampled - 1) * factor;
        position += left;
    }
    Ok(indices)
}

fn copy<S: Sample>(from: &[S], columns: &[u32], channels: usize, to: &mut [S]) {
    for (to, &column) in to.chunks_exact_mut(channels).zip(columns) {
        to.copy_from_slice(&from[column as usize * channels..][..channels]);
    }
}

impl RowSource for Nearest<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let &wanted = self.rows.get(self.next as usize).ok_or_else(past_the_end)?;
        if self.loaded <= wanted {
            self.source.skip_rows(wanted - self.loaded)?;
            self.source.next_row(self.row.all_mut())?;
            self.loaded = wanted + 1;
        }
        let channels = self.spec.format.channels();
        match (self.row.all(), row) {
            (Row::U8(from), RowMut::U8(to)) => copy(from, &self.columns, channels, to),
            (Row::U16(from), RowMut::U16(to)) => copy(from, &self.columns, channels, to),
            (Row::F32(from), RowMut::F32(to)) => copy(from, &self.columns, channels, to),
            _ => return Err(depth_mismatch()),
        }
        self.next += 1;
        Ok(())
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.next = self.next.saturating_add(count);
        Ok(())
    }
}
