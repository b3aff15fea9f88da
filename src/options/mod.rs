//! The vocabulary that callers and engine share: JavaScript values, the options bag, typed options, enums, method calls.
//!
//! Options of one format are declared in its codec. Lengths and offsets are in pixels, colours are red, green, blue and alpha
//! from 0 to 255 unless said otherwise.

mod bag;
mod call;
pub(crate) mod check;
pub(crate) mod colour;
mod enums;
mod geometry;
mod input;
mod keep;
mod operation;
mod output;
mod value;

pub use bag::{Bag, MAX_SAFE_INTEGER, OptionValue, read_limited, read_option};
pub(crate) use bag::{bag, bag_enum};
pub use call::{Call, Method, Outcome, Parsed, invalid};
pub(crate) use check::is_truthy;
pub use enums::{
    Align, Blend, BooleanOperator, Canvas, ExtendWith, FailOn, Interpolator, Kernel, Precision, RawDepth, TextWrap,
};
pub use geometry::{GeometryOptions, MAX_SIDE};
pub use input::{InputDescriptor, LIMIT_INPUT_CHANNELS, LIMIT_INPUT_PIXELS, Overlay};
pub use keep::Keep;
pub use operation::{ConvolutionKernel, OperationOptions};
pub use output::{OutputOptions, TextMap};
pub use value::{Bytes, BytesKind, Value};

use crate::error::ParameterError;

/// Everything the pipeline is told, checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    pub input: InputDescriptor,
    /// Images to put side by side in place of `input`; empty is none.
    pub join: Vec<InputDescriptor>,
    pub geometry: GeometryOptions,
    pub operation: OperationOptions,
    pub output: OutputOptions,
}

impl Options {
    /// Reads and checks the whole bag, but for the codecs' options.
    pub fn read(bag: &dyn Bag) -> Result<Self, ParameterError> {
        Ok(Self {
            input: read_option(bag, "input", InputDescriptor::default())?,
            join: read_option(bag, "join", Vec::new())?,
            geometry: GeometryOptions::read(bag)?,
            operation: OperationOptions::read(bag)?,
            output: OutputOptions::read(bag)?,
        })
    }
}
