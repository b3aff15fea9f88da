//! From bytes to the samples of each component, a row of MCUs at a time.

use super::{
    bits::Stream,
    frame::{BLOCK, Frame, Layout, MAX_BLOCKS, Scan, layouts},
    plane::Plane,
    planes::Batch,
    progressive::{Known, Progressive, Store, account},
    report::{Report, Stop},
    segments::{Density, Quantization, Reached, Segments},
    sequential::{Batches, Sequential, Sink},
    smooth::Smoothing,
    source::{Bytes, Source},
    stored::Stored,
    tables::standard,
    transform::Transform,
    upsample::{Upsampling, upsampling},
};
use crate::simd::Level;

/// Scans that any file may have. Encoders write about ten, the format allows some hundreds.
const FREE_SCANS: u64 = 100;

/// Blocks that the scans beyond [`FREE_SCANS`] may visit together, some seconds of work. A scan visits many blocks of the
/// image however few bytes it has, so a small file could otherwise keep a processor busy for hours.
const MAX_EXTRA_BLOCKS: u64 = 1 << 26;

/// Blocks, of 128 bytes, above which a progressive file with a warning is not read on only to hear more of its damage.
const LARGE: u64 = 1 << 20;

/// What the components are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colours {
    Grey,
    YCbCr,
    Rgb,
    Ycck,
    Cmyk,
    /// Two components, or more than four.
    Unknown,
}

/// What the header says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Info {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Components in the file, 1 to 10.
    pub(crate) components: usize,
    pub(crate) colours: Colours,
    pub(crate) progressive: bool,
    pub(crate) arithmetic: bool,
    /// Whether any component has fewer samples than another.
    pub(crate) subsampled: bool,
    /// Sampling factors, across and down, of a file in YCbCr that can be decoded to planes.
    pub(crate) ycbcr_sampling: Option<[(u32, u32); 3]>,
    pub(crate) density: Density,
}

/// One JPEG file being read. Calls go in this order: [`read_header`](Self::read_header), [`start`](Self::start), then rows
/// of MCUs. After a [`Stop`] only [`messages`](Self::messages) are of use.
pub(crate) struct Decoder<'a> {
    source: Source<'a>,
    segments: Segments,
    report: Report,
    scan: Scan,
    level: Level,
}

impl<'a> Decoder<'a> {
    /// `fail_when_truncated`: whether running out of bytes is a failure, or the rest is filled in. `unlimited` lifts the
    /// limits on warnings and scans. `save`: codes of the segments that [`saved`](Self::saved) will be asked for.
    pub(crate) fn new(bytes: Bytes<'a>, fail_when_truncated: bool, unlimited: bool, save: &'static [u8]) -> Self {
        Self {
            source: Source::new(bytes, fail_when_truncated),
            segments: Segments::new(save),
            report: Report::new(unlimited),
            scan: Scan::default(),
            level: Level::best(),
        }
    }

    /// Whether running out of bytes is a failure, and whether limits are lifted.
    pub(super) fn limits(&self) -> (bool, bool) {
        (self.source.fails_when_truncated(), self.report.is_unlimited())
    }

    /// The bytes again from the start, for another decoder.
    pub(super) fn into_bytes(mut self) -> Result<Bytes<'a>, Stop> {
        self.source.rewind(&mut self.report)?;
        Ok(self.source.into_bytes())
    }

    /// Sentences about damage so far.
    pub(crate) fn messages(&self) -> &[String] {
        self.report.messages()
    }

    /// Whether any damage has been found so far.
    pub(crate) fn warned(&self) -> bool {
        self.report.warned()
    }

    /// How often damage has been found so far.
    pub(crate) fn warnings(&self) -> u64 {
        self.report.warnings()
    }

    /// Metadata segments in file order: marker code and content.
    pub(crate) fn saved(&self) -> &[(u8, Vec<u8>)] {
        &self.segments.saved
    }

    /// Reads up to the first scan.
    pub(crate) fn read_header(&mut self) -> Result<Info, Stop> {
        let reached = self.segments.read(&mut self.source, &mut self.report)?;
        let Reached::Scan(scan) = reached else {
            let reason = match self.segments.frame {
                Some(_) => "Invalid JPEG file structure: missing SOS marker",
                None => "JPEG datastream contains no image",
            };
            return Err(self.report.stop(reason));
        };
        self.scan = scan;
        let Some(frame) = &mut self.segments.frame else { return Err(Stop) };
        frame.check(&mut self.report)?;
        let subsampled = frame.components.iter().any(|component| component.h > 1 || component.v > 1);
        let (width, height, components) = (frame.width, frame.height, frame.components.len());
        let (progressive, arithmetic) = (frame.progressive, frame.arithmetic);
        let colours = self.colours()?;
        let ycbcr_sampling = if colours == Colours::YCbCr && !arithmetic { self.whole_sampling() } else { None };
        let density = self.segments.density;
        Ok(Info { width, height, components, colours, progressive, arithmetic, subsampled, ycbcr_sampling, density })
    }

    /// The sampling factors of three components whose samples lie on whole steps of the first one's.
    fn whole_sampling(&self) -> Option<[(u32, u32); 3]> {
        let components: &[_; 3] = self.segments.frame.as_ref()?.components.as_slice().try_into().ok()?;
        let factors = components.each_ref().map(|component| (u32::from(component.h), u32::from(component.v)));
        let whole = |&(h, v): &(u32, u32)| factors[0].0.is_multiple_of(h) && factors[0].1.is_multiple_of(v);
        factors.iter().all(whole).then_some(factors)
    }

    /// What the components are, by what the file says or else their number.
    fn colours(&mut self) -> Result<Colours, Stop> {
        let Some(frame) = &self.segments.frame else { return Err(Stop) };
        let adobe = self.segments.adobe;
        let unknown = |transform| format!("Unknown Adobe color transform code {transform}");
        Ok(match (frame.components.len(), adobe) {
            (1, _) => Colours::Grey,
            (3, _) if self.segments.jfif => Colours::YCbCr,
            (3, Some(0)) => Colours::Rgb,
            (3, Some(transform)) => {
                if transform != 1 {
                    self.report.warn(|| unknown(transform))?;
                }
                Colours::YCbCr
            }
            (3, None) if frame.components.iter().map(|component| component.id).eq(*b"RGB") => Colours::Rgb,
            (3, None) => Colours::YCbCr,
            (4, None | Some(0)) => Colours::Cmyk,
            (4, Some(transform)) => {
                if transform != 2 {
                    self.report.warn(|| unknown(transform))?;
                }
                Colours::Ycck
            }
            _ => Colours::Unknown,
        })
    }

    /// Begins decoding to samples of these layouts. A file of several scans is read whole by this, or, when it is large and
    /// a warning is a failure, up to the first.
    pub(super) fn start(&mut self, layouts: Vec<Layout>, fail_on_warning: bool) -> Result<Samples, Stop> {
        let Some(frame) = self.segments.frame.clone() else { return Err(Stop) };
        if frame.precision != 8 {
            let converts = matches!(self.colours()?, Colours::YCbCr | Colours::Ycck);
            return Err(self.report.stop(match frame.precision {
                16 if converts => "Unsupported color conversion request".to_owned(),
                precision => format!("Unsupported JPEG data precision {precision}"),
            }));
        }
        if !frame.progressive {
            let [dc, ac] = standard();
            for (place, table) in self.segments.dc.iter_mut().zip(dc).chain(self.segments.ac.iter_mut().zip(ac)) {
                place.get_or_insert(table);
            }
        }
        let scan = std::mem::take(&mut self.scan);
        let several = frame.progressive || scan.components.len() < frame.components.len();
        let start = Start {
            tables: vec![None; frame.components.len()],
            stop_on_warning: fail_on_warning && frame.all_blocks() > LARGE,
            frame,
            layouts,
            stream: Stream { source: &mut self.source, segments: &mut self.segments, report: &mut self.report },
        };
        if several { start.read_scans(scan) } else { start.one_scan(&scan) }
    }

    /// The layout of each component at 1/`denominator` of the size (1, 2, 4, 8), rounded up, and how it comes to the
    /// resolution of the image.
    pub(super) fn layouts(&mut self, denominator: u32) -> Result<(Vec<Layout>, Vec<Upsampling>), Stop> {
        let Some(frame) = &self.segments.frame else { return Err(Stop) };
        let layouts = layouts(frame, denominator);
        let upsampling = upsampling(frame, &layouts, BLOCK / denominator, &mut self.report)?;
        Ok((layouts, upsampling))
    }

    /// The layout of each component at 1/`shrink` of its size (1, 2, 4, 8), rounded up.
    pub(super) fn shrunk_layouts(&self, shrink: &[u32]) -> Result<Vec<Layout>, Stop> {
        let Some(frame) = &self.segments.frame else { return Err(Stop) };
        let components = frame.components.iter().zip(shrink);
        Ok(components.map(|(component, shrink)| Layout::new(frame, component, BLOCK / shrink)).collect())
    }

    /// Room for some rows of MCUs.
    pub(super) fn planes(&mut self, samples: &Samples, mcu_rows: usize) -> Result<Vec<Plane>, Stop> {
        let Some(frame) = &self.segments.frame else { return Err(Stop) };
        let mut planes = Vec::new();
        for layout in &samples.layouts {
            let blocks = match &samples.coefficients {
                Coefficients::OneScan { batch, mcus_per_row, .. } => {
                    let across = if frame.components.len() == 1 { 1 } else { layout.h as usize };
                    (*mcus_per_row as usize).next_multiple_of(batch.mcus) * across
                }
                Coefficients::Stored { .. } => layout.blocks_across as usize,
            };
            planes.push(Plane::new(layout, blocks, mcu_rows * layout.mcu_rows() as usize, &mut self.report)?);
        }
        Ok(planes)
    }

    /// Decodes the next row of MCUs to the planes' row of MCUs `to_row`, or passes over it when there are none.
    pub(crate) fn next_mcu_row(
        &mut self,
        samples: &mut Samples,
        planes: Option<&mut [Plane]>,
        to_row: usize,
    ) -> Result<(), Stop> {
        let mcu_row = samples.next_mcu_row;
        samples.next_mcu_row += 1;
        match &mut samples.coefficients {
            Coefficients::OneScan { batches, batch, mcus_per_row, mcu_rows_per_row, mcu_rows } => {
                let mut stream =
                    Stream { source: &mut self.source, segments: &mut self.segments, report: &mut self.report };
                let mut planes = planes;
                let first = mcu_row * *mcu_rows_per_row;
                let last = (first + *mcu_rows_per_row).min(*mcu_rows);
                for row in first..last {
                    for mcu in (0..*mcus_per_row).step_by(batch.mcus) {
                        let count = (*mcus_per_row - mcu).min(batch.mcus as u32);
                        batches.decode(count, &mut stream)?;
                        let Some(room) = batches.coefficients() else { return Err(Stop) };
                        let to = (to_row, (row - first) as usize);
                        match &mut planes {
                            Some(planes) => {
                                batch.transform(self.level, room, (mcu as usize, to), &samples.layouts, planes);
                            }
                            None => batch.clear(self.level, room),
                        }
                    }
                }
                Ok(())
            }
            Coefficients::Stored { stored, smoothing, transform } => {
                if let Some(planes) = planes {
                    for (component, (stored, layout)) in stored.iter().zip(&samples.layouts).enumerate() {
                        let smoothing = smoothing.as_ref().map(|smoothing| &smoothing[component]);
                        let rows = (mcu_row, to_row);
                        transform.run(self.level, (component, stored, layout), smoothing, rows, planes);
                    }
                }
                Ok(())
            }
        }
    }
}

/// An image that is being decoded.
pub(crate) struct Samples {
    pub(super) layouts: Vec<Layout>,
    pub(super) max_v: u32,
    next_mcu_row: u32,
    coefficients: Coefficients,
}

impl Samples {
    /// How many rows of MCUs were decoded or passed over.
    pub(super) fn done(&self) -> u32 {
        self.next_mcu_row
    }
}

/// Where they come from.
enum Coefficients {
    OneScan {
        batches: Box<Batches>,
        batch: Box<Batch>,
        mcus_per_row: u32,
        /// A scan of one component has MCUs of one block, and more rows of them.
        mcu_rows_per_row: u32,
        mcu_rows: u32,
    },
    Stored {
        stored: Vec<Stored>,
        smoothing: Option<Vec<Smoothing>>,
        transform: Transform,
    },
}

/// What is needed to start.
struct Start<'d, 'a> {
    frame: Frame,
    layouts: Vec<Layout>,
    /// The quantization table of each component, as it is when its first scan begins.
    tables: Vec<Option<Quantization>>,
    stop_on_warning: bool,
    stream: Stream<'d, 'a>,
}

impl Start<'_, '_> {
    /// For each block of an MCU, which component of the scan it belongs to; keeps the quantization tables.
    fn begin_scan(&mut self, scan: &Scan) -> Result<Vec<usize>, Stop> {
        let mut members = Vec::new();
        for (number, component) in scan.components.iter().enumerate() {
            let layout = &self.layouts[component.index];
            let blocks = if scan.components.len() == 1 { 1 } else { layout.h * layout.v };
            members.extend((0..blocks).map(|_| number));
        }
        if members.len() > MAX_BLOCKS {
            return Err(self.stream.report.stop("Sampling factors too large for interleaved scan"));
        }
        for component in &scan.components {
            let place = &mut self.tables[component.index];
            if place.is_none() {
                let number = self.frame.components[component.index].quantization;
                let table = self.stream.segments.quantization.get(usize::from(number)).copied().flatten();
                if table.is_none() {
                    let sentence = format!("Quantization table 0x{number:02x} was not defined");
                    return Err(self.stream.report.stop(sentence));
                }
                *place = table;
            }
        }
        Ok(members)
    }

    fn tables(&self) -> Vec<Quantization> {
        self.tables.iter().map(|table| table.unwrap_or([0; 64])).collect()
    }

    /// A file whose only scan has everything is decoded as it is read.
    fn one_scan(mut self, scan: &Scan) -> Result<Samples, Stop> {
        let members = self.begin_scan(scan)?;
        let dc_only: Vec<bool> =
            scan.components.iter().map(|component| self.layouts[component.index].size == 1).collect();
        let sequential = Sequential::new(scan, &members, &dc_only, &mut self.stream)?;
        let is_one = scan.components.len() == 1;
        let shape = |component: usize| match self.layouts[component] {
            _ if is_one => (component, 1, 1),
            Layout { h, v, .. } => (component, h as usize, v as usize),
        };
        let shape: Vec<_> = scan.components.iter().map(|component| shape(component.index)).collect();
        let batch = Batch::new(&shape, &self.layouts, &self.tables());
        let batches = Batches::new(sequential, batch.blocks, Level::best(), &mut self.stream)?;
        let first = &self.layouts[0];
        let (mcus_per_row, mcu_rows_per_row, mcu_rows) = if is_one {
            (first.blocks_across, first.v, first.blocks_down)
        } else {
            (self.frame.mcus_per_row(), 1, self.frame.mcu_rows())
        };
        let (batches, batch) = (Box::new(batches), Box::new(batch));
        let coefficients = Coefficients::OneScan { batches, batch, mcus_per_row, mcu_rows_per_row, mcu_rows };
        Ok(self.finish(coefficients))
    }

    fn finish(self, coefficients: Coefficients) -> Samples {
        Samples { layouts: self.layouts, max_v: self.frame.max_v, next_mcu_row: 0, coefficients }
    }

    /// Reads all scans of a file that has several.
    fn read_scans(mut self, first: Scan) -> Result<Samples, Stop> {
        let mut stored = Vec::new();
        for layout in &self.layouts {
            stored.push(Stored::new(&self.frame, layout, self.stream.report)?);
        }
        let mut known = vec![Known::NOTHING; stored.len()];
        let mut last_good = 0;
        let mut scan = first;
        loop {
            let members = self.begin_scan(&scan)?;
            if self.frame.progressive {
                account(&scan, &mut known, &mut self.stream)?;
                let progressive = Progressive::new(&scan, &mut self.stream)?;
                self.check_scans()?;
                let unneeded = |component: usize| self.layouts[component].size == 1;
                if scan.first > 0 && unneeded(scan.components[0].index) {
                    self.skip_scan()?;
                    last_good = self.frame.mcu_rows() - 1;
                } else {
                    self.progressive_scan(&scan, progressive, &mut stored, &mut last_good)?;
                }
            } else {
                let dc_only: Vec<bool> =
                    scan.components.iter().map(|component| self.layouts[component.index].size == 1).collect();
                let sequential = Sequential::new(&scan, &members, &dc_only, &mut self.stream)?;
                self.check_scans()?;
                self.sequential_scan(&scan, sequential, &mut stored)?;
            }
            let Stream { source, segments, report } = &mut self.stream;
            match segments.read(source, report)? {
                Reached::Scan(next) => scan = next,
                Reached::End => break,
            }
        }
        let smoothing = match self.frame.progressive {
            true => Smoothing::new(&self.frame, &known, &self.tables, self.stream.segments.scans, last_good),
            false => None,
        };
        let transform = Transform::new(&self.tables());
        Ok(self.finish(Coefficients::Stored { stored, smoothing, transform }))
    }

    /// Refuses too many scans.
    fn check_scans(&mut self) -> Result<(), Stop> {
        self.check_warnings()?;
        let extra = self.stream.segments.scans.saturating_sub(FREE_SCANS);
        let limit = !self.stream.report.is_unlimited();
        if limit && extra.saturating_mul(self.frame.all_blocks()) > MAX_EXTRA_BLOCKS {
            return Err(self.stream.report.stop("too many scans"));
        }
        Ok(())
    }

    /// Ends the reading after a warning, where it will be a failure anyway and what remains may be long and large.
    fn check_warnings(&self) -> Result<(), Stop> {
        if self.stop_on_warning && self.stream.report.warned() { Err(Stop) } else { Ok(()) }
    }

    /// Passes over a scan whose coefficients nobody needs.
    fn skip_scan(&mut self) -> Result<(), Stop> {
        let restarts = self.stream.segments.restart_interval > 0;
        let Stream { source, segments, report } = &mut self.stream;
        segments.skip_data(restarts, source, report)
    }

    /// The rows of MCUs of a scan, and MCUs in each: those of a scan of one component have one block.
    fn size(&self, scan: &Scan) -> (u32, u32) {
        match scan.components[..] {
            [component] => {
                let layout = &self.layouts[component.index];
                (layout.blocks_down, layout.blocks_across)
            }
            _ => (self.frame.mcu_rows(), self.frame.mcus_per_row()),
        }
    }

    /// For each block of an MCU: the component of the scan, and the block's number in the first MCU and that by which it
    /// grows from MCU to MCU and from row to row.
    fn grid(&self, scan: &Scan, stored: &[Stored]) -> Vec<GridBlock> {
        let mut grid = Vec::new();
        for (component, member) in scan.components.iter().enumerate() {
            let layout = &self.layouts[member.index];
            let stride = stored[member.index].stride;
            let (h, v) = if scan.components.len() == 1 { (1, 1) } else { (layout.h as usize, layout.v as usize) };
            for (row, column) in (0..v).flat_map(|row| (0..h).map(move |column| (row, column))) {
                grid.push(GridBlock { component, first: row * stride + column, across: h, down: v * stride });
            }
        }
        grid
    }

    fn sequential_scan(&mut self, scan: &Scan, mut sequential: Sequential, stored: &mut [Stored]) -> Result<(), Stop> {
        let grid = self.grid(scan, stored);
        let (rows, columns) = self.size(scan);
        for row in 0..rows as usize {
            self.check_warnings()?;
            for column in 0..columns as usize {
                let mut sink = Whole { scan, stored, grid: &grid, row, column };
                sequential.mcu(&mut self.stream, &mut sink)?;
            }
        }
        Ok(())
    }

    fn progressive_scan(
        &mut self,
        scan: &Scan,
        mut progressive: Progressive,
        stored: &mut [Stored],
        last_good: &mut u32,
    ) -> Result<(), Stop> {
        let grid = self.grid(scan, stored);
        let (rows, columns) = self.size(scan);
        let [first, ..] = scan.components[..] else { return Err(Stop) };
        let rows_per_row = if scan.components.len() == 1 { self.layouts[first.index].v } else { 1 };
        let mut stores = Vec::new();
        let mut all: Vec<Option<&mut Stored>> = stored.iter_mut().map(Some).collect();
        for component in &scan.components {
            let Some(stored) = all[component.index].take() else { return Err(Stop) };
            stores.push(Store { coefficients: &mut stored.coefficients, kept: stored.kept });
        }
        let mut blocks: Vec<(usize, usize)> = grid.iter().map(|block| (block.component, 0)).collect();
        for row in 0..rows as usize {
            self.check_warnings()?;
            let mut column = 0;
            while column < columns as usize {
                if !progressive.insufficient() {
                    *last_good = row as u32 / rows_per_row;
                }
                let idle = progressive.idle().min(u64::from(columns) - column as u64);
                if idle > 0 {
                    progressive.pass(idle);
                    column += idle as usize;
                    continue;
                }
                if progressive.is_dc() {
                    for ((_, number), block) in blocks.iter_mut().zip(&grid) {
                        *number = block.number(row, column);
                    }
                    progressive.dc_mcu(&mut self.stream, &blocks, &mut stores)?;
                } else {
                    let number = grid[0].number(row, column);
                    progressive.ac_block(&mut self.stream, number, &mut stores[0])?;
                }
                column += 1;
            }
        }
        Ok(())
    }
}

/// Where a block of an MCU is among the blocks of its component.
struct GridBlock {
    component: usize,
    first: usize,
    across: usize,
    down: usize,
}

impl GridBlock {
    #[inline(always)]
    fn number(&self, row: usize, column: usize) -> usize {
        self.first + row * self.down + column * self.across
    }
}

/// Puts an MCU's coefficients among those of the image.
struct Whole<'s> {
    scan: &'s Scan,
    stored: &'s mut [Stored],
    grid: &'s [GridBlock],
    row: usize,
    column: usize,
}

impl Sink for Whole<'_> {
    #[inline(always)]
    fn put(&mut self, block: usize, place: usize, value: i16) {
        let block = &self.grid[block];
        let stored = &mut self.stored[self.scan.components[block.component].index];
        let at = block.number(self.row, self.column) * stored.kept + place;
        if place < stored.kept
            && let Some(place) = stored.coefficients.get_mut(at)
        {
            *place = value;
        }
    }
}
