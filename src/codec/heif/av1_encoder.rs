//! Safe wrapper around libaom: the only file of this codec that talks to it.
#![allow(unsafe_code)] // FFI: every block says why it is sound.

use std::{
    ffi::{CStr, c_int, c_long},
    mem::MaybeUninit,
    ptr, slice,
};

use libaom_sys as aom;

use super::planes::{Layout, Planes, Stored};

/// Parameters of the encoder, beside the samples.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Settings {
    /// Bits of a sample: 8, 10 or 12.
    pub(super) depth: u32,
    /// 0 is slow, 9 is fast.
    pub(super) speed: i32,
    /// Quantizer, 0 to 63; 0 is best.
    pub(super) quantizer: u32,
    /// Exact samples; the quantizer does not count.
    pub(super) lossless: bool,
    /// Number of the matrix that made the planes; ITU-T H.273.
    pub(super) matrix: u32,
    /// The measure of likeness to aim at.
    pub(super) tune: Tune,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tune {
    /// As it looks: quantization matrices, and a sharpness that keeps edges.
    Eye,
    Psnr,
    Ssim,
}

/// Primaries of BT.709 and transfer of sRGB; ITU-T H.273.
const PRIMARIES: c_int = 1;
const TRANSFER: c_int = 13;

/// Quantization matrices: level 0 is steepest, 15 is flat.
const MATRIX_LEVELS: (c_int, c_int) = (4, 12);

/// An encoder that is set up for one image.
struct Encoder {
    context: aom::aom_codec_ctx_t,
}

/// Encodes one image to a bit stream of a single temporal unit. `None` when there is not enough memory, or when the library does not take the settings.
pub(super) fn encode<P: Stored>(planes: &mut Planes<P>, settings: &Settings) -> Option<Vec<u8>> {
    let mut encoder = Encoder::new(planes.width, planes.height, planes.layout, settings)?;
    encoder.configure(settings)?;
    let format = match (planes.layout, size_of::<P>()) {
        (Layout::Full, 1) => aom::AOM_IMG_FMT_I444,
        (Layout::Full, _) => aom::AOM_IMG_FMT_I44416,
        (_, 1) => aom::AOM_IMG_FMT_I420,
        (_, _) => aom::AOM_IMG_FMT_I42016,
    };
    let (width, height, mono) = (planes.width, planes.height, planes.layout == Layout::Mono);
    let [(luma, luma_stride), (blue, chroma_stride), (red, _)] = [0, 1, 2].map(|plane| {
        let (samples, row) = planes.plane(plane);
        (samples.as_mut_ptr().cast::<u8>(), c_int::try_from(row * size_of::<P>()).ok())
    });
    let mut image = MaybeUninit::<aom::aom_image_t>::zeroed();
    // SAFETY: the description is filled in by the first call, which allocates nothing since it is given memory; the planes
    // replace what it made of that memory. Each has the rows and the stride that the format asks for, and outlives the call.
    unsafe {
        if aom::aom_img_wrap(image.as_mut_ptr(), format, width, height, 1, luma).is_null() {
            return None;
        }
        let image = image.assume_init_mut();
        image.planes = [luma, blue, red];
        image.stride = [luma_stride?, chroma_stride?, chroma_stride?];
        image.monochrome = mono.into();
        image.range = aom::AOM_CR_FULL_RANGE;
        image.bit_depth = settings.depth;
        encoder.encode(image)
    }
}

impl Encoder {
    fn new(width: u32, height: u32, layout: Layout, settings: &Settings) -> Option<Self> {
        let mut config = MaybeUninit::<aom::aom_codec_enc_cfg_t>::zeroed();
        let mut context = MaybeUninit::<aom::aom_codec_ctx_t>::zeroed();
        // SAFETY: both are plain data; the first call fills in the configuration, the second the context. A context that could not
        // be made needs no destruction.
        unsafe {
            let interface = aom::aom_codec_av1_cx();
            if aom::aom_codec_enc_config_default(interface, config.as_mut_ptr(), aom::AOM_USAGE_ALL_INTRA) != 0 {
                return None;
            }
            let config = config.assume_init_mut();
            // Profiles: 0 is 4:2:0, 1 is 4:4:4 as well, 2 is for 12 bits.
            config.g_profile = match (settings.depth, layout) {
                (12, _) => 2,
                (_, Layout::Full) => 1,
                _ => 0,
            };
            config.g_w = width;
            config.g_h = height;
            config.g_bit_depth = settings.depth;
            config.g_input_bit_depth = settings.depth;
            config.g_threads = 1;
            config.g_limit = 1;
            config.g_lag_in_frames = 0;
            config.rc_end_usage = aom::AOM_Q;
            config.rc_min_quantizer = if settings.lossless { 0 } else { settings.quantizer };
            config.rc_max_quantizer = config.rc_min_quantizer;
            config.monochrome = (layout == Layout::Mono).into();
            // The flag is a small positive number; the type is C's `long`, which has 32 bits on Windows.
            let flags = if settings.depth > 8 { aom::AOM_CODEC_USE_HIGHBITDEPTH as c_long } else { 0 };
            let version = aom::AOM_ENCODER_ABI_VERSION as c_int;
            let made = aom::aom_codec_enc_init_ver(context.as_mut_ptr(), interface, config, flags, version);
            (made == 0).then(|| Self { context: context.assume_init() })
        }
    }

    /// Sets one number.
    fn set(&mut self, control: aom::aome_enc_control_id, value: c_int) -> Option<()> {
        // SAFETY: the context is open, and every control that is used here takes an `int`, or an `unsigned` of the same size.
        let set = unsafe { aom::aom_codec_control(&mut self.context, control as c_int, value) };
        (set == 0).then_some(())
    }

    /// Sets what has a name and no number: here, to weigh differences by the quantization matrices.
    fn set_option(&mut self, name: &CStr, value: &CStr) -> Option<()> {
        // SAFETY: the context is open; both texts end with a zero and are only read during the call.
        let set = unsafe { aom::aom_codec_set_option(&mut self.context, name.as_ptr(), value.as_ptr()) };
        (set == 0).then_some(())
    }

    fn configure(&mut self, settings: &Settings) -> Option<()> {
        self.set(aom::AOME_SET_CPUUSED, settings.speed)?;
        self.set(aom::AV1E_SET_COLOR_PRIMARIES, PRIMARIES)?;
        self.set(aom::AV1E_SET_TRANSFER_CHARACTERISTICS, TRANSFER)?;
        self.set(aom::AV1E_SET_MATRIX_COEFFICIENTS, settings.matrix as c_int)?;
        self.set(aom::AV1E_SET_COLOR_RANGE, aom::AOM_CR_FULL_RANGE as c_int)?;
        if settings.lossless {
            return self.set(aom::AV1E_SET_LOSSLESS, 1);
        }
        self.set(aom::AOME_SET_CQ_LEVEL, settings.quantizer as c_int)?;
        let tuning = if settings.tune == Tune::Psnr { aom::AOM_TUNE_PSNR } else { aom::AOM_TUNE_SSIM };
        self.set(aom::AOME_SET_TUNING, tuning as c_int)?;
        if settings.tune == Tune::Eye {
            self.set(aom::AV1E_SET_ENABLE_QM, 1)?;
            self.set(aom::AV1E_SET_QM_MIN, MATRIX_LEVELS.0)?;
            self.set(aom::AV1E_SET_QM_MAX, MATRIX_LEVELS.1)?;
            self.set_option(c"dist-metric", c"qm-psnr")?;
        }
        Some(())
    }

    /// # Safety
    ///
    /// `image` must describe live planes of the size and format that the encoder was made for.
    unsafe fn encode(&mut self, image: &aom::aom_image_t) -> Option<Vec<u8>> {
        let mut stream = Vec::new();
        // SAFETY: the caller vouches for the image; none means the end. Packets point into memory of the encoder, which is valid
        // until the next call but that for the next packet.
        unsafe {
            for picture in [ptr::from_ref(image), ptr::null()] {
                if aom::aom_codec_encode(&mut self.context, picture, 0, 1, 0) != 0 {
                    return None;
                }
                let mut place: aom::aom_codec_iter_t = ptr::null();
                while let Some(packet) = aom::aom_codec_get_cx_data(&mut self.context, &mut place).as_ref() {
                    if packet.kind == aom::AOM_CODEC_CX_FRAME_PKT {
                        let frame = packet.data.frame;
                        let bytes = slice::from_raw_parts(frame.buf.cast::<u8>(), frame.sz);
                        stream.try_reserve(bytes.len()).ok()?;
                        stream.extend_from_slice(bytes);
                    }
                }
            }
        }
        (!stream.is_empty()).then_some(stream)
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: made by `aom_codec_enc_init_ver`, destroyed once. What it says about that is of no use.
        let _ = unsafe { aom::aom_codec_destroy(&mut self.context) };
    }
}
