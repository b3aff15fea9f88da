//! The order of operations.

mod area;
mod colour;
mod engine;
mod point;
mod size;
mod turns;

use area::mixes_neighbours;
use colour::working_space;
use size::{extract, trim};
use turns::Turns;

use super::{
    background::Background,
    geometry::{Shrink, Target, dct_shrink},
};
use crate::{
    codec::{Header, LoadShrink, ShrinkOnLoad},
    colour::{Adjustment, icc::Conversion},
    error::Result,
    image::{ColourSpace, Depth, Orientation, PixelFormat, Rect, Spec},
    ops::{
        affine::Transform, blur::Gaussian, clahe::Clahe, combine::Combine, convolve::Mask, embed::Placement,
        linear::Factors, morphology::Morphology, recomb::Matrix, sharpen::Sharpen, smartcrop::Strategy, trim::Trim,
    },
    options::{BooleanOperator, ExtendWith, GeometryOptions, Kernel, Options, Overlay},
    plan::icc::Management,
    resample::{Resize, output_size},
};

/// One operation with all it needs.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Orient(Orientation),
    Trim(Trim),
    Crop(Rect),
    Convert(ColourSpace),
    /// CMYK without a profile to sRGB.
    FromInks,
    /// From one ICC profile's colours to another's.
    Icc(Conversion),
    /// Onto a background of one value per colour channel.
    Flatten(Vec<f64>),
    Premultiply,
    Unpremultiply,
    Resize(Resize),
    SmartCrop {
        width: u32,
        height: u32,
        strategy: Strategy,
        premultiplied: bool,
    },
    Embed(Placement, Background),
    Extrude(Placement, ExtendWith),
    Affine(Transform, Background),
    /// Onto 8-bit sRGB; the result has alpha.
    Composite(Vec<Overlay>),
    Median(u32),
    /// By squares that reach so many pixels from their centre.
    Morph(Morphology, u32),
    /// Fractions are kept where the depth says so.
    Blur(Gaussian, Depth),
    /// The same of the depth.
    Convolve(Mask, Depth),
    Sharpen(Sharpen),
    Clahe(Clahe),
    RemoveAlpha,
    /// The first extra channel is alpha from here on.
    NameAlpha,
    /// Of this opacity, 0 to 1.
    EnsureAlpha(f64),
    /// By this exponent.
    Gamma(f64),
    /// With another image, brought to a colour space first; what comes out has this size and layout.
    Combine(Operand, ColourSpace, Combine, Spec),
    Threshold(u8),
    Unflatten,
    /// Comes out at this depth.
    Recomb(Matrix, Depth),
    Modulate(Adjustment),
    Linear(Factors),
    Normalise {
        lower: u32,
        upper: u32,
    },
    Bandbool(BooleanOperator),
    /// By this red, green and blue, 0 to 255.
    Tint([f64; 3]),
    ExtractChannel(usize),
    Negate {
        alpha: bool,
    },
}

impl Step {
    /// Whether another image comes out, rather than the same in another form.
    pub const fn changes_image(&self) -> bool {
        !matches!(
            self,
            Self::Convert(_)
                | Self::FromInks
                | Self::Icc(_)
                | Self::Premultiply
                | Self::Unpremultiply
                | Self::NameAlpha
        )
    }

    /// Whether it works on the colours and the alpha of each pixel, and leaves extra channels as they are. All else treats every
    /// channel alike, or says itself which.
    pub fn leaves_extra(&self, format: &PixelFormat) -> bool {
        match self {
            // With a factor for every channel, none is left.
            Step::Linear(factors) => factors.len() < format.channels(),
            Step::Negate { alpha } => format.alpha && !alpha,
            Step::Icc(_)
            | Step::Flatten(_)
            | Step::Premultiply
            | Step::Unpremultiply
            | Step::Composite(_)
            | Step::Sharpen(_)
            | Step::Gamma(_)
            | Step::Unflatten
            | Step::Recomb(..)
            | Step::Modulate(_)
            | Step::Normalise { .. }
            | Step::Tint(_) => true,
            // No catch-all: a new step has to be answered for.
            Step::Orient(_)
            | Step::Trim(_)
            | Step::Crop(_)
            | Step::Convert(_)
            | Step::FromInks
            | Step::Resize(_)
            | Step::SmartCrop { .. }
            | Step::Embed(..)
            | Step::Extrude(..)
            | Step::Affine(..)
            | Step::Median(_)
            | Step::Morph(..)
            | Step::Blur(..)
            | Step::Convolve(..)
            | Step::Clahe(_)
            | Step::RemoveAlpha
            | Step::NameAlpha
            | Step::EnsureAlpha(_)
            | Step::Combine(..)
            | Step::Threshold(_)
            | Step::Bandbool(_)
            | Step::ExtractChannel(_) => false,
        }
    }

    /// Whether it moves pixels or looks at their neighbours, so that it has to be done to each frame of an animation by
    /// itself. What looks at one pixel, or at the colours of all, is done to all frames at once.
    pub const fn ends_with_frame(&self) -> bool {
        match self {
            Step::Orient(orientation) => orientation.transpose || orientation.flip_y,
            Step::Crop(_)
            | Step::Resize(_)
            | Step::Embed(..)
            | Step::Extrude(..)
            | Step::Affine(..)
            | Step::Median(_)
            | Step::Morph(..)
            | Step::Blur(..)
            | Step::Convolve(..)
            | Step::Sharpen(_)
            | Step::Clahe(_) => true,
            // `trim` and the crop strategies look at all frames, and keep one rectangle for them.
            Step::Trim(_)
            | Step::SmartCrop { .. }
            | Step::Convert(_)
            | Step::FromInks
            | Step::Icc(_)
            | Step::Flatten(_)
            | Step::Premultiply
            | Step::Unpremultiply
            | Step::Composite(_)
            | Step::RemoveAlpha
            | Step::NameAlpha
            | Step::EnsureAlpha(_)
            | Step::Gamma(_)
            | Step::Combine(..)
            | Step::Threshold(_)
            | Step::Unflatten
            | Step::Recomb(..)
            | Step::Modulate(_)
            | Step::Linear(_)
            | Step::Normalise { .. }
            | Step::Bandbool(_)
            | Step::Tint(_)
            | Step::ExtractChannel(_)
            | Step::Negate { .. } => false,
        }
    }
}

/// One of the other images that the options name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operand {
    Boolean,
    /// The one of this index.
    JoinChannel(usize),
}

/// The other images, as they come out of their decoders.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Operands {
    pub boolean: Option<Spec>,
    pub join_channel: Vec<Spec>,
}

/// How the image is read, and what is done to it before its size is known for good.
#[derive(Debug, Clone, PartialEq)]
pub struct Before {
    pub shrink: LoadShrink,
    pub steps: Vec<Step>,
}

/// What is done from there to the encoder.
#[derive(Debug, Clone, PartialEq)]
pub struct After {
    pub steps: Vec<Step>,
    /// Colours were multiplied by alpha while the image was resized.
    pub premultiplied: bool,
    /// The ICC profile to write into the file.
    pub icc: Option<Vec<u8>>,
    /// Size and layout of what comes out.
    pub spec: Spec,
}

/// What happens up to the resize.
pub fn before_resize(options: &Options, header: &Header) -> Result<Before> {
    let geometry = &options.geometry;
    let turns = Turns::new(options, header);
    let mut steps = Vec::new();
    if !turns.before.is_identity() {
        steps.push(Step::Orient(turns.before));
    }
    if geometry.rotate_before && geometry.rotation_angle != 0.0 {
        let mut plan = Planner { steps, spec: header.spec, frames: header.frames(), premultiplied: false };
        plan.spec = plan.turned(turns.before);
        plan.whole_samples();
        plan.rotate(geometry)?;
        steps = plan.steps;
    }
    if geometry.trim_threshold >= 0.0 {
        // What was brightened is trimmed as if it had not been.
        let in_codes = options.output.with_gain_map && header.spec.format.space == ColourSpace::ScRgb;
        steps.push(Step::Trim(Trim { in_codes, ..trim(geometry) }));
    }
    let cut = [geometry.left_offset_pre, geometry.top_offset_pre, geometry.width_pre, geometry.height_pre];
    if let Some(rect) = extract(cut)? {
        steps.push(Step::Crop(rect));
    }
    let named = working_space(&options.operation, header.spec.format.space)?.is_some();
    let whole = named || options.output.uses_gain_map();
    let shrink = if steps.is_empty() && options.operation.gamma == 0.0 && !whole {
        load_shrink(geometry, turns.target(geometry), header)
    } else {
        LoadShrink::None
    };
    Ok(Before { shrink, steps })
}

/// The image as it came out of the first part.
#[derive(Debug, Clone, Copy)]
pub struct Loaded {
    pub spec: Spec,
    /// Colours are multiplied by alpha.
    pub premultiplied: bool,
    /// What the decoder did to it.
    pub shrink: LoadShrink,
}

impl Loaded {
    /// The size from which that of the result follows, and the width and height that the pixels stand for where these are
    /// others. A decoder that shrinks by 8 makes 125 columns of 999, which stand for 124.875; sharp takes 124 for the width, and
    /// sizes follow from that. Taken for the content too, it would stretch the image, and move all that is in it.
    fn size(&self, header: &Header, frame: Spec) -> (Spec, Option<(f64, f64)>) {
        let LoadShrink::Dct(factor) = self.shrink else { return (frame, None) };
        let Spec { width, height, .. } = header.spec;
        let side = |length: u32| (length / u32::from(factor)).max(1);
        let extent = (f64::from(width) / f64::from(factor), f64::from(height) / f64::from(factor));
        (frame.resized(side(width), side(height)), Some(extent))
    }
}

/// What happens from the resize to the encoder.
pub fn after_load(
    options: &Options,
    header: &Header,
    loaded: Loaded,
    icc: &Management<'_>,
    operands: &Operands,
) -> Result<After> {
    let Loaded { spec, premultiplied, .. } = loaded;
    let (geometry, operation) = (&options.geometry, &options.operation);
    let turns = Turns::new(options, header);
    let mut plan = Planner { steps: Vec::new(), spec, frames: header.frames(), premultiplied };
    plan.working(operation)?;
    let working = plan.colours(operation, icc);

    let target = turns.target(geometry);
    let (size, extent) = loaded.size(header, plan.frame());
    let Shrink { horizontal, vertical } = target.shrink(size.width, size.height);
    let vertical = plan.whole_frames(vertical);
    let resizes = horizontal != 1.0 || vertical != 1.0;
    let mixes = resizes || mixes_neighbours(operation);
    if mixes {
        plan.premultiply();
    }
    if resizes {
        let mut resize = Resize::new(horizontal, vertical, geometry.kernel);
        match extent {
            // It takes pixels as they are, so that a part of one is none.
            Some(_) if resize.kernel == Kernel::Nearest => plan.keep_whole_pixels(size),
            Some(extent) => resize = resize.onto(output_size(&size, &resize), extent),
            None => {}
        }
        plan.resize(resize);
    }
    plan.orient(turns.after);
    plan.join_channels(operation, &operands.join_channel)?;
    plan.fit(geometry);
    if !geometry.rotate_before {
        plan.rotate(geometry)?;
    }
    let cut = [geometry.left_offset_post, geometry.top_offset_post, geometry.width_post, geometry.height_post];
    if let Some(rect) = extract(cut)? {
        plan.crop(rect);
    }
    plan.affine(geometry)?;
    plan.extend(geometry);
    let premultiplied = plan.premultiplied && mixes;
    if !premultiplied {
        plan.unpremultiply();
    }
    // Fractions that a blur or a mask leaves are dropped before steps that cannot work with them.
    let recombines = operation.recomb_matrix.is_some();
    let modulates = point::adjustment(operation).is_some();
    plan.median(operation);
    plan.threshold(operation);
    plan.morph(operation);
    plan.blur(operation);
    if operation.unflatten {
        plan.picture();
    }
    plan.unflatten(operation);
    plan.convolve(operation);
    if modulates {
        plan.picture_or_light();
    } else if recombines {
        plan.whole_samples();
    }
    plan.recomb(operation)?;
    plan.modulate(operation);
    plan.sharpen(operation);
    plan.straighten();
    if !recombines {
        plan.whole_samples();
    }
    plan.composite(operation)?;
    plan.gamma_out(operation);
    plan.linear(operation)?;
    plan.normalise(operation);
    plan.clahe(operation);
    plan.boolean(operation, operands.boolean)?;
    plan.bandbool(operation);
    plan.tint(operation);
    plan.channels(operation)?;
    plan.extract_channel(operation)?;
    let export = icc.export(plan.spec.format, working);
    plan.icc(export.conversion);
    plan.negate(operation);
    // `info` reports the alpha that a composite adds as if it had been there before the resize.
    let premultiplied = premultiplied || (!operation.composite.is_empty() && mixes);
    Ok(After { steps: plan.steps, premultiplied, icc: export.attached, spec: plan.spec })
}

fn load_shrink(geometry: &GeometryOptions, target: Target, header: &Header) -> LoadShrink {
    if target.width.is_none() && target.height.is_none() {
        return LoadShrink::None;
    }
    let page_height = header.metadata.page_height.unwrap_or(header.spec.height);
    let Shrink { horizontal, vertical } = target.shrink(header.spec.width, page_height);
    let shrink = horizontal.min(vertical);
    match header.shrink {
        ShrinkOnLoad::Dct => match dct_shrink(shrink, geometry.fast_shrink_on_load) {
            1 => LoadShrink::None,
            factor => LoadShrink::Dct(factor),
        },
        ShrinkOnLoad::Scale if geometry.fast_shrink_on_load && shrink > 1.0 => LoadShrink::Scale(1.0 / shrink),
        ShrinkOnLoad::Vector if shrink != 1.0 => LoadShrink::Scale(1.0 / shrink),
        _ => LoadShrink::None,
    }
}

/// The steps so far and what the image is like after them.
struct Planner {
    steps: Vec<Step>,
    spec: Spec,
    frames: u32,
    premultiplied: bool,
}

#[cfg(test)]
mod tests;
