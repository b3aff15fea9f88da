//! The public API without Node and without pixels: what each method takes, its defaults, and what it says when it is given
//! something else. One file for each page of the documentation.

mod bag;
pub mod blocking;
mod call;
mod channel;
mod check;
mod colour;
mod colour_model;
mod colour_text;
mod composite;
mod descriptor;
mod input;
mod methods;
mod operation;
mod options;
mod output;
mod resize;
#[cfg(test)]
mod testing;
mod unwritten;
pub mod utility;
mod value;

pub use crate::resample::Kernel;
pub use bag::{Bag, MAX_SAFE_INTEGER, OptionValue, read_limited, read_option};
pub(crate) use bag::{bag, bag_enum};
pub use call::{Call, Method, Outcome, Parsed, invalid};
pub(crate) use check::is_truthy;
pub use colour::{COLOURSPACE, set as set_colour};
pub use composite::BLEND_ALIASES;
pub use descriptor::{Align, Blend, InputDescriptor, LIMIT_INPUT_CHANNELS, LIMIT_INPUT_PIXELS, Overlay, TextWrap};
pub use input::{ALIGN, CONSTRUCTOR, standard_descriptor};
pub use methods::{method, methods};
pub use operation::INTERPOLATORS;
pub use options::{
    BooleanOperator, Canvas, ConvolutionKernel, ExtendWith, GeometryOptions, Interpolator, MAX_SIDE, OperationOptions,
    Options, OutputOptions, Precision, TextMap, defaults,
};
pub use resize::{FIT, GRAVITY, POSITION, STRATEGY};
pub use unwritten::{UNWRITTEN, unwritten};
pub use value::{Bytes, BytesKind, Value};
