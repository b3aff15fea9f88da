//! The 4×4 transforms, sixteen blocks or candidates at a time: each vector is one position of the block.
//!
//! The inverse ones are the format's, to the bit (RFC 6386, section 14). The forward ones are the nearest integers, but for
//! the first coefficient.

use super::{lanes::Lanes, tables::ZIGZAG};

/// √2 × cos(π/8) − 1 and √2 × sin(π/8), by 2¹⁵.
const FORWARD: (i16, i16) = (10045, 17734);
/// √2 × cos(π/8) − 1 and √2 × sin(π/8) − 1, by 2¹⁶: the format's numbers.
const INVERSE: (i16, i16) = (20091, (35468 - 65536) as i16);

// Functions and loops instead of closures and iterators: only what is marked for it is sure to be inlined into kernels, and
// only there are the vector instructions known.

#[inline(always)]
fn forward_large<V: Lanes>(x: V) -> V {
    x.add(x.mul_round(V::splat(FORWARD.0)))
}

#[inline(always)]
fn forward_small<V: Lanes>(x: V) -> V {
    x.mul_round(V::splat(FORWARD.1))
}

#[inline(always)]
fn forward_pass<V: Lanes>(a: V, b: V, c: V, d: V) -> [V; 4] {
    let (outer, inner) = (a.add(d), b.add(c));
    let (outer_slope, inner_slope) = (a.sub(d), b.sub(c));
    [
        outer.add(inner),
        forward_large(outer_slope).add(forward_small(inner_slope)),
        outer.sub(inner),
        forward_small(outer_slope).sub(forward_large(inner_slope)),
    ]
}

#[inline(always)]
fn inverse_large<V: Lanes>(x: V) -> V {
    x.add(x.mul_high(V::splat(INVERSE.0)))
}

#[inline(always)]
fn inverse_small<V: Lanes>(x: V) -> V {
    x.add(x.mul_high(V::splat(INVERSE.1)))
}

#[inline(always)]
fn inverse_pass<V: Lanes>(a: V, b: V, c: V, d: V) -> [V; 4] {
    let (even, odd) = (a.add(c), a.sub(c));
    let (near, far) = (inverse_small(b).sub(inverse_large(d)), inverse_large(b).add(inverse_small(d)));
    [even.add(far), odd.add(near), odd.sub(near), even.sub(far)]
}

#[inline(always)]
fn second_order_pass<V: Lanes>(a: V, b: V, c: V, d: V) -> [V; 4] {
    let (outer, inner) = (a.add(d), b.add(c));
    let (outer_slope, inner_slope) = (a.sub(d), b.sub(c));
    [outer.add(inner), outer_slope.add(inner_slope), outer.sub(inner), outer_slope.sub(inner_slope)]
}

/// From raster order to that of the stream.
#[inline(always)]
fn to_stream<V: Lanes>(raster: &[V; 16]) -> [V; 16] {
    let mut stream = *raster;
    for at in 0..16 {
        stream[at] = raster[ZIGZAG[at]];
    }
    stream
}

/// Residuals in raster order to coefficients in the order of the stream.
#[inline(always)]
pub(super) fn forward<V: Lanes>(residual: &[V; 16]) -> [V; 16] {
    let mut columns = [[residual[0]; 4]; 4];
    for x in 0..4 {
        // Three bits more than the samples have: the largest sum, 16 × 255 × 8, just fits.
        columns[x] = forward_pass(
            residual[x].shift_left::<3>(),
            residual[4 + x].shift_left::<3>(),
            residual[8 + x].shift_left::<3>(),
            residual[12 + x].shift_left::<3>(),
        );
    }
    let mut coefficients = [residual[0]; 16];
    for y in 0..4 {
        let row = forward_pass(columns[0][y], columns[1][y], columns[2][y], columns[3][y]);
        for x in 0..4 {
            // Decoders round up what is half a level, which makes samples brighter by 1/16 in the mean; rounding the mean of
            // the block down takes half of that away, and never more.
            let rounding = if x + y == 0 { 0 } else { 8 };
            coefficients[y * 4 + x] = row[x].add(V::splat(rounding)).shift_right::<4>();
        }
    }
    to_stream(&coefficients)
}

/// Coefficients in the order of the stream to residuals in raster order.
#[inline(always)]
pub(super) fn inverse<V: Lanes>(coefficients: &[V; 16]) -> [V; 16] {
    let mut raster = [coefficients[0]; 16];
    for at in 0..16 {
        raster[ZIGZAG[at]] = coefficients[at];
    }
    let mut columns = [[raster[0]; 4]; 4];
    for x in 0..4 {
        columns[x] = inverse_pass(raster[x], raster[4 + x], raster[8 + x], raster[12 + x]);
    }
    let mut residual = [raster[0]; 16];
    for y in 0..4 {
        let row = inverse_pass(columns[0][y].add(V::splat(4)), columns[1][y], columns[2][y], columns[3][y]);
        for x in 0..4 {
            residual[y * 4 + x] = row[x].shift_right::<3>();
        }
    }
    residual
}

/// First coefficients of sixteen blocks, in raster order, to second-order coefficients in the order of the stream.
#[inline(always)]
pub(super) fn forward_second_order<V: Lanes>(first: &[V; 16]) -> [V; 16] {
    let mut columns = [[first[0]; 4]; 4];
    for x in 0..4 {
        columns[x] = second_order_pass(first[x], first[4 + x], first[8 + x], first[12 + x]);
    }
    let mut coefficients = [first[0]; 16];
    for y in 0..4 {
        let row = second_order_pass(columns[0][y], columns[1][y], columns[2][y], columns[3][y]);
        for x in 0..4 {
            coefficients[y * 4 + x] = row[x].shift_right::<1>();
        }
    }
    to_stream(&coefficients)
}

/// Dequantised second-order coefficients in the order of the stream to the first coefficients of sixteen blocks.
pub(super) fn inverse_second_order(coefficients: &[i16; 16]) -> [i16; 16] {
    let pass = |[a, b, c, d]: [i32; 4]| {
        let (outer, inner) = (a + d, b + c);
        let (outer_slope, inner_slope) = (a - d, b - c);
        [outer + inner, outer_slope + inner_slope, outer - inner, outer_slope - inner_slope]
    };
    let mut raster = [0; 16];
    for (&at, &coefficient) in ZIGZAG.iter().zip(coefficients) {
        raster[at] = i32::from(coefficient);
    }
    let mut columns = [[0; 4]; 4];
    for (x, column) in columns.iter_mut().enumerate() {
        *column = pass([0, 4, 8, 12].map(|row| raster[row + x]));
    }
    let mut first = [0; 16];
    for y in 0..4 {
        let row = pass([columns[0][y] + 3, columns[1][y], columns[2][y], columns[3][y]]);
        for (x, sample) in row.into_iter().enumerate() {
            first[y * 4 + x] = (sample >> 3) as i16;
        }
    }
    first
}
