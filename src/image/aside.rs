//! Operations on colours and alpha that leave extra channels alone.
//!
//! A pixel is colours, then alpha where there is one, then extra channels (see [`PixelFormat`]). Operations that know colours
//! and alpha only are given just these by [`aside`], which puts the extra channels back behind what they make.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    error::{Error, LimitError, Result},
    image::{PixelFormat, Row, RowMut, RowSource, Rows, Samples, Spec, depth_mismatch},
};

/// Runs `make` on the colours and the alpha of `source`. Its result must have as many pixels, and rows that depend on no row
/// of the source that comes later than the last. Extra channels keep their values, on the scale of the result's samples.
pub fn aside<'a>(source: Rows<'a>, make: impl FnOnce(Rows<'a>) -> Result<Rows<'a>>) -> Result<Rows<'a>> {
    let spec = source.spec();
    if spec.format.extra == 0 {
        return make(source);
    }
    let kept = Arc::new(Mutex::new(VecDeque::new()));
    let core = spec.with_format(spec.format.without_extra());
    let scratch = Samples::row_of(&spec)?;
    let made = make(Box::new(Core { source, spec: core, scratch, kept: Arc::clone(&kept) }))?;
    let out = made.spec();
    if (out.width, out.height, out.format.extra) != (spec.width, spec.height, 0) {
        return Err(Error::Internal("extra channels of an image of another size".into()));
    }
    let joined = out.with_format(PixelFormat { extra: spec.format.extra, ..out.format });
    let scale = Scale::new(spec.format, out.format);
    Ok(Box::new(Joined { scratch: Samples::row_of(&out)?, made, spec: joined, kept, scale }))
}

/// The colours and the alpha of `source` alone.
pub fn without_extra(source: Rows<'_>) -> Result<Rows<'_>> {
    let spec = source.spec();
    if spec.format.extra == 0 {
        return Ok(source);
    }
    let core = spec.with_format(spec.format.without_extra());
    super::map::map_rows(source, core, move |from, to| split(from, to, spec.format, None))
}

/// Rows of extra channels that were read and whose pixels are still being worked on.
type Kept = Arc<Mutex<VecDeque<Samples>>>;

/// The colours and the alpha of another source, whose extra channels are kept.
struct Core<'a> {
    source: Rows<'a>,
    spec: Spec,
    scratch: Samples,
    kept: Kept,
}

impl RowSource for Core<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        self.source.next_row(self.scratch.all_mut())?;
        let format = self.source.spec().format;
        let len = self.spec.width as usize * usize::from(format.extra);
        let mut extra = Samples::zeroed(format.depth, len)?;
        split(self.scratch.all(), row, format, Some(extra.all_mut()))?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.try_reserve(1).map_err(|_| LimitError::Memory { bytes: len as u64 })?;
        kept.push_back(extra);
        Ok(())
    }
}

/// What was made, and the extra channels behind it.
struct Joined<'a> {
    made: Rows<'a>,
    spec: Spec,
    scratch: Samples,
    kept: Kept,
    scale: Scale,
}

impl RowSource for Joined<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    // Rows are never passed over: each has extra channels that are waiting for it.
    fn next_row(&mut self, mut row: RowMut<'_>) -> Result<()> {
        self.made.next_row(self.scratch.all_mut())?;
        let extra = self.kept.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let extra = extra.ok_or_else(|| Error::Internal("a row without its extra channels".into()))?;
        let (all, count) = (self.spec.format.channels(), usize::from(self.spec.format.extra));
        let core = all - count;
        match (self.scratch.all(), row.reborrow()) {
            (Row::U8(from), RowMut::U8(to)) => put(from, to, core, all),
            (Row::U16(from), RowMut::U16(to)) => put(from, to, core, all),
            (Row::F32(from), RowMut::F32(to)) => put(from, to, core, all),
            _ => return Err(depth_mismatch()),
        }
        let extra = extra.all();
        for x in 0..self.spec.width as usize {
            for channel in 0..count {
                row.set(x * all + core + channel, self.scale.apply(extra.get(x * count + channel)));
            }
        }
        Ok(())
    }
}

/// How a value becomes one of another layout, as alpha does.
#[derive(Debug, Clone, Copy)]
enum Scale {
    Same,
    /// The high byte.
    Narrow,
    By(f64),
}

impl Scale {
    fn new(from: PixelFormat, to: PixelFormat) -> Self {
        match (from.max(), to.max()) {
            (from, to) if from == to => Scale::Same,
            (65535.0, 255.0) => Scale::Narrow,
            (from, to) => Scale::By(to / from),
        }
    }

    fn apply(self, value: f64) -> f64 {
        match self {
            Scale::Same => value,
            Scale::Narrow => (value / 256.0).floor(),
            Scale::By(factor) => value * factor,
        }
    }
}

/// Writes colours and alpha of the pixels of a row to `core`, the channels behind them to `extra`.
fn split(row: Row<'_>, core: RowMut<'_>, format: PixelFormat, extra: Option<RowMut<'_>>) -> Result<()> {
    fn part<S: Copy>(row: &[S], core: &mut [S], extra: Option<&mut [S]>, all: usize, count: usize) {
        for (from, to) in row.chunks_exact(all).zip(core.chunks_exact_mut(all - count)) {
            to.copy_from_slice(&from[..all - count]);
        }
        if let Some(extra) = extra {
            for (from, to) in row.chunks_exact(all).zip(extra.chunks_exact_mut(count)) {
                to.copy_from_slice(&from[all - count..]);
            }
        }
    }
    let (all, count) = (format.channels(), usize::from(format.extra));
    match (row, core, extra) {
        (Row::U8(row), RowMut::U8(core), None) => part(row, core, None, all, count),
        (Row::U8(row), RowMut::U8(core), Some(RowMut::U8(extra))) => part(row, core, Some(extra), all, count),
        (Row::U16(row), RowMut::U16(core), None) => part(row, core, None, all, count),
        (Row::U16(row), RowMut::U16(core), Some(RowMut::U16(extra))) => part(row, core, Some(extra), all, count),
        (Row::F32(row), RowMut::F32(core), None) => part(row, core, None, all, count),
        (Row::F32(row), RowMut::F32(core), Some(RowMut::F32(extra))) => part(row, core, Some(extra), all, count),
        _ => return Err(depth_mismatch()),
    }
    Ok(())
}

/// Writes the first channels of pixels of `all`.
fn put<S: Copy>(from: &[S], to: &mut [S], core: usize, all: usize) {
    for (from, to) in from.chunks_exact(core).zip(to.chunks_exact_mut(all)) {
        to[..core].copy_from_slice(from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        colour,
        image::{
            ColourSpace, Depth, Image, channels,
            testing::{RGBA, image, samples},
        },
        ops::{flatten, negate},
    };

    const SPOT: PixelFormat = PixelFormat { extra: 2, ..RGBA };

    fn spot() -> Rows<'static> {
        Box::new(image(2, 1, SPOT, vec![1, 2, 3, 255, 10, 20, 4, 5, 6, 0, 30, 40]).into_rows())
    }

    #[test]
    fn extra_channels_stay_where_they_were() {
        let negative = aside(spot(), |rows| negate::negate(rows, false)).unwrap();
        assert_eq!(samples(negative), [254, 253, 252, 255, 10, 20, 251, 250, 249, 0, 30, 40]);
        let flat = aside(spot(), |rows| flatten::flatten(rows, &[7.0; 3])).unwrap();
        assert_eq!(flat.spec().format, PixelFormat { alpha: false, ..SPOT });
        assert_eq!(samples(flat), [1, 2, 3, 10, 20, 7, 7, 7, 30, 40]);
        let gone = without_extra(spot()).unwrap();
        assert_eq!(samples(gone), [1, 2, 3, 255, 4, 5, 6, 0]);
        let bare = PixelFormat { alpha: false, ..SPOT };
        let opaque = aside(Box::new(image(1, 1, bare, vec![1, 2, 3, 4, 5]).into_rows()), |rows| {
            channels::ensure_alpha(rows, 1.0)
        });
        assert_eq!(samples(opaque.unwrap()), [1, 2, 3, 255, 4, 5]);
    }

    #[test]
    fn extra_channels_follow_the_depth() {
        let mut deep = aside(spot(), |rows| colour::convert(rows, ColourSpace::Rgb16)).unwrap();
        let deep = Image::collect(deep.as_mut()).unwrap();
        assert_eq!(deep.as_slice::<u16>().unwrap()[4..6], [10 * 257, 20 * 257]);
        let back = aside(Box::new(deep.into_rows()), |rows| colour::convert(rows, ColourSpace::Srgb)).unwrap();
        assert_eq!(samples(back)[4..6], [10, 20]);
        let light = aside(spot(), |rows| colour::convert(rows, ColourSpace::ScRgb)).unwrap();
        assert_eq!(
            light.spec().format,
            PixelFormat { extra: 2, ..PixelFormat::new(ColourSpace::ScRgb, Depth::F32, true) }
        );
    }

    #[test]
    fn rows_can_be_asked_for_ahead() {
        let tall = image(1, 3, PixelFormat { extra: 1, ..RGBA }, (0..15).collect());
        let whole =
            aside(Box::new(tall.into_rows()), |mut rows| Ok(Box::new(Image::collect(rows.as_mut())?.into_rows())));
        let mut rows = whole.unwrap();
        rows.skip_rows(1).unwrap();
        let mut row = [0u8; 5];
        rows.next_samples(&mut row).unwrap();
        assert_eq!(row, [5, 6, 7, 8, 9]);
    }
}
