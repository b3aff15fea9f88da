//! Blending of rows: which pixels need the arithmetic of [`blend`](super::blend), and which have a short way.
#![allow(unsafe_code)] // Calls of functions compiled for what the level says is there.

use std::ops::Range;

use super::blend::{BLOCK, Words, blend, gather, load, store};
use crate::{options::Blend, simd::Level};

/// What of a layer lies on one row.
pub(super) struct Sheet<'a, S = u8> {
    pub(super) blend: Blend,
    /// RGBA.
    pub(super) pixels: &'a [S],
    /// The pixel of the row where they begin; outside of them the layer is transparent.
    pub(super) start: usize,
    /// Colours are multiplied by alpha already.
    pub(super) premultiplied: bool,
}

impl Sheet<'_> {
    /// The part on some pixels of the row, at most a block; nothing when these stay as they are.
    #[inline(always)]
    fn part(&self, block: Range<usize>) -> Option<Words> {
        let first = self.start.max(block.start);
        let end = (self.start + self.pixels.len() / 4).min(block.end);
        if first < end {
            Some(gather(&self.pixels[(first - self.start) * 4..(end - self.start) * 4], first - block.start))
        } else if self.blend.keeps_backdrop() {
            None
        } else {
            Some([0; BLOCK])
        }
    }
}

/// Lays `sheets` on a row of 8-bit RGBA, the first lowest.
pub(super) fn lay(level: Level, sheets: &[Sheet<'_>], row: &mut [u8]) {
    match level {
        Level::Scalar | Level::Vector => lay_blocks(sheets, row),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(_) => {
            #[target_feature(enable = "avx2")]
            fn with_avx2(sheets: &[Sheet<'_>], row: &mut [u8]) {
                lay_blocks(sheets, row);
            }
            // SAFETY: the level is only made on a processor that has AVX2.
            unsafe { with_avx2(sheets, row) }
        }
    }
}

#[inline(always)]
fn lay_blocks(sheets: &[Sheet<'_>], row: &mut [u8]) {
    for (index, pixels) in row.chunks_mut(BLOCK * 4).enumerate() {
        let block = index * BLOCK..index * BLOCK + pixels.len() / 4;
        // No closures here: they would be compiled for the baseline and called.
        let result = match sheets {
            [sheet] => {
                let Some(words) = sheet.part(block) else { continue };
                let under = gather(pixels, 0);
                match short(sheet, &words, &under) {
                    Some(result) => result,
                    None => {
                        let mut planes = load(&under, false);
                        blend(sheet.blend, &load(&words, sheet.premultiplied), &mut planes);
                        store(&planes)
                    }
                }
            }
            sheets => {
                let mut planes = None;
                for sheet in sheets {
                    let Some(words) = sheet.part(block.clone()) else { continue };
                    let mut mixed = match planes {
                        Some(planes) => planes,
                        None => load(&gather(pixels, 0), false),
                    };
                    blend(sheet.blend, &load(&words, sheet.premultiplied), &mut mixed);
                    planes = Some(mixed);
                }
                let Some(planes) = planes else { continue };
                store(&planes)
            }
        };
        let mut result = result;
        for word in &mut result {
            *word = word.to_le();
        }
        match pixels.first_chunk_mut::<{ BLOCK * 4 }>() {
            Some(all) => *all = bytemuck::cast(result),
            None => pixels.copy_from_slice(&bytemuck::bytes_of(&result)[..pixels.len()]),
        }
    }
}

/// Alpha of a pixel, in the highest byte.
const ALPHA: u32 = 0xff00_0000;

/// The two most usual modes in integers, where these give what the long way gives.
#[inline(always)]
fn short(sheet: &Sheet<'_>, words: &Words, under: &Words) -> Option<Words> {
    if sheet.blend == Blend::DestIn {
        return Some(dest_in(words, under));
    }
    if sheet.blend != Blend::Over {
        return None;
    }
    let (mut all, mut any, mut below) = (ALPHA, 0, ALPHA);
    for (word, under) in words.iter().zip(under) {
        all &= word;
        any |= word;
        below &= under;
    }
    if all == ALPHA {
        Some(*words)
    } else if any & ALPHA == 0 {
        Some(*under)
    } else if below == ALPHA && !sheet.premultiplied {
        Some(over_opaque(words, under))
    } else {
        None
    }
}

/// floor(x / 255) of both halves of a word; (x + 1 + (x >> 8)) >> 8 for x ≤ 255².
#[inline(always)]
const fn divide(x: u32) -> u32 {
    ((x + 0x0001_0001 + ((x >> 8) & HALVES)) >> 8) & HALVES
}

const HALVES: u32 = 0x00ff_00ff;

/// `source` over pixels that are all opaque: `(s·a + b·(255 − a)) / 255`.
#[inline(always)]
fn over_opaque(source: &Words, backdrop: &Words) -> Words {
    let mut out = *backdrop;
    for (out, &source) in out.iter_mut().zip(source) {
        let alpha = source >> 24;
        let lerp = |s: u32, b: u32| divide((s & HALVES) * alpha + (b & HALVES) * (255 - alpha));
        *out = lerp(source, *out) | lerp(source >> 8, *out >> 8) << 8 | ALPHA;
    }
    out
}

/// The backdrop with its alpha scaled by the source's.
#[inline(always)]
fn dest_in(source: &Words, backdrop: &Words) -> Words {
    let mut out = *backdrop;
    for (out, &source) in out.iter_mut().zip(source) {
        let product = (source >> 24) * (*out >> 24);
        *out = if product == 0 { 0 } else { *out & !ALPHA | divide(product) << 24 };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::OptionValue;

    /// Pixels that look random, every alpha among them, opaque or not.
    fn noise(seed: u32, opaque: bool) -> Vec<u8> {
        let mut state = seed;
        let mut word = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if opaque { state | ALPHA } else { state }
        };
        (0..997).flat_map(|_| word().to_le_bytes()).collect()
    }

    fn laid(level: Level, sheets: &[Sheet<'_>], row: &[u8]) -> Vec<u8> {
        let mut row = row.to_vec();
        lay(level, sheets, &mut row);
        row
    }

    fn largest_difference(a: &[u8], b: &[u8]) -> u8 {
        a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0)
    }

    #[test]
    fn short_ways_lead_where_the_long_one_does() {
        let overlay = noise(1, false);
        for opaque in [true, false] {
            let row = noise(2, opaque);
            for blend in [Blend::Over, Blend::DestIn] {
                let sheet = || Sheet { blend, pixels: &overlay, start: 0, premultiplied: false };
                // A second sheet that changes nothing forces the long way.
                let nothing = Sheet { blend: Blend::Dest, pixels: &overlay, start: 0, premultiplied: false };
                let long = laid(Level::Scalar, &[sheet(), nothing], &row);
                let short = laid(Level::Scalar, &[sheet()], &row);
                assert!(largest_difference(&long, &short) <= 1, "{blend:?}");
            }
        }
    }

    #[test]
    fn all_levels_agree_in_all_modes() {
        let (overlay, row) = (noise(3, false), noise(4, false));
        for name in
            ["over", "dest-in", "atop", "xor", "saturate", "multiply", "colour-dodge", "colour-burn", "soft-light"]
        {
            let blend = Blend::from_value(&name.into()).expect("a mode");
            let sheet = || Sheet { blend, pixels: &overlay[..400], start: 77, premultiplied: false };
            let scalar = laid(Level::Scalar, &[sheet()], &row);
            assert_eq!(largest_difference(&scalar, &laid(Level::detect(), &[sheet()], &row)), 0, "{name}");
        }
    }

    #[test]
    fn what_is_not_covered_stays_or_goes() {
        let (overlay, row) = (noise(5, true), noise(6, false));
        for (blend, kept) in [(Blend::Over, true), (Blend::Multiply, true), (Blend::In, false), (Blend::DestIn, false)]
        {
            let sheet = Sheet { blend, pixels: &overlay[..8], start: 80, premultiplied: false };
            let out = laid(Level::detect(), &[sheet], &row);
            let (before, after) = (&out[..320], &out[328..]);
            if kept {
                // The block that is touched loses colours that no alpha shows, no more.
                assert_eq!(out.len(), row.len());
                assert_eq!(before[..256], row[..256]);
                assert_eq!(after[184..], row[512..]);
            } else {
                assert!(before.iter().chain(after).all(|&sample| sample == 0), "{blend:?}");
            }
        }
    }
}
