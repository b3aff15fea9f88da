//! Rows to a file.

use std::io::Write;

use super::{
    ChromaSubsampling, JpegOptions,
    ffi::{Coding, Compressor, Failure, Layout, Settings, Subsampling},
    gain_map, markers, ultra_hdr,
};
use crate::{
    api::Bag,
    codec::EncodeJob,
    error::{Error, OutputError, Result},
    image::{ColourSpace, PixelFormat, RowSource, Samples, Spec},
    meta::{Density, DensityUnit, Metadata},
};

/// Grey, sRGB or CMYK of 8 bits, or linear light, which becomes a picture with a gain map. There is no alpha in JPEG: the
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

/// Writes the picture and the metadata blocks as they are. A JFIF header is written only for a density that no EXIF block
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
    // No reader looks for a gain map of inks.
    let Some(map) = job.gain_map.filter(|_| spec.format.space != ColourSpace::Cmyk) else {
        return write(rows, &settings(&spec, &options), job.metadata, out);
    };
    let mut picture = Vec::new();
    write(rows, &settings(&spec, &options), job.metadata, &mut picture)?;
    let mut image = Vec::new();
    let map_settings = gain_map_settings(&map.image.spec(), &options);
    write(&mut map.image.clone().into_rows(), &map_settings, &Metadata::default(), &mut image)?;
    gain_map::attach(&picture, &image, &map.info, out)
}

/// What the library is told of a picture.
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
        subsampling: match options.chroma_subsampling {
            ChromaSubsampling::None => Subsampling::None,
            ChromaSubsampling::Quarter => Subsampling::Quarter,
        },
        progressive: options.progressive,
        coding: match options.optimise_coding {
            _ if options.progressive || options.trellis_quantisation => Coding::Library,
            true => Coding::Own,
            false => Coding::Standard,
        },
        trellis: options.trellis_quantisation,
        overshoot_deringing: options.overshoot_deringing,
        optimise_scans: options.optimise_scans,
        quantization_table: options.quantisation_table,
        jfif: None,
    }
}

/// The same of a gain map: its colours are gains, of which none is left out.
pub(super) fn gain_map_settings(spec: &Spec, options: &JpegOptions) -> Settings {
    Settings { subsampling: Subsampling::None, ..settings(spec, options) }
}

/// Writes rows of 8 bits.
fn write(rows: &mut dyn RowSource, settings: &Settings, metadata: &Metadata, out: &mut dyn Write) -> Result<()> {
    let spec = rows.spec();
    let mut picture = Picture::start(settings, metadata, out)?;
    let mut row = Samples::row_of(&spec)?;
    for _ in 0..spec.height {
        rows.next_row(row.all_mut())?;
        if settings.layout == Layout::Cmyk {
            row.all_mut().bytes_mut().iter_mut().for_each(|sample| *sample = !*sample);
        }
        picture.row(row.bytes())?;
    }
    picture.finish()
}

/// A file that is being written.
pub(super) struct Picture<'a>(Compressor<'a>);

impl<'a> Picture<'a> {
    /// Writes what comes before the pixels.
    pub(super) fn start(settings: &Settings, metadata: &Metadata, out: &'a mut dyn Write) -> Result<Self> {
        let jfif = metadata.density.filter(|_| metadata.exif.is_none()).and_then(jfif);
        let mut picture = Self(Compressor::new(out).map_err(|failure| error(failure, String::new()))?);
        let started = picture.0.start(&Settings { jfif, ..settings.clone() });
        picture.check(started)?;
        for (marker, data) in markers::segments(metadata) {
            let written = picture.0.write_marker(marker, &data);
            picture.check(written)?;
        }
        Ok(picture)
    }

    /// Writes the next row of samples.
    pub(super) fn row(&mut self, samples: &[u8]) -> Result<()> {
        let written = self.0.write_row(samples);
        self.check(written)
    }

    /// Writes the rest.
    pub(super) fn finish(mut self) -> Result<()> {
        let finished = self.0.finish();
        self.check(finished)
    }

    fn check(&self, result: std::result::Result<(), Failure>) -> Result<()> {
        result.map_err(|failure| error(failure, self.0.messages()))
    }
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
