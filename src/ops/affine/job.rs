//! Places: which pixels of a row have the image around them, and where they are in it.

use super::{BORDER, Transform, rows::Code};
use crate::{
    image::{Image, Spec},
    ops::interpolate::place::{Place, Run, TILE},
    simd::Level,
};

/// What all rows of a result have in common.
pub(super) struct Job {
    pub(super) padded: Image,
    /// Of the image without its border.
    pub(super) spec: Spec,
    pub(super) inverse: [f64; 4],
    pub(super) transform: Transform,
    pub(super) background: Vec<f64>,
    /// Where the canvas begins.
    pub(super) left: i64,
    pub(super) top: i64,
    pub(super) level: Level,
}

/// One pixel.
const ONE: f64 = (1u64 << 32) as f64;

/// With larger steps, places of the pixels of a tile could go around the range of integers and come back.
const MAX_STEP: u64 = i64::MAX as u64 / (2 * TILE as u64);

/// Places on an axis of so many pixels that have the image around them, from one pixel before it on.
const fn reach(length: u32) -> u64 {
    (length as u64 + 1) << 32
}

impl Job {
    /// Writes pixels of a row, at most [`TILE`], from `x`, `y` on: the background where the image is out of reach,
    /// elsewhere what `run` finds.
    #[inline(always)]
    pub(super) fn fill<P: Copy>(&self, x: usize, y: u32, row: &mut [P], background: P, run: impl Fn(Run, &mut [P])) {
        let [a, b, c, d] = self.inverse;
        let out_x = x as f64 + self.left as f64 - self.transform.output_offset[0];
        let out_y = f64::from(y) + self.top as f64 - self.transform.output_offset[1];
        let [shift_x, shift_y] = self.transform.input_offset;
        // Per axis: the first pixel's place, the step to the next, and the length of the image.
        let axes = [
            (a * out_x + b * out_y - shift_x, a, self.spec.width),
            (c * out_x + d * out_y - shift_y, c, self.spec.height),
        ];
        let (mut first, mut end) = (0.0, row.len() as f64);
        for (start, step, length) in axes {
            let (low, high) = ((-1.0 - start) / step, (f64::from(length) - start) / step);
            if step != 0.0 {
                first = low.min(high).floor().max(first);
                end = low.max(high).ceil().min(end);
            } else if !(-1.0..f64::from(length)).contains(&start) {
                end = 0.0;
            }
        }
        let first = (first as usize).min(row.len());
        let end = (end as usize).clamp(first, row.len());
        row[..first].fill(background);
        row[end..].fill(background);

        let span = &mut row[first..end];
        let [step_x, step_y] = axes.map(|(_, step, _)| (step * ONE) as i64);
        let [start_x, start_y] = axes.map(|(start, step, _)| ((start + step * first as f64) * ONE) as i64);
        let (reach_x, reach_y) = (reach(self.spec.width), reach(self.spec.height));
        // The run that begins at a pixel of the span, if it is in reach: from one pixel before the image on.
        let at = |index: usize| {
            let along =
                |start: i64, step: i64| start.wrapping_add(step.wrapping_mul(index as i64)).wrapping_add(1 << 32);
            let (from_x, from_y) = (along(start_x, step_x) as u64, along(start_y, step_y) as u64);
            let border = (BORDER as u64 - 1) << 32;
            let (x, y) = (Place(from_x.wrapping_add(border)), Place(from_y.wrapping_add(border)));
            (from_x < reach_x && from_y < reach_y).then_some(Run { x, y, step_x, step_y })
        };
        if step_x.unsigned_abs().max(step_y.unsigned_abs()) > MAX_STEP {
            for (index, pixel) in span.iter_mut().enumerate() {
                match at(index) {
                    Some(here) => run(here, std::slice::from_mut(pixel)),
                    None => *pixel = background,
                }
            }
            return;
        }
        // The span may be one too long at its ends; what lies between two pixels in reach is in reach.
        let Some((first, here)) = (0..span.len()).find_map(|index| Some((index, at(index)?))) else {
            return span.fill(background);
        };
        let end = (first..span.len()).rev().find(|&index| at(index).is_some()).map_or(first, |last| last + 1);
        span[..first].fill(background);
        span[end..].fill(background);
        run(here, &mut span[first..end]);
    }

    /// The background in the layout of a pixel.
    pub(super) fn background<S: Code, const CHANNELS: usize>(&self) -> [S; CHANNELS] {
        std::array::from_fn(|channel| S::code(self.background[channel] as f32))
    }
}
