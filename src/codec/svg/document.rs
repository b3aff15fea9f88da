//! A document, checked and resolved to shapes.

use std::{
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
};

use resvg::usvg::{self, Options, Tree, roxmltree};

use super::{
    fonts, images, limits,
    size::{self, Natural},
    source,
};
use crate::{
    codec::{Input, ReadOptions},
    error::{Error, Result},
};

/// Density at which a user unit is a pixel, in dots per inch.
const UNIT_DENSITY: f64 = 72.0;

/// Nesting from which work is done on a thread with a stack that is large enough for it.
const DEEP: u32 = 48;
const LARGE_STACK: usize = 256 << 20;

/// What the header tells, and what is drawn.
pub(super) struct Document {
    /// Width and height in pixels at scale 1, not rounded.
    pub(super) size: (f64, f64),
    /// The size is that of what is drawn.
    pub(super) drawn: bool,
    /// Pixels of a user unit at scale 1.
    pub(super) unit: f64,
    /// The shapes, when they were needed for the size or asked for.
    pub(super) tree: Option<Tree>,
    /// Nesting of elements, references counted in.
    pub(super) depth: u32,
}

impl Document {
    /// Reads a document; `shapes` says whether they are wanted beside the size.
    pub(super) fn read(input: &Input<'_>, options: &ReadOptions, shapes: bool) -> Result<Self> {
        let corrupt = |detail: &str| Error::corrupt_header(input.origin(), format!("svgload: {detail}"));
        let text = source::text(input, options.unlimited)?;
        let text = text.trim_start_matches('\u{feff}');
        limits::entities(text).map_err(corrupt)?;
        let xml = parse(text, options.unlimited).map_err(|error| corrupt(&error.to_string()))?;
        if xml.root_element().tag_name().name() != "svg" {
            return Err(corrupt("document has no svg element"));
        }
        let depth = limits::extent(&xml, options.unlimited).map_err(corrupt)?.depth;
        let natural = size::natural(xml.root_element(), options.density);
        let edits = [size::shares(xml.root_element(), natural), comments_in_styles(&xml)].concat();
        let edited = edited(text, edits);
        let edited = edited.as_deref().map(|text| parse(text, options.unlimited)).transpose();
        let xml = edited.map_err(|error| corrupt(&error.to_string()))?.unwrap_or(xml);
        let scale = options.density / UNIT_DENSITY;
        let drawn = natural == Natural::Drawn;
        let mut document = Self { size: (0.0, 0.0), drawn, unit: scale, tree: None, depth };
        if shapes || drawn {
            let tree = on_stack(depth, || Tree::from_xmltree(&xml, &usvg_options(options)));
            let tree = tree.ok_or_else(|| corrupt("document cannot be drawn"))?;
            document.tree = Some(tree.map_err(|error| match error {
                usvg::Error::InvalidSize => no_size(input, BAD_DIMENSIONS),
                other => corrupt(&other.to_string()),
            })?);
        }
        let (width, height) = match (natural, &document.tree) {
            (Natural::Size(width, height), _) => (width, height),
            (Natural::Drawn, tree) => {
                let drawn = tree.as_ref().map(|tree| tree.root().abs_stroke_bounding_box());
                drawn.map_or((0.0, 0.0), |drawn| (f64::from(drawn.width()), f64::from(drawn.height())))
            }
        };
        document.size = (width * scale, height * scale);
        Ok(document)
    }

    /// The size in whole pixels when it is drawn at `scale`. `input` is what it was read from.
    pub(super) fn pixels(&self, scale: f64, input: &Input<'_>) -> Result<(u32, u32)> {
        let whole = |length: f64| {
            let pixels = (length * scale).round();
            match pixels as u32 {
                // Of a size that is enough as it is said, and not at this scale.
                0 if (length / self.unit).round() >= 1.0 => Err(no_size(input, ZERO_SIZED)),
                1..=crate::api::MAX_SIDE => Ok(pixels as u32),
                _ => Err(no_size(input, BAD_DIMENSIONS)),
            }
        };
        Ok((whole(self.size.0)?, whole(self.size.1)?))
    }
}

/// What is said of a document that has no size, and of one that is too small to be drawn.
const BAD_DIMENSIONS: &str = "bad dimensions";
const ZERO_SIZED: &str = "zero-sized image";

fn no_size(input: &Input<'_>, detail: &str) -> Error {
    // The engine's name of the loader has this when the bytes are in memory.
    let suffix = match input {
        Input::Bytes(_) => "_buffer",
        Input::File(_) => "",
    };
    Error::corrupt_header(input.origin(), format!("svgload{suffix}: {detail}"))
}

/// Checks of a document inside another, and the text to resolve it from where that is not its own; it is parsed once more then.
pub(super) fn check(text: &str, unlimited: bool) -> Result<(limits::Extent, Option<String>), &'static str> {
    limits::entities(text)?;
    let xml = parse(text, unlimited).map_err(|_| "document is damaged")?;
    let extent = limits::extent(&xml, unlimited)?;
    if extent.depth > DEEP {
        return Err("elements are nested too deeply");
    }
    Ok((extent, edited(text, comments_in_styles(&xml))))
}

fn parse(text: &str, unlimited: bool) -> Result<roxmltree::Document<'_>, roxmltree::Error> {
    let nodes_limit = if unlimited { u32::MAX } else { MAX_NODES };
    let options = roxmltree::ParsingOptions { allow_dtd: true, nodes_limit, ..Default::default() };
    roxmltree::Document::parse_with_options(text, options)
}

/// Most nodes of a document, text and comments included.
const MAX_NODES: u32 = 4_000_000;

/// Where comments are in style sheets: the library reads these up to the first.
fn comments_in_styles(xml: &roxmltree::Document<'_>) -> Vec<Edit> {
    let sheets = xml.descendants().filter(|node| node.tag_name().name() == "style");
    let comments = sheets.flat_map(|sheet| sheet.children().filter(roxmltree::Node::is_comment));
    comments.map(|comment| (comment.range(), " ".to_owned())).collect()
}

/// A place in the text, in bytes, and what is to stand there.
pub(super) type Edit = (Range<usize>, String);

/// The text with edits made; `None` when there are none.
fn edited(text: &str, mut edits: Vec<Edit>) -> Option<String> {
    edits.first()?;
    edits.sort_by_key(|(place, _)| place.start);
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for (place, words) in edits {
        result.push_str(text.get(at..place.start)?);
        result.push_str(&words);
        at = place.end;
    }
    result.push_str(text.get(at..)?);
    Some(result)
}

fn usvg_options(options: &ReadOptions) -> Options<'static> {
    Options {
        dpi: options.density as f32,
        image_href_resolver: images::resolver(options.unlimited),
        font_resolver: fonts::resolver(),
        style_sheet: options.svg_stylesheet.clone(),
        ..Options::default()
    }
}

/// Runs work whose recursion goes as deep as a document is nested; `None` when it panicked.
pub(super) fn on_stack<T: Send>(depth: u32, work: impl FnOnce() -> T + Send) -> Option<T> {
    let caught = || catch_unwind(AssertUnwindSafe(work)).ok();
    if depth <= DEEP {
        return caught();
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(LARGE_STACK).spawn_scoped(scope, caught).ok()?;
        thread.join().ok().flatten()
    })
}
