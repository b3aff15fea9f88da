//! CMYK without a profile to sRGB: a table of printed colours.
//!
//! There is no formula for the colour of overprinted inks. The table is fitted to what sharp makes of a grid of inks
//! (`scripts/fit-cmyk.mjs`); it is off by 0.9 of 255 on average for random inks, by 1.0 for those of images.

mod nodes;
pub(super) mod separate;

use std::sync::OnceLock;

use super::{
    simplex::{self, COLOUR_BITS, Simplex},
    transfer::{from_linear, to_linear},
};
use crate::{
    error::Result,
    image::{Rows, lookup},
};

/// Nodes per ink.
pub(super) const NODES: usize = 5;
pub(super) use nodes::POSITIONS;

/// CMYK, 0 is no ink, to sRGB; the darkest print is black.
pub(super) fn convert(source: Rows<'_>) -> Result<Rows<'_>> {
    static TABLE: OnceLock<Simplex> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let (colours, _) = nodes::COLOURS.as_chunks::<3>();
        let colours = colours.iter().map(|&[red, green, blue]| [red, green, blue, 0].map(|value| value << COLOUR_BITS));
        Simplex::new(POSITIONS.each_ref().map(|nodes| nodes.as_slice()), colours.collect())
    });
    simplex::convert(source, table)
}

/// The sRGB colour, 0 to 255, of inks, 0 to 255, between the nodes of the table.
pub(super) fn printed(inks: [f64; 4]) -> [f64; 3] {
    let mut node = 0;
    let mut steps = [(0.0, 0); 4];
    for (ink, positions) in POSITIONS.iter().enumerate() {
        let stride = NODES.pow(3 - ink as u32);
        let value = inks[ink].clamp(0.0, 255.0);
        let below = (1..NODES - 1).rev().find(|&at| f64::from(positions[at]) <= value).unwrap_or(0);
        let (start, end) = (f64::from(positions[below]), f64::from(positions[below + 1]));
        node += below * stride;
        steps[ink] = ((value - start) / (end - start), stride);
    }
    steps.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut colour = [0.0; 3];
    let mut add = |node: usize, share: f64| {
        let entry = &nodes::COLOURS[node * 3..][..3];
        colour.iter_mut().zip(entry).for_each(|(sum, &value)| *sum += f64::from(value) * share);
    };
    let mut before = 1.0;
    for (fraction, stride) in steps {
        add(node, before - fraction);
        before = fraction;
        node += stride;
    }
    add(node, before);
    colour.map(|value| value.clamp(0.0, 255.0))
}

/// Linear light of the darkest print: what sharp makes of it where it does not stretch light to black.
const DARKEST: f64 = 0.0174;

/// The same as it looks on paper: black is the black of ink.
pub(super) fn as_printed(source: Rows<'_>) -> Result<Rows<'_>> {
    lookup::colours(convert(source)?, |code| {
        let light = to_linear(code / 255.0) * (1.0 - DARKEST) + DARKEST;
        from_linear(light) * 255.0 + 0.5
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        ColourSpace, Depth, PixelFormat,
        testing::{image, samples},
    };

    fn colours(inks: &[u8]) -> Vec<u8> {
        let format = PixelFormat::new(ColourSpace::Cmyk, Depth::U8, false);
        let picture = image((inks.len() / 4) as u32, 1, format, inks.to_vec());
        samples(convert(Box::new(picture.into_rows())).unwrap())
    }

    /// What sharp makes of solid inks and their overprints.
    #[test]
    fn solid_inks_are_as_sharp_has_them() {
        let peer = [
            ([0, 0, 0, 0], [255, 255, 255]),
            ([255, 0, 0, 0], [0, 153, 227]),
            ([0, 255, 0, 0], [234, 0, 128]),
            ([255, 255, 0, 0], [32, 6, 117]),
            ([0, 0, 255, 0], [255, 240, 0]),
            ([255, 0, 255, 0], [0, 141, 45]),
            ([0, 255, 255, 0], [232, 0, 0]),
            ([255, 255, 255, 0], [33, 17, 31]),
            ([0, 0, 0, 255], [20, 5, 0]),
            ([0, 0, 0, 128], [134, 133, 132]),
            ([255, 255, 255, 255], [0, 0, 0]),
        ];
        for (inks, wanted) in peer {
            let colour = colours(&inks);
            for (ours, theirs) in colour.iter().zip(wanted) {
                assert!(ours.abs_diff(theirs) <= 8, "{inks:?}: {colour:?}, peer {wanted:?}");
            }
        }
        assert_eq!(colours(&[0; 4]), [255; 3], "paper is white");
    }

    #[test]
    fn both_ways_to_a_colour_agree() {
        for inks in [[0u8; 4], [255; 4], [10, 200, 99, 30], [58, 70, 152, 140], [1, 2, 3, 4]] {
            let (bytes, exact) = (colours(&inks), printed(inks.map(f64::from)));
            assert!(
                bytes.iter().zip(exact).all(|(a, b)| (f64::from(*a) - b).abs() < 1.6),
                "{inks:?} {bytes:?} {exact:?}"
            );
        }
    }

    #[test]
    fn more_black_is_never_lighter() {
        let blacks: Vec<u8> = (0..=255).flat_map(|black| [40, 80, 10, black]).collect();
        let sum = |colour: &[u8]| colour.iter().map(|&value| u32::from(value)).sum::<u32>();
        let light: Vec<u32> = colours(&blacks).chunks(3).map(sum).collect();
        assert!(light.is_sorted_by(|a, b| a >= b), "{light:?}");
    }
}
