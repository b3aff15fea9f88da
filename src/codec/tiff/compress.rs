//! Compresses strips and tiles.

use std::borrow::Cow;

use super::{
    ccitt,
    kind::Kind,
    lzw,
    options::{TiffCompression, TiffOptions, TiffPredictor},
    predict,
};
use crate::{
    codec::{jpeg, png, webp},
    error::{Error, Result},
};

/// How samples are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) bits: u16,
    pub(super) samples: usize,
    pub(super) kind: Kind,
}

impl Stored {
    /// Bytes of a row of so many pixels.
    pub(super) const fn row_bytes(&self, width: usize) -> usize {
        (width * self.samples * self.bits as usize).div_ceil(8)
    }
}

/// Turns rows of pixels into the bytes of a chunk.
pub(super) struct Compressor<'o> {
    options: &'o TiffOptions,
    stored: Stored,
    /// Tables that all chunks share, for JPEG.
    pub(super) jpeg_tables: Vec<u8>,
    scratch: Vec<u8>,
}

/// The number in the file. Source: TIFF revision 6.0 and libtiff's registry of later ones.
pub(super) const fn number(compression: TiffCompression) -> u16 {
    match compression {
        TiffCompression::None => 1,
        TiffCompression::CcittFax4 => 4,
        TiffCompression::Lzw => 5,
        TiffCompression::Jpeg => 7,
        TiffCompression::Deflate => 8,
        TiffCompression::PackBits => 32773,
        TiffCompression::Jp2k => 33004,
        TiffCompression::Zstd => 50000,
        TiffCompression::WebP => 50001,
    }
}

/// The number of the predictor that is used with these options, 1 is none.
pub(super) const fn predictor(options: &TiffOptions) -> u16 {
    let takes_one =
        matches!(options.compression, TiffCompression::Lzw | TiffCompression::Deflate | TiffCompression::Zstd);
    match options.predictor {
        TiffPredictor::Horizontal if takes_one => 2,
        TiffPredictor::Float if takes_one => 3,
        _ => 1,
    }
}

/// The sentence of an encoder that refuses.
pub(super) fn refuse(text: impl std::fmt::Display) -> Error {
    Error::encoder(format!("vips2tiff: {text}"))
}

impl<'o> Compressor<'o> {
    /// Fails when samples of this kind cannot be compressed so.
    pub(super) fn new(options: &'o TiffOptions, stored: Stored) -> Result<Self> {
        if options.compression == TiffCompression::Jp2k {
            return Err(refuse("Compression scheme 33004 scanline encoding is not implemented"));
        }
        if options.compression == TiffCompression::CcittFax4 && (stored.bits != 1 || stored.samples != 1) {
            return Err(refuse("Bits/sample must be 1 for Group 3/4 encoding/decoding"));
        }
        if stored.bits < 8 && predictor(options) == 2 {
            let bits = stored.bits;
            return Err(refuse(format!("Horizontal differencing \"Predictor\" not supported with {bits}-bit samples")));
        }
        Ok(Self { options, stored, jpeg_tables: Vec::new(), scratch: Vec::new() })
    }

    /// Compresses a chunk of `width` pixels across. Its rows, each from a byte of its own, are changed on the way.
    pub(super) fn chunk<'r>(&mut self, rows: &'r mut [u8], width: u32, tiled: bool) -> Result<Cow<'r, [u8]>> {
        let Stored { bits, samples, .. } = self.stored;
        let row_bytes = self.stored.row_bytes(width as usize);
        let height = (rows.len() / row_bytes) as u32;
        let scratch = &mut self.scratch;
        match predictor(self.options) {
            2 => rows.chunks_exact_mut(row_bytes).for_each(|row| predict::horizontal(row, samples, bits, scratch)),
            3 => rows.chunks_exact_mut(row_bytes).for_each(|row| predict::float(row, samples, scratch)),
            _ => {}
        }
        match self.options.compression {
            TiffCompression::None | TiffCompression::Jp2k => Ok(Cow::Borrowed(rows)),
            TiffCompression::PackBits => {
                let mut out = Vec::with_capacity(rows.len() + rows.len() / 64);
                rows.chunks_exact(row_bytes).for_each(|row| pack_bits(row, &mut out));
                Ok(out.into())
            }
            TiffCompression::CcittFax4 => Ok(ccitt::group4(rows, width).into()),
            TiffCompression::Lzw => Ok(lzw::encode(rows).into()),
            TiffCompression::Deflate => deflate(rows).map(Cow::Owned),
            TiffCompression::Zstd => {
                Ok(ruzstd::encoding::compress_to_vec(&*rows, ruzstd::encoding::CompressionLevel::Fastest).into())
            }
            TiffCompression::WebP => {
                let quality = self.options.quality;
                let encoded = webp::encode_chunk(rows, width, height, samples == 4, quality);
                encoded.map(Cow::Owned).ok_or_else(|| refuse("WebP encoder failed"))
            }
            TiffCompression::Jpeg => {
                let settings = jpeg::AbbreviatedSettings {
                    width,
                    height,
                    samples,
                    quality: self.options.quality,
                    // Small parts would be mostly tables.
                    shared_tables: tiled,
                };
                let (tables, picture) = jpeg::encode_abbreviated(rows, settings).map_err(refuse)?;
                self.jpeg_tables = tables;
                Ok(picture.into())
            }
        }
    }
}

/// Effort of the deflate compressor, the library's default.
const LEVEL: i32 = 6;

/// Effort for data of which little repeats: a third less time for a hundredth more bytes.
const DENSE: i32 = 5;

/// Effort for data that is compressed to less than one byte in so many.
const THOROUGH: i32 = 8;
const REPETITIVE: usize = 16;

fn deflate(data: &[u8]) -> Result<Vec<u8>> {
    // What a predictor leaves of photos hardly ever repeats.
    if let Some(stream) = png::literals(data) {
        return Ok(stream);
    }
    let stream = matches(data, if png::is_dense(data) { DENSE } else { LEVEL })?;
    if stream.len() > data.len() / REPETITIVE {
        return Ok(stream);
    }
    // Sizes of repetitive data vary by a tenth with what the matcher happens to find; a second look takes it little time.
    let thorough = matches(data, THOROUGH)?;
    Ok(if thorough.len() < stream.len() { thorough } else { stream })
}

fn matches(data: &[u8], level: i32) -> Result<Vec<u8>> {
    let mut stream = crate::image::zeroed(zlib_rs::compress_bound(data.len()))?;
    let (written, code) = zlib_rs::compress_slice(&mut stream, data, zlib_rs::DeflateConfig::new(level));
    let len = written.len();
    if code != zlib_rs::ReturnCode::Ok {
        return Err(refuse("deflate failed"));
    }
    stream.truncate(len);
    stream.shrink_to_fit();
    Ok(stream)
}

/// Shortest run that is written as one between literals.
const MIN_RUN: usize = 3;

/// Longest run or row of literals.
const MAX_RUN: usize = 128;

/// Source: TIFF revision 6.0, section 9.
fn pack_bits(row: &[u8], out: &mut Vec<u8>) {
    let run_at = |at: usize| row[at..].iter().take(MAX_RUN).take_while(|value| **value == row[at]).count();
    let mut at = 0;
    while at < row.len() {
        let run = run_at(at);
        if run >= MIN_RUN {
            out.extend([(257 - run) as u8, row[at]]);
            at += run;
            continue;
        }
        let start = at;
        at += run;
        while at < row.len() && at - start < MAX_RUN {
            let run = run_at(at);
            if run >= MIN_RUN {
                break;
            }
            at = (at + run).min(start + MAX_RUN);
        }
        out.push((at - start - 1) as u8);
        out.extend_from_slice(&row[start..at]);
    }
}
