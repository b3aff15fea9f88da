//! Reduces an image to a palette. Colours are split by variance, refined by k-means and mapped with error diffusion.
//! Sources: Wan, Wong and Prusinkiewicz, "An algorithm for multidimensional data clustering" (1988); Lloyd (1982);
//! Weiszfeld (1937); Floyd and Steinberg (1976).

mod cluster;
mod options;
#[cfg(test)]
mod tests;

pub use options::set_colours;

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use cluster::{Nearest, refine, split};

use crate::{
    error::{LimitError, Result},
    interrupt,
};

/// An image as indices into a palette.
pub struct Indexed {
    /// Width × height, row by row.
    pub indices: Vec<u8>,
    /// Red, green, blue and alpha; those with alpha stand first.
    pub colours: Vec<[u8; 4]>,
}

/// How a palette is found.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    /// Most colours, 2 to 256.
    pub most: usize,
    /// 0 to 100: below 100 fewer colours will do, down to those that always stay.
    pub quality: u32,
    /// Effort, 1 to 10.
    pub effort: u32,
}

/// A colour as red, green and blue, premultiplied and weighted by what the eye makes of them, and alpha.
type Point = [f32; 4];

/// Weights of red, green, blue and alpha; squares add up in distances.
const WEIGHTS: Point = [0.9, 1.0, 0.8, 1.0];

/// Mean squared error, on a scale where white to black is about 2, that quality 0 allows; quality 100 allows none. With the
/// exponent of what is missing from 100, images come as near to their originals as sharp's do.
const WORST_ERROR: f32 = 0.0013;
const ERROR_EXPONENT: f32 = 1.4;

/// An image of so few colours keeps them whatever the quality: it is a drawing, and without them no smaller.
const ALWAYS_KEPT: usize = 16;

/// Bits of a pixel that make its place in the histogram: all of them, and fewer when there are more colours than
/// [`MOST_PLACES`].
const HISTOGRAM_MASKS: [u32; 3] =
    [u32::MAX, u32::from_ne_bytes([0xfe, 0xfe, 0xfe, 0xfc]), u32::from_ne_bytes([0xfc, 0xfc, 0xfc, 0xf8])];

/// Colours that are told apart at most, while there is a coarser way to count them.
const MOST_PLACES: usize = 128 * 1024;

/// Part of an error that is diffused in smooth areas, where steps would be seen; more makes more noise than the eye needs,
/// and larger files. In busy areas nobody sees steps, and noise takes bytes and sharpness.
const SMOOTH_DITHER: f32 = 0.45;
const BUSY_DITHER: f32 = 0.1;

/// Squared distance of neighbours from which an area is busy: some five levels.
const BUSY: f32 = 0.0004;

/// Largest error that is handed on to neighbours, so that one odd pixel leaves no streak.
const MAX_DIFFUSED: f32 = 0.12;

/// Finds a palette and maps the image to it, with this share of the error diffused, 0 to 1. At full quality an image that
/// has no more colours than asked for keeps them exactly.
pub fn reduce(pixels: &Pixels<'_>, width: usize, search: Search, dither: f32) -> Result<Indexed> {
    let count = pixels.count();
    let mut indices = Vec::new();
    indices.try_reserve_exact(count).map_err(|_| LimitError::Memory { bytes: count as u64 })?;
    let mut known = Known::new(&[]);
    let exact = if search.quality < 100 { search.most.min(ALWAYS_KEPT) } else { search.most };
    let mut colours = if known.map(pixels, exact, None, &mut indices) {
        known.colours
    } else {
        indices.clear();
        let colours = pixels.histogram(false).palette(search);
        pixels.map(&colours, width, dither, None, &mut indices)?;
        colours
    };
    alpha_first(&mut colours, &mut indices);
    Ok(Indexed { indices, colours })
}

/// Puts entries that are not opaque first, so that tRNS is short, and drops those that are not used.
fn alpha_first(colours: &mut Vec<[u8; 4]>, indices: &mut [u8]) {
    let mut used = [false; 256];
    indices.iter().for_each(|index| used[usize::from(*index)] = true);
    let mut order: Vec<usize> = (0..colours.len()).filter(|index| used[*index]).collect();
    order.sort_by_key(|index| colours[*index][3] == 255);
    let mut new = [0u8; 256];
    order.iter().enumerate().for_each(|(to, from)| new[*from] = to as u8);
    indices.iter_mut().for_each(|index| *index = new[usize::from(*index)]);
    *colours = order.iter().map(|index| colours[*index]).collect();
}

/// The samples of an image, seen as RGBA.
pub struct Pixels<'a> {
    /// Interleaved, 1 to 4 channels.
    pub samples: &'a [u8],
    pub channels: usize,
}

impl Pixels<'_> {
    fn count(&self) -> usize {
        self.samples.len() / self.channels
    }

    fn iter(&self) -> impl Iterator<Item = [u8; 4]> {
        self.samples.chunks_exact(self.channels).map(|pixel| {
            let colour = match *pixel {
                [grey] => [grey, grey, grey, 255],
                [grey, alpha] => [grey, grey, grey, alpha],
                [red, green, blue] => [red, green, blue, 255],
                [red, green, blue, alpha, ..] => [red, green, blue, alpha],
                [] => [0; 4],
            };
            // What cannot be seen is one colour.
            if colour[3] == 0 { [0; 4] } else { colour }
        })
    }

    /// The colours of the image; of those that can be seen only, when `visible`.
    pub fn histogram(&self, visible: bool) -> Histogram {
        HISTOGRAM_MASKS.iter().find_map(|mask| self.histogram_of(visible, *mask)).unwrap_or_default()
    }

    /// The histogram of colours of which only some bits count; `None` when there are too many for any but the last mask.
    fn histogram_of(&self, visible: bool, mask: u32) -> Option<Histogram> {
        let is_last = Some(&mask) == HISTOGRAM_MASKS.last();
        let mut places: HashMap<u32, usize, Hash> = HashMap::default();
        let mut sums: Vec<([u64; 4], u64)> = Vec::new();
        let mut last = None;
        for colour in self.iter().filter(|colour| !visible || colour[3] > 0) {
            let key = u32::from_ne_bytes(colour) & mask;
            let place = match last {
                Some((known, place)) if known == key => place,
                _ => *places.entry(key).or_insert(sums.len()),
            };
            last = Some((key, place));
            if place == sums.len() {
                if place >= MOST_PLACES && !is_last {
                    return None;
                }
                sums.push(([0; 4], 0));
            }
            let (sum, count) = &mut sums[place];
            *count += 1;
            sum.iter_mut().zip(colour).for_each(|(sum, value)| *sum += u64::from(value));
        }
        let mean = |(sum, count): &([u64; 4], u64)| {
            let mean = sum.map(|sum| sum as f32 / *count as f32);
            (to_point(mean), *count as f32)
        };
        Some(Histogram(sums.iter().map(mean).collect()))
    }

    /// The index of each pixel's nearest colour, with the error of each spread over the pixels that follow. Pixels that
    /// cannot be seen have the index `transparent`, when there is one, and no error.
    pub fn map(
        &self,
        colours: &[[u8; 4]],
        width: usize,
        dither: f32,
        transparent: Option<u8>,
        indices: &mut Vec<u8>,
    ) -> Result<()> {
        let points: Vec<Point> = colours.iter().map(|colour| to_point(colour.map(f32::from))).collect();
        let nearest = Nearest::new(&points);
        let mut guess = 0;
        if dither == 0.0 {
            for colour in self.iter() {
                if let Some(transparent) = transparent.filter(|_| colour[3] == 0) {
                    indices.push(transparent);
                    continue;
                }
                guess = nearest.find(&to_point(colour.map(f32::from)), guess);
                indices.push(guess as u8);
            }
            return Ok(());
        }
        // A pixel of margin on either side.
        let mut here = vec![[0.0; 4]; width + 2];
        let mut below = here.clone();
        indices.resize(self.count(), 0);
        let mut pixels = self.iter();
        let mut row: Vec<Point> = Vec::with_capacity(width);
        for (y, indices) in indices.chunks_exact_mut(width).enumerate() {
            interrupt::check()?;
            row.clear();
            row.extend(pixels.by_ref().take(width).map(|colour| to_point(colour.map(f32::from))));
            below.fill([0.0; 4]);
            let backwards = y % 2 == 1;
            for step in 0..width {
                let x = if backwards { width - 1 - step } else { step };
                if let Some(transparent) = transparent.filter(|_| row[x][3] == 0.0) {
                    indices[x] = transparent;
                    continue;
                }
                let error = here[x + 1];
                let wanted: Point = std::array::from_fn(|i| (row[x][i] + error[i]).clamp(0.0, WEIGHTS[i]));
                guess = nearest.find(&wanted, guess);
                indices[x] = guess as u8;
                let next = if backwards { x.saturating_sub(1) } else { (x + 1).min(width - 1) };
                let strength = dither * diffused(distance(&row[x], &row[next]));
                let error: Point = std::array::from_fn(|i| {
                    (wanted[i] - points[guess][i]).clamp(-MAX_DIFFUSED, MAX_DIFFUSED) * strength / 16.0
                });
                let (ahead, behind) = if backwards { (x, x + 2) } else { (x + 2, x) };
                for i in 0..4 {
                    here[ahead][i] += error[i] * 7.0;
                    below[behind][i] += error[i] * 3.0;
                    below[x + 1][i] += error[i] * 5.0;
                    below[ahead][i] += error[i];
                }
            }
            std::mem::swap(&mut here, &mut below);
        }
        Ok(())
    }
}

/// Means of alike pixels and how many there are of each.
#[derive(Default)]
pub struct Histogram(Vec<(Point, f32)>);

impl Histogram {
    /// Pixels that were counted.
    pub fn count(&self) -> f32 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// A palette for these colours.
    pub fn palette(&self, search: Search) -> Vec<[u8; 4]> {
        let missing = (100 - search.quality.min(100)) as f32 / 100.0;
        let allowed = WORST_ERROR * missing.powf(ERROR_EXPONENT);
        let mut points = split(self.0.clone(), search.most, allowed);
        refine(&mut points, &self.0, search.effort);
        points.iter().map(to_colour).collect()
    }

    /// Root mean square distance of these colours from the nearest of a palette, on a scale of 255.
    pub fn error(&self, colours: &[[u8; 4]]) -> f32 {
        let points: Vec<Point> = colours.iter().map(|colour| to_point(colour.map(f32::from))).collect();
        let nearest = Nearest::new(&points);
        let (mut sum, mut total, mut guess) = (0.0, 0.0, 0);
        for (point, count) in &self.0 {
            guess = nearest.find(point, guess);
            sum += distance(point, &points[guess]) * count;
            total += count;
        }
        if total > 0.0 { (sum / total).sqrt() * 255.0 } else { 0.0 }
    }
}

/// A palette of exact colours that grows as images are mapped to it.
pub struct Known {
    places: HashMap<u32, u8, Hash>,
    /// Red, green, blue and alpha.
    pub colours: Vec<[u8; 4]>,
}

impl Known {
    pub fn new(colours: &[[u8; 4]]) -> Self {
        let places = colours.iter().enumerate().map(|(index, colour)| (u32::from_ne_bytes(*colour), index as u8));
        // The first of equal colours counts.
        Self { places: places.rev().collect(), colours: colours.to_vec() }
    }

    /// Appends the index of each pixel and adds the colours that are new. Gives false, with nothing added to the
    /// palette, when there would be more than `most`. Pixels that cannot be seen have the index `transparent`, when
    /// there is one.
    pub fn map(&mut self, pixels: &Pixels<'_>, most: usize, transparent: Option<u8>, indices: &mut Vec<u8>) -> bool {
        let before = self.colours.len();
        let mut last = None;
        for colour in pixels.iter() {
            let key = u32::from_ne_bytes(colour);
            let index = match (last, transparent) {
                (_, Some(transparent)) if colour[3] == 0 => {
                    indices.push(transparent);
                    continue;
                }
                (Some((known, index)), _) if known == key => index,
                _ => match self.places.get(&key) {
                    Some(index) => *index,
                    None if self.colours.len() >= most => {
                        for colour in self.colours.drain(before..) {
                            self.places.remove(&u32::from_ne_bytes(colour));
                        }
                        return false;
                    }
                    None => {
                        let index = self.colours.len() as u8;
                        self.places.insert(key, index);
                        self.colours.push(colour);
                        index
                    }
                },
            };
            last = Some((key, index));
            indices.push(index);
        }
        true
    }
}

/// A colour on a scale to 255 as a point.
fn to_point(colour: Point) -> Point {
    let alpha = colour[3] / 255.0;
    std::array::from_fn(|i| if i == 3 { alpha } else { colour[i] / 255.0 * alpha } * WEIGHTS[i])
}

fn to_colour(point: &Point) -> [u8; 4] {
    let alpha = point[3] / WEIGHTS[3];
    let scale = if alpha > 0.0 { 255.0 / alpha } else { 0.0 };
    std::array::from_fn(|i| if i == 3 { alpha * 255.0 } else { point[i] / WEIGHTS[i] * scale }.round() as u8)
}

fn distance(a: &Point, b: &Point) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// Part of an error that is diffused where neighbours have this squared distance.
fn diffused(contrast: f32) -> f32 {
    BUSY_DITHER + (SMOOTH_DITHER - BUSY_DITHER) * (1.0 - contrast / BUSY).max(0.0)
}

/// Spreads packed colours.
#[derive(Default)]
struct ColourHasher(u64);

type Hash = BuildHasherDefault<ColourHasher>;

impl Hasher for ColourHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32(u32::from(*byte)));
    }

    fn write_u32(&mut self, value: u32) {
        self.0 = (self.0 ^ u64::from(value)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26);
    }
}
