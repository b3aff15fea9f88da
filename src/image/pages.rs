//! Large pages beneath large buffers.
#![allow(unsafe_code)] // A call of the system that changes nothing but how fast memory is.

/// Buffers from this size on are advised about, in bytes: smaller ones are seldom given back to the system.
const LARGE: usize = 4 << 20;

/// Asks the system for pages of megabytes, where it has some, beneath memory that was not touched yet: to get a picture's
/// memory in pages of 4 KiB takes longer than most operations on it.
pub(super) fn prefer_large_pages<T>(memory: &mut [T]) {
    if size_of_val(memory) < LARGE {
        return;
    }
    #[cfg(target_os = "linux")]
    {
        use std::ffi::{c_int, c_void};

        /// `MADV_HUGEPAGE` in Linux's headers, on all processors.
        const ADVICE: c_int = 14;
        /// What the address must be a multiple of; where pages are larger the advice is refused, which does no harm.
        const PAGE: usize = 4096;

        unsafe extern "C" {
            fn madvise(address: *mut c_void, length: usize, advice: c_int) -> c_int;
        }

        let bytes = memory.as_mut_ptr().cast::<u8>();
        let skipped = bytes.align_offset(PAGE);
        let Some(length) = size_of_val(memory).checked_sub(skipped) else { return };
        // SAFETY: the range lies in the slice, and this advice changes no contents.
        unsafe { madvise(bytes.add(skipped).cast(), length / PAGE * PAGE, ADVICE) };
    }
}
