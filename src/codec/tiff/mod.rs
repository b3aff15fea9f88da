//! TIFF: revision 6.0 with its supplements, and BigTIFF.

mod ascii;
mod ccitt;
mod compress;
mod decode;
mod directory;
mod encode;
mod exif;
mod header;
mod kind;
mod layout;
mod lzw;
mod options;
mod page;
mod predict;
mod pyramid;
mod reader;
mod source;
mod unpack;
mod widen;
mod write_directory;
mod ycbcr;

pub use options::{TiffCompression, TiffOptions, TiffPredictor, TiffResolutionUnit};

use super::{Codec, Decoder, Encoder, Form, Place};

/// The entry in the registry of formats.
pub static CODEC: Codec = Codec {
    id: "tiff",
    media_type: Some("image/tiff"),
    suffixes: &["tif", "tiff"],
    place: Place::Anywhere,
    aliases: &["tif"],
    loaders: &[
        "VipsForeignLoadTiff",
        "VipsForeignLoadTiffFile",
        "VipsForeignLoadTiffBuffer",
        "VipsForeignLoadTiffSource",
    ],
    decoder: Some(Decoder::rows(|start| source::Order::sniff(start).is_some(), header::header, decode::decode)),
    encoder: Some(Encoder {
        method: Some(options::METHOD),
        reported_as: None,
        saver: "VipsForeignSaveTiff",
        defaults: TiffOptions::defaults,
        accepts: encode::accepts,
        reads_as: super::as_written,
        is_deep: |_| false,
        form: Form::File,
        gain_map: false,
        max_side: None,
        encode: encode::encode,
        planes: None,
    }),
};
