//! Operations on each pixel by itself, and on the channels.

use super::{Operand, Planner, Step, colour::joined_layout};
use crate::{
    colour::Adjustment,
    error::{LimitError, OperationError, Result},
    image::{ColourSpace, Depth, PixelFormat, Spec},
    ops::{bandbool, combine::Combine, linear, recomb},
    options::{LIMIT_INPUT_PIXELS, OperationOptions},
};

/// Pixels that an image may grow to when another one is larger: as many as are read by default. A line of 100 million
/// pixels across and one down are small by themselves.
const MAX_GROWN_PIXELS: u64 = LIMIT_INPUT_PIXELS;

/// The channel that `extractChannel('alpha')` asks for, wherever it is.
const ALPHA: usize = 3;

/// What the options ask for, or `None` when they ask for nothing: `L' = brightness · L + lightness`,
/// `C' = saturation · C`, `h' = h + hue`.
pub(super) fn adjustment(options: &OperationOptions) -> Option<Adjustment> {
    let adjustment = Adjustment {
        gain: options.brightness,
        offset: options.lightness,
        chroma: options.saturation,
        hue: f64::from(options.hue),
    };
    (adjustment != Adjustment { gain: 1.0, offset: 0.0, chroma: 1.0, hue: 0.0 }).then_some(adjustment)
}

impl Planner {
    /// Darkens before the resize, so that it mixes light rather than codes.
    pub(super) fn gamma_in(&mut self, operation: &OperationOptions) {
        if operation.gamma >= 1.0 {
            self.steps.push(Step::Gamma(operation.gamma));
        }
    }

    /// Brightens again.
    pub(super) fn gamma_out(&mut self, operation: &OperationOptions) {
        if operation.gamma_out >= 1.0 {
            self.whole_space();
            self.name_alpha();
            self.steps.push(Step::Gamma(1.0 / operation.gamma_out));
        }
    }

    pub(super) fn join_channels(&mut self, operation: &OperationOptions, operands: &[Spec]) -> Result<()> {
        if operands.is_empty() {
            return Ok(());
        }
        self.unpremultiply();
        self.whole_space();
        for (index, &operand) in operands.iter().enumerate() {
            let space = self.operand_space(operation, operand)?;
            let channels = self.spec.format.channels() + operand.format.in_space(space).channels();
            let layout = joined_layout(channels, operation, self.spec.format.depth);
            self.combine(Operand::JoinChannel(index), operand, space, Combine::Join, layout)?;
        }
        Ok(())
    }

    pub(super) fn threshold(&mut self, operation: &OperationOptions) {
        let Some(threshold) = u8::try_from(operation.threshold).ok().filter(|&threshold| threshold > 0) else { return };
        self.whole_space();
        self.convert(match self.spec.format.space {
            _ if operation.threshold_greyscale => ColourSpace::Grey,
            ColourSpace::Rgb16 => ColourSpace::Srgb,
            ColourSpace::Grey16 => ColourSpace::Grey,
            space => space,
        });
        self.steps.push(Step::Threshold(threshold));
    }

    pub(super) fn unflatten(&mut self, operation: &OperationOptions) {
        if operation.unflatten {
            self.spec.format.alpha = true;
            self.steps.push(Step::Unflatten);
        }
    }

    pub(super) fn recomb(&mut self, operation: &OperationOptions) -> Result<()> {
        let Some(values) = &operation.recomb_matrix else { return Ok(()) };
        if self.spec.format.alpha && self.spec.format.extra > 0 {
            return Err(OperationError::RecombChannels.into());
        }
        self.picture();
        self.convert(ColourSpace::Srgb);
        let matrix = recomb::matrix(values, self.spec.format.alpha)?;
        // Sums above white, and fractions of what is yet to be divided by alpha, are kept for who can make use of them.
        let narrowed_next = operation.sharpen_sigma != 0.0 || adjustment(operation).is_some();
        let then_linear = !operation.linear_a.is_empty() && operation.gamma_out < 1.0 && operation.composite.is_empty();
        let depth = if !narrowed_next && (self.premultiplied || then_linear) { Depth::F32 } else { Depth::U8 };
        self.spec.format.depth = depth;
        self.steps.push(Step::Recomb(matrix, depth));
        Ok(())
    }

    /// The end of work on colours that are multiplied by alpha.
    pub(super) fn straighten(&mut self) {
        if self.premultiplied {
            self.unpremultiply();
            if self.spec.format.depth == Depth::F32 {
                self.spec.format = self.spec.format.in_space(self.spec.format.space);
                self.steps.push(Step::Convert(self.spec.format.space));
            }
        }
    }

    pub(super) fn modulate(&mut self, operation: &OperationOptions) {
        if let Some(adjustment) = adjustment(operation) {
            self.picture_or_light();
            self.steps.push(Step::Modulate(adjustment));
        }
    }

    pub(super) fn linear(&mut self, operation: &OperationOptions) -> Result<()> {
        if !operation.linear_a.is_empty() {
            if self.spec.format.space.depth() == Depth::F32 {
                self.whole_space();
            }
            // Extra channels have factors of their own, or none.
            let format = self.spec.format;
            let has_all = !format.alpha || operation.linear_a.len() == format.channels();
            let format = if has_all { format } else { format.without_extra() };
            let factors = linear::factors(&operation.linear_a, &operation.linear_b, format)?;
            self.spec.format = self.spec.format.in_space(self.spec.format.space);
            self.steps.push(Step::Linear(factors));
        }
        Ok(())
    }

    pub(super) fn normalise(&mut self, operation: &OperationOptions) {
        if operation.normalise {
            self.picture();
            let (lower, upper) = (operation.normalise_lower as u32, operation.normalise_upper as u32);
            self.steps.push(Step::Normalise { lower, upper });
        }
    }

    pub(super) fn boolean(&mut self, operation: &OperationOptions, operand: Option<Spec>) -> Result<()> {
        let (Some(operator), Some(operand)) = (operation.boolean_operator, operand) else { return Ok(()) };
        self.whole_space();
        let space = self.operand_space(operation, operand)?;
        let format = operand.format.in_space(space);
        let (own, other) = (self.spec.format.channels(), format.channels());
        if own != other && own != 1 && other != 1 {
            return Err(OperationError::BooleanChannels(own.max(other)).into());
        }
        let layout = if own >= other { self.spec.format } else { format };
        self.combine(Operand::Boolean, operand, space, Combine::Boolean(operator), layout)
    }

    pub(super) fn bandbool(&mut self, operation: &OperationOptions) {
        if let Some(operator) = operation.band_boolean_operator {
            self.whole_space();
            self.spec.format = bandbool::grey(self.spec.format);
            self.steps.push(Step::Bandbool(operator));
        }
    }

    pub(super) fn tint(&mut self, operation: &OperationOptions) {
        let [red, green, blue, _] = operation.tint;
        if red >= 0.0 {
            self.picture();
            let is_grey = self.spec.format.space.is_grey();
            let space = if is_grey { ColourSpace::Grey } else { ColourSpace::Srgb };
            self.spec.format = self.spec.format.in_space(space);
            self.steps.push(Step::Tint([red, green, blue]));
        }
    }

    pub(super) fn extract_channel(&mut self, operation: &OperationOptions) -> Result<()> {
        let Ok(channel) = usize::try_from(operation.extract_channel) else { return Ok(()) };
        let format = self.spec.format;
        let last = format.channels() - 1;
        let channel = match channel {
            channel if channel <= last => channel,
            ALPHA if format.alpha => last,
            channel => return Err(OperationError::ExtractChannel { channel, last }.into()),
        };
        self.spec.format = bandbool::grey(format);
        self.steps.push(Step::ExtractChannel(channel));
        Ok(())
    }

    pub(super) fn negate(&mut self, operation: &OperationOptions) {
        if operation.negate {
            self.steps.push(Step::Negate { alpha: operation.negate_alpha });
        }
    }

    /// The layout of another image that is to meet this one: its own channels, the depth of this one.
    pub(super) const fn at_own_depth(&self, space: ColourSpace) -> ColourSpace {
        match (space, self.spec.format.space.is_16_bit()) {
            (ColourSpace::Rgb16, false) => ColourSpace::Srgb,
            (ColourSpace::Grey16, false) => ColourSpace::Grey,
            (ColourSpace::Srgb | ColourSpace::Cmyk | ColourSpace::Hsv, true) => ColourSpace::Rgb16,
            (ColourSpace::Grey, true) => ColourSpace::Grey16,
            (space, deep) if matches!(space.depth(), Depth::F32) => {
                if deep {
                    ColourSpace::Rgb16
                } else {
                    ColourSpace::Srgb
                }
            }
            (space, _) => space,
        }
    }

    /// With another image to one of this layout, as large as the larger of both.
    fn combine(
        &mut self,
        operand: Operand,
        other: Spec,
        space: ColourSpace,
        how: Combine,
        layout: PixelFormat,
    ) -> Result<()> {
        let (width, height) = (self.spec.width.max(other.width), self.spec.height.max(other.height));
        if self.frames > 1 && height != self.spec.height {
            return Err(OperationError::MultiPage("A larger picture for boolean or joinChannel").into());
        }
        let area = |spec: &Spec| u64::from(spec.width) * u64::from(spec.height);
        if area(&self.spec.resized(width, height)) > MAX_GROWN_PIXELS.max(area(&self.spec)).max(area(&other)) {
            return Err(LimitError::Dimensions { width: width.into(), height: height.into() }.into());
        }
        self.spec = Spec::new(width, height, layout);
        self.steps.push(Step::Combine(operand, space, how, self.spec));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        codec::{Header, LoadShrink, ShrinkOnLoad},
        image::testing::{GREY, RGB, RGBA},
        meta::Metadata,
        options::{BooleanOperator, Options},
        plan::{Loaded, Operands, after_load, icc::Management},
    };

    fn plan(format: PixelFormat, operation: OperationOptions, operands: &Operands) -> Result<Vec<Step>> {
        let spec = Spec::new(8, 8, format);
        let header = Header { spec, metadata: Metadata::default(), shrink: ShrinkOnLoad::None, planes: None };
        let options = Options { operation, ..Options::default() };
        let icc = Management::new(&options, &header);
        let loaded = Loaded { spec, premultiplied: false, shrink: LoadShrink::None };
        after_load(&options, &header, loaded, &icc, operands).map(|after| after.steps)
    }

    fn alone(format: PixelFormat, operation: OperationOptions) -> Result<Vec<Step>> {
        plan(format, operation, &Operands::default())
    }

    #[test]
    fn the_order_is_sharps_whatever_the_calls_were() {
        let operation = OperationOptions {
            negate: true,
            tint: [1.0, 2.0, 3.0, 255.0],
            threshold: 9,
            threshold_greyscale: false,
            gamma: 2.0,
            gamma_out: 2.0,
            normalise: true,
            unflatten: true,
            extract_channel: 1,
            ..OperationOptions::default()
        };
        let steps = alone(RGB, operation).unwrap();
        assert_eq!(
            steps,
            [
                Step::Gamma(2.0),
                Step::Threshold(9),
                Step::Unflatten,
                Step::Gamma(0.5),
                Step::Normalise { lower: 1, upper: 99 },
                Step::Tint([1.0, 2.0, 3.0]),
                Step::ExtractChannel(1),
                Step::Negate { alpha: true },
            ]
        );
    }

    #[test]
    fn sums_above_white_live_until_linear() {
        let matrix = Some(vec![1.0; 9]);
        let operation = OperationOptions { recomb_matrix: matrix.clone(), ..OperationOptions::default() };
        assert!(matches!(alone(RGB, operation).unwrap()[..], [Step::Recomb(_, Depth::U8)]));
        let (linear_a, linear_b) = (vec![0.5], vec![0.0]);
        let operation = OperationOptions { recomb_matrix: matrix, linear_a, linear_b, ..OperationOptions::default() };
        assert!(matches!(alone(RGB, operation).unwrap()[..], [Step::Recomb(_, Depth::F32), Step::Linear(_)]));
    }

    #[test]
    fn channels_that_are_not_there() {
        let error = |format, extract_channel| {
            let operation = OperationOptions { extract_channel, ..OperationOptions::default() };
            alone(format, operation).unwrap_err().to_string()
        };
        assert_eq!(error(RGB, 3), "Cannot extract channel 3 from image with channels 0-2");
        assert_eq!(error(RGBA, 4), "Cannot extract channel 4 from image with channels 0-3");
    }

    #[test]
    fn joined_channels_make_a_layout() {
        let join = |format, count| {
            let operands = Operands { join_channel: vec![Spec::new(9, 4, GREY); count], ..Operands::default() };
            plan(format, OperationOptions::default(), &operands)
        };
        let Ok([Step::Combine(Operand::JoinChannel(0), ColourSpace::Grey, Combine::Join, spec)]) =
            join(RGB, 1).as_deref().map(|steps| <[Step; 1]>::try_from(steps.to_vec()).unwrap())
        else {
            panic!("one step")
        };
        assert_eq!(spec, Spec::new(9, 8, RGBA));
        assert_eq!(join(GREY, 2).unwrap().len(), 2);
        let Ok([Step::Combine(_, _, _, spec)]) =
            join(RGBA, 1).as_deref().map(|steps| <[Step; 1]>::try_from(steps.to_vec()).unwrap())
        else {
            panic!("one step")
        };
        assert_eq!((spec.format.extra, spec.format.channels()), (1, 5));
    }

    #[test]
    fn modulation_is_absent_by_default() {
        assert_eq!(adjustment(&OperationOptions::default()), None);
        assert!(adjustment(&OperationOptions { hue: 1, ..OperationOptions::default() }).is_some());
    }

    #[test]
    fn boolean_needs_channels_that_match() {
        let run = |format, other| {
            let operation =
                OperationOptions { boolean_operator: Some(BooleanOperator::And), ..OperationOptions::default() };
            plan(format, operation, &Operands { boolean: Some(Spec::new(8, 8, other)), ..Operands::default() })
        };
        assert_eq!(run(RGB, RGBA).unwrap_err().to_string(), "boolean: not one band or 4 bands");
        assert_eq!(run(RGBA, GREY).unwrap().len(), 1);
        let steps = run(GREY, RGB).unwrap();
        assert!(matches!(steps[..], [Step::Combine(_, _, _, Spec { format: RGB, .. })]), "{steps:?}");
    }

    #[test]
    fn two_lines_do_not_make_a_field() {
        let line = Spec::new(100_000_000, 1, GREY);
        let operands = Operands { join_channel: vec![line.resized(1, 100_000_000)], ..Operands::default() };
        let header = Header { spec: line, metadata: Metadata::default(), shrink: ShrinkOnLoad::None, planes: None };
        let options = Options::default();
        let icc = Management::new(&options, &header);
        let loaded = Loaded { spec: line, premultiplied: false, shrink: LoadShrink::None };
        let error = after_load(&options, &header, loaded, &icc, &operands).unwrap_err();
        assert_eq!(error.to_string(), "Image of 100000000x100000000 pixels is too large");
    }
}
