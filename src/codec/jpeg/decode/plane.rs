//! Samples of one component as the inverse DCT gives them.

use super::{
    fast::LANES,
    frame::Layout,
    report::{Report, Stop},
};

/// Blocks that have one place in a plane: half a group.
pub(super) const UNIT: usize = LANES / 2;

/// The samples of one component in rows of equal length, longer than the image's.
#[derive(Debug, Default)]
pub(crate) struct Plane {
    pub(super) samples: Vec<u8>,
    pub(super) stride: usize,
}

impl Plane {
    /// Room for `rows` rows of the samples of `blocks` blocks each.
    pub(super) fn new(layout: &Layout, blocks: usize, rows: usize, report: &mut Report) -> Result<Self, Stop> {
        let stride = blocks.next_multiple_of(LANES) * layout.size as usize;
        Ok(Self { samples: zeroed(stride * rows, report)?, stride })
    }

    /// A row.
    #[inline(always)]
    pub(super) fn row(&self, row: usize) -> &[u8] {
        &self.samples[row * self.stride..][..self.stride]
    }
}

/// Memory of zeros, asked for in a way that can fail.
pub(super) fn zeroed<T: bytemuck::Zeroable>(count: usize, report: &mut Report) -> Result<Vec<T>, Stop> {
    bytemuck::allocation::try_zeroed_vec(count).map_err(|()| report.stop("Insufficient memory (case 4)"))
}
