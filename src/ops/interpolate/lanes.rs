//! Arithmetic on the channels of one pixel at once.

use std::ops::{Add, Mul, Neg, Sub};

/// Up to four channels; those that a picture has not are zero.
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

    /// The one that is nearer to zero, or zero when their signs differ.
    #[inline(always)]
    pub(crate) fn minmod(self, other: Self) -> Self {
        let zero = Lanes::default();
        self.min(other).max(zero) + self.max(other).min(zero)
    }
}
