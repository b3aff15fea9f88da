//! Nohalo: subdivision without overshoot, then locally bounded bicubic interpolation.
//!
//! Source: N. Robidoux, M. Gong, J. Cupitt, A. Turcotte, K. Martinez, "CPU, SMP and GPU implementations of Nohalo level 1",
//! 2009; the finish as observed in libvips 8.18.

use super::{Interpolate, Lanes, LocallyBoundedBicubic};

/// Pixels keep their values; half way between them come values from planes through each, with minmod slopes.
pub(crate) struct Nohalo;

impl Interpolate<25> for Nohalo {
    const SIDE: usize = 5;
    const ON_NEAREST: bool = true;

    fn value(stencil: &[Lanes; 25], x: f32, y: f32) -> Lanes {
        // Mirrored so that the point lies to the lower right of the nearest pixel.
        let (flip_x, flip_y) = (x < 0.0, y < 0.0);
        let pixel = |x: usize, y: usize| stencil[if flip_x { 4 - x } else { x } + 5 * if flip_y { 4 - y } else { y }];
        let across = |x: usize, y: usize| (pixel(x, y) - pixel(x - 1, y)).minmod(pixel(x + 1, y) - pixel(x, y));
        let down = |x: usize, y: usize| (pixel(x, y) - pixel(x, y - 1)).minmod(pixel(x, y + 1) - pixel(x, y));
        // Half way to the pixel on the right, below, and to both.
        let right =
            |x: usize, y: usize| (pixel(x, y) + pixel(x + 1, y)) * 0.5 + (across(x, y) - across(x + 1, y)) * 0.25;
        let below = |x: usize, y: usize| (pixel(x, y) + pixel(x, y + 1)) * 0.5 + (down(x, y) - down(x, y + 1)) * 0.25;
        let between = |x: usize, y: usize| {
            let slopes =
                across(x, y) - across(x + 1, y) + across(x, y + 1) - across(x + 1, y + 1) + down(x, y) + down(x + 1, y)
                    - down(x, y + 1)
                    - down(x + 1, y + 1);
            (pixel(x, y) + pixel(x + 1, y) + pixel(x, y + 1) + pixel(x + 1, y + 1)) * 0.25 + slopes * 0.125
        };
        // From half a pixel before the nearest one, which is (2, 2), to a whole pixel after it.
        let fine = [
            between(1, 1),
            below(2, 1),
            between(2, 1),
            below(3, 1),
            right(1, 2),
            pixel(2, 2),
            right(2, 2),
            pixel(3, 2),
            between(1, 2),
            below(2, 2),
            between(2, 2),
            below(3, 2),
            right(1, 3),
            pixel(2, 3),
            right(2, 3),
            pixel(3, 3),
        ];
        LocallyBoundedBicubic::value(&fine, 2.0 * x.abs(), 2.0 * y.abs())
    }
}
