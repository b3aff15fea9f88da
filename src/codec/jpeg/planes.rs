//! Planes as the file holds them.

use super::{
    decode::{STRIP, Strips, earlier_messages, report_damage},
    ffi::sentences,
    header::open,
};
use crate::{
    codec::{Input, ReadOptions},
    error::{Error, Result},
    image::{MAX_PLANES, PlaneAxis, PlaneRows, PlaneSource, PlaneSpec, PlanesSpec, SampleRange, Strip},
    options::FailOn,
    warnings::Warnings,
};

/// Decodes planes, each shrunk by the factor that is given for it.
pub(super) fn decode<'a>(
    input: &'a Input<'a>,
    options: &ReadOptions,
    shrink: [u8; MAX_PLANES],
) -> Result<Box<dyn PlaneSource + 'a>> {
    if shrink.iter().any(|factor| !matches!(factor, 1 | 2 | 4 | 8)) {
        return Err(Error::Internal("JPEG cannot be shrunk by this factor".to_owned()));
    }
    let shrink = shrink.map(u32::from);
    let (decoder, info) = open(input, options, false)?;
    let factors = info.ycbcr_sampling.ok_or_else(|| Error::Internal("the file has no planes".to_owned()))?;
    let fail_on_warning = options.fail_on >= FailOn::Warning;
    let earlier = earlier_messages(&decoder, shrink[0]);
    let strips = Strips::start(decoder, &shrink, fail_on_warning)
        .map_err(|decoder| Error::corrupt_pixels(format!("{earlier}{}", sentences(decoder.messages()))))?;
    let (width, height) = (info.width, info.height);
    let luma = factors[0];
    let plane = |index: usize| {
        let (x, y) = factors[index];
        PlaneSpec {
            x: PlaneAxis::centred(width, luma.0 / x * shrink[index], 1),
            y: PlaneAxis::centred(height, luma.1 / y * shrink[index], 1),
        }
    };
    Ok(Box::new(JpegPlanes {
        strips,
        earlier,
        fail_on_warning,
        warnings: Warnings::of_task(),
        loaded_height: height.div_ceil(shrink[0]) as usize,
        spec: PlanesSpec::ycbcr(width, height, SampleRange::Full, [plane(0), plane(1), plane(2)]),
        given: [0; MAX_PLANES],
    }))
}

struct JpegPlanes<'a> {
    strips: Strips<'a>,
    /// What was said when the header was read before, each line ended.
    earlier: String,
    fail_on_warning: bool,
    warnings: Warnings,
    /// Rows that the rows path has at luma's factor.
    loaded_height: usize,
    spec: PlanesSpec,
    /// Rows of each plane so far.
    given: [usize; MAX_PLANES],
}

impl JpegPlanes<'_> {
    fn damaged(&self) -> Error {
        Error::corrupt_pixels(format!("{}{}", self.earlier, sentences(self.strips.decoder().messages())))
    }
}

impl Drop for JpegPlanes<'_> {
    fn drop(&mut self) {
        if !self.fail_on_warning {
            report_damage(&self.warnings, self.strips.decoder().warnings());
        }
    }
}

impl PlaneSource for JpegPlanes<'_> {
    fn spec(&self) -> PlanesSpec {
        self.spec
    }

    fn next_strip(&mut self) -> Result<Option<Strip<'_>>> {
        let height = self.spec.planes().next().map_or(0, PlaneSpec::height);
        if self.given[0] >= height {
            return Ok(None);
        }
        let first = self.given[0];
        self.strips.next().map_err(|_| self.damaged())?;
        // Warnings are looked at when the rows path does: before each strip of rows, so that one in the last goes unnoticed.
        let next_strip = (first + 1).next_multiple_of(STRIP as usize);
        if self.fail_on_warning && next_strip < self.loaded_height && self.strips.decoder().warned() {
            return Err(self.damaged());
        }
        let mut planes = [PlaneRows::default(); MAX_PLANES];
        for (index, plane) in self.spec.planes().enumerate() {
            let (samples, stride, rows) = self.strips.plane(index);
            let count = rows.min(plane.height() - self.given[index]);
            planes[index] = PlaneRows::new(samples, stride, plane.width(), count)?;
            self.given[index] += count;
        }
        Ok(Some(Strip { planes }))
    }
}
