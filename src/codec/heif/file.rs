//! The header of a file: its brand, its items, and which of them are requested.

use std::{
    io::{Read, Seek, SeekFrom},
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    av1_decoder::{Frame, FrameDecoder},
    boxes::{BoxHeader, CUT, Cursor, Fault, Name, Parsed},
    items::{Item, Items},
};
use crate::{
    codec::{Input, ReadOptions, Reader},
    error::Result,
    image::zeroed,
};

/// Boxes beside each other at the top of a file; more are not looked at.
const MAX_BOXES: usize = 4096;

/// Brands by which a file says that it has images: AV1, then others, of which few can be decoded.
const BRANDS: [&Name; 10] = [b"avif", b"mif1", b"msf1", b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"hevs"];

/// Whether the bytes begin like a HEIF file. A sequence is one when it says that it is an image too.
pub(super) fn sniff(start: &[u8]) -> bool {
    let (Some(b"ftyp"), Some(brand)) = (start.get(4..8), start.get(8..12)) else {
        return false;
    };
    let also_picture = || start.get(16..).is_some_and(|brands| brands.as_chunks::<4>().0.contains(b"avif"));
    BRANDS.iter().any(|known| brand == *known) || (brand == b"avis" && also_picture())
}

/// An opened file.
pub(super) struct File<'a> {
    reader: Box<dyn Reader + 'a>,
    /// Length in bytes.
    len: u64,
    /// Shared by all that reads from the file: it is parsed once, however many pages there are.
    pub(super) items: Arc<Items>,
    /// Shared likewise: one thread and one decoder for a file.
    decoder: Arc<Mutex<FrameDecoder>>,
}

/// What the fault of a file comes with: errors of the system pass through.
pub(super) enum Failure {
    Fault(Fault),
    Other(crate::error::Error),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<crate::error::Error> for Failure {
    fn from(error: crate::error::Error) -> Self {
        Self::Other(error)
    }
}

impl<'a> File<'a> {
    /// Reads the `meta` box. The coded images are not touched.
    pub(super) fn open(input: &'a Input<'_>) -> Result<Self, Failure> {
        let mut reader = input.reader()?;
        let len = reader.seek(SeekFrom::End(0)).map_err(|_| CUT)?;
        let mut file = Self { reader, len, items: Arc::default(), decoder: Arc::default() };
        let mut at = 0;
        for _ in 0..MAX_BOXES {
            let start = file.read(at, (BoxHeader::MAX_LEN as u64).min(len - at))?;
            let mut cursor = Cursor(&start);
            if start.is_empty() {
                break;
            }
            let BoxHeader { name, body } = BoxHeader::read(&mut cursor)?;
            at += (start.len() - cursor.0.len()) as u64;
            let body = body.unwrap_or(len - at);
            if &name == b"meta" {
                let cut = Fault("Invalid input: No 'meta' box: Cannot read full meta box");
                if body > len - at {
                    return Err(cut.into());
                }
                file.items = Arc::new(Items::read(Cursor(&file.read(at, body)?))?);
                return Ok(file);
            }
            // What is cut off comes after all that there is.
            at = at.checked_add(body).filter(|&end| end <= len).unwrap_or(len);
        }
        Err(Fault("Invalid input: No 'meta' box").into())
    }

    /// The same file, to be read from beside this one.
    pub(super) fn again<'b>(&self, input: &'b Input<'_>) -> Result<File<'b>, Failure> {
        let (items, decoder) = (Arc::clone(&self.items), Arc::clone(&self.decoder));
        Ok(File { reader: input.reader()?, len: self.len, items, decoder })
    }

    /// `len` bytes from `at` on, which must be within the file.
    fn read(&mut self, at: u64, len: u64) -> Result<Vec<u8>, Failure> {
        if at.checked_add(len).is_none_or(|end| end > self.len) {
            return Err(CUT.into());
        }
        let mut bytes = zeroed(usize::try_from(len).map_err(|_| CUT)?)?;
        self.reader.seek(SeekFrom::Start(at)).map_err(|_| CUT)?;
        self.reader.read_exact(&mut bytes).map_err(|_| CUT)?;
        Ok(bytes)
    }

    /// The data of an item, its extents after each other.
    pub(super) fn data(&mut self, id: u32) -> Result<Vec<u8>, Failure> {
        let missing = Fault("Invalid input: Item has no data");
        let Item { inline, extents, .. } = self.items.get(id).ok_or(missing)?;
        let (inline, extents) = (*inline, extents.clone());
        let whole = if inline { self.items.inline_data.len() as u64 } else { self.len };
        let outside =
            Fault("Invalid input: Unexpected end of file: Extent in iloc box references data outside of file bounds");
        // All together are no longer than what they are in: bytes that are used twice make much of little.
        let lengths = extents.iter().map(|&(at, len)| {
            let rest = whole.checked_sub(at).ok_or(outside)?;
            if len > rest { Err(outside) } else { Ok(if len == 0 { rest } else { len }) }
        });
        let lengths = lengths.collect::<Parsed<Vec<u64>>>()?;
        let total = lengths.iter().try_fold(0_u64, |sum, &len| sum.checked_add(len)).filter(|&sum| sum <= whole);
        let mut data = Vec::new();
        let total = total.and_then(|total| usize::try_from(total).ok()).ok_or(outside)?;
        data.try_reserve_exact(total).map_err(|_| CUT)?;
        for ((at, _), len) in extents.into_iter().zip(lengths) {
            if inline {
                data.extend_from_slice(&self.items.inline_data[at as usize..(at + len) as usize]);
            } else {
                data.extend_from_slice(&self.read(at, len)?);
            }
        }
        if data.is_empty() { Err(missing.into()) } else { Ok(data) }
    }

    /// Decodes the AV1 image of an item, of at most `max_pixels` pixels.
    pub(super) fn frame(&mut self, id: u32, operating_point: u8, max_pixels: u64) -> Result<Frame, Failure> {
        let data = self.data(id)?;
        let mut decoder = self.decoder.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(decoder.decode(data, operating_point, max_pixels)?)
    }

    /// All images and which of them are asked for: the primary one unless the options say otherwise.
    pub(super) fn pages(&self, options: &ReadOptions) -> Parsed<Pages> {
        let all = self.items.top_level();
        let primary = all.iter().position(|&id| id == self.items.primary).ok_or(Fault(
            "Invalid input: Non-existing item ID referenced: 'pitm' box references an unsupported or non-existing image",
        ))?;
        let first = match options.page {
            Some(page) => page as usize,
            None if options.pages == 1 => primary,
            None => 0,
        };
        let count = match options.pages {
            -1 => all.len().checked_sub(first),
            pages => usize::try_from(pages).ok(),
        };
        let chosen = count
            .filter(|&count| count > 0)
            .and_then(|count| all.get(first..first.checked_add(count)?))
            .ok_or(Fault("heifload: bad page number"))?;
        Ok(Pages { total: all.len() as u32, primary: primary as u32, chosen: chosen.to_vec() })
    }
}

/// The images of a file.
pub(super) struct Pages {
    pub(super) total: u32,
    /// Number of the primary one.
    pub(super) primary: u32,
    /// The items that are asked for, at least one.
    pub(super) chosen: Vec<u32>,
}
