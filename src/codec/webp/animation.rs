//! Animations of lossy frames: of each frame, the part that differs from the frame before.

use super::{
    lossy::{Frame, Part, Pixels, out_of_memory},
    mux,
    options::WebpOptions,
};
use crate::{
    codec::{EncodeJob, animation::Timing},
    error::{Error, OutputError, Result},
    image::{RowMut, RowSource, Samples, Spec},
};

/// A frame of the file.
pub(super) struct AnimationFrame {
    /// Where it is on the canvas; columns and rows before it are even in number.
    pub(super) part: Part,
    /// Milliseconds.
    pub(super) duration: u32,
    pub(super) frame: Frame,
}

/// The largest duration that the format can say, in milliseconds.
const MAX_DURATION: u32 = (1 << 24) - 1;

/// Encodes all frames, each of the size of `spec`, to a file.
pub(super) fn encode(
    rows: &mut dyn RowSource,
    spec: Spec,
    options: &WebpOptions,
    job: &EncodeJob<'_>,
) -> Result<Vec<u8>> {
    let timing = Timing::resolve(job.options, job.metadata)?;
    let (width, height) = (spec.width as usize, spec.height as usize);
    let channels = spec.format.channels();
    let row_samples = spec.row_samples();
    let whole = Part { x: 0, y: 0, width, height };
    let canvas = || Samples::zeroed(spec.format.depth, row_samples * height);
    let (Samples::U8(mut before), Samples::U8(mut canvas)) = (canvas()?, canvas()?) else {
        return Err(Error::Internal("WebP is written from 8-bit samples".into()));
    };
    let mut frames: Vec<AnimationFrame> = Vec::new();
    for index in 0..rows.spec().height / spec.height {
        for row in canvas.chunks_exact_mut(row_samples) {
            rows.next_row(RowMut::U8(row))?;
        }
        let duration = timing.delay(index).min(MAX_DURATION);
        let part = if frames.is_empty() { Some(whole) } else { changed(&before, &canvas, width, channels) };
        // Readers take an animation with partial frames for one with alpha, and cannot scale while they decode it.
        let part = part.map(|part| if part.covers_most_of(&whole) { whole } else { part });
        match (part, frames.last_mut()) {
            // Nothing changed, so that the frame before is shown for longer.
            (None, Some(last)) if last.duration + duration <= MAX_DURATION => last.duration += duration,
            (part, _) => {
                let part = part.unwrap_or(Part { width: 1, height: 1, ..whole });
                let frame = Pixels::of_samples(&canvas, width, &part, channels)?.encode(options)?;
                frames.try_reserve(1).map_err(|_| out_of_memory())?;
                frames.push(AnimationFrame { part, duration, frame });
            }
        }
        std::mem::swap(&mut before, &mut canvas);
    }
    let file = match &frames[..] {
        [only] => mux::lossy(spec.width, spec.height, &only.frame),
        _ => mux::animation(spec.width, spec.height, timing.loop_count, &frames),
    };
    file.map_err(|error| Error::Output(OutputError::Write(error.to_string())))
}

/// The least part outside which two canvases are equal, from an even column and row on; `None` when they are equal.
fn changed(before: &[u8], after: &[u8], width: usize, channels: usize) -> Option<Part> {
    let stride = width * channels;
    let rows = || before.chunks_exact(stride).zip(after.chunks_exact(stride));
    let top = rows().position(|(a, b)| a != b)? / 2 * 2;
    let bottom = rows().rposition(|(a, b)| a != b)? + 1;
    let (mut left, mut right) = (width, 0);
    for (a, b) in rows().take(bottom).skip(top) {
        let differs = |x: usize| a[x * channels..][..channels] != b[x * channels..][..channels];
        left = (0..left).find(|&x| differs(x)).unwrap_or(left);
        right = (right..width).rev().find(|&x| differs(x)).map_or(right, |x| x + 1);
    }
    let left = left / 2 * 2;
    Some(Part { x: left, y: top, width: right - left, height: bottom - top })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changed_part_is_found() {
        let before = vec![0; 10 * 8 * 3];
        assert_eq!(changed(&before, &before, 10, 3), None);
        let mut after = before.clone();
        after[(3 * 10 + 5) * 3 + 1] = 1;
        assert_eq!(changed(&before, &after, 10, 3), Some(Part { x: 4, y: 2, width: 2, height: 2 }));
        after[(7 * 10 + 9) * 3] = 1;
        assert_eq!(changed(&before, &after, 10, 3), Some(Part { x: 4, y: 2, width: 6, height: 6 }));
        after[0] = 1;
        assert_eq!(changed(&before, &after, 10, 3), Some(Part { x: 0, y: 0, width: 10, height: 8 }));
    }
}
