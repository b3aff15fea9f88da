//! Writes one file: [`start`](Encoder::start), segments, rows or strips, [`finish`](Encoder::finish).

use std::io::Write;

use super::{
    super::huffman::{HuffmanTable, SLOTS},
    coefficients::Coefficients,
    fdct::Divisors,
    frame::{self, Frame, Scan},
    progressive::Progressive,
    sequential::Sequential,
    settings::Settings,
    strips::Strips,
    symbols::{ScanWriter, Symbols},
};
use crate::{
    error::{Error, OutputError, Result},
    image::{MAX_PLANES, Strip},
    interrupt,
    simd::Level,
};

/// Largest side, as libjpeg has it; the format could hold a little more.
const MAX_SIDE: u32 = 65_500;

const END_OF_IMAGE: [u8; 2] = [0xff, 0xd9];

/// One file being written.
pub(in super::super) struct Encoder<'o> {
    out: &'o mut dyn Write,
    level: Level,
    settings: Settings,
    frame: Frame,
    /// For each component.
    divisors: Vec<Divisors>,
    strips: Strips,
    /// Of one row of MCUs, or in progressive files of all.
    coefficients: Vec<Coefficients>,
    coder: Coder,
    symbols: Symbols,
    /// Rows that are still to come, of each component.
    rows_left: Vec<usize>,
    /// Rows of MCUs that are coded.
    mcu_row: usize,
}

/// How coefficients become bytes.
enum Coder {
    /// Row of MCUs by row of MCUs, with the tables of the standard; the scan has begun when there is a writer.
    Standard(Sequential, Option<ScanWriter>),
    /// At the end, with tables made for the image.
    Optimal(Sequential),
    /// At the end, from all coefficients.
    Progressive,
}

impl<'o> Encoder<'o> {
    pub(super) fn new(settings: &Settings, level: Level, out: &'o mut dyn Write) -> Result<Self> {
        if settings.width.max(settings.height) > MAX_SIDE {
            return Err(Error::encoder(format!("VipsJpeg: Maximum supported image dimension is {MAX_SIDE} pixels")));
        }
        let frame = Frame::new(settings);
        let sequential = Sequential::new(&frame);
        Ok(Self {
            level,
            divisors: frame.components.iter().map(|one| Divisors::new(frame.quantization(one))).collect(),
            strips: Strips::new(&frame, settings.layout, settings.width, level)?,
            coefficients: frame.components.iter().map(|_| Coefficients::default()).collect(),
            coder: match (settings.progressive, settings.optimise_coding) {
                (true, _) => Coder::Progressive,
                (false, true) => Coder::Optimal(sequential),
                (false, false) => Coder::Standard(sequential, None),
            },
            symbols: Symbols::new(),
            rows_left: frame.components.iter().map(|one| frame.rows_of(one)).collect(),
            mcu_row: 0,
            settings: settings.clone(),
            frame,
            out,
        })
    }

    /// Writes what comes before the metadata.
    pub(super) fn start(&mut self) -> Result<()> {
        let mut bytes = Vec::new();
        frame::write_start(&self.settings, &mut bytes);
        self.write(&bytes)
    }

    /// Writes a segment of metadata, at most [`MAX_SEGMENT`](super::super::MAX_SEGMENT) bytes.
    pub(super) fn segment(&mut self, marker: u8, data: &[u8]) -> Result<()> {
        if data.len() > super::super::MAX_SEGMENT {
            return Err(Error::Internal("metadata is too long for a segment".to_owned()));
        }
        let mut header = Vec::new();
        frame::segment(marker, data.len(), &mut header);
        self.write(&header)?;
        self.write(data)
    }

    /// Encodes the next row of interleaved samples.
    pub(super) fn row(&mut self, samples: &[u8]) -> Result<()> {
        if self.rows_left[0] == 0 {
            return Err(Error::Internal("more rows than the image has".to_owned()));
        }
        self.strips.push_row(samples)?;
        self.rows_left[0] -= 1;
        if self.rows_left[0] == 0 {
            self.rows_left.fill(0);
            self.strips.finish();
        }
        if self.strips.are_full() { self.code_strips() } else { Ok(()) }
    }

    /// Encodes the next rows of planes that are subsampled as the file is to be.
    pub(super) fn strip(&mut self, strip: &Strip<'_>) -> Result<()> {
        let count = self.frame.components.len().min(strip.planes.len());
        let mut taken = [0; MAX_PLANES];
        let mut take = |strips: &mut Strips, all| {
            for (index, (taken, rows)) in taken.iter_mut().zip(&strip.planes).take(count).enumerate() {
                *taken += strips.push_plane_rows(index, (*taken..rows.count()).map(|y| rows.row(y)), all)?;
            }
            Ok::<_, Error>(strips.are_full())
        };
        while take(&mut self.strips, false)? {
            self.code_strips()?;
        }
        // A plane that is ahead of the others waits for them.
        take(&mut self.strips, true)?;
        for (left, rows) in self.rows_left.iter_mut().zip(&strip.planes) {
            *left = left
                .checked_sub(rows.count())
                .ok_or_else(|| Error::Internal("more rows than the image has".to_owned()))?;
        }
        Ok(())
    }

    /// Writes the rest, after the last row.
    pub(super) fn finish(mut self) -> Result<()> {
        if self.rows_left.iter().any(|&left| left > 0) {
            return Err(Error::Internal("rows are missing".to_owned()));
        }
        if self.mcu_row < self.frame.mcus_down {
            self.strips.finish();
            self.code_strips()?;
        }
        match std::mem::replace(&mut self.coder, Coder::Progressive) {
            Coder::Standard(_, writer) => {
                if let Some(writer) = writer {
                    writer.finish(self.out)?;
                }
            }
            Coder::Optimal(_) => self.write_optimal_scan()?,
            Coder::Progressive => self.write_progressive_scans()?,
        }
        self.write(&END_OF_IMAGE)
    }

    /// Transforms a row of MCUs, and codes it where that does not wait for the end.
    fn code_strips(&mut self) -> Result<()> {
        for (index, component) in self.frame.components.iter().enumerate() {
            let real = component.blocks_down.saturating_sub(self.mcu_row * component.down).min(component.down);
            let samples = self.strips.component(index);
            self.coefficients[index].push(self.level, component, real, samples, &self.divisors[index])?;
        }
        self.strips.advance();
        self.mcu_row += 1;
        match &mut self.coder {
            Coder::Progressive => return Ok(()),
            Coder::Optimal(sequential) => {
                sequential.push(self.level, &self.frame, &self.coefficients, &mut self.symbols)?;
            }
            Coder::Standard(sequential, writer) => {
                sequential.push(self.level, &self.frame, &self.coefficients, &mut self.symbols)?;
                let writer = match writer {
                    Some(writer) => writer,
                    None => {
                        let used = |slot: &usize| self.frame.components.iter().any(|one| one.kind == slot / 2);
                        let tables: Vec<_> =
                            (0..SLOTS).filter(used).map(|slot| (slot, HuffmanTable::standard(slot))).collect();
                        let mut header = Vec::new();
                        self.frame.write(false, &mut header);
                        tables.iter().for_each(|(slot, table)| table.write(*slot, &mut header));
                        self.frame.write_scan(&whole_scan(&self.frame), &mut header);
                        write(self.out, &header)?;
                        writer.insert(ScanWriter::new(tables.iter().map(|(slot, table)| (*slot, table)))?)
                    }
                };
                self.symbols.write_to(writer, self.level, self.out)?;
            }
        }
        self.coefficients.iter_mut().for_each(Coefficients::clear);
        Ok(())
    }

    fn write_optimal_scan(&mut self) -> Result<()> {
        let mut header = Vec::new();
        self.frame.write(false, &mut header);
        let scan = whole_scan(&self.frame);
        write_scan(&self.frame, &scan, header, &mut self.symbols, self.level, self.out)
    }

    fn write_progressive_scans(&mut self) -> Result<()> {
        let mut header = Vec::new();
        self.frame.write(true, &mut header);
        let progressive = Progressive::new(&self.frame, &self.coefficients)?;
        for scan in progressive.scans() {
            interrupt::check()?;
            progressive.push(&scan, &mut self.symbols)?;
            write_scan(&self.frame, &scan, std::mem::take(&mut header), &mut self.symbols, self.level, self.out)?;
            self.symbols.clear();
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        write(self.out, bytes)
    }
}

/// The scan of all coefficients.
fn whole_scan(frame: &Frame) -> Scan<'static> {
    Scan { components: &[0, 1, 2, 3][..frame.components.len()], start: 0, end: 63, high: 0, low: 0 }
}

/// Writes a scan after `header`, with the tables that suit its symbols best.
fn write_scan(
    frame: &Frame,
    scan: &Scan<'_>,
    mut header: Vec<u8>,
    symbols: &mut Symbols,
    level: Level,
    out: &mut dyn Write,
) -> Result<()> {
    let tables = symbols.optimal_tables();
    let tables = || tables.iter().enumerate().filter_map(|(slot, table)| Some((slot, table.as_ref()?)));
    tables().for_each(|(slot, table)| table.write(slot, &mut header));
    frame.write_scan(scan, &mut header);
    write(out, &header)?;
    let mut writer = ScanWriter::new(tables())?;
    symbols.write_to(&mut writer, level, out)?;
    writer.finish(out)
}

fn write(out: &mut dyn Write, bytes: &[u8]) -> Result<()> {
    Ok(out.write_all(bytes).map_err(|error| OutputError::Write(error.to_string()))?)
}
