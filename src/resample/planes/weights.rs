//! Weights along one axis of a plane: for each sample that goes out, which samples that come in it sees and how much.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use crate::{
    error::{LimitError, Result},
    image::PlaneAxis,
    options::Kernel,
};

/// Fraction bits of weights.
pub(super) const WEIGHT_BITS: u32 = 14;
/// What the weights of a sample add up to.
const ONE: f64 = (1 << WEIGHT_BITS) as f64;

/// Weights are padded with zeros to a multiple of this many.
pub(super) const STEP: usize = 16;

/// Where the samples that go out lie, from the first to the last in the order of the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Positions {
    /// For each the place of its centre, in pixels of the source image.
    pub centres: Vec<f64>,
    /// Pixels of the source image from one to the next, at least as many as are from one source pixel to the next.
    pub pitch: f64,
    /// Width of the kernel's unit in samples that go out, usually 1.
    pub width: f64,
    /// The part of the source image that may be seen; beyond, the outermost sample within is repeated.
    pub low: f64,
    pub high: f64,
}

/// What the samples of a range of values are brought to: value × gain + offset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gain {
    pub(super) factor: f64,
    pub(super) offset: f64,
}

impl Gain {
    pub(super) const NONE: Self = Self { factor: 1.0, offset: 0.0 };
}

/// Weights for every sample that goes out.
#[derive(Debug, PartialEq)]
pub(super) struct Weights {
    /// The first sample that each sees.
    pub(super) starts: Vec<u32>,
    /// Samples that each sees, without padding.
    pub(super) taps: usize,
    /// For each as many weights as `taps`, padded to a multiple of [`STEP`].
    pub(super) weights: Vec<i16>,
    /// What is added to a sum of full precision before it is rounded: the offset of a [`Gain`].
    pub(super) offset: f64,
    /// The samples that are seen at all: from the first to one after the last.
    pub(super) seen: (u32, u32),
}

impl Weights {
    /// Weights for one sample, padding included.
    pub(super) const fn padded(&self) -> usize {
        self.taps.next_multiple_of(STEP)
    }

    /// The weights of a sample.
    pub(super) fn of(&self, index: usize) -> &[i16] {
        let padded = self.padded();
        &self.weights[index * padded..][..padded]
    }

    /// Whether every sample that goes out is one that comes in, all in order.
    pub(super) fn is_copy(&self) -> bool {
        self.taps == 1
            && self.offset == 0.0
            && self.weights.iter().step_by(STEP).all(|&weight| weight == 1 << WEIGHT_BITS)
            && self.starts.iter().zip(self.seen.0..).all(|(&start, at)| start == at)
    }

    fn new(axis: &PlaneAxis, positions: &Positions, kernel: Kernel, gain: Gain) -> Result<Self> {
        let curve = Curve::of(kernel);
        let ratio = positions.pitch / axis.pitch;
        // Where there is too little chroma it is interpolated, as decoders do.
        let (curve, width) = if ratio < 1.0 - EXACT {
            (Curve::of(Kernel::Linear), 1.0)
        } else {
            (curve, (ratio * positions.width).max(1.0))
        };
        let low = ((positions.low - axis.origin) / axis.pitch + 0.5).floor().clamp(0.0, f64::from(axis.samples - 1));
        let high = ((positions.high - axis.origin) / axis.pitch - 0.5).ceil().clamp(low, f64::from(axis.samples - 1));
        let place = |centre: f64| (centre - axis.origin) / axis.pitch;
        let at_scale_1 = ratio < 1.0 + EXACT;
        let copies =
            at_scale_1 && positions.centres.iter().all(|&centre| (place(centre) - place(centre).round()).abs() < EXACT);
        let reach = if copies { 0.0 } else { curve.radius * width };
        let length = high - low + 1.0;
        let taps = ((2.0 * reach).floor() + 1.0).min(length).max(1.0) as usize;
        let padded = taps.next_multiple_of(STEP);
        let count = positions.centres.len();
        let memory = || LimitError::Memory { bytes: (count as u64).saturating_mul(2 * padded as u64) };
        let mut weights = Vec::new();
        weights.try_reserve_exact(count.checked_mul(padded).ok_or_else(memory)?).map_err(|_| memory())?;
        let mut starts = Vec::new();
        starts.try_reserve_exact(count).map_err(|_| memory())?;
        let mut row = vec![0.0; taps];
        for &centre in &positions.centres {
            let place = place(centre).clamp(low - reach, high + reach);
            let place = if copies { place.round() } else { place };
            let first = (place - reach).ceil();
            let last = (place + reach).floor().max(first);
            let start = first.clamp(low, high - (taps - 1) as f64);
            row.fill(0.0);
            let mut at = first;
            while at <= last {
                // Samples beyond the edge are those at the edge.
                let tap = (at.clamp(low, high) - start) as usize;
                row[tap.min(taps - 1)] += if copies { 1.0 } else { curve.weight((at - place) / width) };
                at += 1.0;
            }
            starts.push(start as u32);
            quantize(&row, ONE * gain.factor, &mut weights);
            weights.resize(starts.len() * padded, 0);
        }
        let first = starts.iter().min().copied().unwrap_or(0);
        let last = starts.iter().max().map_or(0, |&start| start + taps as u32);
        Ok(Self { starts, taps, weights, offset: gain.offset, seen: (first, last) })
    }

    /// The weights, from the cache when they were made before.
    pub(super) fn cached(axis: &PlaneAxis, positions: &Positions, kernel: Kernel, gain: Gain) -> Result<Arc<Self>> {
        static CACHE: Mutex<VecDeque<(Key, Arc<Weights>)>> = Mutex::new(VecDeque::new());
        let key = Key { axis: *axis, positions: Digest::new(positions), kernel, gain };
        let lock = || CACHE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, weights)) = lock().iter().find(|(other, _)| *other == key) {
            return Ok(Arc::clone(weights));
        }
        let weights = Arc::new(Self::new(axis, positions, kernel, gain)?);
        if weights.weights.len() <= MAX_CACHED_WEIGHTS {
            let mut cache = lock();
            cache.truncate(MAX_CACHED - 1);
            cache.push_front((key, Arc::clone(&weights)));
        }
        Ok(weights)
    }
}

/// Entries of the cache, and weights in one: 2 MB together at most.
const MAX_CACHED: usize = 16;
const MAX_CACHED_WEIGHTS: usize = 1 << 16;

/// What weights depend on.
#[derive(PartialEq)]
struct Key {
    axis: PlaneAxis,
    positions: Digest,
    kernel: Kernel,
    gain: Gain,
}

/// Positions without their list: they are evenly spaced but for the first and the last.
#[derive(PartialEq)]
struct Digest {
    count: usize,
    ends: [f64; 4],
    pitch: f64,
    width: f64,
    low: f64,
    high: f64,
}

impl Digest {
    fn new(positions: &Positions) -> Self {
        let Positions { centres, pitch, width, low, high } = positions;
        let at = |index: usize| centres.get(index).copied().unwrap_or(0.0);
        let count = centres.len();
        let ends = [at(0), at(1), at(count.saturating_sub(2)), at(count.saturating_sub(1))];
        Self { count, ends, pitch: *pitch, width: *width, low: *low, high: *high }
    }
}

/// Positions closer than this to a sample are on it.
const EXACT: f64 = 1e-6;

/// Appends weights in fixed point that add up to `sum`: the largest takes what rounding left.
fn quantize(row: &[f64], sum: f64, to: &mut Vec<i16>) {
    let scale = sum / row.iter().sum::<f64>();
    let start = to.len();
    to.extend(row.iter().map(|weight| (weight * scale).round() as i16));
    let weights = &mut to[start..];
    let rest = sum.round() as i32 - weights.iter().map(|&weight| i32::from(weight)).sum::<i32>();
    if let Some(largest) = weights.iter_mut().max() {
        *largest = (i32::from(*largest) + rest) as i16;
    }
}

/// A kernel in a table: it is evaluated often, and sines are slow.
struct Curve {
    radius: f64,
    /// Values from 0 to the radius, [`Curve::RESOLUTION`] to a unit, and one beyond.
    values: Vec<f64>,
}

impl Curve {
    const RESOLUTION: f64 = 1024.0;

    fn of(kernel: Kernel) -> &'static Self {
        static CURVES: [OnceLock<Curve>; Kernel::ALL.len()] = [const { OnceLock::new() }; Kernel::ALL.len()];
        CURVES[kernel as usize].get_or_init(|| {
            let radius = f64::from(kernel.radius());
            let count = (radius * Self::RESOLUTION) as usize + 2;
            Self { radius, values: (0..count).map(|at| kernel.weight(at as f64 / Self::RESOLUTION)).collect() }
        })
    }

    /// The weight at a distance from the centre.
    fn weight(&self, distance: f64) -> f64 {
        let place = distance.abs() * Self::RESOLUTION;
        let (at, fraction) = (place as usize, place.fract());
        match self.values.get(at..at + 2) {
            Some([before, after]) => before + (after - before) * fraction,
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positions(count: u32, pitch: f64, high: f64) -> Positions {
        let centres = (0..count).map(|at| (f64::from(at) + 0.5) * pitch).collect();
        Positions { centres, pitch, width: 1.0, low: 0.0, high }
    }

    #[test]
    fn the_table_is_the_kernel() {
        for &kernel in Kernel::ALL.iter().filter(|&&kernel| kernel != Kernel::Nearest) {
            let curve = Curve::of(kernel);
            for at in 0..5500 {
                let distance = f64::from(at) / 997.0;
                assert!((curve.weight(-distance) - kernel.weight(distance)).abs() < 1e-4, "{kernel:?} {distance}");
            }
        }
    }

    #[test]
    fn weights_add_up_and_are_centred() {
        let axis = PlaneAxis::centred(2725, 2, 1);
        let weights =
            Weights::new(&axis, &positions(720, 2725.0 / 720.0, 2725.0), Kernel::Lanczos3, Gain::NONE).unwrap();
        assert_eq!((weights.taps, weights.padded()), (12, 16));
        for index in 0..720 {
            let (start, row) = (weights.starts[index], weights.of(index));
            assert_eq!(row.iter().map(|&weight| i32::from(weight)).sum::<i32>(), 1 << WEIGHT_BITS);
            assert!(start as usize + weights.taps <= 1363);
            let moment: f64 = row.iter().zip(start..).map(|(&w, at)| f64::from(w) * f64::from(at)).sum();
            let centre = (index as f64 + 0.5) * 2725.0 / 720.0 / 2.0 - 0.5;
            // Not at the edges, where samples are repeated.
            assert!((moment / ONE - centre).abs() < 0.02 || !(4..716).contains(&index), "{index}");
        }
    }

    #[test]
    fn equal_positions_are_a_copy_and_a_gain_is_not() {
        let axis = PlaneAxis::centred(9, 2, 1);
        let same = positions(5, 2.0, 9.0);
        assert!(Weights::new(&axis, &same, Kernel::Lanczos3, Gain::NONE).unwrap().is_copy());
        let gain = Gain { factor: 219.0 / 255.0, offset: 16.0 };
        assert!(!Weights::new(&axis, &same, Kernel::Lanczos3, gain).unwrap().is_copy());
        let shifted = Positions { centres: same.centres.iter().map(|centre| centre + 1.0).collect(), ..same };
        assert!(!Weights::new(&axis, &shifted, Kernel::Lanczos3, Gain::NONE).unwrap().is_copy());
    }

    #[test]
    fn nothing_beyond_the_edges_is_seen() {
        let axis = PlaneAxis::centred(100, 1, 1);
        let part = Positions { centres: vec![21.5, 24.5, 27.5], pitch: 3.0, width: 1.0, low: 20.0, high: 29.0 };
        let weights = Weights::new(&axis, &part, Kernel::Lanczos3, Gain::NONE).unwrap();
        assert_eq!(weights.seen, (20, 29));
        let single = PlaneAxis::centred(1, 1, 1);
        let weights = Weights::new(&single, &positions(1, 1.0, 1.0), Kernel::Cubic, Gain::NONE).unwrap();
        assert_eq!((weights.taps, weights.seen), (1, (0, 1)));
    }

    #[test]
    fn equal_weights_are_made_once() {
        let axis = PlaneAxis::centred(777, 1, 1);
        let cached = || Weights::cached(&axis, &positions(100, 7.77, 777.0), Kernel::Mitchell, Gain::NONE).unwrap();
        assert!(Arc::ptr_eq(&cached(), &cached()));
        let other = Weights::cached(&axis, &positions(101, 7.77, 777.0), Kernel::Mitchell, Gain::NONE).unwrap();
        assert_eq!(other.starts.len(), 101);
    }
}
