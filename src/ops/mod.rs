//! Operations on pixels, one file each.

pub mod alpha;
mod alpha_rgba;
