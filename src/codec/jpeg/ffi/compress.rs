//! Writing: settings, metadata segments, scanlines, to any writer.

use std::{
    ffi::{c_int, c_long, c_uint},
    io::Write,
    marker::PhantomData,
    mem::zeroed,
    panic::resume_unwind,
    ptr::{NonNull, addr_of, addr_of_mut},
};

use mozjpeg_sys::{
    J_BOOLEAN_PARAM, J_COLOR_SPACE, J_INT_PARAM, JINT_COMPRESS_PROFILE_VALUE, boolean, jpeg_c_set_bool_param,
    jpeg_c_set_int_param, jpeg_compress_struct, jpeg_create_compress, jpeg_destination_mgr, jpeg_destroy_compress,
    jpeg_error_mgr, jpeg_finish_compress, jpeg_set_defaults, jpeg_set_quality, jpeg_simple_progression,
    jpeg_start_compress, jpeg_write_marker, jpeg_write_scanlines,
};

use super::{Failure, Reporter, guard, sentences};
use crate::codec::jpeg::{
    ChromaSubsampling,
    encode::{Layout, Settings},
};

/// Output is handed on in pieces of this many bytes.
const BUFFER: usize = 16 * 1024;

/// Takes the output. The manager comes first, so that a pointer to it is a pointer to the whole.
#[repr(C)]
struct Sink<'a> {
    manager: jpeg_destination_mgr,
    buffer: Vec<u8>,
    out: &'a mut dyn Write,
}

struct State<'a> {
    cinfo: jpeg_compress_struct,
    reporter: Reporter,
    sink: Sink<'a>,
}

/// One JPEG file being written: [`start`](Self::start), markers, rows, [`finish`](Self::finish).
pub(in super::super) struct Compressor<'a> {
    /// From `Box::into_raw`: the library keeps pointers into it, so no reference to the whole may be made.
    state: NonNull<State<'a>>,
    row_samples: usize,
    rows_left: u32,
    failed: bool,
    lifetime: PhantomData<State<'a>>,
}

impl<'a> Compressor<'a> {
    pub(in super::super) fn new(out: &'a mut dyn Write) -> Result<Self, Failure> {
        // SAFETY: C structures for which all zeroes is valid: numbers, null pointers, options, first enum variants.
        let (cinfo, manager) = unsafe { (zeroed(), zeroed()) };
        let state = Box::into_raw(Box::new(State {
            cinfo,
            reporter: Reporter::new(c_long::MAX),
            sink: Sink { manager, buffer: vec![0; BUFFER], out },
        }));
        // SAFETY: `state` is a live allocation that only the returned value owns; the pointers given to the library
        // stay valid until it is destroyed in `drop`.
        unsafe {
            let this = Self {
                state: NonNull::new_unchecked(state),
                row_samples: 0,
                rows_left: 0,
                failed: false,
                lifetime: PhantomData,
            };
            let cinfo = addr_of_mut!((*state).cinfo);
            let err = addr_of_mut!((*state).reporter).cast::<jpeg_error_mgr>();
            (*cinfo).common.err = err;
            guard(|| jpeg_create_compress(cinfo))?;
            let sink = addr_of_mut!((*state).sink);
            (*sink).manager.init_destination = Some(init_destination);
            (*sink).manager.empty_output_buffer = Some(empty_output_buffer);
            (*sink).manager.term_destination = Some(term_destination);
            (*cinfo).dest = sink.cast();
            Ok(this)
        }
    }

    /// Runs a call into the library and remembers whether it failed.
    fn call<R>(&mut self, call: impl FnOnce(&mut jpeg_compress_struct) -> R) -> Result<R, Failure> {
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

    /// Writes the file's first bytes. Metadata and rows follow.
    pub(in super::super) fn start(&mut self, settings: &Settings) -> Result<(), Failure> {
        self.call(|cinfo| {
            // SAFETY: `cinfo` was created and has a destination.
            unsafe {
                configure(cinfo, settings);
                jpeg_start_compress(cinfo, 1);
            }
        })?;
        self.row_samples = settings.width as usize * settings.layout.channels();
        self.rows_left = settings.height;
        Ok(())
    }

    /// Writes a segment; at most 65533 bytes.
    pub(in super::super) fn write_marker(&mut self, marker: u8, data: &[u8]) -> Result<(), Failure> {
        self.call(|cinfo| {
            // SAFETY: pointer and length are those of `data`; a wrong length or moment is an error of the library.
            unsafe { jpeg_write_marker(cinfo, c_int::from(marker), data.as_ptr(), data.len() as c_uint) }
        })
    }

    /// Encodes the next row of width × channels samples; anything else is refused.
    pub(in super::super) fn write_row(&mut self, row: &[u8]) -> Result<(), Failure> {
        if row.len() != self.row_samples || self.rows_left == 0 {
            return Err(Failure::Panic("row of the wrong size".to_owned()));
        }
        self.rows_left -= 1;
        let rows = [row.as_ptr()];
        // SAFETY: compression was started (there are rows left), and the row has as many samples as the library reads.
        self.call(|cinfo| unsafe { jpeg_write_scanlines(cinfo, rows.as_ptr(), 1) })?;
        Ok(())
    }

    /// Writes the rest, after the last row.
    pub(in super::super) fn finish(&mut self) -> Result<(), Failure> {
        // SAFETY: too few rows are an error of the library.
        self.call(|cinfo| unsafe { jpeg_finish_compress(cinfo) })
    }

    /// What the library has said so far, in the public API's form.
    pub(in super::super) fn messages(&self) -> String {
        // SAFETY: the state is alive, and no reference into it is.
        sentences(unsafe { &(*addr_of!((*self.state.as_ptr()).reporter)).messages })
    }
}

impl Drop for Compressor<'_> {
    fn drop(&mut self) {
        // SAFETY: the state came from `Box::into_raw` and is released once; destroying is allowed in every state,
        // including one that was created only partly or left by unwinding.
        unsafe {
            let state = self.state.as_ptr();
            let cinfo = &mut (*state).cinfo;
            // Destroying only frees; were it to unwind, leaking is the safe answer.
            if guard(|| jpeg_destroy_compress(cinfo)).is_ok() {
                drop(Box::from_raw(state));
            }
        }
    }
}

/// The order matters: the profile decides what the defaults are, and the scan script depends on all before it.
///
/// # Safety
/// `cinfo` was created, and this runs inside `guard`.
unsafe fn configure(cinfo: &mut jpeg_compress_struct, settings: &Settings) {
    cinfo.image_width = settings.width;
    cinfo.image_height = settings.height;
    cinfo.input_components = settings.layout.channels() as c_int;
    cinfo.in_color_space = match settings.layout {
        Layout::Grey => J_COLOR_SPACE::JCS_GRAYSCALE,
        Layout::Rgb => J_COLOR_SPACE::JCS_RGB,
        Layout::Cmyk => J_COLOR_SPACE::JCS_CMYK,
    };
    // SAFETY: promised by the caller; the components are the library's own and valid after the defaults were set.
    unsafe {
        let fastest = JINT_COMPRESS_PROFILE_VALUE::JCP_FASTEST as c_int;
        jpeg_c_set_int_param(cinfo, J_INT_PARAM::JINT_COMPRESS_PROFILE, fastest);
        jpeg_set_defaults(cinfo);
        cinfo.optimize_coding = boolean::from(settings.optimise_coding || settings.progressive || settings.trellis);
        if settings.trellis {
            jpeg_c_set_bool_param(cinfo, J_BOOLEAN_PARAM::JBOOLEAN_TRELLIS_QUANT, 1);
        }
        if settings.overshoot_deringing {
            jpeg_c_set_bool_param(cinfo, J_BOOLEAN_PARAM::JBOOLEAN_OVERSHOOT_DERINGING, 1);
        }
        if settings.optimise_scans && settings.progressive {
            jpeg_c_set_bool_param(cinfo, J_BOOLEAN_PARAM::JBOOLEAN_OPTIMIZE_SCANS, 1);
        }
        if settings.quantization_table > 0 {
            let table = settings.quantization_table as c_int;
            jpeg_c_set_int_param(cinfo, J_INT_PARAM::JINT_BASE_QUANT_TBL_IDX, table);
        }
        jpeg_set_quality(cinfo, settings.quality as c_int, 1);
        if settings.progressive {
            jpeg_simple_progression(cinfo);
        }
        if settings.subsampling == ChromaSubsampling::None {
            let components = usize::try_from(cinfo.num_components).unwrap_or(0);
            for component in std::slice::from_raw_parts_mut(cinfo.comp_info, components) {
                component.h_samp_factor = 1;
                component.v_samp_factor = 1;
            }
        }
    }
    cinfo.write_JFIF_header = boolean::from(settings.jfif.is_some());
    if let Some((unit, x, y)) = settings.jfif {
        cinfo.density_unit = unit;
        cinfo.X_density = x;
        cinfo.Y_density = y;
    }
}

unsafe extern "C-unwind" fn init_destination(cinfo: &mut jpeg_compress_struct) {
    // SAFETY: `dest` is the sink that `new` put there.
    unsafe {
        let sink = cinfo.dest.cast::<Sink<'_>>();
        (*sink).manager.next_output_byte = (*addr_of_mut!((*sink).buffer)).as_mut_ptr();
        (*sink).manager.free_in_buffer = BUFFER;
    }
}

/// Called when the buffer is full; the counts in the manager are not up to date then.
unsafe extern "C-unwind" fn empty_output_buffer(cinfo: &mut jpeg_compress_struct) -> boolean {
    // SAFETY: as above, and the library calls this inside `guard`.
    unsafe {
        write_out(&mut *cinfo.dest.cast::<Sink<'_>>(), BUFFER);
        init_destination(cinfo);
    }
    1
}

unsafe extern "C-unwind" fn term_destination(cinfo: &mut jpeg_compress_struct) {
    // SAFETY: as above.
    unsafe {
        let sink = &mut *cinfo.dest.cast::<Sink<'_>>();
        let len = BUFFER.saturating_sub(sink.manager.free_in_buffer);
        write_out(sink, len);
    }
}

/// Hands on the first `len` bytes; a failure unwinds to `guard`.
fn write_out(sink: &mut Sink<'_>, len: usize) {
    if let Err(error) = sink.out.write_all(&sink.buffer[..len]) {
        resume_unwind(Box::new(error));
    }
}
