//! Finding the border that can be cut off: rows and columns that look like the background.

use crate::{
    error::{OperationError, Result},
    image::{Image, Sample, Samples},
    plan::geometry::Rect,
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
}

/// The rectangle that is left when the border is cut; the whole picture when nothing else would be.
pub fn find(image: &Image, trim: &Trim) -> Result<Rect> {
    let spec = image.spec();
    if spec.width < 3 && spec.height < 3 {
        return Err(OperationError::TooSmallToTrim.into());
    }
    let bounds = match image.samples() {
        Samples::U8(samples) => bounds(samples, image, trim),
        Samples::U16(samples) => bounds(samples, image, trim),
        Samples::F32(samples) => bounds(samples, image, trim),
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
fn bounds<S: Sample + Into<f64>>(samples: &[S], image: &Image, trim: &Trim) -> Option<Rect> {
    let spec = image.spec();
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
        if !spec.format.alpha || channel == colours {
            return value;
        }
        let alpha: f64 = pixel[colours].into();
        ((value * alpha + background[channel] * (max - alpha)) / max).trunc()
    };
    let plane = |channel: usize| Plane {
        values: samples.chunks_exact(channels).map(|pixel| look(pixel, channel) as f32).collect(),
        width,
    };
    (0..channels)
        .filter_map(|channel| {
            let plane = plane(channel);
            let plane = if trim.line_art { plane } else { plane.median() };
            plane.bounds(background[channel] as f32, threshold as f32)
        })
        .reduce(union)
}

fn union(a: Rect, b: Rect) -> Rect {
    let (left, top) = (a.left.min(b.left), a.top.min(b.top));
    let right = (a.left + a.width).max(b.left + b.width);
    let bottom = (a.top + a.height).max(b.top + b.height);
    Rect { left, top, width: right - left, height: bottom - top }
}

/// One channel.
struct Plane {
    values: Vec<f32>,
    width: usize,
}

impl Plane {
    /// The median of each 3 × 3 neighbourhood, edges repeated.
    fn median(&self) -> Self {
        let height = self.values.len() / self.width;
        let row = |y: usize| &self.values[y * self.width..(y + 1) * self.width];
        let mut values = Vec::with_capacity(self.values.len());
        for y in 0..height {
            let rows = [row(y.saturating_sub(1)), row(y), row((y + 1).min(height - 1))];
            for x in 0..self.width {
                let columns = [x.saturating_sub(1), x, (x + 1).min(self.width - 1)];
                values.push(median_of_nine(std::array::from_fn(|n| rows[n / 3][columns[n % 3]])));
            }
        }
        Self { values, width: self.width }
    }

    /// The box around all values further than `threshold` from `background`.
    fn bounds(&self, background: f32, threshold: f32) -> Option<Rect> {
        let differs = |value: &f32| (value - background).abs() > threshold;
        let mut rows = self.values.chunks_exact(self.width);
        let top = rows.position(|row| row.iter().any(differs))?;
        let bottom = top + 1 + rows.rposition(|row| row.iter().any(differs)).map_or(0, |y| y + 1);
        let rows = || self.values.chunks_exact(self.width).take(bottom).skip(top);
        let left = rows().filter_map(|row| row.iter().position(differs)).min()?;
        let right = rows().filter_map(|row| row.iter().rposition(differs)).max()? + 1;
        Some(Rect { left: left as u32, top: top as u32, width: (right - left) as u32, height: (bottom - top) as u32 })
    }
}

/// Median by a network of exchanges. Source: J. L. Smith, "Implementing median filters in XC4000E FPGAs", 1996.
fn median_of_nine(mut v: [f32; 9]) -> f32 {
    #[rustfmt::skip]
    const EXCHANGES: [(usize, usize); 19] = [
        (1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3),
        (5, 8), (4, 7), (3, 6), (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2),
    ];
    for (a, b) in EXCHANGES {
        (v[a], v[b]) = (v[a].min(v[b]), v[a].max(v[b]));
    }
    v[4]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::{GREY, RGBA, image};

    const PLAIN: Trim = Trim { background: None, threshold: 10.0, line_art: false, margin: 0 };

    /// An 8 × 8 grey picture of 10 with a block of 200 from (2, 3) to (5, 6).
    fn block() -> Image {
        let inside = |n: usize| (2..5).contains(&(n % 8)) && (3..6).contains(&(n / 8));
        image(8, 8, GREY, (0..64).map(|n| if inside(n) { 200 } else { 10 }).collect())
    }

    #[test]
    fn cuts_to_the_block() {
        let rect = find(&block(), &Trim { line_art: true, ..PLAIN }).unwrap();
        assert_eq!(rect, Rect { left: 2, top: 3, width: 3, height: 3 });
        let rect = find(&block(), &Trim { line_art: true, margin: 3, ..PLAIN }).unwrap();
        assert_eq!(rect, Rect { left: 0, top: 0, width: 8, height: 8 });
    }

    #[test]
    fn a_plain_picture_is_left_whole() {
        let rect = find(&image(4, 4, GREY, vec![9; 16]), &PLAIN).unwrap();
        assert_eq!(rect, Rect { left: 0, top: 0, width: 4, height: 4 });
    }

    #[test]
    fn transparent_colours_do_not_count() {
        let mut pixels = [[255, 0, 0, 0]; 25];
        pixels[12] = [0, 255, 0, 0];
        pixels[13] = [0, 255, 0, 255];
        let picture = image(5, 5, RGBA, pixels.concat());
        let rect = find(&picture, &Trim { line_art: true, ..PLAIN }).unwrap();
        assert_eq!(rect, Rect { left: 3, top: 2, width: 1, height: 1 });
    }

    #[test]
    fn too_small_pictures_are_refused() {
        let error = find(&image(2, 2, GREY, vec![0; 4]), &PLAIN).unwrap_err();
        assert_eq!(error.to_string(), "Image to trim must be at least 3x3 pixels");
    }

    #[test]
    fn median_is_the_middle() {
        let mut values = [5.0, 1.0, 9.0, 3.0, 7.0, 2.0, 8.0, 4.0, 6.0];
        for _ in 0..9 {
            values.rotate_left(1);
            assert_eq!(median_of_nine(values), 5.0);
        }
    }
}
