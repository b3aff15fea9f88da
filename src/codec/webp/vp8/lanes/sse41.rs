//! The lanes as pairs of 128-bit vectors of SSE4.1.
#![allow(unsafe_code)] // Intrinsics; this module is only compiled where the target has the instructions.

use std::arch::x86_64::*;

use super::{Bytes, Lanes};

#[derive(Clone, Copy)]
pub(in super::super) struct PairLanes([__m128i; 2]);

/// Methods whose body applies an expression to each half.
macro_rules! halves {
    ($(fn $name:ident($a:ident $(, $b:ident)?) = $body:expr;)*) => {
        $(
            #[inline(always)]
            fn $name(self $(, $b: Self)?) -> Self {
                let half = |$a: __m128i $(, $b: __m128i)?| {
                    // SAFETY: the target has SSE4.1, or the module would not be there.
                    unsafe { $body }
                };
                Self([half(self.0[0] $(, $b.0[0])?), half(self.0[1] $(, $b.0[1])?)])
            }
        )*
    };
}

impl Bytes for __m128i {
    #[inline(always)]
    fn load(from: &[u8; 16]) -> Self {
        // SAFETY: sixteen bytes are readable; the target has the instruction.
        unsafe { _mm_loadu_si128(from.as_ptr().cast()) }
    }
    #[inline(always)]
    fn store(self, to: &mut [u8; 16]) {
        // SAFETY: sixteen bytes are writable; the target has the instruction.
        unsafe { _mm_storeu_si128(to.as_mut_ptr().cast(), self) }
    }
    #[inline(always)]
    fn from_words(low: u64, high: u64) -> Self {
        // SAFETY: the target has the instruction.
        unsafe { _mm_set_epi64x(high as i64, low as i64) }
    }
    #[inline(always)]
    fn shuffle(self, order: &[u8; 16]) -> Self {
        // SAFETY: the target has the instruction.
        unsafe { _mm_shuffle_epi8(self, Self::load(order)) }
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        // SAFETY: the target has the instruction.
        unsafe { _mm_or_si128(self, other) }
    }
    #[inline(always)]
    fn average(self, other: Self) -> Self {
        // SAFETY: the target has the instruction.
        unsafe { _mm_avg_epu8(self, other) }
    }
    #[inline(always)]
    fn average3(self, a: Self, b: Self) -> Self {
        // SAFETY: the target has the instructions.
        unsafe {
            // The outer two averaged downwards, so that only the last average rounds up.
            let odd = _mm_and_si128(_mm_xor_si128(a, b), _mm_set1_epi8(1));
            _mm_avg_epu8(self, _mm_sub_epi8(_mm_avg_epu8(a, b), odd))
        }
    }
    #[inline(always)]
    fn transpose_groups([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        // SAFETY: the target has the instructions.
        unsafe {
            let (ab_low, ab_high) = (_mm_unpacklo_epi32(a, b), _mm_unpackhi_epi32(a, b));
            let (cd_low, cd_high) = (_mm_unpacklo_epi32(c, d), _mm_unpackhi_epi32(c, d));
            [
                _mm_unpacklo_epi64(ab_low, cd_low),
                _mm_unpackhi_epi64(ab_low, cd_low),
                _mm_unpacklo_epi64(ab_high, cd_high),
                _mm_unpackhi_epi64(ab_high, cd_high),
            ]
        }
    }
}

impl Lanes for PairLanes {
    type Bytes = __m128i;

    #[inline(always)]
    fn splat(value: i16) -> Self {
        // SAFETY: the target has the instruction.
        Self([unsafe { _mm_set1_epi16(value) }; 2])
    }
    #[inline(always)]
    fn load(from: &[i16; 16]) -> Self {
        let from: *const __m128i = from.as_ptr().cast();
        // SAFETY: 32 bytes are readable; the target has the instruction.
        unsafe { Self([_mm_loadu_si128(from), _mm_loadu_si128(from.add(1))]) }
    }
    #[inline(always)]
    fn store(self, to: &mut [i16; 16]) {
        let to: *mut __m128i = to.as_mut_ptr().cast();
        // SAFETY: 32 bytes are writable; the target has the instruction.
        unsafe {
            _mm_storeu_si128(to, self.0[0]);
            _mm_storeu_si128(to.add(1), self.0[1]);
        }
    }
    #[inline(always)]
    fn widen(bytes: __m128i) -> Self {
        // SAFETY: the target has the instructions.
        unsafe { Self([_mm_cvtepu8_epi16(bytes), _mm_unpackhi_epi8(bytes, _mm_setzero_si128())]) }
    }
    #[inline(always)]
    fn narrow(self) -> __m128i {
        // SAFETY: the target has the instruction.
        unsafe { _mm_packus_epi16(self.0[0], self.0[1]) }
    }
    halves! {
        fn add(a, b) = _mm_add_epi16(a, b);
        fn add_saturating(a, b) = _mm_adds_epu16(a, b);
        fn sub(a, b) = _mm_sub_epi16(a, b);
        fn mul(a, b) = _mm_mullo_epi16(a, b);
        fn mul_high(a, b) = _mm_mulhi_epi16(a, b);
        fn mul_high_unsigned(a, b) = _mm_mulhi_epu16(a, b);
        fn mul_round(a, b) = _mm_mulhrs_epi16(a, b);
        fn abs(a) = _mm_abs_epi16(a);
        fn min_unsigned(a, b) = _mm_min_epu16(a, b);
        fn and(a, b) = _mm_and_si128(a, b);
        fn or(a, b) = _mm_or_si128(a, b);
        fn xor(a, b) = _mm_xor_si128(a, b);
        fn equal(a, b) = _mm_cmpeq_epi16(a, b);
        fn greater(a, b) = _mm_cmpgt_epi16(a, b);
    }
    #[inline(always)]
    fn select(mask: Self, yes: Self, no: Self) -> Self {
        let half = |at: usize| {
            // SAFETY: the target has the instruction.
            unsafe { _mm_blendv_epi8(no.0[at], yes.0[at], mask.0[at]) }
        };
        Self([half(0), half(1)])
    }
    #[inline(always)]
    fn shift_left<const BITS: i32>(self) -> Self {
        // SAFETY: the target has the instruction.
        Self(self.0.map(|half| unsafe { _mm_slli_epi16::<BITS>(half) }))
    }
    #[inline(always)]
    fn shift_right<const BITS: i32>(self) -> Self {
        // SAFETY: the target has the instruction.
        Self(self.0.map(|half| unsafe { _mm_srai_epi16::<BITS>(half) }))
    }
    #[inline(always)]
    fn lookup(self, table: &[u8; 16]) -> Self {
        // SAFETY: the target has the instructions. The high byte of each lane names nothing, which gives 0.
        unsafe {
            let table = Bytes::load(table);
            let high = _mm_set1_epi16(i16::MIN);
            Self(self.0.map(|half| _mm_shuffle_epi8(table, _mm_or_si128(half, high))))
        }
    }
    #[inline(always)]
    fn minimum(self) -> (u16, usize) {
        // SAFETY: the target has the instructions.
        let [low, high] = self.0.map(|half| unsafe { _mm_cvtsi128_si32(_mm_minpos_epu16(half)) as u32 });
        // Value in the low half, lane above it.
        if high as u16 >= low as u16 {
            (low as u16, (low >> 16) as usize)
        } else {
            (high as u16, (high >> 16) as usize + 8)
        }
    }
    #[inline(always)]
    fn sum(self) -> u32 {
        // SAFETY: the target has the instructions.
        unsafe {
            let [low, high] = self.0;
            let ones = _mm_set1_epi32(0xffff);
            let even = _mm_add_epi32(_mm_and_si128(low, ones), _mm_and_si128(high, ones));
            let odd = _mm_add_epi32(_mm_srli_epi32::<16>(low), _mm_srli_epi32::<16>(high));
            let sums = _mm_add_epi32(even, odd);
            let sums = _mm_add_epi32(sums, _mm_shuffle_epi32::<0b01_00_11_10>(sums));
            let sums = _mm_add_epi32(sums, _mm_shuffle_epi32::<0b10_11_00_01>(sums));
            _mm_cvtsi128_si32(sums) as u32
        }
    }
    #[inline(always)]
    fn mask(self) -> u16 {
        // SAFETY: the target has the instructions; packing saturates, which keeps the sign.
        unsafe { _mm_movemask_epi8(_mm_packs_epi16(self.0[0], self.0[1])) as u16 }
    }
    #[inline(always)]
    fn from_mask(mask: u16) -> Self {
        let bits = Self::load(&super::LANE_BITS);
        Self::splat(mask as i16).and(bits).equal(bits)
    }
    #[inline(always)]
    fn is_zero(self) -> bool {
        // SAFETY: the target has the instructions.
        unsafe {
            let all = _mm_or_si128(self.0[0], self.0[1]);
            _mm_testz_si128(all, all) != 0
        }
    }
}
