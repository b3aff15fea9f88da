//! What it costs to decode an image, from the sizes that its codestream declares. Part and clause numbers are those of
//! ISO/IEC 15444-1.

use crate::codec::boxes::{BoxHeader, Cursor};

/// Bytes that a tile has at least: the markers SOT and SOD (A.4.2, A.4.3).
const TILE_HEADER: u64 = 14;
/// Bytes of a sample while it is decoded: its coefficient and its value.
const SAMPLE: u64 = 8;

/// The sizes of a codestream.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cost {
    /// Bytes of memory.
    pub(super) bytes: u64,
    /// Whether the file is so short that not all tiles can be in it, each of which takes its time.
    pub(super) lacks_tiles: bool,
}

/// The highest cost of the codestreams in a file; none when it has none that can be read.
pub(super) fn cost(file: &[u8]) -> Option<Cost> {
    let costs = codestreams(file).into_iter().filter_map(|stream| {
        let (bytes, tiles) = sizes(stream)?;
        Some(Cost { bytes, lacks_tiles: tiles.saturating_mul(TILE_HEADER) > file.len() as u64 })
    });
    costs.reduce(|a, b| Cost { bytes: a.bytes.max(b.bytes), lacks_tiles: a.lacks_tiles || b.lacks_tiles })
}

/// The file itself, or the contents of its boxes `jp2c` (I.5.4). The decoder takes one that is cut short for whole.
fn codestreams(file: &[u8]) -> Vec<&[u8]> {
    if file.starts_with(b"\xff\x4f") {
        return vec![file];
    }
    let mut streams = Vec::new();
    let mut cursor = Cursor(file);
    while let Ok(BoxHeader { name, body }) = BoxHeader::read(&mut cursor) {
        let rest = cursor.0;
        let length = body.and_then(|body| usize::try_from(body).ok()).map_or(rest.len(), |body| body.min(rest.len()));
        let (contents, rest) = rest.split_at(length);
        if &name == b"jp2c" {
            streams.push(contents);
        }
        cursor = Cursor(rest);
    }
    streams
}

/// Bytes for all samples, and the number of tiles, of a codestream that begins with its sizes (A.5.1).
fn sizes(stream: &[u8]) -> Option<(u64, u64)> {
    let mut fields = Cursor(stream.strip_prefix(b"\xff\x4f\xff\x51")?);
    // The marker's length, and capabilities.
    fields.take(4).ok()?;
    let mut across_and_down = || Some([fields.u32().ok()?, fields.u32().ok()?].map(u64::from));
    let (ends, starts) = (across_and_down()?, across_and_down()?);
    let (tile, first_tile) = (across_and_down()?, across_and_down()?);
    let (mut samples, mut tiles) = (u64::from(fields.u16().ok()?), 1u64);
    for axis in 0..2 {
        samples = samples.saturating_mul(ends[axis].saturating_sub(starts[axis]));
        tiles = tiles.saturating_mul(ends[axis].saturating_sub(first_tile[axis]).div_ceil(tile[axis].max(1)));
    }
    Some((samples.saturating_mul(SAMPLE), tiles))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of a codestream of three components: ends, offsets, tiles and their offsets, across and down.
    fn stream(sizes: [u32; 8]) -> Vec<u8> {
        let words = sizes.iter().flat_map(|word| word.to_be_bytes());
        b"\xff\x4f\xff\x51\0\x2f\0\0".iter().copied().chain(words).chain([0, 3]).collect()
    }

    fn in_box(kind: &[u8; 4], contents: &[u8]) -> Vec<u8> {
        [&(contents.len() as u32 + 8).to_be_bytes(), &kind[..], contents].concat()
    }

    #[test]
    fn all_samples_and_tiles_count() {
        let one = stream([110, 60, 10, 10, 110, 60, 0, 0]);
        assert_eq!(cost(&one), Some(Cost { bytes: 100 * 50 * 3 * 8, lacks_tiles: false }));
        // Of 42 bytes there is room for three tiles.
        assert!(!cost(&stream([3, 1, 0, 0, 1, 1, 0, 0])).unwrap().lacks_tiles);
        assert!(cost(&stream([4, 1, 0, 0, 1, 1, 0, 0])).unwrap().lacks_tiles);
        assert!(cost(&stream([u32::MAX, u32::MAX, 0, 0, 0, 0, 0, 0])).unwrap().lacks_tiles);
    }

    #[test]
    fn no_codestream_hides_behind_another() {
        let (small, large) = (stream([1, 1, 0, 0, 1, 1, 0, 0]), stream([9000, 9000, 0, 0, 1, 1, 0, 0]));
        let mut file = [in_box(b"jP  ", b"\r\n\x87\n"), in_box(b"jp2c", &small), in_box(b"jp2c", &large)].concat();
        assert_eq!(cost(&file), Some(Cost { bytes: 9000 * 9000 * 3 * 8, lacks_tiles: true }));
        // Of a length that is not told, one in 64 bits, and one beyond the end.
        file.truncate(file.len() - large.len() - 8);
        let endless = [&file[..], b"\0\0\0\0jp2c", &large].concat();
        let long = [&file[..], b"\0\0\0\x01jp2c\0\0\0\0\0\0\0\x3a", &large].concat();
        let beyond = [&file[..], b"\x7f\xff\xff\xffjp2c", &large].concat();
        for file in [endless, long, beyond] {
            assert!(cost(&file).unwrap().lacks_tiles);
        }
    }

    #[test]
    fn what_is_cut_short_or_nonsense_costs_nothing() {
        let file = in_box(b"jp2c", &stream([9, 9, 0, 0, 9, 9, 0, 0]));
        for length in 0..file.len() {
            assert_eq!(cost(&file[..length]), None);
        }
        assert_eq!(cost(b"\0\0\0\x04jp2c"), None);
        assert_eq!(cost(b"\0\0\0\x01jp2c\0\0\0\0\0\0\0\x09"), None);
    }
}
