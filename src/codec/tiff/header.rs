//! The header of a file: pages, sub-directories, layout and metadata.

use super::{
    directory::{self, Directory, tag},
    exif,
    layout::{self, Layout},
    page::{Compression, Page, Photometric, Unusable},
    source::Source,
};
use crate::{
    codec::{Header, Input, ReadOptions, ShrinkOnLoad},
    error::{Error, InputError, LimitError, Origin, Result},
    image::{ColourSpace, Depth, PixelFormat, Spec},
    meta::{Density, DensityUnit, Metadata, Stored},
};

/// Sub-directories of a page that are counted.
const MAX_SUBIFDS: u64 = 100_000;

/// A file whose pages were found, and the first of those that are read.
pub(super) struct File<'a> {
    pub(super) source: Source<'a>,
    pub(super) options: ReadOptions,
    origin: Origin,
    /// Directories of all pages.
    pages: Vec<u64>,
    /// The page that is read first, and how many are.
    first: usize,
    count: usize,
    pub(super) directory: Directory,
    pub(super) page: Page,
}

impl<'a> File<'a> {
    pub(super) fn open(input: &'a Input<'a>, options: &ReadOptions) -> Result<Self> {
        let origin = input.origin();
        let unknown = || Error::from(InputError::UnsupportedFormat(origin));
        let mut source = Source::open(input).ok_or_else(unknown)?;
        let pages = directory::pages(&mut source);
        if pages.is_empty() {
            return Err(unknown());
        }
        let first = options.page.unwrap_or(0) as usize;
        let missing =
            |page: usize| Error::corrupt_header(origin, format!("tiff2vips: TIFF does not contain page {page}"));
        if first >= pages.len() {
            return Err(missing(first));
        }
        let count = usize::try_from(options.pages).unwrap_or(pages.len() - first).max(1);
        if count > pages.len() - first {
            return Err(missing(pages.len()));
        }
        let (directory, page) = open_page(&mut source, pages[first], options.subifd, origin)?;
        let mut file = Self { source, options: options.clone(), origin, pages, first, count, directory, page };
        for number in 1..count {
            file.page_of(number)?;
        }
        Ok(file)
    }

    /// A page among those that are read; it must be like the first.
    pub(super) fn page_of(&mut self, number: usize) -> Result<(Directory, Page)> {
        let index = self.first + number;
        let at = self.pages.get(index).copied().unwrap_or(0);
        let (directory, page) = open_page(&mut self.source, at, self.options.subifd, self.origin)?;
        let shape = |page: &Page| (page.width, page.height, page.stored, page.kind, page.samples, page.photometric);
        if shape(&page) != shape(&self.page) {
            let detail = format!("tiff2vips: page {index} differs from page {}", self.first);
            return Err(Error::corrupt_header(self.origin, detail));
        }
        Ok((directory, page))
    }
}

/// The image of a directory, or of one of its sub-directories.
fn open_page(source: &mut Source<'_>, at: u64, subifd: i32, origin: Origin) -> Result<(Directory, Page)> {
    let unusable = |why| match why {
        Unusable::Unrecognised => Error::from(InputError::UnsupportedFormat(origin)),
        Unusable::Because(detail) => Error::corrupt_header(origin, detail),
    };
    let mut directory = Directory::read(source, at).ok_or_else(|| unusable(Unusable::Unrecognised))?;
    if let Ok(number) = u64::try_from(subifd) {
        let because = |text: String| unusable(Unusable::Because(format!("tiff2vips: {text}")));
        let subifds = directory.integers(source, tag::SUB_IFDS, MAX_SUBIFDS).unwrap_or_default();
        let Some(last) = subifds.len().checked_sub(1) else { return Err(because("no SUBIFD tag".to_owned())) };
        let at = usize::try_from(number)
            .ok()
            .and_then(|number| subifds.get(number))
            .ok_or_else(|| because(format!("subifd {number} out of range, only 0-{last} available")))?;
        directory = Directory::read(source, *at).ok_or_else(|| because("subdirectory cannot be read".to_owned()))?;
    }
    let page = Page::read(source, &directory).map_err(unusable)?;
    Ok((directory, page))
}

/// How the samples of the first page become pixels.
pub(super) fn layout(file: &mut File<'_>) -> Result<Layout> {
    let page = &file.page;
    let colour_map = match page.photometric {
        Some(Photometric::Palette) if page.stored <= 8 => {
            file.directory.integers(&mut file.source, tag::COLOUR_MAP, 3 << page.stored).unwrap_or_default()
        }
        _ => Vec::new(),
    };
    let layout = Layout::new(page, &colour_map)?;
    let decoded = matches!(page.compression, Compression::Jpeg | Compression::WebP);
    Ok(if decoded { layout.with_rgb() } else { layout })
}

/// Size and layout of all pages that are read.
pub(super) fn spec(file: &File<'_>, layout: &Layout) -> Result<Spec> {
    size(file, layout.format)
}

fn size(file: &File<'_>, format: PixelFormat) -> Result<Spec> {
    let (width, page_height) = (file.page.width, file.page.height);
    let height = u32::try_from(file.count).ok().and_then(|count| page_height.checked_mul(count));
    let height = height.ok_or(LimitError::Dimensions { width: width.into(), height: u64::MAX })?;
    Ok(Spec::new(width, height, format))
}

/// Size, layout and metadata.
pub(super) fn header(input: &Input<'_>, options: &ReadOptions) -> Result<Header> {
    let mut file = File::open(input, options)?;
    let (space, depth) = layout::stored(&file.page);
    // Unknown photometric interpretations are reported all the same.
    let format = match layout(&mut file) {
        Ok(layout) => layout.format,
        Err(_) => {
            let format = PixelFormat::new(ColourSpace::Srgb, Depth::U8, file.page.samples > 3);
            layout::with_extra(format, file.page.samples)
        }
    };
    let spec = size(&file, format)?;
    let told = Stored { space, depth, channels: file.page.samples.into() };
    let palette = file.page.photometric == Some(Photometric::Palette) && file.page.bits <= 8;
    let differs = space != format.space.name()
        || depth != format.depth.name()
        || usize::from(file.page.samples) != format.channels();
    let is_told = differs && !palette;
    let unlimited = options.unlimited;
    let File { source, directory, page, .. } = &mut file;
    let mut block = |tag| directory.block(source, tag, unlimited);
    let (icc, iptc, xmp, photoshop) = (block(tag::ICC), block(tag::IPTC), block(tag::XMP), block(tag::PHOTOSHOP));
    let exif = exif::read(source, directory)?;
    let orientation = directory.integer(source, tag::ORIENTATION).filter(|value| (1..=8).contains(value)).unwrap_or(1);
    let subifds = directory.integers(source, tag::SUB_IFDS, MAX_SUBIFDS).unwrap_or_default().len() as u32;
    let metadata = Metadata {
        orientation: Some(orientation as u8),
        density: Some(density(source, directory)),
        bits_per_sample: Some(page.stored as u8),
        pages: Some(file.pages.len() as u32),
        page_height: (file.count > 1).then_some(file.page.height),
        stored: is_told.then_some(told),
        subifds,
        exif,
        icc,
        iptc,
        xmp,
        photoshop,
        ..Metadata::default()
    };
    Ok(Header { spec, metadata, shrink: ShrinkOnLoad::None, planes: None })
}

/// Pixels per millimetre; one, when the file does not say.
fn density(source: &mut Source<'_>, directory: &Directory) -> Density {
    let (unit, millimetres) = match directory.integer(source, tag::RESOLUTION_UNIT) {
        Some(1) => (DensityUnit::Unstated, 1.0),
        Some(3) => (DensityUnit::Centimetre, 10.0),
        _ => (DensityUnit::Inch, 25.4),
    };
    let mut per_unit = |tag| directory.number(source, tag).filter(|value| *value >= 0.0);
    match (per_unit(tag::X_RESOLUTION), per_unit(tag::Y_RESOLUTION)) {
        (Some(x), Some(y)) => Density { x: x / millimetres, y: y / millimetres, unit },
        _ => Density { x: 1.0, y: 1.0, unit: DensityUnit::Unstated },
    }
}
