//! From the stored coefficients of a row of MCUs to samples.

use super::{
    fast::LANES,
    frame::Layout,
    idct::{self, Place, Targets},
    plane::{Plane, UNIT},
    planes::by_frequency,
    segments::Quantization,
    smooth::Smoothing,
    stored::Stored,
};
use crate::simd::Level;

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
