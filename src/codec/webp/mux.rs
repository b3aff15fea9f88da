//! The container around encoded bits: adds metadata to what the encoder wrote.
//! Source: WebP container specification, RFC 9649.

use std::io::{self, Write};

use super::{animation::AnimationFrame, lossy::Frame};
use crate::meta::Metadata;

/// Bits of the VP8X chunk's first byte.
mod flag {
    pub(super) const ANIMATION: u8 = 1 << 1;
    pub(super) const XMP: u8 = 1 << 2;
    pub(super) const EXIF: u8 = 1 << 3;
    pub(super) const ALPHA: u8 = 1 << 4;
    pub(super) const ICC: u8 = 1 << 5;
}

/// `RIFF`, size, `WEBP`.
const FILE_HEADER: usize = 12;
/// Name and size of a chunk.
const CHUNK_HEADER: usize = 8;
/// The flag of a frame that is not blended with what is under it.
const REPLACE: u8 = 1 << 1;
/// Payload of VP8X.
const VP8X: usize = 10;

/// Writes a complete WebP file that the encoder made, with ICC profile, EXIF and XMP of `metadata` added.
pub(super) fn write(file: &[u8], metadata: &Metadata, out: &mut dyn Write) -> io::Result<()> {
    let blocks = [
        (b"ICCP", flag::ICC, &metadata.icc),
        (b"EXIF", flag::EXIF, &metadata.exif),
        (b"XMP ", flag::XMP, &metadata.xmp),
    ];
    let added: Vec<_> =
        blocks.into_iter().filter_map(|(name, flag, block)| Some((name, flag, block.as_deref()?))).collect();
    if added.is_empty() {
        return out.write_all(file);
    }
    let (mut vp8x, image) = split(file).ok_or_else(|| io::Error::other("webpsave: unable to add metadata"))?;
    for (_, flag, _) in &added {
        vp8x[0] |= flag;
    }
    let blocks_len: usize = added.iter().map(|(_, _, block)| CHUNK_HEADER + padded(block.len())).sum();
    let size = b"WEBP".len() + CHUNK_HEADER + VP8X + image.len() + blocks_len;
    let size = u32::try_from(size).map_err(|_| io::Error::other("webpsave: file is too large"))?;
    out.write_all(b"RIFF")?;
    out.write_all(&size.to_le_bytes())?;
    out.write_all(b"WEBP")?;
    chunk(b"VP8X", &vp8x, out)?;
    // The profile comes before the image, the rest after it.
    for (name, _, block) in added.iter().filter(|(name, ..)| *name == b"ICCP") {
        chunk(name, block, out)?;
    }
    out.write_all(image)?;
    for (name, _, block) in added.iter().filter(|(name, ..)| *name != b"ICCP") {
        chunk(name, block, out)?;
    }
    Ok(())
}

/// A complete WebP file of one lossy image.
pub(super) fn lossy(width: u32, height: u32, frame: &Frame) -> io::Result<Vec<u8>> {
    let mut chunks = Vec::new();
    if let Some(alpha) = &frame.alpha {
        chunk(b"VP8X", &vp8x(width, height, flag::ALPHA), &mut chunks)?;
        chunk(b"ALPH", alpha, &mut chunks)?;
    }
    chunk(b"VP8 ", &frame.image, &mut chunks)?;
    riff(&chunks)
}

/// A complete WebP file of lossy frames. Each replaces what is under it, and stays.
pub(super) fn animation(width: u32, height: u32, loop_count: u16, frames: &[AnimationFrame]) -> io::Result<Vec<u8>> {
    let u24 = |value: usize| (value as u32).to_le_bytes();
    let alpha = frames.iter().any(|frame| frame.frame.alpha.is_some());
    let flags = flag::ANIMATION | if alpha { flag::ALPHA } else { 0 };
    let mut chunks = Vec::new();
    chunk(b"VP8X", &vp8x(width, height, flags), &mut chunks)?;
    // A white background, which viewers are free to ignore.
    let [low, high] = loop_count.to_le_bytes();
    chunk(b"ANIM", &[0xff, 0xff, 0xff, 0xff, low, high], &mut chunks)?;
    for AnimationFrame { part, duration, frame } in frames {
        let mut payload = Vec::new();
        let numbers = [part.x / 2, part.y / 2, part.width - 1, part.height - 1, *duration as usize];
        numbers.into_iter().for_each(|number| payload.extend_from_slice(&u24(number)[..3]));
        payload.push(REPLACE);
        if let Some(alpha) = &frame.alpha {
            chunk(b"ALPH", alpha, &mut payload)?;
        }
        chunk(b"VP8 ", &frame.image, &mut payload)?;
        chunk(b"ANMF", &payload, &mut chunks)?;
    }
    riff(&chunks)
}

/// The file around its chunks.
fn riff(chunks: &[u8]) -> io::Result<Vec<u8>> {
    let size =
        u32::try_from(b"WEBP".len() + chunks.len()).map_err(|_| io::Error::other("webpsave: file is too large"))?;
    Ok([b"RIFF", size.to_le_bytes().as_slice(), b"WEBP", chunks].concat())
}

fn padded(len: usize) -> usize {
    len + len % 2
}

fn chunk(name: &[u8; 4], block: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let size = u32::try_from(block.len()).map_err(|_| io::Error::other("webpsave: file is too large"))?;
    out.write_all(name)?;
    out.write_all(&size.to_le_bytes())?;
    out.write_all(block)?;
    if block.len() % 2 == 1 { out.write_all(&[0]) } else { Ok(()) }
}

/// The VP8X chunk's payload, made up when the file has none, and the chunks after it.
fn split(file: &[u8]) -> Option<([u8; VP8X], &[u8])> {
    let chunks = file.get(FILE_HEADER..)?;
    let payload = chunks.get(CHUNK_HEADER..)?;
    match chunks.get(..4)? {
        b"VP8X" => Some((payload.get(..VP8X)?.try_into().ok()?, payload.get(VP8X..)?)),
        b"VP8 " => {
            // Frame tag and start code, then 14 bits of width and 14 of height, each with 2 bits of scaling.
            let side =
                |at: usize| Some(u32::from(u16::from_le_bytes(payload.get(at..at + 2)?.try_into().ok()?) & 0x3fff));
            Some((vp8x(side(6)?, side(8)?, 0), chunks))
        }
        b"VP8L" => {
            // Signature, then width - 1 and height - 1 of 14 bits each, then whether there is alpha.
            let bits = u32::from_le_bytes(payload.get(1..5)?.try_into().ok()?);
            let flags = if bits >> 28 & 1 == 1 { flag::ALPHA } else { 0 };
            Some((vp8x((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1, flags), chunks))
        }
        _ => None,
    }
}

/// Flags, 3 reserved bytes, width - 1 and height - 1 of 24 bits each.
fn vp8x(width: u32, height: u32, flags: u8) -> [u8; VP8X] {
    let mut payload = [0; VP8X];
    payload[0] = flags;
    payload[4..7].copy_from_slice(&width.saturating_sub(1).to_le_bytes()[..3]);
    payload[7..10].copy_from_slice(&height.saturating_sub(1).to_le_bytes()[..3]);
    payload
}
