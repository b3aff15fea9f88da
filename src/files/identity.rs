//! Whether two paths lead to one file.

use std::{fs, path::Path};

/// Whether both paths lead to the same regular file: by device and inode, so that relative paths, symbolic links and hard
/// links are seen through. Elsewhere than on Unix, hard links are not.
pub fn is_same_file(a: &Path, b: &Path) -> bool {
    let (Ok(first), Ok(second)) = (fs::metadata(a), fs::metadata(b)) else { return false };
    first.is_file() && second.is_file() && same(a, &first, b, &second)
}

#[cfg(unix)]
fn same(_: &Path, a: &fs::Metadata, _: &Path, b: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn same(a: &Path, _: &fs::Metadata, b: &Path, _: &fs::Metadata) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}
