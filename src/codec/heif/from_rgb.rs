//! Pixels to planes for the encoder, row by row: luma and two differences of colour by BT.601 in full range, or green, blue
//! and red as they are. Source: ITU-T H.273, clause 8.3.
#![allow(unsafe_code)] // SIMD: compiled for several instruction sets by `at_level!`.

use super::planes::{Planes, Stored};
use crate::{
    error::Result,
    image::zeroed,
    simd::{Level, at_level},
};

/// Bits after the point in the factors.
const FRACTION: u32 = 15;

const fn fixed(factor: f64) -> i32 {
    (factor * (1 << FRACTION) as f64 + if factor < 0.0 { -0.5 } else { 0.5 }) as i32
}

/// Shares of red, green and blue: in luma, in blue less luma, in red less luma.
const LUMA: [i32; 3] = [fixed(0.299), fixed(0.587), fixed(0.114)];
const BLUE: [i32; 3] = [fixed(-0.299 / 1.772), fixed(-0.587 / 1.772), fixed(0.5)];
const RED: [i32; 3] = [fixed(0.5), fixed(-0.587 / 1.402), fixed(-0.114 / 1.402)];

/// Pixels that are converted at a time: their channels stay in the nearest cache. Even, for pairs.
const BLOCK: usize = 64;

/// A sample of the rows that come in.
pub(super) trait Source: Copy {
    /// The sample at `depth` bits: 8 bits get zeroes, 16 lose their lowest.
    fn at_depth(self, depth: u32) -> i32;
}
impl Source for u8 {
    fn at_depth(self, depth: u32) -> i32 {
        i32::from(self) << (depth - 8)
    }
}
impl Source for u16 {
    fn at_depth(self, depth: u32) -> i32 {
        i32::from(self) >> (16 - depth)
    }
}

/// Fills the planes of an image from the top.
pub(super) struct FromRgb {
    level: Level,
    depth: u32,
    /// Green, blue and red as they are.
    identity: bool,
    /// Sums of red, green and blue over two pixels of a row and, after the second row, over four; empty when chroma is whole.
    sums: Vec<[i32; 3]>,
    /// Rows that came in.
    row: usize,
    height: usize,
}

impl FromRgb {
    /// For an image of `depth` bits; with `halve`, chroma planes are half as wide and high.
    pub(super) fn new((width, height): (u32, u32), depth: u32, identity: bool, halve: bool) -> Result<Self> {
        let sums = if halve { zeroed((width as usize).div_ceil(2))? } else { Vec::new() };
        Ok(Self { level: Level::best(), depth, identity, sums, row: 0, height: height as usize })
    }

    /// Takes the next row: pixels of `channels` samples, of which the first three count.
    pub(super) fn push<S: Source, P: Stored>(&mut self, row: &[S], channels: usize, planes: &mut Planes<P>) {
        let mut block = Block { red: [0; BLOCK], green: [0; BLOCK], blue: [0; BLOCK] };
        for (index, pixels) in row.chunks(BLOCK * channels).enumerate() {
            let start = index * BLOCK;
            let len = pixels.len() / channels;
            for (x, pixel) in pixels.chunks_exact(channels).enumerate() {
                block.red[x] = pixel[0].at_depth(self.depth);
                block.green[x] = pixel[1].at_depth(self.depth);
                block.blue[x] = pixel[2].at_depth(self.depth);
            }
            if !self.sums.is_empty() {
                self.add(&block, start / 2, len);
            }
            if !self.identity {
                convert(self.level, &mut block, self.depth);
            }
            // By now green is luma, blue and red are what they are called.
            store(&block.green, planes.row(0, self.row), start, len);
            if self.sums.is_empty() {
                store(&block.blue, planes.row(1, self.row), start, len);
                store(&block.red, planes.row(2, self.row), start, len);
            }
        }
        if !self.sums.is_empty() && (self.row % 2 == 1 || self.row + 1 == self.height) {
            self.chroma(planes);
        }
        self.row += 1;
    }

    /// Adds pairs of pixels to the sums; a pixel without a neighbour counts twice.
    fn add(&mut self, block: &Block, start: usize, len: usize) {
        for (pair, sum) in self.sums[start..].iter_mut().take(len.div_ceil(2)).enumerate() {
            let (first, second) = (pair * 2, (pair * 2 + 1).min(len - 1));
            for (sum, channel) in sum.iter_mut().zip([&block.red, &block.green, &block.blue]) {
                *sum += channel[first] + channel[second];
            }
        }
    }

    /// Writes a row of halved chroma, of two rows or of a last one without a neighbour, and begins anew.
    fn chroma<P: Stored>(&mut self, planes: &mut Planes<P>) {
        // A sum of four pixels has two bits more, of two pixels one.
        let bits = FRACTION + if self.row % 2 == 1 { 2 } else { 1 };
        let offset = (1 << (self.depth - 1) << bits) + (1 << (bits - 1));
        let max = (1 << self.depth) - 1;
        for (plane, shares) in [(1, BLUE), (2, RED)] {
            for (to, sum) in planes.row(plane, self.row / 2).iter_mut().zip(&self.sums) {
                let value: i32 = sum.iter().zip(shares).map(|(sum, share)| sum * share).sum();
                *to = P::from_i32(((value + offset) >> bits).clamp(0, max));
            }
        }
        self.sums.fill([0; 3]);
    }
}

/// Writes `len` samples from `start` on.
fn store<P: Stored>(from: &[i32; BLOCK], to: &mut [P], start: usize, len: usize) {
    to[start..start + len].iter_mut().zip(from).for_each(|(to, &from)| *to = P::from_i32(from));
}

/// Channels of some pixels; converted in place, green to luma.
struct Block {
    red: [i32; BLOCK],
    green: [i32; BLOCK],
    blue: [i32; BLOCK],
}

at_level! {
    /// Converts a block.
    fn convert(block: &mut Block, depth: u32) {
        let half = 1 << (FRACTION - 1);
        let middle = (1 << (depth - 1) << FRACTION) + half;
        let max = (1 << depth) - 1;
        for x in 0..BLOCK {
            let (red, green, blue) = (block.red[x], block.green[x], block.blue[x]);
            let sum = |[r, g, b]: [i32; 3]| red * r + green * g + blue * b;
            block.green[x] = ((sum(LUMA) + half) >> FRACTION).clamp(0, max);
            block.blue[x] = ((sum(BLUE) + middle) >> FRACTION).clamp(0, max);
            block.red[x] = ((sum(RED) + middle) >> FRACTION).clamp(0, max);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::planes::Layout;
    use super::*;

    #[test]
    fn known_colours() {
        for (rgb, expected) in
            [([255, 255, 255], [255, 128, 128]), ([255, 0, 0], [76, 85, 255]), ([0, 0, 255], [29, 255, 107])]
        {
            for level in [Level::Scalar, Level::detect()] {
                let [red, green, blue] = rgb.map(|value| [value; BLOCK]);
                let mut block = Block { red, green, blue };
                convert(level, &mut block, 8);
                assert_eq!([block.green[9], block.blue[9], block.red[9]], expected, "{rgb:?}");
            }
        }
    }

    #[test]
    fn chroma_of_four_pixels_is_that_of_their_mean() {
        let mut planes = Planes::<u8>::new(3, 3, Layout::Half, 8).unwrap();
        let mut from = FromRgb::new((3, 3), 8, false, true).unwrap();
        let (red, black) = ([255_u8, 0, 0], [0_u8; 3]);
        for row in [[red, black, red], [red, black, black], [black, black, red]] {
            from.push(row.as_flattened(), 3, &mut planes);
        }
        // Two of four pixels are red, and the last column has no neighbour; the last row stands for itself.
        assert_eq!(planes.row(2, 0), [192, 192]);
        assert_eq!(planes.row(2, 1), [128, 255]);
        assert_eq!(planes.row(0, 1), [76, 0, 0]);
    }

    /// The planes of an image, all samples of one plane after those of another.
    fn planes_of(pixels: &[[u8; 3]], width: usize, layout: Layout, level: Level) -> Vec<Vec<u8>> {
        let size = (width as u32, (pixels.len() / width) as u32);
        let mut planes = Planes::<u8>::new(size.0, size.1, layout, 8).unwrap();
        let from = FromRgb::new(size, 8, false, layout == Layout::Half).unwrap();
        let mut from = FromRgb { level, ..from };
        pixels.chunks(width).for_each(|row| from.push(row.as_flattened(), 3, &mut planes));
        (0..3).map(|plane| planes.plane(plane).0.to_vec()).collect()
    }

    #[test]
    fn rows_of_every_width_are_converted_as_pixels_are() {
        let noise = |at: usize| at.wrapping_mul(2_654_435_761).to_le_bytes();
        for (width, level) in (1..=130).flat_map(|width| [(width, Level::Scalar), (width, Level::detect())]) {
            let pixel = |at: usize| [noise(at)[1], noise(at)[2], noise(at)[3]];
            let pixels: Vec<_> = (0..width * 4).map(pixel).collect();
            let tall = planes_of(&pixels, 1, Layout::Full, Level::Scalar);
            assert_eq!(planes_of(&pixels, width, Layout::Full, level), tall, "{width}");
            let halved = planes_of(&pixels, width, Layout::Half, level);
            assert_eq!(halved[0], tall[0], "{width}");
            for (at, (blue, red)) in halved[1].iter().zip(&halved[2]).enumerate() {
                let (x, y) = (at % width.div_ceil(2) * 2, at / width.div_ceil(2) * 2);
                let next = (x + 1).min(width - 1);
                let four = [(x, y), (next, y), (x, y + 1), (next, y + 1)].map(|(x, y)| pixels[y * width + x]);
                let alone = planes_of(&four, 2, Layout::Half, Level::Scalar);
                assert_eq!((*blue, *red), (alone[1][0], alone[2][0]), "{x}, {y} of {width}");
            }
        }
    }
}
