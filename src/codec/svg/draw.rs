//! Draws a tree. Groups that are cut by clip paths or are translucent, and gradients, which are what most drawings spend
//! their time on, are done here; masks, filters, blending and patterns are left to resvg.

use resvg::{
    tiny_skia::{FillRule, Mask, Paint as Brush, Pixmap, PixmapMut},
    usvg::{
        self, BlendMode, ClipPath, Group, Node, Paint, Path, Tree,
        tiny_skia_path::{IntSize, PathSegment, Rect, Transform},
    },
};

use super::{blend, gradient::Gradient};
use crate::{error::Result, image::zeroed, simd::Level};

/// Draws the tree.
pub(super) fn draw(tree: &Tree, transform: Transform, pixmap: &mut PixmapMut<'_>) -> Result<()> {
    if needs_whole(tree.root()) {
        resvg::render(tree, transform, pixmap);
        return Ok(());
    }
    Painter { level: Level::best() }.children(tree.root(), transform, pixmap)
}

/// Whether resvg must see the document as a whole: the edges of filters depend on where they lie to the last bit, and a node
/// of no width or height cannot be given to it alone.
fn needs_whole(group: &Group) -> bool {
    !group.filters().is_empty()
        || group.children().iter().any(|node| match node {
            Node::Group(inner) => needs_whole(inner),
            Node::Text(text) => needs_whole(text.flattened()),
            Node::Path(path) => !is_ours(path) && node.abs_layer_bounding_box().is_none(),
            Node::Image(_) => false,
        })
}

/// Whether a path is drawn here.
fn is_ours(path: &Path) -> bool {
    let fill = path.fill().is_none_or(|fill| matches!(fill.paint(), Paint::Color(_)) || Gradient::new(fill).is_some());
    fill && path.stroke().is_none_or(|stroke| matches!(stroke.paint(), Paint::Color(_)))
}

/// A rectangle of pixels inside a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Area {
    /// The pixels of a `width` × `height` picture that `rect` touches, and those at most `margin` away.
    pub(super) fn around(rect: Rect, margin: f32, (width, height): (u32, u32)) -> Option<Self> {
        let span = |low: f32, high: f32, side: u32| {
            let start = (low - margin).floor().clamp(0.0, side as f32) as u32;
            let end = ((high + margin).ceil().clamp(0.0, side as f32) as u32).min(side);
            (end > start).then(|| (start, end - start))
        };
        let (x, width) = span(rect.left(), rect.right(), width)?;
        let (y, height) = span(rect.top(), rect.bottom(), height)?;
        Some(Self { x, y, width, height })
    }

    /// The transform to a picture of this area alone.
    pub(super) fn moved(self, transform: Transform) -> Transform {
        transform.post_translate(-(self.x as f32), -(self.y as f32))
    }

    /// Coverage of nothing.
    pub(super) fn mask(self) -> Result<Option<Mask>> {
        let coverage = zeroed(self.width as usize * self.height as usize)?;
        Ok(IntSize::from_wh(self.width, self.height).and_then(|size| Mask::from_vec(coverage, size)))
    }
}

struct Painter {
    level: Level,
}

impl Painter {
    fn children(&self, group: &Group, transform: Transform, pixmap: &mut PixmapMut<'_>) -> Result<()> {
        for node in group.children() {
            match node {
                Node::Group(inner) => self.group(node, inner, transform, pixmap)?,
                Node::Text(text) => self.group(node, text.flattened(), transform, pixmap)?,
                Node::Path(path) if is_ours(path) => self.path(path, transform, pixmap)?,
                Node::Path(_) | Node::Image(_) => delegate(node, transform, pixmap),
            }
        }
        Ok(())
    }

    /// Draws a group; `node` is what holds it.
    fn group(&self, node: &Node, group: &Group, outer: Transform, pixmap: &mut PixmapMut<'_>) -> Result<()> {
        if group.mask().is_some() || group.blend_mode() != BlendMode::Normal {
            delegate(node, outer, pixmap);
            return Ok(());
        }
        let transform = outer.pre_concat(group.transform());
        let size = (pixmap.width(), pixmap.height());
        let Some(drawn) = group.layer_bounding_box().transform(transform) else { return Ok(()) };
        // Two pixels more than the outlines reach, for the soft edges.
        let Some(area) = Area::around(drawn.to_rect(), 2.0, size) else { return Ok(()) };
        let clip = group.clip_path().filter(|clip| {
            let inner = group.stroke_bounding_box().transform(transform);
            !inner.is_some_and(|inner| holds(clip, transform, inner, size))
        });
        let opacity = (group.opacity().get() * 255.0).round() as u8;
        if clip.is_none() && opacity == 255 && !group.isolate() {
            return self.children(group, transform, pixmap);
        }
        let moved = area.moved(transform);
        let size = IntSize::from_wh(area.width, area.height);
        let pixels = zeroed(area.width as usize * area.height as usize * 4)?;
        let Some(mut layer) = size.and_then(|size| Pixmap::from_vec(pixels, size)) else { return Ok(()) };
        self.children(group, moved, &mut layer.as_mut())?;
        let mask = match clip {
            Some(clip) => cut(clip, moved, area)?,
            None => None,
        };
        blend::layer(self.level, pixmap, area, layer.data(), mask.as_ref().map(Mask::data), opacity);
        Ok(())
    }

    fn path(&self, path: &Path, transform: Transform, pixmap: &mut PixmapMut<'_>) -> Result<()> {
        if !path.is_visible() {
            return Ok(());
        }
        if path.paint_order() == usvg::PaintOrder::FillAndStroke {
            self.fill(path, transform, pixmap)?;
            stroke(path, transform, pixmap);
        } else {
            stroke(path, transform, pixmap);
            self.fill(path, transform, pixmap)?;
        }
        Ok(())
    }

    fn fill(&self, path: &Path, transform: Transform, pixmap: &mut PixmapMut<'_>) -> Result<()> {
        let Some(fill) = path.fill() else { return Ok(()) };
        let bounds = path.data().bounds();
        if bounds.width() == 0.0 || bounds.height() == 0.0 {
            return Ok(());
        }
        if let Paint::Color(colour) = fill.paint() {
            let brush = brush(*colour, fill.opacity(), path);
            pixmap.fill_path(path.data(), &brush, rule(fill), transform, None);
            return Ok(());
        }
        let size = (pixmap.width(), pixmap.height());
        let area = bounds.transform(transform).and_then(|bounds| Area::around(bounds, 1.0, size));
        let (Some(gradient), Some(area)) = (Gradient::new(fill), area) else { return Ok(()) };
        let Some(mut mask) = area.mask()? else { return Ok(()) };
        let smooth = path.rendering_mode().use_shape_antialiasing();
        mask.fill_path(path.data(), rule(fill), smooth, area.moved(transform));
        gradient.paint(self.level, transform, pixmap, area, mask.data());
        Ok(())
    }
}

fn rule(fill: &usvg::Fill) -> FillRule {
    match fill.rule() {
        usvg::FillRule::NonZero => FillRule::Winding,
        usvg::FillRule::EvenOdd => FillRule::EvenOdd,
    }
}

fn brush(colour: usvg::Color, opacity: usvg::Opacity, path: &Path) -> Brush<'static> {
    let mut brush = Brush { anti_alias: path.rendering_mode().use_shape_antialiasing(), ..Brush::default() };
    brush.set_color_rgba8(colour.red, colour.green, colour.blue, opacity.to_u8());
    brush
}

fn stroke(path: &Path, transform: Transform, pixmap: &mut PixmapMut<'_>) {
    let Some(stroke) = path.stroke() else { return };
    if let Paint::Color(colour) = stroke.paint() {
        let brush = brush(*colour, stroke.opacity(), path);
        pixmap.stroke_path(path.data(), &brush, &stroke.to_tiny_skia(), transform, None);
    }
}

/// Lets resvg draw a node, which it would move to the corner.
fn delegate(node: &Node, transform: Transform, pixmap: &mut PixmapMut<'_>) {
    if let Some(bounds) = node.abs_layer_bounding_box() {
        let _ = resvg::render_node(node, transform.pre_translate(bounds.x(), bounds.y()), pixmap);
    }
}

/// Whether a clip path is a rectangle with all that is drawn of `inner` in it, so that it cuts nothing off.
fn holds(clip: &ClipPath, transform: Transform, inner: Rect, (width, height): (u32, u32)) -> bool {
    let [Node::Path(path)] = clip.root().children() else { return false };
    let transform = transform.pre_concat(clip.transform());
    if clip.clip_path().is_some() || !path.is_visible() || path.fill().is_none() || transform.has_skew() {
        return false;
    }
    let Some(rect) = rectangle(path).and_then(|rect| rect.transform(transform)) else { return false };
    // A side may cut through the picture where nothing is drawn, but not through what is; a thousandth of a pixel is not seen.
    let near = 1e-3;
    rect.left() <= inner.left().max(0.0) + near
        && rect.top() <= inner.top().max(0.0) + near
        && rect.right() >= inner.right().min(width as f32) - near
        && rect.bottom() >= inner.bottom().min(height as f32) - near
}

/// The rectangle that a path is, with sides along the axes.
fn rectangle(path: &Path) -> Option<Rect> {
    let bounds = path.data().bounds();
    let corner = |x: f32, y: f32| {
        let (left, right) = (x == bounds.left(), x == bounds.right());
        let (top, bottom) = (y == bounds.top(), y == bounds.bottom());
        ((left || right) && (top || bottom)).then_some((right, bottom))
    };
    let mut corners = Vec::with_capacity(5);
    for segment in path.data().segments() {
        match segment {
            PathSegment::MoveTo(point) if corners.is_empty() => corners.push(corner(point.x, point.y)?),
            PathSegment::LineTo(point) if corners.len() < 5 => corners.push(corner(point.x, point.y)?),
            PathSegment::Close => {}
            _ => return None,
        }
    }
    if corners.len() == 5 && corners[0] == corners[4] {
        corners.pop();
    }
    // From corner to corner one side at a time, and round.
    let sides = (0..corners.len()).all(|at| {
        let (from, to) = (corners[at], corners[(at + 1) % corners.len()]);
        (from.0 != to.0) != (from.1 != to.1)
    });
    let opposite = corners.len() == 4 && corners[0].0 != corners[2].0 && corners[0].1 != corners[2].1;
    (sides && opposite).then_some(bounds)
}

/// The coverage of a clip path, in a picture of the area alone.
fn cut(clip: &ClipPath, transform: Transform, area: Area) -> Result<Option<Mask>> {
    let Some(mut mask) = area.mask()? else { return Ok(None) };
    shapes(clip.root(), transform.pre_concat(clip.transform()), area, &mut mask)?;
    if let Some(outer) = clip.clip_path()
        && let Some(outer) = cut(outer, transform, area)?
    {
        blend::both(mask.data_mut(), outer.data());
    }
    Ok(Some(mask))
}

/// Adds the fills of a group to a coverage.
fn shapes(group: &Group, transform: Transform, area: Area, mask: &mut Mask) -> Result<()> {
    for node in group.children() {
        match node {
            Node::Path(path) if path.is_visible() => {
                let bounds = path.data().bounds();
                if let Some(fill) = path.fill().filter(|_| bounds.width() > 0.0 && bounds.height() > 0.0) {
                    mask.fill_path(path.data(), rule(fill), path.rendering_mode().use_shape_antialiasing(), transform);
                }
            }
            Node::Text(text) => shapes(text.flattened(), transform, area, mask)?,
            Node::Group(inner) => {
                let transform = transform.pre_concat(inner.transform());
                let Some(clip) = inner.clip_path() else {
                    shapes(inner, transform, area, mask)?;
                    continue;
                };
                if let (Some(mut own), Some(cut)) = (area.mask()?, cut(clip, transform, area)?) {
                    shapes(inner, transform, area, &mut own)?;
                    blend::both(own.data_mut(), cut.data());
                    blend::either(mask.data_mut(), own.data());
                }
            }
            Node::Path(_) | Node::Image(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "draw/tests.rs"]
mod tests;
