//! Options of the operations on pixel values: the pages operation, colour, channel and composite.

use super::{BooleanOperator, InputDescriptor, OptionValue, Overlay, Precision, Value, bag};

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
        /// Make the image grey before the threshold.
        "thresholdGrayscale" => threshold_greyscale: bool = true;
        /// Radius of the dilation, 0 is none.
        "dilateWidth" => dilate_width: u32 = 0, 0..=65536;
        /// Radius of the erosion, 0 is none.
        "erodeWidth" => erode_width: u32 = 0, 0..=65536;
        /// Gamma before resize, 0 is none.
        "gamma" => gamma: f64 = 0.0, 0.0..=3.0;
        /// Gamma after resize, 0 is none.
        "gammaOut" => gamma_out: f64 = 0.0, 0.0..=3.0;
        /// Make the image grey.
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
        /// The other image of a bitwise operation.
        "boolean" => boolean: Option<InputDescriptor> = None;
        "booleanOp" => boolean_operator: Option<BooleanOperator> = None;
        /// Bitwise operation over the channels of one image.
        "bandBoolOp" => band_boolean_operator: Option<BooleanOperator> = None;
        /// Images whose channels are added.
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
        /// Images to lay over.
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
