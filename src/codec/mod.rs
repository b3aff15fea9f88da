//! Formats. Each has a folder with the same modules: sniff and header, decode, encode, options. This registry is the only
//! place that lists them.

pub mod animation;
pub mod gif;
pub mod heif;
pub mod ico;
pub mod jp2;
pub mod jpeg;
pub mod jxl;
#[cfg(feature = "libvips")]
pub mod libvips;
pub mod palette;
pub mod png;
pub mod qoi;
pub mod raw;
pub mod simple;
pub mod svg;
pub mod text;
pub mod tiff;
pub mod tile;
mod unwritten;
pub mod vips;
pub mod webp;

mod boxes;
mod canvas;
mod held;
mod input;

pub use input::{Input, Part, Reader};
pub use unwritten::{UNWRITTEN, unwritten};

use std::io::Write;

use crate::{
    error::{Error, InputError, Result},
    image::{ColourSpace, Image, MAX_PLANES, PixelFormat, PlaneSource, PlanesSpec, RowSource, Spec},
    meta::{GainMapInfo, Metadata},
    options::{Bag, FailOn, Method, Parsed, RawDepth},
};

/// Every format, in the order their signatures are tried and in which `sharp.format` lists them.
pub static CODECS: &[&Codec] = &[
    &jpeg::CODEC,
    &png::CODEC,
    &webp::CODEC,
    &gif::CODEC,
    &heif::CODEC,
    &tiff::CODEC,
    &jp2::CODEC,
    &jxl::CODEC,
    &simple::PPM,
    &simple::RAD,
    &simple::BMP,
    &ico::CODEC,
    &qoi::CODEC,
    &simple::FARBFELD,
    &simple::DDS,
    &simple::EXR,
    &simple::TGA,
    &svg::CODEC,
    &vips::CODEC,
    &tile::CODEC,
    &raw::CODEC,
    #[cfg(feature = "libvips")]
    &libvips::CODEC,
];

/// Methods that choose a format in a special form, beside the format's own method.
pub static FORM_METHODS: &[Method] = &[heif::AVIF_METHOD];

/// File name endings that are accepted but not listed in `sharp.format`, and the formats they mean.
const OTHER_SUFFIXES: &[(&str, &str)] = &[("heic", "heif"), ("heif", "heif")];

/// One format.
pub struct Codec {
    /// The name in `metadata().format`, `info.format` and `toFormat()`.
    pub id: &'static str,
    pub media_type: Option<&'static str>,
    pub place: Place,
    /// File name endings, the first is the usual one, without a dot.
    pub suffixes: &'static [&'static str],
    /// Names that `toFormat` takes beside `id`.
    pub aliases: &'static [&'static str],
    /// The loader names by which `block()` knows this format.
    pub loaders: &'static [&'static str],
    pub decoder: Option<Decoder>,
    pub encoder: Option<Encoder>,
}

/// Where a format is read from and written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Files and memory.
    Anywhere,
    Files,
    /// Nothing would say in a file what it is.
    Memory,
}

impl Place {
    pub fn has_files(self) -> bool {
        self != Place::Memory
    }

    pub fn has_memory(self) -> bool {
        self != Place::Files
    }
}

/// How a format is read.
pub struct Decoder {
    /// Whether the bytes begin like this format. Given the first [`SNIFF_LEN`] bytes, or fewer when the file is shorter.
    pub sniff: Sniff,
    /// Whether reading the header of a whole file in memory costs less than handing it to a thread would: at most
    /// [`BRIEF_LEN`] bytes precede the pixels, and nothing in them is compressed or refers to elsewhere.
    pub is_brief: fn(&[u8]) -> bool,
    /// Size, layout and metadata. Reads no pixels.
    pub header: ReadHeader,
    /// The pixels as rows.
    pub decode: DecodeRows,
    /// The planes of an image whose header [has](Header::planes) them, for formats that store some.
    pub planes: Option<DecodePlanes>,
}

impl Decoder {
    /// A format that is read as rows alone, and whose header takes a thread.
    const fn rows(sniff: Sniff, header: ReadHeader, decode: DecodeRows) -> Self {
        Self { sniff, is_brief: |_| false, header, decode, planes: None }
    }
}

type Sniff = fn(&[u8]) -> bool;
type ReadHeader = fn(&Input<'_>, &ReadOptions) -> Result<Header>;
type DecodeRows = for<'a> fn(&'a Input<'a>, &ReadOptions, LoadShrink) -> Result<Box<dyn RowSource + 'a>>;

/// Decodes planes, each shrunk by the factor (1, 2, 4 or 8) that is given for it or by a smaller one.
pub type DecodePlanes = for<'a> fn(&'a Input<'a>, &ReadOptions, [u8; MAX_PLANES]) -> Result<Box<dyn PlaneSource + 'a>>;

/// How a format is written.
pub struct Encoder {
    /// The method on the prototype that chooses this format and sets its options; without one it is chosen by file name.
    pub method: Option<Method>,
    /// What `info.format` calls it where that is not the format's `id`.
    pub reported_as: Option<&'static str>,
    /// The saver name by which `block()` knows this format, empty when it does not.
    pub saver: &'static str,
    /// The options' names and defaults, for the options bag.
    pub defaults: fn() -> Vec<(&'static str, crate::options::Value)>,
    /// The layout nearest to `format` that can be written; the pipeline converts to it before the rows are asked for.
    pub accepts: fn(format: PixelFormat, options: &dyn Bag) -> PixelFormat,
    /// The layout that a reader finds in a file of pixels of the given layout, of which the least opaque has the given alpha (255 is
    /// opaque).
    pub reads_as: fn(written: PixelFormat, least_alpha: u8, options: &dyn Bag) -> PixelFormat,
    /// Whether the options ask for more than 8 bits of a sample, where [`accepts`](Self::accepts) does not depend on it.
    pub is_deep: fn(options: &dyn Bag) -> bool,
    /// What is written, where that is not one file with a format.
    pub form: Form,
    /// Whether there is room for a gain map.
    pub gain_map: bool,
    /// Longest side that the format can hold, in pixels, and its name in the error that says so.
    pub max_side: Option<(u32, &'static str)>,
    /// Writes the file; `rows` has a layout that `accepts` returned.
    pub encode: fn(rows: &mut dyn RowSource, job: &EncodeJob<'_>, out: &mut dyn Write) -> Result<()>,
    /// How planes are written, when they can be.
    pub planes: Option<PlanesEncoder>,
}

/// What an encoder writes.
pub enum Form {
    /// One file.
    File,
    /// Pixels and nothing else.
    Bare(BarePixels),
    /// Many files below a path, or one archive in memory.
    Tree(FileTree),
}

/// How bare pixels are written.
pub struct BarePixels {
    /// Type of the samples that are written.
    pub depth: fn(options: &dyn Bag) -> Parsed<RawDepth>,
    /// All bytes, when they need no conversion: without a copy where the image is in memory already.
    pub collect: Collect,
}

type Collect = fn(rows: &mut dyn RowSource, job: &EncodeJob<'_>) -> Result<Option<Vec<u8>>>;

/// How files below a path are written.
pub struct FileTree {
    /// Writes the files and gives the size in bytes, when it is that of one archive.
    pub write: fn(rows: &mut dyn RowSource, job: &EncodeJob<'_>, path: &str) -> Result<Option<u64>>,
    /// Whether the files have alpha when the image has.
    pub keeps_alpha: fn(options: &dyn Bag) -> Parsed<bool>,
}

/// How planes are written.
pub struct PlanesEncoder {
    /// The planes that an opaque colour image of a width and height is written from; `None` when the options ask for what
    /// only rows can give.
    pub accepts: fn(width: u32, height: u32, options: &dyn Bag) -> Option<PlanesSpec>,
    /// Writes the file; `planes` have the layout that `accepts` returned.
    pub encode: fn(planes: &mut dyn PlaneSource, job: &EncodeJob<'_>, out: &mut dyn Write) -> Result<()>,
}

/// [`Encoder::reads_as`] of formats that keep any layout.
fn as_written(written: PixelFormat, _: u8, _: &dyn Bag) -> PixelFormat {
    written
}

/// [`Encoder::reads_as`] of formats that have colours always, and alpha where something is transparent.
fn as_colours(written: PixelFormat, least_alpha: u8, _: &dyn Bag) -> PixelFormat {
    PixelFormat::new(ColourSpace::Srgb, written.depth, written.alpha && least_alpha < u8::MAX)
}

/// Parameters of an encoder, beside the rows.
pub struct EncodeJob<'a> {
    /// The options bag, already checked by the encoder's own options type.
    pub options: &'a dyn Bag,
    /// Metadata to write: what is in here is written, what is not is not.
    pub metadata: &'a Metadata,
    /// The gain map to write beside the image, where the format has [room](Encoder::gain_map) for one.
    pub gain_map: Option<&'a DecodedGainMap>,
}

/// A gain map as pixels.
pub struct DecodedGainMap {
    /// Grey or RGB of 8 bits.
    pub image: Image,
    pub info: GainMapInfo,
}

/// Bytes that a signature may need.
pub const SNIFF_LEN: usize = 4096;

/// Most bytes of a header that is read on the calling thread.
pub const BRIEF_LEN: usize = 64 << 10;

/// Bytes that are searched for a signature when the first [`SNIFF_LEN`] have none: text may begin with a long comment.
const LONG_SNIFF_LEN: usize = 1 << 20;

/// Bytes that a decoder which holds its image may take for it, when limits are in force.
pub const MAX_ALLOC: u64 = 4 << 30;

/// Options of reading, beside the bytes.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    pub fail_on: FailOn,
    /// First page to read, `None` is the format's default.
    pub page: Option<u32>,
    /// Pages to read, -1 is all that follow.
    pub pages: i32,
    /// Pixels that an image may have, 0 is any number. The pipeline checks sizes against it; decoders check what they have to
    /// decode beside the pixels that they give.
    pub max_pixels: u64,
    /// Lifts the decoders' own safety limits.
    pub unlimited: bool,
    /// Sub-directory of a TIFF to read in place of each page, -1 is none.
    pub subifd: i32,
    /// Dots per inch that vector images are drawn at.
    pub density: f64,
    /// CSS for SVG, beside its own.
    pub svg_stylesheet: Option<String>,
    /// The gain map is wanted, when there is one.
    pub gain_map: bool,
}

impl ReadOptions {
    /// The first page to read and how many, of a file of `total`; `None` when there are not so many.
    pub fn pages_of(&self, total: u32) -> Option<(u32, u32)> {
        let first = self.page.unwrap_or(0);
        let count = match self.pages {
            -1 => total.checked_sub(first)?,
            pages => u32::try_from(pages).ok()?,
        };
        (count > 0 && first.checked_add(count)? <= total).then_some((first, count))
    }
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            fail_on: FailOn::default(),
            page: None,
            pages: 1,
            max_pixels: 0,
            unlimited: false,
            subifd: -1,
            density: 72.0,
            svg_stylesheet: None,
            gain_map: false,
        }
    }
}

/// The header of a file.
#[derive(Debug, Clone)]
pub struct Header {
    /// The image at full size, in the layout that `decode` without a shrink gives.
    pub spec: Spec,
    pub metadata: Metadata,
    pub shrink: ShrinkOnLoad,
    /// The planes that the file holds, at full size, where they can be decoded as they are.
    pub planes: Option<PlanesSpec>,
}

impl Header {
    /// Frames that are read, one below the other; a still image is one frame.
    pub fn frames(&self) -> u32 {
        self.metadata.page_height.map_or(1, |height| (self.spec.height / height.max(1)).max(1))
    }
}

/// How far a decoder can shrink while it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShrinkOnLoad {
    None,
    /// By 2, 4 or 8, in the frequency domain.
    Dct,
    /// To any smaller size.
    Scale,
    /// To any size, larger ones too: shapes are drawn at it.
    Vector,
}

/// The shrinking that is requested.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LoadShrink {
    None,
    /// 2, 4 or 8; sizes are rounded up: the last column and row may stand for less than a whole pixel.
    Dct(u8),
    /// Factor above 0, for all but vector images below 1; sizes are rounded to nearest, at least 1.
    Scale(f64),
}

impl LoadShrink {
    /// Pixels of the file in one pixel as it is loaded.
    pub fn factor(self) -> f64 {
        match self {
            LoadShrink::None => 1.0,
            LoadShrink::Dct(factor) => factor.into(),
            LoadShrink::Scale(scale) => scale.recip(),
        }
    }
}

/// The format whose signature the input begins with.
pub fn sniff(input: &Input<'_>) -> Result<&'static Codec> {
    let begins = |start: &[u8]| {
        let fits = |codec: &&&Codec| codec.decoder.as_ref().is_some_and(|decoder| (decoder.sniff)(start));
        CODECS.iter().find(fits).copied()
    };
    let start = input.start(SNIFF_LEN)?;
    if let Some(codec) = begins(&start) {
        return Ok(codec);
    }
    let unsupported = || Error::from(InputError::UnsupportedFormat(input.origin()));
    if start.len() < SNIFF_LEN {
        return Err(unsupported());
    }
    begins(&input.start(LONG_SNIFF_LEN)?).ok_or_else(unsupported)
}

/// The format that an image read from `input` is written in when none is asked for: drawings become PNG.
pub fn written_as(input: &'static Codec) -> &'static Codec {
    if input.id == svg::CODEC.id { &png::CODEC } else { input }
}

/// Whether a format that is not in the registry is read all the same, from files and from memory, by a library beside it.
pub fn is_read_beside(_id: &str) -> (bool, bool) {
    #[cfg(feature = "libvips")]
    return libvips::reads(_id);
    #[cfg(not(feature = "libvips"))]
    (false, false)
}

/// Forbids or allows the operations of a library beside the registry, by the name of one or of many.
pub fn block_beside(_name: &str, _block: bool) {
    #[cfg(feature = "libvips")]
    libvips::block(_name, _block);
}

/// The format that a name given to `toFormat` means.
pub fn by_name(name: &str) -> Option<&'static Codec> {
    CODECS.iter().find(|codec| codec.id == name || codec.aliases.contains(&name)).copied()
}

/// The format that a file name asks for by its ending.
pub fn by_suffix(path: &str) -> Option<&'static Codec> {
    let suffix = path.rsplit_once('.')?.1.to_ascii_lowercase();
    let known = CODECS.iter().find(|codec| codec.suffixes.contains(&suffix.as_str())).copied();
    known.or_else(|| by_name(OTHER_SUFFIXES.iter().find(|(other, _)| *other == suffix)?.1))
}
