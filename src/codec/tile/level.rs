//! The levels of a pyramid, all made in one pass over the rows: each level keeps the rows of one row of tiles.

use std::collections::VecDeque;

use super::layout::Plan;
use crate::{
    error::{LimitError, Result},
    image::Sample,
};

/// Takes a finished tile: level, column, row, width, height and samples.
pub(super) type Emit<'e, S> = dyn FnMut(usize, u32, u32, (u32, u32), Vec<S>) -> Result<()> + 'e;

/// A sample that can be averaged.
pub(super) trait Mean: Sample + Into<f64> {
    /// The mean of four, halves rounded up.
    fn mean(four: [Self; 4]) -> Self;
    /// A value in range, its fraction dropped.
    fn truncated(value: f64) -> Self;
}

impl Mean for u8 {
    fn mean(four: [Self; 4]) -> Self {
        ((four.iter().map(|&sample| u32::from(sample)).sum::<u32>() + 2) >> 2) as u8
    }
    fn truncated(value: f64) -> Self {
        value as u8
    }
}

impl Mean for u16 {
    fn mean(four: [Self; 4]) -> Self {
        ((four.iter().map(|&sample| u32::from(sample)).sum::<u32>() + 2) >> 2) as u16
    }
    fn truncated(value: f64) -> Self {
        value as u16
    }
}

/// Where the image lies in a level: from left and top up to right and bottom.
#[derive(Debug, Clone, Copy)]
struct Window {
    left: u32,
    top: u32,
    right: u32,
    bottom: u32,
}

struct Level<S> {
    window: Window,
    /// Rows that tiles or the next level still need.
    rows: VecDeque<Vec<S>>,
    /// Number of the first of them, and of the one to come.
    first: u32,
    next: u32,
    /// Row of tiles that comes next.
    tile_row: u32,
}

/// A pyramid that rows are pushed into.
pub(super) struct Pyramid<'p, S> {
    plan: &'p Plan,
    levels: Vec<Level<S>>,
    /// One pixel of what is around the image.
    background: Vec<S>,
    alpha: bool,
}

impl<'p, S: Mean> Pyramid<'p, S> {
    /// `background` is one pixel, `alpha` whether its last sample is opacity.
    pub(super) fn new(plan: &'p Plan, background: Vec<S>, alpha: bool) -> Self {
        let ((left, top), (width, height)) = (plan.offset, plan.picture);
        let mut window = Window { left, top, right: left + width, bottom: top + height };
        let levels = plan.levels.iter().map(|_| {
            let level = Level {
                window,
                rows: VecDeque::new(),
                first: window.top,
                next: window.top,
                tile_row: window.top / plan.size,
            };
            window = Window {
                left: window.left / 2,
                top: window.top / 2,
                right: window.right.div_ceil(2),
                bottom: window.bottom.div_ceil(2),
            };
            level
        });
        Self { plan, levels: levels.collect(), background, alpha }
    }

    /// Adds the next row of the image and gives the tiles that it completes.
    pub(super) fn push(&mut self, row: Vec<S>, emit: &mut Emit<'_, S>) -> Result<()> {
        let mut row = Some(row);
        for index in 0..self.levels.len() {
            let Some(row_here) = row.take() else { break };
            let level = &mut self.levels[index];
            level.rows.push_back(row_here);
            level.next += 1;
            row = self.shrink(index)?;
            self.cut(index, emit)?;
        }
        Ok(())
    }

    /// The row of the next level that the last row completes, if it does.
    fn shrink(&self, index: usize) -> Result<Option<Vec<S>>> {
        let Some(after) = self.levels.get(index + 1) else { return Ok(None) };
        let level = &self.levels[index];
        let y = level.next - 1;
        let is_last = level.next == level.window.bottom;
        if y.is_multiple_of(2) && !is_last {
            return Ok(None);
        }
        let row = |y: u32| y.checked_sub(level.first).and_then(|at| level.rows.get(at as usize)).map(Vec::as_slice);
        let upper = row(y & !1);
        // Around the image there is background, or the image fills the level and its edge goes on.
        let lower = row(y | 1).or(if self.plan.full_tiles { None } else { upper });
        let width = (after.window.right - after.window.left) as usize;
        let (upper, lower) = (self.even(level, upper, width)?, self.even(level, lower, width)?);
        let channels = self.background.len();
        let mut to = reserved(width * channels)?;
        for (upper, lower) in upper.chunks_exact(2 * channels).zip(lower.chunks_exact(2 * channels)) {
            let at =
                |channel: usize| [upper[channel], upper[channel + channels], lower[channel], lower[channel + channels]];
            if self.alpha {
                weighted(&mut to, channels, at);
            } else {
                to.extend((0..channels).map(|channel| S::mean(at(channel))));
            }
        }
        Ok(Some(to))
    }

    /// A row of a level, widened so that its pixels pair up: two for each of `width` pixels of the next level.
    fn even(&self, level: &Level<S>, row: Option<&[S]>, width: usize) -> Result<Vec<S>> {
        let channels = self.background.len();
        let mut wide = reserved(width * 2 * channels)?;
        let blank = |wide: &mut Vec<S>| wide.extend_from_slice(&self.background);
        if let Some(row) = row {
            if level.window.left % 2 == 1 {
                blank(&mut wide);
            }
            wide.extend_from_slice(row);
            if level.window.right % 2 == 1 && !self.plan.full_tiles {
                wide.extend_from_slice(&row[row.len() - channels..]);
            }
        }
        while wide.len() < width * 2 * channels {
            blank(&mut wide);
        }
        Ok(wide)
    }

    /// Gives the rows of tiles of a level that are complete, and lets go of what is not needed any more.
    fn cut(&mut self, index: usize, emit: &mut Emit<'_, S>) -> Result<()> {
        let plan = self.plan;
        let (_, down) = plan.tiles(index);
        loop {
            let level = &self.levels[index];
            let window = level.window;
            if level.tile_row >= down {
                break;
            }
            let tile_row = level.tile_row;
            let bottom = plan.tile(index, 0, tile_row).bottom.min(window.bottom);
            if level.next < bottom || level.next <= tile_row * plan.size {
                break;
            }
            for column in window.left / plan.size..window.right.div_ceil(plan.size) {
                let (size, samples) = self.tile(index, column, tile_row)?;
                emit(index, column, tile_row, size, samples)?;
            }
            let level = &mut self.levels[index];
            level.tile_row += 1;
            let needed = if level.tile_row < down { plan.tile(index, 0, level.tile_row).top } else { level.next };
            // The last row may still be the upper one of a pair.
            while level.first < needed.min(level.next - 1) {
                level.rows.pop_front();
                level.first += 1;
            }
        }
        Ok(())
    }

    /// Size and samples of a tile.
    fn tile(&self, index: usize, column: u32, row: u32) -> Result<((u32, u32), Vec<S>)> {
        let (plan, level, channels) = (self.plan, &self.levels[index], self.background.len());
        let (window, tile) = (level.window, plan.tile(index, column, row));
        let (right, bottom) =
            if plan.full_tiles { ((column + 1) * plan.size, (row + 1) * plan.size) } else { (tile.right, tile.bottom) };
        let (width, height) = (right - tile.left, bottom - tile.top);
        let mut samples = reserved(width as usize * height as usize * channels)?;
        let blank = |samples: &mut Vec<S>, count: u32| {
            for _ in 0..count {
                samples.extend_from_slice(&self.background);
            }
        };
        let (from, to) = (tile.left.clamp(window.left, window.right), right.clamp(window.left, window.right));
        for y in tile.top..bottom {
            let row = (window.top..window.bottom).contains(&y).then(|| level.rows.get((y - level.first) as usize));
            match row.flatten() {
                Some(row) => {
                    blank(&mut samples, from - tile.left.min(from));
                    let at = |x: u32| (x - window.left) as usize * channels;
                    samples.extend_from_slice(&row[at(from)..at(to)]);
                    blank(&mut samples, right - to);
                }
                None => blank(&mut samples, width),
            }
        }
        Ok(((width, height), samples))
    }
}

/// The mean of four pixels by their opacity, fractions dropped.
fn weighted<S: Mean>(to: &mut Vec<S>, channels: usize, at: impl Fn(usize) -> [S; 4]) {
    let alpha = at(channels - 1).map(Into::into);
    let sum: f64 = alpha.iter().sum();
    for channel in 0..channels - 1 {
        let colours = at(channel).map(Into::into);
        let weighed: f64 = colours.iter().zip(alpha).map(|(colour, alpha): (&f64, f64)| colour * alpha).sum();
        to.push(S::truncated(if sum == 0.0 { 0.0 } else { weighed / sum }));
    }
    to.push(S::truncated(sum / 4.0));
}

fn reserved<S>(count: usize) -> Result<Vec<S>> {
    let mut samples = Vec::new();
    samples.try_reserve_exact(count).map_err(|_| LimitError::Memory { bytes: (count * size_of::<S>()) as u64 })?;
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::{
        super::options::{Layout, TileOptions},
        *,
    };

    /// All tiles of a grey image whose samples count up, by name.
    fn tiles(options: &TileOptions, width: u32, height: u32) -> Vec<(String, (u32, u32), Vec<u8>)> {
        let plan = Plan::new(options, width, height);
        let mut pyramid = Pyramid::new(&plan, vec![255u8], false);
        let mut all = Vec::new();
        for y in 0..height {
            let row = (0..width).map(|x| (y * width + x) as u8).collect();
            pyramid
                .push(row, &mut |level, column, row, size, samples| {
                    all.push((plan.name(level, column, row), size, samples));
                    Ok(())
                })
                .unwrap();
        }
        all.sort();
        all
    }

    #[test]
    fn levels_are_halved_and_the_edge_goes_on() {
        let all = tiles(&TileOptions { size: 2, ..TileOptions::default() }, 3, 3);
        let names: Vec<&str> = all.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, ["0/0_0.jpeg", "1/0_0.jpeg", "2/0_0.jpeg", "2/0_1.jpeg", "2/1_0.jpeg", "2/1_1.jpeg"]);
        assert_eq!(all[1].2, [2, 4, 7, 8]);
        assert_eq!(all[0].2, [5]);
        assert_eq!((all[3].1, &all[3].2[..]), ((2, 1), &[6, 7][..]));
    }

    #[test]
    fn overlap_shows_the_neighbours() {
        let all = tiles(&TileOptions { size: 2, overlap: 1, ..TileOptions::default() }, 5, 5);
        let (_, size, samples) = all.iter().find(|(name, ..)| name == "3/1_1.jpeg").unwrap();
        assert_eq!((*size, &samples[..5]), ((4, 4), &[6, 7, 8, 9, 11][..]));
    }

    #[test]
    fn google_fills_up_with_background() {
        let options = TileOptions { size: 2, layout: Layout::Google, centre: true, ..TileOptions::default() };
        let all = tiles(&options, 3, 1);
        // In a square of 4 × 4 at 0,1: the first row of tiles holds it, the second is not given.
        let names: Vec<&str> = all.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, ["0/0/0.jpg", "1/0/0.jpg", "1/0/1.jpg"]);
        assert_eq!(all[1].2, [255, 255, 0, 1]);
        assert_eq!(all[2].2, [255, 255, 2, 255]);
        assert_eq!(all[0].2, [128, 192, 255, 255]);
    }
}
