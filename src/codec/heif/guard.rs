//! A panic behind a C interface ends the process, as it must not unwind through it. Work that could panic there is done on a thread
//! of its own, which stops for ever in the panic hook, before the end; who waits for it sees an error.

use std::{
    any::Any,
    cell::RefCell,
    panic::{set_hook, take_hook},
    sync::{Once, mpsc},
    thread,
};

use super::boxes::{Fault, Parsed};

thread_local! {
    /// What keeps the waiting thread waiting; only threads of [`guarded`] have it.
    static WAITED_FOR: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
}

/// Runs `work`; `None` when it panicked. What it had allocated is not given back then: nothing can be known of it.
pub(super) fn guarded<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Parsed<Option<T>> {
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
    Ok(receiver.recv().ok())
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

    #[test]
    fn a_panic_behind_a_c_interface_is_an_error() {
        assert_eq!(guarded(|| behind_c(1)).unwrap(), Some(2));
        assert_eq!(guarded(|| behind_c(2)).unwrap(), None);
        assert_eq!(guarded(|| behind_c(0)).unwrap(), Some(1));
    }

    #[test]
    fn other_threads_unwind_as_ever() {
        guarded(|| ()).unwrap();
        assert!(std::panic::catch_unwind(|| checked(2)).is_err());
    }
}
