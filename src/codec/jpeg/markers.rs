//! Metadata segments: from what a file holds to blocks, and back.

use super::{APP1, APP2, APP13, EXIF_START, ICC_START, IPTC_START, MAX_SEGMENT, XMP_NAMESPACE, XMP_START};
use crate::meta::Metadata;

/// Sequence number and count follow [`ICC_START`].
const ICC_HEADER: usize = ICC_START.len() + 2;

/// Puts the blocks found in `segments` (marker code and content, in file order) into `metadata`.
///
/// The first EXIF, XMP and IPTC segment counts. An ICC profile is put together in the order of its sequence numbers, the
/// last of those with the same number, up to the first that is missing; the count of parts that files state is often
/// wrong and not looked at.
pub(super) fn collect(segments: &[(u8, &[u8])], metadata: &mut Metadata) {
    let mut icc: [Option<&[u8]>; 256] = [None; 256];
    for &(marker, data) in segments {
        match marker {
            APP1 if data.starts_with(EXIF_START) => {
                metadata.exif.get_or_insert_with(|| data.to_vec());
            }
            APP1 if data.starts_with(XMP_START) && metadata.xmp.is_none() => metadata.xmp = xmp(data),
            APP2 if data.len() > ICC_HEADER && data.starts_with(ICC_START) => {
                icc[usize::from(data[ICC_START.len()])] = Some(&data[ICC_HEADER..]);
            }
            APP13 if data.starts_with(IPTC_START) => {
                metadata.iptc.get_or_insert_with(|| data.to_vec());
            }
            _ => {}
        }
    }
    let profile: Vec<u8> = icc[1..].iter().map_while(|part| *part).flatten().copied().collect();
    metadata.icc = Some(profile).filter(|profile| !profile.is_empty());
}

/// The packet after the namespace, which ends with a NUL.
fn xmp(data: &[u8]) -> Option<Vec<u8>> {
    let end = data.iter().position(|&byte| byte == 0)?;
    Some(data[end + 1..].to_vec()).filter(|packet| !packet.is_empty())
}

/// The segments that hold the blocks of `metadata`, in the order in which they are written. A block that is too large for
/// the format is left out.
pub(super) fn segments(metadata: &Metadata) -> Vec<(u8, Vec<u8>)> {
    let mut segments = Vec::new();
    segments.extend(metadata.exif.iter().map(|exif| (APP1, exif.clone())));
    segments.extend(metadata.xmp.iter().map(|xmp| (APP1, [XMP_NAMESPACE, xmp].concat())));
    segments.extend(metadata.iptc.iter().map(|iptc| (APP13, iptc.clone())));
    segments.retain(|(_, data)| data.len() <= MAX_SEGMENT);
    if let Some(icc) = &metadata.icc {
        let parts = icc.chunks(MAX_SEGMENT - ICC_HEADER);
        if let Ok(count) = u8::try_from(parts.len()) {
            let numbered = (1..=count).zip(parts);
            segments.extend(numbered.map(|(number, part)| (APP2, [ICC_START, &[number, count], part].concat())));
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn icc(number: u8, count: u8, data: &[u8]) -> Vec<u8> {
        [ICC_START, &[number, count], data].concat()
    }

    fn profile(parts: &[Vec<u8>]) -> Option<Vec<u8>> {
        let segments: Vec<(u8, &[u8])> = parts.iter().map(|part| (APP2, part.as_slice())).collect();
        let mut metadata = Metadata::default();
        collect(&segments, &mut metadata);
        metadata.icc
    }

    #[test]
    fn damaged_profiles_are_read_as_far_as_they_go() {
        assert_eq!(profile(&[icc(2, 2, b"b"), icc(1, 2, b"a")]).unwrap(), b"ab", "out of order");
        assert_eq!(profile(&[icc(1, 3, b"a"), icc(3, 3, b"c")]).unwrap(), b"a", "part 2 missing");
        assert_eq!(profile(&[icc(2, 3, b"b")]), None, "part 1 missing");
        assert_eq!(profile(&[icc(1, 2, b"a"), icc(1, 2, b"A"), icc(2, 2, b"b")]).unwrap(), b"Ab", "part 1 twice");
        assert_eq!(profile(&[icc(0, 1, b"a")]), None, "parts count from 1");
        assert_eq!(profile(&[icc(1, 1, b"")]), None);
    }

    #[test]
    fn first_block_counts() {
        let mut metadata = Metadata::default();
        let segments: [(u8, &[u8]); 6] = [
            (APP1, b"Exif\0\0first"),
            (APP1, b"http://ns.adobe.com/xap/1.0/\0<a/>"),
            (APP1, b"Exif\0\0second"),
            (APP1, b"http://ns.adobe.com/xap/1.0/\0<b/>"),
            (APP13, b"Photoshop 3.0\08BIM"),
            (APP13, b"other"),
        ];
        collect(&segments, &mut metadata);
        assert_eq!(metadata.exif.as_deref(), Some(&b"Exif\0\0first"[..]));
        assert_eq!(metadata.xmp.as_deref(), Some(&b"<a/>"[..]));
        assert_eq!(metadata.iptc.as_deref(), Some(&b"Photoshop 3.0\08BIM"[..]));
    }

    #[test]
    fn blocks_survive_a_round_trip_and_large_ones_are_cut_or_left_out() {
        let metadata = Metadata {
            exif: Some(b"Exif\0\0MM".to_vec()),
            icc: Some((0..200_000u32).map(|i| i as u8).collect()),
            xmp: Some(vec![b'x'; MAX_SEGMENT]),
            iptc: Some(b"Photoshop 3.0\0".to_vec()),
            ..Metadata::default()
        };
        let segments = segments(&metadata);
        assert!(segments.iter().all(|(_, data)| data.len() <= MAX_SEGMENT));
        let borrowed: Vec<(u8, &[u8])> = segments.iter().map(|(marker, data)| (*marker, data.as_slice())).collect();
        let mut read = Metadata::default();
        collect(&borrowed, &mut read);
        assert_eq!(read, Metadata { xmp: None, ..metadata });
    }
}
