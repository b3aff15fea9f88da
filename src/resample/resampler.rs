//! Row sources that resample.

use super::{
    axis::Axis,
    convolve::Element,
    horizontal::Horizontal,
    vertical::{Ring, Vertical},
};
use crate::{
    error::{Error, Result},
    image::{RowMut, RowSource, Samples, Spec, past_the_end},
    simd::Level,
};

/// Resamples down columns and then along rows, rounding to the sample in between.
pub(super) struct Resampler<'a, S: Element> {
    source: Box<dyn RowSource + 'a>,
    spec: Spec,
    next: u32,
    vertical: Vertical<S>,
    horizontal: Option<Horizontal<S>>,
}

impl<'a, S: Element> Resampler<'a, S> {
    pub(super) fn new(
        source: Box<dyn RowSource + 'a>,
        horizontal: &Axis,
        vertical: &Axis,
        level: Level,
    ) -> Result<Self> {
        let input = source.spec();
        let channels = input.format.channels();
        let horizontal_stage =
            if horizontal.is_identity() { None } else { Some(Horizontal::new(horizontal, channels, level)?) };
        Ok(Self {
            source,
            spec: input.resized(horizontal.output, vertical.output),
            next: 0,
            vertical: Vertical::new(vertical, input.row_samples(), level)?,
            horizontal: horizontal_stage,
        })
    }
}

impl<S: Element> RowSource for Resampler<'_, S> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let out = output_samples::<S>(row, &self.spec)?;
        if self.next >= self.spec.height {
            return Err(past_the_end());
        }
        match &mut self.horizontal {
            Some(horizontal) => {
                self.vertical.row(&mut *self.source, self.next, horizontal.input())?;
                horizontal.run(out);
            }
            None => self.vertical.row(&mut *self.source, self.next, out)?,
        }
        self.next += 1;
        Ok(())
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        if self.vertical.can_leap() {
            self.next = self.next.saturating_add(count);
            return Ok(());
        }
        let mut scratch = Samples::row_of(&self.spec)?;
        (0..count).try_for_each(|_| self.next_row(scratch.all_mut()))
    }
}

/// Enlarges along rows and then down columns, without rounding to the sample's range in between.
pub(super) struct Enlarger<'a, S: Element> {
    source: Box<dyn RowSource + 'a>,
    spec: Spec,
    next: u32,
    level: Level,
    horizontal: Horizontal<S>,
    ring: Ring<S, S::Middle>,
    fraction: u32,
}

impl<'a, S: Element> Enlarger<'a, S> {
    /// `fraction` bits are kept between the two directions.
    pub(super) fn new(
        source: Box<dyn RowSource + 'a>,
        horizontal: &Axis,
        vertical: &Axis,
        fraction: u32,
        level: Level,
    ) -> Result<Self> {
        let input = source.spec();
        let spec = input.resized(horizontal.output, vertical.output);
        let filter = vertical.filter.as_ref().ok_or_else(|| Error::Internal("nothing to enlarge".into()))?;
        Ok(Self {
            source,
            spec,
            next: 0,
            level,
            horizontal: Horizontal::new(horizontal, input.format.channels(), level)?,
            ring: Ring::new(filter, input.height, spec.row_samples())?,
            fraction,
        })
    }
}

impl<S: Element> RowSource for Enlarger<'_, S> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let out = output_samples::<S>(row, &self.spec)?;
        if self.next >= self.spec.height {
            return Err(past_the_end());
        }
        let (source, horizontal, fraction) = (&mut self.source, &mut self.horizontal, self.fraction);
        let (window, weights) = self.ring.window(self.next, self.level, S::pair_middle, |row| {
            source.next_samples(horizontal.input())?;
            horizontal.run_to_middle(fraction, row);
            Ok(())
        })?;
        S::columns_of_middle(self.level, &window, weights, fraction, out);
        self.next += 1;
        Ok(())
    }

    /// An image that is enlarged much and then cut is not worked out where it is not seen.
    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.next = self.next.saturating_add(count);
        Ok(())
    }
}

/// The row to write as samples of the type that is worked in.
pub(super) fn output_samples<'r, S: Element>(row: RowMut<'r>, spec: &Spec) -> Result<&'r mut [S]> {
    S::of_mut(row)
        .filter(|row| row.len() == spec.row_samples())
        .ok_or_else(|| Error::Internal("row of the wrong depth or length".into()))
}
