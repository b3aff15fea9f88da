//! JPEG 2000, read by the crate `hayro-jpeg2000`: files and bare codestreams.

mod cost;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_jpeg2000::{ColorSpace, DecodeSettings, DecoderContext};

use super::{Codec, Decoder, Header, Input, LoadShrink, MAX_ALLOC, Place, ReadOptions, ShrinkOnLoad};
use crate::{
    error::{Error, LimitError, Result},
    image::{ColourSpace, Depth, Image, PixelFormat, RowSource, Samples, Spec, zeroed},
    meta::Metadata,
};

/// The entry in the registry of formats.
pub static CODEC: Codec = Codec {
    id: "jp2",
    media_type: Some("image/jp2"),
    suffixes: &["j2k", "jp2", "jpt", "j2c", "jpc"],
    place: Place::Anywhere,
    aliases: &["j2c", "j2k", "jp2", "jpx"],
    loaders: &["VipsForeignLoadJp2k", "VipsForeignLoadJp2kFile", "VipsForeignLoadJp2kBuffer"],
    decoder: Some(Decoder::rows(sniff, header, decode)),
    encoder: None,
};

fn sniff(start: &[u8]) -> bool {
    start.starts_with(b"\x00\x00\x00\x0cjP  \r\n\x87\n") || start.starts_with(b"\xff\x4f\xff\x51\x00")
}

/// Calls `with` the parsed image and the file. A panic of the crate is a damaged file.
fn with_picture<T>(
    input: &Input<'_>,
    with: impl FnOnce(&hayro_jpeg2000::Image<'_>, &[u8]) -> Result<T>,
    damaged: impl Fn(String) -> Error,
) -> Result<T> {
    let bytes = input.all()?;
    let read = catch_unwind(AssertUnwindSafe(|| {
        let picture = hayro_jpeg2000::Image::new(&bytes, &DecodeSettings::default());
        picture.map_err(|error| damaged(format!("jp2kload: {error}"))).and_then(|picture| with(&picture, &bytes))
    }));
    read.unwrap_or_else(|_| Err(damaged("jp2kload: damaged codestream".to_owned())))
}

fn spec(picture: &hayro_jpeg2000::Image<'_>) -> Result<Spec> {
    let wide = picture.original_bit_depth() > 8;
    let space = match (picture.color_space().num_channels(), wide) {
        (1, false) => ColourSpace::Grey,
        (1, true) => ColourSpace::Grey16,
        (3, false) => ColourSpace::Srgb,
        (3, true) => ColourSpace::Rgb16,
        (4, _) => ColourSpace::Cmyk,
        (channels, _) => return Err(Error::corrupt_pixels(format!("jp2kload: {channels} channels"))),
    };
    let depth = if space.is_16_bit() { Depth::U16 } else { Depth::U8 };
    Ok(Spec::new(picture.width(), picture.height(), PixelFormat::new(space, depth, picture.has_alpha())))
}

/// Size, layout and profile; reads no pixels.
fn header(input: &Input<'_>, _options: &ReadOptions) -> Result<Header> {
    let read = |picture: &hayro_jpeg2000::Image<'_>, _: &[u8]| {
        let icc = match picture.color_space() {
            ColorSpace::Icc { profile, .. } => Some(profile.clone()),
            _ => None,
        };
        let metadata = Metadata { icc, bits_per_sample: Some(picture.original_bit_depth()), ..Metadata::default() };
        Ok(Header { spec: spec(picture)?, metadata, shrink: ShrinkOnLoad::None, planes: None })
    };
    with_picture(input, read, |detail| Error::corrupt_header(input.origin(), detail))
}

/// The pixels. The image is held whole.
fn decode<'a>(input: &'a Input<'a>, options: &ReadOptions, _shrink: LoadShrink) -> Result<Box<dyn RowSource + 'a>> {
    let read = |picture: &hayro_jpeg2000::Image<'_>, bytes: &[u8]| {
        match cost::cost(bytes).filter(|_| !options.unlimited) {
            Some(cost) if cost.lacks_tiles => return Err(Error::corrupt_pixels("jp2kload: tiles are missing")),
            Some(cost) if cost.bytes > MAX_ALLOC => return Err(LimitError::Memory { bytes: cost.bytes }.into()),
            _ => {}
        }
        let spec = spec(picture)?;
        let mut context = DecoderContext::default();
        let decoded =
            picture.decode(&mut context).map_err(|error| Error::corrupt_pixels(format!("jp2kload: {error}")))?;
        let (components, channels) = (decoded.components(), spec.format.channels());
        let pixels = spec.width as usize * spec.height as usize;
        if components.len() < channels || components.iter().any(|component| component.samples().len() < pixels) {
            return Err(Error::corrupt_pixels("jp2kload: components are missing"));
        }
        let max = spec.format.max();
        let value = |at: usize| {
            let component = &components[at % channels];
            let full = (1u64 << component.bit_depth().clamp(1, 38)) - 1;
            f64::from(component.samples()[at / channels]) / full as f64 * max
        };
        // A cast cuts to the range.
        let samples = if spec.format.depth == Depth::U16 {
            let mut samples = zeroed::<u16>(spec.samples()?)?;
            samples.iter_mut().enumerate().for_each(|(at, sample)| *sample = value(at).round() as u16);
            Samples::U16(samples)
        } else {
            let mut samples = zeroed::<u8>(spec.samples()?)?;
            samples.iter_mut().enumerate().for_each(|(at, sample)| *sample = value(at).round() as u8);
            Samples::U8(samples)
        };
        Image::from_samples(spec, samples)
    };
    Ok(Box::new(with_picture(input, read, Error::corrupt_pixels)?.into_rows()))
}
