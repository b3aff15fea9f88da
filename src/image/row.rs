//! Rows that flow from a decoder to an encoder, one at a time.

use super::{Depth, Image, Samples, Spec};
use crate::error::{Error, Result};

/// A sample type; ties the Rust type to its [`Depth`].
pub trait Sample: bytemuck::Pod + PartialOrd + Send + Sync + 'static {
    const DEPTH: Depth;
    /// The row as a slice of this type, or `None` when it holds another.
    fn of(row: Row<'_>) -> Option<&[Self]>;
    /// The same, to write to.
    fn of_mut(row: RowMut<'_>) -> Option<&mut [Self]>;
    /// A slice as a row to write to.
    fn row_mut(samples: &mut [Self]) -> RowMut<'_>;
    /// All samples of an image.
    fn of_samples(samples: &Samples) -> Option<&[Self]>;
    /// The same, to write to.
    fn of_samples_mut(samples: &mut Samples) -> Option<&mut [Self]>;
}

macro_rules! sample {
    ($type:ty, $variant:ident) => {
        impl Sample for $type {
            const DEPTH: Depth = Depth::$variant;
            fn of(row: Row<'_>) -> Option<&[Self]> {
                if let Row::$variant(samples) = row { Some(samples) } else { None }
            }
            fn of_mut(row: RowMut<'_>) -> Option<&mut [Self]> {
                if let RowMut::$variant(samples) = row { Some(samples) } else { None }
            }
            fn row_mut(samples: &mut [Self]) -> RowMut<'_> {
                RowMut::$variant(samples)
            }
            fn of_samples(samples: &Samples) -> Option<&[Self]> {
                if let Samples::$variant(samples) = samples { Some(samples) } else { None }
            }
            fn of_samples_mut(samples: &mut Samples) -> Option<&mut [Self]> {
                if let Samples::$variant(samples) = samples { Some(samples) } else { None }
            }
        }
    };
}
sample!(u8, U8);
sample!(u16, U16);
sample!(f32, F32);

/// One row of samples, width × channels, to read.
#[derive(Debug, Clone, Copy)]
pub enum Row<'a> {
    U8(&'a [u8]),
    U16(&'a [u16]),
    F32(&'a [f32]),
}

/// One row of samples, width × channels, to write.
#[derive(Debug)]
pub enum RowMut<'a> {
    U8(&'a mut [u8]),
    U16(&'a mut [u16]),
    F32(&'a mut [f32]),
}

impl<'a> Row<'a> {
    /// Some samples of the row.
    pub fn slice(self, range: std::ops::Range<usize>) -> Row<'a> {
        match self {
            Row::U8(samples) => Row::U8(&samples[range]),
            Row::U16(samples) => Row::U16(&samples[range]),
            Row::F32(samples) => Row::F32(&samples[range]),
        }
    }

    /// Number of samples.
    pub const fn count(&self) -> usize {
        match self {
            Row::U8(samples) => samples.len(),
            Row::U16(samples) => samples.len(),
            Row::F32(samples) => samples.len(),
        }
    }

    /// One sample, 0 where there is none.
    pub fn get(&self, at: usize) -> f64 {
        match self {
            Row::U8(samples) => samples.get(at).copied().unwrap_or(0).into(),
            Row::U16(samples) => samples.get(at).copied().unwrap_or(0).into(),
            Row::F32(samples) => samples.get(at).copied().unwrap_or(0.0).into(),
        }
    }

    /// The samples as bytes in native order.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Row::U8(samples) => samples,
            Row::U16(samples) => bytemuck::cast_slice(samples),
            Row::F32(samples) => bytemuck::cast_slice(samples),
        }
    }
}

impl<'a> RowMut<'a> {
    /// The same samples, to be read.
    pub const fn as_row(&self) -> Row<'_> {
        match self {
            RowMut::U8(samples) => Row::U8(samples),
            RowMut::U16(samples) => Row::U16(samples),
            RowMut::F32(samples) => Row::F32(samples),
        }
    }

    /// Writes one sample, cut off to its type; nothing where there is none.
    pub fn set(&mut self, at: usize, value: f64) {
        match self {
            RowMut::U8(samples) => samples.get_mut(at).map(|sample| *sample = value as u8),
            RowMut::U16(samples) => samples.get_mut(at).map(|sample| *sample = value as u16),
            RowMut::F32(samples) => samples.get_mut(at).map(|sample| *sample = value as f32),
        };
    }

    /// Some samples of the row.
    pub fn slice_mut(self, range: std::ops::Range<usize>) -> RowMut<'a> {
        match self {
            RowMut::U8(samples) => RowMut::U8(&mut samples[range]),
            RowMut::U16(samples) => RowMut::U16(&mut samples[range]),
            RowMut::F32(samples) => RowMut::F32(&mut samples[range]),
        }
    }

    /// Parts of so many samples, of which the last may have fewer.
    pub fn chunks(self, len: usize) -> Vec<Self> {
        match self {
            RowMut::U8(samples) => samples.chunks_mut(len).map(RowMut::U8).collect(),
            RowMut::U16(samples) => samples.chunks_mut(len).map(RowMut::U16).collect(),
            RowMut::F32(samples) => samples.chunks_mut(len).map(RowMut::F32).collect(),
        }
    }

    /// Number of samples.
    pub const fn count(&self) -> usize {
        match self {
            RowMut::U8(samples) => samples.len(),
            RowMut::U16(samples) => samples.len(),
            RowMut::F32(samples) => samples.len(),
        }
    }

    /// Copies a row of the same depth and length.
    pub fn copy_from(self, from: Row<'_>) -> Result<()> {
        match (from, self) {
            (Row::U8(from), RowMut::U8(to)) => to.copy_from_slice(from),
            (Row::U16(from), RowMut::U16(to)) => to.copy_from_slice(from),
            (Row::F32(from), RowMut::F32(to)) => to.copy_from_slice(from),
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    }

    /// A shorter-lived borrow, so that one row can be handed on more than once.
    pub fn reborrow(&mut self) -> RowMut<'_> {
        match self {
            RowMut::U8(samples) => RowMut::U8(samples),
            RowMut::U16(samples) => RowMut::U16(samples),
            RowMut::F32(samples) => RowMut::F32(samples),
        }
    }

    /// The samples as bytes in native order.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        match self {
            RowMut::U8(samples) => samples,
            RowMut::U16(samples) => bytemuck::cast_slice_mut(samples),
            RowMut::F32(samples) => bytemuck::cast_slice_mut(samples),
        }
    }
}

/// An image that gives its rows from top to bottom, each once: a decoder, or an operation on one.
///
/// The row handed to [`next_row`](RowSource::next_row) has `spec().row_samples()` samples of `spec().format.depth`;
/// asking for more than `spec().height` rows is a defect of the caller and gives an error.
pub trait RowSource: Send {
    /// Size and layout; constant over the life of the source.
    fn spec(&self) -> Spec;

    /// Writes the next row.
    fn next_row(&mut self, row: RowMut<'_>) -> Result<()>;

    /// Passes over the next `count` rows, for less than reading them where the format allows.
    fn skip_rows(&mut self, count: u32) -> Result<()> {
        let mut scratch = Samples::row_of(&self.spec())?;
        (0..count).try_for_each(|_| self.next_row(scratch.all_mut()))
    }

    /// The whole image, when it is held in memory already and no row has been read: saves a copy.
    fn take_image(&mut self) -> Option<Image> {
        None
    }

    /// All samples, when they lie in memory as they would be given and no row has been read: saves a copy where the
    /// image belongs to the caller.
    fn whole(&self) -> Option<Row<'_>> {
        None
    }
}

impl dyn RowSource + '_ {
    /// Writes the next row into a slice of the sample type that the caller knows the source to have.
    pub fn next_samples<S: Sample>(&mut self, row: &mut [S]) -> Result<()> {
        self.next_row(S::row_mut(row))
    }
}

/// The error for a row of another depth than the source has: a defect, not an input error.
pub(crate) fn depth_mismatch() -> Error {
    Error::Internal("row of the wrong depth".into())
}

/// The error for a row past the last: a defect, not an input error.
pub(crate) fn past_the_end() -> Error {
    Error::Internal("more rows asked for than the picture has".into())
}
