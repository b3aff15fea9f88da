//! Blending of rows of 16-bit and floating-point RGBA, by the arithmetic of [`blend`](super::blend).

use super::{
    blend::{BLOCK, Planes, blend},
    blend_rows::Sheet,
};
use crate::image::Sample;

/// A sample of more than 8 bits.
pub(super) trait Deep: Sample + Into<f32> {
    /// Full intensity and opacity.
    const FULL: f32;
    /// The sample of a value, 0 to 1.
    fn of_value(value: f32) -> Self;
}

impl Deep for u16 {
    const FULL: f32 = 65535.0;
    fn of_value(value: f32) -> Self {
        /// What single precision may fall short of an integer by.
        const SLACK: f32 = 1.0 / 64.0;
        // A cast cuts to the range.
        (value * Self::FULL + SLACK) as u16
    }
}

impl Deep for f32 {
    const FULL: f32 = 1.0;
    fn of_value(value: f32) -> Self {
        if value.is_nan() { 0.0 } else { value }
    }
}

/// Lays `sheets` on a row of RGBA, the first lowest.
pub(super) fn lay<S: Deep>(sheets: &[Sheet<'_, S>], row: &mut [S]) {
    for (index, pixels) in row.chunks_mut(BLOCK * 4).enumerate() {
        let block = index * BLOCK..index * BLOCK + pixels.len() / 4;
        let mut planes = None;
        for sheet in sheets {
            let first = sheet.start.max(block.start);
            let end = (sheet.start + sheet.pixels.len() / 4).min(block.end);
            let source = if first < end {
                let part = &sheet.pixels[(first - sheet.start) * 4..(end - sheet.start) * 4];
                load(part, first - block.start, sheet.premultiplied)
            } else if sheet.blend.keeps_backdrop() {
                continue;
            } else {
                [[0.0; BLOCK]; 4]
            };
            blend(sheet.blend, &source, planes.get_or_insert_with(|| load(pixels, 0, false)));
        }
        if let Some(planes) = planes {
            store(&planes, pixels);
        }
    }
}

/// The channels of up to a block of pixels, from the pixel `start` on; the others are transparent.
fn load<S: Deep>(pixels: &[S], start: usize, premultiplied: bool) -> Planes {
    let mut planes = [[0.0; BLOCK]; 4];
    for (at, pixel) in pixels.as_chunks::<4>().0.iter().enumerate() {
        let [colours @ .., alpha] = pixel.map(|sample| sample.into() / S::FULL);
        // Where there is no alpha there is no colour, even in images that come premultiplied.
        let factor = match (alpha > 0.0, premultiplied) {
            (false, _) => 0.0,
            (true, true) => 1.0,
            (true, false) => alpha,
        };
        for (plane, colour) in planes.iter_mut().zip(colours) {
            plane[start + at] = colour * factor;
        }
        planes[3][start + at] = alpha;
    }
    planes
}

/// Colours divided by alpha.
fn store<S: Deep>(planes: &Planes, pixels: &mut [S]) {
    for (at, pixel) in pixels.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let alpha = planes[3][at];
        let factor = if alpha > 0.0 { 1.0 / alpha } else { 0.0 };
        let [red, green, blue, _] = planes;
        *pixel = [red[at] * factor, green[at] * factor, blue[at] * factor, alpha].map(S::of_value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Blend;

    #[test]
    fn half_of_a_layer_is_seen() {
        let layer = [60_000u16, 0, 1000, 32_768];
        let sheet = Sheet { blend: Blend::Over, pixels: &layer, start: 1, premultiplied: false };
        let mut row = [20_000u16, 1, 65_535, 65_535].repeat(2);
        lay(&[sheet], &mut row);
        assert_eq!(row, [20_000, 1, 65_535, 65_535, 40_000, 0, 33_267, 65_535]);
        let layer = [2.0f32, 0.5, -1.0, 0.5];
        let sheet = Sheet { blend: Blend::Over, pixels: &layer, start: 0, premultiplied: false };
        let mut row = [1.0f32, 0.5, 0.0, 1.0];
        lay(&[sheet], &mut row);
        assert_eq!(row, [1.5, 0.5, -0.5, 1.0]);
    }

    #[test]
    fn a_mask_leaves_nothing_outside() {
        let sheet = Sheet::<u16> { blend: Blend::DestIn, pixels: &[], start: 0, premultiplied: false };
        let mut row = [20_000u16, 1, 65_535, 65_535];
        lay(&[sheet], &mut row);
        assert_eq!(row, [0; 4]);
    }
}
