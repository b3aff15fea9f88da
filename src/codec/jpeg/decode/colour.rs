//! From components to the pixels that are given out. Formulas: JFIF 1.02; constants and rounding are libjpeg's.
#![allow(unsafe_code)] // Loops compiled for a wider instruction set.

use crate::simd::at_level;

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

at_level! {
    /// YCbCr to RGB.
    pub(super) fn ycbcr(y: &[u8], cb: &[u8], cr: &[u8], to: &mut [u8]) {
        for (((to, &y), &cb), &cr) in to.as_chunks_mut::<3>().0.iter_mut().zip(y).zip(cb).zip(cr) {
            *to = rgb(y, cb, cr);
        }
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
