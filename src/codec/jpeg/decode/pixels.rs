//! Rows of pixels from whichever decoder can read a file: ours, or libjpeg where coefficients are arithmetic-coded.

use super::{Bytes, Decoder, Info, report::Stop, rows::Rows};
use crate::codec::jpeg::ffi::{Decompressor, Source, sentences};

/// Rows of grey, RGB or CMYK pixels, or of two components side by side.
pub(in super::super) enum Pixels<'a> {
    Ours(Box<Rows<'a>>),
    Libjpeg { decompressor: Decompressor<'a>, row_samples: usize },
}

impl<'a> Pixels<'a> {
    /// Begins after the header was read, at 1/`denominator` of the size (1, 2, 4, 8), rounded up. The error is what the
    /// decoder has to say.
    pub(in super::super) fn start(
        decoder: Decoder<'a>,
        info: &Info,
        denominator: u32,
        fail_on_warning: bool,
    ) -> Result<Self, String> {
        if !info.arithmetic {
            let rows = Rows::start(decoder, info, denominator, fail_on_warning);
            return rows.map(|rows| Self::Ours(Box::new(rows))).map_err(|decoder| sentences(decoder.messages()));
        }
        let (fail_when_truncated, unlimited) = decoder.limits();
        let source = match decoder.into_bytes().map_err(|_| String::new())? {
            Bytes::Memory(bytes) => Source::Bytes(bytes),
            Bytes::Stream(stream) => Source::Stream(stream),
        };
        let mut decompressor = Decompressor::new(source, fail_when_truncated, unlimited).map_err(|_| String::new())?;
        let started = decompressor.read_header().and_then(|()| decompressor.start(denominator, fail_on_warning));
        match started {
            Ok(row_samples) => Ok(Self::Libjpeg { decompressor, row_samples }),
            Err(_) => Err(decompressor.messages()),
        }
    }

    /// Samples in a row.
    pub(in super::super) fn row_samples(&self) -> usize {
        match self {
            Self::Ours(rows) => rows.row_samples(),
            Self::Libjpeg { row_samples, .. } => *row_samples,
        }
    }

    /// Decodes the next row, of [`row_samples`](Self::row_samples). After an error only [`messages`](Self::messages) are
    /// of use.
    pub(in super::super) fn row(&mut self, row: &mut [u8]) -> Result<(), Stop> {
        match self {
            Self::Ours(rows) => rows.row(row),
            Self::Libjpeg { decompressor, .. } => decompressor.read_row(row).map_err(|_| Stop),
        }
    }

    /// Passes over rows.
    pub(in super::super) fn skip(&mut self, count: u32) -> Result<(), Stop> {
        match self {
            Self::Ours(rows) => {
                rows.skip(count);
                Ok(())
            }
            Self::Libjpeg { decompressor, .. } => decompressor.skip_rows(count).map_err(|_| Stop),
        }
    }

    /// Whether any damage has been found so far.
    pub(in super::super) fn warned(&self) -> bool {
        match self {
            Self::Ours(rows) => rows.decoder().warned(),
            Self::Libjpeg { decompressor, .. } => decompressor.warned(),
        }
    }

    /// How often damage has been found so far.
    pub(in super::super) fn warnings(&self) -> u64 {
        match self {
            Self::Ours(rows) => rows.decoder().warnings(),
            Self::Libjpeg { decompressor, .. } => decompressor.warnings().try_into().unwrap_or(u64::MAX),
        }
    }

    /// What the decoder has said so far, in the public API's form.
    pub(in super::super) fn messages(&self) -> String {
        match self {
            Self::Ours(rows) => sentences(rows.decoder().messages()),
            Self::Libjpeg { decompressor, .. } => decompressor.messages(),
        }
    }
}
