//! Each planned step, done.

use super::{Report, bands::in_bands, operands::OpenedOperands, overlay};
use crate::{
    api::blocking,
    colour,
    error::Result,
    image::{ColourSpace, Image},
    interrupt,
    ops::{
        Rows, affine, alpha, bandbool, blur, channels, clahe, combine, composite, convolve, crop, embed,
        extract_channel, flatten, gamma, linear, median, modulate, morphology, negate, normalise, orient, recomb,
        sharpen, smartcrop, threshold, tint, trim, unflatten,
    },
    plan::{Step, geometry::Rect},
    resample, threads,
};

/// The rows after one step. Steps that have to see the whole picture hold it; all others pass rows on.
/// `buffers` are the bytes that other pictures are read from.
pub(super) fn apply<'a>(
    step: Step,
    mut rows: Rows<'a>,
    buffers: &[&[u8]],
    report: &mut Report,
    operands: &'a OpenedOperands<'a>,
) -> Result<Rows<'a>> {
    interrupt::check()?;
    blocking::check_operations(step.classes())?;
    let threads = threads::workers(&rows.spec())?;
    match step {
        Step::Orient(orientation) => orient::orient(rows, orientation),
        Step::Trim(options) => {
            let image = Image::collect(rows.as_mut())?;
            let rect = if options.in_codes {
                let codes = colour::convert(Box::new(image.clone().into_rows()), ColourSpace::Srgb)?;
                trim::find(&Image::collect(&mut *{ codes })?, &options)?
            } else {
                trim::find(&image, &options)?
            };
            report.trim_offset = Some(moved(rect));
            crop::crop(Box::new(image.into_rows()), rect, 1)
        }
        Step::Crop(rect, frames) => crop::crop(rows, rect, frames),
        Step::FromInks => colour::from_inks(rows),
        Step::Convert(space) => colour::convert(rows, space),
        Step::Icc(conversion) => conversion.apply(rows),
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
        Step::Affine(transform, background) => affine::affine(rows, &transform, &background.channels),
        Step::Composite(overlays) => {
            let spec = rows.spec();
            let layers =
                overlays.iter().map(|overlay| overlay::layer(overlay, &spec, buffers)).collect::<Result<_>>()?;
            composite::composite(rows, layers)
        }
        Step::Median(size) => in_bands(rows, threads, size, move |rows| median::median(rows, size)),
        Step::Morph(operation, radius) => {
            in_bands(rows, threads, radius, move |rows| morphology::morph(rows, operation, radius))
        }
        Step::Clahe(options) => in_bands(rows, threads, options.height, move |rows| clahe::clahe(rows, &options)),
        Step::Blur(gaussian, depth) => {
            in_bands(rows, threads, gaussian.reach()?, move |rows| blur::blur(rows, &gaussian, depth))
        }
        Step::Convolve(mask, depth) => {
            in_bands(rows, threads, mask.height, move |rows| convolve::convolve(rows, &mask, depth))
        }
        Step::Sharpen(options) => {
            in_bands(rows, threads, options.gaussian().reach()?, move |rows| sharpen::sharpen(rows, &options))
        }
        Step::RemoveAlpha => channels::remove_alpha(rows),
        Step::SingleAlpha => channels::without_extra(rows),
        Step::EnsureAlpha(opacity) => channels::ensure_alpha(rows, opacity),
        Step::Gamma(exponent) => gamma::gamma(rows, exponent),
        Step::Combine(operand, space, how, spec) => {
            let second = colour::convert(operands.rows(operand)?, space)?;
            combine::combine(rows, second, how, spec)
        }
        Step::Threshold(value) => threshold::threshold(rows, value),
        Step::Unflatten => unflatten::unflatten(rows),
        Step::Recomb(matrix, depth) => recomb::recomb(rows, &matrix, depth),
        Step::Modulate(adjustment) => in_bands(rows, threads, 0, move |rows| modulate::modulate(rows, adjustment)),
        Step::Linear(factors) => linear::linear(rows, &factors),
        Step::Normalise { lower, upper } => normalise::normalise(Image::collect(rows.as_mut())?, lower, upper),
        Step::Bandbool(operator) => bandbool::bandbool(rows, operator),
        Step::Tint(colour) => in_bands(rows, threads, 0, move |rows| tint::tint(rows, colour)),
        Step::ExtractChannel(channel) => extract_channel::extract_channel(rows, channel),
        Step::Negate { alpha } => negate::negate(rows, alpha),
    }
}

/// How far the origin moved: to the left and up, hence not above zero.
fn moved(rect: Rect) -> (i64, i64) {
    (-i64::from(rect.left), -i64::from(rect.top))
}
