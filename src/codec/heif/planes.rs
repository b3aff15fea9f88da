//! The planes of an image that is to be encoded.

use crate::{error::Result, image::zeroed};

/// A sample as the encoder takes it: 8 bits, or 10 or 12 in 16.
pub(super) trait Stored: Copy + Default + bytemuck::Pod {
    fn from_i32(value: i32) -> Self;
}
impl Stored for u8 {
    fn from_i32(value: i32) -> Self {
        value as u8
    }
}
impl Stored for u16 {
    fn from_i32(value: i32) -> Self {
        value as u16
    }
}

/// Which planes there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Luma alone; the encoder wants chroma planes of half the size beside it, which it does not look at.
    Mono,
    /// Chroma planes of half the width and height.
    Half,
    /// Chroma planes of the same size.
    Full,
}

/// Luma and two chroma planes, rows without padding.
pub(super) struct Planes<P> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) layout: Layout,
    /// One plane after the other.
    samples: Vec<P>,
}

impl<P: Stored> Planes<P> {
    /// Planes of zeroes, for samples of `depth` bits.
    pub(super) fn new(width: u32, height: u32, layout: Layout, depth: u32) -> Result<Self> {
        let mut planes = Self { width, height, layout, samples: Vec::new() };
        planes.samples = zeroed(planes.start(3))?;
        if layout == Layout::Mono {
            let chroma = planes.start(1);
            planes.samples[chroma..].fill(P::from_i32(1 << (depth - 1)));
        }
        Ok(planes)
    }

    /// Width and height of a plane in samples.
    fn size(&self, plane: usize) -> (usize, usize) {
        let (width, height) = (self.width as usize, self.height as usize);
        if plane == 0 || self.layout == Layout::Full {
            (width, height)
        } else {
            (width.div_ceil(2), height.div_ceil(2))
        }
    }

    /// Where a plane begins.
    fn start(&self, plane: usize) -> usize {
        (0..plane).map(|plane| self.size(plane)).map(|(width, height)| width * height).sum()
    }

    /// Row `y` of a plane.
    pub(super) fn row(&mut self, plane: usize, y: usize) -> &mut [P] {
        let width = self.size(plane).0;
        let start = self.start(plane) + y * width;
        &mut self.samples[start..start + width]
    }

    /// All samples of a plane and how many are in a row.
    pub(super) fn plane(&mut self, plane: usize) -> (&mut [P], usize) {
        let (start, (width, height)) = (self.start(plane), self.size(plane));
        (&mut self.samples[start..start + width * height], width)
    }
}
