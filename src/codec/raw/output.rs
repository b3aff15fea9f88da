//! Pixels as they are, in the sample type asked for.

use std::io::Write;

use crate::{
    codec::EncodeJob,
    error::{Error, OutputError, Result},
    image::{Depth, Image, Row, RowMut, RowSource, Samples, depth_mismatch, zeroed},
    options::{Call, Method, Parsed, RawDepth, bag},
};

pub(super) const METHOD: Method = Method { name: "raw", length: 1, call: raw };

/// The names of [`RawDepth`], for `raw()`.
const DEPTHS: [&str; 10] =
    ["char", "uchar", "short", "ushort", "int", "uint", "float", "complex", "double", "dpcomplex"];

bag! {
    /// What `raw()` sets.
    pub(super) struct RawOptions {
        /// Type of the samples written.
        "rawDepth" => depth: RawDepth = RawDepth::Uchar;
    }
}

impl RawDepth {
    /// Bytes in one sample.
    pub const fn bytes(self) -> usize {
        match self {
            RawDepth::Char | RawDepth::Uchar => 1,
            RawDepth::Short | RawDepth::Ushort => 2,
            RawDepth::Int | RawDepth::Uint | RawDepth::Float => 4,
            RawDepth::Double | RawDepth::Complex => 8,
            RawDepth::Dpcomplex => 16,
        }
    }
}

/// Chooses raw pixels as output; unlike with other formats, there is no `force`.
fn raw(call: &mut Call<'_>) -> Parsed {
    let expected = format!("one of: {}", DEPTHS.join(", "));
    call.set_one_of("rawDepth", call.arg(0).get("depth"), &DEPTHS, "depth", &expected)?;
    call.set("formatOut", "raw");
    Ok(())
}

/// Writes height × width × channels samples without padding.
pub(super) fn encode(rows: &mut dyn RowSource, job: &EncodeJob<'_>, out: &mut dyn Write) -> Result<()> {
    let depth = RawOptions::read(job.options)?.depth;
    let spec = rows.spec();
    let mut row = Samples::row_of(&spec)?;
    let mut cast = Vec::new();
    for _ in 0..spec.height {
        rows.next_row(row.all_mut())?;
        let row = row.all();
        let bytes = match (row, depth) {
            (Row::U8(_), RawDepth::Uchar) | (Row::U16(_), RawDepth::Ushort) | (Row::F32(_), RawDepth::Float) => {
                row.bytes()
            }
            _ => {
                cast.clear();
                cast_row(row, depth, &mut cast);
                &cast
            }
        };
        out.write_all(bytes).map_err(|error| Error::Output(OutputError::Write(error.to_string())))?;
    }
    Ok(())
}

/// The same into memory, when the samples are written in the type that they have: pixels that are held whole are handed on
/// without a copy, others are written where they stay. `None` when it takes a conversion.
pub(super) fn collect(rows: &mut dyn RowSource, job: &EncodeJob<'_>) -> Result<Option<Vec<u8>>> {
    let spec = rows.spec();
    match (spec.format.depth, RawOptions::read(job.options)?.depth) {
        (Depth::U8, RawDepth::Uchar) => match Image::collect(rows)?.into_samples() {
            Samples::U8(samples) => Ok(Some(samples)),
            _ => Err(depth_mismatch()),
        },
        (Depth::U16, RawDepth::Ushort) | (Depth::F32, RawDepth::Float) => {
            let row_bytes = spec.row_samples().saturating_mul(spec.format.depth.bytes());
            let mut bytes: Vec<u8> = zeroed(row_bytes.saturating_mul(spec.height as usize))?;
            for row in bytes.chunks_exact_mut(row_bytes) {
                // Memory of this size is aligned for all sample types.
                let row = match spec.format.depth {
                    Depth::U16 => bytemuck::try_cast_slice_mut(row).map(RowMut::U16),
                    _ => bytemuck::try_cast_slice_mut(row).map(RowMut::F32),
                };
                rows.next_row(row.map_err(|_| depth_mismatch())?)?;
            }
            Ok(Some(bytes))
        }
        _ => Ok(None),
    }
}

/// Appends a row's samples in another type: values out of its range are clipped, fractions are cut off, and nothing is
/// scaled, so that 255 stays 255.
fn cast_row(row: Row<'_>, depth: RawDepth, out: &mut Vec<u8>) {
    match row {
        Row::U8(samples) => cast_samples(samples.iter().map(|&sample| f64::from(sample)), depth, out),
        Row::U16(samples) => cast_samples(samples.iter().map(|&sample| f64::from(sample)), depth, out),
        Row::F32(samples) => cast_samples(samples.iter().map(|&sample| f64::from(sample)), depth, out),
    }
}

/// Casts between numbers saturate, which is the clipping; doubles hold every sample exactly.
fn cast_samples(samples: impl Iterator<Item = f64>, depth: RawDepth, out: &mut Vec<u8>) {
    match depth {
        RawDepth::Char => out.extend(samples.map(|sample| sample as i8 as u8)),
        RawDepth::Uchar => out.extend(samples.map(|sample| sample as u8)),
        RawDepth::Short => out.extend(samples.flat_map(|sample| (sample as i16).to_ne_bytes())),
        RawDepth::Ushort => out.extend(samples.flat_map(|sample| (sample as u16).to_ne_bytes())),
        RawDepth::Int => out.extend(samples.flat_map(|sample| (sample as i32).to_ne_bytes())),
        RawDepth::Uint => out.extend(samples.flat_map(|sample| (sample as u32).to_ne_bytes())),
        RawDepth::Float => out.extend(samples.flat_map(|sample| (sample as f32).to_ne_bytes())),
        RawDepth::Double => out.extend(samples.flat_map(f64::to_ne_bytes)),
        RawDepth::Complex => out.extend(samples.flat_map(|sample| [sample as f32, 0.0]).flat_map(f32::to_ne_bytes)),
        RawDepth::Dpcomplex => out.extend(samples.flat_map(|sample| [sample, 0.0]).flat_map(f64::to_ne_bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        image::{ColourSpace, Depth, Image, PixelFormat, Spec},
        meta::Metadata,
        options::Value,
    };

    fn write(samples: Samples, depth: &str) -> Vec<u8> {
        let (space, kind) = match samples {
            Samples::U8(_) => (ColourSpace::Srgb, Depth::U8),
            Samples::U16(_) => (ColourSpace::Rgb16, Depth::U16),
            Samples::F32(_) => (ColourSpace::Srgb, Depth::F32),
        };
        let image = Image::from_samples(Spec::new(1, 2, PixelFormat::new(space, kind, false)), samples).unwrap();
        let options = Value::Map(vec![("rawDepth".to_owned(), depth.into())]);
        let mut out = Vec::new();
        let job = EncodeJob { options: &options, metadata: &Metadata::default(), gain_map: None };
        encode(&mut image.into_rows(), &job, &mut out).unwrap();
        out
    }

    #[test]
    fn samples_are_cast_not_scaled() {
        let bytes = Samples::U8(vec![0, 127, 128, 200, 255, 3]);
        assert_eq!(write(bytes.clone(), "uchar"), [0, 127, 128, 200, 255, 3]);
        assert_eq!(write(bytes.clone(), "char"), [0, 127, 127, 127, 127, 3]);
        let shorts: Vec<u8> = [0_u16, 127, 128, 200, 255, 3].into_iter().flat_map(u16::to_ne_bytes).collect();
        assert_eq!(write(bytes.clone(), "ushort"), shorts);
        assert_eq!(write(bytes.clone(), "complex").len(), 48);
        assert_eq!(write(bytes, "dpcomplex")[16..32], [127.0_f64.to_ne_bytes(), [0; 8]].concat());
    }

    #[test]
    fn values_out_of_range_are_clipped() {
        assert_eq!(write(Samples::U16(vec![0, 255, 256, 1000, 65535, 1]), "uchar"), [0, 255, 255, 255, 255, 1]);
        let floats = Samples::F32(vec![-3.0, 5.7, 1e9, f32::NAN, 254.9, 0.0]);
        assert_eq!(write(floats.clone(), "uchar"), [0, 5, 255, 0, 254, 0]);
        assert_eq!(write(floats, "short")[..2], (-3_i16).to_ne_bytes());
    }

    #[test]
    fn the_method_checks_the_depth() {
        let bag = Value::Map(vec![]);
        let args = [Value::Map(vec![("depth".to_owned(), "fail".into())])];
        let error = raw(&mut Call::new(&args, &bag)).unwrap_err().to_string();
        let expected = "Expected one of: char, uchar, short, ushort, int, uint, float, complex, double, dpcomplex \
                        for depth but received fail of type string";
        assert_eq!(error, expected);
    }
}
