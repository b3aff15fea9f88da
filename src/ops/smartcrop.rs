//! Crop strategies: the part with the most entropy, or the part that draws attention.

mod attention;
mod entropy;

use crate::{
    error::Result,
    image::{Image, Rect},
};

/// How the part is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// Slices with the lower entropy are cut off first.
    Entropy,
    /// Centred where edges, saturated colours and skin tones are.
    Attention,
}

/// The part that was chosen, and the point that [`Strategy::Attention`] centres on; the origin for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    pub rect: Rect,
    pub attention: (u32, u32),
}

/// Chooses `width` × `height` of an image that is at least as large. `premultiplied` says what its alpha channel, if it
/// has one, means for the colours.
pub fn choose(image: &Image, width: u32, height: u32, strategy: Strategy, premultiplied: bool) -> Result<Choice> {
    match strategy {
        Strategy::Entropy => entropy::choose(image, width, height, premultiplied),
        Strategy::Attention => attention::choose(image, width, height, premultiplied),
    }
}
