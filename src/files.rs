//! Files that are written: output takes its place only when it is complete, so that work that fails leaves what was there.

mod identity;
mod output;
mod target;
mod tree;

pub use identity::is_same_file;
pub use output::OutputFile;
pub use tree::OutputTree;
