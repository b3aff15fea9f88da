//! Samples of one or more rows of MCUs, as the inverse DCT gives them, and how blocks that are decoded together become
//! groups that are transformed together.

use super::{
    fast::{LANES, PLAN, Room},
    frame::Layout,
    idct::{self, Place, Targets},
    plane::{Plane, UNIT},
    segments::Quantization,
};
use crate::{codec::jpeg::huffman::NATURAL, simd::Level};

/// The place of a block that no batch has, and which is 0 always.
const NO_BLOCK: u8 = (PLAN - 1) as u8;

/// A quantization table in order of frequency.
pub(super) fn by_frequency(table: &Quantization) -> [i16; 64] {
    NATURAL.map(|position| table[usize::from(position)] as i16)
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
    /// For each unit, in order of frequency.
    quantization: [[i16; 64]; 2],
    /// For each block of the units its place in the order of decoding.
    blocks: [u8; LANES],
}

/// How the blocks of some MCUs that follow each other lie in groups.
pub(super) struct Batch {
    /// MCUs in a batch.
    pub(super) mcus: usize,
    /// Blocks in a batch.
    pub(super) blocks: usize,
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
            let (size, table) = (layouts[unit.component].size, by_frequency(&tables[unit.component]));
            match pairs.last_mut() {
                Some(Pair { units: [Some(_), second @ None], size: same, quantization, .. }) if *same == size => {
                    quantization[1] = table;
                    *second = Some(unit);
                }
                _ => {
                    let (units, blocks) = ([Some(unit), None], [NO_BLOCK; LANES]);
                    pairs.push(Pair { units, size, quantization: [table; 2], blocks });
                }
            }
        }
        let mut order = 0..=NO_BLOCK;
        for mcu in 0..mcus {
            for &(component, across, down) in shape {
                for (row, column) in (0..down).flat_map(|row| (0..across).map(move |column| (row, column))) {
                    let block = mcu * across + column;
                    let is_there = |unit: &Option<Unit>| {
                        unit.is_some_and(|unit| {
                            unit.component == component && unit.row == row && unit.before == block / UNIT * UNIT
                        })
                    };
                    for pair in &mut pairs {
                        if let Some(half) = pair.units.iter().position(is_there) {
                            pair.blocks[half * UNIT + block % UNIT] = order.next().unwrap_or(NO_BLOCK);
                        }
                    }
                }
            }
        }
        let mut across = vec![0; layouts.len()];
        shape.iter().for_each(|&(component, blocks, _)| across[component] = blocks);
        Self { mcus, blocks: blocks * mcus, pairs, across }
    }

    /// Transforms the blocks of the batch that begins at an MCU, to the planes' given row of MCUs of all components, and the
    /// given row of MCUs of the scan within it, and clears them.
    pub(super) fn transform(
        &self,
        level: Level,
        room: &mut Room,
        (mcu, (to_row, within)): (usize, (usize, usize)),
        layouts: &[Layout],
        planes: &mut [Plane],
    ) {
        for pair in &self.pairs {
            let place = |unit: Unit| {
                let layout = &layouts[unit.component];
                let row = to_row * layout.mcu_rows() as usize + (within + unit.row) * layout.size as usize;
                let block = mcu * self.across[unit.component] + unit.before;
                Place { plane: unit.component, row, column: block * layout.size as usize }
            };
            let places = pair.units.map(|unit| unit.map(place));
            let mut blocks = [room.block(NO_BLOCK.into()); LANES];
            for (block, &number) in blocks.iter_mut().zip(&pair.blocks) {
                *block = room.block(number.into());
            }
            idct::transform(level, pair.size, &blocks, &pair.quantization, &mut Targets { planes, places });
        }
        self.clear(level, room);
    }

    /// Clears a batch.
    pub(super) fn clear(&self, level: Level, room: &mut Room) {
        room.clear(level, 0..self.blocks);
    }
}
