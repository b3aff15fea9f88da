//! The frames of an animation. Source: WebP container specification, RFC 9649.
//!
//! libwebp finds each frame by walking over those before it, which a file of many small frames makes quadratic; one pass
//! over the chunks is enough.

use std::ops::Range;

use crate::error::{Error, LimitError, Result};

/// One frame of an animation.
#[derive(Clone)]
pub(super) struct Frame {
    /// Where the bit stream is in the file: VP8, VP8L, or ALPH followed by VP8.
    pub(super) bits: Range<usize>,
    /// Position on the canvas and size, in pixels.
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Milliseconds.
    pub(super) duration: u32,
    pub(super) has_alpha: bool,
    /// Whether the frame's rectangle becomes transparent before the next one is drawn.
    pub(super) dispose: bool,
    /// Whether the frame is blended with what is there, or replaces it.
    pub(super) blend: bool,
}

/// `RIFF`, size, `WEBP`.
pub(super) const FILE_HEADER: usize = 12;
/// Name and size of a chunk.
const CHUNK_HEADER: usize = 8;
/// Position, size, duration and flags before a frame's own chunks.
pub(super) const FRAME_HEADER: usize = 16;

/// All frames of a file that the demuxer found to be complete.
pub(super) fn index(file: &[u8]) -> Result<Vec<Frame>> {
    let mut frames = Vec::new();
    for (name, payload) in chunks(file, FILE_HEADER..file.len()) {
        if name == b"ANMF"
            && let Some(frame) = frame(file, payload)
        {
            frames.try_reserve(1).map_err(|_| {
                let bytes = (frames.len() as u64 + 1) * size_of::<Frame>() as u64;
                Error::from(LimitError::Memory { bytes })
            })?;
            frames.push(frame);
        }
    }
    Ok(frames)
}

/// Where the bit stream of a lossless still image is.
pub(super) fn lossless(file: &[u8]) -> Option<Range<usize>> {
    chunks(file, FILE_HEADER..file.len()).find(|(name, _)| *name == b"VP8L").map(|(_, payload)| payload)
}

fn frame(file: &[u8], payload: Range<usize>) -> Option<Frame> {
    let header: &[u8; FRAME_HEADER] = file.get(payload.clone())?.first_chunk()?;
    let u24 = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], 0]);
    let body = payload.start + FRAME_HEADER..payload.end;
    let (name, bits) = chunks(file, body.clone()).find(|(name, _)| [b"ALPH", b"VP8 ", b"VP8L"].contains(name))?;
    let has_alpha = match name {
        b"ALPH" => true,
        // Signature, two sides less 1 of 14 bits each, then whether there is alpha.
        b"VP8L" => file.get(bits.clone())?.get(4)? >> 4 & 1 == 1,
        _ => false,
    };
    Some(Frame {
        bits: bits.start - CHUNK_HEADER..body.end,
        x: u24(0) * 2,
        y: u24(3) * 2,
        width: u24(6) + 1,
        height: u24(9) + 1,
        duration: u24(12),
        has_alpha,
        dispose: header[15] & 1 == 1,
        blend: header[15] & 2 == 0,
    })
}

/// Names and payloads of the chunks in a part of the file; ends where one is cut off.
fn chunks(file: &[u8], part: Range<usize>) -> impl Iterator<Item = (&[u8; 4], Range<usize>)> {
    let mut at = part.start;
    std::iter::from_fn(move || {
        let header: &[u8; CHUNK_HEADER] = file.get(at..part.end)?.first_chunk()?;
        let (name, size) = header.split_first_chunk()?;
        let size = u32::from_le_bytes(size.try_into().ok()?) as usize;
        let start = at + CHUNK_HEADER;
        let end = start.checked_add(size).filter(|&end| end <= part.end)?;
        at = end + size % 2;
        Some((name, start..end))
    })
}
