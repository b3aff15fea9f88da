//! Vectors of 128 bits, two to sixteen integers.

use super::{Blocks, LANES, Tables, Targets, UNIT, Vector};
use crate::simd::vector::{
    Bytes, Sums, Words, add, add_words, bytes_of, high_halves, interleave_high, interleave_low, interleave_pairs_high,
    interleave_pairs_low, load_words, low_halves, multiply, multiply_pairs, multiply_words, pack_signed,
    pack_signed_bytes, shift_right, splat_pair, splat_sums, subtract, subtract_words, words_of,
};

/// The first eight, and the others.
#[derive(Clone, Copy)]
pub(super) struct Integers([Words; 2]);

impl Integers {
    #[inline(always)]
    fn zip(self, other: Self, combine: impl Fn(Words, Words) -> Words) -> Self {
        Self([combine(self.0[0], other.0[0]), combine(self.0[1], other.0[1])])
    }
}

/// Four vectors of four.
type Wide = [Sums; 4];

#[inline(always)]
fn zip(a: Wide, b: Wide, combine: impl Fn(Sums, Sums) -> Sums) -> Wide {
    [combine(a[0], b[0]), combine(a[1], b[1]), combine(a[2], b[2]), combine(a[3], b[3])]
}

impl Vector for Integers {
    type Wide = Wide;

    #[inline(always)]
    fn load(from: &[i16; LANES]) -> Self {
        Self([0, 8].map(|at| load_words(from[at..].first_chunk().unwrap_or(&[0; 8]))))
    }

    #[inline(always)]
    fn gather(blocks: &Blocks<'_>, quantization: &Tables, at: usize) -> [Self; 8] {
        let eight = |list: &[i16; 64]| load_words(list[at..].first_chunk().unwrap_or(&[0; 8]));
        let half = |half: usize| {
            let table = eight(&quantization[half]);
            let row = |lane: usize| multiply_words(eight(blocks[half * UNIT + lane]), table);
            transpose([row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7)])
        };
        let (low, high) = (half(0), half(1));
        std::array::from_fn(|each| Self([low[each], high[each]]))
    }

    #[inline(always)]
    fn to_array(self) -> [i16; LANES] {
        let [low, high] = self.0.map(words_of);
        std::array::from_fn(|lane| if lane < UNIT { low[lane] } else { high[lane - UNIT] })
    }

    #[inline(always)]
    fn any(self, bits: u16) -> bool {
        self.0.map(words_of).as_flattened().iter().fold(0, |all, &value| all | value as u16) & bits != 0
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, add_words)
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, subtract_words)
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        self.zip(other, |a, b| {
            let (a, b) = (words_of(a), words_of(b));
            load_words(&std::array::from_fn(|lane| a[lane] | b[lane]))
        })
    }

    #[inline(always)]
    fn combine(self, other: Self, a: i16, b: i16) -> Wide {
        let factors = splat_pair(a, b);
        let ([low, high], [other_low, other_high]) = (self.0, other.0);
        [
            multiply_pairs(interleave_low(low, other_low), factors),
            multiply_pairs(interleave_high(low, other_low), factors),
            multiply_pairs(interleave_low(high, other_high), factors),
            multiply_pairs(interleave_high(high, other_high), factors),
        ]
    }

    #[inline(always)]
    fn widen<const BITS: i32>(self) -> Wide {
        // 2^15 does not fit, but is the sum of two factors that do.
        const { assert!(BITS >= 1 && BITS <= 15) };
        self.combine(self, 1 << (BITS - 1), 1 << (BITS - 1))
    }

    #[inline(always)]
    fn wide_add(a: Wide, b: Wide) -> Wide {
        zip(a, b, add)
    }

    #[inline(always)]
    fn wide_sub(a: Wide, b: Wide) -> Wide {
        zip(a, b, subtract)
    }

    #[inline(always)]
    fn descale<const BITS: i32>(wide: Wide) -> Wide {
        wide.map(|sums| shift_right(add(sums, splat_sums(1 << (BITS - 1))), BITS as u32))
    }

    #[inline(always)]
    fn scale<const BITS: i32>(wide: Wide) -> Wide {
        wide.map(|sums| multiply(sums, splat_sums(1 << BITS)))
    }

    #[inline(always)]
    fn narrow([a, b, c, d]: Wide) -> Self {
        Self([pack_signed(a, b), pack_signed(c, d)])
    }

    #[inline(always)]
    fn store<const N: usize>(columns: [Self; N], row: usize, targets: &mut Targets<'_>) {
        for half in 0..2 {
            let column = |at: usize| columns[at % N].0[half];
            let mut room = targets.row::<N>(half, row).as_chunks_mut::<16>().0.iter_mut();
            let mut write = |a: Words, b: Words| {
                if let Some(room) = room.next() {
                    *room = samples(pack_signed_bytes(a, b));
                }
            };
            // Columns of all blocks become rows of each block.
            match N {
                2 => write(interleave_low(column(0), column(1)), interleave_high(column(0), column(1))),
                4 => {
                    let (first, second) = (
                        [interleave_low(column(0), column(1)), interleave_high(column(0), column(1))],
                        [interleave_low(column(2), column(3)), interleave_high(column(2), column(3))],
                    );
                    for (first, second) in first.into_iter().zip(second) {
                        write(interleave_pairs_low(first, second), interleave_pairs_high(first, second));
                    }
                }
                _ => {
                    let rows = transpose([0, 1, 2, 3, 4, 5, 6, 7].map(column));
                    rows.as_chunks::<2>().0.iter().for_each(|&[a, b]| write(a, b));
                }
            }
        }
    }
}

/// From −128 … 127 to 0 … 255.
#[inline(always)]
fn samples(bytes: Bytes) -> [u8; 16] {
    bytes_of(bytes).map(|byte| byte ^ 128)
}

/// Swaps rows and columns.
#[inline(always)]
fn transpose(rows: [Words; 8]) -> [Words; 8] {
    let pairs = |a: Words, b: Words| [interleave_low(a, b), interleave_high(a, b)];
    let fours = |a: Words, b: Words| [interleave_pairs_low(a, b), interleave_pairs_high(a, b)];
    let [r0, r1, r2, r3, r4, r5, r6, r7] = rows;
    let ([a, b], [c, d], [e, f], [g, h]) = (pairs(r0, r1), pairs(r2, r3), pairs(r4, r5), pairs(r6, r7));
    let upper = [fours(a, c), fours(b, d)];
    let lower = [fours(e, g), fours(f, h)];
    std::array::from_fn(|at| {
        let (upper, lower) = (upper[at / 4][at / 2 % 2], lower[at / 4][at / 2 % 2]);
        if at % 2 == 0 { low_halves(upper, lower) } else { high_halves(upper, lower) }
    })
}
