//! The options bag, typed: what the pipeline reads out of it, and the only place where the defaults stand.
//!
//! The groups follow the documentation pages. Options of one format belong to that format's codec and are not here.
//! Lengths and offsets are in pixels, colours are red, green, blue and alpha from 0 to 255 unless said otherwise.

use super::{Bag, InputDescriptor, OptionValue, Overlay, UNWRITTEN, Value, bag, bag_enum};
use crate::{
    codec::{CODECS, Keep, animation::AnimationOptions},
    error::ParameterError,
    resample::Kernel,
};

/// Longest side of any picture that is made.
pub const MAX_SIDE: u32 = 100_000_000;

bag_enum! {
    /// How a picture is fitted to a width and a height; the bag's names for `fit`.
    pub enum Canvas {
        /// `cover`: fill both sides, cut what does not fit.
        Crop = "crop",
        /// `contain`: whole picture inside, fill the rest with the background.
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
        /// The picture over again.
        Repeat = "repeat",
        /// The picture reflected.
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

bag! {
    /// Size, position and orientation: resize, extract, trim, rotate, extend, affine.
    pub struct GeometryOptions {
        /// Top of the extract before resize, -1 is none.
        "topOffsetPre" => top_offset_pre: i32 = -1, -1..=100_000_000;
        /// Left of the extract before resize.
        "leftOffsetPre" => left_offset_pre: i32 = -1, -1..=100_000_000;
        /// Width of the extract before resize.
        "widthPre" => width_pre: i32 = -1, -1..=100_000_000;
        /// Height of the extract before resize.
        "heightPre" => height_pre: i32 = -1, -1..=100_000_000;
        /// Top of the extract after resize, -1 is none.
        "topOffsetPost" => top_offset_post: i32 = -1, -1..=100_000_000;
        /// Left of the extract after resize.
        "leftOffsetPost" => left_offset_post: i32 = -1, -1..=100_000_000;
        /// Width of the extract after resize.
        "widthPost" => width_post: i32 = -1, -1..=100_000_000;
        /// Height of the extract after resize.
        "heightPost" => height_post: i32 = -1, -1..=100_000_000;
        /// Width to resize to, -1 is by the height's scale.
        "width" => width: i32 = -1, -1..=100_000_000;
        /// Height to resize to, -1 is by the width's scale.
        "height" => height: i32 = -1, -1..=100_000_000;
        /// How to fit when both are given.
        "canvas" => canvas: Canvas = Canvas::Crop;
        /// 0 to 8 is centre, N, E, S, W, NE, SE, SW, NW; 16 is entropy, 17 is attention.
        "position" => position: u32 = 0, 0..=17;
        /// Fill of `contain`.
        "resizeBackground" => resize_background: [f64; 4] = [0.0, 0.0, 0.0, 255.0];
        /// Clockwise rotation in degrees, a multiple of 90.
        "angle" => angle: i32 = 0;
        /// Clockwise rotation in degrees, any other.
        "rotationAngle" => rotation_angle: f64 = 0.0;
        /// Fill of the corners that a rotation opens.
        "rotationBackground" => rotation_background: [f64; 4] = [0.0, 0.0, 0.0, 255.0];
        /// Rotate before resize and extract.
        "rotateBefore" => rotate_before: bool = false;
        /// Apply the EXIF orientation before the first extract.
        "orientBefore" => orient_before: bool = false;
        /// Mirror top to bottom.
        "flip" => flip: bool = false;
        /// Mirror left to right.
        "flop" => flop: bool = false;
        /// Rows added at the top.
        "extendTop" => extend_top: u32 = 0, 0..=100_000_000;
        /// Rows added at the bottom.
        "extendBottom" => extend_bottom: u32 = 0, 0..=100_000_000;
        /// Columns added on the left.
        "extendLeft" => extend_left: u32 = 0, 0..=100_000_000;
        /// Columns added on the right.
        "extendRight" => extend_right: u32 = 0, 0..=100_000_000;
        /// Fill of the added edges.
        "extendBackground" => extend_background: [f64; 4] = [0.0, 0.0, 0.0, 255.0];
        /// What the added edges show.
        "extendWith" => extend_with: ExtendWith = ExtendWith::Background;
        /// Never make a side longer.
        "withoutEnlargement" => without_enlargement: bool = false;
        /// Never make a side shorter.
        "withoutReduction" => without_reduction: bool = false;
        /// Two rows of two factors, empty is none.
        "affineMatrix" => affine_matrix: Vec<f64> = Vec::new();
        /// Fill of what the transform opens.
        "affineBackground" => affine_background: [f64; 4] = [0.0, 0.0, 0.0, 255.0];
        /// Input offset across.
        "affineIdx" => affine_idx: f64 = 0.0;
        /// Input offset down.
        "affineIdy" => affine_idy: f64 = 0.0;
        /// Output offset across.
        "affineOdx" => affine_odx: f64 = 0.0;
        /// Output offset down.
        "affineOdy" => affine_ody: f64 = 0.0;
        /// Interpolation of the transform.
        "affineInterpolator" => affine_interpolator: Interpolator = Interpolator::Bilinear;
        /// Kernel of resize.
        "kernel" => kernel: Kernel = Kernel::Lanczos3;
        /// Let the decoder shrink as far as it can.
        "fastShrinkOnLoad" => fast_shrink_on_load: bool = true;
        /// Colour that trim removes, empty is that of the top-left pixel.
        "trimBackground" => trim_background: Vec<f64> = Vec::new();
        /// Distance from that colour that trim still removes, below 0 is no trim.
        "trimThreshold" => trim_threshold: f64 = -1.0;
        /// The picture is line art: no smoothing before trim looks for edges.
        "trimLineArt" => trim_line_art: bool = false;
        /// Pixels that trim leaves around the found area.
        "trimMargin" => trim_margin: u32 = 0, 0..=10_000_000;
    }
}

bag! {
    /// What is done to pixel values: operation, colour, channel and composite pages.
    pub struct OperationOptions {
        /// Colour to tint with, its first value is -1 for none.
        "tint" => tint: [f64; 4] = [-1.0, 0.0, 0.0, 0.0];
        /// Merge alpha with the background.
        "flatten" => flatten: bool = false;
        /// Red, green, blue and perhaps alpha.
        "flattenBackground" => flatten_background: Vec<f64> = vec![0.0, 0.0, 0.0];
        /// Make white pixels transparent.
        "unflatten" => unflatten: bool = false;
        /// Produce the negative.
        "negate" => negate: bool = false;
        /// Include alpha in the negative.
        "negateAlpha" => negate_alpha: bool = true;
        /// Side of the median's square, 0 is none.
        "medianSize" => median_size: u32 = 0, 0..=1000;
        /// Standard deviation of the blur, 0 is none, -1 is a mild 3×3 box.
        "blurSigma" => blur_sigma: f64 = 0.0, -1.0..=1000.0;
        /// Arithmetic of the blur.
        "precision" => precision: Precision = Precision::Integer;
        /// Smallest value that the blur's mask still holds.
        "minAmpl" => min_amplitude: f64 = 0.2, 0.001..=1.0;
        /// Standard deviation of the sharpening mask, 0 is none, -1 is a mild 3×3 mask.
        "sharpenSigma" => sharpen_sigma: f64 = 0.0, -1.0..=10000.0;
        /// Sharpening of flat areas.
        "sharpenM1" => sharpen_m1: f64 = 1.0, 0.0..=1_000_000.0;
        /// Sharpening of jagged areas.
        "sharpenM2" => sharpen_m2: f64 = 2.0, 0.0..=1_000_000.0;
        /// Threshold between flat and jagged.
        "sharpenX1" => sharpen_x1: f64 = 2.0, 0.0..=1_000_000.0;
        /// Most brightening.
        "sharpenY2" => sharpen_y2: f64 = 10.0, 0.0..=1_000_000.0;
        /// Most darkening.
        "sharpenY3" => sharpen_y3: f64 = 20.0, 0.0..=1_000_000.0;
        /// Values from here on become 255, others 0; 0 is none.
        "threshold" => threshold: u32 = 0, 0..=255;
        /// Make the picture grey before the threshold.
        "thresholdGrayscale" => threshold_greyscale: bool = true;
        /// Radius of the dilation, 0 is none.
        "dilateWidth" => dilate_width: u32 = 0, 0..=65536;
        /// Radius of the erosion, 0 is none.
        "erodeWidth" => erode_width: u32 = 0, 0..=65536;
        /// Gamma before resize, 0 is none.
        "gamma" => gamma: f64 = 0.0, 0.0..=3.0;
        /// Gamma after resize, 0 is none.
        "gammaOut" => gamma_out: f64 = 0.0, 0.0..=3.0;
        /// Make the picture grey.
        "greyscale" => greyscale: bool = false;
        /// Stretch the luminance.
        "normalise" => normalise: bool = false;
        /// Percentile below which luminance is cut.
        "normaliseLower" => normalise_lower: f64 = 1.0, 0.0..=99.0;
        /// Percentile above which luminance is cut.
        "normaliseUpper" => normalise_upper: f64 = 99.0, 1.0..=100.0;
        /// Width of CLAHE's search window, 0 is none.
        "claheWidth" => clahe_width: u32 = 0, 0..=65536;
        /// Height of that window.
        "claheHeight" => clahe_height: u32 = 0, 0..=65536;
        /// Limit of local contrast, 0 is none.
        "claheMaxSlope" => clahe_max_slope: u32 = 3, 0..=100;
        /// Factor of lightness.
        "brightness" => brightness: f64 = 1.0;
        /// Factor of chroma.
        "saturation" => saturation: f64 = 1.0;
        /// Rotation of hue in degrees.
        "hue" => hue: i32 = 0;
        /// Added lightness.
        "lightness" => lightness: f64 = 0.0;
        /// Factors of `linear`, one or one a channel.
        "linearA" => linear_a: Vec<f64> = Vec::new();
        /// Addends of `linear`.
        "linearB" => linear_b: Vec<f64> = Vec::new();
        /// Mask of `convolve`.
        "convKernel" => convolution: Option<ConvolutionKernel> = None;
        /// 3×3 or 4×4 matrix, by rows.
        "recombMatrix" => recomb_matrix: Option<Vec<f64>> = None;
        /// The other picture of a bitwise operation.
        "boolean" => boolean: Option<InputDescriptor> = None;
        "booleanOp" => boolean_operator: Option<BooleanOperator> = None;
        /// Bitwise operation over the channels of one picture.
        "bandBoolOp" => band_boolean_operator: Option<BooleanOperator> = None;
        /// Pictures whose channels are added.
        "joinChannelIn" => join_channel: Vec<InputDescriptor> = Vec::new();
        /// Channel to keep alone, -1 is all.
        "extractChannel" => extract_channel: i32 = -1, -1..=4;
        /// Drop alpha.
        "removeAlpha" => remove_alpha: bool = false;
        /// Add alpha of this opacity, 0 to 1, where there is none; -1 is not.
        "ensureAlpha" => ensure_alpha: f64 = -1.0, -1.0..=1.0;
        /// Colour space of the output.
        "colourspace" => colourspace: String = "srgb".to_owned();
        /// Colour space of the work between, `last` is chosen by the input.
        "colourspacePipeline" => colourspace_pipeline: String = "last".to_owned();
        /// Pictures to lay over.
        "composite" => composite: Vec<Overlay> = Vec::new();
    }
}

bag! {
    /// A convolution mask.
    pub struct ConvolutionKernel {
        "width" => width: u32 = 3, 3..=1001;
        "height" => height: u32 = 3, 3..=1001;
        /// By rows, width × height.
        "kernel" => kernel: Vec<f64> = Vec::new();
        /// Divisor of the sum.
        "scale" => scale: f64 = 1.0;
        /// Added to the quotient.
        "offset" => offset: f64 = 0.0;
    }
}

bag! {
    /// Where the picture goes, what goes with it, how long it may take.
    pub struct OutputOptions {
        /// Path to write to, empty is memory.
        "fileOut" => file_out: String = String::new();
        /// Format name; `input` is the input's, or by the path's ending.
        "formatOut" => format_out: String = "input".to_owned();
        /// Output goes to the readable side of the stream.
        "streamOut" => stream_out: bool = false;
        /// Output is a plain Uint8Array.
        "typedArrayOut" => typed_array_out: bool = false;
        /// Bits of [`Keep`].
        "keepMetadata" => keep_metadata: u32 = 0, 0..=63;
        /// EXIF orientation to write, -1 is as it is.
        "withMetadataOrientation" => with_metadata_orientation: i32 = -1, -1..=8;
        /// Pixels per inch to write, 0 is as it is.
        "withMetadataDensity" => with_metadata_density: f64 = 0.0, 0.0..=1e9;
        /// Name or path of an ICC profile to convert to, empty is none.
        "withIccProfile" => with_icc_profile: String = String::new();
        /// EXIF tags to write, `exif-ifd0-Name` and text.
        "withExif" => with_exif: TextMap = TextMap(Vec::new());
        /// Add them to the input's, rather than in their place.
        "withExifMerge" => with_exif_merge: bool = true;
        /// XMP to write.
        "withXmp" => with_xmp: String = String::new();
        /// Keep an Ultra HDR gain map as it is.
        "keepGainMap" => keep_gain_map: bool = false;
        /// Make use of the gain map and write a new one.
        "withGainMap" => with_gain_map: bool = false;
        /// The promise gives `{ data, info }`.
        "resolveWithObject" => resolve_with_object: bool = false;
        /// Seconds after which the task fails, 0 is never.
        "timeoutSeconds" => timeout_seconds: u32 = 0, 0..=3600;
    }
}

impl OutputOptions {
    /// Whether the input's gain map is of use.
    pub const fn uses_gain_map(&self) -> bool {
        self.keep_gain_map || self.with_gain_map
    }

    /// The metadata to keep.
    pub const fn keep(&self) -> Keep {
        Keep(self.keep_metadata)
    }
}

/// An object whose values are strings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextMap(pub Vec<(String, String)>);

impl OptionValue for TextMap {
    const EXPECTED: &'static str = "object";
    fn from_value(value: &Value) -> Option<Self> {
        let Value::Map(entries) = value else { return None };
        let text = |(key, value): &(String, Value)| Some((key.clone(), String::from_value(value)?));
        entries.iter().map(text).collect::<Option<_>>().map(TextMap)
    }
    fn to_value(&self) -> Value {
        Value::Map(self.0.iter().map(|(key, text)| (key.clone(), text.as_str().into())).collect())
    }
}

impl OptionValue for ConvolutionKernel {
    const EXPECTED: &'static str = "convolution kernel";
    fn from_value(value: &Value) -> Option<Self> {
        let kernel = Self::read(value).ok()?;
        (kernel.kernel.len() as u64 == u64::from(kernel.width) * u64::from(kernel.height)).then_some(kernel)
    }
    fn to_value(&self) -> Value {
        Value::Map(vec![
            ("width".to_owned(), self.width.into()),
            ("height".to_owned(), self.height.into()),
            ("kernel".to_owned(), self.kernel.to_value()),
            ("scale".to_owned(), self.scale.into()),
            ("offset".to_owned(), self.offset.into()),
        ])
    }
}

/// Everything the pipeline is told, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    pub input: InputDescriptor,
    /// Pictures to put side by side in place of `input`; empty is none.
    pub join: Vec<InputDescriptor>,
    pub geometry: GeometryOptions,
    pub operation: OperationOptions,
    pub output: OutputOptions,
}

impl Options {
    /// Reads and checks the whole bag, but for the codecs' options.
    pub fn read(bag: &dyn Bag) -> Result<Self, ParameterError> {
        Ok(Self {
            input: super::read_option(bag, "input", InputDescriptor::default())?,
            join: super::read_option(bag, "join", Vec::new())?,
            geometry: GeometryOptions::read(bag)?,
            operation: OperationOptions::read(bag)?,
            output: OutputOptions::read(bag)?,
        })
    }
}

/// The entries of a new instance's bag, but for `input`.
pub fn defaults() -> Vec<(&'static str, Value)> {
    let codecs = CODECS.iter().filter_map(|codec| codec.encoder.as_ref()).flat_map(|encoder| (encoder.defaults)());
    [GeometryOptions::defaults(), OperationOptions::defaults(), OutputOptions::defaults(), AnimationOptions::defaults()]
        .into_iter()
        .flatten()
        .chain(codecs)
        .chain(UNWRITTEN.iter().flat_map(|format| (format.defaults)()))
        .filter(|(_, value)| value.is_defined())
        .chain(unread())
        .collect()
}

/// Entries that the peer's bag has and nothing reads, here or there: programs may list them.
fn unread() -> [(&'static str, Value); 3] {
    [("booleanBufferIn", Value::Null), ("booleanFileIn", "".into()), ("pdfBackground", [255.0; 4].to_value())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_bag_is_the_defaults() {
        assert_eq!(Options::read(&Value::Map(vec![])).unwrap(), Options::default());
    }

    #[test]
    fn the_defaults_read_back_as_themselves() {
        let bag = Value::Map(defaults().into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
        assert_eq!(Options::read(&bag).unwrap(), Options::default());
        assert_eq!(bag.get("width"), &Value::Number(-1.0));
        assert!(!bag.has("convKernel"));
    }

    #[test]
    fn a_hostile_bag_is_refused() {
        for (key, value) in [
            ("width", Value::from(1.5)),
            ("canvas", "x".into()),
            ("resizeBackground", [0.0, 1.0].into()),
            ("withExif", Value::Map(vec![("a".to_owned(), 1.0.into())])),
            ("convKernel", Value::Map(vec![("width".to_owned(), 3.0.into())])),
            ("joinChannelIn", Value::List(vec![Value::Null])),
            ("trimThreshold", f64::NAN.into()),
        ] {
            let error = Options::read(&Value::Map(vec![(key.to_owned(), value)])).unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
    }
}
