//! A step done in bands, several at a time, each on a thread of its own.

use std::ops::Range;

use crate::{
    error::Result,
    image::{Row, RowMut, RowSource, Samples, Spec, past_the_end},
    ops::Rows,
    threads,
};

/// Rows of a band for each row that the step looks beyond its ends: what bands next to each other both do is little.
const ROWS_PER_REACH: u32 = 16;
/// At least so many, whatever the picture's width.
const MIN_ROWS: u32 = 16;
/// At least so many samples.
const MIN_SAMPLES: usize = 1 << 16;

/// What makes the rows of a result from those of a picture, or from those of a part of it.
type Make<'a> = dyn for<'v> Fn(Rows<'v>) -> Result<Rows<'v>> + Send + Sync + 'a;

/// `make(source)` by so many threads, where a row of the result depends on no rows of the source but the one at its height
/// and `reach` above and below it.
pub(super) fn in_bands<'a>(
    source: Rows<'a>,
    threads: usize,
    reach: u32,
    make: impl for<'v> Fn(Rows<'v>) -> Result<Rows<'v>> + Send + Sync + 'a,
) -> Result<Rows<'a>> {
    boxed_in_bands(source, threads, reach, Box::new(make))
}

fn boxed_in_bands<'a>(source: Rows<'a>, threads: usize, reach: u32, make: Box<Make<'a>>) -> Result<Rows<'a>> {
    let input = source.spec();
    // A part of a thread's rows is done by its neighbours too: not if it is most of them.
    let share = input.height.div_ceil(threads.try_into().unwrap_or(u32::MAX));
    if threads < 2 || input.samples()? < threads::MIN_SAMPLES || share <= reach.saturating_mul(2) {
        return make(source);
    }
    let rows = MIN_SAMPLES.div_ceil(input.row_samples().max(1)).try_into().unwrap_or(u32::MAX);
    let band = rows.max(MIN_ROWS).max(reach.saturating_mul(ROWS_PER_REACH)).min(share);
    // What it makes of a picture of this size; no row is asked for.
    let spec = make(Box::new(View { spec: input, rows: Row::U8(&[]), y: 0 }))?.spec();
    let batch = band.saturating_mul(threads as u32).min(input.height);
    let room = batch.saturating_add(reach).saturating_add(reach).min(input.height);
    let zeroed = |spec: Spec, rows| Samples::zeroed(spec.format.depth, Spec { height: rows, ..spec }.samples()?);
    let (held, made) = (zeroed(input, room)?, zeroed(spec, batch)?);
    Ok(Box::new(Bands {
        source,
        make,
        input,
        spec,
        reach,
        band,
        batch,
        held,
        held_rows: 0..0,
        made,
        made_rows: 0..0,
        y: 0,
    }))
}

struct Bands<'a> {
    source: Rows<'a>,
    make: Box<Make<'a>>,
    input: Spec,
    spec: Spec,
    reach: u32,
    /// Rows of a band, and of all that are made at a time.
    band: u32,
    batch: u32,
    /// Rows of the source, and which they are.
    held: Samples,
    held_rows: Range<u32>,
    /// Rows of the result, and which they are.
    made: Samples,
    made_rows: Range<u32>,
    /// Next row.
    y: u32,
}

impl Bands<'_> {
    /// The rows that some rows of the result depend on.
    fn needed(&self, rows: &Range<u32>) -> Range<u32> {
        rows.start.saturating_sub(self.reach)..rows.end.saturating_add(self.reach).min(self.input.height)
    }

    /// Reads on until `rows` are held, which never go back.
    fn hold(&mut self, rows: Range<u32>) -> Result<()> {
        let len = self.input.row_samples();
        let kept = rows.start.min(self.held_rows.end)..self.held_rows.end;
        if kept.is_empty() {
            self.source.skip_rows(rows.start - self.held_rows.end)?;
        } else {
            let from = (kept.start - self.held_rows.start) as usize * len;
            self.held.copy_within(from..from + kept.len() * len, 0);
        }
        for y in kept.end.max(rows.start)..rows.end {
            let to = (y - rows.start) as usize * len;
            self.source.next_row(self.held.slice_mut(to..to + len))?;
        }
        self.held_rows = rows;
        Ok(())
    }

    /// Makes the rows from the next one on.
    fn make_batch(&mut self) -> Result<()> {
        let rows = self.y..self.y.saturating_add(self.batch).min(self.input.height);
        self.hold(self.needed(&rows))?;
        let (len, out_len) = (self.input.row_samples(), self.spec.row_samples());
        let starts = rows.clone().step_by(self.band as usize);
        let bands: Vec<_> = starts.map(|start| start..start.saturating_add(self.band).min(rows.end)).collect();
        let needed: Vec<_> = bands.iter().map(|band| self.needed(band)).collect();
        let mut rest = self.made.slice_mut(0..rows.len() * out_len);
        let mut parts = Vec::new();
        for (band, needed) in bands.into_iter().zip(needed) {
            let (part, after) = rest.split_at(band.len() * out_len);
            rest = after;
            let from = (needed.start - self.held_rows.start) as usize * len;
            let rows = self.held.slice(from..from + needed.len() * len);
            let spec = Spec { height: needed.len() as u32, ..self.input };
            parts.push((View { spec, rows, y: 0 }, band.start - needed.start, part));
        }
        let make = &self.make;
        threads::each(parts, |(view, before, mut part)| {
            let mut rows = make(Box::new(view))?;
            rows.skip_rows(before)?;
            (0..part.count())
                .step_by(out_len)
                .try_for_each(|at| rows.next_row(part.reborrow().slice_mut(at..at + out_len)))
        })?;
        self.made_rows = rows;
        Ok(())
    }
}

impl RowSource for Bands<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        if self.y >= self.spec.height {
            return Err(past_the_end());
        }
        if !self.made_rows.contains(&self.y) {
            self.make_batch()?;
        }
        let len = self.spec.row_samples();
        let start = (self.y - self.made_rows.start) as usize * len;
        self.y += 1;
        row.copy_from(self.made.slice(start..start + len))
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.y = self.y.saturating_add(count);
        Ok(())
    }
}

/// Some rows of a picture as one of their own.
struct View<'a> {
    spec: Spec,
    rows: Row<'a>,
    y: u32,
}

impl RowSource for View<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        if self.y >= self.spec.height {
            return Err(past_the_end());
        }
        let len = self.spec.row_samples();
        let start = self.y as usize * len;
        self.y += 1;
        row.copy_from(self.rows.slice(start..start + len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::Precision,
        image::{Depth, Image},
        ops::{
            blur::{self, Gaussian},
            clahe::{self, Clahe},
            median,
            testing::{RGB, RGBA, image, samples},
        },
    };

    fn picture(width: u32, height: u32) -> Image {
        let count = width as usize * height as usize * 4;
        image(width, height, RGBA, (0..count as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect())
    }

    fn rows(picture: &Image) -> Rows<'static> {
        Box::new(picture.clone().into_rows())
    }

    #[test]
    fn bands_make_the_rows_of_the_whole() {
        let gaussian = Gaussian { sigma: 4.0, precision: Precision::Integer, min_amplitude: 0.2 };
        let equalise = Clahe { width: 9, height: 31, max_slope: 3 };
        // The last leaves bands of one row.
        for (width, height) in [(301, 450), (2000, 97), (200, 12 * 41 + 1)] {
            let picture = picture(width, height);
            let median = samples(median::median(rows(&picture), 5).unwrap());
            let blurred = samples(blur::blur(rows(&picture), &gaussian, Depth::U8).unwrap());
            let equalised = samples(clahe::clahe(rows(&picture), &equalise).unwrap());
            for threads in [2, 3, 12] {
                let bands = in_bands(rows(&picture), threads, 5, |rows| median::median(rows, 5)).unwrap();
                assert!(samples(bands) == median, "median of {width} × {height} by {threads}");
                let reach = gaussian.reach().unwrap();
                let bands = in_bands(rows(&picture), threads, reach, |rows| blur::blur(rows, &gaussian, Depth::U8));
                assert!(samples(bands.unwrap()) == blurred, "blur of {width} × {height} by {threads}");
                let bands = in_bands(rows(&picture), threads, 31, |rows| clahe::clahe(rows, &equalise));
                assert!(samples(bands.unwrap()) == equalised, "CLAHE of {width} × {height} by {threads}");
            }
        }
    }

    #[test]
    fn rows_can_be_passed_over_and_end() {
        let picture = picture(301, 450);
        let whole = samples(median::median(rows(&picture), 3).unwrap());
        let mut bands = in_bands(rows(&picture), 2, 3, |rows| median::median(rows, 3)).unwrap();
        let mut row = vec![0; 301 * 4];
        for (skipped, y) in [(0, 0), (5, 6), (300, 307), (141, 449)] {
            bands.skip_rows(skipped).unwrap();
            bands.next_samples(&mut row).unwrap();
            assert!(row == whole[y * 301 * 4..(y + 1) * 301 * 4], "row {y}");
        }
        assert!(bands.next_samples(&mut row).is_err());
    }

    #[test]
    fn errors_come_out() {
        let all_too_large = in_bands(rows(&picture(301, 450)), 2, 0, |rows| median::median(rows, 302));
        assert!(all_too_large.is_err());
        // What fails in a band only, where the picture is not as high.
        let mut bands = in_bands(rows(&picture(301, 450)), 3, 0, |rows| median::median(rows, 301)).unwrap();
        assert!(bands.next_samples(&mut vec![0u8; 301 * 4]).is_err());
    }

    #[test]
    fn small_pictures_and_far_reaches_are_done_whole() {
        let flat = || -> Rows<'static> { Box::new(image(40, 40, RGB, vec![7; 4800]).into_rows()) };
        assert_eq!(samples(in_bands(flat(), 8, 0, |rows| Ok(rows)).unwrap()), vec![7; 4800]);
        let picture = picture(301, 450);
        assert!(in_bands(rows(&picture), 8, 30, |rows| Ok(rows)).unwrap().whole().is_some());
        assert!(in_bands(rows(&picture), 8, 28, |rows| Ok(rows)).unwrap().whole().is_none());
    }
}
