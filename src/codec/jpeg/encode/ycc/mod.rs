//! RGB to YCbCr by the matrix of ITU-R BT.601 at full range, as JFIF has it, in 1/65536 with the roundings of libjpeg.
#![allow(unsafe_code)] // For the calls that `at_level` makes.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(vectors)]
mod vector;

use crate::simd::{Level, at_level};

/// Factors of a difference of two colours and of another. The three factors of Y add up to 1 and those of Cb and Cr to 0, so
/// that two differences are enough: R−G and B−G for Y, B−R and B−G for Cb, R−G and R−B for Cr.
const LUMA: [i16; 2] = [19_595, 7_471];
const BLUE: [i16; 2] = [11_059, 21_709];
const RED: [i16; 2] = [27_439, 5_329];
const BITS: u32 = 16;
/// What is added before the fraction is cut off.
const LUMA_ROUNDING: i32 = 1 << (BITS - 1);
const CHROMA_ROUNDING: i32 = (128 << BITS) + (1 << (BITS - 1)) - 1;

/// Gives zero.
#[cfg(vectors)]
const Z: i8 = -1;
/// Shuffles that make pairs of 16-bit colours of four pixels, named by the colours.
#[cfg(vectors)]
const RB: [i8; 16] = [0, Z, 2, Z, 3, Z, 5, Z, 6, Z, 8, Z, 9, Z, 11, Z];
#[cfg(vectors)]
const GG: [i8; 16] = [1, Z, 1, Z, 4, Z, 4, Z, 7, Z, 7, Z, 10, Z, 10, Z];
#[cfg(vectors)]
const BB: [i8; 16] = [2, Z, 2, Z, 5, Z, 5, Z, 8, Z, 8, Z, 11, Z, 11, Z];
#[cfg(vectors)]
const RG: [i8; 16] = [0, Z, 1, Z, 3, Z, 4, Z, 6, Z, 7, Z, 9, Z, 10, Z];
#[cfg(vectors)]
const RR: [i8; 16] = [0, Z, 0, Z, 3, Z, 3, Z, 6, Z, 6, Z, 9, Z, 9, Z];
#[cfg(vectors)]
const GB: [i8; 16] = [1, Z, 2, Z, 4, Z, 5, Z, 7, Z, 8, Z, 10, Z, 11, Z];

/// Converts a row of pixels to three rows of samples, as many as there are pixels.
pub(super) fn convert(level: Level, rgb: &[u8], [y, cb, cr]: [&mut [u8]; 3]) {
    let count = (rgb.len() / 3).min(y.len()).min(cb.len()).min(cr.len());
    let (rgb, to) = (&rgb[..3 * count], [&mut y[..count], &mut cb[..count], &mut cr[..count]]);
    match level {
        Level::Scalar => convert_scalar(rgb, to),
        #[cfg(vectors)]
        Level::Vector => vector::convert(rgb, to),
        #[cfg(not(vectors))]
        Level::Vector => convert_scalar(rgb, to),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(proof) => avx2::convert(proof, rgb, to),
    }
}

/// Calls `step` for each `STEP` pixels, which reads `READS` bytes from where they begin. The last pixels are converted in a copy.
#[cfg(vectors)]
#[inline(always)]
fn in_steps<const READS: usize, const STEP: usize>(
    rgb: &[u8],
    [y, cb, cr]: [&mut [u8]; 3],
    step: impl Fn(&[u8; READS], [&mut [u8; STEP]; 3]),
) {
    let mut at = 0;
    while let (Some(pixels), Some(y), Some(cb), Some(cr)) = (
        rgb.get(3 * at..).and_then(<[u8]>::first_chunk),
        y.get_mut(at..).and_then(<[u8]>::first_chunk_mut),
        cb.get_mut(at..).and_then(<[u8]>::first_chunk_mut),
        cr.get_mut(at..).and_then(<[u8]>::first_chunk_mut),
    ) {
        step(pixels, [y, cb, cr]);
        at += STEP;
    }
    while at < y.len() {
        let count = STEP.min(y.len() - at);
        let mut pixels = [0; READS];
        pixels[..3 * count].copy_from_slice(&rgb[3 * at..][..3 * count]);
        let mut samples = [[0; STEP]; 3];
        let [luma, blue, red] = &mut samples;
        step(&pixels, [luma, blue, red]);
        for (to, samples) in [&mut *y, &mut *cb, &mut *cr].into_iter().zip(&samples) {
            to[at..][..count].copy_from_slice(&samples[..count]);
        }
        at += count;
    }
}

fn convert_scalar(rgb: &[u8], [y, cb, cr]: [&mut [u8]; 3]) {
    let weigh = |[first, second]: [i16; 2], a: i32, b: i32| i32::from(first) * a + i32::from(second) * b;
    for (((pixel, y), cb), cr) in rgb.as_chunks().0.iter().zip(y).zip(cb).zip(cr) {
        let [r, g, b] = pixel.map(i32::from);
        *y = (g + ((weigh(LUMA, r - g, b - g) + LUMA_ROUNDING) >> BITS)) as u8;
        *cb = ((weigh(BLUE, b - r, b - g) + CHROMA_ROUNDING) >> BITS) as u8;
        *cr = ((weigh(RED, r - g, r - b) + CHROMA_ROUNDING) >> BITS) as u8;
    }
}

at_level! {
    /// Means of two by two samples. Halves are rounded down and up in turns, as libjpeg does.
    pub(super) fn halve(upper: &[u8], lower: &[u8], to: &mut [u8]) {
        let pairs = |row: &[u8; 2]| (u16::from_le_bytes(*row) & 0xff) + (u16::from_le_bytes(*row) >> 8);
        let rows = upper.as_chunks().0.iter().zip(lower.as_chunks().0);
        for (at, (to, (upper, lower))) in to.iter_mut().zip(rows).enumerate() {
            *to = ((pairs(upper) + pairs(lower) + 1 + (at as u16 & 1)) >> 2) as u8;
        }
    }
}

at_level! {
    /// Takes four channels apart.
    pub(super) fn split_inks(inks: &[u8], c: &mut [u8], m: &mut [u8], y: &mut [u8], k: &mut [u8]) {
        for ((((pixel, c), m), y), k) in inks.as_chunks().0.iter().zip(c).zip(m).zip(y).zip(k) {
            [*c, *m, *y, *k] = *pixel;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The factors as T.871 and libjpeg's documentation state them, in floating point.
    #[test]
    fn primaries_and_greys_are_as_the_standard_has_them() {
        let pixels: Vec<u8> =
            [[255, 0, 0], [0, 255, 0], [0, 0, 255], [77, 77, 77], [255; 3], [0; 3], [12, 200, 99]].concat();
        let mut planes = [[0; 7], [0; 7], [0; 7]];
        let [y, cb, cr] = &mut planes;
        convert(Level::Scalar, &pixels, [y, cb, cr]);
        assert_eq!(planes[0], [76, 150, 29, 77, 255, 0, 132]);
        assert_eq!(planes[1], [85, 44, 255, 128, 128, 128, 109]);
        assert_eq!(planes[2], [255, 21, 107, 128, 128, 128, 42]);
    }

    #[test]
    fn every_level_gives_the_samples_of_the_scalar_form() {
        let mut state = 1u32;
        let noise: Vec<u8> = (0..4 * 131)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                if state >> 30 == 0 { (state >> 29) as u8 * 255 } else { (state >> 22) as u8 }
            })
            .collect();
        let run = |level, width: usize| {
            let mut planes = vec![vec![0; width]; 8];
            if let [y, cb, cr, half, c, m, yellow, k] = &mut planes[..] {
                convert(level, &noise[..3 * width], [y, cb, cr]);
                halve(level, &noise[..width], &noise[width..2 * width], half);
                split_inks(level, &noise[..4 * width], c, m, yellow, k);
            }
            planes
        };
        for width in 1..=130 {
            let scalar = run(Level::Scalar, width);
            for level in Level::all() {
                assert!(run(level, width) == scalar, "{level:?} {width}");
            }
        }
    }

    #[test]
    fn halves_are_rounded_both_ways_in_turns() {
        let mut to = [0; 2];
        halve(Level::best(), &[1, 2, 1, 2], &[1, 2, 1, 2], &mut to);
        assert_eq!(to, [1, 2]);
        let mut inks = [[0], [0], [0], [0]];
        let [c, m, y, k] = &mut inks;
        split_inks(Level::best(), &[0, 1, 128, 255], c, m, y, k);
        assert_eq!(inks, [[0], [1], [128], [255]]);
    }
}
