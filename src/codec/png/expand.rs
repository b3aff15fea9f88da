//! Expands the bits of a scanline to samples: widens what is below 8 bits, resolves palettes and transparent keys.

use super::header::{ColourType, PngHeader, Transparency};
use crate::{
    error::Result,
    image::{RowMut, depth_mismatch},
};

/// What turns the scanlines of one image into rows; chosen once.
pub(super) enum Expand {
    /// 8-bit samples as they are.
    Copy,
    /// 8-bit samples, blue first, multiplied by alpha where there is one.
    Apple { channels: usize },
    /// 16-bit samples, big endian in the file.
    Wide,
    /// Grey below 8 bits, with what each value becomes.
    Packed { bits: u8, levels: [u8; 256] },
    /// The same with a transparent value.
    PackedKey { bits: u8, levels: [u8; 256], key: u8 },
    /// 8-bit samples with a transparent colour.
    Key8 { key: [u8; 3], channels: usize },
    /// 16-bit samples with a transparent colour.
    Key16 { key: [u16; 3], channels: usize },
    /// Palette indices to opaque colours.
    Palette { bits: u8, colours: Box<[[u8; 4]; 256]> },
    /// Palette indices to colours with alpha.
    PaletteAlpha { bits: u8, colours: Box<[[u8; 4]; 256]> },
}

impl Expand {
    pub(super) fn new(header: &PngHeader) -> Self {
        let bits = header.bit_depth;
        let apple = header.apple && bits == 8 && matches!(header.colour, ColourType::Rgb | ColourType::Rgba);
        match (header.colour, &header.transparency) {
            (ColourType::Palette, Transparency::Palette(alpha)) => {
                Self::PaletteAlpha { bits, colours: colours(&header.palette, alpha) }
            }
            (ColourType::Palette, _) => Self::Palette { bits, colours: colours(&header.palette, &[]) },
            (ColourType::Grey, Transparency::Key([key, ..])) if bits < 8 => {
                Self::PackedKey { bits, levels: levels(bits), key: *key as u8 }
            }
            (ColourType::Grey, _) if bits < 8 => Self::Packed { bits, levels: levels(bits) },
            (colour, Transparency::Key(key)) if bits == 16 => Self::Key16 { key: *key, channels: colour.samples() },
            (colour, Transparency::Key(key)) => {
                Self::Key8 { key: key.map(|value| value as u8), channels: colour.samples() }
            }
            (colour, Transparency::None) if apple => Self::Apple { channels: colour.samples() },
            _ if bits == 16 => Self::Wide,
            _ => Self::Copy,
        }
    }

    /// Writes one row; `line` is as long as the row needs.
    pub(super) fn row(&self, line: &[u8], row: RowMut<'_>) -> Result<()> {
        match (self, row) {
            (Self::Copy, RowMut::U8(row)) => row.copy_from_slice(line),
            (Self::Apple { channels }, RowMut::U8(row)) => {
                row.copy_from_slice(line);
                row.chunks_exact_mut(*channels).for_each(restore);
            }
            (Self::Wide, RowMut::U16(row)) => {
                for (value, bytes) in row.iter_mut().zip(line.as_chunks().0) {
                    *value = u16::from_be_bytes(*bytes);
                }
            }
            (Self::Packed { bits, levels }, RowMut::U8(row)) => {
                unpack(line, *bits, row.iter_mut(), |value, index| *value = levels[usize::from(index)]);
            }
            (Self::PackedKey { bits, levels, key }, RowMut::U8(row)) => {
                unpack(line, *bits, row.as_chunks_mut().0.iter_mut(), |pixel, index| {
                    *pixel = [levels[usize::from(index)], if index == *key { 0 } else { 255 }];
                });
            }
            (Self::Key8 { key, channels: 1 }, RowMut::U8(row)) => {
                for (pixel, value) in row.as_chunks_mut().0.iter_mut().zip(line) {
                    *pixel = [*value, if *value == key[0] { 0 } else { 255 }];
                }
            }
            (Self::Key8 { key, .. }, RowMut::U8(row)) => {
                for (pixel, colour) in row.as_chunks_mut().0.iter_mut().zip(line.as_chunks::<3>().0) {
                    let [red, green, blue] = *colour;
                    *pixel = [red, green, blue, if colour == key { 0 } else { 255 }];
                }
            }
            (Self::Key16 { key, channels }, RowMut::U16(row)) => {
                for (pixel, bytes) in row.chunks_exact_mut(channels + 1).zip(line.chunks_exact(channels * 2)) {
                    for (value, bytes) in pixel.iter_mut().zip(bytes.as_chunks().0) {
                        *value = u16::from_be_bytes(*bytes);
                    }
                    pixel[*channels] = if pixel[..*channels] == key[..*channels] { 0 } else { u16::MAX };
                }
            }
            (Self::Palette { bits, colours }, RowMut::U8(row)) => {
                unpack(line, *bits, row.as_chunks_mut().0.iter_mut(), |pixel: &mut [u8; 3], index| {
                    let [red, green, blue, _] = colours[usize::from(index)];
                    *pixel = [red, green, blue];
                });
            }
            (Self::PaletteAlpha { bits, colours }, RowMut::U8(row)) => {
                unpack(line, *bits, row.as_chunks_mut().0.iter_mut(), |pixel, index| {
                    *pixel = colours[usize::from(index)];
                });
            }
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    }
}

/// Red first, and colours divided by alpha.
fn restore(pixel: &mut [u8]) {
    pixel.swap(0, 2);
    let &mut [.., alpha] = pixel else { return };
    if let [colours @ .., _] = pixel
        && colours.len() == 3
    {
        for colour in colours {
            let whole = (u32::from(*colour) * 255 + u32::from(alpha) / 2).checked_div(alpha.into());
            *colour = whole.unwrap_or(0).min(255) as u8;
        }
    }
}

/// Calls `put` with each pixel and its value, the leftmost in the highest bits of a byte.
fn unpack<T>(line: &[u8], bits: u8, mut pixels: impl Iterator<Item = T>, mut put: impl FnMut(T, u8)) {
    if bits == 8 {
        pixels.zip(line).for_each(|(pixel, value)| put(pixel, *value));
        return;
    }
    let mask = (1 << bits) - 1;
    for byte in line {
        for shift in (0..8).step_by(usize::from(bits)).rev() {
            let Some(pixel) = pixels.next() else { return };
            put(pixel, (byte >> shift) & mask);
        }
    }
}

/// The 8-bit level of each value of `bits` bits: 0 to 0, the highest to 255.
fn levels(bits: u8) -> [u8; 256] {
    let max = (1u16 << bits) - 1;
    std::array::from_fn(|value| (value as u16 * (255 / max)) as u8)
}

/// Entries without a colour are black, those without an alpha are opaque.
fn colours(palette: &[u8], alpha: &[u8]) -> Box<[[u8; 4]; 256]> {
    let mut colours = Box::new([[0, 0, 0, 255]; 256]);
    for (entry, colour) in colours.iter_mut().zip(palette.as_chunks::<3>().0) {
        entry[..3].copy_from_slice(colour);
    }
    for (entry, alpha) in colours.iter_mut().zip(alpha) {
        entry[3] = *alpha;
    }
    colours
}
