//! JPEG XL, read by the crate `jxl-oxide`: the first frame, in the file's own colours.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use jxl_oxide::{AllocTracker, JxlImage};

use super::{Codec, Decoder, Header, Input, LoadShrink, Place, ReadOptions, ShrinkOnLoad, held};
use crate::{
    colour::icc::coded,
    error::{Error, Result},
    image::{ColourSpace, Depth, Image, PixelFormat, RowSource, Samples, Spec},
    meta::Metadata,
};

/// The entry in the registry of formats.
pub static CODEC: Codec = Codec {
    id: "jxl",
    media_type: Some("image/jxl"),
    suffixes: &["jxl"],
    place: Place::Anywhere,
    aliases: &[],
    loaders: &["VipsForeignLoadJxl", "VipsForeignLoadJxlFile", "VipsForeignLoadJxlBuffer"],
    decoder: Some(Decoder::rows(sniff, header, decode)),
    encoder: None,
};

fn sniff(start: &[u8]) -> bool {
    start.starts_with(b"\xff\x0a") || start.starts_with(b"\x00\x00\x00\x0cJXL \r\n\x87\n")
}

/// Calls `with` the image, whose header was read. A panic of the crate is a damaged file.
fn with_picture<T>(
    input: &Input<'_>,
    options: &ReadOptions,
    with: impl FnOnce(&JxlImage) -> Result<T>,
    damaged: impl Fn(String) -> Error,
) -> Result<T> {
    let bytes = input.all()?;
    let limit = if options.unlimited { u64::MAX } else { held::photograph_limit(bytes.len() as u64) };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let read = catch_unwind(AssertUnwindSafe(|| {
        let builder = JxlImage::builder().alloc_tracker(AllocTracker::with_limit(limit));
        let picture = builder.read(Cursor::new(&*bytes));
        picture.map_err(|error| damaged(format!("jxlload: {error}"))).and_then(|picture| with(&picture))
    }));
    read.unwrap_or_else(|_| Err(damaged("jxlload: damaged codestream".to_owned())))
}

fn spec(picture: &JxlImage) -> Result<Spec> {
    use jxl_oxide::PixelFormat::{Cmyk, Cmyka, Gray, Graya, Rgb, Rgba};
    let wide = picture.image_header().metadata.bit_depth.bits_per_sample() > 8;
    let layout = picture.pixel_format();
    let space = match (layout, wide) {
        (Gray | Graya, false) => ColourSpace::Grey,
        (Gray | Graya, true) => ColourSpace::Grey16,
        (Rgb | Rgba, false) => ColourSpace::Srgb,
        (Rgb | Rgba, true) => ColourSpace::Rgb16,
        (Cmyk | Cmyka, _) => return Err(Error::corrupt_pixels("jxlload: CMYK is not supported")),
    };
    let depth = if wide { Depth::U16 } else { Depth::U8 };
    Ok(Spec::new(picture.width(), picture.height(), PixelFormat::new(space, depth, layout.has_alpha())))
}

/// The profile of colours beyond a screen's white, in place of one that takes the brightest for it.
fn coded_profile(picture: &JxlImage) -> Option<Vec<u8>> {
    use jxl_oxide::color::{ColourEncoding, Primaries, TransferFunction, WhitePoint};
    let ColourEncoding::Enum(encoding) = &picture.image_header().metadata.colour_encoding else { return None };
    let transfer = match encoding.tf {
        TransferFunction::Pq => coded::PQ,
        TransferFunction::Hlg => coded::HLG,
        _ => return None,
    };
    let primaries = match (&encoding.primaries, &encoding.white_point) {
        (Primaries::Srgb, WhitePoint::D65) => 1,
        (Primaries::Bt2100, WhitePoint::D65) => 9,
        (Primaries::P3, WhitePoint::Dci) => 11,
        (Primaries::P3, WhitePoint::D65) => 12,
        _ => return None,
    };
    coded::profile(primaries, transfer)
}

/// Size, layout and profile; reads no pixels.
fn header(input: &Input<'_>, options: &ReadOptions) -> Result<Header> {
    let read = |picture: &JxlImage| {
        let bits = picture.image_header().metadata.bit_depth.bits_per_sample();
        let coded = coded_profile(picture);
        let metadata = Metadata {
            icc_is_coded: coded.is_some(),
            icc: coded.or_else(|| Some(picture.rendered_icc()).filter(|icc| !icc.is_empty())),
            bits_per_sample: Some(bits.min(32) as u8),
            ..Metadata::default()
        };
        Ok(Header { spec: spec(picture)?, metadata, shrink: ShrinkOnLoad::None, planes: None })
    };
    with_picture(input, options, read, |detail| Error::corrupt_header(input.origin(), detail))
}

/// The pixels, upright. The image is held whole.
fn decode<'a>(input: &'a Input<'a>, options: &ReadOptions, _shrink: LoadShrink) -> Result<Box<dyn RowSource + 'a>> {
    let read = |picture: &JxlImage| {
        let spec = spec(picture)?;
        let render = picture.render_frame(0).map_err(|error| Error::corrupt_pixels(format!("jxlload: {error}")))?;
        let mut stream = render.stream();
        let expected = (spec.width, spec.height, spec.format.channels() as u32);
        if (stream.width(), stream.height(), stream.channels()) != expected {
            return Err(Error::corrupt_pixels("jxlload: frame of another size"));
        }
        let mut samples = Samples::zeroed(spec.format.depth, spec.samples()?)?;
        match &mut samples {
            Samples::U8(samples) => stream.write_to_buffer(samples),
            Samples::U16(samples) => stream.write_to_buffer(samples),
            Samples::F32(samples) => stream.write_to_buffer(samples),
        };
        Image::from_samples(spec, samples)
    };
    Ok(Box::new(with_picture(input, options, read, Error::corrupt_pixels)?.into_rows()))
}
