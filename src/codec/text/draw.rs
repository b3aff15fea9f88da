//! From layout to pixels.

use std::sync::Arc;

use resvg::{
    tiny_skia::Pixmap,
    usvg::{
        Group, Node, Options, Tree,
        tiny_skia_path::{IntSize, Transform},
    },
};

use super::{TextInput, layout, markup, style::Style};
use crate::{
    codec::svg::{fonts, straighten},
    error::{Error, InputError, LimitError, Result},
    image::{ColourSpace, Depth, Image, PixelFormat, Samples, Spec, zeroed},
};

/// Points of an inch.
const POINTS: f64 = 72.0;

/// Most pixels that are drawn.
const MAX_PIXELS: f64 = 268_435_456.0;

/// Highest resolution that is tried to fill a height.
const MAX_FIT_DPI: u32 = 10_000;

/// Text that was drawn.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub image: Image,
    /// Dots per inch that it was drawn at.
    pub dpi: u32,
    /// They were chosen so that the text fits.
    pub fitted: bool,
}

/// A layout and the rectangle, in pixels, that its glyphs cover.
struct Laid {
    tree: Tree,
    scale: f64,
    /// Left, top, right, bottom.
    ink: [f64; 4],
}

impl Laid {
    fn size(&self) -> (f64, f64) {
        (self.ink[2] - self.ink[0], self.ink[3] - self.ink[1])
    }
}

pub(super) fn draw(input: &TextInput) -> Result<Drawn> {
    let mut base = Style::default();
    base.describe(&input.font);
    let runs = markup::parse(&input.text, &base).ok_or(InputError::Text("invalid markup in text"))?;
    let options = layout::options(database(input));
    let shaped = || Error::from(InputError::Text("text cannot be shaped"));
    let paragraphs = layout::paragraphs(runs, &base, &options).ok_or_else(shaped)?;
    let lay = |dpi: u32| -> Result<Option<Laid>> {
        let scale = f64::from(dpi) / POINTS;
        let svg = layout::document(&paragraphs, input, scale);
        lay_out(&svg, &options, scale).ok_or_else(shaped)
    };
    let nothing = || Error::from(InputError::Text("no text to render"));
    let fitted = input.width > 0 && input.height > 0;
    let (laid, dpi) = if fitted {
        let fits = |laid: &Laid| laid.size().0 <= f64::from(input.width) && laid.size().1 <= f64::from(input.height);
        // The largest resolution at which all of it fits.
        let (mut low, mut high) = (1, MAX_FIT_DPI);
        let mut best = lay(low)?.ok_or_else(nothing)?;
        while high - low > 1 {
            let middle = low.midpoint(high);
            let laid = lay(middle)?.ok_or_else(nothing)?;
            if fits(&laid) {
                (low, best) = (middle, laid);
            } else {
                high = middle;
            }
        }
        (best, low)
    } else {
        (lay(input.dpi)?.ok_or_else(nothing)?, input.dpi)
    };
    Ok(Drawn { image: paint(&laid, input.rgba)?, dpi, fitted })
}

/// The fonts of the system, and the one that the caller has a file of.
fn database(input: &TextInput) -> Arc<resvg::usvg::fontdb::Database> {
    let mut fonts = fonts::system().clone();
    if let Some(file) = &input.fontfile {
        // A file that is no font changes nothing: another font stands for it.
        let _ = Arc::make_mut(&mut fonts).load_font_file(file);
    }
    fonts
}

/// Resolves a document to shapes and finds out what they cover; nothing when they cover nothing.
fn lay_out(svg: &str, options: &Options<'_>, scale: f64) -> Option<Option<Laid>> {
    let tree = Tree::from_str(svg, options).ok()?;
    let mut ink = None;
    cover(tree.root(), &mut ink);
    Some(ink.map(|ink: [f64; 4]| {
        let [left, top, right, bottom] = ink.map(|edge| edge * scale);
        Laid { tree, scale, ink: [left.floor(), top.floor(), right.ceil(), bottom.ceil()] }
    }))
}

/// Widens `ink` by the glyphs of a group; backgrounds are no glyphs.
fn cover(group: &Group, ink: &mut Option<[f64; 4]>) {
    for node in group.children() {
        match node {
            Node::Group(inner) => cover(inner, ink),
            Node::Path(_) | Node::Image(_) => {}
            Node::Text(text) => {
                let bounds = text.flattened().abs_stroke_bounding_box();
                if !text.flattened().has_children() {
                    continue;
                }
                let edges = [bounds.left(), bounds.top(), bounds.right(), bounds.bottom()].map(f64::from);
                let [left, top, right, bottom] = ink.unwrap_or(edges);
                let [l, t, r, b] = edges;
                *ink = Some([left.min(l), top.min(t), right.max(r), bottom.max(b)]);
            }
        }
    }
}

fn paint(laid: &Laid, rgba: bool) -> Result<Image> {
    let (width, height) = laid.size();
    if !(width >= 1.0 && height >= 1.0) {
        return Err(InputError::Text("no text to render").into());
    }
    if width * height > MAX_PIXELS {
        return Err(LimitError::Dimensions { width: width as u64, height: height as u64 }.into());
    }
    let (width, height) = (width as u32, height as u32);
    let spec = Spec::new(width, height, PixelFormat::new(ColourSpace::Srgb, Depth::U8, true));
    let failed = || Error::from(InputError::Text("text cannot be drawn"));
    let size = IntSize::from_wh(width, height).ok_or_else(failed)?;
    let mut pixmap = Pixmap::from_vec(zeroed(spec.samples()?)?, size).ok_or_else(failed)?;
    let transform = Transform::from_scale(laid.scale as f32, laid.scale as f32)
        .post_translate(-laid.ink[0] as f32, -laid.ink[1] as f32);
    resvg::render(&laid.tree, transform, &mut pixmap.as_mut());
    let mut pixels = pixmap.take();
    if rgba {
        straighten(pixels.as_chunks_mut().0);
        return Image::from_samples(spec, Samples::U8(pixels));
    }
    // Opacity is the mask.
    let mask = pixels.as_chunks::<4>().0.iter().map(|pixel| pixel[3]).collect();
    Image::from_samples(spec.with_format(PixelFormat::new(ColourSpace::Grey, Depth::U8, false)), Samples::U8(mask))
}
