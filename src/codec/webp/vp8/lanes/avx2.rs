//! The lanes as 256-bit vectors of AVX2. Only kernels that were entered with proof of AVX2 may use them.
#![allow(unsafe_code)] // Intrinsics: see `lane_kernel`, the only place that names the type.

use std::arch::x86_64::*;

use super::{Bytes, Lanes};

#[derive(Clone, Copy)]
pub(in super::super) struct Avx2Lanes(__m256i);

/// Methods of one expression.
macro_rules! methods {
    ($(fn $name:ident($a:ident $(, $b:ident)?) = $body:expr;)*) => {
        $(
            #[inline(always)]
            fn $name(self $(, $b: Self)?) -> Self {
                let $a = self.0;
                $(let $b = $b.0;)?
                // SAFETY: kernels use the type on processors that have AVX2 only.
                Self(unsafe { $body })
            }
        )*
    };
}

impl Lanes for Avx2Lanes {
    type Bytes = __m128i;

    #[inline(always)]
    fn splat(value: i16) -> Self {
        // SAFETY: the processor has AVX2.
        Self(unsafe { _mm256_set1_epi16(value) })
    }
    #[inline(always)]
    fn load(from: &[i16; 16]) -> Self {
        // SAFETY: 32 bytes are readable; the processor has AVX2.
        Self(unsafe { _mm256_loadu_si256(from.as_ptr().cast()) })
    }
    #[inline(always)]
    fn store(self, to: &mut [i16; 16]) {
        // SAFETY: 32 bytes are writable; the processor has AVX2.
        unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), self.0) }
    }
    #[inline(always)]
    fn widen(bytes: __m128i) -> Self {
        // SAFETY: the processor has AVX2.
        Self(unsafe { _mm256_cvtepu8_epi16(bytes) })
    }
    #[inline(always)]
    fn narrow(self) -> __m128i {
        // SAFETY: the processor has AVX2.
        unsafe { _mm_packus_epi16(_mm256_castsi256_si128(self.0), _mm256_extracti128_si256::<1>(self.0)) }
    }
    methods! {
        fn add(a, b) = _mm256_add_epi16(a, b);
        fn add_saturating(a, b) = _mm256_adds_epu16(a, b);
        fn sub(a, b) = _mm256_sub_epi16(a, b);
        fn mul(a, b) = _mm256_mullo_epi16(a, b);
        fn mul_high(a, b) = _mm256_mulhi_epi16(a, b);
        fn mul_high_unsigned(a, b) = _mm256_mulhi_epu16(a, b);
        fn mul_round(a, b) = _mm256_mulhrs_epi16(a, b);
        fn abs(a) = _mm256_abs_epi16(a);
        fn min_unsigned(a, b) = _mm256_min_epu16(a, b);
        fn and(a, b) = _mm256_and_si256(a, b);
        fn or(a, b) = _mm256_or_si256(a, b);
        fn xor(a, b) = _mm256_xor_si256(a, b);
        fn equal(a, b) = _mm256_cmpeq_epi16(a, b);
        fn greater(a, b) = _mm256_cmpgt_epi16(a, b);
    }
    #[inline(always)]
    fn select(mask: Self, yes: Self, no: Self) -> Self {
        // SAFETY: the processor has AVX2.
        Self(unsafe { _mm256_blendv_epi8(no.0, yes.0, mask.0) })
    }
    #[inline(always)]
    fn shift_left<const BITS: i32>(self) -> Self {
        // SAFETY: the processor has AVX2.
        Self(unsafe { _mm256_slli_epi16::<BITS>(self.0) })
    }
    #[inline(always)]
    fn shift_right<const BITS: i32>(self) -> Self {
        // SAFETY: the processor has AVX2.
        Self(unsafe { _mm256_srai_epi16::<BITS>(self.0) })
    }
    #[inline(always)]
    fn lookup(self, table: &[u8; 16]) -> Self {
        // SAFETY: the processor has AVX2. The high byte of each lane names nothing, which gives 0.
        Self(unsafe {
            let table = _mm256_broadcastsi128_si256(Bytes::load(table));
            _mm256_shuffle_epi8(table, _mm256_or_si256(self.0, _mm256_set1_epi16(i16::MIN)))
        })
    }
    #[inline(always)]
    fn minimum(self) -> (u16, usize) {
        // SAFETY: the processor has AVX2 and thereby SSE4.1.
        let (low, high) = unsafe {
            let low = _mm_minpos_epu16(_mm256_castsi256_si128(self.0));
            let high = _mm_minpos_epu16(_mm256_extracti128_si256::<1>(self.0));
            (_mm_cvtsi128_si32(low) as u32, _mm_cvtsi128_si32(high) as u32)
        };
        // Value in the low half, lane above it.
        if high as u16 >= low as u16 {
            (low as u16, (low >> 16) as usize)
        } else {
            (high as u16, (high >> 16) as usize + 8)
        }
    }
    #[inline(always)]
    fn sum(self) -> u32 {
        // SAFETY: the processor has AVX2.
        unsafe {
            let pairs =
                _mm256_add_epi32(_mm256_and_si256(self.0, _mm256_set1_epi32(0xffff)), _mm256_srli_epi32::<16>(self.0));
            let sums = _mm_add_epi32(_mm256_castsi256_si128(pairs), _mm256_extracti128_si256::<1>(pairs));
            let sums = _mm_add_epi32(sums, _mm_shuffle_epi32::<0b01_00_11_10>(sums));
            let sums = _mm_add_epi32(sums, _mm_shuffle_epi32::<0b10_11_00_01>(sums));
            _mm_cvtsi128_si32(sums) as u32
        }
    }
    #[inline(always)]
    fn mask(self) -> u16 {
        // SAFETY: the processor has AVX2; packing saturates, which keeps the sign.
        unsafe {
            let (low, high) = (_mm256_castsi256_si128(self.0), _mm256_extracti128_si256::<1>(self.0));
            _mm_movemask_epi8(_mm_packs_epi16(low, high)) as u16
        }
    }
    #[inline(always)]
    fn from_mask(mask: u16) -> Self {
        let bits = Self::load(&super::LANE_BITS);
        Self::splat(mask as i16).and(bits).equal(bits)
    }
    #[inline(always)]
    fn is_zero(self) -> bool {
        // SAFETY: the processor has AVX2.
        unsafe { _mm256_testz_si256(self.0, self.0) != 0 }
    }
}
