//! CIE Lab, white D65, and changes of lightness, chroma and hue in it. Sources: CIE 15, IEC 61966-2-1.

pub(super) mod curve;
mod kernel;

use std::sync::OnceLock;

pub use curve::Adjustment;
pub(super) use curve::{f, f_inverse};

use self::kernel::{Kernel, to_step};
use super::{
    spaces,
    transfer::{CODES, STEPS, code_table, from_linear, to_linear},
    xyz::{FROM_XYZ, MATRIX, WHITE},
};
use crate::{
    error::Result,
    image::{ColourSpace, Row, RowMut, Rows, depth_mismatch, lookup, map::map_rows},
    simd::Level,
};

/// `L*`, 0 to 100, of a luminance, 0 to 1.
pub(crate) fn lightness(luminance: f64) -> f64 {
    116.0 * f(luminance) - 16.0
}

/// Luminance, 0 to 1, of an `L*`, 0 to 100.
pub(crate) fn luminance(lightness: f64) -> f64 {
    f_inverse((lightness + 16.0) / 116.0)
}

/// L*, a*, b* of an sRGB colour, 0 to 255.
pub(crate) fn from_srgb(colour: [f64; 3]) -> [f64; 3] {
    let linear = colour.map(|value| to_linear(value / 255.0) * 100.0);
    let xyz = MATRIX.map(|row| row.iter().zip(linear).map(|(weight, light)| weight * light).sum::<f64>());
    let [x, y, z] = [f(xyz[0] / WHITE[0]), f(xyz[1] / WHITE[1]), f(xyz[2] / WHITE[2])];
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// The nearest 8-bit sRGB colour to L*, a*, b*; what is out of gamut is clipped.
pub(crate) fn to_srgb(lab: [f64; 3]) -> [u8; 3] {
    let y = (lab[0] + 16.0) / 116.0;
    let [x, y, z] = [y + lab[1] / 500.0, y, y - lab[2] / 200.0].map(f_inverse);
    let xyz = [x * WHITE[0] / 100.0, y * WHITE[1] / 100.0, z * WHITE[2] / 100.0];
    let codes = code_table();
    FROM_XYZ.map(|row| {
        let light: f64 = row.iter().zip(xyz).map(|(weight, value)| weight * value).sum();
        codes[(light.clamp(0.0, 1.0) * f64::from(STEPS)).round() as usize]
    })
}

/// `source`, grey or colour, adjusted; alpha stays.
pub(crate) fn adjust(source: Rows<'_>, adjustment: Adjustment) -> Result<Rows<'_>> {
    adjust_at(source, adjustment, Level::best())
}

fn adjust_at(source: Rows<'_>, adjustment: Adjustment, level: Level) -> Result<Rows<'_>> {
    let spec = source.spec();
    let alpha = spec.format.alpha;
    let kernel = Kernel::new(adjustment);
    match spec.format.space {
        ColourSpace::Grey | ColourSpace::Grey16 => adjust_grey(source, adjustment),
        ColourSpace::Srgb => map_rows(source, spec, move |from, to| {
            let (Row::U8(from), RowMut::U8(to)) = (from, to) else { return Err(depth_mismatch()) };
            kernel.bytes(level, from, to, alpha);
            Ok(())
        }),
        ColourSpace::Rgb16 => map_rows(source, spec, move |from, to| {
            let (Row::U16(from), RowMut::U16(to)) = (from, to) else { return Err(depth_mismatch()) };
            kernel.words(level, from, to, alpha);
            Ok(())
        }),
        ColourSpace::ScRgb => spaces::adjust(source, adjustment),
        _ => Err(depth_mismatch()),
    }
}

/// Grey has no chroma and no hue: a curve does it.
fn adjust_grey(source: Rows<'_>, Adjustment { gain, offset, .. }: Adjustment) -> Result<Rows<'_>> {
    let max = source.spec().format.max();
    lookup::colours(source, move |value| {
        let light = luminance(gain * lightness(to_linear(value / max)) + offset);
        from_linear(light.clamp(0.0, 1.0)) * max + 0.5
    })
}

/// Linear light, 0 to 1, of each 8-bit code.
fn byte_table() -> &'static [f32; 256] {
    static TABLE: OnceLock<[f32; 256]> = OnceLock::new();
    TABLE.get_or_init(|| std::array::from_fn(|code| to_linear(code as f64 / 255.0) as f32))
}

/// Linear light, 0 to 1, of each 16-bit code.
fn word_table() -> &'static [f32; CODES] {
    static TABLE: OnceLock<Box<[f32; CODES]>> = OnceLock::new();
    TABLE.get_or_init(|| Box::new(std::array::from_fn(|code| to_linear(code as f64 / 65535.0) as f32)))
}

/// Luminance of a 16-bit sRGB colour in steps of 1/65535.
pub(crate) fn light_of_words(colour: [u16; 3]) -> u16 {
    let table = word_table();
    let light = colour.map(|code| table[code as usize]);
    let [red, green, blue] = MATRIX[1].map(|weight| weight as f32);
    to_step(red * light[0] + green * light[1] + blue * light[2])
}

/// The 16-bit code of each step of linear light.
fn word_codes() -> &'static [u16; CODES] {
    static TABLE: OnceLock<Box<[u16; CODES]>> = OnceLock::new();
    let code = |step: usize| (from_linear(step as f64 / 65535.0) * 65535.0).round() as u16;
    TABLE.get_or_init(|| Box::new(std::array::from_fn(code)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        Depth, Image, PixelFormat, Samples, Spec,
        testing::{RGB, RGBA, grey, image, samples},
    };

    const SAME: Adjustment = Adjustment { gain: 1.0, offset: 0.0, chroma: 1.0, hue: 0.0 };

    /// Colours all over the cube.
    fn colours() -> Vec<u8> {
        const VALUES: [u8; 11] = [0, 1, 2, 5, 17, 51, 102, 128, 200, 254, 255];
        let triple = |at: usize| [VALUES[at / 121], VALUES[at / 11 % 11], VALUES[at % 11]];
        (0..11 * 11 * 11).flat_map(triple).collect()
    }

    /// The definition, without shortcuts.
    fn exact(pixel: &[u8], Adjustment { gain, offset, chroma, hue }: Adjustment) -> [u8; 3] {
        let [l, a, b] = from_srgb([pixel[0], pixel[1], pixel[2]].map(f64::from));
        let (c, h) = (a.hypot(b) * chroma, b.atan2(a) + hue.to_radians());
        to_srgb([l * gain + offset, c * h.cos(), c * h.sin()])
    }

    #[test]
    fn known_colours() {
        let [l, a, b] = from_srgb([255.0, 0.0, 0.0]);
        assert!((l - 53.24).abs() < 0.05 && (a - 80.09).abs() < 0.05 && (b - 67.20).abs() < 0.05, "{l} {a} {b}");
        assert_eq!(to_srgb(from_srgb([12.0, 200.0, 99.0])), [12, 200, 99]);
        assert!((lightness(luminance(50.0)) - 50.0).abs() < 1e-9);
        assert!((lightness(1.0) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn the_fast_way_agrees_with_the_definition() {
        let values = colours();
        let width = (values.len() / 3) as u32;
        for (adjustment, level) in [
            (SAME, Level::Scalar),
            (Adjustment { gain: 1.3, ..SAME }, Level::detect()),
            (Adjustment { gain: 0.4, offset: 20.0, chroma: 0.5, hue: 90.0 }, Level::detect()),
            (Adjustment { gain: 1.0, offset: -30.0, chroma: 2.0, hue: -45.0 }, Level::Scalar),
        ] {
            let source = image(width, 1, RGB, values.clone());
            let adjusted = samples(adjust_at(Box::new(source.into_rows()), adjustment, level).unwrap());
            for (ours, pixel) in adjusted.chunks_exact(3).zip(values.chunks_exact(3)) {
                let exact = exact(pixel, adjustment);
                let near = ours.iter().zip(exact).all(|(a, b)| a.abs_diff(b) <= 1);
                assert!(near, "{adjustment:?} of {pixel:?}: {ours:?}, exactly {exact:?}");
            }
        }
    }

    #[test]
    fn every_level_gives_the_same() {
        let values = colours();
        let adjustment = Adjustment { gain: 0.9, offset: 5.0, chroma: 1.5, hue: 33.0 };
        let run = |level| {
            let source = image((values.len() / 3) as u32, 1, RGB, values.clone());
            samples(adjust_at(Box::new(source.into_rows()), adjustment, level).unwrap())
        };
        assert_eq!(run(Level::Scalar), run(Level::detect()));
    }

    #[test]
    fn alpha_stays() {
        let source = image(1, 1, RGBA, vec![9, 90, 200, 77]);
        let adjusted = samples(adjust(Box::new(source.into_rows()), Adjustment { gain: 0.0, ..SAME }).unwrap());
        assert_eq!(adjusted[3], 77);
    }

    #[test]
    fn grey_stays_one_channel() {
        let values: Vec<u8> = (0..=255).collect();
        assert_eq!(samples(adjust(grey(256, 1, values.clone()), Adjustment { hue: 70.0, ..SAME }).unwrap()), values);
        let half = Adjustment { gain: 0.5, ..SAME };
        assert_eq!(samples(adjust(grey(2, 1, vec![0, 255]), half).unwrap()), [0, 119]);
    }

    #[test]
    fn sixteen_bits_have_more_steps() {
        let format = PixelFormat::new(ColourSpace::Rgb16, Depth::U16, true);
        let values = vec![0, 1000, 65535, 3, 30000, 30100, 30200, 4];
        let source = Image::from_samples(Spec::new(2, 1, format), Samples::U16(values.clone())).unwrap();
        let mut rows = adjust(Box::new(source.into_rows()), SAME).unwrap();
        let same = Image::collect(rows.as_mut()).unwrap();
        let same = same.as_slice::<u16>().unwrap();
        // Black is the least exact: a step of linear light is 13 codes there.
        assert!(same.iter().zip(&values).all(|(a, b)| a.abs_diff(*b) <= 26), "{same:?}");
    }

    #[test]
    fn numbers_without_bounds_do_no_harm() {
        for gain in [f64::NAN, f64::INFINITY, f64::MAX, -1e300] {
            let adjustment = Adjustment { gain, offset: gain, chroma: gain, hue: gain };
            let source = image(1, 1, RGB, vec![9, 90, 200]);
            assert_eq!(samples(adjust(Box::new(source.into_rows()), adjustment).unwrap()).len(), 3);
        }
    }

    #[test]
    fn light_is_adjusted_beyond_white() {
        let format = PixelFormat::new(ColourSpace::ScRgb, Depth::F32, true);
        let spec = crate::image::Spec::new(1, 1, format);
        let lit = crate::image::Samples::F32(vec![4.0, 4.0, 4.0, 0.5]);
        let lit = crate::image::Image::from_samples(spec, lit).unwrap();
        let twice = Adjustment { gain: 2.0, offset: 0.0, chroma: 1.0, hue: 0.0 };
        let out = adjust(Box::new(lit.into_rows()), twice).unwrap();
        let out = crate::image::Image::collect(&mut *{ out }).unwrap();
        let [red, green, blue, alpha] = out.as_slice::<f32>().unwrap()[..] else { panic!("one pixel") };
        // L* of 4 is 168.1; that of 28 is twice as much.
        assert!(
            (red - 28.0).abs() < 0.5 && (red - green).abs() < 0.1 && (red - blue).abs() < 0.1,
            "{red} {green} {blue}"
        );
        assert_eq!(alpha, 0.5);
    }
}
