//! Stopping a task that takes too long.

use std::time::{Duration, Instant};

use crate::{
    error::{OperationError, Result},
    image::{PlaneSource, PlanesSpec, RowMut, RowSource, Spec, Strip},
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

/// The same for planes.
pub(super) fn planes_until<'a>(source: Box<dyn PlaneSource + 'a>, seconds: u32) -> Box<dyn PlaneSource + 'a> {
    if seconds == 0 {
        return source;
    }
    Box::new(PlanesDeadline { source, at: Instant::now() + Duration::from_secs(seconds.into()), row: 0 })
}

struct PlanesDeadline<'a> {
    source: Box<dyn PlaneSource + 'a>,
    at: Instant,
    /// Rows of luma so far.
    row: usize,
}

impl PlaneSource for PlanesDeadline<'_> {
    fn spec(&self) -> PlanesSpec {
        self.source.spec()
    }

    fn next_strip(&mut self) -> Result<Option<Strip<'_>>> {
        if Instant::now() >= self.at {
            let percent = self.row as u64 * 100 / u64::from(self.spec().height.max(1));
            return Err(OperationError::Timeout { percent: percent as u8 }.into());
        }
        let strip = self.source.next_strip()?;
        self.row += strip.map_or(0, |strip| strip.planes[0].count());
        Ok(strip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        image::{Planes, SampleRange},
        ops::testing::grey,
    };

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

    #[test]
    fn strips_past_the_deadline_fail() {
        let spec = PlanesSpec::subsampled(2, 4, SampleRange::Full, true, (1, 1));
        let mut planes = PlanesDeadline {
            source: Box::new(Planes::new(spec).unwrap().into_source()),
            at: Instant::now() + Duration::from_secs(60),
            row: 0,
        };
        assert_eq!(planes.next_strip().unwrap().unwrap().planes[0].count(), 4);
        planes.at = Instant::now();
        assert_eq!(planes.next_strip().unwrap_err().to_string(), "timeout: 100% complete");
    }
}
