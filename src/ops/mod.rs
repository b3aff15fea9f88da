//! Operations on rows and on whole pictures, one file each. Those that see one row at a time are [`RowSource`]s over a
//! [`RowSource`]; those that need all rows take and give an [`Image`](crate::image::Image).

pub mod affine;
pub mod alpha;
mod alpha_rgba;
mod blend;
mod blend_rows;
pub mod channels;
pub mod composite;
pub mod crop;
pub mod embed;
pub mod flatten;
mod interpolate;
pub mod map;
pub mod orient;
pub mod smartcrop;
pub mod trim;

#[cfg(test)]
pub(crate) mod testing;

use crate::image::RowSource;

/// A source of rows that may borrow the caller's bytes.
pub type Rows<'a> = Box<dyn RowSource + 'a>;
