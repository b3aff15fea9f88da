//! Reading and writing together, on images made here.

use super::CODEC;
use crate::{
    codec::{Decoder, EncodeJob, Encoder, Header, Input, LoadShrink, ReadOptions},
    error::{Error, Result},
    image::{ColourSpace, Depth, Image, PixelFormat, Samples, Spec},
    meta::{Density, DensityUnit, Metadata},
    options::{FailOn, Value},
};

fn encoder() -> &'static Encoder {
    CODEC.encoder.as_ref().unwrap()
}

fn decoder() -> &'static Decoder {
    CODEC.decoder.as_ref().unwrap()
}

/// A smooth gradient with a grain that no two rows share.
fn picture(width: u32, height: u32, space: ColourSpace) -> Image {
    let spec = Spec::new(width, height, PixelFormat::new(space, Depth::U8, false));
    let channels = space.channels() as u32;
    let sample = |i: u32| {
        let (pixel, channel) = (i / channels, i % channels);
        let (x, y) = (pixel % width, pixel / width);
        (40 + (x * 150 / width + y * 20 / height + channel * 10 + (x * 7 + y * 13) % 11) % 200) as u8
    };
    let samples = (0..width * height * channels).map(sample).collect();
    Image::from_samples(spec, Samples::U8(samples)).unwrap()
}

fn write_with(image: Image, options: &[(&str, Value)], metadata: &Metadata) -> Result<Vec<u8>> {
    let options = Value::Map(options.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect());
    let mut out = Vec::new();
    (encoder().encode)(&mut image.into_rows(), &EncodeJob { options: &options, metadata, gain_map: None }, &mut out)?;
    Ok(out)
}

fn write(image: Image, options: &[(&str, Value)]) -> Vec<u8> {
    write_with(image, options, &Metadata::default()).unwrap()
}

fn tolerant(fail_on: FailOn) -> ReadOptions {
    ReadOptions { fail_on, ..ReadOptions::default() }
}

fn header(file: &[u8]) -> Header {
    (decoder().header)(&Input::Bytes(file), &ReadOptions::default()).unwrap()
}

fn read(file: &[u8], fail_on: FailOn, shrink: LoadShrink) -> Result<Image> {
    let input = Input::Bytes(file);
    let mut rows = (decoder().decode)(&input, &tolerant(fail_on), shrink)?;
    Image::collect(&mut *rows)
}

fn mean_difference(a: &Image, b: &Image) -> f64 {
    let pairs = a.samples().bytes().iter().zip(b.samples().bytes());
    pairs.map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.samples().bytes().len() as f64
}

#[test]
fn every_layout_survives_a_round_trip() {
    for space in [ColourSpace::Grey, ColourSpace::Srgb, ColourSpace::Cmyk] {
        for (width, height) in [(1, 1), (7, 3), (8, 8), (17, 33), (100, 50)] {
            let image = picture(width, height, space);
            let file = write(image.clone(), &[("jpegQuality", 95.0.into()), ("jpegChromaSubsampling", "4:4:4".into())]);
            assert_eq!(header(&file).spec, image.spec());
            let read = read(&file, FailOn::Warning, LoadShrink::None).unwrap();
            assert_eq!(read.spec(), image.spec());
            let difference = mean_difference(&read, &image);
            assert!(difference < 3.0, "{space:?} {width}x{height}: {difference}");
        }
    }
}

#[test]
fn header_tells_progressive_and_subsampled() {
    let told = |space, options: &[(&str, Value)]| {
        let metadata = header(&write(picture(32, 32, space), options)).metadata;
        (metadata.progressive, metadata.chroma_subsampling.unwrap())
    };
    let full = ("jpegChromaSubsampling", Value::from("4:4:4"));
    assert_eq!(told(ColourSpace::Srgb, &[]), (false, "4:2:0"));
    assert_eq!(told(ColourSpace::Srgb, &[full]), (false, "4:4:4"));
    assert_eq!(told(ColourSpace::Srgb, &[("jpegProgressive", true.into())]), (true, "4:2:0"));
    assert_eq!(told(ColourSpace::Grey, &[]), (false, "4:4:4"));
    assert_eq!(told(ColourSpace::Cmyk, &[]), (false, "4:4:4:4"));
}

#[test]
fn every_option_gives_a_readable_image_and_changes_the_bytes() {
    let image = picture(96, 64, ColourSpace::Srgb);
    let plain = write(image.clone(), &[]);
    let options: [(&str, Value); 13] = [
        ("jpegQuality", 1.0.into()),
        ("jpegProgressive", true.into()),
        ("jpegChromaSubsampling", "4:4:4".into()),
        ("jpegTrellisQuantisation", true.into()),
        ("jpegOptimiseCoding", false.into()),
        ("jpegQuantisationTable", 1.0.into()),
        ("jpegQuantisationTable", 2.0.into()),
        ("jpegQuantisationTable", 3.0.into()),
        ("jpegQuantisationTable", 4.0.into()),
        ("jpegQuantisationTable", 5.0.into()),
        ("jpegQuantisationTable", 6.0.into()),
        ("jpegQuantisationTable", 7.0.into()),
        ("jpegQuantisationTable", 8.0.into()),
    ];
    for option in options {
        let file = write(image.clone(), std::slice::from_ref(&option));
        assert_ne!(file, plain, "{option:?}");
        assert_eq!(read(&file, FailOn::Warning, LoadShrink::None).unwrap().spec(), image.spec(), "{option:?}");
    }
    let progressive = write(image.clone(), &[("jpegProgressive", true.into())]);
    let scans = [("jpegProgressive", true.into()), ("jpegOptimiseScans", true.into())];
    assert_ne!(write(image, &scans), progressive);
}

#[test]
fn overshoot_deringing_works_on_white() {
    let white = |i: usize| if i.is_multiple_of(37) { 0 } else { 255 };
    let spec = picture(64, 64, ColourSpace::Grey).spec();
    let image = Image::from_samples(spec, Samples::U8((0..64 * 64).map(white).collect())).unwrap();
    assert_ne!(write(image.clone(), &[("jpegOvershootDeringing", true.into())]), write(image, &[]));
}

#[test]
fn wrong_options_are_refused() {
    let error = write_with(picture(8, 8, ColourSpace::Grey), &[("jpegQuality", 0.0.into())], &Metadata::default());
    assert!(matches!(error, Err(Error::Parameter(_))));
}

#[test]
fn metadata_survives_a_round_trip() {
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    let metadata = Metadata {
        exif: Some(exif.clone()),
        icc: Some(vec![7; 100_000]),
        xmp: Some(b"<x/>".to_vec()),
        iptc: Some(b"Photoshop 3.0\08BIM".to_vec()),
        ..Metadata::default()
    };
    let file = write_with(picture(8, 8, ColourSpace::Srgb), &[], &metadata).unwrap();
    let read = header(&file).metadata;
    assert_eq!(read.exif.as_deref(), Some(&exif[..]));
    assert_eq!((read.icc, read.xmp, read.iptc), (metadata.icc, metadata.xmp, metadata.iptc));
    assert_eq!(read.orientation, Some(6));
}

#[test]
fn density_comes_from_jfif_when_there_is_no_exif() {
    let density = Density { x: 300.0 / 25.4, y: 300.0 / 25.4, unit: DensityUnit::Inch };
    let metadata = Metadata { density: Some(density), ..Metadata::default() };
    let file = write_with(picture(8, 8, ColourSpace::Srgb), &[], &metadata).unwrap();
    assert_eq!(header(&file).metadata.density, Some(density));
    let none = header(&write(picture(8, 8, ColourSpace::Srgb), &[])).metadata.density.unwrap();
    assert_eq!((none.unit, (none.x * 25.4).round()), (DensityUnit::Unstated, 72.0));
}

#[test]
fn shrinking_rounds_up_and_keeps_the_image() {
    let image = picture(101, 67, ColourSpace::Srgb);
    let file = write(image.clone(), &[("jpegQuality", 95.0.into())]);
    for factor in [2u8, 4, 8] {
        let small = read(&file, FailOn::Warning, LoadShrink::Dct(factor)).unwrap();
        let side = u32::from(factor);
        assert_eq!((small.spec().width, small.spec().height), (101u32.div_ceil(side), 67u32.div_ceil(side)));
        let mean = |image: &Image| {
            let bytes = image.samples().bytes();
            bytes.iter().map(|&byte| f64::from(byte)).sum::<f64>() / bytes.len() as f64
        };
        assert!((mean(&small) - mean(&image)).abs() < 6.0);
    }
    let dot = write(picture(3, 3, ColourSpace::Grey), &[]);
    assert_eq!(read(&dot, FailOn::Warning, LoadShrink::Dct(8)).unwrap().spec().width, 1);
    assert!(read(&dot, FailOn::Warning, LoadShrink::Dct(3)).is_err());
}

#[test]
fn skipped_rows_change_nothing_in_the_others() {
    for options in [vec![], vec![("jpegChromaSubsampling", "4:4:4".into())], vec![("jpegProgressive", true.into())]] {
        let file = write(picture(40, 100, ColourSpace::Srgb), &options);
        for shrink in [LoadShrink::None, LoadShrink::Dct(2)] {
            let whole = read(&file, FailOn::Warning, shrink).unwrap();
            for (skip, take) in [(1, 1), (7, 2), (8, 1), (15, 3), (16, 20), (33, 4), (45, 5)] {
                let input = Input::Bytes(&file);
                let mut rows = (decoder().decode)(&input, &ReadOptions::default(), shrink).unwrap();
                let mut row = vec![0u8; rows.spec().row_samples()];
                let mut y = 0;
                while y + skip + take <= rows.spec().height {
                    rows.skip_rows(skip).unwrap();
                    for next in y + skip..y + skip + take {
                        rows.next_samples(&mut row).unwrap();
                        assert_eq!(row, whole.row(next).bytes(), "{options:?} {shrink:?} {skip}/{take} row {next}");
                    }
                    y += skip + take;
                }
            }
        }
    }
}

#[test]
fn truncated_files_fail_or_are_filled_with_grey() {
    let file = write(picture(64, 64, ColourSpace::Srgb), &[("jpegQuality", 100.0.into())]);
    let cut = &file[..file.len() - 300];
    for fail_on in [FailOn::Truncated, FailOn::Error, FailOn::Warning] {
        let error = read(cut, fail_on, LoadShrink::None).unwrap_err();
        assert_eq!(error.to_string(), "VipsJpeg: premature end of JPEG image");
    }
    let image = read(cut, FailOn::None, LoadShrink::None).unwrap();
    assert_eq!(image.row(63).bytes()[63 * 3..], [128; 3]);
}

#[test]
fn damaged_headers_tell_what_was_wrong_each_time_it_was_tried() {
    let mut file = write(picture(8, 8, ColourSpace::Grey), &[]);
    // The length field of the first segment: 1 is too short to count even itself.
    (file[4], file[5]) = (0, 1);
    let error = (decoder().header)(&Input::Bytes(&file), &ReadOptions::default()).unwrap_err().to_string();
    let sentences = ["VipsJpeg: Bogus marker length"; 3].join("\n");
    assert_eq!(error, format!("Input buffer has corrupt header: {sentences}"));
}

#[test]
fn warnings_are_failures_at_the_strictest_level_only() {
    let file = write(picture(8, 8, ColourSpace::Grey), &[]);
    let damaged = [&file[..2], &[1, 2, 3], &file[2..]].concat();
    assert!(read(&damaged, FailOn::Error, LoadShrink::None).is_ok());
    let error = read(&damaged, FailOn::Warning, LoadShrink::None).unwrap_err().to_string();
    let line = "VipsJpeg: Corrupt JPEG data: 3 extraneous bytes before marker 0xdb";
    assert_eq!(error, [line; 4].join("\n"));
}

/// A grey square with `scans` scans, each of which says within the rules and in few bytes that nothing changes.
fn scan_bomb(side: u16, scans: usize) -> Vec<u8> {
    let segment = |marker: u8, data: &[u8]| {
        let len = (data.len() as u16 + 2).to_be_bytes();
        [&[0xff, marker], &len[..], data].concat()
    };
    // One code, a single 0 bit. In scans of AC coefficients it begins a run of 2^14 empty blocks, with 14 more 0 bits.
    let one_code = |class: u8, symbol: u8| [&[class, 1][..], &[0; 15], &[symbol]].concat();
    let blocks = usize::from(side.div_ceil(8)).pow(2);
    let (dc, ac) = (vec![0; blocks.div_ceil(8)], vec![0; (blocks.div_ceil(1 << 14) * 15).div_ceil(8)]);
    let side = side.to_be_bytes();
    let mut file = vec![0xff, 0xd8];
    file.extend(segment(0xdb, &[&[0][..], &[1; 64]].concat()));
    file.extend(segment(0xc2, &[8, side[0], side[1], side[0], side[1], 1, 1, 0x11, 0]));
    file.extend(segment(0xc4, &one_code(0x00, 0)));
    file.extend(segment(0xc4, &one_code(0x10, 0xe0)));
    file.extend([segment(0xda, &[1, 1, 0, 0, 0, 0]), dc].concat());
    let refinements = (1..64u8).flat_map(|k| (0..14u8).rev().map(move |low| (k, low)));
    for (k, low) in refinements.take(scans - 1) {
        let high = if low == 13 { 0 } else { low + 1 };
        file.extend([segment(0xda, &[1, 1, 0, k, k, high << 4 | low]), ac.clone()].concat());
    }
    file.extend([0xff, 0xd9]);
    file
}

#[test]
fn scans_are_limited_by_the_work_they_make() {
    assert!(read(&scan_bomb(8, 800), FailOn::Warning, LoadShrink::None).is_ok());
    let bomb = scan_bomb(2400, 880);
    assert!(bomb.len() < 120_000);
    let error = read(&bomb, FailOn::Warning, LoadShrink::Dct(8)).unwrap_err().to_string();
    assert_eq!(error, "VipsJpeg: too many scans");
}

#[test]
fn small_progressive_files_that_claim_a_large_image_fail_at_the_first_damage() {
    let mut file = write(picture(64, 64, ColourSpace::Srgb), &[("jpegProgressive", true.into())]);
    let frame = file.windows(2).position(|bytes| bytes == [0xff, 0xc2]).unwrap();
    file[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
    let started = std::time::Instant::now();
    assert!(read(&file, FailOn::Warning, LoadShrink::Dct(8)).is_err());
    // Reading on takes a minute and 12 GB.
    assert!(started.elapsed().as_secs() < 10);
}

#[test]
fn no_damage_makes_it_panic() {
    for options in [vec![], vec![("jpegProgressive", true.into())]] {
        let file = write(picture(40, 40, ColourSpace::Srgb), &options);
        for fail_on in [FailOn::None, FailOn::Warning] {
            for end in 0..file.len() {
                let _ = (decoder().header)(&Input::Bytes(&file[..end]), &tolerant(fail_on));
                let _ = read(&file[..end], fail_on, LoadShrink::Dct(2));
            }
            for at in 2..file.len() {
                for value in [0, 0xff, file[at] ^ 0x10] {
                    let mut damaged = file.clone();
                    damaged[at] = value;
                    // Two bytes can claim any size: as in the pipeline, what is too large is not decoded.
                    let sane = (decoder().header)(&Input::Bytes(&damaged), &tolerant(fail_on))
                        .is_ok_and(|header| header.spec.width * header.spec.height < 1 << 16);
                    if sane {
                        let _ = read(&damaged, fail_on, LoadShrink::None);
                    }
                }
            }
        }
    }
}

#[test]
fn files_read_as_bytes_do_and_no_further_than_needed() {
    let path = std::env::temp_dir().join(format!("lancet-jpeg-{}.jpg", std::process::id()));
    let bytes = write(picture(600, 600, ColourSpace::Srgb), &[("jpegQuality", 100.0.into())]);
    std::fs::write(&path, &bytes).unwrap();
    let input = Input::File(path.clone());
    let header = (decoder().header)(&input, &ReadOptions::default()).unwrap();
    let mut rows = (decoder().decode)(&input, &ReadOptions::default(), LoadShrink::None).unwrap();
    let image = Image::collect(&mut *rows).unwrap();
    std::fs::remove_file(path).unwrap();
    assert!(bytes.len() > 64 * 1024, "larger than the stream's buffer");
    assert_eq!(header.spec, image.spec());
    assert_eq!(image, read(&bytes, FailOn::Warning, LoadShrink::None).unwrap());
}

#[test]
fn half_read_images_and_surplus_rows_do_no_harm() {
    let file = write(picture(64, 64, ColourSpace::Srgb), &[]);
    let input = Input::Bytes(&file);
    let mut rows = (decoder().decode)(&input, &ReadOptions::default(), LoadShrink::None).unwrap();
    let mut row = vec![0u8; rows.spec().row_samples()];
    rows.next_samples(&mut row).unwrap();
    drop(rows);
    let mut rows = (decoder().decode)(&input, &ReadOptions::default(), LoadShrink::None).unwrap();
    rows.skip_rows(u32::MAX).unwrap();
    assert!(rows.next_samples(&mut row).is_err());
}

#[test]
fn errors_of_the_output_come_through() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("disk full"))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let job = EncodeJob { options: &Value::Undefined, metadata: &Metadata::default(), gain_map: None };
    let error = (encoder().encode)(&mut picture(64, 64, ColourSpace::Srgb).into_rows(), &job, &mut Full).unwrap_err();
    assert_eq!(error.to_string(), "disk full");
}

#[test]
fn images_beyond_the_format_are_refused_in_the_librarys_words() {
    let error = write_with(picture(65_501, 1, ColourSpace::Grey), &[], &Metadata::default()).unwrap_err();
    assert_eq!(error.to_string(), "VipsJpeg: Maximum supported image dimension is 65500 pixels");
}

#[test]
fn a_file_of_two_components_has_a_channel_beside_its_grey() {
    let mut file = write(picture(16, 8, ColourSpace::Srgb), &[("jpegChromaSubsampling", "4:4:4".into())]);
    // The third component is left out of the frame and of the scan; its bits are left unread.
    let frame = file.windows(2).position(|window| window == [0xff, 0xc0]).unwrap();
    file.splice(
        frame + 2..frame + 19,
        [&[0, 14][..], &file[frame + 4..frame + 9], &[2], &file[frame + 10..frame + 16]].concat(),
    );
    let scan = file.windows(2).position(|window| window == [0xff, 0xda]).unwrap();
    file.splice(scan + 2..scan + 14, [&[0, 10, 2][..], &file[scan + 5..scan + 9], &[0, 63, 0]].concat());
    let header = header(&file);
    assert_eq!((header.spec.format.channels(), header.spec.format.extra), (2, 1));
    assert_eq!(header.metadata.stored.map(|stored| (stored.space, stored.channels)), Some(("srgb", 2)));
    assert_eq!(read(&file, FailOn::None, LoadShrink::None).unwrap().samples().len(), 16 * 8 * 2);
    assert_eq!(read(&file, FailOn::None, LoadShrink::Dct(2)).unwrap().samples().len(), 8 * 4 * 2);
}
