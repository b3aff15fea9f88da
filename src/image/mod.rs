//! What a picture is made of: pixel formats, whole pictures, and rows that flow.

mod batch;
mod buffer;
mod format;
mod row;
mod whole;

pub use batch::Batch;
pub(crate) use buffer::zeroed;
pub use buffer::{Image, ImageRows, Samples};
pub use format::{ColourSpace, Depth, PixelFormat, Spec};
pub use row::{Row, RowMut, RowSource, Sample};
pub(crate) use row::{depth_mismatch, past_the_end};
pub use whole::Whole;
