//! Numbers in the byte order that a TIFF header states.

/// The byte order of all numbers in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByteOrder {
    /// `MM`, the most significant byte first.
    Big,
    /// `II`, the least significant byte first.
    Little,
}

impl ByteOrder {
    /// The order that a TIFF structure begins with; `None` when it begins with anything else.
    pub(crate) fn of(tiff: &[u8]) -> Option<Self> {
        match tiff.get(..4)? {
            b"MM\0*" => Some(ByteOrder::Big),
            b"II*\0" => Some(ByteOrder::Little),
            _ => None,
        }
    }

    /// The first four bytes of a TIFF structure.
    pub(crate) const fn signature(self) -> &'static [u8; 4] {
        match self {
            ByteOrder::Big => b"MM\0*",
            ByteOrder::Little => b"II*\0",
        }
    }

    pub(crate) const fn bytes_u16(self, number: u16) -> [u8; 2] {
        match self {
            ByteOrder::Big => number.to_be_bytes(),
            ByteOrder::Little => number.to_le_bytes(),
        }
    }

    pub(crate) const fn bytes_u32(self, number: u32) -> [u8; 4] {
        match self {
            ByteOrder::Big => number.to_be_bytes(),
            ByteOrder::Little => number.to_le_bytes(),
        }
    }

    /// The number at an offset; `None` when it is not all there.
    pub(crate) fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let bytes = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(match self {
            ByteOrder::Big => u16::from_be_bytes(bytes),
            ByteOrder::Little => u16::from_le_bytes(bytes),
        })
    }

    /// The number at an offset; `None` when it is not all there.
    pub(crate) fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let bytes = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(match self {
            ByteOrder::Big => u32::from_be_bytes(bytes),
            ByteOrder::Little => u32::from_le_bytes(bytes),
        })
    }
}
