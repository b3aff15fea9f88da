//! WebP bit streams inside other formats: parts of an image.

use super::{
    ffi,
    lossy::{Part, Pixels},
    mux,
    options::WebpOptions,
};
use crate::image::zeroed;

/// The pixels of a bit stream, width × height × 3 or 4 samples; `None` when it is damaged or too small.
pub(in crate::codec) fn decode_chunk(bits: &[u8], width: u32, height: u32, alpha: bool) -> Option<Vec<u8>> {
    if ffi::size(bits)? != (width, height) {
        return None;
    }
    let samples = (width as usize).checked_mul(height as usize)?.checked_mul(if alpha { 4 } else { 3 })?;
    let mut pixels = zeroed(samples).ok()?;
    ffi::decode(bits, width, height, alpha, &mut pixels).then_some(pixels)
}

/// Encodes width × height × 3 or 4 samples at a quality of 1 to 100; `None` when that fails.
pub(in crate::codec) fn encode_chunk(
    pixels: &[u8],
    width: u32,
    height: u32,
    alpha: bool,
    quality: u32,
) -> Option<Vec<u8>> {
    let channels = if alpha { 4 } else { 3 };
    let part = Part { x: 0, y: 0, width: width as usize, height: height as usize };
    let complete = part.width.checked_mul(part.height)?.checked_mul(channels)? == pixels.len();
    let options = WebpOptions { quality: quality.clamp(1, 100), ..WebpOptions::default() };
    let frame =
        complete.then(|| Pixels::of_samples(pixels, part.width, &part, channels).ok()?.encode(&options).ok())??;
    mux::lossy(width, height, &frame).ok()
}
