//! Freed blocks, kept for the next task.

use std::{
    ptr,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use super::mapping::{self, HUGE_PAGE, PAGE};

/// Freed blocks that are kept at most. Few, so that a search is short; tasks hold a dozen large blocks each.
const SLOTS: usize = 64;

/// Sizes between two powers of two. A block is at most a quarter larger than asked for; the rest is never touched.
const STEPS: usize = 4;

/// Length of the block that serves a request: the next of four sizes between powers of two, in whole pages, and in whole
/// huge pages where the block can have them. 0 when there is no such length.
pub(super) fn rounded(len: usize) -> usize {
    let page = if len >= 2 * HUGE_PAGE { HUGE_PAGE } else { PAGE };
    // The largest power of two that is not above the length.
    let step = (1_usize << (usize::BITS - 1 - len.max(1).leading_zeros())) / STEPS;
    len.checked_next_multiple_of(step.max(page)).unwrap_or(0)
}

/// A freed block.
#[derive(Clone, Copy)]
struct Slot {
    /// Address, 0 in an empty slot.
    block: usize,
    /// Length of the mapping, as [`rounded`] gives it.
    len: usize,
    /// The tick at which it was freed.
    freed_at: usize,
}

const EMPTY: Slot = Slot { block: 0, len: 0, freed_at: 0 };

struct Slots {
    slots: [Slot; SLOTS],
    held: usize,
    high: usize,
    tick: usize,
}

/// Keeps freed blocks of mapped memory up to a limit of bytes. Takes no memory of its own.
pub(super) struct Pool {
    slots: Mutex<Slots>,
    limit: AtomicUsize,
}

impl Pool {
    pub(super) const fn new(limit: usize) -> Self {
        let slots = Slots { slots: [EMPTY; SLOTS], held: 0, high: 0, tick: 0 };
        Self { slots: Mutex::new(slots), limit: AtomicUsize::new(limit) }
    }

    fn lock(&self) -> MutexGuard<'_, Slots> {
        // Nothing panics while it holds the lock, and an allocator must not panic itself.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A block of at least `len` bytes, and whether all of them are zero; null when there is no memory.
    pub(super) fn take(&self, len: usize) -> (*mut u8, bool) {
        let len = rounded(len);
        if len == 0 {
            return (ptr::null_mut(), false);
        }
        match self.lock().take(len) {
            Some(block) => (ptr::with_exposed_provenance_mut(block), false),
            None => (mapping::map(len), true),
        }
    }

    /// Takes a block back, to keep it or to unmap it.
    ///
    /// # Safety
    /// The block came from [`take`](Self::take) or [`resize`](Self::resize) of this pool with this length, and is not used
    /// any more.
    pub(super) unsafe fn give(&self, block: *mut u8, len: usize) {
        let len = rounded(len);
        if !self.lock().keep(block, len, self.limit.load(Relaxed)) {
            // SAFETY: the block is a mapping of this length that nobody uses.
            unsafe { mapping::unmap(block, len) }
        }
    }

    /// A block of at least `new_len` bytes that begins with the bytes of this one, which is taken back; null, and the block
    /// left as it is, when there is no memory.
    ///
    /// # Safety
    /// As for [`give`](Self::give).
    pub(super) unsafe fn resize(&self, block: *mut u8, len: usize, new_len: usize) -> *mut u8 {
        let kept = len.min(new_len);
        let reused = self.lock().take(rounded(new_len)).map(ptr::with_exposed_provenance_mut::<u8>);
        let new = match reused {
            Some(new) => new,
            None => {
                // SAFETY: the block is a mapping of the rounded length.
                let moved = unsafe { mapping::remap(block, rounded(len), rounded(new_len)) };
                if let Some(moved) = moved {
                    return moved;
                }
                self.take(new_len).0
            }
        };
        if !new.is_null() {
            // SAFETY: both blocks have at least this many bytes, and no block is handed out twice.
            unsafe {
                new.copy_from_nonoverlapping(block, kept);
                self.give(block, len);
            }
        }
        new
    }

    pub(super) fn set_limit(&self, bytes: usize) {
        self.limit.store(bytes, Relaxed);
        self.release(|slots, _| slots.held > bytes);
    }

    pub(super) fn held(&self) -> (usize, usize) {
        let slots = self.lock();
        (slots.held, slots.high)
    }

    /// Unmaps what was freed before the last tick, and begins another.
    pub(super) fn tick(&self) {
        self.release(|slots, slot| slot.freed_at < slots.tick);
        self.lock().tick += 1;
    }

    /// Unmaps the blocks for which `is_due` holds.
    fn release(&self, is_due: impl Fn(&Slots, &Slot) -> bool) {
        for index in 0..SLOTS {
            let mut slots = self.lock();
            let slot = slots.slots[index];
            if slot.block == 0 || !is_due(&slots, &slot) {
                continue;
            }
            slots.empty(index);
            drop(slots);
            // SAFETY: the block was in the pool, so nobody uses it, and it is out of it now.
            unsafe { mapping::unmap(ptr::with_exposed_provenance_mut(slot.block), slot.len) }
        }
    }
}

impl Slots {
    fn empty(&mut self, index: usize) -> usize {
        self.held -= self.slots[index].len;
        std::mem::replace(&mut self.slots[index], EMPTY).block
    }

    /// A kept block of exactly this length. Lengths are rounded coarsely, so that blocks of like sizes serve each other.
    fn take(&mut self, len: usize) -> Option<usize> {
        let index = self.slots.iter().position(|slot| slot.block != 0 && slot.len == len)?;
        Some(self.empty(index))
    }

    fn keep(&mut self, block: *mut u8, len: usize, limit: usize) -> bool {
        if self.held.saturating_add(len) > limit {
            return false;
        }
        let Some(slot) = self.slots.iter_mut().find(|slot| slot.block == 0) else { return false };
        *slot = Slot { block: block.expose_provenance(), len, freed_at: self.tick };
        self.held += len;
        self.high = self.high.max(self.held);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEN: usize = 1 << 20;

    fn give(pool: &Pool, block: *mut u8, len: usize) {
        // SAFETY: the tests hand back what they took, once.
        unsafe { pool.give(block, len) }
    }

    #[test]
    fn lengths_are_rounded_up_by_at_most_a_quarter() {
        for len in (1..(9 << 20)).step_by(4093).chain([PAGE, PAGE + 1, 2 * HUGE_PAGE, 100 << 20]) {
            let rounded = rounded(len);
            assert!(rounded >= len && rounded.is_multiple_of(PAGE), "{len}");
            assert!(
                rounded <= len + (len / 4).max(PAGE).max(if len >= 2 * HUGE_PAGE { HUGE_PAGE } else { 0 }),
                "{len}"
            );
            assert_eq!(super::rounded(rounded), rounded, "{len}");
        }
        assert_eq!(rounded(usize::MAX), 0);
    }

    #[test]
    fn a_freed_block_is_reused_for_its_length_alone() {
        let pool = Pool::new(16 << 20);
        let (first, zeroed) = pool.take(LEN);
        assert!(zeroed && !first.is_null());
        give(&pool, first, LEN);
        let (larger, _) = pool.take(2 * LEN);
        assert_ne!(larger, first);
        assert_eq!(pool.take(LEN - 5), (first, false));
        give(&pool, first, LEN);
        give(&pool, larger, 2 * LEN);
        assert_eq!(pool.held(), (3 * LEN, 3 * LEN));
        pool.set_limit(0);
        assert_eq!(pool.held().0, 0);
    }

    #[test]
    fn no_more_is_kept_than_the_limit() {
        let pool = Pool::new(2 * LEN);
        let blocks = [pool.take(LEN).0, pool.take(LEN).0, pool.take(LEN).0];
        blocks.into_iter().for_each(|block| give(&pool, block, LEN));
        assert_eq!(pool.held().0, 2 * LEN);
        pool.set_limit(0);
    }

    #[test]
    fn blocks_are_unmapped_two_ticks_after_their_last_use() {
        let pool = Pool::new(16 << 20);
        give(&pool, pool.take(LEN).0, LEN);
        pool.tick();
        assert_eq!(pool.held().0, LEN);
        give(&pool, pool.take(LEN).0, LEN);
        pool.tick();
        assert_eq!(pool.held().0, LEN);
        pool.tick();
        assert_eq!(pool.held().0, 0);
    }
}
