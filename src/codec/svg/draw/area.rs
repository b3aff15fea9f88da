//! Rectangles of pixels.

use resvg::usvg::tiny_skia_path::{Rect, Transform};

/// A rectangle of pixels inside an image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::codec::svg) struct Area {
    pub(in crate::codec::svg) x: u32,
    pub(in crate::codec::svg) y: u32,
    pub(in crate::codec::svg) width: u32,
    pub(in crate::codec::svg) height: u32,
}

impl Area {
    /// The pixels of a `width` × `height` image that `rect` touches, and those at most `margin` away.
    pub(in crate::codec::svg) fn around(rect: Rect, margin: f32, (width, height): (u32, u32)) -> Option<Self> {
        let span = |low: f32, high: f32, side: u32| {
            let start = (low - margin).floor().clamp(0.0, side as f32) as u32;
            let end = ((high + margin).ceil().clamp(0.0, side as f32) as u32).min(side);
            (end > start).then(|| (start, end - start))
        };
        let (x, width) = span(rect.left(), rect.right(), width)?;
        let (y, height) = span(rect.top(), rect.bottom(), height)?;
        Some(Self { x, y, width, height })
    }

    /// The transform to an image of this area alone.
    pub(in crate::codec::svg) fn moved(self, transform: Transform) -> Transform {
        transform.post_translate(-(self.x as f32), -(self.y as f32))
    }

    /// The whole of an image.
    pub(in crate::codec::svg) const fn all((width, height): (u32, u32)) -> Self {
        Self { x: 0, y: 0, width, height }
    }

    /// How many pixels there are.
    pub(in crate::codec::svg) const fn pixels(self) -> usize {
        (self.width as usize).saturating_mul(self.height as usize)
    }
}
