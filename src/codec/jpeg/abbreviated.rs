//! JPEG streams inside other formats: parts of an image, whose tables may stand elsewhere. Source: ITU-T T.81, B.4 and
//! B.5; Adobe Photoshop TIFF technical note 2.

use std::{borrow::Cow, io::Cursor};

use super::{
    ChromaSubsampling,
    decode::{Bytes, Decoder, Pixels},
    encode::{Layout, Settings, Writer},
    ffi::sentences,
};

/// What the components of a stream are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::codec) enum Colours {
    /// To be converted to RGB.
    YCbCr,
    AsStored,
}

/// Begins every stream.
const START: [u8; 2] = [0xff, 0xd8];
/// Ends every stream.
const END: [u8; 2] = [0xff, 0xd9];

/// Adobe's APP14 segment up to the byte that says whether the components were transformed.
const ADOBE: [u8; 15] = *b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00";

/// Decodes the rows of one stream.
pub(in crate::codec) struct AbbreviatedDecoder<'a> {
    pixels: Pixels<'a>,
    /// Room for a row when the stream's is longer than what is wanted.
    whole_row: Vec<u8>,
    row_samples: usize,
}

impl<'a> AbbreviatedDecoder<'a> {
    /// `tables` is a stream without an image, or nothing. The stream must have as many components as samples are wanted,
    /// and be at least of the size (width, height, samples). The error is a sentence.
    pub(in crate::codec) fn open(
        data: Cow<'a, [u8]>,
        tables: &[u8],
        colours: Colours,
        (width, height, samples): (u32, u32, usize),
    ) -> Result<Self, String> {
        let picture = data.strip_prefix(&START).ok_or_else(|| match data[..] {
            [first, second, ..] => format!("Not a JPEG file: starts with 0x{first:02x} 0x{second:02x}"),
            _ => "Premature end of JPEG file".to_owned(),
        })?;
        let tables = tables.strip_prefix(&START).unwrap_or_default();
        let tables = tables.strip_suffix(&END).unwrap_or(tables);
        let transform = match (samples, colours) {
            (3, Colours::YCbCr) => 1,
            (4, Colours::YCbCr) => 2,
            _ => 0,
        };
        let mut stream = Vec::new();
        stream
            .try_reserve_exact(data.len() + tables.len() + 2 * ADOBE.len())
            .map_err(|_| "Out of memory".to_owned())?;
        // Says what the components are, which a stream of its own would leave to be guessed.
        for part in [&START[..], &ADOBE, &[transform], tables, picture] {
            stream.extend_from_slice(part);
        }
        let mut decoder = Decoder::new(Bytes::Stream(Box::new(Cursor::new(stream))), true, false, &[]);
        let info = decoder.read_header().map_err(|_| last(&sentences(decoder.messages())))?;
        if info.components != samples {
            return Err(format!("Improper JPEG component count {}", info.components));
        }
        if info.width < width || info.height < height {
            return Err(format!(
                "Improper JPEG strip/tile size, expected {width}x{height}, got {}x{}",
                info.width, info.height
            ));
        }
        let pixels = Pixels::start(decoder, &info, 1, false).map_err(|said| last(&said))?;
        let decoded = pixels.row_samples();
        let row_samples = width as usize * samples;
        let mut whole_row = Vec::new();
        if decoded < row_samples {
            return Err("Improper JPEG sampling factors".to_owned());
        }
        if decoded > row_samples {
            whole_row.try_reserve_exact(decoded).map_err(|_| "Out of memory".to_owned())?;
            whole_row.resize(decoded, 0);
        }
        Ok(Self { pixels, whole_row, row_samples })
    }

    /// Writes the next row of width × samples bytes.
    pub(in crate::codec) fn row(&mut self, row: &mut [u8]) -> Result<(), String> {
        let read = if self.whole_row.is_empty() {
            self.pixels.row(row)
        } else {
            let read = self.pixels.row(&mut self.whole_row);
            let count = self.row_samples.min(row.len());
            row[..count].copy_from_slice(&self.whole_row[..count]);
            read
        };
        read.map_err(|_| last(&self.pixels.messages()))
    }
}

/// How parts of an image are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::codec) struct AbbreviatedSettings {
    pub(in crate::codec) width: u32,
    pub(in crate::codec) height: u32,
    /// 1 grey, 3 RGB that becomes YCbCr, 4 CMYK as it is.
    pub(in crate::codec) samples: usize,
    /// 1 to 100; from 90 on chroma is not subsampled.
    pub(in crate::codec) quality: u32,
    /// The usual Huffman tables, which can be shared, rather than those that suit the part best.
    pub(in crate::codec) shared_tables: bool,
}

/// Quality from which chroma has as many samples as luma.
pub(in crate::codec) const FULL_CHROMA: u32 = 90;

/// Encodes the rows of a part: a stream of the tables that all parts with these settings share, and one of the image.
pub(in crate::codec) fn encode_abbreviated(
    rows: &[u8],
    settings: AbbreviatedSettings,
) -> Result<(Vec<u8>, Vec<u8>), String> {
    let AbbreviatedSettings { width, height, samples, quality, shared_tables } = settings;
    let settings = Settings {
        width,
        height,
        layout: match samples {
            1 => Layout::Grey,
            3 => Layout::Rgb,
            _ => Layout::Cmyk,
        },
        quality,
        subsampling: if quality >= FULL_CHROMA { ChromaSubsampling::None } else { ChromaSubsampling::Quarter },
        progressive: false,
        optimise_coding: !shared_tables,
        trellis: false,
        overshoot_deringing: false,
        optimise_scans: false,
        quantization_table: 0,
        jfif: None,
    };
    let mut stream = Vec::new();
    let encoded = Writer::new(&settings, &mut stream).and_then(|mut writer| {
        rows.chunks_exact(width as usize * samples).try_for_each(|row| writer.row(row))?;
        writer.finish()
    });
    encoded.map_err(|error| error.to_string().replace("VipsJpeg: ", ""))?;
    Ok(split(&stream, shared_tables))
}

/// Takes the quantization tables, and with `all` the Huffman tables, out of a stream into one of their own.
fn split(stream: &[u8], all: bool) -> (Vec<u8>, Vec<u8>) {
    const QUANTIZATION: u8 = 0xdb;
    const HUFFMAN: u8 = 0xc4;
    const ADOBE: u8 = 0xee;
    const SCAN: u8 = 0xda;
    let (mut tables, mut picture) = (START.to_vec(), START.to_vec());
    let mut rest = stream.strip_prefix(&START).unwrap_or_default();
    while let &[0xff, marker, high, low, ..] = rest
        && marker != SCAN
    {
        let (segment, next) = rest.split_at(rest.len().min(2 + usize::from(u16::from_be_bytes([high, low]))));
        match marker {
            QUANTIZATION => tables.extend_from_slice(segment),
            HUFFMAN if all => tables.extend_from_slice(segment),
            // What the components are is said elsewhere.
            ADOBE => {}
            _ => picture.extend_from_slice(segment),
        }
        rest = next;
    }
    picture.extend_from_slice(rest);
    tables.extend_from_slice(&END);
    (tables, picture)
}

/// The last thing that was said.
fn last(messages: &str) -> String {
    messages.lines().last().unwrap_or_default().replace("VipsJpeg: ", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(samples: usize, quality: u32, shared_tables: bool) -> f64 {
        let (width, height) = (40, 24);
        let rows: Vec<u8> = (0..width * height * samples as u32).map(|at| (at / 9 % 200) as u8).collect();
        let settings = AbbreviatedSettings { width, height, samples, quality, shared_tables };
        let (tables, picture) = encode_abbreviated(&rows, settings).unwrap();
        let colours = if samples == 3 { Colours::YCbCr } else { Colours::AsStored };
        let size = (width, height, samples);
        let mut decoder = AbbreviatedDecoder::open(Cow::Owned(picture), &tables, colours, size).unwrap();
        let mut decoded = vec![0; rows.len()];
        decoded.chunks_exact_mut(width as usize * samples).for_each(|row| decoder.row(row).unwrap());
        rows.iter().zip(&decoded).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / rows.len() as f64
    }

    #[test]
    fn what_is_written_is_read() {
        for (samples, quality, shared) in [(1, 95, false), (3, 95, true), (4, 95, false), (4, 95, true), (3, 89, false)]
        {
            let difference = round_trip(samples, quality, shared);
            assert!(difference < 4.0, "{samples} {quality} {shared}: {difference}");
        }
    }

    #[test]
    fn damage_is_a_sentence() {
        let open = |data: &'static [u8]| {
            AbbreviatedDecoder::open(Cow::Borrowed(data), &[], Colours::AsStored, (8, 8, 1)).err().unwrap()
        };
        assert_eq!(open(b"\x8d\x76\x00"), "Not a JPEG file: starts with 0x8d 0x76");
        assert!(!open(b"\xff\xd8\xff\xd9").is_empty());
        assert!(!open(b"\xff\xd8").is_empty());
    }
}
