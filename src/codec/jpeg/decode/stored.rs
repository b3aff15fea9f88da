//! Coefficients of a whole image, for files whose scans each hold a part of every block.

use super::{
    fast::LANES,
    frame::{Frame, Layout},
    idct::{self, Place, Targets},
    planes::{Plane, UNIT, by_frequency, zeroed},
    report::{Report, Stop},
    segments::Quantization,
    smooth::Smoothing,
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

/// A block without coefficients.
const EMPTY: &[i16; 64] = &[0; 64];

/// Transforms stored coefficients.
pub(super) struct Transform {
    /// For each component, in order of frequency.
    quantization: Vec<[i16; 64]>,
}

impl Transform {
    pub(super) fn new(tables: &[Quantization]) -> Self {
        Self { quantization: tables.iter().map(by_frequency).collect() }
    }

    /// Transforms a row of MCUs of one component to the given row of MCUs of its plane.
    pub(super) fn run(
        &self,
        level: Level,
        (component, stored, layout): (usize, &Stored, &Layout),
        smoothing: Option<&Smoothing>,
        (mcu_row, to_row): (u32, usize),
        planes: &mut [Plane],
    ) {
        let first = mcu_row * layout.v;
        let rows = (layout.blocks_down - first.min(layout.blocks_down)).min(layout.v) as usize;
        let quantization = [self.quantization[component]; 2];
        let across = layout.blocks_across as usize;
        for row in 0..rows {
            let block_row = first as usize + row;
            let to = to_row * layout.mcu_rows() as usize + row * layout.size as usize;
            for column in (0..across).step_by(LANES) {
                let place = |half: usize| Place {
                    plane: component,
                    row: to,
                    column: (column + half * UNIT) * layout.size as usize,
                };
                let targets = &mut Targets { planes, places: [Some(place(0)), Some(place(1))] };
                let columns = column..(column + LANES).min(across);
                if let Some(smoothing) = smoothing {
                    let mut completed = [*EMPTY; LANES];
                    for (block, column) in completed.iter_mut().zip(columns) {
                        *block = smoothing.block(stored, layout, (block_row, column), mcu_row);
                    }
                    idct::transform(level, layout.size, &completed.each_ref(), &quantization, targets);
                } else if stored.kept == 1 {
                    let mut firsts = [0; LANES];
                    for (first, column) in firsts.iter_mut().zip(columns) {
                        *first = stored.first(block_row, column);
                    }
                    idct::averages(firsts, [quantization[0][0]; 2], targets);
                } else {
                    let mut blocks = [EMPTY; LANES];
                    for (block, column) in blocks.iter_mut().zip(columns) {
                        *block = stored.block(block_row, column).first_chunk().unwrap_or(EMPTY);
                    }
                    idct::transform(level, layout.size, &blocks, &quantization, targets);
                }
            }
        }
    }
}
