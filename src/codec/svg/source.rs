//! The text of a document: recognised, inflated, decoded.

use std::borrow::Cow;

use zlib_rs::{Inflate, InflateFlush, Status};

use crate::{
    codec::Input,
    error::{Error, LimitError, Result},
};

/// The first bytes that must be plain text, and those among which `<svg` must stand.
const PLAIN: usize = 24;
const SEARCHED: usize = 4096;

const GZIP: &[u8] = &[0x1f, 0x8b];
/// zlib's number for its largest window, and for a gzip header before it.
const WINDOW_BITS: u8 = 15;

/// Longest document, in bytes, unless safety limits are lifted.
const MAX_DOCUMENT: usize = 64 << 20;

/// Whether the bytes are text with an `<svg` tag near their beginning.
pub(super) fn sniff(start: &[u8]) -> bool {
    if start.starts_with(GZIP) {
        let mut text = Vec::new();
        // The start of a stream ends too early, which does not matter here.
        let _ = inflate(start, &mut text, SEARCHED);
        return is_svg(&text);
    }
    is_svg(start)
}

fn is_svg(start: &[u8]) -> bool {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let plain = |&byte: &u8| byte.is_ascii() && (byte >= b' ' || byte.is_ascii_whitespace());
    start.first().is_some_and(u8::is_ascii)
        && start.iter().take(PLAIN).all(plain)
        && start[..start.len().min(SEARCHED)].windows(4).any(|tag| tag.eq_ignore_ascii_case(b"<svg"))
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
    decode(bytes).ok_or_else(|| corrupt("document is not UTF-8"))
}

/// UTF-8 with or without a mark, or what the XML declaration says is Latin-1.
fn decode(bytes: Cow<'_, [u8]>) -> Option<Cow<'_, str>> {
    let latin = {
        let start = &bytes[..bytes.len().min(SEARCHED)];
        let declaration = start.split(|&byte| byte == b'>').next().unwrap_or_default().to_ascii_lowercase();
        let names: [&[u8]; 3] = [b"iso-8859-1", b"windows-1252", b"latin1"];
        names.iter().any(|name| declaration.windows(name.len()).any(|at| at == *name))
    };
    match bytes {
        bytes if latin && !bytes.is_ascii() => Some(bytes.iter().map(|&byte| char::from(byte)).collect()),
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    }
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
