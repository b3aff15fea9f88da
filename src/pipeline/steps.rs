//! Each planned step, done.

use super::Report;
use crate::{
    colour,
    error::Result,
    image::Image,
    ops::{
        Rows, alpha, blur, channels, clahe, convolve, crop, embed, flatten, median, morphology, orient, sharpen,
        smartcrop, trim,
    },
    plan::{Step, geometry::Rect},
    resample,
};

/// The rows after one step. Steps that have to see the whole picture hold it; all others pass rows on.
pub(super) fn apply<'a>(step: Step, mut rows: Rows<'a>, report: &mut Report) -> Result<Rows<'a>> {
    match step {
        Step::Orient(orientation) => orient::orient(rows, orientation),
        Step::Trim(options) => {
            let image = Image::collect(rows.as_mut())?;
            let rect = trim::find(&image, &options)?;
            report.trim_offset = Some(moved(rect));
            crop::crop(Box::new(image.into_rows()), rect, 1)
        }
        Step::Crop(rect, frames) => crop::crop(rows, rect, frames),
        Step::Convert(space) => colour::convert(rows, space),
        Step::Flatten(background) => flatten::flatten(rows, &background),
        Step::Premultiply => alpha::premultiply(rows),
        Step::Unpremultiply => alpha::unpremultiply(rows),
        Step::Resize(resize) => resample::resize(rows, &resize),
        Step::SmartCrop { width, height, strategy, premultiplied } => {
            let image = Image::collect(rows.as_mut())?;
            let choice = smartcrop::choose(&image, width, height, strategy, premultiplied)?;
            report.crop_offset = Some(moved(choice.rect));
            report.attention = Some(choice.attention);
            crop::crop(Box::new(image.into_rows()), choice.rect, 1)
        }
        Step::Embed(place, background) => embed::embed(rows, place, &background.channels),
        Step::Extrude(place, extend) => embed::extrude(rows, place, extend),
        Step::Median(size) => median::median(rows, size),
        Step::Morph(operation, radius) => morphology::morph(rows, operation, radius),
        Step::Clahe(options) => clahe::clahe(rows, &options),
        Step::Blur(gaussian, depth) => blur::blur(rows, &gaussian, depth),
        Step::Convolve(mask, depth) => convolve::convolve(rows, &mask, depth),
        Step::Sharpen(options) => sharpen::sharpen(rows, &options),
        Step::RemoveAlpha => channels::remove_alpha(rows),
        Step::EnsureAlpha(opacity) => channels::ensure_alpha(rows, opacity),
    }
}

/// How far the origin moved: to the left and up, hence not above zero.
fn moved(rect: Rect) -> (i64, i64) {
    (-i64::from(rect.left), -i64::from(rect.top))
}
