//! Ending a task before it is done, because its time is up.
//!
//! The task in progress belongs to the thread: whatever takes long asks [`check`] now and then, at each row or frame, and
//! passes the error on. Threads that work on a task are given it with [`current`] and [`within`].

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use crate::error::{OperationError, Result};

/// A task that can be interrupted.
#[derive(Debug, Clone)]
pub(crate) struct Interrupt(Arc<State>);

#[derive(Debug)]
struct State {
    deadline: Instant,
    /// Rows of the result that are done, and how many there are.
    done: AtomicU32,
    total: AtomicU32,
}

impl Interrupt {
    /// Interrupts a task that begins now after `seconds`.
    pub(crate) fn after(seconds: u32) -> Self {
        let deadline = Instant::now() + Duration::from_secs(seconds.into());
        Self(Arc::new(State { deadline, done: AtomicU32::new(0), total: AtomicU32::new(0) }))
    }

    fn check(&self) -> Result<()> {
        if Instant::now() < self.0.deadline {
            return Ok(());
        }
        let percent = u64::from(self.0.done.load(Relaxed)) * 100 / u64::from(self.0.total.load(Relaxed).max(1));
        Err(OperationError::Timeout { percent: percent.min(100) as u8 }.into())
    }
}

thread_local! {
    static CURRENT: RefCell<Option<Interrupt>> = const { RefCell::new(None) };
}

/// The task that this thread works on, if it can be interrupted.
pub(crate) fn current() -> Option<Interrupt> {
    CURRENT.with_borrow(Clone::clone)
}

/// Does `work` as a part of a task.
pub(crate) fn within<T>(task: Option<Interrupt>, work: impl FnOnce() -> T) -> T {
    /// Restores what was there before, also when the work panics.
    struct Restore(Option<Interrupt>);
    impl Drop for Restore {
        fn drop(&mut self) {
            CURRENT.set(self.0.take());
        }
    }
    let _restore = Restore(CURRENT.replace(task));
    work()
}

/// Fails when the task of this thread is to end.
pub(crate) fn check() -> Result<()> {
    CURRENT.with_borrow(|task| task.as_ref().map_or(Ok(()), Interrupt::check))
}

/// Notes how many rows of the result are done, and fails like [`check`].
pub(crate) fn check_at(done: u32, total: u32) -> Result<()> {
    CURRENT.with_borrow(|task| {
        let Some(task) = task else { return Ok(()) };
        task.0.done.store(done, Relaxed);
        task.0.total.store(total, Relaxed);
        task.check()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_interrupted_after_its_time_and_reports_how_far_it_came() {
        check().unwrap();
        within(Some(Interrupt::after(3600)), || check_at(1, 2)).unwrap();
        within(Some(Interrupt::after(0)), || {
            assert_eq!(check().unwrap_err().to_string(), "timeout: 0% complete");
            assert_eq!(check_at(1, 2).unwrap_err().to_string(), "timeout: 50% complete");
            assert_eq!(check().unwrap_err().to_string(), "timeout: 50% complete");
        });
        check().unwrap();
    }

    #[test]
    fn a_panic_leaves_the_thread_without_a_task() {
        let panicked = std::panic::catch_unwind(|| within(Some(Interrupt::after(0)), || panic!("work")));
        assert!(panicked.is_err() && current().is_none());
    }
}
