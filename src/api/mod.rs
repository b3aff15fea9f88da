//! The public API without Node and without pixels: what each method takes, its defaults, and what it says when it is given
//! something else. One file for each page of the documentation.

mod bag;
mod call;
mod value;

pub use bag::{Bag, OptionValue, read_option};
pub(crate) use bag::{bag, bag_enum};
pub use call::{Call, Method, Parsed, invalid};
pub use value::{Bytes, BytesKind, Value};
