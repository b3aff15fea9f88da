//! Header and pixels through the crate `image`.

use std::{
    io::{Seek, SeekFrom},
    panic::{AssertUnwindSafe, catch_unwind},
};

use image::{ColorType, ImageDecoder, ImageError, ImageReader, Limits};

use super::format_of;
use crate::{
    codec::{Header, Input, LoadShrink, MAX_ALLOC, ReadOptions, SNIFF_LEN, ShrinkOnLoad, held},
    error::{Error, InputError, LimitError, Result},
    image::{ColourSpace, Depth, Image, PixelFormat, RowSource, Samples, Spec},
    meta::Metadata,
};

/// Opens a decoder, which reads the header, and calls `with` it. A panic of the crate is a damaged file.
fn with_decoder<T>(
    input: &Input<'_>,
    with: impl FnOnce(Box<dyn ImageDecoder + '_>) -> Result<T>,
    damaged: impl Fn(String) -> Error,
) -> Result<T> {
    let unknown = || Error::from(InputError::UnsupportedFormat(input.origin()));
    let format = format_of(&input.start(SNIFF_LEN)?).ok_or_else(unknown)?;
    let mut reader = ImageReader::with_format(input.reader()?, format);
    let mut limits = Limits::no_limits();
    // No option lifts it: some decoders of the crate end the process when they do not get what they ask for.
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    let read = catch_unwind(AssertUnwindSafe(|| match reader.into_decoder() {
        Ok(decoder) => with(Box::new(decoder)),
        Err(error) => Err(failure(error, &damaged)),
    }));
    read.unwrap_or_else(|_| Err(damaged(String::new())))
}

fn failure(error: ImageError, damaged: impl Fn(String) -> Error) -> Error {
    match error {
        ImageError::Limits(_) => LimitError::Memory { bytes: MAX_ALLOC }.into(),
        error => damaged(error.to_string()),
    }
}

/// Size and layout of the pixels.
fn spec(decoder: &dyn ImageDecoder, input: &Input<'_>) -> Result<Spec> {
    let (width, height) = decoder.dimensions();
    let format = layout(decoder.color_type()).filter(|_| width > 0 && height > 0);
    Ok(Spec::new(width, height, format.ok_or(InputError::UnsupportedFormat(input.origin()))?))
}

/// Size and layout; reads no pixels.
pub(super) fn header(input: &Input<'_>, _options: &ReadOptions) -> Result<Header> {
    let damaged = |detail| Error::corrupt_header(input.origin(), detail);
    let spec = with_decoder(input, |decoder| spec(&*decoder, input), damaged)?;
    Ok(Header { spec, metadata: Metadata::default(), shrink: ShrinkOnLoad::None, planes: None })
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

/// Refuses an image that takes more memory than its file accounts for.
fn check_held(input: &Input<'_>, bytes: u64, unlimited: bool) -> Result<()> {
    let unreadable = |_| Error::from(InputError::UnsupportedFormat(input.origin()));
    let len = input.reader()?.seek(SeekFrom::End(0)).map_err(unreadable)?;
    held::check(bytes, len, unlimited)
}

/// The pixels. The image is held whole.
pub(super) fn decode<'a>(
    input: &'a Input<'a>,
    options: &ReadOptions,
    _shrink: LoadShrink,
) -> Result<Box<dyn RowSource + 'a>> {
    let damaged = |detail: String| {
        Error::corrupt_pixels(if detail.is_empty() { "Input file has corrupt pixels".to_owned() } else { detail })
    };
    let read = |decoder: Box<dyn ImageDecoder + '_>| {
        let (spec, colour, bytes) = (spec(&*decoder, input)?, decoder.color_type(), decoder.total_bytes());
        if bytes > MAX_ALLOC {
            return Err(LimitError::Memory { bytes }.into());
        }
        let light_of = match colour {
            ColorType::Rgb32F => Some(3),
            ColorType::Rgba32F => Some(4),
            _ => None,
        };
        // Light is held beside the codes that are made of it.
        let held = if light_of.is_some() { bytes.saturating_add(bytes / 4) } else { bytes };
        check_held(input, held, options.unlimited)?;
        let depth = if light_of.is_some() { Depth::F32 } else { spec.format.depth };
        let mut samples = Samples::zeroed(depth, spec.samples()?)?;
        decoder.read_image(samples.all_mut().bytes_mut()).map_err(|error| failure(error, damaged))?;
        let samples = match (samples, light_of) {
            (Samples::F32(samples), Some(channels)) => Samples::U8(light(&samples, channels)),
            (samples, _) => samples,
        };
        Image::from_samples(spec, samples)
    };
    Ok(Box::new(with_decoder(input, read, damaged)?.into_rows()))
}

/// Linear light as sRGB codes. A fourth channel is alpha, which colours are multiplied by.
/// Source: Technical Introduction to OpenEXR, section on alpha.
fn light(samples: &[f32], channels: usize) -> Vec<u8> {
    let pixel = |pixel: &[f32]| {
        let alpha = pixel.get(3).map(|alpha| alpha.clamp(0.0, 1.0));
        let scale = alpha.filter(|alpha| *alpha > 0.0).map_or(1.0, f32::recip);
        let colours = [0, 1, 2].map(|at| crate::colour::srgb_code(pixel[at] * scale));
        colours.into_iter().chain(alpha.map(|alpha| (alpha * 255.0).round() as u8))
    };
    samples.chunks_exact(channels).flat_map(pixel).collect()
}
