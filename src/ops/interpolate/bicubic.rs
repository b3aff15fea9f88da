//! Bicubic interpolation. Source: E. Catmull, R. Rom, "A Class of Local Interpolating Splines", 1974.

use super::{Interpolate, Lanes};

/// Catmull-Rom splines through four pixels in both directions.
pub(crate) struct Bicubic;

/// Places between two pixels that are told apart, as in libvips.
const STEPS: f32 = 64.0;

/// Weights of four pixels for a point at `t` between the middle two.
#[inline(always)]
fn weights(t: f32) -> [f32; 4] {
    let t = (t * STEPS).round() / STEPS;
    let (square, cube) = (t * t, t * t * t);
    [
        -0.5 * cube + square - 0.5 * t,
        1.5 * cube - 2.5 * square + 1.0,
        -1.5 * cube + 2.0 * square + 0.5 * t,
        0.5 * cube - 0.5 * square,
    ]
}

impl Interpolate<16> for Bicubic {
    const SIDE: usize = 4;
    const ON_NEAREST: bool = false;

    #[inline(always)]
    fn value(stencil: &[Lanes; 16], x: f32, y: f32) -> Lanes {
        let across = weights(x);
        let (rows, _) = stencil.as_chunks::<4>();
        let mut sum = Lanes::default();
        for (row, weight) in rows.iter().zip(weights(y)) {
            let value = row[0] * across[0] + row[1] * across[1] + row[2] * across[2] + row[3] * across[3];
            sum = sum + value * weight;
        }
        sum
    }
}
