//! From the stored coefficients of a row of MCUs to samples.

use super::{
    fast::{GROUP, LANES},
    frame::Layout,
    idct::{self, Place, Targets},
    plane::{Plane, UNIT},
    planes::spread_one,
    segments::Quantization,
    smooth::Smoothing,
    stored::Stored,
    tables::POSITIONS,
};
use crate::simd::Level;

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
