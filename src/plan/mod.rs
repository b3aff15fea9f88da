//! From what the caller said to what will be done: pure functions, tested without an image.
//!
//! Work is done in one order whatever order the methods were called in. It has two parts, because only the image can
//! tell how large it is after trimming: [`before_resize`] says what is done to the image as it is read, and
//! [`after_load`], given the size that came out, all the rest.

pub mod background;
pub mod gain_map;
pub mod geometry;
pub mod icc;
pub mod planes;
mod steps;

pub use gain_map::GainMapPlan;
pub use steps::{After, Before, Loaded, Operand, Operands, Step, after_load, before_resize};
