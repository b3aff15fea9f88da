//! SVG: Scalable Vector Graphics, plain or gzipped. Drawn by resvg; nothing outside the document is ever read.

mod blend;
mod decode;
mod document;
mod draw;
pub(crate) mod fonts;
mod gradient;
mod header;
mod images;
mod limits;
mod size;
mod source;
mod style;
#[cfg(test)]
mod tests;

pub(crate) use decode::straighten;

use crate::codec::{Codec, Decoder, Place};

/// Longest side that is drawn, in pixels.
pub const MAX_SIDE: u32 = 32767;

/// The registry entry.
pub static CODEC: Codec = Codec {
    id: "svg",
    media_type: Some("image/svg+xml"),
    suffixes: &["svg", "svgz", "svg.gz"],
    place: Place::Anywhere,
    aliases: &[],
    loaders: &["VipsForeignLoadSvg", "VipsForeignLoadSvgFile", "VipsForeignLoadSvgBuffer", "VipsForeignLoadSvgSource"],
    decoder: Some(Decoder::rows(source::sniff, header::read, decode::decode)),
    encoder: None,
};
