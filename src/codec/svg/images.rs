//! Images inside a document, as data URLs; every other link leads nowhere.
//!
//! The library asks for the size of an image only, which it reads from the bytes it is given. It is given the header of a PNG file of
//! that size, before the file itself, which is decoded when it is drawn, at the size that it is drawn at.

mod mosaic;

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicU64, Ordering::Relaxed},
    },
};

use resvg::usvg::{ImageHrefResolver, ImageKind, Options, Tree};

use super::{document, limits::Extent};
use crate::{
    codec::{self, Decoder, Input, LoadShrink, ReadOptions, ShrinkOnLoad},
    colour,
    error::{InputError, LimitError, Result},
    image::{ColourSpace, Image, PixelFormat, Samples, Spec, zeroed},
    options::Kernel,
    resample::{Resize, resize},
};
pub(super) use mosaic::{Mosaic, filtered};

/// Most pixels of all images inside a document.
const MAX_PIXELS: u64 = 1 << 26;

/// Deepest nesting of documents in documents.
const MAX_NESTED: u32 = 4;

/// What a PNG file begins with, up to its width.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
/// Length of the header, and what follows it here.
const HEADER: usize = 33;
const MARK: &[u8] = b"file of an image";

/// Files as they are handed on, by hashes of their bytes: copies of an element share them.
type Files = Mutex<HashMap<u64, Vec<Arc<Vec<u8>>>>>;

/// A resolver that takes the formats which this crate decodes, and documents inside the document. Images of which there are
/// mosaics become these.
pub(super) fn resolver(options: &ReadOptions, mosaics: &[Mosaic]) -> ImageHrefResolver<'static> {
    // What is given for the outermost document is not for those inside.
    let read = ReadOptions { svg_stylesheet: None, ..options.clone() };
    let mosaics = mosaics.to_vec();
    let pixels = AtomicU64::new(0);
    let nested = AtomicU32::new(0);
    let extent = Mutex::new(Extent::default());
    let files = Files::default();
    ImageHrefResolver {
        resolve_data: Box::new(move |_, data, options| {
            let input = Input::Bytes(&data);
            let codec = codec::sniff(&input).ok()?;
            if codec.id != super::CODEC.id {
                let file = raster(&data, codec.decoder.as_ref()?, &pixels, &files)?;
                let mosaic = mosaics.iter().find(|mosaic| mosaic.file == file);
                return mosaic.map_or(Some(ImageKind::PNG(file)), Mosaic::drawn);
            }
            let deep = nested.fetch_add(1, Relaxed) >= MAX_NESTED;
            let inner = if deep { None } else { document(&input, options, &read, &extent) };
            nested.fetch_sub(1, Relaxed);
            inner
        }),
        resolve_string: Box::new(|_, _| None),
    }
}

/// A document; `all` adds up those that were read, so that many small ones are no way around the limits.
fn document(input: &Input<'_>, options: &Options<'_>, read: &ReadOptions, all: &Mutex<Extent>) -> Option<ImageKind> {
    let text = super::source::text(input, read.unlimited).ok()?;
    let (extent, edited) = document::check(&text, read).ok()?;
    let sum = {
        let mut all = all.lock().ok()?;
        all.add(&extent);
        *all
    };
    if !read.unlimited {
        sum.check().ok()?;
    }
    let text = edited.as_deref().unwrap_or(&text);
    Tree::from_data_nested(text.as_bytes(), options).ok().map(ImageKind::SVG)
}

/// The file of an image with its size before it.
fn raster(file: &[u8], decoder: &Decoder, pixels: &AtomicU64, files: &Files) -> Option<Arc<Vec<u8>>> {
    let spec = (decoder.header)(&Input::Bytes(file), &lenient()).ok()?.spec;
    let count = u64::from(spec.width) * u64::from(spec.height);
    if pixels.fetch_add(count, Relaxed).saturating_add(count) > MAX_PIXELS {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    file.hash(&mut hasher);
    let mut files = files.lock().ok()?;
    let known = files.entry(hasher.finish()).or_default();
    if let Some(same) = known.iter().find(|known| known[HEADER + MARK.len()..] == *file) {
        return Some(Arc::clone(same));
    }
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(HEADER + MARK.len() + file.len()).ok()?;
    bytes.extend_from_slice(PNG);
    bytes.extend(spec.width.to_be_bytes());
    bytes.extend(spec.height.to_be_bytes());
    bytes.resize(HEADER, 0);
    bytes.extend_from_slice(MARK);
    bytes.extend_from_slice(file);
    let file = Arc::new(bytes);
    known.push(Arc::clone(&file));
    Some(file)
}

/// The bytes of an image; `None` when it is a document.
pub(super) const fn file(kind: &ImageKind) -> Option<&Arc<Vec<u8>>> {
    match kind {
        ImageKind::JPEG(file) | ImageKind::PNG(file) | ImageKind::GIF(file) | ImageKind::WEBP(file) => Some(file),
        ImageKind::SVG(_) => None,
    }
}

fn lenient() -> ReadOptions {
    ReadOptions { fail_on: crate::options::FailOn::None, ..ReadOptions::default() }
}

/// Decodes an image to premultiplied RGBA, at no less than `scale` of its size where its format is faster at that.
pub(super) fn decode(file: &[u8], scale: f64) -> Result<Image> {
    // Bitmaps of fonts come as they are.
    let bytes = file.get(HEADER..).and_then(|rest| rest.strip_prefix(MARK)).unwrap_or(file);
    let input = Input::Bytes(bytes);
    let codec = codec::sniff(&input)?;
    let unsupported = || InputError::UnsupportedFormat(input.origin());
    let decoder = codec.decoder.as_ref().ok_or_else(unsupported)?;
    let options = lenient();
    let header = (decoder.header)(&input, &options)?;
    if u64::from(header.spec.width) * u64::from(header.spec.height) > MAX_PIXELS {
        return Err(LimitError::Pixels.into());
    }
    let shrink = match header.shrink {
        ShrinkOnLoad::Dct => {
            [8u8, 4, 2].into_iter().find(|&by| scale * f64::from(by) <= 1.0).map_or(LoadShrink::None, LoadShrink::Dct)
        }
        _ => LoadShrink::None,
    };
    let mut rows = colour::convert((decoder.decode)(&input, &options, shrink)?, ColourSpace::Srgb)?;
    let image = Image::collect(rows.as_mut())?;
    let spec = image.spec();
    let Samples::U8(samples) = image.into_samples() else { return Err(crate::image::depth_mismatch()) };
    let channels = spec.format.channels();
    let mut pixels: Vec<u8> = zeroed(spec.width as usize * spec.height as usize * 4)?;
    let alpha = spec.format.alpha;
    for (to, from) in pixels.as_chunks_mut::<4>().0.iter_mut().zip(samples.chunks_exact(channels)) {
        let opacity = if alpha { u32::from(from[3]) } else { 255 };
        let multiply = |sample: u8| ((u32::from(sample) * opacity + 127) / 255) as u8;
        *to = [multiply(from[0]), multiply(from[1]), multiply(from[2]), opacity as u8];
    }
    let format = PixelFormat::new(ColourSpace::Srgb, crate::image::Depth::U8, true);
    Image::from_samples(Spec::new(spec.width, spec.height, format), Samples::U8(pixels))
}

/// Makes a premultiplied image smaller.
pub(super) fn shrunk(image: Image, hshrink: f64, vshrink: f64) -> Result<Image> {
    if hshrink == 1.0 && vshrink == 1.0 {
        return Ok(image);
    }
    // The kernel nearest to what librsvg and browsers show.
    let by = Resize::new(hshrink, vshrink, Kernel::Cubic);
    let mut small = Image::collect(resize(Box::new(image.into_rows()), &by)?.as_mut())?;
    // It overshoots, and no colour is more than its alpha.
    for pixel in small.as_mut_slice::<u8>()?.as_chunks_mut::<4>().0 {
        let alpha = pixel[3];
        *pixel = pixel.map(|sample| sample.min(alpha));
    }
    Ok(small)
}
