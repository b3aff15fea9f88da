//! Image file directories: tags and their values. Source: TIFF revision 6.0, section 2; the BigTIFF design.

use std::{borrow::Cow, collections::HashSet};

use super::source::{Order, Source};
use crate::meta::exif::{self, Tag};

/// Directories that are followed. The public API counts pages no further.
const MAX_PAGES: usize = 100_000;

/// Entries of a directory that are looked at.
const MAX_ENTRIES: u64 = 4096;

/// Largest value that is kept, in bytes, when limits are in force.
const MAX_VALUE: u64 = 256 << 20;

/// Tags that are read or written, in the order in which they stand in a file.
pub(super) mod tag {
    pub(crate) const NEW_SUBFILE_TYPE: u16 = 254;
    pub(crate) const WIDTH: u16 = 256;
    pub(crate) const HEIGHT: u16 = 257;
    pub(crate) const BITS_PER_SAMPLE: u16 = 258;
    pub(crate) const COMPRESSION: u16 = 259;
    pub(crate) const PHOTOMETRIC: u16 = 262;
    pub(crate) const FILL_ORDER: u16 = 266;
    pub(crate) const STRIP_OFFSETS: u16 = 273;
    pub(crate) const ORIENTATION: u16 = 274;
    pub(crate) const SAMPLES_PER_PIXEL: u16 = 277;
    pub(crate) const ROWS_PER_STRIP: u16 = 278;
    pub(crate) const STRIP_BYTE_COUNTS: u16 = 279;
    pub(crate) const X_RESOLUTION: u16 = 282;
    pub(crate) const Y_RESOLUTION: u16 = 283;
    pub(crate) const PLANAR_CONFIGURATION: u16 = 284;
    pub(crate) const T4_OPTIONS: u16 = 292;
    pub(crate) const RESOLUTION_UNIT: u16 = 296;
    pub(crate) const PAGE_NUMBER: u16 = 297;
    pub(crate) const PREDICTOR: u16 = 317;
    pub(crate) const COLOUR_MAP: u16 = 320;
    pub(crate) const TILE_WIDTH: u16 = 322;
    pub(crate) const TILE_HEIGHT: u16 = 323;
    pub(crate) const TILE_OFFSETS: u16 = 324;
    pub(crate) const TILE_BYTE_COUNTS: u16 = 325;
    pub(crate) const SUB_IFDS: u16 = 330;
    pub(crate) const INK_SET: u16 = 332;
    pub(crate) const EXTRA_SAMPLES: u16 = 338;
    pub(crate) const SAMPLE_FORMAT: u16 = 339;
    pub(crate) const JPEG_TABLES: u16 = 347;
    pub(crate) const YCBCR_SUBSAMPLING: u16 = 530;
    pub(crate) const EXIF_DIRECTORY: u16 = 34665;
    pub(crate) const GPS_DIRECTORY: u16 = 34853;
    pub(crate) const INTEROPERABILITY_DIRECTORY: u16 = 40965;
    pub(crate) const XMP: u16 = 700;
    pub(crate) const IPTC: u16 = 33723;
    pub(crate) const PHOTOSHOP: u16 = 34377;
    pub(crate) const ICC: u16 = 34675;
}

/// Field types. Source: the same; 16 to 18 are BigTIFF's.
pub(super) mod field {
    pub(crate) const BYTE: u16 = 1;
    pub(crate) const ASCII: u16 = 2;
    pub(crate) const SHORT: u16 = 3;
    pub(crate) const LONG: u16 = 4;
    pub(crate) const RATIONAL: u16 = 5;
    pub(crate) const UNDEFINED: u16 = 7;
    pub(crate) const LONG8: u16 = 16;

    /// Bytes of one value.
    pub(crate) const fn size(kind: u16) -> u64 {
        match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16..=18 => 8,
            _ => 0,
        }
    }
}

/// One directory.
pub(super) struct Directory {
    order: Order,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy)]
struct Entry {
    tag: u16,
    kind: u16,
    count: u64,
    /// The value itself, or where it is.
    value: [u8; 8],
}

impl Directory {
    /// `None` when the file has none at `offset`.
    pub(super) fn read(source: &mut Source<'_>, offset: u64) -> Option<Self> {
        let order = source.order;
        let (count_bytes, entry_bytes) = if order.big { (8, 20) } else { (2, 12) };
        let head = source.read(offset, count_bytes)?;
        let count = match order.big {
            true => order.offset(&head)?,
            false => order.u16(*head.first_chunk()?).into(),
        };
        if count == 0 || count > u64::from(u16::MAX) {
            return None;
        }
        let start = offset.checked_add(count_bytes)?;
        let body = source.read(start, count.min(MAX_ENTRIES) * entry_bytes)?;
        let entries = body.chunks_exact(entry_bytes as usize).map(|bytes| Entry::parse(bytes, order)).collect();
        Some(Self { order, entries })
    }

    fn entry(&self, tag: u16) -> Option<Entry> {
        self.entries.iter().find(|entry| entry.tag == tag).copied()
    }

    pub(super) fn has(&self, tag: u16) -> bool {
        self.entry(tag).is_some()
    }

    /// The bytes of a value as they are in the file, of no more than `max` of its numbers; `None` when it is not there.
    fn bytes<'a>(&self, source: &mut Source<'a>, entry: Entry, max: u64) -> Option<Cow<'a, [u8]>> {
        let size = field::size(entry.kind);
        let (len, wanted) = (entry.count.checked_mul(size)?, entry.count.min(max).checked_mul(size)?);
        if wanted == 0 {
            return None;
        }
        if len <= self.order.word() as u64 {
            return Some(Cow::Owned(entry.value[..wanted as usize].to_vec()));
        }
        source.read(self.order.offset(&entry.value)?, wanted)
    }

    /// A block of bytes, such as metadata, unless it is too long. One of wider fields is turned to this machine's order, as is the custom.
    pub(super) fn block(&self, source: &mut Source<'_>, tag: u16, unlimited: bool) -> Option<Vec<u8>> {
        let entry = self.entry(tag)?;
        if entry.count.checked_mul(field::size(entry.kind))? > MAX_VALUE && !unlimited {
            return None;
        }
        let mut bytes = self.bytes(source, entry, u64::MAX)?.into_owned();
        if self.order.is_foreign() {
            bytes.chunks_exact_mut(field::size(entry.kind) as usize).for_each(<[u8]>::reverse);
        }
        Some(bytes)
    }

    /// The tags of text that does not end in NUL.
    pub(super) fn unterminated_text(&self, source: &mut Source<'_>) -> Vec<u16> {
        let word = self.order.word() as u64;
        let ends = |entry: &Entry, source: &mut Source<'_>| match entry.count {
            0 => Some(false),
            count if count <= word => entry.value.get(count as usize - 1).map(|&last| last == 0),
            count => {
                let last = self.order.offset(&entry.value)?.checked_add(count - 1)?;
                source.read(last, 1).map(|last| last[..] == [0])
            }
        };
        let text = self.entries.iter().filter(|entry| entry.kind == field::ASCII);
        text.filter(|entry| ends(entry, source) == Some(false)).map(|entry| entry.tag).collect()
    }

    /// All tags with their values in little-endian order, as far as the values fit into `budget` bytes.
    pub(super) fn tags(&self, source: &mut Source<'_>, budget: &mut u64) -> Vec<Tag> {
        let mut tags = Vec::new();
        for &entry in &self.entries {
            // Types of EXIF; others are offsets.
            let size = field::size(entry.kind);
            let Some(len) = entry.count.checked_mul(size).filter(|&len| entry.kind <= 12 && len > 0 && len <= *budget)
            else {
                continue;
            };
            let Some(value) = self.bytes(source, entry, u64::MAX) else { continue };
            *budget -= len;
            let mut value = value.into_owned();
            if !self.order.little {
                value.chunks_exact_mut(exif::unit(entry.kind)).for_each(<[u8]>::reverse);
            }
            tags.push(Tag { tag: entry.tag, kind: entry.kind, value });
        }
        tags
    }

    /// Whole numbers, at most `max` of them.
    pub(super) fn integers(&self, source: &mut Source<'_>, tag: u16, max: u64) -> Option<Vec<u64>> {
        let entry = self.entry(tag)?;
        let bytes = self.bytes(source, entry, max)?;
        let order = self.order;
        let mut values = Vec::new();
        values.try_reserve_exact(bytes.len()).ok()?;
        match entry.kind {
            1 | 7 => values.extend(bytes.iter().map(|&byte| u64::from(byte))),
            3 => values.extend(bytes.as_chunks().0.iter().map(|&bytes| u64::from(order.u16(bytes)))),
            4 | 13 => values.extend(bytes.as_chunks().0.iter().map(|&bytes| u64::from(order.u32(bytes)))),
            16 | 18 => values.extend(bytes.as_chunks().0.iter().map(|&bytes| order.u64(bytes))),
            _ => return None,
        }
        Some(values)
    }

    /// The first of some integers.
    pub(super) fn integer(&self, source: &mut Source<'_>, tag: u16) -> Option<u64> {
        self.integers(source, tag, 1)?.first().copied()
    }

    /// The first of some numbers that may have fractions.
    pub(super) fn number(&self, source: &mut Source<'_>, tag: u16) -> Option<f64> {
        let entry = self.entry(tag)?;
        let bytes = self.bytes(source, entry, 1)?;
        let order = self.order;
        match entry.kind {
            field::RATIONAL => {
                let [above, below] = [bytes.first_chunk()?, bytes.get(4..)?.first_chunk()?].map(|b| order.u32(*b));
                (below != 0).then(|| f64::from(above) / f64::from(below))
            }
            11 => Some(f32::from_bits(order.u32(*bytes.first_chunk()?)).into()),
            12 => Some(f64::from_bits(order.u64(*bytes.first_chunk()?))),
            _ => self.integer(source, tag).map(|value| value as f64),
        }
    }
}

impl Entry {
    fn parse(bytes: &[u8], order: Order) -> Self {
        let word = order.word();
        let mut value = [0; 8];
        value[..word].copy_from_slice(&bytes[4 + word..4 + 2 * word]);
        Self {
            tag: order.u16([bytes[0], bytes[1]]),
            kind: order.u16([bytes[2], bytes[3]]),
            count: order.offset(&bytes[4..]).unwrap_or(0),
            value,
        }
    }
}

/// Where the directories of a file are, in order. Ends at the first that cannot be read or was there before.
pub(super) fn pages(source: &mut Source<'_>) -> Vec<u64> {
    let order = source.order;
    let first = source.read(if order.big { 8 } else { 4 }, order.word() as u64);
    let mut next = first.and_then(|bytes| order.offset(&bytes)).unwrap_or(0);
    let (mut seen, mut pages) = (HashSet::new(), Vec::new());
    while next != 0 && pages.len() < MAX_PAGES && seen.insert(next) {
        let Some(following) = following(source, next) else { break };
        pages.push(next);
        next = following;
    }
    pages
}

/// Where the directory behind the one at `offset` is.
fn following(source: &mut Source<'_>, offset: u64) -> Option<u64> {
    let order = source.order;
    let (count_bytes, entry_bytes) = if order.big { (8, 20) } else { (2, 12) };
    let head = source.read(offset, count_bytes)?;
    let count = if order.big { order.offset(&head)? } else { order.u16(*head.first_chunk()?).into() };
    if count == 0 || count > u64::from(u16::MAX) {
        return None;
    }
    let end = offset.checked_add(count_bytes + count * entry_bytes)?;
    if end > source.len() {
        return None;
    }
    // A file that ends here has no more directories.
    Some(source.read(end, order.word() as u64).and_then(|bytes| order.offset(&bytes)).unwrap_or(0))
}
