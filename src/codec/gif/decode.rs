//! Frames to rows: the first one alone is drawn row by row, those of an animation on the canvas of those before.

use super::{
    header::{Disposal, File, Frame, interlaced},
    lzw_decode::Decoder,
    part,
};
use crate::{
    codec::{
        Input, LoadShrink, ReadOptions,
        canvas::{Canvas, TallFrames},
    },
    error::Result,
    image::{Image, RowMut, RowSource, Spec, depth_mismatch, past_the_end, zeroed},
};

/// The frames asked for, below each other.
pub(super) fn decode<'a>(
    input: &'a Input<'_>,
    options: &ReadOptions,
    _shrink: LoadShrink,
) -> Result<Box<dyn RowSource + 'a>> {
    let file = File::open(input, options)?;
    if file.first == 0 && file.count == 1 {
        let drawn = Drawn::new(&file, &file.frames[0], &mut Decoder::new())?;
        return Ok(Box::new(Still { spec: file.canvas(), drawn, row: 0 }));
    }
    let (spec, frames) = (file.spec()?, file.first..file.first + file.count);
    let pixels = Image::new(file.canvas())?;
    let canvas = Drawing { file, decoder: Decoder::new(), pixels, saved: Vec::new(), drawn: 0 };
    Ok(Box::new(TallFrames::new(canvas, frames, spec)))
}

/// A frame's indices, and what they mean.
struct Drawn {
    frame: Frame,
    indices: Vec<u8>,
    /// Indices that are there, in the order of the file.
    len: usize,
    /// A colour with alpha for each index; those that the palette has not are all zero.
    colours: [[u8; 4]; 256],
}

impl Drawn {
    fn new(file: &File<'_>, frame: &Frame, decoder: &mut Decoder) -> Result<Self> {
        let mut part = file.part(frame);
        let mut indices = zeroed(part.width as usize * part.height as usize)?;
        let clipped = (part.width, part.height) != (frame.width, frame.height);
        let (frame, len) = if clipped {
            part::decode(file.blocks(frame), frame, &part, &mut indices).map_err(|_| file.bad_frame())?;
            part.interlaced = false;
            (part, indices.len())
        } else {
            let decoded = decoder.decode(file.blocks(frame), frame.code_size.into(), &mut indices);
            (part, decoded.map_err(|_| file.bad_frame())?)
        };
        let mut colours = [[0; 4]; 256];
        for (colour, [red, green, blue]) in colours.iter_mut().zip(file.palette(&frame)) {
            *colour = [*red, *green, *blue, 255];
        }
        Ok(Self { frame, indices, len, colours })
    }

    /// The indices of a row, fewer when the data ends within it.
    fn row(&self, y: u32) -> &[u8] {
        let row = if self.frame.interlaced { interlaced(y, self.frame.height) } else { y } as usize;
        let width = self.frame.width as usize;
        let start = (row * width).min(self.len);
        &self.indices[start..(start + width).min(self.len)]
    }

    /// Draws a row of the frame over a row of the canvas, of 3 or 4 channels.
    fn draw_row(&self, y: u32, canvas: &mut [u8], channels: usize) {
        let indices = self.row(y);
        let canvas = canvas.get_mut(self.frame.left as usize * channels..).unwrap_or_default();
        let transparent = self.frame.transparent;
        match channels {
            3 => self.draw::<3>(indices, canvas, transparent),
            _ => self.draw::<4>(indices, canvas, transparent),
        }
    }

    fn draw<const N: usize>(&self, indices: &[u8], canvas: &mut [u8], transparent: Option<u8>) {
        let pixels = canvas.as_chunks_mut::<N>().0.iter_mut().zip(indices);
        let colour = |index: u8| -> [u8; N] { std::array::from_fn(|i| self.colours[usize::from(index)][i]) };
        match transparent {
            None => pixels.for_each(|(pixel, index)| *pixel = colour(*index)),
            Some(transparent) => pixels.for_each(|(pixel, index)| {
                if *index != transparent {
                    *pixel = colour(*index);
                }
            }),
        }
    }
}

/// The first frame alone: no canvas is held.
struct Still {
    spec: Spec,
    drawn: Drawn,
    row: u32,
}

impl RowSource for Still {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let RowMut::U8(to) = row else { return Err(depth_mismatch()) };
        if self.row >= self.spec.height {
            return Err(past_the_end());
        }
        let Frame { left, top, width, height, transparent, .. } = self.drawn.frame;
        let covered = self.row >= top && self.row - top < height && left == 0 && width == self.spec.width;
        if !covered || transparent.is_some() || self.drawn.len < self.drawn.indices.len() {
            to.fill(0);
        }
        if let Some(y) = self.row.checked_sub(top).filter(|&y| y < height) {
            self.drawn.draw_row(y, to, self.spec.format.channels());
        }
        self.row += 1;
        Ok(())
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.row = self.row.saturating_add(count);
        Ok(())
    }
}

struct Drawing<'a> {
    file: File<'a>,
    decoder: Decoder,
    pixels: Image,
    /// What was in the rectangle of a frame that has to be taken away again.
    saved: Vec<u8>,
    /// Frames drawn so far.
    drawn: u32,
}

impl Canvas for Drawing<'_> {
    fn draw_up_to(&mut self, frame: u32) -> Result<()> {
        while self.drawn <= frame {
            let number = self.drawn as usize;
            if let Some(before) = number.checked_sub(1).and_then(|before| self.file.frames.get(before)).cloned() {
                self.dispose(&before)?;
            }
            let frame = self.file.frames.get(number).ok_or_else(|| self.file.bad_frame())?.clone();
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
    fn draw(&mut self, frame: &Frame) -> Result<()> {
        if frame.disposal == Disposal::Previous {
            let mut saved = std::mem::take(&mut self.saved);
            saved.clear();
            let mut enough = true;
            self.for_each_row(frame, |row, _| {
                enough = enough && saved.try_reserve(row.len()).is_ok();
                if enough {
                    saved.extend_from_slice(row);
                }
            })?;
            self.saved = saved;
            if !enough {
                return Err(crate::error::LimitError::Memory { bytes: self.saved.len() as u64 }.into());
            }
        }
        let drawn = Drawn::new(&self.file, frame, &mut self.decoder)?;
        let spec = self.pixels.spec();
        let (channels, row_samples) = (spec.format.channels(), spec.row_samples());
        let rows = self.pixels.as_mut_slice::<u8>()?.chunks_exact_mut(row_samples).skip(frame.top as usize);
        for (y, row) in (0..drawn.frame.height).zip(rows) {
            drawn.draw_row(y, row, channels);
        }
        Ok(())
    }

    /// Does with a frame what it asks for before the next is drawn.
    fn dispose(&mut self, frame: &Frame) -> Result<()> {
        match frame.disposal {
            Disposal::Keep => Ok(()),
            Disposal::Background if frame.transparent.is_some() => self.for_each_row(frame, |row, _| row.fill(0)),
            // A frame without transparency leaves the background's colour.
            Disposal::Background => {
                let [red, green, blue] = self.file.background_colour();
                let colour = [red, green, blue, 255];
                let channels = self.pixels.spec().format.channels();
                self.for_each_row(frame, |row, _| {
                    row.chunks_exact_mut(channels).for_each(|pixel| pixel.copy_from_slice(&colour[..channels]));
                })
            }
            Disposal::Previous => {
                let saved = std::mem::take(&mut self.saved);
                self.for_each_row(frame, |row, y| {
                    if let Some(before) = saved.get(y * row.len()..(y + 1) * row.len()) {
                        row.copy_from_slice(before);
                    }
                })?;
                self.saved = saved;
                Ok(())
            }
        }
    }

    /// Calls `change` with the samples of each row of a frame's part of the canvas, and the row's number within it.
    fn for_each_row(&mut self, frame: &Frame, mut change: impl FnMut(&mut [u8], usize)) -> Result<()> {
        let spec = self.pixels.spec();
        let channels = spec.format.channels();
        let left = frame.left.min(spec.width);
        let right = left + frame.width.min(spec.width - left);
        let range = left as usize * channels..right as usize * channels;
        let rows = self.pixels.as_mut_slice::<u8>()?.chunks_exact_mut(spec.row_samples());
        for (y, row) in rows.skip(frame.top as usize).take(frame.height as usize).enumerate() {
            change(&mut row[range.clone()], y);
        }
        Ok(())
    }
}
