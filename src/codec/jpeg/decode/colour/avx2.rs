//! YCbCr to RGB, sixteen pixels at a time.
#![allow(unsafe_code)] // Loads and stores of vectors.

use std::arch::x86_64::{
    __m128i, __m256i, _mm_loadu_si128, _mm_or_si128, _mm_setr_epi8, _mm_shuffle_epi8, _mm_storeu_si128,
    _mm256_add_epi16, _mm256_add_epi32, _mm256_castsi256_si128, _mm256_cvtepu8_epi16, _mm256_madd_epi16,
    _mm256_mulhi_epi16, _mm256_packs_epi32, _mm256_packus_epi16, _mm256_permute4x64_epi64, _mm256_set1_epi16,
    _mm256_set1_epi32, _mm256_srai_epi16, _mm256_srai_epi32, _mm256_sub_epi16, _mm256_unpackhi_epi16,
    _mm256_unpacklo_epi16,
};

use super::{HALF, fix};
use crate::simd::Avx2;

const PIXELS: usize = 16;

/// Converts as many pixels as there are whole vectors of, and gives their number.
pub(super) fn ycbcr(_: Avx2, y: &[u8], cb: &[u8], cr: &[u8], to: &mut [u8]) -> usize {
    // SAFETY: the first argument proves that the processor has AVX2.
    unsafe { with_avx2(y, cb, cr, to) }
}

#[target_feature(enable = "avx2")]
fn with_avx2(y: &[u8], cb: &[u8], cr: &[u8], to: &mut [u8]) -> usize {
    let pixels = to.as_chunks_mut::<{ 3 * PIXELS }>().0.iter_mut();
    let planes = y.as_chunks::<PIXELS>().0.iter().zip(cb.as_chunks::<PIXELS>().0).zip(cr.as_chunks::<PIXELS>().0);
    let mut done = 0;
    for (to, ((y, cb), cr)) in pixels.zip(planes) {
        let [red, green, blue] = convert(load(y), load(cb), load(cr));
        store(red, green, blue, to);
        done += PIXELS;
    }
    done
}

#[target_feature(enable = "avx2")]
fn load(from: &[u8; PIXELS]) -> __m256i {
    // SAFETY: the array has as many bytes as the vector.
    _mm256_cvtepu8_epi16(unsafe { _mm_loadu_si128(from.as_ptr().cast()) })
}

/// Sixteen samples of each component to sixteen bytes of each colour.
///
/// Factors above one half do not fit into 16 bits of fraction and a sign, so their nearest integer is taken out of them.
/// The product with twice the value, of which half is taken with rounding, is rounded as the exact one is.
#[target_feature(enable = "avx2")]
fn convert(y: __m256i, cb: __m256i, cr: __m256i) -> [__m128i; 3] {
    let middle = _mm256_set1_epi16(128);
    let (cb, cr) = (_mm256_sub_epi16(cb, middle), _mm256_sub_epi16(cr, middle));
    let one = _mm256_set1_epi16(1);
    let times = |value: __m256i, factor: i32| {
        let product = _mm256_mulhi_epi16(_mm256_add_epi16(value, value), _mm256_set1_epi16(factor as i16));
        _mm256_srai_epi16::<1>(_mm256_add_epi16(product, one))
    };
    let red = _mm256_add_epi16(_mm256_add_epi16(y, cr), times(cr, fix(1.402) - (1 << 16)));
    let blue = _mm256_add_epi16(_mm256_add_epi16(y, _mm256_add_epi16(cb, cb)), times(cb, fix(1.772) - (2 << 16)));
    let factors = -fix(0.344_14) & 0xffff | ((1 << 16) - fix(0.714_14)) << 16;
    let scaled = |pairs: __m256i| {
        let sum = _mm256_madd_epi16(pairs, _mm256_set1_epi32(factors));
        _mm256_srai_epi32::<16>(_mm256_add_epi32(sum, _mm256_set1_epi32(HALF)))
    };
    let less = _mm256_packs_epi32(scaled(_mm256_unpacklo_epi16(cb, cr)), scaled(_mm256_unpackhi_epi16(cb, cr)));
    let green = _mm256_add_epi16(_mm256_sub_epi16(y, cr), less);
    [bytes(red), bytes(green), bytes(blue)]
}

/// Clamps to bytes.
#[target_feature(enable = "avx2")]
fn bytes(values: __m256i) -> __m128i {
    let packed = _mm256_permute4x64_epi64::<0b1000>(_mm256_packus_epi16(values, values));
    _mm256_castsi256_si128(packed)
}

#[target_feature(enable = "avx2")]
fn store(red: __m128i, green: __m128i, blue: __m128i, to: &mut [u8; 3 * PIXELS]) {
    // For each third of the pixels where its bytes come from; −1 is nowhere.
    let places = [
        [
            _mm_setr_epi8(0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1, -1, 5),
            _mm_setr_epi8(-1, 0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1, -1),
            _mm_setr_epi8(-1, -1, 0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1),
        ],
        [
            _mm_setr_epi8(-1, -1, 6, -1, -1, 7, -1, -1, 8, -1, -1, 9, -1, -1, 10, -1),
            _mm_setr_epi8(5, -1, -1, 6, -1, -1, 7, -1, -1, 8, -1, -1, 9, -1, -1, 10),
            _mm_setr_epi8(-1, 5, -1, -1, 6, -1, -1, 7, -1, -1, 8, -1, -1, 9, -1, -1),
        ],
        [
            _mm_setr_epi8(-1, 11, -1, -1, 12, -1, -1, 13, -1, -1, 14, -1, -1, 15, -1, -1),
            _mm_setr_epi8(-1, -1, 11, -1, -1, 12, -1, -1, 13, -1, -1, 14, -1, -1, 15, -1),
            _mm_setr_epi8(10, -1, -1, 11, -1, -1, 12, -1, -1, 13, -1, -1, 14, -1, -1, 15),
        ],
    ];
    for (to, [red_at, green_at, blue_at]) in to.as_chunks_mut::<16>().0.iter_mut().zip(places) {
        let all = _mm_or_si128(_mm_shuffle_epi8(red, red_at), _mm_shuffle_epi8(green, green_at));
        let all = _mm_or_si128(all, _mm_shuffle_epi8(blue, blue_at));
        // SAFETY: there is room for the vector.
        unsafe { _mm_storeu_si128(to.as_mut_ptr().cast(), all) }
    }
}
