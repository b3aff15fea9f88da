//! The allocator of the addon: small blocks come from the system's allocator, large ones from a pool of mappings.
//!
//! Pixels live in few large blocks that are freed at the end of each task. The system's allocator either returns such a
//! block to the kernel, so that the next task pays a page fault for every 4 KiB again (a tenth of the time of a JPEG
//! thumbnail), or keeps it in an arena that later small blocks fragment, which users see as a leak. The pool keeps freed
//! blocks whole, reuses them, and unmaps them when they have been idle for two [ticks](tick).
//!
//! C libraries allocate through the system's allocator, which [`settle`] keeps from hoarding.

#![allow(unsafe_code)]

mod mapping;
mod pool;
mod system;

use std::alloc::{GlobalAlloc, Layout, System};

use pool::{Pool, rounded};

/// Blocks from this size on come from the pool. Smaller ones cost few page faults, and glibc recycles them.
const MIN_LEN: usize = 256 << 10;

/// Bytes of freed blocks that the pool keeps by default: the memory limit that `cache()` reports.
pub(crate) const DEFAULT_LIMIT: usize = 50 << 20;

static POOL: Pool = Pool::new(DEFAULT_LIMIT);

#[global_allocator]
static ALLOCATOR: Pooled = Pooled;

/// Must be called before the first task.
pub(crate) fn settle() {
    system::settle();
}

/// Sets how many bytes of freed blocks the pool keeps; 0 turns reuse off.
pub(crate) fn set_limit(bytes: usize) {
    POOL.set_limit(bytes);
}

/// Bytes of freed blocks that the pool holds, and the most that it held.
pub(crate) fn held() -> (usize, usize) {
    POOL.held()
}

/// Unmaps freed blocks that no task has taken since the tick before last. Reports whether any are left.
pub(crate) fn tick() -> bool {
    POOL.tick();
    system::trim();
    POOL.held().0 > 0
}

struct Pooled;

/// Whether the pool serves blocks of this layout. Must give one answer for the whole life of a block.
const fn is_pooled(len: usize, align: usize) -> bool {
    len >= MIN_LEN && align <= mapping::PAGE
}

// SAFETY: a block of a given layout is always served by the same source, which depends on the layout alone; both sources
// give blocks of at least the requested length and alignment, which nobody else holds, and never unwind.
unsafe impl GlobalAlloc for Pooled {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_pooled(layout.size(), layout.align()) {
            return POOL.take(layout.size()).0;
        }
        // SAFETY: the caller's promise about the layout is handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if !is_pooled(layout.size(), layout.align()) {
            // SAFETY: as in `alloc`.
            return unsafe { System.alloc_zeroed(layout) };
        }
        let (block, is_zeroed) = POOL.take(layout.size());
        if !block.is_null() && !is_zeroed {
            // SAFETY: the block has at least this many bytes and nobody else holds it.
            unsafe { block.write_bytes(0, layout.size()) };
        }
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if is_pooled(layout.size(), layout.align()) {
            // SAFETY: the caller promises that the block came from `alloc` with this layout, so from the pool.
            return unsafe { POOL.give(block, layout.size()) };
        }
        // SAFETY: as above, so from the system.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_len: usize) -> *mut u8 {
        match (is_pooled(layout.size(), layout.align()), is_pooled(new_len, layout.align())) {
            // SAFETY: the caller's promises are handed on.
            (false, false) => unsafe { System.realloc(block, layout, new_len) },
            (true, true) if rounded(layout.size()) == rounded(new_len) => block,
            // SAFETY: the block came from the pool with this length, see `dealloc`.
            (true, true) => unsafe { POOL.resize(block, layout.size(), new_len) },
            // SAFETY: the new layout has a non-zero size that the caller promises not to overflow; both blocks are valid
            // for the shorter length, and are not the same.
            _ => unsafe {
                let new = self.alloc(Layout::from_size_align_unchecked(new_len, layout.align()));
                if !new.is_null() {
                    new.copy_from_nonoverlapping(block, layout.size().min(new_len));
                    self.dealloc(block, layout);
                }
                new
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_keep_their_bytes_when_they_grow_and_shrink_across_the_sources() {
        let mut bytes: Vec<u8> = (0..1000_u32).map(|at| at as u8).collect();
        for len in [MIN_LEN - 1, MIN_LEN, 3 * MIN_LEN, 9 << 20, 40 << 20] {
            bytes.resize(len, 7);
            assert!(bytes[..1000].iter().zip(0..1000_u32).all(|(byte, at)| *byte == at as u8), "{len}");
            assert_eq!(bytes[len - 1], 7);
            bytes.shrink_to_fit();
        }
        for len in [5 << 20, MIN_LEN, 1000] {
            bytes.truncate(len);
            bytes.shrink_to_fit();
            assert!(bytes[..1000].iter().zip(0..1000_u32).all(|(byte, at)| *byte == at as u8), "{len}");
        }
    }

    #[test]
    fn zeroed_blocks_are_zeroed_after_reuse() {
        for _ in 0..3 {
            let mut bytes = vec![0_u8; 777_777];
            assert!(bytes.iter().all(|byte| *byte == 0));
            bytes.fill(0xff);
        }
    }

    #[test]
    fn more_than_there_is_fails_without_an_abort() {
        assert!(Vec::<u8>::new().try_reserve_exact(isize::MAX as usize - 4096).is_err());
    }
}
