//! Applies each planned step.

use super::{Findings, bands::in_bands, operands::OpenedOperands, overlay};
use crate::{
    colour,
    error::{Error, Result},
    image::{ColourSpace, Image, Rect, Rows, aside, channels},
    interrupt,
    ops::{
        affine, alpha, bandbool, blur, clahe, combine, composite, convolve, crop, embed, extract_channel, flatten,
        frames, gamma, linear, median, modulate, morphology, negate, normalise, orient, recomb, sharpen, smartcrop,
        threshold, tint, trim, unflatten,
    },
    pipeline::blocking,
    plan::Step,
    resample, threads,
};

/// The rows after one step. Steps that have to see the whole image hold it; all others pass rows on.
/// `frames` is the number of equal parts, one below the other, that are frames of an animation. `buffers` are the bytes that
/// other images are read from.
pub(super) fn apply<'a>(
    step: Step,
    mut rows: Rows<'a>,
    frames: u32,
    buffers: &[&[u8]],
    report: &mut Findings,
    operands: &'a OpenedOperands<'a>,
) -> Result<Rows<'a>> {
    interrupt::check()?;
    blocking::check_operations(step.classes())?;
    match step {
        Step::Trim(options) => {
            let image = Image::collect(rows.as_mut())?;
            let rect = if options.in_codes {
                let codes = colour::convert(Box::new(image.clone().into_rows()), ColourSpace::Srgb)?;
                trim::find(&Image::collect(&mut *{ codes })?, frames, &options)?
            } else {
                trim::find(&image, frames, &options)?
            };
            report.trim_offset = Some(moved(rect));
            frames::each(Box::new(image.into_rows()), frames, move |rows| crop::crop(rows, rect))
        }
        Step::SmartCrop { width, height, strategy, premultiplied } => {
            let image = Image::collect(rows.as_mut())?;
            let core = if image.spec().format.extra > 0 {
                Some(Image::collect(aside::without_extra(Box::new(image.clone().into_rows()))?.as_mut())?)
            } else {
                None
            };
            let colours = core.as_ref().unwrap_or(&image);
            let mean = if frames > 1 { Some(frames::mean(colours, frames)?) } else { None };
            let colours = mean.as_ref().unwrap_or(colours);
            let choice = smartcrop::choose(colours, width, height, strategy, premultiplied)?;
            report.crop_offset = Some(moved(choice.rect));
            report.attention = Some(choice.attention);
            frames::each(Box::new(image.into_rows()), frames, move |rows| crop::crop(rows, choice.rect))
        }
        Step::Composite(overlays) => {
            let spec = rows.spec();
            let layers =
                overlays.iter().map(|overlay| overlay::layer(overlay, &spec, buffers)).collect::<Result<_>>()?;
            aside::aside(rows, |rows| composite::composite(rows, layers))
        }
        Step::Combine(operand, space, how, spec) => {
            let second = colour::convert(operands.rows(operand)?, space)?;
            combine::combine(rows, second, how, spec)
        }
        step if step.ends_with_frame() => frames::each(rows, frames, move |rows| alone(step.clone(), rows)),
        step => alone(step, rows),
    }
}

/// The rows after a step that needs nothing but them. Extra channels go around those that are not for them.
fn alone(step: Step, rows: Rows<'_>) -> Result<Rows<'_>> {
    if step.leaves_extra(&rows.spec().format) {
        aside::aside(rows, |rows| on_all_channels(step, rows))
    } else {
        on_all_channels(step, rows)
    }
}

fn on_all_channels(step: Step, mut rows: Rows<'_>) -> Result<Rows<'_>> {
    let threads = threads::workers(rows.spec().samples()?);
    match step {
        Step::Orient(orientation) => orient::orient(rows, orientation),
        Step::Crop(rect) => crop::crop(rows, rect),
        Step::FromInks => colour::from_inks(rows),
        Step::Convert(space) => colour::convert(rows, space),
        Step::Icc(conversion) => conversion.apply(rows),
        Step::Flatten(background) => flatten::flatten(rows, &background),
        Step::Premultiply => alpha::premultiply(rows),
        Step::Unpremultiply => alpha::unpremultiply(rows),
        Step::Resize(resize) => resample::resize(rows, &resize),
        Step::Embed(place, background) => embed::embed(rows, place, &background.channels),
        Step::Extrude(place, extend) => embed::extrude(rows, place, extend),
        Step::Affine(transform, background) => affine::affine(rows, &transform, &background.channels),
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
        Step::NameAlpha => channels::name_alpha(rows),
        Step::EnsureAlpha(opacity) => channels::ensure_alpha(rows, opacity),
        Step::Gamma(exponent) => gamma::gamma(rows, exponent),
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
        Step::Trim(_) | Step::SmartCrop { .. } | Step::Composite(_) | Step::Combine(..) => {
            Err(Error::Internal("a step that needs more than rows".into()))
        }
    }
}

/// How far the origin moved: to the left and up, hence not above zero.
fn moved(rect: Rect) -> (i64, i64) {
    (-i64::from(rect.left), -i64::from(rect.top))
}
