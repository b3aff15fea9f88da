//! Image resources of Photoshop, which also carry IPTC in a JPEG. Source: Adobe Photoshop File Formats Specification, "Image
//! Resources Section".

use std::borrow::Cow;

const SIGNATURE: &[u8] = b"8BIM";
/// What JPEG puts before the resources.
const JPEG_PREFIX: &[u8] = b"Photoshop 3.0\0";
/// Thumbnails of Photoshop 4 and of later versions.
const THUMBNAILS: [u16; 2] = [1033, 1036];

/// The resources without thumbnails; the same bytes when there is none, or from where they are damaged.
pub fn without_thumbnails(resources: &[u8]) -> Cow<'_, [u8]> {
    let mut at = if resources.starts_with(JPEG_PREFIX) { JPEG_PREFIX.len() } else { 0 };
    let mut kept = Vec::new();
    let mut done = 0;
    while let Some((id, end)) = resource(resources, at) {
        if THUMBNAILS.contains(&id) {
            kept.extend_from_slice(&resources[done..at]);
            done = end;
        }
        at = end;
    }
    if done == 0 {
        return Cow::Borrowed(resources);
    }
    kept.extend_from_slice(&resources[done..]);
    Cow::Owned(kept)
}

/// Number and end of the resource at `at`: signature, number, a name and the data with their lengths, both of even size.
fn resource(bytes: &[u8], at: usize) -> Option<(u16, usize)> {
    let rest = bytes.get(at..)?.strip_prefix(SIGNATURE)?;
    let id = u16::from_be_bytes(*rest.first_chunk()?);
    let name = (1 + usize::from(*rest.get(2)?)).next_multiple_of(2);
    let len = u32::from_be_bytes(*rest.get(2 + name..)?.first_chunk()?);
    let end = usize::try_from(len).ok()?.checked_next_multiple_of(2)?.checked_add(SIGNATURE.len() + 2 + name + 4)?;
    let end = at.checked_add(end)?;
    // The last one may lack its padding.
    (end <= bytes.len() + 1).then_some((id, end.min(bytes.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(id: u16, name: &[u8], data: &[u8]) -> Vec<u8> {
        let mut bytes = [SIGNATURE, &id.to_be_bytes(), &[name.len() as u8], name].concat();
        if name.len().is_multiple_of(2) {
            bytes.push(0);
        }
        bytes.extend((data.len() as u32).to_be_bytes());
        bytes.extend(data);
        if !data.len().is_multiple_of(2) {
            bytes.push(0);
        }
        bytes
    }

    #[test]
    fn thumbnails_go_and_the_rest_stays() {
        let (iptc, other) = (made(1028, b"", b"words"), made(1005, b"abc", &[7; 16]));
        let thumbnail = made(1036, b"", b"jpeg");
        for prefix in [&b""[..], JPEG_PREFIX] {
            let all = [prefix, &iptc, &thumbnail, &other, &made(1033, b"x", b"old")].concat();
            assert_eq!(*without_thumbnails(&all), *[prefix, &iptc, &other].concat());
            let none = [prefix, &iptc, &other].concat();
            assert!(matches!(without_thumbnails(&none), Cow::Borrowed(_)));
        }
    }

    #[test]
    fn damaged_resources_stay() {
        let all = [made(1036, b"", b"jpeg"), made(1028, b"", b"words")].concat();
        for len in 0..all.len() {
            without_thumbnails(&all[..len]);
        }
        let mut long = made(1036, b"", b"jpeg");
        long[8..12].fill(0xff);
        assert_eq!(*without_thumbnails(&long), *long);
    }
}
