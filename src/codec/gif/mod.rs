//! GIF: Graphics Interchange Format, version 89a, still and animated.

mod decode;
mod encode;
mod header;
mod lzw_decode;
mod lzw_encode;
mod options;
mod palettes;
mod part;
#[cfg(test)]
mod tests;

pub use options::GifOptions;

use super::{Codec, Decoder, Encoder, Form, Place};
use crate::image::{ColourSpace, Depth, PixelFormat};

/// Longest side, in pixels, and the format's name in the error that says so.
const MAX_SIDE: (u32, &str) = (65535, "GIF");

/// The registry entry.
pub static CODEC: Codec = Codec {
    id: "gif",
    media_type: Some("image/gif"),
    suffixes: &["gif"],
    place: Place::Anywhere,
    aliases: &[],
    loaders: &["VipsForeignLoadNsgif", "VipsForeignLoadNsgifFile", "VipsForeignLoadNsgifBuffer"],
    decoder: Some(Decoder::rows(header::sniff, header::header, decode::decode)),
    encoder: Some(Encoder {
        method: Some(options::METHOD),
        reported_as: None,
        saver: "VipsForeignSaveCgif",
        defaults: GifOptions::defaults,
        accepts: |format, _| PixelFormat::new(ColourSpace::Srgb, Depth::U8, format.alpha),
        reads_as: |written, least, options| {
            // GIF has no partial transparency.
            let least = if least < encode::OPAQUE { least } else { u8::MAX };
            super::as_colours(written, least, options)
        },
        is_deep: |_| false,
        form: Form::File,
        gain_map: false,
        max_side: Some(MAX_SIDE),
        encode: encode::encode,
        planes: None,
    }),
};
