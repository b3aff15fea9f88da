//! Encoded bytes, from memory or from a file.

use std::{
    borrow::Cow,
    fs::File,
    io::{BufRead, BufReader, Cursor, Read, Seek},
    path::{Path, PathBuf},
};

use crate::error::{Error, InputError, Origin, Result};

/// Where the encoded bytes are.
#[derive(Debug, Clone)]
pub enum Input<'a> {
    /// In memory, borrowed from the caller.
    Bytes(&'a [u8]),
    /// In a file, read as it is needed.
    File(PathBuf),
}

/// A buffered, seekable source of bytes.
pub trait Reader: BufRead + Seek + Send {}
impl<T: BufRead + Seek + Send> Reader for T {}

/// Large enough that a photo takes few system calls, small against a decoder's own buffers.
const FILE_BUFFER: usize = 64 * 1024;

/// The same where most bytes are skipped.
const SPARSE_BUFFER: usize = 4 * 1024;

/// Bytes at the start of a part that the callback of [`Input::skeleton`] decides by.
const PART_HEAD: usize = 8;

/// A part of a file: bytes to be read, counted from where it starts, and bytes to be skipped after them.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub read: usize,
    pub skip: usize,
}

impl Input<'_> {
    pub const fn origin(&self) -> Origin {
        match self {
            Input::Bytes(_) => Origin::Buffer,
            Input::File(_) => Origin::File,
        }
    }

    /// Size in bytes when it is known without asking the system.
    pub const fn known_len(&self) -> Option<usize> {
        match self {
            Input::Bytes(bytes) => Some(bytes.len()),
            Input::File(_) => None,
        }
    }

    /// The first `len` bytes, fewer when there are no more.
    pub fn start(&self, len: usize) -> Result<Cow<'_, [u8]>> {
        match self {
            Input::Bytes(bytes) => Ok(Cow::Borrowed(&bytes[..bytes.len().min(len)])),
            Input::File(path) => {
                let mut start = Vec::with_capacity(len);
                open(path)?.take(len as u64).read_to_end(&mut start).map_err(|source| match source.kind() {
                    std::io::ErrorKind::IsADirectory => InputError::UnsupportedFormat(Origin::File).into(),
                    _ => read_error(path, source),
                })?;
                Ok(Cow::Owned(start))
            }
        }
    }

    /// All bytes, for formats that cannot be read piecemeal.
    pub fn all(&self) -> Result<Cow<'_, [u8]>> {
        match self {
            Input::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
            Input::File(path) => {
                let mut all = Vec::new();
                open(path)?.read_to_end(&mut all).map_err(|source| read_error(path, source))?;
                Ok(Cow::Owned(all))
            }
        }
    }

    /// A copy of the bytes of which only those are read that `wanted` leads to, the others are zero and take no memory: for
    /// looking at the structure of a file that is mostly pixels. `wanted` is called with where the next part begins and the
    /// bytes that are there, as far as they are read, and says how many of them it has to see, then how many it skips after
    /// them; `None` ends.
    pub fn skeleton(&self, mut wanted: impl FnMut(&[u8]) -> Option<Part>) -> Result<Cow<'_, [u8]>> {
        let path = match self {
            Input::Bytes(bytes) => return Ok(Cow::Borrowed(bytes)),
            Input::File(path) => path,
        };
        let file = open(path)?;
        let failed = |source| read_error(path, source);
        let len = usize::try_from(file.metadata().map_err(failed)?.len()).unwrap_or(usize::MAX);
        let mut reader = BufReader::with_capacity(SPARSE_BUFFER, file);
        let mut bytes = crate::image::zeroed::<u8>(len)?;
        let mut at = 0;
        loop {
            let head = PART_HEAD.min(len - at);
            reader.read_exact(&mut bytes[at..at + head]).map_err(failed)?;
            let Some(Part { read, skip }) = wanted(&bytes[at..at + head]) else { return Ok(Cow::Owned(bytes)) };
            let read = read.clamp(head, len - at);
            reader.read_exact(&mut bytes[at + head..at + read]).map_err(failed)?;
            at += read;
            let skip = skip.min(len - at);
            reader.seek_relative(skip as i64).map_err(failed)?;
            at += skip;
        }
    }

    /// The bytes as a stream.
    pub fn reader(&self) -> Result<Box<dyn Reader + '_>> {
        self.buffered(FILE_BUFFER)
    }

    /// The same, for reading here and there.
    pub fn sparse_reader(&self) -> Result<Box<dyn Reader + '_>> {
        self.buffered(SPARSE_BUFFER)
    }

    fn buffered(&self, capacity: usize) -> Result<Box<dyn Reader + '_>> {
        match self {
            Input::Bytes(bytes) => Ok(Box::new(Cursor::new(*bytes))),
            Input::File(path) => Ok(Box::new(BufReader::with_capacity(capacity, open(path)?))),
        }
    }
}

fn open(path: &Path) -> Result<File> {
    use std::io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound, PermissionDenied};
    File::open(path).map_err(|source| match source.kind() {
        NotFound | NotADirectory | InvalidFilename | InvalidInput => missing(path),
        PermissionDenied => InputError::UnsupportedFormat(Origin::File).into(),
        _ => read_error(path, source),
    })
}

/// SVG source in place of a path is a common mistake and has a sentence of its own, which quotes its first 8 characters.
fn missing(path: &Path) -> Error {
    let text = path.to_string_lossy();
    if text.contains("<svg") {
        InputError::MissingLooksLikeSvg(text.chars().take(8).collect()).into()
    } else {
        InputError::Missing(path.into()).into()
    }
}

fn read_error(path: &Path, source: std::io::Error) -> Error {
    InputError::Read { path: path.into(), source }.into()
}
