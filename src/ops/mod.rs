//! Operations on rows and on whole pictures, one file each. Those that see one row at a time are [`RowSource`]s over a
//! [`RowSource`]; those that need all rows take and give an [`Image`](crate::image::Image).

pub mod alpha;
mod alpha_rgba;
pub mod blur;
pub mod channels;
pub mod clahe;
pub mod convolve;
pub mod crop;
pub mod embed;
pub mod flatten;
mod histogram;
pub mod map;
pub mod median;
pub mod morphology;
pub mod orient;
mod separable;
pub mod sharpen;
pub mod smartcrop;
mod sums;
pub mod trim;
mod window;

#[cfg(test)]
pub(crate) mod testing;

use crate::image::RowSource;

/// A source of rows that may borrow the caller's bytes.
pub type Rows<'a> = Box<dyn RowSource + 'a>;
