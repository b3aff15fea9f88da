//! The header of a file: everything before its first scan.

use super::{
    APP1, APP2, APP13,
    decode::{Bytes, Colours, Decoder, Info},
    ffi::sentences,
    gain_map, markers,
};
use crate::{
    codec::{Header, Input, ReadOptions, ShrinkOnLoad},
    error::{Error, Result},
    image::{ColourSpace, Depth, PixelFormat, PlaneAxis, PlaneSpec, PlanesSpec, SampleRange, Spec},
    meta::{Density, DensityUnit, Metadata, Stored, exif},
    options::FailOn,
};

const MM_PER_INCH: f64 = 25.4;
const MM_PER_CENTIMETRE: f64 = 10.0;

/// Density of a file that states none, in pixels per inch.
const DEFAULT_DENSITY: f64 = 72.0;

/// Times that sharp tries the start of a file, at the most tolerant level, before it reads it in earnest. Its error
/// texts have the sentences of each time.
const PROBES: usize = 2;

/// Size, layout and metadata; reads no further than the first scan.
pub(super) fn header(input: &Input<'_>, options: &ReadOptions) -> Result<Header> {
    let (decoder, info) = open(input, options, true)?;
    let segments: Vec<(u8, &[u8])> = decoder.saved().iter().map(|(marker, data)| (*marker, &data[..])).collect();
    let mut metadata = Metadata {
        chroma_subsampling: Some(chroma_subsampling(&info)),
        progressive: info.progressive,
        ..Metadata::default()
    };
    markers::collect(&segments, &mut metadata);
    if options.gain_map && matches!(info.components, 1 | 3) {
        metadata.gain_map = gain_map::find(input, &segments)?;
    }
    let exif = metadata.exif.as_deref().unwrap_or_default();
    metadata.orientation = exif::orientation(exif);
    metadata.density = Some(exif::density(exif).or_else(|| jfif_density(info.density)).unwrap_or(Density {
        x: DEFAULT_DENSITY / MM_PER_INCH,
        y: DEFAULT_DENSITY / MM_PER_INCH,
        unit: DensityUnit::Unstated,
    }));
    let spec = Spec::new(info.width, info.height, format(&info, input)?);
    if spec.format.extra > 0 {
        metadata.stored =
            Some(Stored { space: ColourSpace::Srgb.name(), depth: spec.format.depth.name(), channels: 2 });
    }
    Ok(Header { spec, metadata, shrink: ShrinkOnLoad::Dct, planes: planes(&info) })
}

/// Segments of metadata: EXIF and XMP, ICC, IPTC.
const METADATA: &[u8] = &[APP1, APP2, APP13];

/// Opens a file and reads its header. `keep_metadata`: whether its metadata segments are wanted.
pub(super) fn open<'a>(
    input: &'a Input<'a>,
    options: &ReadOptions,
    keep_metadata: bool,
) -> Result<(Decoder<'a>, Info)> {
    attempt(input, options.fail_on, options.unlimited, keep_metadata)?.map_err(|messages| {
        let probe = match attempt(input, FailOn::None, options.unlimited, false) {
            Ok(Err(messages)) => messages,
            _ => String::new(),
        };
        let mut detail = vec![probe.as_str(); PROBES];
        detail.push(&messages);
        detail.retain(|sentences| !sentences.is_empty());
        Error::corrupt_header(input.origin(), detail.join("\n"))
    })
}

type Attempt<'a> = std::result::Result<(Decoder<'a>, Info), String>;

/// The outer error is that the file cannot be opened at all, the inner one what the decoder has to say.
fn attempt<'a>(input: &'a Input<'a>, fail_on: FailOn, unlimited: bool, keep_metadata: bool) -> Result<Attempt<'a>> {
    let bytes = match input {
        Input::Bytes(bytes) => Bytes::Memory(bytes),
        Input::File(_) => Bytes::Stream(input.reader()?),
    };
    let save = if keep_metadata { METADATA } else { &[] };
    let mut decoder = Decoder::new(bytes, fail_on >= FailOn::Truncated, unlimited, save);
    Ok(match decoder.read_header() {
        Ok(info) => Ok((decoder, info)),
        Err(_) => Err(sentences(decoder.messages())),
    })
}

/// The layout of the pixels that this file is decoded to.
pub(super) fn format(info: &Info, input: &Input<'_>) -> Result<PixelFormat> {
    let mut extra = 0;
    let space = match (info.colours, info.components) {
        (Colours::Grey, _) => ColourSpace::Grey,
        // What the second one is, no file says.
        (Colours::Unknown, 2) => {
            extra = 1;
            ColourSpace::Grey
        }
        (Colours::YCbCr | Colours::Rgb, _) => ColourSpace::Srgb,
        (Colours::Cmyk | Colours::Ycck, _) => ColourSpace::Cmyk,
        _ => {
            let detail = format!("VipsJpeg: Unsupported number of components {}", info.components);
            return Err(Error::corrupt_header(input.origin(), detail));
        }
    };
    Ok(PixelFormat { extra, ..PixelFormat::new(space, Depth::U8, false) })
}

/// The planes of a file in YCbCr.
fn planes(info: &Info) -> Option<PlanesSpec> {
    let factors = info.ycbcr_sampling?;
    let (width, height) = (info.width, info.height);
    let plane = |(x, y): (u32, u32)| {
        let most = |axis: fn(&(u32, u32)) -> u32| factors.iter().map(axis).max().unwrap_or(1);
        PlaneSpec {
            x: PlaneAxis::centred(width, most(|&(x, _)| x), x),
            y: PlaneAxis::centred(height, most(|&(_, y)| y), y),
        }
    };
    Some(PlanesSpec::ycbcr(width, height, SampleRange::Full, factors.map(plane)))
}

/// The public API tells subsampled from not subsampled, and four components from fewer, and no more.
fn chroma_subsampling(info: &Info) -> &'static str {
    match (info.subsampled, info.components > 3) {
        (true, true) => "4:2:0:4",
        (true, false) => "4:2:0",
        (false, true) => "4:4:4:4",
        (false, false) => "4:4:4",
    }
}

/// Density out of the JFIF header. A value of 1 is what encoders write that know none.
fn jfif_density((unit, x, y): (u8, u16, u16)) -> Option<Density> {
    let (unit, millimetres) = match unit {
        1 => (DensityUnit::Inch, MM_PER_INCH),
        2 => (DensityUnit::Centimetre, MM_PER_CENTIMETRE),
        _ => return None,
    };
    (x != 1 && y != 1).then(|| Density { x: f64::from(x) / millimetres, y: f64::from(y) / millimetres, unit })
}
