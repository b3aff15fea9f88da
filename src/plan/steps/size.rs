//! Sizes: resize, crop, extend and rotation.

use super::{Planner, Step};
use crate::{
    error::{OperationError, Result},
    image::{Gravity, Orientation, Rect, Spec},
    ops::{affine::Transform, embed::Placement, smartcrop::Strategy, trim::Trim},
    options::{Canvas, ExtendWith, GeometryOptions},
    plan::background::Background,
    resample::{Resize, output_size},
};

/// Positions from here on are strategies.
const ENTROPY: u32 = 16;
/// Largest angle in degrees that an image is turned by.
const MAX_ANGLE: f64 = 1e7;

pub(super) fn trim(geometry: &GeometryOptions) -> Trim {
    Trim {
        background: geometry.trim_background.as_slice().try_into().ok(),
        threshold: geometry.trim_threshold,
        line_art: geometry.trim_line_art,
        margin: geometry.trim_margin,
        in_codes: false,
    }
}

/// A cut by left, top, width and height, of which -1 says that there is none.
pub(super) fn extract(rect: [i32; 4]) -> Result<Option<Rect>> {
    let [left, top, width, height] = rect;
    if top == -1 {
        return Ok(None);
    }
    let number = |value: i32| u32::try_from(value).map_err(|_| OperationError::BadExtractArea);
    let rect = Rect { left: number(left)?, top: number(top)?, width: number(width)?, height: number(height)? };
    if let Some((_, side)) =
        [(rect.width, "width"), (rect.height, "height")].into_iter().find(|(length, _)| *length == 0)
    {
        return Err(OperationError::EmptyExtractArea(side).into());
    }
    Ok(Some(rect))
}

impl Planner {
    pub(super) fn resize(&mut self, resize: Resize) {
        let (width, height) = output_size(&self.frame(), &resize);
        self.resize_frames(width, height);
        self.steps.push(Step::Resize(resize));
    }

    /// Size and layout of one frame.
    pub(super) const fn frame(&self) -> Spec {
        self.spec.resized(self.spec.width, self.frame_height())
    }

    /// The size is now that of frames of `width` × `height`.
    const fn resize_frames(&mut self, width: u32, height: u32) {
        self.spec = self.spec.resized(width, height.saturating_mul(self.frames));
    }

    /// The size after each frame was turned.
    pub(super) const fn turned(&self, orientation: Orientation) -> Spec {
        let (width, height) = orientation.size(self.spec.width, self.frame_height());
        self.spec.resized(width, height.saturating_mul(self.frames))
    }

    pub(super) const fn frame_height(&self) -> u32 {
        self.spec.height / self.frames
    }

    /// The shrink nearest to `vertical` at which every frame comes out with the same number of rows.
    pub(super) fn whole_frames(&self, vertical: f64) -> f64 {
        if self.frames == 1 {
            return vertical;
        }
        let frame_height = (f64::from(self.frame_height()) / vertical).round_ties_even().max(1.0);
        f64::from(self.spec.height) / (frame_height * f64::from(self.frames))
    }

    pub(super) fn orient(&mut self, orientation: Orientation) {
        if !orientation.is_identity() {
            self.spec = self.turned(orientation);
            self.steps.push(Step::Orient(orientation));
        }
    }

    pub(super) fn crop(&mut self, rect: Rect) {
        self.resize_frames(rect.width, rect.height);
        self.steps.push(Step::Crop(rect));
    }

    /// Cuts off a last column and row that stand for less than a pixel.
    pub(super) fn keep_whole_pixels(&mut self, size: Spec) {
        if self.frame() != size {
            self.crop(Rect { left: 0, top: 0, width: size.width, height: size.height });
        }
    }

    /// Cuts or pads to the size asked for.
    pub(super) fn fit(&mut self, geometry: &GeometryOptions) {
        let (width, height) = (self.spec.width, self.frame_height());
        let asked = |length: i32, own: u32| u32::try_from(length).ok().filter(|&length| length > 0).unwrap_or(own);
        let (to_width, to_height) = (asked(geometry.width, width), asked(geometry.height, height));
        if (to_width, to_height) == (width, height) {
            return;
        }
        match geometry.canvas {
            Canvas::Embed => {
                let (left, top) = Gravity::from_number(geometry.position).embed((width, height), (to_width, to_height));
                let place = Placement { width: width.max(to_width), height: height.max(to_height), left, top };
                self.embed(place, geometry.resize_background);
            }
            Canvas::Crop => {
                let whole = (width, height);
                let (width, height) = (to_width.min(width), to_height.min(height));
                if geometry.position < ENTROPY {
                    let (left, top) = Gravity::from_number(geometry.position).crop(whole, (width, height));
                    self.crop(Rect { left, top, width, height });
                } else {
                    let strategy = if geometry.position == ENTROPY { Strategy::Entropy } else { Strategy::Attention };
                    let premultiplied = self.premultiplied;
                    self.picture();
                    self.resize_frames(width, height);
                    self.steps.push(Step::SmartCrop { width, height, strategy, premultiplied });
                }
            }
            Canvas::Max | Canvas::Min | Canvas::IgnoreAspect => {}
        }
    }

    pub(super) fn embed(&mut self, place: Placement, colour: [f64; 4]) {
        let background = Background::new(colour, self.spec.format, self.premultiplied);
        if background.adds_alpha {
            self.ensure_alpha(1.0);
        }
        self.resize_frames(place.width, place.height);
        self.steps.push(Step::Embed(place, background));
    }

    /// Adds edges.
    pub(super) fn extend(&mut self, geometry: &GeometryOptions) {
        let (top, bottom) = (geometry.extend_top, geometry.extend_bottom);
        let (left, right) = (geometry.extend_left, geometry.extend_right);
        if [top, bottom, left, right] == [0; 4] {
            return;
        }
        let length = |own: u32, before: u32, after: u32| own.saturating_add(before).saturating_add(after);
        let place = Placement {
            width: length(self.spec.width, left, right),
            height: length(self.frame_height(), top, bottom),
            left: left.into(),
            top: top.into(),
        };
        if geometry.extend_with == ExtendWith::Background {
            self.embed(place, geometry.extend_background);
        } else {
            self.resize_frames(place.width, place.height);
            self.steps.push(Step::Extrude(place, geometry.extend_with));
        }
    }

    /// Turns by an angle that is not a multiple of 90°.
    pub(super) fn rotate(&mut self, geometry: &GeometryOptions) -> Result<()> {
        if geometry.rotation_angle == 0.0 {
            return Ok(());
        }
        if geometry.rotation_angle.abs() > MAX_ANGLE {
            return Err(OperationError::AngleTooLarge.into());
        }
        self.transform(&Transform::rotation(geometry.rotation_angle), geometry.rotation_background)
    }

    pub(super) fn affine(&mut self, geometry: &GeometryOptions) -> Result<()> {
        if geometry.affine_matrix.is_empty() {
            return Ok(());
        }
        let matrix = geometry.affine_matrix.as_slice().try_into().map_err(|_| OperationError::SingularMatrix)?;
        let transform = Transform {
            matrix,
            input_offset: [geometry.affine_idx, geometry.affine_idy],
            output_offset: [geometry.affine_odx, geometry.affine_ody],
            interpolator: geometry.affine_interpolator,
        };
        self.transform(&transform, geometry.affine_background)
    }

    pub(super) fn transform(&mut self, transform: &Transform, colour: [f64; 4]) -> Result<()> {
        self.whole_space_or_light();
        let background = Background::new(colour, self.spec.format, self.premultiplied);
        if background.adds_alpha {
            self.ensure_alpha(1.0);
        }
        let (_, _, width, height) = transform.canvas(self.spec.width, self.frame_height())?;
        self.resize_frames(width, height);
        self.steps.push(Step::Affine(*transform, background));
        Ok(())
    }
}
