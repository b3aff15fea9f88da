//! Opening an image: which format it is, how large, and whether the limits let it in.

mod join;

use super::watch::watched;
use crate::{
    codec::{self, Codec, Header, Input, LoadShrink, ReadOptions, ShrinkOnLoad, png, raw, text},
    error::{Error, InputError, LimitError, Result},
    image::{MAX_PLANES, PlaneSource, Rows, Spec},
    interrupt,
    meta::{Density, DensityUnit, Metadata},
    options::{FailOn, InputDescriptor},
    pipeline::blocking,
};
use join::Joined;

/// An image whose header was read.
pub(super) struct Opened<'a> {
    pub(super) header: Header,
    source: Source<'a>,
}

enum Source<'a> {
    Encoded { codec: &'static Codec, input: Input<'a>, options: ReadOptions },
    Raw(raw::RawInput, &'a [u8]),
    Create(raw::CreateInput),
    Join(Joined<'a>),
    Text(text::Drawn),
}

/// Reads the header that a descriptor leads to and checks it against the descriptor's limits.
pub(super) fn open<'a>(descriptor: &InputDescriptor, buffers: &[&'a [u8]]) -> Result<Opened<'a>> {
    open_with(descriptor, buffers, false)
}

/// The same; `gain_map` says whether a gain map is looked for.
pub(super) fn open_with<'a>(descriptor: &InputDescriptor, buffers: &[&'a [u8]], gain_map: bool) -> Result<Opened<'a>> {
    let opened = match (&descriptor.file, descriptor.buffer) {
        (Some(file), _) => open_encoded(Input::File(file.into()), descriptor, gain_map)?,
        (None, Some(bytes)) => {
            let bytes = *buffers
                .get(bytes.handle as usize)
                .ok_or_else(|| Error::Internal("a buffer that was not handed over".into()))?;
            if descriptor.raw_channels > 0 {
                open_raw(descriptor, bytes)?
            } else {
                open_encoded(Input::Bytes(bytes), descriptor, gain_map)?
            }
        }
        (None, None) if descriptor.create_channels > 0 => open_create(descriptor)?,
        (None, None) => match &descriptor.text_value {
            Some(text) => open_text(text, descriptor)?,
            None => return Err(InputError::Missing(Default::default()).into()),
        },
    };
    check_limits(opened.header.spec, descriptor)?;
    Ok(opened)
}

pub(super) fn check_limits(spec: Spec, descriptor: &InputDescriptor) -> Result<()> {
    let exceeds = |limit: u64, value: u64| limit > 0 && value > limit;
    if exceeds(descriptor.limit_input_pixels, u64::from(spec.width) * u64::from(spec.height)) {
        return Err(LimitError::Pixels.into());
    }
    if exceeds(descriptor.limit_input_channels, spec.format.channels() as u64) {
        return Err(LimitError::Channels.into());
    }
    Ok(())
}

/// Opens the gain map of an image that was opened by `descriptor`. Whatever can be decoded of it is.
pub(super) fn open_gain_map<'a>(image: &'a [u8], descriptor: &InputDescriptor) -> Result<Opened<'a>> {
    let tolerant = InputDescriptor { fail_on: FailOn::None, ..descriptor.clone() };
    let opened = open_encoded(Input::Bytes(image), &tolerant, false)?;
    check_limits(opened.header.spec, descriptor)?;
    Ok(opened)
}

pub(super) fn open_encoded<'a>(input: Input<'a>, descriptor: &InputDescriptor, gain_map: bool) -> Result<Opened<'a>> {
    let codec = codec::sniff(&input)?;
    let unsupported = || InputError::UnsupportedFormat(input.origin());
    if blocking::is_loader_blocked(codec, input.origin()) {
        return Err(unsupported().into());
    }
    let decoder = codec.decoder.as_ref().ok_or_else(unsupported)?;
    let options = ReadOptions {
        fail_on: descriptor.fail_on,
        page: descriptor.page,
        pages: descriptor.pages,
        max_pixels: descriptor.limit_input_pixels,
        unlimited: descriptor.unlimited,
        subifd: descriptor.tiff_subifd,
        density: descriptor.density,
        svg_stylesheet: descriptor.svg_stylesheet.clone(),
        gain_map,
    };
    let header = (decoder.header)(&input, &options)?;
    Ok(Opened { header, source: Source::Encoded { codec, input, options } })
}

fn open_raw<'a>(descriptor: &InputDescriptor, bytes: &'a [u8]) -> Result<Opened<'a>> {
    let raw = raw::RawInput {
        width: descriptor.raw_width,
        height: descriptor.raw_height,
        channels: descriptor.raw_channels,
        depth: descriptor.raw_depth,
        premultiplied: descriptor.raw_premultiplied,
        page_height: Some(descriptor.raw_page_height),
    };
    // Too few bytes are told of before limits.
    raw.rows(bytes)?;
    Ok(Opened { header: made(raw.spec()?, raw.metadata()), source: Source::Raw(raw, bytes) })
}

fn open_create<'a>(descriptor: &InputDescriptor) -> Result<Opened<'a>> {
    let has_noise = descriptor.create_noise_type.as_deref() == Some("gaussian");
    blocking::check_operations(&[if has_noise { "VipsGaussnoise" } else { "VipsBlack" }])?;
    let create = raw::CreateInput {
        width: descriptor.create_width,
        height: descriptor.create_height,
        channels: descriptor.create_channels,
        background: descriptor.create_background,
        page_height: Some(descriptor.create_page_height),
        noise: has_noise.then_some((descriptor.create_noise_mean, descriptor.create_noise_sigma)),
    };
    Ok(Opened { header: made(create.spec()?, create.metadata()), source: Source::Create(create) })
}

/// Opens several images as one, which counts as a PNG file.
pub(super) fn open_joined<'a>(
    pictures: &[InputDescriptor],
    how: &InputDescriptor,
    buffers: &[&'a [u8]],
) -> Result<Opened<'a>> {
    let joined = Joined::open(pictures, how, buffers)?;
    Ok(Opened { header: made(joined.spec(), joined.metadata(how)), source: Source::Join(joined) })
}

fn open_text<'a>(text: &str, descriptor: &InputDescriptor) -> Result<Opened<'a>> {
    blocking::check_operations(&["VipsText"])?;
    let drawn = text::TextInput::new(text.to_owned(), descriptor).draw()?;
    let density = Density { unit: DensityUnit::Unstated, ..Density::from_inch(drawn.dpi.into()) };
    let metadata = Metadata { density: Some(density), ..Metadata::default() };
    Ok(Opened { header: made(drawn.image.spec(), metadata), source: Source::Text(drawn) })
}

/// The header of an image that no file describes.
const fn made(spec: Spec, metadata: Metadata) -> Header {
    Header { spec, metadata, shrink: ShrinkOnLoad::None, planes: None }
}

impl Opened<'_> {
    /// The format it was read from; images that were not read count as raw.
    pub(super) const fn codec(&self) -> &'static Codec {
        match &self.source {
            Source::Encoded { codec, .. } => codec,
            Source::Raw(..) | Source::Create(_) | Source::Text(_) => &raw::CODEC,
            Source::Join(_) => &png::CODEC,
        }
    }

    /// Size of the encoded bytes when they came in a buffer.
    pub(super) const fn buffer_len(&self) -> Option<usize> {
        match &self.source {
            Source::Encoded { input, .. } => input.known_len(),
            Source::Raw(_, bytes) => Some(bytes.len()),
            Source::Create(_) | Source::Join(_) | Source::Text(_) => None,
        }
    }

    /// Dots per inch at which text fits; the usual number where there was nothing to fit.
    pub(super) const fn text_dpi(&self) -> Option<u32> {
        match &self.source {
            Source::Text(text) if text.fitted => Some(text.dpi),
            Source::Text(_) => Some(text::USUAL_DPI),
            _ => None,
        }
    }

    /// Whether colours are multiplied by alpha already.
    pub(super) const fn premultiplied(&self) -> bool {
        matches!(&self.source, Source::Raw(raw, _) if raw.premultiplied) && self.header.spec.format.alpha
    }

    /// The sample type that is told about it.
    pub(super) const fn depth(&self) -> &'static str {
        match &self.source {
            Source::Raw(raw, _) => raw.reported_depth(),
            Source::Encoded { .. } | Source::Create(_) | Source::Join(_) | Source::Text(_) => {
                self.header.spec.format.depth.name()
            }
        }
    }

    /// The planes that the header has, each shrunk by a factor or by less.
    pub(super) fn planes(&self, shrink: [u8; MAX_PLANES]) -> Result<Box<dyn PlaneSource + '_>> {
        interrupt::check()?;
        match &self.source {
            Source::Encoded { codec, input, options } => {
                match codec.decoder.as_ref().and_then(|decoder| decoder.planes) {
                    Some(decode) => decode(input, options, shrink),
                    None => Err(Error::Internal("a format without planes has some".to_owned())),
                }
            }
            _ => Err(Error::Internal("pixels that no file describes have no planes".to_owned())),
        }
    }

    /// The pixels.
    pub(super) fn rows(&self, shrink: LoadShrink) -> Result<Rows<'_>> {
        interrupt::check()?;
        let rows = match &self.source {
            Source::Encoded { codec, input, options } => match &codec.decoder {
                Some(decoder) => (decoder.decode)(input, options, shrink)?,
                None => return Err(InputError::UnsupportedFormat(input.origin()).into()),
            },
            Source::Raw(raw, bytes) => raw.rows(bytes)?,
            Source::Create(create) => create.rows()?,
            Source::Join(joined) => joined.rows()?,
            Source::Text(drawn) => Box::new(drawn.image.clone().into_rows()),
        };
        Ok(watched(rows))
    }
}
