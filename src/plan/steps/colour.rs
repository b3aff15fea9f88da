//! Colour spaces, depths and alpha.

use super::{Planner, Step};
use crate::{
    colour::icc::Conversion,
    error::{OperationError, Result},
    image::{ColourSpace, Depth, PixelFormat, Spec},
    ops::composite::canvas_space,
    options::OperationOptions,
    plan::{
        background::Background,
        icc::{Management, Working},
    },
};

/// Names that are known but mean nothing to convert to.
const WITHOUT_ROUTE: [&str; 5] = ["multiband", "histogram", "rgb", "fourier", "matrix"];

/// The space that images are worked on in, when the caller has named one.
pub(super) fn working_space(operation: &OperationOptions, from: ColourSpace) -> Result<Option<ColourSpace>> {
    match operation.colourspace_pipeline.as_str() {
        "last" => Ok(None),
        name => named(name, from),
    }
}

/// The space that the output is to be in; names that are not known mean sRGB.
fn output_space(operation: &OperationOptions, from: ColourSpace) -> Result<ColourSpace> {
    match operation.colourspace.as_str() {
        "last" => Err(OperationError::SpaceNotSet.into()),
        name => Ok(named(name, from)?.unwrap_or(ColourSpace::Srgb)),
    }
}

fn named(name: &str, from: ColourSpace) -> Result<Option<ColourSpace>> {
    if name == "labq" {
        return Err(OperationError::NotYet("The colour space labq").into());
    }
    match WITHOUT_ROUTE.into_iter().find(|&known| known == name) {
        Some(to) => Err(OperationError::NoRoute { from: from.name(), to }.into()),
        None => Ok(ColourSpace::by_name(name)),
    }
}

/// The layout of so many channels put side by side, in the output's colour space as far as there are enough of them.
pub(super) fn joined_layout(channels: usize, operation: &OperationOptions, depth: Depth) -> PixelFormat {
    let deep = depth == Depth::U16;
    let grey = if deep { ColourSpace::Grey16 } else { ColourSpace::Grey };
    let (space, alpha) = match ColourSpace::by_name(&operation.colourspace) {
        Some(space) if space.is_grey() => (grey, channels > 1),
        Some(ColourSpace::Cmyk) if channels >= 4 && !deep => (ColourSpace::Cmyk, channels > 4),
        _ if channels < 3 => (grey, false),
        _ => (if deep { ColourSpace::Rgb16 } else { ColourSpace::Srgb }, channels > 3),
    };
    let extra = channels.saturating_sub(space.channels() + usize::from(alpha));
    PixelFormat { extra: u16::try_from(extra).unwrap_or(u16::MAX), ..PixelFormat::new(space, depth, alpha) }
}

impl Planner {
    /// What is done to colours before the resize. Gives the profile that they are in then.
    pub(super) fn colours<'a>(&mut self, operation: &OperationOptions, icc: &Management<'a>) -> Working<'a> {
        self.whole_samples();
        if operation.flatten || operation.gamma >= 1.0 {
            self.whole_space();
        }
        if operation.flatten || operation.greyscale || operation.gamma >= 1.0 {
            self.unpremultiply();
        }
        let (conversion, working) = icc.import(self.spec.format);
        self.icc(conversion);
        if self.spec.format.space == ColourSpace::Cmyk && !icc.keeps_inks() {
            self.spec.format = self.spec.format.in_space(ColourSpace::Srgb);
            self.steps.push(Step::FromInks);
        }
        if operation.flatten && self.spec.format.alpha {
            let mut colour = [0.0, 0.0, 0.0, 255.0];
            colour.iter_mut().zip(&operation.flatten_background).for_each(|(to, from)| *to = *from);
            colour[3] = 255.0;
            self.spec.format.alpha = false;
            self.steps.push(Step::Flatten(Background::new(colour, self.spec.format, false).channels));
        }
        self.gamma_in(operation);
        if operation.greyscale {
            self.convert(ColourSpace::Grey);
        }
        // Where channels are joined, the alpha that a composite needs stands before them.
        if !operation.composite.is_empty() && !operation.join_channel.is_empty() {
            self.ensure_alpha(1.0);
        }
        working
    }

    pub(super) fn icc(&mut self, conversion: Option<Conversion>) {
        if let Some(conversion) = conversion {
            self.convert(conversion.from);
            if !conversion.is_identity() {
                self.spec.format = self.spec.format.in_space(conversion.to);
                self.steps.push(Step::Icc(conversion));
            }
        }
    }

    /// Floating point becomes the integers of its colour space.
    pub(super) fn whole_samples(&mut self) {
        if self.spec.format.depth != self.spec.format.space.depth() {
            self.spec.format = self.spec.format.in_space(self.spec.format.space);
            self.steps.push(Step::Convert(self.spec.format.space));
        }
    }

    /// A space of integers in place of one of floating point, for operations that work on those only.
    pub(super) fn whole_space(&mut self) {
        self.whole_samples();
        if self.spec.format.depth == Depth::F32 {
            self.convert(ColourSpace::Rgb16);
        }
    }

    /// The same, but fractions of a space of integers stay.
    pub(super) fn whole_space_of_fractions(&mut self) {
        if self.spec.format.space.depth() == Depth::F32 {
            self.whole_space_or_light();
        }
    }

    /// The same, but linear light stays: what is brighter than white would be lost.
    pub(super) fn whole_space_or_light(&mut self) {
        if self.spec.format.space == ColourSpace::ScRgb {
            self.name_alpha();
        } else {
            self.whole_space();
        }
    }

    /// Grey or RGB of integers, or linear light, with or without alpha.
    pub(super) fn picture_or_light(&mut self) {
        if self.spec.format.space == ColourSpace::ScRgb {
            self.name_alpha();
        } else {
            self.picture();
        }
    }

    /// The first of channels without a meaning is alpha from here on, where there is none.
    pub(super) fn name_alpha(&mut self) {
        let named = self.spec.format.with_named_alpha();
        if named != self.spec.format {
            self.spec.format = named;
            self.steps.push(Step::NameAlpha);
        }
    }

    /// Grey or RGB of integers, with or without alpha.
    pub(super) fn picture(&mut self) {
        self.whole_space();
        self.name_alpha();
        if matches!(self.spec.format.space, ColourSpace::Cmyk | ColourSpace::Hsv) {
            self.convert(ColourSpace::Srgb);
        }
    }

    /// The first of all: the space to work in.
    pub(super) fn working(&mut self, operation: &OperationOptions) -> Result<()> {
        if let Some(space) = working_space(operation, self.spec.format.space)? {
            self.convert(space);
        }
        Ok(())
    }

    /// The space of another image that is to meet this one.
    pub(super) fn operand_space(&self, operation: &OperationOptions, operand: Spec) -> Result<ColourSpace> {
        let space = operand.format.space;
        Ok(self.at_own_depth(working_space(operation, space)?.unwrap_or(space)))
    }

    pub(super) fn convert(&mut self, space: ColourSpace) {
        if self.spec.format.space != space {
            self.spec.format = self.spec.format.with_named_alpha().in_space(space);
            self.steps.push(Step::Convert(space));
        }
    }

    pub(super) fn premultiply(&mut self) {
        if self.spec.format.alpha && !self.premultiplied {
            self.premultiplied = true;
            self.steps.push(Step::Premultiply);
        }
    }

    pub(super) fn unpremultiply(&mut self) {
        if std::mem::take(&mut self.premultiplied) {
            self.steps.push(Step::Unpremultiply);
        }
    }

    pub(super) fn ensure_alpha(&mut self, opacity: f64) {
        if !self.spec.format.alpha {
            if self.spec.format.extra > 0 {
                self.spec.format.extra = self.spec.format.extra.saturating_add(1);
            } else {
                self.spec.format.alpha = true;
            }
            self.steps.push(Step::EnsureAlpha(opacity));
        }
    }

    pub(super) fn composite(&mut self, operation: &OperationOptions) -> Result<()> {
        if !operation.composite.is_empty() {
            if self.spec.format.alpha && self.spec.format.extra > 0 {
                return Err(OperationError::CompositeChannels.into());
            }
            let named = working_space(operation, self.spec.format.space)?;
            let space = canvas_space(named.unwrap_or(ColourSpace::Srgb));
            self.whole_samples();
            if self.spec.format.space == space {
                self.name_alpha();
            } else {
                self.picture();
            }
            self.convert(space);
            self.spec.format.alpha = true;
            self.steps.push(Step::Composite(operation.composite.clone()));
        }
        Ok(())
    }

    /// What is done to channels at the end.
    pub(super) fn channels(&mut self, operation: &OperationOptions) -> Result<()> {
        if operation.remove_alpha && self.spec.format.alpha {
            self.spec.format = PixelFormat { alpha: false, extra: 0, ..self.spec.format };
            self.steps.push(Step::RemoveAlpha);
        }
        if operation.ensure_alpha >= 0.0 {
            self.ensure_alpha(operation.ensure_alpha);
        }
        // Channels side by side are in the output's space already, whatever they are, and two components are no colours.
        let format = self.spec.format;
        if format.extra == 0 || (format.alpha && operation.join_channel.is_empty()) {
            self.convert(output_space(operation, self.spec.format.space)?);
        }
        Ok(())
    }
}
