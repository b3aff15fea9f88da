//! Round trips of encoder and decoder, and damaged files.

use super::{CODEC, lzw_decode, lzw_encode};
use crate::{
    codec::{EncodeJob, Input, LoadShrink, ReadOptions},
    error::Result,
    image::{ColourSpace, Depth, Image, PixelFormat, Samples, Spec},
    meta::Metadata,
    options::{Bag, FailOn, Value},
};

const ALL: ReadOptions = ReadOptions {
    fail_on: FailOn::Warning,
    page: None,
    pages: -1,
    max_pixels: 0,
    unlimited: false,
    subifd: -1,
    density: 72.0,
    svg_stylesheet: None,
    gain_map: false,
};

fn options(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

/// An image of the colours that `colour` gives for each place.
fn picture(width: u32, height: u32, alpha: bool, colour: impl Fn(u32, u32) -> [u8; 4]) -> Image {
    let spec = Spec::new(width, height, PixelFormat::new(ColourSpace::Srgb, Depth::U8, alpha));
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let samples = places.flat_map(|(x, y)| colour(x, y).into_iter().take(spec.format.channels())).collect();
    Image::from_samples(spec, Samples::U8(samples)).unwrap()
}

fn encode(image: &Image, options: &Value, metadata: &Metadata) -> Vec<u8> {
    let mut out = Vec::new();
    let job = EncodeJob { options: options as &dyn Bag, metadata, gain_map: None };
    (CODEC.encoder.as_ref().unwrap().encode)(&mut image.clone().into_rows(), &job, &mut out).unwrap();
    out
}

fn decode(bytes: &[u8], options: &ReadOptions) -> Result<(Image, Metadata)> {
    let input = Input::Bytes(bytes);
    let decoder = CODEC.decoder.as_ref().unwrap();
    let header = (decoder.header)(&input, options)?;
    let mut rows = (decoder.decode)(&input, options, LoadShrink::None)?;
    assert_eq!(rows.spec(), header.spec);
    Ok((Image::collect(&mut *rows)?, header.metadata))
}

/// The samples without alpha.
fn rgb(image: &Image) -> Vec<u8> {
    let channels = image.spec().format.channels();
    image.as_slice::<u8>().unwrap().chunks_exact(channels).flat_map(|pixel| pixel[..3].to_vec()).collect()
}

/// A dot that moves over a ground; the dot's way is transparent when there is alpha.
fn film(alpha: bool) -> Image {
    picture(20, 60, alpha, |x, y| {
        let (frame, y) = (y / 15, y % 15);
        if x.abs_diff(4 + frame * 3) + y.abs_diff(7) < 4 {
            [250, (x * 9) as u8, 20, 255]
        } else if alpha && y > 4 {
            [0; 4]
        } else {
            [(y * 10) as u8, 60, 90, 255]
        }
    })
}

fn timed() -> Metadata {
    Metadata { page_height: Some(15), delay: vec![40, 0, 70, 100], loop_count: Some(5), ..Metadata::default() }
}

#[test]
fn codes_of_every_width_come_back() {
    let mut state = 1u32;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    };
    for size in 2..=8 {
        for (count, repeat) in [(0, 1), (1, 1), (2, 1), (300, 3), (70_000, 1), (70_000, 50), (400_000, 4000)] {
            let indices: Vec<u8> = (0..count)
                .map(|at| if at % repeat == 0 { random() } else { at / repeat } as u8 & (0xff >> (8 - size)))
                .collect();
            let mut bytes = Vec::new();
            lzw_encode::encode(indices.iter().copied(), size, &mut bytes);
            assert_eq!(u32::from(bytes[0]), size);
            let mut at = 1;
            let blocks = std::iter::from_fn(|| {
                let len = usize::from(bytes[at]);
                at += len + 1;
                (len > 0).then(|| &bytes[at - len..at])
            });
            let mut out = vec![0; count as usize + 5];
            let len = lzw_decode::Decoder::new().decode(blocks, size, &mut out);
            assert_eq!(len, if count == 0 { Err(lzw_decode::BadCode) } else { Ok(count as usize) });
            assert!(out[..count as usize] == indices, "{size} bits, {count} indices");
        }
    }
}

#[test]
fn few_colours_are_exact() {
    for alpha in [false, true] {
        for progressive in [false, true] {
            let image = picture(23, 19, alpha, |x, y| match (x * 7 + y * 3) % 11 {
                0 if alpha => [0; 4],
                n => [n as u8 * 20, 255 - n as u8, y as u8 & 7, 255],
            });
            let bytes = encode(&image, &options(&[("gifProgressive", progressive.into())]), &Metadata::default());
            let (decoded, metadata) = decode(&bytes, &ReadOptions::default()).unwrap();
            assert!(decoded == image);
            assert_eq!((metadata.progressive, metadata.pages), (progressive, Some(1)));
        }
    }
}

#[test]
fn animations_are_tall_images() {
    for alpha in [false, true] {
        let bytes = encode(&film(alpha), &options(&[]), &timed());
        let (decoded, metadata) = decode(&bytes, &ALL).unwrap();
        assert_eq!((metadata.pages, metadata.page_height, metadata.loop_count), (Some(4), Some(15), Some(5)));
        assert_eq!(metadata.delay, [40, 0, 70, 100]);
        assert!(rgb(&decoded) == rgb(&film(alpha)));
        for page in 0..4 {
            let one = ReadOptions { page: Some(page), pages: 1, ..ReadOptions::default() };
            let (frame, _) = decode(&bytes, &one).unwrap();
            let len = frame.spec().samples().unwrap();
            let start = len * page as usize;
            assert_eq!(frame.as_slice::<u8>().unwrap(), &decoded.as_slice::<u8>().unwrap()[start..start + len]);
        }
    }
}

#[test]
fn alike_frames_become_one_unless_they_are_kept() {
    let still = picture(8, 24, false, |x, _| [x as u8, 0, 0, 255]);
    let metadata = Metadata { page_height: Some(8), delay: vec![100, 200, 300], ..Metadata::default() };
    let read = |options: &Value| decode(&encode(&still, options, &metadata), &ALL).unwrap().1;
    assert_eq!(read(&options(&[])).delay, [600]);
    assert_eq!(read(&options(&[("gifKeepDuplicateFrames", true.into())])).delay, [100, 200, 300]);
}

#[test]
fn small_changes_are_passed_over_when_asked_to() {
    let image = picture(30, 60, false, |x, y| [(x * 8) as u8, if y < 30 { 100 } else { 103 }, 9, 255]);
    let metadata = Metadata { page_height: Some(30), ..Metadata::default() };
    let pages = |error: f64| {
        let options = options(&[("gifInterFrameMaxError", error.into())]);
        decode(&encode(&image, &options, &metadata), &ALL).unwrap().1.pages
    };
    assert_eq!((pages(2.0), pages(3.0)), (Some(2), Some(1)));
}

#[test]
fn many_colours_are_near() {
    let image = picture(120, 90, false, |x, y| [(x * 2) as u8, (y * 2) as u8, (x + y) as u8, 255]);
    for (bits, mean) in [(8.0, 4.0), (4.0, 14.0), (1.0, 50.0)] {
        let bytes = encode(&image, &options(&[("gifBitdepth", bits.into())]), &Metadata::default());
        let (decoded, metadata) = decode(&bytes, &ReadOptions::default()).unwrap();
        assert_eq!(f64::from(metadata.bits_per_sample.unwrap()), bits);
        let pairs = decoded.as_slice::<u8>().unwrap().iter().zip(image.as_slice::<u8>().unwrap());
        let sum: u32 = pairs.clone().map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        assert!(f64::from(sum) / (pairs.len() as f64) < mean, "{bits} bits: {}", f64::from(sum) / (pairs.len() as f64));
    }
}

#[test]
fn pages_that_are_not_there_are_refused() {
    let bytes = encode(&film(false), &options(&[]), &timed());
    for (page, pages) in [(4, 1), (0, 5), (3, 2), (4, -1), (0, 0), (u32::MAX, 2)] {
        let options = ReadOptions { page: Some(page), pages, ..ReadOptions::default() };
        let error = decode(&bytes, &options).unwrap_err().to_string();
        assert_eq!(error, "Input buffer has corrupt header: gifload_buffer: bad page number");
    }
}

#[test]
fn files_cut_anywhere_give_an_error_or_their_whole_frames() {
    let bytes = encode(&film(false), &options(&[]), &timed());
    let whole = film(false);
    let first = &whole.as_slice::<u8>().unwrap()[..20 * 15 * 3];
    for end in 0..bytes.len() {
        for fail_on in [FailOn::None, FailOn::Warning] {
            match decode(&bytes[..end], &ReadOptions { fail_on, ..ALL }) {
                Ok((image, metadata)) => {
                    assert_eq!(image.spec().height, 15 * metadata.pages.unwrap());
                    assert!(fail_on == FailOn::None || rgb(&image)[..first.len()] == *first);
                }
                Err(error) => assert!(error.to_string().contains("gifload_buffer: "), "cut at {end}: {error}"),
            }
        }
    }
}

#[test]
fn damaged_files_give_an_error_or_an_image() {
    for alpha in [false, true] {
        let bytes = encode(&film(alpha), &options(&[]), &timed());
        for at in 13..bytes.len() {
            for flip in [0x01, 0x08, 0x80, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at] ^= flip;
                let input = Input::Bytes(&damaged);
                let decoder = CODEC.decoder.as_ref().unwrap();
                let small = |header: &crate::codec::Header| {
                    u64::from(header.spec.width) * u64::from(header.spec.height) < 4_000_000
                };
                if (decoder.header)(&input, &ALL).is_ok_and(|header| small(&header))
                    && let Ok((image, _)) = decode(&damaged, &ALL)
                {
                    assert_eq!(image.as_slice::<u8>().unwrap().len(), image.spec().samples().unwrap());
                }
            }
        }
    }
}
