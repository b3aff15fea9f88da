//! RGB rows to planes of 4:2:0 in limited range, by BT.601, and full-range planes to limited range.
#![allow(unsafe_code)] // SIMD: compiled for several instruction sets by `at_level!`.

use std::{collections::TryReserveError, slice};

use super::planes::Yuv420;
use crate::simd::{Level, at_level};

/// Bits after the point in the factors of luma, and in those of chroma, which are applied to sums of four.
const FRACTION: u32 = 16;

const fn fixed(factor: f64) -> i32 {
    (factor * (1 << FRACTION) as f64 + if factor < 0.0 { -0.5 } else { 0.5 }) as i32
}

/// Shares of red, green and blue: in luma of 16 to 235, and in chroma of 16 to 240.
const LUMA: [i32; 3] = [fixed(0.299 * 219.0 / 255.0), fixed(0.587 * 219.0 / 255.0), fixed(0.114 * 219.0 / 255.0)];
const BLUE: [i32; 3] =
    [fixed(-0.168_736 * 224.0 / 255.0), fixed(-0.331_264 * 224.0 / 255.0), fixed(0.5 * 224.0 / 255.0)];
const RED: [i32; 3] =
    [fixed(0.5 * 224.0 / 255.0), fixed(-0.418_688 * 224.0 / 255.0), fixed(-0.081_312 * 224.0 / 255.0)];

/// Pixels converted at a time, so that their channels stay in the nearest cache. Even.
const BLOCK: usize = 64;

/// Planes of 4:2:0 in memory of their own.
pub(crate) struct Planes {
    width: usize,
    height: usize,
    y: Vec<u8>,
    u: Vec<u8>,
    v: Vec<u8>,
}

fn zeroed<T: Default + Clone>(length: usize) -> Result<Vec<T>, TryReserveError> {
    let mut zeroes = Vec::new();
    zeroes.try_reserve_exact(length)?;
    zeroes.resize(length, T::default());
    Ok(zeroes)
}

impl Planes {
    pub(crate) fn new(width: usize, height: usize) -> Result<Self, TryReserveError> {
        let chroma = width.div_ceil(2) * height.div_ceil(2);
        Ok(Self { width, height, y: zeroed(width * height)?, u: zeroed(chroma)?, v: zeroed(chroma)? })
    }

    pub(crate) fn view(&self) -> Yuv420<'_> {
        Yuv420 {
            width: self.width,
            height: self.height,
            y: &self.y,
            y_stride: self.width,
            u: &self.u,
            v: &self.v,
            uv_stride: self.width.div_ceil(2),
        }
    }

    /// The planes, to be filled: luma, U, V.
    pub(crate) fn rows_mut(&mut self) -> [&mut [u8]; 3] {
        [&mut self.y, &mut self.u, &mut self.v]
    }

    /// Converts rows `y` and `y + 1`, `y` being even, of `channels` samples per pixel: 3, or 4 with alpha, which only says how
    /// much a pixel counts. The last row of an odd height is its own second.
    pub(crate) fn set_rows(&mut self, level: Level, y: usize, rows: [&[u8]; 2], channels: usize) {
        let width = self.width;
        let second = y + 1 < self.height;
        let (first_luma, second_luma) = self.y[y * width..].split_at_mut(width);
        let mut none = [];
        let second_luma = if second { &mut second_luma[..width] } else { &mut none[..] };
        let chroma_width = width.div_ceil(2);
        let start = y / 2 * chroma_width;
        let chroma = [&mut self.u[start..][..chroma_width], &mut self.v[start..][..chroma_width]];
        let rows = if second { rows } else { [rows[0]; 2] };
        match channels {
            4 => {
                let [u, v] = chroma;
                convert_rgba(level, rows, [first_luma, second_luma], [u, v]);
                if rows.iter().any(|row| row.as_chunks::<4>().0.iter().any(|pixel| pixel[3] < u8::MAX)) {
                    weigh_chroma(rows, [u, v]);
                }
            }
            _ => convert_rgb(level, rows, [first_luma, second_luma], chroma),
        }
    }
}

/// What libwebp does with transparent pixels too: chroma is the mean of four pixels weighted by their opacity where that
/// differs, so that colours that are not seen do not bleed into those that are.
fn weigh_chroma(rows: [&[u8]; 2], chroma: [&mut [u8]; 2]) {
    let [u, v] = chroma;
    let width = rows[0].len() / 4;
    for (at, (u, v)) in u.iter_mut().zip(v).enumerate() {
        let (left, right) = (at * 2, (at * 2 + 1).min(width - 1));
        let pixels = [(0, left), (0, right), (1, left), (1, right)].map(|(row, x)| &rows[row][x * 4..x * 4 + 4]);
        let total: u32 = pixels.iter().map(|pixel| u32::from(pixel[3])).sum();
        if total == 0 || pixels.iter().all(|pixel| pixel[3] == pixels[0][3]) {
            continue;
        }
        let mean = |channel: usize| {
            let sum: u32 = pixels.iter().map(|pixel| u32::from(pixel[channel]) * u32::from(pixel[3])).sum();
            ((sum * 4 + total / 2) / total) as u16
        };
        let mut sums = [[0; BLOCK / 2]; 3];
        sums.iter_mut().enumerate().for_each(|(channel, sums)| sums[0] = mean(channel));
        chroma_of(&sums, &BLUE, slice::from_mut(u));
        chroma_of(&sums, &RED, slice::from_mut(v));
    }
}

impl Planes {
    /// Gives transparent pixels colours that cost little: in each block of 8×8, the mean of those that are seen, or what the
    /// block before had when none is.
    pub(crate) fn flatten_transparent(&mut self, alpha: &[u8]) {
        let (width, height) = (self.width, self.height);
        let half = width.div_ceil(2);
        for top in (0..height).step_by(8) {
            let rows = top..(top + 8).min(height);
            let mut last = [128; 3];
            for left in (0..width).step_by(8) {
                let columns = left..(left + 8).min(width);
                let is_seen = |x: usize, y: usize| alpha[y * width + x] > 0;
                let luma = rows.clone().flat_map(|y| columns.clone().map(move |x| (x, y)));
                if luma.clone().all(|(x, y)| is_seen(x, y)) {
                    continue;
                }
                // A sample of chroma is of up to four pixels.
                let chroma = (top / 2..rows.end.div_ceil(2))
                    .flat_map(|y| (left / 2..columns.end.div_ceil(2)).map(move |x| (x, y)));
                let chroma_seen = |x: usize, y: usize| {
                    let (right, below) = ((x * 2 + 1).min(width - 1), (y * 2 + 1).min(height - 1));
                    [(x * 2, y * 2), (right, y * 2), (x * 2, below), (right, below)].iter().any(|&(x, y)| is_seen(x, y))
                };
                flatten(&mut self.y, width, luma, is_seen, &mut last[0]);
                flatten(&mut self.u, half, chroma.clone(), chroma_seen, &mut last[1]);
                flatten(&mut self.v, half, chroma, chroma_seen, &mut last[2]);
            }
        }
    }
}

/// Replaces those samples that are not seen; `last` is what with.
fn flatten(
    plane: &mut [u8],
    stride: usize,
    places: impl Iterator<Item = (usize, usize)> + Clone,
    is_seen: impl Fn(usize, usize) -> bool,
    last: &mut u8,
) {
    let (mut sum, mut count) = (0, 0);
    for (x, y) in places.clone().filter(|&(x, y)| is_seen(x, y)) {
        sum += u32::from(plane[y * stride + x]);
        count += 1;
    }
    if let Some(mean) = (sum + count / 2_u32).checked_div(count) {
        *last = mean as u8;
    }
    for (x, y) in places.filter(|&(x, y)| !is_seen(x, y)) {
        plane[y * stride + x] = *last;
    }
}

/// A block's channels apart.
type Channels = [[u16; BLOCK]; 3];

#[inline(always)]
fn separate<const N: usize>(row: &[u8], to: &mut Channels) {
    let [red, green, blue] = to;
    for (((pixel, red), green), blue) in row.as_chunks::<N>().0.iter().zip(red).zip(green).zip(blue) {
        (*red, *green, *blue) = (pixel[0].into(), pixel[1].into(), pixel[2].into());
    }
}

#[inline(always)]
fn luma_of(channels: &Channels, to: &mut [u8]) {
    let [red, green, blue] = channels;
    for (((to, &red), &green), &blue) in to.iter_mut().zip(red).zip(green).zip(blue) {
        let sum = LUMA[0] * i32::from(red) + LUMA[1] * i32::from(green) + LUMA[2] * i32::from(blue);
        *to = ((sum + (16 << FRACTION) + (1 << (FRACTION - 1))) >> FRACTION) as u8;
    }
}

/// `sums` are of four pixels.
#[inline(always)]
fn chroma_of(sums: &[[u16; BLOCK / 2]; 3], shares: &[i32; 3], to: &mut [u8]) {
    let [red, green, blue] = sums;
    for (((to, &red), &green), &blue) in to.iter_mut().zip(red).zip(green).zip(blue) {
        let sum = shares[0] * i32::from(red) + shares[1] * i32::from(green) + shares[2] * i32::from(blue);
        *to = ((sum + (128 << (FRACTION + 2)) + (1 << (FRACTION + 1))) >> (FRACTION + 2)) as u8;
    }
}

#[inline(always)]
fn convert<const N: usize>(rows: [&[u8]; 2], luma: [&mut [u8]; 2], chroma: [&mut [u8]; 2]) {
    let width = rows[0].len() / N;
    let ([first_luma, second_luma], [u, v]) = (luma, chroma);
    for start in (0..width).step_by(BLOCK) {
        let length = BLOCK.min(width - start);
        let mut channels = [[[0; BLOCK]; 3]; 2];
        for (row, channels) in rows.iter().zip(&mut channels) {
            separate::<N>(&row[start * N..(start + length) * N], channels);
            if length % 2 == 1 {
                // The last column of an odd width is its own neighbour.
                channels.iter_mut().for_each(|channel| channel[length] = channel[length - 1]);
            }
        }
        luma_of(&channels[0], &mut first_luma[start..][..length]);
        if !second_luma.is_empty() {
            luma_of(&channels[1], &mut second_luma[start..][..length]);
        }
        let mut sums = [[0; BLOCK / 2]; 3];
        let [above, below] = &channels;
        for ((sums, above), below) in sums.iter_mut().zip(above).zip(below) {
            for ((sum, above), below) in sums.iter_mut().zip(above.as_chunks::<2>().0).zip(below.as_chunks::<2>().0) {
                *sum = above[0] + above[1] + below[0] + below[1];
            }
        }
        let half = length.div_ceil(2);
        chroma_of(&sums, &BLUE, &mut u[start / 2..][..half]);
        chroma_of(&sums, &RED, &mut v[start / 2..][..half]);
    }
}

at_level! {
    fn convert_rgb(rows: [&[u8]; 2], luma: [&mut [u8]; 2], chroma: [&mut [u8]; 2]) {
        convert::<3>(rows, luma, chroma);
    }
}

at_level! {
    fn convert_rgba(rows: [&[u8]; 2], luma: [&mut [u8]; 2], chroma: [&mut [u8]; 2]) {
        convert::<4>(rows, luma, chroma);
    }
}

/// Where each sample of full range is in limited range: luma, chroma.
#[cfg_attr(not(test), expect(dead_code, reason = "for sources of full-range planes, which are yet to come"))]
pub(crate) const LIMITED: [[u8; 256]; 2] = {
    let mut tables = [[0; 256]; 2];
    let mut at = 0;
    while at < 256 {
        tables[0][at] = (16 + (at * 219 * 2 + 255) / 510) as u8;
        // Chroma is centred on 128 in both ranges.
        let chroma = (at as i32 - 128) * 224 * 2;
        tables[1][at] = (128 + if chroma < 0 { -((-chroma + 255) / 510) } else { (chroma + 255) / 510 }) as u8;
        at += 1;
    }
    tables
};

#[cfg(test)]
mod tests {
    use super::*;

    fn formula(red: f64, green: f64, blue: f64) -> [f64; 3] {
        let luma = 0.299 * red + 0.587 * green + 0.114 * blue;
        let chroma = |colour: f64, range: f64| 128.0 + (colour - luma) / range * 224.0 / 255.0;
        [16.0 + luma * 219.0 / 255.0, chroma(blue, 1.772), chroma(red, 1.402)]
    }

    #[test]
    fn colours_are_those_of_bt_601_at_every_level() {
        for (width, height) in [(1, 1), (2, 2), (3, 5), (131, 7), (64, 2)] {
            for channels in [3, 4] {
                let sample = |x: usize, y: usize, channel: usize| {
                    // Opaque.
                    if channel == 3 { 255 } else { ((x * 37 + y * 91 + channel * 53) * 7 % 256) as u8 }
                };
                let row = |y: usize| -> Vec<u8> {
                    (0..width * channels).map(|at| sample(at / channels, y, at % channels)).collect()
                };
                let mut all = Vec::new();
                for level in Level::all() {
                    let mut planes = Planes::new(width, height).unwrap();
                    for y in (0..height).step_by(2) {
                        planes.set_rows(level, y, [&row(y), &row(y + 1)], channels);
                    }
                    all.push([planes.y, planes.u, planes.v]);
                }
                assert!(all[1] == all[0] && all[2] == all[0]);
                let [luma, blue, red] = &all[0];
                let near = |got: u8, wanted: f64| assert!((f64::from(got) - wanted).abs() < 0.51, "{got} {wanted}");
                for y in 0..height {
                    for x in 0..width {
                        let [r, g, b] = [0, 1, 2].map(|channel| f64::from(sample(x, y, channel)));
                        near(luma[y * width + x], formula(r, g, b)[0]);
                        let mean = |channel: usize| {
                            let (x, y) = (x / 2 * 2, y / 2 * 2);
                            let (right, below) = ((x + 1).min(width - 1), (y + 1).min(height - 1));
                            let corners = [(x, y), (right, y), (x, below), (right, below)];
                            corners.iter().map(|&(x, y)| f64::from(sample(x, y, channel))).sum::<f64>() / 4.0
                        };
                        let at = y / 2 * width.div_ceil(2) + x / 2;
                        let wanted = formula(mean(0), mean(1), mean(2));
                        near(blue[at], wanted[1]);
                        near(red[at], wanted[2]);
                    }
                }
            }
        }
    }

    #[test]
    fn transparent_pixels_have_no_part_in_chroma() {
        let row: Vec<u8> = [[250, 10, 20, 255], [0, 255, 0, 0]].concat();
        let opaque: Vec<u8> = [[250, 10, 20, 255]; 2].concat();
        let chroma = |row: &[u8]| {
            let mut planes = Planes::new(2, 2).unwrap();
            planes.set_rows(Level::detect(), 0, [row, row], 4);
            (planes.u, planes.v)
        };
        assert_eq!(chroma(&row), chroma(&opaque));
    }

    #[test]
    fn transparent_blocks_become_flat() {
        let mut planes = Planes::new(16, 8).unwrap();
        planes.y.iter_mut().enumerate().for_each(|(at, sample)| *sample = at as u8);
        let alpha: Vec<u8> = (0..128).map(|at| if at % 16 < 8 { 255 } else { 0 }).collect();
        let before = planes.y.clone();
        planes.flatten_transparent(&alpha);
        for (row, was) in planes.y.chunks(16).zip(before.chunks(16)) {
            assert_eq!(row[..8], was[..8]);
            assert_eq!(row[8..], [128; 8]);
        }
    }

    #[test]
    fn full_range_becomes_limited() {
        for (at, (&luma_code, &chroma_code)) in LIMITED[0].iter().zip(&LIMITED[1]).enumerate() {
            let luma = 16.0 + at as f64 * 219.0 / 255.0;
            let chroma = 128.0 + (at as f64 - 128.0) * 224.0 / 255.0;
            assert!((f64::from(luma_code) - luma).abs() <= 0.5);
            assert!((f64::from(chroma_code) - chroma).abs() <= 0.5);
        }
        assert_eq!((LIMITED[0][0], LIMITED[0][255], LIMITED[1][128]), (16, 235, 128));
    }
}
