//! Colour to grey by luminance.

use std::sync::OnceLock;

use super::transfer::{CODES, STEPS, linear_table, node_code_table, to_linear};
use crate::{
    error::Result,
    image::{ColourSpace, Depth, PixelFormat, Row, RowMut, Rows, depth_mismatch, map::map_rows},
};

/// Weights of linear red, green and blue in luminance, in 1/65536. Source: ITU-R BT.709.
const WEIGHTS: [u32; 3] = [13933, 46871, 4732];

/// Luminance of 8-bit sRGB.
#[derive(Clone, Copy)]
pub(crate) struct Luminance {
    /// What each code of each channel gives, in 2⁻¹⁶ of a step of light.
    shares: &'static [[u32; 256]; 3],
    codes: &'static [u8; CODES],
}

impl Luminance {
    pub(crate) fn new() -> Self {
        static SHARES: OnceLock<[[u32; 256]; 3]> = OnceLock::new();
        let shares = || WEIGHTS.map(|weight| linear_table().map(|light| light * weight));
        Self { shares: SHARES.get_or_init(shares), codes: node_code_table() }
    }

    /// Linear light of a colour, 0 to 65535.
    #[inline]
    pub(crate) fn light(&self, [red, green, blue]: [u8; 3]) -> u16 {
        let [reds, greens, blues] = self.shares;
        round(reds[red as usize] + greens[green as usize] + blues[blue as usize])
    }

    /// The grey of the same luminance.
    #[inline]
    pub(crate) fn grey(&self, colour: [u8; 3]) -> u8 {
        self.codes[self.light(colour) as usize]
    }
}

/// The sum of light times weights, in whole steps. The weights add up to 1, so that no sum overflows.
#[inline]
fn round(sum: u32) -> u16 {
    ((sum + (1 << 15)) >> 16) as u16
}

/// 8-bit or 16-bit sRGB to 8-bit grey: luminance of the linear light, with the sRGB curve again.
pub(super) fn convert(source: Rows<'_>) -> Result<Rows<'_>> {
    let spec = source.spec();
    let channels = spec.format.channels();
    let alpha = spec.format.alpha;
    let grey = spec.with_format(PixelFormat::new(ColourSpace::Grey, Depth::U8, alpha));
    if spec.format.depth == Depth::U8 {
        let luminance = Luminance::new();
        return map_rows(source, grey, move |from, to| {
            let (Row::U8(from), RowMut::U8(to)) = (from, to) else { return Err(depth_mismatch()) };
            if alpha {
                for (&[red, green, blue, alpha], to) in from.as_chunks::<4>().0.iter().zip(to.as_chunks_mut::<2>().0) {
                    *to = [luminance.grey([red, green, blue]), alpha];
                }
            } else {
                from.as_chunks::<3>().0.iter().zip(to).for_each(|(&colour, to)| *to = luminance.grey(colour));
            }
            Ok(())
        });
    }
    // One entry for each 16-bit code; made on first use of a 16-bit image only.
    let codes = node_code_table();
    let linear: Vec<u32> =
        (0..=u16::MAX).map(|code| (to_linear(f64::from(code) / 65535.0) * f64::from(STEPS)).round() as u32).collect();
    map_rows(source, grey, move |from, to| {
        let (Row::U16(from), RowMut::U8(to)) = (from, to) else { return Err(depth_mismatch()) };
        for (from, to) in from.chunks_exact(channels).zip(to.chunks_exact_mut(channels - 2)) {
            let sum: u32 = from.iter().zip(WEIGHTS).map(|(&code, weight)| linear[code as usize] * weight).sum();
            to[0] = codes[round(sum) as usize];
            if alpha {
                to[1] = (from[3] >> 8) as u8;
            }
        }
        Ok(())
    })
}
