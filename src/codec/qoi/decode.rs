//! Pixels as differences from those before. Source: The Quite OK Image Format, specification version 1.0.

use std::io::Read;

use crate::{
    codec::{Header, Input, LoadShrink, ReadOptions, Reader, ShrinkOnLoad},
    error::{Error, InputError, Result},
    image::{ColourSpace, Depth, PixelFormat, RowMut, RowSource, Spec, depth_mismatch, past_the_end},
    meta::Metadata,
};

/// Bytes before the first pixel.
const HEADER: usize = 14;

type Pixel = [u8; 4];

/// Size and layout; reads no pixels.
pub(super) fn header(input: &Input<'_>, _options: &ReadOptions) -> Result<Header> {
    let (spec, _) = open(input)?;
    Ok(Header { spec, metadata: Metadata::default(), shrink: ShrinkOnLoad::None, planes: None })
}

/// The rows, each decoded when it is asked for.
pub(super) fn decode<'a>(
    input: &'a Input<'a>,
    _options: &ReadOptions,
    _shrink: LoadShrink,
) -> Result<Box<dyn RowSource + 'a>> {
    let (spec, reader) = open(input)?;
    Ok(Box::new(Rows { spec, next: 0, pixels: Pixels { reader, seen: [[0; 4]; 64], last: [0, 0, 0, 255], run: 0 } }))
}

fn open<'a>(input: &'a Input<'_>) -> Result<(Spec, Box<dyn Reader + 'a>)> {
    let damaged = |detail: &str| Error::corrupt_header(input.origin(), format!("qoi: {detail}"));
    let mut reader = input.reader()?;
    let mut bytes = [0; HEADER];
    reader.read_exact(&mut bytes).map_err(|_| damaged("unexpected end of file"))?;
    let [_, _, _, _, w0, w1, w2, w3, h0, h1, h2, h3, channels, space] = bytes;
    let (width, height) = (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]));
    if width == 0 || height == 0 || width > i32::MAX as u32 || height > i32::MAX as u32 {
        return Err(InputError::UnsupportedFormat(input.origin()).into());
    }
    if !matches!((channels, space), (3 | 4, 0 | 1)) {
        return Err(damaged("invalid number of channels or colour space"));
    }
    Ok((Spec::new(width, height, PixelFormat::new(ColourSpace::Srgb, Depth::U8, channels == 4)), reader))
}

struct Rows<'a> {
    spec: Spec,
    next: u32,
    pixels: Pixels<'a>,
}

impl RowSource for Rows<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let RowMut::U8(row) = row else { return Err(depth_mismatch()) };
        if self.next >= self.spec.height {
            return Err(past_the_end());
        }
        self.next += 1;
        let filled = if self.spec.format.alpha {
            row.as_chunks_mut::<4>().0.iter_mut().try_for_each(|to| self.pixels.next().map(|pixel| *to = pixel))
        } else {
            row.as_chunks_mut::<3>()
                .0
                .iter_mut()
                .try_for_each(|to| self.pixels.next().map(|[r, g, b, _]| *to = [r, g, b]))
        };
        filled.ok_or_else(|| Error::corrupt_pixels("qoi: unexpected end of file"))
    }
}

/// The pixels of a file.
struct Pixels<'a> {
    reader: Box<dyn Reader + 'a>,
    /// Pixels that were there, by a hash of their values.
    seen: [Pixel; 64],
    last: Pixel,
    /// Repetitions of the last one that are still to come.
    run: u8,
}

impl Pixels<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    /// The next pixel; `None` when the file ends before.
    fn next(&mut self) -> Option<Pixel> {
        if let Some(run) = self.run.checked_sub(1) {
            self.run = run;
            return Some(self.last);
        }
        let [r, g, b, a] = self.last;
        let [tag] = self.take()?;
        let low = tag & 0x3f;
        self.last = match tag >> 6 {
            _ if tag == 0xfe => {
                let [r, g, b] = self.take()?;
                [r, g, b, a]
            }
            _ if tag == 0xff => self.take()?,
            0 => self.seen[usize::from(low)],
            1 => {
                let plus = |value: u8, shift: u8| value.wrapping_add(low >> shift & 3).wrapping_sub(2);
                [plus(r, 4), plus(g, 2), plus(b, 0), a]
            }
            2 => {
                let [both] = self.take()?;
                let green = low.wrapping_sub(32);
                let plus =
                    |value: u8, difference: u8| value.wrapping_add(green).wrapping_add(difference).wrapping_sub(8);
                [plus(r, both >> 4), g.wrapping_add(green), plus(b, both & 15), a]
            }
            _ => {
                self.run = low;
                self.last
            }
        };
        let [r, g, b, a] = self.last.map(usize::from);
        self.seen[(r * 3 + g * 5 + b * 7 + a * 11) % 64] = self.last;
        Some(self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Image;

    fn file(width: u32, height: u32, channels: u8, data: &[u8]) -> Vec<u8> {
        [b"qoif", &width.to_be_bytes()[..], &height.to_be_bytes(), &[channels, 0], data].concat()
    }

    fn read(file: &[u8]) -> Result<Vec<u8>> {
        let input = Input::Bytes(file);
        let mut rows = decode(&input, &ReadOptions::default(), LoadShrink::None)?;
        Ok(Image::collect(rows.as_mut())?.as_slice::<u8>()?.to_vec())
    }

    #[test]
    fn every_way_to_write_a_pixel() {
        let data = [
            0xfe,
            10,
            20,
            30,          // a colour
            0x40 | 0x3f, // one more in each channel
            0x80 | 42,
            0x79, // ten more of green, nine of red, eleven of blue
            0xff,
            1,
            2,
            3,
            4,                                                  // a colour and alpha
            0xc0 | 1,                                           // twice more
            ((10 * 3 + 20 * 5 + 30 * 7 + 255 * 11) % 64) as u8, // the first again
            0xc0,                                               // once more
        ];
        let pixels = [
            [10, 20, 30, 255],
            [11, 21, 31, 255],
            [20, 31, 42, 255],
            [1, 2, 3, 4],
            [1, 2, 3, 4],
            [1, 2, 3, 4],
            [10, 20, 30, 255],
            [10, 20, 30, 255],
        ];
        assert_eq!(read(&file(4, 2, 4, &data)).unwrap(), pixels.concat());
        let opaque: Vec<u8> = pixels.iter().flat_map(|pixel| pixel[..3].to_vec()).collect();
        assert_eq!(read(&file(2, 4, 3, &data)).unwrap(), opaque);
    }

    #[test]
    fn what_is_cut_off_or_odd_is_an_error() {
        assert!(read(&file(4, 2, 4, &[0xc0 | 6])).is_err());
        assert!(read(&file(4, 2, 5, &[0xc0 | 7])).is_err());
        assert!(read(&file(0, 2, 4, &[])).is_err());
        assert!(read(b"qoif\0\0").is_err());
        assert_eq!(read(&file(4, 2, 4, &[0xc0 | 7])).unwrap(), [0, 0, 0, 255].repeat(8));
    }
}
