//! Marker segments: everything in a file that is not entropy-coded. Source: ITU-T T.81, annex B; what is made of
//! damage is libjpeg's.

use super::{
    frame::{Component, Frame, MAX_IN_SCAN, Scan, ScanComponent},
    report::{Report, Stop},
    source::Source,
    tables::Definition,
};
use crate::codec::jpeg::huffman::NATURAL;

const SOF0: u8 = 0xc0;
const DHT: u8 = 0xc4;
pub(super) const RST0: u8 = 0xd0;
const RST7: u8 = 0xd7;
const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const DQT: u8 = 0xdb;
const DNL: u8 = 0xdc;
const DRI: u8 = 0xdd;
const DAC: u8 = 0xcc;
const APP0: u8 = 0xe0;
const APP14: u8 = 0xee;
const APP15: u8 = 0xef;
const COM: u8 = 0xfe;
const TEM: u8 = 0x01;

/// Tables of each kind.
const TABLES: usize = 4;
/// Bytes of APP0 and APP14 that say something about pixels.
const APP_START: usize = 14;

/// A quantization table, in rows of eight.
pub(super) type Quantization = [u16; 64];

/// What [`Segments::read`] ended at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reached {
    Scan(Scan),
    End,
}

/// JFIF density: unit (0 none, 1 inch, 2 centimetre), horizontally, vertically.
pub(super) type Density = (u8, u16, u16);

/// The segments read so far.
pub(super) struct Segments {
    pub(super) frame: Option<Frame>,
    pub(super) quantization: [Option<Quantization>; TABLES],
    pub(super) dc: [Option<Definition>; TABLES],
    pub(super) ac: [Option<Definition>; TABLES],
    pub(super) restart_interval: u32,
    pub(super) jfif: bool,
    /// The transform that an Adobe segment states.
    pub(super) adobe: Option<u8>,
    pub(super) density: Density,
    /// Scans begun so far.
    pub(super) scans: u64,
    /// Metadata segments in file order: marker code and content.
    pub(super) saved: Vec<(u8, Vec<u8>)>,
    /// Codes of the segments that are saved.
    save: &'static [u8],
    started: bool,
    /// A marker that was met and not dealt with, or 0.
    pub(super) unread: u8,
    /// Bytes passed over in search of a marker.
    pub(super) discarded: u64,
    /// The number of the restart marker that should come next.
    next_restart: u8,
}

impl Segments {
    /// `save`: codes of the application segments to keep.
    pub(super) fn new(save: &'static [u8]) -> Self {
        Self {
            frame: None,
            quantization: [None; TABLES],
            dc: [const { None }; TABLES],
            ac: [const { None }; TABLES],
            restart_interval: 0,
            jfif: false,
            adobe: None,
            density: (0, 1, 1),
            scans: 0,
            saved: Vec::new(),
            save,
            started: false,
            unread: 0,
            discarded: 0,
            next_restart: 0,
        }
    }

    /// Reads segments up to a scan or the end.
    pub(super) fn read(&mut self, source: &mut Source<'_>, report: &mut Report) -> Result<Reached, Stop> {
        loop {
            if self.unread == 0 {
                if self.started {
                    self.next_marker(source, report)?;
                } else {
                    let start = [source.byte(report)?, source.byte(report)?];
                    if start != [0xff, SOI] {
                        let [first, second] = start;
                        return Err(report.stop(format!("Not a JPEG file: starts with 0x{first:02x} 0x{second:02x}")));
                    }
                    self.unread = SOI;
                }
            }
            match self.unread {
                SOI => self.start(report)?,
                SOF0..=0xc2 | 0xc9 | 0xca => self.frame(source, report)?,
                SOS => {
                    let scan = self.scan(source, report)?;
                    self.unread = 0;
                    return Ok(Reached::Scan(scan));
                }
                EOI => {
                    self.unread = 0;
                    return Ok(Reached::End);
                }
                DAC => arithmetic_conditioning(source, report)?,
                DHT => self.huffman_tables(source, report)?,
                DQT => self.quantization_tables(source, report)?,
                DRI => {
                    if source.word(report)? != 4 {
                        return Err(bad_length(report));
                    }
                    self.restart_interval = source.word(report)?.into();
                }
                APP0..=APP15 => self.application(source, report)?,
                COM | DNL => {
                    let len = source.word(report)?;
                    source.skip(usize::from(len).saturating_sub(2), report)?;
                }
                RST0..=RST7 | TEM => {}
                0xc3 | 0xc5..=0xc8 | 0xcb | 0xcd..=0xcf => {
                    return Err(report.stop(format!("Unsupported JPEG process: SOF type 0x{:02x}", self.unread)));
                }
                _ => return Err(report.stop(format!("Unsupported marker type 0x{:02x}", self.unread))),
            }
            self.unread = 0;
        }
    }

    fn start(&mut self, report: &mut Report) -> Result<(), Stop> {
        if self.started {
            return Err(report.stop("Invalid JPEG file structure: two SOI markers"));
        }
        self.started = true;
        Ok(())
    }

    fn frame(&mut self, source: &mut Source<'_>, report: &mut Report) -> Result<(), Stop> {
        let len = source.word(report)?;
        let precision = source.byte(report)?;
        let (height, width) = (source.word(report)?.into(), source.word(report)?.into());
        let count = source.byte(report)?;
        if self.frame.is_some() {
            return Err(report.stop("Invalid JPEG file structure: two SOF markers"));
        }
        if height == 0 || width == 0 || count == 0 {
            return Err(report.stop("Empty JPEG image (DNL not supported)"));
        }
        if len != 8 + 3 * u16::from(count) {
            return Err(bad_length(report));
        }
        let mut components = Vec::with_capacity(count.into());
        for _ in 0..count {
            let (id, sampling, quantization) = (source.byte(report)?, source.byte(report)?, source.byte(report)?);
            components.push(Component { id, h: sampling >> 4, v: sampling & 15, quantization });
        }
        self.frame = Some(Frame {
            width,
            height,
            precision,
            progressive: matches!(self.unread, 0xc2 | 0xca),
            arithmetic: matches!(self.unread, 0xc9 | 0xca),
            components,
            max_h: 1,
            max_v: 1,
        });
        Ok(())
    }

    fn scan(&mut self, source: &mut Source<'_>, report: &mut Report) -> Result<Scan, Stop> {
        let Some(frame) = &self.frame else {
            return Err(report.stop("Invalid JPEG file structure: SOS before SOF"));
        };
        let len = source.word(report)?;
        let count = source.byte(report)?;
        if len != 6 + 2 * u16::from(count) || count < 1 || usize::from(count) > MAX_IN_SCAN {
            return Err(bad_length(report));
        }
        let mut scan = Scan::default();
        for at in 0..usize::from(count) {
            let (id, tables) = (source.byte(report)?, source.byte(report)?);
            // libjpeg takes places as used by the order in the scan, not by what was found.
            let mut candidates = frame.components.iter().take(MAX_IN_SCAN).enumerate();
            let found = candidates.position(|(index, component)| component.id == id && index >= at);
            let Some(index) = found.filter(|&index| scan.components.iter().all(|other| other.index != index)) else {
                return Err(report.stop(format!("Invalid component ID {id} in SOS")));
            };
            scan.components.push(ScanComponent { index, dc_table: tables >> 4, ac_table: tables & 15 });
        }
        (scan.first, scan.last) = (source.byte(report)?, source.byte(report)?);
        let approximation = source.byte(report)?;
        (scan.high, scan.low) = (approximation >> 4, approximation & 15);
        self.next_restart = 0;
        self.scans += 1;
        Ok(scan)
    }

    fn huffman_tables(&mut self, source: &mut Source<'_>, report: &mut Report) -> Result<(), Stop> {
        let mut len = i32::from(source.word(report)?) - 2;
        while len > 16 {
            let index = source.byte(report)?;
            let mut definition = Definition { counts: [0; 17], symbols: [0; 256] };
            for count in &mut definition.counts[1..] {
                *count = source.byte(report)?;
            }
            len -= 17;
            let total: usize = definition.counts.iter().map(|&count| usize::from(count)).sum();
            if total > 256 || total as i32 > len {
                return Err(report.stop("Bogus Huffman table definition"));
            }
            for symbol in &mut definition.symbols[..total] {
                *symbol = source.byte(report)?;
            }
            len -= total as i32;
            let (tables, index) = if index & 0x10 == 0 { (&mut self.dc, index) } else { (&mut self.ac, index - 0x10) };
            let Some(table) = tables.get_mut(usize::from(index)) else {
                return Err(report.stop(format!("Bogus DHT index {index}")));
            };
            *table = Some(definition);
        }
        if len == 0 { Ok(()) } else { Err(bad_length(report)) }
    }

    fn quantization_tables(&mut self, source: &mut Source<'_>, report: &mut Report) -> Result<(), Stop> {
        let mut len = i32::from(source.word(report)?) - 2;
        while len > 0 {
            let kind = source.byte(report)?;
            let (wide, index) = (kind >> 4 != 0, kind & 15);
            let Some(table) = self.quantization.get_mut(usize::from(index)) else {
                return Err(report.stop(format!("Bogus DQT index {index}")));
            };
            let table = table.get_or_insert([0; 64]);
            for position in NATURAL {
                table[usize::from(position)] = if wide { source.word(report)? } else { source.byte(report)?.into() };
            }
            len -= if wide { 129 } else { 65 };
        }
        if len == 0 { Ok(()) } else { Err(bad_length(report)) }
    }

    fn application(&mut self, source: &mut Source<'_>, report: &mut Report) -> Result<(), Stop> {
        let marker = self.unread;
        let len = usize::from(source.word(report)?).saturating_sub(2);
        if self.save.contains(&marker) {
            let mut content = Vec::new();
            // Room grows with what is there, not with what is promised.
            while content.len() < len {
                let more = source.window().len().min(len - content.len());
                if more == 0 {
                    content.push(source.byte(report)?);
                } else {
                    content.extend_from_slice(&source.window()[..more]);
                    source.advance(more);
                }
            }
            self.saved.push((marker, content));
            return Ok(());
        }
        if !matches!(marker, APP0 | APP14) {
            return source.skip(len, report);
        }
        let mut start = [0; APP_START];
        let count = len.min(APP_START);
        for byte in &mut start[..count] {
            *byte = source.byte(report)?;
        }
        let word = |at: usize| u16::from_be_bytes([start[at], start[at + 1]]);
        if marker == APP0 && count >= 14 && start.starts_with(b"JFIF\0") {
            self.jfif = true;
            self.density = (start[7], word(8), word(10));
            if start[5] != 1 {
                report.warn(|| format!("Warning: unknown JFIF revision number {}.{:02}", start[5], start[6]))?;
            }
        } else if marker == APP14 && count >= 12 && start.starts_with(b"Adobe") {
            self.adobe = Some(start[11]);
        }
        source.skip(len - count, report)
    }

    /// Finds the next marker and leaves its code in `unread`.
    pub(super) fn next_marker(&mut self, source: &mut Source<'_>, report: &mut Report) -> Result<(), Stop> {
        let marker = loop {
            let mut byte = source.byte(report)?;
            while byte != 0xff {
                self.discarded += 1;
                byte = source.byte(report)?;
            }
            while byte == 0xff {
                byte = source.byte(report)?;
            }
            if byte != 0 {
                break byte;
            }
            self.discarded += 2;
        };
        let discarded = std::mem::take(&mut self.discarded);
        if discarded != 0 {
            report.warn(|| format!("Corrupt JPEG data: {discarded} extraneous bytes before marker 0x{marker:02x}"))?;
        }
        self.unread = marker;
        Ok(())
    }

    /// Passes over the data of a scan, with the restart markers in it when there may be any.
    pub(super) fn skip_data(
        &mut self,
        restarts: bool,
        source: &mut Source<'_>,
        report: &mut Report,
    ) -> Result<(), Stop> {
        loop {
            let window = source.window();
            let healthy = window.iter().position(|&byte| byte == 0xff).unwrap_or(window.len());
            source.advance(healthy);
            let mut byte = source.byte(report)?;
            if byte != 0xff {
                continue;
            }
            while byte == 0xff {
                byte = source.byte(report)?;
            }
            if byte != 0 && !(restarts && (RST0..=RST7).contains(&byte)) {
                self.unread = byte;
                return Ok(());
            }
        }
    }

    /// Whether `marker` is the restart marker that comes next.
    pub(super) fn is_next_restart(&self, marker: u8) -> bool {
        marker == RST0 + self.next_restart
    }

    /// A restart marker was dealt with.
    pub(super) fn count_restart(&mut self) {
        self.next_restart = (self.next_restart + 1) & 7;
    }

    /// Reads a restart marker. When another marker is found, it is passed over, or left for the next time if it seems
    /// that the one that was expected is missing.
    pub(super) fn read_restart(&mut self, source: &mut Source<'_>, report: &mut Report) -> Result<(), Stop> {
        if self.unread == 0 {
            self.next_marker(source, report)?;
        }
        if self.is_next_restart(self.unread) {
            self.unread = 0;
        } else {
            self.resynchronise(source, report)?;
        }
        self.count_restart();
        Ok(())
    }

    fn resynchronise(&mut self, source: &mut Source<'_>, report: &mut Report) -> Result<(), Stop> {
        let (found, wanted) = (self.unread, self.next_restart);
        report.warn(|| format!("Corrupt JPEG data: found marker 0x{found:02x} instead of RST{wanted}"))?;
        loop {
            let ahead = self.unread.wrapping_sub(RST0 + wanted) & 7;
            match self.unread {
                0..SOF0 => self.next_marker(source, report)?,
                RST0..=RST7 => match ahead {
                    1 | 2 => return Ok(()),
                    6 | 7 => self.next_marker(source, report)?,
                    _ => {
                        self.unread = 0;
                        return Ok(());
                    }
                },
                _ => return Ok(()),
            }
        }
    }
}

/// Arithmetic conditioning means nothing to a file without arithmetic coding, but has to be valid.
fn arithmetic_conditioning(source: &mut Source<'_>, report: &mut Report) -> Result<(), Stop> {
    let mut len = i32::from(source.word(report)?) - 2;
    while len > 0 {
        let (index, value) = (source.byte(report)?, source.byte(report)?);
        len -= 2;
        if index >= 32 {
            return Err(report.stop(format!("Bogus DAC index {index}")));
        }
        if index < 16 && value & 15 > value >> 4 {
            return Err(report.stop(format!("Bogus DAC value 0x{value:x}")));
        }
    }
    if len == 0 { Ok(()) } else { Err(bad_length(report)) }
}

fn bad_length(report: &mut Report) -> Stop {
    report.stop("Bogus marker length")
}
