//! Bilinear interpolation of 16-bit images of three channels, in single precision.
#![allow(unsafe_code)] // Intrinsics, and calls of functions compiled for what the level says is there.

use super::{
    Bilinear, Interpolate, Lanes,
    place::{Place, Run},
};
use crate::simd::Level;

const CHANNELS: usize = 3;

/// Added before fractions are cut off.
const ROUNDING: f32 = 0.5;

/// Writes the pixels of a run through an image whose rows are `stride` samples apart.
pub(crate) fn opaque(level: Level, from: &[u16], stride: usize, run: Run, row: &mut [[u16; CHANNELS]]) {
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level is only made on a processor that has AVX2.
        Level::Avx2(_) => unsafe { avx2::opaque(from, stride, run, row) },
        _ => run.each(row, |x, y| pixel(from, stride, x, y)),
    }
}

#[inline(always)]
fn pixel(from: &[u16], stride: usize, x: Place, y: Place) -> [u16; CHANNELS] {
    let first = x.pixel() * CHANNELS + stride * y.pixel();
    let (above, below) = (&from[first..][..2 * CHANNELS], &from[first + stride..][..2 * CHANNELS]);
    let lanes = |samples: &[u16]| Lanes([samples[0].into(), samples[1].into(), samples[2].into(), 0.0]);
    let stencil = [lanes(above), lanes(&above[CHANNELS..]), lanes(below), lanes(&below[CHANNELS..])];
    let value = Bilinear::value(&stencil, x.part(), y.part());
    let codes = (value + Lanes([ROUNDING; 4])).codes::<65535>();
    std::array::from_fn(|channel| codes[channel] as u16)
}

/// A pixel at a time: the row above in the lower half of a vector, the one below in the upper.
#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::*;

    use super::{CHANNELS, ROUNDING, Run, pixel};
    use crate::simd::prefetch;

    /// Samples of a load, of which those of two pixels count.
    const LOADED: usize = 8;

    /// Samples of the left pixel as integers of 32 bits, and of the right one.
    const LEFT: [i8; 16] = [0, 1, -1, -1, 2, 3, -1, -1, 4, 5, -1, -1, -1, -1, -1, -1];
    const RIGHT: [i8; 16] = [6, 7, -1, -1, 8, 9, -1, -1, 10, 11, -1, -1, -1, -1, -1, -1];

    #[target_feature(enable = "avx2")]
    pub(super) fn opaque(from: &[u16], stride: usize, run: Run, row: &mut [[u16; CHANNELS]]) {
        let order = |bytes: &[i8; 16]| {
            // SAFETY: the array has 16 bytes.
            _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) })
        };
        let (left, right) = (order(&LEFT), order(&RIGHT));
        let rounding = _mm_set1_ps(ROUNDING);
        let ahead = run.ahead(CHANNELS, stride);
        run.each(row, |x, y| {
            let first = x.pixel() * CHANNELS + stride * y.pixel();
            let rows = (from.get(first..first + LOADED), from.get(first + stride..first + stride + LOADED));
            let (Some(above), Some(below)) = rows else { return pixel(from, stride, x, y) };
            prefetch(from, (first + stride).wrapping_add(ahead));
            // SAFETY: the slices have as many bytes as the vectors.
            let [above, below] = [above, below].map(|row| unsafe { _mm_loadu_si128(row.as_ptr().cast()) });
            let both = _mm256_set_m128i(below, above);
            let samples = |order| _mm256_cvtepi32_ps(_mm256_shuffle_epi8(both, order));
            let (a, b) = (samples(left), samples(right));
            let across = _mm256_mul_ps(_mm256_sub_ps(b, a), _mm256_set1_ps(x.part()));
            let across = _mm256_add_ps(a, across);
            let (above, below) = (_mm256_castps256_ps128(across), _mm256_extractf128_ps::<1>(across));
            let value = _mm_add_ps(above, _mm_mul_ps(_mm_sub_ps(below, above), _mm_set1_ps(y.part())));
            // From 0 to 65535 and a half, since it lies between samples.
            let codes = _mm_cvttps_epi32(_mm_add_ps(value, rounding));
            let words = _mm_cvtsi128_si64(_mm_packus_epi32(codes, codes));
            [words as u16, (words >> 16) as u16, (words >> 32) as u16]
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_agree_to_the_last_pixel() {
        const PIXEL: u64 = 1 << 32;
        const WIDTH: usize = 23;
        let noise: Vec<u16> =
            (0..WIDTH * 9 * CHANNELS).map(|at| ((at as u32).wrapping_mul(2_654_435_761) >> 15) as u16).collect();
        let extremes: Vec<u16> = noise.iter().map(|&sample| if sample < 1 << 15 { 0 } else { u16::MAX }).collect();
        for samples in [noise, extremes, vec![u16::MAX; WIDTH * 9 * CHANNELS]] {
            // The second run ends at the last pixels that there are.
            for (y, down) in [(PIXEL / 3, PIXEL / 9), (7 * PIXEL + 5, 0)] {
                let run = Run { x: Place(PIXEL / 7), y: Place(y), step_x: PIXEL as i64 - 3, step_y: down as i64 };
                let [scalar, vector, best] = Level::all().map(|level| {
                    let mut row = vec![[0; CHANNELS]; WIDTH - 1];
                    opaque(level, &samples, WIDTH * CHANNELS, run, &mut row);
                    row
                });
                assert!(scalar == vector && scalar == best);
                let is_flat = |samples: &[u16]| samples.iter().all(|&sample| sample == u16::MAX);
                assert_eq!(is_flat(scalar.as_flattened()), is_flat(&samples));
            }
        }
    }
}
