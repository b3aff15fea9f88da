//! Writes a PNG of one image. Sequential images flow through in segments of rows; interlaced ones and palettes need the whole.

use std::io::Write;

use super::{
    PngOptions, SIGNATURE, adam7, animate, chunks, deflate::Sink, header::XMP_KEYWORD, lines::Lines, strategy::Strategy,
};
use crate::{
    codec::{EncodeJob, palette},
    error::{Error, Result},
    image::{ColourSpace, Depth, Image, PixelFormat, Row, RowSource, Samples, Spec, depth_mismatch},
    meta::{Metadata, exif},
    options::Bag,
};

/// Pixels per metre when nothing is known: one per millimetre.
const DEFAULT_DENSITY: f64 = 1.0;

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
        is_indexed(&Spec::new(1, 1, written), &options) && few_greys(&written, &options).is_none()
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
    if is_indexed(&spec, &options) {
        return indexed(rows, &options, job.metadata, out);
    }
    write_true_header(out, &spec, options.progressive)?;
    write_before_palette(out, job.metadata)?;
    write_metadata(out, job.metadata)?;
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

/// Whether the image gets a palette.
pub(super) const fn is_indexed(spec: &Spec, options: &PngOptions) -> bool {
    matches!(spec.format.depth, Depth::U8) && (options.palette || options.bit_depth < 8)
}

/// Reduces an image to a palette.
pub(super) fn reduce(rows: &mut dyn RowSource, options: &PngOptions) -> Result<palette::Indexed> {
    let image = Image::collect(rows)?;
    let spec = image.spec();
    let pixels = palette::Pixels { samples: image.as_slice()?, channels: spec.format.channels() };
    let most = (1 << options.index_bits()).min(options.colours as usize);
    let search = palette::Search { most, quality: options.quality, effort: options.effort };
    palette::reduce(&pixels, spec.width as usize, search, options.dither as f32)
}

/// Writes the colours of a palette, those with alpha first, and the metadata before and behind them.
pub(super) fn write_palette(out: &mut dyn Write, colours: &[[u8; 4]], metadata: &Metadata) -> Result<()> {
    write_before_palette(out, metadata)?;
    chunks::write(
        out,
        b"PLTE",
        &colours.iter().flat_map(|colour| [colour[0], colour[1], colour[2]]).collect::<Vec<_>>(),
    )?;
    // Opaque entries at the end need no alpha.
    let translucent = colours.iter().rposition(|colour| colour[3] < 255).map_or(0, |last| last + 1);
    if translucent > 0 {
        chunks::write(out, b"tRNS", &colours[..translucent].iter().map(|colour| colour[3]).collect::<Vec<_>>())?;
    }
    write_metadata(out, metadata)
}

/// Writes an image with a palette.
fn indexed(rows: &mut dyn RowSource, options: &PngOptions, metadata: &Metadata, out: &mut dyn Write) -> Result<()> {
    let spec = rows.spec();
    // The depth is what the caller asked for, even when fewer colours are in use: other programs rely on it.
    let bits = options.index_bits() as usize;
    let palette::Indexed { indices, colours } = reduce(rows, options)?;
    write_header(out, &spec, bits as u8, 3, options.progressive)?;
    write_palette(out, &colours, metadata)?;
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
    write_header(out, &spec, bits as u8, 0, options.progressive)?;
    write_before_palette(out, metadata)?;
    write_metadata(out, metadata)?;
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
                pack(row.iter().skip(pass.left as usize).step_by(pass.across as usize), bits, &mut line);
                lines.push(&line)?;
            }
        }
    } else {
        lines.begin((width * bits).div_ceil(8))?;
        for row in indices.chunks_exact(width) {
            pack(row.iter(), bits, &mut line);
            lines.push(&line)?;
        }
    }
    lines.finish()?;
    chunks::write(out, b"IEND", &[])
}

/// Indices to bits, the leftmost in the highest bits of a byte.
pub(super) fn pack<'i>(indices: impl Iterator<Item = &'i u8>, bits: usize, line: &mut Vec<u8>) {
    line.clear();
    let mut filled = 8;
    for index in indices {
        if filled == 8 {
            line.push(0);
            filled = 0;
        }
        filled += bits;
        if let Some(byte) = line.last_mut() {
            *byte |= index << (8 - filled);
        }
    }
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

/// The header of an image without a palette.
pub(super) fn write_true_header(out: &mut dyn Write, spec: &Spec, interlaced: bool) -> Result<()> {
    let colour = match (spec.format.channels(), spec.format.depth) {
        (_, Depth::F32) => return Err(Error::Internal("floating point samples in a PNG".into())),
        (1, _) => 0,
        (2, _) => 4,
        (3, _) => 2,
        _ => 6,
    };
    write_header(out, spec, spec.format.depth.bytes() as u8 * 8, colour, interlaced)
}

pub(super) fn write_header(out: &mut dyn Write, spec: &Spec, bits: u8, colour: u8, interlaced: bool) -> Result<()> {
    let mut data = [0; 13];
    data[..4].copy_from_slice(&spec.width.to_be_bytes());
    data[4..8].copy_from_slice(&spec.height.to_be_bytes());
    data[8..].copy_from_slice(&[bits, colour, 0, 0, u8::from(interlaced)]);
    chunks::write(out, b"IHDR", &data)
}

/// The chunk that must stand before a palette.
pub(super) fn write_before_palette(out: &mut dyn Write, metadata: &Metadata) -> Result<()> {
    let Some(icc) = &metadata.icc else { return Ok(()) };
    let mut data = b"icc\0\0".to_vec();
    data.extend(compress(icc)?);
    chunks::write(out, b"iCCP", &data)
}

/// The chunks that may stand behind a palette. The density is always there.
pub(super) fn write_metadata(out: &mut dyn Write, metadata: &Metadata) -> Result<()> {
    if let Some(exif) = &metadata.exif {
        chunks::write(out, b"eXIf", exif.strip_prefix(exif::PREFIX).unwrap_or(exif))?;
    }
    let (x, y) = metadata.density.map_or((DEFAULT_DENSITY, DEFAULT_DENSITY), |density| (density.x, density.y));
    let mut data = Vec::with_capacity(9);
    for per_millimetre in [x, y] {
        // A conversion from float to integer saturates.
        data.extend(((per_millimetre * 1000.0).round() as u32).to_be_bytes());
    }
    data.push(1);
    chunks::write(out, b"pHYs", &data)?;
    if let Some(xmp) = &metadata.xmp {
        let mut data = XMP_KEYWORD.as_bytes().to_vec();
        // Compressed by zlib, no language, no translated keyword.
        data.extend([0, 1, 0, 0, 0]);
        data.extend(compress(xmp)?);
        chunks::write(out, b"iTXt", &data)?;
    }
    metadata.comments.iter().try_for_each(|(keyword, text)| write_text(out, keyword, text))
}

/// A comment. One whose keyword no reader would take is left out.
fn write_text(out: &mut dyn Write, keyword: &str, text: &str) -> Result<()> {
    if !(1..=79).contains(&keyword.len()) || !keyword.is_ascii() || keyword.contains('\0') || text.contains('\0') {
        return Ok(());
    }
    let mut data = keyword.as_bytes().to_vec();
    if text.is_ascii() {
        data.push(0);
        data.extend(text.as_bytes());
        chunks::write(out, b"tEXt", &data)
    } else {
        data.extend([0; 5]);
        data.extend(text.as_bytes());
        chunks::write(out, b"iTXt", &data)
    }
}

/// A zlib stream of metadata.
fn compress(data: &[u8]) -> Result<Vec<u8>> {
    let mut stream = vec![0; zlib_rs::compress_bound(data.len())];
    let (written, code) = zlib_rs::compress_slice(&mut stream, data, zlib_rs::DeflateConfig::new(6));
    let len = written.len();
    if code != zlib_rs::ReturnCode::Ok {
        return Err(Error::encoder("metadata does not compress"));
    }
    stream.truncate(len);
    Ok(stream)
}
