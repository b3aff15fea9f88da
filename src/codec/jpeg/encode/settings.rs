//! Parameters of the encoder.

use super::super::ChromaSubsampling;

/// Meaning of the samples given to the encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Layout {
    Grey,
    Rgb,
    /// Written as it is; Adobe's files have 0 for full ink.
    Cmyk,
}

impl Layout {
    pub(in super::super) const fn channels(self) -> usize {
        match self {
            Layout::Grey => 1,
            Layout::Rgb => 3,
            Layout::Cmyk => 4,
        }
    }
}

/// All that the encoder is told before the first row.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Settings {
    pub(in super::super) width: u32,
    pub(in super::super) height: u32,
    pub(in super::super) layout: Layout,
    /// 1 to 100.
    pub(in super::super) quality: u32,
    /// Of RGB; other layouts are never subsampled.
    pub(in super::super) subsampling: ChromaSubsampling,
    pub(in super::super) progressive: bool,
    /// Huffman tables made for the image rather than those of the standard; progressive files always have them.
    pub(in super::super) optimise_coding: bool,
    pub(in super::super) trellis: bool,
    pub(in super::super) overshoot_deringing: bool,
    /// Needs `progressive`.
    pub(in super::super) optimise_scans: bool,
    /// Base quantization tables, 0 (Annex K) to 8.
    pub(in super::super) quantization_table: u32,
    /// JFIF header with its density: unit (1 inch, 2 centimetre), horizontally, vertically.
    pub(in super::super) jfif: Option<(u8, u16, u16)>,
}

impl Settings {
    /// Whether the settings ask for what only mozjpeg can do.
    pub(super) const fn needs_library(&self) -> bool {
        self.trellis || self.overshoot_deringing || (self.optimise_scans && self.progressive)
    }
}
