//! Sizes and places: pure arithmetic from what was asked for and how large the image is.
//!
//! The roundings are part of the contract, because programs compare dimensions. Each is pinned by a test.

use crate::options::Canvas;

/// How many input pixels make one output pixel, on each axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shrink {
    pub horizontal: f64,
    pub vertical: f64,
}

/// What was asked for, and how.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Pixels, or `None` to follow from the other side.
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub canvas: Canvas,
    pub without_enlargement: bool,
    pub without_reduction: bool,
}

impl Target {
    /// The same target for an image that is still to be turned by 90°.
    pub const fn transposed(self) -> Self {
        Self { width: self.height, height: self.width, ..self }
    }

    /// The factors by which an image of `width` × `height` is to be shrunk; below 1 it grows.
    pub fn shrink(&self, width: u32, height: u32) -> Shrink {
        let (w, h) = (f64::from(width), f64::from(height));
        let (mut horizontal, mut vertical) = match (self.width, self.height) {
            (Some(tw), Some(th)) => {
                let (x, y) = (w / f64::from(tw), h / f64::from(th));
                match self.canvas {
                    Canvas::Crop | Canvas::Min => (x.min(y), x.min(y)),
                    Canvas::Embed | Canvas::Max => (x.max(y), x.max(y)),
                    Canvas::IgnoreAspect => (x, y),
                }
            }
            (Some(tw), None) => {
                let x = w / f64::from(tw);
                (x, if self.canvas == Canvas::IgnoreAspect { 1.0 } else { x })
            }
            (None, Some(th)) => {
                let y = h / f64::from(th);
                (if self.canvas == Canvas::IgnoreAspect { 1.0 } else { y }, y)
            }
            (None, None) => (1.0, 1.0),
        };
        if self.without_reduction {
            horizontal = horizontal.min(1.0);
            vertical = vertical.min(1.0);
        } else if self.without_enlargement {
            horizontal = horizontal.max(1.0);
            vertical = vertical.max(1.0);
        }
        // Never so far that an axis vanishes.
        Shrink { horizontal: horizontal.min(w), vertical: vertical.min(h) }
    }
}

/// The DCT shrink (1, 2, 4 or 8) with which a JPEG is best loaded when it is to be shrunk by `shrink` on its longer-lived
/// axis. `fast` allows the whole factor; otherwise a factor of two is left to the kernel for a softer result.
pub fn dct_shrink(shrink: f64, fast: bool) -> u8 {
    let reserve = if fast { 1.0 } else { 2.0 };
    let load = [8u8, 4, 2].into_iter().find(|&n| shrink >= f64::from(n) * reserve).unwrap_or(1);
    // At exactly the load factor the rounded-up load size could come out a pixel off: leave the last half to the kernel.
    if load > 1 && shrink.floor() == f64::from(load) { load / 2 } else { load }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn target(width: Option<u32>, height: Option<u32>, canvas: Canvas) -> Target {
        Target { width, height, canvas, without_enlargement: false, without_reduction: false }
    }

    #[test]
    fn shrink_follows_the_canvas() {
        let shrink = |canvas| target(Some(320), Some(240), canvas).shrink(2725, 2225);
        let (x, y) = (2725.0 / 320.0, 2225.0 / 240.0);
        assert_eq!(shrink(Canvas::Crop), Shrink { horizontal: x, vertical: x });
        assert_eq!(shrink(Canvas::Max), Shrink { horizontal: y, vertical: y });
        assert_eq!(shrink(Canvas::IgnoreAspect), Shrink { horizontal: x, vertical: y });
        let auto = target(Some(320), None, Canvas::IgnoreAspect).shrink(2725, 2225);
        assert_eq!(auto, Shrink { horizontal: x, vertical: 1.0 });
    }

    #[test]
    fn shrink_never_removes_an_axis() {
        let shrink = target(Some(1), None, Canvas::Crop).shrink(1000, 2);
        assert_eq!(shrink, Shrink { horizontal: 1000.0, vertical: 2.0 });
    }

    #[test]
    fn limits_on_direction_hold() {
        let up = Target { without_enlargement: true, ..target(Some(100), None, Canvas::Crop) };
        assert_eq!(up.shrink(50, 50), Shrink { horizontal: 1.0, vertical: 1.0 });
        let down = Target { without_reduction: true, ..target(Some(10), None, Canvas::Crop) };
        assert_eq!(down.shrink(50, 50), Shrink { horizontal: 1.0, vertical: 1.0 });
    }

    #[test]
    fn dct_shrink_keeps_clear_of_rounding() {
        assert_eq!(dct_shrink(1.9, true), 1);
        assert_eq!(dct_shrink(2.0, true), 1);
        assert_eq!(dct_shrink(2.9, true), 1);
        assert_eq!(dct_shrink(3.0, true), 2);
        assert_eq!(dct_shrink(4.5, true), 2);
        assert_eq!(dct_shrink(5.0, true), 4);
        assert_eq!(dct_shrink(9.0, true), 8);
        assert_eq!(dct_shrink(9.0, false), 4);
        assert_eq!(dct_shrink(16.0, false), 8);
    }
}
