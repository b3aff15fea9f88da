//! Rows to a file: strips or tiles, pages, and smaller copies.

use std::io::Write;

use super::{
    compress::{Compressor, Stored, number, predictor, refuse},
    directory::{field, tag},
    exif,
    kind::Kind,
    options::{TiffCompression, TiffOptions, TiffPredictor, TiffResolutionUnit},
    pyramid::Halver,
    write_directory::Entries,
};
use crate::{
    codec::{EncodeJob, jpeg::FULL_CHROMA},
    error::{Error, LimitError, OutputError, Result},
    image::{ColourSpace, Depth, PixelFormat, Row, RowSource, Samples, Spec, zeroed},
    meta::exif::Tag,
    options::{Bag, OutputOptions},
};

/// Largest file without 64-bit offsets, and the longest side of a JPEG.
const MAX_CLASSIC: u64 = u32::MAX as u64;
const MAX_JPEG_SIDE: u32 = 65_535;

/// The layout nearest to `format` that can be written: that itself, but lossy compressions have grey, RGB or CMYK of 8 bits,
/// and JPEG no alpha.
pub(super) fn accepts(format: PixelFormat, options: &dyn Bag) -> PixelFormat {
    let compression = TiffOptions::read(options).map_or(TiffCompression::Jpeg, |options| options.compression);
    let space = match (compression, format.space) {
        (TiffCompression::WebP, _) => ColourSpace::Srgb,
        (TiffCompression::Jpeg, ColourSpace::Grey | ColourSpace::Grey16) => ColourSpace::Grey,
        (TiffCompression::Jpeg, ColourSpace::Cmyk) => ColourSpace::Cmyk,
        (TiffCompression::Jpeg, _) | (_, ColourSpace::Xyz) => ColourSpace::Srgb,
        (_, space) => space,
    };
    let alpha = format.alpha && compression != TiffCompression::Jpeg;
    let lossy = matches!(compression, TiffCompression::Jpeg | TiffCompression::WebP);
    PixelFormat { extra: if lossy { 0 } else { format.extra }, ..PixelFormat::new(space, space.depth(), alpha) }
}

/// Writes all pages.
pub(super) fn encode(rows: &mut dyn RowSource, job: &EncodeJob<'_>, out: &mut dyn Write) -> Result<()> {
    let options = TiffOptions::read(job.options)?;
    let spec = rows.spec();
    if spec.width == 0 || spec.height == 0 {
        return Err(Error::Internal("picture without pixels".into()));
    }
    let page_height = job.metadata.page_height.filter(|&height| height > 0 && spec.height.is_multiple_of(height));
    let page = spec.resized(spec.width, page_height.unwrap_or(spec.height));
    let pages = spec.height / page.height;
    if options.compression == TiffCompression::Jpeg && page.width.max(page.height) > MAX_JPEG_SIDE {
        return Err(LimitError::TooLargeForFormat("JPEG").into());
    }
    let mut file = File::new(&options, job, spec.format)?;
    for number in 0..pages {
        file.page(rows, page, (pages > 1).then_some((number, pages)))?;
    }
    out.write_all(&file.bytes).map_err(|error| OutputError::Write(error.to_string()).into())
}

/// A file being put together.
struct File<'o> {
    options: &'o TiffOptions,
    job: &'o EncodeJob<'o>,
    stored: Stored,
    tiled: bool,
    bytes: Vec<u8>,
    /// Where the place of the next directory is to be written.
    link: u64,
}

/// Which of the directories of a file it is.
#[derive(Clone, Copy)]
enum Role {
    Picture,
    /// Of so many pages.
    Page(u32, u32),
    Smaller,
}

impl<'o> File<'o> {
    fn new(options: &'o TiffOptions, job: &'o EncodeJob<'o>, format: PixelFormat) -> Result<Self> {
        let tiled = options.tile || options.pyramid;
        if tiled && (!options.tile_width.is_multiple_of(16) || !options.tile_height.is_multiple_of(16)) {
            return Err(refuse("tile size not a multiple of 16"));
        }
        let lossy = matches!(options.compression, TiffCompression::Jpeg | TiffCompression::WebP);
        let kind = match format.space {
            _ if options.predictor == TiffPredictor::Float && !lossy => Kind::Float,
            ColourSpace::Labs => Kind::Signed,
            _ if format.depth == Depth::F32 => Kind::Float,
            _ => Kind::Unsigned,
        };
        let samples = format.channels();
        let bits = match (kind, options.bit_depth) {
            (Kind::Float, _) => 32,
            (Kind::Signed, _) => 16,
            (_, depth @ (1 | 2 | 4)) if samples == 1 && format.depth == Depth::U8 && !lossy => depth as u16,
            _ => format.depth.bytes() as u16 * 8,
        };
        let stored = Stored { bits, samples, kind };
        // Fails early when the compression does not take such samples.
        Compressor::new(options, stored)?;
        let mut file = Self { options, job, stored, tiled, bytes: Vec::new(), link: 0 };
        if options.big {
            file.append(b"II+\0\x08\0\0\0")?;
            file.link = file.append(&[0; 8])?;
        } else {
            file.append(b"II*\0")?;
            file.link = file.append(&[0; 4])?;
        }
        Ok(file)
    }

    /// Appends bytes at an even place, which is given.
    fn append(&mut self, data: &[u8]) -> Result<u64> {
        let padding = self.bytes.len() % 2;
        let size = self.bytes.len() as u64 + padding as u64 + data.len() as u64;
        if !self.options.big && size > MAX_CLASSIC {
            return Err(refuse("Maximum TIFF file size exceeded"));
        }
        self.bytes.try_reserve(data.len() + padding).map_err(|_| LimitError::Memory { bytes: size })?;
        self.bytes.resize(self.bytes.len() + padding, 0);
        let at = self.bytes.len() as u64;
        self.bytes.extend_from_slice(data);
        Ok(at)
    }

    /// Writes a page and, when they are asked for, its smaller copies: behind it, or below it when there are more pages.
    fn page(&mut self, rows: &mut dyn RowSource, spec: Spec, number: Option<(u32, u32)>) -> Result<()> {
        let role = number.map_or(Role::Picture, |(number, pages)| Role::Page(number, pages));
        let mut halver = self.halver(spec)?;
        let picture = self.picture(rows, spec, &mut halver)?;
        let below = number.is_some();
        let mut subs = Vec::new();
        if !below {
            self.directory(&picture, spec, role, &[])?;
        }
        while let Some(smaller) = halver.take() {
            let smaller = smaller.finish();
            let spec = smaller.spec();
            halver = self.halver(spec)?;
            let picture = self.picture(&mut smaller.into_rows(), spec, &mut halver)?;
            if below {
                let (at, _) = self.put_directory(&picture, spec, Role::Smaller, &[])?;
                subs.push(at);
            } else {
                self.directory(&picture, spec, Role::Smaller, &[])?;
            }
        }
        if below {
            self.directory(&picture, spec, role, &subs)?;
        }
        Ok(())
    }

    /// Makes the next smaller copy, when there is to be one.
    fn halver(&self, spec: Spec) -> Result<Option<Halver>> {
        let fits = spec.width <= self.options.tile_width && spec.height <= self.options.tile_height;
        if !self.options.pyramid || fits || spec.width < 2 || spec.height < 2 {
            return Ok(None);
        }
        Halver::new(spec).map(Some)
    }

    /// Writes the chunks of an image.
    fn picture(&mut self, rows: &mut dyn RowSource, spec: Spec, halver: &mut Option<Halver>) -> Result<Chunks> {
        let mut compressor = Compressor::new(self.options, self.stored)?;
        let chunk_height = if self.tiled { self.options.tile_height } else { self.strip_height(spec.height) };
        let chunk_width = if self.tiled { self.options.tile_width } else { spec.width };
        let row_bytes = self.stored.row_bytes(spec.width as usize);
        let tile_bytes = self.stored.row_bytes(chunk_width as usize);
        let across = spec.width.div_ceil(chunk_width);
        let mut samples = Samples::row_of(&spec)?;
        let mut band = Vec::new();
        let mut tile = zeroed(if self.tiled { tile_bytes * chunk_height as usize } else { 0 })?;
        let mut chunks = Chunks { tiled: self.tiled, chunk_width, chunk_height, ..Chunks::default() };
        for top in (0..spec.height).step_by(chunk_height as usize) {
            let height = chunk_height.min(spec.height - top);
            let size = row_bytes.saturating_mul(height as usize);
            band.clear();
            band.try_reserve_exact(size).map_err(|_| LimitError::Memory { bytes: size as u64 })?;
            for _ in 0..height {
                rows.next_row(samples.all_mut())?;
                if let Some(halver) = halver {
                    halver.push(samples.all());
                }
                self.pack(samples.all(), spec.format, &mut band);
            }
            for x in 0..across {
                let data = if self.tiled {
                    cut_tile(&band, row_bytes, x as usize * tile_bytes, &mut tile, tile_bytes, self.pixel_bytes());
                    compressor.chunk(&mut tile, chunk_width, true)?
                } else {
                    compressor.chunk(&mut band, chunk_width, false)?
                };
                let at = self.append(&data)?;
                chunks.offsets.push(at);
                chunks.counts.push(data.len() as u64);
            }
        }
        chunks.jpeg_tables = compressor.jpeg_tables;
        Ok(chunks)
    }

    /// Rows of a strip; JPEG's blocks must not be cut.
    fn strip_height(&self, height: u32) -> u32 {
        let rows = self.options.tile_height;
        let rows = if self.options.compression == TiffCompression::Jpeg { rows.next_multiple_of(16) } else { rows };
        rows.min(height.next_multiple_of(16))
    }

    /// Bytes of a pixel, at least one.
    const fn pixel_bytes(&self) -> usize {
        let bytes = self.stored.samples * self.stored.bits as usize / 8;
        if bytes == 0 { 1 } else { bytes }
    }

    /// Whether 0 is white.
    const fn is_inverted(&self, format: PixelFormat) -> bool {
        self.options.white_is_zero && format.channels() == 1 && matches!(self.stored.kind, Kind::Unsigned)
    }

    /// Appends a row in the form in which it is stored.
    fn pack(&self, row: Row<'_>, format: PixelFormat, out: &mut Vec<u8>) {
        let (inverted, start) = (self.is_inverted(format), out.len());
        let float = self.stored.kind == Kind::Float;
        match row {
            Row::U8(row) if float => out.extend(row.iter().flat_map(|&v| f32::from(v).to_ne_bytes())),
            Row::U16(row) if float => out.extend(row.iter().flat_map(|&v| f32::from(v).to_ne_bytes())),
            Row::U8(row) if self.stored.bits < 8 => {
                let bits = self.stored.bits;
                out.extend(row.chunks(usize::from(8 / bits)).map(|pixels| {
                    let flip = if inverted { 0xff } else { 0 };
                    let put = |byte, (at, value): (usize, &u8)| {
                        byte | ((value ^ flip) >> (8 - bits)) << (8 - bits as usize * (at + 1))
                    };
                    pixels.iter().enumerate().fold(0u8, put)
                }));
                return;
            }
            Row::U16(row) => out.extend(row.iter().flat_map(|value| value.to_le_bytes())),
            Row::F32(row) if self.stored.kind == Kind::Signed => {
                // A cast cuts to the range. L* is stored twice as fine.
                let word = |(channel, &value): (usize, &f32)| match channel {
                    0 => ((value as i16).max(0) as u16) << 1,
                    _ => value as i16 as u16,
                };
                let words = row.chunks_exact(self.stored.samples).flat_map(|pixel| pixel.iter().enumerate().map(word));
                out.extend(words.flat_map(u16::to_le_bytes));
            }
            Row::F32(row) => out.extend(row.iter().flat_map(|value| value.to_le_bytes())),
            row => out.extend_from_slice(row.bytes()),
        }
        if inverted {
            out[start..].iter_mut().for_each(|byte| *byte = !*byte);
        }
    }

    /// Writes a directory and links it to the one before.
    fn directory(&mut self, chunks: &Chunks, spec: Spec, role: Role, subs: &[u64]) -> Result<()> {
        let (at, next) = self.put_directory(chunks, spec, role, subs)?;
        let word = if self.options.big { 8 } else { 4 };
        let link = self.link as usize;
        self.bytes[link..link + word].copy_from_slice(&at.to_le_bytes()[..word]);
        self.link = next;
        Ok(())
    }

    /// Writes a directory; gives its place and that of its link to the next.
    fn put_directory(&mut self, chunks: &Chunks, spec: Spec, role: Role, subs: &[u64]) -> Result<(u64, u64)> {
        let options = self.options;
        let Stored { bits, samples, kind } = self.stored;
        let mut entries = Entries::new(options.big);
        match role {
            Role::Picture => {}
            Role::Page(number, pages) => {
                entries.long(tag::NEW_SUBFILE_TYPE, 2);
                entries.shorts(tag::PAGE_NUMBER, &[number as u16, pages.min(u16::MAX.into()) as u16]);
            }
            Role::Smaller => entries.long(tag::NEW_SUBFILE_TYPE, 1),
        }
        entries.long(tag::WIDTH, spec.width);
        entries.long(tag::HEIGHT, spec.height);
        entries.shorts(tag::BITS_PER_SAMPLE, &vec![bits; samples]);
        entries.shorts(tag::COMPRESSION, &[number(options.compression)]);
        let sample_format = match kind {
            Kind::Unsigned => 1,
            Kind::Signed => 2,
            Kind::Float => 3,
        };
        entries.shorts(tag::SAMPLE_FORMAT, &vec![sample_format; samples]);
        entries.shorts(tag::SAMPLES_PER_PIXEL, &[samples as u16]);
        entries.shorts(tag::PLANAR_CONFIGURATION, &[1]);
        self.colours(&mut entries, spec.format);
        if predictor(options) != 1 {
            entries.shorts(tag::PREDICTOR, &[predictor(options)]);
        }
        if chunks.tiled {
            entries.long(tag::TILE_WIDTH, chunks.chunk_width);
            entries.long(tag::TILE_HEIGHT, chunks.chunk_height);
            entries.offsets(tag::TILE_OFFSETS, &chunks.offsets);
            entries.offsets(tag::TILE_BYTE_COUNTS, &chunks.counts);
        } else {
            entries.long(tag::ROWS_PER_STRIP, chunks.chunk_height);
            entries.offsets(tag::STRIP_OFFSETS, &chunks.offsets);
            entries.offsets(tag::STRIP_BYTE_COUNTS, &chunks.counts);
        }
        if !chunks.jpeg_tables.is_empty() {
            entries.bytes(tag::JPEG_TABLES, field::UNDEFINED, &chunks.jpeg_tables);
        }
        if !subs.is_empty() {
            entries.offsets(tag::SUB_IFDS, subs);
        }
        self.metadata(&mut entries)?;
        if !matches!(role, Role::Smaller) {
            self.exif(&mut entries)?;
        }
        let at = self.append(&[])?;
        let written = entries.write(at);
        let at = self.append(&written.bytes)?;
        Ok((at + written.start, at + written.next))
    }

    /// What the samples mean.
    fn colours(&self, entries: &mut Entries, format: PixelFormat) {
        let photometric = match format.space {
            ColourSpace::Grey | ColourSpace::Grey16 if self.is_inverted(format) => 0,
            ColourSpace::Grey | ColourSpace::Grey16 => 1,
            ColourSpace::Cmyk => 5,
            ColourSpace::Lab | ColourSpace::Labs => 8,
            ColourSpace::Srgb | ColourSpace::Rgb16 if self.options.compression == TiffCompression::Jpeg => 6,
            _ => 2,
        };
        entries.shorts(tag::PHOTOMETRIC, &[photometric]);
        match photometric {
            5 => entries.shorts(tag::INK_SET, &[1]),
            6 => {
                let chroma = if self.options.quality >= FULL_CHROMA { 1 } else { 2 };
                entries.shorts(tag::YCBCR_SUBSAMPLING, &[chroma, chroma]);
            }
            _ => {}
        }
        // Alpha is not multiplied into the colours; what extra channels are is not said.
        let mut meanings = vec![2; usize::from(format.alpha)];
        meanings.resize(meanings.len() + usize::from(format.extra), 0);
        if !meanings.is_empty() {
            entries.shorts(tag::EXTRA_SAMPLES, &meanings);
        }
    }

    /// EXIF: tags of the image beside the others, and directories of their own for the rest.
    fn exif(&mut self, entries: &mut Entries) -> Result<()> {
        let Some(mut parts) = self.job.metadata.exif.as_deref().and_then(exif::parts) else { return Ok(()) };
        for Tag { tag, kind, value } in &parts.image {
            entries.bytes(*tag, *kind, value);
        }
        let link = |at: u64| Tag {
            tag: tag::INTEROPERABILITY_DIRECTORY,
            kind: field::LONG,
            value: at.to_le_bytes()[..4].to_vec(),
        };
        if let Some(at) = self.directory_of(&parts.interoperability)? {
            parts.exif.push(link(at));
        }
        for (pointer, tags) in [(tag::EXIF_DIRECTORY, &parts.exif), (tag::GPS_DIRECTORY, &parts.gps)] {
            if let Some(at) = self.directory_of(tags)? {
                entries.offsets(pointer, &[at]);
            }
        }
        Ok(())
    }

    /// Writes a directory of tags, if there are any, and gives its place.
    fn directory_of(&mut self, tags: &[Tag]) -> Result<Option<u64>> {
        if tags.is_empty() {
            return Ok(None);
        }
        let mut entries = Entries::new(self.options.big);
        for Tag { tag, kind, value } in tags {
            entries.bytes(*tag, *kind, value);
        }
        let at = self.append(&[])?;
        let written = entries.write(at);
        Ok(Some(self.append(&written.bytes)? + written.start))
    }

    /// Orientation, density and blocks of metadata.
    fn metadata(&self, entries: &mut Entries) -> Result<()> {
        let (options, metadata) = (self.options, self.job.metadata);
        entries.shorts(tag::ORIENTATION, &[metadata.orientation.unwrap_or(1).into()]);
        let density = OutputOptions::read(self.job.options)?.with_metadata_density;
        let (x, y) = match (options.x_resolution, options.y_resolution) {
            (1.0, 1.0) if density > 0.0 => (density / 25.4, density / 25.4),
            resolution => resolution,
        };
        let (unit, millimetres) = match options.unit {
            TiffResolutionUnit::Inch => (2, 25.4),
            TiffResolutionUnit::Centimetre => (3, 10.0),
        };
        entries.rational(tag::X_RESOLUTION, x * millimetres);
        entries.rational(tag::Y_RESOLUTION, y * millimetres);
        entries.shorts(tag::RESOLUTION_UNIT, &[unit]);
        let blocks = [
            (tag::XMP, field::BYTE, &metadata.xmp),
            (tag::IPTC, field::UNDEFINED, &metadata.iptc),
            (tag::PHOTOSHOP, field::BYTE, &metadata.photoshop),
            (tag::ICC, field::UNDEFINED, &metadata.icc),
        ];
        for (tag, kind, block) in blocks {
            if let Some(block) = block.as_ref().filter(|block| !block.is_empty()) {
                entries.bytes(tag, kind, block);
            }
        }
        Ok(())
    }
}

/// Where the chunks of an image are.
#[derive(Default)]
struct Chunks {
    tiled: bool,
    chunk_width: u32,
    chunk_height: u32,
    offsets: Vec<u64>,
    counts: Vec<u64>,
    jpeg_tables: Vec<u8>,
}

/// Copies a part of some rows into a tile; what is beyond their edges repeats the last pixel and the last row.
fn cut_tile(band: &[u8], row_bytes: usize, left: usize, tile: &mut [u8], tile_bytes: usize, pixel: usize) {
    let width = tile_bytes.min(row_bytes - left);
    let last = band.len() / row_bytes - 1;
    for (y, row) in tile.chunks_exact_mut(tile_bytes).enumerate() {
        let from = &band[y.min(last) * row_bytes + left..][..width];
        row[..width].copy_from_slice(from);
        let edge = &from[width.saturating_sub(pixel)..];
        row[width..].chunks_mut(edge.len()).for_each(|to| to.copy_from_slice(&edge[..to.len()]));
    }
}
