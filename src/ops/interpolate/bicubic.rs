//! Bicubic interpolation. Source: E. Catmull, R. Rom, "A Class of Local Interpolating Splines", 1974.

use super::{Interpolate, Lanes, whole::Weigh};

/// Catmull-Rom splines through four pixels in both directions.
pub(crate) struct Bicubic;

/// Distinct positions between two pixels, as in libvips.
const STEPS: usize = 64;

/// Weights of four pixels for a point at each step from the second to the third.
static WEIGHTS: [[f32; 4]; STEPS + 1] = {
    let mut weights = [[0.0; 4]; STEPS + 1];
    let mut step = 0;
    while step <= STEPS {
        let t = step as f32 / STEPS as f32;
        let (square, cube) = (t * t, t * t * t);
        weights[step] = [
            -0.5 * cube + square - 0.5 * t,
            1.5 * cube - 2.5 * square + 1.0,
            -1.5 * cube + 2.0 * square + 0.5 * t,
            0.5 * cube - 0.5 * square,
        ];
        step += 1;
    }
    weights
};

/// Weights of four pixels for a point at `t` between the middle two.
#[inline(always)]
fn weights(t: f32) -> [f32; 4] {
    WEIGHTS[((t * STEPS as f32 + 0.5) as usize).min(STEPS)]
}

impl Weigh<4> for Bicubic {
    const ON_NEAREST: bool = false;

    #[inline(always)]
    fn weights(x: f32, y: f32) -> [[f32; 4]; 4] {
        let (across, [a, b, c, d]) = (Lanes(weights(x)), weights(y));
        [(across * a).0, (across * b).0, (across * c).0, (across * d).0]
    }
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
