//! Rows to a file.

use std::io::Write;

use super::{
    ChromaSubsampling, JpegOptions,
    ffi::{Coding, Compressor, Failure, Layout, Settings, Subsampling},
    markers,
};
use crate::{
    api::Bag,
    codec::EncodeJob,
    error::{Error, OutputError, Result},
    image::{ColourSpace, Depth, PixelFormat, RowSource, Samples},
    meta::{Density, DensityUnit},
};

/// Grey, sRGB or CMYK of 8 bits. There is no alpha in JPEG: the pipeline flattens it onto a background before.
pub(super) fn accepts(format: PixelFormat, _options: &dyn Bag) -> PixelFormat {
    let space = match format.space {
        ColourSpace::Grey | ColourSpace::Grey16 => ColourSpace::Grey,
        ColourSpace::Cmyk => ColourSpace::Cmyk,
        _ => ColourSpace::Srgb,
    };
    PixelFormat::new(space, Depth::U8, false)
}

/// Writes the picture and the metadata blocks as they are. A JFIF header is written only for a density that no EXIF block
/// goes with, since readers take the two for a contradiction.
pub(super) fn encode(rows: &mut dyn RowSource, job: &EncodeJob<'_>, out: &mut dyn Write) -> Result<()> {
    let options = JpegOptions::read(job.options)?;
    let spec = rows.spec();
    if spec.format != accepts(spec.format, job.options) {
        return Err(Error::Internal("JPEG encoder was given a layout that it does not accept".to_owned()));
    }
    let settings = Settings {
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
        jfif: job.metadata.density.filter(|_| job.metadata.exif.is_none()).and_then(jfif),
    };
    let mut compressor = Compressor::new(out).map_err(|failure| error(failure, String::new()))?;
    let started = compressor.start(&settings);
    check(&compressor, started)?;
    for (marker, data) in markers::segments(job.metadata) {
        let written = compressor.write_marker(marker, &data);
        check(&compressor, written)?;
    }
    let mut row = Samples::row_of(&spec)?;
    for _ in 0..spec.height {
        rows.next_row(row.all_mut())?;
        if settings.layout == Layout::Cmyk {
            row.all_mut().bytes_mut().iter_mut().for_each(|sample| *sample = !*sample);
        }
        let written = compressor.write_row(row.bytes());
        check(&compressor, written)?;
    }
    let finished = compressor.finish();
    check(&compressor, finished)
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
