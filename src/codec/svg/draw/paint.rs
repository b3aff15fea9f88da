//! Paints: plain colours, gradients, patterns.

use resvg::{
    tiny_skia::{self, FilterQuality, GradientStop, PixmapMut, RadialGradient, Shader, SpreadMode},
    usvg::{
        BaseGradient, Opacity, Paint, Pattern,
        tiny_skia_path::{IntSize, Transform},
    },
};

use super::{Area, Painter, Shape, Span, layer};
use crate::{
    codec::svg::{blend, gradient::Gradient},
    error::Result,
};

impl Painter {
    /// Paints a shape. `space` is the transform from the space of the paint.
    pub(super) fn paint(
        &mut self,
        shape: &Shape<'_>,
        paint: &Paint,
        opacity: Opacity,
        space: Transform,
        pixmap: &mut PixmapMut<'_>,
    ) -> Result<()> {
        let size = (pixmap.width(), pixmap.height());
        if let Paint::Color(colour) = paint {
            let alpha = opacity.get();
            let colour =
                [colour.red, colour.green, colour.blue, 255].map(|sample| (f32::from(sample) * alpha).round() as u8);
            let (level, area) = (self.level, Area::all(size));
            let width = size.0 as usize;
            let pixels: &mut [[u8; 4]] = pixmap.data_mut().as_chunks_mut().0;
            let Shape { outline, transform, rule, smooth } = *shape;
            return self.coverage.fill(outline, transform, rule, smooth, area, |y, x, span| {
                let row = &mut pixels[y * width + x..(y + 1) * width];
                match span {
                    Span::Run(len, 255) if colour[3] == 255 => row[..len].fill(colour),
                    Span::Run(len, share) => blend::even(level, &mut row[..len], colour, share),
                    Span::Cells(cells) => blend::plain(level, &mut row[..cells.len()], colour, cells),
                }
            });
        }
        let bounds = shape.outline.bounds().transform(shape.transform);
        let Some(area) = bounds.and_then(|bounds| Area::around(bounds, 1.0, size)) else { return Ok(()) };
        let moved = Shape { transform: area.moved(shape.transform), ..*shape };
        let mask = self.covered(&moved, area)?;
        if let Some(gradient) = Gradient::new(paint, opacity) {
            gradient.paint(self.level, space, pixmap, area, &mask);
            return Ok(());
        }
        let space = area.moved(space);
        let tile;
        let shader = match paint {
            Paint::Color(_) => return Ok(()),
            Paint::LinearGradient(_) => None,
            Paint::RadialGradient(radial) => {
                let (from, to) = ((radial.fx(), radial.fy()).into(), (radial.cx(), radial.cy()).into());
                let (spread, stops) = (spread(radial), stops(radial, opacity));
                let (inner, outer) = (radial.fr().get(), radial.r().get());
                RadialGradient::new(from, inner, to, outer, stops, spread, space.pre_concat(radial.transform()))
            }
            Paint::Pattern(pattern) => {
                let Some((pixels, placed)) = self.tile(pattern, space)? else { return Ok(()) };
                tile = pixels;
                let quality = FilterQuality::Bilinear;
                let shade = tiny_skia::Pattern::new(tile.as_ref(), SpreadMode::Repeat, quality, opacity.get(), placed);
                Some(shade)
            }
        };
        let (Some(shader), Some(mut drawn)) = (shader, layer(area)?) else { return Ok(()) };
        self::shade(shader, &mut drawn.as_mut());
        blend::layer(self.level, pixmap, area, drawn.data(), Some(&mask), 255);
        Ok(())
    }

    /// One tile of a pattern, in as many pixels as it has where it is drawn, and the transform from those.
    fn tile(&mut self, pattern: &Pattern, space: Transform) -> Result<Option<(tiny_skia::Pixmap, Transform)>> {
        let space = space.pre_concat(pattern.transform());
        let (sx, sy) = space.get_scale();
        let rect = pattern.rect();
        let side = |length: f32| (length.round() as u32).max(1);
        let (width, height) = (side(rect.width() * sx), side(rect.height() * sy));
        if IntSize::from_wh(width, height).is_none() {
            return Ok(None);
        }
        // The tile is that many whole pixels, so that it repeats without a seam.
        let (sx, sy) = (width as f32 / rect.width(), height as f32 / rect.height());
        let Some(mut pixels) = layer(Area::all((width, height)))? else { return Ok(None) };
        self.children(pattern.root(), Transform::from_scale(sx, sy), &mut pixels.as_mut())?;
        Ok(Some((pixels, space.pre_translate(rect.x(), rect.y()).pre_scale(1.0 / sx, 1.0 / sy))))
    }
}

/// Fills a pixmap.
pub(super) fn shade(shader: Shader<'_>, pixmap: &mut PixmapMut<'_>) {
    let paint = tiny_skia::Paint { shader, anti_alias: false, ..tiny_skia::Paint::default() };
    let whole = tiny_skia::Rect::from_xywh(0.0, 0.0, pixmap.width() as f32, pixmap.height() as f32);
    if let Some(whole) = whole {
        pixmap.fill_rect(whole, &paint, Transform::identity(), None);
    }
}

fn spread(gradient: &BaseGradient) -> SpreadMode {
    match gradient.spread_method() {
        resvg::usvg::SpreadMethod::Pad => SpreadMode::Pad,
        resvg::usvg::SpreadMethod::Reflect => SpreadMode::Reflect,
        resvg::usvg::SpreadMethod::Repeat => SpreadMode::Repeat,
    }
}

fn stops(gradient: &BaseGradient, opacity: Opacity) -> Vec<GradientStop> {
    let stop = |stop: &resvg::usvg::Stop| {
        let colour = stop.color();
        let alpha = (stop.opacity() * opacity).to_u8();
        let colour = tiny_skia::Color::from_rgba8(colour.red, colour.green, colour.blue, alpha);
        GradientStop::new(stop.offset().get(), colour)
    };
    gradient.stops().iter().map(stop).collect()
}
