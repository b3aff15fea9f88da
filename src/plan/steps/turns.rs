//! Which rotations are done before the resize and which after.

use crate::{
    codec::Header,
    image::Orientation,
    options::{GeometryOptions, Options},
    plan::geometry::Target,
};

/// The turns before and after the resize.
pub(super) struct Turns {
    pub(super) before: Orientation,
    pub(super) after: Orientation,
    /// The image will be turned by 90° after the resize, so that the target is for its other side.
    transposes_target: bool,
}

impl Turns {
    pub(super) fn new(options: &Options, header: &Header) -> Self {
        let geometry = &options.geometry;
        let exif = header.metadata.orientation.filter(|_| options.input.auto_orient).unwrap_or(1);
        let (upright, upright_flop) = Orientation::from_exif(exif);
        let rotation = Orientation::from_angle(geometry.angle);
        let rotate_before = geometry.rotate_before
            && (!rotation.is_identity() || geometry.flip || geometry.flop || geometry.rotation_angle != 0.0);
        let asked = |flop: bool| {
            Orientation::IDENTITY
                .then_if(geometry.flip, Orientation::FLIP)
                .then_if(flop, Orientation::FLOP)
                .then(rotation)
        };
        let upright_whole = upright.then_if(upright_flop, Orientation::FLOP);
        match (rotate_before, rotate_before || geometry.orient_before) {
            (true, _) => {
                let before = upright_whole.then(asked(geometry.flop));
                Self { before, after: Orientation::IDENTITY, transposes_target: false }
            }
            (false, true) => Self { before: upright_whole, after: asked(geometry.flop), transposes_target: false },
            (false, false) => Self {
                before: Orientation::IDENTITY,
                after: upright.then(asked(geometry.flop != upright_flop)),
                transposes_target: upright.transpose,
            },
        }
    }

    pub(super) fn target(&self, geometry: &GeometryOptions) -> Target {
        let side = |length: i32| u32::try_from(length).ok().filter(|&length| length > 0);
        let target = Target {
            width: side(geometry.width),
            height: side(geometry.height),
            canvas: geometry.canvas,
            without_enlargement: geometry.without_enlargement,
            without_reduction: geometry.without_reduction,
        };
        if self.transposes_target { target.transposed() } else { target }
    }
}
