//! Rows to a file.

use std::io::Write;

use super::{
    av1_encoder::{self, Settings, Tune},
    from_rgb::{FromRgb, Source},
    mux::{self, Coded, Contents},
    options::{ChromaSubsampling, HeifCompression, HeifOptions, HeifTune},
    planes::{Layout, Planes, Stored},
};
use crate::{
    codec::EncodeJob,
    error::{Error, OutputError, Result},
    image::{MAX_PLANES, PlaneSource, PlanesSpec, Row, RowSource, SampleRange, Samples, depth_mismatch},
    options::Bag,
};

/// Numbers of matrices, ITU-T H.273: none, and BT.601.
const IDENTITY: u32 = 0;
const BT601: u32 = 6;

/// Writes one image; frames stay below each other.
pub(super) fn encode(rows: &mut dyn RowSource, job: &EncodeJob<'_>, out: &mut dyn Write) -> Result<()> {
    let options = HeifOptions::read(job.options)?;
    if options.compression == HeifCompression::Hevc {
        return Err(Error::encoder("heifsave: Unsupported compression"));
    }
    let (colour, alpha) =
        if options.bitdepth == 8 { pictures::<u8>(rows, &options)? } else { pictures::<u16>(rows, &options)? };
    let spec = rows.spec();
    let contents = Contents {
        width: spec.width,
        height: spec.height,
        colour,
        alpha,
        identity: options.lossless && spec.format.space.channels() > 1,
        metadata: job.metadata,
    };
    write(contents, out)
}

fn write(contents: Contents<'_>, out: &mut dyn Write) -> Result<()> {
    out.write_all(&mux::file(contents)).map_err(|error| Error::Output(OutputError::Write(error.to_string())))
}

/// The planes of an AVIF file of 8 bits, unless its samples have to be exact.
pub(super) fn accepts_planes(width: u32, height: u32, options: &dyn Bag) -> Option<PlanesSpec> {
    let options = HeifOptions::read(options).ok()?;
    let needs_rows = options.lossless || options.bitdepth != 8 || options.compression == HeifCompression::Hevc;
    let chroma = match options.chroma_subsampling {
        ChromaSubsampling::Half => (2, 2),
        _ => (1, 1),
    };
    (!needs_rows).then(|| PlanesSpec::subsampled(width, height, SampleRange::Full, false, chroma))
}

/// Writes one image from planes that [`accepts_planes`] returned.
pub(super) fn encode_planes(source: &mut dyn PlaneSource, job: &EncodeJob<'_>, out: &mut dyn Write) -> Result<()> {
    let options = HeifOptions::read(job.options)?;
    let spec = source.spec();
    if accepts_planes(spec.width, spec.height, job.options) != Some(spec) {
        return Err(Error::Internal("AVIF encoder was given planes that it does not accept".to_owned()));
    }
    let layout = if options.chroma_subsampling == ChromaSubsampling::Half { Layout::Half } else { Layout::Full };
    let mut colour = Planes::<u8>::new(spec.width, spec.height, layout, options.bitdepth)?;
    let mut came = [0; MAX_PLANES];
    while let Some(strip) = source.next_strip()? {
        for (plane, (rows, y)) in strip.planes.iter().zip(&mut came).enumerate() {
            for row in rows.iter() {
                colour.row(plane, *y).copy_from_slice(row);
                *y += 1;
            }
        }
    }
    let colour = code(&mut colour, &settings(&options, BT601))?;
    let (width, height) = (spec.width, spec.height);
    write(Contents { width, height, colour, alpha: None, identity: false, metadata: job.metadata }, out)
}

/// The coded colours, and the coded alpha when there is one.
fn pictures<P: Stored>(rows: &mut dyn RowSource, options: &HeifOptions) -> Result<(Coded, Option<Coded>)> {
    let spec = rows.spec();
    let (width, height, channels) = (spec.width, spec.height, spec.format.channels());
    let grey = spec.format.space.channels() == 1;
    let layout = match options.chroma_subsampling {
        _ if grey => Layout::Mono,
        ChromaSubsampling::Half if !options.lossless => Layout::Half,
        _ => Layout::Full,
    };
    let (depth, identity) = (options.bitdepth, options.lossless && !grey);
    let mut colour = Planes::<P>::new(width, height, layout, depth)?;
    let mut alpha = if spec.format.alpha { Some(Planes::<P>::new(width, height, Layout::Mono, depth)?) } else { None };
    let mut from_rgb = FromRgb::new((width, height), depth, identity, layout == Layout::Half)?;
    let mut row = Samples::row_of(&spec)?;
    for y in 0..height as usize {
        rows.next_row(row.all_mut())?;
        let alpha_row = alpha.as_mut().map(|alpha| alpha.row(0, y));
        match row.all() {
            Row::U8(row) if grey => store(row, channels, 0, Some(colour.row(0, y)), depth),
            Row::U16(row) if grey => store(row, channels, 0, Some(colour.row(0, y)), depth),
            Row::U8(row) => from_rgb.push(row, channels, &mut colour),
            Row::U16(row) => from_rgb.push(row, channels, &mut colour),
            Row::F32(_) => return Err(depth_mismatch()),
        }
        match row.all() {
            Row::U8(row) => store(row, channels, channels - 1, alpha_row, depth),
            Row::U16(row) => store(row, channels, channels - 1, alpha_row, depth),
            Row::F32(_) => return Err(depth_mismatch()),
        }
    }
    let colour = code(&mut colour, &settings(options, if identity { IDENTITY } else { BT601 }))?;
    // A plane without colour has a matrix all the same.
    let alpha = alpha.as_mut().map(|alpha| code(alpha, &settings(options, BT601))).transpose()?;
    Ok((colour, alpha))
}

fn settings(options: &HeifOptions, matrix: u32) -> Settings {
    let tune = match options.tune {
        HeifTune::Auto | HeifTune::Iq => Tune::Eye,
        HeifTune::Psnr => Tune::Psnr,
        HeifTune::Ssim => Tune::Ssim,
    };
    Settings {
        depth: options.bitdepth,
        speed: speed(options.effort),
        quantizer: quantizer(options.quality, tune),
        lossless: options.lossless,
        matrix,
        tune,
    }
}

fn code<P: Stored>(planes: &mut Planes<P>, settings: &Settings) -> Result<Coded> {
    let stream = av1_encoder::encode(planes, settings).ok_or_else(|| Error::encoder("heifsave: unable to encode"))?;
    Ok(Coded { stream, depth: settings.depth as u8, layout: planes.layout })
}

/// Writes one channel of a row to a row of a plane, if there is one.
fn store<S: Source, P: Stored>(row: &[S], channels: usize, channel: usize, to: Option<&mut [P]>, depth: u32) {
    for (to, pixel) in to.into_iter().flatten().zip(row.chunks_exact(channels)) {
        *to = P::from_i32(pixel[channel].at_depth(depth));
    }
}

/// The encoder's speed for an effort from 0 to 9.
fn speed(effort: u32) -> i32 {
    const SPEEDS: [i32; 10] = [9, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    SPEEDS[effort.min(9) as usize]
}

/// Qualities and the quantizers that give what sharp's encoder gives at them, by SSIMULACRA2 of photos.
const LIKE_THE_PEER: [(u32, u32); 7] = [(1, 60), (20, 46), (50, 28), (65, 17), (80, 8), (90, 4), (100, 0)];

/// The quantizer for a quality from 1 to 100. Where a measure is aimed at, the scales of both are the same.
fn quantizer(quality: u32, tune: Tune) -> u32 {
    let linear = |from: u32, to: u32, place: u32, of: u32| (from * (of - place) + to * place + of / 2) / of;
    if tune != Tune::Eye {
        return linear(63, 0, quality.min(100), 100);
    }
    let span = LIKE_THE_PEER.windows(2).find(|span| quality <= span[1].0);
    let Some(&[(low, from), (high, to)]) = span else { return 0 };
    linear(from, to, quality.saturating_sub(low), high - low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_quality_never_has_a_larger_quantizer() {
        for tune in [Tune::Eye, Tune::Psnr] {
            let quantizers: Vec<u32> = (1..=100).map(|quality| quantizer(quality, tune)).collect();
            assert!(
                quantizers.is_sorted_by(|a, b| a >= b) && quantizers[0] >= 60 && quantizers[99] == 0,
                "{quantizers:?}"
            );
        }
        assert_eq!((quantizer(50, Tune::Eye), quantizer(50, Tune::Ssim)), (28, 32));
    }
}
