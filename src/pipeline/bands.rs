//! A step done in bands of rows, several at a time in the thread pool.

use std::ops::Range;

use crate::{
    error::Result,
    image::{Batch, Row, RowMut, RowSource, Rows, Samples, Spec, past_the_end},
    threads,
};

/// Rows of a band for each row that the step looks beyond its ends: what bands next to each other both do is little.
const ROWS_PER_REACH: u32 = 16;
/// At least so many, whatever the image's width.
const MIN_ROWS: u32 = 16;
/// At least so many samples.
const MIN_SAMPLES: usize = 1 << 16;

/// What makes the rows of a result from those of an image, or from those of a part of it.
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
    if threads < 2 || share <= reach.saturating_mul(2) {
        return make(source);
    }
    let rows = MIN_SAMPLES.div_ceil(input.row_samples().max(1)).try_into().unwrap_or(u32::MAX);
    let band = rows.max(MIN_ROWS).max(reach.saturating_mul(ROWS_PER_REACH)).min(share);
    // What it makes of an image of this size; no row is asked for.
    let spec = make(Box::new(View { spec: input, rows: Row::U8(&[]), y: 0 }))?.spec();
    let batch = band.saturating_mul(threads as u32).min(input.height);
    let room = Spec { height: batch.saturating_add(reach).saturating_add(reach).min(input.height), ..input };
    let held = Samples::zeroed(input.format.depth, room.samples()?)?;
    let made = Batch::new(spec, batch)?;
    Ok(Box::new(Bands { work: Work { source, make, input, reach, band, held, held_rows: 0..0 }, made }))
}

struct Bands<'a> {
    work: Work<'a>,
    made: Batch,
}

struct Work<'a> {
    source: Rows<'a>,
    make: Box<Make<'a>>,
    input: Spec,
    reach: u32,
    /// Rows of a band.
    band: u32,
    /// Rows of the source, and which they are.
    held: Samples,
    held_rows: Range<u32>,
}

/// The rows of an image of so many that some rows of the result depend on.
fn needed(rows: &Range<u32>, reach: u32, height: u32) -> Range<u32> {
    rows.start.saturating_sub(reach)..rows.end.saturating_add(reach).min(height)
}

impl Work<'_> {
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

    /// Makes some rows, a band of them on each thread.
    fn make(&mut self, rows: &Range<u32>, to: RowMut<'_>) -> Result<()> {
        self.hold(needed(rows, self.reach, self.input.height))?;
        let Self { make, input, reach, band, held, held_rows, .. } = &*self;
        let (len, out_len) = (input.row_samples(), to.count() / rows.len());
        let parts = rows.clone().step_by(*band as usize).zip(to.chunks(*band as usize * out_len));
        threads::each(parts, |(first, part)| {
            let rows = first..first.saturating_add(*band).min(rows.end);
            let needed = needed(&rows, *reach, input.height);
            let from = (needed.start - held_rows.start) as usize * len;
            let held = held.slice(from..from + needed.len() * len);
            let view = View { spec: Spec { height: needed.len() as u32, ..*input }, rows: held, y: 0 };
            let mut made = make(Box::new(view))?;
            made.skip_rows(rows.start - needed.start)?;
            part.chunks(out_len).into_iter().try_for_each(|row| made.next_row(row))
        })
    }
}

impl RowSource for Bands<'_> {
    fn spec(&self) -> Spec {
        self.made.spec()
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        self.made.next_row(row, |rows, to| self.work.make(&rows, to))
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.made.skip_rows(count);
        Ok(())
    }
}

/// Some rows of an image as one of their own.
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
        image::{
            Depth, Image,
            testing::{RGB, RGBA, image, samples},
        },
        ops::{
            blur::{self, Gaussian},
            clahe::{self, Clahe},
            median,
        },
        options::Precision,
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
        // What fails in a band only, where the image is not as high.
        let mut bands = in_bands(rows(&picture(301, 450)), 3, 0, |rows| median::median(rows, 301)).unwrap();
        assert!(bands.next_samples(&mut vec![0u8; 301 * 4]).is_err());
    }

    #[test]
    fn small_images_and_far_reaches_are_done_whole() {
        let flat = || -> Rows<'static> { Box::new(image(40, 40, RGB, vec![7; 4800]).into_rows()) };
        assert_eq!(samples(in_bands(flat(), 8, 0, |rows| Ok(rows)).unwrap()), vec![7; 4800]);
        let picture = picture(301, 450);
        assert!(in_bands(rows(&picture), 8, 30, |rows| Ok(rows)).unwrap().whole().is_some());
        assert!(in_bands(rows(&picture), 8, 28, |rows| Ok(rows)).unwrap().whole().is_none());
    }
}
