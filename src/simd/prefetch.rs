//! Asking for memory before it is read.
#![allow(unsafe_code)] // An intrinsic.

/// Lets the processor fetch what is at `index`, in `samples` or not, while it goes on. Where the instruction is not measured to
/// be worth it, nothing is done.
#[inline(always)]
pub(crate) fn prefetch<T>(samples: &[T], index: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every x86-64 processor has the instruction, which has no effect that a program sees, whatever the address.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(samples.as_ptr().wrapping_add(index).cast()) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (samples, index);
}
