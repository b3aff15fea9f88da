//! The directories of a block, for a format that has places of its own for them.

use super::{
    model::{Block, Entry, is_pointer, kind},
    order::ByteOrder,
    reader,
    tags::{Directory, tag},
    tiff, writer,
};
use crate::error::Result;

/// A tag with its value, in little-endian order.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    pub tag: u16,
    /// Type of the values, by its number in TIFF 6.0.
    pub kind: u16,
    pub value: Vec<u8>,
}

/// The tags of a block. None of them is an offset; the thumbnail is not among them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parts {
    pub image: Vec<Tag>,
    pub exif: Vec<Tag>,
    pub gps: Vec<Tag>,
    pub interoperability: Vec<Tag>,
}

impl Parts {
    /// Takes a block apart.
    pub fn of(block: &[u8]) -> Self {
        let block = reader::read(tiff(block));
        let tags = |directory| {
            let entries = block.directory(directory).iter();
            entries
                .map(|entry| Tag { tag: entry.tag, kind: entry.kind, value: little_endian(entry, block.order) })
                .collect()
        };
        Self {
            image: tags(Directory::Primary),
            exif: tags(Directory::Exif),
            gps: tags(Directory::Gps),
            interoperability: tags(Directory::Interoperability),
        }
    }

    /// Puts a block together, with its prefix.
    ///
    /// # Errors
    /// When there is not the memory for it.
    pub fn into_block(self) -> Result<Vec<u8>> {
        let mut block = Block::empty(ByteOrder::Little);
        for (directory, tags) in [
            (Directory::Primary, self.image),
            (Directory::Exif, self.exif),
            (Directory::Gps, self.gps),
            (Directory::Interoperability, self.interoperability),
        ] {
            // Of several tags with one number the first counts.
            for Tag { tag, kind, value } in tags.into_iter().rev().filter(|tag| !is_pointer(tag.tag)) {
                if let Some(entry) = Entry::new(tag, kind, value) {
                    block.set(directory, entry);
                }
            }
        }
        writer::write(block)
    }

    /// Whether there is nothing in it but the tags that every block has.
    pub fn says_nothing(&self) -> bool {
        let mandatory = |tag: &Tag| {
            matches!(
                tag.tag,
                tag::EXIF_VERSION
                    | tag::COMPONENTS_CONFIGURATION
                    | tag::FLASHPIX_VERSION
                    | tag::COLOUR_SPACE
                    | tag::PIXEL_X_DIMENSION
                    | tag::PIXEL_Y_DIMENSION
            )
        };
        self.image.is_empty()
            && self.gps.is_empty()
            && self.interoperability.is_empty()
            && self.exif.iter().all(mandatory)
    }
}

/// Bytes of the numbers that a value consists of: a fraction has two.
pub fn unit(kind: u16) -> usize {
    match kind {
        kind::RATIONAL | kind::SIGNED_RATIONAL => 4,
        _ => kind::size(kind).unwrap_or(1),
    }
}

fn little_endian(entry: &Entry<'_>, order: ByteOrder) -> Vec<u8> {
    let mut value = entry.value.to_vec();
    if order == ByteOrder::Big {
        value.chunks_exact_mut(unit(entry.kind)).for_each(<[u8]>::reverse);
    }
    value
}
