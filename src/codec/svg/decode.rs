//! Draws a document in bands from top to bottom.

use resvg::usvg::{
    Group, Node, Tree,
    tiny_skia_path::{IntSize, Transform},
};

use resvg::tiny_skia::Pixmap;

use super::{
    MAX_SIDE,
    document::{Document, on_stack},
    draw::Painter,
    header::FORMAT,
    images::{self, Mosaic},
    limits,
};
use crate::{
    codec::{Input, LoadShrink, ReadOptions},
    error::{Error, LimitError, Result},
    image::{Image, RowMut, RowSource, Samples, Spec, past_the_end, zeroed},
};

/// Pixels of one band. Small images are one band; large ones take no more memory than this.
const BAND_PIXELS: u64 = 1 << 24;

/// The pixels, at the scale that is asked for.
pub(super) fn decode<'a>(
    input: &'a Input<'a>,
    options: &ReadOptions,
    shrink: LoadShrink,
) -> Result<Box<dyn RowSource + 'a>> {
    let scale = match shrink {
        LoadShrink::Scale(scale) => scale,
        LoadShrink::None | LoadShrink::Dct(_) => 1.0,
    };
    let too_large = || LimitError::Svg { scaled: scale != 1.0, side: MAX_SIDE };
    let read = |mosaics: &[Mosaic]| {
        let mut document = Document::read(input, options, Some(mosaics))?;
        let (width, height) = document.pixels(scale, input)?;
        if width > MAX_SIDE || height > MAX_SIDE {
            return Err(too_large().into());
        }
        let tree = document.tree.take().ok_or_else(|| Error::Internal("a document without shapes".into()))?;
        let transform = placed(&document, &tree, scale, (width, height));
        Ok::<_, Error>((document.depth, (width, height), tree, transform))
    };
    let (mut depth, (width, height), mut tree, mut transform) = read(&[])?;
    let mosaics = images::filtered(&tree, transform);
    if !mosaics.is_empty() {
        (depth, _, tree, transform) = read(&mosaics)?;
    }
    if !options.unlimited {
        limits::layers(&tree, transform, width, height)
            .map_err(|detail| Error::corrupt_pixels(format!("svgload: {detail}")))?;
    }
    let band = if has_filters(tree.root()) {
        // A filter sees what is around it; a band would cut that off.
        height
    } else {
        (BAND_PIXELS / u64::from(width)).clamp(16, u64::from(height).max(16)) as u32
    };
    let spec = Spec::new(width, height, FORMAT);
    let painter = Painter::new();
    Ok(Box::new(Bands { spec, tree, transform, depth, painter, band: band.min(height), pixels: Vec::new(), next: 0 }))
}

/// Where the drawing lies on `width` × `height` whole pixels: as large as they allow at its own proportions, in the middle.
fn placed(document: &Document, tree: &Tree, scale: f64, (width, height): (u32, u32)) -> Transform {
    let (natural_width, natural_height) = (document.size.0 * scale, document.size.1 * scale);
    let fit = (f64::from(width) / natural_width).min(f64::from(height) / natural_height);
    let (x, y) = if document.drawn {
        (document.unit * scale * fit, document.unit * scale * fit)
    } else {
        // The tree maps the view box to a size that differs where it was said in a style.
        let own = tree.size();
        (natural_width * fit / f64::from(own.width()), natural_height * fit / f64::from(own.height()))
    };
    let margin = |side: u32, natural: f64| ((f64::from(side) - natural * fit) / 2.0) as f32;
    Transform::from_row(x as f32, 0.0, 0.0, y as f32, margin(width, natural_width), margin(height, natural_height))
}

/// Whether any group within is filtered, or is a document of its own.
fn has_filters(group: &Group) -> bool {
    let mut found = !group.filters().is_empty();
    for node in group.children() {
        found |= match node {
            Node::Group(inner) => has_filters(inner),
            Node::Text(text) => has_filters(text.flattened()),
            Node::Path(_) | Node::Image(_) => false,
        };
        node.subroots(|inner| found |= has_filters(inner));
        if found {
            return true;
        }
    }
    found
}

struct Bands {
    spec: Spec,
    tree: Tree,
    transform: Transform,
    depth: u32,
    painter: Painter,
    /// Rows of a band.
    band: u32,
    /// The band that holds row `next`, once that was asked for.
    pixels: Vec<u8>,
    next: u32,
}

impl Bands {
    /// Draws the band that begins at a row: straight RGBA.
    fn draw(&mut self, top: u32) -> Result<()> {
        let rows = self.band.min(self.spec.height - top);
        let mut pixels = std::mem::take(&mut self.pixels);
        let len = self.spec.resized(self.spec.width, rows).samples()?;
        if pixels.len() == len {
            pixels.fill(0);
        } else {
            pixels = zeroed(len)?;
        }
        let failed = || Error::corrupt_pixels("svgload: document cannot be drawn");
        let size = IntSize::from_wh(self.spec.width, rows).ok_or_else(failed)?;
        let mut pixmap = Pixmap::from_vec(pixels, size).ok_or_else(failed)?;
        let transform = self.transform.post_translate(0.0, -(top as f32));
        let (tree, painter) = (&self.tree, &mut self.painter);
        on_stack(self.depth, || painter.draw(tree, transform, &mut pixmap.as_mut())).ok_or_else(failed)??;
        self.pixels = pixmap.take();
        straighten(self.pixels.as_chunks_mut().0);
        Ok(())
    }
}

/// What to multiply by instead of dividing by an alpha, with [`FACTOR_BITS`] bits after the point, rounded up: exact for
/// every product of a colour and 255 (T. Granlund and P. L. Montgomery, "Division by Invariant Integers using
/// Multiplication", 1994).
static FACTORS: [u32; 256] = {
    let mut factors = [0; 256];
    let mut alpha = 1;
    while alpha < 256 {
        factors[alpha] = (1u32 << FACTOR_BITS).div_ceil(alpha as u32);
        alpha += 1;
    }
    factors
};
const FACTOR_BITS: u32 = 24;

/// Divides colours by alpha, rounded to nearest.
pub(crate) fn straighten(pixels: &mut [[u8; 4]]) {
    for block in pixels.chunks_mut(16) {
        let (all, any) = block.iter().fold((255, 0), |(all, any), pixel| (all & pixel[3], any | pixel[3]));
        // Most are opaque or empty.
        if all == 255 || any == 0 {
            continue;
        }
        for pixel in block {
            let [red, green, blue, alpha] = *pixel;
            if alpha == 255 || alpha == 0 {
                continue;
            }
            let (factor, half) = (u64::from(FACTORS[usize::from(alpha)]), u64::from(alpha / 2));
            let divide = |sample: u8| (((u64::from(sample) * 255 + half) * factor) >> FACTOR_BITS).min(255) as u8;
            *pixel = [divide(red), divide(green), divide(blue), alpha];
        }
    }
}

impl RowSource for Bands {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        if self.next >= self.spec.height {
            return Err(past_the_end());
        }
        let within = self.next % self.band;
        if within == 0 || self.pixels.is_empty() {
            self.draw(self.next - within)?;
        }
        let RowMut::U8(to) = row else { return Err(crate::image::depth_mismatch()) };
        let start = within as usize * self.spec.row_samples();
        to.copy_from_slice(&self.pixels[start..start + to.len()]);
        self.next += 1;
        Ok(())
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        let next = self.next.saturating_add(count);
        if next / self.band != self.next / self.band {
            self.pixels = Vec::new();
        }
        self.next = next;
        Ok(())
    }

    fn take_image(&mut self) -> Option<Image> {
        if self.next > 0 || self.band < self.spec.height {
            return None;
        }
        self.draw(0).ok()?;
        Image::from_samples(self.spec, Samples::U8(std::mem::take(&mut self.pixels))).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_is_divided_exactly() {
        for alpha in 1..=255u32 {
            for sample in 0..=255u32 {
                let mut pixel = [[sample as u8, 0, 255, alpha as u8]];
                straighten(&mut pixel);
                let expected = ((sample * 255 + alpha / 2) / alpha).min(255) as u8;
                assert_eq!(pixel, [[if alpha == 255 { sample as u8 } else { expected }, 0, 255, alpha as u8]]);
            }
        }
    }
}
