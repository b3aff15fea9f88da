//! Frames of which only a part is on the canvas: decoded row by row, so that no more is held than is seen.

use weezl::{BitOrder, LzwStatus, decode::Configuration};

use super::{
    header::{Frame, interlaced},
    lzw_decode::BadCode,
};

/// Writes the indices of the upper left `part` of `frame`, in the order of the image, to `out`. What the data ends before is
/// transparent, where the frame has such an index. Rows after the last that is wanted are not decoded.
pub(super) fn decode<'d>(
    blocks: impl Iterator<Item = &'d [u8]>,
    frame: &Frame,
    part: &Frame,
    out: &mut [u8],
) -> Result<(), BadCode> {
    out.fill(frame.transparent.unwrap_or(0));
    let (Ok(width), wanted) = (usize::try_from(part.width), part.height) else { return Err(BadCode) };
    if width == 0 || wanted == 0 {
        return Ok(());
    }
    let place = |y: u32| if frame.interlaced { interlaced(y, frame.height) } else { y };
    // Rows of the image by their place in the file.
    let mut rows: Vec<(u32, u32)> = (0..wanted).map(|y| (place(y), y)).collect();
    rows.sort_unstable();
    let mut codes = Codes::new(blocks, frame.code_size);
    let mut line = vec![0; frame.width as usize];
    let mut next = 0;
    for (at, y) in rows {
        while next < at {
            if codes.read(&mut line)? < line.len() {
                return Ok(());
            }
            next += 1;
        }
        let read = codes.read(&mut line)?.min(width);
        let start = y as usize * width;
        out[start..start + read].copy_from_slice(&line[..read]);
        next += 1;
    }
    Ok(())
}

/// Indices out of data blocks.
struct Codes<'d, I> {
    blocks: I,
    block: &'d [u8],
    decoder: weezl::decode::Decoder,
}

impl<'d, I: Iterator<Item = &'d [u8]>> Codes<'d, I> {
    fn new(blocks: I, code_size: u8) -> Self {
        let decoder = Configuration::new(BitOrder::Lsb, code_size).with_yield_on_full_buffer(true).build();
        Self { blocks, block: &[], decoder }
    }

    /// Fills `line`; says how far, when the data ends within it.
    fn read(&mut self, line: &mut [u8]) -> Result<usize, BadCode> {
        let mut filled = 0;
        let mut waits = false;
        while filled < line.len() {
            if self.block.is_empty() {
                self.block = self.blocks.next().unwrap_or_default();
            }
            let result = self.decoder.decode_bytes(self.block, &mut line[filled..]);
            self.block = &self.block[result.consumed_in..];
            filled += result.consumed_out;
            let moves = result.consumed_in > 0 || result.consumed_out > 0;
            match result.status {
                // A string that is longer than the row waits inside the decoder once.
                Ok(LzwStatus::Ok) if moves || !waits => waits = !moves,
                Ok(_) => break,
                Err(_) => return Err(BadCode),
            }
        }
        Ok(filled)
    }
}
