//! The arithmetic coder of VP8. Source: RFC 6386, section 7.

use std::collections::TryReserveError;

/// A decision: the probability, of 256, that it is 0 in the low byte, and what it is above.
pub(super) type Decision = u16;

pub(super) fn decision(probability: u8, bit: bool) -> Decision {
    u16::from(probability) | u16::from(bit) << 8
}

/// Bytes that are written at a time.
const CHUNK: u32 = 6;

/// Codes decisions into a partition.
pub(super) struct BoolEncoder {
    /// The code so far, without the bytes that were written: `pending` bits, and eight that are still being narrowed.
    low: u64,
    /// Width of the interval that the code is in, 128 to 255.
    range: u32,
    pending: u32,
    out: Vec<u8>,
}

impl BoolEncoder {
    pub(super) fn new() -> Self {
        Self { low: 0, range: 255, pending: 0, out: Vec::new() }
    }

    /// Codes decisions.
    pub(super) fn encode(&mut self, decisions: &[Decision]) -> Result<(), TryReserveError> {
        self.reserve(decisions.len())?;
        let (mut low, mut range, mut pending) = (self.low, self.range, self.pending);
        for &decision in decisions {
            code(&mut low, &mut range, &mut pending, decision);
            if pending >= CHUNK * 8 {
                (low, pending) = write(&mut self.out, low, pending);
            }
        }
        (self.low, self.range, self.pending) = (low, range, pending);
        Ok(())
    }

    /// Codes two lists of as many decisions in turns: each decision waits for the one before it, so that one list alone
    /// leaves the processor idle. The state is in locals, since a store and a load would be part of the wait.
    pub(super) fn encode_both(
        [a, b]: [&mut Self; 2],
        a_decisions: &[Decision],
        b_decisions: &[Decision],
    ) -> Result<(), TryReserveError> {
        a.reserve(a_decisions.len())?;
        b.reserve(b_decisions.len())?;
        let (mut a_low, mut a_range, mut a_pending) = (a.low, a.range, a.pending);
        let (mut b_low, mut b_range, mut b_pending) = (b.low, b.range, b.pending);
        for (&a_decision, &b_decision) in a_decisions.iter().zip(b_decisions) {
            code(&mut a_low, &mut a_range, &mut a_pending, a_decision);
            code(&mut b_low, &mut b_range, &mut b_pending, b_decision);
            if a_pending >= CHUNK * 8 {
                (a_low, a_pending) = write(&mut a.out, a_low, a_pending);
            }
            if b_pending >= CHUNK * 8 {
                (b_low, b_pending) = write(&mut b.out, b_low, b_pending);
            }
        }
        (a.low, a.range, a.pending) = (a_low, a_range, a_pending);
        (b.low, b.range, b.pending) = (b_low, b_range, b_pending);
        Ok(())
    }

    /// A decision costs seven bits and a little at most.
    fn reserve(&mut self, decisions: usize) -> Result<(), TryReserveError> {
        self.out.try_reserve(decisions + 2 * CHUNK as usize)
    }

    /// The partition. A decoder never reads beyond its end.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let bits = self.pending + 8;
        let bytes = bits.div_ceil(8);
        let code = self.low << (bytes * 8 - bits);
        if code >> (bytes * 8) != 0 {
            carry(&mut self.out);
        }
        self.out.extend((0..bytes).rev().map(|at| (code >> (at * 8)) as u8));
        self.out
    }
}

#[inline(always)]
fn code(low: &mut u64, range: &mut u32, pending: &mut u32, decision: Decision) {
    let (probability, bit) = (u32::from(decision & 0xff), decision > 0xff);
    let split = 1 + (((*range - 1) * probability) >> 8);
    let width = if bit { *range - split } else { split };
    *low += if bit { u64::from(split) } else { 0 };
    let shift = width.leading_zeros() - 24;
    *range = width << shift;
    *low <<= shift;
    *pending += shift;
}

/// Writes the highest bytes; what is left of the code and of its pending bits.
#[inline]
fn write(out: &mut Vec<u8>, low: u64, pending: u32) -> (u64, u32) {
    let kept = pending + 8 - CHUNK * 8;
    let bytes = low >> kept;
    if bytes >> (CHUNK * 8) != 0 {
        carry(out);
    }
    out.extend_from_slice(&bytes.to_be_bytes()[8 - CHUNK as usize..]);
    (low & ((1 << kept) - 1), pending - CHUNK * 8)
}

/// Adds 1 to the number that the bytes are. It never overflows, since the code is less than 1.
#[cold]
fn carry(out: &mut [u8]) {
    for byte in out.iter_mut().rev() {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            break;
        }
    }
}
