//! Putting an image and its gain map into one file.

use std::io::Write;

use super::index::{self, Entry};
use crate::{
    codec::jpeg::APP2,
    error::{Error, OutputError, Result},
    meta::gain_map::{GainMapInfo, ISO_NAMESPACE, ISO_VERSION},
};

const SOI_LEN: usize = 2;

/// Writes `picture` and `map`, two whole files of our own, as one.
pub(in super::super) fn attach(picture: &[u8], map: &[u8], info: &GainMapInfo, out: &mut dyn Write) -> Result<()> {
    let map_iso = segment(&[ISO_NAMESPACE, &info.to_iso()].concat());
    let picture_iso = segment(&[ISO_NAMESPACE, &ISO_VERSION].concat());
    // Our own files begin with what describes them, up to the first segment that is needed for decoding.
    let metadata_len = metadata_len(picture);
    let before_index = metadata_len + picture_iso.len() + HEADER_LEN + index::START.len();
    let len = |parts: &[usize]| {
        u32::try_from(parts.iter().sum::<usize>()).map_err(|_| Error::encoder("Gain map is too large"))
    };
    let first_len = len(&[picture.len(), picture_iso.len(), HEADER_LEN, index::INDEX_LEN])?;
    let other = Entry { offset: first_len - len(&[before_index])?, len: len(&[map.len(), map_iso.len()])? };
    let parts = [
        &picture[..metadata_len],
        &picture_iso,
        &segment(&index::write(first_len, other)),
        &picture[metadata_len..],
        &map[..SOI_LEN],
        &map_iso,
        &map[SOI_LEN..],
    ];
    parts
        .iter()
        .try_for_each(|part| out.write_all(part))
        .map_err(|source| OutputError::Write(source.to_string()).into())
}

/// Bytes of a segment's marker and length.
const HEADER_LEN: usize = 4;

fn segment(content: &[u8]) -> Vec<u8> {
    let len = (content.len() + 2) as u16;
    [&[0xff, APP2], &len.to_be_bytes()[..], content].concat()
}

/// Where the APP segments end that a file begins with.
fn metadata_len(jpeg: &[u8]) -> usize {
    let mut at = SOI_LEN;
    while let Some(&[0xff, 0xe0..=0xef, high, low]) = jpeg.get(at..at + HEADER_LEN) {
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    at.min(jpeg.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::gain_map::testing::two_stops;

    #[test]
    fn the_index_leads_to_the_map() {
        let picture = b"\xff\xd8\xff\xe0\0\x04ab\xff\xe1\0\x03c\xff\xdb\0\x02\xff\xd9";
        let map = b"\xff\xd8\xff\xdb\0\x02\xff\xd9";
        let mut file = Vec::new();
        attach(picture, map, &two_stops(), &mut file).unwrap();
        assert!(file.starts_with(b"\xff\xd8\xff\xe0\0\x04ab\xff\xe1\0\x03c\xff\xe2"));
        let at = file.windows(4).position(|window| window == index::START).unwrap() + index::START.len();
        let [first, other] = index::entries(&file[at..])[..] else { panic!("two pictures") };
        let start = at + other.offset as usize;
        assert_eq!(first.len as usize, start);
        assert_eq!(start + other.len as usize, file.len());
        assert!(file[start..].starts_with(b"\xff\xd8\xff\xe2"));
        assert!(file[..start].ends_with(b"\xff\xdb\0\x02\xff\xd9"));
    }
}
