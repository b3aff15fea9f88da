//! Cutting out a rectangle.

use super::Rows;
use crate::{
    error::{OperationError, Result},
    image::{RowMut, RowSource, Samples, Spec, Whole, past_the_end},
    plan::geometry::Rect,
};

/// The part of each frame of `source` inside `rect`, which must lie within the frame and have an area. A still picture is
/// one frame. Rows below the last part are never asked for.
pub fn crop(mut source: Rows<'_>, rect: Rect, frames: u32) -> Result<Rows<'_>> {
    let spec = source.spec();
    let frame_height = spec.height / frames.max(1);
    let fits = |start: u32, len: u32, whole: u32| len > 0 && start.checked_add(len).is_some_and(|end| end <= whole);
    if !fits(rect.left, rect.width, spec.width) || !fits(rect.top, rect.height, frame_height) {
        return Err(OperationError::BadExtractArea.into());
    }
    if source.whole().is_some() {
        let spec = spec.resized(rect.width, rect.height * frames);
        return Ok(Box::new(Part { picture: Whole::new(source)?, spec, rect, frame_height, y: 0 }));
    }
    source.skip_rows(rect.top)?;
    let scratch = if rect.width == spec.width { None } else { Some(Samples::row_of(&spec)?) };
    Ok(Box::new(Crop {
        spec: spec.resized(rect.width, rect.height * frames),
        left: rect.left as usize,
        frame: rect.height,
        between: frame_height - rect.height,
        y: 0,
        source,
        scratch,
    }))
}

struct Crop<'a> {
    source: Rows<'a>,
    spec: Spec,
    /// Columns passed over on the left.
    left: usize,
    /// Rows of a frame of the result, and rows of the source from the end of one to the beginning of the next.
    frame: u32,
    between: u32,
    /// Next row.
    y: u32,
    /// A whole row of the source, where only a part of it is wanted.
    scratch: Option<Samples>,
}

impl RowSource for Crop<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        if self.y > 0 && self.y.is_multiple_of(self.frame) {
            self.source.skip_rows(self.between)?;
        }
        self.y += 1;
        let Some(scratch) = &mut self.scratch else {
            return self.source.next_row(row);
        };
        self.source.next_row(scratch.all_mut())?;
        let start = self.left * self.spec.format.channels();
        row.copy_from(scratch.slice(start..start + self.spec.row_samples()))
    }
}

/// A part of a picture that is in memory: of its rows only what is wanted is touched.
struct Part<'a> {
    picture: Whole<'a>,
    spec: Spec,
    rect: Rect,
    frame_height: u32,
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
        let (frame, y) = (self.y / self.rect.height, self.y % self.rect.height);
        self.y += 1;
        let start = self.rect.left as usize * self.spec.format.channels();
        let from = self.picture.row(frame * self.frame_height + self.rect.top + y)?;
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
    use crate::ops::{
        map::edit_rows,
        testing::{grey, samples},
    };

    #[test]
    fn cuts_out_the_rectangle() {
        let source = grey(4, 3, (0..12).collect());
        let cut = crop(source, Rect { left: 1, top: 1, width: 2, height: 2 }, 1).unwrap();
        assert_eq!(samples(cut), [5, 6, 9, 10]);
    }

    #[test]
    fn cuts_every_frame() {
        let two_frames = || grey(2, 6, (0..12).collect());
        let rect = Rect { left: 1, top: 1, width: 1, height: 1 };
        assert_eq!(samples(crop(two_frames(), rect, 2).unwrap()), [3, 9]);
        // Rows that are not in memory.
        let flowing = edit_rows(two_frames(), |_| Ok(())).unwrap();
        assert_eq!(samples(crop(flowing, rect, 2).unwrap()), [3, 9]);
    }

    #[test]
    fn refuses_what_stands_over_or_is_empty() {
        for rect in [
            Rect { left: 3, top: 0, width: 2, height: 1 },
            Rect { left: 0, top: 3, width: 1, height: 1 },
            Rect { left: 0, top: 0, width: 0, height: 1 },
            Rect { left: u32::MAX, top: 0, width: 2, height: 1 },
        ] {
            let error = crop(grey(4, 3, vec![0; 12]), rect, 1).err().expect("refused");
            assert_eq!(error.to_string(), "extract_area: bad extract area");
        }
    }
}
