//! Parts of a file that still images and animations share: headers, palettes, metadata.

use std::io::Write;

use super::{PngOptions, chunks, header::XMP_KEYWORD};
use crate::{
    codec::palette,
    error::{Error, Result},
    image::{Depth, Image, RowSource, Spec},
    meta::{Metadata, exif},
};

/// Pixels per metre when nothing is known: one per millimetre.
const DEFAULT_DENSITY: f64 = 1.0;

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
