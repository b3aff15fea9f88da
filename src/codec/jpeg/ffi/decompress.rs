//! Reading of what our own decoder does not know: from bytes or a stream to a header, then scanlines.

use std::{
    ffi::{c_long, c_uint},
    marker::PhantomData,
    mem::{transmute, zeroed},
    ptr::{NonNull, addr_of, addr_of_mut},
};

use mozjpeg_sys::{
    JDIMENSION, boolean, jpeg_calc_output_dimensions, jpeg_common_struct, jpeg_create_decompress,
    jpeg_decompress_struct, jpeg_destroy_decompress, jpeg_error_mgr, jpeg_progress_mgr, jpeg_read_header,
    jpeg_read_scanlines, jpeg_resync_to_restart, jpeg_skip_scanlines, jpeg_source_mgr, jpeg_start_decompress,
};

use super::{Abort, BoundOnCommon, Failure, OnCommon, Reporter, abort_with, guard, sentences};
use crate::codec::Reader;

/// What an exhausted input is continued with, so that the library can finish the image with grey.
static END_OF_IMAGE: [u8; 2] = [0xff, 0xd9];

/// Warnings in one file after which it is not worth reading on.
const MAX_WARNINGS: c_long = 100;

/// Scans that any file may have. Encoders write about ten, the format allows some hundreds.
const FREE_SCANS: u64 = 100;

/// Blocks that the scans beyond [`FREE_SCANS`] may visit together, some seconds of work. Each scan visits all blocks of
/// the image however few bytes it has, so a small file could otherwise keep a processor busy for hours.
const MAX_EXTRA_BLOCKS: u64 = 1 << 26;

/// Blocks, of 128 bytes, above which a progressive file with a warning is not read on only to hear more of its damage.
const LARGE: u64 = 1 << 20;

/// Where the bytes are.
pub(in super::super) enum Source<'a> {
    Bytes(&'a [u8]),
    Stream(Box<dyn Reader + 'a>),
}

/// Feeds the library. The manager comes first, so that a pointer to it is a pointer to the whole.
#[repr(C)]
struct Feed<'a> {
    manager: jpeg_source_mgr,
    source: Source<'a>,
    /// Bytes of the stream's buffer that the library was given.
    lent: usize,
    /// Whether running out of bytes is a failure.
    fail_when_truncated: bool,
    /// Whether the bytes have run out.
    ended: bool,
}

/// Watches the scans of a progressive file. The manager comes first, as above.
#[repr(C)]
struct ScanWatch {
    manager: jpeg_progress_mgr,
    blocks: u64,
    unlimited: bool,
    /// Whether a warning ends the reading of scans: it will be a failure anyway, and what remains may be long and large.
    stop_on_warning: bool,
}

struct State<'a> {
    cinfo: jpeg_decompress_struct,
    reporter: Reporter,
    feed: Feed<'a>,
    watch: ScanWatch,
}

/// One JPEG file being read. Calls go in this order: [`read_header`](Self::read_header), [`start`](Self::start), then
/// rows. After a failure only [`messages`](Self::messages) and dropping are of use.
pub(in super::super) struct Decompressor<'a> {
    /// From `Box::into_raw`: the library keeps pointers into it, so no reference to the whole may be made.
    state: NonNull<State<'a>>,
    /// Samples in a row and rows of the output, known after `start`.
    row_samples: usize,
    height: u32,
    next: u32,
    failed: bool,
    lifetime: PhantomData<State<'a>>,
}

// SAFETY: the state is owned by this value alone, libjpeg has no thread affinity, and `Reader` is `Send`.
unsafe impl Send for Decompressor<'_> {}

impl<'a> Decompressor<'a> {
    /// `fail_when_truncated`: whether running out of bytes is a failure, or the rest is filled in. `unlimited` lifts the
    /// limits on warnings and scans.
    pub(in super::super) fn new(
        source: Source<'a>,
        fail_when_truncated: bool,
        unlimited: bool,
    ) -> Result<Self, Failure> {
        // SAFETY: C structures for which all zeroes is valid: numbers, null pointers, options, first enum variants.
        let (cinfo, source_manager, progress_manager) = unsafe { (zeroed(), zeroed(), zeroed()) };
        let max_warnings = if unlimited { c_long::MAX } else { MAX_WARNINGS };
        let state = Box::into_raw(Box::new(State {
            cinfo,
            reporter: Reporter::new(max_warnings),
            feed: Feed { manager: source_manager, source, lent: 0, fail_when_truncated, ended: false },
            watch: ScanWatch { manager: progress_manager, blocks: 0, unlimited, stop_on_warning: false },
        }));
        // SAFETY: `state` is a live allocation that only the returned value owns; the pointers given to the library
        // stay valid until it is destroyed in `drop`.
        unsafe {
            let this = Self {
                state: NonNull::new_unchecked(state),
                row_samples: 0,
                height: 0,
                next: 0,
                failed: false,
                lifetime: PhantomData,
            };
            let cinfo = addr_of_mut!((*state).cinfo);
            let err = addr_of_mut!((*state).reporter).cast::<jpeg_error_mgr>();
            (*cinfo).common.err = err;
            guard(|| jpeg_create_decompress(cinfo))?;
            let feed = addr_of_mut!((*state).feed);
            (*feed).manager.init_source = Some(init_source);
            (*feed).manager.fill_input_buffer = Some(fill_input_buffer);
            (*feed).manager.skip_input_data = Some(skip_input_data);
            (*feed).manager.resync_to_restart = Some(jpeg_resync_to_restart);
            (*feed).manager.term_source = Some(term_source);
            if let Source::Bytes(bytes) = (*feed).source {
                (*feed).manager.next_input_byte = bytes.as_ptr();
                (*feed).manager.bytes_in_buffer = bytes.len();
            }
            (*cinfo).src = feed.cast();
            let watch = addr_of_mut!((*state).watch);
            (*watch).manager.progress_monitor = Some(transmute::<OnCommon, BoundOnCommon>(watch_scans));
            (*cinfo).common.progress = watch.cast();
            Ok(this)
        }
    }

    /// Runs a call into the library and remembers whether it failed.
    fn call<R>(&mut self, call: impl FnOnce(&mut jpeg_decompress_struct) -> R) -> Result<R, Failure> {
        if self.failed {
            return Err(Failure::Library);
        }
        // SAFETY: the state lives as long as `self`; this is the only reference to its `cinfo`, the callbacks get theirs
        // from the library, derived from this one.
        let cinfo = unsafe { &mut (*self.state.as_ptr()).cinfo };
        let result = guard(|| call(cinfo));
        self.failed = result.is_err();
        result
    }

    /// Reads up to the first scan.
    pub(in super::super) fn read_header(&mut self) -> Result<(), Failure> {
        // SAFETY: `cinfo` was created and has a source.
        self.call(|cinfo| unsafe { jpeg_read_header(cinfo, 1) })?;
        Ok(())
    }

    /// Begins decoding at 1/`denominator` of the size (1, 2, 4, 8), rounded up; gives the samples in a row.
    /// A progressive file is read whole by this, or, when it is large and a warning is
    /// a failure, up to the first.
    pub(in super::super) fn start(&mut self, denominator: u32, fail_on_warning: bool) -> Result<usize, Failure> {
        let blocks = self.call(|cinfo| {
            cinfo.scale_num = 1;
            cinfo.scale_denom = denominator as c_uint;
            // SAFETY: the header was read; component pointers are valid.
            unsafe {
                jpeg_calc_output_dimensions(cinfo);
                let components = std::slice::from_raw_parts(cinfo.comp_info, cinfo.num_components.max(0) as usize);
                components.iter().map(|c| u64::from(c.width_in_blocks) * u64::from(c.height_in_blocks)).sum::<u64>()
            }
        })?;
        // SAFETY: the state is alive, and no reference into it is.
        unsafe {
            (*self.state.as_ptr()).watch.blocks = blocks;
            (*self.state.as_ptr()).watch.stop_on_warning = fail_on_warning && blocks > LARGE;
        }
        let (width, height, channels) = self.call(|cinfo| {
            // SAFETY: the header was read.
            unsafe { jpeg_start_decompress(cinfo) };
            (cinfo.output_width, cinfo.output_height, cinfo.output_components)
        })?;
        // SAFETY: as above. From here on the caller decides when to look at warnings.
        unsafe { (*self.state.as_ptr()).watch.stop_on_warning = false };
        self.row_samples = width as usize * usize::try_from(channels).unwrap_or(0);
        self.height = height;
        Ok(self.row_samples)
    }

    /// Decodes the next row of width × channels samples; anything else is refused.
    pub(in super::super) fn read_row(&mut self, row: &mut [u8]) -> Result<(), Failure> {
        if row.len() != self.row_samples || self.next >= self.height {
            return Err(Failure::Panic("row of the wrong size".to_owned()));
        }
        let mut rows = [row.as_mut_ptr()];
        // SAFETY: decoding was started (the height is not 0), and the row has as many samples as the library writes.
        let read = self.call(|cinfo| unsafe { jpeg_read_scanlines(cinfo, rows.as_mut_ptr(), 1) })?;
        if read != 1 {
            self.failed = true;
            return Err(Failure::Library);
        }
        self.next += 1;
        Ok(())
    }

    /// Passes over rows without computing their pixels.
    pub(in super::super) fn skip_rows(&mut self, count: u32) -> Result<(), Failure> {
        let count = count.min(self.height - self.next);
        if count > 0 {
            // SAFETY: decoding was started (there are rows left).
            self.call(|cinfo| unsafe { jpeg_skip_scanlines(cinfo, count as JDIMENSION) })?;
            self.next += count;
        }
        Ok(())
    }

    /// Whether all rows were read.
    #[cfg(test)]
    pub(in super::super) fn is_complete(&self) -> bool {
        !self.failed && self.next == self.height
    }

    /// Whether the library has found anything to be damaged so far.
    pub(in super::super) fn warned(&self) -> bool {
        self.warnings() > 0
    }

    /// How often the library has found something to be damaged so far.
    pub(in super::super) fn warnings(&self) -> c_long {
        // SAFETY: the state is alive, and no reference into it is.
        unsafe { (*self.state.as_ptr()).reporter.manager.num_warnings }
    }

    /// What the library has said so far, in the public API's form.
    pub(in super::super) fn messages(&self) -> String {
        // SAFETY: as above.
        sentences(unsafe { &(*addr_of!((*self.state.as_ptr()).reporter)).messages })
    }
}

impl Drop for Decompressor<'_> {
    fn drop(&mut self) {
        // SAFETY: the state came from `Box::into_raw` and is released once; destroying is allowed in every state,
        // including one that was created only partly or left by unwinding.
        unsafe {
            let state = self.state.as_ptr();
            let cinfo = &mut (*state).cinfo;
            // Destroying only frees; were it to unwind, leaking is the safe answer.
            if guard(|| jpeg_destroy_decompress(cinfo)).is_ok() {
                drop(Box::from_raw(state));
            }
        }
    }
}

unsafe extern "C-unwind" fn init_source(_: &mut jpeg_decompress_struct) {}

unsafe extern "C-unwind" fn term_source(_: &mut jpeg_decompress_struct) {}

unsafe extern "C-unwind" fn fill_input_buffer(cinfo: &mut jpeg_decompress_struct) -> boolean {
    // SAFETY: `src` is the feed that `new` put there, and the library calls this inside `guard`. The stream's buffer stays
    // where it is until the stream is used again, which only this function does.
    unsafe {
        let feed = cinfo.src.cast::<Feed<'_>>();
        let mut more: &[u8] = &[];
        if let Source::Stream(reader) = &mut (*feed).source {
            reader.consume((*feed).lent);
            match reader.fill_buf() {
                Ok(buffer) => more = &*std::ptr::from_ref(buffer),
                Err(_) => abort_with(cinfo.common.err, "Input file read error"),
            }
            (*feed).lent = more.len();
        }
        if more.is_empty() {
            if !(*feed).ended {
                (*feed).ended = true;
                (*cinfo.common.err.cast::<Reporter>()).push("premature end of JPEG image");
            }
            if (*feed).fail_when_truncated {
                std::panic::resume_unwind(Box::new(Abort));
            }
            more = &END_OF_IMAGE;
        }
        (*feed).manager.next_input_byte = more.as_ptr();
        (*feed).manager.bytes_in_buffer = more.len();
    }
    1
}

unsafe extern "C-unwind" fn skip_input_data(cinfo: &mut jpeg_decompress_struct, count: c_long) {
    let Ok(mut count) = usize::try_from(count) else { return };
    // SAFETY: as in `fill_input_buffer`; the pointer moves within the bytes it was given with.
    unsafe {
        let manager = cinfo.src;
        while count > (*manager).bytes_in_buffer {
            count -= (*manager).bytes_in_buffer;
            fill_input_buffer(cinfo);
            if (*manager.cast::<Feed<'_>>()).ended {
                return;
            }
        }
        (*manager).next_input_byte = (*manager).next_input_byte.add(count);
        (*manager).bytes_in_buffer -= count;
    }
}

/// Called for every row of blocks while the scans of a progressive file are read.
unsafe extern "C-unwind" fn watch_scans(common: *mut jpeg_common_struct) {
    // SAFETY: the pointer is that to the decompressor, which begins with the common part; `progress` is the watch that `new`
    // put there.
    unsafe {
        let (watch, err) = ((*common).progress.cast::<ScanWatch>(), (*common).err);
        if (*watch).stop_on_warning && (*err).num_warnings > 0 {
            std::panic::resume_unwind(Box::new(Abort));
        }
        if (*watch).unlimited {
            return;
        }
        let blocks = (*watch).blocks;
        let cinfo = common.cast::<jpeg_decompress_struct>();
        let scans = u64::try_from((*cinfo).input_scan_number).unwrap_or(0);
        if scans > FREE_SCANS && (scans - FREE_SCANS).saturating_mul(blocks) > MAX_EXTRA_BLOCKS {
            abort_with(err, "too many scans");
        }
    }
}
