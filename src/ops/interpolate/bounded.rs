//! Bicubic interpolation that stays within its neighbourhood.
//!
//! Sources: N. Robidoux and others' locally bounded bicubic, as observed in libvips 8.18; the bounds follow from the
//! Bernstein form of a bicubic Hermite patch (G. Farin, "Curves and Surfaces for CAGD"): a patch lies between the least and
//! the greatest of its sixteen control points, so it is enough to keep these between the least and the greatest of the
//! 3×3 pixels around each corner.

use super::{Interpolate, Lanes};

/// Hermite patches with slopes cut down until no control point leaves the bounds.
pub(crate) struct LocallyBoundedBicubic;

/// Value, slopes and twist at a corner of the patch.
struct Corner {
    value: Lanes,
    across: Lanes,
    down: Lanes,
    twist: Lanes,
}

impl Corner {
    /// From the corner's 3×3 pixels; `at` is the upper left one's place in a stencil of 4×4.
    #[inline(always)]
    fn new(stencil: &[Lanes; 16], at: usize) -> Self {
        let pixel = |x: usize, y: usize| stencil[at + x + 4 * y];
        let value = pixel(1, 1);
        let (mut low, mut high) = (value, value);
        for y in 0..3 {
            for x in 0..3 {
                low = low.min(pixel(x, y));
                high = high.max(pixel(x, y));
            }
        }
        let (room_below, room_above) = (value - low, high - value);

        // Control points beside the corner are at value ± slope / 3.
        let limit = room_below.min(room_above) * 3.0;
        let across = ((pixel(2, 1) - pixel(0, 1)) * 0.5).min(limit).max(-limit);
        let down = ((pixel(1, 2) - pixel(1, 0)) * 0.5).min(limit).max(-limit);

        // Those diagonal to it are at value ± across / 3 ± down / 3 ± twist / 9.
        let (same, opposite) = ((across + down).abs() * 3.0, (across - down).abs() * 3.0);
        let (below, above) = (room_below * 9.0, room_above * 9.0);
        let least = (same - below).max(opposite - above);
        let most = (above - same).min(below - opposite);
        let twist = ((pixel(2, 2) + pixel(0, 0) - pixel(2, 0) - pixel(0, 2)) * 0.25).max(least).min(most);
        Self { value, across, down, twist }
    }
}

impl Interpolate<16> for LocallyBoundedBicubic {
    const SIDE: usize = 4;
    const ON_NEAREST: bool = false;

    fn value(stencil: &[Lanes; 16], x: f32, y: f32) -> Lanes {
        // The cubic Hermite basis: values at 0 and 1, slopes at 0 and 1.
        let basis = |t: f32| {
            let s = 1.0 - t;
            [s * s * (1.0 + 2.0 * t), t * t * (1.0 + 2.0 * s), t * s * s, -(t * t * s)]
        };
        let (bx, by) = (basis(x), basis(y));
        let mut sum = Lanes::default();
        for row in 0..2 {
            for column in 0..2 {
                let corner = Corner::new(stencil, column + 4 * row);
                let (vx, sx, vy, sy) = (bx[column], bx[2 + column], by[row], by[2 + row]);
                sum = sum
                    + corner.value * (vx * vy)
                    + corner.across * (sx * vy)
                    + corner.down * (vx * sy)
                    + corner.twist * (sx * sy);
            }
        }
        sum
    }
}
