//! Finds the border that `trim` removes: rows and columns that look like the background.

use std::ops::Range;

use crate::{
    error::{OperationError, Result},
    image::{Image, Rect, Sample, Samples, Spec},
};

/// What counts as border.
#[derive(Debug, Clone, PartialEq)]
pub struct Trim {
    /// Red, green, blue, alpha, 0 to 255; `None` is the colour of the top left pixel.
    pub background: Option<[f64; 4]>,
    /// How far a channel may be from the background, on the scale of the samples.
    pub threshold: f64,
    /// Whether single pixels count; otherwise a median over 3 × 3 takes them out first.
    pub line_art: bool,
    /// Pixels of border to leave.
    pub margin: u32,
    /// Linear light is looked at as 8-bit sRGB.
    pub in_codes: bool,
}

/// The rectangle that is left of each of so many frames when the border is cut: what has to be left of one is left of all, so
/// that they stay of one size. The whole frame when nothing would be left.
pub fn find(image: &Image, frames: u32, trim: &Trim) -> Result<Rect> {
    let spec = image.spec().resized(image.spec().width, image.spec().height / frames.max(1));
    if spec.width < 3 && spec.height < 3 {
        return Err(OperationError::TooSmallToTrim.into());
    }
    let len = spec.samples()?;
    let bounds = match image.samples() {
        Samples::U8(samples) => samples.chunks_exact(len).filter_map(|frame| bounds(frame, &spec, trim)).reduce(union),
        Samples::U16(samples) => samples.chunks_exact(len).filter_map(|frame| bounds(frame, &spec, trim)).reduce(union),
        Samples::F32(samples) => samples.chunks_exact(len).filter_map(|frame| bounds(frame, &spec, trim)).reduce(union),
    };
    let Some(bounds) = bounds else {
        return Ok(Rect { left: 0, top: 0, width: spec.width, height: spec.height });
    };
    let left = bounds.left.saturating_sub(trim.margin);
    let top = bounds.top.saturating_sub(trim.margin);
    let width = bounds.width.saturating_add(trim.margin.saturating_mul(2)).min(spec.width - left);
    let height = bounds.height.saturating_add(trim.margin.saturating_mul(2)).min(spec.height - top);
    Ok(Rect { left, top, width, height })
}

/// The box around all that differs from the background, in colour or in alpha.
fn bounds<S: Sample + Into<f64>>(samples: &[S], spec: &Spec, trim: &Trim) -> Option<Rect> {
    let (width, channels) = (spec.width as usize, spec.format.channels());
    let colours = spec.format.space.channels();
    let deep = spec.format.space.is_16_bit();
    let (background, threshold): (Vec<f64>, f64) = match trim.background {
        None => (samples[..channels].iter().map(|&sample| sample.into()).collect(), trim.threshold),
        Some(colour) => {
            let scale = if deep { 256.0 } else { 1.0 };
            let mut background: Vec<f64> = colour[..colours.min(3)].iter().map(|value| value * scale).collect();
            background.resize(colours, 0.0);
            background.extend(spec.format.alpha.then_some(colour[3] * scale));
            (background, trim.threshold * scale)
        }
    };
    // Colour is judged as it looks on the background, so that what is transparent does not count.
    let max = spec.format.max();
    let look = |pixel: &[S], channel: usize| -> f64 {
        let value: f64 = pixel[channel].into();
        if !spec.format.alpha || channel >= colours {
            return value;
        }
        let alpha: f64 = pixel[colours].into();
        ((value * alpha + background[channel] * (max - alpha)) / max).trunc()
    };
    // A colour says nothing about extra channels.
    (0..background.len())
        .filter_map(|channel| {
            let (low, high) = (background[channel] - threshold, background[channel] + threshold);
            let plane = Plane {
                width,
                height: spec.height as usize,
                // What is not a number is beyond nothing.
                beyond: |x: usize, y: usize| {
                    let value = look(&samples[(y * width + x) * channels..][..channels], channel);
                    (value > high, value < low)
                },
                smooth: !trim.line_art,
            };
            plane.bounds()
        })
        .reduce(union)
}

fn union(a: Rect, b: Rect) -> Rect {
    let (left, top) = (a.left.min(b.left), a.top.min(b.top));
    let right = (a.left + a.width).max(b.left + b.width);
    let bottom = (a.top + a.height).max(b.top + b.height);
    Rect { left, top, width: right - left, height: bottom - top }
}

/// One channel, as what is above and below the range of the background.
struct Plane<F> {
    width: usize,
    height: usize,
    beyond: F,
    /// Judge medians of 3 × 3, edges repeated. A median is above what five of the nine are above.
    smooth: bool,
}

impl<F: Fn(usize, usize) -> (bool, bool)> Plane<F> {
    /// How many of three rows at `x` are above the range and below it.
    fn column(&self, x: usize, y: usize) -> (u8, u8) {
        let rows = [y.saturating_sub(1), y, (y + 1).min(self.height - 1)];
        rows.iter().fold((0, 0), |(above, below), &y| {
            let beyond = (self.beyond)(x, y);
            (above + u8::from(beyond.0), below + u8::from(beyond.1))
        })
    }

    /// The first of the places `xs` in row `y` that is not background, or the last one.
    fn first(&self, y: usize, xs: Range<usize>, from_end: bool) -> Option<usize> {
        let place = |step: usize| if from_end { xs.end - 1 - step } else { xs.start + step };
        if !self.smooth {
            return (0..xs.len()).map(place).find(|&x| matches!((self.beyond)(x, y), (true, _) | (_, true)));
        }
        if xs.is_empty() {
            return None;
        }
        let (left, right) = (|x: usize| x.saturating_sub(1), |x: usize| (x + 1).min(self.width - 1));
        let start = place(0);
        let mut before = self.column(if from_end { right(start) } else { left(start) }, y);
        let mut here = self.column(start, y);
        (0..xs.len()).map(place).find(|&x| {
            let after = self.column(if from_end { left(x) } else { right(x) }, y);
            let found = before.0 + here.0 + after.0 > 4 || before.1 + here.1 + after.1 > 4;
            (before, here) = (here, after);
            found
        })
    }

    /// The box around all that is not background. Rows and columns are looked at from the edges inwards, until one is found.
    fn bounds(&self) -> Option<Rect> {
        let found = |y: &usize| self.first(*y, 0..self.width, false).is_some();
        let top = (0..self.height).find(found)?;
        let bottom = (top..self.height).rev().find(found)? + 1;
        let (mut left, mut right) = (self.width, 0);
        for y in top..bottom {
            left = self.first(y, 0..left, false).unwrap_or(left);
            right = self.first(y, right..self.width, true).map_or(right, |x| x + 1);
        }
        Some(Rect { left: left as u32, top: top as u32, width: (right - left) as u32, height: (bottom - top) as u32 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{GREY, RGBA, image};

    const PLAIN: Trim = Trim { background: None, threshold: 10.0, line_art: false, margin: 0, in_codes: false };

    /// An 8 × 8 grey image of 10 with a block of 200 from (2, 3) to (5, 6).
    fn block() -> Image {
        let inside = |n: usize| (2..5).contains(&(n % 8)) && (3..6).contains(&(n / 8));
        image(8, 8, GREY, (0..64).map(|n| if inside(n) { 200 } else { 10 }).collect())
    }

    #[test]
    fn cuts_to_the_block() {
        let rect = find(&block(), 1, &Trim { line_art: true, ..PLAIN }).unwrap();
        assert_eq!(rect, Rect { left: 2, top: 3, width: 3, height: 3 });
        let rect = find(&block(), 1, &Trim { line_art: true, margin: 3, ..PLAIN }).unwrap();
        assert_eq!(rect, Rect { left: 0, top: 0, width: 8, height: 8 });
    }

    #[test]
    fn a_plain_image_is_left_whole() {
        let rect = find(&image(4, 4, GREY, vec![9; 16]), 1, &PLAIN).unwrap();
        assert_eq!(rect, Rect { left: 0, top: 0, width: 4, height: 4 });
    }

    #[test]
    fn every_frame_keeps_what_one_has_to() {
        let frame = |inside: fn(usize) -> bool| (0..25).map(move |n| if inside(n) { 200 } else { 10 });
        let frames = frame(|n| n == 6).chain(frame(|n| n == 18)).chain(frame(|_| false)).collect();
        let rect = find(&image(5, 15, GREY, frames), 3, &Trim { line_art: true, ..PLAIN }).unwrap();
        assert_eq!(rect, Rect { left: 1, top: 1, width: 3, height: 3 });
    }

    #[test]
    fn transparent_colours_do_not_count() {
        let mut pixels = [[255, 0, 0, 0]; 25];
        pixels[12] = [0, 255, 0, 0];
        pixels[13] = [0, 255, 0, 255];
        let picture = image(5, 5, RGBA, pixels.concat());
        let rect = find(&picture, 1, &Trim { line_art: true, ..PLAIN }).unwrap();
        assert_eq!(rect, Rect { left: 3, top: 2, width: 1, height: 1 });
    }

    #[test]
    fn too_small_images_are_refused() {
        let error = find(&image(2, 2, GREY, vec![0; 4]), 1, &PLAIN).unwrap_err();
        assert_eq!(error.to_string(), "Image to trim must be at least 3x3 pixels");
    }

    #[test]
    fn edges_are_those_of_the_medians() {
        // Noise that is mostly background, so that every edge is somewhere else.
        for seed in 1..60u32 {
            let (width, height) = (3 + seed % 11, 3 + seed % 7);
            let noise = |at: u32| (at.wrapping_mul(seed * 2 + 1).wrapping_mul(2_654_435_761) >> 22) % 10 < 3;
            let pixels: Vec<u8> = (0..width * height).map(|at| if noise(at) { 200 } else { 10 }).collect();
            let at = |x: i64, y: i64| {
                let (x, y) = (x.clamp(0, width as i64 - 1), y.clamp(0, height as i64 - 1));
                pixels[(y * width as i64 + x) as usize]
            };
            let median = |x: i64, y: i64| {
                let mut all: Vec<u8> = (0..9).map(|n| at(x + n % 3 - 1, y + n / 3 - 1)).collect();
                all.sort_unstable();
                all[4]
            };
            let places = (0..i64::from(width * height)).map(|n| (n % i64::from(width), n / i64::from(width)));
            let kept: Vec<_> = places.filter(|&(x, y)| median(x, y) != 10).collect();
            let trim = Trim { background: Some([10.0; 4]), ..PLAIN };
            let rect = find(&image(width, height, GREY, pixels.clone()), 1, &trim).unwrap();
            let (xs, ys) = (kept.iter().map(|place| place.0), kept.iter().map(|place| place.1));
            let expected = match (xs.clone().min(), xs.max(), ys.clone().min(), ys.max()) {
                (Some(left), Some(right), Some(top), Some(bottom)) => {
                    let (width, height) = ((right - left + 1) as u32, (bottom - top + 1) as u32);
                    Rect { left: left as u32, top: top as u32, width, height }
                }
                _ => Rect { left: 0, top: 0, width, height },
            };
            assert_eq!(rect, expected, "{seed}");
        }
    }
}
