//! The filters that look to the left, a pixel of 3 to 8 bytes at a time. SSE2 is part of every x86-64.

#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m128i, _mm_add_epi8, _mm_add_epi16, _mm_and_si128, _mm_andnot_si128, _mm_cmpeq_epi16, _mm_cvtsi64_si128,
    _mm_cvtsi128_si64, _mm_max_epi16, _mm_min_epi16, _mm_or_si128, _mm_packus_epi16, _mm_set1_epi16, _mm_setzero_si128,
    _mm_srli_epi16, _mm_sub_epi16, _mm_unpacklo_epi8,
};

/// A pixel in the low bytes.
#[target_feature(enable = "sse2")]
#[inline]
fn load<const N: usize>(pixel: &[u8; N]) -> __m128i {
    let word = pixel.iter().rev().fold(0u64, |word, byte| word << 8 | u64::from(*byte));
    _mm_cvtsi64_si128(word as i64)
}

#[target_feature(enable = "sse2")]
#[inline]
fn store<const N: usize>(pixel: &mut [u8; N], value: __m128i) {
    let bytes = _mm_cvtsi128_si64(value).to_le_bytes();
    pixel.copy_from_slice(&bytes[..N]);
}

/// Bytes to 16 bits.
#[target_feature(enable = "sse2")]
#[inline]
fn widen(value: __m128i) -> __m128i {
    _mm_unpacklo_epi8(value, _mm_setzero_si128())
}

#[target_feature(enable = "sse2")]
#[inline]
fn abs(value: __m128i) -> __m128i {
    _mm_max_epi16(value, _mm_sub_epi16(_mm_setzero_si128(), value))
}

/// `a` where the mask is set, else `b`.
#[target_feature(enable = "sse2")]
#[inline]
fn select(mask: __m128i, a: __m128i, b: __m128i) -> __m128i {
    _mm_or_si128(_mm_and_si128(mask, a), _mm_andnot_si128(mask, b))
}

pub(super) fn sub<const N: usize>(row: &mut [u8]) {
    // SAFETY: every x86-64 has SSE2.
    unsafe { sub_sse2::<N>(row) }
}

pub(super) fn average<const N: usize>(previous: &[u8], row: &mut [u8]) {
    // SAFETY: every x86-64 has SSE2.
    unsafe { average_sse2::<N>(previous, row) }
}

pub(super) fn paeth<const N: usize>(previous: &[u8], row: &mut [u8]) {
    // SAFETY: every x86-64 has SSE2.
    unsafe { paeth_sse2::<N>(previous, row) }
}

#[target_feature(enable = "sse2")]
fn sub_sse2<const N: usize>(row: &mut [u8]) {
    let mut left = _mm_setzero_si128();
    for pixel in row.as_chunks_mut::<N>().0 {
        left = _mm_add_epi8(left, load(pixel));
        store(pixel, left);
    }
}

#[target_feature(enable = "sse2")]
fn average_sse2<const N: usize>(previous: &[u8], row: &mut [u8]) {
    let low = _mm_set1_epi16(0xff);
    let mut left = _mm_setzero_si128();
    for (pixel, above) in row.as_chunks_mut::<N>().0.iter_mut().zip(previous.as_chunks::<N>().0) {
        let mean = _mm_srli_epi16::<1>(_mm_add_epi16(left, widen(load(above))));
        left = _mm_and_si128(_mm_add_epi16(mean, widen(load(pixel))), low);
        store(pixel, _mm_packus_epi16(left, left));
    }
}

#[target_feature(enable = "sse2")]
fn paeth_sse2<const N: usize>(previous: &[u8], row: &mut [u8]) {
    let low = _mm_set1_epi16(0xff);
    let (mut left, mut corner) = (_mm_setzero_si128(), _mm_setzero_si128());
    for (pixel, above) in row.as_chunks_mut::<N>().0.iter_mut().zip(previous.as_chunks::<N>().0) {
        let above = widen(load(above));
        let (to_left, to_above) = (_mm_sub_epi16(above, corner), _mm_sub_epi16(left, corner));
        let (a, b, c) = (abs(to_left), abs(to_above), abs(_mm_add_epi16(to_left, to_above)));
        let least = _mm_min_epi16(c, _mm_min_epi16(a, b));
        let far = select(_mm_cmpeq_epi16(least, b), above, corner);
        let guess = select(_mm_cmpeq_epi16(least, a), left, far);
        left = _mm_and_si128(_mm_add_epi16(guess, widen(load(pixel))), low);
        corner = above;
        store(pixel, _mm_packus_epi16(left, left));
    }
}
