//! Samples of one or more rows of MCUs, as the inverse DCT gives them, and how blocks that are decoded together become
//! groups that are transformed together.

use super::{
    fast::{GROUP, LANES, PLAN, ROOM},
    frame::Layout,
    idct::{self, Place, Targets},
    plane::{Plane, UNIT},
    segments::Quantization,
};
use crate::simd::Level;

/// A quantization table for all blocks of a group; the two halves may have different ones.
fn spread(halves: [&Quantization; 2]) -> Box<[i16; GROUP]> {
    let mut all = Box::new([0; GROUP]);
    for (position, lanes) in all.chunks_exact_mut(LANES).enumerate() {
        for (half, lanes) in lanes.chunks_exact_mut(UNIT).enumerate() {
            lanes.fill(halves[half][position] as i16);
        }
    }
    all
}

/// The quantization table of one component for a group.
pub(super) fn spread_one(table: &Quantization) -> Box<[i16; GROUP]> {
    spread([table, table])
}

/// Eight blocks of a batch that are neighbours.
#[derive(Debug, Clone, Copy)]
struct Unit {
    component: usize,
    /// Which row of blocks in the MCU.
    row: usize,
    /// Blocks of the batch before these.
    before: usize,
}

/// Two units that are transformed together.
struct Pair {
    units: [Option<Unit>; 2],
    size: u32,
    quantization: Box<[i16; GROUP]>,
}

/// How the blocks of some MCUs that follow each other lie in groups.
pub(super) struct Batch {
    /// MCUs in a batch.
    pub(super) mcus: usize,
    /// Where the first coefficient of each block goes, in the order of decoding.
    pub(super) bases: Vec<u32>,
    pairs: Vec<Pair>,
    /// For each component blocks across in an MCU.
    across: Vec<usize>,
}

impl Batch {
    /// `shape`: for each component, in the order of the scan, which one it is, and blocks across and down in an MCU.
    pub(super) fn new(shape: &[(usize, usize, usize)], layouts: &[Layout], tables: &[Quantization]) -> Self {
        let blocks: usize = shape.iter().map(|&(_, across, down)| across * down).sum();
        // Whole pairs, as far as an even number can make them.
        let mcus = if blocks.is_multiple_of(2) { UNIT } else { 2 * UNIT };
        let mut units = Vec::new();
        for &(component, across, down) in shape {
            for row in 0..down {
                units.extend((0..mcus * across).step_by(UNIT).map(|before| Unit { component, row, before }));
            }
        }
        let mut pairs: Vec<Pair> = Vec::new();
        for unit in units {
            let (size, table) = (layouts[unit.component].size, &tables[unit.component]);
            match pairs.last_mut() {
                Some(Pair { units: [Some(first), second @ None], size: same, quantization }) if *same == size => {
                    *quantization = spread([&tables[first.component], table]);
                    *second = Some(unit);
                }
                _ => pairs.push(Pair { units: [Some(unit), None], size, quantization: spread_one(table) }),
            }
        }
        let mut bases = Vec::new();
        for mcu in 0..mcus {
            for &(component, across, down) in shape {
                for (row, column) in (0..down).flat_map(|row| (0..across).map(move |column| (row, column))) {
                    let block = mcu * across + column;
                    let is_there = |unit: &Option<Unit>| {
                        unit.is_some_and(|unit| {
                            unit.component == component && unit.row == row && unit.before == block / UNIT * UNIT
                        })
                    };
                    let mut halves = pairs.iter().flat_map(|pair| &pair.units);
                    let half = halves.position(is_there).unwrap_or(0);
                    bases.push((half / 2 * GROUP + half % 2 * UNIT + block % UNIT) as u32);
                }
            }
        }
        debug_assert!(bases.len() < PLAN && pairs.len() * GROUP <= ROOM);
        let mut across = vec![0; layouts.len()];
        shape.iter().for_each(|&(component, blocks, _)| across[component] = blocks);
        Self { mcus, bases, pairs, across }
    }

    /// Transforms the blocks of the batch that begins at an MCU, to the planes' given row of MCUs of all components, and the
    /// given row of MCUs of the scan within it, and clears them.
    pub(super) fn transform(
        &self,
        level: Level,
        coefficients: &mut [i16; ROOM],
        (mcu, (to_row, within)): (usize, (usize, usize)),
        layouts: &[Layout],
        planes: &mut [Plane],
    ) {
        for (pair, group) in self.pairs.iter().zip(coefficients.as_chunks_mut::<GROUP>().0) {
            let place = |unit: Unit| {
                let layout = &layouts[unit.component];
                let row = to_row * layout.mcu_rows() as usize + (within + unit.row) * layout.size as usize;
                let block = mcu * self.across[unit.component] + unit.before;
                Place { plane: unit.component, row, column: block * layout.size as usize }
            };
            let places = pair.units.map(|unit| unit.map(place));
            idct::transform(level, pair.size, group, &pair.quantization, &mut Targets { planes, places });
            group.fill(0);
        }
    }

    /// Clears a batch.
    pub(super) fn clear(&self, coefficients: &mut [i16; ROOM]) {
        coefficients[..self.pairs.len() * GROUP].fill(0);
    }
}
