//! The eight ways a rectangle can be laid on itself, and how they compose.

/// A rotation by quarter turns with or without a mirroring: first the axes are swapped, then columns and rows reversed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Orientation {
    /// Rows become columns.
    pub transpose: bool,
    /// Columns of the result run right to left.
    pub flip_x: bool,
    /// Rows of the result run bottom to top.
    pub flip_y: bool,
}

impl Orientation {
    pub const IDENTITY: Self = Self::new(false, false, false);
    /// Mirrored top to bottom.
    pub const FLIP: Self = Self::new(false, false, true);
    /// Mirrored left to right.
    pub const FLOP: Self = Self::new(false, true, false);
    /// A quarter turn clockwise.
    pub const ROTATE_90: Self = Self::new(true, true, false);
    pub const ROTATE_180: Self = Self::new(false, true, true);
    pub const ROTATE_270: Self = Self::new(true, false, true);

    const fn new(transpose: bool, flip_x: bool, flip_y: bool) -> Self {
        Self { transpose, flip_x, flip_y }
    }

    /// The turn by a multiple of 90 degrees, clockwise; other angles give the identity.
    pub const fn from_angle(degrees: i32) -> Self {
        match degrees.rem_euclid(360) {
            90 => Self::ROTATE_90,
            180 => Self::ROTATE_180,
            270 => Self::ROTATE_270,
            _ => Self::IDENTITY,
        }
    }

    /// What brings an image with this EXIF orientation upright, as a turn and a mirroring left to right after it.
    /// Source: Exif 2.32, table 4 (tag 0x0112).
    pub const fn from_exif(orientation: u8) -> (Self, bool) {
        match orientation {
            2 => (Self::IDENTITY, true),
            3 => (Self::ROTATE_180, false),
            4 => (Self::ROTATE_180, true),
            5 => (Self::ROTATE_90, true),
            6 => (Self::ROTATE_90, false),
            7 => (Self::ROTATE_270, true),
            8 => (Self::ROTATE_270, false),
            _ => (Self::IDENTITY, false),
        }
    }

    /// This, and `next` after it.
    pub const fn then(self, next: Self) -> Self {
        let (flip_x, flip_y) = if next.transpose { (self.flip_y, self.flip_x) } else { (self.flip_x, self.flip_y) };
        Self::new(self.transpose ^ next.transpose, flip_x ^ next.flip_x, flip_y ^ next.flip_y)
    }

    /// This, and `next` after it when `condition` holds.
    pub const fn then_if(self, condition: bool, next: Self) -> Self {
        if condition { self.then(next) } else { self }
    }

    pub const fn is_identity(self) -> bool {
        !(self.transpose || self.flip_x || self.flip_y)
    }

    /// Width × height after the turn.
    pub const fn size(self, width: u32, height: u32) -> (u32, u32) {
        if self.transpose { (height, width) } else { (width, height) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarter_turns_add_up() {
        let quarter = Orientation::ROTATE_90;
        assert_eq!(quarter.then(quarter), Orientation::ROTATE_180);
        assert_eq!(quarter.then(quarter).then(quarter), Orientation::ROTATE_270);
        assert!(quarter.then(Orientation::ROTATE_270).is_identity());
        assert_eq!(Orientation::from_angle(-90), Orientation::ROTATE_270);
        assert_eq!(Orientation::from_angle(450), Orientation::ROTATE_90);
    }

    #[test]
    fn mirrorings_undo_themselves_and_anticommute_with_turns() {
        assert!(Orientation::FLIP.then(Orientation::FLIP).is_identity());
        assert_eq!(Orientation::FLIP.then(Orientation::FLOP), Orientation::ROTATE_180);
        let flop_after = Orientation::ROTATE_90.then(Orientation::FLOP);
        let flop_before = Orientation::FLOP.then(Orientation::ROTATE_90);
        assert_eq!(flop_after, flop_before.then(Orientation::ROTATE_180));
    }
}
