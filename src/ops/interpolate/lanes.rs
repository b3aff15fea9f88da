//! Arithmetic on the channels of one pixel at once.

use std::ops::{Add, Mul, Neg, Sub};

/// Up to four channels; those that a picture has not are zero.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Lanes(pub(crate) [f32; 4]);

macro_rules! operator {
    ($trait:ident, $method:ident, $operator:tt) => {
        impl $trait for Lanes {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Lanes(std::array::from_fn(|lane| self.0[lane] $operator other.0[lane]))
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
        Lanes(self.0.map(|value| value * factor))
    }
}

impl Neg for Lanes {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Lanes(self.0.map(|value| -value))
    }
}

impl Lanes {
    #[inline(always)]
    fn zip(self, other: Self, function: impl Fn(f32, f32) -> f32) -> Self {
        Lanes(std::array::from_fn(|lane| function(self.0[lane], other.0[lane])))
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
        Lanes(self.0.map(f32::abs))
    }

    /// The one that is nearer to zero, or zero when their signs differ.
    #[inline(always)]
    pub(crate) fn minmod(self, other: Self) -> Self {
        let zero = Lanes::default();
        self.min(other).max(zero) + self.max(other).min(zero)
    }
}
