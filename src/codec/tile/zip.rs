//! A zip archive whose files are stored as they are: tiles do not shrink further. Source: PKWARE APPNOTE 6.3.9.

use std::io::{self, Write};

use zlib_rs::crc32::crc32;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const LOCATOR_64: u32 = 0x0706_4b50;

/// Version needed: 1.0, or 4.5 for 64-bit sizes; made by Unix.
const VERSION: u16 = 10;
const VERSION_64: u16 = 45;
const UNIX: u16 = 3 << 8;
/// Names are UTF-8.
const UTF_8: u16 = 1 << 11;
/// 1 January 1980, the first day that can be written: archives of the same tiles are the same bytes.
const DATE: u16 = 1 << 5 | 1;
/// A regular file, readable by all.
const MODE: u32 = 0o100_644 << 16;

/// Sizes and counts from here on are written in 64 bits.
const LARGE: u64 = u32::MAX as u64;

struct Entry {
    name: String,
    crc: u32,
    size: u32,
    offset: u64,
}

/// Writes an archive from front to back.
pub(super) struct ZipWriter<'a> {
    out: &'a mut dyn Write,
    at: u64,
    entries: Vec<Entry>,
}

impl<'a> ZipWriter<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self { out, at: 0, entries: Vec::new() }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    /// Adds a file of less than 4 GiB.
    pub(super) fn add(&mut self, name: &str, data: &[u8]) -> io::Result<()> {
        let too_large = |_| io::Error::other("file too large for the archive");
        let size = u32::try_from(data.len()).map_err(too_large)?;
        let entry = Entry { name: name.to_owned(), crc: crc32(0, data), size, offset: self.at };
        u16::try_from(name.len()).map_err(too_large)?;
        let mut header = Vec::with_capacity(30 + name.len());
        header.extend(LOCAL.to_le_bytes());
        header.extend(VERSION.to_le_bytes());
        common(&mut header, &entry);
        header.extend(0u16.to_le_bytes());
        header.extend(name.as_bytes());
        self.write(&header)?;
        self.write(data)?;
        self.entries.push(entry);
        Ok(())
    }

    /// Writes the directory.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let start = self.at;
        let entries = std::mem::take(&mut self.entries);
        for entry in &entries {
            let large = entry.offset >= LARGE;
            let mut record = Vec::with_capacity(64 + entry.name.len());
            record.extend(CENTRAL.to_le_bytes());
            record.extend((UNIX | VERSION_64).to_le_bytes());
            record.extend(if large { VERSION_64 } else { VERSION }.to_le_bytes());
            common(&mut record, entry);
            record.extend(if large { 12u16 } else { 0 }.to_le_bytes());
            // No comment, first disk, no internal attributes.
            record.extend([0; 6]);
            record.extend(MODE.to_le_bytes());
            record.extend((entry.offset.min(LARGE) as u32).to_le_bytes());
            record.extend(entry.name.as_bytes());
            if large {
                record.extend([1u8, 0, 8, 0]);
                record.extend(entry.offset.to_le_bytes());
            }
            self.write(&record)?;
        }
        let (count, size) = (entries.len() as u64, self.at - start);
        let mut end = Vec::with_capacity(98);
        if count >= u64::from(u16::MAX) || size >= LARGE || start >= LARGE {
            let at = self.at;
            end.extend(END_64.to_le_bytes());
            end.extend(44u64.to_le_bytes());
            end.extend((UNIX | VERSION_64).to_le_bytes());
            end.extend(VERSION_64.to_le_bytes());
            end.extend([0; 8]);
            for number in [count, count, size, start] {
                end.extend(number.to_le_bytes());
            }
            end.extend(LOCATOR_64.to_le_bytes());
            end.extend(0u32.to_le_bytes());
            end.extend(at.to_le_bytes());
            end.extend(1u32.to_le_bytes());
        }
        end.extend(END.to_le_bytes());
        end.extend([0; 4]);
        let count = count.min(u16::MAX.into()) as u16;
        end.extend(count.to_le_bytes());
        end.extend(count.to_le_bytes());
        end.extend((size.min(LARGE) as u32).to_le_bytes());
        end.extend((start.min(LARGE) as u32).to_le_bytes());
        end.extend(0u16.to_le_bytes());
        self.write(&end)
    }
}

/// What the local header and the directory have in common: flags to length of the name.
fn common(to: &mut Vec<u8>, entry: &Entry) {
    to.extend(UTF_8.to_le_bytes());
    // Stored, at midnight.
    to.extend([0; 4]);
    to.extend(DATE.to_le_bytes());
    to.extend(entry.crc.to_le_bytes());
    to.extend(entry.size.to_le_bytes());
    to.extend(entry.size.to_le_bytes());
    to.extend((entry.name.len() as u16).to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_laid_out_as_written_down() {
        let mut bytes = Vec::new();
        let mut zip = ZipWriter::new(&mut bytes);
        zip.add("a/b", b"tile").unwrap();
        zip.add("c", b"").unwrap();
        zip.finish().unwrap();
        assert_eq!(bytes[..4], LOCAL.to_le_bytes());
        assert_eq!(&bytes[30..37], b"a/btile");
        let end = bytes.len() - 22;
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(number(end), END as usize);
        assert_eq!(bytes[end + 10..end + 12], [2, 0]);
        assert_eq!(number(end + 16), 37 + 31);
        assert_eq!(number(number(end + 16)), CENTRAL as usize);
        assert_eq!(number(end + 12) + number(end + 16), end);
    }
}
