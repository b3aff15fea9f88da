//! Rotation by multiples of 90° and mirroring.

use crate::image::{Rows, map::map_rows};
#[cfg(vectors)]
use crate::{
    error::Result,
    image::{Image, Orientation, Row, RowMut, RowSource, Spec, Whole, depth_mismatch, past_the_end},
    simd::{Level, vector},
};

/// `source` in another orientation. Mirroring left to right goes row by row; all else holds the whole image.
pub fn orient(mut source: Rows<'_>, orientation: Orientation) -> Result<Rows<'_>> {
    if orientation.is_identity() {
        return Ok(source);
    }
    let spec = source.spec();
    if orientation == Orientation::FLOP {
        let channels = spec.format.channels();
        let level = Level::best();
        return map_rows(source, spec, move |from, to| reversed(level, from, to, channels));
    }
    if orientation.transpose {
        return Ok(Box::new(transposed(&Whole::new(source)?, orientation)?.into_rows()));
    }
    let image = source.take_image();
    if image.is_none() && source.whole().is_some() {
        let (picture, flop) = (Whole::new(source)?, orientation.flip_x);
        return Ok(Box::new(UpsideDown { picture, flop, y: 0, level: Level::best() }));
    }
    let mut image = image.map_or_else(|| Image::collect(source.as_mut()), Ok)?;
    mirror(&mut image, orientation);
    Ok(Box::new(image.into_rows()))
}

/// The rows of an image that belongs to the caller from the last to the first, each from left to right or from right to left.
struct UpsideDown<'a> {
    picture: Whole<'a>,
    flop: bool,
    /// Rows that were given.
    y: u32,
    level: Level,
}

impl RowSource for UpsideDown<'_> {
    fn spec(&self) -> Spec {
        self.picture.spec()
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let spec = self.picture.spec();
        self.y += 1;
        let from = self.picture.row(spec.height.checked_sub(self.y).ok_or_else(past_the_end)?)?;
        if self.flop { reversed(self.level, from, row, spec.format.channels()) } else { row.copy_from(from) }
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.y = self.y.saturating_add(count);
        Ok(())
    }
}

/// Writes the pixels of a row from the last to the first.
fn reversed(level: Level, from: Row<'_>, to: RowMut<'_>, channels: usize) -> Result<()> {
    fn reverse<S: Copy>(from: &[S], to: &mut [S], channels: usize) {
        // With the length of a pixel known, it is moved as one value.
        match channels {
            1 => to.iter_mut().zip(from.iter().rev()).for_each(|(to, from)| *to = *from),
            2 => pixels::<S, 2>(from, to),
            3 => pixels::<S, 3>(from, to),
            4 => pixels::<S, 4>(from, to),
            _ => {
                for (from, to) in from.chunks_exact(channels).rev().zip(to.chunks_exact_mut(channels)) {
                    to.copy_from_slice(from);
                }
            }
        }
    }
    fn pixels<S: Copy, const CHANNELS: usize>(from: &[S], to: &mut [S]) {
        let (from, to) = (from.as_chunks::<CHANNELS>().0, to.as_chunks_mut::<CHANNELS>().0);
        to.iter_mut().zip(from.iter().rev()).for_each(|(to, from)| *to = *from);
    }
    match (from, to) {
        (Row::U8(from), RowMut::U8(to)) => match channels {
            3 => reverse_bytes::<3>(level, from, to),
            4 => reverse_bytes::<4>(level, from, to),
            _ => reverse(from, to, channels),
        },
        (Row::U16(from), RowMut::U16(to)) => reverse(from, to, channels),
        (Row::F32(from), RowMut::F32(to)) => reverse(from, to, channels),
        _ => return Err(depth_mismatch()),
    }
    Ok(())
}

/// The same for 8-bit pixels of three or four channels, in vectors where there are some.
fn reverse_bytes<const CHANNELS: usize>(level: Level, from: &[u8], to: &mut [u8]) {
    let mut done = 0;
    #[cfg(vectors)]
    if level != Level::Scalar {
        const BLOCK: usize = 16;
        // The pixels at the end of a block, the last one first.
        let whole = BLOCK / CHANNELS * CHANNELS;
        let order = std::array::from_fn(|at| {
            let first = BLOCK.wrapping_sub((at / CHANNELS + 1) * CHANNELS);
            if at < whole { (first + at % CHANNELS) as i8 } else { -1 }
        });
        while let (Some(from), Some(to)) =
            (from[..from.len() - done].last_chunk::<BLOCK>(), to[done..].first_chunk_mut::<BLOCK>())
        {
            *to = bytemuck::cast(vector::words_of(vector::shuffle(vector::load_bytes(from), &order)));
            done += whole;
        }
    }
    let (from, to) = (&from[..from.len() - done], &mut to[done..]);
    let (from, to) = (from.as_chunks::<CHANNELS>().0, to.as_chunks_mut::<CHANNELS>().0);
    to.iter_mut().zip(from.iter().rev()).for_each(|(to, from)| *to = *from);
}

/// Does something with pixels of so many bytes as a constant, so that each is moved as one value; something else for sizes
/// that are rare.
macro_rules! by_pixel_size {
    ($pixel:expr, $size:ident => $common:expr, $rare:expr) => {
        by_pixel_size!($pixel, $size => $common, $rare, 1 2 3 4 6 8 12 16)
    };
    ($pixel:expr, $size:ident => $common:expr, $rare:expr, $($bytes:literal)*) => {
        match $pixel {
            $($bytes => {
                const $size: usize = $bytes;
                $common
            })*
            _ => $rare,
        }
    };
}
/// Turns upside down and left to right, in place.
fn mirror(image: &mut Image, orientation: Orientation) {
    let spec = image.spec();
    let pixel = spec.format.channels() * spec.format.depth.bytes();
    let row = spec.width as usize * pixel;
    let mut samples = image.samples_mut();
    let bytes = samples.bytes_mut();
    if orientation.flip_y {
        let (upper, lower) = bytes.split_at_mut(row * (spec.height as usize / 2));
        for (above, below) in upper.chunks_exact_mut(row).zip(lower.chunks_exact_mut(row).rev()) {
            above.swap_with_slice(below);
        }
    }
    if orientation.flip_x {
        bytes.chunks_exact_mut(row).for_each(|row| {
            by_pixel_size!(pixel, SIZE => row.as_chunks_mut::<SIZE>().0.reverse(), {
                row.reverse();
                row.chunks_exact_mut(pixel).for_each(<[_]>::reverse);
            });
        });
    }
}

/// The image with its axes exchanged, in another orientation.
fn transposed(picture: &Whole<'_>, orientation: Orientation) -> Result<Image> {
    let spec = picture.spec();
    let (width, height) = orientation.size(spec.width, spec.height);
    let mut out = Image::new(spec.resized(width, height))?;
    let (from, mut to) = (picture.all()?, out.samples_mut());
    let (from, to) = (from.bytes(), to.bytes_mut());
    let pixel = spec.format.channels() * spec.format.depth.bytes();
    by_pixel_size!(pixel, SIZE => turn::<SIZE>(from, to, &spec, orientation), turn_any(from, to, &spec, orientation, pixel));
    Ok(out)
}

/// [`turn`] for pixels of any number of bytes.
fn turn_any(from: &[u8], to: &mut [u8], spec: &Spec, orientation: Orientation, pixel: usize) {
    let (width, height) = orientation.size(spec.width, spec.height);
    for (at, to) in to.chunks_exact_mut(pixel).enumerate() {
        let (x, y) = (at % width as usize, at / width as usize);
        let x = if orientation.flip_x { width as usize - 1 - x } else { x };
        let y = if orientation.flip_y { height as usize - 1 - y } else { y };
        let (x, y) = if orientation.transpose { (y, x) } else { (x, y) };
        to.copy_from_slice(&from[(y * spec.width as usize + x) * pixel..][..pixel]);
    }
}

/// Side of the squares in which a transposition goes: reads and writes of a square stay in the first-level cache.
const TILE: usize = 32;

fn turn<const SIZE: usize>(from: &[u8], to: &mut [u8], spec: &Spec, orientation: Orientation) {
    let (from, _) = from.as_chunks::<SIZE>();
    let (to, _) = to.as_chunks_mut::<SIZE>();
    let from_width = spec.width as usize;
    let (width, height) = orientation.size(spec.width, spec.height);
    let (width, height) = (width as usize, height as usize);
    let column = |x: usize| if orientation.flip_x { width - 1 - x } else { x };
    let row = |y: usize| if orientation.flip_y { height - 1 - y } else { y };
    for tile_y in (0..height).step_by(TILE) {
        for tile_x in (0..width).step_by(TILE) {
            for y in tile_y..(tile_y + TILE).min(height) {
                let from_x = row(y);
                let end = (tile_x + TILE).min(width);
                for (x, to) in (tile_x..end).zip(&mut to[y * width + tile_x..y * width + end]) {
                    *to = from[column(x) * from_width + from_x];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{RGB, grey, image, samples};

    fn turned(orientation: Orientation) -> Vec<u8> {
        samples(orient(grey(3, 2, vec![1, 2, 3, 4, 5, 6]), orientation).unwrap())
    }

    #[test]
    fn turns_and_mirrors() {
        assert_eq!(turned(Orientation::IDENTITY), [1, 2, 3, 4, 5, 6]);
        assert_eq!(turned(Orientation::ROTATE_90), [4, 1, 5, 2, 6, 3]);
        assert_eq!(turned(Orientation::ROTATE_180), [6, 5, 4, 3, 2, 1]);
        assert_eq!(turned(Orientation::ROTATE_270), [3, 6, 2, 5, 1, 4]);
        assert_eq!(turned(Orientation::FLIP), [4, 5, 6, 1, 2, 3]);
        assert_eq!(turned(Orientation::FLOP), [3, 2, 1, 6, 5, 4]);
    }

    #[test]
    fn vectors_reverse_as_plain_loops_do() {
        let pixels: Vec<u8> = (0..240).collect();
        for len in (0..pixels.len()).step_by(12) {
            for level in Level::all() {
                let mut out = vec![0; len];
                reverse_bytes::<3>(level, &pixels[..len], &mut out);
                assert!(out.chunks(3).eq(pixels[..len].chunks(3).rev()));
                reverse_bytes::<4>(level, &pixels[..len], &mut out);
                assert!(out.chunks(4).eq(pixels[..len].chunks(4).rev()));
            }
        }
    }

    #[test]
    fn images_of_the_caller_are_turned_as_others_are() {
        struct Borrowed<'a>(Spec, &'a [u8]);
        impl RowSource for Borrowed<'_> {
            fn spec(&self) -> Spec {
                self.0
            }
            fn next_row(&mut self, _: RowMut<'_>) -> Result<()> {
                Err(past_the_end())
            }
            fn whole(&self) -> Option<Row<'_>> {
                Some(Row::U8(self.1))
            }
        }
        let pixels: Vec<u8> = (0..9 * 4 * 3).collect();
        for flags in 0..8 {
            let orientation = Orientation { transpose: flags & 1 != 0, flip_x: flags & 2 != 0, flip_y: true };
            let held = image(9, 4, RGB, pixels.clone());
            let borrowed = orient(Box::new(Borrowed(held.spec(), &pixels)), orientation).unwrap();
            assert_eq!(samples(borrowed), samples(orient(Box::new(held.into_rows()), orientation).unwrap()));
        }
    }

    #[test]
    fn composition_is_one_turn_after_another() {
        let all = (0..8).map(|n| Orientation { transpose: n & 1 != 0, flip_x: n & 2 != 0, flip_y: n & 4 != 0 });
        for first in all.clone() {
            for second in all.clone() {
                let once = orient(grey(3, 2, (1..=6).collect()), first).unwrap();
                assert_eq!(samples(orient(once, second).unwrap()), turned(first.then(second)), "{first:?} {second:?}");
            }
        }
    }

    #[test]
    fn pixels_stay_whole_across_tiles() {
        let (width, height) = (70u32, 45u32);
        let pixels: Vec<u8> = (0..width * height).flat_map(|n| [n as u8, (n >> 8) as u8, 7]).collect();
        let there = orient(Box::new(image(width, height, RGB, pixels.clone()).into_rows()), Orientation::ROTATE_90);
        let back = orient(there.unwrap(), Orientation::ROTATE_270).unwrap();
        assert_eq!(samples(back), pixels);
    }
}
