//! Panics in tasks become rejected promises: the host's standard error is not ours to write to.

use std::{env, panic::set_hook, sync::Once};

/// Set by those who look for panics, such as the fuzzer.
const PRINT: &str = "LANCET_PRINT_PANICS";

/// Makes panics print nothing from here on. The hook belongs to this addon, not to the process: other addons in Rust have their
/// own copy of the standard library.
pub(crate) fn silence() {
    static DONE: Once = Once::new();
    DONE.call_once(|| {
        if env::var_os(PRINT).is_none() {
            set_hook(Box::new(|_| {}));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In processes of their own, whose standard error is read: the hook would stay for all other tests.
    #[test]
    fn panics_print_nothing_unless_asked_for() {
        const NAME: &str = "panics::tests::panics_print_nothing_unless_asked_for";
        const OWN_PROCESS: &str = "LANCET_TEST_IN_OWN_PROCESS";
        if env::var_os(OWN_PROCESS).is_some() {
            silence();
            assert!(std::panic::catch_unwind(|| panic!("a test of panics")).is_err());
            return;
        }
        let prints = |print: bool| {
            let mut own = std::process::Command::new(env::current_exe().unwrap());
            own.args(["--exact", NAME, "--nocapture"]).env(OWN_PROCESS, "1").env_remove(PRINT);
            if print {
                own.env(PRINT, "1");
            }
            let output = own.output().unwrap();
            assert!(output.status.success());
            String::from_utf8_lossy(&output.stderr).contains("a test of panics")
        };
        assert_eq!([false, true].map(prints), [false, true]);
    }
}
