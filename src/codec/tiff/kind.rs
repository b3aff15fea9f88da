//! Number formats of samples, and the depths to which unusual ones are widened.

/// Number format of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Unsigned,
    Signed,
    Float,
}

/// Bits that samples of a kind and a number of bits have when they are handed on; `None` for those that cannot be read.
pub(super) fn widened(kind: Kind, stored: u64, samples: u64) -> Option<u16> {
    match (kind, stored) {
        // Few grey levels and indices stay packed.
        (Kind::Unsigned, 1 | 2 | 4) if samples == 1 => Some(stored as u16),
        (Kind::Unsigned | Kind::Signed, 1..=8) => Some(8),
        (Kind::Unsigned | Kind::Signed, 9..=16) => Some(16),
        // 32 bits are numbers rather than intensities, as libvips takes them; fewer have to be scaled to be seen.
        (Kind::Unsigned, 17..32) => Some(16),
        (Kind::Unsigned | Kind::Signed, 17..=32) => Some(32),
        (Kind::Float, 16 | 24 | 32) => Some(32),
        (Kind::Float, 64) => Some(64),
        _ => None,
    }
}
