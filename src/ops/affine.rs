//! Affine transformation: each pixel of the result looks up its place in the picture.
//!
//! Geometry as libvips 8.18 has it: coordinates are those of pixels' upper left corners, the canvas is the bounding box
//! of the transformed picture, and around the picture lies the background without end.

use super::{
    Rows,
    interpolate::{Bicubic, Bilinear, Interpolate, Lanes, LocallyBoundedBicubic, Nohalo, VertexSplitSpline},
};
use crate::{
    api::{Interpolator, MAX_SIDE},
    error::{Error, OperationError, Result},
    image::{Image, RowMut, RowSource, Sample, Samples, Spec, depth_mismatch},
};

/// Background around the picture that is held with it, so that no stencil reaches out of memory.
const BORDER: usize = 3;

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
        if [left, top, width, height].iter().any(|length| length.is_nan() || length.abs() > limit) {
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
    let background = background_pixel(&spec, background);
    let padded = padded(source.as_mut(), &background)?;
    drop(source);
    let row = match padded.samples() {
        Samples::U8(_) => by_layout::<u8>(&spec, transform.interpolator),
        Samples::U16(_) => by_layout::<u16>(&spec, transform.interpolator),
        Samples::F32(_) => None,
    };
    let row = row.ok_or_else(|| Error::Internal(format!("no affine transform of {:?}", spec.format)))?;
    let job = Job { padded, spec, inverse: transform.inverse()?, transform: *transform, background, left, top };
    Ok(Box::new(Affine { spec: spec.resized(width, height), job, row, y: 0 }))
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
        colours.iter_mut().for_each(|colour| *colour = (*colour * factor).min(max).floor());
    }
    pixel
}

/// The picture with [`BORDER`] pixels of background on every side.
fn padded(source: &mut dyn RowSource, background: &[f64]) -> Result<Image> {
    let spec = source.spec();
    let length = |side: u32| side.saturating_add(2 * BORDER as u32);
    let mut image = Image::new(spec.resized(length(spec.width), length(spec.height)))?;
    let channels = spec.format.channels();
    let (border, inner) = (BORDER * channels, spec.row_samples());
    for y in 0..image.spec().height as usize {
        let row = image.row_mut(y as u32);
        let is_border = y < BORDER || y >= BORDER + spec.height as usize;
        match row {
            RowMut::U8(row) => paint(row, background, is_border, border..border + inner),
            RowMut::U16(row) => paint(row, background, is_border, border..border + inner),
            RowMut::F32(_) => return Err(depth_mismatch()),
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

/// Integer samples.
trait Code: Sample + Into<f32> {
    /// Fractions are cut off, and what is out of range.
    fn code(value: f32) -> Self;
}

impl Code for u8 {
    fn code(value: f32) -> Self {
        value as u8
    }
}

impl Code for u16 {
    fn code(value: f32) -> Self {
        value as u16
    }
}

struct Affine {
    spec: Spec,
    job: Job,
    row: RowFunction,
    y: u32,
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
}

type RowFunction = fn(&Job, u32, RowMut<'_>) -> Result<()>;

impl RowSource for Affine {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let y = self.y;
        self.y += 1;
        (self.row)(&self.job, y, row)
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

impl Job {
    /// Calls `write` with the place in the picture of each pixel of a row, or `None` where that is out of reach.
    #[inline(always)]
    fn each_place(&self, y: u32, count: usize, mut write: impl FnMut(usize, Option<(f64, f64)>)) {
        let [a, b, c, d] = self.inverse;
        let out_x = self.left as f64 - self.transform.output_offset[0];
        let out_y = f64::from(y) + self.top as f64 - self.transform.output_offset[1];
        let start_x = a * out_x + b * out_y - self.transform.input_offset[0];
        let start_y = c * out_x + d * out_y - self.transform.input_offset[1];
        let (width, height) = (f64::from(self.spec.width), f64::from(self.spec.height));
        for at in 0..count {
            let (x, y) = (start_x + a * at as f64, start_y + c * at as f64);
            let inside = x >= -1.0 && x < width && y >= -1.0 && y < height;
            write(at, inside.then_some((x, y)));
        }
    }

    /// The background in the layout of a pixel.
    fn background<S: Code, const CHANNELS: usize>(&self) -> [S; CHANNELS] {
        std::array::from_fn(|channel| S::code(self.background[channel] as f32))
    }
}

/// Index in the padded picture of the pixel left of and above a place that is not before −1.
#[inline(always)]
fn floor(place: f64) -> (usize, f64) {
    let shifted = place + BORDER as f64;
    let whole = shifted as usize;
    (whole, shifted - whole as f64)
}

fn nearest_row<S: Code, const CHANNELS: usize>(job: &Job, y: u32, row: RowMut<'_>) -> Result<()> {
    let (from, _) = job.padded.as_slice::<S>()?.as_chunks::<CHANNELS>();
    let (to, _) = S::of_mut(row).ok_or_else(depth_mismatch)?.as_chunks_mut::<CHANNELS>();
    let background = job.background::<S, CHANNELS>();
    let stride = job.padded.spec().width as usize;
    job.each_place(y, to.len(), |at, place| {
        to[at] = place.map_or(background, |(x, y)| from[floor(x).0 + stride * floor(y).0]);
    });
    Ok(())
}

fn row<S: Code, const CHANNELS: usize, I: Interpolate<AREA>, const AREA: usize>(
    job: &Job,
    y: u32,
    row: RowMut<'_>,
) -> Result<()> {
    let (from, _) = job.padded.as_slice::<S>()?.as_chunks::<CHANNELS>();
    let (to, _) = S::of_mut(row).ok_or_else(depth_mismatch)?.as_chunks_mut::<CHANNELS>();
    let background = job.background::<S, CHANNELS>();
    let stride = job.padded.spec().width as usize;
    let max = job.spec.format.max() as f32;
    // From the pixel that the point is counted from to the stencil's first.
    let reach = if I::ON_NEAREST { I::SIDE / 2 } else { (I::SIDE - 1) / 2 };
    job.each_place(y, to.len(), |at, place| {
        to[at] = place.map_or(background, |(x, y)| {
            let shift = if I::ON_NEAREST { 0.5 } else { 0.0 };
            let ((column, dx), (row, dy)) = (floor(x + shift), floor(y + shift));
            let first = column - reach + stride * (row - reach);
            let mut stencil = [Lanes::default(); AREA];
            for (row, pixels) in stencil.chunks_exact_mut(I::SIDE).enumerate() {
                let from = &from[first + stride * row..][..I::SIDE];
                pixels.iter_mut().zip(from).for_each(|(to, from)| *to = load(from, max));
            }
            store(I::value(&stencil, (dx - shift) as f32, (dy - shift) as f32), max)
        });
    });
    Ok(())
}

/// A pixel, colours multiplied by alpha; pictures of two and of four channels have it.
#[inline(always)]
fn load<S: Code, const CHANNELS: usize>(pixel: &[S; CHANNELS], max: f32) -> Lanes {
    let mut lanes = [0.0; 4];
    lanes.iter_mut().zip(pixel).for_each(|(lane, &sample)| *lane = sample.into());
    if CHANNELS % 2 == 0 {
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
    let rounding = if CHANNELS % 2 == 0 {
        let alpha = lanes[CHANNELS - 1].clamp(0.0, max);
        let factor = if alpha == 0.0 { 0.0 } else { max / alpha };
        lanes[..CHANNELS - 1].iter_mut().for_each(|lane| *lane *= factor);
        SLACK * max
    } else {
        0.5
    };
    std::array::from_fn(|channel| S::code(lanes[channel] + rounding))
}
