//! QOI, read row by row: a byte stands for up to 62 pixels, so that a file of a few megabytes must not be held decoded.

mod decode;

use super::{Codec, Decoder, Place};

/// The entry in the registry of formats.
pub static CODEC: Codec = Codec {
    id: "qoi",
    media_type: Some("image/qoi"),
    suffixes: &["qoi"],
    place: Place::Anywhere,
    aliases: &[],
    loaders: &[],
    decoder: Some(Decoder::rows(|start| start.starts_with(b"qoif"), decode::header, decode::decode)),
    encoder: None,
};
