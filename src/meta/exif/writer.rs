//! From directories to bytes.

use super::{
    PREFIX,
    model::{Block, Entry},
    reader::ENTRY,
    tags::{Directory, tag},
};
use crate::error::{LimitError, Result};

/// Byte order, magic number and the offset of the first directory.
const HEADER: usize = 8;

/// The order of the directories in the file. Behind each are its values, behind the last the thumbnail.
const FILE_ORDER: [Directory; 5] =
    [Directory::Primary, Directory::Exif, Directory::Interoperability, Directory::Gps, Directory::Thumbnail];

/// Writes a block with its [`PREFIX`].
pub(super) fn write(mut block: Block<'_>) -> Result<Vec<u8>> {
    link(&mut block);
    let mut offsets = [0usize; 5];
    let mut end = HEADER;
    for directory in FILE_ORDER.into_iter().filter(|&directory| is_written(&block, directory)) {
        offsets[directory as usize] = end;
        end = end.saturating_add(size(block.directory(directory)));
    }
    let thumbnail_offset = end;
    end = end.saturating_add(block.thumbnail.len());
    let too_large = || LimitError::Memory { bytes: end as u64 };
    // All other offsets are smaller.
    u32::try_from(end).map_err(|_| too_large())?;
    let links = [
        (Directory::Primary, tag::EXIF_DIRECTORY, offsets[Directory::Exif as usize]),
        (Directory::Primary, tag::GPS_DIRECTORY, offsets[Directory::Gps as usize]),
        (Directory::Exif, tag::INTEROPERABILITY_DIRECTORY, offsets[Directory::Interoperability as usize]),
        (Directory::Thumbnail, tag::THUMBNAIL_OFFSET, thumbnail_offset),
    ];
    for (directory, tag, offset) in links {
        if block.get(directory, tag).is_some() {
            block.set_long(directory, tag, offset as u32);
        }
    }

    let mut out = Vec::new();
    out.try_reserve_exact(PREFIX.len().saturating_add(end)).map_err(|_| too_large())?;
    out.extend(PREFIX);
    out.extend(block.order.signature());
    out.extend(block.order.bytes_u32(HEADER as u32));
    for directory in FILE_ORDER {
        let offset = offsets[directory as usize];
        if offset > 0 {
            let next = if directory == Directory::Primary { offsets[Directory::Thumbnail as usize] } else { 0 };
            write_directory(&mut out, &block, directory, offset, next);
        }
    }
    out.extend(block.thumbnail);
    debug_assert_eq!(out.len(), PREFIX.len() + end);
    Ok(out)
}

/// Adds the entries that lead from one directory to another; what they say is filled in when it is known.
fn link(block: &mut Block<'_>) {
    if !block.thumbnail.is_empty() {
        block.set_long(Directory::Thumbnail, tag::THUMBNAIL_OFFSET, 0);
        // A thumbnail is a part of a block, and those are limited to 32 bits of length.
        block.set_long(Directory::Thumbnail, tag::THUMBNAIL_LENGTH, block.thumbnail.len() as u32);
    }
    if is_written(block, Directory::Interoperability) {
        block.set_long(Directory::Exif, tag::INTEROPERABILITY_DIRECTORY, 0);
    }
    if is_written(block, Directory::Exif) {
        block.set_long(Directory::Primary, tag::EXIF_DIRECTORY, 0);
    }
    if is_written(block, Directory::Gps) {
        block.set_long(Directory::Primary, tag::GPS_DIRECTORY, 0);
    }
}

/// The first directory is always there.
fn is_written(block: &Block<'_>, directory: Directory) -> bool {
    directory == Directory::Primary || !block.directory(directory).is_empty()
}

/// Bytes of the values that stand behind a directory; each begins at an even offset.
fn outside(entry: &Entry<'_>) -> usize {
    if entry.value.len() > 4 { entry.value.len().next_multiple_of(2) } else { 0 }
}

/// Bytes of a directory: count, entries, offset of the next, values.
fn size(entries: &[Entry<'_>]) -> usize {
    2 + entries.len() * ENTRY + 4 + entries.iter().map(outside).sum::<usize>()
}

fn write_directory(out: &mut Vec<u8>, block: &Block<'_>, directory: Directory, offset: usize, next: usize) {
    let order = block.order;
    let entries = block.directory(directory);
    let mut value_at = offset + 2 + entries.len() * ENTRY + 4;
    // Tags are of 16 bits and none is there twice.
    out.extend(order.bytes_u16(entries.len() as u16));
    for entry in entries {
        out.extend(order.bytes_u16(entry.tag));
        out.extend(order.bytes_u16(entry.kind));
        out.extend(order.bytes_u32(entry.count));
        if entry.value.len() > 4 {
            out.extend(order.bytes_u32(value_at as u32));
            value_at += outside(entry);
        } else {
            let mut inside = [0; 4];
            inside[..entry.value.len()].copy_from_slice(&entry.value);
            out.extend(inside);
        }
    }
    out.extend(order.bytes_u32(next as u32));
    for Entry { value, .. } in entries.iter().filter(|entry| entry.value.len() > 4) {
        out.extend(value.iter());
        if value.len() % 2 == 1 {
            out.push(0);
        }
    }
}
