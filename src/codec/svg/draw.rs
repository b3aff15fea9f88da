//! Draws a tree. Filters alone are left to resvg.

mod area;
mod clip;
mod coverage;
mod mask;
mod paint;
mod raster;

use resvg::{
    tiny_skia::{self, Pixmap, PixmapMut, PixmapPaint},
    usvg::{
        self, BlendMode, Group, Image, ImageKind, Node, Path, ShapeRendering, Tree,
        tiny_skia_path::{self, IntSize, PathBuilder, PathStroker, Transform},
    },
};

use super::blend;
use crate::{error::Result, image::zeroed, simd::Level};
pub(super) use area::Area;
use coverage::{Coverage, Rule, Span};
use raster::Rasters;

/// Marks paths whose strokes have their width in pixels, whatever their transform: written by `style`, which leaves it to nothing else.
const UNSCALED: ShapeRendering = ShapeRendering::OptimizeSpeed;

/// How much closer than to a quarter of a pixel the outlines of strokes follow curves.
const PRECISION: f32 = 8.0;

/// What is kept from one part of a drawing to the next.
pub(super) struct Painter {
    level: Level,
    coverage: Coverage,
    rasters: Rasters,
}

impl Painter {
    pub(super) fn new() -> Self {
        Self { level: Level::best(), coverage: Coverage::default(), rasters: Rasters::default() }
    }

    /// Draws a tree.
    pub(super) fn draw(&mut self, tree: &Tree, transform: Transform, pixmap: &mut PixmapMut<'_>) -> Result<()> {
        self.children(tree.root(), transform, pixmap)
    }

    fn children(&mut self, group: &Group, transform: Transform, pixmap: &mut PixmapMut<'_>) -> Result<()> {
        for node in group.children() {
            match node {
                Node::Group(inner) => self.group(node, inner, transform, pixmap)?,
                Node::Text(text) => self.group(node, text.flattened(), transform, pixmap)?,
                Node::Path(path) => self.path(path, transform, pixmap)?,
                Node::Image(image) => self.image(image, transform, pixmap)?,
            }
        }
        Ok(())
    }

    /// Draws a group; `node` is what holds it.
    fn group(&mut self, node: &Node, group: &Group, outer: Transform, pixmap: &mut PixmapMut<'_>) -> Result<()> {
        if !group.filters().is_empty() {
            filtered(node, outer, pixmap);
            return Ok(());
        }
        let transform = outer.pre_concat(group.transform());
        let size = (pixmap.width(), pixmap.height());
        let clip = group.clip_path().filter(|clip| {
            let inner = group.stroke_bounding_box().transform(transform);
            !inner.is_some_and(|inner| clip::holds(clip, transform, inner, size))
        });
        let blends = group.blend_mode() != BlendMode::Normal;
        let opacity = (group.opacity().get() * 255.0).round() as u8;
        let is_plain = clip.is_none() && group.mask().is_none() && opacity == 255 && !blends && !group.isolate();
        let drawn = group.layer_bounding_box().transform(transform);
        // Two pixels more than the outlines reach, for the soft edges.
        let area = drawn.and_then(|drawn| Area::around(drawn.to_rect(), 2.0, size));
        if is_plain {
            let is_seen = area.is_some() || reaches_out(group);
            return if is_seen { self.children(group, transform, pixmap) } else { Ok(()) };
        }
        // Strokes that are not scaled may reach further than the library knows.
        let area = if reaches_out(group) { Some(Area::all(size)) } else { area };
        let Some(area) = area else { return Ok(()) };
        let moved = area.moved(transform);
        let Some(mut layer) = layer(area)? else { return Ok(()) };
        self.children(group, moved, &mut layer.as_mut())?;
        let mut mask = match clip {
            Some(clip) => Some(self.cut(clip, moved, area)?),
            None => None,
        };
        if let Some(own) = group.mask() {
            let own = self.mask(own, moved, area)?;
            match &mut mask {
                Some(mask) => blend::both(mask, &own),
                None => mask = Some(own),
            }
        }
        if blends {
            blend::fade(layer.data_mut(), mask.as_deref(), opacity);
            let paint = PixmapPaint { blend_mode: blend_mode(group.blend_mode()), ..PixmapPaint::default() };
            let (x, y) = (area.x as i32, area.y as i32);
            pixmap.draw_pixmap(x, y, layer.as_ref(), &paint, Transform::identity(), None);
        } else {
            blend::layer(self.level, pixmap, area, layer.data(), mask.as_deref(), opacity);
        }
        Ok(())
    }

    fn path(&mut self, path: &Path, transform: Transform, pixmap: &mut PixmapMut<'_>) -> Result<()> {
        if !path.is_visible() {
            return Ok(());
        }
        if path.paint_order() == usvg::PaintOrder::FillAndStroke {
            self.inside(path, transform, pixmap)?;
            self.stroke(path, transform, pixmap)
        } else {
            self.stroke(path, transform, pixmap)?;
            self.inside(path, transform, pixmap)
        }
    }

    fn inside(&mut self, path: &Path, transform: Transform, pixmap: &mut PixmapMut<'_>) -> Result<()> {
        let Some(fill) = path.fill() else { return Ok(()) };
        let shape = Shape { outline: path.data(), transform, rule: rule(fill), smooth: is_smooth(path) };
        self.paint(&shape, fill.paint(), fill.opacity(), transform, pixmap)
    }

    fn stroke(&mut self, path: &Path, transform: Transform, pixmap: &mut PixmapMut<'_>) -> Result<()> {
        let Some(stroke) = path.stroke() else { return Ok(()) };
        let is_unscaled = path.rendering_mode() == UNSCALED;
        let unscaled;
        let (line, space) = if is_unscaled {
            let Some(line) = path.data().clone().transform(transform) else { return Ok(()) };
            unscaled = line;
            (&unscaled, Transform::identity())
        } else {
            let reach = path.stroke_bounding_box().transform(transform);
            let size = (pixmap.width(), pixmap.height());
            if reach.is_some_and(|reach| Area::around(reach, 1.0, size).is_none()) {
                return Ok(());
            }
            (path.data(), transform)
        };
        let smooth = is_smooth(path);
        let mut pen = stroke.to_tiny_skia();
        let scale = PathStroker::compute_resolution_scale(&space);
        let precision = scale * PRECISION;
        if !smooth && pen.width * scale < 1.0 {
            // Thinner lines would fall between the centres of pixels.
            pen.width = 1.0 / scale;
        }
        let dashed;
        let line = match &pen.dash {
            Some(dash) => match line.dash(dash, precision) {
                Some(line) => {
                    dashed = line;
                    &dashed
                }
                None => return Ok(()),
            },
            None => line,
        };
        let Some(outline) = line.stroke(&pen, precision) else { return Ok(()) };
        let shape = Shape { outline: &outline, transform: space, rule: Rule::NonZero, smooth };
        self.paint(&shape, stroke.paint(), stroke.opacity(), transform, pixmap)
    }

    fn image(&mut self, image: &Image, transform: Transform, pixmap: &mut PixmapMut<'_>) -> Result<()> {
        if !image.is_visible() {
            return Ok(());
        }
        let size = (pixmap.width(), pixmap.height());
        let Some(bounds) = image.size().to_rect(0.0, 0.0) else { return Ok(()) };
        let Some(area) = bounds.transform(transform).and_then(|bounds| Area::around(bounds, 1.0, size)) else {
            return Ok(());
        };
        let moved = area.moved(transform);
        let Some(mut layer) = layer(area)? else { return Ok(()) };
        match image.kind() {
            ImageKind::SVG(tree) => self.children(tree.root(), moved, &mut layer.as_mut())?,
            kind => {
                let smooth = !matches!(
                    image.rendering_mode(),
                    usvg::ImageRendering::OptimizeSpeed
                        | usvg::ImageRendering::CrispEdges
                        | usvg::ImageRendering::Pixelated
                );
                self.rasters.draw(kind, moved, smooth, &mut layer.as_mut())?;
            }
        }
        let outline = PathBuilder::from_rect(bounds);
        let shape = Shape { outline: &outline, transform: moved, rule: Rule::NonZero, smooth: true };
        let mask = self.covered(&shape, area)?;
        blend::layer(self.level, pixmap, area, layer.data(), Some(&mask), 255);
        Ok(())
    }

    /// The coverage of an area by a shape, whose transform is to that area alone.
    fn covered(&mut self, shape: &Shape<'_>, area: Area) -> Result<Vec<u8>> {
        let mut mask: Vec<u8> = zeroed(area.pixels())?;
        let width = area.width as usize;
        let whole = Area { x: 0, y: 0, ..area };
        self.coverage.fill(shape.outline, shape.transform, shape.rule, shape.smooth, whole, |y, x, span| {
            let row = &mut mask[y * width + x..];
            match span {
                Span::Run(len, share) => row[..len].fill(share),
                Span::Cells(cells) => row[..cells.len()].copy_from_slice(cells),
            }
        })?;
        Ok(mask)
    }
}

/// An outline and how it is filled.
struct Shape<'a> {
    outline: &'a tiny_skia_path::Path,
    transform: Transform,
    rule: Rule,
    smooth: bool,
}

/// A transparent image of an area alone.
fn layer(area: Area) -> Result<Option<Pixmap>> {
    let pixels = zeroed(area.pixels().saturating_mul(4))?;
    Ok(IntSize::from_wh(area.width, area.height).and_then(|size| Pixmap::from_vec(pixels, size)))
}

fn rule(fill: &usvg::Fill) -> Rule {
    match fill.rule() {
        usvg::FillRule::NonZero => Rule::NonZero,
        usvg::FillRule::EvenOdd => Rule::EvenOdd,
    }
}

fn is_smooth(path: &Path) -> bool {
    path.rendering_mode() != ShapeRendering::CrispEdges
}

/// Whether a group has strokes that are not scaled.
fn reaches_out(group: &Group) -> bool {
    group.children().iter().any(|node| match node {
        Node::Group(inner) => reaches_out(inner),
        Node::Path(path) => path.rendering_mode() == UNSCALED && path.stroke().is_some(),
        Node::Text(_) | Node::Image(_) => false,
    })
}

/// Lets resvg draw a node with a filter, which it would move to the corner.
fn filtered(node: &Node, transform: Transform, pixmap: &mut PixmapMut<'_>) {
    if let Some(bounds) = node.abs_layer_bounding_box() {
        let _ = resvg::render_node(node, transform.pre_translate(bounds.x(), bounds.y()), pixmap);
    }
}

const fn blend_mode(mode: BlendMode) -> tiny_skia::BlendMode {
    match mode {
        BlendMode::Normal => tiny_skia::BlendMode::SourceOver,
        BlendMode::Multiply => tiny_skia::BlendMode::Multiply,
        BlendMode::Screen => tiny_skia::BlendMode::Screen,
        BlendMode::Overlay => tiny_skia::BlendMode::Overlay,
        BlendMode::Darken => tiny_skia::BlendMode::Darken,
        BlendMode::Lighten => tiny_skia::BlendMode::Lighten,
        BlendMode::ColorDodge => tiny_skia::BlendMode::ColorDodge,
        BlendMode::ColorBurn => tiny_skia::BlendMode::ColorBurn,
        BlendMode::HardLight => tiny_skia::BlendMode::HardLight,
        BlendMode::SoftLight => tiny_skia::BlendMode::SoftLight,
        BlendMode::Difference => tiny_skia::BlendMode::Difference,
        BlendMode::Exclusion => tiny_skia::BlendMode::Exclusion,
        BlendMode::Hue => tiny_skia::BlendMode::Hue,
        BlendMode::Saturation => tiny_skia::BlendMode::Saturation,
        BlendMode::Color => tiny_skia::BlendMode::Color,
        BlendMode::Luminosity => tiny_skia::BlendMode::Luminosity,
        BlendMode::PlusLighter => tiny_skia::BlendMode::Plus,
    }
}

#[cfg(test)]
#[path = "draw/tests.rs"]
mod tests;
