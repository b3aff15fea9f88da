//! The samples of one row of MCUs, by component, padded to whole blocks.
//!
//! Padding repeats the last sample of each row and the last row. Chroma is padded before it is subsampled along the rows,
//! and after it down the columns, as libjpeg does; the bytes of a file depend on it.

use super::{
    fdct::READ_AHEAD,
    frame::{BLOCK, Frame},
    settings::Layout,
    ycc,
};
use crate::{
    error::{Error, LimitError, Result},
    image::zeroed,
    simd::Level,
};

/// Rows of samples of one component.
struct Strip {
    samples: Vec<u8>,
    stride: usize,
    /// Samples that blocks with part of the image have across.
    width: usize,
    /// Rows that an MCU has, and those that are there; planes can be ahead of each other.
    rows: usize,
    filled: usize,
}

impl Strip {
    fn new(width: usize, rows: usize) -> Result<Self> {
        let stride = width.checked_add(READ_AHEAD + 1).ok_or(LimitError::Memory { bytes: u64::MAX })?;
        Ok(Self { samples: zeroed(stride * rows)?, stride, width, rows, filled: 0 })
    }

    fn row_mut(&mut self, y: usize) -> &mut [u8] {
        &mut self.samples[y * self.stride..][..self.width]
    }

    /// Adds a row as it is.
    fn push(&mut self, row: &[u8]) -> Result<()> {
        if row.is_empty() || row.len() > self.width {
            return Err(Error::Internal("row of the wrong size".to_owned()));
        }
        let (y, end) = (self.filled, (self.filled + 1) * self.stride);
        if end > self.samples.len() {
            let more = end - self.samples.len();
            self.samples.try_reserve(more).map_err(|_| LimitError::Memory { bytes: end as u64 })?;
            self.samples.resize(end, 0);
        }
        let to = self.row_mut(y);
        to[..row.len()].copy_from_slice(row);
        extend(to, row.len());
        self.filled += 1;
        Ok(())
    }

    /// Begins the next row of MCUs with the rows that are there already.
    fn advance(&mut self) {
        let ahead = self.filled.saturating_sub(self.rows);
        self.samples.copy_within(self.rows * self.stride..(self.rows + ahead) * self.stride, 0);
        self.filled = ahead;
    }

    /// Repeats the last row that is there down to the last.
    fn repeat_last(&mut self) {
        let Some(last) = self.filled.checked_sub(1) else { return };
        for y in self.filled..self.rows {
            self.samples.copy_within(last * self.stride..last * self.stride + self.width, y * self.stride);
        }
        self.filled = self.rows;
    }
}

/// The strips of all components.
pub(super) struct Strips {
    level: Level,
    layout: Layout,
    width: usize,
    strips: Vec<Strip>,
    /// Two rows of Cb and Cr at full resolution, when they are to be subsampled.
    chroma: Option<[Strip; 2]>,
}

impl Strips {
    pub(super) fn new(frame: &Frame, layout: Layout, width: u32, level: Level) -> Result<Self> {
        let strip = |across: usize, down: usize| Strip::new(across * BLOCK, down * BLOCK);
        let strips = frame.components.iter().map(|component| strip(component.blocks_across, component.down));
        let subsampled = layout == Layout::Rgb && frame.most_across == 2;
        let row = || Strip::new(frame.components[1].blocks_across * 2 * BLOCK, 2);
        let chroma = if subsampled { Some([row()?, row()?]) } else { None };
        Ok(Self { level, layout, width: width as usize, strips: strips.collect::<Result<_>>()?, chroma })
    }

    /// Whether every component has all its rows.
    pub(super) fn are_full(&self) -> bool {
        self.strips.iter().all(|strip| strip.filled >= strip.rows)
    }

    /// The samples of a component, and how far its rows are apart.
    pub(super) fn component(&self, index: usize) -> (&[u8], usize) {
        (&self.strips[index].samples, self.strips[index].stride)
    }

    /// Begins the next row of MCUs.
    pub(super) fn advance(&mut self) {
        self.strips.iter_mut().for_each(Strip::advance);
    }

    /// Adds a row of interleaved samples.
    pub(super) fn push_row(&mut self, samples: &[u8]) -> Result<()> {
        let (level, width) = (self.level, self.width);
        if samples.len() != width * self.layout.channels() || self.are_full() {
            return Err(Error::Internal("row of the wrong size".to_owned()));
        }
        let y = self.strips[0].filled;
        match (&mut self.strips[..], &mut self.chroma) {
            ([grey], _) => grey.row_mut(y)[..width].copy_from_slice(samples),
            ([luma, ..], Some([blue, red])) => {
                let (luma, blue, red) = (luma.row_mut(y), blue.row_mut(y % 2), red.row_mut(y % 2));
                ycc::convert(level, samples, [&mut luma[..width], &mut blue[..width], &mut red[..width]]);
                [blue, red].into_iter().for_each(|row| extend(row, width));
            }
            ([luma, blue, red], None) => {
                let to = [luma, blue, red].map(|strip| &mut strip.row_mut(y)[..width]);
                ycc::convert(level, samples, to);
            }
            ([c, m, y_ink, k], _) => {
                let rows = [c, m, y_ink, k].map(|strip| &mut strip.row_mut(y)[..width]);
                let [c, m, y_ink, k] = rows;
                ycc::split_inks(level, samples, c, m, y_ink, k);
            }
            _ => return Err(Error::Internal("no such layout".to_owned())),
        }
        let full_resolution = if self.chroma.is_some() { 1 } else { self.strips.len() };
        for strip in &mut self.strips[..full_resolution] {
            extend(strip.row_mut(y), width);
            strip.filled += 1;
        }
        if y % 2 == 1 {
            self.halve_chroma(1);
        }
        Ok(())
    }

    /// Makes a row of subsampled chroma from the first full row and the one that is given.
    fn halve_chroma(&mut self, second: usize) {
        let Some(full) = &self.chroma else { return };
        for (full, strip) in full.iter().zip(&mut self.strips[1..]) {
            let row = |y: usize| &full.samples[y * full.stride..][..full.width];
            let y = strip.filled;
            ycc::halve(self.level, row(0), row(second), strip.row_mut(y));
            strip.filled += 1;
        }
    }

    /// Completes the last row of MCUs after the image's last row.
    pub(super) fn finish(&mut self) {
        // Planes come with their own chroma, as many rows as there are.
        if self.chroma.is_some() && self.strips[1].filled < self.strips[0].filled.div_ceil(2) {
            self.halve_chroma(0);
        }
        self.strips.iter_mut().for_each(Strip::repeat_last);
    }

    /// Adds rows to a component as they are; gives their number. Unless `all` are taken they are no more than there is room
    /// for.
    pub(super) fn push_plane_rows<'r>(
        &mut self,
        index: usize,
        rows: impl Iterator<Item = &'r [u8]>,
        all: bool,
    ) -> Result<usize> {
        let strip = self.strips.get_mut(index).ok_or_else(|| Error::Internal("no such plane".to_owned()))?;
        let before = strip.filled;
        let room = if all { usize::MAX } else { strip.rows.saturating_sub(before) };
        rows.take(room).try_for_each(|row| strip.push(row))?;
        Ok(strip.filled - before)
    }
}

/// Repeats the last of `width` samples to the end of a row.
fn extend(row: &mut [u8], width: usize) {
    let (samples, rest) = row.split_at_mut(width);
    if let Some(&last) = samples.last() {
        rest.fill(last);
    }
}
