//! How to code a segment of a picture: through which filter, and with which coder. What the options ask for is an
//! effort and a size; the pixels are the same whichever way they are filtered, so the way is chosen by what the segment
//! is like.

use std::collections::HashSet;

use zlib_rs::{DeflateConfig, ReturnCode};

use super::{
    PngOptions,
    deflate::{self, Coder},
    filter::{Choice, Filter, filter},
};

/// Bytes of a segment that are looked at for the choice.
const SAMPLE: usize = 32 * 1024;

/// Pictures with fewer bytes are not worth a choice; this also keeps the bytes of the tiniest as everybody writes them.
const TINY: usize = 1024;

/// Bits that a match takes, about: length, distance and their extra bits.
const MATCH_BITS: f64 = 20.0;

/// How much larger literals may come out and still be taken: they cost a fifth of the time, and the estimate of matches
/// leaves out what describing them costs.
const LITERALS_BIAS: f64 = 1.03;

/// Effort of the matches that are tried.
const TRIAL_LEVEL: i32 = 4;

/// Bytes that must agree for a match in the estimate.
const MATCH_LENGTH: usize = 6;

/// Pixels of each colour on average, from which colours count as few.
const FEW: usize = 4;

/// Segments shorter than this do not pay for the change of the coder.
const SHORT: usize = 4 * 1024;

/// A filter choice and a coder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) filters: Choice,
    pub(super) coder: Coder,
}

/// What is constant over a picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strategy {
    level: u8,
    adaptive: bool,
    /// No choice: no filter, and matches.
    plain: bool,
}

impl Strategy {
    /// `bytes` is the size of the raw pixels; indices into a palette are not numbers, so filters do nothing for them.
    pub(super) fn new(options: &PngOptions, bytes: u64, indexed: bool) -> Self {
        let level = options.compression_level.min(9) as u8;
        let adaptive = options.adaptive_filtering && !indexed;
        Self { level, adaptive, plain: indexed || level == 0 || bytes <= TINY as u64 }
    }

    /// Effort as the stream's header states it.
    pub(super) const fn level(&self) -> u8 {
        self.level
    }

    /// The way for a segment of whole rows, `raw`, below the row `previous`.
    pub(super) fn way(&self, pixel_bytes: usize, previous: &[u8], raw: &[u8]) -> Way {
        let full = Coder::Matches { level: self.level };
        let plain = if self.adaptive { Choice::LeastSum } else { Choice::Fixed(Filter::None) };
        if self.plain || raw.len() < SHORT {
            return Way { filters: plain, coder: full };
        }
        let filters = if self.adaptive { Choice::LeastSum } else { Choice::Fixed(Filter::Paeth) };
        let (above, sample) = sample(previous, raw);
        let mut filtered = Vec::with_capacity(sample.len() * 2);
        let mut above = above;
        for row in sample.chunks_exact(previous.len()) {
            filter(filters, pixel_bytes, above, row, &mut filtered);
            above = row;
        }
        let literals = literal_bits(&filtered);
        let matches = match_bits(&filtered);
        let unfiltered = match self.adaptive {
            true => f64::INFINITY,
            // A match is as short as a pixel there, which the estimate does not see.
            false if has_few_colours(sample, pixel_bytes) => trial_bits(sample).unwrap_or(f64::INFINITY),
            false => match_bits(sample),
        };
        if literals <= matches.min(unfiltered) * LITERALS_BIAS {
            Way { filters, coder: Coder::Literals }
        } else if self.adaptive {
            Way { filters, coder: full }
        } else if matches < unfiltered {
            // Filtered, less effort still gives less than what the caller would get unfiltered.
            Way { filters, coder: Coder::Matches { level: filtered_level(self.level) } }
        } else {
            Way { filters: plain, coder: full }
        }
    }
}

/// Data as a zlib stream of literals and runs, where these take hardly more bits than matches would.
pub(crate) fn literals(data: &[u8]) -> Option<Vec<u8>> {
    let start = data.len().saturating_sub(SAMPLE) / 2;
    let sample = &data[start..data.len().min(start + SAMPLE)];
    (data.len() >= SHORT && literal_bits(sample) <= match_bits(sample) * LITERALS_BIAS).then(|| deflate::literals(data))
}

/// The effort for filtered segments when none was asked to be.
const fn filtered_level(level: u8) -> u8 {
    match level {
        0..=2 => level,
        3 | 4 => level - 1,
        5 | 6 => 4,
        _ => 6,
    }
}

/// Whole rows from the middle of a segment, and the row above them.
fn sample<'a>(previous: &'a [u8], raw: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    let row = previous.len();
    let rows = raw.len() / row;
    let count = (SAMPLE / row).clamp(1, rows);
    let first = (rows - count) / 2;
    let above = if first == 0 { previous } else { &raw[(first - 1) * row..first * row] };
    (above, &raw[first * row..(first + count) * row])
}

/// Whether pixels of several bytes have few colours, as those of a GIF or a drawing.
fn has_few_colours(pixels: &[u8], pixel_bytes: usize) -> bool {
    let mut colours = HashSet::new();
    let mut last: &[u8] = &[];
    let most = pixels.len() / pixel_bytes / FEW;
    pixel_bytes > 2
        && pixels.chunks_exact(pixel_bytes).all(|pixel| {
            if pixel != last {
                colours.insert(pixel);
                last = pixel;
            }
            colours.len() <= most
        })
}

/// Bits that the coder of literals would take: entropy, and runs that cost next to nothing.
fn literal_bits(data: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    let mut runs = 0;
    for group in data.chunk_by(|a, b| a == b) {
        counts[usize::from(group[0])] += group.len().min(17) as u32;
        if group.len() > 17 {
            counts[usize::from(group[0])] -= 16;
            runs += group.len().div_ceil(258);
        }
    }
    entropy(&counts) + runs as f64 * 12.0
}

/// Bits that the coder of matches would take, by a quick search with one candidate for each place. Where it finds a
/// lot, how much a thorough search finds is anyone's guess, and the coder itself is asked.
fn match_bits(data: &[u8]) -> f64 {
    let mut heads = vec![0u16; 1 << 12];
    let mut counts = [0u32; 256];
    let (mut matches, mut covered, mut at) = (0, 0, 1);
    let key = |at: usize| {
        data.get(at..at + 8).map(|bytes| {
            u64::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]]) << 16
        })
    };
    while let Some(word) = key(at) {
        let slot = (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52) as usize;
        let candidate = usize::from(heads[slot]);
        heads[slot] = at as u16;
        if candidate < at && key(candidate) == Some(word) {
            let length = MATCH_LENGTH
                + data[at + MATCH_LENGTH..]
                    .iter()
                    .zip(&data[candidate + MATCH_LENGTH..])
                    .take_while(|(a, b)| a == b)
                    .count();
            matches += length.div_ceil(258);
            covered += length;
            at += length;
        } else {
            counts[usize::from(data[at])] += 1;
            at += 1;
        }
    }
    if covered > data.len() / 2 {
        return trial_bits(data).unwrap_or(f64::INFINITY);
    }
    entropy(&counts) + f64::from(matches as u32) * MATCH_BITS
}

/// Bits that the coder of matches takes.
fn trial_bits(data: &[u8]) -> Option<f64> {
    let mut out = vec![0; zlib_rs::compress_bound(data.len())];
    let (out, code) = zlib_rs::compress_slice(&mut out, data, DeflateConfig::new(TRIAL_LEVEL));
    (code == ReturnCode::Ok).then_some(out.len() as f64 * 8.0)
}

/// Bits of symbols that occur so often, coded each by itself.
fn entropy(counts: &[u32; 256]) -> f64 {
    let total: u32 = counts.iter().sum();
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) * (f64::from(total) / f64::from(*count)).log2())
        .sum()
}
