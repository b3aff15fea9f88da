//! What `metadata()` reports: the header in the public names, in their order.

use serde::Serialize;

use super::{
    Job,
    open::{self, Opened},
    report::{Blob, Number, Report},
};
use crate::{
    codec::{self, Input},
    error::Result,
    meta::Metadata,
    options::{InputDescriptor, Value, read_option},
};

/// The public `metadata` object.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MetadataReport {
    format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<&'static str>,
    /// Bytes of the file, when it is in memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<usize>,
    /// Size in pixels as the file has it, before its orientation is applied.
    width: u32,
    height: u32,
    space: &'static str,
    channels: u32,
    depth: &'static str,
    /// Pixels per inch.
    #[serde(skip_serializing_if = "Option::is_none")]
    density: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chroma_subsampling: Option<&'static str>,
    is_progressive: bool,
    is_palette: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    bits_per_sample: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_height: Option<u32>,
    /// Times an animation is shown, 0 is forever.
    #[serde(rename = "loop", skip_serializing_if = "Option::is_none")]
    loop_count: Option<u32>,
    /// Milliseconds of each frame.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    delay: Vec<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_primary: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compression: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution_unit: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subifds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    background: Option<Background>,
    has_profile: bool,
    has_alpha: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    orientation: Option<u8>,
    /// Size in pixels after the orientation is applied.
    auto_orient: Size,
    #[serde(skip_serializing_if = "Option::is_none")]
    exif: Option<Blob>,
    #[serde(skip_serializing_if = "Option::is_none")]
    icc: Option<Blob>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iptc: Option<Blob>,
    #[serde(skip_serializing_if = "Option::is_none")]
    xmp_as_string: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    xmp: Option<Blob>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tifftag_photoshop: Option<Blob>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    comments: Vec<Comment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gain_map: Option<GainMap>,
}

#[derive(Debug, Serialize)]
struct Size {
    width: u32,
    height: u32,
}

/// The default background: three values for colour, percent for grey.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Background {
    Colour { r: Number, g: Number, b: Number },
    Grey { gray: Number },
}

#[derive(Debug, Serialize)]
struct Comment {
    keyword: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct GainMap {
    image: Blob,
}

/// Reads a header and reports it. No pixel is decoded.
pub fn metadata(job: &Job<'_>) -> Result<MetadataReport> {
    let descriptor = read_option(job.bag, "input", InputDescriptor::default())?;
    Ok(describe(&open::open_with(&descriptor, job.buffers, true)?))
}

/// Reports the header of an encoded file in memory, opened with the default options; `None` unless it is quickly read and not
/// damaged.
pub fn brief_metadata(file: &[u8]) -> Option<MetadataReport> {
    let input = Input::Bytes(file);
    let codec = codec::sniff(&input).ok()?;
    if !codec.decoder.as_ref().is_some_and(|decoder| (decoder.is_brief)(file)) {
        return None;
    }
    let opened = open::open_encoded(input, &InputDescriptor::default(), true).ok()?;
    open::check_limits(opened.header.spec, &InputDescriptor::default()).ok()?;
    Some(describe(&opened))
}

fn describe(opened: &Opened<'_>) -> MetadataReport {
    let (codec, header) = (opened.codec(), &opened.header);
    let (spec, metadata) = (header.spec, &header.metadata);
    let (width, height) = match metadata.orientation {
        Some(5..) => (spec.height, spec.width),
        _ => (spec.width, spec.height),
    };
    let blob = |bytes: &Option<Vec<u8>>| bytes.clone().map(Blob);
    // Programs in C take a NUL for the end of a text, so what has one is no text.
    let text = |xmp: &Vec<u8>| std::str::from_utf8(xmp).ok().filter(|text| !text.contains('\0')).map(str::to_owned);
    let comment = |(keyword, text): &(String, String)| Comment { keyword: keyword.clone(), text: text.clone() };
    MetadataReport {
        format: metadata.format.unwrap_or(codec.id),
        media_type: metadata.media_type.or(codec.media_type),
        size: opened.buffer_len(),
        width: spec.width,
        height: spec.height,
        space: metadata.stored.map_or(spec.format.space.name(), |stored| stored.space),
        channels: metadata.stored.map_or(spec.format.channels() as u32, |stored| stored.channels),
        depth: metadata.stored.map_or(opened.depth(), |stored| stored.depth),
        density: metadata.density.and_then(|density| density.per_inch()),
        chroma_subsampling: metadata.chroma_subsampling,
        is_progressive: metadata.progressive,
        is_palette: metadata.palette,
        bits_per_sample: metadata.bits_per_sample,
        pages: metadata.pages,
        page_height: metadata.page_height,
        loop_count: metadata.loop_count,
        delay: metadata.delay.clone(),
        page_primary: metadata.page_primary,
        compression: metadata.compression,
        resolution_unit: metadata.density.and_then(|density| density.unit.name()),
        subifds: Some(metadata.subifds).filter(|&subifds| subifds > 0),
        background: background(metadata),
        has_profile: metadata.icc.is_some(),
        has_alpha: spec.format.alpha,
        orientation: metadata.orientation,
        auto_orient: Size { width, height },
        exif: blob(&metadata.exif),
        icc: blob(&metadata.icc),
        iptc: blob(&metadata.iptc),
        xmp_as_string: metadata.xmp.as_ref().and_then(text),
        xmp: blob(&metadata.xmp),
        tifftag_photoshop: blob(&metadata.photoshop),
        comments: metadata.comments.iter().map(comment).collect(),
        gain_map: metadata.gain_map.as_ref().map(|map| GainMap { image: Blob(map.image.clone()) }),
    }
}

fn background(metadata: &Metadata) -> Option<Background> {
    match metadata.background[..] {
        [r, g, b] => Some(Background::Colour { r: r.into(), g: g.into(), b: b.into() }),
        [grey, ..] => Some(Background::Grey { gray: (grey * 100.0 / 255.0).round().into() }),
        [] => None,
    }
}

impl Report for MetadataReport {
    fn into_blobs(self) -> Vec<(&'static str, Value)> {
        let image = |map: GainMap| Value::Map(vec![("image".to_owned(), Value::OwnedBytes(map.image.0))]);
        let blobs = [
            ("exif", self.exif),
            ("icc", self.icc),
            ("iptc", self.iptc),
            ("xmp", self.xmp),
            ("tifftagPhotoshop", self.tifftag_photoshop),
        ];
        let blobs = blobs.into_iter().filter_map(|(name, blob)| Some((name, Value::OwnedBytes(blob?.0))));
        blobs.chain(self.gain_map.map(|map| ("gainMap", image(map)))).collect()
    }
}
