//! From what the caller said to what will be done: pure functions, tested without a picture.

pub mod geometry;
pub mod orientation;
