//! Curves on samples: each value is worked out once, then looked up.

use std::sync::Arc;

use crate::{
    error::Result,
    image::{Depth, RowMut, Rows, depth_mismatch, map::edit_rows, zeroed},
};

/// Values of a 16-bit sample.
const CODES: usize = 1 << 16;

/// A table for every channel of a pixel; `None` leaves the channel as it is.
type Tables<T> = Vec<Option<Arc<T>>>;

/// A value for each of a 16-bit sample.
type Words = Box<[u16; CODES]>;

/// The table of all channels, when they have the same.
fn shared<T: Eq>(tables: &Tables<T>) -> Option<Arc<T>> {
    let first = tables.first()?.as_ref()?;
    tables.iter().all(|table| table.as_ref() == Some(first)).then(|| Arc::clone(first))
}

/// `source` with its colours sent through `curve`, which takes and gives values on the scale of the samples (0 to 255 or
/// 65535). Results are cut off, not rounded, and clipped. Alpha stays.
pub fn colours<'a>(source: Rows<'a>, curve: impl Fn(f64) -> f64) -> Result<Rows<'a>> {
    let format = source.spec().format;
    let colours = format.space.channels();
    match format.depth {
        Depth::U8 => {
            let table = Some(bytes(curve));
            bytes_through(source, (0..format.channels()).map(|at| table.clone().filter(|_| at < colours)).collect())
        }
        Depth::U16 => {
            let table = Some(words(curve)?);
            words_through(source, (0..format.channels()).map(|at| table.clone().filter(|_| at < colours)).collect())
        }
        Depth::F32 => Err(depth_mismatch()),
    }
}

/// The same with a curve of its own for each channel; `None` leaves the channel as it is.
pub fn channels<F: Fn(f64) -> f64>(source: Rows<'_>, curves: Vec<Option<F>>) -> Result<Rows<'_>> {
    match source.spec().format.depth {
        Depth::U8 => bytes_through(source, curves.into_iter().map(|curve| curve.map(bytes)).collect()),
        Depth::U16 => {
            let tables: Result<_> = curves.into_iter().map(|curve| curve.map(words).transpose()).collect();
            words_through(source, tables?)
        }
        Depth::F32 => Err(depth_mismatch()),
    }
}

fn bytes(curve: impl Fn(f64) -> f64) -> Arc<[u8; 256]> {
    Arc::new(std::array::from_fn(|value| curve(value as f64) as u8))
}

fn words(curve: impl Fn(f64) -> f64) -> Result<Arc<Words>> {
    let mut table: Words = zeroed(CODES)?.into_boxed_slice().try_into().map_err(|_| depth_mismatch())?;
    table.iter_mut().zip(0..=u16::MAX).for_each(|(to, value)| *to = curve(f64::from(value)) as u16);
    Ok(Arc::new(table))
}

fn bytes_through(source: Rows<'_>, tables: Tables<[u8; 256]>) -> Result<Rows<'_>> {
    if let Some(table) = shared(&tables) {
        return edit_rows(source, move |row| {
            let RowMut::U8(samples) = row else { return Err(depth_mismatch()) };
            samples.iter_mut().for_each(|sample| *sample = table[*sample as usize]);
            Ok(())
        });
    }
    let changed = tables.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    let channels = tables.len();
    let identity = bytes(|value| value);
    let tables: Vec<[u8; 256]> =
        tables.into_iter().take(changed).map(|table| *table.unwrap_or_else(|| identity.clone())).collect();
    edit_rows(source, move |row| {
        let RowMut::U8(samples) = row else { return Err(depth_mismatch()) };
        match (tables.as_slice(), channels) {
            // The common layouts by themselves, so that the inner loop is unrolled.
            ([grey], 2) => each::<1, 2>(samples, [grey]),
            ([red, green, blue], 3) => each::<3, 3>(samples, [red, green, blue]),
            ([red, green, blue], 4) => each::<3, 4>(samples, [red, green, blue]),
            ([red, green, blue, alpha], 4) => each::<4, 4>(samples, [red, green, blue, alpha]),
            (tables, channels) => {
                for pixel in samples.chunks_exact_mut(channels.max(1)) {
                    pixel.iter_mut().zip(tables).for_each(|(sample, table)| *sample = table[*sample as usize]);
                }
            }
        }
        Ok(())
    })
}

fn each<const CHANGED: usize, const CHANNELS: usize>(samples: &mut [u8], tables: [&[u8; 256]; CHANGED]) {
    for pixel in samples.as_chunks_mut::<CHANNELS>().0 {
        for at in 0..CHANGED {
            pixel[at] = tables[at][pixel[at] as usize];
        }
    }
}

fn words_through(source: Rows<'_>, tables: Tables<Words>) -> Result<Rows<'_>> {
    if let Some(table) = shared(&tables) {
        return edit_rows(source, move |row| {
            let RowMut::U16(samples) = row else { return Err(depth_mismatch()) };
            samples.iter_mut().for_each(|sample| *sample = table[usize::from(*sample)]);
            Ok(())
        });
    }
    edit_rows(source, move |row| {
        let RowMut::U16(samples) = row else { return Err(depth_mismatch()) };
        for pixel in samples.chunks_exact_mut(tables.len().max(1)) {
            for (sample, table) in pixel.iter_mut().zip(&tables) {
                if let Some(table) = table {
                    *sample = table[*sample as usize];
                }
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        ColourSpace, Image, PixelFormat, Samples, Spec,
        testing::{RGBA, image, samples},
    };

    #[test]
    fn alpha_stays_and_results_are_cut_off_and_clipped() {
        let source = image(1, 1, RGBA, vec![1, 100, 201, 100]);
        assert_eq!(samples(colours(Box::new(source.into_rows()), |v| v * 1.5).unwrap()), [1, 150, 255, 100]);
    }

    #[test]
    fn every_channel_has_its_curve() {
        let source = image(1, 1, RGBA, vec![1, 2, 3, 4]);
        let curves = [10.0, 20.0, -30.0, 40.0].map(|factor| Some(move |v: f64| v * factor));
        assert_eq!(samples(channels(Box::new(source.into_rows()), curves.into()).unwrap()), [10, 40, 0, 160]);
    }

    #[test]
    fn sixteen_bits() {
        let format = PixelFormat::new(ColourSpace::Grey16, Depth::U16, true);
        let picture = Image::from_samples(Spec::new(2, 1, format), Samples::U16(vec![0, 9, 65535, 8])).unwrap();
        let mut rows = colours(Box::new(picture.into_rows()), |v| 65535.0 - v).unwrap();
        let inverted = Image::collect(rows.as_mut()).unwrap();
        assert_eq!(inverted.as_slice::<u16>().unwrap(), [65535, 9, 0, 8]);
    }
}
