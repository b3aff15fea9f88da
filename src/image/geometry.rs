//! Rectangles and places in an image.

/// A part of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

/// The numbers that stand for places along the edge, as in `sharp.gravity` and `sharp.position`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gravity {
    x: Align,
    y: Align,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Align {
    Low,
    Centre,
    High,
}

impl Gravity {
    /// 0 is the centre, 1 to 4 north, east, south, west, 5 to 8 north-east, south-east, south-west, north-west.
    pub const fn from_number(number: u32) -> Self {
        use Align::{Centre, High, Low};
        let (x, y) = match number {
            1 => (Centre, Low),
            2 => (High, Centre),
            3 => (Centre, High),
            4 => (Low, Centre),
            5 => (High, Low),
            6 => (High, High),
            7 => (Low, High),
            8 => (Low, Low),
            _ => (Centre, Centre),
        };
        Self { x, y }
    }

    /// Where an image of `inner` lies in a canvas of `outer`; halves are rounded towards zero.
    pub fn embed(self, inner: (u32, u32), outer: (u32, u32)) -> (i64, i64) {
        let place = |align, inner: u32, outer: u32| {
            let room = i64::from(outer) - i64::from(inner);
            match align {
                Align::Low => 0,
                Align::Centre => room / 2,
                Align::High => room,
            }
        };
        (place(self.x, inner.0, outer.0), place(self.y, inner.1, outer.1))
    }

    /// Where a cut of `inner` begins in an image of `outer`, which is at least as large; halves are rounded up.
    pub fn crop(self, outer: (u32, u32), inner: (u32, u32)) -> (u32, u32) {
        let place = |align, outer: u32, inner: u32| {
            let room = outer.saturating_sub(inner);
            match align {
                Align::Low => 0,
                Align::Centre => room.div_ceil(2),
                Align::High => room,
            }
        };
        (place(self.x, outer.0, inner.0), place(self.y, outer.1, inner.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centre_rounds_down_when_embedding_and_up_when_cropping() {
        let centre = Gravity::from_number(0);
        assert_eq!(centre.embed((4, 4), (9, 7)), (2, 1));
        assert_eq!(centre.embed((9, 7), (4, 4)), (-2, -1));
        assert_eq!(centre.crop((9, 7), (4, 4)), (3, 2));
        assert_eq!(Gravity::from_number(6).crop((9, 7), (4, 4)), (5, 3));
        assert_eq!(Gravity::from_number(4).embed((4, 4), (9, 7)), (0, 1));
    }
}
