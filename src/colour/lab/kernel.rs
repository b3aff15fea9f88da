//! The inner loop of changes in Lab: blocks of pixels, each channel by itself, so that the compiler can use wide
//! instructions.
#![allow(unsafe_code)] // Calls of functions compiled for what the level says is there.

use super::{
    super::{
        transfer::node_code_table,
        xyz::{FROM_XYZ, MATRIX, WHITE},
    },
    byte_table,
    curve::{Adjustment, CUBE_FROM, CUBE_ROOT_FROM, LINE_SLOPE, LINE_START},
    word_codes, word_table,
};
use crate::simd::Level;

/// Pixels in a block: fewer are unrolled by the compiler and get half as wide vectors.
const BLOCK: usize = 64;

/// The numbers of an adjustment, in terms of f(x), f(y) and f(z) rather than of L, a and b.
pub(super) struct Kernel {
    gain: f32,
    offset: f32,
    /// Turns (f(x) − f(y), f(z) − f(y)).
    turn: [[f32; 2]; 2],
    /// From linear light to X, Y and Z, white at 1.
    to_xyz: [[f32; 3]; 3],
    from_xyz: [[f32; 3]; 3],
}

impl Kernel {
    pub(super) fn new(Adjustment { gain, offset, chroma, hue }: Adjustment) -> Self {
        let (sin, cos) = hue.to_radians().sin_cos();
        // a is 500 and b is −200 times its difference.
        let turn = [[chroma * cos, chroma * sin * 0.4], [-chroma * sin * 2.5, chroma * cos]];
        let white = WHITE.map(|value| value / 100.0);
        Self {
            gain: gain as f32,
            offset: ((offset + 16.0 - 16.0 * gain) / 116.0) as f32,
            turn: turn.map(|row| row.map(|value| value as f32)),
            to_xyz: std::array::from_fn(|row| MATRIX[row].map(|value| (value / white[row]) as f32)),
            from_xyz: FROM_XYZ.map(|row| std::array::from_fn(|column| (row[column] * white[column]) as f32)),
        }
    }

    /// 8-bit colours, with alpha or not; it stays.
    pub(super) fn bytes(&self, level: Level, from: &[u8], to: &mut [u8], alpha: bool) {
        let (linear, codes) = (byte_table(), node_code_table());
        let (linear, codes) = (|code: u8| linear[code as usize], |step: u16| codes[step as usize]);
        if alpha {
            self.pixels::<u8, 4>(level, from, to, linear, codes);
        } else {
            self.pixels::<u8, 3>(level, from, to, linear, codes);
        }
    }

    /// 16-bit colours, with alpha or not; it stays.
    pub(super) fn words(&self, level: Level, from: &[u16], to: &mut [u16], alpha: bool) {
        let (linear, codes) = (word_table(), word_codes());
        let (linear, codes) = (|code: u16| linear[code as usize], |step: u16| codes[step as usize]);
        if alpha {
            self.pixels::<u16, 4>(level, from, to, linear, codes);
        } else {
            self.pixels::<u16, 3>(level, from, to, linear, codes);
        }
    }

    /// Pixels of `N` channels. `linear` gives the light, 0 to 1, of a sample; `code` the sample of light in 1/65535.
    fn pixels<S: Copy, const N: usize>(
        &self,
        level: Level,
        from: &[S],
        to: &mut [S],
        linear: impl Fn(S) -> f32,
        code: impl Fn(u16) -> S,
    ) {
        let (from, to) = (from.as_chunks::<N>().0, to.as_chunks_mut::<N>().0);
        let mut block = [[0.0; BLOCK]; 3];
        let mut steps = [[0; BLOCK]; 3];
        for (from, to) in from.chunks(BLOCK).zip(to.chunks_mut(BLOCK)) {
            let [reds, greens, blues] = &mut block;
            for (((pixel, red), green), blue) in from.iter().zip(reds).zip(greens).zip(blues) {
                (*red, *green, *blue) = (linear(pixel[0]), linear(pixel[1]), linear(pixel[2]));
            }
            self.block(level, &block, &mut steps);
            let [reds, greens, blues] = &steps;
            for ((((to, from), &red), &green), &blue) in to.iter_mut().zip(from).zip(reds).zip(greens).zip(blues) {
                *to = *from;
                (to[0], to[1], to[2]) = (code(red as u16), code(green as u16), code(blue as u16));
            }
        }
    }

    /// From linear light, 0 to 1, to linear light of which the low 16 bits count in 1/65535.
    fn block(&self, level: Level, light: &[[f32; BLOCK]; 3], steps: &mut [[u32; BLOCK]; 3]) {
        match level {
            Level::Scalar | Level::Vector => self.block_plain(light, steps),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2(_) => {
                #[target_feature(enable = "avx2")]
                fn with_avx2(kernel: &Kernel, light: &[[f32; BLOCK]; 3], steps: &mut [[u32; BLOCK]; 3]) {
                    kernel.block_plain(light, steps);
                }
                // SAFETY: the level is only made on a processor that has AVX2.
                unsafe { with_avx2(self, light, steps) }
            }
        }
    }

    #[inline(always)]
    fn block_plain(&self, [red, green, blue]: &[[f32; BLOCK]; 3], steps: &mut [[u32; BLOCK]; 3]) {
        let [to_x, to_y, to_z] = self.to_xyz;
        let [to_red, to_green, to_blue] = self.from_xyz;
        let [[xx, xz], [zx, zz]] = self.turn;
        let (gain, offset) = (self.gain, self.offset);
        let [reds, greens, blues] = steps;
        for at in 0..BLOCK {
            let (r, g, b) = (red[at], green[at], blue[at]);
            let fx = f(to_x[0] * r + to_x[1] * g + to_x[2] * b);
            let fy = f(to_y[0] * r + to_y[1] * g + to_y[2] * b);
            let fz = f(to_z[0] * r + to_z[1] * g + to_z[2] * b);
            let (dx, dz) = (fx - fy, fz - fy);
            let fy = gain * fy + offset;
            let x = f_inverse(fy + xx * dx + xz * dz);
            let y = f_inverse(fy);
            let z = f_inverse(fy + zx * dx + zz * dz);
            reds[at] = step_bits(to_red[0] * x + to_red[1] * y + to_red[2] * z);
            greens[at] = step_bits(to_green[0] * x + to_green[1] * y + to_green[2] * z);
            blues[at] = step_bits(to_blue[0] * x + to_blue[1] * y + to_blue[2] * z);
        }
    }
}

/// The curve of Lab with its cube root to one part in 10 000: an estimate from the exponent, made better by one step of
/// Halley's method.
#[inline(always)]
fn f(t: f32) -> f32 {
    // Two thirds of the exponent's bias of 127, less what makes the estimate's error least.
    const BIAS: u32 = 0x2a51_19f2;
    let estimate = f32::from_bits(t.to_bits() / 3 + BIAS);
    let cube = estimate * estimate * estimate;
    let root = estimate * (cube + 2.0 * t) / (2.0 * cube + t);
    let line = LINE_SLOPE as f32 * t + LINE_START as f32;
    if t > CUBE_ROOT_FROM as f32 { root } else { line }
}

#[inline(always)]
fn f_inverse(t: f32) -> f32 {
    let line = (t - LINE_START as f32) * (1.0 / LINE_SLOPE) as f32;
    let cube = t * t * t;
    if t > CUBE_FROM as f32 { cube } else { line }
}

/// Light, 0 to 1, clipped and rounded to steps of 1/65535, in the low 16 bits.
#[inline(always)]
fn step_bits(light: f32) -> u32 {
    // Above 2^23 the last bit of a float is worth 1, so that the low bits of the sum are the rounded number. The compiler
    // makes wide instructions of this, but not of casts.
    const WHOLE: f32 = 8_388_608.0;
    let light = if light > 0.0 { light } else { 0.0 };
    let light = if light < 1.0 { light } else { 1.0 };
    (light * 65535.0 + WHOLE).to_bits()
}

/// Light, 0 to 1, in the nearest step of 1/65535; what is outside is clipped.
pub(super) fn to_step(light: f32) -> u16 {
    step_bits(light) as u16
}
