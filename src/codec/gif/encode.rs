//! Frames to a file. Of each frame after the first only the smallest rectangle that holds all changes is written, and in
//! it what did not change is transparent.

use std::io::Write;

use super::{lzw_encode, options::GifOptions, palettes::Palettes};
use crate::{
    codec::{EncodeJob, animation::Timing},
    error::{Error, OutputError, Result},
    image::{RowSource, Spec, zeroed},
};

/// Opacity from which a pixel is drawn.
pub(super) const OPAQUE: u8 = 128;

/// Milliseconds of a hundredth of a second, in which delays are written.
const TICK: u32 = 10;

/// A pixel: red, green, blue and alpha, which is 0 or 255. What cannot be seen is all zero.
type Pixel = [u8; 4];

/// Writes one image, or an animation when the metadata says how high a frame is and there is more than one.
pub(super) fn encode(rows: &mut dyn RowSource, job: &EncodeJob<'_>, out: &mut dyn Write) -> Result<()> {
    let options = GifOptions::read(job.options)?;
    let timing = Timing::resolve(job.options, job.metadata)?;
    let spec = rows.spec();
    let height = job.metadata.page_height.filter(|&height| height > 0 && spec.height.is_multiple_of(height));
    let frame = spec.resized(spec.width, height.unwrap_or(spec.height));
    let count = spec.height / frame.height.max(1);
    let mut encoder = FrameEncoder {
        palettes: Palettes::new(&options, &job.metadata.colour_table, spec.format.alpha || count > 1),
        options: &options,
        width: frame.width as usize,
        shown: Vec::new(),
        pending: None,
        frames: Vec::new(),
    };
    for index in 0..count {
        encoder.push(read(rows, frame)?, timing.delay_or(index, 0))?;
    }
    encoder.flush(None)?;
    let mut write = |bytes: &[u8]| out.write_all(bytes).map_err(|error| OutputError::Write(error.to_string()).into());
    write(&screen(frame, encoder.palettes.colours(), timing.loop_count))?;
    write(&encoder.frames)?;
    write(&[TRAILER])
}

/// The last byte.
const TRAILER: u8 = 0x3b;

/// Everything before the frames. `loop_count` is how often the animation is shown, 0 forever.
fn screen(frame: Spec, colours: &[Pixel], loop_count: u16) -> Vec<u8> {
    let mut bytes = b"GIF89a".to_vec();
    bytes.extend((frame.width as u16).to_le_bytes());
    bytes.extend((frame.height as u16).to_le_bytes());
    // Eight bits of colour; the background is the first colour, the pixels are square.
    let flags = if colours.is_empty() { 0x70 } else { 0xf0 | (table_bits(colours.len()) as u8 - 1) };
    bytes.extend([flags, 0, 0]);
    put_table(&mut bytes, colours);
    if loop_count != 1 {
        bytes.extend(b"\x21\xff\x0bNETSCAPE2.0\x03\x01");
        bytes.extend(loop_count.saturating_sub(1).to_le_bytes());
        bytes.push(0);
    }
    bytes
}

/// Bits of an index into a palette of so many colours.
fn table_bits(colours: usize) -> u32 {
    colours.next_power_of_two().trailing_zeros().clamp(1, 8)
}

fn put_table(bytes: &mut Vec<u8>, colours: &[Pixel]) {
    if colours.is_empty() {
        return;
    }
    bytes.extend(colours.iter().flat_map(|colour| [colour[0], colour[1], colour[2]]));
    let missing = (1 << table_bits(colours.len())) - colours.len().min(256);
    bytes.extend(std::iter::repeat_n(0, missing * 3));
}

/// The next frame's pixels.
fn read(rows: &mut dyn RowSource, frame: Spec) -> Result<Vec<Pixel>> {
    let mut pixels: Vec<Pixel> = zeroed(frame.width as usize * frame.height as usize)?;
    let mut row = vec![0u8; frame.row_samples()];
    for to in pixels.chunks_exact_mut((frame.width as usize).max(1)) {
        rows.next_samples(&mut row)?;
        match frame.format.channels() {
            3 => to.iter_mut().zip(row.as_chunks::<3>().0).for_each(|(to, [r, g, b])| *to = [*r, *g, *b, 255]),
            4 => to.iter_mut().zip(row.as_chunks::<4>().0).for_each(|(to, [r, g, b, alpha])| {
                *to = if *alpha < OPAQUE { [0; 4] } else { [*r, *g, *b, 255] };
            }),
            _ => return Err(Error::Internal("pixels of the wrong layout".into())),
        }
    }
    Ok(pixels)
}

/// A part of the canvas: pixels from the left, from the top, and beyond its right and lower edge.
#[derive(Debug, Clone, Copy)]
struct Rect {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Rect {
    /// The smallest one that holds all pixels for which `changed` holds; `None` when there are none.
    fn around(width: usize, height: usize, changed: impl Fn(usize) -> bool) -> Option<Self> {
        let any = |y: usize| (0..width).any(|x| changed(y * width + x));
        let top = (0..height).find(|&y| any(y))?;
        let bottom = (top..height).rfind(|&y| any(y))? + 1;
        let (mut left, mut right) = (width, 0);
        for y in top..bottom {
            let start = y * width;
            if let Some(x) = (0..left).find(|x| changed(start + x)) {
                left = x;
            }
            if let Some(x) = (right..width).rfind(|x| changed(start + x)) {
                right = x + 1;
            }
        }
        Some(Self { left, top, right, bottom })
    }

    fn with(self, other: Option<Self>) -> Self {
        other.map_or(self, |other| Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        })
    }
}

/// A frame that is written when it is known what follows.
struct Pending {
    pixels: Vec<Pixel>,
    /// Milliseconds.
    delay: u32,
}

/// Frames to bytes.
struct FrameEncoder<'o> {
    options: &'o GifOptions,
    palettes: Palettes<'o>,
    width: usize,
    /// The source's colours of what is shown when the pending frame is drawn; empty before the first.
    shown: Vec<Pixel>,
    pending: Option<Pending>,
    frames: Vec<u8>,
}

impl FrameEncoder<'_> {
    /// Takes the next frame.
    fn push(&mut self, pixels: Vec<Pixel>, delay: u32) -> Result<()> {
        if let Some(pending) = &mut self.pending
            && !self.options.keep_duplicate_frames
        {
            let alike = pending.pixels.iter().zip(&pixels).all(|(a, b)| is_alike(a, b, self.options));
            // A delay that does not fit in 16 bits of hundredths starts another frame.
            if alike && (pending.delay + delay) / TICK <= u16::MAX.into() {
                pending.delay += delay;
                return Ok(());
            }
        }
        self.flush(Some(&pixels))?;
        self.pending = Some(Pending { pixels, delay });
        Ok(())
    }

    /// Writes the pending frame, so that `next` can be drawn over it.
    fn flush(&mut self, next: Option<&[Pixel]>) -> Result<()> {
        let Some(Pending { pixels, delay }) = self.pending.take() else { return Ok(()) };
        let (width, height) = (self.width, pixels.len() / self.width.max(1));
        let is_first = self.shown.is_empty();
        let changed = |at: usize| is_first || !is_alike(&self.shown[at], &pixels[at], self.options);
        let rect = if is_first {
            Rect { left: 0, top: 0, right: width, bottom: height }
        } else {
            // A frame has one pixel at least.
            Rect::around(width, height, changed).unwrap_or(Rect { left: 0, top: 0, right: 1, bottom: 1 })
        };
        // What must not be seen any more in the next frame is cleared behind this one.
        let cleared = next.and_then(|next| Rect::around(width, height, |at| pixels[at][3] > next[at][3]));
        let rect = rect.with(cleared);
        let mut part: Vec<Pixel> = Vec::new();
        let area = (rect.right - rect.left) * (rect.bottom - rect.top);
        part.try_reserve_exact(area).map_err(|_| crate::error::LimitError::Memory { bytes: area as u64 * 4 })?;
        for y in rect.top..rect.bottom {
            part.extend(
                (y * width + rect.left..y * width + rect.right).map(|at| if changed(at) { pixels[at] } else { [0; 4] }),
            );
        }
        self.write(&part, rect, delay, cleared.is_some())?;
        if is_first {
            self.shown = pixels;
        } else {
            for y in rect.top..rect.bottom {
                let row = y * width + rect.left..y * width + rect.right;
                for (shown, pixel) in self.shown[row.clone()].iter_mut().zip(&pixels[row]) {
                    if !is_alike(shown, pixel, self.options) {
                        *shown = *pixel;
                    }
                }
            }
        }
        if cleared.is_some() {
            for y in rect.top..rect.bottom {
                self.shown[y * width + rect.left..y * width + rect.right].fill([0; 4]);
            }
        }
        Ok(())
    }

    /// Writes a rectangle, in which what is not drawn is all zero.
    fn write(&mut self, part: &[Pixel], rect: Rect, delay: u32, clear: bool) -> Result<()> {
        let width = rect.right - rect.left;
        let mapped = self.palettes.map(bytemuck::cast_slice(part), width)?;
        let out = &mut self.frames;
        let disposal = if clear { 2 } else { 1 };
        let ticks = (f64::from(delay) / f64::from(TICK)).round_ties_even() as u16;
        out.extend([0x21, 0xf9, 4, disposal << 2 | u8::from(mapped.transparent.is_some())]);
        out.extend(ticks.to_le_bytes());
        out.extend([mapped.transparent.unwrap_or(0), 0, 0x2c]);
        for number in [rect.left, rect.top, width, rect.bottom - rect.top] {
            out.extend((number as u16).to_le_bytes());
        }
        let interlace = if self.options.progressive { 0x40 } else { 0 };
        let local = mapped.local.as_deref().unwrap_or(&[]);
        let table = if local.is_empty() { 0 } else { 0x80 | (table_bits(local.len()) as u8 - 1) };
        out.push(interlace | table);
        put_table(out, local);
        let highest = mapped.indices.iter().copied().max().unwrap_or(0);
        let size = table_bits(usize::from(highest) + 1).max(2);
        if self.options.progressive {
            let height = rect.bottom - rect.top;
            let order =
                [(0, 8), (4, 8), (2, 4), (1, 2)].into_iter().flat_map(|(from, step)| (from..height).step_by(step));
            let rows = order.flat_map(|y| &mapped.indices[y * width..(y + 1) * width]);
            lzw_encode::encode(rows.copied(), size, out);
        } else {
            lzw_encode::encode(mapped.indices.iter().copied(), size, out);
        }
        Ok(())
    }
}

/// Whether a pixel need not be drawn over another.
fn is_alike(a: &Pixel, b: &Pixel, options: &GifOptions) -> bool {
    if a == b {
        return true;
    }
    let distance: u32 = a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum();
    a[3] == b[3] && f64::from(distance) <= options.inter_frame_max_error.powi(2)
}
