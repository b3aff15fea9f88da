//! What an image is made of: pixel formats, whole images, rows that flow, and planes.

mod batch;
mod buffer;
mod format;
mod planes;
mod row;
mod whole;

pub use batch::Batch;
pub(crate) use buffer::zeroed;
pub use buffer::{Image, ImageRows, Samples};
pub use format::{ColourSpace, Depth, PixelFormat, Spec};
pub use planes::{
    MAX_PLANES, PlaneAxis, PlaneRows, PlaneSource, PlaneSpec, Planes, PlanesSpec, SampleRange, Strip, WholePlanes,
};
pub use row::{Row, RowMut, RowSource, Sample};
pub(crate) use row::{depth_mismatch, past_the_end};
pub use whole::Whole;
