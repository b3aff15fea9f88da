//! Decompresses chunks as a stream of rows, so that a strip need not be held whole.

use std::{borrow::Cow, io::Read};

use weezl::{BitOrder, LzwStatus, decode::Configuration};
use zlib_rs::{Inflate, InflateFlush, Status};

use super::{
    ccitt::{Ccitt, Scheme},
    page::{Compression, Page, Photometric},
};
use crate::codec::{jpeg, webp};

/// What is wrong with a chunk, as a sentence.
#[derive(Debug)]
pub(super) struct Damage(pub(super) String);

/// The bytes of a chunk, uncompressed, in order.
pub(super) trait Unpack: Send {
    /// Fills `row` with the next bytes. After damage, what could not be filled is as it was.
    fn read(&mut self, row: &mut [u8]) -> Result<(), Damage>;
}

/// What else there is to know about a chunk.
pub(super) struct Chunk<'p> {
    pub(super) page: &'p Page,
    /// Size in pixels, as it is stored.
    pub(super) width: u32,
    pub(super) height: u32,
    /// The number of its first row in the image, for sentences.
    pub(super) top: u32,
    pub(super) jpeg_tables: &'p [u8],
}

/// The way out of a page's compression. JPEG and WebP give colours as RGB or as they are stored.
pub(super) fn unpack<'a>(data: Cow<'a, [u8]>, chunk: &Chunk<'_>) -> Result<Box<dyn Unpack + 'a>, Damage> {
    let page = chunk.page;
    let ccitt = |data, scheme| {
        if page.bits != 1 || page.chunk_samples() != 1 {
            return Err(Damage("Bits/sample must be 1 for Group 3/4 encoding/decoding".to_owned()));
        }
        Ok(Box::new(Facsimile { ccitt: Ccitt::new(data, scheme, chunk.width), row: chunk.top }) as Box<dyn Unpack>)
    };
    let jpeg_colours = match page.photometric {
        Some(Photometric::YCbCr) => jpeg::Colours::YCbCr,
        _ => jpeg::Colours::AsStored,
    };
    Ok(match page.compression {
        Compression::None => Box::new(Stored { data, at: 0 }),
        Compression::PackBits => Box::new(PackBits { data, at: 0, run: None, row: chunk.top }),
        Compression::Lzw => Box::new(Lzw::new(data)),
        Compression::Deflate => Box::new(Deflate { data, at: 0, inflate: Inflate::new(true, 15), row: chunk.top }),
        Compression::Zstd => Box::new(Zstd::new(data)?),
        Compression::CcittRle => ccitt(data, Scheme::Huffman)?,
        Compression::CcittGroup3 => ccitt(data, Scheme::Group3 { two_dimensional: page.t4_options & 1 == 1 })?,
        Compression::CcittGroup4 => ccitt(data, Scheme::Group4)?,
        Compression::Jpeg => {
            let size = (chunk.width, chunk.height, page.chunk_samples());
            let strip = jpeg::AbbreviatedDecoder::open(data, chunk.jpeg_tables, jpeg_colours, size).map_err(Damage)?;
            Box::new(Jpeg { strip })
        }
        Compression::WebP => {
            let alpha = match page.chunk_samples() {
                3 => false,
                4 => true,
                _ => return Err(Damage("WEBP driver requires 3 or 4 samples".to_owned())),
            };
            let samples = u64::from(chunk.width) * u64::from(chunk.height) * page.chunk_samples() as u64;
            if samples > MAX_WEBP {
                return Err(Damage("WebP strip is too large".to_owned()));
            }
            let pixels = webp::decode_chunk(&data, chunk.width, chunk.height, alpha)
                .ok_or_else(|| Damage("WebP data is corrupt".to_owned()))?;
            Box::new(Stored { data: Cow::Owned(pixels), at: 0 })
        }
        Compression::Unknown(6) => {
            return Err(Damage("Old-style JPEG compression support is not configured".to_owned()));
        }
        Compression::Unknown(34925) => return Err(Damage("LZMA compression support is not configured".to_owned())),
        Compression::Unknown(number) => {
            return Err(Damage(format!("Compression scheme {number} scanline decoding is not implemented")));
        }
    })
}

/// Samples of a strip or tile of WebP, which is decoded whole.
const MAX_WEBP: u64 = 256 << 20;

/// Bytes as they are.
struct Stored<'a> {
    data: Cow<'a, [u8]>,
    at: usize,
}

impl Unpack for Stored<'_> {
    fn read(&mut self, row: &mut [u8]) -> Result<(), Damage> {
        let rest = self.data.get(self.at..).unwrap_or_default();
        let count = rest.len().min(row.len());
        row[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        if count < row.len() { Err(Damage("Read error; got too few bytes".to_owned())) } else { Ok(()) }
    }
}

/// Source: TIFF revision 6.0, section 9.
struct PackBits<'a> {
    data: Cow<'a, [u8]>,
    at: usize,
    /// Bytes left of a run, and what they are; `None` is bytes of the data.
    run: Option<(usize, Option<u8>)>,
    row: u32,
}

impl Unpack for PackBits<'_> {
    fn read(&mut self, row: &mut [u8]) -> Result<(), Damage> {
        let mut filled = 0;
        let number = self.row;
        let short = || Damage(format!("Not enough data for scanline {number}"));
        self.row = self.row.saturating_add(1);
        while filled < row.len() {
            let Some((left, value)) = self.run.take() else {
                let head = *self.data.get(self.at).ok_or_else(short)?;
                self.at += 1;
                self.run = match head {
                    128 => continue,
                    0..128 => Some((usize::from(head) + 1, None)),
                    _ => {
                        let value = *self.data.get(self.at).ok_or_else(short)?;
                        self.at += 1;
                        Some((257 - usize::from(head), Some(value)))
                    }
                };
                continue;
            };
            let count = left.min(row.len() - filled);
            let to = &mut row[filled..filled + count];
            match value {
                Some(value) => to.fill(value),
                None => {
                    to.copy_from_slice(self.data.get(self.at..self.at + count).ok_or_else(short)?);
                    self.at += count;
                }
            }
            filled += count;
            self.run = (count < left).then_some((left - count, value));
        }
        Ok(())
    }
}

struct Lzw<'a> {
    data: Cow<'a, [u8]>,
    at: usize,
    decoder: weezl::decode::Decoder,
}

impl<'a> Lzw<'a> {
    fn new(data: Cow<'a, [u8]>) -> Self {
        let configuration = if is_old_lzw(&data) {
            Configuration::new(BitOrder::Lsb, 8)
        } else {
            Configuration::with_tiff_size_switch(BitOrder::Msb, 8)
        };
        Self { data, at: 0, decoder: configuration.with_yield_on_full_buffer(true).build() }
    }
}

impl Unpack for Lzw<'_> {
    fn read(&mut self, mut row: &mut [u8]) -> Result<(), Damage> {
        let mut waits = false;
        while !row.is_empty() {
            let result = self.decoder.decode_bytes(self.data.get(self.at..).unwrap_or_default(), row);
            self.at += result.consumed_in;
            row = &mut row[result.consumed_out..];
            let moves = result.consumed_in > 0 || result.consumed_out > 0;
            match result.status {
                // A string that is longer than the row waits inside the decoder once.
                Ok(LzwStatus::Ok) if moves || !waits => waits = !moves,
                Ok(_) if row.is_empty() => {}
                Ok(_) => return Err(Damage("Not enough data".to_owned())),
                Err(_) => return Err(Damage("Using code not yet in table".to_owned())),
            }
        }
        Ok(())
    }
}

/// Before revision 6.0 some writers packed the bits from the lowest, with codes that grow a step later. The code that clears the
/// table, 256, comes first and tells them apart.
fn is_old_lzw(data: &[u8]) -> bool {
    matches!(data, [0, second, ..] if second & 1 == 1)
}

struct Deflate<'a> {
    data: Cow<'a, [u8]>,
    at: usize,
    inflate: Inflate,
    row: u32,
}

impl Unpack for Deflate<'_> {
    fn read(&mut self, mut row: &mut [u8]) -> Result<(), Damage> {
        let number = self.row;
        self.row = self.row.saturating_add(1);
        while !row.is_empty() {
            let (in_before, out_before) = (self.inflate.total_in(), self.inflate.total_out());
            let rest = self.data.get(self.at..).unwrap_or_default();
            let result = self.inflate.decompress(rest, row, InflateFlush::NoFlush);
            let read = (self.inflate.total_in() - in_before) as usize;
            let written = (self.inflate.total_out() - out_before) as usize;
            self.at += read;
            row = &mut row[written..];
            match result {
                Ok(Status::StreamEnd) if row.is_empty() => {}
                Ok(Status::Ok | Status::BufError) if read > 0 || written > 0 => {}
                Ok(_) => {
                    return Err(Damage(format!("Not enough data at scanline {number} (short {} bytes)", row.len())));
                }
                Err(_) => {
                    // A second call only says that there was a first.
                    let why =
                        self.inflate.error_message().filter(|why| !why.contains("bad state")).unwrap_or("data error");
                    return Err(Damage(format!("Decoding error at scanline {number}, {why}")));
                }
            }
        }
        Ok(())
    }
}

/// Largest window that a frame may ask for, in bytes.
const MAX_WINDOW: u64 = 128 << 20;

struct Zstd<'a> {
    decoder: ruzstd::decoding::StreamingDecoder<Bytes<'a>, Box<ruzstd::decoding::FrameDecoder>>,
}

/// A reader of bytes, borrowed or not.
struct Bytes<'a> {
    data: Cow<'a, [u8]>,
    at: usize,
}

impl Read for Bytes<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let rest = self.data.get(self.at..).unwrap_or_default();
        let count = rest.len().min(to.len());
        to[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

impl<'a> Zstd<'a> {
    fn new(data: Cow<'a, [u8]>) -> Result<Self, Damage> {
        let mut frame = Box::new(ruzstd::decoding::FrameDecoder::new());
        frame.set_max_window_size(MAX_WINDOW);
        let decoder = ruzstd::decoding::StreamingDecoder::new_with_decoder(Bytes { data, at: 0 }, frame)
            .map_err(|error| Damage(format!("Error in ZSTD_decompressStream(): {error}")))?;
        Ok(Self { decoder })
    }
}

impl Unpack for Zstd<'_> {
    fn read(&mut self, row: &mut [u8]) -> Result<(), Damage> {
        self.decoder.read_exact(row).map_err(|error| Damage(format!("Error in ZSTD_decompressStream(): {error}")))
    }
}

struct Facsimile<'a> {
    ccitt: Ccitt<'a>,
    row: u32,
}

impl Unpack for Facsimile<'_> {
    fn read(&mut self, row: &mut [u8]) -> Result<(), Damage> {
        let decoded = self.ccitt.row(row);
        let number = self.row;
        self.row = self.row.saturating_add(1);
        decoded.map_err(|_| Damage(format!("Bad code word at line {number}")))
    }
}

struct Jpeg<'a> {
    strip: jpeg::AbbreviatedDecoder<'a>,
}

impl Unpack for Jpeg<'_> {
    fn read(&mut self, row: &mut [u8]) -> Result<(), Damage> {
        self.strip.row(row).map_err(Damage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Strings grow longer than rows, and than many of them.
    #[test]
    fn one_colour_is_read_in_rows_of_any_length() {
        for length in (1..30).chain([63, 125, 1000]) {
            let rows = 3000;
            let mut encoder = weezl::encode::Configuration::with_tiff_size_switch(BitOrder::Msb, 8).build();
            let data = encoder.encode(&vec![255; rows * length]).unwrap();
            let mut lzw = Lzw::new(Cow::Owned(data));
            for row in 0..rows {
                let mut samples = vec![0; length];
                assert!(lzw.read(&mut samples).is_ok(), "row {row} of {length}");
                assert!(samples.iter().all(|&sample| sample == 255), "row {row} of {length}");
            }
            assert!(lzw.read(&mut [0]).is_err(), "{length}");
        }
    }
}
