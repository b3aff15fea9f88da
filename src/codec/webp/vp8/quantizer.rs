//! Quantiser steps of a segment, and what the kernels derive from them. Source: RFC 6386, section 9.6.

use super::tables::{AC_STEP, DC_STEP};

/// How the coefficients of one kind of block are quantised, each in the order of the stream.
#[derive(Clone)]
pub(super) struct Quantizer {
    pub(super) step: [i16; 16],
    /// 2¹⁶ / step; unsigned.
    pub(super) inverse: [i16; 16],
    /// Added before the division: a value is rounded up when what it lacks is less than this.
    pub(super) bias: [i16; 16],
    /// What an error is multiplied by, after a shift, to be in units of 1/32 of the luma step; unsigned.
    pub(super) weight: [i16; 16],
}

/// The quantisers of a segment.
#[derive(Clone)]
pub(super) struct Quantizers {
    pub(super) luma: Quantizer,
    pub(super) second_order: Quantizer,
    pub(super) chroma: Quantizer,
}

/// Bits by which errors are shifted before they are weighted: as many as the largest error leaves.
pub(super) const ERROR_SHIFT: i32 = 4;
/// The same for second-order coefficients, which are up to eight times as large.
pub(super) const SECOND_ORDER_ERROR_SHIFT: i32 = 2;

/// Numbers that were found by trying, see the measurements in the module's tests and bench.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tuning {
    /// Rounding bias of coefficients after the first, in 1/256 of a step.
    pub(super) bias: u32,
    /// Rounding bias of first coefficients.
    pub(super) bias_dc: u32,
    /// How much less an error counts for each step of frequency, horizontal and vertical, in 1/256.
    pub(super) fall: u32,
    /// Weight of an error in chroma, in 1/256.
    pub(super) chroma_weight: u32,
}

/// Horizontal plus vertical frequency of each coefficient in the order of the stream.
const FREQUENCY: [u32; 16] = [0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 6];

impl Quantizer {
    /// `unit` is the step that distortion is measured in, `fraction` the weight of an error of 1 in 1/256.
    fn new(dc: u16, ac: u16, unit: u16, shift: i32, fraction: u32, fall: u32, tuning: &Tuning) -> Self {
        let step: [u32; 16] = std::array::from_fn(|at| u32::from(if at == 0 { dc } else { ac }));
        let weight = |at: usize| {
            let kept = (0..FREQUENCY[at]).fold(fraction << 8, |kept, _| kept * (256 - fall) / 256);
            // 2¹⁶ × 32 / (2^shift × unit), by the weight.
            ((u64::from(kept) << (16 + 5 - shift)) / (u64::from(unit) << 16)).min(0xffff) as u16 as i16
        };
        Self {
            step: step.map(|step| step as i16),
            inverse: step.map(|step| ((1_u32 << 16) / step) as u16 as i16),
            bias: std::array::from_fn(|at| {
                let bias = if at == 0 { tuning.bias_dc } else { tuning.bias };
                (step[at] * bias / 256) as i16
            }),
            weight: std::array::from_fn(weight),
        }
    }
}

impl Quantizers {
    /// Of a quantiser index of 0 to 127.
    pub(super) fn new(index: u8, tuning: &Tuning) -> Self {
        let (dc, ac) = (DC_STEP[usize::from(index)], AC_STEP[usize::from(index)]);
        // Chroma's first coefficients have an upper limit.
        let chroma_dc = DC_STEP[usize::from(index.min(117))];
        let second_ac = (u32::from(ac) * 155 / 100).max(8) as u16;
        Self {
            luma: Quantizer::new(dc, ac, ac, ERROR_SHIFT, 256, tuning.fall, tuning),
            // An error of 2 in a second-order coefficient is as much as an error of 1 in the coefficients it stands for.
            second_order: Quantizer::new(dc * 2, second_ac, ac, SECOND_ORDER_ERROR_SHIFT, 128, 0, tuning),
            chroma: Quantizer::new(chroma_dc, ac, ac, ERROR_SHIFT, tuning.chroma_weight, tuning.fall, tuning),
        }
    }
}

/// Step of a quantiser index, in 1/256.
pub(super) fn step_of_index(index: u8) -> u32 {
    u32::from(AC_STEP[usize::from(index)]) << 8
}

/// The index whose step is nearest to one in 1/256.
pub(super) fn index_of_step(step: u32) -> u8 {
    let above = AC_STEP.partition_point(|&of| u32::from(of) << 8 < step).min(127);
    let below = above.saturating_sub(1);
    let distance = |index: usize| (u32::from(AC_STEP[index]) << 8).abs_diff(step);
    (if distance(below) < distance(above) { below } else { above }) as u8
}
