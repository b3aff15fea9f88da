//! Affine transformation: each pixel of the result looks up its place in the image.
//!
//! Geometry as libvips 8.18 has it: coordinates are those of pixels' upper left corners, the canvas is the bounding box
//! of the transformed image, and around the image lies the background without end.

mod job;
mod rows;

use super::planes;
use crate::{
    error::{Error, OperationError, Result},
    image::{Batch, Image, RowMut, RowSource, Rows, Spec},
    ops::interpolate::place::TILE,
    options::{Interpolator, MAX_SIDE},
    simd::Level,
    threads,
};
use job::Job;
use rows::{Code, RowFunction};

/// Background around the image that is held with it, so that no stencil reaches out of memory.
const BORDER: usize = 3;

/// Pixels that an image may be transformed to: sixteen times what is read by default.
const MAX_PIXELS: f64 = 4_294_967_296.0;

/// Where an image goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transform {
    /// Two rows of two factors: x' = ax + by, y' = cx + dy.
    pub matrix: [f64; 4],
    /// Added to a place before the matrix.
    pub input_offset: [f64; 2],
    /// Added after it. The canvas does not move with either offset.
    pub output_offset: [f64; 2],
    pub interpolator: Interpolator,
}

impl Transform {
    /// A turn by `degrees` clockwise.
    pub fn rotation(degrees: f64) -> Self {
        let (sin, cos) = (degrees % 360.0).to_radians().sin_cos();
        Self {
            matrix: [cos, -sin, sin, cos],
            input_offset: [0.0; 2],
            output_offset: [0.0; 2],
            interpolator: Interpolator::Bilinear,
        }
    }

    fn is_identity(&self) -> bool {
        self.matrix == [1.0, 0.0, 0.0, 1.0] && self.input_offset == [0.0; 2] && self.output_offset == [0.0; 2]
    }

    fn inverse(&self) -> Result<[f64; 4]> {
        let [a, b, c, d] = self.matrix;
        let determinant = a * d - b * c;
        let inverse = [d, -b, -c, a].map(|factor| factor / determinant);
        if determinant == 0.0 || inverse.iter().any(|factor| !factor.is_finite()) {
            return Err(OperationError::SingularMatrix.into());
        }
        Ok(inverse)
    }

    /// Left, top, width and height of a transformed image of `width` × `height`.
    pub fn canvas(&self, width: u32, height: u32) -> Result<(i64, i64, u32, u32)> {
        self.inverse()?;
        let [a, b, c, d] = self.matrix;
        let (width, height) = (f64::from(width), f64::from(height));
        let extent = |across: f64, down: f64| {
            let corners = [0.0, across * width, down * height, across * width + down * height];
            let low = corners.iter().copied().fold(f64::INFINITY, f64::min);
            (low.round(), (corners.iter().copied().fold(f64::NEG_INFINITY, f64::max) - low).round())
        };
        let ((left, width), (top, height)) = (extent(a, b), extent(c, d));
        let limit = f64::from(MAX_SIDE);
        let too_long = [left, top, width, height].iter().any(|length| length.is_nan() || length.abs() > limit);
        if too_long || width * height > MAX_PIXELS {
            return Err(OperationError::AffineTooLarge.into());
        }
        if width < 1.0 || height < 1.0 {
            return Err(OperationError::AffineEmpty.into());
        }
        Ok((left as i64, top as i64, width as u32, height as u32))
    }
}

/// `source` transformed, on a background of one value per channel. Colours are multiplied by alpha, where there is one, while
/// they are mixed. Holds the whole image.
pub fn affine<'a>(mut source: Rows<'a>, transform: &Transform, background: &[f64]) -> Result<Rows<'a>> {
    let spec = source.spec();
    let (left, top, width, height) = transform.canvas(spec.width, spec.height)?;
    if transform.is_identity() {
        return Ok(source);
    }
    if spec.format.extra > 0 || spec.format.space.channels() > 3 {
        return planes::each(source, |plane, channel| affine(plane, transform, &background[channel..=channel]));
    }
    let background = background_pixel(&spec, background);
    let padded = padded(source.as_mut(), &background)?;
    drop(source);
    let level = Level::best();
    let row = rows::function(padded.samples(), &spec, transform.interpolator, level);
    let row = row.ok_or_else(|| Error::Internal(format!("no affine transform of {:?}", spec.format)))?;
    let inverse = transform.inverse()?;
    let job = Job { padded, spec, inverse, transform: *transform, background, left, top, level };
    let spec = spec.resized(width, height);
    let strips = STRIP.saturating_mul(threads::workers(spec.samples()?) as u32).min(height);
    Ok(Box::new(Affine { job, row, strips: Batch::new(spec, strips)? }))
}

/// The background as one pixel on the scale of the samples. libvips lays it down as if it were premultiplied: it is divided
/// by its alpha like all else.
fn background_pixel(spec: &Spec, background: &[f64]) -> Vec<f64> {
    let max = spec.format.max();
    let mut pixel: Vec<f64> = background.iter().map(|value| value.clamp(0.0, max)).collect();
    pixel.resize(spec.format.channels(), max);
    if spec.format.alpha
        && let Some((alpha, colours)) = pixel.split_last_mut()
    {
        let factor = if *alpha == 0.0 { 0.0 } else { max / *alpha };
        // Light, whose full scale is 1, has fractions.
        let whole = |colour: f64| if max > 1.0 { colour.floor() } else { colour };
        colours.iter_mut().for_each(|colour| *colour = whole((*colour * factor).min(max)));
    }
    pixel
}

/// The image with [`BORDER`] pixels of background on every side, and one row more below: loads of whole vectors may go past
/// the last pixel that they are for.
fn padded(source: &mut dyn RowSource, background: &[f64]) -> Result<Image> {
    let spec = source.spec();
    let length = |side: u32| side.saturating_add(2 * BORDER as u32);
    let mut image = Image::new(spec.resized(length(spec.width), length(spec.height).saturating_add(1)))?;
    let channels = spec.format.channels();
    let (border, inner) = (BORDER * channels, spec.row_samples());
    for y in 0..image.spec().height as usize {
        let row = image.row_mut(y as u32);
        let is_border = y < BORDER || y >= BORDER + spec.height as usize;
        match row {
            RowMut::U8(row) => paint(row, background, is_border, border..border + inner),
            RowMut::U16(row) => paint(row, background, is_border, border..border + inner),
            RowMut::F32(row) => paint(row, background, is_border, border..border + inner),
        }
        if !is_border {
            source.next_row(image.row_mut(y as u32).slice_mut(border..border + inner))?;
        }
    }
    Ok(image)
}

/// Fills a row with background, all of it or what is outside of `inner`.
fn paint<S: Code>(row: &mut [S], background: &[f64], all: bool, inner: std::ops::Range<usize>) {
    let fill = |samples: &mut [S]| {
        for pixel in samples.chunks_exact_mut(background.len()) {
            pixel.iter_mut().zip(background).for_each(|(to, &value)| *to = S::code(value as f32));
        }
    };
    if all {
        return fill(row);
    }
    let (before, rest) = row.split_at_mut(inner.start);
    fill(before);
    fill(&mut rest[inner.len()..]);
}

/// Rows that are made at once, in tiles of [`TILE`] pixels across: a row of an image that is turned goes through as many
/// rows of the image, and tiles find them in the cache again.
const STRIP: u32 = 32;

struct Affine {
    job: Job,
    row: RowFunction,
    /// A strip for each thread.
    strips: Batch,
}

/// Writes the rows of an image of `spec` from `first` on, as many as there is room for.
fn make_strip(job: &Job, write: RowFunction, spec: &Spec, first: u32, mut strip: RowMut<'_>) -> Result<()> {
    let (width, channels) = (spec.width as usize, spec.format.channels());
    let rows = strip.count() / spec.row_samples();
    for x in (0..width).step_by(TILE) {
        let end = (x + TILE).min(width);
        for (row, y) in (0..rows).zip(first..) {
            let row = row * width;
            let tile = strip.reborrow().slice_mut((row + x) * channels..(row + end) * channels);
            write(job, x, y, tile)?;
        }
    }
    Ok(())
}

impl RowSource for Affine {
    fn spec(&self) -> Spec {
        self.strips.spec()
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let (job, write, spec) = (&self.job, self.row, self.strips.spec());
        self.strips.next_row(row, |rows, to| {
            let parts = rows.step_by(STRIP as usize).zip(to.chunks(STRIP as usize * spec.row_samples()));
            threads::each(parts, |(first, strip)| make_strip(job, write, &spec, first, strip))
        })
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.strips.skip_rows(count);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        ColourSpace, Depth, PixelFormat, Samples,
        testing::{GREY, RGB, RGBA, grey, image, samples},
    };

    const ALL: [Interpolator; 6] = [
        Interpolator::Nearest,
        Interpolator::Bilinear,
        Interpolator::Bicubic,
        Interpolator::LocallyBoundedBicubic,
        Interpolator::Nohalo,
        Interpolator::VertexSplitQuadraticBasisSpline,
    ];

    const fn by(matrix: [f64; 4], interpolator: Interpolator) -> Transform {
        Transform { matrix, input_offset: [0.0; 2], output_offset: [0.0; 2], interpolator }
    }

    #[test]
    fn nothing_changes_nothing() {
        for interpolator in ALL {
            let out = affine(grey(3, 2, (1..=6).collect()), &by([1.0, 0.0, 0.0, 1.0], interpolator), &[0.0]).unwrap();
            assert_eq!(samples(out), [1, 2, 3, 4, 5, 6]);
        }
    }

    #[test]
    fn flat_images_of_all_layouts_stay_flat() {
        for (format, pixel) in [(GREY, vec![77]), (RGB, vec![9, 200, 77]), (RGBA, vec![9, 200, 77, 100])] {
            for interpolator in ALL {
                let flat = image(9, 9, format, pixel.repeat(81));
                // Premultiplied, because that is what the background is taken for.
                let background: Vec<f64> = match pixel.as_slice() {
                    [colours @ .., alpha] if format.alpha => {
                        let scale = f64::from(*alpha) / 255.0;
                        let colours = colours.iter().map(|&colour| (f64::from(colour) + 0.01) * scale);
                        colours.chain([f64::from(*alpha)]).collect()
                    }
                    pixel => pixel.iter().map(|&sample| sample.into()).collect(),
                };
                let transform = by([0.9, 0.3, -0.4, 1.2], interpolator);
                let out = samples(affine(Box::new(flat.into_rows()), &transform, &background).unwrap());
                assert!(out.chunks_exact(pixel.len()).all(|out| out == pixel), "{interpolator:?} {format:?}: {out:?}");
            }
        }
    }

    #[test]
    fn sixteen_bits_keep_their_depth() {
        let format = PixelFormat::new(ColourSpace::Grey16, Depth::U16, false);
        let deep = Image::from_samples(Spec::new(2, 1, format), Samples::U16(vec![1000, 3000])).unwrap();
        let twice = by([2.0, 0.0, 0.0, 1.0], Interpolator::Bilinear);
        let mut out = affine(Box::new(deep.into_rows()), &twice, &[65535.0]).unwrap();
        assert_eq!(Image::collect(out.as_mut()).unwrap().as_slice::<u16>().unwrap(), [1000, 2000, 3000, 34268]);
    }

    /// An image of 6×5 pixels turned by 30° on white; the answers are sharp's.
    #[test]
    fn a_turn_is_as_sharp_has_it() {
        let slope = (0..30).map(|at| 20 + 30 * (at % 6) + 10 * (at / 6)).collect();
        let out = affine(grey(6, 5, slope), &Transform::rotation(30.0), &[255.0]).unwrap();
        assert_eq!((out.spec().width, out.spec().height), (8, 7));
        let out = samples(out);
        assert_eq!(out[..8], [255, 224, 20, 150, 255, 255, 255, 255]);
        assert_eq!(out[24..32], [102, 70, 91, 112, 133, 154, 175, 241]);
    }

    #[test]
    fn one_pixel_can_be_turned() {
        for interpolator in ALL {
            let turn = Transform { interpolator, ..Transform::rotation(45.0) };
            let out = affine(grey(1, 1, vec![200]), &turn, &[200.0]).unwrap();
            assert_eq!(samples(out), [200]);
        }
    }

    #[test]
    fn hostile_matrices_are_refused() {
        for (matrix, sentence) in [
            ([0.0; 4], "vips__transform_calc_inverse: singular or near-singular matrix"),
            ([1e-200, 0.0, 0.0, 1e-200], "vips__transform_calc_inverse: singular or near-singular matrix"),
            ([1e300, 0.0, 0.0, 1e300], "affine: output coordinates out of range"),
            ([1e9, 0.0, 0.0, 1.0], "affine: output coordinates out of range"),
            ([1e-3, 0.0, 0.0, 1.0], "image: bad dimensions"),
        ] {
            let error = by(matrix, Interpolator::Bilinear).canvas(6, 5).unwrap_err();
            assert_eq!(error.to_string(), sentence);
        }
    }

    #[test]
    fn any_offset_leads_somewhere() {
        for offset in [1e300, -1e300, 1e18, f64::MAX] {
            for interpolator in ALL {
                let far = Transform {
                    input_offset: [offset, -offset],
                    output_offset: [offset, offset],
                    ..by([1.0, 0.5, 0.0, 1.0], interpolator)
                };
                let out = affine(grey(2, 2, vec![1; 4]), &far, &[7.0]).unwrap();
                assert!(samples(out).iter().all(|&sample| sample == 7));
            }
        }
    }

    #[test]
    fn light_stays_beyond_white() {
        let format = PixelFormat::new(ColourSpace::ScRgb, Depth::F32, false);
        let lit = Image::from_samples(Spec::new(9, 9, format), Samples::F32(vec![4.5; 243])).unwrap();
        let turned = affine(Box::new(lit.into_rows()), &Transform::rotation(30.0), &[0.25, 0.0, 0.0]).unwrap();
        let image = Image::collect(&mut *{ turned }).unwrap();
        let (spec, samples) = (image.spec(), image.as_slice::<f32>().unwrap());
        let centre = (spec.row_samples() * (spec.height / 2) as usize + spec.row_samples() / 2) / 3 * 3;
        assert!((samples[centre] - 4.5).abs() < 1e-4);
        assert_eq!(samples[..3], [0.25, 0.0, 0.0]);
    }
}
