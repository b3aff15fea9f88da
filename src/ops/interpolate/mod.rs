//! Values between pixels: the six interpolators of `affine`.
//!
//! Each looks at a square of pixels, its *stencil*, around a point, rows from top to bottom.

mod bicubic;
pub(crate) mod bilinear;
mod bounded;
pub(crate) mod deep;
mod lanes;
mod nohalo;
pub(crate) mod place;
mod spline;
pub(crate) mod whole;

pub(crate) use lanes::Lanes;

/// One way to interpolate, with a stencil of `AREA` = `SIDE`² pixels.
pub(crate) trait Interpolate<const AREA: usize> {
    /// Pixels across the stencil.
    const SIDE: usize;
    /// The stencil is centred on the nearest pixel; otherwise on the four pixels around the point.
    const ON_NEAREST: bool;
    /// The value at `x`, `y` from the stencil's centre: from −½ to ½ when that is a pixel; otherwise from 0 to 1 and
    /// counted from the upper left of the four pixels.
    fn value(stencil: &[Lanes; AREA], x: f32, y: f32) -> Lanes;
}

/// Between four pixels in both directions.
pub(crate) struct Bilinear;

impl Interpolate<4> for Bilinear {
    const SIDE: usize = 2;
    const ON_NEAREST: bool = false;

    #[inline(always)]
    fn value(&[a, b, c, d]: &[Lanes; 4], x: f32, y: f32) -> Lanes {
        let (above, below) = (a + (b - a) * x, c + (d - c) * x);
        above + (below - above) * y
    }
}

pub(crate) use bicubic::Bicubic;
pub(crate) use bounded::LocallyBoundedBicubic;
pub(crate) use nohalo::Nohalo;
pub(crate) use spline::VertexSplitSpline;

#[cfg(test)]
mod tests {
    use super::*;

    /// The value at a point of the plane `3 + 5x − 2y`.
    fn on_plane<I: Interpolate<AREA>, const AREA: usize>(x: f32, y: f32) -> f32 {
        let centre = if I::ON_NEAREST { I::SIDE / 2 } else { (I::SIDE - 1) / 2 };
        let stencil = std::array::from_fn(|at| {
            let (column, row) = ((at % I::SIDE) as f32 - centre as f32, (at / I::SIDE) as f32 - centre as f32);
            Lanes([3.0 + 5.0 * column - 2.0 * row; 4])
        });
        I::value(&stencil, x, y).0[0]
    }

    #[test]
    fn planes_stay_planes() {
        for (x, y) in [(0.0, 0.0), (0.25, 0.5), (0.5, 0.125), (0.375, 0.4375)] {
            let expected = 3.0 + 5.0 * x - 2.0 * y;
            let values = [
                on_plane::<Bilinear, 4>(x, y),
                on_plane::<Bicubic, 16>(x, y),
                on_plane::<LocallyBoundedBicubic, 16>(x, y),
                on_plane::<VertexSplitSpline, 9>(x, y),
                on_plane::<VertexSplitSpline, 9>(-x, y) + 10.0 * x,
                on_plane::<Nohalo, 25>(x, y),
                on_plane::<Nohalo, 25>(x, -y) - 4.0 * y,
            ];
            assert!(values.iter().all(|value| (value - expected).abs() < 1e-4), "{x} {y}: {values:?}, not {expected}");
        }
    }

    #[test]
    fn an_edge_does_not_overshoot_where_it_must_not() {
        let edge = |side: usize| move |at: usize| Lanes([if at % side < side.div_ceil(2) { 0.0 } else { 100.0 }; 4]);
        for step in 0..=8 {
            let (x, y) = (step as f32 / 16.0, 0.25);
            let bounded = LocallyBoundedBicubic::value(&std::array::from_fn(edge(4)), 2.0 * x, y);
            let nohalo = Nohalo::value(&std::array::from_fn(edge(5)), x, y);
            for value in [bounded, nohalo] {
                assert!((0.0..=100.0).contains(&value.0[0]), "{value:?} at {x}");
            }
        }
    }
}
