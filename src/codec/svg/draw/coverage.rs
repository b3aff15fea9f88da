//! How much of each pixel a path covers: exactly where no edges cross within a row, which is nearly everywhere, and to a few
//! hundredths of a pixel elsewhere.
//!
//! In each row, edges that share columns make a group, and so do those that end at one height; between groups the winding number is
//! the same from top to bottom, since paths are closed. A group is cut where its edges begin or end, so that edges run through each part from top to bottom. In a
//! part the winding number changes at edges only; from the edge where it leaves 0 to the edge where it comes back lies a
//! trapezoid, whose share of every pixel is known in closed form.

use resvg::usvg::tiny_skia_path::{Path, PathSegment, Point, Transform};

use super::area::Area;
use crate::error::{Error, Result};

/// How far, in pixels, straight edges may be from the curve that they stand for.
const FLATNESS: f64 = 0.02;
/// Most edges that a curve becomes.
const MAX_EDGES: f64 = 500.0;
/// Most places at which a group is cut; where edges begin or end at more it is cut evenly.
const MAX_CUTS: usize = 12;
const EVEN_CUTS: u32 = 16;
/// How often a part in which edges cross is halved, and how far they may cross unseen.
const MAX_HALVINGS: u32 = 3;
const NEAR: f64 = 0.01;

/// Which winding numbers are inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    NonZero,
    EvenOdd,
}

impl Rule {
    const fn is_inside(self, winding: i32) -> bool {
        match self {
            Self::NonZero => winding != 0,
            Self::EvenOdd => winding & 1 != 0,
        }
    }
}

/// Pixels of one row, from left to right, that are covered.
pub(super) enum Span<'a> {
    /// So many by the same share of 255.
    Run(usize, u8),
    Cells(&'a [u8]),
}

/// A straight edge from a row to one below.
#[derive(Debug, Clone, Copy)]
struct Edge {
    top: f64,
    bottom: f64,
    /// The column at `top`, and how far it moves in a row.
    x: f64,
    slope: f64,
    /// 1 where the path goes down, -1 where it goes up.
    winding: i32,
}

impl Edge {
    fn at(&self, y: f64) -> f64 {
        self.x + (y - self.top) * self.slope
    }
}

/// An edge with the columns that it has in a row.
#[derive(Debug, Clone, Copy)]
struct Reach {
    left: f64,
    right: f64,
    edge: Edge,
}

/// Whether the edges of a group that begin or end within a row do so in pairs at one height, as where one goes on from another: by
/// sums in which pairs cancel out. Those at the ends of a level line, which is no edge, are pairs only together.
#[derive(Default)]
struct Ends {
    heights: f64,
    squares: f64,
}

impl Ends {
    fn add(&mut self, edge: &Edge, top: f64, bottom: f64) {
        let mut end = |y: f64, sign: i32| {
            let height = y - top;
            self.heights += f64::from(sign) * height;
            self.squares += f64::from(sign) * height * height;
        };
        if edge.top > top {
            end(edge.top, edge.winding);
        }
        if edge.bottom < bottom {
            end(edge.bottom, -edge.winding);
        }
    }

    fn are_paired(&self) -> bool {
        self.heights.abs() < 1e-9 && self.squares.abs() < 1e-9
    }
}

/// An edge within a part of a row.
#[derive(Debug, Clone, Copy)]
struct Side {
    upper: f64,
    lower: f64,
    winding: i32,
}

/// Finds what paths cover; keeps its buffers from one to the next.
#[derive(Default)]
pub(super) struct Coverage {
    edges: Vec<Edge>,
    active: Vec<Edge>,
    /// The active edges of a row, from left to right.
    reaches: Vec<Reach>,
    cuts: Vec<f64>,
    sides: Vec<Side>,
    /// By how much more of each column than of the one before is covered.
    areas: Vec<f32>,
    /// The columns of `areas` that are not 0, as ranges.
    touched: Vec<(usize, usize)>,
    cells: Vec<u8>,
    /// Edges that were looked at in rows, over all paths.
    work: u64,
}

/// Most of that.
const MAX_WORK: u64 = 1 << 30;

impl Coverage {
    /// Gives what of an area a path covers to `draw`, by row and first column, both counted from the area's corner. Pixels are
    /// covered in part where that is smooth, else as a whole when their centre is.
    pub(super) fn fill(
        &mut self,
        path: &Path,
        transform: Transform,
        rule: Rule,
        smooth: bool,
        area: Area,
        mut draw: impl FnMut(usize, usize, Span<'_>),
    ) -> Result<()> {
        let (width, height) = (area.width as usize, area.height as usize);
        self.collect(path, area.moved(transform), width as f64, height as f64);
        self.edges.sort_unstable_by(|a, b| a.top.total_cmp(&b.top));
        self.areas.resize(width + 2, 0.0);
        self.cells.resize(width, 0);
        self.active.clear();
        let mut next = 0;
        let mut row = 0;
        while row < height {
            let (top, bottom) = (row as f64, row as f64 + 1.0);
            self.active.retain(|edge| edge.bottom > top);
            if self.active.is_empty() {
                // Rows without edges are passed over.
                let Some(edge) = self.edges.get(next) else { break };
                if edge.top >= bottom {
                    row = (edge.top as usize).max(row + 1);
                    continue;
                }
            }
            while let Some(edge) = self.edges.get(next).filter(|edge| edge.top < bottom) {
                self.active.push(*edge);
                next += 1;
            }
            if self.work > MAX_WORK {
                return Err(Error::corrupt_pixels("svgload: shapes have too many edges".to_owned()));
            }
            if smooth {
                self.row(top, bottom, rule);
                self.emit(width, |x, span| draw(row, x, span));
            } else {
                self.hard(top + 0.5, rule, width, |x, span| draw(row, x, span));
            }
            row += 1;
        }
        Ok(())
    }

    /// The edges of a path, cut to the rows of the area. What is right of the area covers nothing of it.
    fn collect(&mut self, path: &Path, transform: Transform, width: f64, height: f64) {
        self.edges.clear();
        let [sx, ky, kx, sy, tx, ty] =
            [transform.sx, transform.ky, transform.kx, transform.sy, transform.tx, transform.ty].map(f64::from);
        let place = |point: Point| {
            let (x, y) = (f64::from(point.x), f64::from(point.y));
            [x * sx + y * kx + tx, x * ky + y * sy + ty]
        };
        let (mut start, mut at) = ([0.0; 2], [0.0; 2]);
        let edges = &mut self.edges;
        let mut line = |from: [f64; 2], to: [f64; 2]| {
            let (upper, lower, winding) = if from[1] <= to[1] { (from, to, 1) } else { (to, from, -1) };
            let slope = (lower[0] - upper[0]) / (lower[1] - upper[1]);
            let (top, bottom) = (upper[1].max(0.0), lower[1].min(height));
            if top < bottom && slope.is_finite() && upper[0].min(lower[0]) < width {
                edges.push(Edge { top, bottom, x: upper[0] + (top - upper[1]) * slope, slope, winding });
            }
        };
        for segment in path.segments() {
            match segment {
                PathSegment::MoveTo(to) => {
                    line(at, start);
                    at = place(to);
                    start = at;
                }
                PathSegment::LineTo(to) => {
                    let to = place(to);
                    line(at, to);
                    at = to;
                }
                PathSegment::QuadTo(over, to) => {
                    let (over, to) = (place(over), place(to));
                    // The same curve as one of the third degree.
                    let third = |end: [f64; 2]| [0, 1].map(|i| end[i] + (over[i] - end[i]) * 2.0 / 3.0);
                    flatten([at, third(at), third(to), to], width, height, &mut line);
                    at = to;
                }
                PathSegment::CubicTo(first, second, to) => {
                    let to = place(to);
                    flatten([at, place(first), place(second), to], width, height, &mut line);
                    at = to;
                }
                PathSegment::Close => {
                    line(at, start);
                    at = start;
                }
            }
        }
        line(at, start);
    }

    /// Adds what is covered of a row.
    fn row(&mut self, top: f64, bottom: f64, rule: Rule) {
        let mut reaches = std::mem::take(&mut self.reaches);
        reaches.clear();
        reaches.extend(self.active.iter().map(|&edge| {
            let (upper, lower) = (edge.at(edge.top.max(top)), edge.at(edge.bottom.min(bottom)));
            Reach { left: upper.min(lower), right: upper.max(lower), edge }
        }));
        self.work += reaches.len() as u64;
        // The order is mostly that of the row before.
        reaches.sort_by(|a, b| a.left.total_cmp(&b.left));
        let mut winding = 0;
        let mut first = 0;
        while first < reaches.len() {
            let mut right = f64::NEG_INFINITY;
            let mut last = first;
            let mut ends = Ends::default();
            while last < reaches.len() && (last == first || reaches[last].left <= right || !ends.are_paired()) {
                right = right.max(reaches[last].right);
                ends.add(&reaches[last].edge, top, bottom);
                last += 1;
            }
            winding = self.group(&reaches[first..last], top, bottom, winding, rule);
            first = last;
        }
        self.active.clear();
        self.active.extend(reaches.iter().map(|reach| reach.edge));
        self.reaches = reaches;
    }

    /// Adds what a group of edges covers, right of a winding number; gives that to its right.
    fn group(&mut self, group: &[Reach], top: f64, bottom: f64, winding: i32, rule: Rule) -> i32 {
        let mut cuts = std::mem::take(&mut self.cuts);
        cuts.clear();
        cuts.extend([top, bottom]);
        for Reach { edge, .. } in group {
            cuts.extend([edge.top, edge.bottom].into_iter().filter(|&y| y > top && y < bottom));
            if cuts.len() > 4 * MAX_CUTS {
                break;
            }
        }
        if cuts.len() > 2 {
            cuts.sort_unstable_by(f64::total_cmp);
            cuts.dedup();
        }
        if cuts.len() > MAX_CUTS {
            cuts.clear();
            cuts.extend((0..=EVEN_CUTS).map(|part| top + f64::from(part) / f64::from(EVEN_CUTS)));
        }
        let mut after = winding;
        for pair in cuts.windows(2) {
            after = self.part(group, (pair[0], pair[1]), winding, rule, MAX_HALVINGS);
        }
        self.cuts = cuts;
        after
    }

    /// Adds what is covered of a part of a group, through which edges run from top to bottom.
    fn part(&mut self, group: &[Reach], (upper, lower): (f64, f64), before: i32, rule: Rule, halvings: u32) -> i32 {
        let middle = (upper + lower) / 2.0;
        self.work += group.len() as u64;
        self.sides.clear();
        let through = group.iter().map(|reach| reach.edge).filter(|edge| edge.top <= middle && edge.bottom > middle);
        self.sides.extend(through.map(|edge| Side {
            upper: edge.at(upper),
            lower: edge.at(lower),
            winding: edge.winding,
        }));
        self.sides.sort_unstable_by(|a, b| (a.upper + a.lower).total_cmp(&(b.upper + b.lower)));
        let crossed = |pair: &[Side]| pair[0].upper > pair[1].upper + NEAR || pair[0].lower > pair[1].lower + NEAR;
        if halvings > 0 && self.sides.windows(2).any(crossed) {
            self.part(group, (upper, middle), before, rule, halvings - 1);
            return self.part(group, (middle, lower), before, rule, halvings - 1);
        }
        let height = (lower - upper) as f32;
        let mut winding = before;
        for index in 0..self.sides.len() {
            let side = self.sides[index];
            let was_inside = rule.is_inside(winding);
            winding += side.winding;
            if rule.is_inside(winding) != was_inside {
                self.add(side.upper, side.lower, if was_inside { -height } else { height });
            }
        }
        winding
    }

    /// Adds a side, to the right of which `height` of the row is covered more than to its left.
    fn add(&mut self, upper: f64, lower: f64, height: f32) {
        let width = self.areas.len() - 2;
        let (left, right) = if upper <= lower { (upper, lower) } else { (lower, upper) };
        if left >= width as f64 {
            return;
        }
        let left_in = left.max(0.0);
        let first = left_in as usize;
        if right <= left_in || right <= first as f64 + 1.0 {
            // Within one column, or left of the first: what is beyond its middle counts for it.
            let beyond = ((left_in + right.max(left_in)) / 2.0 - first as f64) as f32;
            self.areas[first] += height * (1.0 - beyond);
            self.areas[first + 1] += height * beyond;
            self.touched.push((first, first + 2));
            return;
        }
        // Of a slanted side, a share for every column that it crosses.
        let per_column = height / (right - left) as f32;
        let before = (left_in - left) as f32 * per_column;
        let mut start = left_in;
        let mut column = first;
        if before != 0.0 {
            self.areas[0] += before;
        }
        while start < right && column < width {
            let stop = right.min(column as f64 + 1.0);
            let share = (stop - start) as f32 * per_column;
            let beyond = ((start + stop) / 2.0 - column as f64) as f32;
            self.areas[column] += share * (1.0 - beyond);
            self.areas[column + 1] += share * beyond;
            start = stop;
            column += 1;
        }
        self.touched.push((first, column + 1));
    }

    /// Gives what was added for a row, and forgets it.
    fn emit(&mut self, width: usize, mut draw: impl FnMut(usize, Span<'_>)) {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        let mut covered = 0.0f32;
        let mut done = 0;
        let share = |covered: f32| (covered.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        for &(first, last) in &touched {
            if first > done {
                let same = share(covered);
                if same > 0 {
                    draw(done, Span::Run(first - done, same));
                }
                done = first;
            }
            let last = last.min(width);
            if last <= done {
                continue;
            }
            let cells = &mut self.cells[..last - done];
            for (cell, area) in cells.iter_mut().zip(&mut self.areas[done..last]) {
                covered += std::mem::take(area);
                *cell = share(covered);
            }
            draw(done, Span::Cells(cells));
            done = last;
        }
        let same = share(covered);
        if same > 0 && done < width {
            draw(done, Span::Run(width - done, same));
        }
        self.areas[width..].fill(0.0);
        touched.clear();
        self.touched = touched;
    }

    /// Gives the pixels of a row whose centres are inside.
    fn hard(&mut self, centre: f64, rule: Rule, width: usize, mut draw: impl FnMut(usize, Span<'_>)) {
        self.work += self.active.len() as u64;
        self.sides.clear();
        let crossing = self.active.iter().filter(|edge| edge.top <= centre && edge.bottom > centre);
        self.sides.extend(crossing.map(|edge| {
            let x = edge.at(centre);
            Side { upper: x, lower: x, winding: edge.winding }
        }));
        self.sides.sort_unstable_by(|a, b| a.upper.total_cmp(&b.upper));
        let column = |x: f64| (x - 0.5).ceil().clamp(0.0, width as f64) as usize;
        let (mut winding, mut start) = (0, 0);
        for side in &self.sides {
            let was_inside = rule.is_inside(winding);
            winding += side.winding;
            match (was_inside, rule.is_inside(winding)) {
                (false, true) => start = column(side.upper),
                (true, false) if column(side.upper) > start => {
                    draw(start, Span::Run(column(side.upper) - start, 255));
                }
                _ => {}
            }
        }
        if rule.is_inside(winding) && start < width {
            draw(start, Span::Run(width - start, 255));
        }
    }
}

/// Gives the straight edges that stand for a cubic Bézier curve. Source of their number: G. Wang, "The subdivision method for finding
/// the intersection between two Bézier curves or surfaces" (1984).
fn flatten(curve: [[f64; 2]; 4], width: f64, height: f64, line: &mut impl FnMut([f64; 2], [f64; 2])) {
    let all = |test: &dyn Fn([f64; 2]) -> bool| curve.iter().all(|point| test(*point));
    let is_unseen = all(&|[_, y]| y <= 0.0) || all(&|[_, y]| y >= height) || all(&|[x, _]| x >= width);
    let bend = |at: usize| {
        let [x, y] = [0, 1].map(|i| curve[at][i] - 2.0 * curve[at + 1][i] + curve[at + 2][i]);
        x.hypot(y)
    };
    let count = (0.75 * bend(0).max(bend(1)) / FLATNESS).sqrt().ceil();
    if is_unseen || count.is_nan() || count <= 1.0 {
        line(curve[0], curve[3]);
        return;
    }
    let count = count.min(MAX_EDGES) as u32;
    let mut from = curve[0];
    for step in 1..=count {
        let t = f64::from(step) / f64::from(count);
        let weights = [(1.0 - t).powi(3), 3.0 * t * (1.0 - t).powi(2), 3.0 * t * t * (1.0 - t), t.powi(3)];
        let to = if step == count {
            curve[3]
        } else {
            [0, 1].map(|i| weights.iter().zip(&curve).map(|(weight, point)| weight * point[i]).sum())
        };
        line(from, to);
        from = to;
    }
}

#[cfg(test)]
mod tests {
    use resvg::usvg::tiny_skia_path::{PathBuilder, Rect};

    use super::*;

    fn filled(path: &Path, rule: Rule, smooth: bool, (width, height): (u32, u32)) -> Vec<u8> {
        let mut pixels = vec![0u8; (width * height) as usize];
        let area = Area { x: 0, y: 0, width, height };
        Coverage::default()
            .fill(path, Transform::identity(), rule, smooth, area, |y, x, span| {
                let row = &mut pixels[y * width as usize + x..];
                match span {
                    Span::Run(len, share) => row[..len].fill(share),
                    Span::Cells(cells) => row[..cells.len()].copy_from_slice(cells),
                }
            })
            .unwrap();
        pixels
    }

    fn rect(x: f32, y: f32, width: f32, height: f32) -> Path {
        PathBuilder::from_rect(Rect::from_xywh(x, y, width, height).unwrap())
    }

    fn polygons(all: &[&[(f32, f32)]]) -> Path {
        let mut builder = PathBuilder::new();
        for points in all {
            builder.move_to(points[0].0, points[0].1);
            points[1..].iter().for_each(|&(x, y)| builder.line_to(x, y));
            builder.close();
        }
        builder.finish().unwrap()
    }

    /// The same by counting many points in every pixel.
    fn sampled(path: &[&[(f32, f32)]], rule: Rule, (width, height): (u32, u32)) -> Vec<f64> {
        const SIDE: u32 = 40;
        let winding = |x: f32, y: f32| {
            let mut winding = 0;
            for points in path {
                for (a, b) in points.iter().zip(points.iter().cycle().skip(1)) {
                    let crosses = (a.1 <= y) != (b.1 <= y);
                    if crosses && a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0) <= x {
                        winding += if b.1 > a.1 { 1 } else { -1 };
                    }
                }
            }
            winding
        };
        let mut shares = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let place = |at: u32, sub: u32| at as f32 + (sub as f32 + 0.5) / SIDE as f32;
                let inside = (0..SIDE * SIDE)
                    .filter(|at| rule.is_inside(winding(place(x, at % SIDE), place(y, at / SIDE))))
                    .count();
                shares.push(inside as f64 * 255.0 / f64::from(SIDE * SIDE));
            }
        }
        shares
    }

    #[test]
    fn a_rectangle_covers_the_parts_of_its_pixels() {
        let pixels = filled(&rect(0.5, 0.25, 1.6, 1.0), Rule::NonZero, true, (3, 2));
        // 0.5, 1 and 0.1 of the columns by 0.75 and 0.25 of the rows.
        assert_eq!(pixels, [96, 191, 19, 32, 64, 6]);
        assert_eq!(filled(&rect(0.5, 0.4, 1.6, 1.0), Rule::NonZero, false, (3, 2)), [255, 255, 0, 0, 0, 0]);
    }

    #[test]
    fn a_hair_covers_what_it_is_wide() {
        let pixels = filled(&rect(1.95, 0.0, 0.1, 2.0), Rule::NonZero, true, (4, 2));
        assert_eq!(pixels, [0, 13, 13, 0, 0, 13, 13, 0]);
    }

    #[test]
    fn a_circle_has_its_area() {
        for (centre, radius) in [(25.0, 20.0), (25.3, 7.7), (25.5, 24.0)] {
            let path = PathBuilder::from_circle(centre, centre, radius).unwrap();
            let pixels = filled(&path, Rule::NonZero, true, (51, 51));
            let area = pixels.iter().map(|&share| f64::from(share)).sum::<f64>() / 255.0;
            let radius = f64::from(radius);
            let exact = std::f64::consts::PI * radius * radius;
            assert!((area - exact).abs() < 2.0 * std::f64::consts::PI * radius * FLATNESS, "{area} is not {exact}");
        }
    }

    #[test]
    fn what_is_outside_of_the_image_counts() {
        let across = polygons(&[&[(-9.0, -9.0), (30.0, -9.0), (30.0, 30.0), (-9.0, 30.0)]]);
        assert_eq!(filled(&across, Rule::NonZero, true, (4, 3)), [255; 12]);
        let corner = polygons(&[&[(-4.0, 0.0), (4.0, 0.0), (-4.0, 8.0)]]);
        let expected = [255, 255, 255, 128, 255, 255, 128, 0, 255, 128, 0, 0, 128, 0, 0, 0];
        assert_eq!(filled(&corner, Rule::NonZero, true, (4, 4)), expected);
        for outside in [rect(9.0, 0.0, 3.0, 3.0), rect(-9.0, -9.0, 3.0, 3.0), rect(0.0, 7.0, 3.0, 3.0)] {
            assert_eq!(filled(&outside, Rule::NonZero, true, (4, 3)), [0; 12]);
        }
        let leaning = polygons(&[&[(-3.0, 0.0), (9.0, 0.0), (9.0, 2.0), (-1.0, 2.0)]]);
        assert_eq!(filled(&leaning, Rule::NonZero, true, (3, 2)), [255; 6]);
    }

    #[test]
    fn crossings_holes_and_overlaps_follow_the_rule() {
        let star: &[(f32, f32)] = &[(6.0, 0.5), (9.5, 11.0), (0.5, 4.5), (11.5, 4.6), (2.4, 11.2)];
        let squares: [&[(f32, f32)]; 2] =
            [&[(1.2, 1.3), (8.1, 1.3), (8.1, 8.4), (1.2, 8.4)], &[(4.3, 3.6), (4.3, 11.1), (11.2, 11.1), (11.2, 3.6)]];
        let same: [&[(f32, f32)]; 2] = [squares[0], &[(4.3, 3.6), (11.2, 3.6), (11.2, 11.1), (4.3, 11.1)]];
        let thin: &[(f32, f32)] = &[(0.2, 0.3), (11.7, 10.1), (11.8, 10.3), (0.1, 0.4)];
        for path in [&[star][..], &squares[..], &same[..], &[thin][..]] {
            for rule in [Rule::NonZero, Rule::EvenOdd] {
                let ours = filled(&polygons(path), rule, true, (12, 12));
                let exact = sampled(path, rule, (12, 12));
                let worst = ours.iter().zip(&exact).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max);
                assert!(worst < 8.0, "{worst} off in {path:?} by {rule:?}");
            }
        }
    }

    #[test]
    fn many_small_parts_in_a_row_are_counted() {
        let small: Vec<Vec<(f32, f32)>> = (0..40)
            .map(|at| {
                let (x, y) = (at as f32 * 0.3, at as f32 * 0.025);
                vec![(x, y), (x + 0.2, y), (x + 0.2, y + 0.5), (x, y + 0.5)]
            })
            .collect();
        let all: Vec<&[(f32, f32)]> = small.iter().map(Vec::as_slice).collect();
        let ours = filled(&polygons(&all), Rule::NonZero, true, (13, 2));
        let area = ours.iter().map(|&share| f64::from(share)).sum::<f64>() / 255.0;
        assert!((area - 4.0).abs() < 0.1, "{area}");
    }

    #[test]
    fn an_area_is_part_of_the_whole() {
        let path = PathBuilder::from_circle(20.0, 20.0, 17.3).unwrap();
        let whole = filled(&path, Rule::NonZero, true, (40, 40));
        let area = Area { x: 5, y: 15, width: 20, height: 10 };
        let mut seen = [0u8; 200];
        Coverage::default()
            .fill(&path, Transform::identity(), Rule::NonZero, true, area, |y, x, span| match span {
                Span::Run(len, share) => seen[y * 20 + x..][..len].fill(share),
                Span::Cells(cells) => seen[y * 20 + x..][..cells.len()].copy_from_slice(cells),
            })
            .unwrap();
        for y in 0..10 {
            assert_eq!(seen[y * 20..][..20], whole[(y + 15) * 40 + 5..][..20]);
        }
    }

    #[test]
    fn work_has_an_end() {
        let area = Area { x: 0, y: 0, width: 4, height: 4 };
        let mut coverage = Coverage { work: MAX_WORK - 5, ..Coverage::default() };
        let mut fill =
            || coverage.fill(&rect(0.0, 0.0, 2.0, 4.0), Transform::identity(), Rule::NonZero, true, area, |_, _, _| {});
        assert!(fill().is_err());
    }
}
