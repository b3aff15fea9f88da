//! Resampling kernels and their weights.

use crate::options::Kernel;

impl Kernel {
    /// Whole pixels on each side of the centre that can have a weight, at scale 1.
    pub(super) const fn radius(self) -> u32 {
        match self {
            Kernel::Nearest | Kernel::Linear => 1,
            Kernel::Cubic | Kernel::Mitchell | Kernel::Lanczos2 => 2,
            Kernel::Lanczos3 | Kernel::Mks2013 => 3,
            Kernel::Mks2021 => 5,
        }
    }

    /// Weight at distance `x` from the centre, in pixels at scale 1; not normalised.
    pub(super) fn weight(self, x: f64) -> f64 {
        let x = x.abs();
        match self {
            Kernel::Nearest => f64::from(x <= 0.5),
            Kernel::Linear => (1.0 - x).max(0.0),
            Kernel::Cubic => spline(0.0, 0.5, x),
            Kernel::Mitchell => spline(1.0 / 3.0, 1.0 / 3.0, x),
            Kernel::Lanczos2 => lanczos(2.0, x),
            Kernel::Lanczos3 => lanczos(3.0, x),
            Kernel::Mks2013 => magic_kernel_2013(x),
            Kernel::Mks2021 => magic_kernel_2021(x),
        }
    }
}

/// The family of cubics of Mitchell and Netravali, "Reconstruction Filters in Computer Graphics", 1988.
fn spline(b: f64, c: f64, x: f64) -> f64 {
    if x < 1.0 {
        (((12.0 - 9.0 * b - 6.0 * c) * x + (-18.0 + 12.0 * b + 6.0 * c)) * x * x + (6.0 - 2.0 * b)) / 6.0
    } else if x < 2.0 {
        ((((-b - 6.0 * c) * x + (6.0 * b + 30.0 * c)) * x - (12.0 * b + 48.0 * c)) * x + (8.0 * b + 24.0 * c)) / 6.0
    } else {
        0.0
    }
}

/// sinc(x) · sinc(x / lobes) with one sine: that of x follows from that of x / lobes, which saves half of the time.
fn lanczos(lobes: f64, x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    if x >= lobes {
        return 0.0;
    }
    let angle = std::f64::consts::PI * x;
    let (sin, cos) = (angle / lobes).sin_cos();
    let sin_of_multiple = if lobes == 2.0 { 2.0 * sin * cos } else { (3.0 - 4.0 * sin * sin) * sin };
    lobes * sin_of_multiple * sin / (angle * angle)
}

/// Costella, "The Magic Kernel", the version of 2013: a quadratic B-spline and a three-point sharpening, convolved.
fn magic_kernel_2013(x: f64) -> f64 {
    if x <= 0.5 {
        17.0 / 16.0 - 7.0 / 4.0 * x * x
    } else if x <= 1.5 {
        (1.0 - x) * (7.0 / 4.0 - x)
    } else if x <= 2.5 {
        -(x - 2.5) * (x - 2.5) / 8.0
    } else {
        0.0
    }
}

/// The version of 2021: the sharpening step has more points and is flatter in the pass band.
fn magic_kernel_2021(x: f64) -> f64 {
    if x <= 0.5 {
        577.0 / 576.0 - 239.0 / 144.0 * x * x
    } else if x <= 1.5 {
        ((140.0 * x - 379.0) * x + 239.0) / 144.0
    } else if x <= 2.5 {
        -((24.0 * x - 113.0) * x + 130.0) / 144.0
    } else if x <= 3.5 {
        ((4.0 * x - 27.0) * x + 45.0) / 144.0
    } else if x <= 4.5 {
        let d = 2.0 * x - 9.0;
        -d * d / 1152.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMOOTH: [Kernel; 7] = [
        Kernel::Linear,
        Kernel::Cubic,
        Kernel::Mitchell,
        Kernel::Lanczos2,
        Kernel::Lanczos3,
        Kernel::Mks2013,
        Kernel::Mks2021,
    ];

    #[test]
    fn kernels_end_within_their_radius_and_are_continuous() {
        for kernel in SMOOTH {
            assert_eq!(kernel.weight(f64::from(kernel.radius())), 0.0, "{kernel:?}");
            let mut last = kernel.weight(0.0);
            for step in 1..5500 {
                let weight = kernel.weight(f64::from(step) / 1000.0);
                assert!((weight - last).abs() < 0.003, "{kernel:?} jumps at {step}");
                last = weight;
            }
        }
    }

    #[test]
    fn kernels_have_unit_area() {
        for kernel in SMOOTH {
            let area: f64 = (-5500..=5500).map(|step| kernel.weight(f64::from(step) / 1000.0) / 1000.0).sum();
            assert!((area - 1.0).abs() < 0.02, "{kernel:?} has area {area}");
        }
    }
}
