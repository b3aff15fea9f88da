//! The gain map of an image: applied, or kept beside it.

use super::{
    Findings,
    open::{self, Opened},
    operands::OpenedOperands,
    steps,
};
use crate::{
    codec::{DecodedGainMap, Header, LoadShrink},
    colour::{gain_map, icc::Light},
    error::Result,
    image::{ColourSpace, Image, Rows},
    meta::{GainMap, Metadata},
    options::Options,
    plan::{GainMapPlan, Step, icc::Management},
};

/// A gain map whose header was read, and the header of its image.
pub(super) struct OpenedGainMap<'a> {
    map: &'a GainMap,
    opened: Opened<'a>,
    picture: &'a Header,
}

impl<'a> OpenedGainMap<'a> {
    /// Opens the gain map of `picture`, when it was looked for and found.
    pub(super) fn open(picture: &'a Opened<'_>, options: &Options) -> Result<Option<Self>> {
        let Some(map) = &picture.header.metadata.gain_map else { return Ok(None) };
        let opened = open::open_gain_map(&map.image, &options.input)?;
        Ok(Some(Self { map, opened, picture: &picture.header }))
    }

    /// The header of the image at its full brightness.
    pub(super) fn applied_header(&self) -> Header {
        let spec = self.picture.spec;
        // The light is that of sRGB's primaries, whatever profile the image was in.
        let metadata = Metadata { icc: None, ..self.picture.metadata.clone() };
        Header { spec: spec.with_format(spec.format.in_space(ColourSpace::ScRgb)), metadata, ..*self.picture }
    }

    /// The image at its full brightness, in linear light.
    pub(super) fn apply<'s>(&'s self, rows: Rows<'s>, options: &Options) -> Result<Rows<'s>> {
        let profile = self.picture.metadata.icc.as_deref().filter(|_| !options.input.ignore_icc);
        let light = profile.filter(|_| rows.spec().format.space == ColourSpace::Srgb).and_then(Light::in_srgb);
        // A profile that is not curves and a matrix leads to sRGB first.
        let conversion = profile.filter(|_| light.is_none()).and_then(|_| {
            let options = Options { input: options.input.clone(), ..Options::default() };
            Management::new(&options, self.picture).import(rows.spec().format).0
        });
        let rows = match conversion {
            Some(conversion) => conversion.apply(rows)?,
            None => rows,
        };
        gain_map::apply(rows, self.opened.rows(LoadShrink::None)?, &self.map.info, light.as_ref())
    }

    /// Where the plan of the map begins.
    pub(super) fn plan(&self) -> GainMapPlan {
        GainMapPlan::new(&self.picture.spec, &self.opened.header.spec, &self.map.info)
    }

    /// The map after these steps.
    pub(super) fn run(&self, steps: Vec<Step>, operands: &OpenedOperands<'_>) -> Result<DecodedGainMap> {
        let mut rows = self.opened.rows(LoadShrink::None)?;
        for step in steps {
            rows = steps::apply(step, rows, 1, &[], &mut Findings::default(), operands)?;
        }
        Ok(DecodedGainMap { image: Image::collect(rows.as_mut())?, info: self.map.info.clone() })
    }
}
