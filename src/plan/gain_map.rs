//! Steps for a gain map that is kept: those of its image, at the size of the map.

use super::{Step, background::Background};
use crate::{
    error::{OperationError, Result},
    image::{Depth, Rect, Spec},
    meta::GainMapInfo,
    ops::{blur::Gaussian, convolve::Mask, embed::Placement},
    options::{GeometryOptions, OperationOptions, Options},
    resample::{Resize, output_size},
};

/// Refuses what cannot be done to image and gain map alike. `has_map` says whether the image has one; some is refused, as
/// by sharp, before that is known.
pub fn check(options: &Options, has_map: bool) -> Result<()> {
    if !options.output.keep_gain_map {
        return Ok(());
    }
    let refused = refused(&options.geometry, &options.operation);
    match refused.into_iter().find(|(asked, always, _)| *asked && (*always || has_map)) {
        Some((_, _, name)) => Err(OperationError::GainMap(name).into()),
        None => Ok(()),
    }
}

/// Whether it is asked for, whether it is refused without a gain map too, and its name in the error, in the order of work.
fn refused(geometry: &GeometryOptions, operation: &OperationOptions) -> [(bool, bool, &'static str); 12] {
    let turns = geometry.rotation_angle != 0.0;
    let modulates =
        operation.brightness != 1.0 || operation.saturation != 1.0 || operation.hue != 0 || operation.lightness != 0.0;
    [
        (turns && geometry.rotate_before, true, "Rotate"),
        (geometry.trim_threshold >= 0.0, true, "Trim"),
        (turns, false, "Rotate"),
        (!geometry.affine_matrix.is_empty(), false, "Affine"),
        (operation.convolution.is_some(), false, "Convolve"),
        (operation.recomb_matrix.is_some(), false, "Recomb"),
        (modulates, false, "Modulate"),
        (!operation.composite.is_empty(), false, "Composite"),
        (operation.normalise, false, "Normalise"),
        (operation.clahe_width > 0 && operation.clahe_height > 0, false, "Clahe"),
        (operation.boolean.is_some(), false, "Boolean"),
        (operation.extract_channel >= 0, false, "Extract channel"),
    ]
}

/// The steps of a gain map, made of those of its image.
#[derive(Debug)]
pub struct GainMapPlan {
    steps: Vec<Step>,
    /// Size of the map after the steps so far.
    map: Spec,
    /// Pixels of the map and of the image on each axis, at full size.
    ratios: [(u32, u32); 2],
    /// Values that mean no gain, one for each channel.
    neutral: Vec<f64>,
}

impl GainMapPlan {
    /// `picture` is the image as it was read, at full size; `map` its gain map.
    pub fn new(picture: &Spec, map: &Spec, info: &GainMapInfo) -> Self {
        let channels = info.channels.iter().take(map.format.channels());
        Self {
            steps: Vec::new(),
            map: *map,
            ratios: [(map.width, picture.width), (map.height, picture.height)],
            neutral: channels.map(|channel| (channel.neutral() * 255.0).round()).collect(),
        }
    }

    /// Adds what these steps of the image are for its map. Steps that work on colours are nothing to it.
    pub fn follow(&mut self, steps: &[Step]) -> Result<()> {
        steps.iter().try_for_each(|step| self.follow_step(step))
    }

    /// All steps.
    pub fn finish(self) -> Vec<Step> {
        self.steps
    }

    fn follow_step(&mut self, step: &Step) -> Result<()> {
        match step {
            Step::Resize(resize) => {
                // By the same factors, as far as there are pixels.
                let hshrink = resize.hshrink.min(self.map.width.into());
                let vshrink = resize.vshrink.min(self.map.height.into());
                let resize = Resize::new(hshrink, vshrink, resize.kernel);
                let (width, height) = output_size(&self.map, &resize);
                self.map = self.map.resized(width, height);
                self.steps.push(Step::Resize(resize));
            }
            Step::Orient(orientation) => {
                let (width, height) = orientation.size(self.map.width, self.map.height);
                self.map = self.map.resized(width, height);
                if orientation.transpose {
                    self.ratios.swap(0, 1);
                }
                self.steps.push(Step::Orient(*orientation));
            }
            Step::Crop(rect) => {
                let (left, width) = self.part(0, self.map.width, rect.left, rect.width);
                let (top, height) = self.part(1, self.map.height, rect.top, rect.height);
                self.map = self.map.resized(width, height);
                self.steps.push(Step::Crop(Rect { left, top, width, height }));
            }
            Step::Embed(place, _) => {
                let place = self.place(place);
                let background = Background { adds_alpha: false, channels: self.neutral.clone() };
                self.steps.push(Step::Embed(place, background));
            }
            Step::Extrude(place, extend) => {
                let place = self.place(place);
                self.steps.push(Step::Extrude(place, *extend));
            }
            Step::Blur(gaussian, _) => {
                let sigma = gaussian.sigma * f64::from(self.ratios[0].0) / f64::from(self.ratios[0].1);
                self.steps.push(Step::Blur(Gaussian { sigma, ..*gaussian }, Depth::U8));
            }
            Step::Convolve(mask, _) if *mask == Mask::mild_blur() => {
                self.steps.push(Step::Convolve(mask.clone(), Depth::U8));
            }
            Step::Negate { .. } => self.steps.push(Step::Negate { alpha: false }),
            Step::SmartCrop { .. } => return Err(OperationError::GainMap("Resize strategy").into()),
            _ => {}
        }
        Ok(())
    }

    /// A length of the image in pixels of the map, fractions dropped.
    fn scaled(&self, axis: usize, length: u32) -> u32 {
        let (map, picture) = self.ratios[axis];
        let length = u64::from(length) * u64::from(map) / u64::from(picture.max(1));
        u32::try_from(length).unwrap_or(u32::MAX)
    }

    /// Start and length of a part of the map, which is `whole` long and has one pixel at least.
    fn part(&self, axis: usize, whole: u32, start: u32, length: u32) -> (u32, u32) {
        let start = self.scaled(axis, start).min(whole - 1);
        (start, self.scaled(axis, length).clamp(1, whole - start))
    }

    fn place(&mut self, place: &Placement) -> Placement {
        let offset = |axis: usize, offset: i64| {
            let (map, picture) = self.ratios[axis];
            offset * i64::from(map) / i64::from(picture.max(1))
        };
        let (left, top) = (offset(0, place.left), offset(1, place.top));
        let (width, height) = (self.scaled(0, place.width).max(1), self.scaled(1, place.height).max(1));
        self.map = self.map.resized(width, height);
        Placement { width, height, left, top }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        error::Error,
        image::{ColourSpace, Orientation, PixelFormat},
        meta::gain_map::testing::two_stops,
        options::Kernel,
    };

    const GREY: PixelFormat = PixelFormat::new(ColourSpace::Grey, Depth::U8, false);

    fn follow(picture: (u32, u32), map: (u32, u32), steps: &[Step]) -> Vec<Step> {
        let spec = |(width, height)| Spec::new(width, height, GREY);
        let mut plan = GainMapPlan::new(&spec(picture), &spec(map), &two_stops());
        plan.follow(steps).unwrap();
        plan.finish()
    }

    fn resize(shrink: f64) -> Step {
        Step::Resize(Resize::new(shrink, shrink, Kernel::Cubic))
    }

    #[test]
    fn a_map_of_half_the_size_is_cut_and_shrunk_alike() {
        let cut = Step::Crop(Rect { left: 51, top: 33, width: 101, height: 77 });
        let steps = follow((400, 400), (200, 200), &[cut, Step::Orient(Orientation::ROTATE_90)]);
        let expected = Step::Crop(Rect { left: 25, top: 16, width: 50, height: 38 });
        assert_eq!(steps, [expected, Step::Orient(Orientation::ROTATE_90)]);
        assert_eq!(follow((400, 300), (100, 75), &[resize(4.0)]), [resize(4.0)]);
    }

    #[test]
    fn a_part_of_less_than_a_pixel_is_one() {
        let cut = Step::Crop(Rect { left: 399, top: 0, width: 1, height: 1 });
        let expected = Step::Crop(Rect { left: 3, top: 0, width: 1, height: 1 });
        assert_eq!(follow((400, 400), (4, 4), &[cut]), [expected]);
    }

    #[test]
    fn a_map_is_never_less_than_a_pixel() {
        let [Step::Resize(resized)] = follow((400, 400), (4, 2), &[resize(100.0)])[..] else { panic!("one resize") };
        assert_eq!((resized.hshrink, resized.vshrink), (4.0, 2.0));
    }

    #[test]
    fn edges_have_no_gain() {
        let place = Placement { width: 40, height: 60, left: 10, top: -7 };
        let colour = Background { adds_alpha: true, channels: vec![1.0; 4] };
        let [Step::Embed(place, background)] = &follow((20, 20), (5, 5), &[Step::Embed(place, colour)])[..] else {
            panic!("one step")
        };
        assert_eq!(*place, Placement { width: 10, height: 15, left: 2, top: -1 });
        assert_eq!(*background, Background { adds_alpha: false, channels: vec![0.0] });
    }

    #[test]
    fn refusals_name_the_operation() {
        let keep = |change: fn(&mut Options)| {
            let mut options = Options::default();
            options.output.keep_gain_map = true;
            change(&mut options);
            options
        };
        let error = |options: &Options, has_map| check(options, has_map).err().map(|error: Error| error.to_string());
        let trimmed = keep(|options| options.geometry.trim_threshold = 10.0);
        let sentence = Some("Trim is not supported when keeping gain maps".to_owned());
        assert_eq!([error(&trimmed, true), error(&trimmed, false)], [sentence.clone(), sentence]);
        let turned = keep(|options| options.geometry.rotation_angle = 10.0);
        assert_eq!(error(&turned, false), None);
        assert!(error(&turned, true).is_some());
        assert_eq!(error(&keep(|_| ()), true), None);
    }
}
