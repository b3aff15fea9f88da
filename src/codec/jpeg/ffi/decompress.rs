//! Reading: from bytes or a stream to a header, then scanlines.

use std::{
    ffi::{c_int, c_long, c_uint},
    marker::PhantomData,
    mem::{offset_of, zeroed},
    ptr::{NonNull, addr_of, addr_of_mut},
};

use mozjpeg_sys::{
    DCTSIZE, J_COLOR_SPACE, JDIMENSION, boolean, jpeg_calc_output_dimensions, jpeg_common_struct, jpeg_component_info,
    jpeg_create_decompress, jpeg_decompress_struct, jpeg_destroy_decompress, jpeg_error_mgr, jpeg_progress_mgr,
    jpeg_read_header, jpeg_read_raw_data, jpeg_read_scanlines, jpeg_resync_to_restart, jpeg_save_markers,
    jpeg_skip_scanlines, jpeg_source_mgr, jpeg_start_decompress,
};

use super::{
    Abort, Failure, Reporter, abort_with,
    entropy_decoder::{self, ScanDecoder},
    guard, sentences,
};
use crate::{codec::Reader, image::MAX_PLANES};

/// What an exhausted input is continued with, so that the library can finish the picture with grey.
static END_OF_IMAGE: [u8; 2] = [0xff, 0xd9];

/// Warnings in one file after which it is not worth reading on.
const MAX_WARNINGS: c_long = 100;

/// Scans that any file may have. Encoders write about ten, the format allows some hundreds.
const FREE_SCANS: u64 = 100;

/// Blocks that the scans beyond [`FREE_SCANS`] may visit together, some seconds of work. Each scan visits all blocks of
/// the picture however few bytes it has, so a small file could otherwise keep a processor busy for hours.
const MAX_EXTRA_BLOCKS: u64 = 1 << 26;

/// Blocks, of 128 bytes, above which a progressive file with a warning is not read on only to hear more of its damage.
const LARGE: u64 = 1 << 20;

/// APP1 (EXIF, XMP), APP2 (ICC) and APP13 (IPTC).
const METADATA_MARKERS: [c_int; 3] = [0xe1, 0xe2, 0xed];

/// Where the bytes are.
pub(in super::super) enum Source<'a> {
    Bytes(&'a [u8]),
    Stream(Box<dyn Reader + 'a>),
}

/// What the header says.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Info {
    pub(in super::super) width: u32,
    pub(in super::super) height: u32,
    /// Colour components in the file, 1 to 10.
    pub(in super::super) components: usize,
    /// The library's default output: greyscale for one component, RGB for three, CMYK for four.
    pub(in super::super) space: J_COLOR_SPACE,
    pub(in super::super) progressive: bool,
    /// Whether any component has fewer samples than another.
    pub(in super::super) subsampled: bool,
    /// Sampling factors, across and down, of a file of 8 bits in YCbCr.
    pub(in super::super) ycbcr_sampling: Option<[(u32, u32); MAX_PLANES]>,
    /// JFIF density: unit (0 none, 1 inch, 2 centimetre), horizontally, vertically.
    pub(in super::super) density: (u8, u16, u16),
}

/// Feeds the library. The manager comes first, so that a pointer to it is a pointer to the whole.
#[repr(C)]
pub(super) struct Feed<'a> {
    manager: jpeg_source_mgr,
    source: Source<'a>,
    /// Bytes of the stream's buffer that the library was given.
    lent: usize,
    /// Whether running out of bytes is a failure.
    fail_when_truncated: bool,
    /// Whether the bytes have run out.
    ended: bool,
    /// Our decoder, where it took the library's place.
    pub(super) scan: Option<Box<ScanDecoder>>,
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
            feed: Feed { manager: source_manager, source, lent: 0, fail_when_truncated, ended: false, scan: None },
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
            (*watch).manager.progress_monitor = Some(watch_scans);
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

    /// Reads up to the first scan. `keep_metadata`: whether [`markers`](Self::markers) will be asked for.
    pub(in super::super) fn read_header(&mut self, keep_metadata: bool) -> Result<Info, Failure> {
        self.call(|cinfo| {
            // SAFETY: `cinfo` was created and has a source; component pointers are the library's own and valid after
            // the header was read.
            unsafe {
                if keep_metadata {
                    METADATA_MARKERS.iter().for_each(|&marker| jpeg_save_markers(cinfo, marker, 0xffff));
                }
                jpeg_read_header(cinfo, 1);
                let components = usize::try_from(cinfo.num_components).unwrap_or(0);
                let sampling = std::slice::from_raw_parts(cinfo.comp_info, components);
                Info {
                    width: cinfo.image_width,
                    height: cinfo.image_height,
                    components,
                    space: cinfo.out_color_space,
                    progressive: progressive(cinfo),
                    subsampled: sampling.iter().any(|c| c.h_samp_factor > 1 || c.v_samp_factor > 1),
                    ycbcr_sampling: ycbcr_sampling(cinfo.jpeg_color_space, sampling),
                    density: (cinfo.density_unit, cinfo.X_density, cinfo.Y_density),
                }
            }
        })
    }

    /// Metadata segments in file order: marker code and content.
    pub(in super::super) fn markers(&self) -> Vec<(u8, &[u8])> {
        let mut markers = Vec::new();
        // SAFETY: the list and its data are in the library's permanent memory, which lives until `drop`.
        unsafe {
            let mut next = (*self.state.as_ptr()).cinfo.marker_list;
            while let Some(marker) = next.as_ref() {
                if !marker.data.is_null() {
                    markers.push((marker.marker, std::slice::from_raw_parts(marker.data, marker.data_length as usize)));
                }
                next = marker.next;
            }
        }
        markers
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
            // SAFETY: the header was read; `src` is our feed.
            unsafe {
                jpeg_start_decompress(cinfo);
                entropy_decoder::install(cinfo);
            }
            (cinfo.output_width, cinfo.output_height, cinfo.output_components)
        })?;
        // SAFETY: as above. From here on the caller decides when to look at warnings.
        unsafe { (*self.state.as_ptr()).watch.stop_on_warning = false };
        self.row_samples = width as usize * usize::try_from(channels).unwrap_or(0);
        self.height = height;
        Ok(self.row_samples)
    }

    /// Begins decoding to planes at 1/`denominator` of the size; gives the layout of the rows that
    /// [`read_planes`](Self::read_planes) writes.
    pub(in super::super) fn start_planes(
        &mut self,
        denominator: u32,
        fail_on_warning: bool,
    ) -> Result<[PlaneLayout; MAX_PLANES], Failure> {
        self.call(|cinfo| cinfo.raw_data_out = 1)?;
        self.start(denominator, fail_on_warning)?;
        self.call(|cinfo| {
            // SAFETY: component pointers are the library's own and valid after the header was read.
            let components = unsafe { std::slice::from_raw_parts(cinfo.comp_info, MAX_PLANES) };
            let most = |factor: fn(&jpeg_component_info) -> c_int| components.iter().map(factor).max().unwrap_or(1);
            let (across, down) = (most(|c| c.h_samp_factor), most(|c| c.v_samp_factor));
            let smallest = DCTSIZE as c_int / denominator as c_int;
            std::array::from_fn(|index| {
                let component = &components[index];
                // Subsampled components are shrunk less where that makes up for the subsampling.
                let mut size = smallest;
                while size < DCTSIZE as c_int
                    && across * smallest % (component.h_samp_factor * size * 2) == 0
                    && down * smallest % (component.v_samp_factor * size * 2) == 0
                {
                    size *= 2;
                }
                PlaneLayout {
                    width: component.width_in_blocks as usize * size as usize,
                    rows: (component.v_samp_factor * size) as usize,
                    shrink: DCTSIZE as u32 / size as u32,
                }
            })
        })
    }

    /// Decodes the next rows of each plane, as many as its layout has, to as many rows of its width.
    pub(in super::super) fn read_planes(
        &mut self,
        layout: &[PlaneLayout; MAX_PLANES],
        planes: [&mut [u8]; MAX_PLANES],
    ) -> Result<(), Failure> {
        if layout.iter().zip(&planes).any(|(layout, plane)| plane.len() != layout.width * layout.rows) {
            return Err(Failure::Panic("planes of the wrong size".to_owned()));
        }
        let lines = layout[0].rows;
        let mut rows: [Vec<*mut u8>; MAX_PLANES] = [const { Vec::new() }; MAX_PLANES];
        for ((rows, plane), layout) in rows.iter_mut().zip(planes).zip(layout) {
            rows.extend(plane.chunks_exact_mut(layout.width.max(1)).map(<[u8]>::as_mut_ptr));
        }
        let mut planes = rows.each_mut().map(|rows| rows.as_mut_ptr());
        // SAFETY: decoding was started for planes; each plane has as many rows, as wide, as the library writes.
        let read = self.call(|cinfo| unsafe { jpeg_read_raw_data(cinfo, planes.as_mut_ptr(), lines as JDIMENSION) })?;
        if read as usize != lines {
            self.failed = true;
            return Err(Failure::Library);
        }
        Ok(())
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

    /// The library's structure, to look into.
    #[cfg(test)]
    pub(super) fn raw(&self) -> *mut jpeg_decompress_struct {
        // SAFETY: the state is alive.
        unsafe { addr_of_mut!((*self.state.as_ptr()).cinfo) }
    }

    /// Whether the library has found anything to be damaged so far.
    pub(in super::super) fn warned(&self) -> bool {
        // SAFETY: the state is alive, and no reference into it is.
        unsafe { (*self.state.as_ptr()).reporter.manager.num_warnings > 0 }
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

/// The factors of three components of Y, Cb and Cr whose samples lie on whole steps of each other's.
fn ycbcr_sampling(space: J_COLOR_SPACE, components: &[jpeg_component_info]) -> Option<[(u32, u32); MAX_PLANES]> {
    let components: &[_; MAX_PLANES] = components.try_into().ok()?;
    let factors = components.each_ref().map(|c| (c.h_samp_factor.max(1) as u32, c.v_samp_factor.max(1) as u32));
    let luma = factors[0];
    let whole = factors.iter().all(|&(x, y)| luma.0.is_multiple_of(x) && luma.1.is_multiple_of(y));
    (space == J_COLOR_SPACE::JCS_YCbCr && whole).then_some(factors)
}

/// Rows of one plane as the library writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct PlaneLayout {
    /// Samples in a row, with those that fill the last block.
    pub(in super::super) width: usize,
    /// Rows that are written together, with those that fill the last blocks.
    pub(in super::super) rows: usize,
    /// 1, 2, 4 or 8.
    pub(in super::super) shrink: u32,
}

/// The binding hides this field, which follows `comp_info` in the ABI that it is built with.
fn progressive(cinfo: &jpeg_decompress_struct) -> bool {
    let offset = offset_of!(jpeg_decompress_struct, comp_info) + size_of::<*mut ()>();
    // SAFETY: an aligned `boolean` inside the structure; a test tells progressive from baseline by it.
    unsafe { std::ptr::from_ref(cinfo).byte_add(offset).cast::<boolean>().read() != 0 }
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
                Err(_) => abort_with(&mut cinfo.common, "Input file read error"),
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
unsafe extern "C-unwind" fn watch_scans(common: &mut jpeg_common_struct) {
    // SAFETY: `progress` is the watch that `new` put there, and a decompressor's structure begins with the common part.
    unsafe {
        let watch = common.progress.cast::<ScanWatch>();
        if (*watch).stop_on_warning && (*common.err).num_warnings > 0 {
            std::panic::resume_unwind(Box::new(Abort));
        }
        if (*watch).unlimited {
            return;
        }
        let blocks = (*watch).blocks;
        let cinfo = std::ptr::from_mut(common).cast::<jpeg_decompress_struct>();
        let scans = u64::try_from((*cinfo).input_scan_number).unwrap_or(0);
        if scans > FREE_SCANS && (scans - FREE_SCANS).saturating_mul(blocks) > MAX_EXTRA_BLOCKS {
            abort_with(common, "too many scans");
        }
    }
}
