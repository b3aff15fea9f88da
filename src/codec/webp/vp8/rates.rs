//! What coefficients cost in bits, as tables that the kernels look up.

use super::tables::{BAND, CONTEXTS, EXTRA_BITS, NODES, Probabilities};

/// Bits are counted in eighths.
pub(super) const BIT: u32 = 8;

/// Costs at one position of a block, in 1/8 bit, at most 255.
#[derive(Clone, Copy)]
pub(super) struct Position {
    /// Of each level below 16, its sign and that the block goes on included, by context.
    pub(super) level: [[u8; 16]; CONTEXTS],
    /// Of ending the block after each level.
    pub(super) end: [u8; 16],
}

/// Costs of one kind of block.
#[derive(Clone)]
pub(super) struct Rates {
    pub(super) positions: [Position; 16],
    /// Of a block that ends before its first coefficient, by context.
    pub(super) empty: [u8; 16],
}

/// What levels cost beyond that of 15, by sixteenth of the level: about the extra bits of their category.
pub(super) const LARGE_LEVEL: [u8; 16] = [0, 8, 14, 20, 28, 30, 32, 32, 34, 34, 36, 36, 36, 38, 38, 40];

/// Cost of a decision of a probability of `probability` / 256, in 1/256 bit.
pub(super) fn decision(probability: u8, bit: bool) -> u32 {
    let probability = if bit { 256 - u32::from(probability) } else { u32::from(probability) };
    COSTS[probability as usize]
}

/// −256 × log₂(p / 256), without floating point so that it is a constant.
const COSTS: [u32; 257] = {
    let mut costs = [0; 257];
    costs[0] = 8 * 256;
    let mut p = 1;
    while p <= 256 {
        // 2^(8 - cost) = p: the cost is found bit by bit, by squaring.
        let mut integer = 8;
        let mut mantissa = p as u64;
        while mantissa >= 2 {
            mantissa >>= 1;
            integer -= 1;
        }
        // The fraction of log₂ from the mantissa in 1/2³⁰.
        let mut x = ((p as u64) << 30) >> (8 - integer);
        let mut fraction = 0;
        let mut bit = 0;
        while bit < 10 {
            x = (x * x) >> 30;
            fraction <<= 1;
            if x >= 2 << 30 {
                x >>= 1;
                fraction |= 1;
            }
            bit += 1;
        }
        costs[p] = (integer as u32 * 1024 - fraction + 2) / 4;
        p += 1;
    }
    costs
};

impl Rates {
    /// For a kind of block whose coefficients begin at `first`.
    pub(super) fn new(probabilities: &Probabilities, kind: usize, first: usize) -> Self {
        let mut by_band = [Position { level: [[0; 16]; CONTEXTS], end: [0; 16] }; super::tables::BANDS];
        for (band, position) in by_band.iter_mut().enumerate() {
            for (context, levels) in position.level.iter_mut().enumerate() {
                let nodes = &probabilities[kind][band][context];
                // After a zero that a block goes on is not coded, except at its first coefficient.
                let open = context > 0 || band == BAND[first];
                for (level, cost) in levels.iter_mut().enumerate() {
                    let going_on = if open { decision(nodes[0], true) } else { 0 };
                    *cost = eighths(going_on + level_cost(nodes, level));
                }
            }
        }
        let end = |position: usize, context: usize| {
            if position == 16 { 0 } else { eighths(decision(probabilities[kind][BAND[position]][context][0], false)) }
        };
        let positions = std::array::from_fn(|at| {
            let mut position = by_band[BAND[at]];
            position.end = std::array::from_fn(|level| end(at + 1, level.min(2)));
            position
        });
        Self { positions, empty: std::array::from_fn(|context| end(first, context.min(2))) }
    }
}

/// From 1/256 bit.
fn eighths(cost: u32) -> u8 {
    ((cost + 16) / 32).min(255) as u8
}

/// Of a level below 16, in 1/256 bit.
fn level_cost(nodes: &[u8; NODES], level: usize) -> u32 {
    let at = |node: usize, bit: bool| decision(nodes[node], bit);
    let extra = |category: usize, value: usize| {
        let bits = EXTRA_BITS[category];
        let cost = |(at, &probability)| decision(probability, value >> (bits.len() - 1 - at) & 1 == 1);
        bits.iter().enumerate().map(cost).sum::<u32>()
    };
    let magnitude = match level {
        0 => return at(1, false),
        1 => at(2, false),
        2 => at(2, true) + at(3, false) + at(4, false),
        3 | 4 => at(2, true) + at(3, false) + at(4, true) + at(5, level == 4),
        5 | 6 => at(2, true) + at(3, true) + at(6, false) + at(7, false) + extra(0, level - 5),
        7..=10 => at(2, true) + at(3, true) + at(6, false) + at(7, true) + extra(1, level - 7),
        _ => at(2, true) + at(3, true) + at(6, true) + at(8, false) + at(9, false) + extra(2, level - 11),
    };
    // The sign is a bit.
    at(1, true) + magnitude + 256
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_logarithms() {
        for (p, &cost) in COSTS.iter().enumerate().take(257).skip(1) {
            let expected = -256.0 * (p as f64 / 256.0).log2();
            assert!((f64::from(cost) - expected).abs() < 1.5, "{p}: {cost} {expected}");
        }
    }
}
