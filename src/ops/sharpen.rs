//! Sharpening of lightness, with control over flat and jagged areas.
//!
//! Results follow libvips 8.18 (`sharpen`): L* is blurred by a Gaussian, the difference to it is bent by three straight
//! lines and added. Hue and chroma, a* and b*, stay. Colour: IEC 61966-2-1, CIE 15.

use super::{
    blur::Gaussian,
    separable::Separable,
    window::{Reach, Window},
};
use crate::{
    colour::lightness::{LIGHTNESS_STEPS, Lightness, Tables},
    error::Result,
    image::{Depth, RowMut, RowSource, Rows, Spec, depth_mismatch, zeroed},
    options::Precision,
    simd::Level,
};

/// What to sharpen by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sharpen {
    /// Standard deviation of the Gaussian in pixels.
    pub sigma: f64,
    /// Slope in flat areas, where L* differs by less than `x1`.
    pub m1: f64,
    /// Slope in jagged areas.
    pub m2: f64,
    /// Differences below are flat, of 100.
    pub x1: f64,
    /// Most brightening, of 100.
    pub y2: f64,
    /// Most darkening, of 100.
    pub y3: f64,
}

/// Steps of L* from 0 to 100, which is what the whole-numbered blur works on.
const STEPS: f64 = LIGHTNESS_STEPS as f64;

/// Smallest value of the Gaussian's mask.
const MIN_AMPLITUDE: f64 = 0.1;

impl Sharpen {
    /// What L* is blurred with.
    pub fn gaussian(&self) -> Gaussian {
        Gaussian { sigma: self.sigma, precision: Precision::Integer, min_amplitude: MIN_AMPLITUDE }
    }

    /// What is added to L* for each difference of it, from −[`STEPS`] to [`STEPS`], all of 100.
    fn table(&self) -> Result<Vec<f32>> {
        let steps = STEPS as i32;
        let mut table = zeroed(2 * STEPS as usize + 1)?;
        for (entry, difference) in table.iter_mut().zip(-steps..=steps) {
            let x = f64::from(difference) * 100.0 / STEPS;
            let bent = if x.abs() < self.x1 {
                x * self.m1
            } else {
                ((x.abs() - self.x1) * self.m2 + self.x1 * self.m1).copysign(x)
            };
            *entry = bent.max(-self.y3).min(self.y2) as f32;
        }
        Ok(table)
    }
}

/// `source`, of 8 or 16 bits, sharpened. Alpha stays.
pub fn sharpen<'a>(source: Rows<'a>, sharpen: &Sharpen) -> Result<Rows<'a>> {
    match source.spec().format.depth {
        Depth::U8 => Adaptor::<u8>::new(source, sharpen),
        Depth::U16 => Adaptor::<u16>::new(source, sharpen),
        Depth::F32 => Err(depth_mismatch()),
    }
}

struct Adaptor<'a, S> {
    source: Rows<'a>,
    /// The image from the row that is made on, as far as the blur looks ahead.
    colours: Window<S>,
    blur: Separable<u16>,
    tables: Tables,
    table: Vec<f32>,
    /// Next row, and next row whose lightness the blur asks for.
    y: u32,
    ahead: u32,
    /// Lightness of a row in [`STEPS`], blurred.
    blurred: Vec<u16>,
}

impl<'a, S: Lightness> Adaptor<'a, S> {
    #[expect(clippy::new_ret_no_self, reason = "callers want rows")]
    fn new(source: Rows<'a>, sharpen: &Sharpen) -> Result<Rows<'a>> {
        let spec = source.spec();
        let mask = sharpen.gaussian().integer()?;
        let reach = Reach { columns: (0, 0), rows: (0, mask.radius()) };
        Ok(Box::new(Self {
            colours: Window::new(&spec, spec.format.channels(), reach)?,
            blur: Separable::new(&spec, 1, mask, Level::best())?,
            tables: Tables::new(&spec.format)?,
            table: sharpen.table()?,
            y: 0,
            ahead: 0,
            blurred: zeroed(spec.width as usize)?,
            source,
        }))
    }
}

impl<S: Lightness> RowSource for Adaptor<'_, S> {
    fn spec(&self) -> Spec {
        self.source.spec()
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let out = S::of_mut(row).ok_or_else(depth_mismatch)?;
        let source = &mut self.source;
        self.colours.advance(self.y, |row| source.next_samples(row))?;
        let (colours, tables, ahead) = (&self.colours, &self.tables, &mut self.ahead);
        let read = |row: &mut [u16]| {
            tables.lightness(colours.row(i64::from(*ahead)), row);
            *ahead += 1;
            Ok(())
        };
        self.blur.next(read, &mut self.blurred)?;
        let row = self.colours.row(i64::from(self.y));
        self.tables.brighten(row, &self.blurred, &self.table, out);
        self.y += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        ColourSpace, Image, PixelFormat, Samples,
        testing::{GREY, RGB, RGBA, grey, image, samples},
    };

    const DEFAULT: Sharpen = Sharpen { sigma: 1.0, m1: 1.0, m2: 2.0, x1: 2.0, y2: 10.0, y3: 20.0 };

    #[test]
    fn without_slopes_nothing_changes() {
        let none = Sharpen { m1: 0.0, m2: 0.0, ..DEFAULT };
        for format in [GREY, RGB, RGBA] {
            let pixels: Vec<u8> = (0..21 * 9 * format.channels()).map(|at| (at * 97) as u8).collect();
            let source = Box::new(image(21, 9, format, pixels.clone()).into_rows());
            assert_eq!(samples(sharpen(source, &none).unwrap()), pixels);
        }
    }

    #[test]
    fn flat_images_stay() {
        for value in [0, 1, 100, 255] {
            assert_eq!(samples(sharpen(grey(5, 3, vec![value; 15]), &DEFAULT).unwrap()), [value; 15]);
        }
        let format = PixelFormat::new(ColourSpace::Rgb16, Depth::U16, true);
        let flat = Image::from_samples(Spec::new(1, 1, format), Samples::U16(vec![1000, 2000, 3000, 4000])).unwrap();
        let out = sharpen(Box::new(flat.into_rows()), &DEFAULT).unwrap();
        assert_eq!(Image::collect(&mut *{ out }).unwrap().as_slice::<u16>().unwrap(), [1000, 2000, 3000, 4000]);
    }

    #[test]
    fn an_edge_is_steeper_and_no_more_than_the_limits() {
        let edge: Vec<u8> = (0..16).map(|x| if x < 8 { 90 } else { 160 }).collect();
        let out = samples(sharpen(grey(16, 1, edge.clone()), &DEFAULT).unwrap());
        assert!(out[7] < 80 && out[8] > 170, "{out:?}");
        assert_eq!((out[0], out[15]), (90, 160));
        let limited = Sharpen { y2: 0.0, ..DEFAULT };
        let out = samples(sharpen(grey(16, 1, edge), &limited).unwrap());
        assert!(out[7] < 80 && out[8] == 160, "{out:?}");
    }

    #[test]
    fn a_curve_has_three_lines() {
        let table = DEFAULT.table().unwrap();
        let at = |x: f64| f64::from(table[((x / 100.0 + 1.0) * STEPS).round() as usize]);
        for (x, y) in [(0.0, 0.0), (1.0, 1.0), (-1.0, -1.0), (4.0, 6.0), (-4.0, -6.0), (50.0, 10.0), (-50.0, -20.0)] {
            assert!((at(x) - y).abs() < 0.01, "{x} {}", at(x));
        }
    }
}
