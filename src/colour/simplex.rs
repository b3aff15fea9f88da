//! Four inks to three colours by a table: interpolation in the simplex of five nodes around a pixel.
//!
//! Source: Kasson et al., Performing color space conversions with three-dimensional linear interpolation, 1995, carried to
//! four dimensions.

use crate::{
    error::Result,
    image::{ColourSpace, Depth, PixelFormat, Row, RowMut, Rows, depth_mismatch, map::map_rows},
};

/// Fractional bits of a place between two nodes.
const PLACE_BITS: u32 = 8;
/// Fractional bits of the colours in a table.
pub(super) const COLOUR_BITS: u32 = 5;
const SHIFT: u32 = PLACE_BITS + COLOUR_BITS;

/// A table of colours over cyan, magenta, yellow and black.
pub(super) struct Simplex {
    /// For each code of each ink: the node below, and the way to the next.
    places: [[(u32, Step); 256]; 4],
    /// Red, green, blue in 1/2^[`COLOUR_BITS`] of a code, and padding that makes a colour one vector.
    colours: Vec<[i16; 4]>,
}

/// The way towards a next node: `fraction << 16 | stride`, so that steps are ordered by fraction.
type Step = u32;

impl Simplex {
    /// A table with nodes at the codes `positions` of each ink, from 0 to 255; `colours` has one entry for each
    /// combination, black innermost.
    pub(super) fn new(positions: [&[u8]; 4], colours: Vec<[i16; 4]>) -> Self {
        let stride = |ink: usize| positions[ink + 1..].iter().map(|nodes| nodes.len() as u32).product();
        let places =
            std::array::from_fn(|ink| std::array::from_fn(|code| place(positions[ink], stride(ink), code as u8)));
        assert_eq!(colours.len(), positions.iter().map(|nodes| nodes.len()).product::<usize>());
        Self { places, colours }
    }

    /// A table with as many nodes for each ink, among which each code of each ink has its place.
    pub(super) fn with_places(nodes: usize, places: &[[f64; 256]; 4], colours: Vec<[i16; 4]>) -> Self {
        assert_eq!(colours.len(), nodes.pow(4));
        let step = |ink: usize, code: usize| {
            let stride = nodes.pow(3 - ink as u32) as u32;
            let place = places[ink][code].clamp(0.0, (nodes - 1) as f64);
            let cell = (place as usize).min(nodes - 2);
            let fraction = ((place - cell as f64) * f64::from(1 << PLACE_BITS)).round() as u32;
            (cell as u32 * stride, fraction << 16 | stride)
        };
        let places = std::array::from_fn(|ink| std::array::from_fn(|code| step(ink, code)));
        Self { places, colours }
    }

    pub(super) fn colour(&self, inks: [u8; 4]) -> [u8; 3] {
        let [cyan, magenta, yellow, black]: [_; 4] = std::array::from_fn(|ink| self.places[ink][inks[ink] as usize]);
        let mut node = (cyan.0 + magenta.0 + yellow.0 + black.0) as usize;
        let mut sum = [1 << (SHIFT - 1); 4];
        let mut before = 1 << PLACE_BITS;
        for step in sorted([cyan.1, magenta.1, yellow.1, black.1]) {
            let fraction = (step >> 16) as i32;
            add(&mut sum, &self.colours[node], before - fraction);
            before = fraction;
            node += (step & 0xffff) as usize;
        }
        add(&mut sum, &self.colours[node], before);
        let [red, green, blue, _] = sum.map(|sum| (sum >> SHIFT).clamp(0, 255) as u8);
        [red, green, blue]
    }

    fn convert(&self, from: &[u8], to: &mut [u8], alpha: bool) {
        if alpha {
            let (from, _) = from.as_chunks::<5>();
            let (to, _) = to.as_chunks_mut::<4>();
            for (to, &[cyan, magenta, yellow, black, alpha]) in to.iter_mut().zip(from) {
                let [red, green, blue] = self.colour([cyan, magenta, yellow, black]);
                *to = [red, green, blue, alpha];
            }
        } else {
            let (from, _) = from.as_chunks::<4>();
            let (to, _) = to.as_chunks_mut::<3>();
            to.iter_mut().zip(from).for_each(|(to, inks)| *to = self.colour(*inks));
        }
    }
}

/// CMYK, 0 is no ink, to sRGB by a table; alpha stays.
pub(super) fn convert<'a>(source: Rows<'a>, table: impl AsRef<Simplex> + Send + 'a) -> Result<Rows<'a>> {
    let spec = source.spec();
    let alpha = spec.format.alpha;
    let srgb = PixelFormat::new(ColourSpace::Srgb, Depth::U8, alpha);
    map_rows(source, spec.with_format(srgb), move |from, to| {
        let (Row::U8(from), RowMut::U8(to)) = (from, to) else { return Err(depth_mismatch()) };
        table.as_ref().convert(from, to, alpha);
        Ok(())
    })
}

impl AsRef<Simplex> for Simplex {
    fn as_ref(&self) -> &Simplex {
        self
    }
}

fn add(sum: &mut [i32; 4], colour: &[i16; 4], weight: i32) {
    sum.iter_mut().zip(colour).for_each(|(sum, &colour)| *sum += i32::from(colour) * weight);
}

/// Four values from high to low.
fn sorted([a, b, c, d]: [Step; 4]) -> [Step; 4] {
    let order = |a: Step, b: Step| (a.max(b), a.min(b));
    let ((a, b), (c, d)) = (order(a, b), order(c, d));
    let ((a, c), (b, d)) = (order(a, c), order(b, d));
    let (b, c) = order(b, c);
    [a, b, c, d]
}

fn place(positions: &[u8], stride: u32, code: u8) -> (u32, Step) {
    let inner = &positions[1..positions.len() - 1];
    let cell = inner.iter().filter(|&&position| position <= code).count();
    let (low, high) = (u32::from(positions[cell]), u32::from(positions[cell + 1]));
    let fraction = ((u32::from(code) - low) << PLACE_BITS) / (high - low);
    (cell as u32 * stride, fraction << 16 | stride)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{image, samples};

    #[test]
    fn a_table_of_a_linear_function_gives_it_back() {
        let nodes = [0u8, 51, 102, 153, 204, 255];
        let mut colours = Vec::new();
        for cyan in nodes {
            for magenta in nodes {
                for yellow in nodes {
                    for black in nodes {
                        let mean = (i16::from(magenta) + i16::from(black)) / 2;
                        colours.push([i16::from(cyan), i16::from(yellow), mean, 0].map(|value| value << COLOUR_BITS));
                    }
                }
            }
        }
        let table = Simplex::new([&nodes; 4], colours);
        for inks in [[0, 0, 0, 0], [255, 255, 255, 255], [10, 200, 30, 40], [254, 1, 128, 99], [50, 51, 52, 53]] {
            let colour = table.colour(inks);
            let mean = ((u16::from(inks[1]) + u16::from(inks[3])) / 2) as u8;
            for (ours, wanted) in colour.iter().zip([inks[0], inks[2], mean]) {
                assert!(ours.abs_diff(wanted) <= 1, "{inks:?}: {colour:?}");
            }
        }
    }

    #[test]
    fn alpha_stays() {
        let format = PixelFormat::new(ColourSpace::Cmyk, Depth::U8, true);
        let inks = image(2, 1, format, vec![0, 0, 0, 0, 9, 255, 0, 0, 0, 200]);
        let table = Simplex::new([&[0, 255]; 4], (0..16).map(|node| [node << COLOUR_BITS; 4]).collect());
        let colours = samples(convert(Box::new(inks.into_rows()), table).unwrap());
        assert_eq!(colours, [0, 0, 0, 9, 8, 8, 8, 200]);
    }

    #[test]
    fn sorting_network_sorts() {
        for code in 0..256u32 {
            let values = [code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6];
            let mut wanted = values;
            wanted.sort_by(|a, b| b.cmp(a));
            assert_eq!(sorted(values), wanted);
        }
    }
}
