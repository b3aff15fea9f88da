//! EXIF in a TIFF: the tags of the image stand in its own directory, the others in directories below it.
//! Source: Exif 2.32, section 4.6.3; TIFF 6.0.

use super::{
    directory::{Directory, tag},
    source::Source,
};
use crate::{
    error::Result,
    meta::exif::{Parts, Tag},
};

/// Bytes of values that are read.
const MAX_BYTES: u64 = 16 << 20;

/// Whether a tag describes how the pixels of this file are stored or where they belong on a map, or is a block of metadata that has a
/// place of its own in the public API: of no meaning in another file.
const fn is_of_file(tag: u16) -> bool {
    matches!(
        tag,
        254..=266 | 273 | 277..=281 | 284 | 288..=293 | 297 | 301 | 317..=325 | 330..=334 | 336 | 338..=347 | 512..=532
            | tag::XMP | tag::IPTC | tag::PHOTOSHOP | tag::ICC
            | tag::EXIF_DIRECTORY | tag::GPS_DIRECTORY | tag::INTEROPERABILITY_DIRECTORY
            // GeoTIFF and GDAL, layers of Photoshop, DNG.
            | 33550 | 33922 | 34264 | 34735..=34737 | 42112 | 42113 | 37724 | 50706..=51199
    )
}

/// The block that other formats have for the EXIF of this directory; none when it has no directory of EXIF or GPS tags.
pub(super) fn read(source: &mut Source<'_>, directory: &Directory) -> Result<Option<Vec<u8>>> {
    let mut budget = MAX_BYTES;
    let mut below = |source: &mut Source<'_>, directory: &Directory, tag| {
        let below = directory.integer(source, tag).and_then(|at| Directory::read(source, at))?;
        let tags = below.tags(source, &mut budget);
        Some((below, tags))
    };
    let exif = below(source, directory, tag::EXIF_DIRECTORY);
    let gps = below(source, directory, tag::GPS_DIRECTORY);
    if exif.is_none() && gps.is_none() {
        return Ok(None);
    }
    let interoperability =
        exif.as_ref().and_then(|(exif, _)| below(source, exif, tag::INTEROPERABILITY_DIRECTORY)).map(|(_, tags)| tags);
    let image = directory.tags(source, &mut budget).into_iter().filter(|entry| !is_of_file(entry.tag)).collect();
    let parts = Parts {
        image,
        exif: exif.map_or_else(Vec::new, |(_, tags)| tags),
        gps: gps.map_or_else(Vec::new, |(_, tags)| tags),
        interoperability: interoperability.unwrap_or_default(),
    };
    parts.into_block().map(Some)
}

/// The tags of a block to be written; none when it says nothing but what every block does.
pub(super) fn parts(block: &[u8]) -> Option<Parts> {
    let mut parts = Parts::of(block);
    // The encoder writes these from what it knows itself.
    let own = [tag::ORIENTATION, tag::X_RESOLUTION, tag::Y_RESOLUTION, tag::RESOLUTION_UNIT];
    parts.image.retain(|Tag { tag, .. }| !is_of_file(*tag) && !own.contains(tag));
    (!parts.says_nothing()).then_some(parts)
}
