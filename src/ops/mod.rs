//! Operations on rows and on whole pictures, one file each. Those that see one row at a time are [`RowSource`]s over a
//! [`RowSource`]; those that need all rows take and give an [`Image`](crate::image::Image).

pub mod affine;
pub mod alpha;
mod alpha_rgba;
pub mod arrange_planes;
pub mod aside;
pub mod bandbool;
mod blend;
mod blend_deep;
mod blend_rows;
pub mod blur;
pub mod channels;
pub mod clahe;
pub mod combine;
pub mod composite;
pub mod convolve;
pub mod crop;
pub mod embed;
pub mod extract_channel;
pub mod flatten;
pub mod frames;
pub mod gamma;
mod histogram;
mod interpolate;
pub mod linear;
pub mod lookup;
pub mod map;
pub mod median;
pub mod modulate;
pub mod morphology;
pub mod negate;
pub mod normalise;
pub mod orient;
mod planes;
pub mod recomb;
mod separable;
pub mod sharpen;
pub mod smartcrop;
pub mod stats;
mod sums;
pub mod threshold;
pub mod tint;
pub mod trim;
pub mod unflatten;
mod window;

#[cfg(test)]
pub(crate) mod testing;

use crate::image::RowSource;

/// A source of rows that may borrow the caller's bytes.
pub type Rows<'a> = Box<dyn RowSource + 'a>;
