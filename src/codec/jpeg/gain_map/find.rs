//! Finding the gain map of a file.

use std::io::{self, ErrorKind, Read, SeekFrom};

use super::index;
use crate::{
    codec::{
        Input, ReadOptions, Reader,
        jpeg::{APP1, APP2, XMP_START, header},
    },
    error::Result,
    meta::{
        GainMap, GainMapInfo,
        gain_map::{ISO_NAMESPACE, ISO_VERSION},
    },
    options::FailOn,
};

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;

/// Segments before a scan that are looked at: as many metadata segments as a file can have, and more.
const MAX_SEGMENTS: usize = 1000;

/// The gain map of a file whose metadata segments are `markers` (code and content). `None` when there is none, or none that
/// can be read: that is never an error, the image is whole without it.
///
/// A file with a gain map has an index. Where the index leads to no image at all, the one that follows the first is taken.
/// Memory is taken for the gain map alone, which is a part of the file.
pub(in super::super) fn find(input: &Input<'_>, markers: &[(u8, &[u8])]) -> Result<Option<GainMap>> {
    let is_index = |(marker, data): &(u8, &[u8])| *marker == APP2 && data.starts_with(index::START);
    if !markers.iter().any(is_index) {
        return Ok(None);
    }
    // What cannot be read is not there.
    Ok(search(input.sparse_reader()?.as_mut()).ok().flatten().filter(|map| is_usable(&map.image)))
}

/// Whether the map is a JPEG of one or three components.
fn is_usable(image: &[u8]) -> bool {
    let options = ReadOptions { fail_on: FailOn::None, ..ReadOptions::default() };
    header::open(&Input::Bytes(image), &options, false).is_ok_and(|(_, info)| matches!(info.components, 1 | 3))
}

fn search(file: &mut dyn Reader) -> io::Result<Option<GainMap>> {
    let mut index = None;
    let scan = each_segment(file, |file, marker, len| {
        if marker == APP2 && index.is_none() {
            let at = file.stream_position()?;
            let data = read(file, len)?;
            index = data.strip_prefix(index::START).map(|data| (at + index::START.len() as u64, data.to_vec()));
        }
        Ok(())
    })?;
    let Some((origin, index)) = index else { return Ok(None) };
    let end = file.seek(SeekFrom::End(0))?;
    let mut leads_somewhere = false;
    for entry in index::entries(&index).into_iter().filter(|entry| entry.offset > 0) {
        let start = origin + u64::from(entry.offset);
        let Some(last) = start.checked_add(entry.len.into()).filter(|&last| last <= end) else { continue };
        file.seek(SeekFrom::Start(start))?;
        match info(file)? {
            Candidate::NoPicture => {}
            Candidate::OtherPicture => leads_somewhere = true,
            Candidate::GainMap(info) => {
                file.seek(SeekFrom::Start(start))?;
                return Ok(Some(GainMap { image: read(file, (last - start) as usize)?, info }));
            }
        }
    }
    if leads_somewhere { Ok(None) } else { search_next(file, scan) }
}

/// The image that follows the first one, whose scan begins at `scan`.
fn search_next(file: &mut dyn Reader, scan: u64) -> io::Result<Option<GainMap>> {
    file.seek(SeekFrom::Start(scan))?;
    skip_to(file, EOI)?;
    skip_to(file, SOI)?;
    let start = file.stream_position()? - 2;
    file.seek(SeekFrom::Start(start))?;
    let Candidate::GainMap(info) = info(file)? else { return Ok(None) };
    skip_to(file, EOI)?;
    let end = file.stream_position()?;
    file.seek(SeekFrom::Start(start))?;
    Ok(Some(GainMap { image: read(file, (end - start) as usize)?, info }))
}

/// What is where a gain map is looked for.
enum Candidate {
    NoPicture,
    OtherPicture,
    GainMap(GainMapInfo),
}

/// Looks at the image that begins here, up to its scan.
fn info(file: &mut dyn Reader) -> io::Result<Candidate> {
    let (mut iso, mut xmp) = (None, None);
    let walked = each_segment(file, |file, marker, len| {
        match marker {
            APP2 if iso.is_none() => {
                let data = read(file, len)?;
                let block = data.strip_prefix(ISO_NAMESPACE);
                // A block of the version alone is what an image has that has a gain map.
                iso = block.filter(|block| block.len() > ISO_VERSION.len()).map(<[u8]>::to_vec);
            }
            APP1 if xmp.is_none() => xmp = Some(read(file, len)?).filter(|data| data.starts_with(XMP_START)),
            _ => {}
        }
        Ok(())
    });
    match walked {
        Ok(_) => {}
        Err(error) if matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof) => {
            return Ok(Candidate::NoPicture);
        }
        Err(error) => return Err(error),
    }
    let info = match (iso, xmp) {
        (Some(iso), _) => GainMapInfo::from_iso(&iso),
        (None, Some(xmp)) => GainMapInfo::from_xmp(&xmp),
        (None, None) => None,
    };
    Ok(info.map_or(Candidate::OtherPicture, Candidate::GainMap))
}

/// Calls `visit` for each segment before the first scan with its marker and the length of its content, of which it may read as
/// much as it likes. Gives where the scan's segment begins.
fn each_segment(
    file: &mut dyn Reader,
    mut visit: impl FnMut(&mut dyn Reader, u8, usize) -> io::Result<()>,
) -> io::Result<u64> {
    let damaged = || io::Error::from(ErrorKind::InvalidData);
    let mut start = [0; 2];
    file.read_exact(&mut start)?;
    if start != [0xff, SOI] {
        return Err(damaged());
    }
    for _ in 0..MAX_SEGMENTS {
        let [mut lead, mut marker] = [0; 2];
        file.read_exact(std::slice::from_mut(&mut lead))?;
        while lead == 0xff && matches!(marker, 0 | 0xff) {
            file.read_exact(std::slice::from_mut(&mut marker))?;
            // Any number of bytes of ones may stand before a marker; a zero makes it no marker.
            if marker == 0 {
                return Err(damaged());
            }
        }
        let at = file.stream_position()?;
        match marker {
            SOS => return Ok(at),
            0x01..=0xbf | 0xd0..=EOI | 0 => return Err(damaged()),
            _ => {}
        }
        let mut len = [0; 2];
        file.read_exact(&mut len)?;
        let len = u16::from_be_bytes(len).checked_sub(2).ok_or_else(damaged)?;
        let content = file.stream_position()?;
        visit(file, marker, len.into())?;
        let here = file.stream_position()?;
        // No segment is longer than what `visit` may read of it.
        file.seek_relative((content + u64::from(len)) as i64 - here as i64)?;
    }
    Err(damaged())
}

/// Passes over everything up to and with this marker.
fn skip_to(file: &mut dyn Reader, marker: u8) -> io::Result<()> {
    loop {
        if file.skip_until(0xff)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        match file.fill_buf()?.first() {
            Some(&byte) if byte == marker => {
                file.consume(1);
                return Ok(());
            }
            Some(_) => {}
            None => return Err(ErrorKind::UnexpectedEof.into()),
        }
    }
}

/// The next `len` bytes, which are in the file or this fails.
fn read(file: &mut dyn Reader, len: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // Grows with what is there, not with what is promised.
    if file.take(len as u64).read_to_end(&mut bytes)? < len {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}
