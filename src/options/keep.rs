//! Which metadata an output keeps, as the bits of the options bag's `keepMetadata`.

/// A set of metadata blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keep(pub u32);

impl Keep {
    pub const EXIF: u32 = 1 << 0;
    pub const XMP: u32 = 1 << 1;
    pub const IPTC: u32 = 1 << 2;
    pub const ICC: u32 = 1 << 3;
    pub const OTHER: u32 = 1 << 4;
    pub const GAIN_MAP: u32 = 1 << 5;
    pub const ALL: u32 = 0b1_1111;

    pub const fn has(self, block: u32) -> bool {
        self.0 & block != 0
    }
}
