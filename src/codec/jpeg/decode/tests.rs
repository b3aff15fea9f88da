//! The decoder against libjpeg: files of all kinds, and bytes that mean nothing in frames of all kinds.

use std::{fs, io::Cursor, path::PathBuf};

use super::{Bytes, Decoder, rows::Rows, tables::standard};
use crate::codec::jpeg::ffi::{Decompressor, Source, sentences};

/// What a decoder makes of a file: rows as far as they go, whether they go to the end, and what it says.
#[derive(PartialEq)]
struct Seen {
    rows: Vec<u8>,
    complete: bool,
    said: String,
    warned: bool,
}

fn ours(bytes: Bytes<'_>, denominator: u32, fail_when_truncated: bool) -> Seen {
    let mut decoder = Decoder::new(bytes, fail_when_truncated, false, &[]);
    let said = |decoder: &Decoder<'_>| (sentences(decoder.messages()), decoder.warned());
    let nothing = |(said, warned)| Seen { rows: Vec::new(), complete: false, said, warned };
    let Ok(info) = decoder.read_header() else { return nothing(said(&decoder)) };
    let mut rows = match Rows::start(decoder, &info, denominator, false) {
        Ok(rows) => rows,
        Err(decoder) => return nothing(said(&decoder)),
    };
    let height = info.height.div_ceil(denominator) as usize;
    let mut all = vec![0; rows.row_samples() * height];
    let complete = all.chunks_exact_mut(rows.row_samples()).all(|row| rows.row(row).is_ok());
    let (said, warned) = said(rows.decoder());
    Seen { rows: all, complete, said, warned }
}

fn libjpegs(bytes: &[u8], denominator: u32, fail_when_truncated: bool) -> Seen {
    let mut decompressor = Decompressor::new(Source::Bytes(bytes), fail_when_truncated, false).unwrap();
    let started = decompressor.read_header().and_then(|()| decompressor.start(denominator, false));
    let mut seen = Seen { rows: Vec::new(), complete: false, said: String::new(), warned: false };
    if let Ok(width) = started {
        let mut row = vec![0; width];
        while decompressor.read_row(&mut row).is_ok() {
            seen.rows.extend_from_slice(&row);
        }
        seen.complete = decompressor.is_complete();
    }
    (seen.said, seen.warned) = (decompressor.messages(), decompressor.warned());
    seen
}

fn compare(bytes: &[u8], what: &str) {
    let is_progressive = bytes.windows(2).any(|marker| marker == [0xff, 0xc2]);
    for denominator in [1, 2, 4, 8] {
        for fail_when_truncated in [false, true] {
            let theirs = libjpegs(bytes, denominator, fail_when_truncated);
            let stream = Bytes::Stream(Box::new(Cursor::new(bytes)));
            for (bytes, from) in [(Bytes::Memory(bytes), "memory"), (stream, "a stream")] {
                let ours = ours(bytes, denominator, fail_when_truncated);
                let what = format!("{what} at 1/{denominator} from {from}");
                // Scans that are passed over may hold damage that nobody sees.
                let passed_over = is_progressive && denominator == 8;
                if passed_over && theirs.warned {
                    continue;
                }
                if !passed_over {
                    assert_eq!(ours.said, theirs.said, "{what}");
                    assert_eq!(ours.warned, theirs.warned, "{what}");
                    assert_eq!(ours.complete, theirs.complete, "{what}");
                }
                if ours.complete && theirs.complete {
                    let different = ours.rows.iter().zip(&theirs.rows).position(|(a, b)| a != b);
                    assert_eq!(different, None, "first sample of {} that differs, {what}", theirs.rows.len());
                    assert_eq!(ours.rows.len(), theirs.rows.len(), "{what}");
                }
            }
        }
    }
}

/// Numbers that are the same for a seed (xorshift64).
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        (0..8).for_each(|_| _ = random.below(2));
        random
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let len = (data.len() as u16 + 2).to_be_bytes();
    [&[0xff, marker], &len[..], data].concat()
}

/// A frame of any kind whose scans have random data: everything that coefficients can be, and damage of all kinds.
fn nonsense(random: &mut Random) -> Vec<u8> {
    let components = random.pick(&[1u8, 2, 3, 3, 3, 4]);
    let progressive = random.below(2) == 1;
    let mut file = vec![0xff, 0xd8];
    if random.below(3) == 0 {
        file.extend(segment(0xee, &[&b"Adobe\0\x64\0\0\0\0"[..], &[random.below(3) as u8]].concat()));
    }
    let most = random.pick(&[2, 20, 255]);
    let table: Vec<u8> = (0..64).map(|_| 1 + random.below(most) as u8).collect();
    file.extend(segment(0xdb, &[&[0][..], &table].concat()));
    let mut frame = vec![8, 0, 1 + random.below(40) as u8, 0, 1 + random.below(60) as u8, components];
    let usual = random.below(2) == 0;
    for component in 0..components {
        let any = (random.below(4) as u8 + 1) << 4 | (random.below(4) as u8 + 1);
        let sampling = match (usual, component) {
            (true, 0 | 3) => random.pick(&[0x11, 0x21, 0x12, 0x22]),
            (true, _) => 0x11,
            (false, _) => any,
        };
        frame.extend([component + 1, sampling, 0]);
    }
    file.extend(segment(if progressive { 0xc2 } else { 0xc0 }, &frame));
    for (class, tables) in standard().iter().enumerate() {
        for (number, table) in tables.iter().enumerate() {
            let count: usize = table.counts[1..].iter().map(|&count| usize::from(count)).sum();
            let head = [(class << 4 | number) as u8];
            file.extend(segment(0xc4, &[&head[..], &table.counts[1..], &table.symbols[..count]].concat()));
        }
    }
    if random.below(3) == 0 {
        file.extend(segment(0xdd, &[0, 1 + random.below(9) as u8]));
    }
    let all: Vec<u8> = (1..=components).collect();
    let mut scans: Vec<(Vec<u8>, [u8; 3])> = Vec::new();
    match (progressive, random.below(3)) {
        (false, 0) => scans.extend(all.iter().map(|&component| (vec![component], [0, 63, 0]))),
        (false, _) => scans.push((all, [0, 63, 0])),
        (true, bands) => {
            scans.push((all.clone(), [0, 0, 1]));
            for &component in &all {
                let split = 1 + random.below(60) as u8;
                scans.push((vec![component], [1, split, 1]));
                scans.push((vec![component], [split + 1, 63, if bands == 0 { 0 } else { 1 }]));
                scans.push((vec![component], [1, split, 0x10]));
            }
            scans.push((all, [0, 0, 0x10]));
            let kept = 1 + random.below(scans.len() as u64) as usize;
            scans.truncate(kept);
        }
    }
    for (components, parameters) in scans {
        let mut header = vec![components.len() as u8];
        components.iter().for_each(|&id| header.extend([id, if id == 1 { 0 } else { 0x11 }]));
        file.extend(segment(0xda, &[&header[..], &parameters].concat()));
        for _ in 0..random.pick(&[3, 60, 800]) {
            match random.below(300) {
                0 => file.extend([0xff, random.pick(&[0xd0, 0xd1, 0xd5, 0xff, 0x02])]),
                _ => file.extend([random.below(255) as u8]),
            }
            if random.below(40) == 0 {
                file.extend([0xff, 0]);
            }
        }
    }
    if random.below(4) > 0 {
        file.extend([0xff, 0xd9]);
    }
    file
}

#[test]
fn nonsense_is_read_as_libjpeg_reads_it() {
    for seed in 0..400 {
        compare(&nonsense(&mut Random::new(seed)), &format!("seed {seed}"));
    }
}

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "__test__", "fixtures"].iter().collect();
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "jpg") {
            files.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    files
}

#[test]
fn files_are_read_as_libjpeg_reads_them() {
    let files = fixtures();
    assert!(files.len() > 20);
    files.iter().for_each(|(name, bytes)| compare(bytes, name));
}

#[test]
fn damaged_files_are_read_as_libjpeg_reads_them() {
    for (number, (name, bytes)) in
        fixtures().iter().enumerate().filter(|(_, (_, bytes))| (100..30_000).contains(&bytes.len()))
    {
        let mut random = Random::new(number as u64);
        let scan = bytes.windows(2).position(|marker| marker == [0xff, 0xda]).unwrap_or(2);
        for attempt in 0..4 {
            let mut bytes = bytes.clone();
            let at = scan + random.below((bytes.len() - scan) as u64) as usize;
            match random.below(4) {
                0 => bytes.truncate(at),
                1 => bytes[at] ^= 1 << random.below(8),
                2 => drop(bytes.splice(at..at, [0xff, random.pick(&[0xd0, 0xd6, 0xd9, 0x01, 0xff])])),
                _ => drop(bytes.drain(at..bytes.len().min(at + 9))),
            }
            compare(&bytes, &format!("{name}, attempt {attempt}"));
        }
    }
}

#[test]
fn markers_and_fill_bytes_within_data_are_read_as_libjpeg_reads_them() {
    for (number, (name, bytes)) in
        fixtures().iter().enumerate().filter(|(_, (_, bytes))| (4_000..12_000).contains(&bytes.len()))
    {
        let mut random = Random::new(number as u64);
        let scan = bytes.windows(2).position(|marker| marker == [0xff, 0xda]).unwrap_or(2);
        for inserted in [&[0xff, 0xff, 0][..], &[0xff, 0xff, 0xff, 0], &[0xff, 0x2e], &[0xff, 0xff, 0xd9]] {
            let mut bytes = bytes.clone();
            let at = scan + 14 + random.below((bytes.len() - scan) as u64 / 2) as usize;
            bytes.splice(at..at, inserted.iter().copied());
            compare(&bytes, &format!("{name}, {inserted:x?} at {at}"));
        }
    }
}

#[test]
fn rows_that_are_skipped_change_nothing_in_the_others() {
    for seed in 0..60 {
        let file = nonsense(&mut Random::new(seed));
        for denominator in [1, 4] {
            let whole = ours(Bytes::Memory(&file), denominator, false);
            let mut decoder = Decoder::new(Bytes::Memory(&file), false, false, &[]);
            let Ok(info) = decoder.read_header() else { continue };
            let Ok(mut rows) = Rows::start(decoder, &info, denominator, false) else { continue };
            let mut row = vec![0; rows.row_samples()];
            for expected in whole.rows.chunks_exact(4 * row.len()) {
                rows.skip(3);
                if rows.row(&mut row).is_err() {
                    assert!(!whole.complete);
                    break;
                }
                assert_eq!(row, expected[3 * row.len()..], "seed {seed} at 1/{denominator}");
            }
        }
    }
}
