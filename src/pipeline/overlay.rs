//! The other images of a composite: opened, turned upright, brought to one layout and given their place.

use super::open::open;
use crate::{
    codec::LoadShrink,
    colour,
    error::{OperationError, Result},
    image::{Gravity, Image, Orientation, Spec, channels},
    ops::{
        composite::{Layer, Place},
        orient,
    },
    options::Overlay,
};

/// An overlay for an image of `canvas`, which must be at least as large, in its colour space.
pub(super) fn layer(overlay: &Overlay, canvas: &Spec, buffers: &[&[u8]]) -> Result<Layer> {
    let opened = open(&overlay.input, buffers)?;
    let spec = opened.header.spec;
    let exif = opened.header.metadata.orientation.filter(|_| overlay.input.auto_orient).unwrap_or(1);
    let (upright, flop) = Orientation::from_exif(exif);
    let upright = upright.then_if(flop, Orientation::FLOP);
    let (width, height) = upright.size(spec.width, spec.height);
    if width > canvas.width || height > canvas.height {
        return Err(OperationError::OverlayTooLarge.into());
    }
    let place = place(overlay, (width, height), (canvas.width, canvas.height))?;
    let rows = orient::orient(opened.rows(LoadShrink::None)?, upright)?;
    let rows = channels::first_channels(rows)?;
    let mut rows = channels::ensure_alpha(colour::convert(rows, canvas.format.space)?, 1.0)?;
    let premultiplied = spec.format.alpha && (overlay.premultiplied || opened.premultiplied());
    Ok(Layer { image: Image::collect(rows.as_mut())?, blend: overlay.blend, place, premultiplied })
}

/// Where an overlay of `inner` lies on an image of `outer`.
fn place(overlay: &Overlay, inner: (u32, u32), outer: (u32, u32)) -> Result<Place> {
    let gravity = Gravity::from_number(overlay.gravity);
    if !overlay.tile {
        let (left, top) = if overlay.has_offset {
            (overlay.left.into(), overlay.top.into())
        } else {
            let (left, top) = gravity.crop(outer, inner);
            (left.into(), top.into())
        };
        return Ok(Place::At { left, top });
    }
    // As if tiles were laid until they cover the image, and it were cut out of them.
    let tiles = |inner: u32, outer: u32, odd: bool| (outer.div_ceil(inner) | u32::from(odd)).saturating_mul(inner);
    // Where gravity is central on an axis, one tile is in the middle.
    let (odd_across, odd_down) = (matches!(overlay.gravity, 0 | 1 | 3), matches!(overlay.gravity, 0 | 2 | 4));
    let whole = (tiles(inner.0, outer.0, odd_across), tiles(inner.1, outer.1, odd_down));
    if !overlay.has_offset {
        let (left, top) = gravity.crop(whole, outer);
        return Ok(Place::Tiled { left, top });
    }
    let offset = |asked: i32, room: u32| u32::try_from(asked).map(|asked| asked.min(room));
    let bad = |_| OperationError::BadExtractArea;
    let left = offset(overlay.left, whole.0 - outer.0).map_err(bad)?;
    let top = offset(overlay.top, whole.1 - outer.1).map_err(bad)?;
    Ok(Place::Tiled { left, top })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(overlay: Overlay) -> Result<Place> {
        place(&overlay, (4, 3), (11, 8))
    }

    #[test]
    fn offsets_come_before_gravity() {
        let corner = Overlay { gravity: 6, ..Overlay::default() };
        assert_eq!(placed(corner.clone()).unwrap(), Place::At { left: 7, top: 5 });
        let offset = Overlay { has_offset: true, left: -3, top: 100, ..corner };
        assert_eq!(placed(offset).unwrap(), Place::At { left: -3, top: 100 });
        assert_eq!(placed(Overlay::default()).unwrap(), Place::At { left: 4, top: 3 });
    }

    #[test]
    fn tiles_are_laid_from_the_middle_or_from_a_corner() {
        let tile = Overlay { tile: true, ..Overlay::default() };
        assert_eq!(placed(tile.clone()).unwrap(), Place::Tiled { left: 1, top: 1 });
        assert_eq!(placed(Overlay { gravity: 6, ..tile.clone() }).unwrap(), Place::Tiled { left: 1, top: 1 });
        assert_eq!(placed(Overlay { gravity: 8, ..tile.clone() }).unwrap(), Place::Tiled { left: 0, top: 0 });
        let offset = Overlay { has_offset: true, left: 5, top: 0, ..tile.clone() };
        assert_eq!(placed(offset).unwrap(), Place::Tiled { left: 1, top: 0 });
        assert!(placed(Overlay { has_offset: true, left: -1, ..tile }).is_err());
    }
}
