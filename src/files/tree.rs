//! A tree of files, such as a pyramid of tiles.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use super::target::{put, resolve, temporary};

/// Files that appear in a folder together, when [`OutputTree::finish`] is called. Files that are there already are replaced
/// where the names are the same, and stay otherwise.
pub struct OutputTree {
    root: PathBuf,
    staging: PathBuf,
    /// Folders above the files that were not there before, the outermost first.
    above: Vec<PathBuf>,
    /// Folders in `staging` that were made.
    made: HashSet<PathBuf>,
    finished: bool,
}

impl OutputTree {
    /// A tree whose files go to `root`.
    pub fn create(root: &Path) -> io::Result<Self> {
        let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        let missing: Vec<_> =
            root.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists()).collect();
        let mut tree = Self {
            root: root.to_owned(),
            staging: PathBuf::new(),
            above: missing.into_iter().rev().map(Path::to_owned).collect(),
            made: HashSet::new(),
            finished: false,
        };
        fs::create_dir_all(root)?;
        tree.staging = temporary(root, |path| fs::create_dir(path))?.1;
        Ok(tree)
    }

    /// Adds a file, and the folders that lead to it.
    pub fn add(&mut self, name: &str, data: &[u8]) -> io::Result<()> {
        let path = self.staging.join(name);
        if let Some(parent) = path.parent()
            && !self.made.contains(parent)
        {
            fs::create_dir_all(parent)?;
            self.made.insert(parent.to_owned());
        }
        fs::write(path, data)
    }

    /// Puts all files in their places.
    pub fn finish(mut self) -> io::Result<()> {
        check(&self.staging, &self.root)?;
        // From here on there is something to keep in the folders.
        self.finished = true;
        merge(&self.staging, &self.root)
    }
}

impl Drop for OutputTree {
    fn drop(&mut self) {
        // Nothing can be done about what cannot be removed.
        if !self.staging.as_os_str().is_empty() {
            let _ = fs::remove_dir_all(&self.staging);
        }
        if !self.finished {
            for folder in self.above.iter().rev() {
                let _ = fs::remove_dir(folder);
            }
        }
    }
}

/// The entries of a folder, folders first: a description comes after what it describes.
fn entries(folder: &Path) -> io::Result<Vec<(bool, PathBuf)>> {
    let mut entries = fs::read_dir(folder)?
        .map(|entry| entry.and_then(|entry| Ok((!entry.file_type()?.is_dir(), entry.path()))))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

fn place(entry: &Path, to: &Path) -> PathBuf {
    entry.file_name().map_or_else(|| to.to_owned(), |name| to.join(name))
}

/// Refuses to put a folder where a file is, or a file where a folder is, before anything was moved.
fn check(from: &Path, to: &Path) -> io::Result<()> {
    for (is_file, entry) in entries(from)? {
        let target = place(&entry, to);
        match fs::metadata(&target) {
            Err(_) => (),
            Ok(metadata) if metadata.is_dir() && is_file => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(metadata) if !metadata.is_dir() && !is_file => return Err(io::ErrorKind::NotADirectory.into()),
            Ok(_) if is_file => (),
            Ok(_) => check(&entry, &target)?,
        }
    }
    Ok(())
}

/// Moves the entries of one folder into another.
fn merge(from: &Path, to: &Path) -> io::Result<()> {
    for (is_file, entry) in entries(from)? {
        let target = resolve(&place(&entry, to));
        match fs::metadata(&target) {
            Ok(_) if !is_file => merge(&entry, &target)?,
            Ok(metadata) => {
                fs::set_permissions(&entry, metadata.permissions())?;
                put(&entry, &target)?;
            }
            Err(_) if is_file => put(&entry, &target)?,
            Err(_) => fs::rename(&entry, &target)?,
        }
    }
    Ok(())
}
