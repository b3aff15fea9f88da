//! Writes an animated PNG: of each frame after the first the smallest rectangle that holds all changes.

use std::io::Write;

use super::{
    PngOptions, adam7, chunks,
    control::{Claim, Control, Disposal},
    deflate::Sink,
    lines::Lines,
    strategy::Strategy,
    write,
};
use crate::{
    codec::{EncodeJob, animation::Timing, palette},
    error::Result,
    image::{Row, RowSource, Samples, Spec, zeroed},
};

/// Milliseconds that a frame is shown of which nothing is said: what browsers do with such animations.
const USUAL_DELAY: u32 = 100;

/// Rows of a frame, when the caller asked for an animation and there are several frames.
pub(super) fn frame_height(spec: &Spec, options: &PngOptions, job: &EncodeJob<'_>) -> Option<u32> {
    let divides = |&height: &u32| height > 0 && spec.height > height && spec.height.is_multiple_of(height);
    job.metadata.page_height.filter(|_| options.animation).filter(divides)
}

/// Writes all rows as frames of `height` rows, behind the signature.
pub(super) fn encode(
    rows: &mut dyn RowSource,
    height: u32,
    options: &PngOptions,
    job: &EncodeJob<'_>,
    out: &mut dyn Write,
) -> Result<()> {
    let spec = rows.spec();
    let canvas = spec.resized(spec.width, height);
    let count = spec.height / height;
    let timing = Timing::resolve(job.options, job.metadata)?;
    let claim = Claim::bytes(count, timing.loop_count.into());
    let mut writer = Writer { options, canvas, bits: None, unit: 1, sequence: 0 };
    if write::is_indexed(&spec, options) {
        // One palette for all frames.
        let palette::Indexed { indices, colours } = write::reduce(rows, options)?;
        let bits = options.index_bits();
        writer.bits = Some(bits as usize);
        write::write_header(out, &canvas, bits as u8, 3, options.progressive)?;
        chunks::write(out, b"acTL", &claim)?;
        write::write_palette(out, &colours, job.metadata)?;
        let mut before = None;
        for (frame, index) in indices.chunks_exact(canvas.width as usize * height as usize).zip(0..) {
            writer.frame(before, frame, timing.delay_or(index, USUAL_DELAY), out)?;
            before = Some(frame);
        }
    } else {
        writer.unit = spec.format.channels() * spec.format.depth.bytes();
        write::write_true_header(out, &canvas, options.progressive)?;
        chunks::write(out, b"acTL", &claim)?;
        write::write_before_palette(out, job.metadata)?;
        write::write_metadata(out, job.metadata)?;
        let bytes = canvas.samples()?.saturating_mul(spec.format.depth.bytes());
        let (mut before, mut frame) = (zeroed::<u8>(bytes)?, zeroed::<u8>(bytes)?);
        let mut samples = Samples::row_of(&canvas)?;
        for index in 0..count {
            for to in frame.chunks_exact_mut(canvas.width as usize * writer.unit) {
                rows.next_row(samples.all_mut())?;
                match samples.all() {
                    Row::U16(row) => {
                        to.as_chunks_mut().0.iter_mut().zip(row).for_each(|(to, from)| *to = from.to_be_bytes());
                    }
                    row => to.copy_from_slice(row.bytes()),
                }
            }
            let delay = timing.delay_or(index, USUAL_DELAY);
            writer.frame((index > 0).then_some(&*before), &frame, delay, out)?;
            std::mem::swap(&mut before, &mut frame);
        }
    }
    chunks::write(out, b"IEND", &[])
}

/// Frames to chunks.
struct Writer<'o> {
    options: &'o PngOptions,
    canvas: Spec,
    /// Bits of an index, when there is a palette.
    bits: Option<usize>,
    /// Bytes of a pixel as it is given.
    unit: usize,
    /// Number of the next chunk that has one.
    sequence: u32,
}

impl Writer<'_> {
    /// Writes what changed from the frame before; all of the first.
    fn frame(&mut self, before: Option<&[u8]>, frame: &[u8], delay: u32, out: &mut dyn Write) -> Result<()> {
        let mut control = Control {
            width: self.canvas.width,
            height: self.canvas.height,
            left: 0,
            top: 0,
            delay,
            disposal: Disposal::Keep,
            over: false,
        };
        if let Some(before) = before {
            // A frame has one pixel at least.
            let [left, top, right, bottom] =
                changes(before, frame, self.canvas.width as usize * self.unit, self.unit).unwrap_or([0, 0, 1, 1]);
            control = Control { width: right - left, height: bottom - top, left, top, ..control };
        }
        chunks::write(out, b"fcTL", &control.to_bytes(self.sequence))?;
        self.sequence += 1;
        self.pixels(&control, frame, before.is_none(), out)
    }

    /// Writes a rectangle.
    fn pixels(&mut self, rect: &Control, frame: &[u8], is_first: bool, out: &mut dyn Write) -> Result<()> {
        let bytes = u64::from(rect.width) * u64::from(rect.height) * self.unit as u64;
        let strategy = Strategy::new(self.options, bytes, self.bits.is_some());
        let sink = Sink::new(out, (!is_first).then_some(&mut self.sequence));
        let mut lines = Lines::new(sink, strategy, self.unit);
        let line_bytes = self.canvas.width as usize * self.unit;
        let mut line = Vec::new();
        let passes = if self.options.progressive { &adam7::PASSES[..] } else { &[adam7::WHOLE] };
        for pass in passes {
            let (width, height) = (pass.width(rect.width) as usize, pass.height(rect.height));
            if width == 0 || height == 0 {
                continue;
            }
            lines.begin(self.bits.map_or(width * self.unit, |bits| (width * bits).div_ceil(8)))?;
            let left = (rect.left as usize) * self.unit;
            let part = left..left + rect.width as usize * self.unit;
            let rows = frame.chunks_exact(line_bytes).skip(rect.top as usize).take(rect.height as usize);
            for row in rows.skip(pass.top as usize).step_by(pass.down as usize) {
                let (row, first, step) = (&row[part.clone()], pass.left as usize, pass.across as usize);
                match self.bits {
                    Some(bits) => write::pack(row.iter().skip(first).step_by(step), bits, &mut line),
                    None if step == 1 && first == 0 => {
                        lines.push(row)?;
                        continue;
                    }
                    None => {
                        line.clear();
                        row.chunks_exact(self.unit)
                            .skip(first)
                            .step_by(step)
                            .for_each(|pixel| line.extend_from_slice(pixel));
                    }
                }
                lines.push(&line)?;
            }
        }
        lines.finish()
    }
}

/// Left, top, right and bottom of the smallest rectangle that holds all changes, in pixels of `unit` bytes; `None` when
/// there are none. Rows have `row` bytes.
fn changes(before: &[u8], frame: &[u8], row: usize, unit: usize) -> Option<[u32; 4]> {
    let (mut top, mut bottom, mut left, mut right) = (None, 0, row, 0);
    for (y, (a, b)) in before.chunks_exact(row).zip(frame.chunks_exact(row)).enumerate() {
        if a == b {
            continue;
        }
        let differs = |x: &usize| a[*x] != b[*x];
        left = (0..left).find(differs).unwrap_or(left);
        right = (right..row).rfind(differs).map_or(right, |x| x + 1);
        top.get_or_insert(y);
        bottom = y + 1;
    }
    Some([(left / unit) as u32, top? as u32, right.div_ceil(unit) as u32, bottom as u32])
}
