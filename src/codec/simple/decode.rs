//! Header and pixels through the crate `image`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{ColorType, DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};

use super::format_of;
use crate::{
    codec::{Header, Input, LoadShrink, ReadOptions, SNIFF_LEN, ShrinkOnLoad},
    error::{Error, InputError, LimitError, Result},
    image::{ColourSpace, Depth, Image, PixelFormat, RowSource, Samples, Spec},
    meta::Metadata,
};

/// Bytes that a decoder may ask for at a time, when limits are in force.
const MAX_ALLOC: u64 = 4 << 30;

/// Opens a decoder, which reads the header, and calls `with` it. A panic of the crate is a damaged file.
fn with_decoder<T>(
    input: &Input<'_>,
    options: &ReadOptions,
    with: impl FnOnce(Box<dyn ImageDecoder + '_>) -> Result<T, ImageError>,
) -> Result<T, Option<ImageError>> {
    let open = || {
        let start = input.start(SNIFF_LEN).ok()?;
        Some((input.reader().ok()?, format_of(&start)?))
    };
    let (reader, format) = open().ok_or(None)?;
    let mut reader = ImageReader::with_format(reader, format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = (!options.unlimited).then_some(MAX_ALLOC);
    reader.limits(limits);
    let read = catch_unwind(AssertUnwindSafe(|| reader.into_decoder().and_then(|decoder| with(Box::new(decoder)))));
    read.map_err(|_| None)?.map_err(Some)
}

/// Size and layout; reads no pixels.
pub(super) fn header(input: &Input<'_>, options: &ReadOptions) -> Result<Header> {
    let read = with_decoder(input, options, |decoder| Ok((decoder.dimensions(), decoder.color_type())));
    let ((width, height), colour) = read.map_err(|error| {
        Error::corrupt_header(input.origin(), error.map(|error| error.to_string()).unwrap_or_default())
    })?;
    let format = layout(colour).filter(|_| width > 0 && height > 0);
    let format = format.ok_or(InputError::UnsupportedFormat(input.origin()))?;
    Ok(Header { spec: Spec::new(width, height, format), metadata: Metadata::default(), shrink: ShrinkOnLoad::None })
}

/// The layout that a colour type becomes; light becomes 8-bit sRGB.
fn layout(colour: ColorType) -> Option<PixelFormat> {
    use ColorType::{L8, L16, La8, La16, Rgb8, Rgb16, Rgb32F, Rgba8, Rgba16, Rgba32F};
    let (space, depth) = match colour {
        L8 | La8 => (ColourSpace::Grey, Depth::U8),
        L16 | La16 => (ColourSpace::Grey16, Depth::U16),
        Rgb8 | Rgba8 | Rgb32F | Rgba32F => (ColourSpace::Srgb, Depth::U8),
        Rgb16 | Rgba16 => (ColourSpace::Rgb16, Depth::U16),
        _ => return None,
    };
    Some(PixelFormat::new(space, depth, colour.has_alpha()))
}

/// The pixels. The picture is held whole.
pub(super) fn decode<'a>(
    input: &'a Input<'a>,
    options: &ReadOptions,
    _shrink: LoadShrink,
) -> Result<Box<dyn RowSource + 'a>> {
    let picture = with_decoder(input, options, |decoder| {
        let colour = decoder.color_type();
        DynamicImage::from_decoder(decoder).map(|picture| (picture, colour))
    });
    let (picture, colour) = picture.map_err(|error| match error {
        Some(ImageError::Limits(_)) => LimitError::Memory { bytes: MAX_ALLOC }.into(),
        Some(error) => Error::corrupt_pixels(error.to_string()),
        None => Error::corrupt_pixels("Input file has corrupt pixels"),
    })?;
    let format = layout(colour).ok_or(InputError::UnsupportedFormat(input.origin()))?;
    let spec = Spec::new(picture.width(), picture.height(), format);
    let samples = match picture {
        DynamicImage::ImageLuma8(picture) => Samples::U8(picture.into_raw()),
        DynamicImage::ImageLumaA8(picture) => Samples::U8(picture.into_raw()),
        DynamicImage::ImageRgb8(picture) => Samples::U8(picture.into_raw()),
        DynamicImage::ImageRgba8(picture) => Samples::U8(picture.into_raw()),
        DynamicImage::ImageLuma16(picture) => Samples::U16(picture.into_raw()),
        DynamicImage::ImageLumaA16(picture) => Samples::U16(picture.into_raw()),
        DynamicImage::ImageRgb16(picture) => Samples::U16(picture.into_raw()),
        DynamicImage::ImageRgba16(picture) => Samples::U16(picture.into_raw()),
        DynamicImage::ImageRgb32F(picture) => Samples::U8(light(&picture.into_raw(), 3)),
        DynamicImage::ImageRgba32F(picture) => Samples::U8(light(&picture.into_raw(), 4)),
        _ => return Err(InputError::UnsupportedFormat(input.origin()).into()),
    };
    Ok(Box::new(Image::from_samples(spec, samples)?.into_rows()))
}

/// Linear light as sRGB codes; a fourth channel is alpha.
fn light(samples: &[f32], channels: usize) -> Vec<u8> {
    let code = |(at, &value): (usize, &f32)| match at % channels {
        3 => (value.clamp(0.0, 1.0) * 255.0).round() as u8,
        _ => crate::colour::srgb_code(value),
    };
    samples.iter().enumerate().map(code).collect()
}
