//! Drawings made of convex shapes in plain colours only, such as the masks that make pictures round: a pixel is covered by
//! exactly the part of its square that lies within the shape, where the rasteriser of all other drawings takes samples.

use resvg::usvg::{
    Color, Group, Node, Paint, Path, Tree,
    tiny_skia_path::{PathSegment, Point, Transform},
};

use super::MAX_SIDE;

/// Most straight edges of all shapes, so that looking for those that cross a row stays cheap.
const MAX_EDGES: usize = 4096;
/// How far, in pixels, straight edges may be from the curve that they stand for.
const FLATNESS: f64 = 0.01;
/// The sine of an angle that is no bend but the inaccuracy of coordinates.
const STRAIGHT: f64 = 1e-4;

/// A convex shape in pixels of the whole drawing, with its colour.
#[derive(Debug)]
pub(super) struct Shape {
    edges: Vec<Edge>,
    /// Rows that it touches, the last not included.
    rows: (u32, u32),
    /// Red, green and blue of 0 to 255, alpha of 0 to 1.
    colour: [f32; 4],
}

/// A straight line that goes down, or up where `sign` is -1, from a row to another. Horizontal ones cover nothing.
#[derive(Debug, Clone, Copy)]
struct Edge {
    top: f64,
    bottom: f64,
    /// The column at `top`, and how far it moves in a row.
    x: f64,
    slope: f64,
    sign: f64,
}

impl Edge {
    fn new([from, to]: [[f64; 2]; 2]) -> Option<Self> {
        let ([upper, lower], sign) = if from[1] <= to[1] { ([from, to], 1.0) } else { ([to, from], -1.0) };
        let height = lower[1] - upper[1];
        let slope = (lower[0] - upper[0]) / height;
        (height > 0.0 && slope.is_finite()).then_some(Self {
            top: upper[1],
            bottom: lower[1],
            x: upper[0],
            slope,
            sign,
        })
    }

    fn at(&self, y: f64) -> f64 {
        self.x + (y - self.top) * self.slope
    }
}

/// The shapes of a drawing, from back to front; `None` when it has anything else in it.
pub(super) fn shapes(tree: &Tree, transform: Transform) -> Option<Vec<Shape>> {
    let mut shapes = Vec::new();
    collect(tree.root(), transform, &mut shapes)?;
    Some(shapes)
}

fn collect(group: &Group, transform: Transform, shapes: &mut Vec<Shape>) -> Option<()> {
    for node in group.children() {
        match node {
            Node::Group(inner) if !inner.should_isolate() => {
                collect(inner, transform.pre_concat(inner.transform()), shapes)?;
            }
            Node::Path(path) if !path.is_visible() => {}
            Node::Path(path) => {
                let known: usize = shapes.iter().map(|shape| shape.edges.len()).sum();
                shapes.push(Shape::new(path, transform, MAX_EDGES - known)?);
            }
            Node::Group(_) | Node::Image(_) | Node::Text(_) => return None,
        }
    }
    Some(())
}

impl Shape {
    fn new(path: &Path, transform: Transform, most: usize) -> Option<Self> {
        let fill = path.fill().filter(|_| path.stroke().is_none() && path.rendering_mode().use_shape_antialiasing())?;
        let Paint::Color(Color { red, green, blue }) = *fill.paint() else { return None };
        let outline = outline(path, transform, most)?;
        is_convex(&outline).then_some(())?;
        let closed = outline.iter().zip(outline.iter().cycle().skip(1));
        let edges: Vec<Edge> = closed.filter_map(|(from, to)| Edge::new([*from, *to])).collect();
        let limit = f64::from(MAX_SIDE);
        let top = edges.iter().map(|edge| edge.top).fold(limit, f64::min).max(0.0);
        let bottom = edges.iter().map(|edge| edge.bottom).fold(0.0, f64::max).min(limit);
        let [red, green, blue] = [red, green, blue].map(f32::from);
        let colour = [red, green, blue, fill.opacity().get()];
        Some(Self { edges, rows: (top.floor() as u32, bottom.ceil() as u32), colour })
    }

    /// Draws the shape over premultiplied RGBA rows of `width` pixels, the first of which is row `top` of the drawing.
    pub(super) fn draw(&self, pixels: &mut [[u8; 4]], width: usize, top: u32) {
        let mut areas = vec![0.0f64; width + 1];
        for (y, row) in (top..).zip(pixels.chunks_exact_mut(width)) {
            if y < self.rows.0 || y >= self.rows.1 {
                continue;
            }
            let (upper, lower) = (f64::from(y), f64::from(y) + 1.0);
            let (mut first, mut last) = (width, 0);
            for edge in self.edges.iter().filter(|edge| edge.top < lower && edge.bottom > upper) {
                let touched = add(&mut areas, edge, edge.top.max(upper), edge.bottom.min(lower));
                first = first.min(touched.0);
                last = last.max(touched.1);
            }
            let mut covered = 0.0;
            for (area, pixel) in areas.iter_mut().zip(row).take(last + 1).skip(first) {
                covered += std::mem::take(area);
                blend(pixel, self.colour, covered.abs().min(1.0) as f32);
            }
            areas[width] = 0.0;
        }
    }
}

/// Adds to each column by how much more of it than of the column before lies to the right of an edge, between two heights of
/// one row. Gives the first and the last column that changed.
fn add(areas: &mut [f64], edge: &Edge, upper: f64, lower: f64) -> (usize, usize) {
    let width = areas.len() - 1;
    let end = width as f64;
    let (from, to) = (edge.at(upper), edge.at(lower));
    let (left, right) = if from <= to { (from, to) } else { (to, from) };
    let cover = (lower - upper) * edge.sign;
    let (within_left, within_right) = (left.clamp(0.0, end), right.clamp(0.0, end));
    let part = |from: f64, to: f64| if right > left { (to - from) / (right - left) * cover } else { 0.0 };
    // What is left of the picture covers all of its columns.
    let before = if left < 0.0 { part(left, right.min(0.0)) } else { 0.0 };
    areas[0] += before;
    let first = if before == 0.0 { within_left as usize } else { 0 }.min(width);
    if right <= left {
        put(areas, within_left, cover * f64::from(left < end));
        return (first, (first + 1).min(width));
    }
    let last = (within_right.ceil() as usize).min(width);
    let mut start = within_left;
    while start < within_right {
        let stop = (start.floor() + 1.0).min(within_right);
        put(areas, (start + stop) / 2.0, part(start, stop));
        start = stop;
    }
    (first, last)
}

/// An upright edge at a column covers the part of it that is to its right, and all of those that follow.
fn put(areas: &mut [f64], x: f64, cover: f64) {
    let column = (x as usize).min(areas.len() - 1);
    let beyond = x - column as f64;
    areas[column] += cover * (1.0 - beyond);
    if let Some(next) = areas.get_mut(column + 1) {
        *next += cover * beyond;
    }
}

/// Lays a colour that covers part of a pixel over what is there.
fn blend(pixel: &mut [u8; 4], [red, green, blue, alpha]: [f32; 4], covered: f32) {
    let opacity = alpha * covered;
    if opacity > 0.999 {
        *pixel = [red as u8, green as u8, blue as u8, 255];
    } else if opacity > 0.0 {
        for (to, from) in pixel.iter_mut().zip([red, green, blue, 255.0]) {
            *to = (from * opacity + f32::from(*to) * (1.0 - opacity)).round() as u8;
        }
    }
}

/// The corners of a path of one part, with curves made straight, in pixels; `None` when there are more than `most`.
fn outline(path: &Path, transform: Transform, most: usize) -> Option<Vec<[f64; 2]>> {
    let [sx, ky, kx, sy, tx, ty] = [transform.sx, transform.ky, transform.kx, transform.sy, transform.tx, transform.ty];
    let place = |point: Point| {
        let (x, y) = (f64::from(point.x), f64::from(point.y));
        [x * f64::from(sx) + y * f64::from(kx) + f64::from(tx), x * f64::from(ky) + y * f64::from(sy) + f64::from(ty)]
    };
    let mut corners: Vec<[f64; 2]> = Vec::new();
    let mut is_closed = false;
    for segment in path.data().segments() {
        let start = corners.last().copied();
        match segment {
            PathSegment::MoveTo(to) if start.is_none() => corners.push(place(to)),
            // A second part would have to be drawn with the first.
            PathSegment::MoveTo(_) => return None,
            _ if is_closed => return None,
            PathSegment::LineTo(to) => corners.push(place(to)),
            PathSegment::QuadTo(over, to) => {
                let [from, over, to] = [start?, place(over), place(to)];
                // The same curve as one of the third degree.
                let third = |end: [f64; 2]| [0, 1].map(|i| end[i] + (over[i] - end[i]) * 2.0 / 3.0);
                flatten([from, third(from), third(to), to], most, &mut corners)?;
            }
            PathSegment::CubicTo(first, second, to) => {
                flatten([start?, place(first), place(second), place(to)], most, &mut corners)?;
            }
            PathSegment::Close => is_closed = true,
        }
        if corners.len() > most {
            return None;
        }
    }
    Some(corners)
}

/// Adds the points of a cubic Bézier curve, but for the first. Source of their number: G. Wang, "The subdivision method for
/// finding the intersection between two Bézier curves or surfaces" (1984).
fn flatten(curve: [[f64; 2]; 4], most: usize, corners: &mut Vec<[f64; 2]>) -> Option<()> {
    let bend = |at: usize| {
        let [x, y] = [0, 1].map(|i| curve[at][i] - 2.0 * curve[at + 1][i] + curve[at + 2][i]);
        x.hypot(y)
    };
    let count = (0.75 * bend(0).max(bend(1)) / FLATNESS).sqrt().ceil().max(1.0);
    if count.is_nan() || count > most as f64 {
        return None;
    }
    let count = count as usize;
    corners.extend((1..=count).map(|step| {
        let t = step as f64 / count as f64;
        let weights = [(1.0 - t).powi(3), 3.0 * t * (1.0 - t).powi(2), 3.0 * t * t * (1.0 - t), t.powi(3)];
        [0, 1].map(|i| weights.iter().zip(&curve).map(|(weight, point)| weight * point[i]).sum())
    }));
    Some(())
}

/// Whether an outline bends to one side only, and goes round once.
fn is_convex(outline: &[[f64; 2]]) -> bool {
    let steps: Vec<[f64; 2]> = outline
        .iter()
        .zip(outline.iter().cycle().skip(1))
        .map(|(from, to)| [to[0] - from[0], to[1] - from[1]])
        .filter(|step| *step != [0.0, 0.0])
        .collect();
    let (mut left, mut right, mut turned) = (false, false, 0.0);
    for (one, two) in steps.iter().zip(steps.iter().cycle().skip(1)) {
        let cross = one[0] * two[1] - one[1] * two[0];
        let dot = one[0] * two[0] + one[1] * two[1];
        let angle = cross.atan2(dot);
        if !angle.is_finite() {
            return false;
        }
        left |= angle > STRAIGHT;
        right |= angle < -STRAIGHT;
        turned += angle;
    }
    left != right && (turned.abs() - std::f64::consts::TAU).abs() < 0.1
}

#[cfg(test)]
mod tests {
    use resvg::usvg::Options;

    use super::*;

    fn drawn(shapes: &str, width: usize, height: usize) -> Option<Vec<[u8; 4]>> {
        let text = format!("<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'>{shapes}</svg>");
        let tree = Tree::from_str(&text, &Options::default()).unwrap();
        let mut pixels = vec![[0; 4]; width * height];
        for shape in super::shapes(&tree, Transform::identity())? {
            shape.draw(&mut pixels, width, 0);
        }
        Some(pixels)
    }

    fn alphas(pixels: &[[u8; 4]]) -> Vec<u8> {
        pixels.iter().map(|pixel| pixel[3]).collect()
    }

    #[test]
    fn a_rectangle_covers_the_parts_of_its_pixels() {
        let pixels = drawn("<rect x='0.5' y='0.25' width='1.6' height='1' fill='#fff'/>", 3, 2).unwrap();
        // 0.5, 1 and 0.1 of the columns by 0.75 and 0.25 of the rows.
        assert_eq!(alphas(&pixels), [96, 191, 19, 32, 64, 6]);
    }

    #[test]
    fn a_circle_has_its_area() {
        for (centre, radius) in [(25.0, 20.0), (25.3, 7.7), (25.5, 24.0)] {
            let pixels = drawn(&format!("<circle cx='{centre}' cy='{centre}' r='{radius}'/>"), 51, 51).unwrap();
            let area = alphas(&pixels).iter().map(|alpha| f64::from(*alpha)).sum::<f64>() / 255.0;
            let exact = std::f64::consts::PI * radius * radius;
            let rim = 2.0 * std::f64::consts::PI * radius;
            assert!((area - exact).abs() < rim * FLATNESS, "{area} is not {exact}");
        }
    }

    #[test]
    fn what_is_outside_of_the_picture_counts() {
        let across =
            drawn("<polygon points='-9,-9 30,-9 30,30 -9,30' fill='#102030' fill-opacity='0.5'/>", 4, 3).unwrap();
        assert_eq!(across, [[8, 16, 24, 128]; 12]);
        let corner = drawn("<polygon points='-4,0 4,0 -4,8'/>", 4, 4).unwrap();
        assert_eq!(alphas(&corner), [255, 255, 255, 128, 255, 255, 128, 0, 255, 128, 0, 0, 128, 0, 0, 0]);
        assert_eq!(drawn("<rect x='9' width='3' height='3'/>", 4, 3).unwrap(), [[0; 4]; 12]);
        assert_eq!(drawn("<rect x='-9' y='-9' width='3' height='3'/>", 4, 3).unwrap(), [[0; 4]; 12]);
    }

    #[test]
    fn shapes_lie_over_each_other() {
        let two = "<rect width='2' height='1' fill='#f00'/><rect x='1' width='2' height='1' fill='#00f' opacity='1' fill-opacity='0.2'/>";
        assert_eq!(drawn(two, 3, 1).unwrap(), [[255, 0, 0, 255], [204, 0, 51, 255], [0, 0, 51, 51]]);
    }

    #[test]
    fn a_band_is_part_of_the_whole() {
        let circle = "<circle cx='20' cy='20' r='17.3' fill='#abc'/>";
        let whole = drawn(circle, 40, 40).unwrap();
        let text = format!("<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'>{circle}</svg>");
        let tree = Tree::from_str(&text, &Options::default()).unwrap();
        let mut band = vec![[0; 4]; 40 * 10];
        super::shapes(&tree, Transform::identity()).unwrap()[0].draw(&mut band, 40, 15);
        assert_eq!(band, whole[15 * 40..25 * 40]);
    }

    #[test]
    fn other_drawings_are_not_taken() {
        for shapes in [
            "<path d='M0 0 L9 0 L1 1 L0 9 Z'/>",
            "<path d='M0 0 H9 V9 H0 Z M2 2 H4 V4 H2 Z'/>",
            "<path d='M0 3 L9 3 L1 9 L4 0 L8 9 Z'/>",
            "<rect width='5' height='5' stroke='red'/>",
            "<g opacity='0.5'><rect width='5' height='5'/></g>",
            "<rect width='5' height='5' shape-rendering='crispEdges'/>",
            "<circle r='1e9' fill='#123'/>",
        ] {
            assert!(drawn(shapes, 10, 10).is_none(), "{shapes}");
        }
    }
}
