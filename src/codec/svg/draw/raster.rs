//! Images: decoded and made smaller once for each size that they are drawn at.

use std::sync::Arc;

use resvg::{
    tiny_skia::{FilterQuality, Pattern, PixmapMut, PixmapRef, SpreadMode},
    usvg::{ImageKind, tiny_skia_path::Transform},
};

use super::paint::shade;
use crate::{
    codec::svg::images,
    error::{LimitError, Result},
    image::Image,
};

/// Most pixels that are decoded for a drawing, and most that are kept.
const MAX_DECODED: u64 = 1 << 28;
const MAX_KEPT: u64 = 1 << 26;

struct Raster {
    file: Arc<Vec<u8>>,
    /// The size that it was made for.
    size: (u32, u32),
    /// Premultiplied; `None` when the file is damaged.
    image: Option<Image>,
}

#[derive(Default)]
pub(super) struct Rasters {
    known: Vec<Raster>,
    decoded: u64,
}

impl Rasters {
    /// Fills a pixmap with an image and its edges; `transform` is from the image's own pixels.
    pub(super) fn draw(
        &mut self,
        kind: &ImageKind,
        transform: Transform,
        smooth: bool,
        pixmap: &mut PixmapMut<'_>,
    ) -> Result<()> {
        let Some(file) = images::file(kind) else { return Ok(()) };
        let (x, y) = if smooth { transform.get_scale() } else { (1.0, 1.0) };
        let Some(image) = self.image(file, (f64::from(x), f64::from(y)))? else { return Ok(()) };
        let spec = image.spec();
        let Some(pixels) = PixmapRef::from_bytes(image.samples().bytes(), spec.width, spec.height) else {
            return Ok(());
        };
        let quality = if smooth { FilterQuality::Bilinear } else { FilterQuality::Nearest };
        let Some((width, height)) = natural(file) else { return Ok(()) };
        let placed = transform.pre_scale(width as f32 / spec.width as f32, height as f32 / spec.height as f32);
        shade(Pattern::new(pixels, SpreadMode::Pad, quality, 1.0, placed), pixmap);
        Ok(())
    }

    /// An image at a scale, or at its own size when that is smaller.
    fn image(&mut self, file: &Arc<Vec<u8>>, scale: (f64, f64)) -> Result<Option<&Image>> {
        let Some((width, height)) = natural(file) else { return Ok(None) };
        let side = |whole: u32, scale: f64| (f64::from(whole) * scale.min(1.0)).round().max(1.0) as u32;
        let size = (side(width, scale.0), side(height, scale.1));
        let at = self.known.iter().position(|known| known.size == size && Arc::ptr_eq(&known.file, file));
        let at = match at {
            Some(at) => at,
            None => {
                self.decoded += u64::from(width) * u64::from(height);
                if self.decoded > MAX_DECODED {
                    return Err(LimitError::Pixels.into());
                }
                let kept: u64 = self.known.iter().map(|known| u64::from(known.size.0) * u64::from(known.size.1)).sum();
                if kept > MAX_KEPT {
                    self.known.clear();
                }
                let image = made(file, size, scale.0.max(scale.1)).ok();
                self.known.push(Raster { file: Arc::clone(file), size, image });
                self.known.len() - 1
            }
        };
        Ok(self.known[at].image.as_ref())
    }
}

/// Width and height of an image.
fn natural(file: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| file.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes).filter(|&side| side > 0);
    Some((side(16)?, side(20)?))
}

/// Decodes an image and makes it smaller.
fn made(file: &[u8], (width, height): (u32, u32), scale: f64) -> Result<Image> {
    let image = images::decode(file, scale)?;
    let spec = image.spec();
    let shrink = |from: u32, to: u32| (f64::from(from) / f64::from(to)).max(1.0);
    images::shrunk(image, shrink(spec.width, width), shrink(spec.height, height))
}
