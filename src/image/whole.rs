//! An image that can be looked at all over.

use super::{Image, Row, RowSource, Sample, Spec, depth_mismatch};
use crate::error::Result;

/// A source that has all its samples in memory, or what was read from one that has not.
pub struct Whole<'a> {
    spec: Spec,
    held: Held<'a>,
}

enum Held<'a> {
    /// Of which no row is ever read.
    Source(Box<dyn RowSource + 'a>),
    Image(Image),
}

impl<'a> Whole<'a> {
    pub fn new(mut source: Box<dyn RowSource + 'a>) -> Result<Self> {
        let spec = source.spec();
        let count = spec.samples()?;
        let is_whole = source.whole().is_some_and(|all| all.count() == count);
        let held = if is_whole { Held::Source(source) } else { Held::Image(Image::collect(source.as_mut())?) };
        Ok(Self { spec, held })
    }

    pub const fn spec(&self) -> Spec {
        self.spec
    }

    /// All samples.
    pub fn all(&self) -> Result<Row<'_>> {
        match &self.held {
            Held::Source(source) => source.whole().ok_or_else(depth_mismatch),
            Held::Image(image) => Ok(image.samples().all()),
        }
    }

    /// All samples, when they are of type `S`.
    pub fn as_slice<S: Sample>(&self) -> Result<&[S]> {
        S::of(self.all()?).ok_or_else(depth_mismatch)
    }

    /// One row.
    pub fn row(&self, y: u32) -> Result<Row<'_>> {
        let len = self.spec.row_samples();
        Ok(self.all()?.slice(y as usize * len..(y as usize + 1) * len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{ColourSpace, Depth, PixelFormat, RowMut, Samples, map::edit_rows};

    #[test]
    fn samples_in_memory_are_not_copied() {
        let format = PixelFormat::new(ColourSpace::Grey, Depth::U8, false);
        let image = || Image::from_samples(Spec::new(2, 2, format), Samples::U8(vec![1, 2, 3, 4])).unwrap();
        let whole = Whole::new(Box::new(image().into_rows())).unwrap();
        assert!(matches!(whole.held, Held::Source(_)));
        assert_eq!(whole.as_slice::<u8>().unwrap(), [1, 2, 3, 4]);
        assert!(whole.as_slice::<u16>().is_err());

        let mut partly = image().into_rows();
        partly.skip_rows(1).unwrap();
        assert!(partly.whole().is_none());

        let edited = edit_rows(Box::new(image().into_rows()), |row| {
            let RowMut::U8(samples) = row else { return Err(depth_mismatch()) };
            samples.reverse();
            Ok(())
        });
        let whole = Whole::new(edited.unwrap()).unwrap();
        assert_eq!(whole.row(1).unwrap().bytes(), [4, 3]);
    }
}
