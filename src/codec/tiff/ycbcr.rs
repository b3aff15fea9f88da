//! Chroma that is stored in blocks with its luma. Source: TIFF revision 6.0, section 21.

use super::unpack::{Damage, Unpack};
use crate::image::zeroed;

/// Spreads blocks, luma samples row by row and then one of each chroma, over rows of three samples a pixel.
pub(super) struct Blocks<'a> {
    stream: Box<dyn Unpack + 'a>,
    /// Luma samples of a block.
    across: usize,
    down: usize,
    /// One row of blocks.
    blocks: Vec<u8>,
    /// The next row of samples in it.
    next: usize,
}

impl<'a> Blocks<'a> {
    /// `None` when there is not enough memory.
    pub(super) fn new(stream: Box<dyn Unpack + 'a>, width: u32, (across, down): (u32, u32)) -> Option<Self> {
        let (across, down) = (across as usize, down as usize);
        let blocks = zeroed((width as usize).div_ceil(across).checked_mul(across * down + 2)?).ok()?;
        Some(Self { stream, across, down, blocks, next: down })
    }
}

impl Unpack for Blocks<'_> {
    fn read(&mut self, row: &mut [u8]) -> Result<(), Damage> {
        let mut read = Ok(());
        if self.next == self.down {
            self.next = 0;
            self.blocks.fill(0);
            read = self.stream.read(&mut self.blocks);
        }
        let luma = self.across * self.down;
        for (pixels, block) in row.chunks_mut(3 * self.across).zip(self.blocks.chunks_exact(luma + 2)) {
            let from = &block[self.next * self.across..];
            for (pixel, &y) in pixels.as_chunks_mut().0.iter_mut().zip(from) {
                *pixel = [y, block[luma], block[luma + 1]];
            }
        }
        self.next += 1;
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bytes(Vec<u8>);
    impl Unpack for Bytes {
        fn read(&mut self, row: &mut [u8]) -> Result<(), Damage> {
            row.copy_from_slice(&self.0[..row.len()]);
            self.0.drain(..row.len());
            Ok(())
        }
    }

    #[test]
    fn blocks_become_rows() {
        let stored = vec![1, 2, 4, 5, 90, 91, 3, 0, 6, 0, 92, 93];
        let mut blocks = Blocks::new(Box::new(Bytes(stored)), 3, (2, 2)).unwrap();
        let mut row = [0; 9];
        blocks.read(&mut row).unwrap();
        assert_eq!(row, [1, 90, 91, 2, 90, 91, 3, 92, 93]);
        blocks.read(&mut row).unwrap();
        assert_eq!(row, [4, 90, 91, 5, 90, 91, 6, 92, 93]);
    }
}
