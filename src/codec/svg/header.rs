//! Size and density.

use super::document::Document;
use crate::{
    codec::{Header, Input, ReadOptions, ShrinkOnLoad},
    error::Result,
    image::{ColourSpace, Depth, PixelFormat, Spec},
    meta::{Density, DensityUnit, Metadata},
};

/// The layout of what is drawn.
pub(super) const FORMAT: PixelFormat = PixelFormat::new(ColourSpace::Srgb, Depth::U8, true);

/// Reads the header.
pub(super) fn read(input: &Input<'_>, options: &ReadOptions) -> Result<Header> {
    let document = Document::read(input, options, None)?;
    let (width, height) = document.pixels(1.0, input)?;
    let density = Density { unit: DensityUnit::Unstated, ..Density::from_inch(options.density) };
    Ok(Header {
        spec: Spec::new(width, height, FORMAT),
        metadata: Metadata { density: Some(density), ..Metadata::default() },
        shrink: ShrinkOnLoad::Vector,
        planes: None,
    })
}
