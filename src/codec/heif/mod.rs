//! HEIF and AVIF: images coded as AV1 in boxes. The container is read and written here, the bit stream is decoded by rav1d and
//! encoded by libaom.

mod av1_decoder;
mod av1_encoder;
mod decode;
mod encode;
mod file;
mod from_rgb;
mod guard;
mod header;
mod items;
mod mux;
mod options;
mod planes;
#[cfg(test)]
mod tests;
mod to_rgb;
mod turns;

pub(super) use options::AVIF_METHOD;
pub use options::HeifOptions;

use super::{Codec, Decoder, Encoder, Form, Place, PlanesEncoder, boxes};
use crate::image::ColourSpace;

/// Longest side that is written, in pixels.
const MAX_SIDE: u32 = 16384;

pub static CODEC: Codec = Codec {
    id: "heif",
    media_type: Some("image/avif"),
    suffixes: &["avif"],
    place: Place::Anywhere,
    aliases: &["avif"],
    loaders: &["VipsForeignLoadHeif", "VipsForeignLoadHeifFile", "VipsForeignLoadHeifBuffer"],
    decoder: Some(Decoder::rows(file::sniff, header::header, decode::decode)),
    encoder: Some(Encoder {
        method: Some(options::METHOD),
        reported_as: None,
        saver: "VipsForeignSaveHeif",
        defaults: HeifOptions::defaults,
        accepts: |format, _| match format.space {
            ColourSpace::Grey | ColourSpace::Grey16 | ColourSpace::Rgb16 => format.in_space(format.space),
            _ => format.in_space(ColourSpace::Srgb),
        },
        reads_as: |written, _, options| super::as_colours(written, 0, options),
        is_deep: |bag| HeifOptions::read(bag).is_ok_and(|options| options.bitdepth > 8),
        form: Form::File,
        gain_map: false,
        max_side: Some((MAX_SIDE, "HEIF")),
        encode: encode::encode,
        planes: Some(PlanesEncoder { accepts: encode::accepts_planes, encode: encode::encode_planes }),
    }),
};
