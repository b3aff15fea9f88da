//! Vectors of 256 bits on x86-64 with AVX2, as two halves side by side: functions that have the names and meaning of those
//! in `sse41.rs`, for each half. To be called from functions that are compiled for AVX2.

use std::arch::x86_64::*;

/// Twice eight integers of 16 bits.
pub(crate) type Words = __m256i;
/// Twice four integers of 32 bits.
pub(crate) type Sums = __m256i;

/// Defines functions that are compiled for AVX2.
macro_rules! avx2_functions {
    ($(fn $name:ident($($arg:ident: $type:ty),*) -> $result:ty $body:block)*) => {
        $(
            #[target_feature(enable = "avx2")]
            #[inline]
            pub(crate) fn $name($($arg: $type),*) -> $result $body
        )*
    };
}

avx2_functions! {
    fn splat_sums(value: i32) -> Sums {
        _mm256_set1_epi32(value)
    }
    fn splat_pair(first: i16, second: i16) -> Words {
        _mm256_set1_epi32(i32::from(first as u16) | i32::from(second) << 16)
    }
    fn add_words(a: Words, b: Words) -> Words {
        _mm256_add_epi16(a, b)
    }
    fn subtract_words(a: Words, b: Words) -> Words {
        _mm256_sub_epi16(a, b)
    }
    fn absolute_words(words: Words) -> Words {
        _mm256_abs_epi16(words)
    }
    fn with_signs(words: Words, signs: Words) -> Words {
        let mask = _mm256_srai_epi16::<15>(signs);
        _mm256_sub_epi16(_mm256_xor_si256(words, mask), mask)
    }
    fn multiply_words_high(a: Words, b: Words) -> Words {
        _mm256_mulhi_epu16(a, b)
    }
    fn shift_words_left(words: Words, bits: u32) -> Words {
        _mm256_sll_epi16(words, _mm_cvtsi32_si128(bits as i32))
    }
    fn shift_words_right(words: Words, bits: u32) -> Words {
        _mm256_sra_epi16(words, _mm_cvtsi32_si128(bits as i32))
    }
    fn interleave_low(a: Words, b: Words) -> Words {
        _mm256_unpacklo_epi16(a, b)
    }
    fn interleave_high(a: Words, b: Words) -> Words {
        _mm256_unpackhi_epi16(a, b)
    }
    fn interleave_pairs_low(a: Words, b: Words) -> Words {
        _mm256_unpacklo_epi32(a, b)
    }
    fn interleave_pairs_high(a: Words, b: Words) -> Words {
        _mm256_unpackhi_epi32(a, b)
    }
    fn low_halves(a: Words, b: Words) -> Words {
        _mm256_unpacklo_epi64(a, b)
    }
    fn high_halves(a: Words, b: Words) -> Words {
        _mm256_unpackhi_epi64(a, b)
    }
    fn multiply_pairs(a: Words, b: Words) -> Sums {
        _mm256_madd_epi16(a, b)
    }
    fn add(a: Sums, b: Sums) -> Sums {
        _mm256_add_epi32(a, b)
    }
    fn shift_right(sums: Sums, bits: u32) -> Sums {
        _mm256_sra_epi32(sums, _mm_cvtsi32_si128(bits as i32))
    }
    fn pack_signed(a: Sums, b: Sums) -> Words {
        _mm256_packs_epi32(a, b)
    }
}
