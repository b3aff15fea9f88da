//! Arithmetic on the channels of one pixel at once.
#![allow(unsafe_code)] // Casts after a check of the range.

use std::ops::{Add, Mul, Neg, Sub};

/// Up to four channels; those that an image has not are zero.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Lanes(pub(crate) [f32; 4]);

// Spelt out lane by lane: what goes through `array::map` and `array::from_fn` is not always inlined.
macro_rules! operator {
    ($trait:ident, $method:ident, $operator:tt) => {
        impl $trait for Lanes {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                let (Lanes([a, b, c, d]), Lanes([e, f, g, h])) = (self, other);
                Lanes([a $operator e, b $operator f, c $operator g, d $operator h])
            }
        }
    };
}
operator!(Add, add, +);
operator!(Sub, sub, -);
operator!(Mul, mul, *);

impl Mul<f32> for Lanes {
    type Output = Self;
    #[inline(always)]
    fn mul(self, factor: f32) -> Self {
        self * Lanes([factor; 4])
    }
}

impl Neg for Lanes {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        let Lanes([a, b, c, d]) = self;
        Lanes([-a, -b, -c, -d])
    }
}

impl Lanes {
    #[inline(always)]
    fn zip(self, other: Self, function: impl Fn(f32, f32) -> f32) -> Self {
        let (Lanes([a, b, c, d]), Lanes([e, f, g, h])) = (self, other);
        Lanes([function(a, e), function(b, f), function(c, g), function(d, h)])
    }

    #[inline(always)]
    pub(crate) fn min(self, other: Self) -> Self {
        self.zip(other, |a, b| if a < b { a } else { b })
    }

    #[inline(always)]
    pub(crate) fn max(self, other: Self) -> Self {
        self.zip(other, |a, b| if a > b { a } else { b })
    }

    #[inline(always)]
    pub(crate) fn abs(self) -> Self {
        let Lanes([a, b, c, d]) = self;
        Lanes([a.abs(), b.abs(), c.abs(), d.abs()])
    }

    /// Whole numbers from 0 to `MAX`, which fits in 24 bits: fractions are cut off, what is no number is 0.
    #[inline(always)]
    pub(crate) fn codes<const MAX: u32>(self) -> [i32; 4] {
        let Lanes([a, b, c, d]) = self.max(Lanes::default()).min(Lanes([MAX as f32; 4]));
        // SAFETY: from 0 to MAX; of two values of which one is no number, `max` gives the second.
        unsafe { [a.to_int_unchecked(), b.to_int_unchecked(), c.to_int_unchecked(), d.to_int_unchecked()] }
    }

    /// The one that is nearer to zero, or zero when their signs differ.
    #[inline(always)]
    pub(crate) fn minmod(self, other: Self) -> Self {
        let zero = Lanes::default();
        self.min(other).max(zero) + self.max(other).min(zero)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_cut_off_and_clipped() {
        assert_eq!(Lanes([-1.0, 0.99, 254.5, 300.0]).codes::<255>(), [0, 0, 254, 255]);
        assert_eq!(
            Lanes([f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 65534.99]).codes::<65535>(),
            [0, 65535, 0, 65534]
        );
    }
}
