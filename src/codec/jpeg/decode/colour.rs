//! From components to the pixels that are given out. Formulas: JFIF 1.02; constants and rounding are libjpeg's.

#[cfg(target_arch = "x86_64")]
#[path = "colour/avx2.rs"]
mod avx2;
#[cfg(vectors)]
#[path = "colour/vector.rs"]
mod vector;

use crate::simd::Level;

const HALF: i32 = 1 << 15;

/// A factor with 16 bits of fraction.
const fn fix(value: f64) -> i32 {
    (value * 65_536.0 + 0.5) as i32
}

/// Red, green and blue of a sample of each component.
#[inline(always)]
fn rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128);
    let red = y + ((fix(1.402) * cr + HALF) >> 16);
    let green = y + ((-fix(0.344_14) * cb - fix(0.714_14) * cr + HALF) >> 16);
    let blue = y + ((fix(1.772) * cb + HALF) >> 16);
    [red, green, blue].map(|value| value.clamp(0, 255) as u8)
}

/// YCbCr to RGB.
pub(super) fn ycbcr(level: Level, y: &[u8], cb: &[u8], cr: &[u8], to: &mut [u8]) {
    let count = (to.len() / 3).min(y.len()).min(cb.len()).min(cr.len());
    let done = match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(avx2) => avx2::ycbcr(avx2, &y[..count], &cb[..count], &cr[..count], to),
        #[cfg(vectors)]
        Level::Vector => vector::ycbcr(&y[..count], &cb[..count], &cr[..count], to),
        _ => 0,
    };
    plain(&y[done..count], &cb[done..count], &cr[done..count], &mut to[3 * done..]);
}

fn plain(y: &[u8], cb: &[u8], cr: &[u8], to: &mut [u8]) {
    for (((to, &y), &cb), &cr) in to.as_chunks_mut::<3>().0.iter_mut().zip(y).zip(cb).zip(cr) {
        *to = rgb(y, cb, cr);
    }
}

/// YCCK to CMYK.
pub(super) fn ycck([y, cb, cr, k]: [&[u8]; 4], to: &mut [u8]) {
    for ((((to, &y), &cb), &cr), &k) in to.as_chunks_mut::<4>().0.iter_mut().zip(y).zip(cb).zip(cr).zip(k) {
        let [red, green, blue] = rgb(y, cb, cr);
        *to = [255 - red, 255 - green, 255 - blue, k];
    }
}

/// Components side by side.
pub(super) fn interleave(components: &[&[u8]], to: &mut [u8]) {
    if let [only] = components {
        return to.copy_from_slice(&only[..to.len()]);
    }
    for (number, component) in components.iter().enumerate() {
        for (pixel, &value) in to.chunks_exact_mut(components.len()).zip(*component) {
            pixel[number] = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_agree_on_all_colours() {
        let all: Vec<u8> = (0..=255).collect();
        for first in 0..=255u8 {
            for shift in [0usize, 1, 77] {
                let y: Vec<u8> = all.iter().map(|&value| value.wrapping_mul(3).wrapping_add(first)).collect();
                let cr: Vec<u8> = all.iter().map(|&value| value.wrapping_add(first.wrapping_mul(5))).collect();
                let count = 256 - shift;
                let convert = |level| {
                    let mut to = vec![0; 3 * count];
                    ycbcr(level, &y[shift..], &all[shift..], &cr[shift..], &mut to);
                    to
                };
                let plain = convert(Level::Scalar);
                Level::all().into_iter().for_each(|level| assert_eq!(convert(level), plain, "{level:?}"));
            }
        }
    }

    #[test]
    fn grey_stays_grey() {
        assert_eq!([0, 77, 255].map(|y| rgb(y, 128, 128)), [[0; 3], [77; 3], [255; 3]]);
        assert_eq!(rgb(76, 85, 255), [254, 0, 0], "red, by the tables of libjpeg");
    }
}
