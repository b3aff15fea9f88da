//! Resampling down columns, from rows that arrive one after the other.

use super::{
    axis::{Axis, Filter},
    buffer::{Weights, zeroed},
    convolve::{Element, NARROW_BOX, Window},
};
use crate::{
    error::{LimitError, Result},
    image::RowSource,
    simd::Level,
};

/// Averages groups of rows.
struct BoxRows<S: Element> {
    factor: u32,
    /// Rows that the source still has.
    left: u32,
    row: Vec<S>,
    sums: Vec<S::Sum>,
    /// For more rows than the narrow sums hold; else empty.
    wide: Vec<S::Wide>,
}

impl<S: Element> BoxRows<S> {
    fn new(axis: &Axis, row_samples: usize) -> Result<Self> {
        let wide = if axis.box_factor > NARROW_BOX { row_samples } else { 0 };
        Ok(Self {
            factor: axis.box_factor,
            left: axis.input,
            row: zeroed(row_samples)?,
            sums: zeroed(row_samples)?,
            wide: zeroed(wide)?,
        })
    }

    /// The mean of the next rows; the last row is repeated where there are too few.
    fn next_row(&mut self, source: &mut dyn RowSource, level: Level, out: &mut [S]) -> Result<()> {
        self.sums.fill(S::Sum::default());
        self.wide.fill(S::Wide::default());
        for index in 0..self.factor {
            if self.left > 0 {
                source.next_samples(&mut self.row)?;
                self.left -= 1;
            }
            if index > 0 && index % NARROW_BOX == 0 {
                S::widen(&mut self.sums, &mut self.wide);
            }
            S::add_row(level, &mut self.sums, &self.row);
        }
        if self.wide.is_empty() {
            S::means(level, &self.sums, self.factor, out);
        } else {
            S::widen(&mut self.sums, &mut self.wide);
            S::wide_means(&self.wide, self.factor, out);
        }
        Ok(())
    }
}

/// The last few rows of an image in pairs, as many as a filter sees.
pub(super) struct Ring<S: Element, M> {
    filter: Filter,
    weights: Weights<S>,
    /// Slots of two rows.
    slots: Vec<M>,
    /// Samples in a slot.
    slot_len: usize,
    /// Slots that the ring holds.
    capacity: usize,
    /// Rows of the image.
    height: u32,
    /// Pairs that have come so far.
    loaded: u32,
    upper: Vec<M>,
    lower: Vec<M>,
    /// The slots of the present window and two weights for each.
    starts: Vec<usize>,
    pair_weights: Vec<S::Weight>,
}

/// Writes two rows to a slot: [`Element::pair`] or [`Element::pair_middle`].
pub(super) type Pair<M> = fn(Level, &[M], &[M], &mut [M]);

impl<S: Element, M: Default + Clone> Ring<S, M> {
    /// A ring for an image of `height` rows.
    pub(super) fn new(filter: &Filter, height: u32, row_samples: usize) -> Result<Self> {
        let weights = Weights::<S>::new(filter);
        // All taps count: a window can begin before the last one when that had zero weights at its top.
        let capacity = filter.taps / 2 + 1;
        let slot_len = 2 * row_samples;
        let samples = slot_len
            .checked_mul(capacity)
            .ok_or(LimitError::Dimensions { width: row_samples as u64, height: capacity as u64 })?;
        Ok(Self {
            filter: filter.clone(),
            weights,
            slots: zeroed(samples)?,
            slot_len,
            capacity,
            height,
            loaded: 0,
            upper: zeroed(row_samples)?,
            lower: zeroed(row_samples)?,
            starts: zeroed(capacity)?,
            pair_weights: zeroed(2 * capacity)?,
        })
    }

    /// The rows that output row `index` sees and their weights. Reads with `load` the rows that are not there yet.
    pub(super) fn window(
        &mut self,
        index: u32,
        level: Level,
        pair: Pair<M>,
        mut load: impl FnMut(&mut [M]) -> Result<()>,
    ) -> Result<(Window<'_, M>, &[S::Weight])> {
        let (first, phase) = self.filter.position(index);
        let (skipped, weights) = self.weights.row(phase);
        let first = first + skipped as i64;
        let bottom = i64::from(self.height) - 1;
        let inside = |tap: usize| (first + tap as i64).clamp(0, bottom) as u32;
        let first_pair = inside(0) / 2;
        let pairs = (inside(weights.len() - 1) / 2 - first_pair + 1) as usize;

        while self.loaded < first_pair + pairs as u32 {
            load(&mut self.upper)?;
            if self.loaded < (self.height - 1) / 2 || self.height.is_multiple_of(2) {
                load(&mut self.lower)?;
            } else {
                self.lower.clone_from_slice(&self.upper);
            }
            let slot = self.loaded as usize % self.capacity * self.slot_len;
            pair(level, &self.upper, &self.lower, &mut self.slots[slot..slot + self.slot_len]);
            self.loaded += 1;
        }

        for (offset, start) in self.starts[..pairs].iter_mut().enumerate() {
            *start = (first_pair as usize + offset) % self.capacity * self.slot_len;
        }
        // Rows beyond an edge are the edge row: their weights are added to its weight.
        self.pair_weights.fill(S::Weight::default());
        for (tap, &weight) in weights.iter().enumerate() {
            self.pair_weights[(inside(tap) - 2 * first_pair) as usize] += weight;
        }
        Ok((Window { ring: &self.slots, slots: &self.starts[..pairs] }, &self.pair_weights[..2 * pairs]))
    }
}

/// Resamples down columns: a box of whole rows, then a filter.
pub(super) struct Vertical<S: Element> {
    level: Level,
    boxes: Option<BoxRows<S>>,
    ring: Option<Ring<S, S>>,
}

impl<S: Element> Vertical<S> {
    pub(super) fn new(axis: &Axis, row_samples: usize, level: Level) -> Result<Self> {
        let boxes = if axis.box_factor > 1 { Some(BoxRows::new(axis, row_samples)?) } else { None };
        let ring = match &axis.filter {
            Some(filter) => Some(Ring::new(filter, axis.boxed, row_samples)?),
            None => None,
        };
        Ok(Self { level, boxes, ring })
    }

    /// Whether rows can be left out: a filter reads as far as it sees.
    pub(super) const fn can_leap(&self) -> bool {
        self.ring.is_some()
    }

    /// Makes output row `index`; the indices ascend.
    pub(super) fn row(&mut self, source: &mut dyn RowSource, index: u32, out: &mut [S]) -> Result<()> {
        let level = self.level;
        let boxes = &mut self.boxes;
        let mut load = |row: &mut [S]| match boxes {
            Some(boxes) => boxes.next_row(source, level, row),
            None => source.next_samples(row),
        };
        match &mut self.ring {
            Some(ring) => {
                let (window, weights) = ring.window(index, level, S::pair, load)?;
                S::columns(level, &window, weights, out);
                Ok(())
            }
            None => load(out),
        }
    }
}
