//! PNG: Portable Network Graphics, third edition, still and animated.

mod adam7;
mod animate;
mod animation;
#[cfg(test)]
mod animation_tests;
mod brief;
mod chunks;
mod control;
mod decode;
mod deflate;
mod encode;
mod expand;
mod filter;
mod frames;
mod header;
mod huffman;
mod idat;
mod lines;
mod options;
mod profile;
mod still;
mod strategy;
#[cfg(test)]
mod tests;
mod unfilter;
#[cfg(target_arch = "x86_64")]
mod unfilter_sse2;
mod write;

pub use options::PngOptions;
pub(crate) use strategy::{is_dense, literals};

use crate::codec::{Codec, Decoder, Encoder, Form, Place};

/// The first eight bytes of every file.
const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";

/// Longest side that is read, in pixels.
const MAX_SIDE: u32 = 100_000_000;

/// The registry entry.
pub static CODEC: Codec = Codec {
    id: "png",
    media_type: Some("image/png"),
    suffixes: &["png"],
    place: Place::Anywhere,
    aliases: &[],
    loaders: &["VipsForeignLoadPng", "VipsForeignLoadPngFile", "VipsForeignLoadPngBuffer", "VipsForeignLoadPngSource"],
    decoder: Some(Decoder {
        sniff: |bytes| bytes.starts_with(SIGNATURE),
        is_brief: brief::is_brief,
        header: decode::read,
        decode: decode::decode,
        planes: None,
    }),
    encoder: Some(Encoder {
        method: Some(options::METHOD),
        reported_as: None,
        saver: "VipsForeignSavePng",
        defaults: PngOptions::defaults,
        accepts: encode::accepts,
        reads_as: encode::reads_as,
        is_deep: |_| false,
        form: Form::File,
        gain_map: false,
        max_side: None,
        encode: encode::encode,
        planes: None,
    }),
};
