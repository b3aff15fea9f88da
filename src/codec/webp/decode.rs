//! Pixels out of a container: one image, or the frames of an animation, each drawn on the canvas of the one before.

use super::{
    ffi,
    frames::{self, Frame},
    header::File,
};
use crate::{
    codec::{
        Input, LoadShrink, ReadOptions,
        canvas::{Canvas, TallFrames},
        held,
    },
    error::{Error, Result},
    image::{Image, RowSource, Spec},
};

/// The pixels as rows: of one image, or of all frames asked for, below each other. They are not scaled where the header
/// says that they cannot be.
pub(super) fn decode<'a>(
    input: &'a Input<'_>,
    options: &ReadOptions,
    shrink: LoadShrink,
) -> Result<Box<dyn RowSource + 'a>> {
    let file = File::open(input, options)?;
    let (width, height) = match shrink {
        LoadShrink::Dct(_) => return Err(Error::Internal("WebP is not shrunk in the frequency domain".into())),
        LoadShrink::Scale(factor) if factor > 0.0 && factor < 1.0 && file.can_scale => {
            (scaled(file.width, factor), scaled(file.height, factor))
        }
        LoadShrink::None | LoadShrink::Scale(_) => (file.width, file.height),
    };
    check_held(&file, options.unlimited)?;
    let spec = file.spec(width, height)?;
    let frame_spec = spec.resized(width, height);
    if !file.demuxer.is_animated() {
        return Ok(Box::new(decode_bits(file.demuxer.bytes(), frame_spec)?.into_rows()));
    }
    let frames = file.first..file.first + file.count;
    let canvas = Drawing { file, pixels: Image::new(frame_spec)?, drawn: 0, dispose: None };
    Ok(Box::new(TallFrames::new(canvas, frames, spec)))
}

/// Refuses lossless bit streams that become far more than they are: libwebp holds four bytes for each of their pixels.
fn check_held(file: &File<'_>, unlimited: bool) -> Result<()> {
    let bytes = file.demuxer.bytes();
    let held = |width: u32, height: u32| u64::from(width) * u64::from(height) * 4;
    if !file.demuxer.is_animated() {
        return match frames::lossless(bytes) {
            Some(bits) => held::check(held(file.width, file.height), bits.len() as u64, unlimited),
            None => Ok(()),
        };
    }
    let lossless = |frame: &&Frame| bytes.get(frame.bits.clone()).is_some_and(|bits| bits.starts_with(b"VP8L"));
    file.frames
        .iter()
        .filter(lossless)
        .try_for_each(|frame| held::check(held(frame.width, frame.height), frame.bits.len() as u64, unlimited))
}

fn scaled(length: u32, factor: f64) -> u32 {
    ((f64::from(length) * factor).round_ties_even() as u32).max(1)
}

fn damaged() -> Error {
    Error::corrupt_pixels("webp2vips: unable to read pixels")
}

fn decode_bits(bits: &[u8], spec: Spec) -> Result<Image> {
    let mut image = Image::new(spec)?;
    let pixels = image.as_mut_slice::<u8>()?;
    if ffi::decode(bits, spec.width, spec.height, spec.format.alpha, pixels) { Ok(image) } else { Err(damaged()) }
}

struct Drawing<'a> {
    file: File<'a>,
    pixels: Image,
    /// Frames drawn so far.
    drawn: u32,
    /// What becomes transparent before the next frame is drawn.
    dispose: Option<Rect>,
}

/// Part of the canvas: pixels from the left, from the top, across and down; never beyond its edges.
#[derive(Clone, Copy)]
struct Rect {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

impl Rect {
    /// Where a frame is on a canvas that is not scaled. The demuxer has checked that it is within; this only makes sure.
    fn clipped(frame: &Frame, canvas: Spec) -> Self {
        let (x, y) = (frame.x.min(canvas.width), frame.y.min(canvas.height));
        Self { x, y, width: frame.width.min(canvas.width - x), height: frame.height.min(canvas.height - y) }
    }
}

impl Canvas for Drawing<'_> {
    fn draw_up_to(&mut self, frame: u32) -> Result<()> {
        while self.drawn <= frame {
            let frame = self.file.frames.get(self.drawn as usize).ok_or_else(damaged)?.clone();
            self.draw(&frame)?;
            self.drawn += 1;
        }
        Ok(())
    }

    fn pixels(&self) -> &Image {
        &self.pixels
    }
}

impl Drawing<'_> {
    /// Draws one frame, scaled when the canvas does not have the size that the file has.
    fn draw(&mut self, frame: &Frame) -> Result<()> {
        if let Some(rect) = self.dispose.take() {
            self.for_each_row(rect, |row, _| row.fill(0))?;
        }
        let spec = self.pixels.spec();
        let rect = if (self.file.width, self.file.height) == (spec.width, spec.height) {
            Rect::clipped(frame, spec)
        } else {
            Rect { x: 0, y: 0, width: spec.width, height: spec.height }
        };
        let bits = self.file.demuxer.bytes().get(frame.bits.clone()).ok_or_else(damaged)?;
        let image = decode_bits(bits, spec.resized(rect.width, rect.height))?;
        let (image_row, samples) = (image.spec().row_samples(), image.as_slice::<u8>()?);
        let blend = frame.blend && frame.has_alpha && spec.format.alpha;
        self.for_each_row(rect, |row, y| {
            let from = &samples[y * image_row..][..row.len()];
            if blend { blend_row(row, from) } else { row.copy_from_slice(from) }
        })?;
        self.dispose = frame.dispose.then_some(rect);
        Ok(())
    }

    /// Calls `change` with the samples of each row of a rectangle, and the row's number within it.
    fn for_each_row(&mut self, rect: Rect, mut change: impl FnMut(&mut [u8], usize)) -> Result<()> {
        let spec = self.pixels.spec();
        let channels = spec.format.channels();
        let pixels = self.pixels.as_mut_slice::<u8>()?;
        let (x, y) = (rect.x as usize, rect.y as usize);
        for row in 0..rect.height as usize {
            let start = (y + row) * spec.row_samples() + x * channels;
            change(&mut pixels[start..start + rect.width as usize * channels], row);
        }
        Ok(())
    }
}

/// Draws RGBA pixels over others, neither premultiplied, in the fixed-point arithmetic that is usual for this format: the
/// share of what is below is out of 256 and results are rounded down.
/// Source: WebP container specification, "Alpha-blending".
fn blend_row(below: &mut [u8], above: &[u8]) {
    for (below, above) in below.as_chunks_mut::<4>().0.iter_mut().zip(above.as_chunks::<4>().0) {
        // A transparent pixel changes nothing: the arithmetic below would take from what is opaque.
        if above[3] == 0 {
            continue;
        }
        if below[3] == 0 {
            *below = *above;
            continue;
        }
        let above_alpha = u32::from(above[3]);
        let below_share = (u32::from(below[3]) * (255 - above_alpha) + 127) >> 8;
        let alpha = above_alpha + below_share;
        for channel in 0..3 {
            let sum = u32::from(above[channel]) * above_alpha + u32::from(below[channel]) * below_share;
            below[channel] = (sum / alpha) as u8;
        }
        below[3] = alpha as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_laid_on_those_before() {
        let over = |above: [u8; 4], mut below: [u8; 4]| {
            blend_row(&mut below, &above);
            below
        };
        for alpha in 0..=255 {
            assert_eq!(over([9, 9, 9, 0], [200, 100, 50, alpha]), [200, 100, 50, alpha], "nothing over {alpha}");
            assert_eq!(over([9, 90, 9, 255], [200, 100, 50, alpha]), [9, 90, 9, 255], "all over {alpha}");
            assert_eq!(over([9, 90, 9, 255 - alpha], [9, 90, 9, 255])[..3], [9, 90, 9], "the same colour");
        }
        assert_eq!(over([0, 100, 200, 128], [200, 100, 0, 255]), [99, 100, 100, 255]);
    }
}
