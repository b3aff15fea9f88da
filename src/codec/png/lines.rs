//! Scanlines on their way through filter and coder. Where estimates leave it open which way of coding is the smallest, the
//! rows are coded all ways side by side, until enough is coded to know.

use super::{
    deflate::{Sink, Stream},
    filter::{Choice, filter},
    strategy::{Estimate, Strategy, Way},
};
use crate::{error::Result, image::Row};

/// Raw bytes that are coded in one way, and those after which a trial may end.
const SEGMENT: usize = 256 * 1024;
const TRIAL: usize = 96 * 1024;

/// Coded bytes of the smallest way from which it is known to be so. The flush that ends a trial takes some 100 bytes.
const DECISIVE: usize = 12 * 1024;

/// A way that was smallest goes on while none is foreseen to take less than this part of its bytes.
const REOPENED: f64 = 0.95;

/// Segments after which the ways are tried again, whatever is foreseen: few at first, then twice as many each time.
const FIRST_REST: u32 = 2;
const LONGEST_REST: u32 = 32;

/// A way of coding that is being tried, or that was chosen.
struct Lane {
    /// Its place among the ways.
    index: usize,
    stream: Stream,
}

/// Takes the rows of an image and writes its chunks.
pub(super) struct Lines<'o> {
    sink: Sink<'o>,
    strategy: Strategy,
    ways: Vec<Way>,
    /// One, or while there is doubt one for each way.
    lanes: Vec<Lane>,
    /// Bytes that all lanes held when the trial began.
    common: usize,
    /// Estimates of each way, added up over the trial.
    estimates: Option<Vec<f64>>,
    /// Coded bits for each estimated bit, of the last trial.
    gauges: Option<Vec<f64>>,
    /// Segments until the next trial; none during one.
    left: u32,
    /// Segments between the next trial and that after it.
    rest: u32,
    pixel_bytes: usize,
    row_bytes: usize,
    /// The row above, then rows that wait.
    raw: Vec<u8>,
    filtered: Vec<u8>,
}

impl<'o> Lines<'o> {
    pub(super) fn new(sink: Sink<'o>, strategy: Strategy, pixel_bytes: usize) -> Self {
        Self {
            sink,
            strategy,
            ways: strategy.ways(),
            lanes: vec![Lane { index: 0, stream: Stream::new(strategy.level()) }],
            common: 0,
            estimates: None,
            gauges: None,
            left: 0,
            rest: FIRST_REST,
            pixel_bytes,
            row_bytes: 0,
            raw: Vec::new(),
            filtered: Vec::new(),
        }
    }

    /// Bytes of a pixel.
    pub(super) const fn pixel_bytes(&self) -> usize {
        self.pixel_bytes
    }

    /// Begins rows of another length; the row above the first is all zero.
    pub(super) fn begin(&mut self, row_bytes: usize) -> Result<()> {
        self.segment(false)?;
        // What was learned of other rows does not hold.
        self.left = 0;
        self.rest = FIRST_REST;
        self.row_bytes = row_bytes;
        self.raw.clear();
        self.raw.resize(row_bytes, 0);
        Ok(())
    }

    pub(super) fn push_row(&mut self, row: Row<'_>) -> Result<()> {
        self.make_room()?;
        match row {
            Row::U16(samples) => self.raw.extend(samples.iter().flat_map(|sample| sample.to_be_bytes())),
            row => self.raw.extend_from_slice(row.bytes()),
        }
        Ok(())
    }

    pub(super) fn push(&mut self, line: &[u8]) -> Result<()> {
        self.make_room()?;
        self.raw.extend_from_slice(line);
        Ok(())
    }

    /// A full segment leaves only when another row comes, so that the last one is known.
    fn make_room(&mut self) -> Result<()> {
        let most = if self.left == 0 { TRIAL } else { SEGMENT };
        if self.raw.len() >= most + self.row_bytes { self.segment(false) } else { Ok(()) }
    }

    pub(super) fn finish(&mut self) -> Result<()> {
        self.segment(true)
    }

    fn segment(&mut self, last: bool) -> Result<()> {
        if self.raw.len() <= self.row_bytes {
            return Ok(());
        }
        self.open()?;
        self.code(last)?;
        self.decide(last)?;
        let end = self.raw.len();
        self.raw.copy_within(end - self.row_bytes..end, 0);
        self.raw.truncate(self.row_bytes);
        Ok(())
    }

    /// Chooses the way of a segment, or begins a trial.
    fn open(&mut self) -> Result<()> {
        let (previous, rows) = self.raw.split_at(self.row_bytes);
        let estimate = self.strategy.estimate(self.pixel_bytes, previous, rows);
        let [lane] = &mut self.lanes[..] else {
            self.add(estimate.as_ref());
            return Ok(());
        };
        if let Some(Estimate { clear: Some(index), .. }) = estimate {
            lane.index = index;
            self.left = self.rest;
            return Ok(());
        }
        if self.left > 0 && !doubts(self.gauges.as_deref(), estimate.as_ref(), lane.index) {
            self.left -= 1;
            return Ok(());
        }
        let is_worth_it = |way: &usize| estimate.as_ref().is_none_or(|estimate| estimate.allows(*way));
        let ways: Vec<usize> = (0..self.ways.len()).filter(is_worth_it).collect();
        if !ways.contains(&lane.index) {
            lane.index = ways[0];
        }
        if ways.len() == 1 {
            self.gauges = None;
            self.left = self.rest;
            return Ok(());
        }
        self.left = 0;
        lane.stream.flush()?;
        self.common = lane.stream.len();
        // The lane that was in use keeps its matcher.
        let current = lane.index;
        for index in ways.into_iter().filter(|way| *way != current) {
            let stream = self.lanes[0].stream.fork();
            self.lanes.push(Lane { index, stream });
        }
        // Those with the same filter are neighbours.
        self.lanes.sort_by_key(|lane| lane.index);
        self.estimates = Some(vec![0.0; self.ways.len()]);
        self.add(estimate.as_ref());
        Ok(())
    }

    /// Adds to the estimates of a trial, which one segment without an estimate makes void.
    fn add(&mut self, estimate: Option<&Estimate>) {
        self.estimates = match (self.estimates.take(), estimate) {
            (Some(sums), Some(estimate)) => Some(sums.iter().zip(&estimate.bits).map(|(a, b)| a + b).collect()),
            _ => None,
        };
    }

    /// Codes the rows that wait, in every lane.
    fn code(&mut self, last: bool) -> Result<()> {
        let (previous, rows) = self.raw.split_at(self.row_bytes);
        let mut done: Option<Choice> = None;
        for lane in &mut self.lanes {
            let way = self.ways[lane.index];
            if done != Some(way.filters) {
                done = Some(way.filters);
                self.filtered.clear();
                let mut above = previous;
                for row in rows.chunks_exact(self.row_bytes) {
                    filter(way.filters, self.pixel_bytes, above, row, &mut self.filtered);
                    above = row;
                }
            }
            lane.stream.segment(&self.filtered, way.coder, last)?;
        }
        Ok(())
    }

    /// Ends a trial once enough is known, and writes what is coded.
    fn decide(&mut self, last: bool) -> Result<()> {
        if self.lanes.len() > 1 {
            let coded = |lane: &Lane| lane.stream.len() - self.common;
            if !last {
                if self.lanes.iter().any(|lane| coded(lane) < DECISIVE) {
                    return Ok(());
                }
                self.lanes.iter_mut().try_for_each(|lane| lane.stream.flush())?;
            }
            self.lanes.sort_by_key(coded);
            self.gauges = self.estimates.take().map(|sums| {
                let gauge = |lane: &Lane| coded(lane) as f64 / sums[lane.index].max(1.0);
                // What was not tried is taken to be estimated as well as what is in use.
                let mut gauges = vec![gauge(&self.lanes[0]); sums.len()];
                self.lanes.iter().for_each(|lane| gauges[lane.index] = gauge(lane));
                gauges
            });
            self.left = self.rest;
            self.rest = (self.rest * 2).min(LONGEST_REST);
            self.lanes.truncate(1);
        }
        self.sink.drain(&mut self.lanes[0].stream, last)
    }
}

/// Whether another way may have become smaller than the one in use.
fn doubts(gauges: Option<&[f64]>, estimate: Option<&Estimate>, used: usize) -> bool {
    match (gauges, estimate) {
        (Some(gauges), Some(estimate)) => {
            let foreseen = |way: usize| gauges[way] * estimate.bits[way];
            (0..gauges.len()).any(|way| foreseen(way) < foreseen(used) * REOPENED)
        }
        (None, Some(estimate)) => (0..estimate.bits.len()).any(|way| way != used && estimate.allows(way)),
        // Too few rows to say anything.
        (_, None) => false,
    }
}
