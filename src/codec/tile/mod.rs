//! Pyramids of tiles: Deep Zoom, IIIF 2 and 3, Zoomify and Google Maps, as folders or as a zip file.

mod container;
mod describe;
mod layout;
mod level;
mod options;
mod write;
mod zip;

use options::TileOptions;

use super::{Codec, Encoder, FileTree, Form, Place};

/// The registry entry. It writes more than one file.
pub static CODEC: Codec = Codec {
    id: "dz",
    media_type: None,
    suffixes: &["dzi", "szi", "zip"],
    place: Place::Anywhere,
    aliases: &[],
    loaders: &[],
    decoder: None,
    encoder: Some(Encoder {
        method: Some(options::METHOD),
        reported_as: None,
        saver: "VipsForeignSaveDz",
        defaults: TileOptions::defaults,
        accepts: write::accepts,
        reads_as: super::as_written,
        is_deep: |_| false,
        form: Form::Tree(FileTree { write: write::write, keeps_alpha: TileOptions::keep_alpha }),
        gain_map: false,
        max_side: None,
        encode: write::to_zip,
        planes: None,
    }),
};
