//! How much memory a decoder that holds its whole image may take, by the bytes of the file: run lengths, palettes and codes of one
//! symbol make much of little.

use super::MAX_ALLOC;
use crate::error::{LimitError, Result};

/// Bytes that an image may take whatever the size of its file.
const FREE: u64 = 256 << 20;

/// Bytes for each byte of a file that has more.
const PER_BYTE: u64 = 64;

/// The same for a codec that stores photographs in less than a bit for each pixel, and whose own count of memory has a reserve.
const FREE_OF_PHOTOGRAPH: u64 = 512 << 20;
const PER_BYTE_OF_PHOTOGRAPH: u64 = 1024;

/// Refuses an image that takes `held` bytes of memory, more than its file of `len` bytes accounts for.
pub(super) fn check(held: u64, len: u64, unlimited: bool) -> Result<()> {
    if held <= FREE.max(len.saturating_mul(PER_BYTE)) || unlimited {
        return Ok(());
    }
    Err(LimitError::Memory { bytes: held }.into())
}

/// Most bytes that the decoder of a photograph in a file of `len` bytes may take.
pub(super) fn photograph_limit(len: u64) -> u64 {
    len.saturating_mul(PER_BYTE_OF_PHOTOGRAPH).clamp(FREE_OF_PHOTOGRAPH, MAX_ALLOC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_held_grows_with_the_file() {
        assert!(check(FREE, 0, false).is_ok() && check(FREE + 1, 1, true).is_ok());
        assert!(
            check(FREE + 1, FREE / PER_BYTE, false).is_err() && check(FREE + 1, FREE / PER_BYTE + 1, false).is_ok()
        );
        assert_eq!([0, 1 << 20, u64::MAX].map(photograph_limit), [FREE_OF_PHOTOGRAPH, 1 << 30, MAX_ALLOC]);
    }
}
