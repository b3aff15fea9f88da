//! A window of rows around the current row, over a source that returns each row once.

use super::sums::LANES;
use crate::{
    error::{LimitError, Result},
    image::{Sample, Spec, past_the_end, zeroed},
};

/// How far an operation looks from a pixel.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reach {
    /// Pixels to the left and to the right.
    pub(super) columns: (u32, u32),
    /// Rows above and below.
    pub(super) rows: (u32, u32),
}

/// A ring of rows. Past the edges of the image its outermost pixels go on.
pub(super) struct Window<S> {
    ring: Vec<S>,
    /// Samples from one row of the ring to the next: those left of the image, `len` in it, and those right of it.
    stride: usize,
    left: usize,
    len: usize,
    channels: usize,
    slots: u32,
    below: u32,
    height: u32,
    /// Rows that were read so far.
    read: u32,
}

impl<S: Sample> Window<S> {
    /// A window over images of the size of `spec` with `channels` samples of type `S` in a pixel.
    pub(super) fn new(spec: &Spec, channels: usize, reach: Reach) -> Result<Self> {
        let too_large = || LimitError::Dimensions { width: spec.width.into(), height: spec.height.into() };
        let samples = |pixels: u32| (pixels as usize).checked_mul(channels);
        let all = || {
            let (left, len, right) = (samples(reach.columns.0)?, samples(spec.width)?, samples(reach.columns.1)?);
            let stride = left.checked_add(len)?.checked_add(right)?;
            let slots = reach.rows.0.saturating_add(reach.rows.1).saturating_add(1).min(spec.height);
            Some((left, len, stride, slots, stride.checked_mul(slots as usize)?.checked_add(LANES)?))
        };
        let (left, len, stride, slots, total) = all().ok_or_else(too_large)?;
        let (below, height) = (reach.rows.1, spec.height);
        Ok(Self { ring: zeroed(total)?, stride, left, len, channels, slots, below, height, read: 0 })
    }

    /// Reads on until all rows are there that row `y` sees; `read` writes the next row.
    pub(super) fn advance(&mut self, y: u32, mut read: impl FnMut(&mut [S]) -> Result<()>) -> Result<()> {
        if y >= self.height {
            return Err(past_the_end());
        }
        let end = y.saturating_add(self.below).saturating_add(1).min(self.height);
        while self.read < end {
            let start = (self.read % self.slots) as usize * self.stride;
            let slot = &mut self.ring[start..start + self.stride];
            read(&mut slot[self.left..self.left + self.len])?;
            extend(slot, self.left, self.len, self.channels);
            self.read += 1;
        }
        Ok(())
    }

    /// Row `y` with the pixels on both sides of it; rows past the edge are those at the edge.
    pub(super) fn row(&self, y: i64) -> &[S] {
        let y = y.clamp(0, i64::from(self.height) - 1) as u32;
        debug_assert!(y < self.read && y + self.slots >= self.read, "row {y} is not in the window");
        let start = (y % self.slots) as usize * self.stride;
        &self.ring[start..start + self.stride]
    }

    /// The same with [`LANES`] samples behind it that have no meaning, for loops that read whole blocks.
    pub(super) fn row_and_beyond(&self, y: i64) -> &[S] {
        let y = y.clamp(0, i64::from(self.height) - 1) as u32;
        let start = (y % self.slots) as usize * self.stride;
        &self.ring[start..start + self.stride + LANES]
    }

    /// Samples of a row without the pixels on both sides.
    pub(super) const fn len(&self) -> usize {
        self.len
    }
}

/// Repeats the outermost pixels of the `len` samples from `left` on over the rest of `row`.
pub(super) fn extend<S: Copy>(row: &mut [S], left: usize, len: usize, channels: usize) {
    let (before, rest) = row.split_at_mut(left);
    let (inside, after) = rest.split_at_mut(len);
    before.chunks_exact_mut(channels).for_each(|pixel| pixel.copy_from_slice(&inside[..channels]));
    after.chunks_exact_mut(channels).for_each(|pixel| pixel.copy_from_slice(&inside[len - channels..]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::GREY;

    #[test]
    fn edges_go_on() {
        let reach = Reach { columns: (2, 1), rows: (1, 2) };
        let mut window = Window::<u8>::new(&Spec::new(2, 5, GREY), 1, reach).unwrap();
        let mut next = 0;
        let mut read = |row: &mut [u8]| {
            row.copy_from_slice(&[next, next + 1]);
            next += 10;
            Ok(())
        };
        window.advance(0, &mut read).unwrap();
        assert_eq!(window.row(-1), [0, 0, 0, 1, 1]);
        assert_eq!(window.row(2), [20, 20, 20, 21, 21]);
        window.advance(4, &mut read).unwrap();
        assert_eq!(window.row(6), [40, 40, 40, 41, 41]);
        assert!(window.advance(5, &mut read).is_err());
    }

    #[test]
    fn a_window_is_never_larger_than_the_image() {
        let reach = Reach { rows: (u32::MAX, u32::MAX), ..Reach::default() };
        let window = Window::<u16>::new(&Spec::new(3, 2, GREY), 1, reach).unwrap();
        assert_eq!(window.ring.len(), 6 + LANES);
        let reach = Reach { columns: (u32::MAX, u32::MAX), ..reach };
        assert!(Window::<u16>::new(&Spec::new(u32::MAX, u32::MAX, GREY), 4, reach).is_err());
    }
}
