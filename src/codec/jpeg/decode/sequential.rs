//! Scans that hold whole blocks.

use std::{ops::Range, sync::Arc};

use super::{
    bits::{Bits, Stream},
    fast::{Outcome, PLAN, Place, Room},
    frame::{MAX_IN_SCAN, Scan},
    report::Stop,
    source::Position,
    tables::Table,
    workspace::Workspace,
};
use crate::simd::Level;

/// Bytes for each block of an MCU that libjpeg takes for plenty.
const PLENTY: usize = 512;

/// Where the coefficients of an MCU go, which are 0 before.
pub(super) trait Sink {
    /// Stores a coefficient of the block with this number in the MCU, by its place in the order of frequency.
    fn put(&mut self, block: usize, place: usize, value: i16);
}

/// One of the blocks of an MCU.
#[derive(Clone)]
pub(super) struct McuBlock {
    /// Which component of the scan.
    component: usize,
    dc: Arc<Table>,
    ac: Arc<Table>,
    /// Only the first coefficient is wanted.
    dc_only: bool,
}

/// The state of a scan that holds whole blocks, as libjpeg keeps it.
pub(super) struct Sequential {
    pub(super) blocks: Vec<McuBlock>,
    bits: Bits,
    last_dc: [i32; MAX_IN_SCAN],
    restart_interval: u32,
    restarts_to_go: u32,
}

/// The Huffman tables of the scan's components: DC, AC.
pub(super) type ScanTables = Vec<(Arc<Table>, Arc<Table>)>;

/// Makes the tables of a scan ready.
pub(super) fn scan_tables(scan: &Scan, stream: &mut Stream<'_, '_>) -> Result<ScanTables, Stop> {
    let mut known: [[Option<Arc<Table>>; 4]; 2] = Default::default();
    let mut tables = Vec::new();
    for component in &scan.components {
        let dc = scan_table(&mut known[0], component.dc_table, true, stream)?;
        let ac = scan_table(&mut known[1], component.ac_table, false, stream)?;
        tables.push((dc, ac));
    }
    Ok(tables)
}

fn scan_table(
    known: &mut [Option<Arc<Table>>; 4],
    number: u8,
    for_dc: bool,
    stream: &mut Stream<'_, '_>,
) -> Result<Arc<Table>, Stop> {
    if let Some(Some(table)) = known.get(usize::from(number)) {
        return Ok(table.clone());
    }
    let table = Arc::new(table(number, for_dc, stream)?);
    known[usize::from(number)] = Some(table.clone());
    Ok(table)
}

/// Makes a table ready that must have been defined.
pub(super) fn table(number: u8, for_dc: bool, stream: &mut Stream<'_, '_>) -> Result<Table, Stop> {
    let defined = if for_dc { &stream.segments.dc } else { &stream.segments.ac };
    match defined.get(usize::from(number)) {
        Some(Some(definition)) => Table::new(definition, for_dc, stream.report),
        _ => Err(stream.report.stop(format!("Huffman table 0x{number:02x} was not defined"))),
    }
}

impl Sequential {
    /// `members`: for each block of an MCU which component of the scan it belongs to. `dc_only`: for each component of the
    /// scan whether only its first coefficients are wanted.
    pub(super) fn new(
        scan: &Scan,
        members: &[usize],
        dc_only: &[bool],
        stream: &mut Stream<'_, '_>,
    ) -> Result<Self, Stop> {
        if (scan.first, scan.last, scan.high, scan.low) != (0, 63, 0, 0) {
            stream.report.warn(|| "Invalid SOS parameters for sequential JPEG".to_owned())?;
        }
        let tables = scan_tables(scan, stream)?;
        let block = |&component: &usize| {
            let (dc, ac) = tables[component].clone();
            McuBlock { component, dc, ac, dc_only: dc_only[component] }
        };
        let restart_interval = stream.segments.restart_interval;
        Ok(Self {
            blocks: members.iter().map(block).collect(),
            bits: Bits::default(),
            last_dc: [0; MAX_IN_SCAN],
            restart_interval,
            restarts_to_go: restart_interval,
        })
    }

    /// Reads a restart marker where one is due.
    fn restart_if_due(&mut self, stream: &mut Stream<'_, '_>) -> Result<(), Stop> {
        if self.restart_interval > 0 && self.restarts_to_go == 0 {
            restart(&mut self.bits, stream)?;
            self.last_dc = [0; MAX_IN_SCAN];
            self.restarts_to_go = self.restart_interval;
        }
        Ok(())
    }

    fn count(&mut self, mcus: u32) {
        self.restarts_to_go = self.restarts_to_go.saturating_sub(mcus);
    }

    /// Decodes an MCU.
    pub(super) fn mcu(&mut self, stream: &mut Stream<'_, '_>, sink: &mut impl Sink) -> Result<(), Stop> {
        self.restart_if_due(stream)?;
        if !self.bits.insufficient {
            self.blocks_of_mcu(stream, sink)?;
        }
        self.count(1);
        Ok(())
    }

    fn blocks_of_mcu(&mut self, stream: &mut Stream<'_, '_>, sink: &mut impl Sink) -> Result<(), Stop> {
        let plenty = self.restart_interval == 0
            && stream.segments.unread == 0
            && stream.source.has(PLENTY * self.blocks.len(), stream.report)?;
        if plenty {
            let (bits, last_dc, position) = (self.bits, self.last_dc, stream.source.position());
            if self.hasty_blocks(stream, sink).is_some() {
                return Ok(());
            }
            (self.bits, self.last_dc) = (bits, last_dc);
            stream.source.seek(position, stream.report)?;
        }
        // A local copy stays in registers.
        let mut bits = self.bits;
        for (number, block) in self.blocks.iter().enumerate() {
            let (_, _, difference) = bits.symbol(stream, &block.dc)?;
            sink.put(number, 0, next_dc(&mut self.last_dc, block, difference));
            let mut at = 0;
            while at < 63 {
                let symbol = bits.symbol(stream, &block.ac)?;
                at = put_ac(sink, number, block, at, symbol);
            }
        }
        self.bits = bits;
        Ok(())
    }

    /// The same as libjpeg does it while there is plenty of data. `None` when there was a marker; the coefficients that were
    /// stored by then stay, unless others take their places.
    fn hasty_blocks(&mut self, stream: &mut Stream<'_, '_>, sink: &mut impl Sink) -> Option<()> {
        let (mut bits, mut ended) = (self.bits, false);
        for (number, block) in self.blocks.iter().enumerate() {
            let (_, _, difference) = bits.hasty_symbol(stream, &block.dc, &mut ended);
            sink.put(number, 0, next_dc(&mut self.last_dc, block, difference));
            let mut at = 0;
            while at < 63 {
                let symbol = bits.hasty_symbol(stream, &block.ac, &mut ended);
                at = put_ac(sink, number, block, at, symbol);
            }
        }
        self.bits = bits;
        (!ended).then_some(())
    }
}

/// The first coefficient after one that differs by so much.
#[inline(always)]
fn next_dc(last_dc: &mut [i32; MAX_IN_SCAN], block: &McuBlock, difference: i32) -> i16 {
    let last = &mut last_dc[block.component % MAX_IN_SCAN];
    *last = last.wrapping_add(difference);
    *last as i16
}

/// Stores the coefficient of a symbol, where it has one, and gives the place of the last coefficient that is known now.
#[inline(always)]
fn put_ac(
    sink: &mut impl Sink,
    number: usize,
    block: &McuBlock,
    at: usize,
    (run, size, value): (u32, u32, i32),
) -> usize {
    if size > 0 {
        let at = at + run as usize + 1;
        if !block.dc_only {
            sink.put(number, at.min(63), value as i16);
        }
        at
    } else if run == 15 {
        at + 16
    } else {
        63
    }
}

/// Reads the restart marker that is due. After it there is data again, unless another marker follows at once.
pub(super) fn restart(bits: &mut Bits, stream: &mut Stream<'_, '_>) -> Result<(), Stop> {
    bits.discard(stream.segments);
    let Stream { source, segments, report } = stream;
    segments.read_restart(source, report)?;
    if segments.unread == 0 {
        bits.insufficient = false;
    }
    Ok(())
}

/// How a batch's data is read at the moment.
#[derive(Clone, Copy)]
enum Way {
    /// The segment began at this position, and so many of its MCUs were read.
    Fast { start: Position, mcus: u64 },
    /// As libjpeg reads it, up to the end of the segment.
    Careful,
}

/// Decodes the only scan of a file, several MCUs at once, into groups of blocks that lie side by side.
pub(super) struct Batches {
    scan: Sequential,
    /// There until this is dropped.
    workspace: Option<Workspace>,
    way: Way,
    /// The look-ups of the blocks of a batch, in the order of decoding.
    plan: Box<[Place; PLAN]>,
    level: Level,
}

/// Puts an MCU's coefficients among those of the others of a batch.
struct InRoom<'c> {
    /// Number of the MCU's first block in the batch.
    first: usize,
    room: &'c mut Room,
}

impl Sink for InRoom<'_> {
    #[inline(always)]
    fn put(&mut self, block: usize, place: usize, value: i16) {
        self.room.put(self.first + block, place, value);
    }
}

/// Drops coefficients.
struct Nowhere;

impl Sink for Nowhere {
    fn put(&mut self, _: usize, _: usize, _: i16) {}
}

impl Batches {
    /// `count`: blocks of a batch.
    pub(super) fn new(scan: Sequential, count: usize, level: Level, stream: &mut Stream<'_, '_>) -> Result<Self, Stop> {
        let make = || {
            let mut workspace = Workspace::take()?;
            let tables = &mut workspace.tables;
            if count >= PLAN || !count.is_multiple_of(scan.blocks.len()) {
                return None;
            }
            let mut offsets = Vec::new();
            for block in &scan.blocks {
                offsets.push((tables.add(Some(&block.dc), &block.ac)?, tables.add(None, &block.ac)?));
            }
            let mut plan = Box::new([Place::default(); PLAN]);
            for (number, place) in plan.iter_mut().enumerate().take(count) {
                let (dc, ac) = offsets[number % offsets.len()];
                *place = Place { dc, ac, next: offsets[(number + 1) % offsets.len()].0 };
            }
            Some((workspace, plan))
        };
        let Some((workspace, plan)) = make() else {
            return Err(stream.report.stop("Sampling factors too large for interleaved scan"));
        };
        let way = Way::Fast { start: stream.source.position(), mcus: 0 };
        Ok(Self { scan, workspace: Some(workspace), way, plan, level })
    }

    /// The coefficients of the MCUs that were decoded last, which have to be 0 before the next ones are.
    pub(super) fn coefficients(&mut self) -> Option<&mut Room> {
        self.workspace.as_mut().map(|workspace| &mut *workspace.room)
    }

    /// Decodes MCUs, one batch at most.
    pub(super) fn decode(&mut self, mcus: u32, stream: &mut Stream<'_, '_>) -> Result<(), Stop> {
        let mut done = 0;
        while done < mcus {
            self.restart_if_due(stream)?;
            let count = match self.scan.restart_interval {
                0 => mcus - done,
                _ => (mcus - done).min(self.scan.restarts_to_go),
            };
            self.decode_segment(done, count, stream)?;
            self.scan.count(count);
            done += count;
        }
        Ok(())
    }

    fn restart_if_due(&mut self, stream: &mut Stream<'_, '_>) -> Result<(), Stop> {
        if self.scan.restart_interval == 0 || self.scan.restarts_to_go > 0 {
            return Ok(());
        }
        if let (Way::Fast { start, mcus }, Some(workspace)) = (self.way, &mut self.workspace) {
            if workspace.fast.finish(stream)? == Outcome::Done {
                stream.segments.count_restart();
                self.scan.last_dc = [0; MAX_IN_SCAN];
                self.scan.restarts_to_go = self.scan.restart_interval;
                self.begin(stream);
                return Ok(());
            }
            self.catch_up(start, mcus, stream)?;
        }
        self.scan.restart_if_due(stream)?;
        // Bytes that were dropped are reported at the next marker that is searched for, which only careful reading does.
        if stream.segments.unread == 0 && stream.segments.discarded == 0 {
            self.begin(stream);
        }
        Ok(())
    }

    /// Begins a segment where the source is.
    fn begin(&mut self, stream: &Stream<'_, '_>) {
        if let Some(workspace) = &mut self.workspace {
            workspace.fast.begin();
        }
        self.way = Way::Fast { start: stream.source.position(), mcus: 0 };
    }

    /// Reads a segment anew as libjpeg reads it, up to where it was read to, which is known to be healthy, and goes on in
    /// this way.
    fn catch_up(&mut self, start: Position, mcus: u64, stream: &mut Stream<'_, '_>) -> Result<(), Stop> {
        stream.source.seek(start, stream.report)?;
        self.scan.bits = Bits::default();
        self.scan.last_dc = [0; MAX_IN_SCAN];
        for _ in 0..mcus {
            self.scan.blocks_of_mcu(stream, &mut Nowhere)?;
        }
        self.way = Way::Careful;
        Ok(())
    }

    fn decode_segment(&mut self, done: u32, count: u32, stream: &mut Stream<'_, '_>) -> Result<(), Stop> {
        let per_mcu = self.scan.blocks.len();
        let range = (done as usize * per_mcu, (done + count) as usize * per_mcu);
        if let (Way::Fast { start, mcus }, Some(workspace)) = (self.way, &mut self.workspace) {
            let Workspace { tables, fast, room } = workspace;
            if fast.decode(self.level, stream, tables, &self.plan, range, room)? == Outcome::Done {
                self.way = Way::Fast { start, mcus: mcus + u64::from(count) };
                add_up(&mut self.scan, range.0..range.1, room);
                return Ok(());
            }
            room.clear(self.level, range.0..range.1);
            self.catch_up(start, mcus, stream)?;
        }
        let Some(workspace) = &mut self.workspace else { return Err(Stop) };
        for first in (range.0..range.1).step_by(per_mcu) {
            if self.scan.bits.insufficient {
                break;
            }
            let mut sink = InRoom { first, room: &mut workspace.room };
            self.scan.blocks_of_mcu(stream, &mut sink)?;
        }
        Ok(())
    }
}

impl Drop for Batches {
    fn drop(&mut self) {
        self.workspace.take().into_iter().for_each(Workspace::give_back);
    }
}

/// Makes first coefficients of differences.
fn add_up(scan: &mut Sequential, blocks: Range<usize>, room: &mut Room) {
    for (number, block) in blocks.zip(scan.blocks.iter().cycle()) {
        let last = &mut scan.last_dc[block.component % MAX_IN_SCAN];
        let first = room.first(number);
        *last = last.wrapping_add((*first).into());
        *first = *last as i16;
    }
}
