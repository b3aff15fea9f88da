//! Pictures inside a document, as data URLs; every other link leads nowhere.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, AtomicU64, Ordering::Relaxed},
};

use resvg::usvg::{ImageHrefResolver, ImageKind, Options, Tree};

use super::{document, limits::Extent};
use crate::{
    api::Value,
    codec::{self, EncodeJob, Input, LoadShrink, ReadOptions, png},
    colour,
    error::{LimitError, Result},
    image::ColourSpace,
    meta::Metadata,
};

/// Most pixels of all pictures inside a document.
const MAX_PIXELS: u64 = 1 << 26;

/// Deepest nesting of documents in documents.
const MAX_NESTED: u32 = 4;

/// A resolver that reads the formats which this crate decodes, and documents inside the document.
pub(super) fn resolver(options: &ReadOptions) -> ImageHrefResolver<'static> {
    // What is given for the outermost document is not for those inside.
    let read = ReadOptions { svg_stylesheet: None, ..options.clone() };
    let pixels = AtomicU64::new(0);
    let nested = AtomicU32::new(0);
    let extent = Mutex::new(Extent::default());
    ImageHrefResolver {
        resolve_data: Box::new(move |_, data, options| {
            let input = Input::Bytes(&data);
            let codec = codec::sniff(&input).ok()?;
            if codec.id != super::CODEC.id {
                return picture(&input, codec, &pixels).ok();
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

/// The picture as an uncompressed PNG file, which the renderer reads; its formats and their damage stay with our codecs.
fn picture(input: &Input<'_>, codec: &codec::Codec, pixels: &AtomicU64) -> Result<ImageKind> {
    let unsupported = || crate::error::InputError::UnsupportedFormat(input.origin());
    let decoder = codec.decoder.as_ref().ok_or_else(unsupported)?;
    let encoder = png::CODEC.encoder.as_ref().ok_or_else(unsupported)?;
    let options = ReadOptions { fail_on: codec::FailOn::None, ..ReadOptions::default() };
    let spec = (decoder.header)(input, &options)?.spec;
    let count = u64::from(spec.width) * u64::from(spec.height);
    if pixels.fetch_add(count, Relaxed).saturating_add(count) > MAX_PIXELS {
        return Err(LimitError::Pixels.into());
    }
    let mut rows = colour::convert((decoder.decode)(input, &options, LoadShrink::None)?, ColourSpace::Srgb)?;
    let fast = Value::Map(vec![("pngCompressionLevel".to_owned(), 0.0.into())]);
    let mut file = Vec::new();
    let job = EncodeJob { options: &fast, metadata: &Metadata::default(), gain_map: None };
    (encoder.encode)(rows.as_mut(), &job, &mut file)?;
    Ok(ImageKind::PNG(Arc::new(file)))
}
