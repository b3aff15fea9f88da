//! JPEG: baseline and progressive, grey, YCbCr, RGB, CMYK and YCCK. Decoded and written by a decoder and an encoder of our
//! own; libjpeg, as mozjpeg has it, reads arithmetic coding and writes what only mozjpeg can do.

mod abbreviated;
mod brief;
mod decode;
mod encode;
mod ffi;
mod gain_map;
mod header;
mod huffman;
mod markers;
mod options;
mod planes;
#[cfg(test)]
mod tests;
mod ultra_hdr;

pub(super) use abbreviated::{AbbreviatedDecoder, AbbreviatedSettings, Colours, FULL_CHROMA, encode_abbreviated};
pub use options::{ChromaSubsampling, JpegOptions};

use super::{Codec, Decoder, Encoder, Form, Place, PlanesEncoder};

/// The entry in the registry of formats.
pub static CODEC: Codec = Codec {
    id: "jpeg",
    media_type: Some("image/jpeg"),
    suffixes: &["jpg", "jpeg", "jpe", "jfif"],
    place: Place::Anywhere,
    aliases: &["jpe", "jpg"],
    loaders: &["VipsForeignLoadJpeg", "VipsForeignLoadJpegFile", "VipsForeignLoadJpegBuffer"],
    decoder: Some(Decoder {
        sniff: |start| start.starts_with(&[0xff, 0xd8, 0xff]),
        is_brief: brief::is_brief,
        header: header::header,
        decode: decode::decode,
        planes: Some(planes::decode),
    }),
    encoder: Some(Encoder {
        method: Some(options::METHOD),
        reported_as: None,
        saver: "VipsForeignSaveJpeg",
        defaults: JpegOptions::defaults,
        accepts: encode::accepts,
        reads_as: super::as_written,
        is_deep: |_| false,
        form: Form::File,
        gain_map: true,
        max_side: Some((65_535, "JPEG")),
        encode: encode::encode,
        planes: Some(PlanesEncoder { accepts: encode::accepts_planes, encode: encode::encode_planes }),
    }),
};

/// APP1 begins an EXIF block with this (and then two NULs), or an XMP block with [`XMP_START`].
const EXIF_START: &[u8] = b"Exif";
/// XMP blocks begin with a namespace, of which readers look at no more than this, up to a NUL.
const XMP_START: &[u8] = b"http";
const XMP_NAMESPACE: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// APP2 begins a part of an ICC profile with this, the number of the part from 1, and the number of parts.
const ICC_START: &[u8] = b"ICC_PROFILE\0";
/// APP13 begins an IPTC block with this.
const IPTC_START: &[u8] = b"Photoshop 3.0";

const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP13: u8 = 0xed;
/// A segment's length field counts itself, which leaves this for the content.
const MAX_SEGMENT: usize = 65_533;
