//! The lanes as pairs of 128-bit vectors of NEON.
#![allow(unsafe_code)] // Intrinsics; this module is only compiled where the target has the instructions.

use std::arch::aarch64::*;

use super::{Bytes, Lanes};

#[derive(Clone, Copy)]
pub(in super::super) struct PairLanes([int16x8_t; 2]);

/// Methods whose body applies an expression to each half.
macro_rules! halves {
    ($(fn $name:ident($a:ident $(, $b:ident)?) = $body:expr;)*) => {
        $(
            #[inline(always)]
            fn $name(self $(, $b: Self)?) -> Self {
                let half = |$a: int16x8_t $(, $b: int16x8_t)?| {
                    // SAFETY: the target has NEON, or the module would not be there.
                    unsafe { $body }
                };
                Self([half(self.0[0] $(, $b.0[0])?), half(self.0[1] $(, $b.0[1])?)])
            }
        )*
    };
}

impl Bytes for uint8x16_t {
    #[inline(always)]
    fn load(from: &[u8; 16]) -> Self {
        // SAFETY: sixteen bytes are readable; the target has NEON.
        unsafe { vld1q_u8(from.as_ptr()) }
    }
    #[inline(always)]
    fn store(self, to: &mut [u8; 16]) {
        // SAFETY: sixteen bytes are writable; the target has NEON.
        unsafe { vst1q_u8(to.as_mut_ptr(), self) }
    }
    #[inline(always)]
    fn from_words(low: u64, high: u64) -> Self {
        // SAFETY: the target has NEON.
        unsafe { vreinterpretq_u8_u64(vcombine_u64(vcreate_u64(low), vcreate_u64(high))) }
    }
    #[inline(always)]
    fn shuffle(self, order: &[u8; 16]) -> Self {
        // SAFETY: the target has NEON; a place beyond the table gives 0.
        unsafe { vqtbl1q_u8(self, Self::load(order)) }
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        // SAFETY: the target has NEON.
        unsafe { vorrq_u8(self, other) }
    }
    #[inline(always)]
    fn average(self, other: Self) -> Self {
        // SAFETY: the target has NEON.
        unsafe { vrhaddq_u8(self, other) }
    }
    #[inline(always)]
    fn average3(self, a: Self, b: Self) -> Self {
        // SAFETY: the target has NEON.
        unsafe { vrhaddq_u8(self, vhaddq_u8(a, b)) }
    }
    #[inline(always)]
    fn transpose_groups(rows: [Self; 4]) -> [Self; 4] {
        // SAFETY: the target has NEON.
        unsafe {
            let [a, b, c, d] = rows.map(|row| vreinterpretq_u32_u8(row));
            let pairs = |a, b| {
                let (low, high) = (vzip1q_u32(a, b), vzip2q_u32(a, b));
                (vreinterpretq_u64_u32(low), vreinterpretq_u64_u32(high))
            };
            let ((ab_low, ab_high), (cd_low, cd_high)) = (pairs(a, b), pairs(c, d));
            [
                vreinterpretq_u8_u64(vzip1q_u64(ab_low, cd_low)),
                vreinterpretq_u8_u64(vzip2q_u64(ab_low, cd_low)),
                vreinterpretq_u8_u64(vzip1q_u64(ab_high, cd_high)),
                vreinterpretq_u8_u64(vzip2q_u64(ab_high, cd_high)),
            ]
        }
    }
}

#[inline(always)]
fn unsigned(lanes: int16x8_t) -> uint16x8_t {
    // SAFETY: the target has NEON.
    unsafe { vreinterpretq_u16_s16(lanes) }
}

#[inline(always)]
fn signed(lanes: uint16x8_t) -> int16x8_t {
    // SAFETY: the target has NEON.
    unsafe { vreinterpretq_s16_u16(lanes) }
}

impl Lanes for PairLanes {
    type Bytes = uint8x16_t;

    #[inline(always)]
    fn splat(value: i16) -> Self {
        // SAFETY: the target has NEON.
        Self([unsafe { vdupq_n_s16(value) }; 2])
    }
    #[inline(always)]
    fn load(from: &[i16; 16]) -> Self {
        // SAFETY: 32 bytes are readable; the target has NEON.
        unsafe { Self([vld1q_s16(from.as_ptr()), vld1q_s16(from.as_ptr().add(8))]) }
    }
    #[inline(always)]
    fn store(self, to: &mut [i16; 16]) {
        // SAFETY: 32 bytes are writable; the target has NEON.
        unsafe {
            vst1q_s16(to.as_mut_ptr(), self.0[0]);
            vst1q_s16(to.as_mut_ptr().add(8), self.0[1]);
        }
    }
    #[inline(always)]
    fn widen(bytes: uint8x16_t) -> Self {
        // SAFETY: the target has NEON.
        unsafe { Self([signed(vmovl_u8(vget_low_u8(bytes))), signed(vmovl_high_u8(bytes))]) }
    }
    #[inline(always)]
    fn narrow(self) -> uint8x16_t {
        // SAFETY: the target has NEON.
        unsafe { vcombine_u8(vqmovun_s16(self.0[0]), vqmovun_s16(self.0[1])) }
    }
    halves! {
        fn add(a, b) = vaddq_s16(a, b);
        fn add_saturating(a, b) = signed(vqaddq_u16(unsigned(a), unsigned(b)));
        fn sub(a, b) = vsubq_s16(a, b);
        fn mul(a, b) = vmulq_s16(a, b);
        fn mul_high(a, b) = {
            let (low, high) = (vmull_s16(vget_low_s16(a), vget_low_s16(b)), vmull_high_s16(a, b));
            vuzp2q_s16(vreinterpretq_s16_s32(low), vreinterpretq_s16_s32(high))
        };
        fn mul_high_unsigned(a, b) = {
            let (a, b) = (unsigned(a), unsigned(b));
            let (low, high) = (vmull_u16(vget_low_u16(a), vget_low_u16(b)), vmull_high_u16(a, b));
            signed(vuzp2q_u16(vreinterpretq_u16_u32(low), vreinterpretq_u16_u32(high)))
        };
        fn mul_round(a, b) = vqrdmulhq_s16(a, b);
        fn abs(a) = vabsq_s16(a);
        fn min_unsigned(a, b) = signed(vminq_u16(unsigned(a), unsigned(b)));
        fn and(a, b) = vandq_s16(a, b);
        fn or(a, b) = vorrq_s16(a, b);
        fn xor(a, b) = veorq_s16(a, b);
        fn equal(a, b) = signed(vceqq_s16(a, b));
        fn greater(a, b) = signed(vcgtq_s16(a, b));
    }
    #[inline(always)]
    fn select(mask: Self, yes: Self, no: Self) -> Self {
        // SAFETY: the target has NEON.
        let half = |at: usize| unsafe { vbslq_s16(unsigned(mask.0[at]), yes.0[at], no.0[at]) };
        Self([half(0), half(1)])
    }
    #[inline(always)]
    fn shift_left<const BITS: i32>(self) -> Self {
        // SAFETY: the target has NEON.
        Self(self.0.map(|half| unsafe { vshlq_n_s16::<BITS>(half) }))
    }
    #[inline(always)]
    fn shift_right<const BITS: i32>(self) -> Self {
        // SAFETY: the target has NEON.
        Self(self.0.map(|half| unsafe { vshrq_n_s16::<BITS>(half) }))
    }
    #[inline(always)]
    fn lookup(self, table: &[u8; 16]) -> Self {
        // SAFETY: the target has NEON. The high byte of each lane names nothing, which gives 0.
        unsafe {
            let table = uint8x16_t::load(table);
            let high = vdupq_n_s16(i16::MIN);
            Self(
                self.0.map(|half| vreinterpretq_s16_u8(vqtbl1q_u8(table, vreinterpretq_u8_s16(vorrq_s16(half, high))))),
            )
        }
    }
    #[inline(always)]
    fn minimum(self) -> (u16, usize) {
        // SAFETY: the target has NEON.
        let least = unsafe { vminvq_u16(vminq_u16(unsigned(self.0[0]), unsigned(self.0[1]))) };
        (least, self.equal(Self::splat(least as i16)).mask().trailing_zeros() as usize)
    }
    #[inline(always)]
    fn sum(self) -> u32 {
        // SAFETY: the target has NEON.
        unsafe { vaddlvq_u16(unsigned(self.0[0])) + vaddlvq_u16(unsigned(self.0[1])) }
    }
    #[inline(always)]
    fn mask(self) -> u16 {
        let bits = Self::load(&super::LANE_BITS);
        let set = self.shift_right::<15>().and(bits);
        // SAFETY: the target has NEON.
        unsafe { vaddvq_u16(unsigned(set.0[0])) | vaddvq_u16(unsigned(set.0[1])) }
    }
    #[inline(always)]
    fn from_mask(mask: u16) -> Self {
        let bits = Self::load(&super::LANE_BITS);
        Self::splat(mask as i16).and(bits).equal(bits)
    }
    #[inline(always)]
    fn is_zero(self) -> bool {
        // SAFETY: the target has NEON.
        unsafe { vmaxvq_u16(unsigned(vorrq_s16(self.0[0], self.0[1]))) == 0 }
    }
}
