//! Transforms of an image after it is decoded: crop, rotation, mirroring, in the order in which the file lists them.
//! Source: ISO/IEC 23008-12, clauses 6.5.9 to 6.5.12.

use super::{
    boxes::Fault,
    items::{Aperture, Items, Property},
};
use crate::{
    error::Result,
    image::{Orientation, Rect, Rows},
    ops::{crop, orient},
};

/// A cut and a turn after it: any order of both comes to that.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Turns {
    /// In pixels of the coded image.
    rect: Rect,
    orientation: Orientation,
}

impl Turns {
    /// What the properties of an item say of an image that is coded as width × height pixels.
    pub(super) fn of(items: &Items, id: u32, (width, height): (u32, u32)) -> Result<Self, Fault> {
        let mut turns = Self { rect: Rect { left: 0, top: 0, width, height }, orientation: Orientation::IDENTITY };
        for property in items.properties(id) {
            match property {
                Property::Rotation(quarters) => turns.turn(Orientation::from_angle(-90 * i32::from(*quarters))),
                Property::Mirror(0) => turns.turn(Orientation::FLIP),
                Property::Mirror(_) => turns.turn(Orientation::FLOP),
                Property::Aperture(aperture) => turns.cut(aperture)?,
                _ => {}
            }
        }
        Ok(turns)
    }

    fn turn(&mut self, next: Orientation) {
        self.orientation = self.orientation.then(next);
    }

    /// Cuts what is seen so far.
    fn cut(&mut self, aperture: &Aperture) -> Result<(), Fault> {
        let (width, height) = self.size();
        let (across, down) = (aperture.span(0, width), aperture.span(1, height));
        let ((x, across), (y, down)) =
            across.zip(down).ok_or(Fault("Invalid input: Invalid clean-aperture specification"))?;
        // Back through the turn: mirrored columns count from the other side, and after a transposition they are rows.
        let x = if self.orientation.flip_x { width - x - across } else { x };
        let y = if self.orientation.flip_y { height - y - down } else { y };
        let ((x, across), (y, down)) =
            if self.orientation.transpose { ((y, down), (x, across)) } else { ((x, across), (y, down)) };
        self.rect = Rect { left: self.rect.left + x, top: self.rect.top + y, width: across, height: down };
        Ok(())
    }

    /// Width and height of what is seen.
    pub(super) const fn size(&self) -> (u32, u32) {
        self.orientation.size(self.rect.width, self.rect.height)
    }

    /// Does it to the rows of the coded image.
    pub(super) fn apply<'a>(&self, rows: Rows<'a>) -> Result<Rows<'a>> {
        let spec = rows.spec();
        let whole = Rect { left: 0, top: 0, width: spec.width, height: spec.height };
        let rows = if self.rect == whole { rows } else { crop::crop(rows, self.rect)? };
        orient::orient(rows, self.orientation)
    }
}

impl Aperture {
    /// Start and length along an axis of `whole` pixels, 0 being across and 1 down. The part outside is cut off; `None` when
    /// nothing is left.
    fn span(&self, axis: usize, whole: u32) -> Option<(u32, u32)> {
        let number = |(numerator, denominator): (i32, i32)| {
            (denominator > 0).then(|| f64::from(numerator) / f64::from(denominator))
        };
        let (length, offset) = (number(self.0[axis])?, number(self.0[axis + 2])?);
        let whole = f64::from(whole);
        let first = (offset + (whole - 1.0) / 2.0 - (length - 1.0) / 2.0).round();
        let last = (first + length.round() - 1.0).min(whole - 1.0);
        let first = first.max(0.0);
        (last >= first).then(|| (first as u32, (last - first) as u32 + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn whole(width: u32, height: u32) -> Turns {
        Turns { rect: Rect { left: 0, top: 0, width, height }, orientation: Orientation::IDENTITY }
    }

    #[test]
    fn a_cut_is_around_the_centre() {
        let aperture = Aperture([(30, 1), (20, 1), (-3, 2), (1, 2)]);
        let mut turns = whole(53, 37);
        turns.cut(&aperture).unwrap();
        assert_eq!(turns.rect, Rect { left: 10, top: 9, width: 30, height: 20 });
        assert!(whole(53, 37).cut(&Aperture([(30, 0), (20, 1), (0, 1), (0, 1)])).is_err());
        assert!(whole(53, 37).cut(&Aperture([(30, 1), (20, 1), (500, 1), (0, 1)])).is_err());
    }

    #[test]
    fn a_cut_after_a_turn_is_a_cut_before_it() {
        // The lower right quarter, seen after a quarter turn clockwise, is the upper right one before it.
        let mut turns = whole(40, 20);
        turns.turn(Orientation::ROTATE_90);
        assert_eq!(turns.size(), (20, 40));
        turns.cut(&Aperture([(10, 1), (20, 1), (5, 1), (10, 1)])).unwrap();
        assert_eq!((turns.rect, turns.size()), (Rect { left: 20, top: 0, width: 20, height: 10 }, (10, 20)));
    }
}
