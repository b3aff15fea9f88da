//! Laying images on an image, one above the other.
//!
//! All is RGBA of one kind: sRGB of 8 or 16 bits, or linear light. Between layers colours stay premultiplied and in
//! floating point; the result is cut off to integers once, as libvips does. Where the layers leave a pixel as it was, it stays so exactly.

use super::{
    blend_deep,
    blend_rows::{self, Sheet},
};
use crate::{
    error::{Error, Result},
    image::{
        ColourSpace, Depth, Image, PixelFormat, RowMut, RowSource, Rows, Sample, Samples, Spec, depth_mismatch, zeroed,
    },
    options::Blend,
    simd::Level,
};

/// The space in which images are laid on one of `space`.
pub const fn canvas_space(space: ColourSpace) -> ColourSpace {
    match space {
        ColourSpace::Rgb16 | ColourSpace::ScRgb => space,
        _ => ColourSpace::Srgb,
    }
}

/// An image to lay over, and how.
#[derive(Debug, Clone)]
pub struct Layer {
    /// RGBA in the canvas's space.
    pub image: Image,
    pub blend: Blend,
    pub place: Place,
    /// Colours are multiplied by alpha already.
    pub premultiplied: bool,
}

/// Where a layer lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Its top left pixel is here; it may stand over the edges.
    At { left: i64, top: i64 },
    /// Repeated over the whole image, beginning with this pixel of it.
    Tiled { left: u32, top: u32 },
}

/// `source`, an image in a [`canvas_space`] with or without alpha, with `layers` above it, the first lowest.
pub fn composite(source: Rows<'_>, layers: Vec<Layer>) -> Result<Rows<'_>> {
    let spec = source.spec();
    let space = canvas_space(spec.format.space);
    let rgba = PixelFormat::new(space, space.depth(), true);
    let fits = |format: PixelFormat| PixelFormat { alpha: true, ..format } == rgba;
    if !fits(spec.format) || layers.iter().any(|layer| layer.image.spec().format != rgba) {
        return Err(Error::Internal("pictures of these layouts cannot be composited".into()));
    }
    Ok(match rgba.depth {
        Depth::U8 => Composite::<u8>::layered(source, rgba, layers)?,
        Depth::U16 => Composite::<u16>::layered(source, rgba, layers)?,
        Depth::F32 => Composite::<f32>::layered(source, rgba, layers)?,
    })
}

/// Samples that can be blended.
trait Blended: Sample {
    const OPAQUE: Self;
    /// Lays `sheets` on a row, the first lowest.
    fn lay(level: Level, sheets: &[Sheet<'_, Self>], row: &mut [Self]);
}

impl Blended for u8 {
    const OPAQUE: Self = 255;
    fn lay(level: Level, sheets: &[Sheet<'_>], row: &mut [Self]) {
        blend_rows::lay(level, sheets, row);
    }
}

impl Blended for u16 {
    const OPAQUE: Self = 65535;
    fn lay(_: Level, sheets: &[Sheet<'_, Self>], row: &mut [Self]) {
        blend_deep::lay(sheets, row);
    }
}

impl Blended for f32 {
    const OPAQUE: Self = 1.0;
    fn lay(_: Level, sheets: &[Sheet<'_, Self>], row: &mut [Self]) {
        blend_deep::lay(sheets, row);
    }
}

struct Composite<'a, S> {
    source: Rows<'a>,
    spec: Spec,
    covers: Vec<Cover<S>>,
    /// A row of a source without alpha.
    opaque: Option<Samples>,
    /// Next row.
    y: u32,
    level: Level,
}

impl<'a, S: Blended> Composite<'a, S> {
    fn layered(source: Rows<'a>, rgba: PixelFormat, layers: Vec<Layer>) -> Result<Rows<'a>> {
        let spec = source.spec();
        let opaque = if spec.format.alpha { None } else { Some(Samples::row_of(&spec)?) };
        let covers = layers.into_iter().map(|layer| Cover::<S>::new(layer, spec.width)).collect::<Result<_>>()?;
        Ok(Box::new(Self { source, spec: spec.with_format(rgba), covers, opaque, y: 0, level: Level::best() }))
    }
}

impl<S: Blended> RowSource for Composite<'_, S> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, mut row: RowMut<'_>) -> Result<()> {
        match &mut self.opaque {
            None => self.source.next_row(row.reborrow())?,
            Some(scratch) => {
                self.source.next_row(scratch.all_mut())?;
                let (Some(scratch), Some(row)) = (S::of_samples(scratch), S::of_mut(row.reborrow())) else {
                    return Err(depth_mismatch());
                };
                let (from, _) = scratch.as_chunks::<3>();
                let (to, _) = row.as_chunks_mut::<4>();
                to.iter_mut().zip(from).for_each(|(to, &[red, green, blue])| *to = [red, green, blue, S::OPAQUE]);
            }
        }
        let mut sheets = Vec::with_capacity(self.covers.len());
        for cover in &mut self.covers {
            sheets.extend(cover.sheet(self.y)?);
        }
        self.y += 1;
        S::lay(self.level, &sheets, S::of_mut(row).ok_or_else(depth_mismatch)?);
        Ok(())
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.y = self.y.saturating_add(count);
        self.source.skip_rows(count)
    }
}

/// A layer on a canvas of known width.
struct Cover<S> {
    layer: Layer,
    /// A row of tiles, and which of the layer's rows it is made from.
    tiled: Option<(Vec<S>, Option<u32>)>,
    width: u32,
}

impl<S: Sample> Cover<S> {
    fn new(layer: Layer, width: u32) -> Result<Self> {
        let tiled = match layer.place {
            Place::At { .. } => None,
            Place::Tiled { .. } => Some((zeroed(width as usize * 4)?, None)),
        };
        Ok(Self { layer, tiled, width })
    }

    /// What of the layer is on row `y`; nothing when the row stays as it is.
    fn sheet(&mut self, y: u32) -> Result<Option<Sheet<'_, S>>> {
        let (blend, premultiplied) = (self.layer.blend, self.layer.premultiplied);
        let spec = self.layer.image.spec();
        let image = self.layer.image.as_slice::<S>()?;
        let row = |y: u32| &image[y as usize * spec.row_samples()..][..spec.row_samples()];
        let (start, pixels) = match (self.layer.place, &mut self.tiled) {
            (Place::Tiled { left, top }, Some((tiled, holds))) => {
                let y = (u64::from(y) + u64::from(top)) % u64::from(spec.height);
                if *holds != Some(y as u32) {
                    *holds = Some(y as u32);
                    repeat(row(y as u32), (left % spec.width) as usize * 4, tiled);
                }
                (0, tiled.as_slice())
            }
            (Place::At { left, top }, _) => {
                let y = i64::from(y) - top;
                let first = left.clamp(0, i64::from(self.width));
                let end = (left + i64::from(spec.width)).clamp(first, i64::from(self.width));
                match u32::try_from(y).ok().filter(|&y| y < spec.height && end > first) {
                    Some(y) => (first as usize, &row(y)[(first - left) as usize * 4..(end - left) as usize * 4]),
                    None => (0, &[][..]),
                }
            }
            (Place::Tiled { .. }, None) => return Err(Error::Internal("tiles without a row".into())),
        };
        let changes = !pixels.is_empty() || !blend.keeps_backdrop();
        Ok(changes.then_some(Sheet { blend, pixels, start, premultiplied }))
    }
}

/// Fills `row` with `tile` over and over, beginning with its sample `start`.
fn repeat<S: Copy>(tile: &[S], start: usize, row: &mut [S]) {
    let (head, mut rest) = row.split_at_mut(row.len().min(tile.len() - start));
    head.copy_from_slice(&tile[start..start + head.len()]);
    while !rest.is_empty() {
        let (next, after) = rest.split_at_mut(rest.len().min(tile.len()));
        next.copy_from_slice(&tile[..next.len()]);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{RGB, image, samples};

    const RGBA: PixelFormat = PixelFormat::new(ColourSpace::Srgb, Depth::U8, true);
    const RED: [u8; 4] = [255, 0, 0, 255];
    const GREY: [u8; 3] = [9, 9, 9];

    fn layer(width: u32, height: u32, pixels: &[u8], place: Place, blend: Blend) -> Layer {
        Layer { image: image(width, height, RGBA, pixels.to_vec()), blend, place, premultiplied: false }
    }

    /// The first channel of a 3×2 grey image under `layers`.
    fn on_grey(layers: Vec<Layer>) -> Vec<u8> {
        let rows = composite(Box::new(image(3, 2, RGB, GREY.repeat(6)).into_rows()), layers).unwrap();
        samples(rows).chunks_exact(4).map(|pixel| pixel[0]).collect()
    }

    #[test]
    fn layers_may_stand_over_every_edge() {
        let at = |left, top| on_grey(vec![layer(2, 2, &RED.repeat(4), Place::At { left, top }, Blend::Over)]);
        assert_eq!(at(0, 0), [255, 255, 9, 255, 255, 9]);
        assert_eq!(at(-1, -1), [255, 9, 9, 9, 9, 9]);
        assert_eq!(at(2, 1), [9, 9, 9, 9, 9, 255]);
        for (left, top) in [(-2, 0), (3, 0), (0, 2), (0, -2), (100_000_000, -100_000_000)] {
            assert_eq!(at(left, top), [9; 6]);
        }
    }

    #[test]
    fn tiles_begin_anywhere() {
        let pixels = [[1, 1, 1, 255], [2, 2, 2, 255]].concat();
        let tiles = |left, top| on_grey(vec![layer(2, 1, &pixels, Place::Tiled { left, top }, Blend::Over)]);
        assert_eq!(tiles(0, 0), [1, 2, 1, 1, 2, 1]);
        assert_eq!(tiles(3, 7), [2, 1, 2, 2, 1, 2]);
        let column = on_grey(vec![layer(1, 2, &pixels, Place::Tiled { left: 0, top: 1 }, Blend::Over)]);
        assert_eq!(column, [2, 2, 2, 1, 1, 1]);
    }

    #[test]
    fn the_last_layer_is_on_top() {
        let blue = layer(1, 1, &[7, 0, 255, 255], Place::At { left: 1, top: 0 }, Blend::Over);
        let red = layer(1, 1, &RED, Place::Tiled { left: 0, top: 0 }, Blend::Over);
        assert_eq!(on_grey(vec![red.clone(), blue.clone()]), [255, 7, 255, 255, 255, 255]);
        assert_eq!(on_grey(vec![blue, red]), [255; 6]);
    }

    #[test]
    fn a_tile_of_one_pixel_scales_alpha() {
        let picture = image(3, 1, RGBA, vec![200, 100, 50, 255, 200, 100, 50, 100, 1, 2, 3, 0]);
        let half = layer(1, 1, &[255, 255, 255, 128], Place::Tiled { left: 0, top: 0 }, Blend::DestIn);
        let out = composite(Box::new(picture.into_rows()), vec![half]).unwrap();
        assert_eq!(samples(out), [200, 100, 50, 128, 200, 100, 50, 50, 0, 0, 0, 0]);
    }

    #[test]
    fn outside_of_a_mask_nothing_is_left() {
        let mask = layer(1, 1, &RED, Place::At { left: 1, top: 1 }, Blend::DestIn);
        assert_eq!(on_grey(vec![mask]), [0, 0, 0, 0, 9, 0]);
    }

    #[test]
    fn other_layouts_are_a_defect() {
        let grey = crate::image::testing::grey(1, 1, vec![0]);
        assert!(composite(grey, vec![]).is_err());
    }
}
