//! What is asked of the C library's allocator, which serves the C codecs and small blocks.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod glibc {
    use std::{env, sync::Once};

    use libc::{M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, c_int, malloc_trim, mallopt};

    /// Bytes from which glibc maps a block by itself.
    const MMAP_THRESHOLD: c_int = 1 << 20;
    /// Free bytes at the end of an arena from which glibc returns them.
    const TRIM_THRESHOLD: c_int = 2 << 20;

    /// Keeps glibc from raising these thresholds whenever a larger block is freed, up to 32 and 64 MiB. With raised
    /// thresholds each thread's arena holds on to tens of megabytes forever: over 50,000 mixed calls a process grew by
    /// 150 %, with fixed ones by 7 %. Settings from the environment win.
    pub(in super::super) fn settle() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let is_set = |name| env::var_os(name).is_some();
            if is_set("MALLOC_MMAP_THRESHOLD_") || is_set("MALLOC_TRIM_THRESHOLD_") || is_set("GLIBC_TUNABLES") {
                return;
            }
            // SAFETY: sets two parameters of the allocator, from one thread.
            unsafe {
                mallopt(M_MMAP_THRESHOLD, MMAP_THRESHOLD);
                mallopt(M_TRIM_THRESHOLD, TRIM_THRESHOLD);
            }
        });
    }

    /// Returns the free pages inside the arenas; by itself glibc returns only those at their ends.
    pub(in super::super) fn trim() {
        // SAFETY: may be called at any time from any thread.
        unsafe { malloc_trim(0) };
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
mod glibc {
    pub(in super::super) fn settle() {}
    pub(in super::super) fn trim() {}
}

pub(super) use glibc::{settle, trim};
