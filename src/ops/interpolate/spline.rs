//! Smoothing by a quadratic B-spline over split vertices, as observed in libvips 8.18 through its impulse response.

use super::{Interpolate, Lanes};

/// Every pixel is split into four vertices a quarter of a pixel away on both axes, each of half its own value and a quarter
/// of either neighbour on its side; over these lies a biquadratic B-spline with knots half a pixel apart.
pub(crate) struct VertexSplitSpline;

/// The B-spline's weights of the three nearest vertices along an axis, for a point at `t` from the nearest pixel; the first
/// of them is vertex `start` of the four: the one at −¾, −¼, ¼ and ¾.
#[inline(always)]
fn weights(t: f32) -> (usize, [f32; 3]) {
    let start = usize::from(t >= 0.0);
    // In steps of half a pixel, from the middle one of the three vertices.
    let u = 2.0 * (t + 0.25) - start as f32;
    let (before, after) = (0.5 - u, 0.5 + u);
    (start, [0.5 * before * before, 0.75 - u * u, 0.5 * after * after])
}

impl Interpolate<9> for VertexSplitSpline {
    const SIDE: usize = 3;
    const ON_NEAREST: bool = true;

    #[inline(always)]
    fn value(stencil: &[Lanes; 9], x: f32, y: f32) -> Lanes {
        // Of the vertices at −¾, −¼, ¼, ¾ along an axis: the pixel each belongs to, and the neighbour it leans to.
        const PIXEL: [usize; 4] = [0, 1, 1, 2];
        const NEIGHBOUR: [usize; 4] = [1, 0, 2, 1];
        let ((first_x, across), (first_y, down)) = (weights(x), weights(y));
        let mut sum = Lanes::default();
        for (row, wy) in (first_y..).zip(down) {
            for (column, wx) in (first_x..).zip(across) {
                let at = |x: usize, y: usize| stencil[x + 3 * y];
                let (px, py) = (PIXEL[column], PIXEL[row]);
                let vertex = at(px, py) * 0.5 + (at(NEIGHBOUR[column], py) + at(px, NEIGHBOUR[row])) * 0.25;
                sum = sum + vertex * (wx * wy);
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights of the nine pixels, in 1/64; the answers are the peer's.
    fn impulses(x: f32, y: f32) -> [f32; 9] {
        std::array::from_fn(|at| {
            let mut stencil = [Lanes::default(); 9];
            stencil[at] = Lanes([64.0; 4]);
            VertexSplitSpline::value(&stencil, x, y).0[0]
        })
    }

    #[test]
    fn impulse_responses_are_the_peers() {
        assert_eq!(impulses(0.0, 0.0), [0.0, 8.0, 0.0, 8.0, 32.0, 8.0, 0.0, 8.0, 0.0]);
        assert_eq!(impulses(0.25, 0.0), [0.0, 7.0, 1.0, 2.0, 30.0, 16.0, 0.0, 7.0, 1.0]);
        assert_eq!(impulses(0.5, 0.5), [0.0, 0.0, 0.0, 0.0, 16.0, 16.0, 0.0, 16.0, 16.0]);
        assert_eq!(impulses(0.25, 0.25), [0.0, 1.75, 0.25, 1.75, 28.0, 14.25, 0.25, 14.25, 3.5]);
    }
}
