//! Where the files of a pyramid go: folders, or an archive.

use std::{collections::HashSet, fs, io, path::PathBuf};

use super::zip::ZipWriter;

/// Takes files by their names, whose parts are separated by slashes.
pub(super) enum Sink<'a> {
    Folder {
        root: PathBuf,
        /// Folders that were made.
        made: HashSet<PathBuf>,
    },
    Zip(ZipWriter<'a>),
}

impl Sink<'_> {
    pub(super) fn folder(root: PathBuf) -> Self {
        Self::Folder { root, made: HashSet::new() }
    }

    /// Adds a file, and the folders that lead to it.
    pub(super) fn add(&mut self, name: &str, data: &[u8]) -> io::Result<()> {
        match self {
            Sink::Zip(zip) => zip.add(name, data),
            Sink::Folder { root, made } => {
                let path = root.join(name);
                if let Some(parent) = path.parent()
                    && !made.contains(parent)
                {
                    fs::create_dir_all(parent)?;
                    made.insert(parent.to_owned());
                }
                fs::write(path, data)
            }
        }
    }

    /// Ends the archive.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Sink::Zip(zip) => zip.finish(),
            Sink::Folder { .. } => Ok(()),
        }
    }
}
