//! From the options of the encoder to the numbers that it works with.

use super::{
    analysis::Segments,
    frame::Search,
    header::{Filter, SEGMENTS},
    quantizer::{Tuning, step_of_index},
};

/// Kinds of images that there are settings for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Preset {
    Default,
    Photo,
    Picture,
    Drawing,
    Icon,
    Text,
}

/// The encoder's settings.
#[derive(Debug, Clone)]
pub(crate) struct Parameters {
    /// Quantiser index, 0 to 127, of a macroblock of mean activity.
    pub(super) quantizer: u8,
    /// How much the quantiser step follows a macroblock's activity: the exponent in 1/256.
    pub(super) segment_strength: i32,
    /// Strength of the loop filter, in 1/256 of the quantiser step.
    pub(super) filter_strength: u32,
    pub(super) sharpness: u8,
    /// Whether the filter's strength is chosen by trying.
    pub(super) auto_filter: bool,
    pub(super) search: Search,
    pub(super) tuning: Tuning,
}

impl Parameters {
    /// `quality` of 1 to 100, `effort` of 0 to 6.
    pub(crate) fn new(quality: u8, effort: u8, _preset: Preset) -> Self {
        let quality = f64::from(quality) / 100.0;
        let linear = if quality < 0.75 { quality * (2.0 / 3.0) } else { 2.0 * quality - 1.0 };
        let index = (127.0 * (1.0 - linear.cbrt())).round() as u8;
        Self {
            quantizer: index.min(127),
            segment_strength: 64,
            filter_strength: 64,
            sharpness: 0,
            auto_filter: false,
            search: Search { lambda: 8, blocks: effort > 0, enough: 0, refresh: 2 },
            tuning: Tuning { bias: 123, bias_dc: 123, fall: 20, chroma_weight: 256 },
        }
    }

    /// Strength of the loop filter by the segments' quantisers.
    pub(super) fn filter(&self, segments: &Segments) -> Filter {
        let mut levels = [0; SEGMENTS];
        for (level, &index) in levels.iter_mut().zip(&segments.quantizers) {
            let step = step_of_index(index) >> 8;
            *level = (step * self.filter_strength / 256).min(63) as u8;
            // What a weaker filter changes is not seen.
            if *level < 2 {
                *level = 0;
            }
        }
        Filter { levels, sharpness: self.sharpness }
    }
}

