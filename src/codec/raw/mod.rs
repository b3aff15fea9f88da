//! Pixels without a file format: raw output, raw input, and images made from nothing.

mod create;
mod input;
mod noise;
mod output;

pub use create::CreateInput;
pub use input::RawInput;
pub use noise::GaussianNoise;
use output::RawOptions;

use super::{BarePixels, Codec, Encoder, Form, Place};
use crate::meta::Metadata;

/// Written to memory when asked for by name; no file name means it and no bytes are recognised as it.
pub static CODEC: Codec = Codec {
    id: "raw",
    media_type: None,
    suffixes: &[],
    place: Place::Memory,
    aliases: &[],
    loaders: &[],
    decoder: None,
    encoder: Some(Encoder {
        method: Some(output::METHOD),
        reported_as: None,
        saver: "",
        defaults: RawOptions::defaults,
        accepts: |format, _| format,
        reads_as: super::as_written,
        is_deep: |_| false,
        form: Form::Bare(BarePixels {
            depth: |bag| RawOptions::read(bag).map(|options| options.depth),
            collect: output::collect,
        }),
        gain_map: false,
        max_side: None,
        encode: output::encode,
        planes: None,
    }),
};

/// What there is to tell of pixels that somebody says are frames of so many rows.
fn frames(height: u32, page_height: Option<u32>) -> Metadata {
    let page_height = page_height.filter(|&rows| rows > 0);
    Metadata { pages: page_height.map(|rows| height / rows), page_height, ..Metadata::default() }
}
