//! The ways to code a segment of an image: through which filter, and with which coder. The options ask for an effort and a
//! size; the pixels are the same whichever way they are filtered, so the content decides. Photos are recognised by estimates
//! over a sample. Of everything else, [`Lines`](super::lines::Lines) codes some all ways and goes on with the smallest.

use std::collections::HashSet;

use zlib_rs::{DeflateConfig, ReturnCode, Strategy as MatchStrategy};

use super::{
    PngOptions,
    deflate::{self, Coder},
    filter::{Choice, Filter, filter},
};

/// Bytes of a segment that are looked at for the choice, and the stretches that they are in.
const SAMPLE: usize = 24 * 1024;
const STRETCHES: usize = 3;

/// Images with fewer bytes are not worth a choice; this also keeps the bytes of the tiniest as everybody writes them.
const TINY: usize = 1024;

/// Bits that a match takes, about: length, distance and their extra bits.
const MATCH_BITS: f64 = 20.0;

/// How much larger literals may come out than matches behind the same filter and still be taken without a trial: they cost
/// a fifth of the time, and the estimate of matches leaves out what describing them costs.
const LITERALS_BIAS: f64 = 1.03;

/// How much smaller than without a filter they must come out for that.
const CLEAR_LITERALS: f64 = 0.85;

/// The same where the coder of matches was asked itself.
const NOISE_BIAS: f64 = 0.985;

/// A way is not even tried when its estimate is more than so many times the least one. The estimate of the way that the
/// options ask for literally is trusted least, so that files do not become larger than it makes them.
const HOPELESS: f64 = 1.25;
const HOPELESS_PLAIN: f64 = 2.2;

/// Bits for each byte from which what the quick search does not find is not there.
const NOISE: f64 = 2.4;

/// Bits for each byte of the sample below which estimates say little: what is coded so short is mostly matches, and how
/// many more a thorough search finds is anyone's guess. It is also coded quickly.
const GRAPHIC: f64 = 1.6;

/// Effort of the matches that are tried on a sample.
const TRIAL_LEVEL: i32 = 4;

/// Bytes that must agree for a match in the estimate.
const MATCH_LENGTH: usize = 6;

/// The part of a sample, one in so many bytes, that matches cover where the coder itself is asked.
const FOUND: usize = 2;

/// The effort of the defaults.
const USUAL_LEVEL: u8 = 6;

/// The same for smooth parts of photos, such as a sky: there literals win by more.
const SMOOTH: f64 = 1.0;
const SMOOTH_LITERALS: f64 = 0.65;

/// Pixels of each colour on average, from which colours count as few.
const FEW: usize = 4;

/// A sample of fewer bytes says nothing.
const SHORT: usize = 4 * 1024;

/// A filter choice and a coder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) filters: Choice,
    pub(super) coder: Coder,
}

/// What is constant over an image.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strategy {
    level: u8,
    adaptive: bool,
    indexed: bool,
    /// No filter, and matches.
    plain: bool,
    tiny: bool,
}

/// What a sample of a segment says.
pub(super) struct Estimate {
    /// Bits that each of the [ways](Strategy::ways) takes, about, for the sample.
    pub(super) bits: Vec<f64>,
    /// The way that is best beyond doubt.
    pub(super) clear: Option<usize>,
    /// Whether the first way is tried whatever its estimate.
    graphic: bool,
}

impl Estimate {
    /// An estimate from the bits of each way for a sample of so many bytes. `clear` is the way that is best unless the
    /// sample is coded in so few bits that they say little.
    fn new(bits: Vec<f64>, clear: Option<usize>, sample: usize) -> Self {
        let graphic = bits.iter().any(|bits| *bits < sample as f64 * GRAPHIC);
        Self { bits, clear: clear.filter(|_| !graphic), graphic }
    }

    /// Whether a way is worth a trial.
    pub(super) fn allows(&self, way: usize) -> bool {
        let least = self.bits.iter().copied().fold(f64::INFINITY, f64::min);
        match way {
            0 => self.graphic || self.bits[way] <= least * HOPELESS_PLAIN,
            _ => self.bits[way] <= least * HOPELESS,
        }
    }
}

impl Strategy {
    /// `bytes` is the size of the raw pixels; indices into a palette are not numbers, so filters do nothing for them.
    pub(super) fn new(options: &PngOptions, bytes: u64, indexed: bool) -> Self {
        let level = options.compression_level.min(9) as u8;
        let adaptive = options.adaptive_filtering && !indexed;
        let tiny = bytes <= TINY as u64;
        Self { level, adaptive, indexed, plain: indexed || level == 0 || tiny, tiny }
    }

    /// Effort as the stream's header states it.
    pub(super) const fn level(&self) -> u8 {
        self.level
    }

    /// The ways among which an image may choose. The first is what the options ask for literally.
    pub(super) fn ways(&self) -> Vec<Way> {
        let way = |filters, coder| Way { filters, coder };
        let matches = |level, strategy| Coder::Matches { level, strategy };
        // libpng's strategy for filtered rows.
        let least_sum = way(Choice::LeastSum, matches(self.level, MatchStrategy::Filtered));
        let unfiltered = way(Choice::Fixed(Filter::None), matches(self.level, MatchStrategy::Default));
        let paeth = Choice::Fixed(Filter::Paeth);
        if self.indexed && !self.tiny && self.level >= USUAL_LEVEL {
            // The search for the palette takes far longer.
            return vec![unfiltered, way(Choice::Fixed(Filter::None), matches(9, MatchStrategy::Default))];
        }
        match (self.plain, self.adaptive) {
            (true, true) => vec![least_sum],
            (true, false) => vec![unfiltered],
            (false, true) => vec![least_sum, way(Choice::LeastSum, Coder::Literals)],
            (false, false) => vec![
                unfiltered,
                // Filtered, less effort still gives less than the effort asked for gives unfiltered.
                way(paeth, matches(filtered_level(self.level), MatchStrategy::Default)),
                way(paeth, Coder::Literals),
            ],
        }
    }

    /// What a sample of `raw`, whole rows below the row `previous`, says of the ways; `None` when it is too short to say
    /// anything.
    pub(super) fn estimate(&self, pixel_bytes: usize, previous: &[u8], raw: &[u8]) -> Option<Estimate> {
        if self.plain || raw.len() < SHORT {
            return None;
        }
        let filters = if self.adaptive { Choice::LeastSum } else { Choice::Fixed(Filter::Paeth) };
        let row_bytes = previous.len();
        let (mut filtered, mut unfiltered) = (Vec::with_capacity(SAMPLE * 2), Vec::with_capacity(SAMPLE * 2));
        for stretch in stretches(raw.len() / row_bytes, row_bytes) {
            let mut above = stretch.start.checked_sub(1).map_or(previous, |y| &raw[y * row_bytes..][..row_bytes]);
            for row in raw[stretch.start * row_bytes..stretch.end * row_bytes].chunks_exact(row_bytes) {
                filter(filters, pixel_bytes, above, row, &mut filtered);
                above = row;
                unfiltered.extend_from_slice(row);
            }
        }
        let literals = literal_bits(&filtered);
        let matches = match_bits(&filtered);
        if self.adaptive {
            let clear = is_noise(literals, matches, &filtered).then_some(1);
            return Some(Estimate::new(vec![matches, literals], clear, filtered.len()));
        }
        // Of few colours, a match is as short as a pixel, which the quick search does not see.
        let few = has_few_colours(&unfiltered, pixel_bytes);
        let unfiltered = if few { trial_bits(&unfiltered, TRIAL_LEVEL) } else { match_bits(&unfiltered) };
        let is_clear = literals <= matches * LITERALS_BIAS && literals <= unfiltered * CLEAR_LITERALS;
        let mut estimate = Estimate::new(vec![unfiltered, matches, literals], is_clear.then_some(2), filtered.len());
        if is_clear && literals <= unfiltered * SMOOTH_LITERALS && literals >= filtered.len() as f64 * SMOOTH {
            estimate.clear = Some(2);
        }
        Some(estimate)
    }
}

/// The rows that make up the sample of so many rows.
fn stretches(rows: usize, row_bytes: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    let wanted = (SAMPLE / row_bytes.max(1)).clamp(1, rows);
    let count = STRETCHES.min(wanted);
    (0..count).map(move |index| {
        let long = wanted / count;
        // In the middle of its part.
        let start = (rows * index / count + rows * (index + 1) / count).saturating_sub(long) / 2;
        start..(start + long).min(rows)
    })
}

/// Whether a sample is what a filter leaves of a photo, by the bits that it takes as literals and as matches, about. The
/// coder of matches is asked itself, because short matches of samples with alpha are worth a tenth.
fn is_noise(literals: f64, matches: f64, sample: &[u8]) -> bool {
    literals >= sample.len() as f64 * NOISE
        && literals <= matches * LITERALS_BIAS
        && literals <= trial_bits(sample, USUAL_LEVEL.into()) * NOISE_BIAS
}

/// Data as a zlib stream of literals and runs, where these are hardly longer than matches would be.
pub(crate) fn literals(data: &[u8]) -> Option<Vec<u8>> {
    let sample: Vec<u8> = stretches(data.len(), 1).flat_map(|stretch| &data[stretch]).copied().collect();
    (data.len() >= SHORT && is_noise(literal_bits(&sample), match_bits(&sample), &sample))
        .then(|| deflate::literals(data))
}

/// Whether data takes so many bits for each byte that matches are short and few.
pub(crate) fn is_dense(data: &[u8]) -> bool {
    let sample: Vec<u8> = stretches(data.len(), 1).flat_map(|stretch| &data[stretch]).copied().collect();
    literal_bits(&sample).min(match_bits(&sample)) >= sample.len() as f64 * NOISE
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

/// Bits that the coder of matches would take, by a quick search with one candidate for each place. Where it finds a lot, a
/// thorough search may find much more, so the coder itself is asked.
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
    if covered > data.len() / FOUND {
        trial_bits(data, TRIAL_LEVEL)
    } else {
        entropy(&counts) + f64::from(matches as u32) * MATCH_BITS
    }
}

/// Bits that the coder of matches takes.
fn trial_bits(data: &[u8], level: i32) -> f64 {
    let mut out = vec![0; zlib_rs::compress_bound(data.len())];
    let (out, code) = zlib_rs::compress_slice(&mut out, data, DeflateConfig::new(level));
    if code == ReturnCode::Ok { out.len() as f64 * 8.0 } else { f64::INFINITY }
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
