//! The lanes without vector instructions: what the other implementations must equal.

use std::array::from_fn;

use super::{Bytes, Lanes};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct ScalarLanes([i16; 16]);

impl ScalarLanes {
    #[inline(always)]
    fn map(self, function: impl Fn(i16) -> i16) -> Self {
        Self(self.0.map(function))
    }

    #[inline(always)]
    fn zip(self, other: Self, function: impl Fn(i16, i16) -> i16) -> Self {
        Self(from_fn(|lane| function(self.0[lane], other.0[lane])))
    }
}

impl Bytes for [u8; 16] {
    #[inline(always)]
    fn load(from: &[u8; 16]) -> Self {
        *from
    }
    #[inline(always)]
    fn store(self, to: &mut [u8; 16]) {
        *to = self;
    }
    #[inline(always)]
    fn from_words(low: u64, high: u64) -> Self {
        (u128::from(low) | u128::from(high) << 64).to_le_bytes()
    }
    #[inline(always)]
    fn shuffle(self, order: &[u8; 16]) -> Self {
        order.map(|from| if from < 128 { self[usize::from(from & 15)] } else { 0 })
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        from_fn(|at| self[at] | other[at])
    }
    #[inline(always)]
    fn average(self, other: Self) -> Self {
        from_fn(|at| ((u16::from(self[at]) + u16::from(other[at]) + 1) >> 1) as u8)
    }
    #[inline(always)]
    fn average3(self, a: Self, b: Self) -> Self {
        from_fn(|at| ((u16::from(a[at]) + 2 * u16::from(self[at]) + u16::from(b[at]) + 2) >> 2) as u8)
    }
    #[inline(always)]
    fn transpose_groups(rows: [Self; 4]) -> [Self; 4] {
        from_fn(|column| from_fn(|at| rows[at / 4][column * 4 + at % 4]))
    }
}

impl Lanes for ScalarLanes {
    type Bytes = [u8; 16];

    #[inline(always)]
    fn splat(value: i16) -> Self {
        Self([value; 16])
    }
    #[inline(always)]
    fn load(from: &[i16; 16]) -> Self {
        Self(*from)
    }
    #[inline(always)]
    fn store(self, to: &mut [i16; 16]) {
        *to = self.0;
    }
    #[inline(always)]
    fn widen(bytes: [u8; 16]) -> Self {
        Self(bytes.map(i16::from))
    }
    #[inline(always)]
    fn narrow(self) -> [u8; 16] {
        self.0.map(|lane| lane.clamp(0, 255) as u8)
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, i16::wrapping_add)
    }
    #[inline(always)]
    fn add_saturating(self, other: Self) -> Self {
        self.zip(other, |a, b| (a as u16).saturating_add(b as u16) as i16)
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, i16::wrapping_sub)
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, i16::wrapping_mul)
    }
    #[inline(always)]
    fn mul_high(self, other: Self) -> Self {
        self.zip(other, |a, b| ((i32::from(a) * i32::from(b)) >> 16) as i16)
    }
    #[inline(always)]
    fn mul_high_unsigned(self, other: Self) -> Self {
        self.zip(other, |a, b| ((u32::from(a as u16) * u32::from(b as u16)) >> 16) as i16)
    }
    #[inline(always)]
    fn mul_round(self, other: Self) -> Self {
        self.zip(other, |a, b| ((i32::from(a) * i32::from(b) + (1 << 14)) >> 15) as i16)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.map(i16::wrapping_abs)
    }
    #[inline(always)]
    fn min_unsigned(self, other: Self) -> Self {
        self.zip(other, |a, b| (a as u16).min(b as u16) as i16)
    }
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self.zip(other, |a, b| a & b)
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        self.zip(other, |a, b| a | b)
    }
    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        self.zip(other, |a, b| a ^ b)
    }
    #[inline(always)]
    fn equal(self, other: Self) -> Self {
        self.zip(other, |a, b| -i16::from(a == b))
    }
    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        self.zip(other, |a, b| -i16::from(a > b))
    }
    #[inline(always)]
    fn select(mask: Self, yes: Self, no: Self) -> Self {
        Self(from_fn(|lane| yes.0[lane] & mask.0[lane] | no.0[lane] & !mask.0[lane]))
    }
    #[inline(always)]
    fn shift_left<const BITS: i32>(self) -> Self {
        self.map(|lane| lane << BITS)
    }
    #[inline(always)]
    fn shift_right<const BITS: i32>(self) -> Self {
        self.map(|lane| lane >> BITS)
    }
    #[inline(always)]
    fn lookup(self, table: &[u8; 16]) -> Self {
        self.map(|lane| i16::from(table[usize::from(lane as u16 & 15)]))
    }
    #[inline(always)]
    fn minimum(self) -> (u16, usize) {
        let mut best = (self.0[0] as u16, 0);
        for (lane, &value) in self.0.iter().enumerate().skip(1) {
            if (value as u16) < best.0 {
                best = (value as u16, lane);
            }
        }
        best
    }
    #[inline(always)]
    fn sum(self) -> u32 {
        self.0.iter().map(|&lane| u32::from(lane as u16)).sum()
    }
    #[inline(always)]
    fn mask(self) -> u16 {
        self.0.iter().rev().fold(0, |mask, &lane| mask << 1 | u16::from(lane < 0))
    }
    #[inline(always)]
    fn from_mask(mask: u16) -> Self {
        Self(from_fn(|lane| -((mask >> lane & 1) as i16)))
    }
    #[inline(always)]
    fn is_zero(self) -> bool {
        self.0 == [0; 16]
    }
}
