//! Whether the header is short enough to be read on the calling thread.

use super::SIGNATURE;
use crate::codec::BRIEF_LEN;

/// Length and name before the data of a chunk, and the checksum after it.
const AROUND: usize = 12;

/// Bytes of a compressed ICC profile that inflate in no time, whatever they hold.
const SMALL_PROFILE: usize = 4 << 10;

/// Whether the pixels follow soon, and no compressed text and no animation come before them.
pub(super) fn is_brief(file: &[u8]) -> bool {
    let start = &file[..file.len().min(BRIEF_LEN)];
    let mut at = SIGNATURE.len();
    while let Some((len, name)) = start.get(at..at + 8).and_then(|head| head.split_first_chunk::<4>()) {
        let len = u32::from_be_bytes(*len) as usize;
        match name {
            b"IDAT" => return true,
            b"zTXt" | b"iTXt" | b"acTL" => return false,
            b"iCCP" if len > SMALL_PROFILE => return false,
            _ => at = at.saturating_add(len).saturating_add(AROUND),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{SIGNATURE, is_brief};

    #[test]
    fn only_plain_chunks_up_to_near_pixels_are_brief() {
        let file = |chunks: &[(&[u8; 4], usize)]| {
            let mut bytes = SIGNATURE.to_vec();
            for (name, len) in chunks {
                bytes.extend((*len as u32).to_be_bytes());
                bytes.extend_from_slice(*name);
                bytes.resize(bytes.len() + len + 4, 0);
            }
            bytes
        };
        assert!(is_brief(&file(&[(b"IHDR", 13), (b"iCCP", 3000), (b"tEXt", 90), (b"IDAT", 9)])));
        for chunk in [(b"iCCP", 5000), (b"zTXt", 10), (b"iTXt", 10), (b"acTL", 8), (b"tEXt", 70_000)] {
            assert!(!is_brief(&file(&[(b"IHDR", 13), chunk, (b"IDAT", 9)])), "{chunk:?}");
        }
        assert!(!is_brief(&file(&[(b"IHDR", 13)])) && !is_brief(&[]));
        let mut endless = file(&[(b"IHDR", 13), (b"IDAT", 9)]);
        endless[8..12].fill(0xff);
        assert!(!is_brief(&endless));
    }
}
