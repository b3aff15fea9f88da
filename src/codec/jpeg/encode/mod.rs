//! Rows or planes to a file: by our own encoder, or by mozjpeg for the options that only it has.
//!
//! Samples become strips of planes ([`strips`], [`ycc`]), strips quantized blocks ([`fdct`], [`coefficients`]), blocks symbols
//! ([`sequential`], [`progressive`]), and symbols bytes ([`symbols`]).

mod coefficients;
mod encoder;
mod fdct;
mod frame;
mod progressive;
mod quantization;
mod sequential;
mod settings;
mod strips;
mod symbols;
#[cfg(test)]
mod tests;
mod ycc;

pub(super) use settings::{Layout, Settings};

use std::io::Write;

use super::{
    ChromaSubsampling, JpegOptions,
    ffi::{Compressor, Failure},
    gain_map, markers, ultra_hdr,
};
use crate::{
    codec::EncodeJob,
    error::{Error, OutputError, Result},
    image::{ColourSpace, Depth, PixelFormat, PlaneSource, PlanesSpec, RowSource, SampleRange, Samples, Spec, Strip},
    meta::{Density, DensityUnit, Metadata},
    options::Bag,
    simd::Level,
};
use encoder::Encoder;

/// Grey, sRGB or CMYK of 8 bits, or linear light, which becomes an image with a gain map. There is no alpha in JPEG: the
/// pipeline flattens it onto a background before.
pub(super) fn accepts(format: PixelFormat, _options: &dyn Bag) -> PixelFormat {
    let space = match format.space {
        ColourSpace::Grey | ColourSpace::Grey16 => ColourSpace::Grey,
        ColourSpace::Cmyk => ColourSpace::Cmyk,
        ColourSpace::ScRgb => ColourSpace::ScRgb,
        _ => ColourSpace::Srgb,
    };
    PixelFormat::new(space, space.depth(), false)
}

/// Writes the image and the metadata blocks as they are. A JFIF header is written only for a density that no EXIF block
/// goes with, since readers take the two for a contradiction.
pub(super) fn encode(rows: &mut dyn RowSource, job: &EncodeJob<'_>, out: &mut dyn Write) -> Result<()> {
    let options = JpegOptions::read(job.options)?;
    let spec = rows.spec();
    if spec.format != accepts(spec.format, job.options) {
        return Err(Error::Internal("JPEG encoder was given a layout that it does not accept".to_owned()));
    }
    if spec.format.space == ColourSpace::ScRgb {
        return ultra_hdr::encode(rows, &options, job.metadata, out);
    }
    let mut write_image = |out: &mut dyn Write| write(rows, &settings(&spec, &options), job.metadata, out);
    // No reader looks for a gain map of inks.
    if spec.format.space == ColourSpace::Cmyk {
        write_image(out)
    } else {
        with_gain_map(job, &options, out, write_image)
    }
}

/// Planes as the file is to hold them, unless only mozjpeg can write it.
pub(super) fn accepts_planes(width: u32, height: u32, options: &dyn Bag) -> Option<PlanesSpec> {
    let options = JpegOptions::read(options).ok()?;
    let rgb = PixelFormat::new(ColourSpace::Srgb, Depth::U8, false);
    let settings = settings(&Spec::new(width, height, rgb), &options);
    let chroma = match settings.subsampling {
        ChromaSubsampling::None => (1, 1),
        ChromaSubsampling::Quarter => (2, 2),
    };
    let planes = || PlanesSpec::subsampled(width, height, SampleRange::Full, false, chroma);
    (!settings.needs_library()).then(planes)
}

/// Writes planes and the metadata blocks as they are, and a gain map beside them.
pub(super) fn encode_planes(planes: &mut dyn PlaneSource, job: &EncodeJob<'_>, out: &mut dyn Write) -> Result<()> {
    let options = JpegOptions::read(job.options)?;
    let PlanesSpec { width, height, .. } = planes.spec();
    if accepts_planes(width, height, job.options) != Some(planes.spec()) {
        return Err(Error::Internal("JPEG encoder was given planes that it does not accept".to_owned()));
    }
    let rgb = PixelFormat::new(ColourSpace::Srgb, Depth::U8, false);
    let settings = settings(&Spec::new(width, height, rgb), &options);
    with_gain_map(job, &options, out, |out| {
        let mut writer = Writer::start(&settings, job.metadata, out)?;
        while let Some(strip) = planes.next_strip()? {
            writer.strip(&strip)?;
        }
        writer.finish()
    })
}

/// Writes the image, and beside it the gain map when there is one.
fn with_gain_map(
    job: &EncodeJob<'_>,
    options: &JpegOptions,
    out: &mut dyn Write,
    write_image: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Result<()> {
    let Some(map) = job.gain_map else { return write_image(out) };
    let (mut image, mut map_image) = (Vec::new(), Vec::new());
    write_image(&mut image)?;
    let map_settings = gain_map_settings(&map.image.spec(), options);
    write(&mut map.image.clone().into_rows(), &map_settings, &Metadata::default(), &mut map_image)?;
    gain_map::attach(&image, &map_image, &map.info, out)
}

/// What the encoder is told of an image.
pub(super) fn settings(spec: &Spec, options: &JpegOptions) -> Settings {
    Settings {
        width: spec.width,
        height: spec.height,
        layout: match spec.format.space {
            ColourSpace::Grey | ColourSpace::Grey16 => Layout::Grey,
            ColourSpace::Cmyk => Layout::Cmyk,
            _ => Layout::Rgb,
        },
        quality: options.quality,
        subsampling: options.chroma_subsampling,
        progressive: options.progressive,
        optimise_coding: options.optimise_coding,
        trellis: options.trellis_quantisation,
        overshoot_deringing: options.overshoot_deringing,
        optimise_scans: options.optimise_scans,
        quantization_table: options.quantisation_table,
        jfif: None,
    }
}

/// The same of a gain map, whose colours are gains and are not subsampled.
pub(super) fn gain_map_settings(spec: &Spec, options: &JpegOptions) -> Settings {
    Settings { subsampling: ChromaSubsampling::None, ..settings(spec, options) }
}

/// Writes rows of 8 bits.
fn write(rows: &mut dyn RowSource, settings: &Settings, metadata: &Metadata, out: &mut dyn Write) -> Result<()> {
    let spec = rows.spec();
    let mut writer = Writer::start(settings, metadata, out)?;
    let mut row = Samples::row_of(&spec)?;
    for _ in 0..spec.height {
        rows.next_row(row.all_mut())?;
        if settings.layout == Layout::Cmyk {
            row.all_mut().bytes_mut().iter_mut().for_each(|sample| *sample = !*sample);
        }
        writer.row(row.bytes())?;
    }
    writer.finish()
}

/// A file that is being written.
pub(super) enum Writer<'a> {
    Own(Box<Encoder<'a>>),
    Library(Compressor<'a>),
}

impl<'a> Writer<'a> {
    /// Begins a file without metadata.
    pub(super) fn new(settings: &Settings, out: &'a mut dyn Write) -> Result<Self> {
        if !settings.needs_library() {
            let mut encoder = Box::new(Encoder::new(settings, Level::best(), out)?);
            encoder.start()?;
            return Ok(Self::Own(encoder));
        }
        let mut compressor = Compressor::new(out).map_err(|failure| error(failure, String::new()))?;
        let started = compressor.start(settings);
        check(&compressor, started)?;
        Ok(Self::Library(compressor))
    }

    /// Writes what comes before the pixels.
    pub(super) fn start(settings: &Settings, metadata: &Metadata, out: &'a mut dyn Write) -> Result<Self> {
        let jfif = metadata.density.filter(|_| metadata.exif.is_none()).and_then(jfif);
        let mut writer = Self::new(&Settings { jfif, ..settings.clone() }, out)?;
        for (marker, data) in markers::segments(metadata) {
            match &mut writer {
                Self::Own(encoder) => encoder.segment(marker, &data)?,
                Self::Library(compressor) => {
                    let written = compressor.write_marker(marker, &data);
                    check(compressor, written)?;
                }
            }
        }
        Ok(writer)
    }

    /// Writes the next row of samples.
    pub(super) fn row(&mut self, samples: &[u8]) -> Result<()> {
        match self {
            Self::Own(encoder) => encoder.row(samples),
            Self::Library(compressor) => {
                let written = compressor.write_row(samples);
                check(compressor, written)
            }
        }
    }

    /// Writes the next rows of planes.
    fn strip(&mut self, strip: &Strip<'_>) -> Result<()> {
        match self {
            Self::Own(encoder) => encoder.strip(strip),
            Self::Library(_) => Err(Error::Internal("mozjpeg is given rows only".to_owned())),
        }
    }

    /// Writes the rest.
    pub(super) fn finish(self) -> Result<()> {
        match self {
            Self::Own(encoder) => encoder.finish(),
            Self::Library(mut compressor) => {
                let finished = compressor.finish();
                check(&compressor, finished)
            }
        }
    }
}

fn check(compressor: &Compressor<'_>, result: std::result::Result<(), Failure>) -> Result<()> {
    result.map_err(|failure| error(failure, compressor.messages()))
}

fn error(failure: Failure, messages: String) -> Error {
    match failure {
        Failure::Library => Error::encoder(messages),
        Failure::Write(source) => OutputError::Write(source.to_string()).into(),
        Failure::Panic(text) => Error::Internal(text),
    }
}

/// Unit and density of a JFIF header, when there is a unit.
fn jfif(density: Density) -> Option<(u8, u16, u16)> {
    let (unit, millimetres) = match density.unit {
        DensityUnit::Inch => (1, 25.4),
        DensityUnit::Centimetre => (2, 10.0),
        DensityUnit::Unstated => return None,
    };
    // A cast saturates, which is the wanted range.
    Some((unit, (density.x * millimetres).round() as u16, (density.y * millimetres).round() as u16))
}
