//! Positions of the output pixels along one axis, and their weights over the input.

use crate::options::Kernel;

/// Positions are rounded to this fraction of a pixel, so that weights come from a small table.
const PHASES: usize = 64;

/// The same for the two taps of a linear enlargement, where a coarse table would show.
const LINEAR_PHASES: usize = 1024;

/// A box shrink is done first when what is left for the kernel is at least this factor.
const GAP: f64 = 2.0;

/// Rounds half up, as output sizes are.
pub(super) fn round_size(size: f64) -> u32 {
    (size + 0.5).clamp(1.0, f64::from(i32::MAX)) as u32
}

/// The factor after sharp has passed it on as a scale, which matters for positions exactly between two pixels.
pub(super) fn exact(shrink: f64) -> f64 {
    1.0 / (1.0 / shrink)
}

/// Pixels on one axis after a shrink by `shrink`: below 1 it enlarges. `extent` is the length that the pixels stand for.
pub(super) fn output_length(input: u32, extent: f64, shrink: f64, kernel: Kernel) -> u32 {
    if shrink == 1.0 {
        return input;
    }
    let scale = 1.0 / shrink;
    if scale > 1.0 {
        return round_size(f64::from(input) * scale);
    }
    if extent != f64::from(input) && kernel != Kernel::Nearest {
        return round_size(extent * scale);
    }
    let subsample = if kernel == Kernel::Nearest { subsample_factor(input, scale) } else { 1 };
    let left = 1.0 / (scale * f64::from(subsample));
    if left > 1.0 { round_size(f64::from(input / subsample) / left) } else { input / subsample }
}

/// The integer part of a shrink by nearest neighbour.
pub(super) fn subsample_factor(input: u32, scale: f64) -> u32 {
    let target = round_size(f64::from(input) * scale);
    ((f64::from(input) / f64::from(target) / GAP) as u32).max(1)
}

/// How one axis is resampled: by a box of whole pixels, then by a filter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    /// Pixels that come in.
    pub(super) input: u32,
    /// Pixels averaged to one before the filter; 1 is no box.
    pub(super) box_factor: u32,
    /// Pixels between box and filter. The last box may reach over the edge, where the edge pixel is repeated.
    pub(super) boxed: u32,
    /// Pixels that go out.
    pub(super) output: u32,
    pub(super) filter: Option<Filter>,
}

/// A kernel at work along an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filter {
    kernel: Kernel,
    /// Input pixels from one output pixel to the next.
    step: f64,
    /// Where the first output pixel is.
    origin: f64,
    /// Width of the kernel's unit in input pixels.
    width: f64,
    /// Input pixels that an output pixel sees.
    pub(super) taps: usize,
    /// How many of them are before the pixel that the position is in.
    before: usize,
    /// Where in an input pixel its position is counted from: 0 is its left edge, as its integer; 0.5 its middle.
    middle: f64,
    /// Positions are rounded to this fraction of a pixel.
    phases: usize,
}

impl Axis {
    /// The reduction of `input` pixels, which stand for a length of `extent`, by `shrink`, which is 1 or more. Not for nearest
    /// neighbour.
    pub(super) fn reduce(input: u32, extent: f64, shrink: f64, kernel: Kernel) -> Self {
        let shrink = exact(shrink);
        if shrink <= 1.0 {
            return Self { input, box_factor: 1, boxed: input, output: input, filter: None };
        }
        let output = round_size(extent / shrink);
        let box_factor = ((extent / f64::from(output) / GAP) as u32).max(1);
        let boxed = input.div_ceil(box_factor);
        let width = shrink / f64::from(box_factor);
        // The output covers a little more or less than the input; the difference is shared by both ends.
        let surplus = (f64::from(output) * shrink - extent) / f64::from(box_factor);
        let before = (f64::from(kernel.radius()) * width).round_ties_even() as usize;
        let filter = Filter {
            kernel,
            step: width,
            origin: (width - surplus) / 2.0,
            width,
            taps: 2 * before + 1,
            before,
            middle: 0.5,
            phases: PHASES,
        };
        Self { input, box_factor, boxed, output, filter: (width != 1.0).then_some(filter) }
    }

    /// The enlargement of `input` pixels by 1 / `shrink`, where `shrink` is 1 or less. Even at 1 there is a filter: the
    /// sharp's shift by half a pixel happens on both axes when one of them is enlarged.
    pub(super) fn enlarge(input: u32, shrink: f64, kernel: Kernel) -> Self {
        let output = output_length(input, f64::from(input), shrink, kernel);
        let shrink = exact(shrink);
        let (kernel, taps, phases) = match kernel {
            Kernel::Linear => (kernel, 2, LINEAR_PHASES),
            _ => (Kernel::Cubic, 4, PHASES),
        };
        // As in sharp the first output pixel is half an input pixel before the first input pixel, whatever the factor.
        let filter =
            Filter { kernel, step: shrink, origin: -0.5, width: 1.0, taps, before: taps / 2 - 1, middle: 0.0, phases };
        Self { input, box_factor: 1, boxed: input, output, filter: Some(filter) }
    }

    /// Whether there is nothing to do.
    pub(super) fn is_identity(&self) -> bool {
        self.box_factor == 1 && self.filter.is_none()
    }
}

impl Filter {
    /// The first pixel that output pixel `index` sees, which can be outside the image, and its row of weights.
    pub(super) fn position(&self, index: u32) -> (i64, usize) {
        let position = f64::from(index) * self.step + self.origin;
        let pixel = position.floor();
        let half_phases = ((position - pixel) * (2 * self.phases) as f64) as usize;
        (pixel as i64 - self.before as i64, half_phases.div_ceil(2).min(self.phases))
    }

    /// Rows of `taps` weights, each with sum 1, one for each fraction of a pixel, both ends included.
    pub(super) fn weights(&self) -> Vec<Vec<f64>> {
        let row = |phase: usize| {
            let position = self.before as f64 + phase as f64 / self.phases as f64;
            let weight = |tap| self.kernel.weight((tap as f64 + self.middle - position) / self.width);
            normalise((0..self.taps).map(weight).collect())
        };
        let mut rows: Vec<Vec<f64>> = (0..=self.phases / 2).map(row).collect();
        // The kernel is symmetric: the second half is the first, mirrored.
        let mirrored = |phase: usize| rows[phase].iter().rev().copied().collect();
        let second_half: Vec<_> = (0..self.phases.div_ceil(2)).rev().map(mirrored).collect();
        rows.extend(second_half);
        rows
    }
}

fn normalise(mut weights: Vec<f64>) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= sum);
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_half_up_and_never_zero() {
        assert_eq!(output_length(1363, 1363.0, 1363.0 / 720.0, Kernel::Lanczos3), 720);
        assert_eq!(output_length(5, 5.0, 2.0, Kernel::Lanczos3), 3);
        assert_eq!(output_length(1, 1.0, 100.0, Kernel::Lanczos3), 1);
        assert_eq!(output_length(100, 100.0, 0.5, Kernel::Cubic), 200);
    }

    #[test]
    fn a_box_takes_the_integer_part_and_leaves_two_to_four() {
        let axis = Axis::reduce(4000, 4000.0, 10.0, Kernel::Lanczos3);
        let filter = axis.filter.unwrap();
        assert_eq!((axis.box_factor, axis.boxed, axis.output, filter.width, filter.taps), (5, 800, 400, 2.0, 13));
        assert_eq!(Axis::reduce(1000, 1000.0, 3.9, Kernel::Lanczos3).box_factor, 1);
    }

    #[test]
    fn weights_sum_to_one_and_are_centred() {
        let filter = Axis::reduce(1363, 1363.0, 1363.0 / 720.0, Kernel::Lanczos3).filter.unwrap();
        for row in filter.weights() {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
        let (first, phase) = filter.position(360);
        let row = &filter.weights()[phase];
        let centroid: f64 = row.iter().enumerate().map(|(tap, w)| w * (first as f64 + tap as f64 + 0.5)).sum();
        assert!((centroid - 360.5 * 1363.0 / 720.0).abs() < 0.02);
    }

    #[test]
    fn a_last_pixel_that_stands_for_less_moves_nothing() {
        // 999 pixels that a decoder has shrunk by 8 and that become 111: output pixel n is about 9n + 4.5.
        let axis = Axis::reduce(125, 999.0 / 8.0, 9.0 / 8.0, Kernel::Lanczos3);
        assert_eq!(axis.output, 111);
        let filter = axis.filter.unwrap();
        for (index, centre) in [(0, 4.5), (55, 499.5), (110, 994.5)] {
            let (first, phase) = filter.position(index);
            let row = &filter.weights()[phase];
            let centroid: f64 = row.iter().enumerate().map(|(tap, w)| w * (first as f64 + tap as f64 + 0.5)).sum();
            assert!((centroid * 8.0 - centre).abs() < 0.1, "{index}: {}", centroid * 8.0);
        }
    }

    /// Widths, heights and requested widths where the height is half a pixel above an integer; the answers are sharp's.
    #[test]
    fn halves_are_rounded_as_announced() {
        for (width, height, wanted, rounded) in
            [(120, 90, 158, 119), (24, 18, 130, 97), (22, 11, 61, 30), (18, 45, 23, 57)]
        {
            let shrink = f64::from(width) / f64::from(wanted);
            assert_eq!(output_length(height, f64::from(height), shrink, Kernel::Lanczos3), rounded);
            assert_eq!(Axis::enlarge(height, shrink, Kernel::Lanczos3).output, rounded);
        }
    }

    #[test]
    fn enlargement_interpolates_between_pixels() {
        let filter = Axis::enlarge(8, 0.5, Kernel::Lanczos3).filter.unwrap();
        assert_eq!(filter.position(3), (0, 0));
        assert_eq!(filter.position(2), (-1, 32));
        assert_eq!(filter.weights()[32], [-0.0625, 0.5625, 0.5625, -0.0625]);
    }
}
