//! Pixels as rows, at full size or shrunk by the inverse DCT.

use super::{
    ffi::{Decompressor, Failure},
    header::{format, open},
};
use crate::{
    codec::{FailOn, Input, LoadShrink, ReadOptions},
    error::{Error, Result},
    image::{ColourSpace, RowMut, RowSource, Spec},
};

/// Times that the peer has read the header before it reads pixels; its error texts repeat what it said each time. One
/// more when the picture is opened a second time to be shrunk.
const EARLIER_READS: usize = 3;

/// Warnings are looked at before each strip of this many rows, as the peer does: one in the last strip goes unnoticed.
const STRIP: u32 = 8;

/// The rows of a file. Shrinking is by 2, 4 or 8; sizes are rounded up.
pub(super) fn decode<'a>(
    input: &'a Input<'a>,
    options: &ReadOptions,
    shrink: LoadShrink,
) -> Result<Box<dyn RowSource + 'a>> {
    let denominator = match shrink {
        LoadShrink::None => 1,
        LoadShrink::Dct(factor @ (1 | 2 | 4 | 8)) => u32::from(factor),
        _ => return Err(Error::Internal("JPEG cannot be shrunk by this factor".to_owned())),
    };
    let (decompressor, info) = open(input, options, false)?;
    let earlier_reads = EARLIER_READS + usize::from(denominator > 1);
    let said = decompressor.messages();
    let mut rows = JpegRows {
        decompressor,
        spec: Spec::new(info.width, info.height, format(&info, input)?),
        next: 0,
        whole_row: Vec::new(),
        fail_on_warning: options.fail_on >= FailOn::Warning,
        earlier: if said.is_empty() { String::new() } else { (said + "\n").repeat(earlier_reads) },
    };
    let started = rows.decompressor.start(denominator, rows.fail_on_warning);
    let decoded = rows.check(started)?;
    let shrunk = |side: u32| side.div_ceil(denominator);
    rows.spec = rows.spec.resized(shrunk(info.width), shrunk(info.height));
    if decoded != rows.spec.row_samples() {
        rows.whole_row = vec![0; decoded];
    }
    Ok(Box::new(rows))
}

struct JpegRows<'a> {
    decompressor: Decompressor<'a>,
    spec: Spec,
    /// The row that comes next.
    next: u32,
    /// Room for a row as the library has it, when it is longer than what is given out.
    whole_row: Vec<u8>,
    fail_on_warning: bool,
    /// What was said when the header was read before, each line ended.
    earlier: String,
}

impl JpegRows<'_> {
    fn check<T>(&self, result: std::result::Result<T, Failure>) -> Result<T> {
        result.map_err(|failure| match failure {
            Failure::Panic(text) => Error::Internal(text),
            _ => self.damaged(),
        })
    }

    /// Fails when there was a warning and that is a failure.
    fn check_warnings(&self) -> Result<()> {
        if self.fail_on_warning && self.decompressor.warned() { Err(self.damaged()) } else { Ok(()) }
    }

    fn damaged(&self) -> Error {
        Error::corrupt_pixels(format!("{}{}", self.earlier, self.decompressor.messages()))
    }
}

impl RowSource for JpegRows<'_> {
    fn spec(&self) -> Spec {
        self.spec
    }

    fn next_row(&mut self, mut row: RowMut<'_>) -> Result<()> {
        if self.next.is_multiple_of(STRIP) {
            self.check_warnings()?;
        }
        let samples = row.bytes_mut();
        let read = if self.whole_row.is_empty() {
            self.decompressor.read_row(samples)
        } else {
            let read = self.decompressor.read_row(&mut self.whole_row);
            samples.copy_from_slice(&self.whole_row[..samples.len()]);
            read
        };
        self.check(read)?;
        self.next += 1;
        if self.spec.format.space == ColourSpace::Cmyk {
            // Files hold CMYK inverted, with or without Adobe's marker that says so.
            samples.iter_mut().for_each(|sample| *sample = !*sample);
        }
        Ok(())
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.check_warnings()?;
        let skipped = self.decompressor.skip_rows(count);
        self.check(skipped)?;
        self.next = self.next.saturating_add(count);
        Ok(())
    }
}
