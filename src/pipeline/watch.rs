//! Rows of a task that can be interrupted.

use crate::{
    error::Result,
    image::{Image, PlaneSource, PlanesSpec, Row, RowMut, RowSource, Rows, Spec, Strip},
    interrupt,
};

/// `source`, failing at the first row that is asked for when the task is to end.
pub(super) fn watched(source: Rows<'_>) -> Rows<'_> {
    watched_as(source, false)
}

/// The same of the rows that are the result, by which progress is measured.
pub(super) fn watched_result(source: Rows<'_>) -> Rows<'_> {
    watched_as(source, true)
}

fn watched_as(source: Rows<'_>, is_result: bool) -> Rows<'_> {
    if interrupt::current().is_none() {
        return source;
    }
    Box::new(Watched { source, is_result, row: 0 })
}

struct Watched<'a> {
    source: Rows<'a>,
    is_result: bool,
    row: u32,
}

impl RowSource for Watched<'_> {
    fn spec(&self) -> Spec {
        self.source.spec()
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        if self.is_result {
            interrupt::check_at(self.row, self.spec().height)?;
            self.row += 1;
        } else {
            interrupt::check()?;
        }
        self.source.next_row(row)
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        // In parts, since a decoder may have to read what is skipped.
        const PART: u32 = 64;
        for at in (0..count).step_by(PART as usize) {
            interrupt::check()?;
            self.source.skip_rows(PART.min(count - at))?;
        }
        self.row = self.row.saturating_add(count);
        Ok(())
    }

    fn take_image(&mut self) -> Option<Image> {
        self.source.take_image()
    }

    fn whole(&self) -> Option<Row<'_>> {
        self.source.whole()
    }
}

/// Planes that are the result, by which progress is measured.
pub(super) fn watched_planes<'a>(source: Box<dyn PlaneSource + 'a>) -> Box<dyn PlaneSource + 'a> {
    if interrupt::current().is_none() {
        return source;
    }
    Box::new(WatchedPlanes { source, row: 0 })
}

struct WatchedPlanes<'a> {
    source: Box<dyn PlaneSource + 'a>,
    /// Rows of luma so far.
    row: u32,
}

impl PlaneSource for WatchedPlanes<'_> {
    fn spec(&self) -> PlanesSpec {
        self.source.spec()
    }

    fn next_strip(&mut self) -> Result<Option<Strip<'_>>> {
        interrupt::check_at(self.row, self.spec().height)?;
        let strip = self.source.next_strip()?;
        self.row += strip.map_or(0, |strip| strip.planes[0].count()) as u32;
        Ok(strip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        image::{Planes, SampleRange, testing::grey},
        interrupt::Interrupt,
    };

    #[test]
    fn rows_past_the_deadline_fail() {
        let failed = interrupt::within(Some(Interrupt::after(0)), || {
            let mut rows = watched_result(grey(1, 2, vec![1, 2]));
            assert_eq!(rows.skip_rows(1).unwrap_err().to_string(), "timeout: 0% complete");
            rows.next_row(RowMut::U8(&mut [0]))
        });
        assert_eq!(failed.unwrap_err().to_string(), "timeout: 0% complete");
    }

    #[test]
    fn rows_of_a_task_without_a_deadline_are_not_wrapped() {
        assert!(watched(grey(1, 2, vec![1, 2])).take_image().is_some());
        let mut rows = interrupt::within(Some(Interrupt::after(60)), || watched(grey(1, 2, vec![1, 2])));
        assert!(rows.whole().is_some() && rows.take_image().is_some());
    }

    #[test]
    fn planes_report_how_far_they_came() {
        let spec = PlanesSpec::subsampled(2, 4, SampleRange::Full, true, (1, 1));
        let task = Interrupt::after(60);
        let mut planes =
            interrupt::within(Some(task), || watched_planes(Box::new(Planes::new(spec).unwrap().into_source())));
        assert_eq!(planes.next_strip().unwrap().unwrap().planes[0].count(), 4);
        let failed = interrupt::within(Some(Interrupt::after(0)), || planes.next_strip().err());
        assert_eq!(failed.unwrap().to_string(), "timeout: 100% complete");
    }
}
