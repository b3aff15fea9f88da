//! Writes a PNG of one image. Sequential images flow through in segments of rows; interlaced ones and palettes need the whole.

use std::io::Write;

use super::{PngOptions, SIGNATURE, adam7, animate, chunks, deflate::Sink, lines::Lines, strategy::Strategy, write};
use crate::{
    codec::{EncodeJob, palette},
    error::{Error, Result},
    image::{ColourSpace, Depth, Image, PixelFormat, Row, RowSource, Samples, Spec, depth_mismatch},
    meta::Metadata,
    options::Bag,
};

/// The layout nearest to `format` that PNG can hold: grey or RGB, 8 or 16 bits, with or without alpha.
pub(super) fn accepts(format: PixelFormat, options: &dyn Bag) -> PixelFormat {
    let wide = format.space.is_16_bit() || PngOptions::read(options).is_ok_and(|options| options.bit_depth > 8);
    let grey = matches!(format.space, ColourSpace::Grey | ColourSpace::Grey16);
    let space = match (grey, wide) {
        (true, false) => ColourSpace::Grey,
        (true, true) => ColourSpace::Grey16,
        (false, false) => ColourSpace::Srgb,
        (false, true) => ColourSpace::Rgb16,
    };
    PixelFormat::new(space, if wide { Depth::U16 } else { Depth::U8 }, format.alpha)
}

/// A palette is one of colours, and has alpha where an entry does.
pub(super) fn reads_as(written: PixelFormat, least_alpha: u8, options: &dyn Bag) -> PixelFormat {
    let indexed = |options: PngOptions| {
        write::is_indexed(&Spec::new(1, 1, written), &options) && few_greys(&written, &options).is_none()
    };
    match PngOptions::read(options).is_ok_and(indexed) {
        true => PixelFormat::new(ColourSpace::Srgb, Depth::U8, written.alpha && least_alpha < u8::MAX),
        false => written,
    }
}

/// Bits of a sample, where a grey image is to have less than eight of them and no palette.
fn few_greys(format: &PixelFormat, options: &PngOptions) -> Option<usize> {
    let fits = !options.palette && options.bit_depth < 8 && format.channels() == 1 && matches!(format.depth, Depth::U8);
    fits.then(|| options.index_bits() as usize)
}

/// Writes all rows.
pub(super) fn encode(rows: &mut dyn RowSource, job: &EncodeJob<'_>, out: &mut dyn Write) -> Result<()> {
    let options = PngOptions::read(job.options)?;
    let spec = rows.spec();
    if spec.width == 0 || spec.height == 0 {
        return Err(Error::Internal("picture without pixels".into()));
    }
    out.write_all(SIGNATURE).map_err(chunks::write_error)?;
    if let Some(height) = animate::frame_height(&spec, &options, job) {
        return animate::encode(rows, height, &options, job, out);
    }
    if let Some(bits) = few_greys(&spec.format, &options) {
        return reduced_greys(rows, bits, &options, job.metadata, out);
    }
    if write::is_indexed(&spec, &options) {
        return indexed(rows, &options, job.metadata, out);
    }
    write::write_true_header(out, &spec, options.progressive)?;
    write::write_before_palette(out, job.metadata)?;
    write::write_metadata(out, job.metadata)?;
    let pixel_bytes = spec.format.channels() * spec.format.depth.bytes();
    let bytes = spec.samples()? as u64 * spec.format.depth.bytes() as u64;
    let mut lines = Lines::new(Sink::new(out, None), Strategy::new(&options, bytes, false), pixel_bytes);
    if options.progressive {
        interlace(&Image::collect(rows)?, &mut lines)?;
    } else {
        lines.begin(spec.width as usize * pixel_bytes)?;
        let mut samples = Samples::row_of(&spec)?;
        for _ in 0..spec.height {
            rows.next_row(samples.all_mut())?;
            lines.push_row(samples.all())?;
        }
    }
    lines.finish()?;
    chunks::write(out, b"IEND", &[])
}

/// Writes an image with a palette.
fn indexed(rows: &mut dyn RowSource, options: &PngOptions, metadata: &Metadata, out: &mut dyn Write) -> Result<()> {
    let spec = rows.spec();
    // The depth is what the caller asked for, even when fewer colours are in use: other programs rely on it.
    let bits = options.index_bits() as usize;
    let palette::Indexed { indices, colours } = write::reduce(rows, options)?;
    write::write_header(out, &spec, bits as u8, 3, options.progressive)?;
    write::write_palette(out, &colours, metadata)?;
    write_packed(out, &spec, &indices, bits, options)
}

/// Writes a grey image with fewer bits, each pixel the nearest level.
fn reduced_greys(
    rows: &mut dyn RowSource,
    bits: usize,
    options: &PngOptions,
    metadata: &Metadata,
    out: &mut dyn Write,
) -> Result<()> {
    let image = Image::collect(rows)?;
    let spec = image.spec();
    let highest = (1u32 << bits) - 1;
    let level = |&grey: &u8| ((u32::from(grey) * highest + 127) / 255) as u8;
    let samples: &[u8] = image.as_slice()?;
    let levels: Vec<u8> = samples.iter().map(level).collect();
    write::write_header(out, &spec, bits as u8, 0, options.progressive)?;
    write::write_before_palette(out, metadata)?;
    write::write_metadata(out, metadata)?;
    write_packed(out, &spec, &levels, bits, options)
}

/// Writes pixels of less than a byte, or indices, and the end of the file.
fn write_packed(out: &mut dyn Write, spec: &Spec, indices: &[u8], bits: usize, options: &PngOptions) -> Result<()> {
    let width = spec.width as usize;
    let mut lines = Lines::new(Sink::new(out, None), Strategy::new(options, indices.len() as u64, true), 1);
    let mut line = Vec::with_capacity(width);
    if options.progressive {
        for pass in adam7::passes(spec.width, spec.height) {
            lines.begin((pass.width(spec.width) as usize * bits).div_ceil(8))?;
            for row in indices.chunks_exact(width).skip(pass.top as usize).step_by(pass.down as usize) {
                write::pack(row.iter().skip(pass.left as usize).step_by(pass.across as usize), bits, &mut line);
                lines.push(&line)?;
            }
        }
    } else {
        lines.begin((width * bits).div_ceil(8))?;
        for row in indices.chunks_exact(width) {
            write::pack(row.iter(), bits, &mut line);
            lines.push(&line)?;
        }
    }
    lines.finish()?;
    chunks::write(out, b"IEND", &[])
}

/// Sends an image through in seven passes.
fn interlace(image: &Image, lines: &mut Lines<'_>) -> Result<()> {
    let spec = image.spec();
    let channels = spec.format.channels();
    for pass in adam7::passes(spec.width, spec.height) {
        let width = pass.width(spec.width) as usize;
        lines.begin(width * lines.pixel_bytes())?;
        let (left, across) = (pass.left as usize * channels, pass.across as usize * channels);
        let mut samples = Samples::zeroed(spec.format.depth, width * channels)?;
        for y in (pass.top..spec.height).step_by(pass.down as usize) {
            match (image.row(y), &mut samples) {
                (Row::U8(row), Samples::U8(samples)) => gather(&row[left..], across, channels, samples),
                (Row::U16(row), Samples::U16(samples)) => gather(&row[left..], across, channels, samples),
                _ => return Err(depth_mismatch()),
            }
            lines.push_row(samples.all())?;
        }
    }
    Ok(())
}

/// Picks the pixels of a pass out of a row.
fn gather<T: Copy>(row: &[T], across: usize, channels: usize, samples: &mut [T]) {
    for (pixel, place) in samples.chunks_exact_mut(channels).zip(row.chunks(across)) {
        pixel.copy_from_slice(&place[..channels]);
    }
}
