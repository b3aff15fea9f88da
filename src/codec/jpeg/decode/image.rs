//! Pixels as rows, at full size or shrunk by the inverse DCT.

use super::{Decoder, Pixels};
use crate::{
    codec::{
        Input, LoadShrink, ReadOptions,
        jpeg::{
            ffi::sentences,
            header::{format, open},
        },
    },
    error::{Error, Result},
    image::{ColourSpace, RowMut, RowSource, Spec, past_the_end},
    options::FailOn,
    warnings::Warnings,
};

/// Times that sharp has read the header before it reads pixels; its error texts repeat what was said each time. One more
/// when the image is opened a second time to be shrunk.
const EARLIER_READS: usize = 3;

/// Warnings are looked at before each strip of this many rows, as libvips does: one in the last strip goes unnoticed.
pub(in super::super) const STRIP: u32 = 8;

/// The rows of a file. Shrinking is by 2, 4 or 8; sizes are rounded up.
pub(in super::super) fn decode<'a>(
    input: &'a Input<'a>,
    options: &ReadOptions,
    shrink: LoadShrink,
) -> Result<Box<dyn RowSource + 'a>> {
    let denominator = match shrink {
        LoadShrink::None => 1,
        LoadShrink::Dct(factor @ (1 | 2 | 4 | 8)) => u32::from(factor),
        _ => return Err(Error::Internal("JPEG cannot be shrunk by this factor".to_owned())),
    };
    let (decoder, info) = open(input, options, false)?;
    let earlier = earlier_messages(&decoder, denominator);
    let fail_on_warning = options.fail_on >= FailOn::Warning;
    let format = format(&info, input)?;
    let pixels = Pixels::start(decoder, &info, denominator, fail_on_warning);
    let pixels = pixels.map_err(|said| Error::corrupt_pixels(format!("{earlier}{said}")))?;
    let shrunk = |side: u32| side.div_ceil(denominator);
    let spec = Spec::new(shrunk(info.width), shrunk(info.height), format);
    if pixels.row_samples() != spec.row_samples() {
        return Err(Error::Internal("JPEG rows of another length than the header says".to_owned()));
    }
    Ok(Box::new(JpegRows { pixels, spec, next: 0, fail_on_warning, warnings: Warnings::of_task(), earlier }))
}

/// What was said when the header was read, as often as sharp has read it, each line ended.
pub(in super::super) fn earlier_messages(decoder: &Decoder<'_>, denominator: u32) -> String {
    let said = sentences(decoder.messages());
    let reads = EARLIER_READS + usize::from(denominator > 1);
    if said.is_empty() { String::new() } else { (said + "\n").repeat(reads) }
}

struct JpegRows<'a> {
    pixels: Pixels<'a>,
    spec: Spec,
    /// The row that comes next.
    next: u32,
    fail_on_warning: bool,
    warnings: Warnings,
    /// What was said when the header was read before, each line ended.
    earlier: String,
}

impl JpegRows<'_> {
    /// Fails when there was a warning and that is a failure.
    fn check_warnings(&self) -> Result<()> {
        if self.fail_on_warning && self.pixels.warned() { Err(self.damaged()) } else { Ok(()) }
    }

    fn damaged(&self) -> Error {
        Error::corrupt_pixels(format!("{}{}", self.earlier, self.pixels.messages()))
    }
}

impl Drop for JpegRows<'_> {
    fn drop(&mut self) {
        if !self.fail_on_warning {
            report_damage(&self.warnings, self.pixels.warnings());
        }
    }
}

/// Reports how often damage was found in an image that is shown all the same.
pub(in super::super) fn report_damage(warnings: &Warnings, count: u64) {
    if count > 0 {
        warnings.push(format!("read gave {count} warnings"));
    }
}

impl RowSource for JpegRows<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, mut row: RowMut<'_>) -> Result<()> {
        if self.next >= self.spec.height {
            return Err(past_the_end());
        }
        if self.next.is_multiple_of(STRIP) {
            self.check_warnings()?;
        }
        let samples = row.bytes_mut();
        self.pixels.row(samples).map_err(|_| self.damaged())?;
        self.next += 1;
        if self.spec.format.space == ColourSpace::Cmyk {
            // Files hold CMYK inverted, with or without Adobe's marker that says so.
            samples.iter_mut().for_each(|sample| *sample = !*sample);
        }
        Ok(())
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.check_warnings()?;
        self.pixels.skip(count).map_err(|_| self.damaged())?;
        self.next = self.next.saturating_add(count);
        Ok(())
    }
}
