//! The codec as a whole: what is written is read, what is damaged is borne or told, and the bytes that others compare.

use super::{CODEC, PngOptions, chunks};
use crate::{
    codec::{EncodeJob, Input, LoadShrink, ReadOptions},
    error::Result,
    image::{ColourSpace, Depth, Image, PixelFormat, Samples, Spec},
    meta::{Density, DensityUnit, Metadata},
    options::{FailOn, Value},
};

const LAYOUTS: [(ColourSpace, bool); 8] = [
    (ColourSpace::Grey, false),
    (ColourSpace::Grey, true),
    (ColourSpace::Srgb, false),
    (ColourSpace::Srgb, true),
    (ColourSpace::Grey16, false),
    (ColourSpace::Grey16, true),
    (ColourSpace::Rgb16, false),
    (ColourSpace::Rgb16, true),
];

fn bag(entries: &[(&str, Value)]) -> Value {
    let mut all: Vec<_> = PngOptions::defaults().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    for (key, value) in entries {
        all.iter_mut().find(|(name, _)| name == key).unwrap().1 = value.clone();
    }
    Value::Map(all)
}

fn encode_with(image: &Image, options: &[(&str, Value)], metadata: &Metadata) -> Vec<u8> {
    let bag = bag(options);
    let job = EncodeJob { options: &bag, metadata, gain_map: None };
    let mut out = Vec::new();
    (CODEC.encoder.as_ref().unwrap().encode)(&mut image.clone().into_rows(), &job, &mut out).unwrap();
    out
}

fn encode(image: &Image, options: &[(&str, Value)]) -> Vec<u8> {
    encode_with(image, options, &Metadata::default())
}

fn read(bytes: &[u8], fail_on: FailOn) -> Result<Image> {
    let options = ReadOptions { fail_on, ..ReadOptions::default() };
    let input = Input::Bytes(bytes);
    let mut rows = (CODEC.decoder.as_ref().unwrap().decode)(&input, &options, LoadShrink::None)?;
    Image::collect(&mut *rows)
}

fn metadata(bytes: &[u8]) -> Metadata {
    (CODEC.decoder.as_ref().unwrap().header)(&Input::Bytes(bytes), &ReadOptions::default()).unwrap().metadata
}

/// A smooth image with some noise, flat in its lower half.
fn photo(width: u32, height: u32, (space, alpha): (ColourSpace, bool)) -> Image {
    let depth = if space.is_16_bit() { Depth::U16 } else { Depth::U8 };
    let spec = Spec::new(width, height, PixelFormat::new(space, depth, alpha));
    let mut state = 1u32;
    let channels = spec.format.channels();
    let values = (0..spec.samples().unwrap()).map(|index| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (pixel, channel) = (index / channels, index % channels);
        let (x, y) = (pixel % width as usize, pixel / width as usize);
        if y > height as usize / 2 { 9_000 } else { (x * 300 + y * 200 + channel * 5000) as u32 + (state >> 22) }
    });
    let samples = match depth {
        Depth::U16 => Samples::U16(values.map(|value| value as u16).collect()),
        _ => Samples::U8(values.map(|value| (value >> 8) as u8).collect()),
    };
    Image::from_samples(spec, samples).unwrap()
}

fn pixel(space: ColourSpace, alpha: bool, samples: &[u8]) -> Image {
    let spec = Spec::new(1, 1, PixelFormat::new(space, Depth::U8, alpha));
    Image::from_samples(spec, Samples::U8(samples.to_vec())).unwrap()
}

/// Offset of a chunk's data.
fn find(bytes: &[u8], name: &[u8; 4]) -> Option<usize> {
    bytes.windows(4).position(|window| window == name).map(|at| at + 4)
}

#[test]
fn every_layout_comes_back() {
    for layout in LAYOUTS {
        for (width, height) in [(1, 1), (3, 2), (9, 20), (300, 200)] {
            let image = photo(width, height, layout);
            for level in [0.0, 1.0, 6.0, 9.0] {
                for (progressive, adaptive) in [(false, false), (false, true), (true, false), (true, true)] {
                    let options = [
                        ("pngCompressionLevel", level.into()),
                        ("pngProgressive", progressive.into()),
                        ("pngAdaptiveFiltering", adaptive.into()),
                    ];
                    let bytes = encode(&image, &options);
                    let read = read(&bytes, FailOn::Warning);
                    assert!(read.is_ok_and(|read| read == image), "{layout:?} {width} {height} {options:?}");
                }
            }
        }
    }
}

#[test]
fn graphics_come_back_through_both_coders() {
    // Noise, then text-like repeats, then noise: the coders take turns.
    let (width, height) = (256, 1500);
    let spec = Spec::new(width, height, PixelFormat::new(ColourSpace::Srgb, Depth::U8, false));
    let mut state = 7u32;
    let samples = (0..spec.samples().unwrap())
        .map(|index| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if (index / 768 / 400) % 2 == 0 { (state >> 27) as u8 } else { (index * index / 7 % 61 * 4) as u8 }
        })
        .collect();
    let image = Image::from_samples(spec, Samples::U8(samples)).unwrap();
    for level in [1.0, 4.0, 6.0, 9.0] {
        assert!(read(&encode(&image, &[("pngCompressionLevel", level.into())]), FailOn::Warning).unwrap() == image);
    }
}

/// Size of the rows, unfiltered, as a zlib stream.
fn plain_size(samples: &[u8], row: usize, level: i32) -> usize {
    let unfiltered: Vec<u8> = samples.chunks(row).flat_map(|row| std::iter::once(&0).chain(row)).copied().collect();
    let mut out = vec![0; zlib_rs::compress_bound(unfiltered.len())];
    zlib_rs::compress_slice(&mut out, &unfiltered, zlib_rs::DeflateConfig::new(level)).0.len()
}

#[test]
fn drawings_are_no_larger_than_unfiltered() {
    // Glyph-like blocks that repeat, on a page; a soft shadow with alpha; stripes below a photo.
    let (width, height) = (500usize, 600usize);
    let page = |x: usize, y: usize| {
        let glyph = (x / 9 * 7 + y / 14 * 31) % 26;
        let ink = y % 14 < 10 && x % 9 < 7 && ((glyph * 2_654_435_761) >> ((x % 9 + y % 14 * 7) % 23)) & 1 == 1;
        if ink { [20, 20, (x % 9 * 8) as u8, 255] } else { [255; 4] }
    };
    let shadow = |x: usize, y: usize| {
        let far = x.abs_diff(250).max(y.abs_diff(300));
        [0, 0, 0, if far < 100 { 255 } else { (255usize.saturating_sub((far - 100) * 4)) as u8 }]
    };
    let mixed = |x: usize, y: usize| {
        if y < 250 {
            let noise = ((x * 7919 + y * 104_729) * 2_654_435_761) >> 9;
            [(x / 3 + noise % 7) as u8, (y / 2 + noise % 5) as u8, (x / 5 + y / 7 + noise % 9) as u8, 255]
        } else {
            [(x * x / 7 % 61 * 4) as u8, (x * 3 % 17) as u8, 7, 255]
        }
    };
    let drawings: [&dyn Fn(usize, usize) -> [u8; 4]; 3] = [&page, &shadow, &mixed];
    for (index, draw) in drawings.iter().enumerate() {
        let samples: Vec<u8> = (0..height).flat_map(|y| (0..width).flat_map(move |x| draw(x, y))).collect();
        let spec = Spec::new(width as u32, height as u32, PixelFormat::new(ColourSpace::Srgb, Depth::U8, true));
        for level in [6, 9] {
            let most = plain_size(&samples, width * 4, level) * 103 / 100 + 150;
            let image = Image::from_samples(spec, Samples::U8(samples.clone())).unwrap();
            let bytes = encode(&image, &[("pngCompressionLevel", f64::from(level).into())]);
            assert!(bytes.len() <= most, "drawing {index}, level {level}: {} of {most}", bytes.len());
            assert!(read(&bytes, FailOn::Warning).unwrap() == image);
        }
    }
}

#[test]
fn literals_alone_are_a_whole_stream() {
    // Sixteen values at random: a match that pays hardly ever occurs.
    let mut state = 1u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 28) as u8
    });
    let noise: Vec<u8> = noise.take(200_000).collect();
    let stream = super::literals(&noise).unwrap();
    // Four bits each.
    assert!(stream.len() < 102_000, "{}", stream.len());
    let mut back = vec![0; noise.len()];
    let (back, code) = zlib_rs::decompress_slice(&mut back, &stream, zlib_rs::InflateConfig::default());
    assert_eq!((code, *back == noise), (zlib_rs::ReturnCode::Ok, true));
    let repeated: Vec<u8> = noise[..700].repeat(100);
    assert!(super::literals(&repeated).is_none());
}

#[test]
fn the_tiniest_images_have_the_bytes_that_programs_compare() {
    // As written by sharp up to 0.33, whose zlib header is that of a full window.
    let density = Some(Density { x: 2.835, y: 2.835, unit: DensityUnit::Unstated });
    let metadata = Metadata { density, ..Metadata::default() };
    let cases: [(ColourSpace, bool, &[u8], u8, &str); 3] = [
        (ColourSpace::Srgb, false, &[0x6c, 0x4e, 0x69], 2, "789c63c8f1cb0400024d0124"),
        (ColourSpace::Srgb, true, &[0xff, 0, 0, 0xff], 6, "789c63f8cfc0f01f00050001ff"),
        (ColourSpace::Srgb, false, &[0x6c, 0x6c, 0x6c], 2, "789c63c8c9c90100028c0145"),
    ];
    for (space, alpha, samples, colour, idat) in cases {
        let idat: Vec<u8> =
            (0..idat.len()).step_by(2).map(|at| u8::from_str_radix(&idat[at..at + 2], 16).unwrap()).collect();
        let mut expected = super::SIGNATURE.to_vec();
        chunks::write(&mut expected, b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, colour, 0, 0, 0]).unwrap();
        chunks::write(&mut expected, b"pHYs", &[0, 0, 0x0b, 0x13, 0, 0, 0x0b, 0x13, 1]).unwrap();
        chunks::write(&mut expected, b"IDAT", &idat).unwrap();
        chunks::write(&mut expected, b"IEND", &[]).unwrap();
        assert_eq!(encode_with(&pixel(space, alpha, samples), &[], &metadata), expected);
    }
}

#[test]
fn metadata_comes_back() {
    let mut icc = vec![0u8; 132];
    icc[..4].copy_from_slice(&132u32.to_be_bytes());
    icc[16..24].copy_from_slice(b"RGB XYZ ");
    icc[36..40].copy_from_slice(b"acsp");
    let exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    let written = Metadata {
        exif: Some([b"Exif\0\0", &exif[..]].concat()),
        icc: Some(icc.clone()),
        xmp: Some(b"<x:xmpmeta/>".to_vec()),
        comments: vec![("Title".into(), "plain".into()), ("Author".into(), "ünïcode".into())],
        ..Metadata::default()
    };
    for palette in [false, true] {
        let bytes = encode_with(&photo(4, 4, LAYOUTS[2]), &[("pngPalette", palette.into())], &written);
        let read = metadata(&bytes);
        assert_eq!((read.orientation, read.palette, read.bits_per_sample), (Some(6), palette, Some(8)));
        assert_eq!(read.exif.as_ref(), Some(&exif));
        assert_eq!(read.icc.as_ref(), Some(&icc));
        assert_eq!((read.xmp, read.comments), (written.xmp.clone(), written.comments.clone()));
        assert_eq!(read.density, Some(Density { x: 1.0, y: 1.0, unit: DensityUnit::Unstated }));
    }
}

#[test]
fn a_palette_of_few_colours_is_exact() {
    let spec = Spec::new(7, 3, PixelFormat::new(ColourSpace::Srgb, Depth::U8, true));
    let colours = [[255, 0, 0, 255], [0, 255, 0, 128], [1, 2, 3, 255]];
    let samples = (0..21).flat_map(|pixel| colours[pixel % 3]).collect();
    let image = Image::from_samples(spec, Samples::U8(samples)).unwrap();
    for depth in [2.0, 4.0, 8.0] {
        for progressive in [false, true] {
            let options =
                [("pngPalette", true.into()), ("pngBitdepth", depth.into()), ("pngProgressive", progressive.into())];
            let bytes = encode(&image, &options);
            assert_eq!(metadata(&bytes).bits_per_sample, Some(depth as u8));
            assert!(read(&bytes, FailOn::Warning).unwrap() == image, "depth {depth}");
            // Only the translucent entry, which stands first, needs an alpha.
            let alpha = find(&bytes, b"tRNS").unwrap();
            assert_eq!(bytes[alpha - 8..alpha - 4], [0, 0, 0, 1]);
        }
    }
}

#[test]
fn a_palette_of_many_colours_is_near() {
    for layout in [LAYOUTS[1], LAYOUTS[2], LAYOUTS[3]] {
        let image = photo(120, 90, layout);
        let read = read(&encode(&image, &[("pngPalette", true.into())]), FailOn::Warning).unwrap();
        let wide = |image: &Image| -> Vec<[u8; 4]> {
            let channels = image.spec().format.channels();
            let rgba = |pixel: &[u8]| match *pixel {
                [grey, alpha] => [grey, grey, grey, alpha],
                [red, green, blue] => [red, green, blue, 255],
                _ => [pixel[0], pixel[1], pixel[2], pixel[3]],
            };
            image.as_slice::<u8>().unwrap().chunks_exact(channels).map(rgba).collect()
        };
        let (before, after) = (wide(&image), wide(&read));
        let error: u64 =
            before.as_flattened().iter().zip(after.as_flattened()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        let mean = error as f64 / before.as_flattened().len() as f64;
        assert!(mean < 4.0, "{layout:?}: {mean}");
    }
}

#[test]
fn cut_and_flipped_images_end_in_an_error_or_an_image() {
    for progressive in [false, true] {
        let image = photo(20, 20, LAYOUTS[3]);
        let bytes = encode(&image, &[("pngProgressive", progressive.into())]);
        let pixels = find(&bytes, b"IDAT").unwrap();
        let end = bytes.len() - 12;
        for cut in 0..bytes.len() {
            let (strict, lenient) = (read(&bytes[..cut], FailOn::Truncated), read(&bytes[..cut], FailOn::None));
            assert_eq!(strict.is_ok(), cut >= end, "cut at {cut} of {}", bytes.len());
            assert_eq!(lenient.is_ok(), cut >= pixels, "cut at {cut} of {}", bytes.len());
        }
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x55;
            let strict = read(&flipped, FailOn::Warning);
            if (pixels..end).contains(&at) {
                assert_eq!(strict.unwrap_err().to_string(), "vipspng: libpng read error", "flipped at {at}");
                assert!(read(&flipped, FailOn::None).is_ok(), "flipped at {at}");
            }
        }
    }
}

#[test]
fn lost_rows_are_black_and_the_others_are_there() {
    let image = photo(300, 300, LAYOUTS[2]);
    let bytes = encode(&image, &[("pngCompressionLevel", 0.0.into())]);
    let read = read(&bytes[..bytes.len() / 2], FailOn::None).unwrap();
    let (before, after) = (image.as_slice::<u8>().unwrap(), read.as_slice::<u8>().unwrap());
    assert_eq!(before[..140 * 900], after[..140 * 900]);
    assert!(after[160 * 900..].iter().all(|value| *value == 0));
}

#[test]
fn a_wrong_checksum_is_an_error_from_that_level_on() {
    let image = photo(20, 20, LAYOUTS[3]);
    let mut bytes = encode(&image, &[]);
    let end = bytes.len();
    bytes[end - 13] ^= 1;
    assert!(read(&bytes, FailOn::Truncated).unwrap() == image);
    assert!(read(&bytes, FailOn::Error).is_err());
    let mut bytes = encode(&image, &[]);
    bytes[30] ^= 1;
    assert!(read(&bytes, FailOn::Truncated).unwrap() == image);
    let error = read(&bytes, FailOn::Warning).unwrap_err().to_string();
    assert_eq!(error, "Warning treated as error due to failOn setting\nIHDR: CRC error");
}

#[test]
fn files_are_read_as_buffers_are() {
    let image = photo(300, 200, LAYOUTS[3]);
    let path = std::env::temp_dir().join(format!("lancet-png-{}.png", std::process::id()));
    std::fs::write(&path, encode(&image, &[])).unwrap();
    let input = Input::File(path.clone());
    let mut rows = (CODEC.decoder.as_ref().unwrap().decode)(&input, &ReadOptions::default(), LoadShrink::None).unwrap();
    let read = Image::collect(&mut *rows).unwrap();
    std::fs::remove_file(path).unwrap();
    assert!(read == image);
}

/// A file with one row, of raw scanline bytes.
fn file(bit_depth: u8, colour: u8, width: u32, before: &[(&[u8; 4], &[u8])], line: &[u8]) -> Vec<u8> {
    let mut bytes = super::SIGNATURE.to_vec();
    let size = [width.to_be_bytes(), 1u32.to_be_bytes()].concat();
    chunks::write(&mut bytes, b"IHDR", &[&size[..], &[bit_depth, colour, 0, 0, 0]].concat()).unwrap();
    before.iter().for_each(|(name, data)| chunks::write(&mut bytes, name, data).unwrap());
    let mut stream = vec![0; 200];
    let (stream, _) = zlib_rs::compress_slice(&mut stream, line, zlib_rs::DeflateConfig::new(6));
    chunks::write(&mut bytes, b"IDAT", stream).unwrap();
    chunks::write(&mut bytes, b"IEND", &[]).unwrap();
    bytes
}

#[test]
fn packed_samples_palettes_and_keys_are_resolved() {
    let row = |bytes: Vec<u8>| read(&bytes, FailOn::Warning).unwrap().into_samples();
    assert_eq!(row(file(1, 0, 3, &[], &[0, 0b1010_0000])), Samples::U8(vec![255, 0, 255]));
    assert_eq!(row(file(2, 0, 3, &[], &[0, 0b0001_1000])), Samples::U8(vec![0, 85, 170]));
    assert_eq!(row(file(4, 0, 3, &[], &[0, 0x1f, 0x80])), Samples::U8(vec![17, 255, 136]));
    assert_eq!(row(file(2, 0, 2, &[(b"tRNS", &[0, 1])], &[0, 0b0111_0000])), Samples::U8(vec![85, 0, 255, 255]));
    let key: (&[u8; 4], &[u8]) = (b"tRNS", &[0, 1, 0, 2, 0, 3]);
    assert_eq!(row(file(8, 2, 2, &[key], &[0, 1, 2, 3, 1, 2, 4])), Samples::U8(vec![1, 2, 3, 0, 1, 2, 4, 255]));
    assert_eq!(row(file(16, 0, 2, &[(b"tRNS", &[1, 2])], &[0, 1, 2, 1, 3])), Samples::U16(vec![258, 0, 259, 65535]));
    let palette: (&[u8; 4], &[u8]) = (b"PLTE", &[1, 2, 3, 4, 5, 6]);
    // The last index has no entry: black.
    assert_eq!(row(file(2, 3, 3, &[palette], &[0, 0b0001_1000])), Samples::U8(vec![1, 2, 3, 4, 5, 6, 0, 0, 0]));
    assert_eq!(
        row(file(8, 3, 2, &[palette, (b"tRNS", &[7])], &[0, 0, 1])),
        Samples::U8(vec![1, 2, 3, 7, 4, 5, 6, 255])
    );
}

#[test]
fn damaged_headers_are_refused() {
    let refused = |bytes: Vec<u8>| {
        let header = CODEC.decoder.as_ref().unwrap().header;
        let error = header(&Input::Bytes(&bytes), &ReadOptions::default()).unwrap_err().to_string();
        assert!(error.starts_with("Input buffer has corrupt header: "), "{error}");
    };
    refused(file(3, 0, 1, &[], &[0, 0]));
    refused(file(4, 2, 1, &[], &[0, 0]));
    refused(file(8, 5, 1, &[], &[0, 0]));
    refused(file(8, 0, 0, &[], &[0, 0]));
    refused(file(8, 0, u32::MAX, &[], &[0, 0]));
    refused(file(8, 3, 1, &[], &[0, 0]));
    refused(file(8, 3, 1, &[(b"PLTE", &[1, 2])], &[0, 0]));
    refused(file(8, 0, 1, &[(b"ABCD", &[])], &[0, 0]));
}

#[test]
fn chunks_that_do_not_fit_are_passed_over() {
    let texts: Vec<(&[u8; 4], &[u8])> = vec![(b"tEXt", b"k\0v"); 60];
    assert_eq!(metadata(&file(8, 0, 1, &texts, &[0, 0])).comments.len(), 50);
    let odd: [(&[u8; 4], &[u8]); 5] = [
        (b"pHYs", &[0; 4]),
        (b"bKGD", &[1, 0, 0, 0, 0, 0]),
        (b"eXIf", b"nonsense"),
        (b"iCCP", b"icc\0\0nonsense"),
        (b"tRNS", &[0]),
    ];
    let read = metadata(&file(8, 2, 1, &odd, &[0, 1, 2, 3]));
    assert_eq!((read.exif, read.icc, read.background), (None, None, vec![]));
    assert_eq!(metadata(&file(8, 2, 1, &[(b"bKGD", &[0, 1, 0, 2, 0, 3])], &[0, 1, 2, 3])).background, [1.0, 2.0, 3.0]);
    let deep = file(16, 2, 1, &[(b"bKGD", &[0x12, 0xff, 0, 0x80, 0xff, 0])], &[0, 1, 1, 2, 2, 3, 3]);
    assert_eq!(metadata(&deep).background, [18.0, 0.0, 255.0], "as many bits as any other");
    assert_eq!(metadata(&file(8, 0, 1, &[(b"tEXt", b"Title")], &[0, 0])).comments, [("Title".into(), String::new())]);
    let cut = metadata(&file(8, 0, 1, &[(b"tEXt", b"Title\0one\0two")], &[0, 0]));
    assert_eq!(cut.comments, [("Title".into(), "one".into())]);
}
