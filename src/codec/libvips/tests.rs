//! Files that are written here: FITS, and portable float maps.

use std::sync::{
    RwLock,
    atomic::{AtomicU32, Ordering::Relaxed},
};

use super::*;
use crate::{
    codec::{self, Header, Input, LoadShrink, ReadOptions},
    error::Result,
    image::{ColourSpace, Depth, Image, PixelFormat, Samples},
};

/// A FITS image, as cards of 80 characters and samples, each part padded to a multiple of 2880 bytes. `axes` are width,
/// height and bands, `kind` is the bits of a sample, negative for floating point. Rows go from the lowest to the highest,
/// bands lie one behind the other, samples are big-endian. Source: FITS standard 4.0.
fn fits(kind: i64, axes: [i64; 3], samples: &[u8]) -> Vec<u8> {
    let card = |name: &str, value: i64| format!("{name:<8}= {value:>20}{:<50}", "");
    let of_axes: String = (1..).zip(axes).map(|(number, size)| card(&format!("NAXIS{number}"), size)).collect();
    let first = format!("{:<80}", format!("SIMPLE  = {:>20}", "T"));
    let mut file =
        [first, card("BITPIX", kind), card("NAXIS", 3), of_axes, format!("{:<80}", "END")].concat().into_bytes();
    file.resize(2880, b' ');
    file.extend(samples);
    file.resize(file.len().next_multiple_of(2880), 0);
    file
}

/// Writes a file and reads it: some loaders of libvips want a file.
fn read(bytes: &[u8], options: &ReadOptions) -> Result<(Header, Image)> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("lancet-{}-{}", std::process::id(), NUMBER.fetch_add(1, Relaxed));
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, bytes).unwrap();
    let result = read_input(&Input::File(path.clone()), options);
    std::fs::remove_file(path).unwrap();
    result
}

fn read_input(input: &Input<'_>, options: &ReadOptions) -> Result<(Header, Image)> {
    assert_eq!(codec::sniff(input)?.id, CODEC.id);
    let header = read::header(input, options)?;
    let mut rows = read::decode(input, options, LoadShrink::None)?;
    assert_eq!(rows.spec(), header.spec);
    let image = Image::collect(&mut *rows)?;
    Ok((header, image))
}

/// For reading FITS, or for being the only one who does.
static FITS: RwLock<()> = RwLock::new(());

#[test]
fn every_depth_is_read() {
    let _shared = FITS.read();
    let (header, image) = read(&fits(8, [3, 2, 1], &[1, 2, 3, 4, 5, 6]), &ReadOptions::default()).unwrap();
    assert_eq!(header.metadata.format, Some("fits"));
    assert_eq!(header.spec.format, PixelFormat::new(ColourSpace::Grey, Depth::U8, false));
    // The first row of the file is the lowest.
    assert_eq!(image.samples(), &Samples::U8(vec![4, 5, 6, 1, 2, 3]));

    let shorts = [-3i16, 7, 300].map(i16::to_be_bytes).concat();
    let (_, image) = read(&fits(16, [3, 1, 1], &shorts), &ReadOptions::default()).unwrap();
    assert_eq!(image.samples(), &Samples::U8(vec![0, 7, 255]));

    let floats = [-0.5f32, 77.9, 300.0].map(f32::to_be_bytes).concat();
    let (_, image) = read(&fits(-32, [3, 1, 1], &floats), &ReadOptions::default()).unwrap();
    assert_eq!(image.samples(), &Samples::U8(vec![0, 77, 255]));
}

#[test]
fn rows_come_in_order_over_many_strips() {
    let _shared = FITS.read();
    let (width, height) = (1000, 1200);
    let row = |y: usize, band: usize| (0..width).map(move |x| (y * 7 + x % 251 + band) as u8);
    let bands = (0..3).flat_map(|band| (0..height).rev().flat_map(move |y| row(y, band)));
    let file = fits(8, [width as i64, height as i64, 3], &bands.collect::<Vec<u8>>());
    let (_, image) = read(&file, &ReadOptions::default()).unwrap();
    let pixels =
        (0..height).flat_map(|y| (0..width).flat_map(move |x| [0, 1, 2].map(|band| (y * 7 + x % 251 + band) as u8)));
    assert!(*image.samples() == Samples::U8(pixels.collect()));
}

/// A portable float map of one grey pixel.
fn float_map(sample: f32) -> Vec<u8> {
    [&b"Pf\n1 1\n-1.0\n"[..], &sample.to_le_bytes()].concat()
}

#[test]
fn memory_and_odd_names_are_read() {
    let file = float_map(1.0);
    let (header, image) = read_input(&Input::Bytes(&file), &ReadOptions::default()).unwrap();
    assert!(matches!(header.metadata.format, Some("ppm" | "magick")));
    assert_eq!((header.spec.width, image.spec().height), (1, 1));

    // A name that ends like a list of options.
    let path = std::env::temp_dir().join(format!("lancet-{}.pfm[page=1]", std::process::id()));
    std::fs::write(&path, &file).unwrap();
    let read = read_input(&Input::File(path.clone()), &ReadOptions::default()).map(|_| ());
    std::fs::remove_file(path).unwrap();
    read.unwrap();
}

#[test]
fn what_libvips_does_not_know_is_no_image() {
    for bytes in [&b""[..], b"This is no picture.\n", b"1,2,3\n4,5,6\n"] {
        let input = Input::Bytes(bytes);
        let error = read::header(&input, &ReadOptions::default()).unwrap_err().to_string();
        assert_eq!(error, "Input buffer contains unsupported image format");
    }
}

#[test]
fn damage_is_an_error() {
    let _shared = FITS.read();
    let file = fits(8, [300, 200, 1], &[7; 300 * 200]);
    for length in [10, 80] {
        assert!(read(&file[..length], &ReadOptions::default()).is_err(), "{length} bytes");
    }
    // Sizes that the file cannot hold.
    for axes in [[i64::MAX, 2, 1], [1 << 30, 1 << 30, 3], [-1, 1, 1], [0, 1, 1]] {
        assert!(read(&fits(8, axes, &[]), &ReadOptions::default()).is_err(), "{axes:?}");
    }
}

#[test]
fn blocking_is_libvips_own() {
    let file = fits(8, [1, 1, 1], &[5]);
    let _alone = FITS.write();
    block("VipsForeignLoadFits", true);
    let blocked = read(&file, &ReadOptions::default()).map(|_| ());
    block("VipsForeignLoadFits", false);
    assert!(blocked.is_err());
    assert!(read(&file, &ReadOptions::default()).is_ok());
    block("no\0name", true);
}

#[test]
fn formats_are_those_of_the_library() {
    assert_eq!(reads("fits"), (true, false));
    assert_eq!(reads("jpeg"), (false, false));
    assert_eq!(reads("zoinks"), (false, false));
}
