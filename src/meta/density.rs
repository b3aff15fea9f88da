//! How many pixels go to a unit of length.

/// Millimetres in an inch.
const INCH: f64 = 25.4;

/// Physical density, kept as the file format has it so that nothing is lost in rounding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Density {
    /// Pixels per millimetre, horizontally and vertically.
    pub x: f64,
    pub y: f64,
    /// The unit the file used.
    pub unit: DensityUnit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DensityUnit {
    Inch,
    Centimetre,
    /// The file names no unit, or no density at all and the value is the format's default.
    Unstated,
}

impl Density {
    /// The same density both ways, from pixels per inch.
    pub fn from_inch(per_inch: f64) -> Self {
        Self { x: per_inch / INCH, y: per_inch / INCH, unit: DensityUnit::Inch }
    }

    /// Horizontal pixels per inch, rounded; what `metadata().density` tells. `None` for the one pixel per millimetre or
    /// less that stands for an unknown density.
    pub fn per_inch(&self) -> Option<u32> {
        (self.x > 1.0).then(|| (self.x * INCH).round() as u32)
    }
}

impl DensityUnit {
    /// The unit to state where one has to be stated: the inch, when none is known.
    pub const fn or_inch(self) -> Self {
        match self {
            DensityUnit::Unstated => DensityUnit::Inch,
            known => known,
        }
    }

    /// The public name of a unit that was stated.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            DensityUnit::Inch => Some("inch"),
            DensityUnit::Centimetre => Some("cm"),
            DensityUnit::Unstated => None,
        }
    }
}
