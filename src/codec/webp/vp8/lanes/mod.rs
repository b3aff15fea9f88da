//! Vectors of sixteen 16-bit integers, in which the encoder's kernels compare candidates side by side.
//!
//! Every implementation computes the same integers, so that the files do not depend on the processor.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(all(vectors, target_arch = "aarch64"))]
mod neon;
mod scalar;
#[cfg(all(vectors, target_arch = "x86_64"))]
mod sse41;
#[cfg(test)]
mod tests;

#[cfg(target_arch = "x86_64")]
pub(super) use avx2::Avx2Lanes;
#[cfg(all(vectors, target_arch = "aarch64"))]
pub(super) use neon::PairLanes;
pub(super) use scalar::ScalarLanes;
#[cfg(all(vectors, target_arch = "x86_64"))]
pub(super) use sse41::PairLanes;

/// Sixteen bytes.
pub(super) trait Bytes: Copy {
    fn load(from: &[u8; 16]) -> Self;
    fn store(self, to: &mut [u8; 16]);
    /// The first eight bytes of `low`, then those of `high`, each from the lowest bits up.
    fn from_words(low: u64, high: u64) -> Self;
    /// The bytes that `order` names, each below 16; 0 where its highest bit is set.
    fn shuffle(self, order: &[u8; 16]) -> Self;
    fn or(self, other: Self) -> Self;
    /// `(a + b + 1) / 2`
    fn average(self, other: Self) -> Self;
    /// `(a + 2 × self + b + 2) / 4`
    fn average3(self, a: Self, b: Self) -> Self;
    /// Four rows of four groups of four bytes, transposed.
    fn transpose_groups(rows: [Self; 4]) -> [Self; 4];
}

/// Sixteen 16-bit integers; arithmetic wraps unless it says otherwise.
pub(super) trait Lanes: Copy {
    type Bytes: Bytes;

    fn splat(value: i16) -> Self;
    fn load(from: &[i16; 16]) -> Self;
    fn store(self, to: &mut [i16; 16]);
    fn widen(bytes: Self::Bytes) -> Self;
    /// Clamped to 0..=255.
    fn narrow(self) -> Self::Bytes;
    fn add(self, other: Self) -> Self;
    /// Unsigned, at most 65535.
    fn add_saturating(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    /// The high half of the signed product.
    fn mul_high(self, other: Self) -> Self;
    /// The high half of the unsigned product.
    fn mul_high_unsigned(self, other: Self) -> Self;
    /// The signed product divided by 2¹⁵ and rounded.
    fn mul_round(self, other: Self) -> Self;
    fn abs(self) -> Self;
    fn min_unsigned(self, other: Self) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn xor(self, other: Self) -> Self;
    /// All bits of a lane, where equal.
    fn equal(self, other: Self) -> Self;
    /// All bits of a lane, where `self` is more than `other`, both signed.
    fn greater(self, other: Self) -> Self;
    /// `yes` where the mask's bits are set, else `no`.
    fn select(mask: Self, yes: Self, no: Self) -> Self;
    fn shift_left<const BITS: i32>(self) -> Self;
    /// Keeps the sign.
    fn shift_right<const BITS: i32>(self) -> Self;
    /// The entries of `table` that the lanes name, each below 16.
    fn lookup(self, table: &[u8; 16]) -> Self;
    /// The least of the unsigned lanes, and the first lane that has it.
    fn minimum(self) -> (u16, usize);
    /// Sum of the unsigned lanes.
    fn sum(self) -> u32;
    /// The highest bit of each lane, lane 0 in the lowest bit.
    fn mask(self) -> u16;
    /// All bits of a lane, where its bit is set.
    fn from_mask(mask: u16) -> Self;
    fn is_zero(self) -> bool;
}

/// Defines functions that take a [`Level`](crate::simd::Level) before their other arguments and run a body that is generic
/// over [`Lanes`] on the widest vectors of that level. The file that uses it must allow unsafe code.
macro_rules! lane_kernel {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)? = $body:ident;) => {
        $(#[$doc])*
        #[inline]
        #[allow(clippy::too_many_arguments)] // The level comes on top of the kernel's own.
        $vis fn $name(level: $crate::simd::Level, $($arg: $type),*) $(-> $result)? {
            match level {
                $crate::simd::Level::Scalar => $body::<$crate::codec::webp::vp8::lanes::ScalarLanes>($($arg),*),
                #[cfg(not(vectors))]
                $crate::simd::Level::Vector => $body::<$crate::codec::webp::vp8::lanes::ScalarLanes>($($arg),*),
                #[cfg(vectors)]
                $crate::simd::Level::Vector => $body::<$crate::codec::webp::vp8::lanes::PairLanes>($($arg),*),
                #[cfg(target_arch = "x86_64")]
                $crate::simd::Level::Avx2(_) => {
                    #[target_feature(enable = "avx2")]
                    fn with_avx2($($arg: $type),*) $(-> $result)? {
                        $body::<$crate::codec::webp::vp8::lanes::Avx2Lanes>($($arg),*)
                    }
                    // SAFETY: the level is only made on a processor that has AVX2.
                    unsafe { with_avx2($($arg),*) }
                }
            }
        }
    };
}
pub(super) use lane_kernel;

/// Each lane's own bit.
#[cfg(any(vectors, target_arch = "x86_64"))]
const LANE_BITS: [i16; 16] = {
    let mut bits = [0; 16];
    let mut lane = 0;
    while lane < 16 {
        bits[lane] = (1_u16 << lane) as i16;
        lane += 1;
    }
    bits
};
