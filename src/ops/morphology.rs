//! Dilation and erosion with a square.
//!
//! As in libvips 8.18 (`morph`) the bits of the samples in the square are combined: dilation of dark shapes keeps the bits
//! that all have, erosion those that any has. Images of 16 bits are worked on whole; sharp makes them black.

use super::window::extend;
use crate::{
    error::Result,
    image::{Depth, RowMut, RowSource, Rows, Sample, Spec, depth_mismatch, zeroed},
};

/// Which way shapes change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Morphology {
    /// Dark shapes grow.
    Dilate,
    /// Dark shapes shrink.
    Erode,
}

/// `source`, of 8 or 16 bits, changed by squares that reach `radius` pixels from their centre. Edges go on past the
/// image; alpha is a channel as all others.
pub fn morph(source: Rows<'_>, operation: Morphology, radius: u32) -> Result<Rows<'_>> {
    match source.spec().format.depth {
        Depth::U8 => Adaptor::<u8>::new(source, operation, radius),
        Depth::U16 => Adaptor::<u16>::new(source, operation, radius),
        Depth::F32 => Err(depth_mismatch()),
    }
}

/// Samples whose bits can be combined.
trait Bits: Sample + Default {
    fn combine(self, other: Self, operation: Morphology) -> Self;
}

macro_rules! bits {
    ($($type:ty)*) => {$(
        impl Bits for $type {
            #[inline(always)]
            fn combine(self, other: Self, operation: Morphology) -> Self {
                match operation {
                    Morphology::Dilate => self & other,
                    Morphology::Erode => self | other,
                }
            }
        }
    )*};
}
bits!(u8 u16);

/// `to` combined with `from`, sample by sample.
fn combine<S: Bits>(to: &mut [S], from: &[S], operation: Morphology) {
    // Told apart outside of the loops, so that each is one instruction on a vector.
    match operation {
        Morphology::Dilate => {
            to.iter_mut().zip(from).for_each(|(to, &from)| *to = to.combine(from, Morphology::Dilate));
        }
        Morphology::Erode => to.iter_mut().zip(from).for_each(|(to, &from)| *to = to.combine(from, Morphology::Erode)),
    }
}

/// Combines windows of rows as two stacks: of those that entered only the combination is held, of those that leave the
/// combination of each with all after it. When the second is empty, the first is turned over.
struct Adaptor<'a, S> {
    source: Rows<'a>,
    operation: Morphology,
    radius: u32,
    /// Rows in the order that they came; those before `turned` are combined with all up to it.
    rows: Vec<S>,
    slots: u32,
    read: u32,
    turned: u32,
    entered: Vec<S>,
    /// Next row.
    y: u32,
    /// A row with as many pixels on both sides as the square reaches, and another as long.
    padded: [Vec<S>; 2],
}

impl<'a, S: Bits> Adaptor<'a, S> {
    #[expect(clippy::new_ret_no_self, reason = "callers want rows")]
    fn new(source: Rows<'a>, operation: Morphology, radius: u32) -> Result<Rows<'a>> {
        let spec = source.spec();
        let radius = radius.min(spec.width.max(spec.height));
        let slots = radius.saturating_mul(2).saturating_add(1).min(spec.height);
        let len = spec.row_samples();
        let along = spec.width.saturating_add(radius.min(spec.width).saturating_mul(2));
        let padded = spec.resized(along, 1).samples()?;
        let ring = spec.resized(spec.width, slots).samples()?;
        Ok(Box::new(Self {
            source,
            operation,
            radius,
            rows: zeroed(ring)?,
            slots,
            read: 0,
            turned: 0,
            entered: zeroed(len)?,
            y: 0,
            padded: [zeroed(padded)?, zeroed(padded)?],
        }))
    }

    fn slot(&self, y: u32) -> std::ops::Range<usize> {
        let len = self.entered.len();
        let start = (y % self.slots) as usize * len;
        start..start + len
    }

    /// Reads a row and combines it with those that entered before.
    fn enter(&mut self) -> Result<()> {
        let slot = self.slot(self.read);
        let row = &mut self.rows[slot];
        self.source.next_samples(row)?;
        if self.read == self.turned {
            self.entered.copy_from_slice(row);
        } else {
            combine(&mut self.entered, row, self.operation);
        }
        self.read += 1;
        Ok(())
    }

    /// Combines each row from `first` on with all after it.
    fn turn(&mut self, first: u32) {
        for y in (first..self.read.saturating_sub(1)).rev() {
            let [next, row] = [self.slot(y + 1), self.slot(y)];
            let (to, from) = if row.start < next.start {
                let (before, after) = self.rows.split_at_mut(next.start);
                (&mut before[row], &after[..self.entered.len()])
            } else {
                let (before, after) = self.rows.split_at_mut(row.start);
                (&mut after[..self.entered.len()], &before[next])
            };
            combine(to, from, self.operation);
        }
        self.turned = self.read;
    }
}

impl<S: Bits> RowSource for Adaptor<'_, S> {
    fn spec(&self) -> Spec {
        self.source.spec()
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let out = S::of_mut(row).ok_or_else(depth_mismatch)?;
        let spec = self.source.spec();
        let first = self.y.saturating_sub(self.radius);
        let end = self.y.saturating_add(self.radius).saturating_add(1).min(spec.height);
        while self.read < end {
            self.enter()?;
        }
        if first >= self.turned {
            self.turn(first);
        }
        let channels = spec.format.channels();
        let radius = self.radius.min(spec.width) as usize;
        let (left, len) = (radius * channels, self.entered.len());
        let leaving = self.slot(first);
        let [padded, spare] = &mut self.padded;
        let row = &mut padded[left..left + len];
        row.copy_from_slice(&self.rows[leaving]);
        if self.read > self.turned {
            combine(row, &self.entered, self.operation);
        }
        self.y += 1;
        extend(padded, left, len, channels);
        along(padded, spare, out, channels, 2 * radius + 1, self.operation);
        Ok(())
    }
}

/// Combines `size` pixels from each on: first pairs, then pairs of pairs, at last two overlapping spans. `row` and `spare`
/// have that many pixels, less one, more than `out`.
fn along<'a, S: Bits>(
    mut row: &'a mut [S],
    mut spare: &'a mut [S],
    out: &mut [S],
    channels: usize,
    size: usize,
    operation: Morphology,
) {
    let mut span = 1;
    let mut len = row.len();
    while span * 2 <= size {
        len -= span * channels;
        spare[..len].copy_from_slice(&row[..len]);
        combine(&mut spare[..len], &row[span * channels..], operation);
        std::mem::swap(&mut row, &mut spare);
        span *= 2;
    }
    out.copy_from_slice(&row[..out.len()]);
    combine(out, &row[(size - span) * channels..], operation);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        ColourSpace, Image, PixelFormat, Samples,
        testing::{GREY, RGB, RGBA, grey, image, samples},
    };

    fn plain(width: i64, height: i64, channels: i64, samples: &[u8], dilate: bool, radius: i64) -> Vec<u8> {
        let value = |index: i64| {
            let (x, y, channel) = (index / channels % width, index / channels / width, index % channels);
            let mut combined = samples[index as usize];
            for y in (y - radius).max(0)..=(y + radius).min(height - 1) {
                for x in (x - radius).max(0)..=(x + radius).min(width - 1) {
                    let other = samples[((y * width + x) * channels + channel) as usize];
                    combined = if dilate { combined & other } else { combined | other };
                }
            }
            combined
        };
        (0..samples.len() as i64).map(value).collect()
    }

    #[test]
    fn squares_of_all_sizes_are_combined() {
        for (format, operation) in [GREY, RGB, RGBA]
            .into_iter()
            .flat_map(|format| [Morphology::Dilate, Morphology::Erode].map(|operation| (format, operation)))
        {
            let dilates = operation == Morphology::Dilate;
            let len = 17 * 23 * format.channels() as u32;
            let bit = |at: u32| (at.wrapping_mul(2_654_435_761) >> 24).is_multiple_of(11);
            let pixels: Vec<u8> =
                (0..len).map(|at| if bit(at) == dilates { at as u8 & 0x55 } else { at as u8 | 0xaa }).collect();
            for radius in [1, 2, 3, 7, 16, 40] {
                let source = Box::new(image(17, 23, format, pixels.clone()).into_rows());
                let expected = plain(17, 23, format.channels() as i64, &pixels, dilates, radius.into());
                assert!(samples(morph(source, operation, radius).unwrap()) == expected, "{operation:?} {radius}");
            }
        }
    }

    #[test]
    fn sixteen_bits_are_kept() {
        let format = PixelFormat::new(ColourSpace::Grey16, Depth::U16, false);
        let deep = Image::from_samples(Spec::new(3, 1, format), Samples::U16(vec![0x1234, 0xffff, 0x8000])).unwrap();
        let out = morph(Box::new(deep.into_rows()), Morphology::Dilate, 1).unwrap();
        assert_eq!(Image::collect(&mut *{ out }).unwrap().as_slice::<u16>().unwrap(), [0x1234, 0, 0x8000]);
    }

    #[test]
    fn a_square_of_any_size_fits() {
        assert_eq!(samples(morph(grey(1, 1, vec![7]), Morphology::Erode, 65536).unwrap()), [7]);
        assert_eq!(samples(morph(grey(2, 1, vec![3, 5]), Morphology::Erode, 65536).unwrap()), [7, 7]);
    }
}
