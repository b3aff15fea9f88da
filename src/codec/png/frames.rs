//! The frames of an animated PNG, drawn one over the other.

use super::{
    animation::Animation,
    control::{Control, Disposal},
    header::PngHeader,
    still::{self, Part},
};
use crate::{
    codec::{
        Input, ReadOptions,
        canvas::{Canvas, TallFrames},
    },
    error::{Error, LimitError, Origin, Result},
    image::{Image, Row, RowMut, RowSource, Samples, Spec, depth_mismatch, past_the_end},
    options::FailOn,
};

/// Size and layout of the canvas of an animation, and of the frames that are asked for, below each other.
pub(super) fn spec(
    header: &PngHeader,
    animation: &Animation,
    options: &ReadOptions,
    origin: Origin,
) -> Result<(Spec, Spec)> {
    let (_, count) = animation.pages(options).ok_or_else(|| Error::corrupt_header(origin, "bad page number"))?;
    let mut canvas = header.spec();
    canvas.format.alpha |= animation.is_transparent(header);
    let (width, height) = (canvas.width, canvas.height);
    let too_large = || LimitError::Dimensions { width: width.into(), height: u64::from(height) * u64::from(count) };
    Ok((canvas, canvas.resized(width, height.checked_mul(count).ok_or_else(too_large)?)))
}

/// The frames that are asked for, below each other. Only the canvas is held, twice when a frame is to be taken away again.
pub(super) fn rows<'a>(
    input: &'a Input<'a>,
    header: PngHeader,
    animation: Animation,
    options: &ReadOptions,
) -> Result<Box<dyn RowSource + 'a>> {
    let (canvas, spec) = self::spec(&header, &animation, options, input.origin())?;
    let (next, count) = animation.pages(options).unwrap_or_default();
    let canvas = Frames {
        input,
        header,
        animation,
        fail_on: options.fail_on,
        canvas: Image::new(canvas)?,
        saved: None,
        drawn: 0,
    };
    Ok(Box::new(TallFrames::new(canvas, next..next + count, spec)))
}

struct Frames<'a> {
    input: &'a Input<'a>,
    header: PngHeader,
    animation: Animation,
    fail_on: FailOn,
    canvas: Image,
    /// The canvas before a frame that has to be taken away again.
    saved: Option<Image>,
    /// Frames drawn so far.
    drawn: usize,
}

impl Canvas for Frames<'_> {
    fn draw_up_to(&mut self, frame: u32) -> Result<()> {
        while self.drawn <= frame as usize {
            self.draw_next()?;
        }
        Ok(())
    }

    fn pixels(&self) -> &Image {
        &self.canvas
    }
}

impl Frames<'_> {
    /// Does with the last frame what it asks for, and draws the one after it.
    fn draw_next(&mut self) -> Result<()> {
        let frames = &self.animation.frames;
        let frame = *frames.get(self.drawn).ok_or_else(past_the_end)?;
        if let Some(before) = self.drawn.checked_sub(1).and_then(|before| frames.get(before)).copied() {
            self.dispose(&before.control)?;
        }
        let control = frame.control;
        if control.disposal == Disposal::Previous && self.drawn > 0 {
            self.save(&control)?;
        }
        let mut header = self.header.clone();
        (header.width, header.height) = (control.width, control.height);
        let part = Part::of_frame(self.input, frame.at)?;
        let mut pixels = still::rows(&header, part, self.fail_on)?;
        let (from, to) = (pixels.spec(), self.canvas.spec());
        let mut samples = Samples::row_of(&from)?;
        let left = control.left as usize * to.format.channels();
        let range = left..left + control.width as usize * to.format.channels();
        for y in control.top..control.top + control.height {
            pixels.next_row(samples.all_mut())?;
            let layers = Layers { from: from.format.channels(), to: to.format.channels(), alpha: from.format.alpha };
            match (samples.all(), self.canvas.row_mut(y).slice_mut(range.clone())) {
                (Row::U8(from), RowMut::U8(to)) => layers.draw(from, to, control.over, u8::MAX, |value| value as u8),
                (Row::U16(from), RowMut::U16(to)) => {
                    layers.draw(from, to, control.over, u16::MAX, |value| value as u16)
                }
                _ => return Err(depth_mismatch()),
            }
        }
        self.drawn += 1;
        Ok(())
    }

    fn dispose(&mut self, control: &Control) -> Result<()> {
        let channels = self.canvas.spec().format.channels();
        let left = control.left as usize * channels;
        let range = left..left + control.width as usize * channels;
        let rows = control.top..control.top + control.height;
        match (control.disposal, &self.saved) {
            (Disposal::Keep, _) => {}
            (Disposal::Previous, Some(saved)) if self.drawn > 1 => {
                for y in rows {
                    self.canvas.row_mut(y).copy_from(saved.row(y))?;
                }
            }
            _ => rows.for_each(|y| self.canvas.row_mut(y).slice_mut(range.clone()).bytes_mut().fill(0)),
        }
        Ok(())
    }

    /// Keeps the rows that a frame is to be drawn on.
    fn save(&mut self, control: &Control) -> Result<()> {
        let spec = self.canvas.spec();
        let mut saved = match self.saved.take() {
            Some(saved) => saved,
            None => Image::new(spec)?,
        };
        for y in control.top..control.top + control.height {
            saved.row_mut(y).copy_from(self.canvas.row(y))?;
        }
        self.saved = Some(saved);
        Ok(())
    }
}

/// Channels of a frame and of the canvas, which may have alpha where the frame has none.
#[derive(Clone, Copy)]
struct Layers {
    from: usize,
    to: usize,
    /// Whether the frame has alpha.
    alpha: bool,
}

impl Layers {
    /// Draws a row; `make` turns a number up to `max` into a sample.
    fn draw<S: Copy + Into<u64>>(self, from: &[S], to: &mut [S], over: bool, max: S, make: fn(u64) -> S) {
        if self.from == self.to && !(over && self.alpha) {
            to.copy_from_slice(from);
            return;
        }
        let pixels = to.chunks_exact_mut(self.to).zip(from.chunks_exact(self.from));
        if !self.alpha {
            pixels.for_each(|(to, from)| {
                to.fill(max);
                to[..self.from].copy_from_slice(from);
            });
            return;
        }
        let (colours, full): (usize, u64) = (self.from - 1, max.into());
        for (to, from) in pixels {
            let (above, below): (u64, u64) = (from[colours].into(), to[colours].into());
            if above == full || below == 0 {
                to.copy_from_slice(from);
            } else if above > 0 {
                // Shares of the two colours, on a scale of the square of the highest sample.
                let (share, rest) = (above * full, (full - above) * below);
                let sum = share + rest;
                for (to, from) in to[..colours].iter_mut().zip(from) {
                    *to = make(((*from).into() * share + (*to).into() * rest + sum / 2) / sum);
                }
                to[colours] = make((sum + full / 2) / full);
            }
        }
    }
}
