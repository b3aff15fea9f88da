//! Rows of pixels.

use super::{
    colour,
    decoder::{Colours, Decoder, Info, Samples},
    frame::MAX_COMPONENTS,
    plane::Plane,
    report::Stop,
    upsample::{self, Upsampling},
};
use crate::simd::Level;

/// Turns rows of MCUs into rows of pixels: RGB, grey, CMYK as the file has it, or unknown components side by side.
pub(crate) struct Rows<'a> {
    decoder: Decoder<'a>,
    samples: Samples,
    colours: Colours,
    width: usize,
    height: u32,
    next: u32,
    /// Rows of pixels that a row of MCUs has.
    mcu_height: u32,
    upsampling: Vec<Upsampling>,
    /// Whether rows of other rows of MCUs are looked at.
    context: bool,
    /// Two rows of MCUs of each component.
    planes: Vec<Plane>,
    /// A row of each component, upsampled.
    upsampled: Vec<Vec<u8>>,
    sums: Vec<u16>,
    level: Level,
}

impl<'a> Rows<'a> {
    /// Begins after the header was read, at 1/`denominator` of the size. Gives the decoder back when that fails, for what
    /// it has to say.
    pub(crate) fn start(
        mut decoder: Decoder<'a>,
        info: &Info,
        denominator: u32,
        fail_on_warning: bool,
    ) -> Result<Self, Box<Decoder<'a>>> {
        match Self::parts(&mut decoder, denominator, fail_on_warning) {
            Ok((samples, upsampling, planes)) => {
                let width = info.width.div_ceil(denominator) as usize;
                let room = samples.layouts.iter().map(|layout| layout.width as usize).max().unwrap_or(0);
                let upsampled = upsampling
                    .iter()
                    .map(|&how| if how == Upsampling::None { Vec::new() } else { vec![0; width] })
                    .collect();
                Ok(Self {
                    level: Level::best(),
                    colours: info.colours,
                    width,
                    height: info.height.div_ceil(denominator),
                    next: 0,
                    mcu_height: samples.max_v * 8 / denominator,
                    context: upsampling.iter().any(|how| how.needs_context()),
                    upsampling,
                    planes,
                    upsampled,
                    sums: vec![0; room],
                    decoder,
                    samples,
                })
            }
            Err(Stop) => Err(Box::new(decoder)),
        }
    }

    fn parts(
        decoder: &mut Decoder<'a>,
        denominator: u32,
        fail_on_warning: bool,
    ) -> Result<(Samples, Vec<Upsampling>, Vec<Plane>), Stop> {
        let (layouts, upsampling) = decoder.layouts(denominator)?;
        let samples = decoder.start(layouts, fail_on_warning)?;
        let planes = decoder.planes(&samples, 2)?;
        Ok((samples, upsampling, planes))
    }

    /// Samples in a row.
    pub(crate) fn row_samples(&self) -> usize {
        self.width * self.planes.len()
    }

    /// What is known of damage.
    pub(crate) fn decoder(&self) -> &Decoder<'a> {
        &self.decoder
    }

    /// Passes over rows.
    pub(crate) fn skip(&mut self, count: u32) {
        self.next = self.next.saturating_add(count).min(self.height);
    }

    /// Decodes the next row, of [`row_samples`](Self::row_samples).
    pub(crate) fn row(&mut self, to: &mut [u8]) -> Result<(), Stop> {
        let y = self.next;
        if y >= self.height || to.len() != self.row_samples() {
            return Err(Stop);
        }
        self.decode_for(y)?;
        self.next += 1;
        let Self { samples, upsampling, planes, upsampled, sums, level, .. } = self;
        let (height, level) = (self.mcu_height, *level);
        let mut components: [&[u8]; MAX_COMPONENTS] = [&[]; MAX_COMPONENTS];
        let mut parts = planes.iter().zip(&samples.layouts).zip(upsampling).zip(upsampled);
        for (component, (((plane, layout), how), room)) in components.iter_mut().zip(&mut parts) {
            let per_mcu = layout.mcu_rows();
            // A row by its number in the image, in one of two places; past the end the last one again.
            let row = |row: u32| plane.row((row.min(layout.height - 1) % (2 * per_mcu)) as usize);
            let near = y * per_mcu / height;
            let width = layout.width as usize;
            *component = match *how {
                Upsampling::None => row(near),
                Upsampling::Repeat(times, _) => {
                    upsample::repeat(row(near), times as usize, room);
                    room
                }
                Upsampling::FancyH2 => {
                    upsample::h2(level, &row(near)[..width], room);
                    room
                }
                Upsampling::FancyV2 | Upsampling::FancyH2V2 => {
                    let above = y.is_multiple_of(2);
                    let far = row(if above { near.saturating_sub(1) } else { near + 1 });
                    let near = row(near);
                    if *how == Upsampling::FancyV2 {
                        upsample::v2(level, near, far, above, room);
                    } else {
                        upsample::h2v2(level, &near[..width], &far[..width], sums, room);
                    }
                    room
                }
            };
        }
        match self.colours {
            Colours::YCbCr => colour::ycbcr(level, components[0], components[1], components[2], to),
            Colours::Ycck => colour::ycck([components[0], components[1], components[2], components[3]], to),
            _ => colour::interleave(&components[..planes.len()], to),
        }
        Ok(())
    }

    /// Decodes the rows of MCUs that a row needs and that are not decoded yet.
    fn decode_for(&mut self, y: u32) -> Result<(), Stop> {
        let (first, last) = if self.context {
            // Of the last rows of a row of MCUs all are decoded together with the next one.
            let group = self.samples.max_v;
            (y.saturating_sub(1) / self.mcu_height, ((y / group + 1) * group).min(self.height - 1) / self.mcu_height)
        } else {
            (y / self.mcu_height, y / self.mcu_height)
        };
        while self.samples.done() <= last {
            let row = self.samples.done();
            let planes = (row >= first).then_some(&mut self.planes[..]);
            self.decoder.next_mcu_row(&mut self.samples, planes, (row % 2) as usize)?;
        }
        Ok(())
    }
}
