//! Lines: the text is shaped once without breaks, broken by the positions of its glyphs, and set line by line.

use std::{collections::HashMap, fmt::Write, ops::Range, sync::Arc};

use resvg::usvg::{
    Group, Node, Options, Text, Tree,
    fontdb::{Database, ID},
};
use skrifa::{FontRef, MetadataProvider, instance::LocationRef, instance::Size};

use super::{TextInput, markup::Run, style::Style};
use crate::{
    codec::svg::fonts,
    options::{Align, TextWrap},
};

/// A paragraph that was measured. Lengths are in points.
pub(super) struct Paragraph {
    runs: Vec<Run>,
    /// Clusters; the last is the end.
    edges: Vec<Edge>,
    /// Above and below the baseline.
    ascent: f64,
    descent: f64,
}

/// Where a cluster begins.
struct Edge {
    /// Offset in the text, in bytes.
    byte: usize,
    /// Points from the left.
    x: f64,
    /// Pixels of letter spacing before it.
    spacing: f64,
}

/// One line of a paragraph.
struct Line<'p> {
    paragraph: &'p Paragraph,
    range: Range<usize>,
    width: f64,
    /// More lines of the paragraph follow.
    wrapped: bool,
}

/// Stands at the end of a paragraph while it is measured, so that the end has a position.
const SENTINEL: char = '.';

/// Shapes text with the fonts of a database.
pub(super) fn options(fonts: Arc<Database>) -> Options<'static> {
    Options { fontdb: fonts, font_resolver: fonts::resolver(), ..Options::default() }
}

/// Splits runs at line ends and measures each paragraph. `None` when a text cannot be shaped.
pub(super) fn paragraphs(runs: Vec<Run>, base: &Style, options: &Options<'_>) -> Option<Vec<Paragraph>> {
    let mut split: Vec<Vec<Run>> = vec![Vec::new()];
    for run in runs {
        let text =
            run.text.replace("\r\n", "\n").replace(['\r', '\u{2029}', '\u{2028}'], "\n").replace('\t', "        ");
        for (index, part) in text.split('\n').enumerate() {
            if index > 0 {
                split.push(Vec::new());
            }
            if let (false, Some(last)) = (part.is_empty(), split.last_mut()) {
                last.push(Run { text: part.to_owned(), style: run.style.clone() });
            }
        }
    }
    let mut metrics = HashMap::new();
    split.into_iter().map(|runs| measure(runs, base, options, &mut metrics)).collect()
}

type Metrics = HashMap<ID, Option<(f64, f64)>>;

fn measure(runs: Vec<Run>, base: &Style, options: &Options<'_>, metrics: &mut Metrics) -> Option<Paragraph> {
    let mut all = runs.clone();
    let style = runs.last().map_or(base, |run| &run.style).clone();
    all.push(Run { text: SENTINEL.to_string(), style });
    let mut svg = String::from(OPEN);
    text_element(&mut svg, &all, (0.0, 0.0), 0.0, None);
    svg.push_str(CLOSE);
    let tree = Tree::from_str(&svg, options).ok()?;
    let whole: String = runs.iter().map(|run| run.text.as_str()).collect();
    let mut edges: Vec<Edge> = Vec::new();
    let (mut ascent, mut descent) = (0.0f64, 0.0f64);
    let mut at = 0;
    let mut end = 0.0f64;
    if let Some(text) = first_text(tree.root()) {
        for span in text.layouted() {
            for glyph in &span.positioned_glyphs {
                let x = f64::from(glyph.transform().tx);
                let font = metrics.entry(glyph.font).or_insert_with(|| unit_metrics(tree.fontdb(), glyph.font));
                if let Some((above, below)) = font {
                    let size = f64::from(glyph.font_size());
                    ascent = ascent.max(*above * size);
                    descent = descent.max(*below * size);
                }
                end = end.max(x);
                if whole[at..].starts_with(glyph.text.as_str()) && !glyph.text.is_empty() {
                    edges.push(Edge { byte: at, x, spacing: 0.0 });
                    at += glyph.text.len();
                }
            }
        }
    }
    edges.push(Edge { byte: whole.len(), x: end, spacing: 0.0 });
    space_letters(&mut edges, &runs);
    Some(Paragraph { runs, edges, ascent, descent })
}

/// Adds up the letter spacing before each cluster.
fn space_letters(edges: &mut [Edge], runs: &[Run]) {
    let mut ends = runs.iter().scan(0, |end, run| {
        *end += run.text.len();
        Some((*end, run.style.letter_spacing))
    });
    let mut run = ends.next();
    let mut sum = 0.0;
    for edge in edges {
        edge.spacing = sum;
        while run.is_some_and(|(end, _)| end <= edge.byte) {
            run = ends.next();
        }
        sum += run.map_or(0.0, |(_, spacing)| spacing);
    }
}

fn first_text(group: &Group) -> Option<&Text> {
    group.children().iter().find_map(|node| match node {
        Node::Text(text) => Some(text.as_ref()),
        Node::Group(inner) => first_text(inner),
        Node::Path(_) | Node::Image(_) => None,
    })
}

/// How far a font goes above and below its baseline, as shares of its size.
fn unit_metrics(fonts: &Database, id: ID) -> Option<(f64, f64)> {
    fonts.with_face_data(id, |data, index| {
        let metrics = FontRef::from_index(data, index).ok()?.metrics(Size::unscaled(), LocationRef::default());
        let em = f64::from(metrics.units_per_em.max(1));
        Some((f64::from(metrics.ascent) / em, f64::from(-metrics.descent) / em))
    })?
}

const OPEN: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'>";
const CLOSE: &str = "</svg>";

/// A document that shows the paragraphs at `scale` pixels to a point, whose user unit is a point.
pub(super) fn document(paragraphs: &[Paragraph], input: &TextInput, scale: f64) -> String {
    let asked = f64::from(input.width) / scale;
    let lines: Vec<Line<'_>> = paragraphs
        .iter()
        .flat_map(|paragraph| paragraph.lines(if input.width > 0 { asked } else { f64::INFINITY }, input.wrap, scale))
        .collect();
    let widest = lines.iter().map(|line| line.width).fold(0.0, f64::max);
    let box_width = if input.width > 0 { asked } else { widest };
    let mut svg = String::from(OPEN);
    let mut top = 0.0;
    for line in &lines {
        // Fonts give whole pixels above and below the baseline, so that lines are evenly far apart.
        let whole = |length: f64| (length * scale).ceil() / scale;
        let (ascent, descent) = (whole(line.paragraph.ascent), whole(line.paragraph.descent));
        let room = box_width - line.width;
        let left = match input.align {
            Align::Low => 0.0,
            Align::Centre => room / 2.0,
            Align::High => room,
        };
        let runs = line.paragraph.slice(line.range.clone());
        let spaces = runs.iter().map(|run| run.text.matches(' ').count()).sum::<usize>();
        let justified = input.justify && line.wrapped && spaces > 0 && room > 0.0;
        let (left, word_spacing) = if justified { (0.0, room / spaces as f64) } else { (left, 0.0) };
        line.backgrounds(&mut svg, left, top, ascent + descent, scale);
        text_element(&mut svg, &runs, (left, top + ascent), word_spacing, Some(scale));
        top += ascent + descent + f64::from(input.spacing) / scale;
    }
    svg.push_str(CLOSE);
    svg
}

impl Paragraph {
    /// Breaks into lines of at most `width`.
    fn lines(&self, width: f64, wrap: TextWrap, scale: f64) -> Vec<Line<'_>> {
        let end = self.edges.len() - 1;
        let mut lines = Vec::new();
        let mut start = 0;
        loop {
            let next = if wrap == TextWrap::None { end } else { self.line_end(start, width, wrap, scale) };
            let visible = self.trimmed(start, next);
            lines.push(Line {
                paragraph: self,
                range: self.edges[start].byte..self.edges[visible].byte,
                width: (self.x(visible, scale) - self.x(start, scale)).max(0.0),
                wrapped: next < end,
            });
            if next >= end {
                return lines;
            }
            start = next;
        }
    }

    /// The cluster that the next line begins with.
    fn line_end(&self, start: usize, width: f64, wrap: TextWrap, scale: f64) -> usize {
        let end = self.edges.len() - 1;
        // Spaces hang over the end of a line, but not where it is broken within words.
        let visible = |at: usize| if wrap == TextWrap::Char { at } else { self.trimmed(start, at) };
        let fits = |at: usize| self.x(visible(at), scale) - self.x(start, scale) <= width;
        if fits(end) {
            return end;
        }
        let breaks = |&at: &usize| self.is_space(at - 1) && !self.is_space(at);
        let first_long = (start + 1..=end).find(|&at| !fits(at)).unwrap_or(end);
        let by_character = first_long.saturating_sub(1).max(start + 1);
        if wrap == TextWrap::Char {
            return by_character;
        }
        // The last break before the line is too long, else the first one after it.
        let before = (start + 1..=by_character).rev().find(|at| breaks(at) && fits(*at));
        let after = || (by_character..end).find(breaks).unwrap_or(end);
        before.unwrap_or_else(|| if wrap == TextWrap::WordChar { by_character } else { after() })
    }

    /// Points from the left to where a cluster begins, at `scale` pixels to a point.
    fn x(&self, cluster: usize, scale: f64) -> f64 {
        let edge = &self.edges[cluster];
        edge.x + edge.spacing / scale
    }

    /// `end` without the spaces before it.
    fn trimmed(&self, start: usize, end: usize) -> usize {
        (start..end).rev().find(|&at| !self.is_space(at)).map_or(start, |last| last + 1)
    }

    /// Whether a cluster is a space.
    fn is_space(&self, cluster: usize) -> bool {
        self.byte(self.edges[cluster].byte) == Some(b' ')
    }

    fn byte(&self, mut at: usize) -> Option<u8> {
        for run in &self.runs {
            match run.text.as_bytes().get(at) {
                Some(byte) => return Some(*byte),
                None => at -= run.text.len(),
            }
        }
        None
    }

    /// The runs within a range of bytes.
    fn slice(&self, range: Range<usize>) -> Vec<Run> {
        let mut start = 0;
        let mut runs = Vec::new();
        for run in &self.runs {
            let end = start + run.text.len();
            let (from, to) = (range.start.clamp(start, end) - start, range.end.clamp(start, end) - start);
            if let (true, Some(text)) = (from < to, run.text.get(from..to)) {
                runs.push(Run { text: text.to_owned(), style: run.style.clone() });
            }
            start = end;
        }
        runs
    }

    /// How far from the left a byte begins.
    fn position(&self, byte: usize, scale: f64) -> f64 {
        let after = self.edges.partition_point(|edge| edge.byte < byte);
        self.x(after.min(self.edges.len() - 1), scale)
    }
}

impl Line<'_> {
    /// Rectangles behind runs that have a background.
    fn backgrounds(&self, svg: &mut String, left: f64, top: f64, height: f64, scale: f64) {
        let mut start = 0;
        for run in &self.paragraph.runs {
            let end = start + run.text.len();
            let part = start.max(self.range.start)..end.min(self.range.end);
            start = end;
            let Some([r, g, b]) = run.style.background.filter(|_| part.start < part.end) else { continue };
            let origin = self.paragraph.position(self.range.start, scale);
            let (from, to) = (
                self.paragraph.position(part.start, scale) - origin,
                self.paragraph.position(part.end, scale) - origin,
            );
            let _ = write!(
                svg,
                "<rect x='{}' y='{top}' width='{}' height='{height}' fill='#{r:02x}{g:02x}{b:02x}' fill-opacity='{}'/>",
                left + from,
                (to - from).max(0.0),
                run.style.background_alpha
            );
        }
    }
}

/// Runs as an SVG text that begins at a point of its baseline. Lengths that are in pixels are left out without a scale.
fn text_element(svg: &mut String, runs: &[Run], (x, y): (f64, f64), word_spacing: f64, scale: Option<f64>) {
    let _ = write!(svg, "<text x='{x}' y='{y}' xml:space='preserve' word-spacing='{word_spacing}'>");
    for Run { text, style } in runs {
        let [r, g, b] = style.foreground;
        let lines =
            [(style.underline, "underline"), (style.overline, "overline"), (style.strikethrough, "line-through")];
        let lines: Vec<&str> = lines.iter().filter(|(on, _)| *on).map(|(_, name)| *name).collect();
        let decoration = if lines.is_empty() { "none".to_owned() } else { lines.join(" ") };
        let family: Vec<String> =
            style.family.split(',').map(|name| format!("\"{}\"", name.trim().replace(['"', '\\'], ""))).collect();
        let _ = write!(
            svg,
            "<tspan font-family='{}' font-size='{}' font-weight='{}' font-style='{}' fill='#{r:02x}{g:02x}{b:02x}' \
             fill-opacity='{}' letter-spacing='{}' baseline-shift='{}' text-decoration='{decoration}'>",
            escaped(&family.join(", ")),
            style.size,
            style.weight,
            style.slant,
            style.alpha,
            scale.map_or(0.0, |scale| style.letter_spacing / scale),
            style.shift + scale.map_or(0.0, |scale| style.rise / scale),
        );
        svg.push_str(&escaped(text));
        svg.push_str("</tspan>");
    }
    svg.push_str("</text>");
}

/// Text with the characters that mean something in XML written as references.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '\'' => safe.push_str("&apos;"),
            other => safe.push(other),
        }
    }
    safe
}
