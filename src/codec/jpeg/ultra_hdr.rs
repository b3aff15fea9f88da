//! Linear light as an image for any display, with a gain map for those that are brighter.

use std::io::Write;

use super::{
    JpegOptions,
    encode::{Writer, gain_map_settings, settings},
    gain_map,
};
use crate::{
    colour::{
        gain_map::{Darkened, gain_code, made_info, tone_map},
        icc::Standard,
    },
    error::Result,
    image::{ColourSpace, Depth, PixelFormat, RowSource, Samples, depth_mismatch, zeroed},
    meta::Metadata,
};

/// Pixels of the image in one of its gain map, on each axis.
const SCALE: usize = 2;

/// Writes rows of [`ColourSpace::ScRgb`]. The image is in Display P3, whatever profile `metadata` has.
pub(super) fn encode(
    rows: &mut dyn RowSource,
    options: &JpegOptions,
    metadata: &Metadata,
    out: &mut dyn Write,
) -> Result<()> {
    let spec = rows.spec();
    let half = |side: u32| (side / SCALE as u32).max(1);
    let map_spec = spec.resized(half(spec.width), half(spec.height)).with_format(PixelFormat::new(
        ColourSpace::Grey,
        Depth::U8,
        false,
    ));
    let icc = Some(Standard::DisplayP3.profile().bytes().to_vec());
    let (mut picture_bytes, mut map_bytes) = (Vec::new(), Vec::new());
    let mut picture =
        Writer::start(&settings(&spec, options), &Metadata { icc, ..metadata.clone() }, &mut picture_bytes)?;
    let mut map = Writer::start(&gain_map_settings(&map_spec, options), &Metadata::default(), &mut map_bytes)?;

    let mut light = Samples::row_of(&spec)?;
    let mut codes = zeroed::<u8>(spec.row_samples())?;
    let mut darkened = zeroed::<Darkened>(spec.width as usize)?;
    let mut block = Block::new(map_spec.width as usize)?;
    let mut map_rows = map_spec.height;
    for _ in 0..spec.height {
        rows.next_row(light.all_mut())?;
        let Samples::F32(light) = &light else { return Err(depth_mismatch()) };
        tone_map(light, &mut codes, &mut darkened);
        picture.row(&codes)?;
        block.add(&darkened);
        if (block.rows == SCALE || spec.height == 1) && map_rows > 0 {
            map_rows -= 1;
            map.row(block.take())?;
        }
    }
    picture.finish()?;
    map.finish()?;
    gain_map::attach(&picture_bytes, &map_bytes, &made_info(), out)
}

/// Rows of pixels that become one row of the gain map.
struct Block {
    rows: usize,
    sums: Vec<Darkened>,
    codes: Vec<u8>,
}

impl Block {
    fn new(width: usize) -> Result<Self> {
        Ok(Self { rows: 0, sums: zeroed(width)?, codes: zeroed(width)? })
    }

    fn add(&mut self, pixels: &[Darkened]) {
        self.rows += 1;
        for (sum, pixels) in self.sums.iter_mut().zip(pixels.chunks(SCALE)) {
            for pixel in pixels {
                sum.before += pixel.before;
                sum.after += pixel.after;
            }
        }
    }

    /// The row of the map; the block is empty after.
    fn take(&mut self) -> &[u8] {
        self.rows = 0;
        for (code, sum) in self.codes.iter_mut().zip(&mut self.sums) {
            *code = gain_code(std::mem::take(sum));
        }
        &self.codes
    }
}
