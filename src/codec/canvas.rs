//! Frames of an animation as one tall image, of which only the canvas is held.

use std::ops::Range;

use crate::{
    error::Result,
    image::{Image, RowMut, RowSource, Spec, past_the_end},
};

/// What is shown at a moment of an animation: each frame is drawn on those before it.
pub(super) trait Canvas: Send {
    /// Draws the frames that are not drawn yet, up to and including `frame`, counted from 0.
    fn draw_up_to(&mut self, frame: u32) -> Result<()>;
    /// The canvas, width × height of the animation.
    fn pixels(&self) -> &Image;
}

/// The rows of some frames, below each other.
pub(super) struct TallFrames<C> {
    spec: Spec,
    canvas: C,
    /// Frames to come.
    frames: Range<u32>,
    /// Next row of the canvas; its height when the next frame must be drawn first.
    row: u32,
}

impl<C: Canvas> TallFrames<C> {
    /// The frames of these numbers, which have the size `spec` below each other.
    pub(super) fn new(canvas: C, frames: Range<u32>, spec: Spec) -> Self {
        let row = canvas.pixels().spec().height;
        Self { spec, canvas, frames, row }
    }
}

impl<C: Canvas> RowSource for TallFrames<C> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        if self.row == self.canvas.pixels().spec().height {
            let frame = self.frames.next().ok_or_else(past_the_end)?;
            self.canvas.draw_up_to(frame)?;
            self.row = 0;
        }
        row.copy_from(self.canvas.pixels().row(self.row))?;
        self.row += 1;
        Ok(())
    }
}
