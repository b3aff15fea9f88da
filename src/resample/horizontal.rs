//! Resampling along rows.

use super::{
    axis::{Axis, Filter},
    buffer::{PaddedRow, Weights, out_of_memory, zeroed},
    convolve::{Element, NARROW_BOX, PIXELS_AFTER, RowTaps},
};
use crate::{
    error::{LimitError, Result},
    simd::Level,
};

/// Resamples rows, one at a time: a box of whole pixels, then a filter. One of them is there.
pub(super) struct Horizontal<S: Element> {
    level: Level,
    boxes: Option<(PaddedRow<S>, RowTaps<S::Weight>)>,
    filter: Option<(PaddedRow<S>, RowTaps<S::Weight>)>,
}

impl<S: Element> Horizontal<S> {
    pub(super) fn new(axis: &Axis, channels: usize, level: Level) -> Result<Self> {
        let boxes = if axis.box_factor > 1 {
            let after = axis.box_factor as usize + PIXELS_AFTER;
            let row = PaddedRow::new(axis.input, channels, 0, after)?;
            Some((row, box_taps::<S>(axis.box_factor, axis.boxed, channels)?))
        } else {
            None
        };
        let filter = match &axis.filter {
            Some(filter) => Some(filter_taps::<S>(filter, axis.boxed, axis.output, channels)?),
            None => None,
        };
        Ok(Self { level, boxes, filter })
    }

    /// Where the next row to resample goes.
    pub(super) fn input(&mut self) -> &mut [S] {
        match (&mut self.boxes, &mut self.filter) {
            (Some((row, _)), _) | (None, Some((row, _))) => row.row_mut(),
            (None, None) => &mut [],
        }
    }

    /// Resamples the row that was written to [`input`](Horizontal::input).
    pub(super) fn run(&mut self, out: &mut [S]) {
        if let Some((row, taps)) = &mut self.boxes {
            row.extend_edges();
            match &mut self.filter {
                Some((boxed, _)) => S::row_means(self.level, row.padded(), taps, boxed.row_mut()),
                None => S::row_means(self.level, row.padded(), taps, out),
            }
        }
        if let Some((row, taps)) = &mut self.filter {
            row.extend_edges();
            S::row(self.level, row.padded(), taps, out);
        }
    }

    /// Resamples that row and keeps what is outside the range of the sample, and some fraction bits.
    pub(super) fn run_to_middle(&mut self, fraction: u32, out: &mut [S::Middle]) {
        if let Some((row, taps)) = &mut self.filter {
            row.extend_edges();
            S::row_to_middle(self.level, row.padded(), taps, fraction, out);
        }
    }
}

/// Taps that average `factor` pixels.
fn box_taps<S: Element>(factor: u32, output: u32, channels: usize) -> Result<RowTaps<S::Weight>> {
    let taps = factor as usize;
    let mut starts = zeroed::<u32>(output as usize)?;
    for (index, start) in starts.iter_mut().enumerate() {
        *start = narrow(index * taps * channels)?;
    }
    // A wide box is summed without weights.
    let weights = if factor <= NARROW_BOX { vec![S::UNIT; taps] } else { Vec::new() };
    RowTaps::new::<S>(channels, taps, starts, zeroed(output as usize)?, weights)
}

/// The taps of a filter and a row for them.
fn filter_taps<S: Element>(
    filter: &Filter,
    input: u32,
    output: u32,
    channels: usize,
) -> Result<(PaddedRow<S>, RowTaps<S::Weight>)> {
    let weights = Weights::<S>::new(filter);
    let taps = weights.taps();
    let first = |index| {
        let (first, phase) = filter.position(index);
        (first + weights.row(phase).0 as i64, phase)
    };
    // Windows without their zero weights do not always begin one after the other: all are looked at.
    let (lowest, highest) =
        (0..output).map(|index| first(index).0).fold((0, 0), |(low, high), first| (first.min(low), first.max(high)));
    let before = usize::try_from(-lowest).unwrap_or(0);
    let after = usize::try_from(highest + taps as i64 - i64::from(input)).unwrap_or(0) + PIXELS_AFTER;
    let row = PaddedRow::new(input, channels, before, after)?;

    let mut starts = Vec::new();
    let mut phases = Vec::new();
    starts.try_reserve_exact(output as usize).map_err(|_| out_of_memory::<u32>(output as usize))?;
    phases.try_reserve_exact(output as usize).map_err(|_| out_of_memory::<u16>(output as usize))?;
    for index in 0..output {
        let (first, phase) = first(index);
        let pixel = usize::try_from(first + before as i64).unwrap_or(0);
        starts.push(narrow(pixel * channels)?);
        phases.push(phase as u16);
    }
    Ok((row, RowTaps::new::<S>(channels, taps, starts, phases, weights.table())?))
}

fn narrow(sample: usize) -> Result<u32> {
    u32::try_from(sample).map_err(|_| LimitError::Dimensions { width: sample as u64, height: 1 }.into())
}
