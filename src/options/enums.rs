//! Enums that callers and engine share. Each variant has one string in the options bag.

use super::{OptionValue, Value, bag_enum};

bag_enum! {
    /// How an image is fitted to a width and a height; the bag's names for `fit`.
    pub enum Canvas {
        /// `cover`: fill both sides, cut what does not fit.
        Crop = "crop",
        /// `contain`: whole image inside, fill the rest with the background.
        Embed = "embed",
        /// `fill`: stretch.
        IgnoreAspect = "ignore_aspect",
        /// `inside`: as large as possible with no side above the asked one.
        Max = "max",
        /// `outside`: as small as possible with no side below the asked one.
        Min = "min",
    }
}

bag_enum! {
    /// What `extend` fills new edges with.
    pub enum ExtendWith {
        Background = "background",
        /// The outermost pixels.
        Copy = "copy",
        /// The image over again.
        Repeat = "repeat",
        /// The image reflected.
        Mirror = "mirror",
    }
}

bag_enum! {
    /// Interpolation of `affine`.
    pub enum Interpolator {
        Nearest = "nearest",
        Bilinear = "bilinear",
        Bicubic = "bicubic",
        LocallyBoundedBicubic = "lbb",
        Nohalo = "nohalo",
        VertexSplitQuadraticBasisSpline = "vsqbs",
    }
}

bag_enum! {
    /// Arithmetic of the Gaussian blur.
    pub enum Precision {
        Integer = "integer",
        Float = "float",
        Approximate = "approximate",
    }
}

bag_enum! {
    /// A bitwise operation.
    pub enum BooleanOperator {
        And = "and",
        Or = "or",
        /// Exclusive or.
        Eor = "eor",
    }
}

bag_enum! {
    /// Alignment of text and of joined images.
    pub enum Align {
        Low = "low",
        Centre = "centre",
        High = "high",
    }
}

bag_enum! {
    /// Where text may be broken.
    pub enum TextWrap {
        Word = "word",
        Char = "char",
        WordChar = "word-char",
        None = "none",
    }
}

bag_enum! {
    /// How an overlay's pixels meet those below: Porter-Duff and the blend modes of the PDF reference.
    pub enum Blend {
        Clear = "clear",
        Source = "source",
        Over = "over",
        In = "in",
        Out = "out",
        Atop = "atop",
        Dest = "dest",
        DestOver = "dest-over",
        DestIn = "dest-in",
        DestOut = "dest-out",
        DestAtop = "dest-atop",
        Xor = "xor",
        Add = "add",
        Saturate = "saturate",
        Multiply = "multiply",
        Screen = "screen",
        Overlay = "overlay",
        Darken = "darken",
        Lighten = "lighten",
        ColourDodge = "colour-dodge",
        ColourBurn = "colour-burn",
        HardLight = "hard-light",
        SoftLight = "soft-light",
        Difference = "difference",
        Exclusion = "exclusion",
    }
}

bag_enum! {
    /// Shape of the filter that weighs the input pixels around an output pixel.
    pub enum Kernel {
        /// The pixel itself: hard edges, no new colours.
        Nearest = "nearest",
        /// Triangle filter, bilinear.
        Linear = "linear",
        /// Catmull-Rom spline.
        Cubic = "cubic",
        /// Mitchell-Netravali spline with B = C = 1/3.
        Mitchell = "mitchell",
        /// Sinc windowed by sinc, two lobes.
        Lanczos2 = "lanczos2",
        /// Sinc windowed by sinc, three lobes.
        Lanczos3 = "lanczos3",
        /// Magic Kernel Sharp 2013 (Costella).
        Mks2013 = "mks2013",
        /// Magic Kernel Sharp 2021 (Costella).
        Mks2021 = "mks2021",
    }
}

bag_enum! {
    /// Type of a sample, in native byte order.
    pub enum RawDepth {
        Char = "char",
        Uchar = "uchar",
        Short = "short",
        Ushort = "ushort",
        Int = "int",
        Uint = "uint",
        Float = "float",
        /// Two floats, real and imaginary.
        Complex = "complex",
        Double = "double",
        /// Two doubles, real and imaginary.
        Dpcomplex = "dpcomplex",
    }
}

/// How sensitive reading is to damaged pixels; each level includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum FailOn {
    None,
    Truncated,
    Error,
    #[default]
    Warning,
}

impl OptionValue for FailOn {
    const EXPECTED: &'static str = "one of: none, truncated, error, warning";
    fn from_value(value: &Value) -> Option<Self> {
        Some(match value.as_str()? {
            "none" => FailOn::None,
            "truncated" => FailOn::Truncated,
            "error" => FailOn::Error,
            "warning" => FailOn::Warning,
            _ => return None,
        })
    }
    fn to_value(&self) -> Value {
        Value::from(match self {
            FailOn::None => "none",
            FailOn::Truncated => "truncated",
            FailOn::Error => "error",
            FailOn::Warning => "warning",
        })
    }
}
