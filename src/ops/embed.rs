//! Placement of an image on a larger canvas.

use std::ops::Range;

use crate::{
    error::{LimitError, Result},
    image::{Row, RowMut, RowSource, Rows, Samples, Spec, Whole, past_the_end},
    options::ExtendWith,
};

/// Size of the canvas and place of the image on it. The place may be off the canvas, then only what is on it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    pub width: u32,
    pub height: u32,
    pub left: i64,
    pub top: i64,
}

/// `source` on a canvas of one colour, given as one value per channel on the scale of the samples.
pub fn embed<'a>(source: Rows<'a>, place: Placement, background: &[f64]) -> Result<Rows<'a>> {
    let spec = source.spec();
    let canvas = spec.resized(place.width, place.height);
    canvas.samples()?;
    let mut fill = Samples::row_of(&canvas)?;
    paint(fill.all_mut(), background);
    // The columns of the source that are seen, and where on the canvas they begin.
    let skipped = (-place.left).clamp(0, i64::from(spec.width)) as usize;
    let start = place.left.clamp(0, i64::from(place.width)) as usize;
    let seen = (spec.width as usize - skipped).min(place.width as usize - start);
    let scratch = if seen == spec.width as usize { None } else { Some(Samples::row_of(&spec)?) };
    Ok(Box::new(Embed { source, spec: canvas, place, y: 0, consumed: 0, fill, skipped, start, seen, scratch }))
}

struct Embed<'a> {
    source: Rows<'a>,
    spec: Spec,
    place: Placement,
    /// Next row.
    y: u32,
    /// Rows of the source that were read or passed over.
    consumed: u32,
    /// A row of background.
    fill: Samples,
    skipped: usize,
    start: usize,
    seen: usize,
    scratch: Option<Samples>,
}

impl RowSource for Embed<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, mut row: RowMut<'_>) -> Result<()> {
        let (top, height, y) = (self.place.top, self.source.spec().height, self.y);
        if y == 0 {
            self.consumed = (-top).clamp(0, i64::from(height)) as u32;
            self.source.skip_rows(self.consumed)?;
        }
        self.y += 1;
        row.reborrow().copy_from(self.fill.all())?;
        if i64::from(y) < top || self.consumed == height || self.seen == 0 {
            return Ok(());
        }
        self.consumed += 1;
        let channels = self.spec.format.channels();
        let mut window = row.slice_mut(self.start * channels..(self.start + self.seen) * channels);
        match &mut self.scratch {
            None => self.source.next_row(window),
            Some(scratch) => {
                self.source.next_row(scratch.all_mut())?;
                let from = self.skipped * channels..(self.skipped + self.seen) * channels;
                window.reborrow().copy_from(scratch.slice(from))
            }
        }
    }
}

/// `source` on a canvas that continues its own pixels. Holds the whole image.
pub fn extrude(source: Rows<'_>, place: Placement, extend: ExtendWith) -> Result<Rows<'_>> {
    let picture = Whole::new(source)?;
    let spec = picture.spec();
    let canvas = spec.resized(place.width, place.height);
    canvas.samples()?;
    let columns = origins(place.width, spec.width, place.left, extend)?;
    let rows = origins(place.height, spec.height, place.top, extend)?;
    let start = place.left.clamp(0, place.width.into());
    let end = (place.left + i64::from(spec.width)).clamp(start, place.width.into());
    let inside = start as usize..end as usize;
    Ok(Box::new(Extrude { picture, spec: canvas, columns, inside, rows, y: 0 }))
}

/// For each place along an axis of the canvas, the place in the image whose pixel it shows.
fn origins(canvas: u32, picture: u32, offset: i64, extend: ExtendWith) -> Result<Vec<u32>> {
    let len = i64::from(picture);
    let mut origins = Vec::new();
    origins
        .try_reserve_exact(canvas as usize)
        .map_err(|_| LimitError::Memory { bytes: u64::from(canvas) * size_of::<u32>() as u64 })?;
    origins.extend((0..i64::from(canvas)).map(|at| {
        let at = at - offset;
        let origin = match extend {
            ExtendWith::Background | ExtendWith::Copy => at.clamp(0, len - 1),
            ExtendWith::Repeat => at.rem_euclid(len),
            ExtendWith::Mirror => {
                let folded = at.rem_euclid(2 * len);
                folded.min(2 * len - 1 - folded)
            }
        };
        origin as u32
    }));
    Ok(origins)
}

struct Extrude<'a> {
    picture: Whole<'a>,
    spec: Spec,
    columns: Vec<u32>,
    /// The columns of the canvas that the image lies on.
    inside: Range<usize>,
    rows: Vec<u32>,
    /// Next row.
    y: usize,
}

impl RowSource for Extrude<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let y = *self.rows.get(self.y).ok_or_else(past_the_end)?;
        self.y += 1;
        let channels = self.spec.format.channels();
        match (self.picture.row(y)?, row) {
            (Row::U8(from), RowMut::U8(to)) => gather(from, to, &self.columns, &self.inside, channels),
            (Row::U16(from), RowMut::U16(to)) => gather(from, to, &self.columns, &self.inside, channels),
            (Row::F32(from), RowMut::F32(to)) => gather(from, to, &self.columns, &self.inside, channels),
            _ => return Err(crate::image::depth_mismatch()),
        }
        Ok(())
    }
}

/// Writes a row; the pixels `inside` are neighbours in the image too.
fn gather<S: Copy>(from: &[S], to: &mut [S], columns: &[u32], inside: &Range<usize>, channels: usize) {
    if let Some(&first) = columns[inside.clone()].first() {
        let first = first as usize * channels;
        let to = &mut to[inside.start * channels..inside.end * channels];
        to.copy_from_slice(&from[first..first + to.len()]);
    }
    let outside = [0..inside.start, inside.end..columns.len()];
    for range in outside {
        let (to, columns) = (&mut to[range.start * channels..range.end * channels], &columns[range]);
        // With the length of a pixel known, it is moved as one value.
        match channels {
            1 => gather_pixels::<S, 1>(from, to, columns),
            2 => gather_pixels::<S, 2>(from, to, columns),
            3 => gather_pixels::<S, 3>(from, to, columns),
            4 => gather_pixels::<S, 4>(from, to, columns),
            _ => {
                for (pixel, &x) in to.chunks_exact_mut(channels).zip(columns) {
                    let start = x as usize * channels;
                    pixel.copy_from_slice(&from[start..start + channels]);
                }
            }
        }
    }
}

fn gather_pixels<S: Copy, const CHANNELS: usize>(from: &[S], to: &mut [S], columns: &[u32]) {
    let (from, to) = (from.as_chunks::<CHANNELS>().0, to.as_chunks_mut::<CHANNELS>().0);
    to.iter_mut().zip(columns).for_each(|(pixel, &x)| *pixel = from[x as usize]);
}

/// Fills a row with one colour.
pub(crate) fn paint(row: RowMut<'_>, colour: &[f64]) {
    fn fill<S: Copy>(row: &mut [S], colour: &[f64], convert: impl Fn(f64) -> S) {
        let colour: Vec<S> = colour.iter().map(|&value| convert(value)).collect();
        for pixel in row.chunks_exact_mut(colour.len()) {
            pixel.copy_from_slice(&colour);
        }
    }
    match row {
        RowMut::U8(row) => fill(row, colour, |value| value as u8),
        RowMut::U16(row) => fill(row, colour, |value| value as u16),
        RowMut::F32(row) => fill(row, colour, |value| value as f32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{grey, samples};

    fn place(width: u32, height: u32, left: i64, top: i64) -> Placement {
        Placement { width, height, left, top }
    }

    #[test]
    fn background_surrounds_the_image() {
        let canvas = embed(grey(2, 1, vec![1, 2]), place(4, 3, 1, 1), &[9.0]).unwrap();
        assert_eq!(samples(canvas), [9, 9, 9, 9, 9, 1, 2, 9, 9, 9, 9, 9]);
    }

    #[test]
    fn what_is_off_the_canvas_is_cut() {
        let canvas = embed(grey(3, 3, (1..=9).collect()), place(2, 2, -2, -1), &[0.0]).unwrap();
        assert_eq!(samples(canvas), [6, 0, 9, 0]);
        let canvas = embed(grey(2, 2, vec![1, 2, 3, 4]), place(2, 2, 1, 1), &[0.0]).unwrap();
        assert_eq!(samples(canvas), [0, 0, 0, 1]);
    }

    #[test]
    fn edges_continue() {
        let row = |extend| samples(extrude(grey(3, 1, vec![1, 2, 3]), place(9, 1, 3, 0), extend).unwrap());
        assert_eq!(row(ExtendWith::Copy), [1, 1, 1, 1, 2, 3, 3, 3, 3]);
        assert_eq!(row(ExtendWith::Repeat), [1, 2, 3, 1, 2, 3, 1, 2, 3]);
        assert_eq!(row(ExtendWith::Mirror), [3, 2, 1, 1, 2, 3, 3, 2, 1]);
    }

    #[test]
    fn a_canvas_that_cannot_be_addressed_is_refused_at_once() {
        let huge = place(u32::MAX, u32::MAX, 0, 0);
        assert!(extrude(grey(1, 1, vec![0]), huge, ExtendWith::Copy).is_err());
    }
}
