//! AVX2 loops for integer samples: pairs of taps are multiplied and added in 32 bits by one instruction.
#![allow(unsafe_code)] // Vector loads and stores through pointers; every loop states why they stay inside its slices.

use std::arch::x86_64::*;

use super::{NARROW_BOX, RowTaps, Window, fixed::Fixed, fixed::chunk_taps, scalar};
use crate::simd::Avx2;

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

    /// `STEP` pairs of samples as 16-bit integers.
    ///
    /// # Safety
    /// Twice `STEP` samples at `at` are readable; the processor has AVX2.
    unsafe fn load_pairs(at: *const Self) -> [__m256i; 4];

    /// Stores four sums, clipped.
    ///
    /// # Safety
    /// Four samples at `to` are writable; the processor has AVX2.
    unsafe fn store_four(to: *mut Self, sums: __m128i);

    /// Stores four pixels of three or four channels, clipped, from the sums of the first two and of the last two.
    ///
    /// # Safety
    /// 16 samples at `to` are writable; the processor has AVX2.
    unsafe fn store_pixels<const CHANNELS: usize>(to: *mut Self, first: __m256i, last: __m256i);
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
    unsafe fn load_pairs(at: *const u8) -> [__m256i; 4] {
        // SAFETY: 64 bytes at `at` are readable, the caller says.
        unsafe {
            [
                _mm256_cvtepu8_epi16(_mm_loadu_si128(at.cast())),
                _mm256_cvtepu8_epi16(_mm_loadu_si128(at.add(16).cast())),
                _mm256_cvtepu8_epi16(_mm_loadu_si128(at.add(32).cast())),
                _mm256_cvtepu8_epi16(_mm_loadu_si128(at.add(48).cast())),
            ]
        }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn store_four(to: *mut u8, sums: __m128i) {
        let words = _mm_packs_epi32(sums, sums);
        // SAFETY: four bytes at `to` are writable, the caller says.
        unsafe { to.cast::<i32>().write_unaligned(_mm_cvtsi128_si32(_mm_packus_epi16(words, words))) }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn store_pixels<const CHANNELS: usize>(to: *mut u8, first: __m256i, last: __m256i) {
        let words = _mm256_packs_epi32(first, last);
        let bytes = _mm256_packus_epi16(words, words);
        let pixels = _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 0, 0, 0, 0));
        let mut pixels = _mm256_castsi256_si128(pixels);
        if CHANNELS == 3 {
            let close_up = _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, Z, Z, Z, Z);
            pixels = _mm_shuffle_epi8(pixels, close_up);
        }
        // SAFETY: 16 bytes at `to` are writable, the caller says.
        unsafe { _mm_storeu_si128(to.cast(), pixels) }
    }
}

impl Narrow for u16 {
    const STEP: usize = 32;
    const COLUMN_BIAS: i32 = 32768;

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn load_pairs(at: *const u16) -> [__m256i; 4] {
        // SAFETY: 64 samples at `at` are readable, the caller says.
        let pairs = unsafe { load_words(at.cast()) };
        pairs.map(|words| _mm256_xor_si256(words, _mm256_set1_epi16(i16::MIN)))
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn store_four(to: *mut u16, sums: __m128i) {
        // SAFETY: four samples at `to` are writable, the caller says.
        unsafe { _mm_storel_epi64(to.cast(), _mm_packus_epi32(sums, sums)) }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn store_pixels<const CHANNELS: usize>(to: *mut u16, first: __m256i, last: __m256i) {
        // SAFETY: 16 samples at `to` are writable, the caller says.
        unsafe { store_word_pixels::<CHANNELS>(to.cast(), _mm256_packus_epi32(first, last)) }
    }
}

impl Narrow for i16 {
    const STEP: usize = 32;
    const COLUMN_BIAS: i32 = 0;

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn load_pairs(at: *const i16) -> [__m256i; 4] {
        // SAFETY: 64 samples at `at` are readable, the caller says.
        unsafe { load_words(at) }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn store_four(to: *mut i16, sums: __m128i) {
        // SAFETY: four samples at `to` are writable, the caller says.
        unsafe { _mm_storel_epi64(to.cast(), _mm_packs_epi32(sums, sums)) }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn store_pixels<const CHANNELS: usize>(to: *mut i16, first: __m256i, last: __m256i) {
        // SAFETY: 16 samples at `to` are writable, the caller says.
        unsafe { store_word_pixels::<CHANNELS>(to, _mm256_packs_epi32(first, last)) }
    }
}

/// An enlarged row of 16-bit samples: too wide for the pairs, and rare.
impl Narrow for i32 {
    const STEP: usize = 0;
    const COLUMN_BIAS: i32 = 0;

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn load_pairs(_at: *const i32) -> [__m256i; 4] {
        [_mm256_setzero_si256(); 4]
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn store_four(to: *mut i32, sums: __m128i) {
        // SAFETY: four samples at `to` are writable, the caller says.
        unsafe { _mm_storeu_si128(to.cast(), sums) }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn store_pixels<const CHANNELS: usize>(to: *mut i32, first: __m256i, last: __m256i) {
        // SAFETY: 16 samples at `to` are writable, the caller says; each store writes four of them, the last from 12 or less.
        unsafe {
            _mm_storeu_si128(to.cast(), _mm256_castsi256_si128(first));
            _mm_storeu_si128(to.add(CHANNELS).cast(), _mm256_extracti128_si256::<1>(first));
            _mm_storeu_si128(to.add(2 * CHANNELS).cast(), _mm256_castsi256_si128(last));
            _mm_storeu_si128(to.add(3 * CHANNELS).cast(), _mm256_extracti128_si256::<1>(last));
        }
    }
}

/// Stores four pixels of 16-bit samples that come in the order 0, 2, 1, 3.
///
/// # Safety
/// 16 samples at `to` are writable; the processor has AVX2.
#[target_feature(enable = "avx2")]
#[inline]
unsafe fn store_word_pixels<const CHANNELS: usize>(to: *mut i16, pixels: __m256i) {
    let pixels = _mm256_permute4x64_epi64::<0b11_01_10_00>(pixels);
    // SAFETY: the caller says that 16 samples are writable; with three channels the stores are 0..8 and 6..14.
    unsafe {
        if CHANNELS == 4 {
            _mm256_storeu_si256(to.cast(), pixels);
            return;
        }
        let close_up = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, Z, Z, Z, Z));
        let pixels = _mm256_shuffle_epi8(pixels, close_up);
        _mm_storeu_si128(to.cast(), _mm256_castsi256_si128(pixels));
        _mm_storeu_si128(to.add(6).cast(), _mm256_extracti128_si256::<1>(pixels));
    }
}

/// # Safety
/// 64 samples at `at` are readable; the processor has AVX2.
#[target_feature(enable = "avx2")]
#[inline]
unsafe fn load_words(at: *const i16) -> [__m256i; 4] {
    // SAFETY: 64 samples at `at` are readable, the caller says.
    unsafe {
        [
            _mm256_loadu_si256(at.cast()),
            _mm256_loadu_si256(at.add(16).cast()),
            _mm256_loadu_si256(at.add(32).cast()),
            _mm256_loadu_si256(at.add(48).cast()),
        ]
    }
}

/// The samples of two rows in turns.
pub(super) fn pair<M: Copy>(_avx2: Avx2, upper: &[M], lower: &[M], slot: &mut [M]) {
    #[target_feature(enable = "avx2")]
    fn pair<M: Copy>(upper: &[M], lower: &[M], slot: &mut [M]) {
        scalar::pair(upper, lower, slot);
    }
    // SAFETY: the token says that the processor has AVX2.
    unsafe { pair(upper, lower, slot) }
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
    let whole = out.len() - out.len().checked_rem(M::STEP).unwrap_or(out.len());
    let inside = |slot: usize| slot.checked_add(2 * whole).is_some_and(|end| end <= window.ring.len());
    assert!(window.slots.iter().all(|&slot| inside(slot)));
    let total: i32 = weights.iter().copied().map(i32::from).sum();
    let start = _mm256_set1_epi32(scalar::half(bits) + total * M::COLUMN_BIAS);
    let shift = _mm_cvtsi32_si128(bits as i32);
    for x in (0..whole).step_by(M::STEP.max(1)) {
        let mut sums = [start; 4];
        for (&slot, weights) in window.slots.iter().zip(weights.chunks_exact(2)) {
            let weights = _mm256_set1_epi32(i32::from(weights[0] as u16) | i32::from(weights[1]) << 16);
            // SAFETY: `slot + 2 * whole` is within the ring for every slot, checked above, and `x + STEP <= whole`.
            let pairs = unsafe { M::load_pairs(window.ring.as_ptr().add(slot + 2 * x)) };
            for (sum, pairs) in sums.iter_mut().zip(pairs) {
                *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(pairs, weights));
            }
        }
        let sums = sums.map(|sum| _mm256_sra_epi32(sum, shift));
        // SAFETY: `x + STEP <= out.len()`, and a step is 32 samples.
        unsafe { store_columns(out.as_mut_ptr().add(x), sums) };
    }
    scalar::columns(window, weights, bits, whole, out);
}

/// Stores 32 sums, clipped.
///
/// # Safety
/// 32 samples at `to` are writable; the processor has AVX2.
#[target_feature(enable = "avx2")]
#[inline]
unsafe fn store_columns<S: Lanes>(to: *mut S, sums: [__m256i; 4]) {
    // SAFETY: the caller says that 32 samples are writable: one vector of bytes or two of words.
    unsafe {
        if size_of::<S>() == 2 {
            let (low, high) = (_mm256_packus_epi32(sums[0], sums[1]), _mm256_packus_epi32(sums[2], sums[3]));
            _mm256_storeu_si256(to.cast(), _mm256_permute4x64_epi64::<0b11_01_10_00>(low));
            _mm256_storeu_si256(to.add(16).cast(), _mm256_permute4x64_epi64::<0b11_01_10_00>(high));
        } else {
            let (low, high) = (_mm256_packs_epi32(sums[0], sums[1]), _mm256_packs_epi32(sums[2], sums[3]));
            let bytes = _mm256_packus_epi16(low, high);
            let order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
            _mm256_storeu_si256(to.cast(), _mm256_permutevar8x32_epi32(bytes, order));
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
    assert!(row.len() >= taps.reach && taps.lanes.len() >= taps.rows * steps * 16);
    assert!(taps.starts.len() * CHANNELS == out.len() && taps.phases.len() == taps.starts.len());
    // SAFETY: row and lanes are as long as the taps say, checked above; the same instruction set.
    let sums = |pixel: usize| unsafe { pixel_sums::<S, CHANNELS>(row, taps, steps, pixel) };
    let mut pixel = 0;
    if CHANNELS >= 3 {
        while pixel * CHANNELS + 16 <= out.len() {
            let first = join_halves(sums(pixel), sums(pixel + 1));
            let last = join_halves(sums(pixel + 2), sums(pixel + 3));
            let (first, last) = (rounded::<S>(first, finish), rounded::<S>(last, finish));
            // SAFETY: 16 samples are left in `out`, the loop says.
            unsafe { T::store_pixels::<CHANNELS>(out.as_mut_ptr().add(pixel * CHANNELS), first, last) };
            pixel += 4;
        }
    }
    if CHANNELS == 1 {
        while pixel + 4 <= out.len() {
            let first = _mm256_hadd_epi32(sums(pixel), sums(pixel + 1));
            let all = _mm256_hadd_epi32(first, _mm256_hadd_epi32(sums(pixel + 2), sums(pixel + 3)));
            let four = rounded::<S>(join_halves(all, all), finish);
            // SAFETY: four samples are left in `out`, the loop says.
            unsafe { T::store_four(out.as_mut_ptr().add(pixel), _mm256_castsi256_si128(four)) };
            pixel += 4;
        }
    }
    for (pixel, out) in out.chunks_exact_mut(CHANNELS).enumerate().skip(pixel) {
        let sums = sums(pixel);
        let mut sums = join_halves(sums, sums);
        if CHANNELS <= 2 {
            sums = _mm256_add_epi32(sums, _mm256_shuffle_epi32::<0b1110>(sums));
        }
        if CHANNELS == 1 {
            sums = _mm256_add_epi32(sums, _mm256_shuffle_epi32::<0b01>(sums));
        }
        let sums = rounded::<S>(sums, finish);
        let mut four = [out[0]; 4];
        // SAFETY: the array has four samples.
        unsafe { T::store_four(four.as_mut_ptr(), _mm256_castsi256_si128(sums)) };
        out.copy_from_slice(&four[..CHANNELS]);
    }
}

/// The sums of one pixel, each in two parts, one in each half of the vector. With fewer than three channels there are
/// more parts: the lanes 0 and 2, 1 and 3 of two channels, all lanes of one.
///
/// # Safety
/// `row` is at least as long as `taps.reach`, `taps.lanes` has `taps.rows` rows of `steps` × 16; the processor has AVX2.
#[target_feature(enable = "avx2")]
#[inline]
unsafe fn pixel_sums<S: Lanes, const CHANNELS: usize>(
    row: &[S],
    taps: &RowTaps<i16>,
    steps: usize,
    pixel: usize,
) -> __m256i {
    let (start, phase) = (taps.starts[pixel] as usize, taps.phases[pixel] as usize);
    let advance = chunk_taps(CHANNELS) * CHANNELS;
    let mut sums = _mm256_setzero_si256();
    // SAFETY: `reach` is beyond the read-ahead of the last step of the last window; every phase is below `rows`.
    unsafe {
        let samples = row.as_ptr().add(start);
        let lanes = taps.lanes.as_ptr().add(phase * steps * 16);
        for step in 0..steps {
            let weights = _mm256_loadu_si256(lanes.add(step * 16).cast());
            let pairs = S::load_step::<CHANNELS>(samples.add(step * advance));
            sums = _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, weights));
        }
    }
    sums
}

/// Adds the halves of each vector: those of `a` to the lower half, those of `b` to the upper half.
#[target_feature(enable = "avx2")]
#[inline]
fn join_halves(a: __m256i, b: __m256i) -> __m256i {
    _mm256_add_epi32(_mm256_permute2x128_si256::<0x20>(a, b), _mm256_permute2x128_si256::<0x31>(a, b))
}

/// Sums to samples, not clipped.
#[target_feature(enable = "avx2")]
#[inline]
fn rounded<S: Lanes>(sums: __m256i, finish: Finish) -> __m256i {
    match finish {
        Finish::Shift(bits) => {
            let rounding = scalar::half(bits) + (S::BIAS << S::WEIGHT_BITS);
            let sums = _mm256_add_epi32(sums, _mm256_set1_epi32(rounding));
            _mm256_sra_epi32(sums, _mm_cvtsi32_si128(bits as i32))
        }
        Finish::Mean(count) => mean::<S>(sums, count),
    }
}

/// [`Fixed::mean`] of eight sums.
#[target_feature(enable = "avx2")]
#[inline]
fn mean<S: Lanes>(sums: __m256i, count: u32) -> __m256i {
    let reciprocal = _mm256_set1_epi32(S::reciprocal(count) as i32);
    let sums = _mm256_add_epi32(sums, _mm256_set1_epi32((count / 2) as i32 + S::BIAS * count as i32));
    if size_of::<S>() == 1 {
        return _mm256_srli_epi32::<24>(_mm256_mullo_epi32(sums, reciprocal));
    }
    let even = _mm256_srli_epi64::<32>(_mm256_mul_epu32(sums, reciprocal));
    let odd = _mm256_mul_epu32(_mm256_srli_epi64::<32>(sums), reciprocal);
    _mm256_blend_epi16::<0b1100_1100>(even, odd)
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
