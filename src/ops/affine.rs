//! Affine transformation: each pixel of the result looks up its place in the picture.
//!
//! Geometry as libvips 8.18 has it: coordinates are those of pixels' upper left corners, the canvas is the bounding box
//! of the transformed picture, and around the picture lies the background without end.

use std::ops::Range;

use super::{
    Rows,
    interpolate::{
        Bicubic, Bilinear, Interpolate, Lanes, LocallyBoundedBicubic, Nohalo, VertexSplitSpline, bilinear,
        place::{Place, Run},
        whole::{self, Weigh},
    },
    planes,
};
use crate::{
    api::{Interpolator, MAX_SIDE},
    error::{Error, OperationError, Result},
    image::{Image, RowMut, RowSource, Sample, Samples, Spec, depth_mismatch, past_the_end},
    simd::Level,
};

/// Background around the picture that is held with it, so that no stencil reaches out of memory.
const BORDER: usize = 3;

/// Pixels that a picture may be transformed to: sixteen times what is read by default.
const MAX_PIXELS: f64 = 4_294_967_296.0;

/// Where a picture goes.
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

    /// Left, top, width and height of a transformed picture of `width` × `height`.
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
/// they are mixed. Holds the whole picture.
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
    let row = match padded.samples() {
        Samples::U8(_) => match (transform.interpolator, spec.format.channels()) {
            (Interpolator::Bilinear, 1) => Some(opaque_row::<1> as RowFunction),
            (Interpolator::Bilinear, 3) => Some(opaque_row::<3> as RowFunction),
            (Interpolator::Bilinear, 4) => Some(row_with_alpha as RowFunction),
            (Interpolator::Bicubic, 1) => Some(whole_row::<1, Bicubic, 4>(level)),
            (Interpolator::Bicubic, 3) => Some(whole_row::<3, Bicubic, 4>(level)),
            (Interpolator::Bicubic, 4) => Some(whole_row::<4, Bicubic, 4>(level)),
            (Interpolator::VertexSplitQuadraticBasisSpline, 1) => Some(whole_row::<1, VertexSplitSpline, 3>(level)),
            (Interpolator::VertexSplitQuadraticBasisSpline, 3) => Some(whole_row::<3, VertexSplitSpline, 3>(level)),
            (Interpolator::VertexSplitQuadraticBasisSpline, 4) => Some(whole_row::<4, VertexSplitSpline, 3>(level)),
            _ => by_layout::<u8>(&spec, transform.interpolator),
        },
        Samples::U16(_) => by_layout::<u16>(&spec, transform.interpolator),
        Samples::F32(_) => by_layout::<f32>(&spec, transform.interpolator),
    };
    let row = row.ok_or_else(|| Error::Internal(format!("no affine transform of {:?}", spec.format)))?;
    let inverse = transform.inverse()?;
    let job = Job { padded, spec, inverse, transform: *transform, background, left, top, level };
    let spec = spec.resized(width, height);
    let strip = Samples::zeroed(spec.format.depth, spec.resized(width, STRIP.min(height)).samples()?)?;
    Ok(Box::new(Affine { spec, job, row, y: 0, strip, rows: 0..0 }))
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

/// The picture with [`BORDER`] pixels of background on every side, and one row more below: loads of whole vectors may go past
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

/// Samples that a result is written in.
trait Code: Sample + Into<f32> {
    /// Added before fractions are cut off.
    const ROUNDING: f32;
    /// Of whole numbers, fractions are cut off, and what is out of range.
    fn code(value: f32) -> Self;
}

impl Code for u8 {
    const ROUNDING: f32 = 0.5;

    #[inline(always)]
    fn code(value: f32) -> Self {
        value.clamp(0.0, 255.0) as i32 as u8
    }
}

impl Code for u16 {
    const ROUNDING: f32 = 0.5;

    #[inline(always)]
    fn code(value: f32) -> Self {
        value.clamp(0.0, 65535.0) as i32 as u16
    }
}

impl Code for f32 {
    const ROUNDING: f32 = 0.0;

    #[inline(always)]
    fn code(value: f32) -> Self {
        value
    }
}

/// Rows that are made at once, in tiles of so many pixels across: a row of a picture that is turned goes through as many
/// rows of the picture, and tiles find them in the cache again.
const STRIP: u32 = 32;
const TILE: usize = 128;

struct Affine {
    spec: Spec,
    job: Job,
    row: RowFunction,
    /// Next row.
    y: u32,
    /// The rows that were made last.
    strip: Samples,
    rows: Range<u32>,
}

impl Affine {
    /// Makes the rows from the next one on.
    fn make_strip(&mut self) -> Result<()> {
        self.rows = self.y..self.y.saturating_add(STRIP).min(self.spec.height);
        let (width, channels) = (self.spec.width as usize, self.spec.format.channels());
        for x in (0..width).step_by(TILE) {
            let end = (x + TILE).min(width);
            for (index, y) in self.rows.clone().enumerate() {
                let row = index * width;
                let tile = self.strip.slice_mut((row + x) * channels..(row + end) * channels);
                (self.row)(&self.job, x, y, tile)?;
            }
        }
        Ok(())
    }
}

/// What all rows of a result have in common.
struct Job {
    padded: Image,
    /// Of the picture without its border.
    spec: Spec,
    inverse: [f64; 4],
    transform: Transform,
    background: Vec<f64>,
    /// Where the canvas begins.
    left: i64,
    top: i64,
    level: Level,
}

/// Writes pixels of a row from the place `x`, `y` on.
type RowFunction = fn(&Job, usize, u32, RowMut<'_>) -> Result<()>;

impl RowSource for Affine {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        if self.y >= self.spec.height {
            return Err(past_the_end());
        }
        if !self.rows.contains(&self.y) {
            self.make_strip()?;
        }
        let samples = self.spec.row_samples();
        let start = (self.y - self.rows.start) as usize * samples;
        self.y += 1;
        row.copy_from(self.strip.slice(start..start + samples))
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.y = self.y.saturating_add(count);
        Ok(())
    }
}

fn by_layout<S: Code>(spec: &Spec, interpolator: Interpolator) -> Option<RowFunction> {
    Some(match spec.format.channels() {
        1 => by_interpolator::<S, 1>(interpolator),
        2 => by_interpolator::<S, 2>(interpolator),
        3 => by_interpolator::<S, 3>(interpolator),
        4 => by_interpolator::<S, 4>(interpolator),
        _ => return None,
    })
}

fn by_interpolator<S: Code, const CHANNELS: usize>(interpolator: Interpolator) -> RowFunction {
    match interpolator {
        Interpolator::Nearest => nearest_row::<S, CHANNELS>,
        Interpolator::Bilinear => row::<S, CHANNELS, Bilinear, 4>,
        Interpolator::Bicubic => row::<S, CHANNELS, Bicubic, 16>,
        Interpolator::LocallyBoundedBicubic => row::<S, CHANNELS, LocallyBoundedBicubic, 16>,
        Interpolator::Nohalo => row::<S, CHANNELS, Nohalo, 25>,
        Interpolator::VertexSplitQuadraticBasisSpline => row::<S, CHANNELS, VertexSplitSpline, 9>,
    }
}

/// One pixel.
const ONE: f64 = (1u64 << 32) as f64;

/// With larger steps, places of the pixels of a tile could go around the range of integers and come back.
const MAX_STEP: u64 = i64::MAX as u64 / (2 * TILE as u64);

/// Places on an axis of so many pixels that have the picture around them, from one pixel before it on.
const fn reach(length: u32) -> u64 {
    (length as u64 + 1) << 32
}

impl Job {
    /// Writes pixels of a row, at most [`TILE`], from `x`, `y` on: the background where the picture is out of reach,
    /// elsewhere what `run` finds.
    #[inline(always)]
    fn fill<P: Copy>(&self, x: usize, y: u32, row: &mut [P], background: P, run: impl Fn(Run, &mut [P])) {
        let [a, b, c, d] = self.inverse;
        let out_x = x as f64 + self.left as f64 - self.transform.output_offset[0];
        let out_y = f64::from(y) + self.top as f64 - self.transform.output_offset[1];
        let [shift_x, shift_y] = self.transform.input_offset;
        // Per axis: the first pixel's place, the step to the next, and the length of the picture.
        let axes = [
            (a * out_x + b * out_y - shift_x, a, self.spec.width),
            (c * out_x + d * out_y - shift_y, c, self.spec.height),
        ];
        let (mut first, mut end) = (0.0, row.len() as f64);
        for (start, step, length) in axes {
            let (low, high) = ((-1.0 - start) / step, (f64::from(length) - start) / step);
            if step != 0.0 {
                first = low.min(high).floor().max(first);
                end = low.max(high).ceil().min(end);
            } else if !(-1.0..f64::from(length)).contains(&start) {
                end = 0.0;
            }
        }
        let first = (first as usize).min(row.len());
        let end = (end as usize).clamp(first, row.len());
        row[..first].fill(background);
        row[end..].fill(background);

        let span = &mut row[first..end];
        let [step_x, step_y] = axes.map(|(_, step, _)| (step * ONE) as i64);
        let [start_x, start_y] = axes.map(|(start, step, _)| ((start + step * first as f64) * ONE) as i64);
        let (reach_x, reach_y) = (reach(self.spec.width), reach(self.spec.height));
        // The run that begins at a pixel of the span, if it is in reach: from one pixel before the picture on.
        let at = |index: usize| {
            let along =
                |start: i64, step: i64| start.wrapping_add(step.wrapping_mul(index as i64)).wrapping_add(1 << 32);
            let (from_x, from_y) = (along(start_x, step_x) as u64, along(start_y, step_y) as u64);
            let border = (BORDER as u64 - 1) << 32;
            let (x, y) = (Place(from_x.wrapping_add(border)), Place(from_y.wrapping_add(border)));
            (from_x < reach_x && from_y < reach_y).then_some(Run { x, y, step_x, step_y })
        };
        if step_x.unsigned_abs().max(step_y.unsigned_abs()) > MAX_STEP {
            for (index, pixel) in span.iter_mut().enumerate() {
                match at(index) {
                    Some(here) => run(here, std::slice::from_mut(pixel)),
                    None => *pixel = background,
                }
            }
            return;
        }
        // The span may be one too long at its ends; what lies between two pixels in reach is in reach.
        let Some((first, here)) = (0..span.len()).find_map(|index| Some((index, at(index)?))) else {
            return span.fill(background);
        };
        let end = (first..span.len()).rev().find(|&index| at(index).is_some()).map_or(first, |last| last + 1);
        span[..first].fill(background);
        span[end..].fill(background);
        run(here, &mut span[first..end]);
    }

    /// The background in the layout of a pixel.
    fn background<S: Code, const CHANNELS: usize>(&self) -> [S; CHANNELS] {
        std::array::from_fn(|channel| S::code(self.background[channel] as f32))
    }
}

fn nearest_row<S: Code, const CHANNELS: usize>(job: &Job, x: usize, y: u32, row: RowMut<'_>) -> Result<()> {
    let (from, _) = job.padded.as_slice::<S>()?.as_chunks::<CHANNELS>();
    let (to, _) = S::of_mut(row).ok_or_else(depth_mismatch)?.as_chunks_mut::<CHANNELS>();
    let stride = job.padded.spec().width as usize;
    job.fill(x, y, to, job.background::<S, CHANNELS>(), |run, row| {
        run.each(row, |x, y| {
            let pixel = from[x.pixel() + stride * y.pixel()];
            // Colours that no alpha shows are lost, as with the other interpolators.
            let hidden = has_alpha(CHANNELS) && pixel[CHANNELS - 1].into() == 0.0;
            if hidden { [S::code(0.0); CHANNELS] } else { pixel }
        });
    });
    Ok(())
}

/// Bilinear interpolation of 8-bit pictures of one or three channels.
fn opaque_row<const CHANNELS: usize>(job: &Job, x: usize, y: u32, row: RowMut<'_>) -> Result<()> {
    let from = job.padded.as_slice::<u8>()?;
    let (to, _) = u8::of_mut(row).ok_or_else(depth_mismatch)?.as_chunks_mut::<CHANNELS>();
    let (stride, level) = (job.padded.spec().row_samples(), job.level);
    job.fill(x, y, to, job.background::<u8, CHANNELS>(), |run, row| bilinear::opaque(level, from, stride, run, row));
    Ok(())
}

/// The same of four, the last of which is alpha.
fn row_with_alpha(job: &Job, x: usize, y: u32, row: RowMut<'_>) -> Result<()> {
    let from = job.padded.as_slice::<u8>()?;
    let (to, _) = u8::of_mut(row).ok_or_else(depth_mismatch)?.as_chunks_mut::<4>();
    let (stride, level) = (job.padded.spec().row_samples(), job.level);
    job.fill(x, y, to, job.background::<u8, 4>(), |run, row| bilinear::with_alpha(level, from, stride, run, row));
    Ok(())
}

/// The function for 8-bit pictures and an interpolator of fixed weights.
fn whole_row<const CHANNELS: usize, I: Weigh<SIDE>, const SIDE: usize>(level: Level) -> RowFunction {
    if level == Level::Scalar {
        whole_row_at::<false, CHANNELS, I, SIDE>
    } else {
        whole_row_at::<true, CHANNELS, I, SIDE>
    }
}

fn whole_row_at<const VECTOR: bool, const CHANNELS: usize, I: Weigh<SIDE>, const SIDE: usize>(
    job: &Job,
    x: usize,
    y: u32,
    row: RowMut<'_>,
) -> Result<()> {
    let from = job.padded.as_slice::<u8>()?;
    let (to, _) = u8::of_mut(row).ok_or_else(depth_mismatch)?.as_chunks_mut::<CHANNELS>();
    let stride = job.padded.spec().width as usize;
    job.fill(x, y, to, job.background::<u8, CHANNELS>(), |run, row| {
        run.each(row, |x, y| {
            let (first, x, y) = stencil(x, y, stride, SIDE, I::ON_NEAREST);
            whole::pixel::<VECTOR, CHANNELS, SIDE>(from, first * CHANNELS, stride * CHANNELS, &I::weights(x, y))
        });
    });
    Ok(())
}

/// The first pixel of a stencil of `side` × `side`, and where the point is from its centre.
#[inline(always)]
fn stencil(x: Place, y: Place, stride: usize, side: usize, on_nearest: bool) -> (usize, f32, f32) {
    /// As many bits as single precision holds.
    const BITS: u32 = 24;
    // From the pixel that the point is counted from to the stencil's first.
    let reach = if on_nearest { side / 2 } else { (side - 1) / 2 };
    let (x, y) = if on_nearest { (x.half_a_pixel_on(), y.half_a_pixel_on()) } else { (x, y) };
    let centre = if on_nearest { 0.5 } else { 0.0 };
    let from_centre = |place: Place| place.fraction(BITS) as f32 / (1 << BITS) as f32 - centre;
    (x.pixel() - reach + stride * (y.pixel() - reach), from_centre(x), from_centre(y))
}

fn row<S: Code, const CHANNELS: usize, I: Interpolate<AREA>, const AREA: usize>(
    job: &Job,
    x: usize,
    y: u32,
    row: RowMut<'_>,
) -> Result<()> {
    let from = job.padded.as_slice::<S>()?;
    let (to, _) = S::of_mut(row).ok_or_else(depth_mismatch)?.as_chunks_mut::<CHANNELS>();
    let stride = job.padded.spec().width as usize;
    let max = job.spec.format.max() as f32;
    job.fill(x, y, to, job.background::<S, CHANNELS>(), |run, row| {
        run.each(row, |x, y| {
            let (first, x, y) = stencil(x, y, stride, I::SIDE, I::ON_NEAREST);
            let mut stencil = [Lanes::default(); AREA];
            for (row, pixels) in stencil.chunks_exact_mut(I::SIDE).enumerate() {
                // With the samples that are loaded with the last pixel, which the border has room for.
                let from = &from[(first + stride * row) * CHANNELS..][..(I::SIDE - 1) * CHANNELS + 4];
                for (index, to) in pixels.iter_mut().enumerate() {
                    if let Some(samples) = from[index * CHANNELS..].first_chunk::<4>() {
                        *to = load::<S, CHANNELS>(samples, max);
                    }
                }
            }
            store(I::value(&stencil, x, y), max)
        });
    });
    Ok(())
}

/// Pictures of two and of four channels have alpha.
const fn has_alpha(channels: usize) -> bool {
    channels.is_multiple_of(2)
}

/// A pixel, colours multiplied by alpha. All lanes are loaded, whatever they mean: channels are kept apart in all that follows.
#[inline(always)]
fn load<S: Code, const CHANNELS: usize>(&[a, b, c, d]: &[S; 4], max: f32) -> Lanes {
    let mut lanes = [a.into(), b.into(), c.into(), d.into()];
    if has_alpha(CHANNELS) {
        let factor = lanes[CHANNELS - 1] / max;
        lanes[..CHANNELS - 1].iter_mut().for_each(|lane| *lane *= factor);
    }
    Lanes(lanes)
}

/// Back to samples: cut off where colours are divided by alpha, else rounded.
#[inline(always)]
fn store<S: Code, const CHANNELS: usize>(Lanes(mut lanes): Lanes, max: f32) -> [S; CHANNELS] {
    /// What single precision may fall short of a whole number by, of full scale.
    const SLACK: f32 = 1.0 / (1 << 18) as f32;
    let rounding = if has_alpha(CHANNELS) {
        // Alpha that overshoots takes from the colour, as in libvips.
        let alpha = lanes[CHANNELS - 1];
        let factor = if alpha <= 0.0 { 0.0 } else { max / alpha };
        lanes[..CHANNELS - 1].iter_mut().for_each(|lane| *lane *= factor);
        if S::ROUNDING == 0.0 { 0.0 } else { SLACK * max }
    } else {
        S::ROUNDING
    };
    std::array::from_fn(|channel| S::code(lanes[channel] + rounding))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        image::{ColourSpace, Depth, PixelFormat},
        ops::testing::{GREY, RGB, RGBA, grey, image, samples},
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
    fn flat_pictures_of_all_layouts_stay_flat() {
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

    /// A picture of 6×5 pixels turned by 30° on white; the answers are the peer's.
    #[test]
    fn a_turn_is_as_the_peer_has_it() {
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
