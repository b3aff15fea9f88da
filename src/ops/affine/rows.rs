//! Rows of the result, by layout and interpolator.

use super::job::Job;
use crate::{
    error::Result,
    image::{RowMut, Sample, Samples, Spec, depth_mismatch},
    ops::interpolate::{
        Bicubic, Bilinear, Interpolate, Lanes, LocallyBoundedBicubic, Nohalo, VertexSplitSpline, bilinear, deep,
        place::{Place, Run},
        whole::{self, Weigh},
    },
    options::Interpolator,
    simd::{Level, prefetch},
};

/// Samples that a result is written in.
pub(super) trait Code: Sample + Into<f32> {
    /// Added before fractions are cut off.
    const ROUNDING: f32;
    /// Of integers, fractions are cut off, and what is out of range.
    fn codes(values: Lanes) -> [Self; 4];

    fn code(value: f32) -> Self {
        Self::codes(Lanes([value; 4]))[0]
    }
}

impl Code for u8 {
    const ROUNDING: f32 = 0.5;

    #[inline(always)]
    fn codes(values: Lanes) -> [Self; 4] {
        values.codes::<255>().map(|code| code as u8)
    }
}

impl Code for u16 {
    const ROUNDING: f32 = 0.5;

    #[inline(always)]
    fn codes(values: Lanes) -> [Self; 4] {
        values.codes::<65535>().map(|code| code as u16)
    }
}

impl Code for f32 {
    const ROUNDING: f32 = 0.0;

    #[inline(always)]
    fn codes(Lanes(values): Lanes) -> [Self; 4] {
        values
    }
}

/// Writes pixels of a row from the place `x`, `y` on.
pub(super) type RowFunction = fn(&Job, usize, u32, RowMut<'_>) -> Result<()>;

/// The function for an image; `None` for layouts that are not transformed whole.
pub(super) fn function(
    samples: &Samples,
    spec: &Spec,
    interpolator: Interpolator,
    level: Level,
) -> Option<RowFunction> {
    match samples {
        Samples::U8(_) => match (interpolator, spec.format.channels()) {
            (Interpolator::Bilinear, 1) => Some(|job, x, y, row| by_runs::<u8, 1>(job, x, y, row, bilinear::opaque)),
            (Interpolator::Bilinear, 3) => Some(|job, x, y, row| by_runs::<u8, 3>(job, x, y, row, bilinear::opaque)),
            (Interpolator::Bilinear, 4) => Some(|job, x, y, row| by_runs(job, x, y, row, bilinear::with_alpha)),
            (Interpolator::Bicubic, 1) => Some(whole_row::<1, Bicubic, 4>(level)),
            (Interpolator::Bicubic, 3) => Some(whole_row::<3, Bicubic, 4>(level)),
            (Interpolator::Bicubic, 4) => Some(whole_row::<4, Bicubic, 4>(level)),
            (Interpolator::VertexSplitQuadraticBasisSpline, 1) => Some(whole_row::<1, VertexSplitSpline, 3>(level)),
            (Interpolator::VertexSplitQuadraticBasisSpline, 3) => Some(whole_row::<3, VertexSplitSpline, 3>(level)),
            (Interpolator::VertexSplitQuadraticBasisSpline, 4) => Some(whole_row::<4, VertexSplitSpline, 3>(level)),
            _ => by_layout::<u8>(spec, interpolator),
        },
        Samples::U16(_) => match (interpolator, spec.format.channels()) {
            (Interpolator::Bilinear, 3) => Some(|job, x, y, row| by_runs(job, x, y, row, deep::opaque)),
            _ => by_layout::<u16>(spec, interpolator),
        },
        Samples::F32(_) => by_layout::<f32>(spec, interpolator),
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

/// Rows by a function that writes a run through samples whose rows are so many apart.
fn by_runs<S: Code, const CHANNELS: usize>(
    job: &Job,
    x: usize,
    y: u32,
    row: RowMut<'_>,
    write: impl Fn(Level, &[S], usize, Run, &mut [[S; CHANNELS]]),
) -> Result<()> {
    let from = job.padded.as_slice::<S>()?;
    let (to, _) = S::of_mut(row).ok_or_else(depth_mismatch)?.as_chunks_mut::<CHANNELS>();
    let (stride, level) = (job.padded.spec().row_samples(), job.level);
    job.fill(x, y, to, job.background::<S, CHANNELS>(), |run, row| write(level, from, stride, run, row));
    Ok(())
}

/// The function for 8-bit images and an interpolator of fixed weights.
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
    let width = job.padded.spec().width as usize;
    let stride = width * CHANNELS;
    job.fill(x, y, to, job.background::<u8, CHANNELS>(), |run, row| {
        let ahead = run.ahead(CHANNELS, stride);
        run.each(row, |x, y| {
            let (first, x, y) = stencil(x, y, width, SIDE, I::ON_NEAREST);
            let first = first * CHANNELS;
            prefetch(from, (first + SIDE / 2 * stride).wrapping_add(ahead));
            whole::pixel::<VECTOR, CHANNELS, SIDE>(from, first, stride, &I::weights(x, y))
        });
    });
    Ok(())
}

/// The first pixel of a stencil of `side` × `side`, and where the point is from its centre.
#[inline(always)]
fn stencil(x: Place, y: Place, stride: usize, side: usize, on_nearest: bool) -> (usize, f32, f32) {
    // From the pixel that the point is counted from to the stencil's first.
    let reach = if on_nearest { side / 2 } else { (side - 1) / 2 };
    let (x, y) = if on_nearest { (x.half_a_pixel_on(), y.half_a_pixel_on()) } else { (x, y) };
    let centre = if on_nearest { 0.5 } else { 0.0 };
    (x.pixel() - reach + stride * (y.pixel() - reach), x.part() - centre, y.part() - centre)
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

/// Images of two and of four channels have alpha.
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
    /// What single precision may fall short of an integer by, of full scale.
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
    let codes = S::codes(Lanes(lanes) + Lanes([rounding; 4]));
    std::array::from_fn(|channel| codes[channel])
}
