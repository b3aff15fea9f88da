//! Safe wrappers around libwebp: the only file of this codec that talks to it.
#![allow(unsafe_code)] // FFI: every block says why it is sound.

use std::{borrow::Cow, ffi::c_int, mem::MaybeUninit, ptr, slice};

use libwebp_sys as sys;

/// A parsed container together with the bytes it was parsed from.
pub(super) struct Demuxer<'a> {
    demuxer: ptr::NonNull<sys::WebPDemuxer>,
    /// `demuxer` points into it; neither a slice nor a `Vec` moves its bytes when it is moved.
    bytes: Cow<'a, [u8]>,
}

// SAFETY: the demuxer is only read after it is made, and holds no thread-local state.
unsafe impl Send for Demuxer<'_> {}

impl<'a> Demuxer<'a> {
    /// Parses a container. `None` when it is damaged or not complete.
    pub(super) fn new(bytes: Cow<'a, [u8]>) -> Option<Self> {
        let data = sys::WebPData { bytes: bytes.as_ptr(), size: bytes.len() };
        // SAFETY: `data` describes live bytes, which the returned demuxer keeps alive; a null state is allowed.
        let demuxer =
            unsafe { sys::WebPDemuxInternal(&data, 0, ptr::null_mut(), sys::WEBP_DEMUX_ABI_VERSION as c_int) };
        Some(Self { demuxer: ptr::NonNull::new(demuxer)?, bytes })
    }

    fn feature(&self, feature: sys::WebPFormatFeature) -> u32 {
        // SAFETY: the demuxer is valid for as long as `self` is.
        unsafe { sys::WebPDemuxGetI(self.demuxer.as_ptr(), feature) }
    }

    /// Width and height of the canvas.
    pub(super) fn canvas(&self) -> (u32, u32) {
        (
            self.feature(sys::WebPFormatFeature::WEBP_FF_CANVAS_WIDTH),
            self.feature(sys::WebPFormatFeature::WEBP_FF_CANVAS_HEIGHT),
        )
    }

    fn flag(&self, flag: sys::WebPFeatureFlags) -> bool {
        self.feature(sys::WebPFormatFeature::WEBP_FF_FORMAT_FLAGS) & flag as u32 != 0
    }

    pub(super) fn has_alpha(&self) -> bool {
        self.flag(sys::WebPFeatureFlags::ALPHA_FLAG)
    }

    pub(super) fn is_animated(&self) -> bool {
        self.flag(sys::WebPFeatureFlags::ANIMATION_FLAG)
    }

    pub(super) fn loop_count(&self) -> u32 {
        self.feature(sys::WebPFormatFeature::WEBP_FF_LOOP_COUNT)
    }

    /// The first chunk of a name.
    pub(super) fn chunk(&self, name: &[u8; 4]) -> Option<&[u8]> {
        let mut iterator = MaybeUninit::<sys::WebPChunkIterator>::zeroed();
        // SAFETY: the name has the four bytes that are read; the iterator is plain data that the call fills in. Its chunk
        // points into the bytes that `self` keeps, and releasing it frees nothing of them.
        unsafe {
            let found =
                sys::WebPDemuxGetChunk(self.demuxer.as_ptr(), name.as_ptr().cast(), 1, iterator.as_mut_ptr()) != 0;
            let iterator = iterator.assume_init_mut();
            let chunk = (found && !iterator.chunk.bytes.is_null())
                .then(|| slice::from_raw_parts(iterator.chunk.bytes, iterator.chunk.size));
            sys::WebPDemuxReleaseChunkIterator(iterator);
            chunk
        }
    }

    /// The whole file.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Demuxer<'_> {
    fn drop(&mut self) {
        // SAFETY: made by `WebPDemuxInternal`, deleted once.
        unsafe { sys::WebPDemuxDelete(self.demuxer.as_ptr()) }
    }
}

/// Width and height of a bit stream; `None` when it does not begin like one.
pub(super) fn size(bits: &[u8]) -> Option<(u32, u32)> {
    let (mut width, mut height) = (0, 0);
    // SAFETY: `bits` is live for the call, which writes two integers.
    let known = unsafe { sys::WebPGetInfo(bits.as_ptr(), bits.len(), &mut width, &mut height) != 0 };
    known.then(|| Some((u32::try_from(width).ok()?, u32::try_from(height).ok()?)))?
}

/// Decodes a bit stream into `pixels`, width × height × 3 or 4 samples, scaled to that size when it is another.
/// `false` when the bits are damaged, or when there is not enough memory.
pub(super) fn decode(bits: &[u8], width: u32, height: u32, alpha: bool, pixels: &mut [u8]) -> bool {
    let stride = width as usize * if alpha { 4 } else { 3 };
    let (Ok(c_width), Ok(c_height), Ok(c_stride)) =
        (c_int::try_from(width), c_int::try_from(height), c_int::try_from(stride))
    else {
        return false;
    };
    if stride.checked_mul(height as usize) != Some(pixels.len()) {
        return false;
    }
    let Ok(mut config) = sys::WebPDecoderConfig::new() else {
        return false;
    };
    // SAFETY: `bits` is live for the call, which fills in the features.
    let status = unsafe { sys::WebPGetFeatures(bits.as_ptr(), bits.len(), &mut config.input) };
    if status != sys::VP8StatusCode::VP8_STATUS_OK {
        return false;
    }
    if (config.input.width, config.input.height) != (c_width, c_height) {
        config.options.use_scaling = 1;
        config.options.scaled_width = c_width;
        config.options.scaled_height = c_height;
    }
    config.output.colorspace = if alpha { sys::WEBP_CSP_MODE::MODE_RGBA } else { sys::WEBP_CSP_MODE::MODE_RGB };
    config.output.is_external_memory = 1;
    config.output.u.RGBA = sys::WebPRGBABuffer { rgba: pixels.as_mut_ptr(), stride: c_stride, size: pixels.len() };
    // SAFETY: the output is exactly `pixels`, whose size was checked to be stride × height; the library checks it against
    // the size of the image again. External memory is not freed by `WebPFreeDecBuffer`.
    unsafe {
        let status = sys::WebPDecode(bits.as_ptr(), bits.len(), &mut config);
        sys::WebPFreeDecBuffer(&mut config.output);
        status == sys::VP8StatusCode::VP8_STATUS_OK
    }
}

/// Encoder settings: a plain struct of numbers, whose ranges the library checks when it encodes.
pub(super) type Config = sys::WebPConfig;
pub(super) type Preset = sys::WebPPreset;

/// The settings of a preset at a quality of 0 to 100.
pub(super) fn config(preset: Preset, quality: f32) -> Option<Config> {
    sys::WebPConfig::new_with_preset(preset, quality).ok()
}

/// An image to encode, with memory of its own.
pub(super) struct Picture {
    picture: sys::WebPPicture,
}

impl Picture {
    fn empty(width: u32, height: u32) -> Option<Self> {
        let mut picture = sys::WebPPicture::new().ok()?;
        picture.width = c_int::try_from(width).ok()?;
        picture.height = c_int::try_from(height).ok()?;
        Some(Self { picture })
    }

    /// An image of 32-bit pixels, alpha in the highest byte, then red, green, blue. `None` when there is not enough memory.
    pub(super) fn argb(width: u32, height: u32) -> Option<Self> {
        let mut this = Self::empty(width, height)?;
        this.picture.use_argb = 1;
        // SAFETY: the image is initialised and has no memory yet; what is allocated here is freed on drop.
        let allocated = unsafe { sys::WebPPictureAlloc(&mut this.picture) != 0 };
        allocated.then_some(this)
    }

    /// Row `y` of an ARGB image.
    pub(super) fn argb_row(&mut self, y: u32) -> &mut [u32] {
        assert!(!self.picture.argb.is_null() && y < self.height());
        // SAFETY: the plane has `height` rows of `argb_stride` pixels, at least `width` of them, and `y` is one of them.
        unsafe {
            let start = self.picture.argb.add(y as usize * self.picture.argb_stride as usize);
            slice::from_raw_parts_mut(start, self.picture.width as usize)
        }
    }

    fn height(&self) -> u32 {
        self.picture.height as u32
    }

    /// Converts an ARGB image to 4:2:0, fitting chroma to the pixels' colours, and copies luma, U and V to planes that have
    /// no space between rows. `false` when there is not enough memory.
    pub(super) fn sharp_planes(&mut self, [y, u, v]: [&mut [u8]; 3]) -> bool {
        let (width, height) = (self.picture.width as usize, self.picture.height as usize);
        // SAFETY: the image owns its pixels; the planes that are allocated here are freed on drop.
        if unsafe { sys::WebPPictureSharpARGBToYUVA(&mut self.picture) } == 0 {
            return false;
        }
        let from = &self.picture;
        let (half, half_height) = (width.div_ceil(2), height.div_ceil(2));
        let planes = [
            (from.y, from.y_stride, y, width, height),
            (from.u, from.uv_stride, u, half, half_height),
            (from.v, from.uv_stride, v, half, half_height),
        ];
        for (from, stride, to, width, height) in planes {
            assert!(!from.is_null() && to.len() == width * height);
            for (row, to) in to.chunks_exact_mut(width).enumerate() {
                // SAFETY: the library's plane has this many rows of at least this many samples.
                to.copy_from_slice(unsafe { slice::from_raw_parts(from.add(row * stride as usize), width) });
            }
        }
        true
    }

    /// Encodes to a complete file. The error is the library's number and name of it.
    pub(super) fn encode(&mut self, config: &Config) -> Result<Vec<u8>, EncodeError> {
        let mut out = Vec::new();
        self.picture.writer = Some(append);
        self.picture.custom_ptr = (&raw mut out).cast();
        // SAFETY: the image owns its planes; `append` gets the pointer to `out`, which outlives the call.
        let encoded = unsafe { sys::WebPEncode(config, &mut self.picture) != 0 };
        self.picture.custom_ptr = ptr::null_mut();
        if encoded { Ok(out) } else { Err(EncodeError(self.picture.error_code as u32)) }
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        // SAFETY: frees what the library allocated for this image, once.
        unsafe { sys::WebPPictureFree(&mut self.picture) }
    }
}

/// Encodes samples as the green channel of a lossless image: the stream from its signature on.
pub(super) fn encode_green(samples: &[u8], width: usize, effort: u32) -> Option<Vec<u8>> {
    let mut config = config(Preset::WEBP_PRESET_DEFAULT, 8.0 * effort as f32)?;
    config.lossless = 1;
    config.exact = 1;
    config.method = effort as i32;
    let height = samples.len().checked_div(width)?;
    let mut picture = Picture::argb(u32::try_from(width).ok()?, u32::try_from(height).ok()?)?;
    for (y, row) in samples.chunks_exact(width).enumerate() {
        for (to, &sample) in picture.argb_row(y as u32).iter_mut().zip(row) {
            *to = u32::from_be_bytes([u8::MAX, 0, sample, 0]);
        }
    }
    // After the file's header, and the chunk's.
    let mut file = picture.encode(&config).ok()?;
    const HEADERS: usize = 20;
    let size = u32::from_le_bytes(*file.get(16..HEADERS)?.first_chunk()?) as usize;
    file.truncate(HEADERS.checked_add(size)?.min(file.len()));
    file.drain(..HEADERS);
    Some(file)
}

/// The number by which the library says why it did not encode.
#[derive(Debug)]
pub(super) struct EncodeError(pub(super) u32);

/// Appends to the `Vec<u8>` behind `custom_ptr`; 0 stops the encoder.
unsafe extern "C" fn append(data: *const u8, size: usize, picture: *const sys::WebPPicture) -> c_int {
    if size == 0 {
        return 1;
    }
    // SAFETY: called by the library during `Picture::encode` only, with the image whose `custom_ptr` was set there, and
    // with `size` readable bytes.
    let (out, bytes) = unsafe { (&mut *(*picture).custom_ptr.cast::<Vec<u8>>(), slice::from_raw_parts(data, size)) };
    if out.try_reserve(size).is_err() {
        return 0;
    }
    out.extend_from_slice(bytes);
    1
}

/// An animation being encoded.
pub(super) struct AnimationEncoder {
    encoder: ptr::NonNull<sys::WebPAnimEncoder>,
}

impl AnimationEncoder {
    /// `min_size` tries harder to make frames small, `mixed` chooses lossy or lossless for each.
    pub(super) fn new(width: u32, height: u32, loop_count: u16, min_size: bool, mixed: bool) -> Option<Self> {
        let mut options = MaybeUninit::<sys::WebPAnimEncoderOptions>::zeroed();
        let (width, height) = (c_int::try_from(width).ok()?, c_int::try_from(height).ok()?);
        let abi = sys::WEBP_MUX_ABI_VERSION as c_int;
        // SAFETY: the options are plain data, filled in by the first call and then only changed.
        let encoder = unsafe {
            if sys::WebPAnimEncoderOptionsInitInternal(options.as_mut_ptr(), abi) == 0 {
                return None;
            }
            let options = options.assume_init_mut();
            options.anim_params.loop_count = loop_count.into();
            options.minimize_size = min_size.into();
            options.allow_mixed = mixed.into();
            // No key frames beside the first.
            options.kmin = c_int::MAX - 1;
            options.kmax = c_int::MAX;
            sys::WebPAnimEncoderNewInternal(width, height, options, abi)
        };
        Some(Self { encoder: ptr::NonNull::new(encoder)? })
    }

    /// Adds a frame that is shown from `timestamp`, in milliseconds.
    pub(super) fn add(&mut self, picture: &mut Picture, timestamp: i32, config: &Config) -> Result<(), EncodeError> {
        // SAFETY: all three are valid for the call, which copies what it needs.
        let added =
            unsafe { sys::WebPAnimEncoderAdd(self.encoder.as_ptr(), &mut picture.picture, timestamp, config) != 0 };
        if added { Ok(()) } else { Err(EncodeError(picture.picture.error_code as u32)) }
    }

    /// The file, when the last frame ends at `timestamp`.
    pub(super) fn finish(self, timestamp: i32) -> Option<Vec<u8>> {
        let mut data = sys::WebPData::default();
        // SAFETY: a null image marks the end. The data that is handed out is ours to free; it is copied to be a `Vec`.
        unsafe {
            let encoder = self.encoder.as_ptr();
            let done = sys::WebPAnimEncoderAdd(encoder, ptr::null_mut(), timestamp, ptr::null()) != 0
                && sys::WebPAnimEncoderAssemble(encoder, &mut data) != 0;
            let mut out = Vec::new();
            let copied = done && !data.bytes.is_null() && out.try_reserve_exact(data.size).is_ok();
            if copied {
                out.extend_from_slice(slice::from_raw_parts(data.bytes, data.size));
            }
            sys::WebPDataClear(&mut data);
            copied.then_some(out)
        }
    }
}

impl Drop for AnimationEncoder {
    fn drop(&mut self) {
        // SAFETY: made by `WebPAnimEncoderNewInternal`, deleted once.
        unsafe { sys::WebPAnimEncoderDelete(self.encoder.as_ptr()) }
    }
}
