//! Profiles for colours that a file describes by code points of ITU-T H.273, as AVIF, HEIF, PNG and JPEG XL do.
//!
//! Light of PQ and HLG is brought to the range of a screen by curves of the profile, one channel at a time: white of 203 cd/m²
//! and all up to 1000 cd/m² is compressed by the extended curve of E. Reinhard et al., "Photographic tone reproduction for
//! digital images", 2002, as browsers do. Sources: ITU-T H.273, ITU-R BT.2100, ITU-R BT.2408.

use super::standard::{self, Standard, display, numbers};

/// Chromaticities of red, green, blue and white, x and y.
type Chromaticities = [[f64; 2]; 4];

const D65: [f64; 2] = [0.3127, 0.3290];
const ILLUMINANT_C: [f64; 2] = [0.310, 0.316];

/// H.273, table 2. Unspecified ones are those of sRGB.
fn primaries(number: u16) -> Option<Chromaticities> {
    Some(match number {
        1 | 2 => [[0.64, 0.33], [0.30, 0.60], [0.15, 0.06], D65],
        4 => [[0.67, 0.33], [0.21, 0.71], [0.14, 0.08], ILLUMINANT_C],
        5 => [[0.64, 0.33], [0.29, 0.60], [0.15, 0.06], D65],
        6 | 7 => [[0.630, 0.340], [0.310, 0.595], [0.155, 0.070], D65],
        8 => [[0.681, 0.319], [0.243, 0.692], [0.145, 0.049], ILLUMINANT_C],
        9 => [[0.708, 0.292], [0.170, 0.797], [0.131, 0.046], D65],
        11 => [[0.680, 0.320], [0.265, 0.690], [0.150, 0.060], [0.314, 0.351]],
        12 => [[0.680, 0.320], [0.265, 0.690], [0.150, 0.060], D65],
        22 => [[0.630, 0.340], [0.295, 0.605], [0.155, 0.077], D65],
        _ => return None,
    })
}

#[derive(Debug, Clone, Copy)]
enum Curve {
    Srgb,
    Gamma(f64),
    /// Sampled, since no formula of a profile has it.
    Samples(fn(f64) -> f64),
}

/// H.273, table 3. The curves of television cameras are shown by a screen's, as everybody does; unspecified ones are sRGB's.
fn transfer(number: u16) -> Option<Curve> {
    Some(match number {
        1 | 2 | 6 | 7 | 11..=15 => Curve::Srgb,
        4 => Curve::Gamma(2.2),
        5 => Curve::Gamma(2.8),
        8 => Curve::Gamma(1.0),
        9 => Curve::Samples(|code| if code > 0.0 { 10f64.powf(2.0 * (code - 1.0)) } else { 0.0 }),
        10 => Curve::Samples(|code| if code > 0.0 { 10f64.powf(2.5 * (code - 1.0)) } else { 0.0 }),
        16 => Curve::Samples(|code| tone_mapped(pq(code))),
        17 => Curve::Samples(|code| (code.powf(2.6) * 52.37 / 48.0).min(1.0)),
        18 => Curve::Samples(|code| tone_mapped(hlg(code))),
        _ => return None,
    })
}

/// Numbers of the curves for light beyond a screen's white.
pub(crate) const PQ: u16 = 16;
pub(crate) const HLG: u16 = 18;

/// Reference white, and the brightest light that stays distinct, in cd/m².
const WHITE: f64 = 203.0;
const PEAK: f64 = 1000.0;

/// Light in cd/m² of a PQ code.
fn pq(code: f64) -> f64 {
    const M1: f64 = 2610.0 / 16384.0;
    const M2: f64 = 2523.0 / 4096.0 * 128.0;
    const C1: f64 = 3424.0 / 4096.0;
    const C2: f64 = 2413.0 / 4096.0 * 32.0;
    const C3: f64 = 2392.0 / 4096.0 * 32.0;
    let root = code.powf(1.0 / M2);
    10000.0 * ((root - C1).max(0.0) / (C2 - C3 * root)).powf(1.0 / M1)
}

/// Light in cd/m² of an HLG code on a screen of 1000 cd/m², whose system gamma is 1.2.
fn hlg(code: f64) -> f64 {
    const A: f64 = 0.178_832_77;
    const B: f64 = 1.0 - 4.0 * A;
    let c = 0.5 - A * (4.0 * A).ln();
    let scene = if code <= 0.5 { code * code / 3.0 } else { (((code - c) / A).exp() + B) / 12.0 };
    PEAK * scene.powf(1.2)
}

/// Light in cd/m² as that of a screen, 0 to 1.
fn tone_mapped(light: f64) -> f64 {
    let (light, peak) = (light / WHITE, PEAK / WHITE);
    (light * (1.0 + light / (peak * peak)) / (1.0 + light)).min(1.0)
}

/// The profile of colours with these numbers; `None` for those of sRGB, and for numbers that mean nothing here.
pub(crate) fn profile(primaries_number: u16, transfer_number: u16) -> Option<Vec<u8>> {
    let (corners, curve) = (primaries(primaries_number)?, transfer(transfer_number)?);
    match (primaries_number, curve) {
        (1 | 2, Curve::Srgb) => return None,
        (12, Curve::Srgb) => return Some(Standard::DisplayP3.profile().bytes().to_vec()),
        _ => {}
    }
    let name = match (transfer_number, primaries_number) {
        (PQ, _) => "HDR (PQ), tone-mapped",
        (HLG, _) => "HDR (HLG), tone-mapped",
        (_, 9) => "BT.2020",
        _ => "Coded colours",
    };
    Some(display(name, &colorants(corners), &curve_tag(curve)))
}

fn curve_tag(curve: Curve) -> Vec<u8> {
    match curve {
        Curve::Srgb => standard::curve(),
        Curve::Gamma(gamma) => {
            let mut bytes = numbers(b"para", &[gamma]);
            bytes.splice(8..8, [0, 0, 0, 0]);
            bytes
        }
        Curve::Samples(light) => {
            const SAMPLES: u32 = 4096;
            let sample = |at: u32| (light(f64::from(at) / f64::from(SAMPLES - 1)) * 65535.0).round() as u16;
            let mut bytes = b"curv\0\0\0\0".to_vec();
            bytes.extend(SAMPLES.to_be_bytes());
            bytes.extend((0..SAMPLES).flat_map(|at| sample(at).to_be_bytes()));
            bytes
        }
    }
}

/// XYZ of red, green and blue, one row each, adapted to the white of the profile connection space with the Bradford matrix.
fn colorants([red, green, blue, white]: Chromaticities) -> [[f64; 3]; 3] {
    const BRADFORD: [[f64; 3]; 3] = [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];
    let xyz = |[x, y]: [f64; 2]| [x / y, 1.0, (1.0 - x - y) / y];
    let times = |matrix: &[[f64; 3]; 3], v: [f64; 3]| {
        [0, 1, 2].map(|row: usize| matrix[row].iter().zip(v).map(|(weight, value)| weight * value).sum::<f64>())
    };
    let corners = [xyz(red), xyz(green), xyz(blue)];
    let columns = [0, 1, 2].map(|axis| [0, 1, 2].map(|corner: usize| corners[corner][axis]));
    let white = xyz(white);
    let amounts = times(&inverse(&columns), white);
    let (cone_white, cone_target) = (times(&BRADFORD, white), times(&BRADFORD, standard::D50));
    let back = inverse(&BRADFORD);
    [0, 1, 2].map(|corner: usize| {
        let cones = times(&BRADFORD, corners[corner].map(|value| value * amounts[corner]));
        times(&back, [0, 1, 2].map(|axis: usize| cones[axis] * cone_target[axis] / cone_white[axis]))
    })
}

fn inverse(m: &[[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let minor = |r: usize, c: usize| {
        let (a, b, x, y) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
        m[a][x] * m[b][y] - m[a][y] * m[b][x]
    };
    let determinant: f64 = (0..3).map(|c| m[0][c] * minor(0, c)).sum();
    [0, 1, 2].map(|r| [0, 1, 2].map(|c| minor(c, r) / determinant))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::icc::Profile;

    #[test]
    fn numbers_of_srgb_need_no_profile() {
        for (primaries, transfer) in [(1, 13), (2, 2), (1, 1), (1, 2), (1, 6), (3, 13), (12, 3), (255, 16)] {
            assert_eq!(profile(primaries, transfer), None, "{primaries} {transfer}");
        }
        assert_eq!(profile(12, 13).unwrap(), Standard::DisplayP3.profile().bytes());
    }

    #[test]
    fn colorants_are_those_of_the_standard_profiles() {
        let srgb = colorants(primaries(1).unwrap());
        let wanted = [[0.436041, 0.222485, 0.013920], [0.385113, 0.716905, 0.097067], [0.143046, 0.060610, 0.713913]];
        for (ours, wanted) in srgb.as_flattened().iter().zip(wanted.as_flattened()) {
            assert!((ours - wanted).abs() < 3e-4, "{srgb:?}");
        }
    }

    #[test]
    fn light_beyond_white_is_compressed() {
        // Source: ITU-R BT.2408, table 1: 203 cd/m² is 58 % of PQ and 75 % of HLG.
        assert!((pq(0.58) - 203.0).abs() < 3.0, "{}", pq(0.58));
        assert!((hlg(0.75) - 203.0).abs() < 1.0, "{}", hlg(0.75));
        assert!((pq(1.0) - 10000.0).abs() < 1e-6 && (hlg(1.0) - 1000.0).abs() < 1e-3);
        assert_eq!((tone_mapped(0.0), tone_mapped(1000.0), tone_mapped(10000.0)), (0.0, 1.0, 1.0));
        let mut before = -1.0;
        for code in 0..=750 {
            let light = tone_mapped(pq(f64::from(code) / 1000.0));
            assert!(light > before || code == 0, "{code}");
            before = light;
        }
    }

    #[test]
    fn all_profiles_can_be_read() {
        for primaries in 0..30 {
            for transfer in 0..20 {
                let Some(bytes) = profile(primaries, transfer) else { continue };
                assert_eq!(Profile::parse(&bytes).unwrap().channels(), 3, "{primaries} {transfer}");
            }
        }
    }
}
