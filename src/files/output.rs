//! One file of output.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use super::target::{create_new, folder, has_other_names, is_descriptor, put, resolve, take_over, temporary};

/// A file that appears at its path when [`OutputFile::finish`] is called. Until then, and if it is dropped, what was there
/// stays; a pipe or a device has no content to keep and gets the bytes as they come.
pub struct OutputFile {
    way: Way,
    /// Bytes that were written.
    size: u64,
}

enum Way {
    /// Into a temporary file beside the target, which takes its place in the end.
    Beside(Beside),
    /// Into memory, and from there into the target: where nothing can be created beside it, where other names lead to it, or
    /// where a new file could not have its owner.
    InPlace { bytes: Vec<u8>, target: PathBuf },
    /// Into a pipe or a device.
    Direct(BufWriter<File>),
}

struct Beside {
    /// Absent when it was put in its place.
    out: Option<BufWriter<File>>,
    path: PathBuf,
    target: PathBuf,
}

impl Drop for Beside {
    fn drop(&mut self) {
        if let Some(out) = self.out.take() {
            // What is buffered needs not be written.
            drop(out.into_parts().0);
            // Nothing can be done about a file that cannot be removed.
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl OutputFile {
    /// Opens the file that a path leads to, or will lead to; nothing of it changes yet.
    pub fn create(path: &Path) -> io::Result<Self> {
        Ok(Self { way: Way::to(path)?, size: 0 })
    }

    /// Puts the file in its place and gives its size in bytes.
    pub fn finish(self) -> io::Result<u64> {
        match self.way {
            Way::Beside(mut beside) => beside.finish()?,
            Way::InPlace { bytes, target } => fs::write(target, bytes)?,
            Way::Direct(mut out) => out.flush()?,
        }
        Ok(self.size)
    }
}

impl Way {
    fn to(path: &Path) -> io::Result<Self> {
        // Only a folder can have such a name.
        if path.as_os_str().as_encoded_bytes().last().is_some_and(|&last| std::path::is_separator(char::from(last))) {
            return OpenOptions::new().write(true).open(path).map(|file| Self::Direct(BufWriter::new(file)));
        }
        let target = resolve(path);
        let existing = match OpenOptions::new().write(true).open(&target) {
            // A file that may not be written to is not replaced either.
            Ok(file) => Some((file.metadata()?, file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let Some((metadata, file)) = existing else {
            return Ok(Self::Beside(Beside::create(target, false)?));
        };
        if !metadata.is_file() {
            return Ok(Self::Direct(BufWriter::new(file)));
        }
        drop(file);
        if !is_descriptor(&target)
            && !has_other_names(&metadata)
            && let Ok(beside) = Beside::create(target.clone(), true)
            && beside.out.as_ref().is_some_and(|out| take_over(out.get_ref(), &metadata))
        {
            return Ok(Self::Beside(beside));
        }
        Ok(Self::InPlace { bytes: Vec::new(), target })
    }
}

impl Beside {
    fn create(target: PathBuf, private: bool) -> io::Result<Self> {
        let (file, path) = temporary(folder(&target), |path| create_new(path, private))?;
        Ok(Self { out: Some(BufWriter::new(file)), path, target })
    }

    fn finish(&mut self) -> io::Result<()> {
        if let Some(out) = &mut self.out {
            out.flush()?;
        }
        // Closed first: Windows does not move a file that is open.
        self.out = None;
        put(&self.path, &self.target).inspect_err(|_| {
            let _ = fs::remove_file(&self.path);
        })
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match &mut self.way {
            Way::Beside(Beside { out: Some(out), .. }) | Way::Direct(out) => out.write(bytes)?,
            Way::Beside(_) => return Err(io::ErrorKind::BrokenPipe.into()),
            Way::InPlace { bytes: all, .. } => {
                all.try_reserve(bytes.len()).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
                all.extend_from_slice(bytes);
                bytes.len()
            }
        };
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.way {
            Way::Beside(Beside { out: Some(out), .. }) | Way::Direct(out) => out.flush(),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{OutputTree, is_same_file};

    /// A folder of a test's own, which is gone afterwards.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("lancet-files-{}-{name}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn names(&self) -> Vec<String> {
            let mut names: Vec<_> =
                fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    fn write(path: &Path, bytes: &[u8]) -> io::Result<u64> {
        let mut out = OutputFile::create(path)?;
        out.write_all(bytes)?;
        out.finish()
    }

    #[test]
    fn a_file_appears_when_it_is_complete() {
        let folder = Folder::new("complete");
        let path = folder.0.join("a");
        let mut out = OutputFile::create(&path).unwrap();
        out.write_all(b"new").unwrap();
        assert!(!path.exists());
        assert_eq!(out.finish().unwrap(), 3);
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(folder.names(), ["a"]);
    }

    #[test]
    fn what_is_dropped_leaves_nothing_and_keeps_what_was_there() {
        let folder = Folder::new("dropped");
        let path = folder.0.join("a");
        for before in [None, Some(b"old")] {
            before.map_or(Ok(()), |bytes| fs::write(&path, bytes)).unwrap();
            let names = folder.names();
            let mut out = OutputFile::create(&path).unwrap();
            out.write_all(&[7; 100_000]).unwrap();
            drop(out);
            assert_eq!(folder.names(), names);
        }
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }

    #[test]
    fn a_folder_that_is_missing_or_a_folder_for_a_file_is_refused() {
        let folder = Folder::new("refused");
        let missing = OutputFile::create(&folder.0.join("no/a")).err().map(|error| error.kind());
        assert_eq!(missing, Some(io::ErrorKind::NotFound));
        assert!(OutputFile::create(&folder.0).is_err());
        assert!(OutputFile::create(&folder.0.join("a/")).is_err());
        assert!(folder.names().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn mode_links_and_other_names_stay() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
        let folder = Folder::new("links");
        let path = |name: &str| folder.0.join(name);
        fs::write(path("a"), "old").unwrap();
        fs::set_permissions(path("a"), fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a", path("link")).unwrap();
        symlink("new", path("dangling")).unwrap();
        fs::hard_link(path("a"), path("second")).unwrap();
        assert!(is_same_file(&path("link"), &path("second")));
        assert!(!is_same_file(&path("a"), &path("dangling")));

        // Two names: written in place, so that both see it.
        write(&path("link"), b"first").unwrap();
        assert_eq!(fs::read(path("second")).unwrap(), b"first");
        fs::remove_file(path("second")).unwrap();
        // One name: another file with the same mode.
        let before = fs::metadata(path("a")).unwrap().ino();
        write(&path("link"), b"then").unwrap();
        let after = fs::metadata(path("a")).unwrap();
        assert_ne!(after.ino(), before);
        assert_eq!(after.mode() & 0o777, 0o640);
        assert!(path("link").is_symlink());
        assert_eq!(fs::read(path("a")).unwrap(), b"then");

        write(&path("dangling"), b"new").unwrap();
        assert_eq!(fs::read(path("new")).unwrap(), b"new");
        assert!(path("dangling").is_symlink());
        assert_eq!(folder.names(), ["a", "dangling", "link", "new"]);
    }

    #[test]
    fn a_tree_appears_when_it_is_complete_and_replaces_files_of_the_same_names() {
        let folder = Folder::new("tree");
        let root = folder.0.join("deep/er");
        let mut tree = OutputTree::create(&root).unwrap();
        tree.add("tiles/0", b"tile").unwrap();
        drop(tree);
        assert!(folder.names().is_empty(), "the folders above are gone as well");

        fs::create_dir_all(root.join("tiles")).unwrap();
        fs::write(root.join("tiles/0"), "old").unwrap();
        fs::write(root.join("tiles/other"), "kept").unwrap();
        let mut tree = OutputTree::create(&root).unwrap();
        tree.add("tiles/0", b"tile").unwrap();
        tree.add("tiles/1/2", b"more").unwrap();
        tree.add("a.dzi", b"description").unwrap();
        assert_eq!(fs::read(root.join("tiles/0")).unwrap(), b"old");
        tree.finish().unwrap();
        let read = |name: &str| fs::read_to_string(root.join(name)).unwrap();
        assert_eq!(["tiles/0", "tiles/1/2", "tiles/other", "a.dzi"].map(read), ["tile", "more", "kept", "description"]);

        // A file stands where a folder is needed: nothing is moved.
        fs::write(root.join("b_files"), "in the way").unwrap();
        let mut tree = OutputTree::create(&root).unwrap();
        tree.add("a.dzi", b"new").unwrap();
        tree.add("b_files/0", b"tile").unwrap();
        assert!(tree.finish().is_err());
        assert_eq!(read("a.dzi"), "description");
        assert_eq!(fs::read_dir(&root).unwrap().count(), 3);
    }
}
