//! sRGB to CMYK: tables of sharp's separations (`scripts/sample-inks.mjs`) and interpolation between the four nodes around
//! a colour, off by 0.9 of 255 on average.
//!
//! Source: Kasson et al., Performing color space conversions with three-dimensional linear interpolation, 1995.

use crate::{
    error::Result,
    image::{ColourSpace, Depth, PixelFormat, Row, RowMut, Rows, depth_mismatch, map::map_rows},
};

/// Nodes per colour.
const NODES: usize = 17;
const STRIDES: [usize; 3] = [NODES * NODES, NODES, 1];

/// Cyan, magenta, yellow and black of each node, blue innermost.
#[derive(Clone, Copy)]
pub(in crate::colour) struct Separation(&'static [u8; 4 * NODES.pow(3)]);

/// For images without a profile: colours as they are where inks reach them.
pub(in crate::colour) static PLAIN: Separation = Separation(include_bytes!("inks.bin"));
/// For the profile that has a name: all of the scale, white to black, on that of print.
pub(in crate::colour) static PRESS: Separation = Separation(include_bytes!("press.bin"));

/// 8-bit sRGB to CMYK, 0 is no ink; alpha stays.
pub(in crate::colour) fn convert(source: Rows<'_>, table: Separation) -> Result<Rows<'_>> {
    let spec = source.spec();
    let alpha = spec.format.alpha;
    let (from_channels, to_channels) = (3 + usize::from(alpha), 4 + usize::from(alpha));
    let format = PixelFormat::new(ColourSpace::Cmyk, Depth::U8, alpha);
    map_rows(source, spec.with_format(format), move |from, to| {
        let (Row::U8(from), RowMut::U8(to)) = (from, to) else { return Err(depth_mismatch()) };
        for (from, to) in from.chunks_exact(from_channels).zip(to.chunks_exact_mut(to_channels)) {
            to[..4].copy_from_slice(&table.inks([from[0], from[1], from[2]]));
            if alpha {
                to[4] = from[3];
            }
        }
        Ok(())
    })
}

impl Separation {
    /// The inks of one colour.
    pub(in crate::colour) fn inks(self, colour: [u8; 3]) -> [u8; 4] {
        // A colour's place on each axis in 1/255 of the way between two nodes: the node below, and the way from there.
        let places = colour.map(|code| {
            let place = usize::from(code) * (NODES - 1);
            let node = (place / 255).min(NODES - 2);
            (node, place - node * 255)
        });
        let mut node: usize = places.iter().zip(STRIDES).map(|((node, _), stride)| node * stride).sum();
        let mut steps: [(usize, usize); 3] = std::array::from_fn(|axis| (places[axis].1, STRIDES[axis]));
        steps.sort_unstable_by_key(|&(way, _)| std::cmp::Reverse(way));
        let mut sum = [127; 4];
        let mut left = 255;
        for (way, stride) in steps {
            self.add(&mut sum, node, left - way);
            left = way;
            node += stride;
        }
        self.add(&mut sum, node, left);
        sum.map(|sum| (sum / 255) as u8)
    }

    fn add(self, sum: &mut [usize; 4], node: usize, weight: usize) {
        let inks = &self.0[4 * node..4 * node + 4];
        sum.iter_mut().zip(inks).for_each(|(sum, &ink)| *sum += usize::from(ink) * weight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What sharp makes of them.
    #[test]
    fn primaries_are_as_sharp_has_them() {
        assert_eq!(PLAIN.inks([255; 3]), [0; 4], "paper");
        assert_eq!(PLAIN.inks([0; 3]), [23, 0, 162, 255]);
        assert_eq!(PLAIN.inks([255, 0, 0]), [0, 255, 255, 0]);
        assert_eq!(PLAIN.inks([0, 255, 0]), [60, 0, 255, 0]);
        assert_eq!(PLAIN.inks([0, 0, 255]), [238, 195, 0, 0]);
        for (ours, wanted) in PLAIN.inks([128; 3]).into_iter().zip([4, 0, 3, 151_u8]) {
            assert!(ours.abs_diff(wanted) <= 4);
        }
        assert_eq!((PRESS.inks([255; 3]), PRESS.inks([0; 3])), ([0; 4], [50, 0, 209, 253]));
    }
}
