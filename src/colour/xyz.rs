//! CIE XYZ and Lab of sRGB images, white D65. Sources: IEC 61966-2-1, CIE 15.

use super::transfer::to_linear;
use crate::{
    error::Result,
    image::{Image, Sample, Samples},
};

/// XYZ of linear sRGB, one row a component.
pub(super) const MATRIX: [[f64; 3]; 3] = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
pub(super) const WHITE: [f64; 3] = [95.047, 100.0, 108.883];

/// The other way.
pub(super) const FROM_XYZ: [[f64; 3]; 3] =
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]];

/// X, Y, Z of each pixel, Y from 0 to 100. Grey images count as colour of three equal values; alpha is left out.
pub(crate) fn to_xyz(image: &Image) -> Result<Vec<[f64; 3]>> {
    Ok(match image.samples() {
        Samples::U8(samples) => convert(samples, image),
        Samples::U16(samples) => convert(samples, image),
        Samples::F32(samples) => convert(samples, image),
    })
}

fn convert<S: Sample + Into<f64>>(samples: &[S], image: &Image) -> Vec<[f64; 3]> {
    let format = image.spec().format;
    let colour = |pixel: &[S], channel: usize| {
        let value: f64 = pixel[if format.space.channels() < 3 { 0 } else { channel }].into();
        to_linear(value / format.max()) * 100.0
    };
    samples
        .chunks_exact(format.channels())
        .map(|pixel| {
            let linear = [colour(pixel, 0), colour(pixel, 1), colour(pixel, 2)];
            MATRIX.map(|row| row.iter().zip(linear).map(|(weight, light)| weight * light).sum())
        })
        .collect()
}

/// The `a*` of CIE Lab: green below zero, red above.
pub(crate) fn lab_a(xyz: [f64; 3]) -> f64 {
    let f = |value: f64| if value > 0.008856 { value.cbrt() } else { 7.787 * value + 16.0 / 116.0 };
    500.0 * (f(xyz[0] / WHITE[0]) - f(xyz[1] / WHITE[1]))
}
