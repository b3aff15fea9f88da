//! Animations: what is written is read, what frames ask for is done, and damage is an error or an image.

use super::{
    CODEC, PngOptions, SIGNATURE, chunks,
    control::{Control, Disposal},
};
use crate::{
    codec::{EncodeJob, Header, Input, LoadShrink, ReadOptions},
    error::Result,
    image::{ColourSpace, Depth, Image, PixelFormat, Samples, Spec},
    meta::Metadata,
    options::{FailOn, Value},
};

/// A dot that moves over a ground; its way is seen through where there is alpha.
fn film(space: ColourSpace, alpha: bool) -> Image {
    let spec = Spec::new(20, 60, PixelFormat::new(space, space.depth(), alpha));
    let channels = spec.format.channels();
    let values = (0..spec.samples().unwrap()).map(|at| {
        let (pixel, channel) = (at / channels, at % channels);
        let (x, frame, y) = ((pixel % 20) as u32, (pixel / 20 / 15) as u32, (pixel / 20 % 15) as u32);
        let dot = frame > 0 && x.abs_diff(4 + frame * 3) + y.abs_diff(7) < 4;
        match (dot, alpha && channel + 1 == channels) {
            (true, false) => 250 - 90 * channel as u32,
            (false, false) => y * 10,
            (dot, true) => {
                if dot {
                    255
                } else {
                    y * 4
                }
            }
        }
    });
    let samples = match spec.format.depth {
        Depth::U16 => Samples::U16(values.map(|value| value as u16 * 257).collect()),
        _ => Samples::U8(values.map(|value| value as u8).collect()),
    };
    Image::from_samples(spec, samples).unwrap()
}

fn timed() -> Metadata {
    Metadata { page_height: Some(15), delay: vec![40, 0, 70, 100], loop_count: Some(5), ..Metadata::default() }
}

fn encode(image: &Image, entries: &[(&str, Value)]) -> Vec<u8> {
    let mut bag: Vec<_> = PngOptions::defaults().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    for (key, value) in [&[("pngAnimation", true.into())], entries].concat() {
        bag.retain(|(name, _)| name != key);
        bag.push((key.to_owned(), value));
    }
    let (bag, metadata, mut out) = (Value::Map(bag), timed(), Vec::new());
    let job = EncodeJob { options: &bag, metadata: &metadata, gain_map: None };
    (CODEC.encoder.as_ref().unwrap().encode)(&mut image.clone().into_rows(), &job, &mut out).unwrap();
    out
}

fn options(page: Option<u32>, pages: i32) -> ReadOptions {
    ReadOptions { page, pages, ..ReadOptions::default() }
}

fn header(bytes: &[u8], options: &ReadOptions) -> Result<Header> {
    (CODEC.decoder.as_ref().unwrap().header)(&Input::Bytes(bytes), options)
}

fn decode(bytes: &[u8], options: &ReadOptions) -> Result<Image> {
    let input = Input::Bytes(bytes);
    let mut rows = (CODEC.decoder.as_ref().unwrap().decode)(&input, options, LoadShrink::None)?;
    assert_eq!(rows.spec(), header(bytes, options)?.spec);
    Image::collect(&mut *rows)
}

#[test]
fn frames_of_every_layout_come_back() {
    for space in [ColourSpace::Grey, ColourSpace::Srgb, ColourSpace::Grey16, ColourSpace::Rgb16] {
        for alpha in [false, true] {
            let image = film(space, alpha);
            for progressive in [false, true] {
                for level in [0.0, 6.0] {
                    let bytes = encode(
                        &image,
                        &[("pngProgressive", progressive.into()), ("pngCompressionLevel", level.into())],
                    );
                    assert!(decode(&bytes, &options(None, -1)).unwrap() == image, "{space:?} {alpha} {progressive}");
                }
            }
        }
    }
}

#[test]
fn frames_share_a_palette() {
    let image = film(ColourSpace::Srgb, true);
    for progressive in [false, true] {
        let bytes = encode(&image, &[("pngPalette", true.into()), ("pngProgressive", progressive.into())]);
        let read = decode(&bytes, &options(None, -1)).unwrap();
        // What cannot be seen has lost its colour.
        let pixels = |image: &Image| -> Vec<[u8; 4]> {
            let pixels = image.as_slice::<u8>().unwrap().as_chunks::<4>().0;
            pixels.iter().map(|pixel| if pixel[3] == 0 { [0; 4] } else { *pixel }).collect()
        };
        assert!(pixels(&read) == pixels(&image));
        assert!(header(&bytes, &options(None, 1)).unwrap().metadata.palette);
    }
}

#[test]
fn pages_are_chosen() {
    let image = film(ColourSpace::Srgb, false);
    let bytes = encode(&image, &[]);
    let samples = image.as_slice::<u8>().unwrap();
    for (page, pages, rows) in [(None, 1, 0..15), (Some(1), 1, 15..30), (Some(2), -1, 30..60), (None, 3, 0..45)] {
        let read = decode(&bytes, &options(page, pages)).unwrap();
        assert_eq!(read.as_slice::<u8>().unwrap(), &samples[rows.start * 60..rows.end * 60]);
    }
    let told = header(&bytes, &options(None, -1)).unwrap();
    assert_eq!((told.frames(), told.metadata.pages, told.metadata.loop_count), (4, Some(4), Some(5)));
    assert_eq!(told.metadata.delay, [40, 0, 70, 100]);
    for (page, pages) in [(Some(4), 1), (Some(0), 5), (Some(0), 0)] {
        let error = header(&bytes, &options(page, pages)).unwrap_err().to_string();
        assert_eq!(error, "Input buffer has corrupt header: bad page number");
    }
}

#[test]
fn without_being_asked_frames_are_one_tall_image() {
    let bytes = encode(&film(ColourSpace::Srgb, false), &[("pngAnimation", false.into())]);
    let told = header(&bytes, &options(None, -1)).unwrap();
    assert_eq!((told.spec.height, told.metadata.pages), (60, None));
}

/// A file of one row with a hidden default image and frames: their control and their bytes of RGBA.
fn hidden(width: u32, frames: &[(Control, &[u8])]) -> Vec<u8> {
    let mut bytes = SIGNATURE.to_vec();
    let mut put = |name: &[u8; 4], data: &[u8]| chunks::write(&mut bytes, name, data).unwrap();
    let zlib = |row: &[u8]| {
        let (line, mut stream) = ([&[0][..], row].concat(), vec![0; 200]);
        zlib_rs::compress_slice(&mut stream, &line, zlib_rs::DeflateConfig::new(6)).0.to_vec()
    };
    put(b"IHDR", &[&width.to_be_bytes()[..], &[0, 0, 0, 1, 8, 6, 0, 0, 0]].concat());
    put(b"acTL", &[(frames.len() as u32).to_be_bytes(), [0; 4]].concat());
    put(b"IDAT", &zlib(&vec![9; width as usize * 4]));
    for (index, (control, row)) in frames.iter().enumerate() {
        put(b"fcTL", &control.to_bytes(index as u32 * 2));
        put(b"fdAT", &[&(index as u32 * 2 + 1).to_be_bytes()[..], &zlib(row)].concat());
    }
    put(b"IEND", &[]);
    bytes
}

const fn control(left: u32, width: u32, disposal: Disposal, over: bool) -> Control {
    Control { width, height: 1, left, top: 0, delay: 0, disposal, over }
}

#[test]
fn frames_are_laid_over_replaced_cleared_and_taken_back() {
    let (red, blue, glass, empty) = ([255, 0, 0, 255], [0, 0, 255, 255], [0, 255, 0, 51], [0; 4]);
    let both = [red, red].concat();
    let file = hidden(
        2,
        &[
            (control(0, 2, Disposal::Keep, false), &both),
            (control(1, 1, Disposal::Previous, false), &blue),
            (control(0, 1, Disposal::Keep, true), &glass),
            (control(1, 1, Disposal::Clear, false), &glass),
            (control(0, 1, Disposal::Keep, false), &blue),
        ],
    );
    // A fifth of green over red.
    let mixed = [204, 51, 0, 255];
    let expected = [[red, red], [red, blue], [mixed, red], [mixed, glass], [blue, empty]].concat().concat();
    assert_eq!(decode(&file, &options(None, -1)).unwrap().into_samples(), Samples::U8(expected));
    assert_eq!(decode(&file, &options(None, 1)).unwrap().into_samples(), Samples::U8(vec![9; 8]));
    assert_eq!(decode(&file, &options(Some(0), 1)).unwrap().into_samples(), Samples::U8(both));
}

#[test]
fn what_is_before_the_first_frame_is_transparent() {
    let glass = [10, 20, 30, 40];
    let file =
        hidden(2, &[(control(1, 1, Disposal::Previous, true), &glass), (control(0, 1, Disposal::Keep, true), &glass)]);
    let expected = [[0; 4], glass, glass, [0; 4]].concat();
    assert_eq!(decode(&file, &options(None, -1)).unwrap().into_samples(), Samples::U8(expected));
}

#[test]
fn frames_beyond_the_canvas_leave_the_still_image() {
    let blue = [0, 0, 255, 255];
    let file =
        hidden(1, &[(control(0, 1, Disposal::Keep, false), &blue), (control(1, 1, Disposal::Keep, false), &blue)]);
    assert_eq!(header(&file, &options(None, -1)).unwrap().metadata.pages, None);
    assert_eq!(decode(&file, &options(None, -1)).unwrap().into_samples(), Samples::U8(vec![9; 4]));
    let lenient = ReadOptions { fail_on: FailOn::None, ..options(None, -1) };
    assert_eq!(header(&file, &lenient).unwrap().metadata.pages, Some(1));
    assert_eq!(decode(&file, &lenient).unwrap().into_samples(), Samples::U8(blue.to_vec()));
    // Without any frame it is a still image.
    let file = hidden(1, &[(control(1, 1, Disposal::Keep, false), &blue)]);
    assert_eq!(header(&file, &options(None, -1)).unwrap().metadata.pages, None);
    assert_eq!(decode(&file, &options(None, -1)).unwrap().into_samples(), Samples::U8(vec![9; 4]));
}

#[test]
fn damaged_files_give_an_error_or_an_image() {
    let bytes = encode(&film(ColourSpace::Srgb, true), &[]);
    let try_all = |bytes: &[u8]| {
        for fail_on in [FailOn::None, FailOn::Warning] {
            let all = ReadOptions { fail_on, ..options(None, -1) };
            let small = |header: &Header| u64::from(header.spec.width) * u64::from(header.spec.height) < 4_000_000;
            if header(bytes, &all).is_ok_and(|header| small(&header))
                && let Ok(image) = decode(bytes, &all)
            {
                assert_eq!(image.as_slice::<u8>().map_or(0, <[u8]>::len), image.spec().samples().unwrap());
            }
        }
    };
    for at in 8..bytes.len() {
        try_all(&bytes[..at]);
        for flip in [0x01, 0x08, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            try_all(&damaged);
        }
    }
    // Cut within the last frame, the others are there.
    let lenient = ReadOptions { fail_on: FailOn::None, ..options(None, -1) };
    assert_eq!(decode(&bytes[..bytes.len() - 30], &lenient).unwrap().spec().height, 60);
    // Else the still image is shown, as programs show it that know nothing of frames.
    let strict = decode(&bytes[..bytes.len() - 30], &options(None, -1)).unwrap();
    assert_eq!(strict, decode(&bytes, &options(None, 1)).unwrap());
}
