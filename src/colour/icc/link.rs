//! 8-bit colours of one profile in another: by curves and a matrix where both have them, else by a table of both together.
//!
//! Black points are compensated as littlecms does it for the perceptual intent by way of L*a*b*: the black of the source
//! becomes none, and that of a target of version 4 is restored. Source: ISO 18619.

use moxcms::ColorProfile;

use super::device::{Curve, Device, Grid, Light, Values};

/// Nodes of the table on each axis, for one, three and four channels.
const NODES: [usize; 4] = [256, 0, 33, 17];

/// Steps of the square root of light, for each of which the first code is known.
const ROOT_STEPS: usize = 1023;

pub(super) enum Link {
    Matrix(Box<Matrix>),
    Table { inputs: usize, outputs: usize, grid: Grid },
}

impl Link {
    /// From a profile to another, of which the major versions are given. `None` when one lacks what is needed.
    pub(super) fn new(
        (from, from_version): (&ColorProfile, u8),
        (to, to_version): (&ColorProfile, u8),
    ) -> Option<Self> {
        let (source, target) = (Device::input(from)?, Device::output(to)?);
        let lifted = match to_version {
            4.. => target.black(&Device::input(to)?, to_version),
            _ => 0.0,
        };
        let black = source.black(&source, from_version);
        let adapt = |light: f64| (light - black) / (1.0 - black) * (1.0 - lifted) + lifted;
        if let (Some((curves, matrix, _)), Some((targets, _, inverse))) = (source.matrix(), target.matrix()) {
            return Some(Self::Matrix(Box::new(Matrix::new((curves, matrix), (targets, inverse), adapt))));
        }
        let (inputs, outputs) = (source.channels, target.channels);
        let value = |values: Values| target.values(source.light(values).map(adapt));
        Some(Self::Table { inputs, outputs, grid: Grid::fill(inputs, NODES[inputs - 1], value) })
    }

    /// Converts pixels; a channel behind the colours is copied.
    pub(super) fn convert(&self, from: &[u8], to: &mut [u8], alpha: bool) {
        let extra = usize::from(alpha);
        match self {
            Self::Matrix(matrix) => {
                for (from, to) in from.chunks_exact(3 + extra).zip(to.chunks_exact_mut(3 + extra)) {
                    to[..3].copy_from_slice(&matrix.colour([from[0], from[1], from[2]]));
                    to[3..].copy_from_slice(&from[3..]);
                }
            }
            Self::Table { inputs, outputs, grid } => {
                let (mut before, mut result) = ([0; 4], None);
                for (from, to) in from.chunks_exact(inputs + extra).zip(to.chunks_exact_mut(outputs + extra)) {
                    let mut codes = [0; 4];
                    codes[..*inputs].copy_from_slice(&from[..*inputs]);
                    // Neighbours are often alike.
                    let values = match result {
                        Some(values) if codes == before => values,
                        _ => grid
                            .at(codes.map(|code| f64::from(code) / 255.0))
                            .map(|value| (value * 255.0).round() as u8),
                    };
                    (before, result) = (codes, Some(values));
                    to[..*outputs].copy_from_slice(&values[..*outputs]);
                    to[*outputs..].copy_from_slice(&from[*inputs..]);
                }
            }
        }
    }
}

pub(super) struct Matrix {
    /// What each code of red, green and blue adds to the linear light of the result.
    shares: [[[f32; 3]; 256]; 3],
    codes: [Codes; 3],
}

impl Matrix {
    fn new(
        (curves, matrix): (&[Curve; 3], &[Light; 3]),
        (targets, inverse): (&[Curve; 3], &[Light; 3]),
        adapt: impl Fn(f64) -> f64,
    ) -> Self {
        let (offset, scale) = (adapt(0.0), adapt(1.0) - adapt(0.0));
        let shares = [0, 1, 2].map(|channel: usize| {
            std::array::from_fn(|code| {
                let linear = curves[channel].at(code as f64 / 255.0);
                // A third of what is added in each.
                let light = [0, 1, 2].map(|axis: usize| matrix[axis][channel] * linear * scale + offset / 3.0);
                inverse.map(|row| row.iter().zip(light).map(|(weight, value)| weight * value).sum::<f64>() as f32)
            })
        });
        Self { shares, codes: targets.each_ref().map(Codes::new) }
    }

    fn colour(&self, colour: [u8; 3]) -> [u8; 3] {
        let [red, green, blue] = [0, 1, 2].map(|at: usize| &self.shares[at][usize::from(colour[at])]);
        [0, 1, 2].map(|at: usize| self.codes[at].of(red[at] + green[at] + blue[at]))
    }
}

/// The code of an amount of light.
struct Codes {
    /// Light from which on each code is the nearest: of those that a curve does not tell apart, the last, as in littlecms.
    from: [f32; 256],
    first: [u8; ROOT_STEPS + 1],
}

impl Codes {
    fn new(curve: &Curve) -> Self {
        let mut highest = f64::NEG_INFINITY;
        let from: [f32; 256] = std::array::from_fn(|code| {
            highest = if code == 0 { highest } else { highest.max(curve.at((code as f64 - 0.5) / 255.0)) };
            highest as f32
        });
        let first = std::array::from_fn(|step| {
            let least = (step as f32 / ROOT_STEPS as f32).powi(2);
            from.iter().rposition(|from| *from <= least).unwrap_or(0) as u8
        });
        Self { from, first }
    }

    fn of(&self, light: f32) -> u8 {
        /// What single precision may fall short by, where a curve stays at its end.
        const SLACK: f32 = 1.0 + 1e-6;
        let light = if light > 0.0 { light * SLACK } else { 0.0 };
        let step = (light.min(1.0).sqrt() * ROOT_STEPS as f32) as usize;
        let mut code = self.first[step.min(ROOT_STEPS)];
        while code < u8::MAX && self.from[usize::from(code) + 1] <= light {
            code += 1;
        }
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::icc::{Profile, Standard};

    fn link(from: &Profile, to: &Profile) -> Link {
        Link::new((&from.colour, from.bytes()[8]), (&to.colour, to.bytes()[8])).unwrap()
    }

    #[test]
    fn a_profile_to_itself_changes_nothing() {
        for standard in [Standard::Srgb, Standard::DisplayP3] {
            let same = link(standard.profile(), standard.profile());
            for code in 0..=255u8 {
                let colour = [code, 255 - code, code / 2, 7];
                let mut to = [0; 4];
                same.convert(&colour, &mut to, true);
                assert_eq!(to, colour);
            }
        }
    }

    #[test]
    fn the_dark_is_exact() {
        let there = link(Standard::Srgb.profile(), Standard::DisplayP3.profile());
        let mut to = [0; 3];
        there.convert(&[0, 1, 90], &mut to, false);
        assert_eq!(to, [0, 1, 86]);
    }

    #[test]
    fn inks_become_inks() {
        let cmyk = Standard::Cmyk.profile();
        let same = link(cmyk, cmyk);
        let mut to = [9; 5];
        same.convert(&[0, 0, 0, 0, 77], &mut to, true);
        assert!(to[..4].iter().all(|&ink| ink <= 2) && to[4] == 77, "{to:?}");
    }
}
