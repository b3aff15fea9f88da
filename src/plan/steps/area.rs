//! Operations that look at the neighbours of a pixel.

use super::{Planner, Step};
use crate::{
    image::Depth,
    ops::{blur::Gaussian, clahe::Clahe, convolve::Mask, morphology::Morphology, sharpen::Sharpen},
    options::{ConvolutionKernel, OperationOptions, Precision},
};

/// Whether an operation other than the resize mixes the colours of neighbours, so that they are multiplied by alpha first.
pub(super) const fn mixes_neighbours(operation: &OperationOptions) -> bool {
    operation.blur_sigma != 0.0 || operation.sharpen_sigma != 0.0 || operation.convolution.is_some()
}

impl Planner {
    /// The depth of an operation's results that have fractions. They are kept only where there is alpha to divide by: as
    /// much of a difference as they make in a faint colour, as little do they make elsewhere.
    const fn fractions(&mut self) -> Depth {
        if self.spec.format.alpha {
            self.spec.format.depth = Depth::F32;
        }
        self.spec.format.depth
    }

    pub(super) fn median(&mut self, operation: &OperationOptions) {
        if operation.median_size > 0 {
            self.whole_space();
            self.steps.push(Step::Median(operation.median_size));
        }
    }

    pub(super) fn morph(&mut self, operation: &OperationOptions) {
        if operation.dilate_width > 0 || operation.erode_width > 0 {
            self.whole_space();
        }
        let radii = [(Morphology::Dilate, operation.dilate_width), (Morphology::Erode, operation.erode_width)];
        self.steps.extend(
            radii.into_iter().filter(|&(_, radius)| radius > 0).map(|(morph, radius)| Step::Morph(morph, radius)),
        );
    }

    pub(super) fn clahe(&mut self, operation: &OperationOptions) {
        let (width, height) = (operation.clahe_width, operation.clahe_height);
        if width > 0 && height > 0 {
            self.whole_space();
            self.steps.push(Step::Clahe(Clahe { width, height, max_slope: operation.clahe_max_slope }));
        }
    }

    pub(super) fn blur(&mut self, operation: &OperationOptions) {
        let sigma = operation.blur_sigma;
        if sigma != 0.0 {
            self.whole_space_of_fractions();
        }
        if sigma < 0.0 {
            let depth = self.fractions();
            self.steps.push(Step::Convolve(Mask::mild_blur(), depth));
        } else if sigma > 0.0 {
            let (precision, min_amplitude) = (operation.precision, operation.min_amplitude);
            let depth = if precision == Precision::Float { self.fractions() } else { self.spec.format.depth };
            self.steps.push(Step::Blur(Gaussian { sigma, precision, min_amplitude }, depth));
        }
    }

    pub(super) fn convolve(&mut self, operation: &OperationOptions) {
        if let Some(ConvolutionKernel { width, height, kernel, scale, offset }) = operation.convolution.clone() {
            self.whole_space_of_fractions();
            let depth = self.fractions();
            self.steps.push(Step::Convolve(Mask { width, height, weights: kernel, scale, offset }, depth));
        }
    }

    pub(super) fn sharpen(&mut self, operation: &OperationOptions) {
        if operation.sharpen_sigma < 0.0 {
            self.whole_space_of_fractions();
            let depth = self.fractions();
            self.steps.push(Step::Convolve(Mask::mild_sharpen(), depth));
        } else if operation.sharpen_sigma > 0.0 {
            self.picture();
            self.steps.push(Step::Sharpen(Sharpen {
                sigma: operation.sharpen_sigma,
                m1: operation.sharpen_m1,
                m2: operation.sharpen_m2,
                x1: operation.sharpen_x1,
                y2: operation.sharpen_y2,
                y3: operation.sharpen_y3,
            }));
        }
    }
}
