//! Histograms of the window around each pixel, of 8-bit images.
//!
//! Every column has a histogram of its own that moves down by a row with one sample more and one less; that of the window
//! moves along by a column more and one less, whatever the window's height. Source: S. Perreault and P. Hébert, "Median
//! Filtering in Constant Time", IEEE Transactions on Image Processing 16(9), 2007.
#![allow(unsafe_code)] // Calls of functions compiled for what the level says is there.

use super::window::{Reach, Window};
use crate::{
    error::Result,
    image::Spec,
    simd::{Level, at_level},
};

/// Values that a sample can have.
pub(super) const VALUES: usize = 256;

/// Values that are counted together too, to find a rank in fewer steps.
pub(super) const GROUP: usize = 16;

/// A count for each value, then one for each group of values.
pub(super) type Counts<T> = [T; VALUES + VALUES / GROUP];

/// Taller windows count as this tall: a column's counts have 16 bits.
const MAX_HEIGHT: u32 = 65535;

/// What lies past the edges of an image of `len` pixels or rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// The outermost pixel over and over.
    Repeat,
    /// The image mirrored, the outermost pixel twice.
    Mirror,
}

impl Edge {
    /// Where in the image `at` is to be found, which is at most `len` away from it.
    pub(super) const fn inside(self, at: i64, len: u32) -> u32 {
        let last = len as i64 - 1;
        let folded = match self {
            Edge::Mirror if at < 0 => -1 - at,
            Edge::Mirror if at > last => 2 * last + 1 - at,
            _ => at,
        };
        // `clamp` is not const.
        (if folded < 0 {
            0
        } else if folded > last {
            last
        } else {
            folded
        }) as u32
    }
}

/// Holds a count of the pixels of a window.
pub(super) trait Count: Copy + Default + Into<u32> + Send + 'static {
    /// Adds the counts of one column and takes away those of another.
    fn slide(level: Level, window: &mut Counts<Self>, enters: &Counts<u16>, leaves: &Counts<u16>);
}

macro_rules! count {
    ($type:ty, $function:ident) => {
        at_level! {
            fn $function(window: &mut Counts<$type>, enters: &Counts<u16>, leaves: &Counts<u16>) {
                for ((count, &enters), &leaves) in window.iter_mut().zip(enters).zip(leaves) {
                    *count = count.wrapping_add(<$type>::from(enters)).wrapping_sub(<$type>::from(leaves));
                }
            }
        }
        impl Count for $type {
            fn slide(level: Level, window: &mut Counts<$type>, enters: &Counts<u16>, leaves: &Counts<u16>) {
                $function(level, window, enters, leaves);
            }
        }
    };
}
count!(u16, slide_words);
count!(u32, slide_double_words);

/// Windows of `width` × `height` over an image that gives each row once.
pub(super) struct Histograms<T> {
    rows: Window<u8>,
    /// Counts of the column through each sample of a row.
    columns: Vec<Counts<u16>>,
    /// Those of a window, a channel after the other.
    windows: Vec<Counts<T>>,
    width: u32,
    height: u32,
    edge: Edge,
    picture: Spec,
    channels: usize,
    /// Next row.
    y: u32,
    level: Level,
}

impl<T: Count> Histograms<T> {
    /// The window must be no larger than the image, and `T` hold its area.
    pub(super) fn new(picture: Spec, width: u32, height: u32, edge: Edge) -> Result<Self> {
        let height = height.min(MAX_HEIGHT);
        let channels = picture.format.channels();
        let reach = Reach { columns: (0, 0), rows: (height / 2 + 1, height - height / 2) };
        let mut columns = Vec::new();
        let out_of_memory = |_| crate::error::LimitError::Memory {
            bytes: (picture.row_samples() as u64).saturating_mul(size_of::<Counts<u16>>() as u64),
        };
        columns.try_reserve_exact(picture.row_samples()).map_err(out_of_memory)?;
        columns.resize(picture.row_samples(), [0; VALUES + VALUES / GROUP]);
        Ok(Self {
            rows: Window::new(&picture, channels, reach)?,
            columns,
            windows: vec![[T::default(); VALUES + VALUES / GROUP]; channels],
            width,
            height,
            edge,
            picture,
            channels,
            y: 0,
            level: Level::best(),
        })
    }

    /// Writes the next row: what `pick` makes of the counts around each sample and of the sample. `read` is called for the
    /// rows of the image that are needed first.
    pub(super) fn next(
        &mut self,
        read: impl FnMut(&mut [u8]) -> Result<()>,
        out: &mut [u8],
        pick: impl Fn(&Counts<T>, u8) -> u8,
    ) -> Result<()> {
        self.rows.advance(self.y, read)?;
        self.move_down();
        let (edge, width, channels) = (self.edge, self.picture.width, self.channels);
        let before = i64::from(self.width / 2);
        let column = |x: i64| edge.inside(x, width) as usize * channels;
        let nothing = [0; VALUES + VALUES / GROUP];
        for (channel, window) in self.windows.iter_mut().enumerate() {
            *window = [T::default(); VALUES + VALUES / GROUP];
            for x in -before..i64::from(self.width) - before {
                T::slide(self.level, window, &self.columns[column(x) + channel], &nothing);
            }
        }
        let row = self.rows.row(self.y.into());
        let pixels = row.chunks_exact(channels).zip(out.chunks_exact_mut(channels));
        for (x, (pixel, out)) in (0i64..).zip(pixels) {
            let (leaves, enters) = (column(x - 1 - before), column(x - 1 - before + i64::from(self.width)));
            for (channel, window) in self.windows.iter_mut().enumerate() {
                if x > 0 && enters != leaves {
                    T::slide(self.level, window, &self.columns[enters + channel], &self.columns[leaves + channel]);
                }
                out[channel] = pick(window, pixel[channel]);
            }
        }
        self.y += 1;
        Ok(())
    }

    /// Moves the columns to the next row.
    fn move_down(&mut self) {
        let first = i64::from(self.y) - i64::from(self.height / 2);
        let last = first + i64::from(self.height) - 1;
        let row = |y: i64| i64::from(self.edge.inside(y, self.picture.height));
        if self.y == 0 {
            for y in first..=last {
                count(&mut self.columns, self.rows.row(row(y)), 1);
            }
        } else if row(last) != row(first - 1) {
            count(&mut self.columns, self.rows.row(row(last)), 1);
            count(&mut self.columns, self.rows.row(row(first - 1)), u16::MAX);
        }
    }
}

/// Counts the samples of a row; the largest step counts them off.
fn count(columns: &mut [Counts<u16>], row: &[u8], step: u16) {
    for (counts, &sample) in columns.iter_mut().zip(row) {
        let (value, group) = (usize::from(sample), VALUES + usize::from(sample) / GROUP);
        counts[value] = counts[value].wrapping_add(step);
        counts[group] = counts[group].wrapping_add(step);
    }
}

/// The value with `rank` samples before it when all are put in order.
pub(super) fn ranked<T: Count>(counts: &Counts<T>, rank: u32) -> u8 {
    let mut left = rank;
    let mut skip = |from: usize, len: usize| {
        let place = counts[from..from + len - 1].iter().position(|&count| {
            let count: u32 = count.into();
            let found = left < count;
            left -= if found { 0 } else { count };
            found
        });
        place.unwrap_or(len - 1)
    };
    let group = skip(VALUES, VALUES / GROUP);
    (group * GROUP + skip(group * GROUP, GROUP)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_fold_back() {
        for (at, repeat, mirror) in [(-3, 0, 2), (-1, 0, 0), (0, 0, 0), (4, 4, 4), (5, 4, 4), (7, 4, 2)] {
            assert_eq!((Edge::Repeat.inside(at, 5), Edge::Mirror.inside(at, 5)), (repeat, mirror));
        }
        assert_eq!(Edge::Mirror.inside(-1, 1), 0);
    }

    #[test]
    fn ranks_are_found() {
        let mut counts: Counts<u16> = [0; VALUES + VALUES / GROUP];
        for sample in [3usize, 3, 18, 200, 255] {
            counts[sample] += 1;
            counts[VALUES + sample / GROUP] += 1;
        }
        assert_eq!([0, 1, 2, 3, 4].map(|rank| ranked(&counts, rank)), [3, 3, 18, 200, 255]);
    }
}
