//! Windows icons: a list of images, of which the largest is read, with the most colours where several are as large. Each is
//! a PNG or a bitmap with a mask. Source: Microsoft, "Icons", and the headers of device-independent bitmaps.

mod bitmap;

use bitmap::Bitmap;

use super::{Codec, Decoder, Header, Input, LoadShrink, Place, ReadOptions, ShrinkOnLoad, png};
use crate::{
    error::{Error, Result},
    image::{Image, RowSource},
    meta::Metadata,
};

/// The entry in the registry of formats.
pub static CODEC: Codec = Codec {
    id: "ico",
    media_type: Some("image/x-icon"),
    suffixes: &["ico"],
    place: Place::Anywhere,
    aliases: &[],
    loaders: &[],
    decoder: Some(Decoder::rows(sniff, header, decode)),
    encoder: None,
};

/// Bytes of the start of a file, and of an entry of its list.
const START: usize = 6;
const ENTRY: usize = 16;

/// Images that are looked at.
const MAX_ENTRIES: usize = 256;

/// A list with at least one entry. Its reserved byte is zero, or else its image does begin behind the list.
fn sniff(start: &[u8]) -> bool {
    let [0, 0, 1, 0, low, high, _, _, _, reserved, rest @ ..] = start else { return false };
    let count = usize::from(u16::from_le_bytes([*low, *high]));
    let offset = rest.get(8..12).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes));
    count > 0 && (*reserved == 0 || offset as usize == START + count * ENTRY)
}

/// One image of a file.
enum Picture<'a> {
    Png(&'a [u8]),
    Bitmap(Bitmap<'a>),
}

impl<'a> Picture<'a> {
    /// The image to read.
    fn choose(bytes: &'a [u8]) -> Option<Self> {
        let count = usize::from(u16::from_le_bytes([*bytes.get(4)?, *bytes.get(5)?])).min(MAX_ENTRIES);
        let entries = bytes.get(START..)?.as_chunks::<ENTRY>().0.iter().take(count);
        let picture = |entry: &[u8; ENTRY]| {
            let [.., l0, l1, l2, l3, o0, o1, o2, o3] = *entry;
            let (length, offset) = (u32::from_le_bytes([l0, l1, l2, l3]), u32::from_le_bytes([o0, o1, o2, o3]));
            // A length that is wrong is no harm: images say themselves how large they are.
            let data = bytes.get(offset as usize..)?;
            let data = if length == 0 { data } else { &data[..data.len().min(length as usize)] };
            Self::read(data)
        };
        // The first of those that are alike.
        entries.filter_map(picture).rev().max_by_key(|(rank, _)| *rank).map(|(_, picture)| picture)
    }

    /// The image with its pixels and its bits per pixel, by which it is chosen.
    fn read(data: &'a [u8]) -> Option<((u64, u32), Self)> {
        let area = |width: u32, height: u32| u64::from(width) * u64::from(height);
        if (png::CODEC.decoder.as_ref()?.sniff)(data) {
            let number = |at: usize| data.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
            // Of the kind that Apple's tools make, another chunk stands before the header.
            let header = if data.get(12..16) == Some(b"CgBI") { 32 } else { 16 };
            return Some(((area(number(header)?, number(header + 4)?), 32), Self::Png(data)));
        }
        let bitmap = Bitmap::read(data)?;
        Some(((area(bitmap.width, bitmap.height), bitmap.bits.into()), Self::Bitmap(bitmap)))
    }
}

/// Calls `with` the image that is read.
fn with_picture<T>(
    input: &Input<'_>,
    with: impl FnOnce(Picture<'_>) -> Result<T>,
    damaged: impl FnOnce() -> Error,
) -> Result<T> {
    let bytes = input.all()?;
    Picture::choose(&bytes).ok_or_else(damaged).and_then(with)
}

/// What reads the PNG within.
fn png_decoder() -> Result<&'static Decoder> {
    png::CODEC.decoder.as_ref().ok_or_else(|| Error::Internal("PNG is not read".into()))
}

/// Size and layout; reads no pixels.
fn header(input: &Input<'_>, options: &ReadOptions) -> Result<Header> {
    let read = |picture: Picture<'_>| match picture {
        Picture::Png(data) => {
            let Header { spec, metadata, .. } = (png_decoder()?.header)(&Input::Bytes(data), options)?;
            // Of what is said of the image, only what colours are.
            let metadata = Metadata { icc: metadata.icc, icc_is_coded: metadata.icc_is_coded, ..Metadata::default() };
            Ok(Header { spec, metadata, shrink: ShrinkOnLoad::None, planes: None })
        }
        Picture::Bitmap(bitmap) => {
            Ok(Header { spec: bitmap.spec(), metadata: Metadata::default(), shrink: ShrinkOnLoad::None, planes: None })
        }
    };
    with_picture(input, read, || Error::corrupt_header(input.origin(), "icoload: no picture that can be read"))
}

/// The pixels. The image is held whole.
fn decode<'a>(input: &'a Input<'a>, options: &ReadOptions, _shrink: LoadShrink) -> Result<Box<dyn RowSource + 'a>> {
    let read = |picture: Picture<'_>| match picture {
        Picture::Png(data) => {
            let input = Input::Bytes(data);
            Image::collect((png_decoder()?.decode)(&input, options, LoadShrink::None)?.as_mut())
        }
        Picture::Bitmap(bitmap) => bitmap.decode(options.fail_on),
    };
    let damaged = || Error::corrupt_pixels("icoload: no picture that can be read");
    Ok(Box::new(with_picture(input, read, damaged)?.into_rows()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_strict() {
        let mut icon = [0; 22];
        assert!(!sniff(&icon));
        icon[2] = 1;
        assert!(!sniff(&icon), "no entries");
        icon[4] = 1;
        assert!(sniff(&icon));
        icon[9] = 255;
        assert!(!sniff(&icon));
        icon[18] = 22;
        assert!(sniff(&icon));
        assert!(!sniff(b"\0\0\x01"));
    }

    #[test]
    fn no_damage_makes_a_panic() {
        let mut state = 1u32;
        let mut random = move |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        for bits in [1, 4, 8, 16, 24, 32] {
            let mut icon = b"\0\0\x01\0\x01\0\x05\x03\0\0\x01\0\0\0\0\0\0\0\x16\0\0\0".to_vec();
            icon.extend([40, 0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 1, 0, bits, 0]);
            icon.resize(22 + 40 + 1200, 77);
            icon[38..62].fill(0);
            for _ in 0..400 {
                let mut damaged = icon.clone();
                for _ in 0..1 + random(3) {
                    let at = random(70);
                    damaged[at] = random(256) as u8;
                }
                damaged.truncate(random(damaged.len()) + 1);
                let input = Input::Bytes(&damaged);
                let options = ReadOptions::default();
                let Ok(header) = header(&input, &options) else { continue };
                if u64::from(header.spec.width) * u64::from(header.spec.height) < 1 << 20
                    && let Ok(mut rows) = decode(&input, &options, LoadShrink::None)
                {
                    assert_eq!(rows.spec(), header.spec);
                    Image::collect(rows.as_mut()).unwrap();
                }
            }
        }
    }
}
