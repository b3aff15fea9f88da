//! The modules of this codec together: images that come back, files that are cut or changed.

use super::{CODEC, HeifOptions};
use crate::{
    codec::{EncodeJob, Input, LoadShrink, ReadOptions},
    error::Result,
    image::{ColourSpace, Depth, Image, PixelFormat, Samples, Spec},
    meta::Metadata,
    options::Value,
};

const WIDTH: u32 = 21;
const HEIGHT: u32 = 13;

fn picture(space: ColourSpace, alpha: bool) -> Image {
    let depth = if space.is_16_bit() { Depth::U16 } else { Depth::U8 };
    let spec = Spec::new(WIDTH, HEIGHT, PixelFormat::new(space, depth, alpha));
    let count = spec.samples().unwrap();
    let sample = |at: usize| at.wrapping_mul(2_654_435_761) >> 7;
    let samples = match depth {
        Depth::U8 => Samples::U8((0..count).map(|at| sample(at) as u8).collect()),
        // As many bits as the format holds at most.
        _ => Samples::U16((0..count).map(|at| sample(at) as u16 & 0xfff0).collect()),
    };
    Image::from_samples(spec, samples).unwrap()
}

fn options(changes: &[(&str, Value)]) -> Value {
    let mut entries: Vec<(String, Value)> =
        HeifOptions::defaults().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    for (key, value) in changes {
        entries.retain(|(other, _)| other != key);
        entries.push(((*key).to_owned(), value.clone()));
    }
    Value::Map(entries)
}

fn encode(image: Image, changes: &[(&str, Value)], metadata: &Metadata) -> Vec<u8> {
    let mut out = Vec::new();
    let job = EncodeJob { options: &options(changes), metadata, gain_map: None };
    (CODEC.encoder.as_ref().unwrap().encode)(&mut image.into_rows(), &job, &mut out).unwrap();
    out
}

fn decode(bytes: &[u8]) -> Result<(Metadata, Image)> {
    let decoder = CODEC.decoder.as_ref().unwrap();
    let (input, read) = (Input::Bytes(bytes), ReadOptions::default());
    let header = (decoder.header)(&input, &read)?;
    // What a limit on pixels is for.
    if u64::from(header.spec.width) * u64::from(header.spec.height) > 1 << 20 {
        return Ok((header.metadata, picture(ColourSpace::Grey, false)));
    }
    let image = Image::collect((decoder.decode)(&input, &read, LoadShrink::None)?.as_mut())?;
    assert_eq!(image.spec(), header.spec);
    Ok((header.metadata, image))
}

const LOSSLESS: (&str, Value) = ("heifLossless", Value::Bool(true));

#[test]
fn lossless_images_come_back() {
    for (space, alpha, bitdepth) in
        [(ColourSpace::Srgb, false, 8.0), (ColourSpace::Srgb, true, 8.0), (ColourSpace::Rgb16, true, 12.0)]
    {
        let image = picture(space, alpha);
        let bytes = encode(image.clone(), &[LOSSLESS, ("heifBitdepth", bitdepth.into())], &Metadata::default());
        let (metadata, back) = decode(&bytes).unwrap();
        assert_eq!(back, image);
        assert_eq!((metadata.bits_per_sample, metadata.pages), (Some(bitdepth as u8), Some(1)));
    }
}

#[test]
fn grey_comes_back_as_three_channels() {
    let image = picture(ColourSpace::Grey, false);
    let (_, back) = decode(&encode(image.clone(), &[LOSSLESS], &Metadata::default())).unwrap();
    let [grey, colour] = [&image, &back].map(|image| image.as_slice::<u8>().unwrap());
    assert!(grey.iter().zip(colour.as_chunks::<3>().0).all(|(grey, pixel)| pixel == &[*grey; 3]));
}

#[test]
fn metadata_comes_back_and_orientation_is_applied() {
    let metadata = Metadata {
        orientation: Some(6),
        exif: Some(b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0".to_vec()),
        icc: Some(vec![7; 130]),
        xmp: Some(b"<x/>".to_vec()),
        ..Metadata::default()
    };
    let (back, image) = decode(&encode(picture(ColourSpace::Srgb, true), &[LOSSLESS], &metadata)).unwrap();
    assert_eq!((back.orientation, image.spec().width, image.spec().height), (None, HEIGHT, WIDTH));
    assert_eq!((back.exif, back.icc, back.xmp), (metadata.exif, metadata.icc, metadata.xmp));
}

#[test]
fn a_file_that_is_cut_anywhere_gives_an_error() {
    let bytes = encode(picture(ColourSpace::Srgb, true), &[], &Metadata::default());
    for len in 0..bytes.len() {
        assert!(decode(&bytes[..len]).is_err(), "{len} of {} bytes", bytes.len());
    }
}

#[test]
fn a_changed_byte_gives_an_image_or_an_error() {
    let bytes = encode(picture(ColourSpace::Srgb, true), &[], &Metadata::default());
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= [1, 0x80, 0xff][at % 3];
        let _ = decode(&changed);
    }
}
