//! Our decoder beside the library's: the same pixels, warnings and errors, and the same state in between.

use std::{
    cell::Cell,
    ffi::c_ulong,
    io::{BufReader, Cursor},
    mem::zeroed,
};

use mozjpeg_sys::{
    J_COLOR_SPACE, J_INT_PARAM, JINT_COMPRESS_PROFILE_VALUE, jpeg_c_set_int_param, jpeg_compress_struct,
    jpeg_create_compress, jpeg_destroy_compress, jpeg_finish_compress, jpeg_mem_dest, jpeg_set_defaults,
    jpeg_set_quality, jpeg_start_compress, jpeg_write_scanlines,
};

use super::{BitState, views};
use crate::codec::jpeg::ffi::{Decompressor, Failure, Reporter, Source};

thread_local! {
    /// Leaves the library's decoder in place, for comparison.
    pub(super) static LIBRARY_ONLY: Cell<bool> = const { Cell::new(false) };
}

#[derive(Debug, Clone, Copy)]
struct Kind {
    components: usize,
    /// Of the first component.
    sampling: (i32, i32),
    restart_interval: u32,
    optimised: bool,
    quality: i32,
}

const PLAIN: Kind = Kind { components: 3, sampling: (2, 2), restart_interval: 0, optimised: false, quality: 90 };

const KINDS: [Kind; 10] = [
    PLAIN,
    Kind { optimised: true, quality: 100, ..PLAIN },
    Kind { sampling: (1, 1), optimised: true, ..PLAIN },
    Kind { sampling: (2, 1), quality: 30, ..PLAIN },
    Kind { sampling: (1, 2), restart_interval: 7, ..PLAIN },
    Kind { sampling: (4, 2), quality: 97, ..PLAIN },
    Kind { components: 1, sampling: (1, 1), optimised: true, ..PLAIN },
    Kind { components: 4, sampling: (1, 1), quality: 100, ..PLAIN },
    Kind { restart_interval: 1, quality: 98, ..PLAIN },
    Kind { restart_interval: 4, optimised: true, quality: 100, ..PLAIN },
];

/// A different number each time.
fn random(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

fn encode(kind: Kind, width: u32, height: u32) -> Vec<u8> {
    let mut reporter = Reporter::new(1);
    let (mut bytes, mut len): (*mut u8, c_ulong) = (std::ptr::null_mut(), 0);
    let mut seed = 1;
    // SAFETY: the library's own order of calls; the structures and rows outlive it, the result is copied before it is
    // left to the process.
    unsafe {
        let mut cinfo: jpeg_compress_struct = zeroed();
        cinfo.common.err = (&raw mut reporter).cast();
        jpeg_create_compress(&mut cinfo);
        jpeg_mem_dest(&mut cinfo, &mut bytes, &mut len);
        (cinfo.image_width, cinfo.image_height, cinfo.input_components) = (width, height, kind.components as i32);
        cinfo.in_color_space = match kind.components {
            1 => J_COLOR_SPACE::JCS_GRAYSCALE,
            3 => J_COLOR_SPACE::JCS_RGB,
            _ => J_COLOR_SPACE::JCS_CMYK,
        };
        let fastest = JINT_COMPRESS_PROFILE_VALUE::JCP_FASTEST as i32;
        jpeg_c_set_int_param(&mut cinfo, J_INT_PARAM::JINT_COMPRESS_PROFILE, fastest);
        jpeg_set_defaults(&mut cinfo);
        jpeg_set_quality(&mut cinfo, kind.quality, 1);
        cinfo.optimize_coding = kind.optimised.into();
        cinfo.restart_interval = kind.restart_interval;
        (*cinfo.comp_info).h_samp_factor = kind.sampling.0;
        (*cinfo.comp_info).v_samp_factor = kind.sampling.1;
        jpeg_start_compress(&mut cinfo, 1);
        for y in 0..height {
            let sample = |at: u32| {
                let x = at / kind.components as u32;
                // Noise in one half, a slope in the other.
                let noise = if x < width / 2 { random(&mut seed) % 200 } else { 0 };
                (u64::from(x * 90 / width + y * 60 / height) + noise) as u8
            };
            let row: Vec<u8> = (0..width * kind.components as u32).map(sample).collect();
            jpeg_write_scanlines(&mut cinfo, [row.as_ptr()].as_ptr(), 1);
        }
        jpeg_finish_compress(&mut cinfo);
        jpeg_destroy_compress(&mut cinfo);
        std::slice::from_raw_parts(bytes, len as usize).to_vec()
    }
}

/// How a file is read.
#[derive(Debug, Clone, Copy)]
struct Way {
    denominator: u32,
    fail_when_truncated: bool,
    /// Bytes of the stream's buffer, if it is a stream.
    stream: Option<usize>,
    /// Read this many rows, skip as many, and so on.
    stride: u32,
}

const WHOLE: Way = Way { denominator: 1, fail_when_truncated: false, stream: None, stride: u32::MAX };

/// What can be seen after a row.
struct Step {
    row: Vec<u8>,
    state: State,
}

#[derive(Debug, PartialEq)]
struct State {
    warnings: i64,
    bytes_in_buffer: usize,
    unused: BitState,
    unread_marker: i32,
    last_dc: Vec<i32>,
}

fn step(decoder: &Decompressor<'_>, row: &[u8]) -> Step {
    // SAFETY: decoding was started, so all of this is there.
    unsafe {
        let cinfo = decoder.raw();
        let (_, scan) = views(cinfo);
        let entropy = (*scan).entropy;
        let BitState { buffer, left } = (*entropy).unused;
        let unused = buffer & 1u64.checked_shl(left as u32).unwrap_or(0).wrapping_sub(1);
        let state = State {
            warnings: (*(*cinfo).common.err).num_warnings,
            bytes_in_buffer: (*(*cinfo).src).bytes_in_buffer,
            unused: BitState { buffer: unused, left },
            unread_marker: (*scan).unread_marker,
            last_dc: (&(*entropy).last_dc)[..(*scan).comps_in_scan as usize].to_vec(),
        };
        Step { row: row.to_vec(), state }
    }
}

/// All steps, all messages, whether it came to the end, and whether our decoder was there.
fn decode(file: &[u8], way: Way, library_only: bool) -> (Vec<Step>, String, bool, bool) {
    LIBRARY_ONLY.set(library_only);
    let source = match way.stream {
        Some(buffer) => Source::Stream(Box::new(BufReader::with_capacity(buffer, Cursor::new(file)))),
        None => Source::Bytes(file),
    };
    let mut decoder = Decompressor::new(source, way.fail_when_truncated, false).unwrap();
    let mut steps = Vec::new();
    let mut installed = false;
    let end = (|| -> Result<(), Failure> {
        let info = decoder.read_header(false)?;
        if info.width * info.height > 1 << 18 {
            return Ok(());
        }
        let mut row = vec![0; decoder.start(way.denominator, false)?];
        // SAFETY: decoding was started.
        installed = unsafe { (*(*decoder.raw()).src.cast::<super::Feed<'_>>()).scan.is_some() };
        // SAFETY: the same.
        for y in 0..unsafe { (*decoder.raw()).output_height } {
            if (y / way.stride).is_multiple_of(2) {
                decoder.read_row(&mut row)?;
            } else {
                decoder.skip_rows(1)?;
            }
            steps.push(step(&decoder, &row));
        }
        Ok(())
    })();
    (steps, decoder.messages(), end.is_ok(), installed)
}

fn compare(file: &[u8], way: Way, what: &dyn std::fmt::Debug) {
    let (library, library_messages, library_end, _) = decode(file, way, true);
    let (ours, messages, end, _) = decode(file, way, false);
    for (y, (ours, library)) in ours.iter().zip(&library).enumerate() {
        assert!(ours.row == library.row, "{what:?} {way:?}: pixels of row {y}");
        assert_eq!(ours.state, library.state, "{what:?} {way:?} row {y}");
    }
    assert_eq!((messages, end, ours.len()), (library_messages, library_end, library.len()), "{what:?} {way:?}");
}

/// Where the entropy-coded data begin.
fn scan_start(file: &[u8]) -> usize {
    let start = file.windows(2).position(|bytes| bytes == [0xff, 0xda]).unwrap();
    start + 2 + usize::from(u16::from_be_bytes([file[start + 2], file[start + 3]]))
}

#[test]
fn it_is_in_place_for_baseline_files() {
    for kind in KINDS {
        let (steps, messages, end, installed) = decode(&encode(kind, 40, 40), WHOLE, false);
        assert!(installed && end && messages.is_empty() && steps.len() == 40, "{kind:?} {messages}");
    }
}

#[test]
fn healthy_files_decode_the_same() {
    for kind in KINDS {
        let file = encode(kind, 203, 157);
        for denominator in [1, 2, 4, 8] {
            for stream in [None, Some(7), Some(1000), Some(8000)] {
                for stride in [u32::MAX, 20] {
                    compare(&file, Way { denominator, stream, stride, ..WHOLE }, &kind);
                }
            }
        }
    }
}

#[test]
fn cut_files_decode_the_same() {
    for kind in KINDS {
        let file = encode(kind, 90, 50);
        for end in (scan_start(&file)..file.len()).step_by(if cfg!(debug_assertions) { 5 } else { 1 }) {
            compare(&file[..end], WHOLE, &kind);
            compare(&file[..end], Way { denominator: 8, fail_when_truncated: true, ..WHOLE }, &kind);
            compare(&file[..end], Way { denominator: 2, stream: Some(5000), ..WHOLE }, &kind);
        }
    }
}

#[test]
fn damaged_files_decode_the_same() {
    let mut seed = 0x9e37_79b9;
    for kind in KINDS {
        let file = encode(kind, 150, 90);
        let start = scan_start(&file);
        for round in 0..if cfg!(debug_assertions) { 100 } else { 20_000 } {
            let mut damaged = file.clone();
            for _ in 0..1 + random(&mut seed) % 4 {
                let at = start + random(&mut seed) as usize % (damaged.len() - start);
                match random(&mut seed) % 5 {
                    0 => damaged[at] = 0xff,
                    1 => damaged[at] = 0,
                    2 => damaged[at] = random(&mut seed) as u8,
                    3 => drop(damaged.splice(at..at, [0xff, 0xd0 + (random(&mut seed) % 8) as u8])),
                    _ => {
                        let end = at + random(&mut seed) as usize % 300;
                        damaged.drain(at..end.min(damaged.len()));
                    }
                }
                if damaged.len() < start + 16 {
                    break;
                }
            }
            let way = match round % 4 {
                0 => WHOLE,
                1 => Way { denominator: 8, ..WHOLE },
                2 => Way { denominator: 2, stream: Some(3000 + round % 2000), fail_when_truncated: true, stride: 9 },
                _ => Way { stream: Some(100), ..WHOLE },
            };
            compare(&damaged, way, &(kind, round));
        }
    }
}

#[test]
fn damaged_tables_decode_the_same() {
    let mut seed = 77;
    for kind in KINDS {
        let file = encode(kind, 64, 48);
        let start = scan_start(&file);
        for round in 0..if cfg!(debug_assertions) { 200 } else { 20_000 } {
            let mut damaged = file.clone();
            for _ in 0..1 + random(&mut seed) % 2 {
                damaged[2 + random(&mut seed) as usize % (start - 2)] = random(&mut seed) as u8;
            }
            compare(&damaged, WHOLE, &(kind, round));
        }
    }
}
