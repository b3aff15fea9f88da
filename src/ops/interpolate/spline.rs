//! Smoothing by a quadratic B-spline over split vertices, as observed in libvips 8.18 through its impulse response.

use super::{Interpolate, Lanes, whole::Weigh};

/// Every pixel is split into four vertices a quarter of a pixel away on both axes, each of half its own value and a quarter
/// of either neighbour on its side; over these lies a biquadratic B-spline with knots half a pixel apart.
pub(crate) struct VertexSplitSpline;

/// Places between two pixels that are told apart in integers.
const STEPS: usize = 128;

/// For a point at each step from half a pixel before a pixel to half a pixel after it: its [`weights`], a quarter of the
/// first ones, and what pixels of their own row get of those across.
static WEIGHTS: [[[f32; 4]; 4]; STEPS + 1] = {
    let mut all = [[[0.0; 4]; 4]; STEPS + 1];
    let mut step = 0;
    while step <= STEPS {
        let (own, lean) = weights(step as f32 / STEPS as f32 - 0.5);
        let mut at = 0;
        while at < 3 {
            all[step][0][at] = own[at];
            all[step][1][at] = lean[at];
            all[step][2][at] = 0.25 * own[at];
            all[step][3][at] = 0.5 * own[at] + 0.25 * lean[at];
            at += 1;
        }
        step += 1;
    }
    all
};

/// For a point at `t` from the nearest pixel, along one axis: how much of the B-spline lies on the vertices of each of three
/// pixels, and how much on vertices that lean to each.
#[inline(always)]
const fn weights(t: f32) -> ([f32; 3], [f32; 3]) {
    // Of the vertices at −¾, −¼, ¼ and ¾ the three nearest count, in steps of half a pixel from the middle one of them.
    let later = t >= 0.0;
    let u = 2.0 * t + if later { -0.5 } else { 0.5 };
    let (before, after) = (0.5 - u, 0.5 + u);
    let [a, b, c] = [0.5 * before * before, 0.75 - u * u, 0.5 * after * after];
    let [v0, v1, v2, v3] = if later { [0.0, a, b, c] } else { [a, b, c, 0.0] };
    ([v0, v1 + v2, v3], [v1, v0 + v3, v2])
}

impl Weigh<3> for VertexSplitSpline {
    const ON_NEAREST: bool = true;

    #[inline(always)]
    fn weights(x: f32, y: f32) -> [[f32; 4]; 3] {
        let step = |t: f32| &WEIGHTS[(((t + 0.5) * STEPS as f32 + 0.5) as usize).min(STEPS)];
        let (&[own, lean, _, _], &[_, _, own_y, both_y]) = (step(x), step(y));
        let row = |at: usize| (Lanes(own) * both_y[at] + Lanes(lean) * own_y[at]).0;
        [row(0), row(1), row(2)]
    }
}

impl Interpolate<9> for VertexSplitSpline {
    const SIDE: usize = 3;
    const ON_NEAREST: bool = true;

    #[inline(always)]
    fn value(stencil: &[Lanes; 9], x: f32, y: f32) -> Lanes {
        let ((own_x, lean_x), (own_y, lean_y)) = (weights(x), weights(y));
        let (rows, _) = stencil.as_chunks::<3>();
        let mut sum = Lanes::default();
        for (row, pixels) in rows.iter().enumerate() {
            for (column, &pixel) in pixels.iter().enumerate() {
                let own = own_x[column] * (0.5 * own_y[row] + 0.25 * lean_y[row]);
                sum = sum + pixel * (own + 0.25 * lean_x[column] * own_y[row]);
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights of the nine pixels, in 1/64; the answers are sharp's.
    fn impulses(x: f32, y: f32) -> [f32; 9] {
        std::array::from_fn(|at| {
            let mut stencil = [Lanes::default(); 9];
            stencil[at] = Lanes([64.0; 4]);
            VertexSplitSpline::value(&stencil, x, y).0[0]
        })
    }

    #[test]
    fn impulse_responses_are_sharps() {
        assert_eq!(impulses(0.0, 0.0), [0.0, 8.0, 0.0, 8.0, 32.0, 8.0, 0.0, 8.0, 0.0]);
        assert_eq!(impulses(0.25, 0.0), [0.0, 7.0, 1.0, 2.0, 30.0, 16.0, 0.0, 7.0, 1.0]);
        assert_eq!(impulses(0.5, 0.5), [0.0, 0.0, 0.0, 0.0, 16.0, 16.0, 0.0, 16.0, 16.0]);
        assert_eq!(impulses(0.25, 0.25), [0.0, 1.75, 0.25, 1.75, 28.0, 14.25, 0.25, 14.25, 3.5]);
    }
}
