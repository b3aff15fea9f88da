//! Adam7 interlacing: seven images, each with more of the pixels. Source: PNG third edition, clause 8.1.

/// One of the seven passes: where its pixels stand in the image.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pass {
    /// Column and row of the first pixel.
    pub(super) left: u32,
    pub(super) top: u32,
    /// Distance between columns and between rows.
    pub(super) across: u32,
    pub(super) down: u32,
}

impl Pass {
    /// Pixels in a row of this pass; 0 when the pass is empty.
    pub(super) const fn width(&self, picture: u32) -> u32 {
        picture.saturating_sub(self.left).div_ceil(self.across)
    }

    /// Rows of this pass.
    pub(super) const fn height(&self, picture: u32) -> u32 {
        picture.saturating_sub(self.top).div_ceil(self.down)
    }
}

const fn pass(left: u32, top: u32, across: u32, down: u32) -> Pass {
    Pass { left, top, across, down }
}

/// An image that is not interlaced is one pass.
pub(super) const WHOLE: Pass = pass(0, 0, 1, 1);

/// In the order of the file.
pub(super) const PASSES: [Pass; 7] = [
    pass(0, 0, 8, 8),
    pass(4, 0, 8, 8),
    pass(0, 4, 4, 8),
    pass(2, 0, 4, 4),
    pass(0, 2, 2, 4),
    pass(1, 0, 2, 2),
    pass(0, 1, 1, 2),
];

/// The passes of an image that have any pixels.
pub(super) fn passes(width: u32, height: u32) -> impl Iterator<Item = Pass> {
    PASSES.into_iter().filter(move |pass| pass.width(width) > 0 && pass.height(height) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pixel_is_in_one_pass() {
        for (width, height) in [(1, 1), (5, 5), (8, 8), (3, 17), (17, 3)] {
            let mut seen = vec![0; (width * height) as usize];
            for pass in passes(width, height) {
                for y in 0..pass.height(height) {
                    for x in 0..pass.width(width) {
                        seen[((pass.top + y * pass.down) * width + pass.left + x * pass.across) as usize] += 1;
                    }
                }
            }
            assert!(seen.iter().all(|count| *count == 1), "{width}x{height}");
        }
    }
}
