//! A document, checked and resolved to shapes.

use std::{
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
};

use resvg::usvg::{self, Options, Tree, roxmltree};

use super::{
    fonts, images, limits,
    size::{self, Natural},
    source, style,
};
use crate::{
    codec::{Input, ReadOptions},
    error::{Error, Result},
};

/// Density at which a user unit is a pixel, in dots per inch.
const UNIT_DENSITY: f64 = 72.0;

/// Nesting from which work is done on a thread with a stack that is large enough for it.
const DEEP: u32 = 48;
/// The size in user units that shares are of where a document does not say any: what browsers take.
const UNSIZED: (f64, f64) = (300.0, 150.0);

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
    /// Reads a document; with `mosaics` of some of its images the shapes are wanted beside the size.
    pub(super) fn read(input: &Input<'_>, options: &ReadOptions, mosaics: Option<&[images::Mosaic]>) -> Result<Self> {
        let corrupt = |detail: &str| Error::corrupt_header(input.origin(), format!("svgload: {detail}"));
        let text = source::text(input, options.unlimited)?;
        let text = text.trim_start_matches('\u{feff}');
        limits::entities(text).map_err(corrupt)?;
        let xml = parse(text, options.unlimited).map_err(|error| corrupt(&error.to_string()))?;
        if xml.root_element().tag_name().name() != "svg" {
            return Err(corrupt("document has no svg element"));
        }
        let mut depth = limits::extent(&xml, options.unlimited).map_err(corrupt)?.depth;
        let styled = styled(text, &xml, options, depth).map_err(corrupt)?;
        let text = styled.as_deref().unwrap_or(text);
        let again = |text| parse(text, options.unlimited).map_err(|error| corrupt(&error.to_string()));
        let xml = if styled.is_some() { again(text)? } else { xml };
        if styled.is_some() {
            depth = limits::extent(&xml, options.unlimited).map_err(corrupt)?.depth;
        }
        let natural = size::natural(xml.root_element(), options.density);
        let edited = edited(text, size::shares(xml.root_element(), natural));
        let xml = if let Some(text) = &edited { again(text)? } else { xml };
        let scale = options.density / UNIT_DENSITY;
        let drawn = natural == Natural::Drawn;
        let mut document = Self { size: (0.0, 0.0), drawn, unit: scale, tree: None, depth };
        if mosaics.is_some() || drawn {
            let tree =
                on_stack(depth, || Tree::from_xmltree(&xml, &usvg_options(options, mosaics.unwrap_or_default())));
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
                1..=crate::options::MAX_SIDE => Ok(pixels as u32),
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
pub(super) fn check(text: &str, options: &ReadOptions) -> Result<(limits::Extent, Option<String>), &'static str> {
    limits::entities(text)?;
    let parse = |text| parse(text, options.unlimited).map_err(|_| "document is damaged");
    let xml = parse(text)?;
    let extent = limits::extent(&xml, options.unlimited)?;
    if extent.depth > DEEP {
        return Err("elements are nested too deeply");
    }
    let Some(styled) = styled(text, &xml, options, extent.depth)? else { return Ok((extent, None)) };
    let extent = limits::extent(&parse(&styled)?, options.unlimited)?;
    if extent.depth > DEEP { Err("elements are nested too deeply") } else { Ok((extent, Some(styled))) }
}

/// The document with its style in attributes, when it has any that the library does not read.
fn styled(
    text: &str,
    xml: &roxmltree::Document<'_>,
    options: &ReadOptions,
    depth: u32,
) -> Result<Option<String>, &'static str> {
    let stylesheet = options.svg_stylesheet.as_deref();
    if stylesheet.is_none() && !style::is_needed(text, xml) {
        return Ok(None);
    }
    let size = match size::natural(xml.root_element(), options.density) {
        Natural::Size(width, height) => (width, height),
        Natural::Drawn => UNSIZED,
    };
    let settings = style::Settings { stylesheet, dpi: options.density, size, unlimited: options.unlimited };
    let tree = |text: &str| {
        let xml = parse(text, options.unlimited).ok()?;
        limits::extent(&xml, options.unlimited).ok()?;
        Tree::from_xmltree(&xml, &usvg_options(options, &[])).ok()
    };
    let resolved = on_stack(depth, || style::resolve(xml, &settings, tree));
    resolved.unwrap_or(Err("style cannot be resolved")).map(Some)
}

fn parse(text: &str, unlimited: bool) -> Result<roxmltree::Document<'_>, roxmltree::Error> {
    let nodes_limit = if unlimited { u32::MAX } else { MAX_NODES };
    let options = roxmltree::ParsingOptions { allow_dtd: true, nodes_limit, ..Default::default() };
    roxmltree::Document::parse_with_options(text, options)
}

/// Most nodes of a document, text and comments included.
const MAX_NODES: u32 = 4_000_000;

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

fn usvg_options(options: &ReadOptions, mosaics: &[images::Mosaic]) -> Options<'static> {
    Options {
        dpi: options.density as f32,
        image_href_resolver: images::resolver(options, mosaics),
        font_resolver: fonts::resolver(),
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
