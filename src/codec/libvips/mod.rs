//! Whatever no other signature fits, read by the system's libvips: for those who build with the cargo feature `libvips`.

mod ffi;
mod layout;
mod read;

use std::ffi::{CStr, CString};

use super::{Codec, Decoder, Place};

/// The entry in the registry of formats, which must be the last that is asked: it takes every signature.
pub static CODEC: Codec = Codec {
    id: "libvips",
    media_type: None,
    suffixes: &[],
    place: Place::Anywhere,
    aliases: &[],
    // Blocking is libvips's own: it knows its loaders.
    loaders: &[],
    decoder: Some(Decoder::rows(|_| true, read::header, read::decode)),
    encoder: None,
};

/// A format that libvips may be able to read.
struct Format {
    /// The name that `metadata().format` reports.
    id: &'static str,
    media_type: Option<&'static str>,
    /// Nickname of its loader of files, with which those of other origins begin.
    loader: &'static CStr,
}

const fn format(id: &'static str, media_type: Option<&'static str>, loader: &'static CStr) -> Format {
    Format { id, media_type, loader }
}

/// What is read. The other loaders are of formats that the registry reads itself, or of tables of numbers.
static FORMATS: &[Format] = &[
    format("pdf", Some("application/pdf"), c"pdfload"),
    format("fits", Some("image/fits"), c"fitsload"),
    format("openslide", Some("image/tiff"), c"openslideload"),
    format("magick", None, c"magickload"),
    format("dcraw", None, c"dcrawload"),
    format("ppm", Some("image/x-portable-pixmap"), c"ppmload"),
    format("nifti", None, c"niftiload"),
    format("analyze", None, c"analyzeload"),
    format("mat", None, c"matload"),
];

/// Whether libvips reads a format of this name from files, and from memory.
pub(super) fn reads(id: &str) -> (bool, bool) {
    let Some(format) = FORMATS.iter().find(|format| format.id == id) else { return (false, false) };
    let of_buffers = CString::new([format.loader.to_bytes(), b"_buffer"].concat());
    (ffi::has_loader(format.loader), of_buffers.is_ok_and(|loader| ffi::has_loader(&loader)))
}

/// Forbids or allows a class of libvips's operations and all that are made from it.
pub(super) fn block(class: &str, state: bool) {
    ffi::block(class, state);
}

#[cfg(test)]
mod tests;
