//! Coefficients of a whole image, for files whose scans each hold a part of every block.

use super::{
    frame::{Frame, Layout},
    plane::zeroed,
    report::{Report, Stop},
};

/// The coefficients of one component.
pub(super) struct Stored {
    pub(super) coefficients: Vec<i16>,
    /// Of each block: 64 in order of frequency, or the first alone.
    pub(super) kept: usize,
    /// Blocks from one row of blocks to the next.
    pub(super) stride: usize,
}

impl Stored {
    /// Room for a component, of which all is 0.
    pub(super) fn new(frame: &Frame, layout: &Layout, report: &mut Report) -> Result<Self, Stop> {
        let kept = if layout.size == 1 { 1 } else { 64 };
        let stride = frame.mcus_per_row() as usize * layout.h as usize;
        let rows = frame.mcu_rows() as usize * layout.v as usize;
        let count = stride.checked_mul(rows).and_then(|blocks| blocks.checked_mul(kept));
        let Some(count) = count else { return Err(report.stop("Insufficient memory (case 4)")) };
        Ok(Self { coefficients: zeroed(count, report)?, kept, stride })
    }

    /// The first coefficient of a block.
    #[inline(always)]
    pub(super) fn first(&self, row: usize, column: usize) -> i16 {
        self.coefficients[(row * self.stride + column) * self.kept]
    }

    /// All coefficients of a block that are kept.
    #[inline(always)]
    pub(super) fn block(&self, row: usize, column: usize) -> &[i16] {
        &self.coefficients[(row * self.stride + column) * self.kept..][..self.kept]
    }
}
