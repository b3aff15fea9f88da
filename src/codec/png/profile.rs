//! Which ICC profiles of a file are taken.

/// Bytes of an ICC profile before its tags: the header and their number.
pub(super) const HEADER: usize = 132;

/// Whether a profile for colours of `space` is one that readers of PNG take: those that are damaged or mean something else than
/// a device are dropped, as libpng does it. Source: ICC.1:2022, 7.2 and 7.3.
pub(super) fn is_sound(profile: &[u8], space: &[u8]) -> bool {
    const TAG: usize = 12;
    const INTENTS: u32 = 0xffff;
    let word = |bytes: &[u8]| bytes.first_chunk().map_or(u32::MAX, |bytes| u32::from_be_bytes(*bytes));
    let (header, tags) = profile.split_at(HEADER);
    let count = word(&header[128..]) as usize;
    let is_inside = |tag: &[u8]| {
        let (offset, size) = (word(&tag[4..]) as usize, word(&tag[8..]) as usize);
        offset.checked_add(size).is_some_and(|end| end <= profile.len())
    };
    let whole_words = header[8] <= 3 || profile.len().is_multiple_of(4);
    whole_words
        && &header[16..20] == space
        && &header[36..40] == b"acsp"
        && !matches!(&header[12..16], b"abst" | b"link")
        && matches!(&header[20..24], b"XYZ " | b"Lab ")
        && word(&header[64..]) < INTENTS
        && count <= tags.len() / TAG
        && tags.chunks_exact(TAG).take(count).all(is_inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A profile with one tag at its end.
    fn profile() -> Vec<u8> {
        let mut bytes = vec![0; HEADER + 12 + 8];
        let end = bytes.len() as u32;
        let mut put = |at: usize, part: &[u8]| bytes[at..at + part.len()].copy_from_slice(part);
        put(8, &[4]);
        put(12, b"mntrRGB XYZ ");
        put(36, b"acsp");
        put(128, &1u32.to_be_bytes());
        put(HEADER, b"desc");
        put(HEADER + 4, &(end - 8).to_be_bytes());
        put(HEADER + 8, &8u32.to_be_bytes());
        bytes
    }

    #[test]
    fn damaged_profiles_and_those_of_no_device_are_dropped() {
        let changed = |at: usize, part: &[u8]| {
            let mut bytes = profile();
            bytes[at..at + part.len()].copy_from_slice(part);
            is_sound(&bytes, b"RGB ")
        };
        assert!(is_sound(&profile(), b"RGB ") && !is_sound(&profile(), b"GRAY"));
        for (at, part) in [(12, &b"scnr"[..]), (20, b"Lab "), (64, &[0, 0, 0xff, 0xfe]), (128, &[0; 4]), (8, &[9])] {
            assert!(changed(at, part), "{at}");
        }
        let (offset, size) = (HEADER + 4, HEADER + 8);
        let wrong = [(12, &b"link"[..]), (12, b"abst"), (20, b"RGB "), (36, b"ACSP"), (64, &[0, 0, 0xff, 0xff])];
        for (at, part) in
            wrong.into_iter().chain([(128, &[0, 0, 0, 2][..]), (offset, &[0, 0, 1]), (size, &[0, 0, 0, 9])])
        {
            assert!(!changed(at, part), "{at} {part:?}");
        }
        let longer = [profile(), vec![0]].concat();
        assert!(!is_sound(&longer, b"RGB "));
        assert!(is_sound(&[&longer[..8], &[2], &longer[9..]].concat(), b"RGB "), "lengths of old versions");
    }
}
