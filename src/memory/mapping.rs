//! Memory straight from the kernel, where the system has such a call; elsewhere from its allocator.

/// Alignment that every mapping has, in bytes.
pub(super) const PAGE: usize = 4096;

/// Length of a huge page: one page fault where small pages take 512.
pub(super) const HUGE_PAGE: usize = 2 << 20;

#[cfg(all(unix, not(miri)))]
mod system {
    use std::ptr;

    use libc::{MAP_ANONYMOUS, MAP_FAILED, MAP_PRIVATE, PROT_READ, PROT_WRITE, mmap, munmap};

    use super::HUGE_PAGE;

    fn map_anywhere(len: usize) -> *mut u8 {
        // SAFETY: a new private mapping at an address of the kernel's choice touches no memory of anybody.
        let block = unsafe { mmap(ptr::null_mut(), len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) };
        if block == MAP_FAILED { ptr::null_mut() } else { block.cast() }
    }

    /// `len` bytes of zeroes; null when there is no memory.
    pub(in super::super) fn map(len: usize) -> *mut u8 {
        if len < 2 * HUGE_PAGE {
            return map_anywhere(len);
        }
        // The kernel aligns to small pages: map one huge page more, and give back what lies around the aligned block.
        let Some(room) = len.checked_add(HUGE_PAGE) else { return ptr::null_mut() };
        let start = map_anywhere(room);
        if start.is_null() {
            return start;
        }
        let before = start.align_offset(HUGE_PAGE);
        let block = start.wrapping_add(before);
        // SAFETY: both parts lie in the new mapping, outside of the block.
        unsafe {
            if before > 0 {
                munmap(start.cast(), before);
            }
            munmap(block.wrapping_add(len).cast(), HUGE_PAGE - before);
        }
        #[cfg(target_os = "linux")]
        // SAFETY: advice on a mapping of this length; a kernel without huge pages refuses it, which changes nothing.
        unsafe {
            libc::madvise(block.cast(), len, libc::MADV_HUGEPAGE);
        }
        block
    }

    /// Gives a mapping back to the kernel.
    ///
    /// # Safety
    /// The block came from [`map`] or [`remap`] with this length, and is not used any more.
    pub(in super::super) unsafe fn unmap(block: *mut u8, len: usize) {
        // SAFETY: the caller's promise.
        unsafe { munmap(block.cast(), len) };
    }

    /// The same mapping with another length, perhaps elsewhere; `None` where the kernel cannot do that.
    ///
    /// # Safety
    /// The block came from [`map`] or [`remap`] with this length; nothing refers to it but the caller.
    pub(in super::super) unsafe fn remap(block: *mut u8, len: usize, new_len: usize) -> Option<*mut u8> {
        #[cfg(target_os = "linux")]
        {
            // SAFETY: the caller's promise.
            let moved = unsafe { libc::mremap(block.cast(), len, new_len, libc::MREMAP_MAYMOVE) };
            (moved != MAP_FAILED).then_some(moved.cast())
        }
        #[cfg(not(target_os = "linux"))]
        {
            let _ = (block, len, new_len);
            None
        }
    }
}

#[cfg(not(all(unix, not(miri))))]
mod system {
    use std::{
        alloc::{GlobalAlloc, Layout, System},
        ptr,
    };

    use super::PAGE;

    pub(in super::super) fn map(len: usize) -> *mut u8 {
        match Layout::from_size_align(len, PAGE) {
            // SAFETY: the pool asks for no empty blocks.
            Ok(layout) => unsafe { System.alloc_zeroed(layout) },
            Err(_) => ptr::null_mut(),
        }
    }

    pub(in super::super) unsafe fn unmap(block: *mut u8, len: usize) {
        if let Ok(layout) = Layout::from_size_align(len, PAGE) {
            // SAFETY: the caller promises that the block came from `map` with this length.
            unsafe { System.dealloc(block, layout) }
        }
    }

    pub(in super::super) unsafe fn remap(_block: *mut u8, _len: usize, _new_len: usize) -> Option<*mut u8> {
        None
    }
}

pub(super) use system::{map, remap, unmap};
