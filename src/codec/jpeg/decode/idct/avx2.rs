//! Vectors of AVX2. A wide vector is two: of the lower four lanes of each half, and of the upper four.
#![allow(unsafe_code)] // Intrinsics, and stores of vectors.

use std::arch::x86_64::{
    __m128i, __m256i, _mm_loadu_si128, _mm_storeu_si128, _mm256_add_epi16, _mm256_add_epi32, _mm256_castsi128_si256,
    _mm256_castsi256_si128, _mm256_extracti128_si256, _mm256_inserti128_si256, _mm256_loadu_si256, _mm256_madd_epi16,
    _mm256_mullo_epi16, _mm256_or_si256, _mm256_packs_epi16, _mm256_packs_epi32, _mm256_set1_epi8, _mm256_set1_epi16,
    _mm256_set1_epi32, _mm256_setzero_si256, _mm256_slli_epi32, _mm256_srai_epi32, _mm256_srli_si256,
    _mm256_storeu_si256, _mm256_sub_epi16, _mm256_sub_epi32, _mm256_testz_si256, _mm256_unpackhi_epi8,
    _mm256_unpackhi_epi16, _mm256_unpackhi_epi32, _mm256_unpackhi_epi64, _mm256_unpacklo_epi8, _mm256_unpacklo_epi16,
    _mm256_unpacklo_epi32, _mm256_unpacklo_epi64, _mm256_xor_si256,
};

use super::{Blocks, LANES, Tables, Targets, UNIT, Vector};
use crate::simd::Avx2;

pub(super) fn transform(_: Avx2, size: u32, blocks: &Blocks<'_>, quantization: &Tables, targets: &mut Targets<'_>) {
    #[target_feature(enable = "avx2")]
    fn with_avx2(size: u32, blocks: &Blocks<'_>, quantization: &Tables, targets: &mut Targets<'_>) {
        super::run::<Integers>(size, blocks, quantization, targets);
    }
    // SAFETY: the first argument proves that the processor has AVX2.
    unsafe { with_avx2(size, blocks, quantization, targets) }
}

/// Made only in functions that are called with AVX2 there.
#[derive(Clone, Copy)]
struct Integers(__m256i);

#[derive(Clone, Copy)]
struct Wide(__m256i, __m256i);

/// Runs intrinsics.
macro_rules! avx2 {
    ($body:expr) => {
        // SAFETY: the type is only used by `with_avx2`, which runs where AVX2 is there.
        unsafe { $body }
    };
}

impl Vector for Integers {
    type Wide = Wide;

    #[inline(always)]
    fn load(from: &[i16; LANES]) -> Self {
        // SAFETY: as below, and the array has as many bytes as a vector.
        unsafe { Self(_mm256_loadu_si256(from.as_ptr().cast())) }
    }

    #[inline(always)]
    fn gather(blocks: &Blocks<'_>, quantization: &Tables, at: usize) -> [Self; 8] {
        let table = eight_of_two([&quantization[0], &quantization[1]], at);
        // One block in each half, then a transposition of both halves.
        let mut rows = [table; UNIT];
        let mut lane = 0;
        while lane < UNIT {
            rows[lane] = eight_of_two([blocks[lane], blocks[lane + UNIT]], at);
            lane += 1;
        }
        let [a, b, c, d, e, f, g, h] = rows;
        avx2!({
            // Most blocks have no coefficients of high frequencies.
            let all = _mm256_or_si256(
                _mm256_or_si256(_mm256_or_si256(a, b), _mm256_or_si256(c, d)),
                _mm256_or_si256(_mm256_or_si256(e, f), _mm256_or_si256(g, h)),
            );
            if _mm256_testz_si256(all, all) == 1 {
                return [Self(_mm256_setzero_si256()); 8];
            }
            let [a, b, c, d, e, f, g, h] = rows.map(|row| _mm256_mullo_epi16(row, table));
            let (ab_low, ab_high) = (_mm256_unpacklo_epi16(a, b), _mm256_unpackhi_epi16(a, b));
            let (cd_low, cd_high) = (_mm256_unpacklo_epi16(c, d), _mm256_unpackhi_epi16(c, d));
            let (ef_low, ef_high) = (_mm256_unpacklo_epi16(e, f), _mm256_unpackhi_epi16(e, f));
            let (gh_low, gh_high) = (_mm256_unpacklo_epi16(g, h), _mm256_unpackhi_epi16(g, h));
            let first = [
                _mm256_unpacklo_epi32(ab_low, cd_low),
                _mm256_unpackhi_epi32(ab_low, cd_low),
                _mm256_unpacklo_epi32(ab_high, cd_high),
                _mm256_unpackhi_epi32(ab_high, cd_high),
            ];
            let second = [
                _mm256_unpacklo_epi32(ef_low, gh_low),
                _mm256_unpackhi_epi32(ef_low, gh_low),
                _mm256_unpacklo_epi32(ef_high, gh_high),
                _mm256_unpackhi_epi32(ef_high, gh_high),
            ];
            [
                Self(_mm256_unpacklo_epi64(first[0], second[0])),
                Self(_mm256_unpackhi_epi64(first[0], second[0])),
                Self(_mm256_unpacklo_epi64(first[1], second[1])),
                Self(_mm256_unpackhi_epi64(first[1], second[1])),
                Self(_mm256_unpacklo_epi64(first[2], second[2])),
                Self(_mm256_unpackhi_epi64(first[2], second[2])),
                Self(_mm256_unpacklo_epi64(first[3], second[3])),
                Self(_mm256_unpackhi_epi64(first[3], second[3])),
            ]
        })
    }

    #[inline(always)]
    fn to_array(self) -> [i16; LANES] {
        let mut array = [0; LANES];
        // SAFETY: as below, and the array has as many bytes as a vector.
        unsafe { _mm256_storeu_si256(array.as_mut_ptr().cast(), self.0) };
        array
    }

    #[inline(always)]
    fn any(self, bits: u16) -> bool {
        avx2!(_mm256_testz_si256(self.0, _mm256_set1_epi16(bits as i16)) == 0)
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        avx2!(Self(_mm256_add_epi16(self.0, other.0)))
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        avx2!(Self(_mm256_sub_epi16(self.0, other.0)))
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        avx2!(Self(_mm256_or_si256(self.0, other.0)))
    }

    #[inline(always)]
    fn combine(self, other: Self, a: i16, b: i16) -> Wide {
        avx2!({
            let factors = _mm256_set1_epi32(i32::from(a as u16) | i32::from(b) << 16);
            Wide(
                _mm256_madd_epi16(_mm256_unpacklo_epi16(self.0, other.0), factors),
                _mm256_madd_epi16(_mm256_unpackhi_epi16(self.0, other.0), factors),
            )
        })
    }

    #[inline(always)]
    fn widen<const BITS: i32>(self) -> Wide {
        const { assert!(BITS == 13 || BITS == 14 || BITS == 15) };
        avx2!({
            // Above, 16 bits too far.
            let zero = _mm256_setzero_si256();
            let (low, high) = (_mm256_unpacklo_epi16(zero, self.0), _mm256_unpackhi_epi16(zero, self.0));
            match BITS {
                13 => Wide(_mm256_srai_epi32::<3>(low), _mm256_srai_epi32::<3>(high)),
                14 => Wide(_mm256_srai_epi32::<2>(low), _mm256_srai_epi32::<2>(high)),
                _ => Wide(_mm256_srai_epi32::<1>(low), _mm256_srai_epi32::<1>(high)),
            }
        })
    }

    #[inline(always)]
    fn wide_add(a: Wide, b: Wide) -> Wide {
        avx2!(Wide(_mm256_add_epi32(a.0, b.0), _mm256_add_epi32(a.1, b.1)))
    }

    #[inline(always)]
    fn wide_sub(a: Wide, b: Wide) -> Wide {
        avx2!(Wide(_mm256_sub_epi32(a.0, b.0), _mm256_sub_epi32(a.1, b.1)))
    }

    #[inline(always)]
    fn descale<const BITS: i32>(wide: Wide) -> Wide {
        avx2!({
            let half = _mm256_set1_epi32(1 << (BITS - 1));
            Wide(
                _mm256_srai_epi32::<BITS>(_mm256_add_epi32(wide.0, half)),
                _mm256_srai_epi32::<BITS>(_mm256_add_epi32(wide.1, half)),
            )
        })
    }

    #[inline(always)]
    fn scale<const BITS: i32>(wide: Wide) -> Wide {
        avx2!(Wide(_mm256_slli_epi32::<BITS>(wide.0), _mm256_slli_epi32::<BITS>(wide.1)))
    }

    #[inline(always)]
    fn narrow(wide: Wide) -> Self {
        avx2!(Self(_mm256_packs_epi32(wide.0, wide.1)))
    }

    #[inline(always)]
    fn store<const N: usize>(columns: [Self; N], row: usize, targets: &mut Targets<'_>) {
        // Columns of samples become blocks of rows in each half: a transposition of N x 8 bytes.
        match N {
            2 => {
                let both = pack(&columns, 0, 1);
                store_vectors::<N, 1>([avx2!(_mm256_unpacklo_epi8(both, _mm256_srli_si256::<8>(both)))], row, targets);
            }
            4 => {
                let (even, odd) = (pack(&columns, 0, 2), pack(&columns, 1, 3));
                store_vectors::<N, 2>(
                    avx2!({
                        let (low, high) = (_mm256_unpacklo_epi8(even, odd), _mm256_unpackhi_epi8(even, odd));
                        [_mm256_unpacklo_epi16(low, high), _mm256_unpackhi_epi16(low, high)]
                    }),
                    row,
                    targets,
                );
            }
            _ => {
                let (a, b, c, d) =
                    (pack(&columns, 0, 4), pack(&columns, 1, 5), pack(&columns, 2, 6), pack(&columns, 3, 7));
                store_vectors::<N, 4>(
                    avx2!({
                        let (ab_low, ab_high) = (_mm256_unpacklo_epi8(a, b), _mm256_unpackhi_epi8(a, b));
                        let (cd_low, cd_high) = (_mm256_unpacklo_epi8(c, d), _mm256_unpackhi_epi8(c, d));
                        let (e, f) = (_mm256_unpacklo_epi16(ab_low, cd_low), _mm256_unpackhi_epi16(ab_low, cd_low));
                        let (g, h) = (_mm256_unpacklo_epi16(ab_high, cd_high), _mm256_unpackhi_epi16(ab_high, cd_high));
                        [
                            _mm256_unpacklo_epi32(e, g),
                            _mm256_unpackhi_epi32(e, g),
                            _mm256_unpacklo_epi32(f, h),
                            _mm256_unpackhi_epi32(f, h),
                        ]
                    }),
                    row,
                    targets,
                );
            }
        }
    }
}

/// Eight numbers of two lists, the first in the lower half.
#[inline(always)]
fn eight_of_two(lists: [&[i16; 64]; 2], at: usize) -> __m256i {
    let [low, high] = lists.map(|list| {
        let eight: &[i16; 8] = list[at..].first_chunk().unwrap_or(&[0; 8]);
        // SAFETY: the array has as many bytes as the vector.
        unsafe { _mm_loadu_si128(eight.as_ptr().cast()) }
    });
    avx2!(_mm256_inserti128_si256::<1>(_mm256_castsi128_si256(low), high))
}

/// Two columns of samples.
#[inline(always)]
fn pack(columns: &[Integers], a: usize, b: usize) -> __m256i {
    avx2!(_mm256_xor_si256(_mm256_packs_epi16(columns[a].0, columns[b].0), _mm256_set1_epi8(-128)))
}

/// Writes the lower halves of vectors to one place, the upper ones to the other, where there is room.
#[inline(always)]
fn store_vectors<const N: usize, const VECTORS: usize>(
    vectors: [__m256i; VECTORS],
    row: usize,
    targets: &mut Targets<'_>,
) {
    for (room, vector) in targets.row::<N>(0, row).chunks_exact_mut(16).zip(vectors) {
        store_half(room, avx2!(_mm256_castsi256_si128(vector)));
    }
    for (room, vector) in targets.row::<N>(1, row).chunks_exact_mut(16).zip(vectors) {
        store_half(room, avx2!(_mm256_extracti128_si256::<1>(vector)));
    }
}

#[inline(always)]
fn store_half(room: &mut [u8], half: __m128i) {
    if let Some(room) = room.first_chunk_mut::<16>() {
        // SAFETY: there is room for the vector.
        unsafe { _mm_storeu_si128(room.as_mut_ptr().cast(), half) }
    }
}
