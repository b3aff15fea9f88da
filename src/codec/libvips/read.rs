//! Header and pixels through libvips.

use std::ffi::{CStr, CString};

use super::{FORMATS, Format, ffi, layout::Layout};
use crate::{
    codec::{Header, Input, LoadShrink, ReadOptions, ShrinkOnLoad},
    error::{Error, InputError, Result},
    image::{RowMut, RowSource, Spec, past_the_end},
    meta::{Density, DensityUnit, Metadata},
    options::FailOn,
};

/// Bytes of rows that are made at a time, at least one row: enough that asking costs little beside making.
const STRIP_BYTES: usize = 1 << 20;
/// What an EXIF block begins with here.
const EXIF_PREFIX: &[u8] = b"Exif\0\0";

/// Opens the image of an input, when libvips has a loader for it that is wanted.
fn open<'a>(input: &'a Input<'a>, options: &ReadOptions) -> Result<(ffi::Picture<'a>, &'static Format)> {
    let unknown = || Error::from(InputError::UnsupportedFormat(input.origin()));
    let from = match input {
        Input::Bytes(bytes) => ffi::From::Memory(bytes),
        Input::File(path) => {
            let path = path.to_str().and_then(|path| CString::new(path).ok());
            ffi::From::File(path.ok_or_else(unknown)?)
        }
    };
    let picture = ffi::Picture::open(from, &arguments(options)).ok_or_else(unknown)?;
    let picture = picture.map_err(|detail| Error::corrupt_header(input.origin(), detail))?;
    let loader = picture.loader();
    let is_of = |format: &&Format| format.loader.to_str().is_ok_and(|nickname| loader.starts_with(nickname));
    let format = FORMATS.iter().find(is_of).ok_or_else(unknown)?;
    Ok((picture, format))
}

/// The options of a loader in libvips's names.
fn arguments(options: &ReadOptions) -> Vec<(&'static CStr, CString)> {
    let fail_on = match options.fail_on {
        FailOn::None => "none",
        FailOn::Truncated => "truncated",
        FailOn::Error => "error",
        FailOn::Warning => "warning",
    };
    let mut arguments = vec![
        (c"access", "sequential".to_owned()),
        (c"fail-on", fail_on.to_owned()),
        (c"dpi", options.density.to_string()),
        (c"n", options.pages.to_string()),
    ];
    arguments.extend(options.page.map(|page| (c"page", page.to_string())));
    arguments.extend(options.unlimited.then(|| (c"unlimited", "true".to_owned())));
    arguments.into_iter().filter_map(|(name, value)| Some((name, CString::new(value).ok()?))).collect()
}

/// Size, layout and metadata.
pub(super) fn header(input: &Input<'_>, options: &ReadOptions) -> Result<Header> {
    let (picture, format) = open(input, options)?;
    let unknown = || Error::from(InputError::UnsupportedFormat(input.origin()));
    let spec = Layout::of(&picture).ok_or_else(unknown)?.spec;
    let number = |name| picture.int(name).and_then(|value| u32::try_from(value).ok());
    let is_page = |height: &u32| *height > 0 && *height < spec.height && spec.height.is_multiple_of(*height);
    let (x, y) = picture.density();
    let metadata = Metadata {
        format: Some(format.id),
        media_type: format.media_type,
        orientation: number(c"orientation").filter(|value| (1..=8).contains(value)).map(|value| value as u8),
        density: Some(Density { x, y, unit: DensityUnit::Unstated }).filter(|_| x > 0.0 && y > 0.0),
        bits_per_sample: number(c"bits-per-sample").and_then(|bits| u8::try_from(bits).ok()),
        pages: number(c"n-pages"),
        page_height: number(c"page-height").filter(is_page),
        exif: picture.blob(c"exif-data").map(with_prefix),
        icc: picture.blob(c"icc-profile-data"),
        iptc: picture.blob(c"iptc-data"),
        xmp: picture.blob(c"xmp-data"),
        ..Metadata::default()
    };
    Ok(Header { spec, metadata, shrink: ShrinkOnLoad::None, planes: None })
}

fn with_prefix(exif: Vec<u8>) -> Vec<u8> {
    if exif.starts_with(EXIF_PREFIX) { exif } else { [EXIF_PREFIX, &exif].concat() }
}

/// The pixels, as libvips makes them from top to bottom.
pub(super) fn decode<'a>(
    input: &'a Input<'a>,
    options: &ReadOptions,
    _shrink: LoadShrink,
) -> Result<Box<dyn RowSource + 'a>> {
    let (picture, _) = open(input, options)?;
    let layout = Layout::of(&picture).ok_or(InputError::UnsupportedFormat(input.origin()))?;
    let stride = layout.spec.row_samples() * layout.stored.bytes();
    Ok(Box::new(Rows { picture, layout, stride, strip: Vec::new(), at: 0, next: 0 }))
}

/// An image as a source of rows.
struct Rows<'a> {
    picture: ffi::Picture<'a>,
    layout: Layout,
    /// Bytes in a stored row.
    stride: usize,
    /// Stored rows that were made, and the byte at which the next one begins.
    strip: Vec<u8>,
    at: usize,
    /// Rows that were made so far.
    next: u32,
}

impl Rows<'_> {
    fn fill(&mut self) -> Result<()> {
        let left = self.layout.spec.height - self.next;
        if left == 0 {
            return Err(past_the_end());
        }
        let count = left.min((STRIP_BYTES / self.stride).max(1) as u32);
        let strip = &mut self.strip;
        strip.clear();
        let made = self.picture.rows(self.next, count, |bytes| strip.extend_from_slice(bytes));
        made.map_err(Error::corrupt_pixels)?;
        if strip.len() != self.stride * count as usize {
            return Err(Error::Internal("libvips gave rows of another size".into()));
        }
        self.next += count;
        self.at = 0;
        Ok(())
    }
}

impl RowSource for Rows<'_> {
    fn spec(&self) -> Spec {
        self.layout.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        if self.at == self.strip.len() {
            self.fill()?;
        }
        self.layout.convert(&self.strip[self.at..self.at + self.stride], row);
        self.at += self.stride;
        Ok(())
    }
}
