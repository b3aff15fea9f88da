//! Lossy images by our own encoder: rows to planes to the chunks of a frame.

use super::{
    alpha::{self, AlphaOptions},
    ffi::Picture,
    options::WebpOptions,
    vp8::{self, Failure, Parameters, Planes},
};
use crate::{
    error::{Error, LimitError, Result},
    image::{RowMut, RowSource, Samples, Spec},
    simd::Level,
};

/// The chunks of an image.
pub(super) struct Frame {
    /// Payload of `ALPH`, if a pixel is not opaque.
    pub(super) alpha: Option<Vec<u8>>,
    /// Payload of `VP8 `.
    pub(super) image: Vec<u8>,
}

/// An image as the encoder wants it.
pub(super) struct Pixels {
    planes: Planes,
    /// Opacities, if one is not full.
    alpha: Option<Vec<u8>>,
}

impl Pixels {
    /// Reads the next `spec.height` rows. With `sharp`, chroma is reduced so that the colours of pixels stay near.
    pub(super) fn read(rows: &mut dyn RowSource, spec: Spec, sharp: bool) -> Result<Self> {
        if sharp { Self::read_sharp(rows, spec) } else { Self::read_averaged(rows, spec) }
    }

    fn read_averaged(rows: &mut dyn RowSource, spec: Spec) -> Result<Self> {
        let row_samples = spec.row_samples();
        let Samples::U8(mut pair) = Samples::zeroed(spec.format.depth, row_samples * 2)? else {
            return Err(Error::Internal("WebP is written from 8-bit samples".into()));
        };
        let mut reader = Averaging::new(spec.width as usize, spec.height as usize, spec.format.alpha)?;
        for y in (0..spec.height as usize).step_by(2) {
            for row in pair.chunks_exact_mut(row_samples).take(spec.height as usize - y) {
                rows.next_row(RowMut::U8(row))?;
            }
            let (first, second) = pair.split_at(row_samples);
            reader.push(y, [first, second]);
        }
        Ok(reader.finish())
    }

    /// A part of an image in memory, of `channels` samples per pixel, 3 or 4. `None` when there is not enough memory.
    pub(super) fn of_samples(samples: &[u8], width: usize, part: &Part, channels: usize) -> Result<Self> {
        let mut reader = Averaging::new(part.width, part.height, channels == 4)?;
        let row = |y: usize| &samples[((part.y + y) * width + part.x) * channels..][..part.width * channels];
        for y in (0..part.height).step_by(2) {
            reader.push(y, [row(y), row((y + 1).min(part.height - 1))]);
        }
        Ok(reader.finish())
    }

    fn read_sharp(rows: &mut dyn RowSource, spec: Spec) -> Result<Self> {
        let mut opacities = Opacities::new(spec.width as usize, spec.height as usize, spec.format.alpha)?;
        let mut picture = Picture::argb(spec.width, spec.height).ok_or_else(out_of_memory)?;
        let mut row = Samples::row_of(&spec)?;
        for y in 0..spec.height {
            rows.next_row(row.all_mut())?;
            opacities.push(row.bytes());
            for (to, pixel) in picture.argb_row(y).iter_mut().zip(row.bytes().chunks_exact(spec.format.channels())) {
                *to = u32::from_be_bytes([u8::MAX, pixel[0], pixel[1], pixel[2]]);
            }
        }
        let mut planes = Planes::new(spec.width as usize, spec.height as usize).map_err(|_| out_of_memory())?;
        if !picture.sharp_planes(planes.rows_mut()) {
            return Err(out_of_memory());
        }
        Ok(Self { planes, alpha: opacities.finish() })
    }

    /// Encodes the chunks of the image.
    pub(super) fn encode(mut self, options: &WebpOptions) -> Result<Frame> {
        let width = self.planes.view().width;
        let alpha = match &mut self.alpha {
            Some(opacities) => {
                if !options.exact {
                    self.planes.flatten_transparent(opacities);
                }
                let settings = AlphaOptions { quality: options.alpha_quality, effort: options.effort };
                Some(alpha::encode(opacities, width, &settings).ok_or_else(out_of_memory)?)
            }
            None => None,
        };
        let image = encode_planes(&self.planes.view(), options)?;
        Ok(Frame { alpha, image })
    }
}

/// Encodes planes to the payload of a `VP8 ` chunk.
pub(super) fn encode_planes(planes: &vp8::Yuv420<'_>, options: &WebpOptions) -> Result<Vec<u8>> {
    let mut parameters = Parameters::new(options.quality as u8, options.effort as u8, options.preset.into());
    if options.smart_deblock {
        parameters.choose_filter();
    }
    vp8::encode(Level::best(), planes, &parameters).map_err(failed)
}

/// A part of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Part {
    /// Whether at least seven eighths of the pixels of `whole` are in it.
    pub(super) const fn covers_most_of(&self, whole: &Self) -> bool {
        self.width * self.height * 8 >= whole.width * whole.height * 7
    }
}

/// Converts pairs of rows; chroma is the mean of four pixels.
struct Averaging {
    level: Level,
    planes: Planes,
    opacities: Opacities,
    channels: usize,
    height: usize,
}

impl Averaging {
    fn new(width: usize, height: usize, alpha: bool) -> Result<Self> {
        Ok(Self {
            level: Level::best(),
            planes: Planes::new(width, height).map_err(|_| out_of_memory())?,
            opacities: Opacities::new(width, height, alpha)?,
            channels: if alpha { 4 } else { 3 },
            height,
        })
    }

    /// Rows `y` and `y + 1`, `y` being even; the second does not count when the image ends before it.
    fn push(&mut self, y: usize, rows: [&[u8]; 2]) {
        for row in rows.into_iter().take(self.height - y) {
            self.opacities.push(row);
        }
        self.planes.set_rows(self.level, y, rows, self.channels);
    }

    fn finish(self) -> Pixels {
        Pixels { planes: self.planes, alpha: self.opacities.finish() }
    }
}

/// Collects the alpha channel of rows.
struct Opacities {
    plane: Option<Vec<u8>>,
    opaque: bool,
}

impl Opacities {
    fn new(width: usize, height: usize, alpha: bool) -> Result<Self> {
        let mut plane = None;
        if alpha {
            let mut samples = Vec::new();
            let count = width.checked_mul(height).ok_or_else(out_of_memory)?;
            samples.try_reserve_exact(count).map_err(|_| out_of_memory())?;
            plane = Some(samples);
        }
        Ok(Self { plane, opaque: true })
    }

    fn push(&mut self, row: &[u8]) {
        if let Some(plane) = &mut self.plane {
            let start = plane.len();
            plane.extend(row.as_chunks::<4>().0.iter().map(|pixel| pixel[3]));
            self.opaque = self.opaque && plane[start..].iter().all(|&alpha| alpha == u8::MAX);
        }
    }

    fn finish(self) -> Option<Vec<u8>> {
        self.plane.filter(|_| !self.opaque)
    }
}

pub(super) fn out_of_memory() -> Error {
    Error::encoder("webpsave: out of memory")
}

fn failed(failure: Failure) -> Error {
    match failure {
        Failure::Size => LimitError::TooLargeForFormat(super::FORMAT_NAME).into(),
        Failure::Memory => out_of_memory(),
        Failure::Partition => Error::encoder("webpsave: partition is too large"),
    }
}
