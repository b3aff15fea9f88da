//! Limits that are checked before memory or time is spent: entities that multiply, nesting, endless references, layers without end, text, rules
//! and dashes beyond count.

use std::collections::HashMap;

use resvg::usvg::{
    self, Group, ImageKind, Paint, Tree,
    filter::Kind,
    roxmltree,
    tiny_skia_path::{self, Transform},
};

/// Deepest nesting of elements, references counted in, unless limits are lifted; and deepest at all.
const MAX_DEPTH: u32 = 256;
const MAX_DEPTH_UNLIMITED: u32 = 1000;

/// Most elements when each reference counts as what it refers to, and a shape as one more for every [`LETTERS`] of its outline.
const MAX_ELEMENTS: u64 = 1_000_000;
const LETTERS: usize = 100;
/// The same for the data of an image.
const LETTERS_OF_DATA: usize = 1000;

/// Most work of laying out text, see [`text_work`]; about as many nanoseconds.
const MAX_TEXT_WORK: u64 = 4_000_000_000;

/// Most dashes of all strokes.
const MAX_DASHES: f64 = 2e6;

/// Elements that others draw through a reference; a style sheet can chain them unseen.
const MAX_CHAINED: usize = 1000;

/// Bytes of text that entities may become, and how many times the document's length when that is more.
const MAX_EXPANSION: u64 = 8 << 20;
const MAX_AMPLIFICATION: u64 = 5;

/// Bytes of layers that are held at once, and pixels of layers drawn in all, for an image of any size.
const MAX_LAYER_BYTES: f64 = 2e9;
const MAX_LAYER_PIXELS: f64 = 1.2e10;

/// How far beyond the image the layers reach: they are cut to a rectangle of five times its sides.
const LAYER_AREA: f64 = 25.0;

type Check<T = ()> = Result<T, &'static str>;

/// Refuses entities that expand to far more text than there is.
pub(super) fn entities(text: &str) -> Check {
    let mut rest = text;
    let mut declared: HashMap<&str, &str> = HashMap::new();
    while let Some(at) = rest.find("<!ENTITY") {
        rest = &rest[at + "<!ENTITY".len()..];
        let end = rest.find(['"', '\'']).unwrap_or(rest.len());
        let name = rest[..end].split_whitespace().next().unwrap_or_default();
        let Some(quote) = rest[end..].chars().next() else { break };
        let value = rest[end + 1..].split(quote).next().unwrap_or_default();
        declared.entry(name).or_insert(value);
        rest = &rest[end + 1..];
    }
    if declared.is_empty() {
        return Ok(());
    }
    let mut sizes = HashMap::new();
    let total = expanded(text, &declared, &mut sizes, 0)?;
    let limit = MAX_EXPANSION.max((text.len() as u64).saturating_mul(MAX_AMPLIFICATION));
    if total > limit { Err("entities expand to too much text") } else { Ok(()) }
}

/// Length of a text with its entities replaced.
fn expanded<'a>(
    text: &'a str,
    declared: &HashMap<&'a str, &'a str>,
    sizes: &mut HashMap<&'a str, u64>,
    depth: u32,
) -> Check<u64> {
    if depth > 16 {
        return Err("entities are nested too deeply");
    }
    let mut total = text.len() as u64;
    for part in text.split('&').skip(1) {
        let Some((name, _)) = part.split_once(';') else { continue };
        let Some((&name, value)) = declared.get_key_value(name) else { continue };
        let size = match sizes.get(name) {
            Some(&size) => size,
            None => {
                let size = expanded(value, declared, sizes, depth + 1)?;
                sizes.insert(name, size);
                size
            }
        };
        total = total.saturating_add(size);
    }
    Ok(total)
}

/// What a document becomes, references counted in. Refuses what is too deep or too much.
pub(super) fn extent(document: &roxmltree::Document<'_>, unlimited: bool) -> Check<Extent> {
    let max_depth = if unlimited { MAX_DEPTH_UNLIMITED } else { MAX_DEPTH };
    // Children come after their parents, so that backwards all that an element holds is known before it.
    let elements: Vec<_> = document.descendants().filter(roxmltree::Node::is_element).collect();
    let by_id: HashMap<&str, roxmltree::NodeId> =
        elements.iter().filter_map(|node| Some((node.attribute("id")?, node.id()))).collect();
    let chained = ["pattern", "mask", "clipPath", "marker", "filter"];
    let chained = elements.iter().filter(|node| chained.contains(&node.tag_name().name())).count();
    if chained > MAX_CHAINED && !unlimited {
        return Err("too many patterns, masks, clip paths, markers and filters");
    }
    let mut depths: HashMap<roxmltree::NodeId, u32> = HashMap::with_capacity(elements.len());
    for node in &elements {
        let depth = node.parent().and_then(|parent| depths.get(&parent.id())).map_or(1, |depth| depth + 1);
        if depth > max_depth {
            return Err("elements are nested too deeply");
        }
        depths.insert(node.id(), depth);
    }
    let mut known = HashMap::with_capacity(elements.len());
    let mut whole = measure(document.root_element(), &by_id, &mut known, 0, max_depth)?;
    whole.elements = whole.elements.saturating_add(markers(&elements, &known));
    if !unlimited {
        whole.check()?;
    }
    Ok(whole)
}

/// What is drawn, when each reference counts as what it refers to.
#[derive(Clone, Copy, Default)]
pub(super) struct Extent {
    /// Nesting of elements.
    pub(super) depth: u32,
    elements: u64,
    text_work: u64,
}

impl Extent {
    /// Refuses what is too much, here or in all documents that were added up.
    pub(super) fn check(&self) -> Check {
        match self {
            Self { elements, .. } if *elements > MAX_ELEMENTS => Err("references become too many elements"),
            Self { text_work, .. } if *text_work > MAX_TEXT_WORK => Err("text is too long"),
            _ => Ok(()),
        }
    }

    pub(super) const fn add(&mut self, other: &Self) {
        self.elements = self.elements.saturating_add(other.elements);
        self.text_work = self.text_work.saturating_add(other.text_work);
    }
}

/// Elements that markers may become: any may stand at any point of any outline, as styles can say so.
fn markers(elements: &[roxmltree::Node<'_, '_>], known: &HashMap<roxmltree::NodeId, Extent>) -> u64 {
    let markers = elements.iter().filter(|node| is(node, "marker"));
    let largest = markers.map(|node| known.get(&node.id()).map_or(1, |extent| extent.elements)).max();
    let Some(largest) = largest else { return 0 };
    let says = |text: &str| text.contains("marker-mid") || text.contains("marker:");
    let inside = elements.iter().any(|node| {
        node.attributes().any(|attribute| attribute.name() == "marker-mid" || says(attribute.value()))
            || is(node, "style") && node.text().is_some_and(says)
    });
    let points = |outline: &str| {
        let numbers = outline.split(|c: char| !matches!(c, '0'..='9' | '.' | 'e' | 'E'));
        numbers.filter(|number| !number.is_empty()).count() as u64
    };
    let outlines = elements.iter().filter_map(outline);
    let places: u64 = outlines.map(|outline| if inside { points(outline) } else { 2 }).sum();
    places.saturating_mul(largest)
}

fn is(node: &roxmltree::Node<'_, '_>, name: &str) -> bool {
    node.tag_name().name() == name
}

/// The list of points or commands of a shape.
fn outline<'a>(node: &roxmltree::Node<'a, '_>) -> Option<&'a str> {
    node.attribute("d").or_else(|| node.attribute("points"))
}

/// What laying out a text costs: each part that is positioned by itself is shaped once for each of its spans, and the library looks
/// letters up by walking. In units of about a nanosecond.
fn text_work(text: roxmltree::Node<'_, '_>) -> u64 {
    let (mut work, mut letters, mut spans) = (0_u64, 0_u64, 0_u64);
    let part = |letters: u64, spans: u64| {
        letters.saturating_mul(
            20_000_u64.saturating_add(letters.saturating_mul(4)).saturating_add(spans.saturating_mul(400)),
        )
    };
    for node in text.descendants().filter(roxmltree::Node::is_text) {
        if starts_part(&node) {
            work = work.saturating_add(part(letters, spans));
            (letters, spans) = (0, 0);
        }
        letters += node.text().map_or(0, |text| text.chars().count() as u64);
        spans += 1;
    }
    work.saturating_add(part(letters, spans))
}

/// Whether the first letter of a text is sure to have a position of its own. Some more have one.
fn starts_part(node: &roxmltree::Node<'_, '_>) -> bool {
    let number = |value: &str| {
        let first = value.split([' ', ',']).next().unwrap_or_default();
        first.strip_suffix("px").unwrap_or(first).parse::<f32>().is_ok_and(f32::is_finite)
    };
    let shown = node.text().is_some_and(|text| !text.trim_ascii().is_empty());
    let positioned = |parent: roxmltree::Node<'_, '_>| {
        is(&parent, "tspan") && ["x", "y"].iter().any(|name| parent.attribute(*name).is_some_and(number))
    };
    shown && node.prev_sibling().is_none() && node.parent().is_some_and(positioned)
}

/// What an element becomes with all that it holds and refers to.
fn measure(
    node: roxmltree::Node<'_, '_>,
    by_id: &HashMap<&str, roxmltree::NodeId>,
    known: &mut HashMap<roxmltree::NodeId, Extent>,
    depth: u32,
    max_depth: u32,
) -> Check<Extent> {
    if let Some(extent) = known.get(&node.id()) {
        return Ok(*extent);
    }
    if depth > max_depth {
        return Err("references are nested too deeply");
    }
    // A reference back to itself is not followed, here as when it is drawn.
    known.insert(node.id(), Extent { depth: 1, elements: 1, text_work: 0 });
    let mut extent = Extent { elements: 1, ..Extent::default() };
    extent.elements += outline(&node).map_or(0, |outline| (outline.len() / LETTERS) as u64);
    if is(&node, "image") {
        // Its data are read anew for each.
        let letters: usize = node.attributes().map(|attribute| attribute.value().len()).sum();
        extent.elements += (letters / LETTERS_OF_DATA) as u64;
    }
    if is(&node, "text") {
        extent.text_work = text_work(node);
    }
    let document = node.document();
    let referred = node.attributes().flat_map(|attribute| references(attribute.name(), attribute.value()));
    let referred: Vec<_> = referred.filter_map(|id| by_id.get(id)).filter_map(|&id| document.get_node(id)).collect();
    for inner in node.children().filter(roxmltree::Node::is_element).chain(referred) {
        let inner = measure(inner, by_id, known, depth + 1, max_depth)?;
        extent.depth = extent.depth.max(inner.depth);
        extent.add(&inner);
    }
    extent.depth += 1;
    known.insert(node.id(), extent);
    Ok(extent)
}

/// Names of the elements that an attribute refers to.
fn references<'a>(name: &str, value: &'a str) -> impl Iterator<Item = &'a str> {
    let link = (name == "href").then(|| value.trim().strip_prefix('#')).flatten();
    let functions = value.split("url(").skip(1).filter_map(|rest| {
        let inside = rest.split(')').next()?.trim_matches(|c: char| c == '"' || c == '\'' || c.is_ascii_whitespace());
        inside.strip_prefix('#')
    });
    link.into_iter().chain(functions)
}

/// Whether drawing at this scale holds or makes too many pixels. `width` and `height` are those of the image.
pub(super) fn layers(tree: &Tree, transform: Transform, width: u32, height: u32) -> Check {
    let canvas = f64::from(width) * f64::from(height);
    let mut meter = Meter { canvas, pixels: 0.0, dashes: 0.0 };
    let held = meter.group(tree.root(), transform, 0)?;
    meter.check()?;
    // Four bytes each for colours; masks and filters work on copies.
    if held * 4.0 > MAX_LAYER_BYTES.max(canvas * 16.0) { Err(TOO_MUCH) } else { Ok(()) }
}

const TOO_MUCH: &str = "layers, masks and patterns need too many pixels";

struct Meter {
    canvas: f64,
    /// Pixels of all layers so far.
    pixels: f64,
    /// Dashes of all strokes so far.
    dashes: f64,
}

impl Meter {
    /// The most pixels of layers that are held at once for a group.
    fn group(&mut self, group: &Group, transform: Transform, depth: u32) -> Check<f64> {
        if depth > MAX_DEPTH_UNLIMITED {
            return Err(TOO_MUCH);
        }
        let transform = transform.pre_concat(group.transform());
        let mut own = 0.0;
        if group.should_isolate() {
            let area = group
                .layer_bounding_box()
                .transform(transform)
                .map_or(0.0, |bbox| f64::from(bbox.width()).abs() * f64::from(bbox.height()).abs());
            own = self.layer(area)?;
            let masks = std::iter::successors(group.mask(), |mask| mask.mask());
            let clips = std::iter::successors(group.clip_path(), |clip| clip.clip_path());
            let mut most = 0.0f64;
            for inner in masks.map(|mask| mask.root()).chain(clips.map(|clip| clip.root())) {
                self.layer(own)?;
                most = most.max(own + self.group(inner, transform, depth + 1)?);
            }
            let primitives = || group.filters().iter().flat_map(|filter| filter.primitives());
            let filters = primitives().count();
            for primitive in primitives() {
                self.layer(own)?;
                self.pixels += own * passes(primitive.kind(), transform, own);
                self.check()?;
            }
            own += most + own * (filters as f64).min(8.0);
        }
        let mut most = 0.0f64;
        for child in group.children() {
            let held = match child {
                usvg::Node::Group(inner) => self.group(inner, transform, depth + 1)?,
                usvg::Node::Text(text) => self.group(text.flattened(), transform, depth + 1)?,
                usvg::Node::Path(path) => {
                    let fill = path.fill().map(|fill| fill.paint());
                    let stroke = path.stroke().map(|stroke| stroke.paint());
                    let mut held = 0.0f64;
                    if let Some(stroke) = path.stroke() {
                        self.dashes += dashes(path.data(), stroke);
                    }
                    for paint in fill.into_iter().chain(stroke) {
                        if let Paint::Pattern(pattern) = paint {
                            let (sx, sy) = transform.pre_concat(pattern.transform()).get_scale();
                            let rect = pattern.rect();
                            let area = f64::from(rect.width() * sx).abs() * f64::from(rect.height() * sy).abs();
                            // A pattern is not cut to the image.
                            self.pixels += area;
                            if area.is_nan() || area * 4.0 > MAX_LAYER_BYTES {
                                return Err(TOO_MUCH);
                            }
                            let inner = Transform::from_scale(sx, sy);
                            held = held.max(area + self.group(pattern.root(), inner, depth + 1)?);
                        }
                    }
                    held
                }
                usvg::Node::Image(image) => match image.kind() {
                    ImageKind::SVG(inner) => {
                        self.layer(self.canvas)? + self.group(inner.root(), transform, depth + 1)?
                    }
                    _ => {
                        let area = image
                            .size()
                            .to_rect(0.0, 0.0)
                            .and_then(|bounds| bounds.transform(transform))
                            .map_or(0.0, |bounds| f64::from(bounds.width()) * f64::from(bounds.height()));
                        self.layer(area.min(self.canvas))?
                    }
                },
            };
            most = most.max(held);
        }
        Ok(own + most)
    }

    /// Counts one layer of an area, which is cut to around the image.
    fn layer(&mut self, area: f64) -> Check<f64> {
        let area = area.min(self.canvas * LAYER_AREA);
        self.pixels += area;
        self.check()?;
        Ok(area)
    }

    fn check(&self) -> Check {
        if self.dashes > MAX_DASHES {
            return Err("strokes have too many dashes");
        }
        if self.pixels > MAX_LAYER_PIXELS.max(self.canvas * 64.0) { Err(TOO_MUCH) } else { Ok(()) }
    }
}

/// How many times more work than a layer a step of a filter is, on a layer of `area` pixels. The factors were measured.
fn passes(kind: &Kind, transform: Transform, area: f64) -> f64 {
    match kind {
        Kind::ConvolveMatrix(matrix) => f64::from(matrix.matrix().columns()) * f64::from(matrix.matrix().rows()) * 16.0,
        Kind::Morphology(morphology) => {
            let (sx, sy) = transform.get_scale();
            let side = |radius: f32, scale: f32| f64::from(radius) * f64::from(scale) * 2.0 + 1.0;
            // No window is larger than the layer.
            (side(morphology.radius_x().get(), sx) * side(morphology.radius_y().get(), sy)).min(area) * 2.0
        }
        // Each octave is a noise for each of four channels.
        Kind::Turbulence(turbulence) => f64::from(turbulence.num_octaves()) * 100.0,
        _ => 0.0,
    }
}

/// About how many dashes a stroke has; as many as the renderer draws at most for one.
fn dashes(path: &tiny_skia_path::Path, stroke: &usvg::Stroke) -> f64 {
    const MOST: f64 = 1e6;
    let Some(pattern) = stroke.dasharray() else { return 0.0 };
    let period: f32 = pattern.iter().sum();
    // Of a curve, the way along its control points, which is not shorter.
    let points = path.points();
    let length: f64 = points.windows(2).map(|pair| f64::from(pair[0].distance(pair[1]))).sum();
    let count = length / f64::from(period) * pattern.len() as f64 / 2.0;
    if count <= MOST { count } else { 0.0 }
}
