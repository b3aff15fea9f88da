//! Rows to a WebP file.

use std::io::Write;

use super::{
    ffi::{AnimationEncoder, Config, EncodeError, Picture},
    mux,
    options::WebpOptions,
};
use crate::{
    codec::{EncodeJob, animation::Timing},
    error::{Error, LimitError, OutputError, Result},
    image::{RowMut, RowSource, Samples, Spec},
};

/// Writes one picture, or an animation when the metadata says how high a frame is and there is more than one.
pub(super) fn encode(rows: &mut dyn RowSource, job: &EncodeJob<'_>, out: &mut dyn Write) -> Result<()> {
    let options = WebpOptions::read(job.options)?;
    let config = options.config().ok_or_else(|| Error::encoder("webpsave: config version error"))?;
    let spec = rows.spec();
    let page_height = job.metadata.page_height.filter(|&height| height > 0 && spec.height > height);
    let bytes = match page_height {
        Some(height) if spec.height.is_multiple_of(height) => {
            animation(rows, spec.resized(spec.width, height), &options, &config, job)?
        }
        _ => picture(rows, spec, &config)?.encode(&config).map_err(failed)?,
    };
    mux::write(&bytes, job.metadata, out).map_err(|error| Error::Output(OutputError::Write(error.to_string())))
}

fn animation(
    rows: &mut dyn RowSource,
    frame: Spec,
    options: &WebpOptions,
    config: &Config,
    job: &EncodeJob<'_>,
) -> Result<Vec<u8>> {
    let timing = Timing::resolve(job.options, job.metadata)?;
    let mut encoder =
        AnimationEncoder::new(frame.width, frame.height, timing.loop_count, options.min_size, options.mixed)
            .ok_or_else(out_of_memory)?;
    let mut timestamp = 0_i32;
    for index in 0..rows.spec().height / frame.height {
        let mut picture = picture(rows, frame, config)?;
        encoder.add(&mut picture, timestamp, config).map_err(failed)?;
        timestamp = timestamp.saturating_add(timing.delay(index) as i32);
    }
    encoder.finish(timestamp).ok_or_else(out_of_memory)
}

/// The next `spec.height` rows in the form that the encoder wants: planes when it is lossy, pixels when they are needed whole.
fn picture(rows: &mut dyn RowSource, spec: Spec, config: &Config) -> Result<Picture> {
    let whole = config.lossless != 0 || config.use_sharp_yuv != 0;
    if whole { argb_picture(rows, spec) } else { yuv_picture(rows, spec) }
}

fn argb_picture(rows: &mut dyn RowSource, spec: Spec) -> Result<Picture> {
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

/// Rows converted at a time: even, since chroma is averaged over pairs, and few enough to stay in the cache.
const STRIP: u32 = 32;

/// Converts strip by strip, so that the RGB picture is never held whole.
fn yuv_picture(rows: &mut dyn RowSource, spec: Spec) -> Result<Picture> {
    let mut picture = Picture::yuv(spec.width, spec.height, spec.format.alpha).ok_or_else(out_of_memory)?;
    let row_samples = spec.row_samples();
    let Samples::U8(mut strip) = Samples::zeroed(spec.format.depth, row_samples * STRIP.min(spec.height) as usize)?
    else {
        return Err(Error::Internal("WebP is written from 8-bit samples".into()));
    };
    let mut opaque = true;
    for y in (0..spec.height).step_by(STRIP as usize) {
        let height = STRIP.min(spec.height - y);
        let strip = &mut strip[..row_samples * height as usize];
        for row in strip.chunks_exact_mut(row_samples) {
            rows.next_row(RowMut::U8(row))?;
        }
        let converted = Picture::yuv_from(strip, spec.width, height, spec.format.alpha).ok_or_else(out_of_memory)?;
        opaque &= !converted.has_alpha_plane();
        picture.paste(y, &converted);
    }
    if spec.format.alpha && opaque {
        picture.forget_alpha();
    }
    Ok(picture)
}

fn out_of_memory() -> Error {
    Error::encoder("webpsave: out of memory")
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
