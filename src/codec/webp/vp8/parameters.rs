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
    /// Quantiser step of a macroblock of mean activity, in 1/256.
    pub(super) step: u32,
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

/// Quantiser steps in 1/256 at which photos are as similar to the original, by SSIMULACRA2, as those that libwebp encodes at
/// a quality. A step below 4 × 256 is for macroblocks of more than mean activity, whose step is larger.
const STEPS: [(u32, u32); 21] = [
    (1, 32107),
    (3, 27031),
    (6, 23467),
    (10, 20319),
    (15, 17330),
    (20, 15334),
    (30, 12375),
    (40, 10274),
    (50, 8740),
    (60, 7590),
    (70, 6590),
    (75, 6055),
    (80, 4785),
    (85, 3680),
    (90, 2550),
    (93, 1860),
    (95, 1454),
    (97, 940),
    (98, 700),
    (99, 480),
    (100, 256),
];

/// How soon each effort gives up the blocks of a macroblock, see [`Search::pace`]. Over seven photos at quality 80, in bytes at
/// equal SSIMULACRA2 relative to libwebp: 16 gives 0.976, 18 gives 0.952, 20 gives 0.943, 24 gives 0.932, never 0.929.
const PACES: [u32; 7] = [0, 16, 18, 20, 24, u32::MAX / 1024, u32::MAX / 1024];

fn step_of_quality(quality: u8) -> u32 {
    let quality = u32::from(quality).clamp(1, 100);
    let at = STEPS.partition_point(|&(upper, _)| upper < quality).max(1);
    let ((low, from), (high, to)) = (STEPS[at - 1], STEPS[at]);
    from - (from - to) * (quality - low) / (high - low)
}

impl Parameters {
    /// `quality` of 1 to 100, `effort` of 0 to 6.
    pub(crate) fn new(quality: u8, effort: u8, preset: Preset) -> Self {
        // Presets move what is given up: grain and texture of photos are kept, flat drawings and text are kept clean.
        let (segment_strength, filter_strength) = match preset {
            Preset::Default => (80, 24),
            Preset::Photo | Preset::Picture => (96, 16),
            Preset::Drawing => (32, 12),
            Preset::Icon | Preset::Text => (0, 0),
        };
        Self {
            step: step_of_quality(quality),
            segment_strength,
            filter_strength,
            sharpness: 0,
            auto_filter: false,
            search: Search {
                lambda: 6,
                all_modes: effort > 0,
                blocks: effort > 0,
                pace: PACES[usize::from(effort.min(6))],
                twice: effort > 5,
                refresh: if effort > 4 { 1 } else { 2 },
            },
            tuning: Tuning { bias: 128, bias_dc: 128, fall: 24, chroma_weight: 256 },
        }
    }

    /// Has the loop filter's strength chosen by trying.
    pub(crate) fn choose_filter(&mut self) {
        self.auto_filter = true;
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
