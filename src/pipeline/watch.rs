//! Rows of a task that can be interrupted.

use crate::{
    error::Result,
    image::{Image, Row, RowMut, RowSource, Spec},
    interrupt,
    ops::Rows,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{interrupt::Interrupt, ops::testing::grey};

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
}
