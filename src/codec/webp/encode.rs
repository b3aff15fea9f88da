//! Rows to a WebP file.

use std::io::{self, Write};

use super::{
    ffi::{AnimationEncoder, Config, EncodeError, Picture},
    lossy::{Frame, Pixels, encode_planes as encode_yuv420, out_of_memory},
    mux,
    options::WebpOptions,
    vp8::Yuv420,
};
use crate::{
    codec::{EncodeJob, animation::Timing},
    error::{Error, LimitError, OutputError, Result},
    image::{PlaneSource, Planes, PlanesSpec, RowSource, SampleRange, Samples, Spec},
    options::Bag,
};

/// Writes one image, or an animation when the metadata says how high a frame is and there is more than one.
pub(super) fn encode(rows: &mut dyn RowSource, job: &EncodeJob<'_>, out: &mut dyn Write) -> Result<()> {
    let options = WebpOptions::read(job.options)?;
    let spec = rows.spec();
    let page_height = job.metadata.page_height.filter(|&height| height > 0 && spec.height > height);
    let frame =
        page_height.filter(|&height| spec.height.is_multiple_of(height)).map(|height| spec.resized(spec.width, height));
    let lossless = options.lossless || options.near_lossless;
    let bytes = match frame {
        Some(frame) if lossless || options.mixed || options.smart_subsample => animation(rows, frame, &options, job)?,
        Some(frame) => super::animation::encode(rows, frame, &options, job)?,
        None if lossless => picture(rows, spec)?.encode(&config(&options)?).map_err(failed)?,
        None => {
            let frame = Pixels::read(rows, spec, options.smart_subsample)?.encode(&options)?;
            mux::lossy(spec.width, spec.height, &frame).map_err(not_written)?
        }
    };
    mux::write(&bytes, job.metadata, out).map_err(not_written)
}

/// The planes that a lossy image is written from, at the format's range; `None` when rows are needed: for what libwebp encodes,
/// and for chroma that is reduced by the colours of pixels.
pub(super) fn accepts_planes(width: u32, height: u32, options: &dyn Bag) -> Option<PlanesSpec> {
    let options = WebpOptions::read(options).ok()?;
    let needs_rows = options.lossless || options.near_lossless || options.smart_subsample;
    (!needs_rows).then(|| PlanesSpec::subsampled(width, height, SampleRange::Limited, false, (2, 2)))
}

/// Writes one image from planes that [`accepts_planes`] returned.
pub(super) fn encode_planes(source: &mut dyn PlaneSource, job: &EncodeJob<'_>, out: &mut dyn Write) -> Result<()> {
    let options = WebpOptions::read(job.options)?;
    let spec = source.spec();
    if accepts_planes(spec.width, spec.height, job.options) != Some(spec) {
        return Err(Error::Internal("WebP encoder was given planes that it does not accept".to_owned()));
    }
    let planes = Planes::collect(source)?;
    let (width, height) = (spec.width as usize, spec.height as usize);
    let view = Yuv420 {
        width,
        height,
        y: planes.plane(0),
        y_stride: width,
        u: planes.plane(1),
        v: planes.plane(2),
        uv_stride: width.div_ceil(2),
    };
    let frame = Frame { alpha: None, image: encode_yuv420(&view, &options)? };
    let bytes = mux::lossy(spec.width, spec.height, &frame).map_err(not_written)?;
    mux::write(&bytes, job.metadata, out).map_err(not_written)
}

fn not_written(error: io::Error) -> Error {
    Error::Output(OutputError::Write(error.to_string()))
}

fn config(options: &WebpOptions) -> Result<Config> {
    options.config().ok_or_else(|| Error::encoder("webpsave: config version error"))
}

/// An animation by libwebp.
fn animation(rows: &mut dyn RowSource, frame: Spec, options: &WebpOptions, job: &EncodeJob<'_>) -> Result<Vec<u8>> {
    let config = &config(options)?;
    let timing = Timing::resolve(job.options, job.metadata)?;
    let mut encoder =
        AnimationEncoder::new(frame.width, frame.height, timing.loop_count, options.min_size, options.mixed)
            .ok_or_else(out_of_memory)?;
    let mut timestamp = 0_i32;
    for index in 0..rows.spec().height / frame.height {
        let mut picture = picture(rows, frame)?;
        encoder.add(&mut picture, timestamp, config).map_err(failed)?;
        timestamp = timestamp.saturating_add(timing.delay(index) as i32);
    }
    encoder.finish(timestamp).ok_or_else(out_of_memory)
}

/// The next `spec.height` rows.
fn picture(rows: &mut dyn RowSource, spec: Spec) -> Result<Picture> {
    let mut picture = Picture::argb(spec.width, spec.height).ok_or_else(out_of_memory)?;
    let mut row = Samples::row_of(&spec)?;
    for y in 0..spec.height {
        rows.next_row(row.all_mut())?;
        let pixels = picture.argb_row(y);
        if spec.format.alpha {
            for (to, &[r, g, b, a]) in pixels.iter_mut().zip(row.bytes().as_chunks::<4>().0) {
                *to = u32::from_be_bytes([a, r, g, b]);
            }
        } else {
            for (to, &[r, g, b]) in pixels.iter_mut().zip(row.bytes().as_chunks::<3>().0) {
                *to = u32::from_be_bytes([u8::MAX, r, g, b]);
            }
        }
    }
    Ok(picture)
}

/// What the encoder's error number means. Source: `WebPEncodingError` in libwebp's encode.h.
fn failed(EncodeError(code): EncodeError) -> Error {
    match code {
        1 | 2 => out_of_memory(),
        5 => LimitError::TooLargeForFormat(super::FORMAT_NAME).into(),
        6 | 7 => Error::encoder("webpsave: partition is too large"),
        9 => Error::encoder("webpsave: file is too large"),
        _ => Error::encoder("webpsave: unable to encode"),
    }
}
