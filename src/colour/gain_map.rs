//! Between images with a gain map and linear light.
//!
//! Sources: ISO 21496-1:2025, application of a gain map; E. Reinhard et al., "Photographic Tone Reproduction for Digital
//! Images", 2002, equation 4; ITU-R BT.2100 and BT.2408 for the light of displays.

use super::{
    icc::Light,
    transfer::{STEPS, code_table, to_linear},
};
use crate::{
    error::{Error, Result},
    image::{
        ColourSpace, Depth, PixelFormat, Row, RowMut, RowSource, Rows, Samples, Spec, depth_mismatch, map::map_rows,
    },
    meta::gain_map::{GainChannel, GainMapInfo},
    options::Kernel,
    resample::{self, Resize},
};

/// Steps of a map's value between two of its codes, at which gains are looked up.
const FINE: usize = 16;

/// The linear light of `source`, which is 8-bit sRGB or grey, at its full brightness: with all of the gain of `map`, 8-bit RGB
/// or grey of any size. `light` is what the codes of `source` mean when they are not those of sRGB.
pub(crate) fn apply<'a>(
    source: Rows<'a>,
    map: Rows<'a>,
    info: &GainMapInfo,
    light: Option<&Light>,
) -> Result<Rows<'a>> {
    let spec = source.spec();
    let map = enlarge(map, &spec)?;
    let curves = match light {
        Some(light) => light.curves.each_ref().map(|curve| curve.to_vec()),
        None => std::array::from_fn(|_| (0..256).map(|code| to_linear(f64::from(code) / 255.0) as f32).collect()),
    };
    let base = [0, 1, 2].map(|at: usize| {
        let offset = info.channels[at].base_offset as f32;
        curves[at].iter().map(|light| light + offset).collect()
    });
    Ok(Box::new(Brightened {
        spec: spec.with_format(PixelFormat::new(ColourSpace::ScRgb, Depth::F32, false)),
        codes: Samples::row_of(&spec)?,
        gains: Samples::row_of(&map.spec())?,
        channels: [spec.format.channels(), map.spec().format.channels()],
        source,
        map,
        base,
        factors: info.channels.map(|channel| factors(&channel)),
        offsets: info.channels.map(|channel| channel.alternate_offset as f32),
        matrix: light.map(|light| light.matrix.map(|row| row.map(|weight| weight as f32))),
    }))
}

/// A gain map in floating point, at the size of the image.
fn enlarge<'a>(map: Rows<'a>, picture: &Spec) -> Result<Rows<'a>> {
    let spec = map.spec();
    let fine = spec.with_format(PixelFormat { depth: Depth::F32, ..spec.format });
    let map = map_rows(map, fine, |from, to| {
        let (Row::U8(from), RowMut::F32(to)) = (from, to) else { return Err(depth_mismatch()) };
        to.iter_mut().zip(from).for_each(|(to, &from)| *to = from.into());
        Ok(())
    })?;
    let shrink = |from: u32, to: u32| f64::from(from) / f64::from(to);
    let (hshrink, vshrink) = (shrink(spec.width, picture.width), shrink(spec.height, picture.height));
    let map = resample::resize(map, &Resize::new(hshrink, vshrink, Kernel::Linear))?;
    if (map.spec().width, map.spec().height) == (picture.width, picture.height) {
        Ok(map)
    } else {
        Err(Error::Internal("a gain map of another size than its picture".to_owned()))
    }
}

/// The gain of each step of the map, as a factor of light.
fn factors(channel: &GainChannel) -> Vec<f32> {
    (0..=255 * FINE).map(|step| channel.stops(step as f64 / (255 * FINE) as f64).exp2() as f32).collect()
}

struct Brightened<'a> {
    source: Rows<'a>,
    map: Rows<'a>,
    spec: Spec,
    codes: Samples,
    gains: Samples,
    /// Of the source and of the map.
    channels: [usize; 2],
    /// Light of each code, with the offset.
    base: [Vec<f32>; 3],
    factors: [Vec<f32>; 3],
    offsets: [f32; 3],
    /// To the primaries of sRGB.
    matrix: Option<[[f32; 3]; 3]>,
}

impl RowSource for Brightened<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        self.source.next_row(self.codes.all_mut())?;
        self.map.next_row(self.gains.all_mut())?;
        let (Row::U8(codes), Row::F32(gains), RowMut::F32(row)) = (self.codes.all(), self.gains.all(), row) else {
            return Err(depth_mismatch());
        };
        let (pixels, _) = row.as_chunks_mut::<3>();
        let sources = codes.chunks_exact(self.channels[0]).zip(gains.chunks_exact(self.channels[1]));
        for (pixel, (codes, gains)) in pixels.iter_mut().zip(sources) {
            let light = [0, 1, 2].map(|at: usize| {
                let code = codes[at.min(codes.len() - 1)];
                let step = (gains[at.min(gains.len() - 1)] * FINE as f32 + 0.5) as usize;
                let factor = self.factors[at][step.min(255 * FINE)];
                self.base[at][code as usize] * factor - self.offsets[at]
            });
            *pixel = match &self.matrix {
                Some(matrix) => product(matrix, light),
                None => light,
            };
        }
        Ok(())
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.source.skip_rows(count)?;
        self.map.skip_rows(count)
    }
}

fn product(matrix: &[[f32; 3]; 3], [red, green, blue]: [f32; 3]) -> [f32; 3] {
    matrix.map(|[r, g, b]| r * red + g * green + b * blue)
}

/// Light of the brightest display, as a factor of the white of an image without a gain map: 10 000 candelas per square metre
/// over 203.
const HEADROOM: f32 = 10_000.0 / 203.0;

/// Linear sRGB to linear light of Display P3, by rows. Source: the chromaticities of IEC 61966-2-1 and SMPTE EG 432-1.
const TO_P3: [[f32; 3]; 3] =
    [[0.822_462, 0.177_538, 0.0], [0.033_194, 0.966_806, 0.0], [0.017_083, 0.072_397, 0.910_52]];

/// How the maps are to be understood that [`tone_map`] and [`gain_code`] lead to.
pub(crate) fn made_info() -> GainMapInfo {
    let stops = f64::from(HEADROOM).log2();
    // No writer of sharp's has more digits, and readers compare.
    let stops = (stops * f64::from(1 << 20)).round() / f64::from(1 << 20);
    let channel = GainChannel { min: 0.0, max: stops, gamma: 1.0, base_offset: 0.0, alternate_offset: 0.0 };
    GainMapInfo { channels: [channel; 3], base_headroom: 0.0, alternate_headroom: stops, in_base_space: true }
}

/// The brightest channel of a pixel, or of several together, before and after it was darkened.
#[derive(Debug, Clone, Copy, Default, PartialEq, bytemuck::Zeroable)]
pub(crate) struct Darkened {
    pub before: f32,
    pub after: f32,
}

/// A row of linear sRGB as it is shown where nothing is brighter than white: 8-bit Display P3 into `codes`, and how much each
/// pixel is darkened into `darkened`.
///
/// The brightest of its channels says how much that is, so that its hue stays.
pub(crate) fn tone_map(light: &[f32], codes: &mut [u8], darkened: &mut [Darkened]) {
    let table = code_table();
    let (light, _) = light.as_chunks::<3>();
    let (codes, _) = codes.as_chunks_mut::<3>();
    for ((&light, codes), darkened) in light.iter().zip(codes).zip(darkened) {
        // What is no number is dark.
        let before = light.into_iter().fold(0.0, f32::max).min(HEADROOM * HEADROOM);
        let share = (1.0 + before / (HEADROOM * HEADROOM)) / (1.0 + before);
        *darkened = Darkened { before, after: before * share };
        let step = |light: f32| ((light * share).clamp(0.0, 1.0) * STEPS as f32).round() as usize;
        *codes = product(&TO_P3, light).map(|light| table[step(light)]);
    }
}

/// The code of a gain map that gives pixels all of their light back. Where there is none it is no gain.
pub(crate) fn gain_code(Darkened { before, after }: Darkened) -> u8 {
    // A cast makes 0 of what is not a number.
    ((before / after).log2() / HEADROOM.log2() * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        image::{
            Image,
            testing::{RGB, grey, image},
        },
        meta::gain_map::testing::two_stops,
    };

    fn light(rows: Rows<'_>) -> Vec<f32> {
        Image::collect(&mut *{ rows }).unwrap().as_slice::<f32>().unwrap().to_vec()
    }

    #[test]
    fn the_formula_of_the_standard() {
        let base = image(1, 1, RGB, vec![255, 128, 0]);
        let lit = light(apply(Box::new(base.into_rows()), grey(1, 1, vec![255]), &two_stops(), None).unwrap());
        let expected = [1.0, 0.215_860_5, 0.0].map(|light| (light + 0.015_625) * 4.0 - 0.015_625);
        assert!(lit.iter().zip(expected).all(|(lit, expected)| (lit - expected).abs() < 1e-4), "{lit:?}");
    }

    #[test]
    fn channels_have_gains_of_their_own() {
        let mut info = two_stops();
        info.channels[2].max = 0.0;
        let map = image(1, 1, RGB, vec![255, 0, 255]);
        let lit = light(apply(grey(1, 1, vec![255]), Box::new(map.into_rows()), &info, None).unwrap());
        assert!((lit[0] - 4.047).abs() < 1e-3 && (lit[1] - 1.0).abs() < 1e-4 && (lit[2] - 1.0).abs() < 1e-4, "{lit:?}");
    }

    #[test]
    fn a_map_of_any_size_fits() {
        for (width, height) in [(1, 1), (3, 2), (4, 4), (9, 5)] {
            let map = grey(width, height, vec![255; (width * height) as usize]);
            let lit = light(apply(grey(4, 4, vec![255; 16]), map, &two_stops(), None).unwrap());
            assert!(lit.len() == 48 && lit.iter().all(|lit| (lit - 4.047).abs() < 1e-3), "{width}x{height}");
        }
    }

    #[test]
    fn tone_mapping_is_undone_by_its_gain() {
        for value in [0.0f32, 0.01, 0.2, 1.0, 3.0, 17.0, 49.0] {
            let (mut codes, mut darkened) = ([0; 3], [Darkened::default()]);
            tone_map(&[value; 3], &mut codes, &mut darkened);
            assert!(codes[0] == codes[1] && codes[1] == codes[2], "grey stays grey");
            let stops = made_info().channels[0].stops(f64::from(gain_code(darkened[0])) / 255.0);
            let back = to_linear(f64::from(codes[0]) / 255.0) * stops.exp2();
            assert!((back - f64::from(value)).abs() <= 0.03 * f64::from(value) + 0.002, "{value} came back as {back}");
        }
    }

    #[test]
    fn light_that_is_none_does_no_harm() {
        let mut codes = [9; 9];
        let mut darkened = [Darkened::default(); 3];
        let light = [f32::NAN, -1.0, f32::NEG_INFINITY, f32::INFINITY, 0.0, 0.0, 1e30, 1e30, 1e30];
        tone_map(&light, &mut codes, &mut darkened);
        assert!(darkened.iter().all(|pixel| pixel.after <= pixel.before && pixel.before.is_finite()), "{darkened:?}");
        assert_eq!(codes[6..], [255; 3]);
        let code = |before, after| gain_code(Darkened { before, after });
        assert_eq!([code(1.0, 1.0), code(HEADROOM, 1.0), code(1.0, 1e-9), code(0.0, 0.0)], [0, 255, 255, 0]);
    }
}
