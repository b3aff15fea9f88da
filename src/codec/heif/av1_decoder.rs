//! Safe wrapper around rav1d (as re_rav1d has it, with repairs that the original has not released): the only file of this codec that talks to it.
#![allow(unsafe_code)] // FFI: every block says why it is sound.

use std::{
    mem::{ManuallyDrop, MaybeUninit},
    ptr::{self, NonNull},
    slice,
};

use re_rav1d::{
    include::dav1d::{
        data::Dav1dData,
        dav1d::{Dav1dContext, Dav1dLogger, Dav1dSettings},
        headers::{DAV1D_PIXEL_LAYOUT_I400, DAV1D_PIXEL_LAYOUT_I420, DAV1D_PIXEL_LAYOUT_I422},
        picture::Dav1dPicture,
    },
    src::lib as dav1d,
};

use super::{
    boxes::{Fault, Parsed},
    guard::Worker,
    items::Nclx,
};

/// A decoded image: planes of 8-bit samples, or of samples of 10 or 12 bits in 16.
pub(super) struct Frame {
    picture: Dav1dPicture,
}

// SAFETY: an image is reference-counted memory that nothing writes to after it is decoded; the counts are atomic.
unsafe impl Send for Frame {}

/// How chroma planes are smaller than the luma plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subsampling {
    /// There are none.
    Mono,
    /// 4:2:0: half as wide and half as high.
    Both,
    /// 4:2:2: half as wide.
    Across,
    /// 4:4:4.
    None,
}

/// A sample as it is stored.
pub(super) trait Stored: Copy + Into<i32> + 'static {}
impl Stored for u8 {}
impl Stored for u16 {}

/// What the decoder says when something is not as it should be.
const DAMAGED: Fault = Fault("Invalid input: Unspecified: Corrupt frame detected");

/// What `EAGAIN` is in the results of the library, as it is everywhere in its ABI.
const AGAIN: i32 = -(rav1d_again());
const fn rav1d_again() -> i32 {
    if cfg!(target_os = "macos") { 35 } else { 11 }
}

/// A coded image to decode.
struct Request {
    data: Vec<u8>,
    settings: Settings,
}

/// What an open decoder cannot change.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Settings {
    operating_point: u8,
    max_pixels: u64,
}

/// Decodes the coded images of one file in turn, on one thread that contains panics (see [`guard`](super::guard)). The thread
/// starts with the first image.
#[derive(Default)]
pub(super) struct FrameDecoder(Option<Worker<Request, Parsed<Frame>>>);

impl FrameDecoder {
    /// Decodes the first image that a bit stream shows, of at most `max_pixels` pixels.
    pub(super) fn decode(&mut self, data: Vec<u8>, operating_point: u8, max_pixels: u64) -> Parsed<Frame> {
        let worker = match self.0.take() {
            Some(worker) => worker,
            None => Worker::new(decode_with_one_decoder)?,
        };
        // A worker that panicked is not kept.
        let answer = worker.ask(Request { data, settings: Settings { operating_point, max_pixels } }).ok_or(DAMAGED)?;
        self.0 = Some(worker);
        answer
    }
}

/// Answers requests with a decoder that is kept while its settings fit and nothing is damaged.
fn decode_with_one_decoder() -> impl FnMut(Request) -> Parsed<Frame> {
    let mut kept = None;
    move |Request { data, settings }| {
        let decoder = match kept.take() {
            Some((open_with, decoder)) if open_with == settings => decoder,
            _ => Decoder::new(settings)?,
        };
        let frame = decoder.decode(&data)?;
        decoder.flush();
        kept = Some((settings, decoder));
        Ok(frame)
    }
}

impl Frame {
    /// Makes sure of what the readers of rows rely on.
    fn checked(picture: Dav1dPicture) -> Parsed<Self> {
        let frame = Self { picture };
        let sane = frame.picture.p.w > 0
            && frame.picture.p.h > 0
            && matches!(frame.picture.p.bpc, 8 | 10 | 12)
            && frame.picture.seq_hdr.is_some()
            && frame.picture.stride.iter().all(|&stride| stride >= 0);
        if sane { Ok(frame) } else { Err(DAMAGED) }
    }

    pub(super) const fn width(&self) -> usize {
        self.picture.p.w as usize
    }

    pub(super) const fn height(&self) -> usize {
        self.picture.p.h as usize
    }

    /// Bits of a sample: 8, 10 or 12.
    pub(super) const fn depth(&self) -> u32 {
        self.picture.p.bpc as u32
    }

    pub(super) const fn subsampling(&self) -> Subsampling {
        match self.picture.p.layout {
            DAV1D_PIXEL_LAYOUT_I400 => Subsampling::Mono,
            DAV1D_PIXEL_LAYOUT_I420 => Subsampling::Both,
            DAV1D_PIXEL_LAYOUT_I422 => Subsampling::Across,
            _ => Subsampling::None,
        }
    }

    /// What the bit stream says about colour.
    pub(super) fn colour(&self) -> Nclx {
        match self.picture.seq_hdr {
            // SAFETY: the header lives as long as the image that refers to it.
            Some(header) => unsafe {
                let header = header.as_ref();
                Nclx {
                    primaries: header.pri as u16,
                    transfer: header.trc as u16,
                    matrix: header.mtrx as u16,
                    full_range: header.color_range != 0,
                }
            },
            None => Nclx { primaries: 2, transfer: 2, matrix: 2, full_range: true },
        }
    }

    /// Row `y` of plane 0 (luma), 1 or 2; `None` beyond the planes there are. `S` must be `u8` for 8 bits and `u16` for more.
    pub(super) fn row<S: Stored>(&self, plane: usize, y: usize) -> Option<&[S]> {
        let (width, height) = match (plane, self.subsampling()) {
            (0, _) => (self.width(), self.height()),
            (_, Subsampling::Mono) => return None,
            (_, Subsampling::Both) => (self.width().div_ceil(2), self.height().div_ceil(2)),
            (_, Subsampling::Across) => (self.width().div_ceil(2), self.height()),
            (_, Subsampling::None) => (self.width(), self.height()),
        };
        let stored = if self.depth() == 8 { 1 } else { 2 };
        let data = *self.picture.data.get(plane)?;
        let stride = self.picture.stride[usize::from(plane > 0)] as usize;
        if y >= height || size_of::<S>() != stored || stride < width * stored {
            return None;
        }
        // SAFETY: a plane has `height` rows that are `stride` bytes apart, each of at least `width` samples that were written
        // when it was decoded; samples of two bytes are aligned, as planes and strides are to 64 bytes.
        unsafe { Some(slice::from_raw_parts(data?.as_ptr().cast::<u8>().add(y * stride).cast::<S>(), width)) }
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        // SAFETY: the image came from the library and is given back once.
        unsafe { dav1d::dav1d_picture_unref(NonNull::new(&mut self.picture)) }
    }
}

/// An open decoder.
struct Decoder {
    context: Option<Dav1dContext>,
}

impl Decoder {
    fn new(Settings { operating_point, max_pixels }: Settings) -> Parsed<Self> {
        let mut settings = MaybeUninit::<Dav1dSettings>::uninit();
        let mut decoder = Self { context: None };
        // SAFETY: the first call fills in the settings. No callback is a valid logger: it says nothing.
        let opened = unsafe {
            dav1d::dav1d_default_settings(NonNull::from(&mut settings).cast());
            let settings = settings.assume_init_mut();
            settings.n_threads = 1;
            settings.max_frame_delay = 1;
            settings.operating_point = operating_point.min(31).into();
            settings.all_layers = 0;
            settings.frame_size_limit = u32::try_from(max_pixels).unwrap_or(u32::MAX);
            settings.logger = Dav1dLogger::new(None, None);
            dav1d::dav1d_open(NonNull::new(&mut decoder.context), NonNull::new(settings))
        };
        if opened.0 == 0 { Ok(decoder) } else { Err(Fault("Invalid input: Unspecified: Decoder could not be opened")) }
    }

    /// Decodes the first image that a bit stream shows.
    fn decode(&self, data: &[u8]) -> Parsed<Frame> {
        let mut input = Input::new(data)?;
        let mut picture = Dav1dPicture::default();
        loop {
            // SAFETY: the context is open; `input` and `picture` are valid to read and write, and keep what they own.
            let (sent, got) = unsafe {
                let sent = match input.0.sz {
                    0 => 0,
                    _ => dav1d::dav1d_send_data(self.context, NonNull::new(&mut *input.0)).0,
                };
                (sent, dav1d::dav1d_get_picture(self.context, NonNull::new(&mut picture)).0)
            };
            match (sent, got) {
                (0 | AGAIN, 0) => return Frame::checked(picture),
                // Nothing shown yet, and there is more to send.
                (0 | AGAIN, AGAIN) if input.0.sz > 0 => {}
                _ => return Err(DAMAGED),
            }
        }
    }

    /// Forgets all headers and references, so that the next image depends on its own bytes only.
    fn flush(&self) {
        if let Some(context) = self.context {
            // SAFETY: the context is open.
            unsafe { dav1d::dav1d_flush(context) }
        }
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: closed once; an absent context is left alone.
        unsafe { dav1d::dav1d_close(NonNull::new(&mut self.context)) }
    }
}

/// Bytes that are handed to the library.
struct Input(ManuallyDrop<Dav1dData>);

impl Input {
    fn new(data: &[u8]) -> Parsed<Self> {
        let mut input = Self(ManuallyDrop::new(Dav1dData::default()));
        // SAFETY: the library allocates as many bytes as are copied, or none.
        unsafe {
            let room = dav1d::dav1d_data_create(NonNull::new(&mut *input.0), data.len());
            if room.is_null() {
                return Err(Fault("Memory allocation error"));
            }
            ptr::copy_nonoverlapping(data.as_ptr(), room, data.len());
        }
        Ok(input)
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        // SAFETY: what the decoder has not taken is given back; nothing is left when it has.
        unsafe { dav1d::dav1d_data_unref(NonNull::new(&mut *self.0)) }
    }
}
