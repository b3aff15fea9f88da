//! Pixels out of a container: one image, or the frames of an animation, each drawn on the canvas of the one before.

use super::{ffi, frames::Frame, header::File};
use crate::{
    codec::{Input, LoadShrink, ReadOptions},
    error::{Error, Result},
    image::{Image, RowMut, RowSource, Spec, depth_mismatch, past_the_end},
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
    let spec = file.spec(width, height)?;
    let frame_spec = spec.resized(width, height);
    if !file.demuxer.is_animated() {
        return Ok(Box::new(decode_bits(file.demuxer.bytes(), frame_spec)?.into_rows()));
    }
    Ok(Box::new(Frames {
        spec,
        canvas: Canvas { pixels: Image::new(frame_spec)?, drawn: 0, dispose: None },
        row: height,
        next: file.first,
        file,
    }))
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

/// Frames of an animation as one tall image, of which only the canvas is held.
struct Frames<'a> {
    spec: Spec,
    file: File<'a>,
    canvas: Canvas,
    /// Next row of the canvas; its height when the next frame must be drawn first.
    row: u32,
    /// Next frame to give.
    next: u32,
}

impl RowSource for Frames<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let RowMut::U8(to) = row else {
            return Err(depth_mismatch());
        };
        let canvas_spec = self.canvas.pixels.spec();
        if self.row == canvas_spec.height {
            if self.next == self.file.first + self.file.count {
                return Err(past_the_end());
            }
            self.canvas.draw_up_to(self.next, &self.file)?;
            self.next += 1;
            self.row = 0;
        }
        let from = self.row as usize * canvas_spec.row_samples();
        to.copy_from_slice(&self.canvas.pixels.as_slice()?[from..from + to.len()]);
        self.row += 1;
        Ok(())
    }
}

/// What is shown at a moment of an animation.
struct Canvas {
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

impl Canvas {
    /// Draws the frames that are not drawn yet up to and including `index`.
    fn draw_up_to(&mut self, index: u32, file: &File<'_>) -> Result<()> {
        while self.drawn <= index {
            let frame = file.frames.get(self.drawn as usize).ok_or_else(damaged)?;
            let bits = file.demuxer.bytes().get(frame.bits.clone()).ok_or_else(damaged)?;
            self.draw(frame, bits, (file.width, file.height))?;
            self.drawn += 1;
        }
        Ok(())
    }

    /// Draws one frame of a file whose canvas has this width and height, which is scaled if the canvas here has not.
    fn draw(&mut self, frame: &Frame, bits: &[u8], canvas: (u32, u32)) -> Result<()> {
        if let Some(rect) = self.dispose.take() {
            self.for_each_row(rect, |row, _| row.fill(0))?;
        }
        let spec = self.pixels.spec();
        let rect = if canvas == (spec.width, spec.height) {
            Rect::clipped(frame, spec)
        } else {
            Rect { x: 0, y: 0, width: spec.width, height: spec.height }
        };
        let picture = decode_bits(bits, spec.resized(rect.width, rect.height))?;
        let (picture_row, samples) = (picture.spec().row_samples(), picture.as_slice::<u8>()?);
        let blend = frame.blend && frame.has_alpha && spec.format.alpha;
        self.for_each_row(rect, |row, y| {
            let from = &samples[y * picture_row..][..row.len()];
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
