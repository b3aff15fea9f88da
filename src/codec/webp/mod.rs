//! WebP: lossy images by an encoder of our own, the rest by libwebp.

mod alpha;
mod animation;
mod chunk;
mod decode;
mod encode;
mod ffi;
mod frames;
mod header;
mod lossy;
mod mux;
mod options;
#[cfg(test)]
mod tests;
mod vp8;

pub(super) use chunk::{decode_chunk, encode_chunk};
pub use options::{WebpOptions, WebpPreset};

use super::{Codec, Decoder, Encoder, Form, Place, PlanesEncoder};
use crate::image::{ColourSpace, Depth, PixelFormat};

/// The format's name in errors.
const FORMAT_NAME: &str = "WebP";

pub static CODEC: Codec = Codec {
    id: "webp",
    media_type: Some("image/webp"),
    suffixes: &["webp"],
    place: Place::Anywhere,
    aliases: &[],
    loaders: &["VipsForeignLoadWebp", "VipsForeignLoadWebpFile", "VipsForeignLoadWebpBuffer"],
    decoder: Some(Decoder {
        is_brief: header::is_brief,
        ..Decoder::rows(header::sniff, header::header, decode::decode)
    }),
    encoder: Some(Encoder {
        method: Some(options::METHOD),
        reported_as: None,
        saver: "VipsForeignSaveWebp",
        defaults: WebpOptions::defaults,
        accepts: |format, _| PixelFormat::new(ColourSpace::Srgb, Depth::U8, format.alpha),
        reads_as: super::as_colours,
        is_deep: |_| false,
        form: Form::File,
        gain_map: false,
        max_side: Some((header::MAX_SIDE, FORMAT_NAME)),
        encode: encode::encode,
        planes: Some(PlanesEncoder { accepts: encode::accepts_planes, encode: encode::encode_planes }),
    }),
};
