//! The CMYK profile that has a name, made when it is first asked for from the table of printed colours that CMYK without a
//! profile is read by: colours of a grid of inks, and inks of a grid of colours, found by solving the table.

use super::standard::{D50, assemble, header, numbers};
use crate::colour::{cmyk, transfer};

/// Nodes per ink, and per axis of colour.
const INK_NODES: usize = 9;
const COLOUR_NODES: usize = 17;

/// Where Lab of 16 bits has a lightness of 100, and steps of one unit of a and b. Source: ICC.1:2001-04, annex A.
const LIGHTNESS_100: f64 = 65280.0;
const AB_STEP: f64 = 256.0;

/// Linear sRGB to XYZ of D50, by rows, and back. Source: as [`super::standard`].
const TO_XYZ: [[f64; 3]; 3] =
    [[0.436041, 0.385113, 0.143046], [0.222485, 0.716905, 0.060610], [0.013920, 0.097067, 0.713913]];
const FROM_XYZ: [[f64; 3]; 3] =
    [[3.134187, -1.617209, -0.490694], [-0.978749, 1.916130, 0.033433], [0.071964, -0.228994, 1.405754]];

/// Luminance of the darkest print. The table has it as black, since readers of version 2 profiles compensate for it; the
/// profile itself must not, and so is as light in the dark as print is. Source: ISO 18619; the value is the peer's.
const DARKEST: f64 = 0.0162;

/// The profile, version 2: for print, from Lab and to Lab, relative to paper.
pub(super) fn profile() -> Vec<u8> {
    let colours = table(4, 3, INK_NODES, &ramp(|value| value), 4, colours_of_inks());
    // The grid's last node of lightness is at 100, where the encoding goes on a little.
    let lightness = ramp(|value| (value / LIGHTNESS_100 * 65535.0).min(65535.0));
    let curves: Vec<u16> = [lightness, ramp(|value| value), ramp(|value| value)].concat();
    let inks = table(3, 4, COLOUR_NODES, &curves, 1, inks_of_colours());
    assemble(
        header(*b"prtr", *b"CMYK", *b"Lab ", 2, 1),
        &[
            (&[b"desc"], described("CMYK")),
            (&[b"cprt"], b"text\0\0\0\0CC0\0".to_vec()),
            (&[b"wtpt"], numbers(b"XYZ ", &D50)),
            (&[b"A2B0", b"A2B1", b"A2B2"], colours),
            (&[b"B2A0", b"B2A1", b"B2A2"], inks),
        ],
    )
}

/// A curve of 256 steps over 16 bits.
fn ramp(curve: impl Fn(f64) -> f64) -> Vec<u16> {
    (0..256).map(|step| curve(f64::from(step) * 257.0).round() as u16).collect()
}

/// A `lut16Type` with these input curves, `repeat` times over, and straight output curves. Source: ICC.1:2001-04, 6.5.7.
fn table(inputs: u8, outputs: u8, nodes: usize, curves: &[u16], repeat: usize, values: Vec<u16>) -> Vec<u8> {
    let mut lut = b"mft2\0\0\0\0".to_vec();
    lut.extend([inputs, outputs, nodes as u8, 0]);
    lut.extend([1, 0, 0, 0, 1, 0, 0, 0, 1u32].map(|entry| (entry << 16).to_be_bytes()).concat());
    let straight = [0, u16::MAX].repeat(outputs.into());
    let words = [256, 2].into_iter().chain(curves.repeat(repeat)).chain(values).chain(straight);
    lut.extend(words.flat_map(u16::to_be_bytes));
    lut
}

/// A `textDescriptionType` with ASCII alone.
fn described(text: &str) -> Vec<u8> {
    let length = text.len() as u32 + 1;
    [b"desc\0\0\0\0".as_slice(), &length.to_be_bytes(), text.as_bytes(), &[0; 1 + 8 + 3 + 67]].concat()
}

/// Lab of each node of inks, black innermost.
fn colours_of_inks() -> Vec<u16> {
    let node = |at: usize| at as f64 * 255.0 / (INK_NODES - 1) as f64;
    let inks = |at: usize| [3, 2, 1, 0].map(|ink| node(at / INK_NODES.pow(ink) % INK_NODES));
    (0..INK_NODES.pow(4))
        .flat_map(|at| {
            let [lightness, a, b] = to_lab(cmyk::printed(inks(at)));
            [lightness / 100.0 * LIGHTNESS_100, (a + 128.0) * AB_STEP, (b + 128.0) * AB_STEP]
        })
        .map(|value| value.round() as u16)
        .collect()
}

/// Inks of each node of Lab, b innermost.
fn inks_of_colours() -> Vec<u16> {
    let place = |at: usize, axis: u32| (at / COLOUR_NODES.pow(axis) % COLOUR_NODES) as f64 / (COLOUR_NODES - 1) as f64;
    let ab = |share: f64| share * 65535.0 / AB_STEP - 128.0;
    (0..COLOUR_NODES.pow(3))
        .flat_map(|at| separate(from_lab([place(at, 2) * 100.0, ab(place(at, 1)), ab(place(at, 0))])))
        .map(|ink| (ink * 257.0).round() as u16)
        .collect()
}

/// Steps towards a separation, and how far apart inks are whose difference gives the way.
const STEPS: usize = 12;
const REACH: f64 = 12.0;

/// Inks, 0 to 255, that print as a colour of sRGB, or as near as they come: with as much black as the lightest channel
/// bears, and the other inks for what is left, so that greys are black ink alone, as the peer has them.
fn separate(colour: [f64; 3]) -> [f64; 4] {
    let most = colour.into_iter().fold(0.0, f64::max) / 255.0;
    let black = black_for(most * 255.0) * 0.9;
    let mut inks = [0, 1, 2].map(|at| (255.0 * most - colour[at]).max(0.0));
    let difference = |inks: [f64; 3]| {
        let printed = cmyk::printed([inks[0], inks[1], inks[2], black]);
        [0, 1, 2].map(|at| printed[at] - colour[at])
    };
    let size = |vector: [f64; 3]| vector.into_iter().map(|value| value * value).sum::<f64>();
    let (mut best, mut error) = (inks, f64::INFINITY);
    for _ in 0..STEPS {
        let here = difference(inks);
        if size(here) < error {
            (best, error) = (inks, size(here));
        }
        // One column for each ink: what a little more, or less at the end of the scale, of it changes.
        let columns = [0, 1, 2].map(|ink| {
            let reach = if inks[ink] > 128.0 { -REACH } else { REACH };
            let mut moved = inks;
            moved[ink] += reach;
            let there = difference(moved);
            [0, 1, 2].map(|at| (there[at] - here[at]) / reach)
        });
        let Some(change) = solve(columns, here) else { break };
        for at in 0..3 {
            inks[at] = (inks[at] - change[at].clamp(-80.0, 80.0)).clamp(0.0, 255.0);
        }
    }
    [best[0], best[1], best[2], black]
}

/// The most black that alone prints no darker than a code of grey.
fn black_for(grey: f64) -> f64 {
    let (mut light, mut dark) = (0.0, 255.0);
    for _ in 0..12 {
        let middle = (light + dark) / 2.0;
        let is_dark = cmyk::printed([0.0, 0.0, 0.0, middle]).into_iter().fold(0.0, f64::max) < grey;
        *(if is_dark { &mut dark } else { &mut light }) = middle;
    }
    light
}

/// Cramer's rule, for three columns; `None` when they are nearly in a plane.
fn solve(columns: [[f64; 3]; 3], right: [f64; 3]) -> Option<[f64; 3]> {
    let cross =
        |a: [f64; 3], b: [f64; 3]| [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let [first, second, third] = columns;
    let volume = dot(first, cross(second, third));
    (volume.abs() > 1e-6).then(|| {
        [dot(right, cross(second, third)), dot(first, cross(right, third)), dot(first, cross(second, right))]
            .map(|value| value / volume)
    })
}

fn by_rows(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(weight, value)| weight * value).sum())
}

/// sRGB, 0 to 255, as print to Lab of D50. Source: CIE 15:2004.
fn to_lab(colour: [f64; 3]) -> [f64; 3] {
    let xyz = by_rows(TO_XYZ, colour.map(|value| transfer::to_linear(value.clamp(0.0, 255.0) / 255.0)));
    let xyz = [0, 1, 2].map(|axis| xyz[axis] * (1.0 - DARKEST) + D50[axis] * DARKEST);
    let f = |t: f64| if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 };
    let [x, y, z] = [0, 1, 2].map(|axis| f(xyz[axis] / D50[axis]));
    [
        (116.0 * y - 16.0).clamp(0.0, 100.0),
        (500.0 * (x - y)).clamp(-128.0, 127.0),
        (200.0 * (y - z)).clamp(-128.0, 127.0),
    ]
}

/// The way back; colours that sRGB does not have become the nearest by channel.
fn from_lab([lightness, a, b]: [f64; 3]) -> [f64; 3] {
    let y = (lightness + 16.0) / 116.0;
    let t = |f: f64| if f > 6.0 / 29.0 { f.powi(3) } else { (116.0 * f - 16.0) * 27.0 / 24389.0 };
    let [x, y, z] = [t(y + a / 500.0) * D50[0], t(y) * D50[1], t(y - b / 200.0) * D50[2]];
    let compensated = [(x, 0), (y, 1), (z, 2)].map(|(value, axis)| (value - D50[axis] * DARKEST) / (1.0 - DARKEST));
    by_rows(FROM_XYZ, compensated).map(|light| transfer::from_linear(light.clamp(0.0, 1.0)) * 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lab_and_back() {
        for colour in [[0.0; 3], [255.0; 3], [255.0, 0.0, 0.0], [12.0, 200.0, 99.0]] {
            let back = from_lab(to_lab(colour));
            assert!(back.iter().zip(colour).all(|(ours, wanted)| (ours - wanted).abs() < 0.6), "{colour:?} {back:?}");
        }
        let [lightness, a, b] = to_lab([255.0; 3]);
        assert!((lightness - 100.0).abs() < 0.1 && a.abs() < 0.1 && b.abs() < 0.1);
    }

    #[test]
    fn separations_print_as_they_should() {
        let within = [[255.0; 3], [200.0, 180.0, 160.0], [128.0; 3], [192.0; 3]];
        for colour in within {
            let printed = cmyk::printed(separate(colour));
            assert!(printed.iter().zip(colour).all(|(a, b)| (a - b).abs() < 8.0), "{colour:?} prints as {printed:?}");
        }
        assert!(separate([255.0; 3]).iter().all(|ink| *ink < 0.5), "paper");
        assert!(separate([0.0; 3])[3] > 220.0, "black");
    }
}
