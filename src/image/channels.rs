//! Alpha, and channels beyond, that come and go.

use crate::image::{Rows, map::map_rows};
#[cfg(vectors)]
use crate::simd::vector;
use crate::{
    error::Result,
    image::{PixelFormat, Row, RowMut, depth_mismatch},
    simd::Level,
};

/// `source` without its alpha channel and those beyond, colours as they are.
pub fn remove_alpha(source: Rows<'_>) -> Result<Rows<'_>> {
    let format = source.spec().format;
    if !format.alpha {
        return Ok(source);
    }
    let colours = format.space.channels();
    select(source, PixelFormat { alpha: false, extra: 0, ..format }, (0..colours).collect())
}

/// `source` with an alpha channel, of the given opacity (0 to 1) where it had none.
pub fn ensure_alpha(source: Rows<'_>, opacity: f64) -> Result<Rows<'_>> {
    let spec = source.spec();
    if spec.format.alpha {
        return Ok(source);
    }
    let channels = spec.format.channels();
    let value = opacity.clamp(0.0, 1.0) * spec.format.max();
    let format = match spec.format {
        // A channel without a meaning was joined to grey: this is one more of its kind.
        PixelFormat { extra, .. } if extra > 0 => PixelFormat { extra: extra + 1, ..spec.format },
        format => PixelFormat { alpha: true, ..format },
    };
    let level = Level::best();
    map_rows(source, spec.with_format(format), move |from, to| {
        match (from, to) {
            (Row::U8(from), RowMut::U8(to)) if channels == 3 => append_to_rgb(level, from, to, value as u8),
            (Row::U8(from), RowMut::U8(to)) => append(from, to, channels, value as u8),
            (Row::U16(from), RowMut::U16(to)) => append(from, to, channels, value as u16),
            (Row::F32(from), RowMut::F32(to)) => append(from, to, channels, value as f32),
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    })
}

/// `source` with the first extra channel as alpha where there was none.
pub fn name_alpha(source: Rows<'_>) -> Result<Rows<'_>> {
    let spec = source.spec();
    let named = spec.format.with_named_alpha();
    if named == spec.format {
        return Ok(source);
    }
    map_rows(source, spec.with_format(named), |from, to| to.copy_from(from))
}

/// `source` with no more channels than colours and alpha, which is the first of the others.
pub fn first_channels(source: Rows<'_>) -> Result<Rows<'_>> {
    let format = source.spec().format;
    let to = format.with_named_alpha().without_extra();
    if format.extra == 0 { Ok(source) } else { select(source, to, (0..to.channels()).collect()) }
}

/// The channels `kept` of `source`, as the layout `format`.
fn select(source: Rows<'_>, format: PixelFormat, kept: Vec<usize>) -> Result<Rows<'_>> {
    let spec = source.spec();
    let channels = spec.format.channels();
    map_rows(source, spec.with_format(format), move |from, to| {
        match (from, to) {
            (Row::U8(from), RowMut::U8(to)) => pick(from, to, channels, &kept),
            (Row::U16(from), RowMut::U16(to)) => pick(from, to, channels, &kept),
            (Row::F32(from), RowMut::F32(to)) => pick(from, to, channels, &kept),
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    })
}

fn pick<S: Copy>(from: &[S], to: &mut [S], channels: usize, kept: &[usize]) {
    if let [0, 1, 2] = kept
        && channels == 4
    {
        let pixels = to.as_chunks_mut::<3>().0.iter_mut().zip(from.as_chunks::<4>().0);
        pixels.for_each(|(to, &[red, green, blue, _])| *to = [red, green, blue]);
        return;
    }
    for (from, to) in from.chunks_exact(channels).zip(to.chunks_exact_mut(kept.len())) {
        to.iter_mut().zip(kept).for_each(|(to, &channel)| *to = from[channel]);
    }
}

/// [`append`] for 8-bit pixels of three channels, in vectors where there are some.
fn append_to_rgb(level: Level, from: &[u8], to: &mut [u8], value: u8) {
    let mut done = 0;
    #[cfg(vectors)]
    if level != Level::Scalar {
        const ORDER: [i8; 16] = [0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1];
        let alpha = vector::load_words(&bytemuck::cast([[0, 0, 0, value]; 4]));
        while let (Some(from), Some(to)) =
            (from[3 * done..].first_chunk::<16>(), to[4 * done..].first_chunk_mut::<16>())
        {
            let colours = vector::shuffle(vector::load_bytes(from), &ORDER);
            *to = bytemuck::cast(vector::words_of(vector::add_words(colours, alpha)));
            done += 4;
        }
    }
    append(&from[3 * done..], &mut to[4 * done..], 3, value);
}

fn append<S: Copy>(from: &[S], to: &mut [S], channels: usize, value: S) {
    // Moved as whole pixels, which is what most images are made of.
    if channels == 3 {
        let pixels = to.as_chunks_mut::<4>().0.iter_mut().zip(from.as_chunks::<3>().0);
        pixels.for_each(|(to, &[red, green, blue])| *to = [red, green, blue, value]);
        return;
    }
    for (from, to) in from.chunks_exact(channels).zip(to.chunks_exact_mut(channels + 1)) {
        to[..channels].copy_from_slice(from);
        to[channels] = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::{RGB, image, samples};

    #[test]
    fn vectors_append_as_plain_loops_do() {
        let pixels: Vec<u8> = (0..180).collect();
        for len in (0..=pixels.len()).step_by(3) {
            let appended = Level::all().map(|level| {
                let mut out = vec![0; len / 3 * 4];
                append_to_rgb(level, &pixels[..len], &mut out, 200);
                out
            });
            let expected: Vec<u8> = pixels[..len].chunks(3).flat_map(|pixel| [pixel, &[200]].concat()).collect();
            assert!(appended.iter().all(|out| *out == expected));
        }
    }

    #[test]
    fn alpha_comes_and_goes() {
        let picture = image(2, 1, RGB, vec![1, 2, 3, 4, 5, 6]);
        let with = ensure_alpha(Box::new(picture.into_rows()), 0.5).unwrap();
        assert!(with.spec().format.alpha);
        let again = ensure_alpha(with, 1.0).unwrap();
        let image = crate::image::Image::collect(&mut *{ again }).unwrap();
        assert_eq!(image.as_slice::<u8>().unwrap(), [1, 2, 3, 127, 4, 5, 6, 127]);
        let without = remove_alpha(Box::new(image.into_rows())).unwrap();
        assert_eq!(samples(without), [1, 2, 3, 4, 5, 6]);
    }
}
