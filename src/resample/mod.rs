//! Resampling: rows of one size in, rows of another size out. No more of the image is held than the filter sees.
//!
//! A shrink is a box of whole pixels, which leaves a factor of two to four, and then a kernel; down the columns first,
//! then along the rows, rounded to the sample after each step. An enlargement is a cubic or linear interpolation. This
//! follows libvips 8.18 (`vips_resize` with a gap of 2), so that images look the same, to the byte where it is defined.

mod axis;
mod buffer;
mod convolve;
mod horizontal;
mod kernel;
mod nearest;
pub mod planes;
mod resampler;
mod vertical;

use crate::{
    error::{LimitError, OperationError, Result},
    image::{Depth, RowSource, Spec},
    options::Kernel,
    simd::Level,
};
use axis::Axis;
use convolve::Element;
use nearest::Nearest;
use resampler::{Enlarger, Resampler};

/// What to resample by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resize {
    /// Input width / output width: above 1 shrinks, below 1 enlarges, 1 leaves the width alone.
    pub hshrink: f64,
    /// The same for the height.
    pub vshrink: f64,
    pub kernel: Kernel,
    /// Width and height that the pixels stand for, where the last column or row stands for less than a whole pixel: a decoder
    /// has shrunk the image to them. `None` is as many as there are.
    pub extent: Option<(f64, f64)>,
}

impl Resize {
    /// By these factors, of whole pixels.
    pub const fn new(hshrink: f64, vshrink: f64, kernel: Kernel) -> Self {
        Self { hshrink, vshrink, kernel, extent: None }
    }

    /// From pixels that stand for `extent` to `size`.
    pub fn onto(self, size: (u32, u32), extent: (f64, f64)) -> Self {
        let (hshrink, vshrink) = (extent.0 / f64::from(size.0), extent.1 / f64::from(size.1));
        Self { hshrink, vshrink, extent: Some(extent), ..self }
    }

    fn extent(&self, spec: &Spec) -> (f64, f64) {
        self.extent.unwrap_or((spec.width.into(), spec.height.into()))
    }
}

/// Width and height of what [`resize`] gives: the input divided by the factors, rounded half up, at least 1.
///
/// Nearest neighbour can be one pixel less: its integer part drops incomplete groups, as sharp's does.
pub fn output_size(spec: &Spec, resize: &Resize) -> (u32, u32) {
    let (width, height) = resize.extent(spec);
    (
        axis::output_length(spec.width, width, resize.hshrink, resize.kernel),
        axis::output_length(spec.height, height, resize.vshrink, resize.kernel),
    )
}

/// Resamples an image of any size and layout. Identity factors give the source itself.
///
/// # Errors
/// [`LimitError::Dimensions`] when a factor is not a positive number, a size is 0 or too large to address;
/// [`LimitError::Memory`] when there is no memory for the working rows; [`OperationError::Enlargement`] beyond ten million times;
/// and whatever the source gives.
pub fn resize<'a>(source: Box<dyn RowSource + 'a>, resize: &Resize) -> Result<Box<dyn RowSource + 'a>> {
    resize_at(source, resize, Level::best())
}

fn resize_at<'a>(source: Box<dyn RowSource + 'a>, resize: &Resize, level: Level) -> Result<Box<dyn RowSource + 'a>> {
    let spec = source.spec();
    check(&spec, resize)?;
    if resize.hshrink == 1.0 && resize.vshrink == 1.0 {
        return Ok(source);
    }
    if resize.kernel == Kernel::Nearest {
        let (width, height) = output_size(&spec, resize);
        return Ok(Box::new(Nearest::new(source, spec.resized(width, height), resize.hshrink, resize.vshrink)?));
    }
    match spec.format.depth {
        Depth::U8 => resize_samples::<u8>(source, resize, level),
        Depth::U16 => resize_samples::<u16>(source, resize, level),
        Depth::F32 => resize_samples::<f32>(source, resize, level),
    }
}

fn resize_samples<'a, S: Element>(
    source: Box<dyn RowSource + 'a>,
    resize: &Resize,
    level: Level,
) -> Result<Box<dyn RowSource + 'a>> {
    let spec = source.spec();
    let (hshrink, vshrink, kernel) = (resize.hshrink, resize.vshrink, resize.kernel);
    let reduced = if hshrink > 1.0 || vshrink > 1.0 {
        let (width, height) = resize.extent(&spec);
        let horizontal = Axis::reduce(spec.width, width, hshrink.max(1.0), kernel);
        let vertical = Axis::reduce(spec.height, height, vshrink.max(1.0), kernel);
        Box::new(Resampler::<S>::new(source, &horizontal, &vertical, level)?)
    } else {
        source
    };
    if hshrink >= 1.0 && vshrink >= 1.0 {
        return Ok(reduced);
    }
    let spec = reduced.spec();
    let horizontal = Axis::enlarge(spec.width, hshrink.min(1.0), kernel);
    let vertical = Axis::enlarge(spec.height, vshrink.min(1.0), kernel);
    let fraction = if kernel == Kernel::Linear { S::KEPT_FRACTION } else { 0 };
    Ok(Box::new(Enlarger::<S>::new(reduced, &horizontal, &vertical, fraction, level)?))
}

/// Pixels along an axis that one may become at most.
const MAX_ENLARGEMENT: f64 = 1e7;

/// Factors and sizes that can be computed with: an input is there, and it is not shrunk to much less than one pixel.
fn check(spec: &Spec, resize: &Resize) -> Result<()> {
    if resize.hshrink.min(resize.vshrink) < 1.0 / MAX_ENLARGEMENT {
        return Err(OperationError::Enlargement.into());
    }
    let fits = |length: u32, shrink: f64| {
        let output = f64::from(length) / shrink;
        length > 0 && shrink > 0.0 && (0.4..f64::from(i32::MAX)).contains(&output)
    };
    if fits(spec.width, resize.hshrink) && fits(spec.height, resize.vshrink) {
        return Ok(());
    }
    Err(LimitError::Dimensions { width: spec.width.into(), height: spec.height.into() }.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{ColourSpace, Image, PixelFormat, Samples};

    const KERNELS: [Kernel; 8] = [
        Kernel::Nearest,
        Kernel::Linear,
        Kernel::Cubic,
        Kernel::Mitchell,
        Kernel::Lanczos2,
        Kernel::Lanczos3,
        Kernel::Mks2013,
        Kernel::Mks2021,
    ];

    /// All layouts by channels and depth.
    fn formats() -> Vec<PixelFormat> {
        [Depth::U8, Depth::U16, Depth::F32]
            .into_iter()
            .flat_map(|depth| {
                [
                    (ColourSpace::Grey, false),
                    (ColourSpace::Grey, true),
                    (ColourSpace::Srgb, false),
                    (ColourSpace::Srgb, true),
                    (ColourSpace::Cmyk, true),
                ]
                .map(|(space, alpha)| PixelFormat::new(space, depth, alpha))
            })
            .collect()
    }

    /// Noise with many samples at both ends of the range, from a fixed seed.
    fn noise(width: u32, height: u32, format: PixelFormat) -> Image {
        let spec = Spec::new(width, height, format);
        let mut state = 1_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let value = state >> 15;
            if state & 0x4000 == 0 { value & 0xffff } else { (value & 1) * 0xffff }
        };
        let count = spec.samples().unwrap();
        let samples = match format.depth {
            Depth::U8 => Samples::U8((0..count).map(|_| (random() >> 8) as u8).collect()),
            Depth::U16 => Samples::U16((0..count).map(|_| random() as u16).collect()),
            Depth::F32 => Samples::F32((0..count).map(|_| random() as f32 / 65535.0).collect()),
        };
        Image::from_samples(spec, samples).unwrap()
    }

    fn run(image: &Image, hshrink: f64, vshrink: f64, kernel: Kernel, level: Level) -> Image {
        let rows = Box::new(image.clone().into_rows());
        let mut rows = resize_at(rows, &Resize::new(hshrink, vshrink, kernel), level).unwrap();
        Image::collect(&mut *rows).unwrap()
    }

    /// Pairs of factors that reach every path: box and kernel, either alone, both directions of scale.
    const FACTORS: [(f64, f64); 11] = [
        (1.9, 1.9),
        (3.7, 1.0),
        (1.0, 2.5),
        (4.0, 9.3),
        (31.0, 17.0),
        (0.5, 0.3),
        (0.7, 1.0),
        (1.0, 0.9),
        (2.2, 0.6),
        (0.6, 5.1),
        (400.0, 300.0),
    ];

    #[test]
    fn an_enlargement_has_a_limit() {
        let spec = Spec::new(4, 1, PixelFormat::new(ColourSpace::Grey, Depth::U8, false));
        let large = |hshrink, vshrink| check(&spec, &Resize::new(hshrink, vshrink, Kernel::Cubic));
        assert!(large(1e-7, 1.0).is_ok());
        assert_eq!(large(0.9e-7, 1.0).unwrap_err().to_string(), "resize: parameter scale not set");
        assert!(large(1.0, 0.9e-7).is_err() && large(f64::NAN, 1.0).is_err() && large(-1.0, 1.0).is_err());
    }

    #[test]
    fn every_level_gives_the_bytes_of_the_scalar_form() {
        for format in formats() {
            for (width, height) in [(61, 47), (530, 9), (7, 520)] {
                let image = noise(width, height, format);
                for (hshrink, vshrink) in FACTORS {
                    let (hshrink, vshrink) = (hshrink.min(f64::from(2 * width)), vshrink.min(f64::from(2 * height)));
                    for kernel in KERNELS {
                        let scalar = run(&image, hshrink, vshrink, kernel, Level::Scalar);
                        for level in Level::all() {
                            let out = run(&image, hshrink, vshrink, kernel, level);
                            assert!(
                                scalar == out,
                                "{level:?} {format:?} {width}x{height} by {hshrink} and {vshrink}, {kernel:?}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn sizes_are_as_announced() {
        let image = noise(61, 47, formats()[0]);
        for (hshrink, vshrink) in FACTORS {
            let (hshrink, vshrink) = (hshrink.min(100.0), vshrink.min(90.0));
            for kernel in KERNELS {
                let size = output_size(&image.spec(), &Resize::new(hshrink, vshrink, kernel));
                let out = run(&image, hshrink, vshrink, kernel, Level::best()).spec();
                assert_eq!((out.width, out.height), size, "{hshrink} {vshrink} {kernel:?}");
            }
        }
    }

    #[test]
    fn a_flat_image_stays_flat() {
        for format in formats() {
            let white = match format.depth {
                Depth::U8 => Samples::U8(vec![255; 90 * 70 * format.channels()]),
                Depth::U16 => Samples::U16(vec![65535; 90 * 70 * format.channels()]),
                Depth::F32 => Samples::F32(vec![1.0; 90 * 70 * format.channels()]),
            };
            let image = Image::from_samples(Spec::new(90, 70, format), white).unwrap();
            for (hshrink, vshrink) in [(1.9, 1.9), (7.3, 5.1), (0.3, 0.4)] {
                for kernel in KERNELS {
                    let out = run(&image, hshrink, vshrink, kernel, Level::best());
                    let flat = match out.samples() {
                        Samples::U8(samples) => samples.iter().all(|&sample| sample == 255),
                        Samples::U16(samples) => samples.iter().all(|&sample| sample == 65535),
                        Samples::F32(samples) => samples.iter().all(|&sample| (sample - 1.0).abs() < 1e-5),
                    };
                    assert!(flat, "{format:?} by {hshrink} and {vshrink}, {kernel:?}");
                }
            }
        }
    }

    /// sharp's answers for an 8-pixel impulse and ramp, red channel.
    #[test]
    fn one_dimension_is_as_sharp_has_it() {
        let grey = PixelFormat::new(ColourSpace::Grey, Depth::U8, false);
        let row = |samples: [u8; 8], width: f64, kernel| {
            let image = Image::from_samples(Spec::new(8, 1, grey), Samples::U8(samples.to_vec())).unwrap();
            run(&image, 8.0 / width, 1.0, kernel, Level::best()).as_slice::<u8>().unwrap().to_vec()
        };
        let impulse = [0, 0, 0, 0, 255, 0, 0, 0];
        assert_eq!(row(impulse, 6.0, Kernel::Lanczos3), [0, 0, 22, 186, 0, 4]);
        assert_eq!(row(impulse, 5.0, Kernel::Lanczos3), [5, 0, 133, 57, 0]);
        assert_eq!(row(impulse, 3.0, Kernel::Cubic), [0, 88, 15]);
        assert_eq!(row(impulse, 5.0, Kernel::Linear), [0, 0, 117, 48, 0]);
        let ramp = [0, 30, 60, 90, 120, 150, 180, 210];
        assert_eq!(row(ramp, 13.0, Kernel::Cubic), [0, 2, 21, 40, 59, 77, 96, 114, 133, 151, 170, 189, 208]);
        assert_eq!(row(ramp, 13.0, Kernel::Nearest), [0, 0, 30, 30, 60, 90, 90, 120, 120, 150, 180, 180, 210]);
    }

    #[test]
    fn identity_is_the_source_itself() {
        let image = noise(5, 4, formats()[2]);
        let resize = Resize::new(1.0, 1.0, Kernel::Lanczos3);
        let mut rows = super::resize(Box::new(image.clone().into_rows()), &resize).unwrap();
        assert_eq!(rows.take_image(), Some(image));
    }

    #[test]
    fn impossible_factors_are_errors() {
        for factor in [f64::NAN, 0.0, -1.0, f64::INFINITY, 1e9, 1e-12] {
            let image = noise(5, 4, formats()[2]);
            let resize = Resize::new(factor, 1.0, Kernel::Lanczos3);
            assert!(super::resize(Box::new(image.into_rows()), &resize).is_err(), "{factor}");
        }
    }

    #[test]
    fn too_many_rows_are_an_error() {
        let image = noise(9, 9, formats()[0]);
        for (factor, kernel) in [(2.0, Kernel::Cubic), (0.5, Kernel::Cubic), (2.0, Kernel::Nearest)] {
            let resize = Resize::new(factor, factor, kernel);
            let mut rows = super::resize(Box::new(image.clone().into_rows()), &resize).unwrap();
            let spec = rows.spec();
            let mut row = Samples::row_of(&spec).unwrap();
            rows.skip_rows(spec.height).unwrap();
            assert!(rows.next_row(row.all_mut()).is_err());
        }
    }
}
