//! Vectors of 128 bits on x86-64 with SSE4.1. The functions are those of `neon.rs`.
#![allow(unsafe_code)] // Intrinsics; this module is only compiled where the target has the instructions.

use std::arch::x86_64::*;

use super::vector_functions;

/// Eight integers of 16 bits.
pub(crate) type Words = __m128i;
/// Four integers of 32 bits.
pub(crate) type Sums = __m128i;
/// Sixteen bytes.
pub(crate) type Bytes = __m128i;

vector_functions! {
    fn load_bytes(from: &[u8; 16]) -> Bytes {
        _mm_loadu_si128(from.as_ptr().cast())
    }
    fn load_words(from: &[i16; 8]) -> Words {
        _mm_loadu_si128(from.as_ptr().cast())
    }
    /// Less 32768 each.
    fn load_unsigned(from: &[u16; 8]) -> Words {
        _mm_xor_si128(_mm_loadu_si128(from.as_ptr().cast()), _mm_set1_epi16(i16::MIN))
    }
    fn splat_sums(value: i32) -> Sums {
        _mm_set1_epi32(value)
    }
    /// `first` and `second` in turns.
    fn splat_pair(first: i16, second: i16) -> Words {
        _mm_set1_epi32(i32::from(first as u16) | i32::from(second) << 16)
    }
    /// Bytes as words, the lower eight and the upper eight.
    fn widen(bytes: Bytes) -> [Words; 2] {
        [_mm_cvtepu8_epi16(bytes), _mm_unpackhi_epi8(bytes, _mm_setzero_si128())]
    }
    /// The bytes that `order` names, 0 for −1.
    fn shuffle(bytes: Bytes, order: &[i8; 16]) -> Words {
        _mm_shuffle_epi8(bytes, _mm_loadu_si128(order.as_ptr().cast()))
    }
    /// The bytes that `order` names, 0 for −1.
    fn shuffle_words(words: Words, order: &[i8; 16]) -> Words {
        _mm_shuffle_epi8(words, _mm_loadu_si128(order.as_ptr().cast()))
    }
    /// To nearest, halves to even.
    fn round(from: &[f32; 4]) -> Sums {
        _mm_cvtps_epi32(_mm_loadu_ps(from.as_ptr()))
    }
    fn add_words(a: Words, b: Words) -> Words {
        _mm_add_epi16(a, b)
    }
    /// The low halves of products.
    fn multiply_words(a: Words, b: Words) -> Words {
        _mm_mullo_epi16(a, b)
    }
    /// Unsigned words less 32768 each.
    fn less_32768(words: Words) -> Words {
        _mm_xor_si128(words, _mm_set1_epi16(i16::MIN))
    }
    fn add(a: Sums, b: Sums) -> Sums {
        _mm_add_epi32(a, b)
    }
    fn subtract(a: Sums, b: Sums) -> Sums {
        _mm_sub_epi32(a, b)
    }
    /// Products, each two neighbours added.
    fn multiply_pairs(a: Words, b: Words) -> Sums {
        _mm_madd_epi16(a, b)
    }
    /// The low halves of products.
    fn multiply(a: Sums, b: Sums) -> Sums {
        _mm_mullo_epi32(a, b)
    }
    /// The high halves of products of unsigned numbers.
    fn multiply_high(a: Sums, b: Sums) -> Sums {
        let even = _mm_srli_epi64::<32>(_mm_mul_epu32(a, b));
        let odd = _mm_mul_epu32(_mm_srli_epi64::<32>(a), _mm_srli_epi64::<32>(b));
        _mm_blend_epi16::<0b1100_1100>(even, odd)
    }
    fn shift_right(sums: Sums, bits: u32) -> Sums {
        _mm_sra_epi32(sums, _mm_cvtsi32_si128(bits as i32))
    }
    /// Of unsigned numbers, by 24 bits.
    fn highest_byte(sums: Sums) -> Sums {
        _mm_srli_epi32::<24>(sums)
    }
    /// The sum of the first and third lane, and of the second and fourth, in the first two.
    fn add_halves(sums: Sums) -> Sums {
        _mm_add_epi32(sums, _mm_shuffle_epi32::<0b1110>(sums))
    }
    /// The sum of the first two lanes in the first.
    fn add_first_two(sums: Sums) -> Sums {
        _mm_add_epi32(sums, _mm_shuffle_epi32::<0b01>(sums))
    }
    /// Clipped to signed words.
    fn pack_signed(a: Sums, b: Sums) -> Words {
        _mm_packs_epi32(a, b)
    }
    /// Clipped to unsigned words.
    fn pack_unsigned(a: Sums, b: Sums) -> Words {
        _mm_packus_epi32(a, b)
    }
    /// Clipped to bytes.
    fn pack_bytes(a: Words, b: Words) -> Bytes {
        _mm_packus_epi16(a, b)
    }
    /// Clipped to signed bytes.
    fn pack_signed_bytes(a: Words, b: Words) -> Bytes {
        _mm_packs_epi16(a, b)
    }
    fn bytes_of(bytes: Bytes) -> [u8; 16] {
        std::mem::transmute(bytes)
    }
    fn words_of(words: Words) -> [i16; 8] {
        std::mem::transmute(words)
    }
    fn sums_of(sums: Sums) -> [i32; 4] {
        std::mem::transmute(sums)
    }
    fn subtract_words(a: Words, b: Words) -> Words {
        _mm_sub_epi16(a, b)
    }
    fn absolute_words(words: Words) -> Words {
        _mm_abs_epi16(words)
    }
    /// `words`, negated where `signs` is negative.
    fn with_signs(words: Words, signs: Words) -> Words {
        let mask = _mm_srai_epi16::<15>(signs);
        _mm_sub_epi16(_mm_xor_si128(words, mask), mask)
    }
    /// The high halves of products of unsigned words.
    fn multiply_words_high(a: Words, b: Words) -> Words {
        _mm_mulhi_epu16(a, b)
    }
    fn shift_words_left(words: Words, bits: u32) -> Words {
        _mm_sll_epi16(words, _mm_cvtsi32_si128(bits as i32))
    }
    fn shift_words_right(words: Words, bits: u32) -> Words {
        _mm_sra_epi16(words, _mm_cvtsi32_si128(bits as i32))
    }
    /// The lower words of `a` and `b` in turns.
    fn interleave_low(a: Words, b: Words) -> Words {
        _mm_unpacklo_epi16(a, b)
    }
    /// The upper words of `a` and `b` in turns.
    fn interleave_high(a: Words, b: Words) -> Words {
        _mm_unpackhi_epi16(a, b)
    }
    /// The lower pairs of words of `a` and `b` in turns.
    fn interleave_pairs_low(a: Words, b: Words) -> Words {
        _mm_unpacklo_epi32(a, b)
    }
    /// The upper pairs of words of `a` and `b` in turns.
    fn interleave_pairs_high(a: Words, b: Words) -> Words {
        _mm_unpackhi_epi32(a, b)
    }
    /// The lower halves of `a` and `b`.
    fn low_halves(a: Words, b: Words) -> Words {
        _mm_unpacklo_epi64(a, b)
    }
    /// The upper halves of `a` and `b`.
    fn high_halves(a: Words, b: Words) -> Words {
        _mm_unpackhi_epi64(a, b)
    }
}
