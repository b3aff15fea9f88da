//! WebP bit streams inside other formats: parts of a picture.

use super::ffi::{self, Picture, Preset};
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

/// Encodes width × height × 3 or 4 samples at a quality of 1 to 100; `None` when the library refuses.
pub(in crate::codec) fn encode_chunk(
    pixels: &[u8],
    width: u32,
    height: u32,
    alpha: bool,
    quality: u32,
) -> Option<Vec<u8>> {
    let config = ffi::config(Preset::WEBP_PRESET_DEFAULT, quality as f32)?;
    Picture::yuv_from(pixels, width, height, alpha)?.encode(&config).ok()
}
