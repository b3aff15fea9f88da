//! CMYK profiles to sRGB: the profile's table as one of our own, with black point compensation.
//!
//! Inks never print as dark as a screen's black. As sharp's engine does towards a version 4 profile, light is stretched
//! so that the darkest print is black. Source: ISO 18619.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use moxcms::{ColorProfile, Layout, Matrix3d, RenderingIntent, ToneReprCurve, TransformOptions, Xyzd};

use super::{
    Profile, Standard,
    clut::{self, Clut},
};
use crate::colour::{
    simplex::{COLOUR_BITS, Simplex},
    transfer,
};

/// Nodes per ink of tables that have to be resampled, as in those of the library and of sharp's engine.
const NODES: usize = 17;
pub(super) const WHITE: [f64; 3] = [0.9642, 1.0, 0.8249];
/// Luminance of the black that version 4 perceptual tables are made for. Source: ICC.1:2022, 6.3.3.
const PERCEPTUAL_BLACK: f64 = 0.0034731;
/// The black point is taken for no lighter than L* 50.
const LIGHTEST_BLACK: f64 = 0.18418651851244416;

/// Tables that are kept, of two thirds of a megabyte each.
const KEPT: usize = 2;

/// The table of a CMYK profile; `None` when it has none that can be used. The last ones are kept: images of one source come
/// with one profile, and making a table takes longer than converting a small image.
pub(super) fn table(profile: &Profile) -> Option<Arc<Simplex>> {
    type Entry = (Vec<u8>, Arc<Simplex>);
    static TABLES: Mutex<Vec<Entry>> = Mutex::new(Vec::new());
    let tables = || TABLES.lock().unwrap_or_else(PoisonError::into_inner);
    let known = tables().iter().find(|(bytes, _)| bytes == profile.bytes()).map(|(_, table)| Arc::clone(table));
    if known.is_some() {
        return known;
    }
    let table = Arc::new(tabulate(profile)?);
    if profile.bytes().len() <= MAX_KEPT_PROFILE {
        let mut tables = tables();
        tables.truncate(KEPT - 1);
        tables.insert(0, (profile.bytes().to_vec(), Arc::clone(&table)));
    }
    Some(table)
}

/// Longest profile whose table is kept; those for print have one or two megabytes at most.
const MAX_KEPT_PROFILE: usize = 4 << 20;

fn tabulate(profile: &Profile) -> Option<Simplex> {
    match clut::read(profile) {
        Some(Clut { nodes, places, light }) => Some(Simplex::with_places(nodes, &places, colours(profile, &light)?)),
        None => resample(profile),
    }
}

fn resample(profile: &Profile) -> Option<Simplex> {
    let positions: [u8; NODES] = std::array::from_fn(|node| ((node * 255 + NODES / 2 - 1) / (NODES - 1)) as u8);
    let level = |node: usize| node as f32 / (NODES - 1) as f32;
    let mut inks = Vec::with_capacity(NODES.pow(4) * 4);
    for node in 0..NODES.pow(4) {
        inks.extend([3, 2, 1, 0].map(|ink| level(node / NODES.pow(ink) % NODES)));
    }
    let options = TransformOptions {
        rendering_intent: RenderingIntent::Perceptual,
        allow_use_cicp_transfer: false,
        ..TransformOptions::default()
    };
    let light = connection_space();
    let transform = profile.colour.create_transform_f32(Layout::Rgba, &light, Layout::Rgb, options).ok()?;
    let mut xyz = vec![0f32; NODES.pow(4) * 3];
    transform.transform(&inks, &mut xyz).ok()?;

    Some(Simplex::new([&positions; 4], colours(profile, xyz.as_chunks().0)?))
}

/// What light relative to white, of which the last is that of all inks, looks like on screen.
fn colours(profile: &Profile, light: &[[f32; 3]]) -> Option<Vec<[i16; 4]>> {
    let black = black_point(light.last()?, profile.bytes()[8]);
    let matrix = from_connection_space();
    let colour = |xyz: &[f32; 3]| {
        let light: [f64; 3] = std::array::from_fn(|at| (f64::from(xyz[at]) - black[at]) / (1.0 - black[at]));
        let [red, green, blue] =
            matrix.v.map(|row| encode(row.iter().zip(light).map(|(weight, light)| weight * light).sum()));
        [red, green, blue, 0]
    };
    Some(light.iter().map(colour).collect())
}

/// A colour space whose red, green and blue are X, Y and Z, 1 for white.
fn connection_space() -> ColorProfile {
    let linear = || Some(ToneReprCurve::Lut(Vec::new()));
    let mut space = Standard::Srgb.profile().colour.clone();
    space.red_colorant = Xyzd::new(WHITE[0], 0.0, 0.0);
    space.green_colorant = Xyzd::new(0.0, WHITE[1], 0.0);
    space.blue_colorant = Xyzd::new(0.0, 0.0, WHITE[2]);
    (space.red_trc, space.green_trc, space.blue_trc) = (linear(), linear(), linear());
    space
}

/// The black that becomes black, for a profile of a major version whose darkest print is `darkest`.
fn black_point(darkest: &[f32; 3], version: u8) -> [f64; 3] {
    if version >= 4 {
        return [PERCEPTUAL_BLACK; 3];
    }
    let darkest = darkest.map(|value| f64::from(value).max(0.0));
    let scale = (LIGHTEST_BLACK / darkest[1].max(LIGHTEST_BLACK)).min(1.0);
    darkest.map(|value| (value * scale).min(0.5))
}

/// From there to linear sRGB.
fn from_connection_space() -> Matrix3d {
    let mut matrix = Standard::Srgb.profile().colour.colorant_matrix().inverse();
    for row in &mut matrix.v {
        row.iter_mut().zip(WHITE).for_each(|(value, white)| *value *= white);
    }
    matrix
}

/// Steps of the square root of light in [`encode`]'s table.
const ROOT_STEPS: usize = 4096;

/// The sRGB code of linear light, in 1/2^[`COLOUR_BITS`]; past both ends it goes on in a line, so that colours out of gamut
/// do not bend those beside them.
fn encode(light: f64) -> i16 {
    static TABLE: OnceLock<Vec<i16>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let scale = f64::from(255 << COLOUR_BITS);
        let step = |step| transfer::from_linear((step as f64 / ROOT_STEPS as f64).powi(2)) * scale;
        (0..=ROOT_STEPS).map(|at| step(at).round() as i16).collect()
    });
    let scale = f64::from(255 << COLOUR_BITS);
    if light <= 0.0 {
        (light * 12.92 * scale).max(-scale) as i16
    } else if light >= 1.0 {
        ((1.0 + (light - 1.0) / 2.4) * scale).min(2.0 * scale) as i16
    } else {
        table[(light.sqrt() * ROOT_STEPS as f64).round() as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_taken_as_it_is_gives_what_a_resampled_one_does() {
        let profile = Standard::Cmyk.profile();
        let (exact, resampled) = (tabulate(profile).unwrap(), resample(profile).unwrap());
        let mut sum = 0;
        for at in 0..4096u32 {
            let inks = [at, at >> 3, at >> 6, at >> 9].map(|part| (part & 7) as u8 * 36);
            let pairs = exact.colour(inks).into_iter().zip(resampled.colour(inks));
            sum += pairs.map(|(a, b)| u32::from(a.abs_diff(b))).sum::<u32>();
        }
        assert!(sum < 4096 * 3, "off by {} on average", f64::from(sum) / 4096.0 / 3.0);
    }

    #[test]
    fn codes_of_light() {
        let one = 1 << COLOUR_BITS;
        assert_eq!((encode(0.0), encode(1.0)), (0, 255 * one));
        for code in 0..=255u8 {
            let exact = i16::from(code) * one;
            let near = encode(transfer::to_linear(f64::from(code) / 255.0));
            assert!((near - exact).abs() <= 3, "{code}: {near} is not {exact}");
        }
        assert!(encode(-0.1) < 0 && encode(1.1) > 255 * one);
        assert_eq!(encode(f64::NEG_INFINITY), -255 * one);
    }

    #[test]
    fn white_of_the_connection_space_is_white() {
        for row in from_connection_space().v {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-3, "{row:?}");
        }
    }

    #[test]
    fn black_points_are_dark() {
        assert_eq!(black_point(&[0.02, 0.015625, 0.03], 2)[1], 0.015625);
        assert_eq!(black_point(&[0.02, 0.01, 0.03], 4), [PERCEPTUAL_BLACK; 3]);
        assert!(black_point(&[0.9, 0.9, 0.9], 2).iter().all(|&value| value <= LIGHTEST_BLACK + 1e-9));
        assert!(black_point(&[f32::NAN, -1.0, 1e9], 2).iter().all(|value| (0.0..=0.5).contains(value)));
    }
}
