//! Decoded planes to red, green and blue. Source: ITU-T H.273, clause 8.3; chroma samples are repeated, as sharp does it.
#![allow(unsafe_code)] // SIMD: compiled for several instruction sets by `at_level!`.

use super::{
    av1_decoder::{Frame, Stored, Subsampling},
    items::Nclx,
};
use crate::simd::{Level, at_level};

/// Bits after the point in the factors.
const FRACTION: u32 = 14;

/// Pixels that are converted at a time: their planes stay in the nearest cache.
const BLOCK: usize = 64;

/// A sample as it is given: 8 bits, or 16 of which the lowest may be zero.
pub(super) trait Given: Copy {
    const BITS: u32;
    fn from_i32(value: i32) -> Self;
}
impl Given for u8 {
    const BITS: u32 = u8::BITS;
    fn from_i32(value: i32) -> Self {
        value as u8
    }
}
impl Given for u16 {
    const BITS: u32 = u16::BITS;
    fn from_i32(value: i32) -> Self {
        value as u16
    }
}

/// How the planes of a frame become RGB.
#[derive(Debug, Clone, Copy)]
pub(super) struct ToRgb {
    level: Level,
    matrix: Matrix,
    /// Largest sample.
    max: i32,
    /// Sample of no colour.
    middle: i32,
    /// Luma of black, and factors that stretch a limited range to the full one.
    black: i32,
    luma_factor: i32,
    chroma_factors: [i32; 4],
    /// Places to the left to the width of the result, then to the right.
    widen: u32,
    narrow: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Matrix {
    /// The planes are green, blue, red.
    Identity,
    /// Luma and two differences of colour.
    Differences,
    /// Luma, orange against blue, green against magenta.
    YCgCo,
}

/// Shares of red and blue in luma, by the number of the matrix.
fn shares(matrix: u16) -> (f64, f64) {
    match matrix {
        1 | 12 => (0.2126, 0.0722),
        4 => (0.30, 0.11),
        7 => (0.212, 0.087),
        9 | 10 => (0.2627, 0.0593),
        _ => (0.299, 0.114),
    }
}

impl ToRgb {
    /// From samples of `depth` bits to `bits`: 8, or 16 of which the lowest are zero.
    pub(super) fn new(colour: Nclx, depth: u32, bits: u32) -> Self {
        let one = f64::from(1 << FRACTION);
        let fixed = |factor: f64| (factor * one).round() as i32;
        let scale = 1 << (depth - 8);
        let (black, luma, chroma) = match colour.full_range {
            true => (0, 1.0, 1.0),
            false => {
                let max = f64::from((1 << depth) - 1);
                (16 * scale, max / f64::from(219 * scale), max / f64::from(224 * scale))
            }
        };
        let (red, blue) = shares(colour.matrix);
        let green = 1.0 - red - blue;
        let (to_red, to_blue) = (2.0 * (1.0 - red) * chroma, 2.0 * (1.0 - blue) * chroma);
        Self {
            level: Level::best(),
            matrix: match colour.matrix {
                0 => Matrix::Identity,
                8 => Matrix::YCgCo,
                _ => Matrix::Differences,
            },
            max: (1 << depth) - 1,
            middle: 1 << (depth - 1),
            black,
            luma_factor: fixed(luma),
            chroma_factors: [
                fixed(to_red),
                fixed(-to_blue * blue / green),
                fixed(-to_red * red / green),
                fixed(to_blue),
            ],
            widen: bits.saturating_sub(depth),
            narrow: depth.saturating_sub(bits),
        }
    }

    /// Row `y` of a frame as pixels of `channels` samples, of which the first three are written. As many pixels as `row` has
    /// room for; `None` when the frame has not so many, or not such samples.
    pub(super) fn row<S: Stored, G: Given>(
        &self,
        frame: &Frame,
        y: usize,
        row: &mut [G],
        channels: usize,
    ) -> Option<()> {
        let pixels = row.len() / channels;
        let luma = frame.row::<S>(0, y)?.get(..pixels)?;
        let chroma = |plane| {
            Some(match frame.subsampling() {
                Subsampling::Mono => None,
                Subsampling::Both => Some((frame.row::<S>(plane, y / 2)?, 1)),
                Subsampling::Across => Some((frame.row::<S>(plane, y)?, 1)),
                Subsampling::None => Some((frame.row::<S>(plane, y)?, 0)),
            })
        };
        let (blue, red) = (chroma(1)?, chroma(2)?);
        // An image of luma alone is grey, whatever the matrix.
        let by = if blue.is_some() { *self } else { Self { matrix: Matrix::Differences, ..*self } };
        let mut block = Block { luma: [0; BLOCK], blue: [self.middle; BLOCK], red: [self.middle; BLOCK] };
        let mut colours = Colours { green: [0; BLOCK], blue: [0; BLOCK], red: [0; BLOCK] };
        for (index, to) in row.chunks_mut(BLOCK * channels).enumerate() {
            let start = index * BLOCK;
            let len = to.len() / channels;
            spread(&mut block.luma, luma, start, len, 0);
            for (to, plane) in [(&mut block.blue, blue), (&mut block.red, red)] {
                if let Some((samples, halves)) = plane {
                    spread(to, samples, start, len, halves);
                }
            }
            convert(self.level, &block, &mut colours, &by);
            let Colours { green, blue, red } = &colours;
            for (x, pixel) in to.chunks_exact_mut(channels).enumerate() {
                pixel[0] = G::from_i32(red[x]);
                pixel[1] = G::from_i32(green[x]);
                pixel[2] = G::from_i32(blue[x]);
            }
        }
        Some(())
    }

    /// Row `y` of the luma plane as alpha: the last of `channels` samples.
    pub(super) fn alpha_row<S: Stored, G: Given>(
        &self,
        frame: &Frame,
        y: usize,
        row: &mut [G],
        channels: usize,
    ) -> Option<()> {
        let luma = frame.row::<S>(0, y)?.get(..row.len() / channels)?;
        let half = 1 << (FRACTION - 1);
        for (pixel, &sample) in row.chunks_exact_mut(channels).zip(luma) {
            let value = ((sample.into() - self.black) * self.luma_factor + half) >> FRACTION;
            pixel[channels - 1] = G::from_i32(value.clamp(0, self.max) << self.widen >> self.narrow);
        }
        Some(())
    }
}

/// Samples of some pixels, plane by plane. What is not filled stays as it was: a plane that an image lacks at its middle, and
/// the end of a row at samples of the block before.
struct Block {
    luma: [i32; BLOCK],
    blue: [i32; BLOCK],
    red: [i32; BLOCK],
}

/// What they are converted to.
struct Colours {
    green: [i32; BLOCK],
    blue: [i32; BLOCK],
    red: [i32; BLOCK],
}

/// Copies the samples of `len` pixels from `start` on, each 2^`halves` times.
fn spread<S: Stored>(to: &mut [i32; BLOCK], from: &[S], start: usize, len: usize, halves: u32) {
    let from = &from[start >> halves..];
    if halves == 0 {
        to.iter_mut().zip(&from[..len]).for_each(|(to, &from)| *to = from.into());
    } else {
        for (pair, &sample) in to[..len].chunks_mut(2).zip(from) {
            pair.fill(sample.into());
        }
    }
}

at_level! {
    /// Converts a block.
    fn convert(block: &Block, colours: &mut Colours, by: &ToRgb) {
        let half = 1 << (FRACTION - 1);
        let [red_red, green_blue, green_red, blue_blue] = by.chroma_factors;
        for x in 0..BLOCK {
            let (first, second, third) = (block.luma[x], block.blue[x], block.red[x]);
            let luma = (first - by.black) * by.luma_factor + half;
            let (cb, cr) = (second - by.middle, third - by.middle);
            let (green, blue, red) = match by.matrix {
                Matrix::Differences => (
                    (luma + cb * green_blue + cr * green_red) >> FRACTION,
                    (luma + cb * blue_blue) >> FRACTION,
                    (luma + cr * red_red) >> FRACTION,
                ),
                Matrix::Identity => {
                    let stretch = |sample: i32| ((sample - by.black) * by.luma_factor + half) >> FRACTION;
                    (stretch(first), stretch(second), stretch(third))
                }
                Matrix::YCgCo => {
                    let luma = luma >> FRACTION;
                    (luma + cb, luma - cb - cr, luma - cb + cr)
                }
            };
            colours.green[x] = green.clamp(0, by.max) << by.widen >> by.narrow;
            colours.blue[x] = blue.clamp(0, by.max) << by.widen >> by.narrow;
            colours.red[x] = red.clamp(0, by.max) << by.widen >> by.narrow;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::heif::{
        av1_decoder::FrameDecoder,
        av1_encoder::{self, Settings, Tune},
        planes::{self, Layout, Planes},
    };

    fn pixel(colour: Nclx, depth: u32, [luma, blue, red]: [i32; 3]) -> [i32; 3] {
        let mut blocks = [Level::Scalar, Level::detect()].map(|level| {
            let block = Block { luma: [luma; BLOCK], blue: [blue; BLOCK], red: [red; BLOCK] };
            let mut colours = Colours { green: [0; BLOCK], blue: [0; BLOCK], red: [0; BLOCK] };
            convert(level, &block, &mut colours, &ToRgb::new(colour, depth, if depth == 8 { 8 } else { 16 }));
            [colours.red[BLOCK - 1], colours.green[BLOCK - 1], colours.blue[BLOCK - 1]]
        });
        assert_eq!(blocks[0], blocks[1]);
        std::mem::take(&mut blocks[0])
    }

    /// What an image of so many pixels in a row and this layout decodes to, and what each pixel is by itself.
    fn rows<S: Stored, P: planes::Stored, G: Given + PartialEq + std::fmt::Debug>(
        width: u32,
        depth: u32,
        layout: Layout,
    ) {
        const HEIGHT: u32 = 3;
        let mut planes = Planes::<P>::new(width, HEIGHT, layout, depth).unwrap();
        let mut state = width;
        for plane in 0..if layout == Layout::Mono { 1 } else { 3 } {
            for sample in planes.plane(plane).0 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *sample = P::from_i32((state >> (32 - depth)) as i32);
            }
        }
        let settings = Settings { depth, speed: 9, quantizer: 9, lossless: false, matrix: 6, tune: Tune::Psnr };
        let stream = av1_encoder::encode(&mut planes, &settings).unwrap();
        let frame = FrameDecoder::default().decode(stream, 0, 1 << 20).unwrap();
        for level in [Level::Scalar, Level::detect()] {
            let by = ToRgb { level, ..ToRgb::new(frame.colour(), depth, G::BITS) };
            for y in 0..HEIGHT as usize {
                let mut row = vec![G::from_i32(0); width as usize * 3];
                by.row::<S, G>(&frame, y, &mut row, 3).unwrap();
                for (x, pixel) in row.chunks_exact(3).enumerate() {
                    let (halved, down) = if layout == Layout::Half { (x / 2, y / 2) } else { (x, y) };
                    let chroma = |plane| frame.row::<S>(plane, down).map_or(by.middle, |row| row[halved].into());
                    let samples = [frame.row::<S>(0, y).unwrap()[x].into(), chroma(1), chroma(2)];
                    let [luma, blue, red] = samples.map(|sample| [sample; BLOCK]);
                    let mut colours = Colours { green: [0; BLOCK], blue: [0; BLOCK], red: [0; BLOCK] };
                    convert(Level::Scalar, &Block { luma, blue, red }, &mut colours, &by);
                    let alone = [colours.red[0], colours.green[0], colours.blue[0]].map(G::from_i32);
                    assert_eq!(pixel, alone, "{x}, {y} of {width} in {depth} bits, {layout:?}");
                }
            }
        }
    }

    #[test]
    fn rows_of_every_width_are_converted_as_pixels_are() {
        for width in 1..=130 {
            rows::<u8, u8, u8>(width, 8, Layout::Mono);
            rows::<u8, u8, u8>(width, 8, Layout::Half);
            rows::<u16, u16, u16>(width, 10, Layout::Half);
        }
        for width in [1, 63, 64, 65, 128, 129] {
            rows::<u8, u8, u8>(width, 8, Layout::Full);
            rows::<u16, u16, u16>(width, 12, Layout::Mono);
            rows::<u16, u16, u8>(width, 12, Layout::Full);
        }
    }

    fn coded(matrix: u16, full_range: bool) -> Nclx {
        Nclx { primaries: 1, transfer: 13, matrix, full_range }
    }

    #[test]
    fn known_colours() {
        let bt601 = coded(6, true);
        assert_eq!(pixel(bt601, 8, [255, 128, 128]), [255, 255, 255]);
        assert_eq!(pixel(bt601, 8, [76, 85, 255]), [254, 0, 0]);
        assert_eq!(pixel(bt601, 8, [29, 255, 107]), [0, 0, 254]);
        assert_eq!(pixel(coded(6, false), 8, [235, 128, 128]), [255, 255, 255]);
        assert_eq!(pixel(coded(1, false), 8, [16, 128, 128]), [0, 0, 0]);
        assert_eq!(pixel(coded(0, true), 10, [5, 6, 7]), [7 << 6, 5 << 6, 6 << 6]);
        assert_eq!(pixel(bt601, 12, [4095, 2048, 2048]), [4095 << 4; 3]);
    }
}
