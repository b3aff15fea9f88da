//! Whether the header is short enough to be read on the calling thread.

use super::{APP2, MAX_SEGMENT};
use crate::codec::BRIEF_LEN;

const START_OF_SCAN: u8 = 0xda;

/// Begins the index of further images in the file, a gain map among them.
const INDEX_START: &[u8] = b"MPF\0";

/// Whether the first scan follows soon, with segments only before it, and no other images are in the file.
pub(super) fn is_brief(file: &[u8]) -> bool {
    let start = &file[..file.len().min(BRIEF_LEN)];
    let mut at = 2;
    while let Some(&[0xff, marker, high, low]) = start.get(at..at + 4) {
        let len = usize::from(u16::from_be_bytes([high, low]));
        match marker {
            START_OF_SCAN => return true,
            APP2 if start[at + 4..].starts_with(INDEX_START) => return false,
            0xc0..=0xfe if (2..=MAX_SEGMENT + 2).contains(&len) => at += 2 + len,
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_brief;

    #[test]
    fn only_segments_up_to_a_near_scan_are_brief() {
        let file = |segments: &[(u8, usize, &[u8])]| {
            let mut bytes = vec![0xff, 0xd8];
            for (marker, len, content) in segments {
                bytes.extend([0xff, *marker]);
                bytes.extend((*len as u16 + 2).to_be_bytes());
                bytes.extend_from_slice(content);
                bytes.resize(bytes.len() + len - content.len(), 0);
            }
            bytes
        };
        let scan: (u8, usize, &[u8]) = (0xda, 10, &[]);
        assert!(is_brief(&file(&[(0xe1, 60_000, b"Exif"), (0xc0, 15, &[]), scan])));
        assert!(!is_brief(&file(&[(0xe1, 40_000, &[]), (0xe1, 40_000, &[]), scan])));
        assert!(!is_brief(&file(&[(0xe2, 90, b"MPF\0"), scan])));
        assert!(!is_brief(&file(&[(0xe0, 14, &[])])));
        let mut garbage = file(&[(0xe0, 14, &[]), scan]);
        garbage[20] = 0;
        assert!(!is_brief(&garbage) && !is_brief(&[0xff, 0xd8]) && !is_brief(&[]));
    }
}
