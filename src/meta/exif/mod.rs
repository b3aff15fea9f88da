//! EXIF: what a block says about orientation and density, and making the block of an output.
//! Source: Exif 2.32 (CIPA DC-008), TIFF 6.0.

mod model;
mod order;
mod parts;
mod reader;
mod rebuild;
mod tags;
mod text;
mod writer;

#[cfg(test)]
mod tests;

pub use parts::{Parts, Tag, unit};
pub use rebuild::{Changes, rebuild};

use super::{Density, DensityUnit};
use model::kind;
pub(crate) use order::ByteOrder;
use tags::tag;

/// The prefix that JPEG puts before the TIFF structure.
pub const PREFIX: &[u8] = b"Exif\0\0";

/// The TIFF structure of a block, with or without [`PREFIX`].
fn tiff(exif: &[u8]) -> &[u8] {
    exif.strip_prefix(PREFIX).unwrap_or(exif)
}

/// The orientation (1 to 8) in an EXIF block, with or without [`PREFIX`]; 1 when it is out of range, `None`
/// when there is none.
pub fn orientation(exif: &[u8]) -> Option<u8> {
    let primary = Primary::new(exif)?;
    let value = primary.short(tag::ORIENTATION).map(u32::from).or_else(|| primary.long(tag::ORIENTATION))?;
    Some(u8::try_from(value).ok().filter(|value| (1..=8).contains(value)).unwrap_or(1))
}

/// The physical density in an EXIF block, with or without [`PREFIX`]; `None` when either direction is absent or the unit
/// is unknown. A unit that is absent is the inch; a resolution without a unit counts pixels per millimetre; one that
/// divides by zero is zero.
pub fn density(exif: &[u8]) -> Option<Density> {
    let primary = Primary::new(exif)?;
    let (x, y) = (primary.rational(tag::X_RESOLUTION)?, primary.rational(tag::Y_RESOLUTION)?);
    let (unit, millimetres) = match primary.short(tag::RESOLUTION_UNIT) {
        Some(1) => (DensityUnit::Unstated, 1.0),
        None | Some(2) => (DensityUnit::Inch, 25.4),
        Some(3) => (DensityUnit::Centimetre, 10.0),
        Some(_) => return None,
    };
    Some(Density { x: x / millimetres, y: y / millimetres, unit })
}

/// The first directory of a TIFF structure, for looking up a few of its tags without reading it all.
struct Primary<'a> {
    tiff: &'a [u8],
    order: ByteOrder,
    /// Offset of the first entry.
    entries: usize,
    count: usize,
}

impl<'a> Primary<'a> {
    fn new(exif: &'a [u8]) -> Option<Self> {
        let tiff = tiff(exif);
        let order = ByteOrder::of(tiff)?;
        let start = usize::try_from(order.u32(tiff, 4)?).ok()?;
        let count = order.u16(tiff, start)?.into();
        Some(Self { tiff, order, entries: start.checked_add(2)?, count })
    }

    /// Where the entry with this tag, this type and one value has that value.
    fn value(&self, tag: u16, kind: u16) -> Option<usize> {
        (0..self.count).find_map(|entry| {
            let at = self.entries.checked_add(entry * reader::ENTRY)?;
            let found = self.order.u16(self.tiff, at)? == tag
                && self.order.u16(self.tiff, at + 2)? == kind
                && self.order.u32(self.tiff, at + 4)? == 1;
            found.then_some(at + 8)
        })
    }

    fn short(&self, tag: u16) -> Option<u16> {
        self.order.u16(self.tiff, self.value(tag, kind::SHORT)?)
    }

    /// An integer of four bytes, as some programs write what should have two.
    fn long(&self, tag: u16) -> Option<u32> {
        let at = self.value(tag, kind::LONG).or_else(|| self.value(tag, kind::SIGNED_LONG))?;
        self.order.u32(self.tiff, at)
    }

    /// A fraction; zero when its denominator is.
    fn rational(&self, tag: u16) -> Option<f64> {
        let at = usize::try_from(self.order.u32(self.tiff, self.value(tag, kind::RATIONAL)?)?).ok()?;
        let numerator = self.order.u32(self.tiff, at)?;
        let denominator = self.order.u32(self.tiff, at.checked_add(4)?)?;
        Some(if denominator == 0 { 0.0 } else { f64::from(numerator) / f64::from(denominator) })
    }
}
