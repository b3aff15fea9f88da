//! The inverse DCT, at 8, 4, 2 or 1 samples to a side, of sixteen blocks at once: every vector holds the same coefficient
//! of all of them.
//!
//! Algorithm: Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications", 1989, in
//! fixed point; the smaller ones are the same with what they do not need left out. Constants, rounding and the behaviour on
//! overflow are those of libjpeg-turbo's vector code ("islow"), so that every sample is the same.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod scalar;
#[cfg(test)]
mod tests;
#[cfg(vectors)]
mod vector;

use super::{
    fast::LANES,
    plane::{Plane, UNIT},
};
use crate::{codec::jpeg::huffman::NATURAL, simd::Level};

/// Bits of fraction in constants, and in what the first pass gives.
const CONST_BITS: i32 = 13;
const PASS1_BITS: i32 = 2;

/// Constants as [`CONST_BITS`] have them.
const fn fix(value: f64) -> i16 {
    (value * (1 << CONST_BITS) as f64 + 0.5) as i16
}

const F_0_298: i16 = fix(0.298_631_336);
const F_0_390: i16 = fix(0.390_180_644);
const F_0_541: i16 = fix(0.541_196_100);
const F_0_765: i16 = fix(0.765_366_865);
const F_0_899: i16 = fix(0.899_976_223);
const F_1_175: i16 = fix(1.175_875_602);
const F_1_501: i16 = fix(1.501_321_110);
const F_1_847: i16 = fix(1.847_759_065);
const F_1_961: i16 = fix(1.961_570_560);
const F_2_053: i16 = fix(2.053_119_869);
const F_2_562: i16 = fix(2.562_915_447);
const F_3_072: i16 = fix(3.072_711_026);
// Of the smaller transforms.
const F_0_211: i16 = fix(0.211_164_243);
const F_0_509: i16 = fix(0.509_795_579);
const F_0_601: i16 = fix(0.601_344_887);
const F_0_720: i16 = fix(0.720_959_822);
const F_0_850: i16 = fix(0.850_430_095);
const F_1_061: i16 = fix(1.061_594_337);
const F_1_272: i16 = fix(1.272_758_580);
const F_1_451: i16 = fix(1.451_774_981);
const F_2_172: i16 = fix(2.172_734_803);
const F_3_624: i16 = fix(3.624_509_785);

/// Sixteen integers of 16 bits.
trait Vector: Copy {
    /// Sixteen of 32 bits.
    type Wide: Copy;

    fn load(from: &[i16; LANES]) -> Self;
    /// Eight coefficients of all blocks, dequantized, beginning with the one at this place in the order of frequency.
    fn gather(blocks: &Blocks<'_>, quantization: &Tables, at: usize) -> [Self; 8];
    fn to_array(self) -> [i16; LANES];
    /// Whether any of these bits is set anywhere.
    fn any(self, bits: u16) -> bool;
    /// These wrap around.
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    /// self × a + other × b.
    fn combine(self, other: Self, a: i16, b: i16) -> Self::Wide;
    /// self × 2^`BITS`.
    fn widen<const BITS: i32>(self) -> Self::Wide;
    fn wide_add(a: Self::Wide, b: Self::Wide) -> Self::Wide;
    fn wide_sub(a: Self::Wide, b: Self::Wide) -> Self::Wide;
    /// Divided by 2^`BITS` and rounded.
    fn descale<const BITS: i32>(wide: Self::Wide) -> Self::Wide;
    /// Multiplied by 2^`BITS`; wraps around.
    fn scale<const BITS: i32>(wide: Self::Wide) -> Self::Wide;
    /// Clamped.
    fn narrow(wide: Self::Wide) -> Self;
    /// Writes a row of `N` samples of each block, which are clamped to −128 … 127 and moved to 0 … 255.
    fn store<const N: usize>(columns: [Self; N], row: usize, targets: &mut Targets<'_>);
}

/// Where the samples of eight blocks go that are neighbours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) plane: usize,
    pub(super) row: usize,
    pub(super) column: usize,
}

/// Where the samples of a group go: of its first eight blocks, and of the others.
pub(super) struct Targets<'p> {
    pub(super) planes: &'p mut [Plane],
    pub(super) places: [Option<Place>; 2],
}

impl Targets<'_> {
    /// Room for one row of `N` samples of each block in a half, or nothing when it is not wanted.
    #[inline(always)]
    fn row<const N: usize>(&mut self, half: usize, row: usize) -> &mut [u8] {
        let Some(place) = self.places[half] else { return &mut [] };
        let plane = &mut self.planes[place.plane];
        let start = (place.row + row) * plane.stride + place.column;
        plane.samples.get_mut(start..start + N * UNIT).unwrap_or_default()
    }
}

/// The coefficients of blocks, in order of frequency.
pub(super) type Blocks<'c> = [&'c [i16; 64]; LANES];

/// The quantization tables of the first eight blocks and of the others, in order of frequency.
pub(super) type Tables = [[i16; 64]; 2];

/// Transforms blocks. `size`: 1, 2, 4 or 8.
pub(super) fn transform(
    level: Level,
    size: u32,
    blocks: &Blocks<'_>,
    quantization: &Tables,
    targets: &mut Targets<'_>,
) {
    if size == 1 {
        return averages(blocks.map(|block| block[0]), [quantization[0][0], quantization[1][0]], targets);
    }
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(avx2) => avx2::transform(avx2, size, blocks, quantization, targets),
        #[cfg(vectors)]
        Level::Vector => run::<vector::Integers>(size, blocks, quantization, targets),
        _ => run::<scalar::Plain>(size, blocks, quantization, targets),
    }
}

/// One sample to a block, of its first coefficient.
pub(super) fn averages(firsts: [i16; LANES], quanta: [i16; 2], targets: &mut Targets<'_>) {
    for (half, (firsts, quantum)) in firsts.as_chunks::<UNIT>().0.iter().zip(quanta).enumerate() {
        let samples = firsts.map(|first| {
            let value = (i32::from(first) * i32::from(quantum) + 4) >> 3;
            // Ten bits count.
            ((value << 22 >> 22) + 128).clamp(0, 255) as u8
        });
        if let Some(room) = targets.row::<1>(half, 0).first_chunk_mut() {
            *room = samples;
        }
    }
}

#[inline(always)]
fn run<V: Vector>(size: u32, blocks: &Blocks<'_>, quantization: &Tables, targets: &mut Targets<'_>) {
    let input = Input::new(blocks, quantization);
    match size {
        2 => two::<V>(&input, targets),
        4 => four::<V>(&input, targets),
        _ => eight::<V>(&input, targets),
    }
}

struct Input<'c, V> {
    blocks: &'c Blocks<'c>,
    /// The dequantized coefficients, in rows of eight.
    values: [V; 64],
}

impl<'c, V: Vector> Input<'c, V> {
    #[inline(always)]
    fn new(blocks: &'c Blocks<'c>, quantization: &Tables) -> Self {
        let mut values = [V::load(&[0; LANES]); 64];
        for part in 0..8 {
            let gathered = V::gather(blocks, quantization, 8 * part);
            for at in 0..8 {
                values[usize::from(NATURAL[8 * part + at])] = gathered[at];
            }
        }
        Self { blocks, values }
    }

    /// One coefficient of all blocks, dequantized.
    #[inline(always)]
    fn get(&self, row: usize, column: usize) -> V {
        self.values[row * 8 + column]
    }

    /// Where all rows but the first are zero, libjpeg-turbo does not transform columns but shifts the first row, and large
    /// values come out otherwise: this does it for such blocks. `rows` are those that are looked at, `passed` is what the
    /// first pass gave.
    #[cold]
    #[inline(never)]
    fn repair<const N: usize>(&self, rows: &[usize], passed: &mut [[V; 8]; N]) {
        let mut values = passed.map(|row| row.map(V::to_array));
        for (lane, block) in self.blocks.iter().enumerate() {
            let is_seen = |position: u8| rows.contains(&(usize::from(position) / 8));
            if block.iter().zip(NATURAL).any(|(&value, position)| value != 0 && is_seen(position)) {
                continue;
            }
            for column in 0..8 {
                let value = self.get(0, column).to_array()[lane] << PASS1_BITS;
                values.iter_mut().for_each(|row| row[column][lane] = value);
            }
        }
        *passed = values.map(|row| row.map(|values| V::load(&values)));
    }
}

/// Whether a value of the first row loses bits when it is multiplied by 2^[`PASS1_BITS`].
#[inline(always)]
fn is_large<V: Vector>(input: &Input<'_, V>) -> bool {
    let offset = V::load(&[1 << 13; LANES]);
    let mut all = V::load(&[0; LANES]);
    for column in 0..8 {
        all = all.or(input.get(0, column).add(offset));
    }
    all.any(0xc000)
}

#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "iterators are not always compiled for the vectors of the caller")]
fn eight<V: Vector>(input: &Input<'_, V>, targets: &mut Targets<'_>) {
    let mut passed = [[V::load(&[0; LANES]); 8]; 8];
    for column in 0..8 {
        let mut rows = [V::load(&[0; LANES]); 8];
        for row in 0..8 {
            rows[row] = input.get(row, column);
        }
        let out = pass_of_eight::<V, { CONST_BITS - PASS1_BITS }>(rows);
        for row in 0..8 {
            passed[row][column] = out[row];
        }
    }
    if is_large(input) {
        input.repair(&[1, 2, 3, 4, 5, 6, 7], &mut passed);
    }
    for row in 0..8 {
        V::store(pass_of_eight::<V, { CONST_BITS + PASS1_BITS + 3 }>(passed[row]), row, targets);
    }
}

#[inline(always)]
fn pass_of_eight<V: Vector, const BITS: i32>(x: [V; 8]) -> [V; 8] {
    // Even part.
    let even_3 = x[2].combine(x[6], F_0_541 + F_0_765, F_0_541);
    let even_2 = x[2].combine(x[6], F_0_541, F_0_541 - F_1_847);
    let even_0 = x[0].add(x[4]).widen::<CONST_BITS>();
    let even_1 = x[0].sub(x[4]).widen::<CONST_BITS>();
    let even = [
        V::wide_add(even_0, even_3),
        V::wide_add(even_1, even_2),
        V::wide_sub(even_1, even_2),
        V::wide_sub(even_0, even_3),
    ];
    // Odd part.
    let (sum_3, sum_4) = (x[7].add(x[3]), x[5].add(x[1]));
    let z_3 = sum_3.combine(sum_4, F_1_175 - F_1_961, F_1_175);
    let z_4 = sum_3.combine(sum_4, F_1_175, F_1_175 - F_0_390);
    let odd = [
        V::wide_add(x[7].combine(x[1], -F_0_899, F_1_501 - F_0_899), z_4),
        V::wide_add(x[5].combine(x[3], -F_2_562, F_3_072 - F_2_562), z_3),
        V::wide_add(x[5].combine(x[3], F_2_053 - F_2_562, -F_2_562), z_4),
        V::wide_add(x[7].combine(x[1], F_0_298 - F_0_899, -F_0_899), z_3),
    ];
    [
        sum::<V, BITS>(even[0], odd[0]),
        sum::<V, BITS>(even[1], odd[1]),
        sum::<V, BITS>(even[2], odd[2]),
        sum::<V, BITS>(even[3], odd[3]),
        difference::<V, BITS>(even[3], odd[3]),
        difference::<V, BITS>(even[2], odd[2]),
        difference::<V, BITS>(even[1], odd[1]),
        difference::<V, BITS>(even[0], odd[0]),
    ]
}

/// Divided by 2^`BITS`.
#[inline(always)]
fn sum<V: Vector, const BITS: i32>(a: V::Wide, b: V::Wide) -> V {
    V::narrow(V::descale::<BITS>(V::wide_add(a, b)))
}

/// Divided by 2^`BITS`.
#[inline(always)]
fn difference<V: Vector, const BITS: i32>(a: V::Wide, b: V::Wide) -> V {
    V::narrow(V::descale::<BITS>(V::wide_sub(a, b)))
}

#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "iterators are not always compiled for the vectors of the caller")]
fn four<V: Vector>(input: &Input<'_, V>, targets: &mut Targets<'_>) {
    let mut passed = [[V::load(&[0; LANES]); 8]; 4];
    for column in [0, 1, 2, 3, 5, 6, 7] {
        let mut rows = [V::load(&[0; LANES]); 8];
        for row in [0, 1, 2, 3, 5, 6, 7] {
            rows[row] = input.get(row, column);
        }
        let out = pass_of_four::<V, { CONST_BITS - PASS1_BITS + 1 }>(rows);
        for row in 0..4 {
            passed[row][column] = out[row];
        }
    }
    if is_large(input) {
        input.repair(&[1, 2, 3, 5, 6, 7], &mut passed);
    }
    for row in 0..4 {
        V::store(pass_of_four::<V, { CONST_BITS + PASS1_BITS + 3 + 1 }>(passed[row]), row, targets);
    }
}

#[inline(always)]
fn pass_of_four<V: Vector, const BITS: i32>(x: [V; 8]) -> [V; 4] {
    let even_0 = x[0].widen::<{ CONST_BITS + 1 }>();
    let even_2 = x[2].combine(x[6], F_1_847, -F_0_765);
    let (even_0, even_1) = (V::wide_add(even_0, even_2), V::wide_sub(even_0, even_2));
    let odd_0 = V::wide_add(x[1].combine(x[3], F_2_562, F_0_899), x[5].combine(x[7], -F_0_601, -F_0_509));
    let odd_1 = V::wide_add(x[1].combine(x[3], F_1_061, -F_2_172), x[5].combine(x[7], F_1_451, -F_0_211));
    [
        sum::<V, BITS>(even_0, odd_0),
        sum::<V, BITS>(even_1, odd_1),
        difference::<V, BITS>(even_1, odd_1),
        difference::<V, BITS>(even_0, odd_0),
    ]
}

/// The columns and rows that two samples to a side are made of, beside the first.
const ODD: [usize; 4] = [1, 3, 5, 7];

#[inline(always)]
fn two<V: Vector>(input: &Input<'_, V>, targets: &mut Targets<'_>) {
    const BITS: i32 = CONST_BITS + PASS1_BITS + 3 + 2;
    let first = pass_of_two(input, 0);
    let mut others = [[V::load(&[0; LANES]); 4]; 2];
    for (at, column) in [0, 1, 2, 3].into_iter().zip(ODD) {
        let [upper, lower] = pass_of_two(input, column);
        others[0][at] = V::narrow(upper);
        others[1][at] = V::narrow(lower);
    }
    for row in 0..2 {
        let even = V::scale::<{ CONST_BITS + 2 }>(first[row]);
        let odd = odd_of_two(others[row]);
        V::store([sum::<V, BITS>(even, odd), difference::<V, BITS>(even, odd)], row, targets);
    }
}

/// Two samples of a column, not narrowed yet.
#[inline(always)]
fn pass_of_two<V: Vector>(input: &Input<'_, V>, column: usize) -> [V::Wide; 2] {
    const BITS: i32 = CONST_BITS - PASS1_BITS + 2;
    let even = input.get(0, column).widen::<{ CONST_BITS + 2 }>();
    let rows =
        [input.get(ODD[0], column), input.get(ODD[1], column), input.get(ODD[2], column), input.get(ODD[3], column)];
    let odd = odd_of_two::<V>(rows);
    [V::descale::<BITS>(V::wide_add(even, odd)), V::descale::<BITS>(V::wide_sub(even, odd))]
}

#[inline(always)]
fn odd_of_two<V: Vector>(x: [V; 4]) -> V::Wide {
    V::wide_add(x[0].combine(x[1], F_3_624, -F_1_272), x[2].combine(x[3], F_0_850, -F_0_720))
}
