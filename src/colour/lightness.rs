//! CIE lightness of sRGB images: taking it out, and putting another one in. Sources: IEC 61966-2-1, CIE 15.
#![allow(unsafe_code)] // Calls of functions compiled for what the level says is there.

use super::{
    transfer::{STEPS, code_table, to_linear},
    xyz::{MATRIX, WHITE},
};
use crate::{
    error::Result,
    image::{PixelFormat, Sample, zeroed},
    simd::{Level, at_level},
};

/// Steps of L* from 0 to 100.
pub(crate) const LIGHTNESS_STEPS: f32 = 32767.0;

/// Pixels that are worked on at a time.
const LANES: usize = 16;

/// Adding this to a float from 0 to 2²³ leaves the nearest integer in the low bits of its representation.
const ROUNDER: f32 = 8_388_608.0;

/// Linear sRGB of XYZ, one row a component. Source: the inverse of the matrix of IEC 61966-2-1.
const INVERSE: [[f64; 3]; 3] = [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]];

/// Above this share of white, lightness follows the cube root.
const CUBE_FROM: f32 = 0.008856;
const CUBE_ROOT_FROM: f32 = 7.787 * CUBE_FROM + CUBE_OFFSET;
const CUBE_OFFSET: f32 = 16.0 / 116.0;

/// One value for each pixel of a block.
type Block = [f32; LANES];

/// A sample type of sRGB and grey images.
pub(crate) trait Lightness: Sample + Default + Into<u32> {
    /// Codes of linear light from 0 to 1. `table` is the code of each step of linear light, of 8 bits.
    fn encode(linear: &Block, table: &[u8]) -> [Self; LANES];
}

impl Lightness for u8 {
    #[inline(always)]
    fn encode(linear: &Block, table: &[u8]) -> [u8; LANES] {
        let steps = each(linear, |light| (light * STEPS as f32 + ROUNDER).to_bits());
        each(&steps, |step| table[step as usize & 0xffff])
    }
}

impl Lightness for u16 {
    #[inline(always)]
    fn encode(linear: &Block, _: &[u8]) -> [u16; LANES] {
        each(linear, |light| {
            // x^(1 / 2.4) is the cube root times its own fourth root.
            let root = cube_root(light.max(0.003));
            let curve = 1.055 * root * root.sqrt().sqrt() - 0.055;
            let code = if light <= 0.003_130_8 { light * 12.92 } else { curve };
            (code * 65535.0 + ROUNDER).to_bits() as u16
        })
    }
}

/// Linear light of each code, and what else pixels of one layout need.
pub(crate) struct Tables {
    linear: Vec<f32>,
    codes: &'static [u8],
    channels: usize,
    /// Colours have three channels, greys one.
    colours: usize,
    level: Level,
}

impl Tables {
    /// For pixels of `format`, of 8 or 16 bits.
    pub(crate) fn new(format: &PixelFormat) -> Result<Self> {
        let max = format.max();
        let mut linear: Vec<f32> = zeroed(max as usize + 1)?;
        linear.iter_mut().zip(0u32..).for_each(|(light, code)| *light = to_linear(f64::from(code) / max) as f32);
        let colours = if format.space.channels() < 3 { 1 } else { 3 };
        Ok(Self { linear, codes: code_table(), channels: format.channels(), colours, level: Level::best() })
    }

    /// L* of each pixel of `row` in [`LIGHTNESS_STEPS`].
    pub(crate) fn lightness<S: Lightness>(&self, row: &[S], out: &mut [u16]) {
        lightness(self.level, self, row, out);
    }

    /// Writes `row` with other lightness: to each pixel's own is added what `curve` has for its difference to `blurred`,
    /// which is in [`LIGHTNESS_STEPS`] as [`lightness`](Self::lightness) is. The curve begins at the difference
    /// −[`LIGHTNESS_STEPS`] and is in units of 100.
    pub(crate) fn brighten<S: Lightness>(&self, row: &[S], blurred: &[u16], curve: &[f32], out: &mut [S]) {
        brighten(self.level, self, row, blurred, curve, out);
    }
}

/// `function` of each lane. The compiler makes vectors of this loop, and not always of `array::map`.
#[inline(always)]
fn each<T: Copy, U: Copy + Default>(block: &[T; LANES], function: impl Fn(T) -> U) -> [U; LANES] {
    let mut results = [U::default(); LANES];
    for lane in 0..LANES {
        results[lane] = function(block[lane]);
    }
    results
}

/// Cube root from 0.001 to 2: a guess from the exponent, and two of Halley's steps.
#[inline(always)]
fn cube_root(value: f32) -> f32 {
    let step = |root: f32| {
        let cube = root * root * root;
        root * (cube + value + value) / (cube + cube + value)
    };
    step(step(f32::from_bits(value.to_bits() / 3 + 0x2a51_37a0)))
}

/// The f of CIE 15 for a share of white.
#[inline(always)]
fn compress(share: f32) -> f32 {
    let root = cube_root(share.max(CUBE_FROM));
    if share > CUBE_FROM { root } else { 7.787 * share + CUBE_OFFSET }
}

/// The share of white for an f of CIE 15.
#[inline(always)]
fn expand(value: f32) -> f32 {
    let line = (value - CUBE_OFFSET) / 7.787;
    if value > CUBE_ROOT_FROM { value * value * value } else { line }
}

/// L* of 100 from an f of CIE 15.
#[inline(always)]
fn to_lightness(value: f32) -> f32 {
    (116.0 * value - 16.0).clamp(0.0, 100.0)
}

#[inline(always)]
fn to_steps(lightness: f32) -> u16 {
    (lightness * (LIGHTNESS_STEPS / 100.0) + ROUNDER).to_bits() as u16
}

/// Linear light of up to [`LANES`] pixels, a block for each colour.
#[inline(always)]
fn load<S: Lightness>(tables: &Tables, row: &[S]) -> [Block; 3] {
    let mut light = [[0.0; LANES]; 3];
    let value = |sample: S| tables.linear[sample.into() as usize];
    for lane in 0..LANES.min(row.len() / tables.channels) {
        let pixel = &row[lane * tables.channels..];
        if tables.colours == 3 {
            (light[0][lane], light[1][lane], light[2][lane]) = (value(pixel[0]), value(pixel[1]), value(pixel[2]));
        } else {
            (light[0][lane], light[1][lane], light[2][lane]) = (value(pixel[0]), value(pixel[0]), value(pixel[0]));
        }
    }
    light
}

/// `matrix` × `vectors`, a vector in each lane.
#[inline(always)]
fn multiply(matrix: &[[f32; 3]; 3], vectors: &[Block; 3]) -> [Block; 3] {
    let mut products = [[0.0; LANES]; 3];
    for (product, row) in products.iter_mut().zip(matrix) {
        for lane in 0..LANES {
            product[lane] = row[0] * vectors[0][lane] + row[1] * vectors[1][lane] + row[2] * vectors[2][lane];
        }
    }
    products
}

/// Shares of white of linear sRGB.
#[inline(always)]
fn to_shares() -> [[f32; 3]; 3] {
    std::array::from_fn(|row| MATRIX[row].map(|weight| (weight * 100.0 / WHITE[row]) as f32))
}

/// Linear sRGB of shares of white.
#[inline(always)]
fn from_shares() -> [[f32; 3]; 3] {
    INVERSE.map(|row| std::array::from_fn(|column| (row[column] * WHITE[column] / 100.0) as f32))
}

at_level! {
    fn lightness<S: Lightness>(tables: &Tables, row: &[S], out: &mut [u16]) {
        let luminance = to_shares()[1];
        for (pixels, out) in row.chunks(LANES * tables.channels).zip(out.chunks_mut(LANES)) {
            let light = load(tables, pixels);
            let mut shares = [0.0; LANES];
            for lane in 0..LANES {
                shares[lane] = luminance[0] * light[0][lane] + luminance[1] * light[1][lane] + luminance[2] * light[2][lane];
            }
            let steps = each(&shares, |share| to_steps(to_lightness(compress(share))));
            out.copy_from_slice(&steps[..out.len()]);
        }
    }
}

at_level! {
    fn brighten<S: Lightness>(tables: &Tables, row: &[S], blurred: &[u16], curve: &[f32], out: &mut [S]) {
        let (to_shares, from_shares) = (to_shares(), from_shares());
        let stride = LANES * tables.channels;
        for ((pixels, blurred), out) in row.chunks(stride).zip(blurred.chunks(LANES)).zip(out.chunks_mut(stride)) {
            let shares = multiply(&to_shares, &load(tables, pixels));
            let mut compressed = [each(&shares[0], compress), each(&shares[1], compress), each(&shares[2], compress)];
            let lightness = each(&compressed[1], to_lightness);
            let steps = each(&lightness, to_steps);
            let mut change = [0.0; LANES];
            for (lane, &blurred) in blurred.iter().enumerate() {
                let difference = i32::from(steps[lane]) - i32::from(blurred);
                change[lane] = curve[(difference + LIGHTNESS_STEPS as i32) as usize];
            }
            let mut moved = [0.0; LANES];
            for lane in 0..LANES {
                moved[lane] = ((lightness[lane] + change[lane]).clamp(0.0, 100.0) - lightness[lane]) / 116.0;
            }
            for block in &mut compressed {
                for lane in 0..LANES {
                    block[lane] = expand(block[lane] + moved[lane]);
                }
            }
            let [red, green, blue] = multiply(&from_shares, &compressed);
            let encode = |light: &Block| S::encode(&each(light, |light| light.clamp(0.0, 1.0)), tables.codes);
            let codes = [encode(&red), encode(&green), encode(&blue)];
            out.copy_from_slice(pixels);
            // What does not change need not go there and back.
            for lane in (0..blurred.len()).filter(|&lane| change[lane] != 0.0) {
                let out = &mut out[lane * tables.channels..];
                if tables.colours == 3 {
                    out[..3].copy_from_slice(&[codes[0][lane], codes[1][lane], codes[2][lane]]);
                } else {
                    out[0] = codes[1][lane];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        ColourSpace, Depth,
        testing::{GREY, RGB},
    };

    #[test]
    fn cube_roots_are_right() {
        for step in 1..2000 {
            let value = step as f32 / 1000.0;
            assert!((cube_root(value) / value.cbrt() - 1.0).abs() < 1e-6, "{value}");
        }
    }

    #[test]
    fn lightness_runs_from_black_to_white() {
        let tables = Tables::new(&GREY).unwrap();
        let mut out = [0; 4];
        tables.lightness(&[0u8, 119, 254, 255], &mut out);
        assert_eq!((out[0], out[3]), (0, 32767));
        // Middle grey is L* 50.03.
        assert!(out[1].abs_diff(16394) < 10, "{out:?}");
        let tables = Tables::new(&RGB).unwrap();
        tables.lightness(&[255u8, 0, 0], &mut out[..1]);
        // L* of the red primary is 53.24.
        assert!(out[0].abs_diff(17445) < 10, "{out:?}");
    }

    /// A curve that adds so little that the code stays the same sends all colours there and back.
    #[test]
    fn colours_come_back_at_every_level() {
        let curve = vec![1e-6; 65535];
        for level in [Level::Scalar, Level::detect()] {
            let tables = Tables { level, ..Tables::new(&RGB).unwrap() };
            let row: Vec<u8> =
                (0..32u32.pow(3)).flat_map(|at| [at % 32, at / 32 % 32, at / 1024]).map(|c| (c * 8) as u8).collect();
            let mut blurred = vec![0; row.len() / 3];
            tables.lightness(&row, &mut blurred);
            let mut out = vec![0; row.len()];
            tables.brighten(&row, &blurred, &curve, &mut out);
            assert!(row.iter().zip(&out).all(|(&from, &to)| from.abs_diff(to) <= 1));
            let words = PixelFormat::new(ColourSpace::Rgb16, Depth::U16, false);
            let tables = Tables { level, ..Tables::new(&words).unwrap() };
            let row: Vec<u16> = row.iter().map(|&code| u16::from(code) * 257).collect();
            tables.lightness(&row, &mut blurred);
            let mut out = vec![0; row.len()];
            tables.brighten(&row, &blurred, &curve, &mut out);
            assert!(row.iter().zip(&out).all(|(&from, &to)| from.abs_diff(to) <= 120));
        }
    }
}
