//! Planes as the file holds them, through libjpeg.

use super::{
    decode::{STRIP, earlier_messages},
    ffi::{Decompressor, Failure, PlaneLayout},
    header::open,
};
use crate::{
    codec::{FailOn, Input, ReadOptions},
    error::{Error, LimitError, Result},
    image::{MAX_PLANES, PlaneAxis, PlaneRows, PlaneSource, PlaneSpec, PlanesSpec, SampleRange, Strip, zeroed},
};

/// Decodes planes, each shrunk by at most the factor that is given for it. The library takes one factor for luma and shrinks
/// chroma as little as its subsampling allows.
pub(super) fn decode<'a>(
    input: &'a Input<'a>,
    options: &ReadOptions,
    shrink: [u8; MAX_PLANES],
) -> Result<Box<dyn PlaneSource + 'a>> {
    let denominator = match shrink[0] {
        factor @ (1 | 2 | 4 | 8) => u32::from(factor),
        _ => return Err(Error::Internal("JPEG cannot be shrunk by this factor".to_owned())),
    };
    let (mut decompressor, info) = open(input, options, false)?;
    let factors = info.ycbcr_sampling.ok_or_else(|| Error::Internal("the file has no planes".to_owned()))?;
    let fail_on_warning = options.fail_on >= FailOn::Warning;
    let earlier = earlier_messages(&decompressor, denominator);
    let started = decompressor.start_planes(denominator, fail_on_warning);
    let layout = check(&earlier, &decompressor, started)?;
    let (width, height) = (info.width, info.height);
    let luma = factors[0];
    let plane = |index: usize| {
        let (x, y) = factors[index];
        let shrink = layout[index].shrink;
        let plane = PlaneSpec {
            x: PlaneAxis::centred(width, luma.0 / x * shrink, 1),
            y: PlaneAxis::centred(height, luma.1 / y * shrink, 1),
        };
        if plane.width() > layout[index].width {
            return Err(Error::Internal("planes are narrower than they should be".to_owned()));
        }
        Ok(plane)
    };
    let planes = [plane(0)?, plane(1)?, plane(2)?];
    let samples = |layout: &PlaneLayout| {
        let count = layout.width.checked_mul(layout.rows).ok_or(LimitError::Memory { bytes: u64::MAX })?;
        zeroed(count)
    };
    Ok(Box::new(JpegPlanes {
        decompressor,
        earlier,
        fail_on_warning,
        loaded_height: (height / denominator).max(1) as usize,
        spec: PlanesSpec::ycbcr(width, height, SampleRange::Full, planes),
        samples: [samples(&layout[0])?, samples(&layout[1])?, samples(&layout[2])?],
        layout,
        given: [0; MAX_PLANES],
    }))
}

fn check<T>(earlier: &str, decompressor: &Decompressor<'_>, result: std::result::Result<T, Failure>) -> Result<T> {
    result.map_err(|failure| match failure {
        Failure::Panic(text) => Error::Internal(text),
        _ => damaged(earlier, decompressor),
    })
}

fn damaged(earlier: &str, decompressor: &Decompressor<'_>) -> Error {
    Error::corrupt_pixels(format!("{earlier}{}", decompressor.messages()))
}

struct JpegPlanes<'a> {
    decompressor: Decompressor<'a>,
    /// What was said when the header was read before, each line ended.
    earlier: String,
    fail_on_warning: bool,
    /// Rows that the rows path has at this factor.
    loaded_height: usize,
    spec: PlanesSpec,
    layout: [PlaneLayout; MAX_PLANES],
    /// One row of MCUs of each plane.
    samples: [Vec<u8>; MAX_PLANES],
    /// Rows of each plane so far.
    given: [usize; MAX_PLANES],
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
        let planes = self.samples.each_mut().map(Vec::as_mut_slice);
        let read = self.decompressor.read_planes(&self.layout, planes);
        check(&self.earlier, &self.decompressor, read)?;
        // Warnings are looked at when the rows path does: before each strip of rows, so that one in the last goes unnoticed.
        let next_strip = (first + 1).next_multiple_of(STRIP as usize);
        if self.fail_on_warning && next_strip < self.loaded_height && self.decompressor.warned() {
            return Err(damaged(&self.earlier, &self.decompressor));
        }
        let mut planes = [PlaneRows::default(); MAX_PLANES];
        for (index, plane) in self.spec.planes().enumerate() {
            let PlaneLayout { width, rows, .. } = self.layout[index];
            let count = rows.min(plane.height() - self.given[index]);
            planes[index] = PlaneRows::new(&self.samples[index], width, plane.width(), count)?;
            self.given[index] += count;
        }
        Ok(Some(Strip { planes }))
    }
}
