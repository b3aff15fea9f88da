//! Rows that are made some at a time and given one at a time.

use std::ops::Range;

use super::{RowMut, Samples, Spec, past_the_end};
use crate::{error::Result, interrupt};

/// The rows of an image that were made last, and which of all is to be given next.
pub struct Batch {
    spec: Spec,
    samples: Samples,
    rows: Range<u32>,
    next: u32,
}

impl Batch {
    /// With room for `rows` rows of an image, at least one.
    pub fn new(spec: Spec, rows: u32) -> Result<Self> {
        let samples = Samples::zeroed(spec.format.depth, Spec { height: rows, ..spec }.samples()?)?;
        Ok(Self { spec, samples, rows: 0..0, next: 0 })
    }

    /// Size and layout of the image.
    pub const fn spec(&self) -> Spec {
        self.spec
    }

    /// Writes the next row. When it is not there yet, `make` is called with as many rows, from it on, as there is room for, and
    /// with that room.
    pub fn next_row(&mut self, row: RowMut<'_>, make: impl FnOnce(Range<u32>, RowMut<'_>) -> Result<()>) -> Result<()> {
        if self.next >= self.spec.height {
            return Err(past_the_end());
        }
        let len = self.spec.row_samples();
        if !self.rows.contains(&self.next) {
            let room = (self.samples.len() / len) as u32;
            let rows = self.next..self.next.saturating_add(room).min(self.spec.height);
            interrupt::check()?;
            make(rows.clone(), self.samples.slice_mut(0..rows.len() * len))?;
            self.rows = rows;
        }
        let start = (self.next - self.rows.start) as usize * len;
        self.next += 1;
        row.copy_from(self.samples.slice(start..start + len))
    }

    /// Passes over rows, which need not be made.
    pub fn skip_rows(&mut self, count: u32) {
        self.next = self.next.saturating_add(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::Error, image::testing::GREY};

    #[test]
    fn rows_are_made_together_and_only_when_they_are_asked_for() {
        let mut batch = Batch::new(Spec::new(2, 8, GREY), 3).unwrap();
        let mut made = Vec::new();
        let mut next = |batch: &mut Batch| {
            let mut row = [0; 2];
            let result = batch.next_row(RowMut::U8(&mut row), |rows, to| {
                made.push(rows.clone());
                let RowMut::U8(samples) = to else { unreachable!() };
                samples.chunks_exact_mut(2).zip(rows).for_each(|(to, y)| to.fill(y as u8));
                Ok(())
            });
            result.map(|()| row)
        };
        assert_eq!([next(&mut batch).unwrap(), next(&mut batch).unwrap()], [[0, 0], [1, 1]]);
        batch.skip_rows(4);
        assert_eq!([next(&mut batch).unwrap(), next(&mut batch).unwrap()], [[6, 6], [7, 7]]);
        assert!(next(&mut batch).is_err());
        assert_eq!(made, [0..3, 6..8]);

        let mut failing = Batch::new(Spec::new(2, 8, GREY), 3).unwrap();
        let mut fail = || failing.next_row(RowMut::U8(&mut [0; 2]), |_, _| Err(Error::Internal("no".into())));
        assert!(fail().is_err() && fail().is_err(), "what failed was not made");
    }
}
