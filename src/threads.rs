//! Threads that the work on one image is divided among, as many as `concurrency()` allows.
//!
//! They are started for a piece of work and end with it: a process that makes one image now and then holds none.

use std::{
    io,
    panic::resume_unwind,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

use crate::{
    error::{Error, Result},
    interrupt,
};

static COUNT: AtomicUsize = AtomicUsize::new(1);

/// Samples of an image below which starting threads could cost more than they save.
const MIN_SAMPLES: usize = 1 << 18;

/// Threads that one image may use.
pub(crate) fn count() -> usize {
    COUNT.load(Relaxed)
}

/// Sets how many threads one image may use, at least one.
pub(crate) fn set_count(threads: usize) {
    COUNT.store(threads.max(1), Relaxed);
}

/// Threads among which the work on an image of `samples` is divided: as many as it may use, but no more than there are
/// processors; one for a small image.
pub(crate) fn workers(samples: usize) -> usize {
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    if samples < MIN_SAMPLES {
        return 1;
    }
    count().min(*PROCESSORS.get_or_init(|| thread::available_parallelism().map_or(1, usize::from)))
}

/// The error when the system does not give a thread.
pub(crate) fn not_started(error: io::Error) -> Error {
    Error::Internal(format!("a thread cannot be started: {error}"))
}

/// Does `work` with every part, each on a thread of its own but the first, which this one does. The first error is told; a
/// panic goes on here.
pub(crate) fn each<T: Send>(parts: impl IntoIterator<Item = T>, work: impl Fn(T) -> Result<()> + Sync) -> Result<()> {
    let mut parts = parts.into_iter();
    let Some(first) = parts.next() else { return Ok(()) };
    let work = &work;
    thread::scope(|scope| {
        let task = interrupt::current();
        let start = |part| {
            let task = task.clone();
            thread::Builder::new().spawn_scoped(scope, move || interrupt::within(task, || work(part)))
        };
        let others: Vec<_> = parts.map(start).collect();
        let own = work(first);
        let done = others.into_iter().map(|started| {
            let thread = started.map_err(not_started)?;
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
        done.fold(own, Result::and)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_worked_on_and_the_first_error_is_told() {
        let mut parts = [1, 2, 3, 4];
        each(&mut parts, |part| {
            *part *= 10;
            Ok(())
        })
        .unwrap();
        assert_eq!(parts, [10, 20, 30, 40]);
        each([0; 0], |_| unreachable!()).unwrap();

        let failed = each(1..=4, |part| if part > 1 { Err(Error::Internal(part.to_string())) } else { Ok(()) });
        assert_eq!(failed.unwrap_err().to_string(), Error::Internal("2".into()).to_string());
    }

    #[test]
    fn a_panic_is_not_lost() {
        let panicked = std::panic::catch_unwind(|| each(0..3, |part| if part == 2 { panic!("two") } else { Ok(()) }));
        assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"two"));
    }
}
