//! Style: a document with style sheets, variables, transforms and geometry in styles becomes one that says the same in attributes,
//! which is what the library below reads. Source: CSS Cascading and Inheritance Level 4, SVG 2 chapters 6 and 8.

mod colour;
mod computed;
mod elements;
mod media;
mod property;
mod selector;
mod sheet;
mod syntax;
mod text;
mod transform;
mod value;
mod variables;
mod write;

use std::collections::HashMap;

use resvg::usvg::{Node, Tree, roxmltree::Document};

use elements::Elements;
use media::Screen;
use selector::Work;
use sheet::{Origin, Sheet};
use syntax::{Declaration, declarations};
use transform::Reference;
use write::Writer;

/// The initial font size, in pixels: that of librsvg.
const FONT_SIZE: f64 = 12.0;

/// Most comparisons of elements with selectors, and the like.
const MAX_WORK: u64 = 50_000_000;

/// What is said when they are not enough.
const TOO_MUCH: &str = "style sheet has too many rules for so many elements";

/// Most bytes of the document that is written, and how many times the document's length when that is more.
const MAX_WRITTEN: usize = 64 << 20;

/// What a document is resolved for.
pub(super) struct Settings<'a> {
    /// CSS beside that of the document.
    pub(super) stylesheet: Option<&'a str>,
    pub(super) dpi: f64,
    /// Width and height in user units.
    pub(super) size: (f64, f64),
    pub(super) unlimited: bool,
}

/// Whether a document has anything in it that is resolved here.
pub(super) fn is_needed(text: &str, document: &Document<'_>) -> bool {
    const WORDS: [&str; 15] = [
        "<style",
        ":style",
        "var(",
        "calc(",
        "vector-effect",
        "transform-origin",
        "transform-box",
        "direction",
        "optimizeSpeed",
        "hwb(",
        "lab(",
        "lch(",
        "color(",
        "rebeccapurple",
        "drop-shadow(",
    ];
    if WORDS.iter().any(|word| text.contains(word)) {
        return true;
    }
    // In `style` attributes the library reads the plain properties only.
    text.contains("style")
        && document.descendants().filter_map(|node| node.attribute("style")).any(|style| {
            let is_plain = |declaration: &Declaration<'_>| {
                let name = declaration.name.to_ascii_lowercase();
                // The library takes a value to end with the first bracket.
                let is_simple = !declaration.value.contains('(') || declaration.value.starts_with("url(");
                property::number(&name).is_none_or(|number| match property::PROPERTIES[number].kind {
                    property::Kind::Done | property::Kind::Outline | property::Kind::Geometry(_) => false,
                    _ => is_simple && name == declaration.name,
                })
            };
            style.contains("/*") || style.contains('!') || !declarations(style).iter().all(is_plain)
        })
}

/// The document with its style in attributes. `tree` makes the shapes of a document, which tell the boxes that transforms refer to.
pub(super) fn resolve(
    document: &Document<'_>,
    settings: &Settings<'_>,
    tree: impl FnOnce(&str) -> Option<Tree>,
) -> Result<String, &'static str> {
    let screen = Screen { width: settings.size.0, height: settings.size.1 };
    let given = text::uncommented(settings.stylesheet.unwrap_or_default());
    let texts = sheet::texts(document, screen);
    let mut sheet = Sheet::default();
    sheet.add(&given, Origin::User, screen);
    for text in &texts {
        sheet.add(text, Origin::Document, screen);
    }
    let elements = Elements::new(document);
    let work = Work::new(if settings.unlimited { u64::MAX } else { MAX_WORK });
    let most = if settings.unlimited { usize::MAX } else { MAX_WRITTEN };
    let mut writer = Writer::new(&elements, &sheet, settings, &work, most);
    let (text, wanted) = writer.write(document, None)?;
    if wanted.is_empty() {
        return Ok(text);
    }
    let tree = tree(&text);
    let boxes: HashMap<_, _> = wanted
        .into_iter()
        .map(|(element, id, strokes)| {
            let node = tree.as_ref().and_then(|tree| tree.node_by_id(&id));
            (element, node.map(|node| reference(node, strokes)))
        })
        .collect();
    writer.write(document, Some(&boxes)).map(|(text, _)| text)
}

/// The box of a node.
fn reference(node: &Node, strokes: bool) -> Reference {
    let rect = if strokes { node.stroke_bounding_box() } else { node.bounding_box() };
    let [x, y, width, height] = [rect.x(), rect.y(), rect.width(), rect.height()].map(f64::from);
    Reference { x, y, width, height }
}
