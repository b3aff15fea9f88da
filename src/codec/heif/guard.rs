//! A panic behind a C interface ends the process, as it must not unwind through it. Work that could panic there is done on a thread
//! of its own, which stops forever in the panic hook, before the end; who waits for it sees an error. The hook cannot be replaced
//! from then on, for it is being run.

use std::{
    any::Any,
    cell::RefCell,
    panic::{set_hook, take_hook},
    sync::{
        Once,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
};

use super::boxes::{Fault, Parsed};

thread_local! {
    /// What keeps the waiting thread waiting; only threads of [`guarded`] have it.
    static WAITED_FOR: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
}

/// Panics after which no more work is begun: each costs the process a thread and what the decoder held, for as long as it lives.
const MAX_LOST: u32 = 8;

/// Threads that stopped in the hook.
static LOST: AtomicU32 = AtomicU32::new(0);

/// Runs `work`; `None` when it panicked. What it had allocated is not given back then: nothing can be known of it. After a few
/// panics in the life of the process, an error at once.
pub(super) fn guarded<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Parsed<Option<T>> {
    if LOST.load(Ordering::Relaxed) >= MAX_LOST {
        return Err(Fault("AV1 is not decoded any more: the decoder failed too often in this process"));
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            before(panic);
            // The thread may be ending, when its variables are gone.
            if let Ok(Some(waiting)) = WAITED_FOR.try_with(RefCell::take) {
                drop(waiting);
                loop {
                    thread::park();
                }
            }
        }));
    });
    let (sender, receiver) = mpsc::sync_channel(1);
    let run = move || {
        WAITED_FOR.set(Some(Box::new(sender)));
        let result = work();
        let sender = WAITED_FOR.take().and_then(|sender| sender.downcast::<mpsc::SyncSender<T>>().ok());
        // Nobody waits when the caller's thread is gone.
        sender.map(|sender| sender.send(result));
    };
    let builder = thread::Builder::new().name("lancet-av1".into());
    builder.spawn(run).map_err(|_| Fault("Memory allocation error"))?;
    let result = receiver.recv().ok();
    if result.is_none() {
        LOST.fetch_add(1, Ordering::Relaxed);
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(number: u8) -> u8 {
        assert!(number < 2, "a test of panics");
        number + 1
    }

    extern "C" fn behind_c(number: u8) -> u8 {
        checked(number)
    }

    /// In a process of its own: the thread that stops in the hook keeps it locked, and the test harness asks for it at its end.
    #[test]
    fn a_panic_behind_a_c_interface_is_an_error() {
        const NAME: &str = "codec::heif::guard::tests::a_panic_behind_a_c_interface_is_an_error";
        const OWN_PROCESS: &str = "LANCET_TEST_IN_OWN_PROCESS";
        const HELD: i32 = 42;
        if std::env::var_os(OWN_PROCESS).is_some() {
            let results = [1, 2, 0].map(|number| guarded(move || behind_c(number)).unwrap());
            let all: Vec<_> = (1..MAX_LOST).map(|_| guarded(|| behind_c(2)).ok()).collect();
            let refuses = guarded(|| behind_c(0)).is_err() && all.iter().all(|one| *one == Some(None));
            std::process::exit(if results == [Some(2), None, Some(1)] && refuses { HELD } else { 1 });
        }
        let mut own = std::process::Command::new(std::env::current_exe().unwrap());
        let status = own.args(["--exact", NAME]).env(OWN_PROCESS, "1").status().unwrap();
        assert_eq!(status.code(), Some(HELD));
    }

    #[test]
    fn other_threads_unwind_as_ever() {
        guarded(|| ()).unwrap();
        assert!(std::panic::catch_unwind(|| checked(2)).is_err());
    }
}
