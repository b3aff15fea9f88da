//! The CMYK profile that has a name, made when it is first asked for from the tables that CMYK without a profile goes by:
//! colours of a grid of inks, and inks of a grid of colours.

use super::standard::{D50, assemble, header, numbers};
use crate::colour::{cmyk, transfer};

/// Nodes per ink: those of the table, and one between any two of them. Nodes per axis of colour.
const INK_NODES: usize = 2 * cmyk::NODES - 1;
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
/// profile itself must not, and so is as light in the dark as print is. Source: ISO 18619; the value is sharp's.
const DARKEST: f64 = 0.0162;

/// The profile, version 2: for print, from Lab and to Lab, relative to paper.
pub(super) fn profile() -> Vec<u8> {
    let colours = table(4, 3, INK_NODES, &[0, 1, 2, 3].map(places).concat(), colours_of_inks());
    // The grid's last node of lightness is at 100, where the encoding goes on a little.
    let lightness = ramp(|value| (value / LIGHTNESS_100 * 65535.0).min(65535.0));
    let curves: Vec<u16> = [lightness, ramp(|value| value), ramp(|value| value)].concat();
    let inks = table(3, 4, COLOUR_NODES, &curves, inks_of_colours());
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

/// A `lut16Type` with an input curve for each input, and straight output curves. Source: ICC.1:2001-04, 6.5.7.
fn table(inputs: u8, outputs: u8, nodes: usize, curves: &[u16], values: Vec<u16>) -> Vec<u8> {
    let mut lut = b"mft2\0\0\0\0".to_vec();
    lut.extend([inputs, outputs, nodes as u8, 0]);
    lut.extend([1, 0, 0, 0, 1, 0, 0, 0, 1u32].map(|entry| (entry << 16).to_be_bytes()).concat());
    let straight = [0, u16::MAX].repeat(outputs.into());
    let words = [256, 2].into_iter().chain(curves.iter().copied()).chain(values).chain(straight);
    lut.extend(words.flat_map(u16::to_be_bytes));
    lut
}

/// A `textDescriptionType` with ASCII alone.
fn described(text: &str) -> Vec<u8> {
    let length = text.len() as u32 + 1;
    [b"desc\0\0\0\0".as_slice(), &length.to_be_bytes(), text.as_bytes(), &[0; 1 + 8 + 3 + 67]].concat()
}

/// The code of an ink at a node.
fn code_at(ink: usize, node: usize) -> f64 {
    let position = |node: usize| f64::from(cmyk::POSITIONS[ink][node]);
    (position(node / 2) + position(node.div_ceil(2))) / 2.0
}

/// The curve from codes of an ink to places among the nodes.
fn places(ink: usize) -> Vec<u16> {
    let step = 65535.0 / (INK_NODES - 1) as f64;
    let place = |code: f64| {
        let below = (1..INK_NODES - 1).rev().find(|&node| code_at(ink, node) <= code).unwrap_or(0);
        let (start, end) = (code_at(ink, below), code_at(ink, below + 1));
        below as f64 + (code - start) / (end - start)
    };
    (0..=255).map(|code| (place(f64::from(code)) * step).round() as u16).collect()
}

/// Lab of each node of inks, black innermost.
fn colours_of_inks() -> Vec<u16> {
    let node = |at: usize, ink: usize| at / INK_NODES.pow(3 - ink as u32) % INK_NODES;
    let inks = |at: usize| [0, 1, 2, 3].map(|ink| code_at(ink, node(at, ink)));
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
        .map(|at| from_lab([place(at, 2) * 100.0, ab(place(at, 1)), ab(place(at, 0))]))
        .flat_map(|colour| cmyk::separate::PRESS.inks(colour.map(|value| value.round() as u8)))
        .map(|ink| u16::from(ink) * 257)
        .collect()
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
    fn nodes_of_inks_are_those_of_the_table() {
        for (ink, positions) in cmyk::POSITIONS.iter().enumerate() {
            for (node, &code) in positions.iter().enumerate() {
                assert!((code_at(ink, 2 * node) - f64::from(code)).abs() < 1e-9, "{ink} {node}");
                let place = f64::from(places(ink)[usize::from(code)]) / 65535.0 * (INK_NODES - 1) as f64;
                assert!((place - 2.0 * node as f64).abs() < 1e-3, "{ink} {node}: {place}");
            }
        }
    }

    #[test]
    fn separations_print_as_they_should() {
        for colour in [[255.0; 3], [200.0, 180.0, 160.0], [128.0; 3], [192.0; 3]] {
            let printed = cmyk::printed(cmyk::separate::PRESS.inks(colour.map(|value| value as u8)).map(f64::from));
            // The scale of the screen is laid on that of print, whose black is lighter: greys between come out darker.
            assert!(printed.iter().zip(colour).all(|(a, b)| (a - b).abs() < 13.0), "{colour:?} prints as {printed:?}");
        }
    }
}
