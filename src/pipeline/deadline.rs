//! Stopping a task that takes too long.

use std::time::{Duration, Instant};

use crate::{
    error::{OperationError, Result},
    image::{RowMut, RowSource, Spec},
    ops::Rows,
};

/// `source`, failing from the first row that is asked for after `seconds`; 0 is never.
pub(super) fn until(source: Rows<'_>, seconds: u32) -> Rows<'_> {
    if seconds == 0 {
        return source;
    }
    Box::new(Deadline { source, at: Instant::now() + Duration::from_secs(seconds.into()), row: 0 })
}

struct Deadline<'a> {
    source: Rows<'a>,
    at: Instant,
    row: u32,
}

impl RowSource for Deadline<'_> {
    fn spec(&self) -> Spec {
        self.source.spec()
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        if Instant::now() >= self.at {
            let percent = u64::from(self.row) * 100 / u64::from(self.spec().height.max(1));
            return Err(OperationError::Timeout { percent: percent as u8 }.into());
        }
        self.row += 1;
        self.source.next_row(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::grey;

    #[test]
    fn rows_past_the_deadline_fail() {
        let mut rows =
            Deadline { source: grey(1, 2, vec![1, 2]), at: Instant::now() + Duration::from_secs(60), row: 0 };
        let mut row = [0u8];
        rows.next_row(RowMut::U8(&mut row)).unwrap();
        rows.at = Instant::now();
        let error = rows.next_row(RowMut::U8(&mut row)).unwrap_err();
        assert_eq!(error.to_string(), "timeout: 50% complete");
    }
}
