//! AVX2 loops for integer samples: pairs of taps are multiplied and added in 32 bits by one instruction.
#![allow(unsafe_code)] // Vector loads and stores through pointers; every loop states why they stay inside its slices.

use std::arch::x86_64::*;

use super::{NARROW_BOX, READ_AHEAD, RowTaps, Window, fixed::Fixed, fixed::chunk_taps, scalar};
use crate::resample::level::Avx2;

/// A sample that these loops can load as 16-bit integers.
pub(super) trait Lanes: Fixed<Middle: Narrow> + Narrow {
    /// What was taken off each sample to fit it into 16 signed bits.
    const BIAS: i32;

    /// 16 integers for one step along a row, ordered as the weights made by `lanes`.
    ///
    /// # Safety
    /// `READ_AHEAD` samples at `at` are readable; the processor has AVX2.
    unsafe fn load_step<const CHANNELS: usize>(at: *const Self) -> __m256i;
}

/// An integer that can be summed down columns, and that a vector of four sums can be rounded to.
pub(super) trait Narrow: Copy + Into<i32> {
    /// Samples that one step down the columns handles; 0 when the scalar loop is as good.
    const STEP: usize;
    /// What was taken off each sample to fit it into 16 signed bits.
    const COLUMN_BIAS: i32;

    /// The samples of two rows as interleaved 16-bit integers, `STEP` pairs.
    ///
    /// # Safety
    /// `STEP` samples at `a` and at `b` are readable; the processor has AVX2.
    unsafe fn load_pairs(a: *const Self, b: *const Self) -> [__m256i; 4];

    /// Stores four sums, clipped.
    ///
    /// # Safety
    /// Four samples at `to` are writable; the processor has AVX2.
    unsafe fn store_four(to: *mut Self, sums: __m128i);
}

/// Byte shuffles that put the samples of one half of a vector into pairs of neighbouring taps; `Z` gives zero.
const Z: i8 = -1;
#[rustfmt::skip]
const BYTE_PAIRS: [[i8; 32]; 4] = [
    [0, Z, 1, Z, 2, Z, 3, Z, 4, Z, 5, Z, 6, Z, 7, Z, 8, Z, 9, Z, 10, Z, 11, Z, 12, Z, 13, Z, 14, Z, 15, Z],
    [0, Z, 2, Z, 1, Z, 3, Z, 4, Z, 6, Z, 5, Z, 7, Z, 8, Z, 10, Z, 9, Z, 11, Z, 12, Z, 14, Z, 13, Z, 15, Z],
    [0, Z, 3, Z, 1, Z, 4, Z, 2, Z, 5, Z, Z, Z, Z, Z, 6, Z, 9, Z, 7, Z, 10, Z, 8, Z, 11, Z, Z, Z, Z, Z],
    [0, Z, 4, Z, 1, Z, 5, Z, 2, Z, 6, Z, 3, Z, 7, Z, 8, Z, 12, Z, 9, Z, 13, Z, 10, Z, 14, Z, 11, Z, 15, Z],
];
#[rustfmt::skip]
const WORD_PAIRS: [[i8; 16]; 4] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15],
    [0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11, Z, Z, Z, Z],
    [0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15],
];

impl Lanes for u8 {
    const BIAS: i32 = 0;

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn load_step<const CHANNELS: usize>(at: *const u8) -> __m256i {
        // SAFETY: 16 bytes at `at` are readable, the caller says; the table row has 32 bytes.
        unsafe {
            let bytes = _mm256_broadcastsi128_si256(_mm_loadu_si128(at.cast()));
            _mm256_shuffle_epi8(bytes, _mm256_loadu_si256(BYTE_PAIRS[CHANNELS - 1].as_ptr().cast()))
        }
    }
}

impl Lanes for u16 {
    const BIAS: i32 = 32768;

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn load_step<const CHANNELS: usize>(at: *const u16) -> __m256i {
        // SAFETY: 16 samples at `at` are readable, the caller says; the second half begins at 6 or 8 and has 8. The table
        // row has 16 bytes.
        unsafe {
            let second = if CHANNELS == 3 { 6 } else { 8 };
            let low = _mm256_castsi128_si256(_mm_loadu_si128(at.cast()));
            let words = _mm256_inserti128_si256::<1>(low, _mm_loadu_si128(at.add(second).cast()));
            let words = _mm256_xor_si256(words, _mm256_set1_epi16(i16::MIN));
            if CHANNELS == 1 {
                return words;
            }
            let pairs = _mm256_broadcastsi128_si256(_mm_loadu_si128(WORD_PAIRS[CHANNELS - 1].as_ptr().cast()));
            _mm256_shuffle_epi8(words, pairs)
        }
    }
}

impl Narrow for u8 {
    const STEP: usize = 32;
    const COLUMN_BIAS: i32 = 0;

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn load_pairs(a: *const u8, b: *const u8) -> [__m256i; 4] {
        // SAFETY: 32 bytes at `a` and `b` are readable, the caller says.
        let (a, b) = unsafe { (_mm256_loadu_si256(a.cast()), _mm256_loadu_si256(b.cast())) };
        let zero = _mm256_setzero_si256();
        let (low, high) = (_mm256_unpacklo_epi8(a, b), _mm256_unpackhi_epi8(a, b));
        [
            _mm256_unpacklo_epi8(low, zero),
            _mm256_unpackhi_epi8(low, zero),
            _mm256_unpacklo_epi8(high, zero),
            _mm256_unpackhi_epi8(high, zero),
        ]
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn store_four(to: *mut u8, sums: __m128i) {
        let words = _mm_packs_epi32(sums, sums);
        // SAFETY: four bytes at `to` are writable, the caller says.
        unsafe { to.cast::<i32>().write_unaligned(_mm_cvtsi128_si32(_mm_packus_epi16(words, words))) }
    }
}

impl Narrow for u16 {
    const STEP: usize = 16;
    const COLUMN_BIAS: i32 = 32768;

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn load_pairs(a: *const u16, b: *const u16) -> [__m256i; 4] {
        // SAFETY: 16 samples at `a` and `b` are readable, the caller says.
        let (a, b) = unsafe { (_mm256_loadu_si256(a.cast()), _mm256_loadu_si256(b.cast())) };
        let bias = _mm256_set1_epi16(i16::MIN);
        let (a, b) = (_mm256_xor_si256(a, bias), _mm256_xor_si256(b, bias));
        let zero = _mm256_setzero_si256();
        [_mm256_unpacklo_epi16(a, b), _mm256_unpackhi_epi16(a, b), zero, zero]
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn store_four(to: *mut u16, sums: __m128i) {
        // SAFETY: four samples at `to` are writable, the caller says.
        unsafe { _mm_storel_epi64(to.cast(), _mm_packus_epi32(sums, sums)) }
    }
}

impl Narrow for i16 {
    const STEP: usize = 16;
    const COLUMN_BIAS: i32 = 0;

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn load_pairs(a: *const i16, b: *const i16) -> [__m256i; 4] {
        // SAFETY: 16 samples at `a` and `b` are readable, the caller says.
        let (a, b) = unsafe { (_mm256_loadu_si256(a.cast()), _mm256_loadu_si256(b.cast())) };
        let zero = _mm256_setzero_si256();
        [_mm256_unpacklo_epi16(a, b), _mm256_unpackhi_epi16(a, b), zero, zero]
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn store_four(to: *mut i16, sums: __m128i) {
        // SAFETY: four samples at `to` are writable, the caller says.
        unsafe { _mm_storel_epi64(to.cast(), _mm_packs_epi32(sums, sums)) }
    }
}

/// An enlarged row of 16-bit samples: too wide for the pairs, and rare.
impl Narrow for i32 {
    const STEP: usize = 0;
    const COLUMN_BIAS: i32 = 0;

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn load_pairs(_a: *const i32, _b: *const i32) -> [__m256i; 4] {
        [_mm256_setzero_si256(); 4]
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn store_four(to: *mut i32, sums: __m128i) {
        // SAFETY: four samples at `to` are writable, the caller says.
        unsafe { _mm_storeu_si128(to.cast(), sums) }
    }
}

/// Weighted sum of rows with `bits` fraction bits, rounded to the sample.
pub(super) fn columns<M: Narrow, S: Lanes>(
    _avx2: Avx2,
    window: &Window<'_, M>,
    weights: &[i16],
    bits: u32,
    out: &mut [S],
) {
    // SAFETY: the token says that the processor has AVX2.
    unsafe { columns_avx2(window, weights, bits, out) }
}

#[target_feature(enable = "avx2")]
unsafe fn columns_avx2<M: Narrow, S: Lanes>(window: &Window<'_, M>, weights: &[i16], bits: u32, out: &mut [S]) {
    let step = M::STEP;
    let whole = out.len().checked_div(step).unwrap_or(0) * step;
    let starts = &window.starts[..weights.len()];
    assert!(starts.iter().all(|&start| start.checked_add(whole).is_some_and(|end| end <= window.ring.len())));
    let total: i32 = weights.iter().copied().map(i32::from).sum();
    let start = _mm256_set1_epi32(scalar::half(bits) + total * M::COLUMN_BIAS);
    let shift = _mm_cvtsi32_si128(bits as i32);
    for x in (0..whole).step_by(step.max(1)) {
        let mut sums = [start; 4];
        for (rows, weights) in starts.chunks(2).zip(weights.chunks(2)) {
            // An odd last row is paired with itself at weight zero.
            let second = rows.len() - 1;
            let weight_b = if second == 1 { weights[1] } else { 0 };
            let pair = _mm256_set1_epi32(i32::from(weights[0] as u16) | i32::from(weight_b) << 16);
            // SAFETY: `start + whole` is within the ring for every row, checked above, and `x + STEP <= whole`.
            let samples = unsafe {
                let base = window.ring.as_ptr().add(x);
                M::load_pairs(base.add(rows[0]), base.add(rows[second]))
            };
            for (sum, samples) in sums.iter_mut().zip(samples) {
                *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(samples, pair));
            }
        }
        let sums = sums.map(|sum| _mm256_sra_epi32(sum, shift));
        // SAFETY: `x + STEP <= out.len()`; `store` writes the 16 or 32 samples of a step.
        unsafe { store_columns::<M, S>(out.as_mut_ptr().add(x), sums) };
    }
    scalar::columns(window, weights, bits, whole, out);
}

/// # Safety
/// `M::STEP` samples at `to` are writable; the processor has AVX2.
#[target_feature(enable = "avx2")]
#[inline]
unsafe fn store_columns<M: Narrow, S: Lanes>(to: *mut S, sums: [__m256i; 4]) {
    // SAFETY: the caller says that one step is writable; its size is that of the vectors stored.
    unsafe {
        if size_of::<S>() == 2 {
            _mm256_storeu_si256(to.cast(), _mm256_packus_epi32(sums[0], sums[1]));
            return;
        }
        let low = _mm256_packs_epi32(sums[0], sums[1]);
        if M::STEP == 32 {
            let high = _mm256_packs_epi32(sums[2], sums[3]);
            _mm256_storeu_si256(to.cast(), _mm256_packus_epi16(low, high));
        } else {
            // Only the low half of each lane counts.
            let bytes = _mm256_permute4x64_epi64::<0b1000>(_mm256_packus_epi16(low, low));
            _mm_storeu_si128(to.cast(), _mm256_castsi256_si128(bytes));
        }
    }
}

/// What becomes of the sums of a pixel.
#[derive(Clone, Copy)]
enum Finish {
    /// Rounded off by this many bits.
    Shift(u32),
    /// Divided by a count of pixels, as [`Fixed::mean`] does.
    Mean(u32),
}

/// Weighted sums of the pixels of one row; at most four channels.
pub(super) fn row<S: Lanes>(_avx2: Avx2, row: &[S], taps: &RowTaps<i16>, out: &mut [S]) {
    // SAFETY: the token says that the processor has AVX2.
    unsafe { row_avx2(row, taps, Finish::Shift(S::WEIGHT_BITS), out) }
}

/// The same without clipping and with some fraction bits.
pub(super) fn row_to_middle<S: Lanes>(
    _avx2: Avx2,
    row: &[S],
    taps: &RowTaps<i16>,
    fraction: u32,
    out: &mut [S::Middle],
) {
    // SAFETY: the token says that the processor has AVX2.
    unsafe { row_avx2(row, taps, Finish::Shift(S::WEIGHT_BITS - fraction), out) }
}

/// Means of neighbouring pixels; at most four channels and a narrow box.
pub(super) fn row_means<S: Lanes>(_avx2: Avx2, row: &[S], taps: &RowTaps<i16>, out: &mut [S]) {
    debug_assert!(taps.taps <= NARROW_BOX as usize);
    // SAFETY: the token says that the processor has AVX2.
    unsafe { row_avx2(row, taps, Finish::Mean(taps.taps as u32), out) }
}

#[target_feature(enable = "avx2")]
unsafe fn row_avx2<S: Lanes, T: Narrow>(row: &[S], taps: &RowTaps<i16>, finish: Finish, out: &mut [T]) {
    // SAFETY: the same instruction set.
    unsafe {
        match taps.channels {
            1 => row_of::<S, T, 1>(row, taps, finish, out),
            2 => row_of::<S, T, 2>(row, taps, finish, out),
            3 => row_of::<S, T, 3>(row, taps, finish, out),
            _ => row_of::<S, T, 4>(row, taps, finish, out),
        }
    }
}

#[target_feature(enable = "avx2")]
unsafe fn row_of<S: Lanes, T: Narrow, const CHANNELS: usize>(
    row: &[S],
    taps: &RowTaps<i16>,
    finish: Finish,
    out: &mut [T],
) {
    let steps = taps.taps.div_ceil(chunk_taps(CHANNELS));
    let advance = chunk_taps(CHANNELS) * CHANNELS;
    let last_step = (steps - 1) * advance + READ_AHEAD;
    for (index, (&start, &phase)) in taps.starts.iter().zip(&taps.phases).enumerate() {
        let to = index * CHANNELS;
        let samples = &row[start as usize..][..last_step];
        let lanes = &taps.lanes[phase as usize * steps * 16..][..steps * 16];
        let mut sums = _mm256_setzero_si256();
        for step in 0..steps {
            // SAFETY: `samples` ends `READ_AHEAD` after the begin of the last step; `lanes` has 16 weights for each step.
            unsafe {
                let pairs = S::load_step::<CHANNELS>(samples.as_ptr().add(step * advance));
                let weights = _mm256_loadu_si256(lanes.as_ptr().add(step * 16).cast());
                sums = _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, weights));
            }
        }
        let mut sums = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256::<1>(sums));
        if CHANNELS <= 2 {
            sums = _mm_add_epi32(sums, _mm_shuffle_epi32::<0b1110>(sums));
        }
        if CHANNELS == 1 {
            sums = _mm_add_epi32(sums, _mm_shuffle_epi32::<0b01>(sums));
        }
        let sums = match finish {
            Finish::Shift(bits) => {
                let bias = S::BIAS << S::WEIGHT_BITS;
                let rounded = _mm_add_epi32(sums, _mm_set1_epi32(scalar::half(bits) + bias));
                _mm_sra_epi32(rounded, _mm_cvtsi32_si128(bits as i32))
            }
            Finish::Mean(count) => mean::<S>(sums, count),
        };
        // SAFETY: four samples are written where four are left, else to an array of four.
        unsafe {
            if to + 4 <= out.len() {
                T::store_four(out.as_mut_ptr().add(to), sums);
            } else {
                let mut four = [out[to]; 4];
                T::store_four(four.as_mut_ptr(), sums);
                out[to..to + CHANNELS].copy_from_slice(&four[..CHANNELS]);
            }
        }
    }
}

/// [`Fixed::mean`] of four sums.
#[target_feature(enable = "avx2")]
#[inline]
fn mean<S: Lanes>(sums: __m128i, count: u32) -> __m128i {
    let reciprocal = _mm_set1_epi32(S::reciprocal(count) as i32);
    let sums = _mm_add_epi32(sums, _mm_set1_epi32((count / 2) as i32 + S::BIAS * count as i32));
    if size_of::<S>() == 1 {
        return _mm_srli_epi32::<24>(_mm_mullo_epi32(sums, reciprocal));
    }
    let even = _mm_srli_epi64::<32>(_mm_mul_epu32(sums, reciprocal));
    let odd = _mm_mul_epu32(_mm_srli_epi64::<32>(sums), reciprocal);
    _mm_blend_epi16::<0b1100_1100>(even, odd)
}

/// Adds a row to the sums of its columns.
pub(super) fn add_row<S: Lanes + Into<S::Sum>>(_avx2: Avx2, sums: &mut [S::Sum], row: &[S])
where
    S::Sum: std::ops::AddAssign,
{
    #[target_feature(enable = "avx2")]
    fn add<S: Lanes + Into<S::Sum>>(sums: &mut [S::Sum], row: &[S])
    where
        S::Sum: std::ops::AddAssign,
    {
        sums.iter_mut().zip(row).for_each(|(sum, &sample)| *sum += sample.into());
    }
    // SAFETY: the token says that the processor has AVX2.
    unsafe { add(sums, row) }
}

/// Means of columns from their sums.
pub(super) fn means<S: Lanes>(_avx2: Avx2, sums: &[S::Sum], count: u32, out: &mut [S]) {
    #[target_feature(enable = "avx2")]
    fn means<S: Lanes>(sums: &[S::Sum], count: u32, out: &mut [S]) {
        scalar::means(sums, count, out);
    }
    // SAFETY: the token says that the processor has AVX2.
    unsafe { means(sums, count, out) }
}
