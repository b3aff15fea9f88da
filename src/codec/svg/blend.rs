//! Lays premultiplied pixels on others, by coverage.
#![allow(unsafe_code)] // SIMD: compiled for several instruction sets by `at_level!`.

use resvg::tiny_skia::PixmapMut;

use super::draw::Area;
use crate::simd::{Level, at_level};

/// A product of two numbers of 255, rounded.
const fn product(a: u8, b: u8) -> u8 {
    let sum = a as u32 * b as u32 + 128;
    ((sum + (sum >> 8)) >> 8) as u8
}

/// `over` by `share` of 255 on top of `under`.
#[inline(always)]
fn over(under: [u8; 4], over: [u8; 4], share: u8) -> [u8; 4] {
    let rest = u16::from(255 - product(over[3], share));
    std::array::from_fn(|at| {
        // No more than 255², since no colour is more than its alpha.
        let sum = u16::from(over[at]) * u16::from(share) + u16::from(under[at]) * rest + 128;
        ((sum + (sum >> 8)) >> 8) as u8
    })
}

at_level! {
    /// Lays `from` on `to`, each pixel by its coverage.
    pub(super) fn covered(to: &mut [[u8; 4]], from: &[[u8; 4]], coverage: &[u8]) {
        for ((to, &from), &coverage) in to.iter_mut().zip(from).zip(coverage) {
            *to = over(*to, from, coverage);
        }
    }
}

at_level! {
    /// Lays `from` on `to`, each pixel by its coverage and an opacity.
    fn translucent(to: &mut [[u8; 4]], from: &[[u8; 4]], coverage: &[u8], opacity: u8) {
        for ((to, &from), &coverage) in to.iter_mut().zip(from).zip(coverage) {
            *to = over(*to, from, product(coverage, opacity));
        }
    }
}

at_level! {
    /// Lays one colour on `to`, each pixel by its coverage.
    pub(super) fn plain(to: &mut [[u8; 4]], colour: [u8; 4], coverage: &[u8]) {
        for (to, &coverage) in to.iter_mut().zip(coverage) {
            *to = over(*to, colour, coverage);
        }
    }
}

at_level! {
    /// Lays one colour on `to`, all pixels by the same coverage.
    pub(super) fn even(to: &mut [[u8; 4]], colour: [u8; 4], coverage: u8) {
        for to in to {
            *to = over(*to, colour, coverage);
        }
    }
}

/// Multiplies pixels by a coverage of each and an opacity of all.
pub(super) fn fade(pixels: &mut [u8], mask: Option<&[u8]>, opacity: u8) {
    for (at, pixel) in pixels.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let share = mask.map_or(opacity, |mask| product(mask[at], opacity));
        *pixel = pixel.map(|sample| product(sample, share));
    }
}

/// The pixels of one row of an area.
pub(super) fn row<'a>(pixmap: &'a mut PixmapMut<'_>, area: Area, y: usize) -> &'a mut [[u8; 4]] {
    let start = (area.y as usize + y) * pixmap.width() as usize + area.x as usize;
    let (pixels, _) = pixmap.data_mut().as_chunks_mut();
    &mut pixels[start..start + area.width as usize]
}

/// Lays the pixels of an area on it, by a coverage of each and an opacity of all.
pub(super) fn layer(
    level: Level,
    pixmap: &mut PixmapMut<'_>,
    area: Area,
    pixels: &[u8],
    mask: Option<&[u8]>,
    opacity: u8,
) {
    let width = area.width as usize;
    let whole = vec![255; if mask.is_none() { width } else { 0 }];
    for (y, from) in pixels.as_chunks().0.chunks_exact(width).enumerate() {
        let to = row(pixmap, area, y);
        let coverage = mask.map_or(&whole[..], |mask| &mask[y * width..(y + 1) * width]);
        if opacity == 255 {
            covered(level, to, from, coverage)
        } else {
            translucent(level, to, from, coverage, opacity)
        }
    }
}

/// What both cover.
pub(super) fn both(to: &mut [u8], other: &[u8]) {
    to.iter_mut().zip(other).for_each(|(to, &other)| *to = product(*to, other));
}

/// What either covers.
pub(super) fn either(to: &mut [u8], other: &[u8]) {
    to.iter_mut().zip(other).for_each(|(to, &other)| *to = 255 - product(255 - *to, 255 - other));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opaque_hides_nothing_shows_and_half_mixes() {
        let (blue, red) = ([0, 0, 255, 255], [255, 0, 0, 255]);
        for level in Level::all() {
            let mut pixels = [blue; 4];
            covered(level, &mut pixels, &[red, red, red, [0; 4]], &[255, 0, 128, 255]);
            assert_eq!(pixels, [red, blue, [128, 0, 127, 255], blue]);
            let mut pixels = [blue; 2];
            translucent(level, &mut pixels, &[red, red], &[255, 0], 128);
            assert_eq!(pixels, [[128, 0, 127, 255], blue]);
            let mut pixels = [blue; 3];
            plain(level, &mut pixels, red, &[255, 0, 128]);
            assert_eq!(pixels, [red, blue, [128, 0, 127, 255]]);
            even(level, &mut pixels[..2], red, 128);
            assert_eq!(pixels[..2], [red, [128, 0, 127, 255]]);
        }
    }

    #[test]
    fn fading_multiplies_all_samples() {
        let mut pixels = [200, 100, 0, 255, 40, 40, 40, 40];
        fade(&mut pixels, Some(&[255, 128]), 128);
        assert_eq!(pixels, [100, 50, 0, 128, 10, 10, 10, 10]);
        fade(&mut pixels, None, 0);
        assert_eq!(pixels, [0; 8]);
    }

    #[test]
    fn sums_stay_in_range() {
        for alpha in 0..=255 {
            for share in 0..=255 {
                assert_eq!(over([255; 4], [alpha; 4], share), [255; 4]);
            }
        }
    }
}
