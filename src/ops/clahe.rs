//! Contrast limited adaptive histogram equalisation, channel by channel.
//!
//! Each sample becomes the share of the samples in a window around it that are not above it. Counts of a value above the
//! limit are spread over all values. Formula of libvips 8.18 (`hist_local`), after K. Zuiderveld, "Contrast Limited
//! Adaptive Histogram Equalization", Graphics Gems IV, 1994.
#![allow(unsafe_code)] // Calls of functions compiled for what the level says is there.

use super::{
    histogram::{Count, Counts, Edge, GROUP, Histograms, VALUES},
    window::{Reach, Window},
};
use crate::{
    error::{OperationError, Result},
    image::{Depth, RowMut, RowSource, Rows, Sample, Spec, depth_mismatch},
    simd::{Level, at_level},
};

/// Windows of at most so many rows are cheaper to count sample by sample than by columns.
const MAX_COUNTED_ROWS: u32 = 40;

/// What to equalise with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clahe {
    /// Pixels of the window across.
    pub width: u32,
    /// Rows of the window.
    pub height: u32,
    /// Most samples of one value that count, 0 is no limit; at most 100.
    pub max_slope: u32,
}

/// `source`, of 8 bits, equalised. The window must fit in the image, which is mirrored past its edges.
pub fn clahe<'a>(source: Rows<'a>, clahe: &Clahe) -> Result<Rows<'a>> {
    let spec = source.spec();
    if spec.format.depth != Depth::U8 {
        return Err(OperationError::HistogramDepth.into());
    }
    if clahe.width > spec.width || clahe.height > spec.height {
        return Err(OperationError::WindowTooLarge("hist_local").into());
    }
    let narrow = u64::from(clahe.width) * u64::from(clahe.height) <= u64::from(u16::MAX);
    if narrow && clahe.height <= MAX_COUNTED_ROWS {
        Slid::new(source, clahe)
    } else if narrow {
        Adaptor::<u16>::new(source, clahe)
    } else {
        Adaptor::<u32>::new(source, clahe)
    }
}

struct Adaptor<'a, T> {
    source: Rows<'a>,
    histograms: Histograms<T>,
    area: u64,
    limit: u16,
    level: Level,
}

impl<'a, T: Clipped> Adaptor<'a, T> {
    #[expect(clippy::new_ret_no_self, reason = "callers want rows")]
    fn new(source: Rows<'a>, clahe: &Clahe) -> Result<Rows<'a>> {
        Ok(Box::new(Self {
            histograms: Histograms::new(source.spec(), clahe.width, clahe.height, Edge::Mirror)?,
            area: u64::from(clahe.width) * u64::from(clahe.height),
            limit: clahe.max_slope.min(MAX_LIMIT) as u16,
            level: Level::best(),
            source,
        }))
    }
}

impl<T: Clipped> RowSource for Adaptor<'_, T> {
    fn spec(&self) -> Spec {
        self.source.spec()
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let out = u8::of_mut(row).ok_or_else(depth_mismatch)?;
        let source = &mut self.source;
        let (area, limit, level) = (self.area, self.limit, self.level);
        self.histograms.next(
            |row| source.next_samples(row),
            out,
            |counts, sample| {
                let not_above = if limit == 0 {
                    not_above(counts, sample)
                } else {
                    let mut sums = [0; 2];
                    T::clipped(level, counts, sample, limit, &mut sums);
                    u64::from(sums[0]) + (u64::from(sample) + 1) * area.saturating_sub(sums[1].into()) / VALUES as u64
                };
                (255 * not_above / area).min(255) as u8
            },
        )
    }
}

/// The counts of one channel's window, moved along each row.
#[derive(Clone, Copy)]
struct Tally {
    counts: [u16; VALUES],
    /// Sums of counts cut off at the limit, of each group of values and of all.
    groups: [u16; VALUES / GROUP],
    total: u16,
}

impl Tally {
    const EMPTY: Self = Self { counts: [0; VALUES], groups: [0; VALUES / GROUP], total: 0 };

    #[inline(always)]
    fn add(&mut self, sample: u8, limit: u16) {
        let count = &mut self.counts[usize::from(sample)];
        let counts = u16::from(*count < limit);
        *count += 1;
        self.groups[usize::from(sample) / GROUP] += counts;
        self.total += counts;
    }

    /// Takes away a sample that was added.
    #[inline(always)]
    fn remove(&mut self, sample: u8, limit: u16) {
        let count = &mut self.counts[usize::from(sample)];
        *count -= 1;
        let counts = u16::from(*count < limit);
        self.groups[usize::from(sample) / GROUP] -= counts;
        self.total -= counts;
    }

    /// The sum of counts cut off at `limit` of the values that are not above `sample`.
    #[inline(always)]
    fn not_above(&self, sample: u8, limit: u16) -> u16 {
        let (group, rest) = (usize::from(sample) / GROUP, usize::from(sample) % GROUP);
        let mut sum = 0;
        for lane in 0..GROUP {
            sum += if lane < group { self.groups[lane] } else { 0 };
        }
        let counts = &self.counts.as_chunks::<GROUP>().0[group];
        for (lane, count) in counts.iter().enumerate() {
            sum += if lane <= rest { *count.min(&limit) } else { 0 };
        }
        sum
    }
}

/// Low windows: every sample that enters or leaves is counted.
struct Slid<'a> {
    source: Rows<'a>,
    window: Window<u8>,
    clahe: Clahe,
    tallies: Vec<Tally>,
    y: u32,
}

impl<'a> Slid<'a> {
    #[expect(clippy::new_ret_no_self, reason = "callers want rows")]
    fn new(source: Rows<'a>, &clahe: &Clahe) -> Result<Rows<'a>> {
        let spec = source.spec();
        let channels = spec.format.channels();
        let reach = Reach { columns: (0, 0), rows: (clahe.height / 2, clahe.height - clahe.height / 2) };
        let window = Window::new(&spec, channels, reach)?;
        Ok(Box::new(Self { source, window, clahe, tallies: vec![Tally::EMPTY; channels], y: 0 }))
    }
}

impl RowSource for Slid<'_> {
    fn spec(&self) -> Spec {
        self.source.spec()
    }

    fn next_row(&mut self, row: RowMut<'_>) -> Result<()> {
        let out = u8::of_mut(row).ok_or_else(depth_mismatch)?;
        let spec = self.source.spec();
        let source = &mut self.source;
        self.window.advance(self.y, |row| source.next_samples(row))?;
        let channels = spec.format.channels();
        let first = i64::from(self.y) - i64::from(self.clahe.height / 2);
        let lines = first..first + i64::from(self.clahe.height);
        let lines: Vec<&[u8]> = lines.map(|y| self.window.row(Edge::Mirror.inside(y, spec.height).into())).collect();
        let before = i64::from(self.clahe.width / 2);
        let column = |x: i64| Edge::Mirror.inside(x, spec.width) as usize * channels;
        let (area, limited) = (self.clahe.width * self.clahe.height, self.clahe.max_slope > 0);
        let limit = if limited { self.clahe.max_slope.min(MAX_LIMIT) as u16 } else { u16::MAX };
        for (channel, tally) in self.tallies.iter_mut().enumerate() {
            *tally = Tally::EMPTY;
            for x in -before..i64::from(self.clahe.width) - before {
                lines.iter().for_each(|line| tally.add(line[column(x) + channel], limit));
            }
        }
        let row = self.window.row(self.y.into());
        for (x, (pixel, out)) in (0i64..).zip(row.chunks_exact(channels).zip(out.chunks_exact_mut(channels))) {
            let (leaves, enters) = (column(x - 1 - before), column(x - 1 - before + i64::from(self.clahe.width)));
            let moves = x > 0 && enters != leaves;
            for (channel, tally) in self.tallies.iter_mut().enumerate() {
                if moves {
                    for line in &lines {
                        tally.remove(line[leaves + channel], limit);
                        tally.add(line[enters + channel], limit);
                    }
                }
                let sample = pixel[channel];
                let below = u32::from(tally.not_above(sample, limit));
                let spread = (u32::from(sample) + 1) * area.saturating_sub(tally.total.into()) / VALUES as u32;
                let not_above = below + if limited { spread } else { 0 };
                out[channel] = (255 * not_above / area).min(255) as u8;
            }
        }
        self.y += 1;
        Ok(())
    }
}

/// With more, the sum of all counts would not fit in 16 bits.
const MAX_LIMIT: u32 = 255;

/// Samples that are not above `sample`.
fn not_above<T: Count>(counts: &Counts<T>, sample: u8) -> u64 {
    let group = usize::from(sample) / GROUP;
    let groups = counts[VALUES..VALUES + group].iter();
    let values = counts[group * GROUP..=usize::from(sample)].iter();
    groups.chain(values).map(|&count| u64::from(count.into())).sum()
}

trait Clipped: Count {
    /// Writes two sums of counts cut off at `limit`: of those not above `sample`, and of all.
    fn clipped(level: Level, counts: &Counts<Self>, sample: u8, limit: u16, sums: &mut [u16; 2]);
}

macro_rules! clipped {
    ($type:ty, $function:ident) => {
        at_level! {
            fn $function(counts: &Counts<$type>, sample: u8, limit: u16, sums: &mut [u16; 2]) {
                let (groups, _) = counts[..VALUES].as_chunks::<GROUP>();
                let last = usize::from(sample) / GROUP;
                let mut all = [0u16; GROUP];
                for group in &groups[..last] {
                    for lane in 0..GROUP {
                        all[lane] += group[lane].min(<$type>::from(limit)) as u16;
                    }
                }
                let mut below = all;
                let end = usize::from(sample) % GROUP;
                for lane in 0..GROUP {
                    let count = groups[last][lane].min(<$type>::from(limit)) as u16;
                    all[lane] += count;
                    below[lane] += if lane <= end { count } else { 0 };
                }
                for group in &groups[last + 1..] {
                    for lane in 0..GROUP {
                        all[lane] += group[lane].min(<$type>::from(limit)) as u16;
                    }
                }
                *sums = [below.iter().sum(), all.iter().sum()];
            }
        }
        impl Clipped for $type {
            fn clipped(level: Level, counts: &Counts<$type>, sample: u8, limit: u16, sums: &mut [u16; 2]) {
                $function(level, counts, sample, limit, sums);
            }
        }
    };
}
clipped!(u16, clipped_words);
clipped!(u32, clipped_double_words);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{
        ColourSpace, Image, PixelFormat,
        testing::{GREY, RGB, RGBA, grey, image, samples},
    };

    fn plain(width: i64, height: i64, channels: i64, samples: &[u8], clahe: Clahe) -> Vec<u8> {
        let fold = |at: i64, len: i64| {
            if at < 0 {
                -1 - at
            } else if at >= len {
                2 * len - 1 - at
            } else {
                at
            }
        };
        let (across, down) = (i64::from(clahe.width), i64::from(clahe.height));
        let value = |index: i64| {
            let (x, y, channel) = (index / channels % width, index / channels / width, index % channels);
            let mut counts = [0u32; 256];
            for dy in -(down / 2)..down - down / 2 {
                for dx in -(across / 2)..across - across / 2 {
                    let at = (fold(y + dy, height) * width + fold(x + dx, width)) * channels + channel;
                    counts[samples[at as usize] as usize] += 1;
                }
            }
            let limit = if clahe.max_slope == 0 { u32::MAX } else { clahe.max_slope };
            let target = samples[index as usize] as usize;
            let kept: u32 = counts[..=target].iter().map(|&count| count.min(limit)).sum();
            let over: u32 = counts.iter().map(|&count| count.saturating_sub(limit)).sum();
            (255 * (kept + (target as u32 + 1) * over / 256) / (clahe.width * clahe.height)) as u8
        };
        (0..samples.len() as i64).map(value).collect()
    }

    #[test]
    fn windows_of_all_kinds_follow_the_formula() {
        for format in [GREY, RGBA] {
            let pixels: Vec<u8> = (0..31 * 19 * format.channels() as u32)
                .map(|at| (at.wrapping_mul(2_654_435_761) >> 28) as u8 * 9)
                .collect();
            for (width, height, max_slope) in [(1, 1, 3), (5, 5, 0), (5, 4, 1), (4, 7, 3), (31, 19, 100), (2, 19, 0)] {
                let options = Clahe { width, height, max_slope };
                let source = Box::new(image(31, 19, format, pixels.clone()).into_rows());
                let expected = plain(31, 19, format.channels() as i64, &pixels, options);
                assert!(samples(clahe(source, &options).unwrap()) == expected, "{options:?}");
            }
        }
    }

    #[test]
    fn low_windows_are_counted_as_high_ones() {
        let pixels: Vec<u8> = (0..60 * 50 * 3u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 27) as u8 * 8).collect();
        for (width, height, max_slope) in [(9, 9, 3), (8, 40, 0), (60, 40, 100), (3, 41, 2)] {
            let options = Clahe { width, height, max_slope };
            let source = || Box::new(image(60, 50, RGB, pixels.clone()).into_rows());
            let by_columns = samples(Adaptor::<u16>::new(source(), &options).unwrap());
            assert!(samples(Slid::new(source(), &options).unwrap()) == by_columns, "{options:?}");
        }
    }

    #[test]
    fn large_windows_count_in_more_bits() {
        let flat = image(300, 300, GREY, vec![200; 90_000]);
        let options = Clahe { width: 290, height: 290, max_slope: 0 };
        assert_eq!(samples(clahe(Box::new(flat.into_rows()), &options).unwrap()), vec![255; 90_000]);
    }

    #[test]
    fn what_cannot_be_equalised_is_refused() {
        let options = Clahe { width: 3, height: 3, max_slope: 3 };
        let error = clahe(grey(5, 2, vec![0; 10]), &options).err().unwrap().to_string();
        assert_eq!(error, "hist_local: window too large");
        let wide = Image::new(Spec::new(9, 9, PixelFormat::new(ColourSpace::Grey16, Depth::U16, false))).unwrap();
        let error = clahe(Box::new(wide.into_rows()), &options).err().unwrap().to_string();
        assert_eq!(error, "hist_local: image must be VIPS_FORMAT_UCHAR");
    }
}
