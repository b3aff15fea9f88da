//! Images under filters, which resvg draws without its decoders: as shapes, a rectangle for every run of pixels, with a gradient
//! from pixel to pixel.

use std::{fmt::Write, sync::Arc};

use resvg::usvg::{Group, ImageKind, Node, Options, Tree, tiny_skia_path::Transform};

use super::{decode, file, shrunk};
use crate::image::{Image, Row};

/// Most pixels of one, so that there are not too many shapes.
const MAX_PIXELS: f64 = 1_048_576.0;

/// Pixels of one gradient: long ones are slow to draw, many are slow to prepare.
const RUN: usize = 64;

/// An image to be made of shapes.
#[derive(Debug, Clone)]
pub(in crate::codec::svg) struct Mosaic {
    pub(super) file: Arc<Vec<u8>>,
    /// How large it is drawn, as a factor along each axis.
    scale: (f64, f64),
}

/// The images under filters.
pub(in crate::codec::svg) fn filtered(tree: &Tree, transform: Transform) -> Vec<Mosaic> {
    let mut found = Vec::new();
    look(tree.root(), transform, false, &mut found);
    found
}

fn look(group: &Group, transform: Transform, is_filtered: bool, found: &mut Vec<Mosaic>) {
    let transform = transform.pre_concat(group.transform());
    let is_filtered = is_filtered || !group.filters().is_empty();
    for node in group.children() {
        match node {
            Node::Group(inner) => look(inner, transform, is_filtered, found),
            Node::Text(text) => look(text.flattened(), transform, is_filtered, found),
            Node::Image(image) => match (image.kind(), file(image.kind())) {
                (ImageKind::SVG(tree), _) => look(tree.root(), transform, is_filtered, found),
                (_, Some(file)) if is_filtered && !found.iter().any(|mosaic| mosaic.file == *file) => {
                    let (x, y) = transform.get_scale();
                    found.push(Mosaic { file: Arc::clone(file), scale: (f64::from(x), f64::from(y)) });
                }
                _ => {}
            },
            Node::Path(_) => {}
        }
        // Patterns and masks, and the images of filters.
        node.subroots(|inner| look(inner, transform, is_filtered, found));
    }
    for filter in group.filters() {
        for primitive in filter.primitives() {
            if let resvg::usvg::filter::Kind::Image(image) = primitive.kind() {
                look(image.root(), transform, true, found);
            }
        }
    }
}

impl Mosaic {
    /// The image as a document.
    pub(super) fn drawn(&self) -> Option<ImageKind> {
        let (x, y) = (self.scale.0.min(1.0), self.scale.1.min(1.0));
        let image = decode(&self.file, x.max(y)).ok()?;
        let size = |at: usize| self.file.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
        let (width, height) = (size(16)?, size(20)?);
        let few = (MAX_PIXELS / (f64::from(width) * x * f64::from(height) * y)).sqrt().min(1.0);
        let spec = image.spec();
        let shrink = |from: u32, whole: u32, scale: f64| {
            (f64::from(from) / (f64::from(whole) * scale * few).round().max(1.0)).max(1.0)
        };
        let (across, down) = (shrink(spec.width, width, x), shrink(spec.height, height, y));
        let small = shrunk(image, across, down).ok()?;
        let text = shapes(&small, (width, height));
        Tree::from_str(&text, &Options::default()).ok().map(ImageKind::SVG)
    }
}

/// The document of an image, of a size.
fn shapes(image: &Image, (width, height): (u32, u32)) -> String {
    let (columns, rows) = (image.spec().width, image.spec().height);
    let mut text = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {columns} {rows}' \
         preserveAspectRatio='none' shape-rendering='crispEdges'>"
    );
    // Writing to a string does not fail.
    let mut write = |part: std::fmt::Arguments<'_>| text.write_fmt(part).unwrap_or_default();
    for y in 0..rows {
        let Row::U8(row) = image.row(y) else { break };
        for (run, pixels) in row.as_chunks::<4>().0.chunks(RUN).enumerate() {
            if pixels.iter().all(|pixel| pixel[3] == 0) {
                continue;
            }
            let (x, len) = (run * RUN, pixels.len());
            let is_even = pixels.iter().all(|pixel| *pixel == pixels[0]);
            let id = format!("{y}-{run}");
            if !is_even {
                let (from, to) = (x as f64 + 0.5, (x + len) as f64 - 0.5);
                write(format_args!(
                    "<linearGradient id='{id}' gradientUnits='userSpaceOnUse' x1='{from}' x2='{to}' y1='0' y2='0'>"
                ));
                for (at, pixel) in pixels.iter().enumerate() {
                    let (colour, opacity) = plain(*pixel);
                    let offset = at as f64 / (len - 1) as f64;
                    write(format_args!("<stop offset='{offset}' stop-color='{colour}' stop-opacity='{opacity}'/>"));
                }
                write(format_args!("</linearGradient>"));
            }
            let (colour, opacity) = plain(pixels[0]);
            let fill = if is_even { colour } else { format!("url(#{id})") };
            let opacity = if is_even { opacity } else { 1.0 };
            write(format_args!(
                "<rect x='{x}' y='{y}' width='{len}' height='1' fill='{fill}' fill-opacity='{opacity}'/>"
            ));
        }
    }
    text + "</svg>"
}

/// The colour and opacity of a premultiplied pixel.
fn plain(pixel: [u8; 4]) -> (String, f64) {
    let mut pixel = [pixel];
    crate::codec::svg::straighten(&mut pixel);
    let [red, green, blue, alpha] = pixel[0];
    (format!("#{red:02x}{green:02x}{blue:02x}"), f64::from(alpha) / 255.0)
}
