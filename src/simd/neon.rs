//! Vectors of 128 bits on 64-bit Arm with NEON. The functions are those of `sse41.rs`.
#![allow(unsafe_code)] // Intrinsics; this module is only compiled where the target has the instructions.

use std::arch::aarch64::*;

use super::vector_functions;

/// Eight integers of 16 bits.
pub(crate) type Words = int16x8_t;
/// Four integers of 32 bits.
pub(crate) type Sums = int32x4_t;
/// Sixteen bytes.
pub(crate) type Bytes = uint8x16_t;

vector_functions! {
    fn load_bytes(from: &[u8; 16]) -> Bytes {
        vld1q_u8(from.as_ptr())
    }
    fn load_words(from: &[i16; 8]) -> Words {
        vld1q_s16(from.as_ptr())
    }
    /// Less 32768 each.
    fn load_unsigned(from: &[u16; 8]) -> Words {
        vreinterpretq_s16_u16(veorq_u16(vld1q_u16(from.as_ptr()), vdupq_n_u16(0x8000)))
    }
    fn splat_sums(value: i32) -> Sums {
        vdupq_n_s32(value)
    }
    /// `first` and `second` in turns.
    fn splat_pair(first: i16, second: i16) -> Words {
        vreinterpretq_s16_s32(vdupq_n_s32(i32::from(first as u16) | i32::from(second) << 16))
    }
    /// Bytes as words, the lower eight and the upper eight.
    fn widen(bytes: Bytes) -> [Words; 2] {
        [vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(bytes))), vreinterpretq_s16_u16(vmovl_high_u8(bytes))]
    }
    /// The bytes that `order` names, 0 for −1.
    fn shuffle(bytes: Bytes, order: &[i8; 16]) -> Words {
        vreinterpretq_s16_u8(vqtbl1q_u8(bytes, vreinterpretq_u8_s8(vld1q_s8(order.as_ptr()))))
    }
    /// The bytes that `order` names, 0 for −1.
    fn shuffle_words(words: Words, order: &[i8; 16]) -> Words {
        vreinterpretq_s16_u8(vqtbl1q_u8(vreinterpretq_u8_s16(words), vreinterpretq_u8_s8(vld1q_s8(order.as_ptr()))))
    }
    /// To nearest, halves to even.
    fn round(from: &[f32; 4]) -> Sums {
        vcvtnq_s32_f32(vld1q_f32(from.as_ptr()))
    }
    fn add_words(a: Words, b: Words) -> Words {
        vaddq_s16(a, b)
    }
    /// The low halves of products.
    fn multiply_words(a: Words, b: Words) -> Words {
        vmulq_s16(a, b)
    }
    /// Unsigned words less 32768 each.
    fn less_32768(words: Words) -> Words {
        veorq_s16(words, vdupq_n_s16(i16::MIN))
    }
    fn add(a: Sums, b: Sums) -> Sums {
        vaddq_s32(a, b)
    }
    fn subtract(a: Sums, b: Sums) -> Sums {
        vsubq_s32(a, b)
    }
    /// Products, each two neighbours added.
    fn multiply_pairs(a: Words, b: Words) -> Sums {
        vpaddq_s32(vmull_s16(vget_low_s16(a), vget_low_s16(b)), vmull_high_s16(a, b))
    }
    /// The low halves of products.
    fn multiply(a: Sums, b: Sums) -> Sums {
        vmulq_s32(a, b)
    }
    /// The high halves of products of unsigned numbers.
    fn multiply_high(a: Sums, b: Sums) -> Sums {
        let (a, b) = (vreinterpretq_u32_s32(a), vreinterpretq_u32_s32(b));
        let (low, high) = (vmull_u32(vget_low_u32(a), vget_low_u32(b)), vmull_high_u32(a, b));
        vreinterpretq_s32_u32(vuzp2q_u32(vreinterpretq_u32_u64(low), vreinterpretq_u32_u64(high)))
    }
    fn shift_right(sums: Sums, bits: u32) -> Sums {
        vshlq_s32(sums, vdupq_n_s32(-(bits as i32)))
    }
    /// Of unsigned numbers, by 24 bits.
    fn highest_byte(sums: Sums) -> Sums {
        vreinterpretq_s32_u32(vshrq_n_u32::<24>(vreinterpretq_u32_s32(sums)))
    }
    /// The sum of the first and third lane, and of the second and fourth, in the first two.
    fn add_halves(sums: Sums) -> Sums {
        vaddq_s32(sums, vextq_s32::<2>(sums, sums))
    }
    /// The sum of the first two lanes in the first.
    fn add_first_two(sums: Sums) -> Sums {
        vpaddq_s32(sums, sums)
    }
    /// Clipped to signed words.
    fn pack_signed(a: Sums, b: Sums) -> Words {
        vcombine_s16(vqmovn_s32(a), vqmovn_s32(b))
    }
    /// Clipped to unsigned words.
    fn pack_unsigned(a: Sums, b: Sums) -> Words {
        vreinterpretq_s16_u16(vcombine_u16(vqmovun_s32(a), vqmovun_s32(b)))
    }
    /// Clipped to bytes.
    fn pack_bytes(a: Words, b: Words) -> Bytes {
        vcombine_u8(vqmovun_s16(a), vqmovun_s16(b))
    }
    /// Clipped to signed bytes.
    fn pack_signed_bytes(a: Words, b: Words) -> Bytes {
        vreinterpretq_u8_s8(vcombine_s8(vqmovn_s16(a), vqmovn_s16(b)))
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
        vsubq_s16(a, b)
    }
    fn absolute_words(words: Words) -> Words {
        vabsq_s16(words)
    }
    /// `words`, negated where `signs` is negative.
    fn with_signs(words: Words, signs: Words) -> Words {
        let mask = vshrq_n_s16::<15>(signs);
        vsubq_s16(veorq_s16(words, mask), mask)
    }
    /// The high halves of products of unsigned words.
    fn multiply_words_high(a: Words, b: Words) -> Words {
        let (a, b) = (vreinterpretq_u16_s16(a), vreinterpretq_u16_s16(b));
        let (low, high) = (vmull_u16(vget_low_u16(a), vget_low_u16(b)), vmull_high_u16(a, b));
        vreinterpretq_s16_u16(vuzp2q_u16(vreinterpretq_u16_u32(low), vreinterpretq_u16_u32(high)))
    }
    fn shift_words_left(words: Words, bits: u32) -> Words {
        vshlq_s16(words, vdupq_n_s16(bits as i16))
    }
    fn shift_words_right(words: Words, bits: u32) -> Words {
        vshlq_s16(words, vdupq_n_s16(-(bits as i16)))
    }
    /// The lower words of `a` and `b` in turns.
    fn interleave_low(a: Words, b: Words) -> Words {
        vzip1q_s16(a, b)
    }
    /// The upper words of `a` and `b` in turns.
    fn interleave_high(a: Words, b: Words) -> Words {
        vzip2q_s16(a, b)
    }
    /// The lower pairs of words of `a` and `b` in turns.
    fn interleave_pairs_low(a: Words, b: Words) -> Words {
        vreinterpretq_s16_s32(vzip1q_s32(vreinterpretq_s32_s16(a), vreinterpretq_s32_s16(b)))
    }
    /// The upper pairs of words of `a` and `b` in turns.
    fn interleave_pairs_high(a: Words, b: Words) -> Words {
        vreinterpretq_s16_s32(vzip2q_s32(vreinterpretq_s32_s16(a), vreinterpretq_s32_s16(b)))
    }
    /// The lower halves of `a` and `b`.
    fn low_halves(a: Words, b: Words) -> Words {
        vreinterpretq_s16_s64(vzip1q_s64(vreinterpretq_s64_s16(a), vreinterpretq_s64_s16(b)))
    }
    /// The upper halves of `a` and `b`.
    fn high_halves(a: Words, b: Words) -> Words {
        vreinterpretq_s16_s64(vzip2q_s64(vreinterpretq_s64_s16(a), vreinterpretq_s64_s16(b)))
    }
}
