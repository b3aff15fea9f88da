//! Estimates of coefficients that a progressive file does not have yet, from the mean values of the blocks around, so that
//! an incomplete file shows gradients in place of squares. Source: ITU-T T.81, K.8, on a window of 5 × 5 blocks; the weights
//! are those of libjpeg-turbo.

use super::{
    frame::{Frame, Layout},
    progressive::Known,
    segments::Quantization,
    stored::Stored,
};

/// Where the coefficients that are estimated are in rows of eight: the first nine in order of frequency, after the mean.
const ESTIMATED: [usize; 9] = [1, 8, 16, 9, 2, 3, 10, 17, 24];

/// Of a window of 5 × 5 blocks.
type Weights = [i64; 25];

/// For the first coefficient, when no other is known at all.
const MEAN: Weights = [
    -2, -6, -8, -6, -2, //
    -6, 6, 42, 6, -6, //
    -8, 42, 152, 42, -8, //
    -6, 6, 42, 6, -6, //
    -2, -6, -8, -6, -2,
];

/// For each of [`ESTIMATED`] when no coefficient but the first is known.
const COARSE: [Weights; 9] = [
    [
        -1, -1, 0, 1, 1, //
        -3, 13, 0, -13, 3, //
        -3, 38, 0, -38, 3, //
        -3, 13, 0, -13, 3, //
        -1, -1, 0, 1, 1,
    ],
    [
        -1, -3, -3, -3, -1, //
        -1, 13, 38, 13, -1, //
        0, 0, 0, 0, 0, //
        1, -13, -38, -13, 1, //
        1, 3, 3, 3, 1,
    ],
    [
        0, 0, 1, 0, 0, //
        0, 2, 7, 2, 0, //
        0, -5, -14, -5, 0, //
        0, 2, 7, 2, 0, //
        0, 0, 1, 0, 0,
    ],
    [
        -1, 0, 0, 0, 1, //
        0, 9, 0, -9, 0, //
        0, 0, 0, 0, 0, //
        0, -9, 0, 9, 0, //
        1, 0, 0, 0, -1,
    ],
    [
        0, 0, 0, 0, 0, //
        0, 2, -5, 2, 0, //
        1, 7, -14, 7, 1, //
        0, 2, -5, 2, 0, //
        0, 0, 0, 0, 0,
    ],
    [
        0, 0, 0, 0, 0, //
        0, 1, 0, -1, 0, //
        0, 2, 0, -2, 0, //
        0, 1, 0, -1, 0, //
        0, 0, 0, 0, 0,
    ],
    [
        0, 0, 0, 0, 0, //
        0, 1, -3, 1, 0, //
        0, 0, 0, 0, 0, //
        0, -1, 3, -1, 0, //
        0, 0, 0, 0, 0,
    ],
    [
        0, 0, 0, 0, 0, //
        0, 1, 0, -1, 0, //
        0, -3, 0, 3, 0, //
        0, 1, 0, -1, 0, //
        0, 0, 0, 0, 0,
    ],
    [
        0, 0, 0, 0, 0, //
        0, 1, 2, 1, 0, //
        0, 0, 0, 0, 0, //
        0, -1, -2, -1, 0, //
        0, 0, 0, 0, 0,
    ],
];

/// For the first five of [`ESTIMATED`] otherwise.
const FINE: [Weights; 5] = [
    [
        0, 0, 0, 0, 0, //
        0, 0, 0, 0, 0, //
        -7, 50, 0, -50, 7, //
        0, 0, 0, 0, 0, //
        0, 0, 0, 0, 0,
    ],
    [
        0, 0, -7, 0, 0, //
        0, 0, 50, 0, 0, //
        0, 0, 0, 0, 0, //
        0, 0, -50, 0, 0, //
        0, 0, 7, 0, 0,
    ],
    [
        0, 0, -1, 0, 0, //
        0, 0, 13, 0, 0, //
        0, 0, -24, 0, 0, //
        0, 0, 13, 0, 0, //
        0, 0, -1, 0, 0,
    ],
    [
        0, -1, 0, 1, 0, //
        -1, 10, 0, -10, 1, //
        0, 0, 0, 0, 0, //
        1, -10, 0, 10, -1, //
        0, 1, 0, -1, 0,
    ],
    [
        0, 0, 0, 0, 0, //
        0, 0, 0, 0, 0, //
        -1, 13, -24, 13, -1, //
        0, 0, 0, 0, 0, //
        0, 0, 0, 0, 0,
    ],
];

/// How the blocks of one component are completed.
pub(super) struct Smoothing {
    /// Bits missing from the first ten coefficients in order of frequency, −1 when nothing is known, at the end, and before
    /// the latest scan.
    now: [i8; 10],
    before: [i8; 10],
    /// The last row of MCUs that the latest scan has data for.
    last_good: u32,
    quantization: Quantization,
    mcu_rows: u32,
}

impl Smoothing {
    /// For each component how it is completed, or `None` when there is nothing to complete, or not enough to do it with.
    /// `tables`: where they are known.
    pub(super) fn new(
        frame: &Frame,
        known: &[Known],
        tables: &[Option<Quantization>],
        scans: u64,
        last_good: u32,
    ) -> Option<Vec<Self>> {
        let mut all = Vec::new();
        let mut useful = false;
        for (known, table) in known.iter().zip(tables) {
            let quantization = (*table)?;
            let is_zero = |&position: &usize| quantization[position] == 0;
            if known.now[0] < 0 || quantization[0] == 0 || ESTIMATED.iter().any(is_zero) {
                return None;
            }
            let mut smoothing =
                Self { now: [0; 10], before: [-1; 10], last_good, quantization, mcu_rows: frame.mcu_rows() };
            smoothing.now.copy_from_slice(&known.now[..10]);
            if scans > 1 {
                smoothing.before.copy_from_slice(&known.before[..10]);
            }
            useful |= smoothing.now[1..].iter().any(|&missing| missing != 0);
            all.push(smoothing);
        }
        useful.then_some(all)
    }

    /// A block at a row and column, completed, in order of frequency.
    pub(super) fn block(
        &self,
        stored: &Stored,
        layout: &Layout,
        (row, column): (usize, usize),
        mcu_row: u32,
    ) -> [i16; 64] {
        let mut block = [0; 64];
        let kept = stored.block(row, column);
        block[..kept.len()].copy_from_slice(kept);
        let missing = if mcu_row > self.last_good { &self.before } else { &self.now };
        let coarse = missing[1..].iter().all(|&missing| missing == -1);
        let window = self.window(stored, layout, (row, column), mcu_row);
        let sum = |weights: &Weights| -> i64 {
            let sum: i64 = weights.iter().zip(&window).map(|(weight, &first)| weight * i64::from(first)).sum();
            sum * i64::from(self.quantization[0])
        };
        let weights: &[Weights] = if coarse { &COARSE } else { &FINE };
        for (at, (weights, position)) in weights.iter().zip(ESTIMATED).enumerate() {
            let (coefficient, missing) = (&mut block[at + 1], missing[at + 1]);
            if missing != 0 && *coefficient == 0 {
                let estimate = rounded(sum(weights), self.quantization[position]);
                let most = if missing > 0 { (1 << missing) - 1 } else { i32::MAX };
                *coefficient = estimate.clamp(-most, most) as i16;
            }
        }
        if coarse {
            block[0] = rounded(sum(&MEAN), self.quantization[0]) as i16;
        }
        block
    }

    /// The first coefficients of the blocks around; at the edges the nearest there are.
    fn window(&self, stored: &Stored, layout: &Layout, (row, column): (usize, usize), mcu_row: u32) -> [i16; 25] {
        // libjpeg-turbo counts rows of blocks as if all rows of MCUs had as many as this one.
        let is_last = mcu_row + 1 == self.mcu_rows;
        let rest = layout.blocks_down % layout.v;
        let block_rows = if is_last && rest > 0 { rest } else { layout.v } as usize;
        let within = row - mcu_row as usize * layout.v as usize;
        let counted = mcu_row as usize * block_rows + within;
        let total = self.mcu_rows as usize * block_rows;
        let above = |by: usize| if counted >= by { by } else { counted };
        let below = |by: usize| by.min(total - 1 - counted);
        let rows = [row - above(2), row - above(1), row, row + below(1), row + below(2)];
        let last = layout.blocks_across as usize - 1;
        let columns = [column.saturating_sub(2), column.saturating_sub(1), column, column + 1, column + 2];
        std::array::from_fn(|at| stored.first(rows[at / 5], columns[at % 5].min(last)))
    }
}

/// A weighted sum, in 256ths, as a multiple of the quantum.
fn rounded(sum: i64, quantum: u16) -> i32 {
    let quantum = i64::from(quantum);
    let estimate = ((quantum << 7) + sum.abs()) / (quantum << 8);
    if sum < 0 { -(estimate as i32) } else { estimate as i32 }
}
