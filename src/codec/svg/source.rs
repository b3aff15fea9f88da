//! The text of a document: recognised, inflated, decoded to UTF-8.

mod encoding;
mod prolog;

use std::borrow::Cow;

use zlib_rs::{Inflate, InflateFlush, Status};

use crate::{
    codec::Input,
    error::{Error, LimitError, Result},
};

/// Most bytes of a gzip stream that are searched for the outermost element.
const INFLATED: usize = 1 << 20;

const GZIP: &[u8] = &[0x1f, 0x8b];
/// zlib's number for its largest window, and for a gzip header before it.
const WINDOW_BITS: u8 = 15;

/// Longest document, in bytes, unless safety limits are lifted.
const MAX_DOCUMENT: usize = 64 << 20;

/// Whether the bytes are XML whose outermost element is `svg`, of any prefix, as far as they go.
pub(super) fn sniff(start: &[u8]) -> bool {
    if start.starts_with(GZIP) {
        let mut text = Vec::new();
        // The start of a stream ends too early, which does not matter here.
        let _ = inflate(start, &mut text, INFLATED);
        return prolog::is_svg(&encoding::start(&text));
    }
    prolog::is_svg(&encoding::start(start))
}

/// The whole document as UTF-8.
pub(super) fn text<'a>(input: &'a Input<'_>, unlimited: bool) -> Result<Cow<'a, str>> {
    let bytes = input.all()?;
    let limit = if unlimited { usize::MAX } else { MAX_DOCUMENT };
    let corrupt = |detail: &str| Error::corrupt_header(input.origin(), format!("svgload: {detail}"));
    let bytes = if bytes.starts_with(GZIP) {
        let mut text = Vec::new();
        if !inflate(&bytes, &mut text, limit)? {
            return Err(corrupt("damaged or too long gzip stream"));
        }
        Cow::Owned(text)
    } else {
        bytes
    };
    if bytes.len() > limit {
        return Err(corrupt("document is too long"));
    }
    encoding::decode(bytes).map_err(corrupt)
}

/// Appends what a gzip stream holds, at most `limit` bytes; whether all of it was read.
fn inflate(bytes: &[u8], to: &mut Vec<u8>, limit: usize) -> Result<bool> {
    const STEP: usize = 64 * 1024;
    let mut stream = Inflate::new(true, WINDOW_BITS + 16);
    let mut at = 0;
    loop {
        let len = to.len();
        let room = STEP.min(limit - len);
        to.try_reserve(room).map_err(|_| LimitError::Memory { bytes: (len + room) as u64 })?;
        to.resize(len + room, 0);
        let (read, written) = (stream.total_in(), stream.total_out());
        let status = stream.decompress(&bytes[at..], &mut to[len..], InflateFlush::NoFlush);
        let (read, written) = ((stream.total_in() - read) as usize, (stream.total_out() - written) as usize);
        at += read;
        to.truncate(len + written);
        match status {
            Ok(Status::StreamEnd) => return Ok(true),
            Ok(_) if (read, written) != (0, 0) && to.len() < limit => {}
            _ => return Ok(false),
        }
    }
}
