//! The encoder's input: planes of 4:2:0 in limited range.

/// Borrowed planes: luma of 16 to 235, chroma of 16 to 240 at half the width and height, rounded up.
#[derive(Clone, Copy)]
pub(crate) struct Yuv420<'a> {
    /// In luma samples, 1 to 16383.
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) y: &'a [u8],
    /// Samples from one row to the next.
    pub(crate) y_stride: usize,
    pub(crate) u: &'a [u8],
    pub(crate) v: &'a [u8],
    pub(crate) uv_stride: usize,
}

/// The largest width and height that the format has.
pub(crate) const MAX_SIDE: usize = 16383;

impl Yuv420<'_> {
    /// Whether every row is in its plane, and the size within the format's.
    pub(super) fn is_valid(&self) -> bool {
        let fits = |plane: &[u8], width: usize, height: usize, stride: usize| {
            let end = height.checked_sub(1).and_then(|last| last.checked_mul(stride)?.checked_add(width));
            stride >= width && end.is_some_and(|end| end <= plane.len())
        };
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        (1..=MAX_SIDE).contains(&self.width)
            && (1..=MAX_SIDE).contains(&self.height)
            && fits(self.y, self.width, self.height, self.y_stride)
            && fits(self.u, width, height, self.uv_stride)
            && fits(self.v, width, height, self.uv_stride)
    }

    /// Columns and rows of macroblocks.
    pub(super) fn macroblocks(&self) -> (usize, usize) {
        (self.width.div_ceil(16), self.height.div_ceil(16))
    }

    pub(super) fn y_row(&self, y: usize) -> &[u8] {
        &self.y[y * self.y_stride..][..self.width]
    }

    /// Samples of a macroblock; what is outside repeats the edge.
    pub(super) fn macroblock(&self, x: usize, y: usize, to: &mut Source) {
        copy::<16>(self.y, self.y_stride, [self.width, self.height], [x, y], &mut to.luma);
        let size = [self.width.div_ceil(2), self.height.div_ceil(2)];
        copy::<8>(self.u, self.uv_stride, size, [x, y], &mut to.chroma[0]);
        copy::<8>(self.v, self.uv_stride, size, [x, y], &mut to.chroma[1]);
    }
}

/// Samples of a macroblock: luma, U, V.
#[derive(Default)]
pub(super) struct Source {
    pub(super) luma: [[u8; 16]; 16],
    pub(super) chroma: [[[u8; 8]; 8]; 2],
}

fn copy<const N: usize>(plane: &[u8], stride: usize, size: [usize; 2], at: [usize; 2], to: &mut [[u8; N]; N]) {
    let [width, height] = size;
    let [x, y] = at.map(|at| at * N);
    for (row, to) in to.iter_mut().enumerate() {
        let from = &plane[(y + row).min(height - 1) * stride..][..width];
        if let Some(whole) = from.get(x..x + N) {
            to.copy_from_slice(whole);
        } else {
            for (column, to) in to.iter_mut().enumerate() {
                *to = from[(x + column).min(width - 1)];
            }
        }
    }
}
