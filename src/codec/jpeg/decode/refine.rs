//! Scans that add one bit to coefficients. Source: ITU-T T.81, G.1.2.3.
#![allow(unsafe_code)] // Instructions that not every processor has, and loads and stores of vectors.

use super::{
    bits::{Bits, Stream},
    report::Stop,
    tables::Table,
};
use crate::simd::Level;

/// The band of a scan, and the bit that it adds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Band {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) low: u8,
}

/// Decodes a block. `run`: blocks of a run of blocks without new coefficients that are left, this one included.
pub(super) fn refine(
    level: Level,
    band: Band,
    table: &Table,
    state: (&mut Bits, &mut u32),
    stream: &mut Stream<'_, '_>,
    block: &mut [i16; 64],
) -> Result<(), Stop> {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(_) if bmi2::deposits_fast() => {
            // SAFETY: the level is only made on a processor that has these instructions.
            unsafe { bmi2::refine(band, table, state, stream, block) }
        }
        _ => run::<Plain>(band, table, state, stream, block),
    }
}

/// Operations on masks of 64 bits.
trait Masks {
    /// The set bit of a mask that has `count` set bits below it, if there is one.
    fn nth(mask: u64, count: u32) -> u64;
    /// Bits, the first one on top, at the places of the set bits of a mask, from the lowest one on.
    fn deposit(bits: u64, mask: u64) -> u64;
}

struct Plain;

impl Masks for Plain {
    fn nth(mut mask: u64, count: u32) -> u64 {
        (0..count).for_each(|_| mask &= mask.wrapping_sub(1));
        mask & mask.wrapping_neg()
    }

    fn deposit(mut bits: u64, mut mask: u64) -> u64 {
        let mut all = 0;
        while bits != 0 && mask != 0 {
            let lowest = mask & mask.wrapping_neg();
            all |= lowest & (bits as i64 >> 63) as u64;
            mask ^= lowest;
            bits <<= 1;
        }
        all
    }
}

#[cfg(target_arch = "x86_64")]
mod bmi2 {
    use std::{
        arch::x86_64::{__cpuid, _pdep_u64},
        sync::OnceLock,
    };

    use super::{Band, Bits, Masks, Stop, Stream, Table};

    /// Whether `PDEP` is an instruction of its own: AMD's processors before Zen 3 run a loop for it.
    pub(super) fn deposits_fast() -> bool {
        static FAST: OnceLock<bool> = OnceLock::new();
        *FAST.get_or_init(|| {
            let vendor = __cpuid(0);
            let family = __cpuid(1).eax >> 8;
            let family = (family & 15) + if family & 15 == 15 { family >> 12 & 255 } else { 0 };
            let is_amd = [vendor.ebx, vendor.edx, vendor.ecx] == [*b"Auth", *b"enti", *b"cAMD"].map(u32::from_le_bytes);
            !is_amd || family >= 0x19
        })
    }

    /// Only used in [`refine`].
    struct Bmi2;

    impl Masks for Bmi2 {
        #[inline(always)]
        fn nth(mask: u64, count: u32) -> u64 {
            // SAFETY: the caller's caller is only called where BMI2 is there.
            unsafe { _pdep_u64(1 << (count & 63), mask) }
        }

        #[inline(always)]
        fn deposit(bits: u64, mask: u64) -> u64 {
            // SAFETY: as above.
            unsafe { _pdep_u64(bits.reverse_bits(), mask) }
        }
    }

    #[target_feature(enable = "avx2,lzcnt,bmi1,bmi2")]
    pub(super) fn refine(
        band: Band,
        table: &Table,
        state: (&mut Bits, &mut u32),
        stream: &mut Stream<'_, '_>,
        block: &mut [i16; 64],
    ) -> Result<(), Stop> {
        super::run::<Bmi2>(band, table, state, stream, block)
    }
}

#[inline(always)]
fn run<M: Masks>(
    Band { first, last, low }: Band,
    table: &Table,
    (state, run_left): (&mut Bits, &mut u32),
    stream: &mut Stream<'_, '_>,
    block: &mut [i16; 64],
) -> Result<(), Stop> {
    let mut bits = *state;
    // One bit for each coefficient of the band that is not zero yet, and for each that is; and which of them are ahead.
    let band = u64::MAX >> (63 - last) & u64::MAX << first;
    let known = nonzero(block) & band;
    let (mut known_ahead, mut zeros_ahead) = (known, band & !known);
    let mut corrections = Corrections::default();
    if *run_left == 0 {
        loop {
            let symbol = bits.refinement(stream, table)?;
            if symbol.run < 15 && symbol.value == 0 {
                *run_left = 1 << symbol.run;
                if symbol.run > 0 {
                    *run_left += bits.take(stream, symbol.run)?;
                }
                break;
            }
            // The place behind so many zeros; nothing, when the band has fewer.
            let target = M::nth(zeros_ahead, symbol.run);
            let before = target.wrapping_sub(1);
            corrections.take(&mut bits, stream, (known_ahead & before).count_ones())?;
            known_ahead &= !before;
            zeros_ahead &= !(before | target);
            if symbol.value != 0 {
                let place = target.trailing_zeros().min(last + 1).min(63);
                block[place as usize] = (symbol.value << low) as i16;
            }
            if target.trailing_zeros() >= last {
                break;
            }
        }
    }
    if *run_left > 0 {
        corrections.take(&mut bits, stream, known_ahead.count_ones())?;
        *run_left -= 1;
    }
    *state = bits;
    if corrections.bits != 0 {
        correct(block, M::deposit(corrections.bits, known), low);
    }
    Ok(())
}

/// Correction bits of a block: one for each of its coefficients that is not zero, 63 at most.
#[derive(Default)]
struct Corrections {
    /// The first bit is the top one.
    bits: u64,
    count: u32,
}

impl Corrections {
    #[inline(always)]
    fn take(&mut self, bits: &mut Bits, stream: &mut Stream<'_, '_>, mut count: u32) -> Result<(), Stop> {
        if let Some(word) = bits.take_at_hand(count) {
            self.add(word, count);
            return Ok(());
        }
        while count > 0 {
            let (word, taken) = bits.take_some(stream, count)?;
            self.add(word, taken);
            count -= taken;
        }
        Ok(())
    }

    #[inline(always)]
    fn add(&mut self, word: u64, count: u32) {
        self.bits |= word.wrapping_shr(self.count);
        self.count += count;
    }
}

/// Moves coefficients away from zero by a bit, unless they have that bit already. `which`: one bit for each.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn correct(block: &mut [i16; 64], which: u64, low: u8) {
    use std::arch::x86_64::*;
    // SAFETY: every processor has SSE2, and there are eight values from each place that is read or written.
    unsafe {
        let (one, places) = (_mm_set1_epi16(1 << low), _mm_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128));
        for (values, which) in block.as_chunks_mut::<8>().0.iter_mut().zip(which.to_le_bytes()) {
            let value = _mm_loadu_si128(values.as_ptr().cast());
            let wanted = _mm_cmpeq_epi16(_mm_and_si128(_mm_set1_epi16(which.into()), places), places);
            let add = _mm_andnot_si128(value, _mm_and_si128(wanted, one));
            let sign = _mm_srai_epi16::<15>(value);
            let sum = _mm_add_epi16(value, _mm_sub_epi16(_mm_xor_si128(add, sign), sign));
            _mm_storeu_si128(values.as_mut_ptr().cast(), sum);
        }
    }
}

/// Moves coefficients away from zero by a bit, unless they have that bit already. `which`: one bit for each.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn correct_plain(block: &mut [i16; 64], mut which: u64, low: u8) {
    while which != 0 {
        let value = &mut block[which.trailing_zeros() as usize];
        let add = 1 << low & !*value;
        *value = value.wrapping_add(if *value < 0 { -add } else { add });
        which &= which - 1;
    }
}

/// One bit for each coefficient that is not zero.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn nonzero(block: &[i16; 64]) -> u64 {
    use std::arch::x86_64::*;
    let mut zeros = 0;
    for (part, values) in block.as_chunks::<16>().0.iter().enumerate() {
        // SAFETY: every processor has SSE2, and there are sixteen values.
        let are_zero = unsafe {
            let low = _mm_loadu_si128(values.as_ptr().cast());
            let high = _mm_loadu_si128(values.as_ptr().add(8).cast());
            let are_zero = [low, high].map(|values| _mm_cmpeq_epi16(values, _mm_setzero_si128()));
            _mm_movemask_epi8(_mm_packs_epi16(are_zero[0], are_zero[1]))
        };
        zeros |= (are_zero as u64) << (16 * part);
    }
    !zeros
}

/// One bit for each coefficient that is not zero.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn nonzero_plain(block: &[i16; 64]) -> u64 {
    block.iter().enumerate().fold(0, |all, (at, &value)| all | u64::from(value != 0) << at)
}
#[cfg(not(target_arch = "x86_64"))]
use {correct_plain as correct, nonzero_plain as nonzero};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_do_what_plain_loops_do() {
        let mut state = 1u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        for _ in 0..500 {
            let mut block = [0; 64];
            block.iter_mut().for_each(|value| *value = (next() as i16) >> 7 & -((next() & 1) as i16));
            let known = nonzero_plain(&block);
            assert_eq!(nonzero(&block), known);
            let (which, low) = (known & next(), (next() % 4) as u8);
            let mut plain = block;
            correct_plain(&mut plain, which, low);
            correct(&mut block, which, low);
            assert_eq!(block, plain);
        }
    }

    #[test]
    fn bits_of_masks_are_found() {
        assert_eq!([0, 1, 2, 3].map(|count| Plain::nth(0b1011_0000, count)), [1 << 4, 1 << 5, 1 << 7, 0]);
        assert_eq!(Plain::nth(u64::MAX, 63), 1 << 63);
        assert_eq!(Plain::deposit(0b101 << 61, 0b1011_0000), 0b1001_0000);
        assert_eq!(Plain::deposit(u64::MAX, 1), 1);
    }
}
