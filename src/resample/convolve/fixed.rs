//! Integer samples: fixed-point weights, sums in 32 bits.

#[cfg(target_arch = "x86_64")]
use super::avx2;
#[cfg(vectors)]
use super::vector;
use super::{Element, RowTaps, Window, scalar};
use crate::{
    error::{Error, LimitError, Result},
    simd::Level,
};

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

/// 8-bit weights are cut off, as in sharp: what is lost is less than the rounding of the result.
fn quantise_u8(weights: &[f64]) -> Vec<i16> {
    weights.iter().map(|weight| (weight * f64::from(1 << u8::WEIGHT_BITS)) as i16).collect()
}

/// 16-bit weights are rounded and their sum is kept at 1, so that white stays white.
fn quantise_u16(weights: &[f64]) -> Vec<i16> {
    let one = 1 << u16::WEIGHT_BITS;
    let mut fixed: Vec<i16> = weights.iter().map(|weight| (weight * f64::from(one)).round() as i16).collect();
    let missing = one - fixed.iter().copied().map(i32::from).sum::<i32>();
    if let Some(largest) = fixed.iter_mut().max() {
        *largest += missing as i16;
    }
    fixed
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

macro_rules! fixed_point {
    ($sample:ty, $sum:ty, $middle:ty, $fraction:literal, $quantise:ident) => {
        impl Element for $sample {
            type Weight = i16;
            type Sum = $sum;
            type Wide = u64;
            type Middle = $middle;
            const UNIT: i16 = 1;
            const KEPT_FRACTION: u32 = $fraction;

            fn quantise(weights: &[f64]) -> Vec<i16> {
                $quantise(weights)
            }

            fn lanes(weights: &[i16], taps: usize, channels: usize) -> Result<Vec<i16>> {
                lanes(weights, taps, channels)
            }

            fn pair(level: Level, upper: &[Self], lower: &[Self], slot: &mut [Self]) {
                match level {
                    Level::Scalar | Level::Vector => scalar::pair(upper, lower, slot),
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx2(avx2) => avx2::pair(avx2, upper, lower, slot),
                }
            }

            fn columns(level: Level, window: &Window<'_, Self>, weights: &[i16], out: &mut [Self]) {
                match level {
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx2(avx2) => avx2::columns(avx2, window, weights, Self::WEIGHT_BITS, out),
                    #[cfg(vectors)]
                    Level::Vector => vector::columns(window, weights, Self::WEIGHT_BITS, out),
                    _ => scalar::columns(window, weights, Self::WEIGHT_BITS, 0, out),
                }
            }

            fn row(level: Level, row: &[Self], taps: &RowTaps<i16>, out: &mut [Self]) {
                match level {
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx2(avx2) if taps.channels <= 4 => avx2::row(avx2, row, taps, out),
                    #[cfg(vectors)]
                    Level::Vector if taps.channels <= 4 => vector::row(row, taps, out),
                    _ => scalar::row(row, taps, out),
                }
            }

            fn row_to_middle(level: Level, row: &[Self], taps: &RowTaps<i16>, fraction: u32, out: &mut [Self::Middle]) {
                match level {
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx2(avx2) if taps.channels <= 4 => avx2::row_to_middle(avx2, row, taps, fraction, out),
                    #[cfg(vectors)]
                    Level::Vector if taps.channels <= 4 => vector::row_to_middle(row, taps, fraction, out),
                    _ => scalar::row_to_middle(row, taps, fraction, out),
                }
            }

            fn pair_middle(level: Level, upper: &[Self::Middle], lower: &[Self::Middle], slot: &mut [Self::Middle]) {
                match level {
                    Level::Scalar | Level::Vector => scalar::pair(upper, lower, slot),
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx2(avx2) => avx2::pair(avx2, upper, lower, slot),
                }
            }

            fn columns_of_middle(
                level: Level,
                window: &Window<'_, Self::Middle>,
                weights: &[i16],
                fraction: u32,
                out: &mut [Self],
            ) {
                let bits = Self::WEIGHT_BITS + fraction;
                match level {
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx2(avx2) => avx2::columns(avx2, window, weights, bits, out),
                    #[cfg(vectors)]
                    Level::Vector => vector::columns(window, weights, bits, out),
                    _ => scalar::columns(window, weights, bits, 0, out),
                }
            }

            fn add_row(level: Level, sums: &mut [Self::Sum], row: &[Self]) {
                match level {
                    Level::Scalar | Level::Vector => {
                        sums.iter_mut().zip(row).for_each(|(sum, &sample)| *sum += Self::Sum::from(sample))
                    }
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx2(avx2) => avx2::add_row(avx2, sums, row),
                }
            }

            fn widen(sums: &mut [Self::Sum], wide: &mut [u64]) {
                for (wide, sum) in wide.iter_mut().zip(sums) {
                    *wide += u64::from(std::mem::take(sum));
                }
            }

            fn means(level: Level, sums: &[Self::Sum], count: u32, out: &mut [Self]) {
                match level {
                    Level::Scalar | Level::Vector => scalar::means(sums, count, out),
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx2(avx2) => avx2::means(avx2, sums, count, out),
                }
            }

            fn wide_means(sums: &[u64], count: u32, out: &mut [Self]) {
                for (out, sum) in out.iter_mut().zip(sums) {
                    *out = ((sum + u64::from(count / 2)) / u64::from(count)) as Self;
                }
            }

            fn row_means(level: Level, row: &[Self], taps: &RowTaps<i16>, out: &mut [Self]) {
                match level {
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx2(avx2) if taps.channels <= 4 && taps.taps <= super::NARROW_BOX as usize => {
                        avx2::row_means(avx2, row, taps, out);
                    }
                    #[cfg(vectors)]
                    Level::Vector if taps.channels <= 4 && taps.taps <= super::NARROW_BOX as usize => {
                        vector::row_means(row, taps, out);
                    }
                    _ => scalar::row_means(row, taps, out),
                }
            }
        }
    };
}
fixed_point!(u8, u16, i16, 6, quantise_u8);
fixed_point!(u16, u32, i32, 0, quantise_u16);
