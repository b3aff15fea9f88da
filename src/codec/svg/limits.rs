//! What is refused before it costs memory or time: entities that multiply, nesting, endless references, layers without end.

use std::collections::HashMap;

use resvg::usvg::{self, Group, ImageKind, Paint, Tree, roxmltree, tiny_skia_path::Transform};

/// Deepest nesting of elements, references counted in, unless limits are lifted; and deepest at all.
const MAX_DEPTH: u32 = 256;
const MAX_DEPTH_UNLIMITED: u32 = 1000;

/// Most elements when each reference counts as what it refers to.
const MAX_ELEMENTS: u64 = 1_000_000;

/// Elements that others draw through a reference; a style sheet can chain them unseen.
const MAX_CHAINED: usize = 1000;

/// Bytes of text that entities may become, and how many times the document's length when that is more.
const MAX_EXPANSION: u64 = 8 << 20;
const MAX_AMPLIFICATION: u64 = 5;

/// Bytes of layers that are held at once, and pixels of layers drawn in all, for a picture of any size.
const MAX_LAYER_BYTES: f64 = 2e9;
const MAX_LAYER_PIXELS: f64 = 1.2e10;

/// How far beyond the picture the layers reach: they are cut to a rectangle of five times its sides.
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

/// Nesting of a document, references counted in. Refuses what is too deep or becomes too many elements.
pub(super) fn nesting(document: &roxmltree::Document<'_>, unlimited: bool) -> Check<u32> {
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
    let whole = measure(document.root_element(), &by_id, &mut known, 0, max_depth)?;
    if whole.elements > MAX_ELEMENTS && !unlimited {
        return Err("references become too many elements");
    }
    Ok(whole.depth)
}

#[derive(Clone, Copy, Default)]
struct Extent {
    depth: u32,
    elements: u64,
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
    known.insert(node.id(), Extent { depth: 1, elements: 1 });
    let mut extent = Extent { depth: 0, elements: 1 };
    let document = node.document();
    let referred = node.attributes().flat_map(|attribute| references(attribute.name(), attribute.value()));
    let referred: Vec<_> = referred.filter_map(|id| by_id.get(id)).filter_map(|&id| document.get_node(id)).collect();
    for inner in node.children().filter(roxmltree::Node::is_element).chain(referred) {
        let inner = measure(inner, by_id, known, depth + 1, max_depth)?;
        extent.depth = extent.depth.max(inner.depth);
        extent.elements = extent.elements.saturating_add(inner.elements);
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

/// Whether drawing at this scale holds or makes too many pixels. `width` and `height` are those of the picture.
pub(super) fn layers(tree: &Tree, transform: Transform, width: u32, height: u32) -> Check {
    let canvas = f64::from(width) * f64::from(height);
    let mut meter = Meter { canvas, pixels: 0.0 };
    let held = meter.group(tree.root(), transform, 0)?;
    // Four bytes each for colours; masks and filters work on copies.
    if held * 4.0 > MAX_LAYER_BYTES.max(canvas * 16.0) { Err(TOO_MUCH) } else { Ok(()) }
}

const TOO_MUCH: &str = "layers, masks and patterns need too many pixels";

struct Meter {
    canvas: f64,
    /// Pixels of all layers so far.
    pixels: f64,
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
            let filters: usize = group.filters().iter().map(|filter| filter.primitives().len()).sum();
            for _ in 0..filters.min(10_000) {
                self.layer(own)?;
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
                    for paint in fill.into_iter().chain(stroke) {
                        if let Paint::Pattern(pattern) = paint {
                            let (sx, sy) = transform.pre_concat(pattern.transform()).get_scale();
                            let rect = pattern.rect();
                            let area = f64::from(rect.width() * sx).abs() * f64::from(rect.height() * sy).abs();
                            // A pattern is not cut to the picture.
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
                    _ => 0.0,
                },
            };
            most = most.max(held);
        }
        Ok(own + most)
    }

    /// Counts one layer of an area, which is cut to around the picture.
    fn layer(&mut self, area: f64) -> Check<f64> {
        let area = area.min(self.canvas * LAYER_AREA);
        self.pixels += area;
        if self.pixels > MAX_LAYER_PIXELS.max(self.canvas * 64.0) { Err(TOO_MUCH) } else { Ok(area) }
    }
}
