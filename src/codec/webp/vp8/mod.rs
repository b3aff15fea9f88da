//! A lossy WebP encoder: one VP8 key frame from planes of 4:2:0. Source of the format: RFC 6386.
//!
//! Every mode of prediction is judged by its full cost, distortion and bits, since the kernels compare sixteen candidates at
//! a time: see `lanes`. The bits depend on neither the processor nor the number of threads.

mod analysis;
mod bool_encoder;
mod choice;
mod chroma;
mod frame;
mod header;
mod lanes;
mod loop_filter;
mod luma16;
mod luma4;
mod parameters;
mod planes;
mod probabilities;
mod quantizer;
mod rates;
mod tables;
#[cfg(test)]
mod tests;
mod tokens;
mod transform;

use std::collections::TryReserveError;

pub(crate) use parameters::{Parameters, Preset};
pub(crate) use planes::{MAX_SIDE, Yuv420};

use self::{analysis::Segments, loop_filter::Reconstruction, quantizer::Quantizers};
use crate::simd::Level;

/// Why an image was not encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// A side is 0 or more than [`MAX_SIDE`], or rows are not within their planes.
    Size,
    Memory,
    /// A partition has more bytes than the format can say.
    Partition,
}

impl From<TryReserveError> for Failure {
    fn from(_: TryReserveError) -> Self {
        Self::Memory
    }
}

/// Encodes planes to the payload of a `VP8 ` chunk.
pub(crate) fn encode(level: Level, planes: &Yuv420<'_>, parameters: &Parameters) -> Result<Vec<u8>, Failure> {
    encode_to(level, planes, parameters, None)
}

/// Encodes, and reconstructs what a decoder will.
fn encode_to(
    level: Level,
    planes: &Yuv420<'_>,
    parameters: &Parameters,
    reconstruction: Option<&mut Reconstruction>,
) -> Result<Vec<u8>, Failure> {
    if !planes.is_valid() {
        return Err(Failure::Size);
    }
    let segments = match parameters.segment_strength {
        0 => Segments::one(planes, parameters.quantizer),
        strength => Segments::by_activity(level, planes, parameters.quantizer, strength),
    };
    let quantizers = segments.quantizers.map(|index| Quantizers::new(index, &parameters.tuning));
    let search = &parameters.search;
    let usual = parameters.filter(&segments);
    if let Some(reconstruction) = reconstruction {
        let coded = frame::code(level, planes, &segments, &quantizers, search, reconstruction)?;
        let filter = match parameters.auto_filter {
            true => loop_filter::best(planes, reconstruction, &coded.macroblocks, usual)?,
            false => usual,
        };
        reconstruction.filter(&coded.macroblocks, &filter, false);
        write(planes, &segments, filter, &coded)
    } else if parameters.auto_filter {
        let (columns, rows) = planes.macroblocks();
        encode_to(level, planes, parameters, Some(&mut Reconstruction::new(columns, rows)?))
    } else {
        let coded = frame::code(level, planes, &segments, &quantizers, search, &mut ())?;
        write(planes, &segments, usual, &coded)
    }
}

/// Puts a frame together from what was coded.
fn write(
    planes: &Yuv420<'_>,
    segments: &Segments,
    filter: header::Filter,
    coded: &frame::Coded,
) -> Result<Vec<u8>, Failure> {
    let probabilities = probabilities::adapted(coded.recorder.counts());
    let coder = tokens::Coder::new(&probabilities);
    let partition_bits = 1;
    let partitions = coder.encode(&coded.rows, 1 << partition_bits)?;
    let first = header::partition(&header::Frame {
        macroblocks: &coded.macroblocks,
        columns: planes.macroblocks().0,
        quantizers: segments.quantizers,
        filter,
        probabilities: &probabilities,
        partition_bits,
    })?;
    let (_, all_but_last) = partitions.split_last().ok_or(Failure::Partition)?;
    if first.len() > header::MAX_FIRST_PARTITION
        || all_but_last.iter().any(|partition| partition.len() > header::MAX_PARTITION)
    {
        return Err(Failure::Partition);
    }
    let mut out = Vec::new();
    let total: usize = partitions.iter().map(|partition| partition.len() + 3).sum();
    out.try_reserve_exact(header::TAG + first.len() + total)?;
    out.extend_from_slice(&header::tag(planes.width as u32, planes.height as u32, first.len()));
    out.extend_from_slice(&first);
    for partition in all_but_last {
        out.extend_from_slice(&(partition.len() as u32).to_le_bytes()[..3]);
    }
    for partition in &partitions {
        out.extend_from_slice(partition);
    }
    Ok(out)
}
