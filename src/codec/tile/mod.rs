//! Pyramids of tiles: Deep Zoom, IIIF 2 and 3, Zoomify and Google Maps, as folders or as a zip file.

mod container;
mod describe;
mod layout;
mod level;
mod options;
mod write;
mod zip;

pub use options::{TileFormat, TileOptions};
pub use write::write;

use super::{Codec, Encoder, Place};

/// The registry entry. What it writes is more than one file, so that [`write`] is called with the path.
pub static CODEC: Codec = Codec {
    id: "dz",
    media_type: None,
    suffixes: &["dzi", "szi", "zip"],
    place: Place::Tree,
    aliases: &[],
    loaders: &[],
    decoder: None,
    encoder: Some(Encoder {
        method: Some(options::METHOD),
        told_as: None,
        saver: "VipsForeignSaveDz",
        defaults: TileOptions::defaults,
        accepts: write::accepts,
        reads_as: super::as_written,
        gain_map: false,
        max_side: None,
        encode: write::to_zip,
        planes: None,
    }),
};
