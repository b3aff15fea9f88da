//! What `metadata()` tells: the header in the public names, in their order.

use super::{
    Job,
    open::{self, Opened},
};
use crate::{
    codec::{self, Input},
    error::Result,
    meta::Metadata,
    options::{InputDescriptor, Value, read_option},
};

/// Reads a header and tells it. No pixel is touched.
pub fn metadata(job: &Job<'_>) -> Result<Vec<(&'static str, Value)>> {
    let descriptor = read_option(job.bag, "input", InputDescriptor::default())?;
    Ok(describe(&open::open_with(&descriptor, job.buffers, true)?))
}

/// The same of an encoded file in memory, opened with the default options, where its header is quickly read and not damaged.
pub fn brief_metadata(file: &[u8]) -> Option<Vec<(&'static str, Value)>> {
    let input = Input::Bytes(file);
    let codec = codec::sniff(&input).ok()?;
    if !codec.decoder.as_ref().is_some_and(|decoder| (decoder.is_brief)(file)) {
        return None;
    }
    let opened = open::open_encoded(input, &InputDescriptor::default(), true).ok()?;
    open::check_limits(opened.header.spec, &InputDescriptor::default()).ok()?;
    Some(describe(&opened))
}

fn describe(opened: &Opened<'_>) -> Vec<(&'static str, Value)> {
    let (codec, header) = (opened.codec(), &opened.header);
    let (spec, metadata) = (header.spec, &header.metadata);

    let mut told = Told(Vec::with_capacity(24));
    told.add("format", metadata.format.unwrap_or(codec.id));
    told.some("mediaType", metadata.media_type.or(codec.media_type));
    told.some("size", opened.buffer_len().map(|len| len as f64));
    told.add("width", spec.width);
    told.add("height", spec.height);
    told.add("space", metadata.stored.map_or(spec.format.space.name(), |stored| stored.space));
    told.add("channels", metadata.stored.map_or(spec.format.channels() as u32, |stored| stored.channels));
    told.add("depth", metadata.stored.map_or(opened.depth(), |stored| stored.depth));
    told.some("density", metadata.density.and_then(|density| density.per_inch()));
    told.some("chromaSubsampling", metadata.chroma_subsampling);
    told.add("isProgressive", metadata.progressive);
    told.add("isPalette", metadata.palette);
    told.some("bitsPerSample", metadata.bits_per_sample);
    told.some("pages", metadata.pages);
    told.some("pageHeight", metadata.page_height);
    told.some("loop", metadata.loop_count);
    if !metadata.delay.is_empty() {
        told.add("delay", Value::List(metadata.delay.iter().map(|&delay| delay.into()).collect()));
    }
    told.some("pagePrimary", metadata.page_primary);
    told.some("compression", metadata.compression);
    told.some("resolutionUnit", metadata.density.and_then(|density| density.unit.name()));
    told.some("subifds", Some(metadata.subifds).filter(|&subifds| subifds > 0));
    told.some("background", background(metadata));
    told.add("hasProfile", metadata.icc.is_some());
    told.add("hasAlpha", spec.format.alpha);
    told.some("orientation", metadata.orientation);
    let upright = if metadata.orientation.is_some_and(|orientation| orientation >= 5) {
        (spec.height, spec.width)
    } else {
        (spec.width, spec.height)
    };
    told.add("autoOrient", map([("width", upright.0.into()), ("height", upright.1.into())]));
    told.some("exif", metadata.exif.clone().map(Value::OwnedBytes));
    told.some("icc", metadata.icc.clone().map(Value::OwnedBytes));
    told.some("iptc", metadata.iptc.clone().map(Value::OwnedBytes));
    if let Some(xmp) = &metadata.xmp {
        // Text has no NUL: programs in C take it for the end.
        told.some("xmpAsString", std::str::from_utf8(xmp).ok().filter(|text| !text.contains('\0')));
        told.add("xmp", Value::OwnedBytes(xmp.clone()));
    }
    told.some("tifftagPhotoshop", metadata.photoshop.clone().map(Value::OwnedBytes));
    if !metadata.comments.is_empty() {
        let comment = |(keyword, text): &(String, String)| {
            map([("keyword", keyword.as_str().into()), ("text", text.as_str().into())])
        };
        told.add("comments", Value::List(metadata.comments.iter().map(comment).collect()));
    }
    if let Some(map) = &metadata.gain_map {
        told.add("gainMap", self::map([("image", Value::OwnedBytes(map.image.clone()))]));
    }
    told.0
}

/// The default background: three values for colour, percent for grey.
fn background(metadata: &Metadata) -> Option<Value> {
    match metadata.background[..] {
        [red, green, blue] => Some(map([("r", red.into()), ("g", green.into()), ("b", blue.into())])),
        [grey, ..] => Some(map([("gray", (grey * 100.0 / 255.0).round().into())])),
        [] => None,
    }
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

struct Told(Vec<(&'static str, Value)>);

impl Told {
    fn add(&mut self, key: &'static str, value: impl Into<Value>) {
        self.0.push((key, value.into()));
    }

    fn some(&mut self, key: &'static str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.add(key, value);
        }
    }
}
