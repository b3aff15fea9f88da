//! Safe wrappers over libjpeg (mozjpeg): the only files of the crate that call it.
//!
//! libjpeg reports a fatal error by calling `error_exit`, which must not return. Ours unwinds through the C frames, which
//! are compiled with unwind tables and own nothing that needs to be released, and every call into the library is made
//! inside [`guard`], which catches it. `resume_unwind` runs no panic hook, so nothing is printed.

#![allow(unsafe_code)]

mod compress;
mod decompress;

pub(super) use compress::Compressor;
pub(super) use decompress::{Decompressor, Source};

use std::{
    any::Any,
    ffi::{CStr, c_char, c_int, c_long},
    mem::transmute,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use mozjpeg_sys::{jpeg_common_struct, jpeg_error_mgr, jpeg_std_error};

/// Sentences kept of one file; a hostile one could give millions.
const MAX_MESSAGES: usize = 16;

/// Longest sentence that the library formats, with its final NUL (`JMSG_LENGTH_MAX`).
const MESSAGE_LEN: usize = 200;

/// Why a call did not return normally.
#[derive(Debug)]
pub(super) enum Failure {
    /// The library gave up; what it said, in order, is in [`Reporter::messages`].
    Library,
    /// The output could not be written.
    Write(std::io::Error),
    /// A panic in one of our own callbacks.
    Panic(String),
}

/// What the unwinding from `error_exit` carries.
struct Abort;

/// Callbacks as they are in C, and as the binding has them: with references in place of the pointers.
type OnCommon = unsafe extern "C-unwind" fn(*mut jpeg_common_struct);
type BoundOnCommon = unsafe extern "C-unwind" fn(&mut jpeg_common_struct);
type OnMessage = unsafe extern "C-unwind" fn(*mut jpeg_common_struct, c_int);
type BoundOnMessage = unsafe extern "C-unwind" fn(&mut jpeg_common_struct, c_int);

/// Collects what the library has to say. The manager comes first, so that a pointer to it is a pointer to the whole.
#[repr(C)]
struct Reporter {
    manager: jpeg_error_mgr,
    messages: Vec<String>,
    /// Warnings after which reading is given up, even when warnings are not failures.
    max_warnings: c_long,
}

impl Reporter {
    /// To be put in place and given to the library as `err`; it must not move after that.
    fn new(max_warnings: c_long) -> Self {
        // SAFETY: the manager is plain data for which all zeroes is valid (its function pointers are options).
        let mut manager: jpeg_error_mgr = unsafe { std::mem::zeroed() };
        // SAFETY: the first only fills in the structure. The library calls the functions with the pointer that it was given:
        // one to a whole compressor or decompressor, which a reference to the part that both have in common would not be.
        unsafe {
            jpeg_std_error(&mut manager);
            manager.error_exit = Some(transmute::<OnCommon, BoundOnCommon>(error_exit));
            manager.emit_message = Some(transmute::<OnMessage, BoundOnMessage>(emit_message));
            manager.output_message = Some(transmute::<OnCommon, BoundOnCommon>(output_message));
        }
        Self { manager, messages: Vec::new(), max_warnings }
    }

    fn push(&mut self, message: impl Into<String>) {
        if self.messages.len() < MAX_MESSAGES {
            self.messages.push(message.into());
        }
    }
}

/// The sentences as the public API shows them: each with its prefix, one to a line.
pub(super) fn sentences<'m>(messages: impl IntoIterator<Item = &'m String>) -> String {
    let lines: Vec<String> = messages.into_iter().map(|message| format!("VipsJpeg: {message}")).collect();
    lines.join("\n")
}

/// Calls into the library; unwinding ends here.
fn guard<R>(call: impl FnOnce() -> R) -> Result<R, Failure> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload: Box<dyn Any + Send>| {
        let payload = match payload.downcast::<Abort>() {
            Ok(_) => return Failure::Library,
            Err(other) => other,
        };
        match payload.downcast::<std::io::Error>() {
            Ok(error) => Failure::Write(*error),
            Err(other) => Failure::Panic(match other.downcast_ref::<&str>() {
                Some(text) => (*text).to_owned(),
                None => "panic in a JPEG callback".to_owned(),
            }),
        }
    })
}

/// Gives up with a sentence of our own.
///
/// # Safety
/// `err` points to a live [`Reporter`], and the caller was called by the library inside [`guard`].
unsafe fn abort_with(err: *mut jpeg_error_mgr, message: &str) -> ! {
    // SAFETY: promised by the caller.
    unsafe { (*err.cast::<Reporter>()).push(message) };
    resume_unwind(Box::new(Abort))
}

/// The library's sentence for the message that is pending in the error manager.
///
/// # Safety
/// `cinfo` is the library's, and its `err` points to a live manager.
unsafe fn pending_message(cinfo: *mut jpeg_common_struct) -> String {
    // The binding types the buffer as a shared reference to 80 bytes; the library writes up to 200.
    type Format = unsafe extern "C-unwind" fn(*mut jpeg_common_struct, *mut c_char);
    let mut buffer = [0u8; MESSAGE_LEN];
    // SAFETY: same C signature, `void (j_common_ptr, char *)`; the buffer has the documented size and the text a NUL.
    unsafe {
        if let Some(format) = (*(*cinfo).err).format_message {
            let format: Format = transmute(format);
            format(cinfo, buffer.as_mut_ptr().cast());
        }
    }
    CStr::from_bytes_until_nul(&buffer).map(|text| text.to_string_lossy().into_owned()).unwrap_or_default()
}

unsafe extern "C-unwind" fn error_exit(cinfo: *mut jpeg_common_struct) {
    // SAFETY: the library calls this with the `err` that we gave it, inside `guard`.
    unsafe {
        let message = pending_message(cinfo);
        abort_with((*cinfo).err, &message)
    }
}

/// Warnings (level −1) are counted; the first is kept, and too many end the reading. Traces are of no interest.
unsafe extern "C-unwind" fn emit_message(cinfo: *mut jpeg_common_struct, level: c_int) {
    if level >= 0 {
        return;
    }
    // SAFETY: the library calls this with the `err` that we gave it, inside `guard`.
    unsafe {
        let reporter = (*cinfo).err.cast::<Reporter>();
        (*reporter).manager.num_warnings = (*reporter).manager.num_warnings.saturating_add(1);
        if (*reporter).manager.num_warnings == 1 {
            let message = pending_message(cinfo);
            (*reporter).push(message);
        } else if (*reporter).manager.num_warnings >= (*reporter).max_warnings {
            error_exit(cinfo);
        }
    }
}

unsafe extern "C-unwind" fn output_message(_: *mut jpeg_common_struct) {}
