//! The public API without Node and without pixels: what each method takes, its defaults, and what it says when it is given
//! something else. One file for each page of the documentation.

mod bag;
mod call;
mod descriptor;
mod options;
mod value;

pub use bag::{Bag, MAX_SAFE_INTEGER, OptionValue, read_option};
pub(crate) use bag::{bag, bag_enum};
pub use call::{Call, Method, Parsed, invalid};
pub use descriptor::{
    Align, Blend, InputDescriptor, LIMIT_INPUT_CHANNELS, LIMIT_INPUT_PIXELS, Overlay, RawDepth, TextWrap,
};
pub use options::{
    BooleanOperator, Canvas, ConvolutionKernel, ExtendWith, GeometryOptions, Interpolator, Kernel, MAX_SIDE,
    OperationOptions, Options, OutputOptions, Precision, TextMap, defaults,
};
pub use value::{Bytes, BytesKind, Value};
