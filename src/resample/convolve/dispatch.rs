//! The one place where the loops for integer samples are picked by vector level.

#[cfg(target_arch = "x86_64")]
use super::avx2;
#[cfg(vectors)]
use super::vector;
use super::{
    Element, RowTaps, Window,
    fixed::{Fixed, lanes},
    scalar,
};
use crate::{error::Result, simd::Level};

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
