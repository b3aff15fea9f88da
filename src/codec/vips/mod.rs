//! The file format of libvips: a header of 64 bytes, samples as they are in memory, and what else is known as XML. Files
//! only, as with sharp: it is a way to keep an image between two programs on one machine.

mod base64;
mod extension;
mod header;
mod read;
mod write;

use super::{Codec, Decoder, Encoder, Form, Place};

/// The registry entry.
pub static CODEC: Codec = Codec {
    id: "vips",
    media_type: None,
    suffixes: &["v", "vips"],
    place: Place::Files,
    aliases: &[],
    loaders: &["VipsForeignLoadVips", "VipsForeignLoadVipsFile"],
    decoder: Some(Decoder::rows(header::sniff, read::header, read::decode)),
    encoder: Some(Encoder {
        method: None,
        reported_as: Some("v"),
        saver: "VipsForeignSaveVips",
        defaults: Vec::new,
        accepts: |format, _| format.in_space(format.space),
        reads_as: super::as_written,
        is_deep: |_| false,
        form: Form::File,
        gain_map: false,
        max_side: None,
        encode: write::encode,
        planes: None,
    }),
};
