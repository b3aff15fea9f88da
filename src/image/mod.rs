//! What an image is made of: pixel formats, whole images, rows that flow, and planes.

pub mod aside;
mod batch;
mod buffer;
pub mod channels;
mod format;
mod geometry;
pub mod lookup;
pub mod map;
mod orientation;
mod planes;
mod row;
#[cfg(test)]
pub(crate) mod testing;
mod whole;

pub use batch::Batch;
pub(crate) use buffer::zeroed;
pub use buffer::{Image, ImageRows, Samples};
pub use format::{ColourSpace, Depth, PixelFormat, Spec};
pub use geometry::{Gravity, Rect};
pub use orientation::Orientation;
pub use planes::{
    MAX_PLANES, PlaneAxis, PlaneRows, PlaneSource, PlaneSpec, Planes, PlanesSpec, SampleRange, Strip, WholePlanes,
};
pub use row::{Row, RowMut, RowSource, Sample};
pub(crate) use row::{depth_mismatch, past_the_end};
pub use whole::Whole;

/// A source of rows that may borrow the caller's bytes.
pub type Rows<'a> = Box<dyn RowSource + 'a>;
