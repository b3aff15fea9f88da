//! The index of several images in one file. Source: CIPA DC-007-2009, "Multi-Picture Format", 5.

use crate::meta::exif::ByteOrder;

/// APP2 begins an index with this; offsets in it are counted from what follows.
pub(super) const START: &[u8] = b"MPF\0";

/// Tag of the list of images, and bytes that one takes in it.
const ENTRIES: u16 = 0xb002;
const ENTRY_LEN: usize = 16;
/// Images of one index that are looked at.
const MAX_ENTRIES: usize = 16;

/// The first image is the one to show, a JPEG.
const PRIMARY: u32 = 0x0003_0000;

/// An image in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// Counted from the index; 0 is the first image.
    pub(super) offset: u32,
    pub(super) len: u32,
}

/// The images in an index, without what it begins with; none when it is damaged.
pub(super) fn entries(index: &[u8]) -> Vec<Entry> {
    read(index).unwrap_or_default()
}

fn read(index: &[u8]) -> Option<Vec<Entry>> {
    let order = ByteOrder::of(index)?;
    let long = |at: usize| order.u32(index, at);
    let directory = long(4)? as usize;
    let count = usize::from(order.u16(index, directory)?);
    let field = (0..count).map(|at| directory + 2 + 12 * at).find(|&at| order.u16(index, at) == Some(ENTRIES))?;
    let (len, start) = (long(field + 4)? as usize, long(field + 8)? as usize);
    let list = index.get(start..start.checked_add(len.min(MAX_ENTRIES * ENTRY_LEN))?)?;
    let entry = |at: usize| Some(Entry { len: long(start + at + 4)?, offset: long(start + at + 8)? });
    (0..list.len() / ENTRY_LEN).map(|at| entry(at * ENTRY_LEN)).collect()
}

/// The content of a segment that lists a first image and another: their sizes, and where the other is. Always
/// [`INDEX_LEN`] bytes.
pub(super) fn write(first_len: u32, other: Entry) -> Vec<u8> {
    let mut index = [START, ByteOrder::Big.signature()].concat();
    let mut put = |words: &[u32]| index.extend(words.iter().flat_map(|word| word.to_be_bytes()));
    // Where the directory is, and its three fields: version, number of images, list of images.
    put(&[8]);
    let field = |tag: u16, kind: u16, count: u32| [u32::from(tag) << 16 | u32::from(kind), count];
    let mut directory = 3u16.to_be_bytes().to_vec();
    for (field, value) in [
        (field(0xb000, 7, 4), u32::from_be_bytes(*b"0100")),
        (field(0xb001, 4, 1), 2),
        (field(ENTRIES, 7, 2 * ENTRY_LEN as u32), 8 + 2 + 3 * 12 + 4),
    ] {
        directory.extend([field[0], field[1], value].map(u32::to_be_bytes).concat());
    }
    // No directory follows.
    directory.extend([0; 4]);
    index.extend(directory);
    let list = [PRIMARY, first_len, 0, 0, 0, other.len, other.offset, 0];
    index.extend(list.map(u32::to_be_bytes).concat());
    index
}

/// Bytes of what [`write`] gives.
pub(super) const INDEX_LEN: usize = START.len() + 8 + 2 + 3 * 12 + 4 + 2 * ENTRY_LEN;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was() {
        let other = Entry { offset: 900, len: 300 };
        let index = write(1000, other);
        assert_eq!(index.len(), INDEX_LEN);
        assert_eq!(entries(&index[START.len()..]), [Entry { offset: 0, len: 1000 }, other]);
    }

    #[test]
    fn either_order_of_bytes() {
        let mut index = b"II*\0\x08\0\0\0\x01\0\x02\xb0\x07\0\x10\0\0\0\x1a\0\0\0\0\0\0\0".to_vec();
        index.extend([1u32, 2, 3, 4].map(u32::to_le_bytes).concat());
        assert_eq!(entries(&index), [Entry { len: 2, offset: 3 }]);
    }

    #[test]
    fn damage_is_no_images() {
        let index = &write(1000, Entry { offset: 900, len: 300 })[START.len()..];
        for len in 0..index.len() {
            assert!(entries(&index[..len]).is_empty(), "cut after {len}");
        }
        for at in 0..index.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut index = index.to_vec();
                index[at] = value;
                assert!(entries(&index).len() <= MAX_ENTRIES);
            }
        }
        let endless = b"MM\0*\0\0\0\x08\xff\xff\xb0\x02\0\x07\xff\xff\xff\xff\0\0\0\0";
        assert!(entries(endless).is_empty());
    }
}
