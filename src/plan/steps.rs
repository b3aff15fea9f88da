//! The order of operations.

mod area;
mod point;

use area::mixes_neighbours;

use super::{
    background::Background,
    geometry::{Gravity, Rect, Shrink, Target, dct_shrink},
    orientation::Orientation,
};
use crate::{
    api::{BooleanOperator, Canvas, ExtendWith, GeometryOptions, OperationOptions, Options, Overlay},
    codec::{Header, LoadShrink, ShrinkOnLoad},
    colour::{
        Adjustment,
        icc::{Conversion, Management, Working},
    },
    error::{OperationError, Result},
    image::{ColourSpace, Depth, Spec},
    ops::{
        affine::Transform, blur::Gaussian, clahe::Clahe, combine::Combine, convolve::Mask, embed::Placement,
        linear::Factors, modulate, morphology::Morphology, recomb::Matrix, sharpen::Sharpen, smartcrop::Strategy,
        trim::Trim,
    },
    resample::{Resize, output_size},
};

/// One operation with all it needs.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Orient(Orientation),
    Trim(Trim),
    /// The rectangle of each of so many frames.
    Crop(Rect, u32),
    Convert(ColourSpace),
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
    /// Of this opacity, 0 to 1.
    EnsureAlpha(f64),
    /// By this exponent.
    Gamma(f64),
    /// With another picture, brought to a colour space first; what comes out has this size and layout.
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

/// One of the other pictures that the options name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operand {
    Boolean,
    /// The one of this index.
    JoinChannel(usize),
}

/// The other pictures, as they come out of their decoders.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Operands {
    pub boolean: Option<Spec>,
    pub join_channel: Vec<Spec>,
}

/// How the picture is read, and what is done to it before its size is known for good.
#[derive(Debug, Clone, PartialEq)]
pub struct Before {
    pub shrink: LoadShrink,
    pub steps: Vec<Step>,
}

/// What is done from there to the encoder.
#[derive(Debug, Clone, PartialEq)]
pub struct After {
    pub steps: Vec<Step>,
    /// Colours were multiplied by alpha while the picture was resized.
    pub premultiplied: bool,
    /// The ICC profile to write into the file.
    pub icc: Option<Vec<u8>>,
}

/// Positions from here on are strategies.
const ENTROPY: u32 = 16;

/// What happens up to the resize.
pub fn before_resize(options: &Options, header: &Header) -> Result<Before> {
    not_yet(options)?;
    let geometry = &options.geometry;
    let turns = Turns::new(options, header);
    let mut steps = Vec::new();
    if !turns.before.is_identity() {
        steps.push(Step::Orient(turns.before));
    }
    let frames = header.frames();
    if frames > 1 && turns.before.transpose {
        return Err(OperationError::MultiPage("Rotate").into());
    }
    if geometry.rotate_before && geometry.rotation_angle != 0.0 {
        let (width, height) = turns.before.size(header.spec.width, header.spec.height);
        let spec = header.spec.resized(width, height);
        let mut plan = Planner { steps, spec, frames, premultiplied: false, joined: false };
        plan.whole_samples();
        plan.rotate(geometry)?;
        steps = plan.steps;
    }
    if geometry.trim_threshold >= 0.0 {
        if frames > 1 {
            return Err(OperationError::MultiPage("Trim").into());
        }
        steps.push(Step::Trim(trim(geometry)));
    }
    let cut = [geometry.left_offset_pre, geometry.top_offset_pre, geometry.width_pre, geometry.height_pre];
    if let Some(rect) = extract(cut)? {
        steps.push(Step::Crop(rect, frames));
    }
    let shrink = if steps.is_empty() && options.operation.gamma == 0.0 {
        load_shrink(geometry, turns.target(geometry), header)
    } else {
        LoadShrink::None
    };
    Ok(Before { shrink, steps })
}

/// The picture as it came out of the first part.
#[derive(Debug, Clone, Copy)]
pub struct Loaded {
    pub spec: Spec,
    /// Colours are multiplied by alpha.
    pub premultiplied: bool,
}

/// What happens from the resize to the encoder.
pub fn after_load(
    options: &Options,
    header: &Header,
    loaded: Loaded,
    icc: &Management<'_>,
    operands: &Operands,
) -> Result<After> {
    let Loaded { spec, premultiplied } = loaded;
    let (geometry, operation) = (&options.geometry, &options.operation);
    let turns = Turns::new(options, header);
    let mut plan = Planner { steps: Vec::new(), spec, frames: header.frames(), premultiplied, joined: false };
    let working = plan.colours(operation, icc);

    let target = turns.target(geometry);
    let Shrink { horizontal, vertical } = target.shrink(plan.spec.width, plan.frame_height());
    let vertical = plan.whole_frames(vertical);
    let resizes = horizontal != 1.0 || vertical != 1.0;
    let mixes = resizes || mixes_neighbours(operation);
    if mixes {
        plan.premultiply();
    }
    if resizes {
        plan.resize(Resize { hshrink: horizontal, vshrink: vertical, kernel: geometry.kernel });
    }
    plan.orient(turns.after)?;
    plan.join_channels(&operands.join_channel)?;
    plan.fit(geometry)?;
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
    let modulates = modulate::adjustment(operation).is_some();
    plan.median(operation);
    plan.threshold(operation);
    plan.morph(operation);
    plan.blur(operation);
    if operation.unflatten {
        plan.whole_samples();
    }
    plan.unflatten(operation);
    plan.convolve(operation);
    if recombines || modulates {
        plan.whole_samples();
    }
    plan.recomb(operation)?;
    plan.modulate(operation);
    plan.sharpen(operation);
    plan.straighten();
    if !recombines {
        plan.whole_samples();
    }
    plan.composite(operation);
    plan.gamma_out(operation);
    plan.linear(operation)?;
    plan.normalise(operation);
    plan.clahe(operation);
    plan.boolean(operation, operands.boolean)?;
    plan.bandbool(operation);
    plan.tint(operation);
    plan.channels(operation);
    plan.extract_channel(operation)?;
    let export = icc.export(plan.spec.format, working);
    plan.icc(export.conversion);
    plan.negate(operation);
    // The alpha that a composite adds is told of as if it had been there before the resize.
    let premultiplied = premultiplied || (!operation.composite.is_empty() && mixes);
    Ok(After { steps: plan.steps, premultiplied, icc: export.attached })
}

/// The turns before and after the resize.
struct Turns {
    before: Orientation,
    after: Orientation,
    /// The picture will be turned by 90° after the resize, so that the target is for its other side.
    transposes_target: bool,
}

impl Turns {
    fn new(options: &Options, header: &Header) -> Self {
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

    fn target(&self, geometry: &GeometryOptions) -> Target {
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

fn trim(geometry: &GeometryOptions) -> Trim {
    Trim {
        background: geometry.trim_background.as_slice().try_into().ok(),
        threshold: geometry.trim_threshold,
        line_art: geometry.trim_line_art,
        margin: geometry.trim_margin,
    }
}

/// A cut by left, top, width and height, of which -1 says that there is none.
fn extract(rect: [i32; 4]) -> Result<Option<Rect>> {
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
        _ => LoadShrink::None,
    }
}

/// The steps so far and what the picture is like after them.
struct Planner {
    steps: Vec<Step>,
    spec: Spec,
    frames: u32,
    premultiplied: bool,
    /// Channels were joined: two of them are not a grey picture that becomes colour in the end.
    joined: bool,
}

impl Planner {
    /// What is done to colours before the resize. Gives the profile that they are in then.
    fn colours<'a>(&mut self, operation: &OperationOptions, icc: &Management<'a>) -> Working<'a> {
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

    fn icc(&mut self, conversion: Option<Conversion>) {
        if let Some(conversion) = conversion {
            self.convert(conversion.from);
            if !conversion.is_identity() {
                self.spec.format = self.spec.format.in_space(conversion.to);
                self.steps.push(Step::Icc(conversion));
            }
        }
    }

    /// Floating point becomes the integers of its colour space.
    fn whole_samples(&mut self) {
        if self.spec.format.depth == Depth::F32 {
            self.spec.format = self.spec.format.in_space(self.spec.format.space);
            self.steps.push(Step::Convert(self.spec.format.space));
        }
    }

    fn convert(&mut self, space: ColourSpace) {
        if self.spec.format.space != space {
            self.spec.format = self.spec.format.in_space(space);
            self.steps.push(Step::Convert(space));
        }
    }

    fn premultiply(&mut self) {
        if self.spec.format.alpha && !self.premultiplied {
            self.premultiplied = true;
            self.steps.push(Step::Premultiply);
        }
    }

    fn unpremultiply(&mut self) {
        if std::mem::take(&mut self.premultiplied) {
            self.steps.push(Step::Unpremultiply);
        }
    }

    fn resize(&mut self, resize: Resize) {
        let (width, height) = output_size(&self.spec, &resize);
        self.spec = self.spec.resized(width, height);
        self.steps.push(Step::Resize(resize));
    }

    const fn frame_height(&self) -> u32 {
        self.spec.height / self.frames
    }

    /// The shrink nearest to `vertical` at which every frame comes out with the same number of rows.
    fn whole_frames(&self, vertical: f64) -> f64 {
        if self.frames == 1 {
            return vertical;
        }
        let frame_height = (f64::from(self.frame_height()) / vertical).round_ties_even().max(1.0);
        f64::from(self.spec.height) / (frame_height * f64::from(self.frames))
    }

    fn orient(&mut self, orientation: Orientation) -> Result<()> {
        if orientation.transpose && self.frames > 1 {
            return Err(OperationError::MultiPage("Rotate").into());
        }
        if !orientation.is_identity() {
            let (width, height) = orientation.size(self.spec.width, self.spec.height);
            self.spec = self.spec.resized(width, height);
            self.steps.push(Step::Orient(orientation));
        }
        Ok(())
    }

    fn crop(&mut self, rect: Rect) {
        self.spec = self.spec.resized(rect.width, rect.height.saturating_mul(self.frames));
        self.steps.push(Step::Crop(rect, self.frames));
    }

    /// Cuts or pads to the size asked for.
    fn fit(&mut self, geometry: &GeometryOptions) -> Result<()> {
        let (width, height) = (self.spec.width, self.frame_height());
        let asked = |length: i32, own: u32| u32::try_from(length).ok().filter(|&length| length > 0).unwrap_or(own);
        let (to_width, to_height) = (asked(geometry.width, width), asked(geometry.height, height));
        if (to_width, to_height) == (width, height) {
            return Ok(());
        }
        match geometry.canvas {
            Canvas::Embed => {
                let (left, top) = Gravity::from_number(geometry.position).embed((width, height), (to_width, to_height));
                let frames = self.frames;
                let place = Placement { width: width.max(to_width), height: height.max(to_height), left, top, frames };
                self.embed(place, geometry.resize_background);
            }
            Canvas::Crop => {
                let whole = (width, height);
                let (width, height) = (to_width.min(width), to_height.min(height));
                if geometry.position < ENTROPY {
                    let (left, top) = Gravity::from_number(geometry.position).crop(whole, (width, height));
                    self.crop(Rect { left, top, width, height });
                } else if self.frames > 1 {
                    return Err(OperationError::MultiPage("Resize strategy").into());
                } else {
                    let strategy = if geometry.position == ENTROPY { Strategy::Entropy } else { Strategy::Attention };
                    let premultiplied = self.premultiplied;
                    self.spec = self.spec.resized(width, height);
                    self.steps.push(Step::SmartCrop { width, height, strategy, premultiplied });
                }
            }
            Canvas::Max | Canvas::Min | Canvas::IgnoreAspect => {}
        }
        Ok(())
    }

    fn embed(&mut self, place: Placement, colour: [f64; 4]) {
        let background = Background::new(colour, self.spec.format, self.premultiplied);
        if background.adds_alpha {
            self.ensure_alpha(1.0);
        }
        self.spec = self.spec.resized(place.width, place.height.saturating_mul(self.frames));
        self.steps.push(Step::Embed(place, background));
    }

    fn ensure_alpha(&mut self, opacity: f64) {
        if !self.spec.format.alpha {
            self.spec.format.alpha = true;
            self.steps.push(Step::EnsureAlpha(opacity));
        }
    }

    /// Adds edges.
    fn extend(&mut self, geometry: &GeometryOptions) {
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
            frames: self.frames,
        };
        if geometry.extend_with == ExtendWith::Background {
            self.embed(place, geometry.extend_background);
        } else {
            self.spec = self.spec.resized(place.width, place.height.saturating_mul(self.frames));
            self.steps.push(Step::Extrude(place, geometry.extend_with));
        }
    }

    /// Turns by an angle that is not a multiple of 90°.
    fn rotate(&mut self, geometry: &GeometryOptions) -> Result<()> {
        if geometry.rotation_angle == 0.0 {
            return Ok(());
        }
        self.transform("Rotate", Transform::rotation(geometry.rotation_angle), geometry.rotation_background)
    }

    fn affine(&mut self, geometry: &GeometryOptions) -> Result<()> {
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
        self.transform("Affine", transform, geometry.affine_background)
    }

    fn transform(&mut self, name: &'static str, transform: Transform, colour: [f64; 4]) -> Result<()> {
        if self.frames > 1 {
            return Err(OperationError::MultiPage(name).into());
        }
        let background = Background::new(colour, self.spec.format, self.premultiplied);
        if background.adds_alpha {
            self.ensure_alpha(1.0);
        }
        let (_, _, width, height) = transform.canvas(self.spec.width, self.spec.height)?;
        self.spec = self.spec.resized(width, height);
        self.steps.push(Step::Affine(transform, background));
        Ok(())
    }

    fn composite(&mut self, operation: &OperationOptions) {
        if !operation.composite.is_empty() {
            self.convert(ColourSpace::Srgb);
            self.spec.format.alpha = true;
            self.steps.push(Step::Composite(operation.composite.clone()));
        }
    }

    /// What is done to channels at the end.
    fn channels(&mut self, operation: &OperationOptions) {
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

/// Refuses what the API takes but the engine cannot do yet: better than a picture without it.
fn not_yet(options: &Options) -> Result<()> {
    let operation = &options.operation;
    let asked = [
        (!options.join.is_empty(), "join"),
        (operation.colourspace_pipeline != "last", "pipelineColourspace"),
        (options.output.with_gain_map, "withGainMap"),
    ];
    match asked.into_iter().find(|(asked, _)| *asked) {
        Some((_, name)) => Err(OperationError::NotYet(name).into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::{InputDescriptor, OutputOptions},
        image::PixelFormat,
        meta::Metadata,
        resample::Kernel,
    };

    fn header(width: u32, height: u32, alpha: bool, orientation: Option<u8>) -> Header {
        let spec = Spec::new(width, height, PixelFormat::new(ColourSpace::Srgb, Depth::U8, alpha));
        let metadata = Metadata { orientation, ..Metadata::default() };
        Header { spec, metadata, shrink: ShrinkOnLoad::Dct }
    }

    fn options(geometry: GeometryOptions) -> Options {
        Options {
            input: InputDescriptor { auto_orient: true, ..InputDescriptor::default() },
            geometry,
            output: OutputOptions::default(),
            ..Options::default()
        }
    }

    fn plan(options: &Options, header: &Header) -> Result<After> {
        let icc = Management::new(options, header)?;
        let loaded = Loaded { spec: header.spec, premultiplied: false };
        after_load(options, header, loaded, &icc, &Operands::default())
    }

    fn steps(geometry: GeometryOptions, header: &Header) -> Vec<Step> {
        plan(&options(geometry), header).unwrap().steps
    }

    #[test]
    fn a_thumbnail_is_resized_and_cut() {
        let geometry = GeometryOptions { width: 100, height: 100, ..GeometryOptions::default() };
        let steps = steps(geometry, &header(400, 200, false, None));
        let resize = Resize { hshrink: 2.0, vshrink: 2.0, kernel: Kernel::Lanczos3 };
        assert_eq!(steps, [Step::Resize(resize), Step::Crop(Rect { left: 50, top: 0, width: 100, height: 100 }, 1)]);
    }

    #[test]
    fn alpha_is_multiplied_in_and_out_around_all_that_mixes_pixels() {
        let geometry = GeometryOptions { width: 100, height: 100, canvas: Canvas::Embed, ..GeometryOptions::default() };
        let steps = steps(geometry, &header(400, 200, true, None));
        assert!(matches!(
            steps[..],
            [
                Step::Premultiply,
                Step::Resize(_),
                Step::Embed(Placement { left: 0, top: 25, .. }, _),
                Step::Unpremultiply
            ]
        ));
    }

    #[test]
    fn a_portrait_photo_is_turned_after_the_resize_and_its_target_before() {
        let header = header(400, 200, false, Some(6));
        let geometry = GeometryOptions { width: 100, ..GeometryOptions::default() };
        let before = before_resize(&options(geometry.clone()), &header).unwrap();
        assert_eq!(before, Before { shrink: LoadShrink::None, steps: vec![] });
        let steps = steps(geometry, &header);
        let resize = Resize { hshrink: 2.0, vshrink: 2.0, kernel: Kernel::Lanczos3 };
        assert_eq!(steps, [Step::Resize(resize), Step::Orient(Orientation::ROTATE_90)]);
    }

    #[test]
    fn an_extract_after_auto_orient_sees_the_upright_picture() {
        let geometry = GeometryOptions {
            orient_before: true,
            left_offset_pre: 1,
            top_offset_pre: 2,
            width_pre: 3,
            height_pre: 4,
            width: 2,
            ..GeometryOptions::default()
        };
        let before = before_resize(&options(geometry), &header(400, 200, false, Some(8))).unwrap();
        let cut = Step::Crop(Rect { left: 1, top: 2, width: 3, height: 4 }, 1);
        assert_eq!(before.steps, [Step::Orient(Orientation::ROTATE_270), cut]);
        assert_eq!(before.shrink, LoadShrink::None);
    }

    #[test]
    fn the_decoder_shrinks_only_when_nothing_comes_before_the_resize() {
        let header = header(4000, 2000, false, None);
        let geometry = GeometryOptions { width: 500, ..GeometryOptions::default() };
        let shrink = |geometry| before_resize(&options(geometry), &header).unwrap().shrink;
        assert_eq!(shrink(geometry.clone()), LoadShrink::Dct(4));
        assert_eq!(shrink(GeometryOptions { trim_threshold: 10.0, ..geometry }), LoadShrink::None);
    }

    #[test]
    fn frames_of_an_animation_stay_apart() {
        let mut animation = header(100, 111, false, None);
        animation.metadata.page_height = Some(37);
        let geometry = GeometryOptions { width: 40, height: 10, ..GeometryOptions::default() };
        let resize = Resize { hshrink: 2.5, vshrink: 111.0 / 45.0, kernel: Kernel::Lanczos3 };
        let cut = Step::Crop(Rect { left: 0, top: 3, width: 40, height: 10 }, 3);
        assert_eq!(steps(geometry, &animation), [Step::Resize(resize), cut]);
        let turn = options(GeometryOptions { angle: 90, ..GeometryOptions::default() });
        let error = plan(&turn, &animation).unwrap_err();
        assert_eq!(error.to_string(), "Rotate is not supported for multi-page images");
    }

    #[test]
    fn a_turn_by_any_angle_is_before_or_after_the_resize() {
        let header = header(400, 200, false, None);
        let geometry = GeometryOptions { width: 100, rotation_angle: 30.0, ..GeometryOptions::default() };
        let after = steps(geometry.clone(), &header);
        assert!(matches!(after[..], [Step::Resize(_), Step::Affine(..)]), "{after:?}");
        let first = options(GeometryOptions { rotate_before: true, ..geometry });
        let before = before_resize(&first, &header).unwrap();
        assert!(matches!(before.steps[..], [Step::Affine(..)]), "{before:?}");
        assert_eq!(before.shrink, LoadShrink::None);
    }

    #[test]
    fn a_composite_is_told_of_as_premultiplied_when_the_picture_was_resized() {
        let mut options = options(GeometryOptions { width: 100, ..GeometryOptions::default() });
        options.operation.composite = vec![Overlay::default()];
        let header = header(400, 200, false, None);
        let (steps, premultiplied) = after_load(&options, &header, header.spec, false).unwrap();
        assert!(matches!(steps[..], [Step::Resize(_), Step::Composite(_)]), "{steps:?}");
        assert!(premultiplied);
    }

    #[test]
    fn what_cannot_be_done_is_refused_by_name() {
        let mut options = Options::default();
        options.operation.unflatten = true;
        let error = before_resize(&options, &header(4, 4, false, None)).unwrap_err();
        assert_eq!(error.to_string(), "unflatten is not supported yet");
    }
}
