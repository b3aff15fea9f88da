//! The transform and the division on vectors, written once for all vector modules of `simd`.

/// Defines `transform_rows_and_columns` and `quantize` on the types and functions of the module `$ops`, compiled with
/// the attributes.
macro_rules! define {
    ($ops:path, $(#[$attribute:meta])+) => {
        use $ops as ops;

        /// Swaps rows and columns of a block.
        $(#[$attribute])+
        fn transpose(rows: [ops::Words; 8]) -> [ops::Words; 8] {
            use ops::*;
            let [r0, r1, r2, r3, r4, r5, r6, r7] = rows;
            let (a0, a1) = (interleave_low(r0, r1), interleave_high(r0, r1));
            let (b0, b1) = (interleave_low(r2, r3), interleave_high(r2, r3));
            let (c0, c1) = (interleave_low(r4, r5), interleave_high(r4, r5));
            let (d0, d1) = (interleave_low(r6, r7), interleave_high(r6, r7));
            let (e0, e1) = (interleave_pairs_low(a0, b0), interleave_pairs_low(c0, d0));
            let (f0, f1) = (interleave_pairs_high(a0, b0), interleave_pairs_high(c0, d0));
            let (g0, g1) = (interleave_pairs_low(a1, b1), interleave_pairs_low(c1, d1));
            let (h0, h1) = (interleave_pairs_high(a1, b1), interleave_pairs_high(c1, d1));
            [
                low_halves(e0, e1),
                high_halves(e0, e1),
                low_halves(f0, f1),
                high_halves(f0, f1),
                low_halves(g0, g1),
                high_halves(g0, g1),
                low_halves(h0, h1),
                high_halves(h0, h1),
            ]
        }

        /// [`transform`](super::transform) of eight vectors, each lane by itself.
        $(#[$attribute])+
        fn transform<const FIRST: bool>(values: [ops::Words; 8]) -> [ops::Words; 8] {
            use super::{EVEN, FRACTION, KEPT, ODD};
            use ops::*;
            let shift = if FIRST { FRACTION - KEPT } else { FRACTION + KEPT };
            let half = splat_sums(1 << (shift - 1));
            let [v0, v1, v2, v3, v4, v5, v6, v7] = values;
            let (s0, s1, s2, s3) = (add_words(v0, v7), add_words(v1, v6), add_words(v2, v5), add_words(v3, v4));
            let (t4, t5) = (subtract_words(v3, v4), subtract_words(v2, v5));
            let (t6, t7) = (subtract_words(v1, v6), subtract_words(v0, v7));
            let (sum03, sum12) = (add_words(s0, s3), add_words(s1, s2));
            let (difference03, difference12) = (subtract_words(s0, s3), subtract_words(s1, s2));

            let mut whole = [add_words(sum03, sum12), subtract_words(sum03, sum12)];
            for sum in &mut whole {
                *sum = if FIRST {
                    shift_words_left(*sum, KEPT)
                } else {
                    shift_words_right(add_words(*sum, splat_pair(1 << (KEPT - 1), 1 << (KEPT - 1))), KEPT)
                };
            }
            let (low, high) =
                (interleave_low(difference12, difference03), interleave_high(difference12, difference03));
            let mut even = whole;
            for (to, [a, b]) in even.iter_mut().zip(EVEN) {
                let factors = splat_pair(a, b);
                *to = pack_signed(
                    shift_right(add(multiply_pairs(low, factors), half), shift),
                    shift_right(add(multiply_pairs(high, factors), half), shift),
                );
            }
            let (low47, high47) = (interleave_low(t4, t7), interleave_high(t4, t7));
            let (low56, high56) = (interleave_low(t5, t6), interleave_high(t5, t6));
            let mut odd = [t4; 4];
            for (to, [a, b, c, d]) in odd.iter_mut().zip(ODD) {
                let (first, second) = (splat_pair(a, b), splat_pair(c, d));
                let low = add(multiply_pairs(low47, first), multiply_pairs(low56, second));
                let high = add(multiply_pairs(high47, first), multiply_pairs(high56, second));
                *to = pack_signed(shift_right(add(low, half), shift), shift_right(add(high, half), shift));
            }
            [whole[0], odd[3], even[0], odd[2], whole[1], odd[1], even[1], odd[0]]
        }

        /// Both directions.
        $(#[$attribute])+
        fn transform_rows_and_columns(rows: [ops::Words; 8]) -> [ops::Words; 8] {
            let columns = transform::<{ super::ROWS }>(transpose(rows));
            transform::<{ super::COLUMNS }>(transpose(columns))
        }

        /// Divides by what a row of [`Divisors`](super::Divisors) stands for.
        $(#[$attribute])+
        fn quantize(values: ops::Words, bias: ops::Words, reciprocal: ops::Words, scale: ops::Words) -> ops::Words {
            use ops::*;
            let magnitude = add_words(absolute_words(values), bias);
            with_signs(multiply_words_high(multiply_words_high(magnitude, reciprocal), scale), values)
        }
    };
}
pub(super) use define;
