//! Colour to grey by luminance.

use super::transfer::{STEPS, linear_table, node_code_table, to_linear};
use crate::{
    error::Result,
    image::{ColourSpace, Depth, PixelFormat, Row, RowMut, depth_mismatch},
    ops::{Rows, map::map_rows},
};

/// Weights of linear red, green and blue in luminance, in 1/65536. Source: ITU-R BT.709.
const WEIGHTS: [u32; 3] = [13933, 46871, 4732];

/// Luminance of 8-bit sRGB.
#[derive(Clone, Copy)]
pub(crate) struct Luminance {
    linear: &'static [u32; 256],
    codes: &'static [u8],
}

impl Luminance {
    pub(crate) fn new() -> Self {
        Self { linear: linear_table(), codes: node_code_table() }
    }

    /// Linear light of a colour, 0 to 65535.
    pub(crate) fn light(&self, colour: [u8; 3]) -> u32 {
        weigh(colour.map(|code| self.linear[code as usize]))
    }

    /// The grey of the same luminance.
    pub(crate) fn grey(&self, colour: [u8; 3]) -> u8 {
        self.codes[self.light(colour) as usize]
    }
}

/// Luminance of linear light, both 0 to [`STEPS`].
fn weigh(linear: [u32; 3]) -> u32 {
    let sum: u64 = linear.iter().zip(WEIGHTS).map(|(&light, weight)| u64::from(light) * u64::from(weight)).sum();
    (((sum + (1 << 15)) >> 16) as u32).min(STEPS)
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
            for (from, to) in from.chunks_exact(channels).zip(to.chunks_exact_mut(channels - 2)) {
                to[0] = luminance.grey([from[0], from[1], from[2]]);
                to[1..].copy_from_slice(&from[3..]);
            }
            Ok(())
        });
    }
    // One entry for each 16-bit code; made on first use of a 16-bit picture only.
    let codes = node_code_table();
    let linear: Vec<u32> =
        (0..=u16::MAX).map(|code| (to_linear(f64::from(code) / 65535.0) * f64::from(STEPS)).round() as u32).collect();
    map_rows(source, grey, move |from, to| {
        let (Row::U16(from), RowMut::U8(to)) = (from, to) else { return Err(depth_mismatch()) };
        for (from, to) in from.chunks_exact(channels).zip(to.chunks_exact_mut(channels - 2)) {
            to[0] = codes[weigh([from[0], from[1], from[2]].map(|code| linear[code as usize])) as usize];
            if alpha {
                to[1] = (from[3] >> 8) as u8;
            }
        }
        Ok(())
    })
}
