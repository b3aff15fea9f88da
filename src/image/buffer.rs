//! A whole image in memory.

use std::ops::Range;

use super::{
    Depth, Row, RowMut, RowSource, Sample, Spec,
    row::{depth_mismatch, past_the_end},
};
use crate::{
    error::{Error, LimitError, Result},
    interrupt,
};

/// Samples of one depth, interleaved, rows without padding.
#[derive(Debug, Clone, PartialEq)]
pub enum Samples {
    U8(Vec<u8>),
    U16(Vec<u16>),
    F32(Vec<f32>),
}

impl Samples {
    /// `count` samples of zero; fails rather than aborts when there is not enough memory.
    pub fn zeroed(depth: Depth, count: usize) -> Result<Self> {
        Ok(match depth {
            Depth::U8 => Samples::U8(zeroed(count)?),
            Depth::U16 => Samples::U16(zeroed(count)?),
            Depth::F32 => Samples::F32(zeroed(count)?),
        })
    }

    /// Room for one row of `spec`.
    pub fn row_of(spec: &Spec) -> Result<Self> {
        Self::zeroed(spec.format.depth, spec.row_samples())
    }

    /// All samples as one row.
    pub fn all(&self) -> Row<'_> {
        self.slice(0..self.len())
    }

    /// The same, to write to.
    pub fn all_mut(&mut self) -> RowMut<'_> {
        self.slice_mut(0..self.len())
    }

    pub const fn depth(&self) -> Depth {
        match self {
            Samples::U8(_) => Depth::U8,
            Samples::U16(_) => Depth::U16,
            Samples::F32(_) => Depth::F32,
        }
    }

    pub const fn len(&self) -> usize {
        match self {
            Samples::U8(samples) => samples.len(),
            Samples::U16(samples) => samples.len(),
            Samples::F32(samples) => samples.len(),
        }
    }

    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Some samples in a row.
    pub fn slice(&self, range: Range<usize>) -> Row<'_> {
        match self {
            Samples::U8(samples) => Row::U8(&samples[range]),
            Samples::U16(samples) => Row::U16(&samples[range]),
            Samples::F32(samples) => Row::F32(&samples[range]),
        }
    }

    /// The same, to write to.
    pub fn slice_mut(&mut self, range: Range<usize>) -> RowMut<'_> {
        match self {
            Samples::U8(samples) => RowMut::U8(&mut samples[range]),
            Samples::U16(samples) => RowMut::U16(&mut samples[range]),
            Samples::F32(samples) => RowMut::F32(&mut samples[range]),
        }
    }

    /// Copies some samples to others, from `to` on.
    pub fn copy_within(&mut self, from: Range<usize>, to: usize) {
        match self {
            Samples::U8(samples) => samples.copy_within(from, to),
            Samples::U16(samples) => samples.copy_within(from, to),
            Samples::F32(samples) => samples.copy_within(from, to),
        }
    }

    /// All samples as bytes in native order.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Samples::U8(samples) => samples,
            Samples::U16(samples) => bytemuck::cast_slice(samples),
            Samples::F32(samples) => bytemuck::cast_slice(samples),
        }
    }
}

impl From<Vec<u8>> for Samples {
    fn from(samples: Vec<u8>) -> Self {
        Samples::U8(samples)
    }
}
impl From<Vec<u16>> for Samples {
    fn from(samples: Vec<u16>) -> Self {
        Samples::U16(samples)
    }
}

/// Zeroed memory from the allocator's own zeroed pages, or an error where `vec![0; n]` would abort the process.
pub(crate) fn zeroed<S: bytemuck::Zeroable>(count: usize) -> Result<Vec<S>> {
    bytemuck::allocation::try_zeroed_vec(count)
        .map_err(|()| Error::Limit(LimitError::Memory { bytes: (count as u64).saturating_mul(size_of::<S>() as u64) }))
}

/// An image held whole: height rows of width × channels samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    spec: Spec,
    samples: Samples,
}

impl Image {
    /// An image of zeroes.
    pub fn new(spec: Spec) -> Result<Self> {
        Ok(Self { spec, samples: Samples::zeroed(spec.format.depth, spec.samples()?)? })
    }

    /// Samples that are already there; their number and depth must be what `spec` says.
    pub fn from_samples(spec: Spec, samples: Samples) -> Result<Self> {
        if samples.depth() != spec.format.depth || samples.len() != spec.samples()? {
            return Err(Error::Internal("samples do not match the picture's size".into()));
        }
        Ok(Self { spec, samples })
    }

    /// Reads all rows of a source.
    pub fn collect(source: &mut dyn RowSource) -> Result<Self> {
        if let Some(image) = source.take_image() {
            return Ok(image);
        }
        let mut image = Self::new(source.spec())?;
        for y in 0..image.spec.height {
            interrupt::check()?;
            source.next_row(image.row_mut(y))?;
        }
        Ok(image)
    }

    pub const fn spec(&self) -> Spec {
        self.spec
    }

    pub const fn samples(&self) -> &Samples {
        &self.samples
    }

    /// All samples, to write to.
    pub fn samples_mut(&mut self) -> RowMut<'_> {
        self.samples.all_mut()
    }

    pub fn into_samples(self) -> Samples {
        self.samples
    }

    /// All samples, when they are of type `S`.
    pub fn as_slice<S: Sample>(&self) -> Result<&[S]> {
        S::of_samples(&self.samples).ok_or_else(depth_mismatch)
    }

    /// The same, to write to.
    pub fn as_mut_slice<S: Sample>(&mut self) -> Result<&mut [S]> {
        S::of_samples_mut(&mut self.samples).ok_or_else(depth_mismatch)
    }

    const fn row_range(&self, y: u32) -> Range<usize> {
        let len = self.spec.row_samples();
        y as usize * len..(y as usize + 1) * len
    }

    pub fn row(&self, y: u32) -> Row<'_> {
        self.samples.slice(self.row_range(y))
    }

    pub fn row_mut(&mut self, y: u32) -> RowMut<'_> {
        let range = self.row_range(y);
        self.samples.slice_mut(range)
    }

    /// The rows of this image, top to bottom.
    pub fn into_rows(self) -> ImageRows {
        ImageRows { spec: self.spec, image: Some(self), next: 0 }
    }
}

/// A whole image as a source of rows.
pub struct ImageRows {
    spec: Spec,
    image: Option<Image>,
    next: u32,
}

impl RowSource for ImageRows {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let image = self.image.as_ref().filter(|_| self.next < self.spec.height).ok_or_else(past_the_end)?;
        row.copy_from(image.row(self.next))?;
        self.next += 1;
        Ok(())
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.next = self.next.saturating_add(count);
        Ok(())
    }

    fn take_image(&mut self) -> Option<Image> {
        if self.next == 0 { self.image.take() } else { None }
    }

    fn whole(&self) -> Option<Row<'_>> {
        self.image.as_ref().filter(|_| self.next == 0).map(|image| image.samples.all())
    }
}
