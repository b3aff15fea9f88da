//! The block of an output: that of the input, or a new one, brought into agreement with the image.

use super::{
    model::{Block, Entry, is_pointer, kind},
    order::ByteOrder,
    reader,
    tags::{self, Directory, tag},
    text, tiff, writer,
};
use crate::{
    error::Result,
    meta::{Density, DensityUnit},
};

/// Resolution of an image of which none is known, in pixels per inch. Source: Exif 2.32, tag XResolution.
const DEFAULT_RESOLUTION: u32 = 72;
/// Values of the tag ResolutionUnit.
const UNIT_INCH: u16 = 2;
const UNIT_CENTIMETRE: u16 = 3;
/// Resolutions nearer than this are the same, in pixels per unit.
const SAME_RESOLUTION: f64 = 1e-3;
/// Value of the tag Compression for JPEG.
const COMPRESSION_JPEG: u16 = 6;
/// Value of the tag ColorSpace for anything but sRGB.
const UNCALIBRATED: u16 = 0xffff;

/// What a block has to say about the image that it goes with.
#[derive(Debug, Clone, Copy)]
pub struct Changes<'a> {
    /// 1 to 8.
    pub orientation: u8,
    /// Size in pixels.
    pub width: u32,
    pub height: u32,
    /// `None` stands for one pixel per millimetre.
    pub density: Option<Density>,
    /// The pixels are not those that the input's block was about: it loses its thumbnail, which may show what was cut away, and
    /// sizes that are no longer right.
    pub pixels_changed: bool,
    /// Tags to set, in the form `exif-ifd0-Copyright` with the number of the directory (0 image, 1 thumbnail, 2 EXIF,
    /// 3 GPS, 4 interoperability), and their values as text. Tags without a known name, and those that
    /// point into the file, are passed over.
    pub tags: &'a [(String, String)],
}

/// The block for an output, with [`PREFIX`](super::PREFIX): all tags of `exif` in the same byte order, or a new block
/// when there is none; the tags that every block must have, where they are missing; then those of `changes`, of which
/// the image's own orientation, resolution and size come last. A thumbnail is kept with its directory; a directory
/// without a thumbnail is not.
///
/// # Errors
/// When there is not the memory for it.
pub fn rebuild(exif: Option<&[u8]>, changes: &Changes<'_>) -> Result<Vec<u8>> {
    let mut block = match exif {
        Some(exif) => reader::read(tiff(exif)),
        None => new_block(),
    };
    if changes.pixels_changed {
        block.thumbnail = &[];
        remove_stale_sizes(&mut block, changes);
    }
    add_mandatory(&mut block);
    for (key, text) in changes.tags {
        set_tag(&mut block, key, text);
    }
    set_resolution(&mut block, changes.density);
    set_size(&mut block, tag::PIXEL_X_DIMENSION, changes.width);
    set_size(&mut block, tag::PIXEL_Y_DIMENSION, changes.height);
    block.set_short(Directory::Primary, tag::ORIENTATION, changes.orientation.into());
    writer::write(block)
}

/// The first directory has sizes in uncompressed files only, but some programs write them into others.
fn remove_stale_sizes(block: &mut Block<'_>, changes: &Changes<'_>) {
    for (tag, pixels) in [(tag::IMAGE_WIDTH, changes.width), (tag::IMAGE_LENGTH, changes.height)] {
        if block.number(Directory::Primary, tag) != Some(f64::from(pixels)) {
            block.directories[Directory::Primary as usize].retain(|entry| entry.tag != tag);
        }
    }
}

/// A block with the tags that only compressed images have to have.
fn new_block() -> Block<'static> {
    let mut block = Block::empty(ByteOrder::Little);
    block.set_short(Directory::Primary, tag::YCBCR_POSITIONING, 1);
    add_undefined(&mut block, tag::COMPONENTS_CONFIGURATION, [1, 2, 3, 0]);
    block
}

fn add_mandatory(block: &mut Block<'_>) {
    if block.thumbnail.is_empty() {
        block.directories[Directory::Thumbnail as usize].clear();
    } else {
        add_short(block, Directory::Thumbnail, tag::COMPRESSION, COMPRESSION_JPEG);
        add_resolution(block, Directory::Thumbnail);
    }
    add_resolution(block, Directory::Primary);
    add_undefined(block, tag::EXIF_VERSION, *b"0210");
    add_undefined(block, tag::FLASHPIX_VERSION, *b"0100");
    add_short(block, Directory::Exif, tag::COLOUR_SPACE, UNCALIBRATED);
}

fn add_short(block: &mut Block<'_>, directory: Directory, tag: u16, number: u16) {
    if block.get(directory, tag).is_none() {
        block.set_short(directory, tag, number);
    }
}

fn add_undefined(block: &mut Block<'_>, tag: u16, value: [u8; 4]) {
    if block.get(Directory::Exif, tag).is_none() {
        let value = value.to_vec().into();
        block.set(Directory::Exif, Entry { tag, kind: kind::UNDEFINED, count: 4, value });
    }
}

fn add_resolution(block: &mut Block<'_>, directory: Directory) {
    for tag in [tag::X_RESOLUTION, tag::Y_RESOLUTION] {
        if block.get(directory, tag).is_none() {
            block.set_rational(directory, tag, (DEFAULT_RESOLUTION, 1));
        }
    }
    add_short(block, directory, tag::RESOLUTION_UNIT, UNIT_INCH);
}

/// Sets a tag by its key; `None` when there is no such tag or the text is nothing for it.
fn set_tag(block: &mut Block<'_>, key: &str, text: &str) -> Option<()> {
    let (number, name) = key.strip_prefix("exif-ifd")?.split_once('-')?;
    let number: usize = number.parse().ok()?;
    let directory = *Directory::ALL.get(number)?;
    let (tag, form) = tags::by_name(directory, name).filter(|&(tag, _)| !is_pointer(tag))?;
    let (kind, value) = text::value(form, text, block.order)?;
    block.set(directory, Entry::new(tag, kind, value)?);
    Some(())
}

/// States the density of the image, in centimetres where the input did and else in inches. A resolution that says the
/// same already is left as it is.
fn set_resolution(block: &mut Block<'_>, density: Option<Density>) {
    let (unit, millimetres) = match density.map(|density| density.unit) {
        Some(DensityUnit::Centimetre) => (UNIT_CENTIMETRE, 10.0),
        _ => (UNIT_INCH, 25.4),
    };
    let is_known = |value: &f64| *value >= 0.0 && value.is_finite();
    let [x, y] = [density.map(|density| density.x), density.map(|density| density.y)]
        .map(|per_millimetre| per_millimetre.filter(is_known).unwrap_or(1.0) * millimetres);
    for (tag, resolution) in [(tag::X_RESOLUTION, x), (tag::Y_RESOLUTION, y)] {
        let is_rational = block.get(Directory::Primary, tag).is_some_and(|entry| entry.kind == kind::RATIONAL);
        let present = block.number(Directory::Primary, tag).filter(|_| is_rational);
        if !present.is_some_and(|present| (present - resolution).abs() < SAME_RESOLUTION) {
            block.set_rational(Directory::Primary, tag, text::rational(resolution));
        }
    }
    block.set_short(Directory::Primary, tag::RESOLUTION_UNIT, unit);
}

/// A side of the image; stays a `SHORT` where it was one and fits.
fn set_size(block: &mut Block<'_>, tag: u16, pixels: u32) {
    let is_short = block.get(Directory::Exif, tag).is_some_and(|entry| entry.kind == kind::SHORT);
    match u16::try_from(pixels) {
        Ok(pixels) if is_short => block.set_short(Directory::Exif, tag, pixels),
        _ => block.set_long(Directory::Exif, tag, pixels),
    }
}
