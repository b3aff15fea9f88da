//! Resampling of planes of 8 bits: down the columns first, then along the rows, each plane at its own resolution and place.
//!
//! Rows of a plane come in one by one; no more of them is held than the filter sees. Between the two directions six bits of
//! fraction are kept.

mod kernels;
mod weights;

pub use weights::Positions;

use std::sync::Arc;

use self::weights::{Gain, Weights};
use crate::{
    error::{Error, LimitError, Result},
    image::{MAX_PLANES, PlaneRows, PlaneSource, PlaneSpec, PlanesSpec, SampleRange, Strip, zeroed},
    interrupt,
    options::Kernel,
    simd::Level,
};

/// Where the samples of one plane are taken from.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanePositions {
    pub x: Positions,
    pub y: Positions,
}

/// Planes that are resampled as they come.
pub struct PlanesResampler<'a> {
    source: Box<dyn PlaneSource + 'a>,
    spec: PlanesSpec,
    scalers: Vec<PlaneScaler>,
}

impl<'a> PlanesResampler<'a> {
    /// Resamples the planes of a source to the positions of each. What comes out has the layout `spec`, whose sizes must
    /// be those of the positions and whose range is applied on the way.
    pub fn new(
        source: Box<dyn PlaneSource + 'a>,
        spec: PlanesSpec,
        positions: &[PlanePositions],
        kernel: Kernel,
    ) -> Result<Self> {
        Self::at_level(source, spec, positions, kernel, Level::best())
    }

    fn at_level(
        source: Box<dyn PlaneSource + 'a>,
        spec: PlanesSpec,
        positions: &[PlanePositions],
        kernel: Kernel,
        level: Level,
    ) -> Result<Self> {
        let from = source.spec();
        let fits = |(plane, positions): (&PlaneSpec, &PlanePositions)| {
            plane.width() == positions.x.centres.len() && plane.height() == positions.y.centres.len()
        };
        if [from.count(), spec.count()] != [positions.len(); 2] || !spec.planes().zip(positions).all(fits) {
            return Err(Error::Internal("positions do not match the planes".to_owned()));
        }
        let scaler = |(index, (plane, positions)): (usize, (&PlaneSpec, &PlanePositions))| {
            PlaneScaler::new(plane, positions, kernel, gain(from.range, spec.range, index > 0), level)
        };
        let scalers = from.planes().zip(positions).enumerate().map(scaler).collect::<Result<_>>()?;
        Ok(Self { source, spec, scalers })
    }
}

impl PlaneSource for PlanesResampler<'_> {
    fn spec(&self) -> PlanesSpec {
        self.spec
    }

    fn next_strip(&mut self) -> Result<Option<Strip<'_>>> {
        self.scalers.iter_mut().for_each(|scaler| scaler.out.clear());
        while self.scalers.iter().all(|scaler| scaler.out.is_empty()) {
            if self.scalers.iter().all(PlaneScaler::is_complete) {
                return Ok(None);
            }
            interrupt::check()?;
            let Some(strip) = self.source.next_strip()? else {
                return Err(Error::Internal("a plane has too few rows".to_owned()));
            };
            for (scaler, rows) in self.scalers.iter_mut().zip(&strip.planes) {
                scaler.push(rows)?;
            }
        }
        let mut planes = [PlaneRows::default(); MAX_PLANES];
        for (rows, scaler) in planes.iter_mut().zip(&self.scalers) {
            let width = scaler.across.starts.len();
            *rows = PlaneRows::new(&scaler.out, width, width, scaler.out.len() / width.max(1))?;
        }
        Ok(Some(Strip { planes }))
    }
}

/// From one range to another.
fn gain(from: SampleRange, to: SampleRange, chroma: bool) -> Gain {
    let limited =
        Gain { factor: if chroma { 224.0 } else { 219.0 } / 255.0, offset: if chroma { 128.0 } else { 16.0 } };
    let centre = if chroma { 128.0 } else { 0.0 };
    match (from, to) {
        (SampleRange::Full, SampleRange::Limited) => {
            Gain { offset: limited.offset - centre * limited.factor, ..limited }
        }
        (SampleRange::Limited, SampleRange::Full) => {
            let factor = limited.factor.recip();
            Gain { factor, offset: centre - limited.offset * factor }
        }
        _ => Gain::NONE,
    }
}

/// Resamples one plane.
struct PlaneScaler {
    level: Level,
    across: Arc<Weights>,
    down: Arc<Weights>,
    /// Whether rows, and all samples, are those that come in.
    copies_rows: bool,
    copies: bool,
    /// Samples of a row that are seen.
    width: usize,
    /// The last rows that came, as many as the filter sees; row n is at n modulo their number.
    ring: Vec<u8>,
    stride: usize,
    /// Rows that came, and rows that are made.
    came: usize,
    made: usize,
    /// A row between the two directions.
    between: Vec<i16>,
    /// The rows that were made and not given yet.
    out: Vec<u8>,
}

impl PlaneScaler {
    fn new(plane: &PlaneSpec, positions: &PlanePositions, kernel: Kernel, gain: Gain, level: Level) -> Result<Self> {
        let across = Weights::cached(&plane.x, &positions.x, kernel, gain)?;
        let down = Weights::cached(&plane.y, &positions.y, kernel, Gain::NONE)?;
        let width = (across.seen.1 - across.seen.0) as usize;
        let stride = width.next_multiple_of(kernels::WIDTH_STEP);
        let memory = |count: usize| LimitError::Memory { bytes: count as u64 };
        let held = stride.checked_mul(down.taps).ok_or_else(|| memory(usize::MAX))?;
        let copies_rows = down.is_copy();
        Ok(Self {
            level,
            copies_rows,
            copies: copies_rows && across.is_copy(),
            width,
            ring: zeroed(held)?,
            stride,
            came: 0,
            made: 0,
            between: zeroed(stride + kernels::READ_AHEAD)?,
            out: Vec::new(),
            across,
            down,
        })
    }

    /// Takes the next rows and makes what can be made of them.
    fn push(&mut self, rows: &PlaneRows<'_>) -> Result<()> {
        let (first, last) = (self.down.seen.0 as usize, self.down.seen.1 as usize);
        for row in rows.iter() {
            let y = self.came;
            self.came += 1;
            if y < first || y >= last {
                continue;
            }
            let seen = self.across.seen.0 as usize..self.across.seen.1 as usize;
            let row = row.get(seen).ok_or_else(|| Error::Internal("a row of a plane is too short".to_owned()))?;
            if self.copies {
                self.out.extend_from_slice(row);
                self.made += 1;
                continue;
            }
            let slot = y % self.down.taps * self.stride;
            self.ring[slot..slot + self.width].copy_from_slice(row);
            while self.down.starts.get(self.made).is_some_and(|&start| start as usize + self.down.taps <= self.came) {
                self.make_row();
            }
        }
        Ok(())
    }

    fn make_row(&mut self) {
        let (taps, start) = (self.down.taps, self.down.starts[self.made] as usize);
        let slot = |tap: usize| {
            let at = (start + tap.min(taps - 1)) % taps * self.stride;
            &self.ring[at..at + self.stride]
        };
        if self.copies_rows {
            kernels::widen(slot(0), &mut self.between);
        } else {
            let rows: Vec<[&[u8]; 2]> = (0..taps).step_by(2).map(|tap| [slot(tap), slot(tap + 1)]).collect();
            let weights = &self.down.of(self.made).as_chunks().0[..rows.len()];
            kernels::sum_rows(self.level, &rows, weights, &mut self.between[..self.stride]);
        }
        let at = self.out.len();
        self.out.resize(at + self.across.starts.len(), 0);
        kernels::sum_along(self.level, &self.between, &self.across, &mut self.out[at..]);
        self.made += 1;
    }

    fn is_complete(&self) -> bool {
        self.made == self.down.starts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{PlaneAxis, Planes};

    /// A smooth pattern with edges.
    fn pattern(spec: PlanesSpec) -> Planes {
        let sample = |x: usize, y: usize| {
            let wave = (x as f64 / 9.0).sin() * (y as f64 / 7.0).cos() * 80.0 + 120.0;
            if (x / 23 + y / 31).is_multiple_of(3) { 255 - wave as u8 } else { wave as u8 }
        };
        let plane = |plane: &PlaneSpec| {
            (0..plane.width() * plane.height()).map(|at| sample(at % plane.width(), at / plane.width())).collect()
        };
        Planes::from_samples(spec, spec.planes().map(plane).collect()).unwrap()
    }

    /// Positions for an output of as many samples as `to` has, from a source image of `from` pixels.
    fn spread(from: u32, to: &PlaneAxis, pixels: u32) -> Positions {
        let step = f64::from(from) / f64::from(pixels);
        let centres = (0..to.samples).map(|at| (to.origin + f64::from(at) * to.pitch) * step).collect();
        Positions { centres, pitch: to.pitch * step, width: 1.0, low: 0.0, high: from.into() }
    }

    fn positions(from: (u32, u32), to: &PlanesSpec) -> Vec<PlanePositions> {
        let plane = |plane: &PlaneSpec| PlanePositions {
            x: spread(from.0, &plane.x, to.width),
            y: spread(from.1, &plane.y, to.height),
        };
        to.planes().map(plane).collect()
    }

    fn run(planes: &Planes, to: PlanesSpec, level: Level) -> Planes {
        let spec = planes.spec();
        let positions = positions((spec.width, spec.height), &to);
        let source = Box::new(planes.clone().into_source());
        Planes::collect(&mut PlanesResampler::at_level(source, to, &positions, Kernel::Lanczos3, level).unwrap())
            .unwrap()
    }

    /// The same in floating point, with the kernel itself.
    fn ideal(planes: &Planes, index: usize, to: &PlanesSpec) -> Vec<f64> {
        let from = planes.spec();
        let (source, target) = (from.planes().nth(index).unwrap(), to.planes().nth(index).unwrap());
        let weights = |axis: &PlaneAxis, positions: &Positions| -> Vec<Vec<(usize, f64)>> {
            let width = (positions.pitch / axis.pitch).max(1.0);
            let of = |centre: &f64| {
                let place = (centre - axis.origin) / axis.pitch;
                let all = (-60..i64::from(axis.samples) + 60)
                    .map(|at| {
                        (
                            at.clamp(0, i64::from(axis.samples) - 1) as usize,
                            Kernel::Lanczos3.weight((at as f64 - place) / width),
                        )
                    })
                    .filter(|(_, weight)| *weight != 0.0)
                    .collect::<Vec<_>>();
                let sum: f64 = all.iter().map(|(_, weight)| weight).sum();
                all.into_iter().map(|(at, weight)| (at, weight / sum)).collect()
            };
            positions.centres.iter().map(of).collect()
        };
        let down = weights(&source.y, &spread(from.height, &target.y, to.height));
        let across = weights(&source.x, &spread(from.width, &target.x, to.width));
        let samples = planes.plane(index);
        let mut out = Vec::new();
        for rows in &down {
            for columns in &across {
                let row =
                    |y: usize| columns.iter().map(|(x, w)| w * f64::from(samples[y * source.width() + x])).sum::<f64>();
                out.push(rows.iter().map(|(y, w)| w * row(*y)).sum::<f64>().clamp(0.0, 255.0));
            }
        }
        out
    }

    #[test]
    fn samples_are_as_near_to_the_ideal_as_rounding_allows() {
        let planes = pattern(PlanesSpec::subsampled(203, 151, SampleRange::Full, false, (2, 2)));
        for (width, height, chroma) in [(97, 71, (2, 2)), (50, 151, (2, 2)), (31, 20, (1, 1)), (96, 70, (2, 1))] {
            let to = PlanesSpec::subsampled(width, height, SampleRange::Full, false, chroma);
            let out = run(&planes, to, Level::best());
            for index in 0..3 {
                let ideal = ideal(&planes, index, &to);
                let worst =
                    ideal.iter().zip(out.plane(index)).map(|(a, &b)| (a - f64::from(b)).abs()).fold(0.0, f64::max);
                assert!(worst < 0.7, "{width}x{height} plane {index}: {worst}");
            }
        }
    }

    #[test]
    fn every_level_gives_the_samples_of_the_scalar_form() {
        for (width, height) in [(64, 40), (33, 77), (130, 9), (3, 3)] {
            let planes = pattern(PlanesSpec::subsampled(width, height, SampleRange::Full, false, (2, 1)));
            for (to_width, to_height) in
                [(width, height), (width.div_ceil(2), height), (2, 2), (width.div_ceil(3), height.div_ceil(5))]
            {
                let to = PlanesSpec::subsampled(to_width, to_height, SampleRange::Limited, false, (2, 2));
                let scalar = run(&planes, to, Level::Scalar);
                for level in Level::all() {
                    assert!(run(&planes, to, level) == scalar, "{level:?} {width}x{height} to {to_width}x{to_height}");
                }
            }
        }
    }

    #[test]
    fn equal_planes_are_copied_and_ranges_changed() {
        let planes = pattern(PlanesSpec::subsampled(75, 41, SampleRange::Full, false, (2, 2)));
        assert!(run(&planes, planes.spec(), Level::best()) == planes);
        let flat = |y, c| {
            let spec = PlanesSpec::subsampled(8, 8, SampleRange::Full, false, (1, 1));
            Planes::from_samples(spec, vec![vec![y; 64], vec![c; 64], vec![255 - c; 64]]).unwrap()
        };
        let limited = PlanesSpec::subsampled(4, 4, SampleRange::Limited, false, (1, 1));
        for (y, cb, cr, expected) in [(255, 255, 0, [235, 240, 16]), (0, 128, 127, [16, 128, 127])] {
            let out = run(&flat(y, cb), limited, Level::best());
            assert_eq!([out.plane(0)[5], out.plane(1)[5], out.plane(2)[5]], expected, "{cr}");
        }
    }

    #[test]
    fn a_source_without_all_its_rows_is_an_error() {
        struct Empty(PlanesSpec);
        impl PlaneSource for Empty {
            fn spec(&self) -> PlanesSpec {
                self.0
            }
            fn next_strip(&mut self) -> Result<Option<Strip<'_>>> {
                Ok(None)
            }
        }
        let spec = PlanesSpec::subsampled(8, 8, SampleRange::Full, false, (2, 2));
        let positions = positions((8, 8), &spec);
        let new = |positions| PlanesResampler::new(Box::new(Empty(spec)), spec, positions, Kernel::Cubic);
        assert!(new(&positions).unwrap().next_strip().is_err());
        assert!(new(&positions[..2]).is_err());
    }
}
