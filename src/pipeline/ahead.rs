//! Runs a part of the pipeline on a thread of its own, some rows ahead of the next part.

use std::{
    ops::Range,
    sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    thread::{Builder, Scope},
};

use crate::{
    error::Result,
    image::{RowMut, RowSource, Rows, Samples, Spec, past_the_end},
    interrupt,
    threads::not_started,
};

/// Bytes that are handed over at a time, as many rows as that is.
const BATCH: usize = 1 << 18;
/// Batches that are read, or waited for, at once.
const BATCHES: usize = 3;
/// As much as the threads have that tasks run on: decoders must not notice where they are.
const STACK: usize = 8 << 20;

/// `source`, read by a thread of its own unless it is in memory already.
pub(super) fn read_ahead<'s, 'a: 's>(source: Rows<'a>, scope: &'s Scope<'s, '_>) -> Result<Rows<'s>> {
    let spec = source.spec();
    if source.whole().is_some() {
        return Ok(source);
    }
    let row = spec.row_samples().max(1);
    let rows = (BATCH / (row * spec.format.depth.bytes())).max(1);
    let (to_read, empty) = channel();
    let (full, read) = sync_channel(BATCHES);
    for _ in 0..BATCHES {
        // The receiver is there, so this cannot fail.
        let _ = to_read.send(Samples::zeroed(spec.format.depth, rows * row)?);
    }
    let task = interrupt::current();
    let started = Builder::new().stack_size(STACK).spawn_scoped(scope, move || {
        interrupt::within(task, || read_all(source, &empty, &full));
    });
    started.map_err(not_started)?;
    Ok(Box::new(Ahead { spec, to_read, read, batch: None, rows: 0..0, y: 0 }))
}

/// Fills batches until the image ends, one fails, or nobody wants them.
fn read_all(mut source: Rows<'_>, empty: &Receiver<Samples>, full: &SyncSender<Result<Samples>>) {
    let spec = source.spec();
    let len = spec.row_samples();
    let mut rows = spec.height;
    while rows > 0 {
        let Ok(mut batch) = empty.recv() else { return };
        let count = (batch.len() / len.max(1)).min(rows as usize);
        let filled = (0..count).try_for_each(|row| source.next_row(batch.slice_mut(row * len..(row + 1) * len)));
        let failed = filled.is_err();
        if full.send(filled.map(|()| batch)).is_err() || failed {
            return;
        }
        rows -= count as u32;
    }
}

struct Ahead {
    spec: Spec,
    to_read: Sender<Samples>,
    read: Receiver<Result<Samples>>,
    /// The rows that were read last, and which they are.
    batch: Option<Samples>,
    rows: Range<u32>,
    /// Next row.
    y: u32,
}

impl Ahead {
    fn next_batch(&mut self) -> Result<()> {
        if let Some(used) = self.batch.take() {
            // A reader that has read all takes no more.
            let _ = self.to_read.send(used);
        }
        // It stops before the end of the image only after an error, or by a panic that goes on where threads are joined.
        let batch = self.read.recv().map_err(|_| past_the_end())??;
        let count = batch.len() / self.spec.row_samples().max(1);
        self.rows = self.rows.end..self.rows.end.saturating_add(count as u32).min(self.spec.height);
        self.batch = Some(batch);
        Ok(())
    }
}

impl RowSource for Ahead {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        while self.y >= self.rows.end {
            self.next_batch()?;
        }
        let batch = self.batch.as_ref().ok_or_else(past_the_end)?;
        let len = self.spec.row_samples();
        let start = (self.y - self.rows.start) as usize * len;
        self.y += 1;
        row.copy_from(batch.slice(start..start + len))
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.y = self.y.saturating_add(count);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::{
        error::Error,
        image::{
            map::edit_rows,
            testing::{RGB, image, samples},
        },
    };

    const WIDTH: u32 = 700;
    const HEIGHT: u32 = 401;

    /// An image whose rows are numbered, that fails at row `broken`.
    fn numbered(broken: u32) -> Rows<'static> {
        let flat = image(WIDTH, HEIGHT, RGB, vec![0; (WIDTH * HEIGHT * 3) as usize]);
        let mut y = 0;
        edit_rows(Box::new(flat.into_rows()), move |row| {
            let RowMut::U8(samples) = row else { unreachable!() };
            samples.fill(y as u8);
            y += 1;
            if y > broken { Err(Error::Internal("broken".into())) } else { Ok(()) }
        })
        .unwrap()
    }

    #[test]
    fn all_rows_come_in_their_order() {
        let direct = samples(numbered(HEIGHT));
        assert!(thread::scope(|scope| samples(read_ahead(numbered(HEIGHT), scope).unwrap())) == direct);
    }

    #[test]
    fn rows_can_be_passed_over_or_left() {
        let mut row = vec![0u8; WIDTH as usize * 3];
        thread::scope(|scope| {
            let mut rows = read_ahead(numbered(HEIGHT), scope).unwrap();
            for (skipped, y) in [(0, 0), (3, 4), (250, 255), (144, 400)] {
                rows.skip_rows(skipped).unwrap();
                rows.next_samples(&mut row).unwrap();
                assert_eq!(row[0], y as u8);
            }
            assert!(rows.next_samples(&mut row).is_err());
        });
        thread::scope(|scope| {
            let mut rows = read_ahead(numbered(HEIGHT), scope).unwrap();
            rows.next_samples(&mut row).unwrap();
        });
    }

    #[test]
    fn an_error_comes_after_the_rows_before_its_batch() {
        let mut row = vec![0u8; WIDTH as usize * 3];
        thread::scope(|scope| {
            let mut rows = read_ahead(numbered(300), scope).unwrap();
            let read = (0..HEIGHT).take_while(|_| rows.next_samples(&mut row).is_ok()).count();
            assert!((100..=300).contains(&read), "{read}");
            assert!(rows.next_samples(&mut row).is_err());
        });
    }
}
