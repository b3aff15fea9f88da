//! The pool of threads that the work on images is divided among, as many as `concurrency()` allows.
//!
//! One pool serves all images of the process, so that a loaded machine gets no more threads than it was allowed. It is made when
//! work is first divided: a process that makes small images only, or one thread's worth, has none.

use std::{
    io,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

use rayon::{ThreadPool, ThreadPoolBuilder};

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

/// The pool: one thread fewer than an image may use, because the caller works too. A change of `concurrency()` makes a new one;
/// work that has begun ends in the old one.
fn pool() -> Result<Arc<ThreadPool>> {
    static POOL: Mutex<Option<Arc<ThreadPool>>> = Mutex::new(None);
    let threads = count().saturating_sub(1).max(1);
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pool) = pool.as_ref().filter(|pool| pool.current_num_threads() == threads) {
        return Ok(Arc::clone(pool));
    }
    let builder = ThreadPoolBuilder::new().num_threads(threads).thread_name(|_| "lancet".to_owned());
    let made = builder.build().map_err(|error| not_started(io::Error::other(error)))?;
    Ok(Arc::clone(pool.insert(Arc::new(made))))
}

/// Does `work` with every part: the first on this thread, the others in the pool. The first error in the order of the parts is
/// returned; a panic goes on here.
pub(crate) fn each<T: Send>(parts: impl IntoIterator<Item = T>, work: impl Fn(T) -> Result<()> + Sync) -> Result<()> {
    let mut parts = parts.into_iter();
    let Some(first) = parts.next() else { return Ok(()) };
    let others: Vec<T> = parts.collect();
    if others.is_empty() {
        return work(first);
    }
    let mut results: Vec<Result<()>> = others.iter().map(|_| Ok(())).collect();
    let work = &work;
    let own = pool()?.in_place_scope(|scope| {
        let task = interrupt::current();
        for (part, result) in others.into_iter().zip(&mut results) {
            let task = task.clone();
            scope.spawn(move |_| *result = interrupt::within(task, || work(part)));
        }
        work(first)
    });
    results.into_iter().fold(own, Result::and)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_worked_on_and_the_first_error_is_returned() {
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
