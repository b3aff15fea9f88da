//! Alpha channels that come and go.

use super::{Rows, map::map_rows};
use crate::{
    error::Result,
    image::{PixelFormat, Row, RowMut, depth_mismatch},
};

/// `source` without its alpha channel, colours as they are.
pub fn remove_alpha(source: Rows<'_>) -> Result<Rows<'_>> {
    let spec = source.spec();
    if !spec.format.alpha {
        return Ok(source);
    }
    let channels = spec.format.channels();
    map_rows(source, spec.with_format(PixelFormat { alpha: false, ..spec.format }), move |from, to| {
        match (from, to) {
            (Row::U8(from), RowMut::U8(to)) => drop_last(from, to, channels),
            (Row::U16(from), RowMut::U16(to)) => drop_last(from, to, channels),
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    })
}

/// `source` with an alpha channel, of the given opacity (0 to 1) where it had none.
pub fn ensure_alpha(source: Rows<'_>, opacity: f64) -> Result<Rows<'_>> {
    let spec = source.spec();
    if spec.format.alpha {
        return Ok(source);
    }
    let channels = spec.format.channels();
    let value = opacity.clamp(0.0, 1.0) * spec.format.max();
    map_rows(source, spec.with_format(PixelFormat { alpha: true, ..spec.format }), move |from, to| {
        match (from, to) {
            (Row::U8(from), RowMut::U8(to)) => append(from, to, channels, value as u8),
            (Row::U16(from), RowMut::U16(to)) => append(from, to, channels, value as u16),
            _ => return Err(depth_mismatch()),
        }
        Ok(())
    })
}

fn drop_last<S: Copy>(from: &[S], to: &mut [S], channels: usize) {
    for (from, to) in from.chunks_exact(channels).zip(to.chunks_exact_mut(channels - 1)) {
        to.copy_from_slice(&from[..channels - 1]);
    }
}

fn append<S: Copy>(from: &[S], to: &mut [S], channels: usize, value: S) {
    for (from, to) in from.chunks_exact(channels).zip(to.chunks_exact_mut(channels + 1)) {
        to[..channels].copy_from_slice(from);
        to[channels] = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::{RGB, image, samples};

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
