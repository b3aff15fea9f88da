//! Header and rows. Rows are read from the file one at a time.

use std::io::{ErrorKind, Read, Seek, SeekFrom};

use super::{
    extension,
    header::{FileHeader, LEN, Refused, Stored},
};
use crate::{
    codec::{Header, Input, LoadShrink, ReadOptions, Reader, ShrinkOnLoad},
    error::{Error, InputError, Result},
    image::{RowMut, RowSource, Spec, depth_mismatch, past_the_end, zeroed},
    meta::{Density, DensityUnit, Metadata},
};

fn open<'a>(input: &'a Input<'_>) -> Result<(FileHeader, Box<dyn Reader + 'a>, String)> {
    let Input::File(path) = input else {
        return Err(InputError::UnsupportedFormat(input.origin()).into());
    };
    let name = path.display().to_string();
    let damaged = || Error::corrupt_header(input.origin(), format!("VipsImage: unable to read header for \"{name}\""));
    let mut reader = input.reader()?;
    let mut bytes = [0; LEN];
    reader.read_exact(&mut bytes).map_err(|_| damaged())?;
    match FileHeader::parse(&bytes) {
        Ok(header) => Ok((header, reader, name)),
        Err(Refused::Damaged) => Err(damaged()),
        Err(Refused::Layout) => Err(InputError::UnsupportedFormat(input.origin()).into()),
    }
}

pub(super) fn header(input: &Input<'_>, _: &ReadOptions) -> Result<Header> {
    let (file, mut reader, _) = open(input)?;
    let (x, y) = file.density;
    let density = (x.is_finite() && y.is_finite()).then_some(Density { x, y, unit: DensityUnit::Unstated });
    let mut metadata = Metadata { density, ..Metadata::default() };
    let pixels = (file.row_bytes() as u64).saturating_mul(file.spec.height.into());
    let mut bytes = Vec::new();
    // Metadata that is not there, or cut off, is no reason to refuse the image.
    let place = pixels.checked_add(LEN as u64).filter(|place| *place <= i64::MAX as u64);
    if place.is_some_and(|place| reader.seek(SeekFrom::Start(place)).is_ok())
        && reader.take(extension::MAX_LEN).read_to_end(&mut bytes).is_ok()
    {
        extension::read(&bytes, &mut metadata);
    }
    // Frames that do not fill the image are none.
    let height = file.spec.height;
    metadata.page_height = metadata.page_height.filter(|&rows| rows > 0 && rows < height && height % rows == 0);
    Ok(Header { spec: file.spec, metadata, shrink: ShrinkOnLoad::None, planes: None })
}

pub(super) fn decode<'a>(input: &'a Input<'a>, _: &ReadOptions, _: LoadShrink) -> Result<Box<dyn RowSource + 'a>> {
    let (file, reader, name) = open(input)?;
    // Only rows that are not stored as they are worked on need a place of their own.
    let scratch = if file.stored == Stored::I16 { zeroed(file.row_bytes())? } else { Vec::new() };
    Ok(Box::new(Rows { file, reader, name, scratch, next: 0 }))
}

struct Rows<'a> {
    file: FileHeader,
    reader: Box<dyn Reader + 'a>,
    name: String,
    scratch: Vec<u8>,
    next: u32,
}

impl Rows<'_> {
    fn fill(reader: &mut dyn Reader, name: &str, bytes: &mut [u8]) -> Result<()> {
        reader.read_exact(bytes).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => Error::corrupt_pixels(format!(
                "vips_window_set: unable to read data for \"{name}\", file has been truncated"
            )),
            _ => InputError::Read { path: name.into(), source: error }.into(),
        })
    }
}

impl RowSource for Rows<'_> {
    fn spec(&self) -> Spec {
        self.file.spec
    }

    fn next_row(&mut self, mut row: RowMut<'_>) -> Result<()> {
        if self.next >= self.file.spec.height {
            return Err(past_the_end());
        }
        self.next += 1;
        if self.file.stored != Stored::I16 {
            let bytes = row.bytes_mut();
            Self::fill(self.reader.as_mut(), &self.name, bytes)?;
            if !self.file.native {
                bytes.chunks_exact_mut(self.file.stored.bytes()).for_each(<[u8]>::reverse);
            }
            return Ok(());
        }
        let RowMut::F32(to) = row else { return Err(depth_mismatch()) };
        Self::fill(self.reader.as_mut(), &self.name, &mut self.scratch)?;
        for (to, &(mut bytes)) in to.iter_mut().zip(self.scratch.as_chunks::<2>().0) {
            if !self.file.native {
                bytes.reverse();
            }
            *to = i16::from_ne_bytes(bytes).into();
        }
        Ok(())
    }

    fn skip_rows(&mut self, count: u32) -> Result<()> {
        self.next = self.next.saturating_add(count);
        let bytes = (self.file.row_bytes() as u64).saturating_mul(self.next.into());
        let place = SeekFrom::Start(bytes.saturating_add(LEN as u64));
        // Past the end of the file, the next row says so.
        let _ = self.reader.seek(place);
        Ok(())
    }
}
