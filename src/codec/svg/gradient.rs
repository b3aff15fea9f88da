//! Fills with linear and radial gradients, from a table of their colours. Source: SVG 1.1, chapter 13.2; the distance along a
//! radial gradient whose focus is off its centre is the positive root of the equation of circles between both.
#![allow(unsafe_code)] // SIMD: compiled for several instruction sets by `at_level!`.

use resvg::{
    tiny_skia::PixmapMut,
    usvg::{BaseGradient, Opacity, Paint, SpreadMethod, tiny_skia_path::Transform},
};

use super::{blend, draw::Area};
use crate::simd::{Level, at_level};

/// Colours of a table: steps between them are not seen.
const COLOURS: usize = 1024;

/// Pixels that are worked on at a time.
const BLOCK: usize = 64;

/// A gradient that is painted here.
pub(super) struct Gradient<'a> {
    base: &'a BaseGradient,
    shape: Shape,
    opacity: Opacity,
}

/// How far along a point of the gradient's own space is: 0 at the first stop, 1 at the last.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    /// `x · a + y · b + c`.
    Linear { a: f32, b: f32, c: f32 },
    /// From a focus inside a circle: `(√((p · d)² + k · p²) − p · d) ÷ k`, where `p` is the point less the focus and `d` the
    /// centre less the focus.
    Radial { focus: (f32, f32), d: (f32, f32), k: f32 },
}

impl<'a> Gradient<'a> {
    /// The gradient of a paint; `None` when it is something else, or a shape that is not painted here.
    pub(super) fn new(paint: &'a Paint, opacity: Opacity) -> Option<Self> {
        let (base, shape): (&BaseGradient, _) = match paint {
            Paint::LinearGradient(linear) => {
                let (dx, dy) = (linear.x2() - linear.x1(), linear.y2() - linear.y1());
                let square = dx * dx + dy * dy;
                let (a, b) = (dx / square, dy / square);
                (linear, Shape::Linear { a, b, c: -(linear.x1() * a + linear.y1() * b) })
            }
            Paint::RadialGradient(radial) => {
                let focus = (radial.fx(), radial.fy());
                let (d, r) = ((radial.cx() - focus.0, radial.cy() - focus.1), radial.r().get());
                let k = r * r - d.0 * d.0 - d.1 * d.1;
                // A focus at the edge is left alone, since it divides by next to nothing.
                if radial.fr().get() != 0.0 || k < 0.01 * r * r {
                    return None;
                }
                (radial, Shape::Radial { focus, d, k })
            }
            Paint::Color(_) | Paint::Pattern(_) => return None,
        };
        let finite = match shape {
            Shape::Linear { a, b, c } => a.is_finite() && b.is_finite() && c.is_finite(),
            Shape::Radial { k, .. } => k.is_normal(),
        };
        let sorted = base.stops().len() > 1 && base.stops().is_sorted_by(|a, b| a.offset() <= b.offset());
        let inverse = base.transform().invert();
        (finite && sorted && inverse.is_some()).then_some(Self { base, shape, opacity })
    }

    /// Paints an area by its coverage; `transform` is that of the shape that is filled.
    pub(super) fn paint(
        &self,
        level: Level,
        transform: Transform,
        pixmap: &mut PixmapMut<'_>,
        area: Area,
        mask: &[u8],
    ) {
        let Some(inverse) = transform.pre_concat(self.base.transform()).invert() else { return };
        let colours = self.colours();
        let width = area.width as usize;
        let mut block = [[0; 4]; BLOCK];
        let mut places = [0; BLOCK];
        for (y, coverage) in mask.chunks_exact(width).enumerate() {
            let row = blend::row(pixmap, area, y);
            let v = area.y as f32 + y as f32 + 0.5;
            for (index, (to, coverage)) in row.chunks_mut(BLOCK).zip(coverage.chunks(BLOCK)).enumerate() {
                if coverage.iter().all(|&coverage| coverage == 0) {
                    continue;
                }
                let u = (area.x as usize + index * BLOCK) as f32 + 0.5;
                find(level, &mut places, self.shape, self.base.spread_method(), inverse, u, v);
                block.iter_mut().zip(&places).for_each(|(pixel, &place)| *pixel = colours[place as usize % COLOURS]);
                blend::covered(level, to, &block, coverage);
            }
        }
    }

    /// The premultiplied colours from the first stop to the last, mixed before they are multiplied.
    fn colours(&self) -> Box<[[u8; 4]; COLOURS]> {
        let mut colours = Box::new([[0; 4]; COLOURS]);
        let stops = self.base.stops();
        let colour = |at: usize| {
            let (stop, opacity) = (&stops[at], stops[at].opacity().get() * self.opacity.get());
            [stop.color().red, stop.color().green, stop.color().blue]
                .map(f32::from)
                .into_iter()
                .chain([opacity * 255.0])
        };
        let mut next = 0;
        for (index, to) in colours.iter_mut().enumerate() {
            let place = index as f32 / (COLOURS - 1) as f32;
            while next < stops.len() && stops[next].offset().get() <= place {
                next += 1;
            }
            let (low, high) = (next.saturating_sub(1), next.min(stops.len() - 1));
            let (from, span) = (stops[low].offset().get(), stops[high].offset().get() - stops[low].offset().get());
            let share = if span > 0.0 { ((place - from) / span).clamp(0.0, 1.0) } else { 0.0 };
            let mut mixed = [0.0; 4];
            for (mixed, (low, high)) in mixed.iter_mut().zip(colour(low).zip(colour(high))) {
                *mixed = low + (high - low) * share;
            }
            let alpha = mixed[3].round();
            *to = [mixed[0], mixed[1], mixed[2], 255.0].map(|sample| (sample * alpha / 255.0).round() as u8);
        }
        colours
    }
}

at_level! {
    /// Places in the table for a row of pixels, the first of which has its centre at `(u, v)`.
    fn find(
        places: &mut [u32; BLOCK],
        shape: Shape,
        spread: SpreadMethod,
        inverse: Transform,
        u: f32,
        v: f32,
    ) {
        let mut far = [0.0f32; BLOCK];
        match shape {
            Shape::Linear { a, b, c } => {
                let step = inverse.sx * a + inverse.ky * b;
                let start = (inverse.kx * v + inverse.tx) * a + (inverse.sy * v + inverse.ty) * b + c;
                for (x, far) in far.iter_mut().enumerate() {
                    *far = start + (u + x as f32) * step;
                }
            }
            Shape::Radial { focus, d, k } => {
                let (x0, y0) = (inverse.kx * v + inverse.tx - focus.0, inverse.sy * v + inverse.ty - focus.1);
                for (x, far) in far.iter_mut().enumerate() {
                    let u = u + x as f32;
                    let (x, y) = (inverse.sx * u + x0, inverse.ky * u + y0);
                    let along = x * d.0 + y * d.1;
                    *far = ((along * along + k * (x * x + y * y)).sqrt() - along) / k;
                }
            }
        }
        match spread {
            SpreadMethod::Pad => {}
            SpreadMethod::Repeat => far.iter_mut().for_each(|far| *far -= far.floor()),
            SpreadMethod::Reflect => far.iter_mut().for_each(|far| {
                let back = *far - 2.0 * (*far * 0.5).floor();
                *far = if back > 1.0 { 2.0 - back } else { back };
            }),
        }
        for (place, far) in places.iter_mut().zip(far) {
            *place = (far.clamp(0.0, 1.0) * (COLOURS - 1) as f32 + 0.5) as u32;
        }
    }
}
