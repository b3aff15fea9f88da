//! The rows of one image of a file, out of its strips or tiles.

use std::borrow::Cow;

use super::{
    directory::{Directory, tag},
    kind::Kind,
    page::{Compression, Page},
    predict,
    source::Source,
    unpack::{Chunk, Damage, Unpack, unpack},
    widen::Widen,
    ycbcr::Blocks,
};
use crate::{
    error::{Error, LimitError, Result},
    image::{past_the_end, zeroed},
    options::FailOn,
};

/// Gives rows as bytes: all samples of each pixel, interleaved, in this machine's byte order.
pub(super) struct PageReader<'a> {
    page: Page,
    /// Where chunks are and how long; a chunk that is not there has no entry.
    offsets: Vec<u64>,
    counts: Vec<u64>,
    jpeg_tables: Vec<u8>,
    fail_on: FailOn,
    /// Next row of the image.
    next: u32,
    /// Rows of the current strip or row of tiles are there up to this one.
    end: u32,
    /// A stream for each plane of the current strip; `None` when the rest of it is lost.
    strips: Vec<Option<Box<dyn Unpack + 'a>>>,
    /// The current row of tiles, one plane after another.
    band: Vec<u8>,
    /// One row of one chunk.
    line: Vec<u8>,
    scratch: Vec<u8>,
    /// The way from samples of unusual depths, and a row of them as it is stored.
    widen: Option<(Widen, Vec<u8>)>,
}

impl<'a> PageReader<'a> {
    pub(super) fn new(
        source: &mut Source<'a>,
        directory: &Directory,
        page: Page,
        fail_on: FailOn,
        unlimited: bool,
    ) -> Result<Self> {
        let (across, down) = page.chunks();
        let planes = if page.planar { u64::from(page.samples) } else { 1 };
        let count = (u64::from(across) * u64::from(down)).saturating_mul(planes);
        let (offsets, counts) = match page.tiled {
            true => (tag::TILE_OFFSETS, tag::TILE_BYTE_COUNTS),
            false => (tag::STRIP_OFFSETS, tag::STRIP_BYTE_COUNTS),
        };
        let row_bytes = page.row_bytes(page.chunk_width).ok_or_else(|| too_large(&page))?;
        let widened_bytes = page.widened_row_bytes(page.chunk_width).ok_or_else(|| too_large(&page))?;
        let uses_scratch = page.predictor == 3;
        let widen = Widen::new(&page, predictor(&page));
        let widen = widen.map(|widen| zeroed(row_bytes).map(|line| (widen, line))).transpose()?;
        Ok(Self {
            offsets: directory.integers(source, offsets, count).unwrap_or_default(),
            counts: directory.integers(source, counts, count).unwrap_or_default(),
            jpeg_tables: directory.block(source, tag::JPEG_TABLES, unlimited).unwrap_or_default(),
            fail_on,
            next: 0,
            end: 0,
            strips: Vec::new(),
            band: Vec::new(),
            line: zeroed(widened_bytes)?,
            widen,
            scratch: if uses_scratch { zeroed(row_bytes)? } else { Vec::new() },
            page,
        })
    }

    /// Bytes of a row that [`row`](Self::row) gives.
    pub(super) fn row_bytes(&self) -> Option<usize> {
        let bits =
            u64::from(self.page.width).checked_mul(self.page.samples.into())?.checked_mul(self.page.bits.into())?;
        usize::try_from(bits.div_ceil(8)).ok()
    }

    /// Writes the next row.
    pub(super) fn row(&mut self, source: &mut Source<'a>, row: &mut [u8]) -> Result<()> {
        if self.next >= self.page.height {
            return Err(past_the_end());
        }
        if self.next == self.end {
            self.advance(source)?;
        }
        if self.page.tiled {
            self.band_row(row);
        } else {
            self.strip_row(row)?;
        }
        self.next += 1;
        Ok(())
    }

    /// Passes over rows; chunks of which none is wanted are not decoded.
    pub(super) fn skip(&mut self, source: &mut Source<'a>, count: u32) -> Result<()> {
        let to = self.next.saturating_add(count).min(self.page.height);
        let height = self.page.chunk_height;
        if to == self.page.height {
            (self.next, self.end) = (to, to);
        } else if to >= self.end {
            self.end = to / height * height;
            self.next = self.end;
        }
        if self.page.tiled {
            if self.next < to && self.next == self.end {
                self.advance(source)?;
            }
            self.next = to;
            return Ok(());
        }
        let mut row = zeroed(self.row_bytes().ok_or_else(|| too_large(&self.page))?)?;
        while self.next < to {
            self.row(source, &mut row)?;
        }
        Ok(())
    }

    /// Opens the next strip, or decodes the next row of tiles.
    fn advance(&mut self, source: &mut Source<'a>) -> Result<()> {
        let height = self.page.chunk_height.min(self.page.height - self.next);
        let planes = if self.page.planar { u32::from(self.page.samples) } else { 1 };
        self.end = self.next + height;
        if self.page.tiled {
            return self.decode_band(source, height, planes);
        }
        self.strips.clear();
        for plane in 0..planes {
            let opened = self.open(source, 0, plane, height);
            let strip = self.bear(opened)?;
            self.strips.push(strip);
        }
        Ok(())
    }

    /// The stream of the chunk that the next row is in.
    fn open(&self, source: &mut Source<'a>, x: u32, plane: u32, height: u32) -> Result<Box<dyn Unpack + 'a>, Damage> {
        let page = &self.page;
        let (across, down) = page.chunks();
        let y = self.next / page.chunk_height;
        let index = (plane as usize * down as usize + y as usize) * across as usize + x as usize;
        let height = if page.tiled { page.chunk_height } else { height };
        let chunk = Chunk { page, width: page.chunk_width, height, top: self.next, jpeg_tables: &self.jpeg_tables };
        let data = self.data(source, index, height)?;
        let stream = unpack(data, &chunk)?;
        if !page.is_blocked() {
            return Ok(stream);
        }
        let blocks = Blocks::new(stream, page.chunk_width, page.subsampling);
        Ok(Box::new(blocks.ok_or_else(|| Damage("Out of memory".to_owned()))?))
    }

    /// The bytes of a chunk, fewer than it should have when the file ends before.
    fn data(&self, source: &mut Source<'a>, index: usize, height: u32) -> Result<Cow<'a, [u8]>, Damage> {
        let page = &self.page;
        let seek = |offset| Damage(format!("Seek error at scanline {}, strip {index}", i64::from(offset) as u32));
        // A strip that is the only one goes on to the end of the file.
        let is_needed = page.compression != Compression::None && self.counts.len() > 1;
        if is_needed && self.counts.get(index) == Some(&0) {
            return Err(Damage(format!("Invalid strip byte count 0, strip {index}")));
        }
        let offset = *self.offsets.get(index).ok_or_else(|| seek(u32::MAX))?;
        if offset == 0 || offset >= source.len() {
            return Err(seek(u32::MAX));
        }
        let there = source.len() - offset;
        let count = match self.counts.get(index) {
            // A wrong or missing count does not matter where the size is known.
            _ if page.compression == Compression::None && !page.is_blocked() => {
                (page.row_bytes(page.chunk_width).unwrap_or(usize::MAX) as u64).saturating_mul(height.into())
            }
            Some(&count) if count > 0 => count,
            _ => there,
        };
        let short = || Damage(format!("Read error at scanline {}; got {there} bytes, expected {count}", self.next));
        if count > there && self.fail_on >= FailOn::Error {
            return Err(short());
        }
        let mut data = source.read(offset, count.min(there)).ok_or_else(short)?;
        if page.reversed && !matches!(page.compression, Compression::Jpeg | Compression::WebP) {
            data.to_mut().iter_mut().for_each(|byte| *byte = byte.reverse_bits());
        }
        Ok(data)
    }

    fn strip_row(&mut self, row: &mut [u8]) -> Result<()> {
        if !self.page.planar {
            return self.read_line(0, row);
        }
        let (size, samples) = (usize::from(self.page.bits / 8), usize::from(self.page.samples));
        let mut line = std::mem::take(&mut self.line);
        for plane in 0..samples {
            self.read_line(plane, &mut line)?;
            interleave(&line, row, plane, samples, size);
        }
        self.line = line;
        Ok(())
    }

    /// The next row of a strip of one plane, ready but for its place.
    fn read_line(&mut self, plane: usize, line: &mut [u8]) -> Result<()> {
        line.fill(0);
        if let Some(strip) = &mut self.strips[plane] {
            let read =
                chunk_row(&self.page, strip.as_mut(), plane, line, (&mut self.widen, self.scratch.as_mut_slice()));
            if self.bear(read)?.is_none() {
                self.strips[plane] = None;
            }
        }
        Ok(())
    }

    /// Decodes a row of tiles. Rows of `band` are as wide as all tiles together.
    fn decode_band(&mut self, source: &mut Source<'a>, height: u32, planes: u32) -> Result<()> {
        let (across, _) = self.page.chunks();
        let tile_bytes = self.line.len();
        let len =
            [across as usize, height as usize, planes as usize].iter().try_fold(tile_bytes, |a, b| a.checked_mul(*b));
        let len = len.ok_or_else(|| too_large(&self.page))?;
        if self.band.len() == len {
            self.band.fill(0);
        } else {
            self.band = Vec::new();
            self.band = zeroed(len)?;
        }
        for plane in 0..planes {
            for x in 0..across {
                let opened = self.open(source, x, plane, height);
                let Some(mut tile) = self.bear(opened)? else { continue };
                for y in 0..height {
                    let start = ((plane * height + y) as usize * across as usize + x as usize) * tile_bytes;
                    let line = &mut self.band[start..start + tile_bytes];
                    let with = (&mut self.widen, self.scratch.as_mut_slice());
                    let read = chunk_row(&self.page, tile.as_mut(), plane as usize, line, with);
                    if self.bear(read)?.is_none() {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// The next row out of the row of tiles.
    fn band_row(&self, row: &mut [u8]) {
        let (across, _) = self.page.chunks();
        let band_bytes = self.line.len() * across as usize;
        let first = self.next / self.page.chunk_height * self.page.chunk_height;
        let (y, height) = ((self.next - first) as usize, (self.end - first) as usize);
        if !self.page.planar {
            let line = &self.band[y * band_bytes..][..band_bytes];
            row.copy_from_slice(&line[..row.len()]);
            return;
        }
        let (size, samples) = (usize::from(self.page.bits / 8), usize::from(self.page.samples));
        for plane in 0..samples {
            interleave(&self.band[(plane * height + y) * band_bytes..][..band_bytes], row, plane, samples, size);
        }
    }

    /// Damage is an error, or nothing where the caller wants what there is.
    fn bear<T>(&self, result: Result<T, Damage>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Damage(detail)) if self.fail_on >= FailOn::Error => {
                Err(Error::corrupt_pixels(format!("tiff2vips: {detail}")))
            }
            Err(_) => Ok(None),
        }
    }
}

/// What the samples of a page's chunks are differences of.
fn predictor(page: &Page) -> u16 {
    match page.compression {
        Compression::Lzw | Compression::Deflate | Compression::Zstd if !page.is_blocked() => page.predictor,
        _ => 1,
    }
}

/// Reads the next row of a chunk. What is damaged is as it was, zero, where it was not read.
fn chunk_row(
    page: &Page,
    chunk: &mut dyn Unpack,
    plane: usize,
    line: &mut [u8],
    (widen, scratch): (&mut Option<(Widen, Vec<u8>)>, &mut [u8]),
) -> Result<(), Damage> {
    let Some((widen, stored)) = widen else {
        let read = chunk.read(line);
        finish(page, line, scratch);
        return read;
    };
    stored.fill(0);
    let read = chunk.read(stored);
    finish(page, stored, scratch);
    widen.row(stored, plane, line);
    read
}

/// Byte order and predictor of a row of one chunk.
fn finish(page: &Page, line: &mut [u8], scratch: &mut [u8]) {
    let whole = matches!(page.stored, 32 | 64) || (page.kind == Kind::Float && matches!(page.stored, 16 | 24));
    match predictor(page) {
        3 if whole => {
            predict::undo_float(line, page.chunk_samples(), page.stored, scratch);
        }
        predictor => {
            predict::to_native(line, page.stored, page.order);
            if predictor == 2 && page.stored == page.bits {
                predict::undo_horizontal(line, page.chunk_samples(), page.bits);
            }
        }
    }
}

/// Puts the samples of a plane, of `size` bytes each, where they belong in a row.
fn interleave(line: &[u8], row: &mut [u8], plane: usize, samples: usize, size: usize) {
    for (to, from) in row.chunks_exact_mut(samples * size).zip(line.chunks_exact(size)) {
        to[plane * size..][..size].copy_from_slice(from);
    }
}

fn too_large(page: &Page) -> Error {
    LimitError::Dimensions { width: page.width.into(), height: page.height.into() }.into()
}
