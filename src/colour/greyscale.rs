//! Colour to grey by luminance.

use std::sync::OnceLock;

use super::transfer::{NodeCodes, to_linear};
use crate::{
    error::Result,
    image::{ColourSpace, Depth, PixelFormat, Row, RowMut, Rows, depth_mismatch, map::map_rows},
};

/// Weights of linear red, green and blue in luminance. Source: ITU-R BT.709.
const WEIGHTS: [f64; 3] = [0.2126, 0.7152, 0.0722];

/// Luminance of 8-bit sRGB.
#[derive(Clone, Copy)]
pub(crate) struct Luminance {
    /// What each code of each channel adds to the light, of which [`u32::MAX`] is white.
    shares: &'static [[u32; 256]; 3],
    codes: &'static NodeCodes,
}

impl Luminance {
    pub(crate) fn new() -> Self {
        static SHARES: OnceLock<[[u32; 256]; 3]> = OnceLock::new();
        let shares = || WEIGHTS.map(|weight| std::array::from_fn(|code| share(weight, code as f64 / 255.0)));
        Self { shares: SHARES.get_or_init(shares), codes: NodeCodes::get() }
    }

    /// Linear light of a colour, 0 to 65535.
    #[inline]
    pub(crate) fn light(&self, colour: [u8; 3]) -> u16 {
        // 65,535 steps of 65,537 are all 32 bits.
        (self.sum(colour).saturating_add(32768) / 65537) as u16
    }

    /// The grey of the same luminance.
    #[inline]
    pub(crate) fn grey(&self, colour: [u8; 3]) -> u8 {
        self.codes.code(self.sum(colour))
    }

    #[inline]
    fn sum(&self, [red, green, blue]: [u8; 3]) -> u32 {
        let [reds, greens, blues] = self.shares;
        reds[red as usize] + greens[green as usize] + blues[blue as usize]
    }
}

/// What a sample from 0 to 1 adds to the light of a colour. Rounded down: the weights add up to 1, so that no sum overflows.
fn share(weight: f64, sample: f64) -> u32 {
    (to_linear(sample) * weight * f64::from(u32::MAX)) as u32
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
    let codes = NodeCodes::get();
    let shares = |weight| (0..=u16::MAX).map(|code| share(weight, f64::from(code) / 65535.0)).collect::<Vec<u32>>();
    let [reds, greens, blues] = WEIGHTS.map(shares);
    map_rows(source, grey, move |from, to| {
        let (Row::U16(from), RowMut::U8(to)) = (from, to) else { return Err(depth_mismatch()) };
        for (from, to) in from.chunks_exact(channels).zip(to.chunks_exact_mut(channels - 2)) {
            to[0] = codes.code(reds[from[0] as usize] + greens[from[1] as usize] + blues[from[2] as usize]);
            if alpha {
                to[1] = (from[3] >> 8) as u8;
            }
        }
        Ok(())
    })
}
