//! The inverse DCT, at 8, 4, 2 or 1 samples to a side, of sixteen blocks at once: every vector holds the same coefficient
//! of all of them.
//!
//! Algorithm: Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications", 1989, in
//! fixed point; the smaller ones are the same with what they do not need left out. Constants, rounding and the behaviour on
//! overflow are those of libjpeg-turbo's vector code ("islow"), so that every sample is the same.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod scalar;

use super::{
    fast::{GROUP, LANES},
    planes::{Plane, UNIT},
};
use crate::simd::Level;

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
    fn to_array(self) -> [i16; LANES];
    /// These wrap around.
    fn mul(self, other: Self) -> Self;
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

/// Transforms a group of blocks. `coefficients` and `quantization` have the coefficients in rows of eight, of sixteen
/// blocks each. `size`: 1, 2, 4 or 8.
pub(super) fn transform(
    level: Level,
    size: u32,
    coefficients: &[i16; GROUP],
    quantization: &[i16; GROUP],
    targets: &mut Targets<'_>,
) {
    if size == 1 {
        return averages(coefficients, quantization, targets);
    }
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(avx2) => avx2::transform(avx2, size, coefficients, quantization, targets),
        _ => run::<scalar::Plain>(size, coefficients, quantization, targets),
    }
}

/// One sample to a block.
fn averages(coefficients: &[i16; GROUP], quantization: &[i16; GROUP], targets: &mut Targets<'_>) {
    let mut samples = [0; LANES];
    for ((sample, &coefficient), &quantum) in samples.iter_mut().zip(coefficients).zip(quantization) {
        let value = (i32::from(coefficient) * i32::from(quantum) + 4) >> 3;
        // Ten bits count.
        *sample = ((value << 22 >> 22) + 128).clamp(0, 255) as u8;
    }
    for (half, samples) in samples.chunks_exact(UNIT).enumerate() {
        let room = targets.row::<1>(half, 0);
        if room.len() == samples.len() {
            room.copy_from_slice(samples);
        }
    }
}

#[inline(always)]
fn run<V: Vector>(
    size: u32,
    coefficients: &[i16; GROUP],
    quantization: &[i16; GROUP],
    targets: &mut Targets<'_>,
) {
    let input = Input { coefficients, quantization };
    match size {
        2 => two::<V>(input, targets),
        4 => four::<V>(input, targets),
        _ => eight::<V>(input, targets),
    }
}

#[derive(Clone, Copy)]
struct Input<'c> {
    coefficients: &'c [i16; GROUP],
    quantization: &'c [i16; GROUP],
}

impl Input<'_> {
    /// One coefficient of all blocks, dequantized.
    #[inline(always)]
    fn get<V: Vector>(&self, row: usize, column: usize) -> V {
        let at = (row * 8 + column) * LANES;
        let load = |from: &[i16; GROUP]| V::load(from[at..].first_chunk().unwrap_or(&[0; LANES]));
        load(self.coefficients).mul(load(self.quantization))
    }

    /// Where all rows but the first are zero, libjpeg-turbo does not transform columns but shifts the first row, and large
    /// values come out otherwise: this does it for such blocks. `rows` are those that are looked at, `passed` is what the
    /// first pass gave.
    #[cold]
    #[inline(never)]
    fn repair<V: Vector, const N: usize>(&self, rows: &[usize], passed: &mut [[V; 8]; N]) {
        let mut values = passed.map(|row| row.map(V::to_array));
        for lane in 0..LANES {
            let is_zero = |&row: &usize| (0..8).all(|column| self.coefficients[(row * 8 + column) * LANES + lane] == 0);
            if !rows.iter().all(is_zero) {
                continue;
            }
            for column in 0..8 {
                let at = column * LANES + lane;
                let value = self.coefficients[at].wrapping_mul(self.quantization[at]) << PASS1_BITS;
                values.iter_mut().for_each(|row| row[column][lane] = value);
            }
        }
        *passed = values.map(|row| row.map(|values| V::load(&values)));
    }
}

/// Whether a value of the first row loses bits when it is multiplied by 2^[`PASS1_BITS`].
#[inline(always)]
fn is_large<V: Vector>(row: impl Iterator<Item = V>) -> bool {
    let offset = V::load(&[1 << 13; LANES]);
    let all = row.fold(V::load(&[0; LANES]), |all, value| all.or(value.add(offset)));
    all.to_array().iter().any(|&value| value as u16 & 0xc000 != 0)
}

#[inline(always)]
fn eight<V: Vector>(input: Input<'_>, targets: &mut Targets<'_>) {
    let mut passed = [[V::load(&[0; LANES]); 8]; 8];
    for column in 0..8 {
        let out = pass_of_eight::<V, { CONST_BITS - PASS1_BITS }>(std::array::from_fn(|row| input.get(row, column)));
        (0..8).for_each(|row| passed[row][column] = out[row]);
    }
    if is_large((0..8).map(|column| input.get::<V>(0, column))) {
        input.repair(&[1, 2, 3, 4, 5, 6, 7], &mut passed);
    }
    for (row, columns) in passed.into_iter().enumerate() {
        V::store(pass_of_eight::<V, { CONST_BITS + PASS1_BITS + 3 }>(columns), row, targets);
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
    butterflies::<V, 4, 8, BITS>(even, odd)
}

/// Sums from the front and differences from the back, divided by 2^`BITS`.
#[inline(always)]
fn butterflies<V: Vector, const HALF: usize, const N: usize, const BITS: i32>(
    even: [V::Wide; HALF],
    odd: [V::Wide; HALF],
) -> [V; N] {
    std::array::from_fn(|at| {
        let wide = if at < HALF {
            V::wide_add(even[at], odd[at])
        } else {
            V::wide_sub(even[N - 1 - at], odd[N - 1 - at])
        };
        V::narrow(V::descale::<BITS>(wide))
    })
}

#[inline(always)]
fn four<V: Vector>(input: Input<'_>, targets: &mut Targets<'_>) {
    let mut passed = [[V::load(&[0; LANES]); 8]; 4];
    for column in [0, 1, 2, 3, 5, 6, 7] {
        let out = pass_of_four::<V, { CONST_BITS - PASS1_BITS + 1 }>(std::array::from_fn(|row| input.get(row, column)));
        (0..4).for_each(|row| passed[row][column] = out[row]);
    }
    if is_large((0..8).map(|column| input.get::<V>(0, column))) {
        input.repair(&[1, 2, 3, 5, 6, 7], &mut passed);
    }
    for (row, columns) in passed.into_iter().enumerate() {
        V::store(pass_of_four::<V, { CONST_BITS + PASS1_BITS + 3 + 1 }>(columns), row, targets);
    }
}

#[inline(always)]
fn pass_of_four<V: Vector, const BITS: i32>(x: [V; 8]) -> [V; 4] {
    let even_0 = x[0].widen::<{ CONST_BITS + 1 }>();
    let even_2 = x[2].combine(x[6], F_1_847, -F_0_765);
    let odd_0 = V::wide_add(x[1].combine(x[3], F_2_562, F_0_899), x[5].combine(x[7], -F_0_601, -F_0_509));
    let odd_1 = V::wide_add(x[1].combine(x[3], F_1_061, -F_2_172), x[5].combine(x[7], F_1_451, -F_0_211));
    butterflies::<V, 2, 4, BITS>([V::wide_add(even_0, even_2), V::wide_sub(even_0, even_2)], [odd_0, odd_1])
}

#[inline(always)]
fn two<V: Vector>(input: Input<'_>, targets: &mut Targets<'_>) {
    const BITS: i32 = CONST_BITS + PASS1_BITS + 3 + 2;
    let odd_part = |x: [V; 4]| {
        V::wide_add(x[0].combine(x[1], F_3_624, -F_1_272), x[2].combine(x[3], F_0_850, -F_0_720))
    };
    let pass = |column: usize| {
        let even = input.get::<V>(0, column).widen::<{ CONST_BITS + 2 }>();
        let odd = odd_part([1, 3, 5, 7].map(|row| input.get(row, column)));
        [V::wide_add(even, odd), V::wide_sub(even, odd)].map(V::descale::<{ CONST_BITS - PASS1_BITS + 2 }>)
    };
    let (first, others) = (pass(0), [1, 3, 5, 7].map(pass));
    for row in 0..2 {
        let even = V::scale::<{ CONST_BITS + 2 }>(first[row]);
        let odd = odd_part(others.map(|column| V::narrow(column[row])));
        V::store(butterflies::<V, 1, 2, BITS>([even], [odd]), row, targets);
    }
}
