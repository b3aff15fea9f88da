//! Loops for integer samples in vectors of 128 bits: pairs of taps are multiplied and added in 32 bits. The layout of the
//! weights is that of the AVX2 loops, of which one step is two here.
#![allow(unsafe_code)] // Vector loads and stores through pointers; every loop states why they stay inside its slices.

use super::{NARROW_BOX, RowTaps, Window, fixed::Fixed, fixed::chunk_taps, scalar};
use crate::simd::vector::{self, Sums, Words};

/// A sample that these loops can load as 16-bit integers.
pub(super) trait Lanes: Fixed<Middle: Narrow> + Narrow {
    /// What was taken off each sample to fit it into 16 signed bits.
    const BIAS: i32;

    /// 16 integers for one step along a row, ordered as the weights made by `lanes`.
    ///
    /// # Safety
    /// `READ_AHEAD` samples at `at` are readable.
    unsafe fn load_step<const CHANNELS: usize>(at: *const Self) -> [Words; 2];
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
    /// Twice `STEP` samples at `at` are readable.
    unsafe fn load_pairs(at: *const Self) -> [Words; 4];

    /// Four sums, clipped.
    fn clip_four(sums: Sums) -> [Self; 4];

    /// 16 sums, clipped.
    fn clip_all(sums: [Sums; 4]) -> [Self; 16];
}

/// Samples that one step down the columns handles.
const COLUMNS: usize = 16;

/// Byte shuffles that put samples into pairs of neighbouring taps; `Z` gives zero.
const Z: i8 = -1;
#[rustfmt::skip]
const BYTE_PAIRS: [[[i8; 16]; 2]; 4] = [
    [[0, Z, 1, Z, 2, Z, 3, Z, 4, Z, 5, Z, 6, Z, 7, Z], [8, Z, 9, Z, 10, Z, 11, Z, 12, Z, 13, Z, 14, Z, 15, Z]],
    [[0, Z, 2, Z, 1, Z, 3, Z, 4, Z, 6, Z, 5, Z, 7, Z], [8, Z, 10, Z, 9, Z, 11, Z, 12, Z, 14, Z, 13, Z, 15, Z]],
    [[0, Z, 3, Z, 1, Z, 4, Z, 2, Z, 5, Z, Z, Z, Z, Z], [6, Z, 9, Z, 7, Z, 10, Z, 8, Z, 11, Z, Z, Z, Z, Z]],
    [[0, Z, 4, Z, 1, Z, 5, Z, 2, Z, 6, Z, 3, Z, 7, Z], [8, Z, 12, Z, 9, Z, 13, Z, 10, Z, 14, Z, 11, Z, 15, Z]],
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

    #[inline(always)]
    unsafe fn load_step<const CHANNELS: usize>(at: *const u8) -> [Words; 2] {
        // SAFETY: 16 bytes at `at` are readable, the caller says.
        let bytes = vector::load_bytes(unsafe { &*at.cast() });
        let [first, second] = &BYTE_PAIRS[CHANNELS - 1];
        [vector::shuffle(bytes, first), vector::shuffle(bytes, second)]
    }
}

impl Lanes for u16 {
    const BIAS: i32 = 32768;

    #[inline(always)]
    unsafe fn load_step<const CHANNELS: usize>(at: *const u16) -> [Words; 2] {
        let second = if CHANNELS == 3 { 6 } else { 8 };
        // SAFETY: 16 samples at `at` are readable, the caller says; the second half begins at 6 or 8 and has 8.
        let halves = unsafe { [&*at.cast(), &*at.add(second).cast()] };
        let order = &WORD_PAIRS[CHANNELS - 1];
        halves.map(|half| vector::shuffle_words(vector::load_unsigned(half), order))
    }
}

impl Narrow for u8 {
    const STEP: usize = COLUMNS;
    const COLUMN_BIAS: i32 = 0;

    #[inline(always)]
    unsafe fn load_pairs(at: *const u8) -> [Words; 4] {
        // SAFETY: 32 bytes at `at` are readable, the caller says.
        let [first, last] = unsafe { [&*at.cast(), &*at.add(16).cast()] }.map(vector::load_bytes).map(vector::widen);
        [first[0], first[1], last[0], last[1]]
    }

    #[inline(always)]
    fn clip_four(sums: Sums) -> [u8; 4] {
        let words = vector::pack_signed(sums, sums);
        let [a, b, c, d, ..] = vector::bytes_of(vector::pack_bytes(words, words));
        [a, b, c, d]
    }

    #[inline(always)]
    fn clip_all([a, b, c, d]: [Sums; 4]) -> [u8; 16] {
        vector::bytes_of(vector::pack_bytes(vector::pack_signed(a, b), vector::pack_signed(c, d)))
    }
}

impl Narrow for u16 {
    const STEP: usize = COLUMNS;
    const COLUMN_BIAS: i32 = 32768;

    #[inline(always)]
    unsafe fn load_pairs(at: *const u16) -> [Words; 4] {
        // SAFETY: 32 samples at `at` are readable, the caller says.
        let words: &[[u16; 8]; 4] = unsafe { &*at.cast() };
        [&words[0], &words[1], &words[2], &words[3]].map(vector::load_unsigned)
    }

    #[inline(always)]
    fn clip_four(sums: Sums) -> [u16; 4] {
        let [a, b, c, d, ..] = vector::words_of(vector::pack_unsigned(sums, sums)).map(|word| word as u16);
        [a, b, c, d]
    }

    #[inline(always)]
    fn clip_all([a, b, c, d]: [Sums; 4]) -> [u16; 16] {
        let halves = [vector::pack_unsigned(a, b), vector::pack_unsigned(c, d)].map(vector::words_of);
        bytemuck::cast(halves)
    }
}

impl Narrow for i16 {
    const STEP: usize = COLUMNS;
    const COLUMN_BIAS: i32 = 0;

    #[inline(always)]
    unsafe fn load_pairs(at: *const i16) -> [Words; 4] {
        // SAFETY: 32 samples at `at` are readable, the caller says.
        let words: &[[i16; 8]; 4] = unsafe { &*at.cast() };
        [&words[0], &words[1], &words[2], &words[3]].map(vector::load_words)
    }

    #[inline(always)]
    fn clip_four(sums: Sums) -> [i16; 4] {
        let [a, b, c, d, ..] = vector::words_of(vector::pack_signed(sums, sums));
        [a, b, c, d]
    }

    #[inline(always)]
    fn clip_all([a, b, c, d]: [Sums; 4]) -> [i16; 16] {
        bytemuck::cast([vector::pack_signed(a, b), vector::pack_signed(c, d)].map(vector::words_of))
    }
}

/// An enlarged row of 16-bit samples: too wide for the pairs, and rare.
impl Narrow for i32 {
    const STEP: usize = 0;
    const COLUMN_BIAS: i32 = 0;

    #[inline(always)]
    unsafe fn load_pairs(_at: *const i32) -> [Words; 4] {
        [vector::splat_pair(0, 0); 4]
    }

    #[inline(always)]
    fn clip_four(sums: Sums) -> [i32; 4] {
        vector::sums_of(sums)
    }

    #[inline(always)]
    fn clip_all(sums: [Sums; 4]) -> [i32; 16] {
        bytemuck::cast(sums.map(vector::sums_of))
    }
}

/// Weighted sum of rows with `bits` fraction bits, rounded to the sample.
pub(super) fn columns<M: Narrow, S: Lanes>(window: &Window<'_, M>, weights: &[i16], bits: u32, out: &mut [S]) {
    let whole = out.len() - out.len().checked_rem(M::STEP).unwrap_or(out.len());
    let inside = |slot: usize| slot.checked_add(2 * whole).is_some_and(|end| end <= window.ring.len());
    assert!(window.slots.iter().all(|&slot| inside(slot)));
    let total: i32 = weights.iter().copied().map(i32::from).sum();
    let start = vector::splat_sums(scalar::half(bits) + total * M::COLUMN_BIAS);
    for (index, out) in out[..whole].chunks_exact_mut(COLUMNS).enumerate() {
        let mut sums = [start; 4];
        for (&slot, weights) in window.slots.iter().zip(weights.chunks_exact(2)) {
            let weights = vector::splat_pair(weights[0], weights[1]);
            // SAFETY: `slot + 2 * whole` is within the ring for every slot, checked above, and this step is before `whole`.
            let pairs = unsafe { M::load_pairs(window.ring.as_ptr().add(slot + 2 * COLUMNS * index)) };
            for (sum, pairs) in sums.iter_mut().zip(pairs) {
                *sum = vector::add(*sum, vector::multiply_pairs(pairs, weights));
            }
        }
        out.copy_from_slice(&S::clip_all(sums.map(|sum| vector::shift_right(sum, bits))));
    }
    scalar::columns(window, weights, bits, whole, out);
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
pub(super) fn row<S: Lanes>(row: &[S], taps: &RowTaps<i16>, out: &mut [S]) {
    by_channels(row, taps, Finish::Shift(S::WEIGHT_BITS), out);
}

/// The same without clipping and with some fraction bits.
pub(super) fn row_to_middle<S: Lanes>(row: &[S], taps: &RowTaps<i16>, fraction: u32, out: &mut [S::Middle]) {
    by_channels(row, taps, Finish::Shift(S::WEIGHT_BITS - fraction), out);
}

/// Means of neighbouring pixels; at most four channels and a narrow box.
pub(super) fn row_means<S: Lanes>(row: &[S], taps: &RowTaps<i16>, out: &mut [S]) {
    debug_assert!(taps.taps <= NARROW_BOX as usize);
    by_channels(row, taps, Finish::Mean(taps.taps as u32), out);
}

fn by_channels<S: Lanes, T: Narrow>(row: &[S], taps: &RowTaps<i16>, finish: Finish, out: &mut [T]) {
    match taps.channels {
        1 => row_of::<S, T, 1>(row, taps, finish, out),
        2 => row_of::<S, T, 2>(row, taps, finish, out),
        3 => row_of::<S, T, 3>(row, taps, finish, out),
        _ => row_of::<S, T, 4>(row, taps, finish, out),
    }
}

fn row_of<S: Lanes, T: Narrow, const CHANNELS: usize>(row: &[S], taps: &RowTaps<i16>, finish: Finish, out: &mut [T]) {
    let steps = taps.taps.div_ceil(chunk_taps(CHANNELS));
    assert!(row.len() >= taps.reach && taps.lanes.len() >= taps.rows * steps * 16);
    assert!(taps.starts.len() * CHANNELS == out.len() && taps.phases.len() == taps.starts.len());
    let sums = |pixel: usize| {
        // SAFETY: row and lanes are as long as the taps say, checked above.
        let sums = unsafe { pixel_sums::<S, CHANNELS>(row, taps, steps, pixel) };
        let sums = if CHANNELS <= 2 { vector::add_halves(sums) } else { sums };
        let sums = if CHANNELS == 1 { vector::add_first_two(sums) } else { sums };
        rounded::<S>(sums, finish)
    };
    let mut fours = out.chunks_exact_mut(4 * CHANNELS);
    let mut pixel = 0;
    for four in &mut fours {
        let all = T::clip_all([sums(pixel), sums(pixel + 1), sums(pixel + 2), sums(pixel + 3)]);
        for (out, clipped) in four.chunks_exact_mut(CHANNELS).zip(all.as_chunks::<4>().0) {
            out.copy_from_slice(&clipped[..CHANNELS]);
        }
        pixel += 4;
    }
    for (pixel, out) in (pixel..).zip(fours.into_remainder().chunks_exact_mut(CHANNELS)) {
        out.copy_from_slice(&T::clip_four(sums(pixel))[..CHANNELS]);
    }
}

/// The sums of one pixel. With fewer than three channels each is in parts: the lanes 0 and 2, 1 and 3 of two channels, all
/// lanes of one.
///
/// # Safety
/// `row` is at least as long as `taps.reach`, `taps.lanes` has `taps.rows` rows of `steps` × 16.
#[inline(always)]
unsafe fn pixel_sums<S: Lanes, const CHANNELS: usize>(
    row: &[S],
    taps: &RowTaps<i16>,
    steps: usize,
    pixel: usize,
) -> Sums {
    let (start, phase) = (taps.starts[pixel] as usize, taps.phases[pixel] as usize);
    let advance = chunk_taps(CHANNELS) * CHANNELS;
    let mut sums = vector::splat_sums(0);
    // SAFETY: `reach` is beyond the read-ahead of the last step of the last window; every phase is below `rows`.
    unsafe {
        let samples = row.as_ptr().add(start);
        let lanes = taps.lanes.as_ptr().add(phase * steps * 16);
        for step in 0..steps {
            let weights: &[[i16; 8]; 2] = &*lanes.add(step * 16).cast();
            let [first, second] = S::load_step::<CHANNELS>(samples.add(step * advance));
            sums = vector::add(sums, vector::multiply_pairs(first, vector::load_words(&weights[0])));
            sums = vector::add(sums, vector::multiply_pairs(second, vector::load_words(&weights[1])));
        }
    }
    sums
}

/// Sums to samples, not clipped.
#[inline(always)]
fn rounded<S: Lanes>(sums: Sums, finish: Finish) -> Sums {
    match finish {
        Finish::Shift(bits) => {
            let rounding = scalar::half(bits) + (S::BIAS << S::WEIGHT_BITS);
            vector::shift_right(vector::add(sums, vector::splat_sums(rounding)), bits)
        }
        Finish::Mean(count) => {
            let reciprocal = vector::splat_sums(S::reciprocal(count) as i32);
            let sums = vector::add(sums, vector::splat_sums((count / 2) as i32 + S::BIAS * count as i32));
            if size_of::<S>() == 1 {
                vector::highest_byte(vector::multiply(sums, reciprocal))
            } else {
                vector::multiply_high(sums, reciprocal)
            }
        }
    }
}
