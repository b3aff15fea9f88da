//! Where output goes: the file that a path leads to, a temporary name beside it, and how one becomes the other.

use std::{
    collections::hash_map::RandomState,
    fs::{self, File, OpenOptions},
    hash::BuildHasher,
    io,
    path::{Path, PathBuf},
};

/// As many symbolic links as Linux follows.
const MOST_LINKS: usize = 40;

/// How often another temporary name is tried.
const ATTEMPTS: usize = 16;

/// Whether a path names an open file of the process, such as what `/dev/stdout` leads to.
pub(super) fn is_descriptor(path: &Path) -> bool {
    path.starts_with("/proc") || path.starts_with("/dev/fd")
}

/// The path at the end of symbolic links, whether there is a file or not.
pub(super) fn resolve(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&path) {
            Ok(link) if !is_descriptor(&path) => path = folder(&path).join(link),
            _ => break,
        }
    }
    path
}

/// The folder that a path is in.
pub(super) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Makes something in a folder under a name that nobody can foresee and that was not there.
pub(super) fn temporary<T>(folder: &Path, make: impl Fn(&Path) -> io::Result<T>) -> io::Result<(T, PathBuf)> {
    let mut attempt = 0;
    loop {
        // The keys of the hash are random, and others each time.
        let path = folder.join(format!(".lancet-{:016x}.tmp", RandomState::new().hash_one(attempt)));
        match make(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < ATTEMPTS => attempt += 1,
            made => return made.map(|made| (made, path)),
        }
    }
}

/// Creates a file that was not there. `private` files can be read by nobody else until they get their mode.
pub(super) fn create_new(path: &Path, private: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = private;
    options.open(path)
}

/// Gives a file the owner and the mode of the one whose place it takes. False where the system does not allow that.
#[cfg(unix)]
pub(super) fn take_over(file: &File, target: &fs::Metadata) -> bool {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let Ok(own) = file.metadata() else { return false };
    let (owner, group) = (target.uid(), target.gid());
    if (own.uid(), own.gid()) != (owner, group) && fchown(file, Some(owner), Some(group)).is_err() {
        return false;
    }
    file.set_permissions(fs::Permissions::from_mode(target.mode() & 0o777)).is_ok()
}

#[cfg(not(unix))]
pub(super) fn take_over(_: &File, _: &fs::Metadata) -> bool {
    true
}

/// Whether other names lead to the file, which would keep the old content if this one were replaced.
pub(super) fn has_other_names(target: &fs::Metadata) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::nlink(target) > 1;
    #[cfg(not(unix))]
    {
        let _ = target;
        false
    }
}

/// Moves a complete file to where it belongs. Where the name cannot be replaced (across file systems, a file that is a mount
/// point), the bytes are copied into the target.
pub(super) fn put(temporary: &Path, target: &Path) -> io::Result<()> {
    let Err(error) = fs::rename(temporary, target) else { return Ok(()) };
    if target.is_dir() {
        return Err(error);
    }
    let mut from = File::open(temporary)?;
    let mut to = File::create(target).map_err(|_| error)?;
    io::copy(&mut from, &mut to)?;
    fs::remove_file(temporary)
}
