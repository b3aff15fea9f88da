//! Colour spaces that are reached by way of linear light: CIE XYZ, Lab and their relatives, Oklab, grey of 16 bits.
//!
//! Sources: IEC 61966-2-1 (sRGB), CIE 15 (XYZ, Lab, xy), M. R. Luo and B. Rigg, "Uniform colour space based on the CMC(l:c)
//! colour-difference formula", 1986, B. Ottosson, "A perceptual color space for image processing", 2020.

use super::{
    lab::curve::{Adjustment, f, f_inverse},
    transfer::{STEPS, from_linear, node_code_table, to_linear},
    xyz::{FROM_XYZ, MATRIX, WHITE},
};
use crate::{
    error::Result,
    image::{
        ColourSpace, Depth, PixelFormat, Row, RowMut, Rows, depth_mismatch,
        map::{edit_rows, map_rows},
    },
};

/// Weights of linear red, green and blue in luminance. Source: ITU-R BT.709.
const LUMINANCE: [f64; 3] = [0.2126, 0.7152, 0.0722];

/// Steps of L*, a* and b* in [`ColourSpace::Labs`].
const LABS_STEPS: [f64; 3] = [327.67, 256.0, 256.0];

/// Oklab's cone responses of XYZ, and its coordinates of their cube roots.
const OKLAB_CONES: [[f64; 3]; 3] = [
    [0.8189330101, 0.3618667424, -0.1288597137],
    [0.0329845436, 0.9293118715, 0.0361456387],
    [0.0482003018, 0.2643662691, 0.6338517070],
];
const OKLAB: [[f64; 3]; 3] = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
];

const FROM_OKLAB: [[f64; 3]; 3] = inverse(&OKLAB);
const FROM_OKLAB_CONES: [[f64; 3]; 3] = inverse(&OKLAB_CONES);

/// `source` in another space by way of linear light. Alpha keeps its share of the full scale.
pub(super) fn convert(source: Rows<'_>, space: ColourSpace) -> Result<Rows<'_>> {
    let spec = source.spec();
    let from = spec.format;
    let to = PixelFormat::new(space, space.depth(), from.alpha);
    let read = Reader::new(from);
    let write = Writer::new(to);
    let alpha_scale = to.max() / from.max();
    map_rows(source, spec.with_format(to), move |row, mut out| {
        let pixels = row.count() / from.channels();
        for at in 0..pixels {
            let start = at * from.channels();
            let light = read.light(&row, start);
            let values = write.values(light);
            let target = at * to.channels();
            let colours = space.channels();
            for (channel, &value) in values[..colours].iter().enumerate() {
                out.set(target + channel, value);
            }
            if from.alpha {
                let alpha = row.get(start + from.space.channels());
                out.set(target + colours, alpha * alpha_scale);
            }
        }
        Ok(())
    })
}

/// Linear light with its lightness, chroma and hue adjusted; alpha stays.
pub(super) fn adjust(source: Rows<'_>, adjustment: Adjustment) -> Result<Rows<'_>> {
    let channels = source.spec().format.channels();
    edit_rows(source, move |row| {
        let RowMut::F32(row) = row else { return Err(depth_mismatch()) };
        for pixel in row.chunks_exact_mut(channels) {
            let [lightness, chroma, hue] = values(ColourSpace::Lch, [0, 1, 2].map(|at| f64::from(pixel[at])));
            let Adjustment { gain, offset, chroma: factor, hue: turn } = adjustment;
            let adjusted = [lightness * gain + offset, chroma * factor, hue + turn];
            for (sample, light) in pixel.iter_mut().zip(light(ColourSpace::Lch, adjusted)) {
                *sample = light as f32;
            }
        }
        Ok(())
    })
}

/// Linear light of an image's pixels.
struct Reader {
    format: PixelFormat,
    /// For each code of an integer image with the curve of sRGB.
    linear: Vec<f32>,
}

impl Reader {
    fn new(format: PixelFormat) -> Self {
        let codes = match format.depth {
            Depth::U8 => 256,
            Depth::U16 => 65536,
            Depth::F32 => 0,
        };
        let max = f64::from(codes.max(2) - 1);
        let linear = (0..codes).map(|code| to_linear(f64::from(code) / max) as f32).collect();
        Self { format, linear }
    }

    fn light(&self, row: &Row<'_>, start: usize) -> [f64; 3] {
        let code = |channel: usize| match row {
            Row::U8(samples) => f64::from(self.linear[samples[start + channel] as usize]),
            Row::U16(samples) => f64::from(self.linear[samples[start + channel] as usize]),
            Row::F32(samples) => f64::from(samples[start + channel]),
        };
        if self.format.space.is_grey() {
            return [code(0); 3];
        }
        let values = [code(0), code(1), code(2)];
        if self.format.depth == Depth::F32 { light(self.format.space, values) } else { values }
    }
}

/// Values of linear light in an image's space.
struct Writer {
    space: ColourSpace,
}

impl Writer {
    const fn new(format: PixelFormat) -> Self {
        Self { space: format.space }
    }

    fn values(&self, light: [f64; 3]) -> [f64; 3] {
        let byte = |light: f64| {
            let step = (light.clamp(0.0, 1.0) * f64::from(STEPS)).round();
            f64::from(node_code_table()[step as usize])
        };
        let word = |light: f64| (from_linear(light.clamp(0.0, 1.0)) * 65535.0).round();
        match self.space {
            ColourSpace::Srgb => light.map(byte),
            ColourSpace::Rgb16 => light.map(word),
            ColourSpace::Grey => [byte(dot(LUMINANCE, light)); 3],
            ColourSpace::Grey16 => [word(dot(LUMINANCE, light)); 3],
            space => values(space, light),
        }
    }
}

fn dot(weights: [f64; 3], values: [f64; 3]) -> f64 {
    weights.iter().zip(values).map(|(weight, value)| weight * value).sum()
}

fn product(matrix: &[[f64; 3]; 3], values: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| dot(row, values))
}

/// Coordinates in a space of floating point, of linear light.
pub(super) fn values(space: ColourSpace, light: [f64; 3]) -> [f64; 3] {
    if space == ColourSpace::ScRgb {
        return light;
    }
    let xyz = product(&MATRIX, light).map(|value| value * 100.0);
    match space {
        ColourSpace::Yxy => {
            let total: f64 = xyz.iter().sum();
            if total == 0.0 { [xyz[1], 0.0, 0.0] } else { [xyz[1], xyz[0] / total, xyz[1] / total] }
        }
        ColourSpace::Lab => lab(xyz),
        ColourSpace::Labs => {
            let lab = lab(xyz);
            std::array::from_fn(|at| (lab[at] * LABS_STEPS[at]).clamp(-32768.0, 32767.0).trunc())
        }
        ColourSpace::Lch => polar(lab(xyz)),
        ColourSpace::Cmc => cmc(polar(lab(xyz))),
        ColourSpace::Oklab => oklab(xyz),
        ColourSpace::Oklch => polar(oklab(xyz)),
        _ => xyz,
    }
}

/// Linear light of coordinates in a space of floating point.
pub(super) fn light(space: ColourSpace, values: [f64; 3]) -> [f64; 3] {
    let xyz = match space {
        ColourSpace::ScRgb => return values,
        ColourSpace::Yxy => {
            let [luminance, x, y] = values;
            if y == 0.0 { [0.0; 3] } else { [x * luminance / y, luminance, (1.0 - x - y) * luminance / y] }
        }
        ColourSpace::Lab => from_lab(values),
        ColourSpace::Labs => from_lab(std::array::from_fn(|at| values[at] / LABS_STEPS[at])),
        ColourSpace::Lch => from_lab(cartesian(values)),
        ColourSpace::Cmc => from_lab(cartesian(from_cmc(values))),
        ColourSpace::Oklab => from_oklab(values),
        ColourSpace::Oklch => from_oklab(cartesian(values)),
        _ => values,
    };
    product(&FROM_XYZ, xyz.map(|value| value / 100.0))
}

fn lab(xyz: [f64; 3]) -> [f64; 3] {
    let [x, y, z] = std::array::from_fn(|at| f(xyz[at] / WHITE[at]));
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn from_lab(lab: [f64; 3]) -> [f64; 3] {
    let y = (lab[0] + 16.0) / 116.0;
    let t = [y + lab[1] / 500.0, y, y - lab[2] / 200.0];
    std::array::from_fn(|at| f_inverse(t[at]) * WHITE[at])
}

/// Chroma and hue in degrees, 0 to 360, of two coordinates.
fn polar([lightness, a, b]: [f64; 3]) -> [f64; 3] {
    [lightness, a.hypot(b), b.atan2(a).to_degrees().rem_euclid(360.0)]
}

fn cartesian([lightness, chroma, hue]: [f64; 3]) -> [f64; 3] {
    let (sin, cos) = hue.to_radians().sin_cos();
    [lightness, chroma * cos, chroma * sin]
}

fn oklab(xyz: [f64; 3]) -> [f64; 3] {
    product(&OKLAB, product(&OKLAB_CONES, xyz.map(|value| value / 100.0)).map(f64::cbrt))
}

fn from_oklab(values: [f64; 3]) -> [f64; 3] {
    let cones = product(&FROM_OKLAB, values).map(|root| root.powi(3));
    product(&FROM_OKLAB_CONES, cones).map(|value| value * 100.0)
}

/// The inverse of a matrix that has one.
const fn inverse(m: &[[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let mut adjugate = [[0.0; 3]; 3];
    let mut at = 0;
    while at < 9 {
        let (row, column) = (at / 3, at % 3);
        let (r, s, c, d) = ((row + 1) % 3, (row + 2) % 3, (column + 1) % 3, (column + 2) % 3);
        adjugate[column][row] = m[r][c] * m[s][d] - m[r][d] * m[s][c];
        at += 1;
    }
    let determinant = m[0][0] * adjugate[0][0] + m[0][1] * adjugate[1][0] + m[0][2] * adjugate[2][0];
    let mut at = 0;
    while at < 9 {
        adjugate[at / 3][at % 3] /= determinant;
        at += 1;
    }
    adjugate
}

/// CMC's scaled lightness of an L*.
fn cmc_lightness(lightness: f64) -> f64 {
    if lightness < 16.0 { 1.744 * lightness } else { 21.75 * lightness.ln() + 0.3838 * lightness - 38.54 }
}

/// CMC's scaled chroma.
fn cmc_chroma(chroma: f64) -> f64 {
    (0.162 * chroma + 10.92 * (0.638 + 0.07216 * chroma).ln() + 4.907).max(0.0)
}

/// CMC's scaled hue, degrees.
fn cmc_hue(chroma: f64, hue: f64) -> f64 {
    let [k4, k5, k6, k7, k8] = match hue {
        hue if hue < 49.1 => [133.87, -134.5, -0.924, 1.727, 340.0],
        hue if hue < 110.1 => [11.78, -12.7, -0.218, 2.12, 333.0],
        hue if hue < 269.6 => [13.87, 10.93, 0.14, 1.0, -83.0],
        _ => [0.14, 5.23, 0.17, 1.61, 233.0],
    };
    let cos = (k7 * hue + k8).to_radians().cos();
    let fourth = chroma.powi(4);
    hue + (k4 + k5 * cos * cos.abs().powf(k6)) * (fourth / (fourth + 1900.0)).sqrt()
}

fn cmc([lightness, chroma, hue]: [f64; 3]) -> [f64; 3] {
    [cmc_lightness(lightness), cmc_chroma(chroma), cmc_hue(chroma, hue)]
}

fn from_cmc([lightness, chroma, hue]: [f64; 3]) -> [f64; 3] {
    let chroma = rising(cmc_chroma, chroma, 0.0, 512.0);
    let lightness = rising(cmc_lightness, lightness, -512.0, 512.0);
    [lightness, chroma, rising(|hue| cmc_hue(chroma, hue), hue, 0.0, 360.0)]
}

/// Where a function that rises from `low` to `high` has a value, by halving.
fn rising(function: impl Fn(f64) -> f64, value: f64, mut low: f64, mut high: f64) -> f64 {
    for _ in 0..32 {
        let middle = (low + high) / 2.0;
        if function(middle) < value { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the colour 200, 30, 90, as libvips 8.18 has it.
    #[test]
    fn coordinates_are_those_of_libvips() {
        let colour = [200.0, 30.0, 90.0].map(|code: f64| to_linear(code / 255.0));
        for (space, wanted) in [
            (ColourSpace::ScRgb, [0.577581, 0.012983, 0.102242]),
            (ColourSpace::Xyz, [26.1292, 13.9461, 10.9876]),
            (ColourSpace::Yxy, [13.9461, 0.511706, 0.273116]),
            (ColourSpace::Lab, [44.1555, 65.8205, 10.6033]),
            (ColourSpace::Labs, [14468.0, 16850.0, 2714.0]),
            (ColourSpace::Lch, [44.1555, 66.6691, 9.15139]),
            (ColourSpace::Cmc, [60.7898, 34.2212, 8.54885]),
            (ColourSpace::Oklab, [0.544851, 0.200644, 0.0270073]),
            (ColourSpace::Oklch, [0.544851, 0.202454, 7.6661]),
        ] {
            let ours = values(space, colour);
            let near = ours.iter().zip(wanted).all(|(ours, wanted)| (ours - wanted).abs() <= wanted.abs() * 1e-3);
            assert!(near, "{space:?}: {ours:?} is not {wanted:?}");
        }
    }

    #[test]
    fn every_space_leads_back() {
        for space in [
            ColourSpace::ScRgb,
            ColourSpace::Xyz,
            ColourSpace::Yxy,
            ColourSpace::Lab,
            ColourSpace::Lch,
            ColourSpace::Cmc,
            ColourSpace::Oklab,
            ColourSpace::Oklch,
        ] {
            for colour in [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.5, 0.01, 0.1], [0.003, 0.6, 0.7], [0.0, 0.0, 1.0]] {
                let back = light(space, values(space, colour));
                let near = back.iter().zip(colour).all(|(back, value)| (back - value).abs() < 2e-3);
                assert!(near, "{space:?}: {colour:?} came back as {back:?}");
            }
        }
    }
}
