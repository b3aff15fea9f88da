//! A thread for work that may panic behind a C interface. Such a panic must not unwind, so it would end the process. Here the
//! panic hook stops the thread forever before that, and whoever waits for the thread gets an error. The hook cannot be replaced
//! from then on, because it is still running.

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
    /// The sender of answers: what the waiting thread waits for. Only threads of [`Worker`] have it.
    static ANSWERS: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
}

/// Panics after which no more work is begun: each costs the process a thread and what the decoder held, for as long as it lives.
const MAX_LOST: u32 = 8;

/// Threads that stopped in the hook.
static LOST: AtomicU32 = AtomicU32::new(0);

/// A thread that answers requests one by one. It ends when this is dropped.
pub(super) struct Worker<Q, A> {
    requests: mpsc::Sender<Q>,
    answers: mpsc::Receiver<A>,
}

impl<Q: Send + 'static, A: Send + 'static> Worker<Q, A> {
    /// Starts a thread that makes its state by `start` and answers with what that returns. Fails after a few panics in the
    /// life of the process.
    pub(super) fn new<W: FnMut(Q) -> A>(start: impl FnOnce() -> W + Send + 'static) -> Parsed<Self> {
        if LOST.load(Ordering::Relaxed) >= MAX_LOST {
            return Err(Fault("AV1 is not decoded any more: the decoder failed too often in this process"));
        }
        stop_in_hook();
        let (requests, asked) = mpsc::channel();
        let (sender, answers) = mpsc::sync_channel::<A>(1);
        let run = move || {
            ANSWERS.set(Some(Box::new(sender)));
            let mut work = start();
            for request in asked {
                let answer = work(request);
                let send = |sender: &mpsc::SyncSender<A>| sender.send(answer).is_ok();
                if !ANSWERS.with_borrow(|sender| sender.as_ref()?.downcast_ref().map(send)).unwrap_or(false) {
                    break;
                }
            }
        };
        let builder = thread::Builder::new().name("lancet-av1".into());
        builder.spawn(run).map_err(|_| Fault("Memory allocation error"))?;
        Ok(Self { requests, answers })
    }

    /// The answer to a request; `None` when the work panicked, now or before. What it had allocated is not given back then,
    /// because nothing is known about its state.
    pub(super) fn ask(&self, request: Q) -> Option<A> {
        self.requests.send(request).ok()?;
        self.answers.recv().ok()
    }
}

/// Stops threads of [`Worker`] in the panic hook; other threads unwind as before.
fn stop_in_hook() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            // The thread may be ending, when its variables are gone.
            let Ok(Some(answers)) = ANSWERS.try_with(|answers| answers.try_borrow_mut().ok()?.take()) else {
                return before(panic);
            };
            LOST.fetch_add(1, Ordering::Relaxed);
            drop(answers);
            loop {
                thread::park();
            }
        }));
    });
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

    fn worker() -> Parsed<Worker<u8, u8>> {
        Worker::new(|| |number| behind_c(number))
    }

    /// In a process of its own: the thread that stops in the hook keeps it locked, and the test harness asks for it at its end.
    #[test]
    fn a_panic_behind_a_c_interface_is_an_error() {
        const NAME: &str = "codec::heif::guard::tests::a_panic_behind_a_c_interface_is_an_error";
        const OWN_PROCESS: &str = "LANCET_TEST_IN_OWN_PROCESS";
        const HELD: i32 = 42;
        if std::env::var_os(OWN_PROCESS).is_some() {
            let first = worker().unwrap();
            let answers = [1, 0, 2, 0].map(|number| first.ask(number));
            let others: Vec<_> = (1..MAX_LOST).map(|_| worker().unwrap().ask(2)).collect();
            let refuses = worker().is_err() && others.iter().all(Option::is_none);
            std::process::exit(if answers == [Some(2), Some(1), None, None] && refuses { HELD } else { 1 });
        }
        let mut own = std::process::Command::new(std::env::current_exe().unwrap());
        let status = own.args(["--exact", NAME]).env(OWN_PROCESS, "1").status().unwrap();
        assert_eq!(status.code(), Some(HELD));
    }

    #[test]
    fn other_threads_unwind_as_ever() {
        assert_eq!(worker().unwrap().ask(1), Some(2));
        assert!(std::panic::catch_unwind(|| checked(2)).is_err());
    }

    #[test]
    fn the_thread_ends_with_its_worker() {
        struct Ends(mpsc::Sender<()>);
        impl Drop for Ends {
            fn drop(&mut self) {
                self.0.send(()).unwrap();
            }
        }
        let (sender, ended) = mpsc::channel();
        let worker = Worker::new(move || {
            let ends = Ends(sender);
            move |()| size_of_val(&ends)
        });
        assert!(worker.unwrap().ask(()).is_some());
        ended.recv_timeout(std::time::Duration::from_secs(60)).unwrap();
    }
}
