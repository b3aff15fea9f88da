//! The public API without Node and without pixels: what each method takes, its defaults, and what it says when it is given
//! something else. One file for each page of the documentation.

mod channel;
mod colour;
mod composite;
mod defaults;
mod input;
mod methods;
mod operation;
mod output;
mod resize;
#[cfg(test)]
mod testing;
pub mod utility;

pub use colour::COLOURSPACE;
pub use composite::BLEND_ALIASES;
pub use defaults::defaults;
pub use input::{ALIGN, CONSTRUCTOR, standard_descriptor};
pub use methods::{method, methods};
pub use operation::INTERPOLATORS;
pub use resize::{FIT, GRAVITY, POSITION, STRATEGY};
