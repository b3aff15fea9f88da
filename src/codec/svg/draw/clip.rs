//! Clip paths.

use resvg::usvg::{
    ClipPath, Group, Node, Path, ShapeRendering,
    tiny_skia_path::{PathSegment, Rect, Transform},
};

use super::{Area, Painter, Shape, rule};
use crate::{codec::svg::blend, error::Result, image::zeroed};

/// Whether a clip path is a rectangle with all that is drawn of `inner` in it, so that it cuts nothing off.
pub(super) fn holds(clip: &ClipPath, transform: Transform, inner: Rect, (width, height): (u32, u32)) -> bool {
    let [Node::Path(path)] = clip.root().children() else { return false };
    let transform = transform.pre_concat(clip.transform());
    if clip.clip_path().is_some() || !path.is_visible() || path.fill().is_none() || transform.has_skew() {
        return false;
    }
    let Some(rect) = rectangle(path).and_then(|rect| rect.transform(transform)) else { return false };
    // A side may cut through the image where nothing is drawn, but not through what is; a thousandth of a pixel is not seen.
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

impl Painter {
    /// The coverage of a clip path; `transform` is to the area alone.
    pub(super) fn cut(&mut self, clip: &ClipPath, transform: Transform, area: Area) -> Result<Vec<u8>> {
        let mut mask = zeroed(area.pixels())?;
        self.shapes(clip.root(), transform.pre_concat(clip.transform()), area, &mut mask)?;
        if let Some(outer) = clip.clip_path() {
            blend::both(&mut mask, &self.cut(outer, transform, area)?);
        }
        Ok(mask)
    }

    /// Adds the fills of a group to a coverage.
    fn shapes(&mut self, group: &Group, transform: Transform, area: Area, mask: &mut [u8]) -> Result<()> {
        for node in group.children() {
            match node {
                Node::Path(path) if path.is_visible() => {
                    let Some(fill) = path.fill() else { continue };
                    let smooth = path.rendering_mode() != ShapeRendering::CrispEdges;
                    let shape = Shape { outline: path.data(), transform, rule: rule(fill), smooth };
                    self.unite(&shape, area, mask)?;
                }
                Node::Text(text) => self.shapes(text.flattened(), transform, area, mask)?,
                Node::Group(inner) => {
                    let transform = transform.pre_concat(inner.transform());
                    let Some(clip) = inner.clip_path() else {
                        self.shapes(inner, transform, area, mask)?;
                        continue;
                    };
                    let mut own = zeroed(area.pixels())?;
                    self.shapes(inner, transform, area, &mut own)?;
                    blend::both(&mut own, &self.cut(clip, transform, area)?);
                    blend::either(mask, &own);
                }
                Node::Path(_) | Node::Image(_) => {}
            }
        }
        Ok(())
    }

    fn unite(&mut self, shape: &Shape<'_>, area: Area, mask: &mut [u8]) -> Result<()> {
        let own = self.covered(shape, area)?;
        blend::either(mask, &own);
        Ok(())
    }
}
