//! The pixels of one image as rows: sequential images flow, interlaced ones are held whole.

use super::{
    adam7,
    chunks::{ChunkReader, Head},
    expand::Expand,
    header::PngHeader,
    idat::IdatReader,
};
use crate::{
    codec::Input,
    error::{Error, Result},
    image::{Image, Row, RowMut, RowSource, Samples, Spec, depth_mismatch, past_the_end},
    options::FailOn,
};

/// The chunks of one image's pixels: a reader at the data of the first, and the head of that.
pub(super) struct Part<'a> {
    pub(super) chunks: ChunkReader<'a>,
    pub(super) head: Head,
}

impl<'a> Part<'a> {
    /// That of a frame whose first chunk begins at this place in the file.
    pub(super) fn of_frame(input: &'a Input<'a>, at: u64) -> Result<Self> {
        let lost = || Error::corrupt_pixels("PNG: frame is missing");
        let mut chunks = ChunkReader::at(input.reader()?, at).map_err(|_| lost())?;
        let head = chunks.head().map_err(|_| lost())?;
        Ok(Self { chunks, head })
    }
}

/// The rows of one image.
pub(super) fn rows<'a>(
    header: &PngHeader,
    Part { chunks, head }: Part<'a>,
    fail_on: FailOn,
) -> Result<Box<dyn RowSource + 'a>> {
    let row_bytes = header.row_bytes(header.width);
    let total = if header.interlaced {
        adam7::passes(header.width, header.height)
            .map(|pass| u64::from(pass.height(header.height)) * (header.row_bytes(pass.width(header.width)) as u64 + 1))
            .sum()
    } else {
        u64::from(header.height) * (row_bytes as u64 + 1)
    };
    let mut idat = IdatReader::new(chunks, head, row_bytes, total, (fail_on, !header.apple))?;
    let expand = Expand::new(header);
    if header.interlaced {
        return Ok(Box::new(deinterlace(header, &mut idat, &expand)?.into_rows()));
    }
    idat.begin(row_bytes);
    let spec = header.spec();
    Ok(Box::new(PngRows { spec, idat, expand, row_bytes, pixel_bytes: pixel_bytes(header), next: 0 }))
}

/// Distance between bytes that a filter takes to be alike.
const fn pixel_bytes(header: &PngHeader) -> usize {
    header.bits_per_pixel().div_ceil(8)
}

/// A sequential image.
struct PngRows<'a> {
    spec: Spec,
    idat: IdatReader<'a>,
    expand: Expand,
    row_bytes: usize,
    pixel_bytes: usize,
    next: u32,
}

impl PngRows<'_> {
    /// Reads one scanline; `row` may be left out.
    fn advance(&mut self, row: Option<RowMut<'_>>) -> Result<()> {
        if self.next >= self.spec.height {
            return Err(past_the_end());
        }
        self.next += 1;
        match (self.idat.scanline(self.row_bytes, self.pixel_bytes)?, row) {
            (Some(line), Some(row)) => self.expand.row(line, row)?,
            (None, Some(mut row)) => row.bytes_mut().fill(0),
            (_, None) => {}
        }
        if self.next == self.spec.height { self.idat.finish() } else { Ok(()) }
    }
}

impl RowSource for PngRows<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        self.advance(Some(row))
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        (0..count).try_for_each(|_| self.advance(None))
    }
}

/// Reads the seven passes of an interlaced image. Pixels that are lost stay zero.
fn deinterlace(header: &PngHeader, idat: &mut IdatReader<'_>, expand: &Expand) -> Result<Image> {
    let spec = header.spec();
    let mut image = Image::new(spec)?;
    let mut samples = Samples::row_of(&spec)?;
    let channels = spec.format.channels();
    for pass in adam7::passes(spec.width, spec.height) {
        let width = pass.width(spec.width);
        let row_bytes = header.row_bytes(width);
        idat.begin(row_bytes);
        for y in 0..pass.height(spec.height) {
            let Some(line) = idat.scanline(row_bytes, pixel_bytes(header))? else { return Ok(image) };
            expand.row(line, samples.slice_mut(0..width as usize * channels))?;
            let (from, to) = (samples.slice(0..width as usize * channels), image.row_mut(pass.top + y * pass.down));
            match (from, to) {
                (Row::U8(from), RowMut::U8(to)) => scatter(from, to, pass, channels),
                (Row::U16(from), RowMut::U16(to)) => scatter(from, to, pass, channels),
                _ => return Err(depth_mismatch()),
            }
        }
    }
    idat.finish()?;
    Ok(image)
}

/// Puts the pixels of a pass where they belong in a row of the image.
fn scatter<T: Copy>(from: &[T], to: &mut [T], pass: adam7::Pass, channels: usize) {
    let places = to[pass.left as usize * channels..].chunks_mut(pass.across as usize * channels);
    for (pixel, place) in from.chunks_exact(channels).zip(places) {
        place[..channels].copy_from_slice(pixel);
    }
}
