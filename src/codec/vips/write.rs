//! Writing: header, rows as they are in memory, metadata.

use std::io;

use super::{
    extension,
    header::{FileHeader, Stored},
};
use crate::{
    codec::EncodeJob,
    error::{Error, OutputError, Result},
    image::{Row, RowSource, Samples},
};

pub(super) fn encode(rows: &mut dyn RowSource, job: &EncodeJob<'_>, out: &mut dyn io::Write) -> Result<()> {
    let spec = rows.spec();
    let stored = Stored::of(spec.format);
    let density = job.metadata.density.map_or((1.0, 1.0), |density| (density.x, density.y));
    let header = FileHeader { spec, stored, native: true, density };
    out.write_all(&header.bytes()).map_err(failed)?;
    let mut row = Samples::row_of(&spec)?;
    for _ in 0..spec.height {
        rows.next_row(row.all_mut())?;
        match row.all() {
            Row::F32(samples) if stored == Stored::I16 => {
                let bytes: Vec<u8> = samples.iter().flat_map(|&sample| (sample.round() as i16).to_ne_bytes()).collect();
                out.write_all(&bytes).map_err(failed)?;
            }
            samples => out.write_all(samples.bytes()).map_err(failed)?,
        }
    }
    out.write_all(extension::document(job.metadata).as_bytes()).map_err(failed)
}

fn failed(error: io::Error) -> Error {
    OutputError::Write(error.to_string()).into()
}
