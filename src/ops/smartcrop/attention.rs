//! Centring on what draws the eye. The score is that of smartcrop.js by Jonas Wagner (edges, skin, saturation), worked
//! out on a thumbnail and blurred by the size of the cut, as sharp does, so that both cut at the same place.

use super::Choice;
use crate::{
    colour::xyz::{lab_a, to_xyz},
    error::Result,
    image::{Image, Rect},
    ops::alpha::premultiply,
    options::Kernel,
    resample::{Resize, resize},
};

/// Sides of the thumbnail.
const SIDE: usize = 32;
/// The direction of skin tones in XYZ, as a unit vector.
const SKIN: [f64; 3] = [0.78, 0.57, 0.44];
/// Luminance, of 100, below which colours say nothing.
const DARK: f64 = 5.0;
/// Weight of edges against colours.
const EDGE_WEIGHT: f64 = 5.0;
/// The weakest weight of the blur, relative to its centre, and the scale to which weights are rounded.
const BLUR_MIN: f64 = 0.2;
const BLUR_SCALE: f64 = 20.0;

type Plane = Vec<f64>;

pub(super) fn choose(image: &Image, width: u32, height: u32, premultiplied: bool) -> Result<Choice> {
    let spec = image.spec();
    let xyz = thumbnail(image, premultiplied)?;
    let (h_scale, v_scale) = (SIDE as f64 / f64::from(spec.width), SIDE as f64 / f64::from(spec.height));
    let sigma = ((f64::from(width) * h_scale).hypot(f64::from(height) * v_scale) / 10.0).max(1.0);
    let score = blur(&score(&xyz), sigma);
    let peak = (0..score.len()).fold(0, |best, at| if score[at] > score[best] { at } else { best });
    let x = ((peak % SIDE) as f64 / h_scale) as u32;
    let y = ((peak / SIDE) as f64 / v_scale) as u32;
    let rect = Rect {
        left: x.saturating_sub(width / 2).min(spec.width - width),
        top: y.saturating_sub(height / 2).min(spec.height - height),
        width,
        height,
    };
    Ok(Choice { rect, attention: (x, y) })
}

/// The image at [`SIDE`] × [`SIDE`] in CIE XYZ, luminance 0 to 100.
fn thumbnail(image: &Image, premultiplied: bool) -> Result<Vec<[f64; 3]>> {
    let spec = image.spec();
    let mut rows: crate::image::Rows<'_> = Box::new(image.clone().into_rows());
    if spec.format.alpha && !premultiplied {
        rows = premultiply(rows)?;
    }
    let (width, height) = (f64::from(spec.width), f64::from(spec.height));
    let shrink = Resize::new(width / SIDE as f64, height / SIDE as f64, Kernel::Lanczos3);
    let small = Image::collect(resize(rows, &shrink)?.as_mut())?;
    to_xyz(&small)
}

fn score(xyz: &[[f64; 3]]) -> Plane {
    let luminance: Plane = xyz.iter().map(|colour| colour[1]).collect();
    (0..xyz.len())
        .map(|at| {
            let edge = (laplacian(&luminance, at) * EDGE_WEIGHT).abs();
            if luminance[at] > DARK { edge + skin(xyz[at]) + lab_a(xyz[at]) } else { edge }
        })
        .collect()
}

/// How much a place differs from its four neighbours, edges repeated.
fn laplacian(plane: &[f64], at: usize) -> f64 {
    let (x, y) = (at % SIDE, at / SIDE);
    let value = |x: usize, y: usize| plane[y.min(SIDE - 1) * SIDE + x.min(SIDE - 1)];
    4.0 * plane[at] - value(x.saturating_sub(1), y) - value(x + 1, y) - value(x, y.saturating_sub(1)) - value(x, y + 1)
}

/// 100 for the direction of skin, less the further a colour is from it.
fn skin(colour: [f64; 3]) -> f64 {
    let length = colour.iter().map(|value| value * value).sum::<f64>().sqrt();
    let distance: f64 =
        colour.iter().zip(SKIN).map(|(value, skin)| (value / length - skin) * (value / length - skin)).sum();
    100.0 - 100.0 * distance.sqrt()
}

/// A Gaussian blur with rounded weights, edges repeated.
fn blur(plane: &[f64], sigma: f64) -> Plane {
    let gauss = |distance: f64| (-distance * distance / (2.0 * sigma * sigma)).exp();
    let radius = (1..).find(|&distance| gauss(f64::from(distance)) < BLUR_MIN).unwrap_or(1) - 1;
    let weights: Vec<f64> =
        (-radius..=radius).map(|distance| (gauss(f64::from(distance)) * BLUR_SCALE).round()).collect();
    let sum: f64 = weights.iter().sum();
    let pass = |plane: &[f64], step: &dyn Fn(usize, usize) -> usize| -> Plane {
        let along = |line: usize, position: usize| -> f64 {
            let taps = weights.iter().enumerate().map(|(tap, weight)| {
                let at = (position + tap).saturating_sub(radius as usize).min(SIDE - 1);
                weight * plane[step(line, at)]
            });
            taps.sum::<f64>() / sum
        };
        let mut out = vec![0.0; plane.len()];
        for line in 0..SIDE {
            for position in 0..SIDE {
                out[step(line, position)] = along(line, position);
            }
        }
        out
    };
    let across = pass(plane, &|line, position| line * SIDE + position);
    pass(&across, &|line, position| position * SIDE + line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{RGB, image};

    #[test]
    fn the_cut_holds_what_stands_out() {
        let red_at = |n: u32| (150..170).contains(&(n % 200)) && (20..40).contains(&(n / 200));
        let pixels = (0..200 * 100).flat_map(|n| if red_at(n) { [220, 60, 50] } else { [90, 90, 90] }).collect();
        let choice = choose(&image(200, 100, RGB, pixels), 80, 80, false).unwrap();
        let (x, y) = choice.attention;
        assert!((140..180).contains(&x) && (10..50).contains(&y), "{x}, {y}");
        assert!(choice.rect.left <= 150 && choice.rect.left + 80 >= 170);
    }

    #[test]
    fn blur_keeps_the_sum_away_from_edges() {
        let mut plane = vec![0.0; SIDE * SIDE];
        plane[16 * SIDE + 16] = 1.0;
        let blurred = blur(&plane, 2.0);
        assert!((blurred.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(blurred[16 * SIDE + 16] > blurred[16 * SIDE + 17]);
    }
}
