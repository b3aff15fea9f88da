//! Small images for tests of operations.

use crate::image::{ColourSpace, Depth, Image, PixelFormat, Rows, Samples, Spec};

pub(crate) const GREY: PixelFormat = PixelFormat::new(ColourSpace::Grey, Depth::U8, false);
pub(crate) const RGB: PixelFormat = PixelFormat::new(ColourSpace::Srgb, Depth::U8, false);
pub(crate) const RGBA: PixelFormat = PixelFormat::new(ColourSpace::Srgb, Depth::U8, true);

/// An 8-bit image of any layout.
pub(crate) fn image(width: u32, height: u32, format: PixelFormat, samples: Vec<u8>) -> Image {
    Image::from_samples(Spec::new(width, height, format), Samples::U8(samples)).expect("test picture")
}

/// An 8-bit grey image as rows.
pub(crate) fn grey(width: u32, height: u32, samples: Vec<u8>) -> Rows<'static> {
    Box::new(image(width, height, GREY, samples).into_rows())
}

/// All samples of an 8-bit source.
pub(crate) fn samples(mut rows: Rows<'_>) -> Vec<u8> {
    let image = Image::collect(rows.as_mut()).expect("rows");
    image.as_slice::<u8>().expect("8-bit").to_vec()
}
