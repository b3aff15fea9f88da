//! Everything that can go wrong, sorted by who is at fault. The sentences are part of the public API: programs compare
//! them, so they stand here and nowhere else.

use std::path::PathBuf;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The caller passed a value that no image could make valid. Thrown synchronously.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// The image is missing, of an unknown format, or damaged.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A safety limit was reached.
    #[error(transparent)]
    Limit(#[from] LimitError),
    /// The image and the options are fine by themselves but not together.
    #[error(transparent)]
    Operation(#[from] OperationError),
    /// The image could not be written in the format asked for.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A defect of lancet: a panic that was caught, an invariant that did not hold.
    #[error("Internal error: {0}")]
    Internal(String),
}

/// A value that is wrong by itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParameterError {
    /// The sentence every invalid parameter is reported with.
    #[error("Expected {expected} for {name} but received {received} of type {type_of}")]
    Invalid {
        name: String,
        expected: String,
        received: String,
        type_of: &'static str,
        /// Handle of the bytes that were received: their text is only known at the boundary.
        handle: Option<u32>,
    },
    /// A sentence of its own, for the few calls that have one.
    #[error("{0}")]
    Other(String),
}

/// Where the encoded bytes came from; the sentences differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Buffer,
    File,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Origin::Buffer => "buffer",
            Origin::File => "file",
        })
    }
}

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The sentence ends at the colon when no path was given.
    #[error("Input file is missing:{}{}", if .0.as_os_str().is_empty() { "" } else { " " }, .0.display())]
    Missing(PathBuf),
    /// SVG source text was passed where a path is expected.
    #[error("Input file is missing, did you mean sharp(Buffer.from('{0}...')?")]
    MissingLooksLikeSvg(String),
    #[error("Input {0} contains unsupported image format")]
    UnsupportedFormat(Origin),
    /// The sentence ends at the colon when the decoder has no more to say.
    #[error("Input {origin} has corrupt header:{}{detail}", if detail.is_empty() { "" } else { " " })]
    CorruptHeader { origin: Origin, detail: String },
    /// The header was fine, the pixels are not; `detail` is the decoder's own sentence.
    #[error("{0}")]
    CorruptPixels(String),
    /// Text to draw that cannot be drawn.
    #[error("text: {0}")]
    Text(&'static str),
    #[error("{path}: {source}", path = path.display())]
    Read { path: PathBuf, source: std::io::Error },
}

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LimitError {
    #[error("Input image exceeds pixel limit")]
    Pixels,
    #[error("Input image exceeds channel limit")]
    Channels,
    #[error("Processed image is too large for the {0} format")]
    TooLargeForFormat(&'static str),
    /// A drawing at the size that is asked for, or at its own; holds the longest side.
    #[error("Input SVG image {}exceed{} {side}x{side} pixel limit{}",
        if *.scaled { "will " } else { "" }, if *.scaled { "" } else { "s" }, if *.scaled { " when scaled" } else { "" })]
    Svg { scaled: bool, side: u32 },
    #[error("Out of memory: {bytes} bytes")]
    Memory { bytes: u64 },
    /// The sizes asked for cannot be addressed.
    #[error("Image of {width}x{height} pixels is too large")]
    Dimensions { width: u64, height: u64 },
}

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OperationError {
    #[error("extract_area: bad extract area")]
    BadExtractArea,
    /// A cut of no width or no height; holds which.
    #[error("extract_area: parameter {0} not set")]
    EmptyExtractArea(&'static str),
    /// A factor beyond what resampling takes.
    #[error("resize: parameter scale not set")]
    Enlargement,
    /// The window of an operation does not fit in the image; holds the engine's name of the operation.
    #[error("{0}: window too large")]
    WindowTooLarge(&'static str),
    /// The mask of a Gaussian would be too long.
    #[error("gaussmat: mask too large")]
    MaskTooLarge,
    #[error("hist_local: image must be VIPS_FORMAT_UCHAR")]
    HistogramDepth,
    #[error("Image to trim must be at least 3x3 pixels")]
    TooSmallToTrim,
    /// An affine matrix that cannot be inverted.
    #[error("vips__transform_calc_inverse: singular or near-singular matrix")]
    SingularMatrix,
    /// An angle so large that it says nothing.
    #[error("rotate: parameter angle not set")]
    AngleTooLarge,
    #[error("affine: output coordinates out of range")]
    AffineTooLarge,
    /// A transformed image of no width or no height.
    #[error("image: bad dimensions")]
    AffineEmpty,
    #[error("Image to composite must have same dimensions or smaller")]
    OverlayTooLarge,
    #[error("{0} is not supported for multi-page images")]
    MultiPage(&'static str),
    /// What cannot be done to an image and its gain map alike.
    #[error("{0} is not supported when keeping gain maps")]
    GainMap(&'static str),
    /// More factors for `linear` than the image has channels.
    #[error("Band expansion using linear is unsupported")]
    LinearExpansion,
    /// Fewer factors; holds how many channels there are.
    #[error("linear: vector must have 1 or {0} elements")]
    LinearLength(usize),
    #[error("recomb: bands in must equal matrix width")]
    RecombChannels,
    /// Two images of different numbers of channels; holds the larger.
    #[error("boolean: not one band or {0} bands")]
    BooleanChannels(usize),
    /// Images of different numbers of channels are joined; holds the largest.
    #[error("arrayjoin: not one band or {0} bands")]
    JoinChannels(usize),
    /// An image of more channels than colours and alpha is composited.
    #[error("composite: images do not have same numbers of bands")]
    CompositeChannels,
    /// A colour space that nothing leads to.
    #[error("vips_colourspace: no known route from '{from}' to '{to}'")]
    NoRoute { from: &'static str, to: &'static str },
    #[error("colourspace: parameter space not set")]
    SpaceNotSet,
    /// A channel that is not there; `last` is the last one that is.
    #[error("Cannot extract channel {channel} from image with channels 0-{last}")]
    ExtractChannel { channel: usize, last: usize },
    /// The caller's `timeout` ran out.
    #[error("timeout: {percent}% complete")]
    Timeout { percent: u8 },
    /// Forbidden by `block()`; holds the engine's name of the operation.
    #[error("{0}: operation is blocked")]
    Blocked(String),
    /// What a later version will do; listed by a test so that the list can only shrink.
    #[error("{0} is not supported yet")]
    NotYet(&'static str),
}

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    #[error("Unsupported output format {0}")]
    UnsupportedFormat(String),
    /// The encoder refused; `detail` is its own sentence.
    #[error("{0}")]
    Encoder(String),
    #[error("{0}")]
    Write(String),
    #[error("Cannot use same file for input and output")]
    SameFile,
}

impl Error {
    /// The decoder found the header to be damaged.
    pub fn corrupt_header(origin: Origin, detail: impl Into<String>) -> Self {
        InputError::CorruptHeader { origin, detail: detail.into() }.into()
    }

    /// The decoder found the pixels to be damaged.
    pub fn corrupt_pixels(detail: impl Into<String>) -> Self {
        InputError::CorruptPixels(detail.into()).into()
    }

    /// The encoder refused.
    pub fn encoder(detail: impl Into<String>) -> Self {
        OutputError::Encoder(detail.into()).into()
    }
}
