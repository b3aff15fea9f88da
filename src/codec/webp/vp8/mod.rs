//! A lossy WebP encoder: one VP8 key frame from planes of 4:2:0. Source of the format: RFC 6386.
//!
//! Every mode of prediction is judged by its full cost, distortion and bits, since the kernels compare sixteen candidates at
//! a time: see `lanes`. The bits depend on neither the processor nor the number of threads.

mod analysis;
mod bool_encoder;
mod choice;
mod chroma;
mod frame;
mod from_rgb;
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

pub(crate) use from_rgb::Planes;
pub(crate) use parameters::{Parameters, Preset};
pub(crate) use planes::Yuv420;

use self::{analysis::Segments, loop_filter::Reconstruction, quantizer::Quantizers};
use crate::simd::Level;

/// Why an image was not encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// A side is 0 or more than 16383, or rows are not within their planes.
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
    let (columns, rows) = planes.macroblocks();
    let segments = match parameters.segment_strength {
        strength if strength == 0 || !frame::has_room_for_segments(columns * rows) => {
            Segments::one(planes, parameters.step)?
        }
        strength => Segments::by_activity(level, planes, parameters.step, strength)?,
    };
    let quantizers = segments.quantizers.map(|index| Quantizers::new(index, &parameters.tuning));
    let search = &parameters.search;
    let before = match search.twice {
        true => Some(frame::code(level, planes, &segments, &quantizers, search, None, &mut ())?),
        false => None,
    };
    let before = before.as_ref();
    let usual = parameters.filter(&segments);
    if let Some(reconstruction) = reconstruction {
        let coded = frame::code(level, planes, &segments, &quantizers, search, before, reconstruction)?;
        let filter = match parameters.auto_filter {
            true => loop_filter::best(planes, reconstruction, &coded.macroblocks, usual)?,
            false => usual,
        };
        reconstruction.filter(&coded.macroblocks, &filter, false);
        write(planes, &segments, filter, &coded)
    } else if parameters.auto_filter {
        encode_to(level, planes, parameters, Some(&mut Reconstruction::new(columns, rows)?))
    } else {
        let coded = frame::code(level, planes, &segments, &quantizers, search, before, &mut ())?;
        write(planes, &segments, usual, &coded)
    }
}

/// Macroblocks from which on an image has eight partitions: each has 16 MB at most, and a macroblock 400 samples.
const LARGE: usize = 1 << 16;

/// Puts a frame together from what was coded.
fn write(
    planes: &Yuv420<'_>,
    segments: &Segments,
    filter: header::Filter,
    coded: &frame::Coded,
) -> Result<Vec<u8>, Failure> {
    let probabilities = probabilities::adapted(coded.recorder.counts());
    let coder = tokens::Coder::new(&probabilities);
    // Two partitions, since they are coded in turns; more when they could be too large.
    let (columns, rows) = planes.macroblocks();
    let partition_bits = if columns * rows > LARGE { 3 } else { 1 };
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
