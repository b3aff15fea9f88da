//! Where the files of a pyramid go: folders, or an archive.

use std::io;

use super::zip::ZipWriter;
use crate::files::OutputTree;

/// Takes files by their names, whose parts are separated by slashes.
pub(super) enum Sink<'a> {
    Folder(OutputTree),
    Zip(ZipWriter<'a>),
}

impl Sink<'_> {
    /// Adds a file, and the folders that lead to it.
    pub(super) fn add(&mut self, name: &str, data: &[u8]) -> io::Result<()> {
        match self {
            Sink::Zip(zip) => zip.add(name, data),
            Sink::Folder(tree) => tree.add(name, data),
        }
    }

    /// Ends the archive, or puts the files in their places.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Sink::Zip(zip) => zip.finish(),
            Sink::Folder(tree) => tree.finish(),
        }
    }
}
