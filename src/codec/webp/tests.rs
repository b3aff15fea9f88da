//! Round trips of encoder and decoder, and damaged files.

use super::CODEC;
use crate::{
    codec::{EncodeJob, Input, LoadShrink, ReadOptions, ShrinkOnLoad},
    error::Result,
    image::{ColourSpace, Depth, Image, PixelFormat, Samples, Spec},
    meta::Metadata,
    options::{Bag, Call, Value},
};

/// An image with detail; with alpha, all opacities occur.
fn sample(width: u32, height: u32, alpha: bool) -> Image {
    let spec = Spec::new(width, height, PixelFormat::new(ColourSpace::Srgb, Depth::U8, alpha));
    let channels = spec.format.channels();
    let samples = (0..spec.samples().unwrap())
        .map(|at| {
            let (channel, pixel) = (at % channels, at / channels);
            let (x, y) = (pixel % width as usize, pixel / width as usize);
            if channel == 3 { (x * 5 + y * 3) as u8 } else { (x * x / 7 + y * (channel + 2) + x % 5 * 9) as u8 }
        })
        .collect();
    Image::from_samples(spec, Samples::U8(samples)).unwrap()
}

fn options(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

fn encode(image: &Image, options: &Value, metadata: &Metadata) -> Vec<u8> {
    let mut out = Vec::new();
    let job = EncodeJob { options: options as &dyn Bag, metadata, gain_map: None };
    (CODEC.encoder.as_ref().unwrap().encode)(&mut image.clone().into_rows(), &job, &mut out).unwrap();
    out
}

fn decode(bytes: &[u8], options: &ReadOptions, shrink: LoadShrink) -> Result<Image> {
    let input = Input::Bytes(bytes);
    let decoder = CODEC.decoder.as_ref().unwrap();
    let header = (decoder.header)(&input, options)?;
    let mut rows = (decoder.decode)(&input, options, shrink)?;
    if shrink == LoadShrink::None {
        assert_eq!(rows.spec(), header.spec);
    }
    Image::collect(&mut *rows)
}

fn lossless() -> Value {
    options(&[("webpLossless", true.into()), ("webpExact", true.into())])
}

#[test]
fn lossless_keeps_every_sample() {
    for alpha in [false, true] {
        // Both sides odd, more than one strip high.
        let image = sample(37, 71, alpha);
        let bytes = encode(&image, &lossless(), &Metadata::default());
        assert!((CODEC.decoder.as_ref().unwrap().sniff)(&bytes));
        assert_eq!(decode(&bytes, &ReadOptions::default(), LoadShrink::None).unwrap(), image);
    }
}

#[test]
fn lossy_is_near_and_drops_an_opaque_alpha_channel() {
    let options = options(&[("webpQuality", 95.0.into())]);
    let flat = |alpha: bool| {
        let spec = Spec::new(33, 70, PixelFormat::new(ColourSpace::Srgb, Depth::U8, alpha));
        let pixel: &[u8] = if alpha { &[200, 100, 50, 255] } else { &[200, 100, 50] };
        Image::from_samples(spec, Samples::U8(pixel.repeat(33 * 70))).unwrap()
    };
    let bytes = encode(&flat(true), &options, &Metadata::default());
    assert_eq!(bytes, encode(&flat(false), &options, &Metadata::default()));
    let decoded = decode(&bytes, &ReadOptions::default(), LoadShrink::None).unwrap();
    assert!(!decoded.spec().format.alpha);
    let wanted = flat(false);
    let pairs = decoded.as_slice::<u8>().unwrap().iter().zip(wanted.as_slice::<u8>().unwrap());
    assert!(pairs.map(|(a, b)| a.abs_diff(*b)).max().unwrap() <= 4);
}

#[test]
fn lossy_alpha_is_exact_by_default() {
    let image = sample(40, 50, true);
    let bytes = encode(&image, &options(&[]), &Metadata::default());
    let decoded = decode(&bytes, &ReadOptions::default(), LoadShrink::None).unwrap();
    let alpha =
        |image: &Image| -> Vec<u8> { image.as_slice::<u8>().unwrap().iter().skip(3).step_by(4).copied().collect() };
    assert_eq!(alpha(&decoded), alpha(&image));
}

#[test]
fn scales_while_it_decodes() {
    let bytes = encode(&sample(301, 203, false), &options(&[]), &Metadata::default());
    let size = |factor: f64| {
        let spec = decode(&bytes, &ReadOptions::default(), LoadShrink::Scale(factor)).unwrap().spec();
        (spec.width, spec.height)
    };
    assert_eq!(size(150.0 / 301.0), (150, 101));
    assert_eq!(size(43.0 / 301.0), (43, 29));
    assert_eq!(size(0.0001), (1, 1));
}

#[test]
fn metadata_comes_back() {
    let metadata = Metadata {
        exif: Some(b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec()),
        icc: Some(vec![7; 129]),
        xmp: Some(b"<x:xmpmeta/>".to_vec()),
        ..Metadata::default()
    };
    for (alpha, options) in [(false, options(&[])), (true, options(&[])), (false, lossless()), (true, lossless())] {
        let image = sample(31, 20, alpha);
        let bytes = encode(&image, &options, &metadata);
        let header = (CODEC.decoder.as_ref().unwrap().header)(&Input::Bytes(&bytes), &ReadOptions::default()).unwrap();
        assert_eq!(header.spec, image.spec());
        assert_eq!(header.metadata.orientation, Some(6));
        assert_eq!(
            (header.metadata.exif, header.metadata.icc, header.metadata.xmp),
            (metadata.exif.clone(), metadata.icc.clone(), metadata.xmp.clone())
        );
        decode(&bytes, &ReadOptions::default(), LoadShrink::None).unwrap();
    }
}

fn animation(alpha: bool) -> (Image, Vec<u8>) {
    let image = sample(40, 90, alpha);
    let metadata = Metadata {
        page_height: Some(30),
        delay: vec![40, 0, 70],
        loop_count: Some(5),
        xmp: Some(b"<x/>".to_vec()),
        ..Metadata::default()
    };
    let bytes = encode(&image, &lossless(), &metadata);
    (image, bytes)
}

#[test]
fn animations_are_tall_images() {
    for alpha in [false, true] {
        let (image, bytes) = animation(alpha);
        let all = ReadOptions { pages: -1, ..ReadOptions::default() };
        let header = (CODEC.decoder.as_ref().unwrap().header)(&Input::Bytes(&bytes), &all).unwrap();
        let metadata = header.metadata;
        assert_eq!((metadata.pages, metadata.page_height, metadata.loop_count), (Some(3), Some(30), Some(5)));
        assert_eq!(metadata.delay, [40, 100, 70]);
        assert_eq!(metadata.xmp.as_deref(), Some(&b"<x/>"[..]));
        let whole = decode(&bytes, &all, LoadShrink::None).unwrap();
        assert_eq!(whole.spec().height, 90);
        if !alpha {
            assert_eq!(whole, image);
        }
        let second = ReadOptions { page: Some(1), ..ReadOptions::default() };
        let page = decode(&bytes, &second, LoadShrink::None).unwrap();
        assert_eq!(page.as_slice::<u8>().unwrap(), {
            let frame = whole.spec().row_samples() * 30;
            &whole.as_slice::<u8>().unwrap()[frame..2 * frame]
        });
        let half = decode(&bytes, &all, LoadShrink::Scale(0.5)).unwrap();
        // An opaque animation may hold frames that cover a part of the canvas, which are not scaled.
        let scaled = header.shrink == ShrinkOnLoad::Scale;
        assert_eq!((half.spec().width, half.spec().height), if scaled { (20, 45) } else { (40, 90) });
    }
}

#[test]
fn pages_that_are_not_there_are_refused() {
    let (_, bytes) = animation(false);
    for (page, pages) in [(3, 1), (0, 4), (2, 2), (3, -1), (0, 0), (u32::MAX, 2)] {
        let options = ReadOptions { page: Some(page), pages, ..ReadOptions::default() };
        let error = decode(&bytes, &options, LoadShrink::None).unwrap_err().to_string();
        assert_eq!(error, "Input buffer has corrupt header: webp: bad page number");
    }
}

#[test]
fn truncated_files_have_a_corrupt_header() {
    for bytes in [encode(&sample(20, 20, true), &options(&[]), &Metadata::default()), animation(true).1] {
        for end in 0..bytes.len() {
            let error = decode(&bytes[..end], &ReadOptions::default(), LoadShrink::None).unwrap_err().to_string();
            assert_eq!(error, "Input buffer has corrupt header: webp: unable to parse image", "cut at {end}");
        }
    }
}

#[test]
fn damaged_files_give_an_error_or_an_image() {
    let all = ReadOptions { pages: -1, ..ReadOptions::default() };
    for bytes in [encode(&sample(20, 20, true), &options(&[]), &Metadata::default()), animation(true).1] {
        for at in 0..bytes.len().min(400) {
            for flip in [0x01, 0x80, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at] ^= flip;
                if let Ok(image) = decode(&damaged, &all, LoadShrink::None) {
                    assert_eq!(image.as_slice::<u8>().unwrap().len(), image.spec().samples().unwrap());
                }
            }
        }
    }
}

#[test]
fn the_method_sets_and_checks_its_options() {
    let bag = options(&[]);
    let call = |argument: Value| {
        let args = [argument];
        let mut call = Call::new(&args, &bag);
        (CODEC.encoder.as_ref().unwrap().method.unwrap().call)(&mut call).map(|()| call.finish().patch)
    };
    let entry = |key: &str, value: Value| (key.to_owned(), value);
    assert_eq!(call(Value::Undefined).unwrap(), [entry("formatOut", "webp".into())]);
    assert_eq!(
        call(options(&[("quality", 1.0.into()), ("force", false.into())])).unwrap(),
        [entry("webpQuality", 1.0.into())]
    );
    for (option, sentence) in [
        (("quality", 0.0.into()), "Expected integer between 1 and 100 for quality but received 0 of type number"),
        (("exact", "x".into()), "Expected boolean for webpExact but received x of type string"),
        (
            ("preset", "fail".into()),
            "Expected one of: default, photo, picture, drawing, icon, text for preset but received fail of type string",
        ),
        (("effort", 7.0.into()), "Expected integer between 0 and 6 for effort but received 7 of type number"),
        (("loop", (-1.0).into()), "Expected integer between 0 and 65535 for loop but received -1 of type number"),
    ] {
        assert_eq!(call(options(&[option])).unwrap_err().to_string(), sentence);
    }
}

#[test]
fn a_header_is_read_without_the_pixels() {
    let folder = std::env::temp_dir().join(format!("lancet-webp-header-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let metadata = Metadata { exif: Some(b"Exif\0\0MM\0*".to_vec()), icc: Some(vec![1; 301]), ..Metadata::default() };
    let lossy = encode(&sample(90, 70, true), &options(&[]), &metadata);
    let cut = |at: usize| lossy[..at].to_vec();
    let frames = Metadata { page_height: Some(35), ..Metadata::default() };
    let animation = encode(&sample(90, 70, false), &options(&[]), &frames);
    for (index, bytes) in [lossy.clone(), cut(lossy.len() - 1), cut(40), cut(13), animation].into_iter().enumerate() {
        let path = folder.join(format!("{index}.webp"));
        std::fs::write(&path, &bytes).unwrap();
        let read = |input: &Input<'_>| {
            let header = (CODEC.decoder.as_ref().unwrap().header)(input, &ReadOptions::default());
            header
                .map(|header| (header.spec, header.metadata))
                .map_err(|error| error.to_string().replace("file", "buffer"))
        };
        assert_eq!(read(&Input::File(path)), read(&Input::Bytes(&bytes)), "{index}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}
