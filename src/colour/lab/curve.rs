//! The curve between luminance and lightness, and the change of colour in Lab that callers ask for. Source: CIE 15.

/// Where the cube root gives way to a straight line.
pub(super) const CUBE_ROOT_FROM: f64 = 0.008856;
pub(super) const LINE_SLOPE: f64 = 7.787;
pub(super) const LINE_START: f64 = 16.0 / 116.0;
/// The value of both at that place.
pub(super) const CUBE_FROM: f64 = 0.206_893;

pub(in super::super) fn f(t: f64) -> f64 {
    if t > CUBE_ROOT_FROM { t.cbrt() } else { LINE_SLOPE * t + LINE_START }
}

pub(in super::super) fn f_inverse(t: f64) -> f64 {
    if t > CUBE_FROM { t * t * t } else { (t - LINE_START) / LINE_SLOPE }
}

/// A change of colour in Lab: `L' = gain · L + offset`, chroma multiplied, hue turned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adjustment {
    /// Factor of lightness.
    pub gain: f64,
    /// Added to lightness, which runs from 0 to 100.
    pub offset: f64,
    /// Factor of chroma.
    pub chroma: f64,
    /// Degrees that hue is turned by.
    pub hue: f64,
}
