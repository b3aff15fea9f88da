//! From bytes to directories. Offsets and counts are untrusted: entries that do not fit are skipped.

use std::borrow::Cow;

use super::{
    model::{Block, Entry, is_pointer, kind},
    order::ByteOrder,
    tags::{Directory, tag},
};

/// Bytes of an entry: tag, type, count, value or its offset.
pub(super) const ENTRY: usize = 12;

/// Reads a TIFF structure. Values that overlap so much that they are more than the structure itself are left out, so that
/// a copy of all is never larger than that.
pub(super) fn read(tiff: &[u8]) -> Block<'_> {
    let Some(order) = ByteOrder::of(tiff) else { return Block::empty(ByteOrder::Big) };
    let mut reader = Reader { tiff, budget: tiff.len(), visited: Vec::with_capacity(5), block: Block::empty(order) };
    let first = reader.u32(4).unwrap_or(0);
    let primary = reader.directory(Directory::Primary, first);
    if let Some(exif) = primary.exif {
        let exif = reader.directory(Directory::Exif, exif);
        if let Some(interoperability) = exif.interoperability {
            reader.directory(Directory::Interoperability, interoperability);
        }
    }
    if let Some(gps) = primary.gps {
        reader.directory(Directory::Gps, gps);
    }
    if let Some(next) = primary.next {
        let thumbnail = reader.directory(Directory::Thumbnail, next).thumbnail;
        reader.block.thumbnail = thumbnail.and_then(|(at, len)| reader.take(at, len)).unwrap_or_default();
    }
    reader.block
}

struct Reader<'a> {
    tiff: &'a [u8],
    /// Bytes of values that may still be read.
    budget: usize,
    /// Offsets of the directories that were read; none is read twice.
    visited: Vec<u32>,
    block: Block<'a>,
}

/// What a directory says about others.
#[derive(Default)]
struct Links {
    exif: Option<u32>,
    gps: Option<u32>,
    interoperability: Option<u32>,
    next: Option<u32>,
    /// Offset and length.
    thumbnail: Option<(u32, usize)>,
}

impl<'a> Reader<'a> {
    fn u16(&self, at: usize) -> Option<u16> {
        self.block.order.u16(self.tiff, at)
    }

    fn u32(&self, at: usize) -> Option<u32> {
        self.block.order.u32(self.tiff, at)
    }

    /// Bytes of a value, as far as they are there and within the budget.
    fn take(&mut self, at: u32, len: usize) -> Option<&'a [u8]> {
        let at = usize::try_from(at).ok()?;
        let bytes = self.tiff.get(at..at.checked_add(len)?)?;
        self.budget = self.budget.checked_sub(len)?;
        Some(bytes)
    }

    /// Reads the entries at an offset into a directory; those that are whole, when the file ends before the last.
    fn directory(&mut self, directory: Directory, offset: u32) -> Links {
        let mut links = Links::default();
        let Ok(start) = usize::try_from(offset) else { return links };
        let Some(count) = self.u16(start).filter(|_| offset >= 8 && !self.visited.contains(&offset)) else {
            return links;
        };
        self.visited.push(offset);
        let mut entries: Vec<Entry<'a>> = Vec::new();
        let table = self.tiff.get(start + 2..).unwrap_or_default();
        let (mut thumbnail_offset, mut thumbnail_length) = (None, None);
        for (index, raw) in table.chunks_exact(ENTRY).take(count.into()).enumerate() {
            let order = self.block.order;
            let (Some(tag), Some(link)) = (order.u16(raw, 0), order.u32(raw, 8)) else { continue };
            match tag {
                tag::EXIF_DIRECTORY => links.exif = Some(link),
                tag::GPS_DIRECTORY => links.gps = Some(link),
                tag::INTEROPERABILITY_DIRECTORY => links.interoperability = Some(link),
                tag::THUMBNAIL_OFFSET => thumbnail_offset = Some(link),
                tag::THUMBNAIL_LENGTH => thumbnail_length = usize::try_from(link).ok(),
                _ => {}
            }
            if is_pointer(tag) {
                continue;
            }
            // The value begins inside the entry when it fits there.
            entries.extend(self.entry(tag, raw, start + 2 + index * ENTRY + 8));
        }
        // Of several entries with one tag the first counts; a stable sort keeps it first.
        entries.sort_by_key(|entry| entry.tag);
        entries.dedup_by_key(|entry| entry.tag);
        self.block.directories[directory as usize] = entries;
        links.next = self.u32(start + 2 + usize::from(count) * ENTRY).filter(|&next| next != 0);
        links.thumbnail = thumbnail_offset.zip(thumbnail_length);
        links
    }

    fn entry(&mut self, tag: u16, raw: &[u8], inside: usize) -> Option<Entry<'a>> {
        let order = self.block.order;
        let (kind, count) = (order.u16(raw, 2)?, order.u32(raw, 4)?);
        let len = kind::size(kind)?.checked_mul(usize::try_from(count).ok()?)?;
        let at = if len <= 4 { u32::try_from(inside).ok()? } else { order.u32(raw, 8)? };
        Some(Entry { tag, kind, count, value: Cow::Borrowed(self.take(at, len)?) })
    }
}
