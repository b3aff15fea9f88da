//! Gaussian noise in 8 bits.
//!
//! A normal variate that is cut off to 0..=255 takes 256 values only, so their probabilities are computed once and then
//! drawn from by the alias method: one table lookup for a sample, without logarithm or sine, and with exact tails.
//! Source: M. D. Vose, "A Linear Algorithm for Generating Random Numbers with a Given Distribution", 1991.

use std::hash::{BuildHasher, RandomState};

/// Values that a sample can take.
const VALUES: usize = 256;
/// Bits of a random number that decide between a column's two values; the 8 above choose the column.
const SHARE_BITS: u32 = 24;

/// A stream of independent samples.
pub struct GaussianNoise {
    columns: [Column; VALUES],
    state: u64,
}

/// Two values and the share, out of 2^24, of the first, which is the column's own number.
#[derive(Debug, Clone, Copy, Default)]
struct Column {
    share: u32,
    alias: u8,
}

impl GaussianNoise {
    /// Noise of a mean and a standard deviation on a scale of 0 to 255, not the same in any two calls.
    pub fn new(mean: f64, sigma: f64) -> Self {
        Self::seeded(mean, sigma, RandomState::new().hash_one(0_u8))
    }

    fn seeded(mean: f64, sigma: f64, seed: u64) -> Self {
        Self { columns: columns(probabilities(mean, sigma)), state: seed }
    }

    /// Writes samples.
    pub fn fill(&mut self, samples: &mut [u8]) {
        for pair in samples.chunks_mut(2) {
            let random = self.next();
            pair[0] = self.value(random as u32);
            if let Some(second) = pair.get_mut(1) {
                *second = self.value((random >> 32) as u32);
            }
        }
    }

    fn value(&self, random: u32) -> u8 {
        let own = (random >> SHARE_BITS) as u8;
        let column = self.columns[usize::from(own)];
        if random & ((1 << SHARE_BITS) - 1) < column.share { own } else { column.alias }
    }

    /// Source: G. L. Steele et al., "Fast Splittable Pseudorandom Number Generators", 2014 (SplitMix64).
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// How likely each value is: fractions are cut off, what is out of range is clipped.
fn probabilities(mean: f64, sigma: f64) -> [f64; VALUES] {
    let below = |limit: f64| if sigma > 0.0 { normal((limit - mean) / sigma) } else { f64::from(mean < limit) };
    std::array::from_fn(|value| {
        let from = if value == 0 { 0.0 } else { below(value as f64) };
        let to = if value == VALUES - 1 { 1.0 } else { below((value + 1) as f64) };
        (to - from).max(0.0)
    })
}

/// The normal distribution function, to about 1e-7.
/// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17.
fn normal(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let poly = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_530]
        .into_iter()
        .fold(0.0, |sum, coefficient| (sum + coefficient) * t);
    let tail = (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * poly;
    if x < 0.0 { tail } else { 1.0 - tail }
}

/// Builds the alias table: each column that is too small is filled up from one that is too large.
fn columns(probabilities: [f64; VALUES]) -> [Column; VALUES] {
    let sum: f64 = probabilities.iter().sum();
    let mut scaled = probabilities.map(|probability| probability * VALUES as f64 / sum);
    let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..VALUES).partition(|&value| scaled[value] < 1.0);
    let mut columns: [Column; VALUES] =
        std::array::from_fn(|value| Column { share: 1 << SHARE_BITS, alias: value as u8 });
    while let (Some(low), Some(&high)) = (small.pop(), large.last()) {
        columns[low] = Column { share: (scaled[low] * f64::from(1 << SHARE_BITS)) as u32, alias: high as u8 };
        scaled[high] -= 1.0 - scaled[low];
        if scaled[high] < 1.0 {
            large.pop();
            small.push(high);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(mean: f64, sigma: f64) -> Vec<u8> {
        let mut samples = vec![0; 200_001];
        GaussianNoise::seeded(mean, sigma, 1).fill(&mut samples);
        samples
    }

    #[test]
    fn mean_and_deviation_are_as_asked() {
        let samples = samples(128.0, 30.0);
        let count = samples.len() as f64;
        let mean = samples.iter().map(|&sample| f64::from(sample)).sum::<f64>() / count;
        let variance = samples.iter().map(|&sample| (f64::from(sample) - mean).powi(2)).sum::<f64>() / count;
        // Cutting off fractions costs half a step.
        assert!((mean - 127.5).abs() < 0.3, "{mean}");
        assert!((variance.sqrt() - 30.0).abs() < 0.3, "{variance}");
        let within = samples.iter().filter(|&&sample| (98..158).contains(&sample)).count() as f64 / count;
        assert!((within - 0.6827).abs() < 0.005, "{within}");
    }

    #[test]
    fn extremes_are_clipped() {
        assert!(samples(10.0, 0.0).iter().all(|&sample| sample == 10));
        assert!(samples(10_000.0, 1.0).iter().all(|&sample| sample == 255));
        let wide = samples(10.0, 10_000.0);
        let black = wide.iter().filter(|&&sample| sample == 0).count() as f64 / wide.len() as f64;
        assert!((black - 0.5).abs() < 0.01, "{black}");
    }

    #[test]
    fn no_two_streams_are_the_same() {
        let (mut a, mut b) = ([0; 64], [0; 64]);
        GaussianNoise::new(128.0, 30.0).fill(&mut a);
        GaussianNoise::new(128.0, 30.0).fill(&mut b);
        assert_ne!(a, b);
    }
}
