//! Crop to a rectangle.

use crate::{
    error::{OperationError, Result},
    image::{Rect, RowMut, RowSource, Rows, Samples, Spec, Whole, past_the_end},
};

/// The part of `source` inside `rect`, which must lie within it and have an area. Rows below the part are never asked for.
pub fn crop(mut source: Rows<'_>, rect: Rect) -> Result<Rows<'_>> {
    let spec = source.spec();
    let fits = |start: u32, len: u32, whole: u32| len > 0 && start.checked_add(len).is_some_and(|end| end <= whole);
    if !fits(rect.left, rect.width, spec.width) || !fits(rect.top, rect.height, spec.height) {
        return Err(OperationError::BadExtractArea.into());
    }
    let spec = spec.resized(rect.width, rect.height);
    if source.whole().is_some() {
        return Ok(Box::new(Part { picture: Whole::new(source)?, spec, rect, y: 0 }));
    }
    source.skip_rows(rect.top)?;
    let scratch = if rect.width == source.spec().width { None } else { Some(Samples::row_of(&source.spec())?) };
    Ok(Box::new(Crop { spec, left: rect.left as usize, source, scratch }))
}

struct Crop<'a> {
    source: Rows<'a>,
    spec: Spec,
    /// Columns passed over on the left.
    left: usize,
    /// A whole row of the source, where only a part of it is wanted.
    scratch: Option<Samples>,
}

impl RowSource for Crop<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let Some(scratch) = &mut self.scratch else {
            return self.source.next_row(row);
        };
        self.source.next_row(scratch.all_mut())?;
        let start = self.left * self.spec.format.channels();
        row.copy_from(scratch.slice(start..start + self.spec.row_samples()))
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.source.skip_rows(count)
    }
}

/// A part of an image that is in memory: of its rows only what is wanted is touched.
struct Part<'a> {
    picture: Whole<'a>,
    spec: Spec,
    rect: Rect,
    /// Next row.
    y: u32,
}

impl RowSource for Part<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        if self.y >= self.spec.height {
            return Err(past_the_end());
        }
        let start = self.rect.left as usize * self.spec.format.channels();
        let from = self.picture.row(self.rect.top + self.y)?;
        self.y += 1;
        row.copy_from(from.slice(start..start + self.spec.row_samples()))
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.y = self.y.saturating_add(count);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        map::edit_rows,
        testing::{grey, samples},
    };

    #[test]
    fn cuts_out_the_rectangle() {
        let source = grey(4, 3, (0..12).collect());
        let cut = crop(source, Rect { left: 1, top: 1, width: 2, height: 2 }).unwrap();
        assert_eq!(samples(cut), [5, 6, 9, 10]);
    }

    #[test]
    fn cuts_rows_that_are_not_in_memory() {
        let flowing = edit_rows(grey(4, 3, (0..12).collect()), |_| Ok(())).unwrap();
        let mut cut = crop(flowing, Rect { left: 1, top: 0, width: 2, height: 3 }).unwrap();
        cut.skip_rows(1).unwrap();
        let mut row = [0u8; 2];
        cut.next_samples(&mut row).unwrap();
        assert_eq!(row, [5, 6]);
    }

    #[test]
    fn refuses_what_stands_over_or_is_empty() {
        for rect in [
            Rect { left: 3, top: 0, width: 2, height: 1 },
            Rect { left: 0, top: 3, width: 1, height: 1 },
            Rect { left: 0, top: 0, width: 0, height: 1 },
            Rect { left: u32::MAX, top: 0, width: 2, height: 1 },
        ] {
            let error = crop(grey(4, 3, vec![0; 12]), rect).err().expect("refused");
            assert_eq!(error.to_string(), "extract_area: bad extract area");
        }
    }
}
