//! Puts our Huffman coder in the place of the library's.
//!
//! The library's modules call each other through tables of functions. For a sequential file its entropy coder is asked
//! once for each MCU, and once at the end; these two functions are exchanged after the library has set them up for an
//! ordinary scan with the standard tables.

use std::ffi::c_int;

use mozjpeg_sys::{JBLOCKROW, boolean, jpeg_compress_struct};

use super::{
    abort_with,
    compress::{BUFFER, Sink, init_destination},
};
use crate::codec::jpeg::huffman::HuffmanCoder;

/// The library's table of an entropy coder's functions (`jpegint.h`).
#[repr(C)]
struct EntropyEncoder {
    start_pass: Option<unsafe extern "C-unwind" fn(cinfo: &mut jpeg_compress_struct, gather: boolean)>,
    encode_mcu:
        Option<unsafe extern "C-unwind" fn(cinfo: &mut jpeg_compress_struct, blocks: *mut JBLOCKROW) -> boolean>,
    finish_pass: Option<unsafe extern "C-unwind" fn(cinfo: &mut jpeg_compress_struct)>,
}

/// The last fields of the compressor's structure, which the binding hides.
#[repr(C)]
struct Tail {
    entropy: *mut EntropyEncoder,
    script_space: *mut (),
    script_space_size: c_int,
}

/// On other targets the padding at the end of the structure would have to be looked at.
pub(super) const AVAILABLE: bool = cfg!(target_pointer_width = "64");

/// # Safety
/// Compression was started with standard tables and not progressive, no row was written, and `dest` is a [`Sink`] with a
/// coder.
pub(super) unsafe fn install(cinfo: &mut jpeg_compress_struct) {
    const { assert!(size_of::<jpeg_compress_struct>().is_multiple_of(align_of::<Tail>())) };
    let offset = size_of::<jpeg_compress_struct>() - size_of::<Tail>();
    // SAFETY: `Tail` mirrors the structure's end, within it and aligned; the coder's table is the library's own, made
    // when compression was started. A test compares the result with that of the library's coder.
    unsafe {
        let tail = std::ptr::from_mut(cinfo).byte_add(offset).cast::<Tail>();
        let encoder = (*tail).entropy;
        (*encoder).encode_mcu = Some(encode_mcu);
        (*encoder).finish_pass = Some(finish_pass);
    }
}

unsafe extern "C-unwind" fn encode_mcu(cinfo: &mut jpeg_compress_struct, blocks: *mut JBLOCKROW) -> boolean {
    // SAFETY: `dest` is a sink (see `install`); the library passes as many blocks as an MCU has, which is how the coder
    // was made.
    unsafe {
        let sink = &mut *cinfo.dest.cast::<Sink<'_>>();
        let Some(coder) = &mut sink.coder else { abort_with(&mut cinfo.common, "no coder") };
        for position in 0..coder.mcu_blocks() {
            let block = &**blocks.add(position);
            if let Err(error) = coder.push(position, block) {
                abort_with(&mut cinfo.common, &error.to_string());
            }
        }
    }
    1
}

/// The buffer holds the frame's and the scan's header with the standard tables: ours take their place, then comes the scan.
unsafe extern "C-unwind" fn finish_pass(cinfo: &mut jpeg_compress_struct) {
    // SAFETY: `dest` is a sink (see `install`), inside `guard`.
    unsafe {
        let sink = &mut *cinfo.dest.cast::<Sink<'_>>();
        let used = BUFFER.saturating_sub(sink.manager.free_in_buffer);
        let written = match (&sink.coder, sink.buffer.get(..used)) {
            (Some(coder), Some(header)) => write_scan(coder, header, sink.out),
            _ => abort_with(&mut cinfo.common, "no coder"),
        };
        if let Err(error) = written {
            std::panic::resume_unwind(Box::new(error));
        }
        init_destination(cinfo);
    }
}

fn write_scan(coder: &HuffmanCoder, header: &[u8], out: &mut dyn std::io::Write) -> std::io::Result<()> {
    const DHT: u8 = 0xc4;
    const SOS: u8 = 0xda;
    let (tables, codes) = coder.tables();
    let mut rest = header;
    while let [0xff, marker, high, low, ..] = *rest {
        let len = (2 + usize::from(u16::from_be_bytes([high, low]))).min(rest.len());
        let (segment, next) = rest.split_at(len);
        if marker == SOS {
            out.write_all(&tables)?;
        }
        if marker != DHT {
            out.write_all(segment)?;
        }
        rest = next;
    }
    coder.write(&codes, out)
}
