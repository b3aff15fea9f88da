//! Colour spaces, depths and alpha.

use super::{Planner, Step};
use crate::{
    api::OperationOptions,
    colour::icc::{Conversion, Management, Working},
    image::{ColourSpace, Depth},
    plan::background::Background,
};

impl Planner {
    /// What is done to colours before the resize. Gives the profile that they are in then.
    pub(super) fn colours<'a>(&mut self, operation: &OperationOptions, icc: &Management<'a>) -> Working<'a> {
        self.whole_samples();
        if operation.flatten || operation.greyscale || operation.gamma >= 1.0 {
            self.unpremultiply();
        }
        let (conversion, working) = icc.import(self.spec.format);
        self.icc(conversion);
        if self.spec.format.space == ColourSpace::Cmyk {
            self.convert(ColourSpace::Srgb);
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
        if self.spec.format.depth == Depth::F32 {
            self.spec.format = self.spec.format.in_space(self.spec.format.space);
            self.steps.push(Step::Convert(self.spec.format.space));
        }
    }

    pub(super) fn convert(&mut self, space: ColourSpace) {
        if self.spec.format.space != space {
            self.spec.format = self.spec.format.in_space(space);
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
            self.spec.format.alpha = true;
            self.steps.push(Step::EnsureAlpha(opacity));
        }
    }

    pub(super) fn composite(&mut self, operation: &OperationOptions) {
        if !operation.composite.is_empty() {
            self.convert(ColourSpace::Srgb);
            self.spec.format.alpha = true;
            self.steps.push(Step::Composite(operation.composite.clone()));
        }
    }

    /// What is done to channels at the end.
    pub(super) fn channels(&mut self, operation: &OperationOptions) {
        if operation.remove_alpha && self.spec.format.alpha {
            self.spec.format.alpha = false;
            self.steps.push(Step::RemoveAlpha);
        }
        if operation.ensure_alpha >= 0.0 {
            self.ensure_alpha(operation.ensure_alpha);
        }
        if self.joined && self.spec.format.space.channels() == 1 && operation.colourspace == "srgb" {
            self.convert(ColourSpace::Grey);
            return;
        }
        self.convert(match operation.colourspace.as_str() {
            "b-w" => ColourSpace::Grey,
            "rgb16" => ColourSpace::Rgb16,
            "grey16" => ColourSpace::Grey16,
            _ => ColourSpace::Srgb,
        });
    }
}
