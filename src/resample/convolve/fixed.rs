//! Integer samples: fixed-point weights, sums in 32 bits.

use super::Element;
use crate::error::{Error, LimitError, Result};

/// An integer sample.
pub(super) trait Fixed: Element<Weight = i16, Sum: Into<u32>> + Into<i32> {
    /// Fraction bits of a weight.
    const WEIGHT_BITS: u32;
    /// The nearest sample.
    fn clip(value: i32) -> Self;
    /// The nearest value of an enlarged row.
    fn middle(value: i32) -> Self::Middle;
    /// What [`mean`](Fixed::mean) multiplies by instead of dividing by `count`.
    fn reciprocal(count: u32) -> u32;
    /// Mean of `count` samples, at most [`NARROW_BOX`](super::NARROW_BOX), from their sum.
    fn mean(sum: u32, count: u32, reciprocal: u32) -> Self;
}

impl Fixed for u8 {
    const WEIGHT_BITS: u32 = 12;
    #[inline(always)]
    fn clip(value: i32) -> u8 {
        value.clamp(0, 255) as u8
    }
    #[inline(always)]
    fn middle(value: i32) -> i16 {
        value.clamp(i16::MIN.into(), i16::MAX.into()) as i16
    }
    /// 24 fraction bits, rounded down: an exact half is rounded down unless `count` is a power of two, as in sharp.
    fn reciprocal(count: u32) -> u32 {
        (1 << 24) / count
    }
    #[inline(always)]
    fn mean(sum: u32, count: u32, reciprocal: u32) -> u8 {
        ((sum + count / 2).wrapping_mul(reciprocal) >> 24) as u8
    }
}

impl Fixed for u16 {
    /// As many as sums in 32 bits have room for.
    const WEIGHT_BITS: u32 = 14;
    #[inline(always)]
    fn clip(value: i32) -> u16 {
        value.clamp(0, 65535) as u16
    }
    #[inline(always)]
    fn middle(value: i32) -> i32 {
        value
    }
    /// 32 fraction bits, rounded up: the quotient is exact for sums of 16-bit samples and counts below 256.
    fn reciprocal(count: u32) -> u32 {
        (1_u64 << 32).div_ceil(count.max(2).into()) as u32
    }
    #[inline(always)]
    fn mean(sum: u32, count: u32, reciprocal: u32) -> u16 {
        ((u64::from(sum + count / 2) * u64::from(reciprocal)) >> 32) as u16
    }
}

/// Taps that one step of the vector loops handles.
pub(super) const fn chunk_taps(channels: usize) -> usize {
    match channels {
        1 => 16,
        2 => 8,
        _ => 4,
    }
}

/// For each step 16 weights: pairs of neighbouring taps, each pair repeated for each channel.
pub(super) fn lanes(weights: &[i16], taps: usize, channels: usize) -> Result<Vec<i16>> {
    let steps = taps.div_ceil(chunk_taps(channels));
    let len = weights.len() / taps * steps * 16;
    let mut lanes = Vec::new();
    lanes.try_reserve_exact(len).map_err(|_| Error::from(LimitError::Memory { bytes: 2 * len as u64 }))?;
    for row in weights.chunks_exact(taps) {
        for step in 0..steps {
            for lane in 0..16 {
                let (half, pair, side) = (lane / 8, lane % 8 / 2, lane % 2);
                let tap = match channels {
                    1 => lane,
                    2 => 4 * half + pair / 2 * 2 + side,
                    _ => 2 * half + side,
                };
                let weight = row.get(step * chunk_taps(channels) + tap).copied().unwrap_or(0);
                lanes.push(if channels == 3 && pair == 3 { 0 } else { weight });
            }
        }
    }
    Ok(lanes)
}
