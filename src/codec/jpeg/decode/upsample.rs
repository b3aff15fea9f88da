//! Chroma at the resolution of luma. The filters, their rounding, and when which is used are libjpeg's.
#![allow(unsafe_code)] // Loops compiled for a wider instruction set.

use super::{
    frame::{Frame, Layout},
    report::{Report, Stop},
};
use crate::simd::at_level;

/// How one component gets its samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Upsampling {
    /// It has them.
    None,
    /// A triangle filter, horizontally.
    FancyH2,
    /// A triangle filter, vertically.
    FancyV2,
    /// A triangle filter in both directions.
    FancyH2V2,
    /// Samples are repeated so often, horizontally and vertically.
    Repeat(u32, u32),
}

impl Upsampling {
    /// Whether the rows above and below are looked at.
    pub(super) fn needs_context(self) -> bool {
        matches!(self, Self::FancyV2 | Self::FancyH2V2)
    }
}

/// How each component gets its samples, or a refusal. `least`: samples to a side of a block of the largest component.
pub(super) fn upsampling(
    frame: &Frame,
    layouts: &[Layout],
    least: u32,
    report: &mut Report,
) -> Result<Vec<Upsampling>, Stop> {
    // Where blocks become single samples, libjpeg cannot look at neighbours.
    let fancy = least > 1;
    let mut all = Vec::new();
    for layout in layouts {
        let (h, v) = (layout.h * layout.size / least, layout.v * layout.size / least);
        let (max_h, max_v) = (frame.max_h, frame.max_v);
        let wide = fancy && layout.width > 2;
        all.push(match (max_h % h, max_v % v, max_h / h, max_v / v) {
            (0, 0, 1, 1) => Upsampling::None,
            (0, 0, 2, 1) if wide => Upsampling::FancyH2,
            (0, 0, 1, 2) if fancy => Upsampling::FancyV2,
            (0, 0, 2, 2) if wide => Upsampling::FancyH2V2,
            (0, 0, across, down) => Upsampling::Repeat(across, down),
            _ => return Err(report.stop("Fractional sampling not implemented yet")),
        });
    }
    Ok(all)
}

at_level! {
    /// A row at twice the width. `from` has the samples that belong to the image, 3 or more, `to` twice as many or one
    /// less.
    pub(super) fn h2(from: &[u8], to: &mut [u8]) {
        let last = from.len() - 1;
        let three = |at: usize| u16::from(from[at]) * 3;
        put(to, 0, from[0], ((three(0) + u16::from(from[1]) + 2) >> 2) as u8);
        let middle = from.len() - 2;
        let (left, here, right) = (&from[..middle], &from[1..][..middle], &from[2..][..middle]);
        let pairs = to[2..].as_chunks_mut::<2>().0;
        for (((pair, &left), &here), &right) in pairs.iter_mut().zip(left).zip(here).zip(right) {
            let here = u16::from(here) * 3;
            *pair = [((here + u16::from(left) + 1) >> 2) as u8, ((here + u16::from(right) + 2) >> 2) as u8];
        }
        put(to, last, ((three(last) + u16::from(from[last - 1]) + 1) >> 2) as u8, from[last]);
    }
}

at_level! {
    /// Three parts of a row and one of the nearest other one; `above` says whether that is above.
    pub(super) fn v2(near: &[u8], far: &[u8], above: bool, to: &mut [u8]) {
        let bias = if above { 1 } else { 2 };
        for ((to, &near), &far) in to.iter_mut().zip(near).zip(far) {
            *to = ((u16::from(near) * 3 + u16::from(far) + bias) >> 2) as u8;
        }
    }
}

at_level! {
    /// Both at once: a row at twice the width, of a row and the nearest other one, by way of `sums`.
    pub(super) fn h2v2(near: &[u8], far: &[u8], sums: &mut [u16], to: &mut [u8]) {
        let count = near.len();
        let sums = &mut sums[..count];
        for ((sum, &near), &far) in sums.iter_mut().zip(near).zip(far) {
            *sum = u16::from(near) * 3 + u16::from(far);
        }
        let last = count - 1;
        put(to, 0, ((sums[0] * 4 + 8) >> 4) as u8, ((sums[0] * 3 + sums[1] + 7) >> 4) as u8);
        let middle = count - 2;
        let (left, here, right) = (&sums[..middle], &sums[1..][..middle], &sums[2..][..middle]);
        let pairs = to[2..].as_chunks_mut::<2>().0;
        for (((pair, &left), &here), &right) in pairs.iter_mut().zip(left).zip(here).zip(right) {
            *pair = [((here * 3 + left + 8) >> 4) as u8, ((here * 3 + right + 7) >> 4) as u8];
        }
        put(to, last, ((sums[last] * 3 + sums[last - 1] + 8) >> 4) as u8, ((sums[last] * 4 + 7) >> 4) as u8);
    }
}

/// Puts the two samples that one becomes, as far as there is room.
#[inline(always)]
fn put(to: &mut [u8], at: usize, first: u8, second: u8) {
    for (to, value) in to.iter_mut().skip(2 * at).zip([first, second]) {
        *to = value;
    }
}

/// Repeats samples.
pub(super) fn repeat(from: &[u8], times: usize, to: &mut [u8]) {
    for (same, &value) in to.chunks_mut(times).zip(from) {
        same.fill(value);
    }
}
