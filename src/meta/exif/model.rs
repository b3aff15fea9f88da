//! A block as directories of entries.

use std::borrow::Cow;

use super::{
    order::ByteOrder,
    tags::{Directory, tag},
};

/// The types of values, by their number in a file. Source: TIFF 6.0, section 2.
pub(super) mod kind {
    pub(in super::super) const BYTE: u16 = 1;
    pub(in super::super) const ASCII: u16 = 2;
    pub(in super::super) const SHORT: u16 = 3;
    pub(in super::super) const LONG: u16 = 4;
    pub(in super::super) const RATIONAL: u16 = 5;
    pub(in super::super) const UNDEFINED: u16 = 7;
    pub(in super::super) const SIGNED_LONG: u16 = 9;
    pub(in super::super) const SIGNED_RATIONAL: u16 = 10;

    /// Bytes of one value; `None` for types that do not exist, of which the size is not known.
    pub(in super::super) const fn size(kind: u16) -> Option<usize> {
        match kind {
            1 | 2 | 6 | 7 => Some(1),
            3 | 8 => Some(2),
            4 | 9 | 11 | 13 => Some(4),
            5 | 10 | 12 => Some(8),
            _ => None,
        }
    }
}

/// One tag's value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry<'a> {
    pub(super) tag: u16,
    /// One of [`kind`].
    pub(super) kind: u16,
    /// How many values, each of [`kind::size`] bytes, there are in `value`.
    pub(super) count: u32,
    /// In the byte order of the block.
    pub(super) value: Cow<'a, [u8]>,
}

impl Entry<'_> {
    /// An entry whose count follows from its value. `None` when that is longer than a file can say.
    pub(super) fn new(tag: u16, kind: u16, value: Vec<u8>) -> Option<Self> {
        let count = u32::try_from(value.len() / kind::size(kind)?).ok()?;
        Some(Self { tag, kind, count, value: Cow::Owned(value) })
    }
}

/// A block whose values are borrowed from the file as long as nobody changes them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block<'a> {
    pub(super) order: ByteOrder,
    /// By [`Directory`]; each sorted by tag, each tag once, none of them an offset to something else in the block.
    pub(super) directories: [Vec<Entry<'a>>; 5],
    /// A JPEG file.
    pub(super) thumbnail: &'a [u8],
}

impl<'a> Block<'a> {
    /// A block with nothing in it.
    pub(super) fn empty(order: ByteOrder) -> Self {
        Self { order, directories: Default::default(), thumbnail: &[] }
    }

    pub(super) fn directory(&self, directory: Directory) -> &Vec<Entry<'a>> {
        &self.directories[directory as usize]
    }

    pub(super) fn get(&self, directory: Directory, tag: u16) -> Option<&Entry<'a>> {
        let entries = self.directory(directory);
        entries.binary_search_by_key(&tag, |entry| entry.tag).ok().map(|at| &entries[at])
    }

    /// Adds an entry, or puts it in the place of that with the same tag.
    pub(super) fn set(&mut self, directory: Directory, entry: Entry<'a>) {
        let entries = &mut self.directories[directory as usize];
        match entries.binary_search_by_key(&entry.tag, |entry| entry.tag) {
            Ok(at) => entries[at] = entry,
            Err(at) => entries.insert(at, entry),
        }
    }

    /// The first value of an entry of this type, as a number; fractions that divide by zero are zero.
    pub(super) fn number(&self, directory: Directory, tag: u16) -> Option<f64> {
        let entry = self.get(directory, tag)?;
        let long = |at| self.order.u32(&entry.value, at);
        match entry.kind {
            kind::SHORT => self.order.u16(&entry.value, 0).map(f64::from),
            kind::LONG => long(0).map(f64::from),
            kind::RATIONAL => match (long(0)?, long(4)?) {
                (_, 0) => Some(0.0),
                (numerator, denominator) => Some(f64::from(numerator) / f64::from(denominator)),
            },
            _ => None,
        }
    }

    pub(super) fn set_short(&mut self, directory: Directory, tag: u16, number: u16) {
        let value = self.order.bytes_u16(number).to_vec();
        self.set(directory, Entry { tag, kind: kind::SHORT, count: 1, value: Cow::Owned(value) });
    }

    pub(super) fn set_long(&mut self, directory: Directory, tag: u16, number: u32) {
        let value = self.order.bytes_u32(number).to_vec();
        self.set(directory, Entry { tag, kind: kind::LONG, count: 1, value: Cow::Owned(value) });
    }

    pub(super) fn set_rational(&mut self, directory: Directory, tag: u16, (numerator, denominator): (u32, u32)) {
        let value = [self.order.bytes_u32(numerator), self.order.bytes_u32(denominator)].concat();
        self.set(directory, Entry { tag, kind: kind::RATIONAL, count: 1, value: Cow::Owned(value) });
    }
}

/// Whether a tag's value is the offset or the length of something else, which a writer has to work out anew.
pub(super) const fn is_pointer(tag: u16) -> bool {
    matches!(
        tag,
        tag::EXIF_DIRECTORY
            | tag::GPS_DIRECTORY
            | tag::INTEROPERABILITY_DIRECTORY
            | tag::SUB_DIRECTORIES
            | tag::THUMBNAIL_OFFSET
            | tag::THUMBNAIL_LENGTH
    )
}
