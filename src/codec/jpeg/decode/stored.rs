//! Coefficients of a whole image, for files whose scans each hold a part of every block.

use super::{
    fast::{GROUP, LANES},
    frame::{Frame, Layout},
    idct::{self, Place, Targets},
    planes::{Plane, UNIT, spread_one, zeroed},
    report::{Report, Stop},
    segments::Quantization,
    smooth::Smoothing,
    tables::POSITIONS,
};
use crate::simd::Level;

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

/// Transforms stored coefficients.
pub(super) struct Transform {
    /// For each component.
    quantization: Vec<[i16; GROUP]>,
    group: Box<[i16; GROUP]>,
}

impl Transform {
    pub(super) fn new(tables: &[Quantization]) -> Self {
        Self { quantization: tables.iter().map(|table| *spread_one(table)).collect(), group: Box::new([0; GROUP]) }
    }

    /// Transforms a row of MCUs of one component to the given row of MCUs of its plane.
    pub(super) fn run(
        &mut self,
        level: Level,
        (component, stored, layout): (usize, &Stored, &Layout),
        smoothing: Option<&Smoothing>,
        (mcu_row, to_row): (u32, usize),
        planes: &mut [Plane],
    ) {
        let first = mcu_row * layout.v;
        let rows = (layout.blocks_down - first.min(layout.blocks_down)).min(layout.v) as usize;
        for row in 0..rows {
            let block_row = first as usize + row;
            let to = to_row * layout.mcu_rows() as usize + row * layout.size as usize;
            for column in (0..layout.blocks_across as usize).step_by(LANES) {
                let count = (layout.blocks_across as usize - column).min(LANES);
                match smoothing {
                    Some(smoothing) => {
                        for lane in 0..count {
                            let block = smoothing.block(stored, layout, (block_row, column + lane), mcu_row);
                            self.put(lane, &block[..stored.kept]);
                        }
                    }
                    None => (0..count).for_each(|lane| self.put(lane, stored.block(block_row, column + lane))),
                }
                let place = |half: usize| Place {
                    plane: component,
                    row: to,
                    column: (column + half * UNIT) * layout.size as usize,
                };
                let places = [Some(place(0)), Some(place(1))];
                let quantization = &self.quantization[component];
                idct::transform(level, layout.size, &self.group, quantization, &mut Targets { planes, places });
            }
        }
    }

    fn put(&mut self, lane: usize, block: &[i16]) {
        for (&value, &position) in block.iter().zip(&POSITIONS) {
            self.group[(usize::from(position) * LANES + lane) % GROUP] = value;
        }
    }
}
